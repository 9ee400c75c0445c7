"""`/`: what waits for me, by what I am, with nothing I may not know."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from models import Complaint, ComplaintState, Objective, Referral, ReturnerState, Role, SupportMeeting, User
from signpost import clock, settings
from signpost.access import roles_held, signed_in, signed_in_user
from signpost.accounts import people
from signpost.careers import queries as sessions
from signpost.careers.actions import OPENS_BEFORE
from signpost.complaints import queries as complaints
from signpost.completion import pages as supported
from signpost.completion import queries as completion
from signpost.confidentiality import queries as disclosures
from signpost.formatting import ago, clock_time, day, moment, plural, weekday
from signpost.meetings import polls
from signpost.meetings import queries as meetings
from signpost.mentoring import offers, team
from signpost.mentoring import queries as mentoring
from signpost.notices import queries as notices
from signpost.plans import queries as plans
from signpost.progression import further, minutes, outcomes, papers
from signpost.progression import queries as progression
from signpost.referrals import drafts, inbox, queries

bp = Blueprint("home", __name__)


@dataclass(frozen=True)
class Waiting:
    """One thing that waits for me: what, where, and a word more."""

    text: str
    href: str
    more: str = ""
    is_urgent: bool = False


@bp.get("/")
@signed_in
def show() -> ResponseReturnValue:
    me = signed_in_user()
    roles = roles_held()
    waiting = [item for role, find in FINDERS.items() if role in roles for item in find(me)]
    waiting += _disclosures(me, roles) + _to_decide(me, roles) + _about_me(me) + _returns(me)
    waiting += _meetings(me) + _tasks(me) + _polls(me) + _reviews(me)
    waiting.sort(key=lambda item: not item.is_urgent)
    return render_template("home.html", waiting=waiting, may_refer=Role.REFERRER in roles)


def _disclosures(me: User, roles: frozenset[Role]) -> list[Waiting]:
    """A concern to hear, an emergency to look at, a question to answer, a consent to sign. Nothing of what they say."""
    found = [
        Waiting(
            "A concern for you to read",
            url_for("confidentiality.concern", breach_id=breach.public_id),
            f"From the careers team, {ago(breach.contacted_at)}",
            is_urgent=True,
        )
        for breach in (disclosures.unread_concerns(me) if Role.HEAD_OF_SCHOOL in roles else [])
    ]
    found += [
        Waiting(
            "An emergency disclosure waits for a second person",
            url_for("confidentiality.emergency", emergency_id=emergency.public_id),
            f"{emergency.recorded_by.name} recorded it {ago(emergency.recorded_at)}",
            is_urgent=True,
        )
        for emergency in (disclosures.to_judge(me) if roles & {Role.SENIOR_ADVISER, Role.COUNSELLOR} else [])
    ]
    found += [
        Waiting(
            "A question from the careers team",
            url_for("confidentiality.question", request_id=asked.public_id),
            f"Asked {ago(asked.asked_at)}",
        )
        for asked in (disclosures.waiting_for(me) if Role.REFERRER in roles else [])
    ]
    return found + [
        Waiting(
            "Your consent is asked",
            url_for("confidentiality.consent", consent_id=consent.public_id),
            "Read it and decide. Nothing is given unless you sign",
        )
        for consent in disclosures.to_sign(me)
    ]


def _meetings(me: User) -> list[Waiting]:
    """The next meeting; and those that are over and wait for a word whether they were held, or that need a link."""
    found = []
    if coming := meetings.coming(me):
        first = coming[0]
        when = f"{weekday(first.begins_at)}, {clock_time(first.begins_at)}"
        found.append(Waiting(f"Your next meeting: {when}", url_for("meetings.show", meeting_id=first.public_id)))
    open_still = {session.meeting_id for session in sessions.unfinished_by(me)}
    for meeting in meetings.needing(me):
        if meeting.id in open_still:
            continue
        needs_link = meeting.begins_at > clock.now()
        on = weekday(meeting.begins_at)
        found.append(
            Waiting(
                f"The meeting on {on} needs a Teams link" if needs_link else f"Was the meeting on {on} held?",
                url_for("meetings.show", meeting_id=meeting.public_id),
                is_urgent=needs_link,
            )
        )
    return found


def _tasks(me: User) -> list[Waiting]:
    """What they set themselves to do within a week, or had meant to do before."""
    today = clock.today()
    due = plans.due_by(me, today + timedelta(days=settings.current().task_due_days))
    late = [task for task in due if task.due_on < today]
    if not due:
        return []
    return [
        Waiting(
            f"{plural(len(due), 'task')} you set yourself",
            url_for("plans.index"),
            f"{len(late)} past the date you set. You can choose another" if late else f"Due {ago(due[0].due_on)}",
        )
    ]


def _polls(me: User) -> list[Waiting]:
    return [
        Waiting(
            f"{row.poll.organiser.name} asks when you can meet",
            url_for("polls.show", poll_id=row.poll.public_id),
            f"Answer by {day(row.poll.reply_by)}",
        )
        for row in polls.unanswered_by(me)
    ]


def _reviews(me: User) -> list[Waiting]:
    """One's own review of progression, those of one's trainees, and the support meetings one is invited to."""
    found = [
        Waiting(
            "Your review of progression" if is_own else f"Review of progression of {review.trainee_name}",
            url_for("progression.show", review_id=review.public_id),
            "A support call is offered. Say whether it would help" if call_waits else "What follows from it",
            is_urgent=call_waits,
        )
        for review, is_own, call_waits in progression.read_by(me)
    ]
    for review_id, due in _objectives(me).items():
        late = any(task.due_on < clock.today() for task in due)
        found.append(
            Waiting(
                f"{plural(len(due), 'objective')} of your action plan",
                url_for("action_plans.show", review_id=review_id),
                "Say how far it got, or that the date is difficult" if late else f"Due {ago(due[0].due_on)}",
            )
        )
    return found + [
        Waiting("A support meeting you are invited to", url_for("support_meetings.show", support_id=support.public_id))
        for support in progression.invited_meetings(me).where(SupportMeeting.held_at.is_null())
    ]


def _objectives(me: User) -> dict[str, list[Objective]]:
    """What is due within a week of one's own action plans, or was before, by review."""
    found: dict[str, list[Objective]] = {}
    for task in plans.objectives_due_by(me, clock.today() + timedelta(days=settings.current().task_due_days)):
        found.setdefault(task.plan.review.public_id, []).append(task)
    return found


