"""Rows with sensible defaults: say only what the test is about. Each call makes somebody or something new."""

import itertools
from datetime import datetime, timedelta
from typing import Any

from models import (
    CareersSession,
    Employer,
    Hours,
    Meeting,
    Mentor,
    MentorBase,
    Mentorship,
    PersonalLink,
    Present,
    Referral,
    ReferrerKind,
    Returner,
    ReturnerState,
    Review,
    ReviewOutcome,
    Role,
    RoleHeld,
    School,
    Segment,
    SupportKind,
    SupportMeeting,
    User,
    Venue,
)
from signpost import clock
from signpost.accounts import passwords
from signpost.careers import actions as careers
from signpost.fields import new_public_id
from signpost.meetings import booking, polls
from signpost.mentoring import dates, offers, returners
from signpost.progression import preparing, reviews, support_meetings
from signpost.referrals import actions

PASSWORD = "three plain words"

_count = itertools.count(1)


def a_user(*roles: Role, name: str = "", email: str = "", password: str = "", **columns: Any) -> User:
    """Somebody with these roles. Without a password nobody can sign in as them by the form."""
    n = next(_count)
    user = User.create(
        name=name or f"Person {n}",
        email=email or f"person{n}@signpost.example",
        password_hash=passwords.hashed(password) if password else "",
        **({"created_at": clock.now()} | columns),
    )
    for role in roles:
        give(user, role)
    return user


def give(user: User, role: Role, **over: Any) -> RoleHeld:
    """Give somebody a role, over a school, over an employer, or as a kind of referrer."""
    return RoleHeld.create(user=user, role=role, **over)


def a_referrer(
    kind: ReferrerKind = ReferrerKind.EDUCATIONAL_SUPERVISOR, employer: Employer | None = None, **columns: Any
) -> User:
    user = a_user(**columns)
    give(user, Role.REFERRER, referrer_kind=kind, employer=employer)
    return user


def a_head(school: School | None = None, **columns: Any) -> User:
    user = a_user(**columns)
    give(user, Role.HEAD_OF_SCHOOL, school=school or a_school())
    return user


def a_school(name: str = "") -> School:
    return School.create(name=name or f"School {next(_count)}")


def an_employer(name: str = "", **columns: Any) -> Employer:
    return Employer.create(name=name or f"Trust {next(_count)}", **columns)


def a_venue(name: str = "") -> Venue:
    return Venue.create(name=name or f"Place {next(_count)}")


def hours(counsellor: User, *, weekday: int, begins: str, ends: str, minutes: int = 60, **columns: Any) -> Hours:
    """A stretch of the week in which a counsellor can be booked; in person where a venue is given."""
    usual = {"mode": "face_to_face" if columns.get("venue") else "telephone", "gap_minutes": 0}
    return Hours.create(
        counsellor=counsellor, weekday=weekday, begins=begins, ends=ends, minutes=minutes, **(usual | columns)
    )


def a_referral(by: User | None = None, kind: ReferrerKind | None = None, **written: Any) -> Referral:
    """A referral as the form makes it, with its event and its letters. Needs somebody who gets it: one adviser."""
    n = next(_count)
    by = by or a_referrer()
    if kind is None:
        kind = ReferrerKind(RoleHeld.get(RoleHeld.user == by, RoleHeld.role == Role.REFERRER).referrer_kind)
    usual: dict[str, Any] = {
        "trainee_name": f"Trainee {n}",
        "trainee_email": f"trainee{n}@signpost.example",
        "school": None,
        "employer": None,
        "request": "Would like to talk about choosing a specialty.",
        "wider_concerns": False,
    }
    asked = actions.Request(**(usual | {"employer": written.get("employer") or an_employer()} | written))
    return actions.refer(asked, by, kind, new_public_id())


def a_case(counsellor: User, adviser: User, **written: Any) -> Referral:
    """A referral that its counsellor has held for longer than the undo minute."""
    referral = a_referral(**written)
    with clock.at(clock.now() - timedelta(minutes=5)):
        actions.assign(referral, counsellor, adviser, referral.version)
    return Referral.get_by_id(referral.id)


def a_meeting(case: Referral, begins: datetime | None = None, **columns: Any) -> Meeting:
    """A booked meeting of a case, which begins now where nothing else is said."""
    begins = begins or clock.now()
    n = next(_count)
    usual: dict[str, Any] = {
        "organiser": case.assigned_to,
        "uid": f"meeting-{n}@signpost.example",
        "begins_at": begins,
        "ends_at": begins + timedelta(minutes=40),
        "mode": "telephone",
        "state": "booked",
    }
    return Meeting.create(referral=case, **(usual | columns))


def a_session(case: Referral, counsellor: User, begins: datetime | None = None) -> CareersSession:
    """A session that its counsellor has just opened."""
    return careers.begin(a_meeting(case, begins), counsellor)


def a_held_session(case: Referral, counsellor: User) -> CareersSession:
    """A session that was held, in which confidentiality was explained."""
    session = a_session(case, counsellor)
    careers.explain(session, counsellor)
    careers.finish(session, counsellor)
    return CareersSession.get_by_id(session.id)


