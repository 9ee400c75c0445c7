"""G1, the channel of mail: each message carries what its kind may, to those who may read it, and nothing else."""

from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest

from models import (
    Agreed,
    Attendee,
    Ending,
    Meeting,
    Mentor,
    Mentorship,
    Mode,
    Notice,
    NoticeRecipient,
    NoticeState,
    Party,
    Poll,
    PollPerson,
    Returner,
    Role,
    RoleAsked,
    Side,
    SupportMeeting,
    Told,
    User,
    db,
)
from signpost import clock, due
from signpost.accounts import people
from signpost.accounts.queries import system_user
from signpost.completion import actions as completion
from signpost.completion import falling_due
from signpost.events import record
from signpost.meetings import booking, polls
from signpost.mentoring import actions as matching
from signpost.mentoring import agreements, duty, mentorships, offers, waiting
from signpost.mentoring import mentorships_due as due_of_pairs
from signpost.notices.ledger import KIND_WORDS
from signpost.plans import falling_due as tasks
from signpost.progression import papers, preparing, support_meetings
from signpost.referrals import actions
from tests import figures
from tests.matrix import followed, table
from tests.matrix.world import NOW, World
from tests.smtp_server import Received

# The emails that have several people in their headers (A7, A8, D7).
TOGETHER = ("referral", "concerns_added", "introduction")


@pytest.fixture(scope="module")
def after(new_world: Callable[[], World]) -> World:
    """A world in which everything has happened that tells anybody anything."""
    world = new_world()
    builder, by = world.builder, world.people
    actions.withdraw(builder.fresh("unreleased"), by["tpd"])
    actions.add_concerns(builder.fresh("quiet"), None, by["career lead"])
    actions.send_link_again(builder.fresh("left"), by["adviser"])
    mentor = User.get_by_id(by["mentor"].id)
    people.change_person(mentor, mentor.name, "mo.mentor@signpost.example", "", by["administrator"], mentor.version)
    people.ask_for_help("mo.mentor@signpost.example")
    people.answer_help()
    people.change_password(User.get_by_id(mentor.id), "three plain words", "four very plain words", None)
    people.decide(RoleAsked.get(), is_given=True, by=by["second administrator"])
    builder.deliver(0)
    for days in (1, 3):
        due.run(NOW + timedelta(days=days))
    tasks.remind(clock.parse("2027-02-02T09:30"))
    builder.deliver(0)
    about_meetings(world)
    about_the_end(world)
    about_returning(world)
    about_mentoring(world)
    about_preparing(world)
    followed.everything_told(world)
    others = builder.fresh("others")
    actions.close(others, Ending.UNABLE_TO_CONTACT, by["adviser"], others.version)
    builder.deliver(0)
    builder.plant_tokens()
    world.letters = list(world.mailbox.received)
    return world


def about_preparing(world: World) -> None:
    """Two weeks before a support meeting, and once the plan is past its day."""
    progression = world.people["progression"]
    support = SupportMeeting.get(SupportMeeting.public_id == world.ids["support"]["support without a date"])
    poll = support_meetings.ask(
        support, [clock.parse("2026-12-18T14:00")], clock.today() + timedelta(days=5), progression
    )
    polls.fix(poll, poll.times[0], progression, poll.version)
    for paper in papers.readable(progression, support):
        papers.recall(paper, "The wrong one.", progression)
    for at in ("2026-12-04T10:00", "2026-12-14T10:00"):
        preparing.remind(clock.parse(at))
    world.builder.deliver(0)


def about_meetings(world: World) -> None:
    """Everything else that happens to meetings and polls."""
    by = world.people
    tpd, university, progression = by["tpd"], by["university"], by["progression"]
    group = Meeting.get_by_id(world.meetings["of a group"].id)
    booking.reschedule(group, clock.parse("2026-12-15T10:00"), 60, "", progression)
    left = Attendee.get((Attendee.meeting == group) & (Attendee.user == university))
    booking.remove(Meeting.get_by_id(group.id), left, progression)
    booking.cancel(Meeting.get_by_id(world.meetings["booked"].id), by["trainee"])
    booking.confirm(Meeting.get_by_id(world.meetings["kept"].id), by["other trainee"])
    booking.end_of_counsellor(by["other counsellor"], by["administrator"])
    poll = world.polls["open poll"]
    for person in (tpd, university):
        row = PollPerson.get((PollPerson.poll == poll) & (PollPerson.user == person))
        polls.answer(row, {}, "Any Friday.", person)
    polls.call_off(Poll.get_by_id(poll.id), by["chair"], Poll.get_by_id(poll.id).version)
    with db.atomic():
        record("link.needs_person", by=system_user(), meeting=group)