def _to_decide(me: User, roles: frozenset[Role]) -> list[Waiting]:
    """What waits for a decision of the School: what follows a review, and what is reported beyond the School."""
    if not roles & {Role.PROGRESSION, Role.MEETING_CHAIR}:
        return []
    found = []
    if undecided := progression.undecided_by(me):
        longest = (clock.today() - undecided[0].outcome_on).days
        found.append(
            Waiting(
                f"{plural(len(undecided), 'review')} of progression to decide about",
                url_for("progression.index"),
                f"The longest waiting: {plural(longest, 'day')} since the outcome",
                is_urgent=True,
            )
        )
    return found + [
        Waiting(
            f"A report about {report.review.trainee_name} waits for a second person",
            url_for("further_reviews.show", report_id=report.public_id),
            f"{report.asked_by.name} asked for it {ago(report.asked_at)}",
            is_urgent=True,
        )
        for report in further.to_judge_by(me)
    ]


def _for_chair(me: User) -> list[Waiting]:
    """Of the meetings one chairs: papers to share before, then what it came to, and minutes to agree."""
    unshared = Counter(paper.support_meeting for paper in papers.to_share_by(me))
    found = [
        Waiting(
            f"{plural(count, 'paper')} to share before you meet {support.review.trainee_name}",
            url_for("preparation.share", support_id=support.public_id),
        )
        for support, count in unshared.items()
    ]
    found += [
        Waiting(
            f"What did the meeting with {support.review.trainee_name} come to?",
            url_for("support_outcomes.decide", support_id=support.public_id),
            f"Held on {day(support.held_at)}",
            is_urgent=True,
        )
        for support in outcomes.to_record_by(me)
    ]
    unagreed = dict.fromkeys(one.support_meeting for one in minutes.to_agree_by(me))
    return found + [
        Waiting(
            f"Minutes of the meeting with {support.review.trainee_name} to agree",
            url_for("preparation.minutes", support_id=support.public_id),
            f"Held on {day(support.held_at)}",
        )
        for support in unagreed
    ]