def sessions_held(case: Referral, count: int) -> Referral:
    """So many sessions were held, as the counsellor says after each. Gives the case as it stands then."""
    for _ in range(count):
        case = Referral.get_by_id(case.id)
        meeting = a_meeting(case, clock.now() - timedelta(hours=2))
        booking.held(meeting, case.assigned_to)
    return Referral.get_by_id(case.id)


def a_returner(team: User, *, weeks_to_return: int = 20, **written: Any) -> Returner:
    """Somebody who was away for half a year and comes back so many weeks from now: offered a mentor once it is near."""
    n = next(_count)
    returns_on = clock.today() + timedelta(weeks=weeks_to_return)
    usual: dict[str, Any] = {
        "name": f"Returner {n}",
        "email": f"returner{n}@signpost.example",
        "absent_from": returns_on - timedelta(days=190),
        "returns_on": returns_on,
    }
    return returners.enter(returners.Details(**(usual | written)), by=team)


def who_waits(team: User, **written: Any) -> Returner:
    """Somebody who was offered a mentor, and said yes."""
    made = a_returner(team, **({"weeks_to_return": 4} | written))
    offers.accept(made, by=_link_of(made))
    return made


def _link_of(returner: Returner) -> PersonalLink:
    return PersonalLink.select().where(PersonalLink.returner == returner).order_by(PersonalLink.id.desc()).get()


def a_mentor(user: User | None = None, *, districts: tuple[str, ...] = (), **columns: Any) -> Mentor:
    """A mentor who was trained, and takes two."""
    made = Mentor.create(user=user or a_user(Role.MENTOR), **({"trained_on": clock.today()} | columns))
    for district in districts:
        MentorBase.create(mentor=made, district=district)
    return made


def a_mentorship(
    team: User, mentor: Mentor | None = None, returner: Returner | None = None, **columns: Any
) -> Mentorship:
    """A pair that was just introduced, as rows: nobody is told."""
    mentor, returner = mentor or a_mentor(), returner or who_waits(team)
    taken = {row.mentor_seat for row in Mentorship.select().where(Mentorship.mentor == mentor)}
    Returner.update(state=ReturnerState.MATCHED).where(Returner.id == returner.id).execute()
    usual: dict[str, Any] = {
        "mentor_seat": next(seat for seat in itertools.count(1) if seat not in taken),
        "returner_seat": 1,
        "introduced_at": clock.now(),
        "introduced_by": team,
        "ends_on": dates.ends_on(returner.returns_on),
    }
    return Mentorship.create(returner=Returner.get_by_id(returner.id), mentor=mentor, **(usual | columns))


def a_review(by: User, trainee: Any = None, officer: Any = None, **columns: Any) -> Review:
    """A review of progression with outcome 3. `trainee`, `officer`, `university`: whoever has a name and an address."""
    n = next(_count)
    trainee = trainee or reviews.Named(f"Scientist {n}", f"scientist{n}@mail.example")
    officer = officer or reviews.Named(f"Officer {n}", f"officer{n}@trust.example")
    university = columns.pop("university", None)
    details = reviews.Details(
        _named(trainee), "Genomic science", columns.pop("employer", None), columns.pop("director", None)
    )
    usual: dict[str, Any] = {"outcome": ReviewOutcome.THREE, "outcome_on": clock.today(), "issues": [], "by": by}
    return reviews.record_review(
        details, officer=_named(officer), university=_named(university) if university else None, **(usual | columns)
    )


def a_support_meeting(
    review: Review,
    chair: User,
    by: User,
    begins: datetime | None = None,
    minute_taker: User | None = None,
    **columns: Any,
) -> SupportMeeting:
    """A support meeting with its checklist: full where somebody takes the minutes, and with a date where one is given."""
    usual: dict[str, Any] = {"kind": SupportKind.TRIAGE, "minutes": 45, "required_at": clock.now()}
    if minute_taker is not None:
        usual |= {"kind": SupportKind.FULL, "minutes": 120, "minute_taker": minute_taker}
    support = SupportMeeting.create(review=review, chair=chair, required_by=by, **(usual | columns))
    if minute_taker is not None:
        for position, present in enumerate((Present.TOGETHER, Present.TRAINEE_ALONE, Present.OFFICER_ALONE), 1):
            Segment.create(support_meeting=support, position=position, present=present, minutes=40)
    preparing.lay_out(support)
    if begins is not None:
        _fix_date(support, by, begins)
    return SupportMeeting.get_by_id(support.id)


def _fix_date(support: SupportMeeting, by: User, begins: datetime) -> None:
    """As if everybody had answered."""
    asked_at = min(clock.now(), begins - timedelta(days=40))
    with clock.at(asked_at):
        poll = polls.ask(
            by, "Support meeting", support.minutes, [begins], support_meetings.needed(support, by), clock.today(),
            shows_others=False,
        )  # fmt: skip
        polls.fix(poll, poll.times.get(), by, poll.version)
    SupportMeeting.update(poll=poll).where(SupportMeeting.id == support.id).execute()


def _named(person: Any) -> reviews.Named:
    return reviews.Named(person.name, person.email)