def about_the_end(world: World) -> None:
    """One case is stopped by its trainee; of another everybody hears that it is complete."""
    builder, by = world.builder, world.people
    actions.stop(builder.fresh("mid-life"), by=by["trainee"])
    falling_due.remind(NOW + timedelta(days=15))
    parties = {Party.REFERRER, Party.HEAD}
    counsellor = by["other counsellor"]
    completion.tell_for_trainee(builder.fresh("complete"), parties, clock.today(), Agreed.IN_SESSION, counsellor)
    completion.tell(builder.fresh("complete"), {Party.TSG}, by["other trainee"])
    completion.finish(builder.fresh("complete"), by["adviser"], builder.fresh("complete").version)


def about_returning(world: World) -> None:
    """Everything that somebody is written who returns to training."""
    returner = Returner.get(Returner.public_id == world.ids["return"]["a return"])
    twin = Returner.get(Returner.public_id == world.ids["return_part"]["twin"])
    offers.remind(NOW + timedelta(days=20))
    offers.send_link(twin, world.people["rtt team"])
    waiting.tell(NOW + timedelta(days=20))
    world.builder.deliver(0)
    assert returner.removed_at is None


def about_mentoring(world: World) -> None:
    """Everything that a pair is written about; then it does not work."""
    by = world.people
    pair = Mentorship.get(Mentorship.public_id == world.ids["pair"]["pair"])
    Mentorship.update(agreed_on=None, contact_at=None, introduced_at=NOW - timedelta(days=20)).execute()
    clock.set_to(NOW)
    due_of_pairs.check_contact(NOW)
    agreed = mentorships.FirstMeeting(NOW + timedelta(days=1), 30, Mode.TELEPHONE)
    mentorships.arrange_first_meeting(Mentorship.get_by_id(pair.id), agreed, by["mentee"])
    due_of_pairs.remind_of_agreement(NOW + timedelta(days=20))
    due_of_pairs.remind_of_survey(NOW + timedelta(days=20))
    due_of_pairs.tell_a_month_before(clock.start_of(pair.ends_on) - timedelta(days=20))
    new = Mentorship.get(Mentorship.public_id == world.ids["pair"]["new pair"])
    duty.tell(duty.of(new)[0], Told.MESSAGE, by["mentor"])
    agreements.propose(pair, Side.RETURNER, {"outcomes": "Calm."}, False, by["mentee"])
    world.builder.deliver(0)
    waits = Returner.get(Returner.public_id == world.ids["waiting"]["who waits"])
    with clock.at(NOW + timedelta(hours=2)):  # not right after the last link
        offers.send_link(waits, by["rtt team"])
    world.builder.deliver(-1)
    matching.introduce(waits, Mentor.get(Mentor.user == by["other mentor"]), by["rtt team"])
    world.builder.deliver(0)
    mentorships.not_working(Mentorship.get_by_id(pair.id), Side.RETURNER, by["mentee"])
    world.builder.deliver(0)


def notice_of(letter: Received) -> Notice:
    return Notice.get(Notice.public_id == letter.message["X-Signpost-Notice"])


def everything_in(letter: Received) -> list[str]:
    """Headers, both parts, and the whole as it came over the wire."""
    html = letter.message.get_body(("html",))
    assert html is not None
    headers = [f"{name}: {value}" for name, value in letter.message.items()]
    parts = [str(part.get_content()) for part in letter.message.walk() if part.get_content_maintype() == "text"]
    return [*headers, *parts, letter.text, unescape(html.get_content()), letter.raw.decode("utf-8", "replace")]


def test_every_kind_of_message_was_sent_and_is_in_the_table(after: World) -> None:
    assert {notice_of(letter).kind for letter in after.letters} == set(table.LETTERS)
    assert set(KIND_WORDS) <= set(table.LETTERS), "a kind of message is missing from tests/matrix/table.py"


def test_a_message_carries_what_its_kind_may_and_nothing_else(after: World) -> None:
    leaks = []
    names = {referral.id: name for name, referral in after.referrals.items()}
    for letter in after.letters:
        notice = notice_of(letter)
        whose = [names[notice.referral_id]] if notice.referral_id else [*after.people, "somebody asked"]
        disclosed = [one for records in table.DISCLOSED.values() for one in records]
        about = [
            *whose,
            *table.COMPLAINTS,
            *after.meetings,
            *after.polls,
            *disclosed,
            *table.PAIRS,
            *table.REVIEWS,
            *table.SUPPORTS,
            *table.RETURNING["return"],
            "an import",
            "Weald Hospitals",
        ]
        may = after.words.at((one, what) for one in about for what in table.LETTERS[notice.kind])
        own = {word for address in letter.recipients for word in after.words.find(address)}
        if over := after.words.find(*everything_in(letter)) - may - own:
            leaks.append(f"{notice.kind} to {len(letter.recipients)}: {after.words.say(over)}")
    figures.add("G1 letters", messages=len(after.letters), leaks=len(leaks))
    assert leaks == []