def _for_school(me: User) -> list[Waiting]:
    """What waits for the progression team: a date to fix."""
    return [
        Waiting(
            f"Everybody needed has said when they can meet {support.review.trainee_name}: fix the date",
            url_for("polls.show", poll_id=support.poll.public_id),
            is_urgent=True,
        )
        for support in progression.dates_to_fix(me)
    ]


def _about_me(me: User) -> list[Waiting]:
    open_ones = [referral for referral in queries.about(me) if not referral.is_closed]
    return [
        Waiting(
            "A referral has been made for you" if referral.accepted_at is None else "Your careers support",
            url_for("referrals.show", referral_id=referral.public_id),
            "Read it and say whether you would like the support"
            if referral.accepted_at is None
            else supported.next_step_of(referral),
            is_urgent=referral.accepted_at is None,
        )
        for referral in open_ones
    ]


def _returns(me: User) -> list[Waiting]:
    """One's own return to training: an offer to answer, a place on the list, a mentor."""
    mine = mentoring.return_now(me)
    if mine is None or offers.is_over(mine, clock.today()):
        return []
    here = url_for("my_return.show")
    match mine.state:
        case ReturnerState.OFFERED:
            return [Waiting("Would you like a mentor for your return to training?", here, "It is up to you")]
        case ReturnerState.INTERESTED:
            return [Waiting("You are waiting for a mentor", here, "See your place on the list, or change your wishes")]
        case ReturnerState.MATCHED:
            return [Waiting("You have a mentor", here, "See what you arranged with each other")]
        case ReturnerState.ENDED:
            return []
        case _:
            return [Waiting("Your return to training", here, "You can ask for a mentor")]


def _for_rtt_team(me: User) -> list[Waiting]:
    """What needs a person today in mentoring."""
    needs = team.needs(me, clock.today())
    found = []
    if needs.can_be_matched and needs.free_seats:
        free = f"{plural(needs.free_seats, 'place')} with mentors {'is' if needs.free_seats == 1 else 'are'} free"
        words = f"{plural(needs.can_be_matched, 'returner')} to match"
        found.append(Waiting(words, url_for("matching.show"), free, is_urgent=True))
    other = len(needs.silent) + len(needs.again) + len(needs.training) + len(needs.undelivered)
    if other:
        found.append(
            Waiting(
                f"{plural(other, 'thing')} to look at in mentoring",
                url_for("mentoring.index"),
                "Pairs that may not be in touch, training that runs out, messages that did not arrive",
            )
        )
    return found


def _for_mentor(me: User) -> list[Waiting]:
    mentor = mentoring.mentor_of(me)
    if mentor is None:
        return []
    supports = mentoring.load_of(mentor)
    words = f"{plural(supports, 'returner')} you support" if supports else "Your mentoring"
    return [Waiting(words, url_for("mentors.own"), team.training_words(mentor, clock.today()))]


def _for_referrer(me: User) -> list[Waiting]:
    begun = drafts.of(me)
    return (
        [Waiting("A referral you have begun", url_for("referrals.new"), "Nothing has been sent yet")] if begun else []
    )


def _for_adviser(me: User) -> list[Waiting]:
    counts = inbox.counts(me)
    failed = notices.failed(notices.visible_to(me)).count()
    found = []
    if counts["waiting"]:
        oldest = inbox.page(inbox.Asked(sort="oldest"), me).rows[0]
        found.append(
            Waiting(
                f"{plural(counts['waiting'], 'referral')} waiting for a counsellor",
                url_for("inbox.show"),
                f"{counts['new']} new. The longest waiting came {ago(oldest.referred_at)}",
                is_urgent=True,
            )
        )
    if failed:
        found.append(_undelivered(failed))
    if unbooked := meetings.without_booking_for_long().count():
        found.append(
            Waiting(
                f"{plural(unbooked, 'trainee')} with nothing booked yet",
                url_for("inbox.show", view="assigned", sort="oldest"),
                "They have been reminded twice",
            )
        )
    if untold := completion.waiting_for_end_notice(queries.inbox_of(me)):
        found.append(
            Waiting(
                f"{plural(len(untold), 'case')} complete, whose employer is not told yet",
                url_for("referrals.show", referral_id=untold[0].public_id),
                f"The longest waiting is {untold[0].reference}",
            )
        )
    return found


