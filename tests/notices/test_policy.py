"""Who is told of what: every event × wider concerns × recipient × permission, written out, and compared with what is queued.

The expected table is the rules' own (the table of emails in A). The other side of the comparison is real: each act is
done by its action, and the rows that it queued are read back.
"""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from models import (
    Agreed,
    Ending,
    Event,
    Notice,
    NoticeRecipient,
    Party,
    PersonalLink,
    Referral,
    Release,
    ReleaseChoice,
    Role,
    School,
    Setting,
    User,
)
from signpost import clock
from signpost.completion import actions as completion
from signpost.completion import falling_due
from signpost.config import ROOT
from signpost.notices import actions as messages
from signpost.notices import outbox
from signpost.notices.ledger import KIND_WORDS
from signpost.notices.permissions import PERMISSIONS
from signpost.notices.policy import EVENTS
from signpost.referrals import actions
from tests.factories import a_referral, a_user, an_employer, sessions_held

# event | wider concerns | message | who, in which header | the permission
TABLE = """
referral.sent       | no  | referral                 | to adviser, to second adviser | A7-adviser
referral.sent       | no  | referral                 | cc trainee                    | A7-trainee
referral.sent       | no  | personal_link            | to trainee                    | A7-link
referral.sent       | no  | referral_receipt         | to referrer                   | A7-referrer
referral.sent       | yes | referral                 | to adviser, to second adviser | A7-adviser
referral.sent       | yes | referral                 | cc trainee                    | A7-trainee
referral.sent       | yes | referral                 | cc head                       | A8-head
referral.sent       | yes | personal_link            | to trainee                    | A7-link
referral.sent       | yes | referral_receipt         | to referrer                   | A7-referrer

concerns.added      | no  | concerns_added           | to head                       | A8-head
concerns.added      | no  | concerns_added           | cc trainee                    | A8-trainee

link.sent_again     | any | personal_link            | to trainee                    | A7-link
referral.accepted   | any | -
address.corrected   | any | -
notice.sent_again   | any | -

referral.declined   | any | declined_adviser         | to adviser                    | A-ended-adviser
referral.declined   | any | declined_adviser         | to second adviser             | A-ended-adviser
referral.declined   | any | ended_counsellor         | to counsellor                 | A-ended-counsellor
referral.declined   | any | not_going_ahead_referrer | to referrer                   | A-ended-referrer

referral.withdrawn  | any | withdrawn_adviser        | to adviser                    | A-ended-adviser
referral.withdrawn  | any | withdrawn_adviser        | to second adviser             | A-ended-adviser
referral.withdrawn  | any | ended_counsellor         | to counsellor                 | A-ended-counsellor
referral.withdrawn  | any | withdrawn_trainee        | to trainee                    | A-ended-trainee

referral.closed     | any | closed_adviser           | to second adviser             | A-ended-adviser
referral.closed     | any | ended_counsellor         | to counsellor                 | A-ended-counsellor
referral.closed     | any | not_going_ahead_referrer | to referrer                   | A-ended-referrer
referral.closed     | any | closed_trainee           | to trainee                    | A-ended-trainee
closing.undone      | any | -

referral.stopped    | any | stopped_part_way         | to adviser                    | A-ended-adviser
referral.stopped    | any | stopped_part_way         | to second adviser             | A-ended-adviser
referral.stopped    | any | stopped_part_way         | to counsellor                 | A-ended-counsellor
referral.stopped    | any | stopped_trainee          | to trainee                    | A-ended-trainee

sessions.agreed     | any | -
sessions.completed  | any | please_tell_them         | to trainee                    | A21-trainee
telling.reminded    | any | please_tell_them         | to trainee                    | A21-trainee
completion.told     | any | sessions_complete        | to referrer                   | A21-referrer
completion.told     | any | sessions_complete        | to head                       | A21-head
completion.told     | any | sessions_complete        | to tsg                        | A21-tsg
completion.told_for_trainee | any | sessions_complete | to referrer                  | A21-referrer
completion.told_for_trainee | any | sessions_complete | to head                      | A21-head
completion.told_for_trainee | any | told_for_you      | to trainee                   | A21-trainee
referral.completed  | no  | sessions_ended           | to employer                   | A22-employer
referral.completed  | yes | sessions_ended           | to employer                   | A22-employer
referral.completed  | yes | sessions_ended           | to tsg                        | A22-tsg
ending.announced    | no  | sessions_ended           | to employer                   | A22-employer
ending.announced    | yes | sessions_ended           | to employer                   | A22-employer
ending.announced    | yes | sessions_ended           | to tsg                        | A22-tsg

referral.assigned   | any | assigned_trainee         | to trainee                    | A9-trainee
referral.assigned   | any | assigned_counsellor      | to counsellor                 | A9-counsellor
referral.reassigned | any | reassigned_trainee       | to trainee                    | A9-trainee
referral.reassigned | any | assigned_counsellor      | to second counsellor          | A9-counsellor
referral.reassigned | any | unassigned_counsellor    | to counsellor                 | A9-earlier
assignment.undone   | any | -

release.decided     | yes | released_tsg             | to tsg                        | A4-tsg
release.refused     | yes | -
"""

