"""What can be done to a referral. Each verb: the rule, then one transaction with the rows and the record."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from models import (
    Assignment,
    Attendee,
    Employer,
    Ending,
    Event,
    Meeting,
    PersonalLink,
    Referral,
    ReferrerKind,
    Release,
    ReleaseChoice,
    Role,
    SavedView,
    School,
    Status,
    User,
    db,
)
from signpost import clock, settings
from signpost.accounts import links
from signpost.accounts import queries as people
from signpost.changes import change
from signpost.errors import RuleBroken, StaleRecord
from signpost.events import record
from signpost.fields import new_public_id
from signpost.formatting import clock_time, day
from signpost.meetings import booking
from signpost.meetings import queries as meetings
from signpost.meetings.invitations import invitation
from signpost.notices import outbox
from signpost.notices.permissions import acts_as, adviser_addresses
from signpost.notices.policy import Calendar
from signpost.prepared import insert
from signpost.presses import is_just_now
from signpost.referrals import candidates, drafts, queries, search

CHANGED = "Somebody changed this referral while you were looking at it. Nothing was sent. Look at it again."


@dataclass(frozen=True)
class Request:
    """What a referrer writes: brief, plain, and copied to the trainee (A6, A7)."""

    trainee_name: str
    trainee_email: str
    school: School | None
    employer: Employer
    request: str
    wider_concerns: bool


def refer(asked: Request, by: User, kind: ReferrerKind, public_id: str) -> Referral:
    """Send a referral to the careers team, copied to the trainee and, with wider concerns, to the head (A2–A8).

    The public id was kept for it when it was begun. The same one gives the same referral again: a second press of the
    button sends nothing. What was begun is gone with the sending, so that its id never comes to mean another trainee.
    """
    with db.atomic():
        drafts.discard_sent(by, public_id)
        earlier = Referral.get_or_none(Referral.public_id == public_id)
        if earlier is not None:
            if earlier.referred_by_id != by.id:
                raise StaleRecord("This reference is taken. Go back to the form and send it again.")
            return earlier
        refuse_what_the_rules_refuse(asked, by, kind)
        referral = Referral(
            public_id=public_id,
            trainee_name=asked.trainee_name,
            trainee_email=asked.trainee_email,
            trainee=people.with_email(asked.trainee_email),
            school=asked.school,
            employer=asked.employer,
            request=asked.request,
            wider_concerns=asked.wider_concerns,
            referred_by=by,
            referrer_kind=kind,
            referred_at=clock.now(),
        )
        for name, value in search.columns(referral).items():
            setattr(referral, name, value)
        insert(referral)
        record("referral.sent", by=by, referral=referral, facts={"wider_concerns": asked.wider_concerns})
    return referral


def refuse_what_the_rules_refuse(asked: Request, by: User, kind: ReferrerKind) -> None:
    """Raise RuleBroken where this referral cannot be made, with words for the referrer."""
    if not any(held.referrer_kind == kind for held in people.referrer_roles(by)):
        raise RuleBroken("You cannot refer in that role.")
    if asked.trainee_email == by.email:
        raise RuleBroken("You cannot refer yourself. Speak to your educational supervisor, or ring the careers team.")
    if not adviser_addresses().keys() - {asked.trainee_email}:
        raise RuleBroken("The careers team has no senior adviser at the moment, so a referral would reach nobody.")
    if asked.wider_concerns:
        _need_a_head(asked.school, asked.trainee_email)
    if duplicate := queries.own_open_duplicate(by, asked.trainee_email):
        raise RuleBroken(
            f"You already referred this trainee on {day(duplicate.referred_at)}: {duplicate.reference}. "
            "You can add wider concerns to that referral, or withdraw it."
        )


def _need_a_head(school: School | None, trainee_email: str) -> None:
    """Raise RuleBroken where nobody would be informed; a head is not informed about themselves."""
    if school is None:
        raise RuleBroken("With wider concerns the head of school is informed, so say which school it is.")
    if all(head.email == trainee_email for head in people.heads_of(school)):
        raise RuleBroken(
            f"{school.name} has no head of school on record, so wider concerns would reach nobody. "
            "Ring the careers team, who can have it put right."
        )


def add_concerns(referral: Referral, school: School | None, by: User) -> None:
    """Say later that there are wider concerns: the copied email goes to the head and to the trainee then (A8)."""
    if referral.is_closed:
        raise RuleBroken("This referral is closed, so nothing can be added to it.")
    if referral.wider_concerns:
        raise RuleBroken("Wider concerns were added to this referral already. The head of school has the email.")
    school = referral.school or school
    _need_a_head(school, referral.trainee_email)
    with db.atomic():
        change(referral, referral.version, CHANGED, wider_concerns=True, school=school)
        record("concerns.added", by=by, referral=referral)


def withdraw(referral: Referral, by: User) -> None:
    """Take a referral back before support has begun (A22)."""
    if referral.is_closed:
        raise RuleBroken("This referral is closed already.")
    if referral.has_begun:
        raise RuleBroken(
            "The first meeting is booked, so the referral can no longer be withdrawn. Ring the careers team."
        )
    _close(referral, Ending.WITHDRAWN, "referral.withdrawn", by)


def accept(referral: Referral, by: User | PersonalLink) -> None:
    """The trainee would like the support: a flag beside the states, and nothing waits for it."""
    if referral.is_closed:
        raise RuleBroken("This referral is closed. If you would like support now, ring the careers team.")
    if referral.accepted_at is not None:
        return
    with db.atomic():
        change(referral, referral.version, CHANGED, accepted_at=clock.now())
        record("referral.accepted", by=by, referral=referral)


def decline(referral: Referral, by: User | PersonalLink) -> None:
    """The trainee would rather not: the referral ends, and the referrer hears only that it is not going ahead."""
    if referral.is_closed:
        raise RuleBroken("This referral is closed already.")
    if referral.has_begun:
        raise RuleBroken("Your first meeting is booked. Speak to your counsellor if you would rather stop.")
    _close(referral, Ending.DECLINED, "referral.declined", by)


def stop(referral: Referral, by: User | PersonalLink) -> None:
    """The trainee would rather not go on, with no reason asked. The team tells the referrer nothing."""
    if referral.is_closed:
        raise RuleBroken("Your case is closed already.")
    if not referral.has_begun:
        raise RuleBroken("No meeting is booked yet. You can say on your page that you would rather not go on.")
    if referral.status == Status.SESSIONS_COMPLETE:
        raise RuleBroken("Your agreed sessions are complete, so there is nothing to stop.")
    _close(referral, Ending.WITHDREW_PART_WAY, "referral.stopped", by)


def complete(referral: Referral, by: User, expected_version: int, facts: dict[str, Any]) -> None:
    """The team closes a case whose agreed sessions were held (A22): `completion.actions.finish` holds the rules."""
    _close(referral, Ending.COMPLETE, "referral.completed", by, expected_version, facts=facts)


CLOSING_REASONS = (Ending.DUPLICATE, Ending.UNABLE_TO_CONTACT, Ending.LEFT_PROGRAMME, Ending.WITHDREW_PART_WAY)


def close(
    referral: Referral,
    ending: Ending,
    by: User,
    expected_version: int,
    duplicate_of: Referral | None = None,
    batch: str = "",
) -> None:
    """The team ends a referral that will not run its course, with the reason. The letters wait for the undo minute."""
    if referral.is_closed:
        raise RuleBroken("This referral is closed already.")
    if referral.status == Status.SESSIONS_COMPLETE:
        raise RuleBroken(
            "The agreed sessions are complete: close the case by telling the employer that they have ended."
        )
    _refuse_within_the_undo_minute(referral)
    if ending not in CLOSING_REASONS:
        raise RuleBroken("That is not a reason for which the team closes a referral.")
    if ending == Ending.WITHDREW_PART_WAY and not referral.has_begun:
        raise RuleBroken("Support has not begun, so the trainee cannot have withdrawn part-way.")
    if (ending == Ending.DUPLICATE) != (duplicate_of is not None):
        raise RuleBroken("Say which referral this one repeats.")
    if duplicate_of is not None and duplicate_of not in queries.same_trainee(referral):
        raise RuleBroken("A referral can only repeat another one of the same trainee.")
    _close(referral, ending, "referral.closed", by, expected_version, duplicate_of, _batch_fact(batch))


def _close(
    referral: Referral,
    ending: Ending,
    event: str,
    by: User | PersonalLink,
    expected_version: int | None = None,
    duplicate_of: Referral | None = None,
    facts: dict[str, Any] | None = None,
) -> None:
    stood_at = str(referral.status)
    with db.atomic():
        change(
            referral,
            referral.version if expected_version is None else expected_version,
            CHANGED,
            **referral.stand_at(Status.CLOSED),
            closed_at=clock.now(),
            ending=ending,
            duplicate_of=duplicate_of,
        )
        ended = booking.end_with_case(referral)
        said = {"ending": ending, "stood_at": stood_at, **_meeting_fact(ended), **(facts or {})}
        record(event, by=by, referral=referral, facts=said, enclosed=ended, calendar=_called_off(ended))


def _meeting_fact(ended: Meeting | None) -> dict[str, str]:
    return {"meeting": ended.public_id} if ended else {}


def _called_off(ended: Meeting | None) -> Calendar | None:
    """What takes the meeting out of the calendars of those who are told that it is off."""
    return invitation(ended, "CANCEL") if ended else None


def assign(
    referral: Referral, counsellor: User, by: User, expected_version: int, reason: str = "", batch: str = ""
) -> Assignment:
    """Give the referral to a counsellor and tell the trainee who it is (A9). The letters wait for the undo minute."""
    _may_be_assigned(referral, counsellor, by, reason)
    earlier = referral.assigned_to
    last = queries.last_assignment(referral)
    with db.atomic():
        now = clock.now()
        previous = {"previous": earlier, "previous_by": referral.assigned_by, "previous_at": referral.assigned_at}
        status = Status.ASSIGNED if referral.is_waiting else referral.status
        change(
            referral,
            expected_version,
            _who_was_faster(referral, by),
            **referral.stand_at(Status(status)),
            assigned_to=counsellor,
            assigned_by=by,
            assigned_at=now,
        )
        ended = booking.end_with_case(referral) or _ended_untold(last)
        event = record(
            "referral.reassigned" if earlier else "referral.assigned",
            by=by,
            referral=referral,
            facts={
                "counsellor": counsellor.public_id,
                **({"earlier_counsellor": earlier.public_id, "reason": reason} if earlier else {}),
                **_meeting_fact(ended),
                **_batch_fact(batch),
            },
            enclosed=ended,
            calendar=_called_off(ended),
        )
        return Assignment.create(
            referral=referral,
            event=event,
            counsellor=counsellor,
            assigned_by=by,
            assigned_at=now,
            reason=reason,
            **previous,
        )


def _ended_untold(last: Assignment | None) -> Meeting | None:
    """The meeting that ended with the counsellor before, where the trainee has not been told of it yet: the letter that
    said so has waited for the mail server, and must not be sent any more."""
    if last is None or not outbox.has_not_arrived(last.event, "reassigned_trainee"):
        return None
    return Meeting.get_or_none(Meeting.public_id == last.event.facts.get("meeting"))


def _may_be_assigned(referral: Referral, counsellor: User, by: User, reason: str) -> None:
    if referral.is_closed:
        raise RuleBroken("This referral is closed, so nobody can be assigned to it.")
    if Role.COUNSELLOR not in people.roles_of(counsellor) or counsellor.is_disabled:
        raise RuleBroken(f"{counsellor.name} is not a counsellor.")
    if counsellor.id == referral.trainee_id or counsellor.email == referral.trainee_email:
        raise RuleBroken("A counsellor cannot support themselves.")
    if candidates.has_conflict(counsellor, referral):
        raise RuleBroken(f"{counsellor.name} has declared a conflict of interest, so cannot be assigned.")
    if referral.assigned_to_id == counsellor.id:
        raise RuleBroken(f"{counsellor.name} has this referral already. Nothing was sent again.")
    if referral.assigned_to_id is not None and not reason.strip():
        raise RuleBroken("Say why the counsellor changes.")
    _refuse_within_the_undo_minute(referral)


def _refuse_within_the_undo_minute(referral: Referral) -> None:
    """Raise RuleBroken while the letters of an assignment wait: what came on top could not be undone together with it."""
    if (last := queries.last_assignment(referral)) and can_still_be_undone(last):
        raise RuleBroken(
            f"{last.assigned_by.name} assigned {last.counsellor.name} a moment ago. The emails wait until "
            f"{clock_time(last.assigned_at + settings.current().undo)}: undo that first, or change it after then."
        )


def refuse_overtaken(referral: Referral, expected_version: int, seen: str, by: User) -> None:
    """Raise StaleRecord where the referral changed since the page was made that is being sent. `seen`: the public id of
    the counsellor who stood on that page, or nothing."""
    if referral.version == expected_version:
        return
    now = referral.assigned_to
    if now is not None and now.public_id != seen:
        raise StaleRecord(_was_faster(referral, by))
    raise StaleRecord(CHANGED)


def _was_faster(referral: Referral, by: User) -> str:
    assigned = f"assigned {referral.assigned_to.name} at {clock_time(referral.assigned_at)}"
    if referral.assigned_by == by:
        return f"You {assigned} already. Nobody gets a second email."
    return (
        f"{referral.assigned_by.name} {assigned}, "
        "while you were choosing. Your choice was not saved, and nobody gets a second email."
    )


def _who_was_faster(referral: Referral, by: User) -> str:
    """Kind words for the second of two advisers: who decided, and that nothing was sent twice."""
    fresh = Referral.get_by_id(referral.id)
    if fresh.assigned_to_id and fresh.assigned_to_id != referral.assigned_to_id:
        return _was_faster(fresh, by)
    return CHANGED


def can_still_be_undone(assignment: Assignment) -> bool:
    return assignment.undone_at is None and assignment.assigned_at + settings.current().undo > clock.now()


def is_being_chosen(referral: Referral) -> bool:
    """Whether the trainee is not told who supports them: within the undo minute, and once that counsellor has left."""
    last = queries.last_assignment(referral)
    if last is not None and can_still_be_undone(last):
        return True
    return referral.assigned_to is not None and not acts_as(referral.assigned_to, Role.COUNSELLOR)


def undo_assignment(referral: Referral, by: User) -> None:
    """Take an assignment back within the minute, before anyone was told."""
    last = queries.last_assignment(referral)
    if last is None or last.assigned_by_id != by.id:
        raise RuleBroken("There is no assignment of yours to undo.")
    if referral.is_closed:
        raise RuleBroken("This referral was closed in the meantime, so there is nothing to undo.")
    with db.atomic():
        if not can_still_be_undone(last) or not outbox.undo(last.event):
            raise RuleBroken(
                "It is too late to undo this: the emails have gone. You can assign someone else, with a reason."
            )
        if (booked := meetings.to_come(referral)) is not None:
            raise RuleBroken(
                f"A meeting with {booked.organiser.name} was booked in the meantime, so this can no longer be undone. "
                "You can assign someone else, with a reason."
            )
        status = Status.SUBMITTED if last.previous is None else Status(referral.status)
        change(
            referral,
            referral.version,
            CHANGED,
            **referral.stand_at(status),
            assigned_to=last.previous,
            assigned_by=last.previous_by,
            assigned_at=last.previous_at,
        )
        _stand_again(last.event, referral)
        now = clock.now()
        last.undone_at = now
        last.save(only=[Assignment.undone_at])
        Event.update(undone_at=now).where(Event.id == last.event_id).execute()
        record("assignment.undone", by=by, referral=referral)


def _stand_again(event: Event, referral: Referral) -> None:
    """The meeting that ended with what is undone stands again, as nobody heard otherwise."""
    ended = Meeting.get_or_none(Meeting.public_id == event.facts.get("meeting"))
    if ended is not None and ended.organiser_id == referral.assigned_to_id:
        booking.stand_again(ended, referral)


def undo_closing(referral: Referral, by: User) -> None:
    """Take the team's closing of a referral back within the minute, before anyone was told."""
    closed = queries.last_event(referral, "referral.closed")
    if not referral.is_closed or closed is None or closed.by_user_id != by.id or closed.undone_at is not None:
        raise RuleBroken("There is no closing of yours to undo.")
    with db.atomic():
        if closed.happened_at + settings.current().undo <= clock.now() or not outbox.undo(closed):
            raise RuleBroken("It is too late to undo this: the emails have gone.")
        stood_at = Status(json.loads(closed.facts_json)["stood_at"])
        opened = {"closed_at": None, "ending": None, "duplicate_of": None}
        change(referral, referral.version, CHANGED, **referral.stand_at(stood_at), **opened)
        _stand_again(closed, referral)
        Event.update(undone_at=clock.now()).where(Event.id == closed.id).execute()
        record("closing.undone", by=by, referral=referral)


