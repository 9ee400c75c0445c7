"""How a fact becomes news: `record` writes the event, the audit entry and the notices, in the caller's transaction."""

import json
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from models import (
    AccountLinkPurpose,
    Breach,
    Consent,
    Emergency,
    Event,
    FollowUp,
    LinkPurpose,
    Meeting,
    Mentorship,
    PersonalLink,
    Poll,
    PollPerson,
    ProgressionReport,
    Referral,
    Returner,
    Review,
    ReviewPerson,
    SubjectAccess,
    SupportCall,
    SupportMeeting,
    Table,
    User,
    db,
)
from signpost import clock
from signpost.accounts import account_links, links
from signpost.audit import record as audit
from signpost.config import running
from signpost.notices import letters, outbox
from signpost.notices.letters import Letter
from signpost.notices.policy import EVENTS, Calendar, Person, Situation
from signpost.prepared import insert

LINK_IN_REHEARSAL = "(their own personal link stands here)"

_rehearsed: ContextVar[list[Letter] | None] = ContextVar("rehearsed", default=None)


def record(
    name: str,
    *,
    by: User | PersonalLink,
    referral: Referral | None = None,
    user: User | None = None,
    facts: dict[str, Any] | None = None,
    meeting: Meeting | None = None,
    poll: Poll | None = None,
    about: Table | None = None,
    concerning: Table | None = None,
    enclosed: Any = None,
    calendar: Calendar | None = None,
    acting_as: str = "",
) -> Event:
    """Write what happened and queue what `notices.policy` lists for it. Call it inside the transaction of the change.

    `about` is what an event concerns that is neither a referral nor a person: a school, an employer. `concerning` is the
    record of a room within a case, where the letters and their permissions are about that record: a consent.
    `acting_as` says in which capacity it is done, where that is not the same for everybody who may.
    Facts go into the history and the audit: ids, dates and names of staff, never confidential words. What is enclosed
    goes to the letters alone.
    """
    if not db.obj.in_transaction():
        raise RuntimeError("record() belongs inside the transaction of the change it records.")
    facts = facts or {}
    event = insert(
        Event(
            name=name,
            referral=referral,
            user=user,
            meeting=meeting,
            poll=poll,
            by_user=by if isinstance(by, User) else None,
            by_link=by if isinstance(by, PersonalLink) else None,
            about_table=concerning._meta.table_name if concerning else "",
            about_id=concerning.public_id if concerning else "",
            happened_at=clock.now(),
            facts_json=json.dumps(facts, ensure_ascii=False, sort_keys=True),
        )
    )
    subject = concerning or meeting or poll or referral or user or about
    audit.add(
        name,
        actor=f"{'user' if isinstance(by, User) else 'link'}:{by.public_id}",
        acting_as=acting_as or EVENTS[name].done_as,
        record=f"{subject._meta.table_name}:{subject.public_id}" if subject else "",
        facts=facts,
    )
    if EVENTS[name].told:
        situation = Situation(name, subject, by, facts, enclosed, calendar)
        written = letters.write(
            situation, running().public_url, lambda person: _own_address(name, subject, person, enclosed)
        )
        outbox.queue(event, written)
        if (rehearsed := _rehearsed.get()) is not None:
            rehearsed.extend(written)
    return event


def rehearse(act: Callable[[], object]) -> list[Letter]:
    """Do an act, keep the letters it would send, and undo all of it: the preview before the button is pressed.

    The preview is the act itself, so it cannot say anything else than what will be sent, and it raises what the act
    would raise.
    """
    collected: list[Letter] = []
    before = _rehearsed.set(collected)
    try:
        with db.atomic() as transaction:
            act()
            transaction.rollback()
    finally:
        _rehearsed.reset(before)
    return collected


def _own_address(event: str, subject: Any, person: Person, enclosed: Any) -> str:
    """A new address for the one person a letter is to: the trainee's page, their row of a poll, choosing a password."""
    if _rehearsed.get() is not None:
        return LINK_IN_REHEARSAL
    if find := ADDRESSES.get(type(subject)):
        return find(subject, person)
    if isinstance(subject, SubjectAccess):
        return f"{running().public_url}/subject-access/mine/{enclosed}"
    purpose = AccountLinkPurpose.INVITATION if event == "person.invited" else AccountLinkPurpose.PASSWORD
    return f"{running().public_url}/sign-in/password/{account_links.make(purpose, subject)}"


def _meeting_address(meeting: Meeting, person: Person) -> str:
    """The meeting, signed in; without an account the page of what it belongs to: a case, a pair, a review, a poll."""
    if meeting.referral is not None and person.address == meeting.referral.trainee_email:
        return personal_address(meeting.referral)
    if person.user is None and (pair := meeting.mentorships.first()) is not None:
        return _mentorship_address(pair, person)
    if person.user is None and (about := _supporting(meeting)) is not None:
        return (
            _support_meeting_address(about, person)
            if isinstance(about, SupportMeeting)
            else _review_address(about.review, person)
        )
    if person.user is None and (row := _row_of(meeting.poll, person)) is not None:
        return _row_address(row)
    return f"{running().public_url}/meetings/{meeting.public_id}"