# What happens to an account, told without a referral: event | message | the permission
ACCOUNTS = """
person.invited      | invitation         | account-holder
person.moved        | address_changed    | account-holder
role.asked          | role_asked         | account-administrators
role.asked          | role_asked_receipt | account-holder
role.decided        | role_decided       | account-administrators
role.decided        | role_decided       | account-holder
password.chosen     | password_chosen    | account-holder
password.help_asked | password_help      | account-holder
"""

SILENT = {
    *("person.signed_in", "person.signed_out", "person.added", "person.changed", "person.disabled", "person.enabled"),
    *("role.given", "role.taken", "sessions.ended", "settings.changed", "work.described"),
    *("school.changed", "employer.changed", "employer.merged", "venue.changed", "backup.restored"),
    *("audit.read", "audit.exported", "audit.verified"),
    *("schedule.changed", "hold.placed", "hold.lifted", "records.disposed"),
    *("statement.published", "contract.drawn_up", "contract.redrawn", "contract.acknowledged", "contract.case_named"),
    "contract.ended",
    "report.published",
}

# These rooms hold the tables of their own events beside their own tests.
ELSEWHERE = (
    "mentorship.",
    "agreement.",
    "duty.",
    "support_contact.",
    "meeting.",
    "poll.",
    "hours.",
    "booking.",
    "feed.",
    "link.needs_person",
    "access.",
    "consent.",
    "information.",
    "breach.",
    "emergency.",
    "record.",
    "task.",
    "session.",
    "discussion.",
    "confidentiality.",
    "file.",
    "complaint.",
    "guidance.",
    "returner",
    "offer.",
    "mentor.",
    "mentoring.",
    "match.",
    "wish.",
    "area.",
    "place.",
    "review.",
    "reviews.",
    "officer.",
    "university.",
    "follow_up.",
    "call.",
    "support_meeting.",
    "support_outcome.",
    "action_plan.",
    "objective.",
    "further_review.",
    "progression_report.",
    "preparation.",
    "plan.overdue",
    "paper.",
    "papers.",
    "gap_analysis.",
    "minutes.",
)


@dataclass(frozen=True)
class Row:
    event: str
    concerns: str
    kind: str
    header: str
    who: str
    permission: str


def lines(table):
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines() if line.strip()]


def expected():
    """The table, with 'any' written out."""
    rows, silent = set(), set()
    for event, concerns, kind, *rest in lines(TABLE):
        for answer in ("no", "yes") if concerns == "any" else (concerns,):
            if kind == "-":
                silent.add((event, answer))
                continue
            people, permission = rest
            for one in people.split(", "):
                header, _, who = one.partition(" ")
                rows.add(Row(event, answer, kind, header, who, permission))
    return rows, silent


