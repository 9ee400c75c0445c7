"""What happens to a complaint, step by step; and what of it is told to whom (C11)."""

from collections.abc import Collection
from datetime import timedelta

from models import (
    Complaint,
    ComplaintAccess,
    ComplaintDisclosure,
    ComplaintNote,
    ComplaintRespondent,
    ComplaintState,
    PersonalLink,
    User,
    db,
)
from signpost import clock, settings
from signpost.accounts import queries as people
from signpost.changes import change
from signpost.complaints import queries
from signpost.errors import RuleBroken
from signpost.events import record
from signpost.notices.permissions import HANDLE_COMPLAINTS
from signpost.presses import is_just_now

CHANGED = "A colleague has gone on with this while you were looking at it. Look at it again."
NOBODY = (
    "Everybody who could take this up is somebody it is about, so Signpost cannot pass it on. Nothing was kept. "
    "Ring or write to the organisation itself, and ask for somebody who is not concerned."
)
NEXT = {
    ComplaintState.RECEIVED: ComplaintState.ACKNOWLEDGED,
    ComplaintState.ACKNOWLEDGED: ComplaintState.LOOKED_INTO,
    ComplaintState.LOOKED_INTO: ComplaintState.ANSWERED,
    ComplaintState.ANSWERED: ComplaintState.CLOSED,
}


def complain(words: str, about: str, concerned: Collection[User], by: User | PersonalLink) -> Complaint:
    """Raise a complaint. It goes to who handles complaints, and never to anybody whom it is about.

    The same words from the same person close together are one press.
    """
    is_user = isinstance(by, User)
    respondents = {one.id: one for one in (*concerned, *queries.called(about)) if one != by}
    own = by if is_user else people.with_email(by.email)
    handlers = queries.route([*respondents.values(), *([own] if own else [])])
    if not handlers:
        raise RuleBroken(NOBODY)
    now = clock.now()
    with db.atomic():
        own_ones = queries.raised_by(by) if isinstance(by, User) else queries.raised_through(by)
        last = own_ones.order_by(Complaint.id.desc()).first()
        about_same = last is not None and {one.id for one in queries.respondents_of(last)} == set(respondents)
        if about_same and last.words == words and is_just_now(last.raised_at):
            return last
        made = Complaint(
            by_user=by if is_user else None,
            by_link=None if is_user else by,
            raised_at=now,
            acknowledge_by=clock.today() + timedelta(days=settings.current().complaint_acknowledge_days),
            state_at=now,
        )
        made.by_name, made.about, made.words = by.name, about, words
        made.save()
        for one in respondents.values():
            ComplaintRespondent.create(complaint=made, user=one)
        for one in handlers:
            ComplaintAccess.create(complaint=made, user=one, given_at=now)
        record("complaint.raised", by=by, concerning=made)
    return made


def keep_reading(complaint: Complaint, by: User) -> None:
    with db.atomic():
        record("complaint.read", by=by, concerning=complaint)


def move_on(complaint: Complaint, to: ComplaintState, by: User, expected_version: int, answer: str = "") -> None:
    """The next step: acknowledged, looked into, answered, closed. None before the last."""
    if NEXT.get(ComplaintState(complaint.state)) != to:
        raise RuleBroken("That is not the next step of this complaint.")
    if to == ComplaintState.ANSWERED and not answer:
        raise RuleBroken("Write the answer first.")
    with db.atomic():
        columns: dict[str, object] = {"state": to, "state_at": clock.now()}
        if to == ComplaintState.ANSWERED:
            columns["answer"] = answer
        change(complaint, expected_version, CHANGED, **columns)
        match to:
            case ComplaintState.ACKNOWLEDGED:
                record("complaint.acknowledged", by=by, concerning=complaint)
            case ComplaintState.LOOKED_INTO:
                record("complaint.looked_into", by=by, concerning=complaint)
            case ComplaintState.ANSWERED:
                record("complaint.answered", by=by, concerning=complaint)
            case _:
                record("complaint.closed", by=by, concerning=complaint)


def note(complaint: Complaint, words: str, by: User) -> None:
    """Note something for the others who handle it."""
    _refuse_closed(complaint)
    with db.atomic():
        last = next(iter(queries.notes_of(complaint)[::-1]), None)
        if last and (last.by_user_id, last.words) == (by.id, words) and is_just_now(last.written_at):
            return
        made = ComplaintNote(complaint=complaint, by_user=by, written_at=clock.now())
        made.words = words
        made.save()
        record("complaint.noted", by=by, concerning=complaint)


def disclose(complaint: Complaint, to: User | None, name: str, words: str, why: str, by: User) -> ComplaintDisclosure:
    """Tell one named person these words and no more, since the procedure needs it. Without an account: in person."""
    _refuse_closed(complaint)
    if to is not None and to.is_disabled:
        raise RuleBroken("This account is closed. Tell the person yourself, and keep it here with their name.")
    with db.atomic():
        said = (to.id if to else None, to.name if to else name, words)
        for last in queries.disclosures_of(complaint):
            is_the_same = (last.to_user_id, last.to_name, last.words) == said
            if is_the_same and is_just_now(last.disclosed_at):
                return last
        made = ComplaintDisclosure(complaint=complaint, to_user=to, by_user=by, disclosed_at=clock.now())
        made.to_name, made.words, made.why = to.name if to else name, words, why
        made.save()
        record("complaint.disclosed", by=by, concerning=complaint, enclosed=to)
    return made


def add_handler(complaint: Complaint, person: User, by: User) -> None:
    """Let a colleague with a role for it handle this too. Never one whom it is about, nor who raised it."""
    if not people.roles_of(person) & HANDLE_COMPLAINTS or person.is_disabled:
        raise RuleBroken("Only those who handle complaints, or information governance, can be added.")
    if person in queries.respondents_of(complaint) or person.id == complaint.by_user_id:
        raise RuleBroken("It is about them, or they raised it, so they cannot handle it.")
    with db.atomic():
        _, is_new = ComplaintAccess.get_or_create(complaint=complaint, user=person, defaults={"given_at": clock.now()})
        if is_new:
            record("complaint.handler_added", by=by, concerning=complaint, enclosed=person)


def found_to_concern(complaint: Complaint, person: User, by: User) -> None:
    """It turned out to be about somebody who could handle it: they no longer know of it, and somebody else must."""
    with db.atomic():
        ComplaintRespondent.get_or_create(complaint=complaint, user=person)
        ComplaintAccess.delete().where(
            (ComplaintAccess.complaint == complaint) & (ComplaintAccess.user == person)
        ).execute()
        if not queries.handlers_of(complaint) and not give_to_others(complaint):
            raise RuleBroken("Nobody else could handle it, so name somebody first.")
        record("complaint.respondent_found", by=by, concerning=complaint)


def give_to_others(complaint: Complaint) -> bool:
    """Put those on the access list who get a complaint now. Whether there is anybody."""
    excluded = queries.respondents_of(complaint)
    if complaint.by_user is not None:
        excluded.append(complaint.by_user)
    found = queries.route(excluded)
    for one in found:
        ComplaintAccess.get_or_create(complaint=complaint, user=one, defaults={"given_at": clock.now()})
    return bool(found)


def _refuse_closed(complaint: Complaint) -> None:
    if complaint.is_closed:
        raise RuleBroken("This complaint is closed.")