UNDO = {
    "referral.assigned": undo_assignment,
    "referral.reassigned": undo_assignment,
    "referral.closed": undo_closing,
}


def undo(event: Event, by: User) -> None:
    """Take back an act, and with it all that were done by the same press of a button: all of them or none."""
    with db.atomic():
        for one in queries.done_together(event):
            UNDO[one.name](one.referral, by)


@dataclass(frozen=True)
class Outcome:
    """What became of an act on many referrals: those done, and those refused, each with the words why."""

    done: list[Referral]
    refused: list[tuple[Referral, str]]


def for_each(referrals: list[Referral], act: Callable[[Referral, str], object]) -> Outcome:
    """Do an act to many referrals, as one press of a button. One that the rules refuse does not hold up the others."""
    batch = new_public_id()
    outcome = Outcome([], [])
    with db.atomic():
        for referral in referrals:
            try:
                with db.atomic():
                    act(referral, batch)
            except RuleBroken as refusal:
                outcome.refused.append((referral, refusal.words))
            else:
                outcome.done.append(referral)
    return outcome


def _batch_fact(batch: str) -> dict[str, str]:
    return {"batch": batch} if batch else {}


def release(referral: Referral, choice: ReleaseChoice, words: str, by: User) -> Release:
    """The head of school decides what the TSG is told: nothing, the fact, or the fact with words (A4)."""
    if by not in people.heads_of(referral.school) or not referral.wider_concerns:
        raise RuleBroken("Only the head of the trainee’s school decides what the Training Support Group is told.")
    if referral.is_closed and choice != ReleaseChoice.NOTHING:
        raise RuleBroken("This referral is closed, so there is nothing more to tell the Training Support Group.")
    if choice == ReleaseChoice.WORDS and not words.strip():
        raise RuleBroken("Write the words that the Training Support Group is to read.")
    said = words.strip() if choice == ReleaseChoice.WORDS else ""
    with db.atomic():
        last = queries.decided(referral)
        if last is not None and (last.choice, last.words, last.decided_by_id) == (choice, said, by.id):
            return last  # a second press of the button: it stands as it was decided
        decision = Release.create(
            referral=referral,
            choice=choice,
            words=said,
            trainee_name=referral.trainee_name,
            school_name=referral.school.name,
            decided_by=by,
            decided_at=clock.now(),
        )
        event = "release.refused" if choice == ReleaseChoice.NOTHING else "release.decided"
        record(event, by=by, referral=referral, facts={"choice": choice}, enclosed=decision)
    return decision