class Cast:
    """The people of one referral, each to be recognised by their address."""

    def __init__(self, adviser, counsellor, referrer, head, tsg):
        self.adviser, self.counsellor, self.referrer, self.head, self.tsg = adviser, counsellor, referrer, head, tsg
        self.second_adviser = a_user(Role.SENIOR_ADVISER, name="Zed Second")
        self.second_counsellor = a_user(Role.COUNSELLOR, name="Zed Counsellor")
        self.school = School.get(School.name == "School of Medicine")
        # Nobody of the table, and so never told: holders of every other role, and another school's head.
        for role in Role:
            if role not in (Role.SENIOR_ADVISER, Role.REFERRER, Role.HEAD_OF_SCHOOL, Role.TSG):
                a_user(role)

    def name(self, address):
        known = {
            self.adviser.email: "adviser",
            self.second_adviser.email: "second adviser",
            self.counsellor.email: "counsellor",
            self.second_counsellor.email: "second counsellor",
            self.referrer.email: "referrer",
            self.head.email: "head",
            self.tsg.email: "tsg",
            "trainee@trainees.example": "trainee",
            "contact@trust.example": "employer",
        }
        return known.get(address, f"nobody of the table: {address}")

    def referral(self, concerns):
        return a_referral(
            self.referrer,
            trainee_email="trainee@trainees.example",
            employer=an_employer(contact_name="Erin Employer", contact_email="contact@trust.example"),
            school=self.school,
            wider_concerns=concerns == "yes",
        )

    def complete(self, concerns):
        """Two sessions held; with wider concerns the head released that the team is involved."""
        referral = self.assigned(concerns)
        if concerns == "yes":
            actions.release(referral, ReleaseChoice.FACT, "", by=self.head)
        sessions_held(referral, 2)
        return Referral.get_by_id(referral.id)

    def assigned(self, concerns):
        """With a counsellor for longer than the undo minute."""
        referral = self.referral(concerns)
        with clock.at(clock.now() - timedelta(minutes=5)):
            actions.assign(referral, self.counsellor, self.adviser, referral.version)
        return referral


def link_of(referral):
    return PersonalLink.get(PersonalLink.referral == referral)


def undone_closing(cast, concerns):
    referral = cast.assigned(concerns)
    actions.close(referral, Ending.UNABLE_TO_CONTACT, cast.adviser, referral.version)
    actions.undo_closing(referral, by=cast.adviser)


def undone_assignment(cast, concerns):
    referral = cast.referral(concerns)
    actions.assign(referral, cast.counsellor, cast.adviser, referral.version)
    actions.undo_assignment(referral, by=cast.adviser)


def closed(cast, concerns):
    referral = cast.assigned(concerns)
    actions.close(referral, Ending.UNABLE_TO_CONTACT, cast.adviser, referral.version)


def reassigned(cast, concerns):
    referral = cast.assigned(concerns)
    actions.assign(referral, cast.second_counsellor, cast.adviser, referral.version, "A reason")


def sent_again(cast, concerns):
    referral = cast.referral(concerns)
    notice = Notice.get((Notice.kind == "personal_link") & (Notice.referral == referral))
    outbox.failed(notice, list(notice.recipients), "no_such_address")
    messages.send_again(notice, by=cast.adviser)


def accepted(cast, concerns):
    referral = cast.referral(concerns)
    actions.accept(referral, by=link_of(referral))


def declined(cast, concerns):
    referral = cast.assigned(concerns)
    actions.decline(referral, by=link_of(referral))


def assigned(cast, concerns):
    referral = cast.referral(concerns)
    actions.assign(referral, cast.counsellor, cast.adviser, referral.version)


def corrected(cast, concerns):
    referral = cast.referral(concerns)
    actions.correct_trainee_address(referral, "right@trainees.example", cast.adviser, referral.version)


def stopped(cast, concerns):
    referral = cast.assigned(concerns)
    sessions_held(referral, 1)
    referral = Referral.get_by_id(referral.id)
    actions.stop(referral, by=link_of(referral))


def agreed(cast, concerns):
    referral = cast.assigned(concerns)
    completion.agree_sessions(referral, 3, clock.today(), cast.counsellor, referral.version)


def reminded(cast, concerns):
    cast.complete(concerns)
    falling_due.remind(clock.now() + timedelta(days=15))


def told_for(cast, concerns):
    reminded(cast, concerns)
    parties = {Party.REFERRER, Party.HEAD}
    completion.tell_for_trainee(Referral.get(), parties, clock.today(), Agreed.BY_EMAIL, cast.counsellor)


def told(cast, concerns):
    referral = cast.complete(concerns)
    completion.tell(referral, {Party.REFERRER, Party.HEAD, Party.TSG}, by=link_of(referral))


def completed(cast, concerns):
    referral = cast.complete(concerns)
    completion.finish(referral, cast.counsellor, referral.version)


def announced(cast, concerns):
    stopped(cast, concerns)
    if concerns == "yes":
        Release.create(
            referral=Referral.get(), choice=ReleaseChoice.FACT, trainee_name="T", school_name="S",
            decided_by=cast.head, decided_at=clock.now(),
        )  # fmt: skip
    completion.announce(Referral.get(), cast.adviser)