def _undelivered(failed: int) -> Waiting:
    return Waiting(
        f"{plural(failed, 'message')} not delivered",
        url_for("notices.index", show="failed"),
        "See why. Correct the address, or tell the person another way",
        is_urgent=True,
    )


def _for_counsellor(me: User) -> list[Waiting]:
    cases, covered = queries.cases_of(me), queries.covered_by(me)
    mine = Referral.select().where(Referral.id.in_([one.id for one in (*cases, *covered)]))
    return [
        *_sessions(me),
        *([Waiting(f"{plural(len(cases), 'trainee')} you support", url_for("referrals.index"))] if cases else []),
        *(
            Waiting(
                f"Case {one.reference} is complete: tell the employer that the sessions have ended",
                url_for("referrals.show", referral_id=one.public_id),
            )
            for one in completion.waiting_for_end_notice(mine)
        ),
    ]


def _sessions(me: User) -> list[Waiting]:
    """Sessions that are open still, and those that can be opened now (B7)."""
    still_open = [
        Waiting(
            f"Your session with {session.referral.trainee_name}",
            url_for("careers.show", session_id=session.public_id),
            f"Begun on {moment(session.begun_at)}, and not finished yet",
            is_urgent=True,
        )
        for session in sessions.unfinished_by(me)
    ]
    now = clock.now()
    to_open = [
        Waiting(
            f"Open your session with {meeting.referral.trainee_name}",
            url_for("careers.index"),
            f"The meeting of {clock_time(meeting.begins_at)}",
            is_urgent=True,
        )
        for meeting in sessions.meetings_to_open(me)
        if meeting.begins_at - OPENS_BEFORE <= now < meeting.ends_at
    ]
    return still_open + to_open


def _for_head(me: User) -> list[Waiting]:
    return [
        Waiting(
            f"Referral {one.reference}: decide what the Training Support Group may know",
            url_for("referrals.show", referral_id=one.public_id),
            "Until you decide, it is told nothing",
        )
        for one in queries.undecided_by(me)
    ]


def _for_tsg(me: User) -> list[Waiting]:
    released = queries.releases_to(me)
    if not released:
        return []
    return [
        Waiting(
            f"What heads of school let you know about {plural(len(released), 'trainee')}", url_for("referrals.released")
        )
    ]


def _for_complaints(me: User) -> list[Waiting]:
    """How many, and nothing of what they say; none for the person whom one is about (C11)."""
    waiting = complaints.handled_by(me).where(Complaint.state != ComplaintState.CLOSED).count()
    if not waiting:
        return []
    return [Waiting(f"{plural(waiting, 'complaint')} to look after", url_for("complaints.index"))]


def _for_administrator(me: User) -> list[Waiting]:
    failed = notices.health().failed
    asked = [one for one in people.roles_asked() if one.user_id != me.id]
    found = []
    if failed:
        found.append(Waiting(f"{plural(failed, 'message')} not delivered", url_for("notices.index")))
    if asked:
        found.append(
            Waiting(f"{plural(len(asked), 'role')} to decide about", url_for("people.roles_asked"), is_urgent=True)
        )
    return found


FINDERS = {
    Role.REFERRER: _for_referrer,
    Role.SENIOR_ADVISER: _for_adviser,
    Role.COUNSELLOR: _for_counsellor,
    Role.HEAD_OF_SCHOOL: _for_head,
    Role.TSG: _for_tsg,
    Role.ADMINISTRATOR: _for_administrator,
    Role.RTT_TEAM: _for_rtt_team,
    Role.MENTOR: _for_mentor,
    Role.PROGRESSION: _for_school,
    Role.MEETING_CHAIR: _for_chair,
    Role.COMPLAINTS: _for_complaints,
}