def test_a_message_is_to_one_person_but_for_the_referral(after: World) -> None:
    for letter in after.letters:
        notice = notice_of(letter)
        if notice.kind not in TOGETHER:
            assert len(letter.recipients) == 1, notice.kind
            assert letter.message["Cc"] is None, notice.kind


def test_a_personal_link_stands_in_no_message_that_somebody_else_gets(after: World) -> None:
    tokens = {word for word, places in after.words.places.items() if any(what == "link token" for _, what in places)}
    seen = 0
    for letter in after.letters:
        if found := after.words.find(*everything_in(letter)) & tokens:
            (address,) = letter.recipients
            row = NoticeRecipient.get(NoticeRecipient.notice == notice_of(letter), NoticeRecipient.address == address)
            assert row.permission in (
                "A7-link",
                "A9-trainee",
                "A10-trainee",
                "A21-trainee",
                "B6-trainee",
                "C4-trainee",
                "A20-trainee",
                "C6-trainee",
                "meeting",
                "account-holder",
            )
            account = next((name for name, user in after.people.items() if user.email == address), "")
            assert account in ("", "trainee", "other trainee", "returner", "mentor", "nobody")
            seen += len(found)
    assert seen


# By which rule somebody in each relation may be told (rules.md, the table of emails).
TOLD_AS = {
    "adviser": {"A7-adviser", "A-ended-adviser", "A5-asker", "C6-second"},
    "head": {"A8-head", "A21-head", "A20-head"}, "asked": {"A5-lead"},
    "tsg": {"A4-tsg", "A21-tsg", "A22-tsg"},
    "referrer": {"A7-referrer", "A-ended-referrer", "A21-referrer"},
    "counsellor": {"A9-counsellor", "A-ended-counsellor", "A9-earlier", "C9-counsellor", "C4-staff", "A5-asker", "C6-holder", "meeting"},
    "covering": {"C9-covering"},
    "trainee": {"A7-trainee", "A7-link", "A8-trainee", "A9-trainee", "A-ended-trainee", "A10-trainee", "A21-trainee",
                "B6-trainee", "C4-trainee", "A20-trainee", "C6-trainee", "meeting"},
}  # fmt: skip
# Who was something to a record when they were written to, and is no more.
WAS = {
    "former adviser": {"adviser"}, "disabled adviser": {"adviser"}, "former head": {"head"}, "head": {"head"}, "returner": {"trainee"},
    "former counsellor": {"counsellor"}, "former referrer": {"referrer"}, "earlier counsellor": {"counsellor"},
    "counsellor": {"counsellor"}, "tsg": {"tsg"}, "second administrator": set(),
    "career lead": {"asked"},
}  # fmt: skip


def test_who_gets_a_message_about_a_referral_is_something_to_it(after: World) -> None:
    names = {referral.id: name for name, referral in after.referrals.items()}
    by_address = {user.email: name for name, user in after.people.items()}
    rows = NoticeRecipient.select(NoticeRecipient, Notice).join(Notice).where(Notice.referral.is_null(False))
    told = [row for row in rows if row.state == NoticeState.SENT and row.address in by_address]
    assert len(told) > 50
    for row in told:
        person, record = by_address[row.address], names[row.notice.referral_id]
        stood = after.relations(person, "referral", record) | WAS.get(person, set())
        assert any(row.permission in TOLD_AS[relation] for relation in stood), f"{row.permission} of {record}: {person}"


def test_a_role_that_nobody_gave_gets_no_message(after: World) -> None:
    """Those who are nothing to any record hear of none."""
    outside = [Role.RTT_TEAM, Role.MENTOR, Role.TRAINING_OFFICER, Role.UNIVERSITY, Role.COMPLAINTS, Role.GOVERNANCE]
    for role in outside:
        for name, roles in after.holds.items():
            if roles == (role.value,):
                reached = (
                    NoticeRecipient.select()
                    .join(Notice)
                    .where((NoticeRecipient.address == after.people[name].email) & Notice.referral.is_null(False))
                )
                assert not reached.exists(), name
