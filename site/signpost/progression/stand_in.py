"""Somebody takes a part over from another: the meetings that are being arranged go on with who has the part now."""

from dataclasses import dataclass

from models import Attendee, Meeting, Poll, PollPerson, Review, ReviewPerson, SupportMeeting, User
from signpost import clock
from signpost.accounts import queries as people
from signpost.meetings import booking, polls
from signpost.meetings import queries as meetings
from signpost.progression import queries


@dataclass(frozen=True)
class Named:
    """Somebody who takes part, with an account or without."""

    name: str
    email: str


def take_over(review: Review, before: ReviewPerson | None, now: Named, by: User) -> None:
    """Who had the part is asked no more and invited no more, and who has it now is. In the transaction of the change."""
    support, call = queries.open_meeting_of(review), queries.open_call_of(review)
    if support is not None and before is not None and support.university_id == before.id:
        invited = queries.university_of(review)
        SupportMeeting.update(university=invited).where(SupportMeeting.id == support.id).execute()
    for one in (support, call):
        if one is None or before is None or before.email == now.email:
            continue
        meeting = queries.meeting_of(one)
        if one.poll is not None and queries.is_asking(one.poll):
            _ask_instead(one.poll, before, now, by)
        elif meeting is not None and meeting.is_booked and meeting.begins_at > clock.now():
            _invite_instead(meeting, before, now, by)


def _ask_instead(poll: Poll, before: ReviewPerson, now: Named, by: User) -> None:
    asked = PollPerson.get_or_none((PollPerson.poll == poll) & (PollPerson.email == before.email))
    if asked is not None:
        polls.ask_instead(asked, polls.Asked(now.name, now.email, asked.is_required), by)


def _invite_instead(meeting: Meeting, before: ReviewPerson, now: Named, by: User) -> None:
    leaving: Attendee | None = next((one for one in meetings.attendees(meeting) if one.email == before.email), None)
    if leaving is not None:
        booking.remove(meeting, leaving, by)
        account = people.with_email(now.email)
        booking.add(meeting, booking.Invited(now.name, now.email, account, leaving.is_required), by)