ACTS = {
    "referral.stopped": stopped,
    "sessions.agreed": agreed,
    "sessions.completed": lambda cast, concerns: cast.complete(concerns),
    "telling.reminded": reminded,
    "completion.told": told,
    "completion.told_for_trainee": told_for,
    "referral.completed": completed,
    "ending.announced": announced,
    "referral.sent": lambda cast, concerns: cast.referral(concerns),
    "concerns.added": lambda cast, concerns: actions.add_concerns(cast.referral("no"), None, by=cast.referrer),
    "link.sent_again": lambda cast, concerns: actions.send_link_again(cast.referral(concerns), by=cast.adviser),
    "referral.accepted": accepted,
    "address.corrected": corrected,
    "notice.sent_again": sent_again,
    "referral.declined": declined,
    "referral.withdrawn": lambda cast, concerns: actions.withdraw(cast.assigned(concerns), by=cast.referrer),
    "referral.closed": closed,
    "closing.undone": undone_closing,
    "referral.assigned": assigned,
    "referral.reassigned": reassigned,
    "assignment.undone": undone_assignment,
    "release.decided": lambda cast, concerns: actions.release(
        cast.referral(concerns), ReleaseChoice.FACT, "", by=cast.head
    ),
    "release.refused": lambda cast, concerns: actions.release(
        cast.referral(concerns), ReleaseChoice.NOTHING, "", by=cast.head
    ),
}


@pytest.fixture
def cast(adviser, counsellor, referrer, head, tsg):
    return Cast(adviser, counsellor, referrer, head, tsg)


def queued(event_name, concerns, cast):
    """What the newest event of this name told whom, read from the rows."""
    event = Event.select().where(Event.name == event_name).order_by(Event.id.desc()).get()
    rows = (
        NoticeRecipient.select(NoticeRecipient, Notice)
        .join(Notice)
        .where((Notice.event == event) & Notice.copy_of.is_null())
    )
    return {
        Row(event_name, concerns, one.notice.kind, one.header, cast.name(one.address), one.permission) for one in rows
    }


ROWS, SILENCES = expected()


@pytest.mark.parametrize(("event", "concerns"), sorted({(row.event, row.concerns) for row in ROWS} | SILENCES))
def test_exactly_those_of_the_table_are_told_and_by_these_permissions(cast, event, concerns):
    ACTS[event](cast, concerns)

    assert queued(event, concerns, cast) == {row for row in ROWS if (row.event, row.concerns) == (event, concerns)}


def test_every_event_stands_in_a_table():
    """An event that nobody thought through cannot be added: neither told nor silent."""
    told_of_accounts = {event for event, _, _ in lines(ACCOUNTS)}
    stands = {row.event for row in ROWS} | {event for event, _ in SILENCES} | told_of_accounts | SILENT

    assert {event for event in EVENTS if not event.startswith(ELSEWHERE)} == stands
    assert set(ACTS) == {row.event for row in ROWS} | {event for event, _ in SILENCES}


def test_what_happens_to_accounts_is_told_as_its_table_says():
    found = {
        (event, told.kind, told.to.permission)
        for event in {event for event, _, _ in lines(ACCOUNTS)}
        for told in EVENTS[event].told
    }

    assert found == {tuple(line) for line in lines(ACCOUNTS)}
    assert not [event for event in SILENT if EVENTS[event].told]


def test_only_the_referral_its_concerns_and_the_introduction_have_more_than_one_person_in_their_headers():
    together = {told.kind for happening in EVENTS.values() for told in happening.told if told.together}

    assert together == {"referral", "concerns_added", "introduction"}
    assert not [told for happening in EVENTS.values() for told in happening.told if told.cc and not told.together]


def test_only_what_can_be_undone_waits_for_the_undo_minute():
    waiting = {event for event, happening in EVENTS.items() for told in happening.told if told.waits_for_undo}
    wholly = {event for event in waiting if all(told.waits_for_undo for told in EVENTS[event].told)}

    assert waiting == wholly == {"referral.assigned", "referral.reassigned", "referral.closed"} == set(actions.UNDO)


def test_every_message_has_its_words_its_name_in_the_ledger_and_a_known_permission():
    every = [told for happening in EVENTS.values() for told in happening.told]

    assert {told.kind for told in every} == {path.stem for path in (ROOT / "templates" / "emails").glob("[a-z]*.txt")}
    of_referrals = {row.kind for row in ROWS}
    assert of_referrals <= set(KIND_WORDS)
    assert {group.permission for told in every for group in (told.to, *told.cc)} == set(PERMISSIONS)


