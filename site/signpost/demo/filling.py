"""Filling an empty database: people and places, then every act at its moment, then what waits for people today."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from models import ComplaintState, Employer, GuidanceComment, Referral, ReferrerKind, School, User, Venue, db
from signpost import clock, settings
from signpost.accounts import passwords, work
from signpost.accounts import queries as accounts
from signpost.complaints import actions as complaints
from signpost.demo import after, meetings, mentoring, people, progression, reports
from signpost.demo.crowd import Crowd, public_id
from signpost.demo.past import minutes_ago, on
from signpost.demo.stories import Act, Cast, Story, stories
from signpost.errors import RuleBroken
from signpost.guidance import actions as guidance
from signpost.guidance import queries as guidance_pages
from signpost.notices import outbox
from signpost.notices.delivery import NO_SUCH_ADDRESS
from signpost.referrals import actions, drafts
from signpost.retention import actions as retention
from signpost.retention import schedule

MISTYPED = "hannah.featherstonehaugh@trainnees.example"
STILL_QUEUED = timedelta(hours=1)


@dataclass(frozen=True)
class Filled:
    """How much was put in."""

    people: int
    referrals: int


def fill(referrals: int | None = None) -> Filled:
    """Fill an empty database, and with so many more referrals where asked. Raises RuleBroken where it is not empty."""
    refuse_what_is_not_empty()
    random = Random(7)  # noqa: S311  the same people and dates every time
    with db.atomic():
        people.enter_places()
        password_hash = passwords.hashed(people.PASSWORD)
        cast = {person.key: people.enter(person, password_hash) for person in people.PEOPLE}
        cast |= {person.key: people.enter(person) for person in people.COLLEAGUES}
        crowd = Crowd(random, referrals) if referrals else None
        meetings.offer_hours(cast)
        told = stories()
        tell(told, cast, random, crowd)
        after.last_month_some_answered()
        describe_work(cast)
        begin_a_referral(cast["referrer"])
        progression.fill(cast, hand_over)
        reports.publish(random)
        complain(cast)
        mentoring.fill(cast, hand_over)
        comment_on_guidance(cast)
        keep_records(cast)
    return Filled(people=len(cast), referrals=len(told) + (referrals or 0))


def refuse_what_is_not_empty() -> None:
    somebody = User.select().where(User.email != accounts.SYSTEM_EMAIL).exists()
    if somebody or any(table.select().exists() for table in (School, Employer, Venue, Referral)):
        raise RuleBroken(
            "The database is not empty, and the demonstration only fills an empty one, so nothing was changed. "
            "Name another database in DATABASE_URL."
        )


def tell(told: list[Story], cast: Cast, random: Random, crowd: Crowd | None) -> None:
    """Do every act at its moment, the earliest first, and hand over the messages of those that are over an hour old."""
    handed_over_before = clock.now() - STILL_QUEUED
    acts: list[tuple[datetime, int, Act | None]] = []
    for number, story in enumerate(told):
        acts += [(story.sent_at, number, None), *((moment, number, act) for moment, act in story.then)]
    rows: dict[int, Referral] = {}
    for moment, number, act in sorted(acts, key=lambda each: each[0]):
        if crowd:
            crowd.arrive_by(moment)
        with clock.at(moment):
            if act:
                act(cast, Referral.get_by_id(rows[number].id))
            else:
                rows[number] = send(told[number], cast, public_id(random))
        if moment < handed_over_before:
            with clock.at(moment + settings.current().undo + timedelta(seconds=5)):
                hand_over()


def send(story: Story, cast: Cast, reference: str) -> Referral:
    referrer = cast[story.by]
    asked = actions.Request(
        trainee_name=story.trainee,
        trainee_email=story.email,
        school=School.get(School.name == story.school) if story.school else None,
        employer=Employer.get(Employer.name == story.employer),
        request=story.request,
        wider_concerns=story.concerns,
    )
    return actions.refer(asked, referrer, ReferrerKind(accounts.referrer_roles(referrer)[0].referrer_kind), reference)


def hand_over() -> None:
    """Stamp what is due as a mail server would have answered: taken, but for the address that was mistyped."""
    while batch := outbox.claim("demonstration"):
        for notice in batch:
            waiting = outbox.about_to_send(notice, "demonstration")
            outbox.sent(notice, [row for row in waiting if row.address != MISTYPED])
            outbox.failed(notice, [row for row in waiting if row.address == MISTYPED], NO_SUCH_ADDRESS)


def describe_work(cast: Cast) -> None:
    """Where the counsellors see trainees, when they are away, and whom they should not see."""
    at = {venue.name: venue for venue in Venue.select()}
    work.see_trainees_at(cast["counsellor"], [at["HEKSS"], at["Guy’s Hospital"]])
    work.see_trainees_at(cast["counsellor2"], [at["Brighton"]])
    work.see_trainees_at(cast["g.achebe"], [at["Guy’s Hospital"], at["St George’s Hospital Tooting"]])
    work.see_trainees_at(cast["i.prichard"], [at["HEKSS"], at["Brighton"]])
    today = clock.today()
    work.be_away(cast["i.prichard"], today - timedelta(days=2), today + timedelta(days=5))
    work.be_away(cast["counsellor"], today + timedelta(days=24), today + timedelta(days=33))
    work.declare_conflict(cast["counsellor2"], employer=Employer.get(Employer.name == people.SEABOARD))
    work.declare_conflict(cast["counsellor"], trainee_email="grace.obuobi@trainees.example")


# Months, invented as everything here.
KEPT_FOR = {
    "draft": 6, "message": 24, "careers_record": 96, "consent": 96, "breach": 96, "case": 96, "complaint": 72, "bundle": 3,
    "access": 36, "mentorship": 72, "returner": 72, "review": 96, "poll": 24, "import": 3, "comment": 24, "answer": 60,
    "account": 36,
}  # fmt: skip


def keep_records(cast: Cast) -> None:
    """The schedule that governance entered some weeks ago, and one case that is held."""
    with clock.at(clock.now() - timedelta(days=40)):
        schedule.change(KEPT_FOR, schedule.version(), cast["governance"])
    closed = Referral.select().where(Referral.closed_at.is_null(False)).order_by(Referral.id).first()
    if closed is not None:
        retention.hold(
            closed, "The trainee’s solicitor wrote. Keep everything until they have our answer.", cast["governance"]
        )


def complain(cast: Cast) -> None:
    """Somebody was not content; it was acknowledged, is looked into, and one colleague was asked."""
    handler = cast["complaints"]
    with clock.at(on(9, "15:10")):
        made = complaints.complain(
            "I was asked for dates twice and heard nothing for three weeks after I had answered. I would like to know why, "
            "and that it does not happen to others.",
            "How times for meetings are found", [], cast["scientist"],
        )  # fmt: skip
    with clock.at(on(8, "09:40")):
        complaints.move_on(made, ComplaintState.ACKNOWLEDGED, handler, 1)
    with clock.at(on(6, "11:05")):
        complaints.move_on(made, ComplaintState.LOOKED_INTO, handler, 2)
        complaints.note(made, "The dates were kept in two places. Ask the progression team how they chase.", handler)
        words = "Somebody waited three weeks after answering about dates. How do you notice that all have answered?"
        complaints.disclose(made, cast["progression"], "", words, "To find out what went wrong.", handler)
        hand_over()


def comment_on_guidance(cast: Cast) -> None:
    """Readers told the owners of pages what they think; one comment is dealt with."""
    pages = guidance_pages.guide().pages
    for days, who, key, words in (
        (12, "mentor", "mentoring/for-mentors", "The table of whom to ask helped. Could it say how to reach the team?"),
        (5, "mentor2", "mentoring/for-mentors", "Two weeks is long. I would have liked to be asked after one."),
        (
            4,
            "trainee",
            "careers-session/what-to-expect",
            "I did not know that I could stop at any time. Say it sooner.",
        ),
        (2, "referrer", "referrals/how-to-refer", "Please say how long a request should be."),
    ):
        with clock.at(on(days, "16:20")):
            guidance.comment(pages[key], words, cast[who])
    with clock.at(on(1, "09:05")):
        first = guidance_pages.comments_visible_to(cast["rtt"]).order_by(GuidanceComment.came_on).get()
        guidance.deal_with(first, cast["rtt"])
        hand_over()


def begin_a_referral(referrer: User) -> None:
    """Leave a form half filled in."""
    typed = {
        "trainee_name": "Imran Choudhury",
        "trainee_email": "",
        "employer": Employer.get(Employer.name == people.WEALD).public_id,
        "school": School.get(School.name == "Medicine").public_id,
        "request": "Imran would like to talk about",
        "wider_concerns": "",
    }
    with clock.at(minutes_ago(95)):
        drafts.save(referrer, typed)