def _poll_address(poll: Poll, person: Person) -> str:
    """One's own row: signed in for who has an account, else by a link of their own."""
    if person.user is None and (row := _row_of(poll, person)) is not None:
        return _row_address(row)
    return f"{running().public_url}/polls/{poll.public_id}"


def _row_of(poll: Poll | None, person: Person) -> PollPerson | None:
    return PollPerson.get_or_none((PollPerson.poll == poll) & (PollPerson.email == person.address))


def _row_address(row: PollPerson) -> str:
    """A new link to one's own row of a poll; once the time is fixed it says when and where the meeting is."""
    token = links.make(LinkPurpose.POLL, row.name, row.email, poll_person=row)
    return f"{running().public_url}/polls/answer/{token}"


def _review_address(review: Review, person: Person) -> str:
    """The page of a review: signed in for who has an account, else by a link of their own."""
    if person.user is not None:
        return f"{running().public_url}/progression/reviews/{review.public_id}"
    if person.address == review.trainee_email:
        token = links.make(LinkPurpose.REVIEWED_TRAINEE, review.trainee_name, review.trainee_email, review=review)
    else:
        now = (ReviewPerson.review == review) & (ReviewPerson.email == person.address) & ReviewPerson.left_at.is_null()
        row = ReviewPerson.select().where(now).order_by(ReviewPerson.id).get()
        token = links.make(LinkPurpose.REVIEW_PERSON, row.name, row.email, review_person=row)
    return f"{running().public_url}/progression/links/{token}"


def _asked_address(follow_up: FollowUp, person: Person) -> str:
    """The action that a body is asked for, and nothing else (E2)."""
    token = links.make(LinkPurpose.ACTION_ASKED, person.name, person.address, follow_up=follow_up)
    return f"{running().public_url}/progression/links/{token}"


def _support_meeting_address(support: SupportMeeting, person: Person) -> str:
    """Its own page: signed in for who has an account, else by a link of their own."""
    if person.user is not None:
        return f"{running().public_url}/progression/meetings/{support.public_id}"
    return f"{_review_address(support.review, person)}/meetings/{support.public_id}"


def _report_address(report: ProgressionReport, person: Person) -> str:
    """The trainee's own page; and for the body named a link to what is reported, and to nothing else (E13)."""
    review = report.review
    if person.address == review.trainee_email:
        return _review_address(review, person)
    token = links.make(LinkPurpose.PROGRESSION_REPORT, person.name, person.address, review=review)
    return f"{running().public_url}/progression/links/{token}"


def _supporting(meeting: Meeting) -> SupportMeeting | SupportCall | None:
    """The support meeting or call that a meeting is the date of."""
    of_poll = SupportMeeting.poll == meeting.poll_id
    found = SupportMeeting.get_or_none(of_poll) if meeting.poll_id else None
    of_call = (SupportCall.meeting == meeting) | (
        SupportCall.poll.is_null(False) & (SupportCall.poll == meeting.poll_id)
    )
    return found or SupportCall.get_or_none(of_call)


def _consent_address(consent: Consent, person: Person) -> str:
    """The trainee's own page; and for the recipient a link to what is disclosed, and to nothing else (C4)."""
    if person.address == consent.referral.trainee_email:
        return personal_address(consent.referral)
    token = links.make(LinkPurpose.DISCLOSURE, consent.recipient_name, consent.recipient_email, consent=consent)
    return f"{running().public_url}/disclosed/{token}"


def _mentorship_address(mentorship: Mentorship, person: Person) -> str:
    """The page of the pair: signed in for who has an account, else by the returner's own link."""
    if person.user is not None:
        return f"{running().public_url}/mentoring/mentorships/{mentorship.public_id}"
    returner = mentorship.returner
    token = links.make(LinkPurpose.RETURNER, returner.name, returner.email, returner=returner)
    return f"{running().public_url}/mentoring/links/{token}/mentorship"


def personal_address(referral: Referral) -> str:
    """A new personal link for the trainee of a referral: the whole address."""
    token = links.make(LinkPurpose.REFERRED_TRAINEE, referral.trainee_name, referral.trainee_email, referral=referral)
    return f"{running().public_url}/links/{token}"


def returner_address(returner: Returner) -> str:
    """A new personal link for somebody who returns to training: the whole address."""
    token = links.make(LinkPurpose.RETURNER, returner.name, returner.email, returner=returner)
    return f"{running().public_url}/mentoring/links/{token}"


ADDRESSES: dict[type[Table], Callable[[Any, Person], str]] = {
    Poll: _poll_address,
    Consent: _consent_address,
    Returner: lambda returner, _: returner_address(returner),
    Breach: lambda breach, _: personal_address(breach.referral),
    Emergency: lambda emergency, _: personal_address(emergency.referral),
    Mentorship: _mentorship_address,
    FollowUp: _asked_address,
    ProgressionReport: _report_address,
    Review: _review_address,
    SupportCall: lambda call, person: _review_address(call.review, person),
    SupportMeeting: _support_meeting_address,
    Meeting: _meeting_address,
    Referral: lambda referral, _: personal_address(referral),
}