def correct_trainee_address(referral: Referral, address: str, by: User, expected_version: int) -> None:
    """Put a wrong address right: links sent to the wrong one stop working. Sending again is a step of its own."""
    if address == referral.trainee_email:
        raise RuleBroken("That is the address we have already.")
    with db.atomic():
        coming = Meeting.select().where((Meeting.referral == referral) & (Meeting.begins_at > clock.now()))
        there = Attendee.meeting.in_(coming) & (Attendee.email == referral.trainee_email)
        Attendee.update(email=address, user=people.with_email(address)).where(there).execute()
        referral.trainee_email = address
        change(
            referral,
            expected_version,
            CHANGED,
            trainee_email=address,
            trainee=people.with_email(address),
            **search.columns(referral),
        )
        links.withdraw_all(referral)
        record("address.corrected", by=by, referral=referral)


def send_link_again(referral: Referral, by: User | PersonalLink) -> None:
    """Send the trainee a fresh personal link, to the address of the referral and no other. Presses close together are one."""
    with db.atomic():
        last = queries.last_event(referral, "link.sent_again")
        if last is None or not is_just_now(last.happened_at):
            record("link.sent_again", by=by, referral=referral)


MOST_VIEWS = 20


def save_view(user: User, name: str, address: str) -> SavedView:
    """Keep a list of the inbox under a name of one's own."""
    with db.atomic():
        if SavedView.select().where((SavedView.user == user) & (SavedView.name == name)).exists():
            raise RuleBroken(f"You have a view called {name} already.")
        if SavedView.select().where(SavedView.user == user).count() >= MOST_VIEWS:
            raise RuleBroken(f"You have {MOST_VIEWS} views already. Delete one first.")
        return SavedView.create(user=user, name=name, address=address)