# Variations of the table


def test_with_a_mailbox_the_team_is_told_there_and_nobody_of_it_twice(cast):
    Setting.create(name="adviser_mailbox", value="careers@team.example")
    Setting.create(name="tsg_mailbox", value="tsg@team.example")
    referral = cast.referral("yes")
    actions.release(referral, ReleaseChoice.FACT, "", by=cast.head)

    addresses = {
        one.address for one in NoticeRecipient.select().where(NoticeRecipient.permission.in_(("A7-adviser", "A4-tsg")))
    }
    assert addresses == {"careers@team.example", "tsg@team.example"}


def test_courtesy_messages_are_left_out_where_the_organisation_does_not_want_them(cast):
    Setting.create(name="courtesy_notices", value="0")
    cast.referral("no")

    assert [notice.kind for notice in Notice.select().order_by(Notice.id)] == ["referral", "personal_link"]


def test_both_heads_of_a_school_are_informed(cast):
    second = a_user(name="Second Head")
    second.roles_held.model.create(user=second, role=Role.HEAD_OF_SCHOOL, school=cast.school)
    cast.referral("yes")

    heads = NoticeRecipient.select().where(NoticeRecipient.permission == "A8-head")
    assert {one.address for one in heads} == {cast.head.email, second.email}


@pytest.mark.parametrize("who", ["head", "referrer"])
def test_nobody_stands_twice_in_one_message(cast, who):
    """A head, or a referrer, who is a senior adviser too is named once."""
    somebody = getattr(cast, who)
    somebody.roles_held.model.create(user=somebody, role=Role.SENIOR_ADVISER)
    cast.referral("yes")

    notice = Notice.get(Notice.kind == "referral")
    addresses = [one.address for one in notice.recipients]
    assert len(addresses) == len(set(addresses))
    assert addresses.count(somebody.email) == 1


@pytest.mark.parametrize("role", [Role.SENIOR_ADVISER, Role.TSG, Role.HEAD_OF_SCHOOL])
def test_a_trainee_who_is_of_the_team_is_told_as_the_trainee_alone(cast, role):
    colleague = a_user(email="trainee@trainees.example")
    over = {"school": cast.school} if role == Role.HEAD_OF_SCHOOL else {}
    colleague.roles_held.model.create(user=colleague, role=role, **over)
    referral = cast.referral("yes")
    actions.release(referral, ReleaseChoice.WORDS, "Words between head and TSG.", by=cast.head)
    actions.withdraw(referral, by=cast.referrer)

    permissions = {one.permission for one in NoticeRecipient.select().where(NoticeRecipient.address == colleague.email)}
    assert permissions == {"A7-trainee", "A7-link", "A-ended-trainee"}


def test_a_trainee_whose_account_has_a_new_address_is_still_the_trainee(cast):
    colleague = a_user(Role.TSG, email="trainee@trainees.example")
    referral = cast.referral("yes")
    User.update(email="moved@signpost.example").where(User.id == colleague.id).execute()
    actions.release(Referral.get_by_id(referral.id), ReleaseChoice.FACT, "", by=cast.head)

    assert {one.address for one in Notice.get(Notice.kind == "released_tsg").recipients} == {cast.tsg.email}


def test_a_referrer_is_not_written_to_once_support_has_begun(cast):
    """That it ended is the trainee's to tell (A21)."""
    referral = cast.assigned("no")
    Referral.update(**referral.stand_at("in_progress")).where(Referral.id == referral.id).execute()
    begun = Referral.get_by_id(referral.id)
    actions.close(begun, Ending.WITHDREW_PART_WAY, cast.adviser, begun.version)

    event = Event.get(Event.name == "referral.closed")
    assert "not_going_ahead_referrer" not in [notice.kind for notice in event.notices]


def test_a_disabled_account_is_not_written_to(cast):
    referral = cast.assigned("no")
    for user in (cast.referrer, cast.counsellor, cast.second_adviser):
        User.update(disabled_at=clock.now()).where(User.id == user.id).execute()
    actions.decline(Referral.get_by_id(referral.id), by=link_of(referral))

    event = Event.get(Event.name == "referral.declined")
    assert {one.address for notice in event.notices for one in notice.recipients} == {cast.adviser.email}
