"""Agreeing on a number of sessions, and telling those who are told that they are over. Each party is told once."""

from datetime import date
from typing import Any

from models import Agreed, Completion, EndTold, Party, PersonalLink, Referral, Service, Status, Teller, User, db
from signpost import clock, settings
from signpost.changes import change
from signpost.completion import queries
from signpost.errors import RuleBroken
from signpost.events import record
from signpost.formatting import clock_time, day, plural
from signpost.meetings import queries as meetings
from signpost.meetings import standing
from signpost.notices.permissions import sessions_are_complete
from signpost.notices.policy import at_the_end
from signpost.referrals import actions as referrals
from signpost.referrals import queries as cases
from signpost.statements.actions import refuse_excluded

FEWEST = 2
CHANGED = "Somebody changed this case while you were looking at it. Look at it again."


def agree_sessions(referral: Referral, number: int, discussed_on: date, by: User, expected_version: int) -> None:
    """Note how many sessions were agreed, and the day on which it was discussed: the number is the target (A13).

    More than were held opens a case again that was complete; as many as were held completes it.
    """
    if referral.is_closed:
        raise RuleBroken("This case is closed, so no more sessions can be agreed.")
    if referral.assigned_to_id is None:
        raise RuleBroken("There is no counsellor yet, so no sessions can be agreed.")
    if number < FEWEST:
        raise RuleBroken("There are at least 2 sessions: an initial discussion and a follow-up.")
    if number < (held := meetings.held_count(referral)):
        raise RuleBroken(f"{plural(held, 'session')} were held already, so no fewer can be agreed.")
    if number == referral.agreed_sessions:
        raise RuleBroken(f"{number} sessions are agreed already.")
    if discussed_on > clock.today():
        raise RuleBroken("The day on which you discussed it cannot be in the future.")
    if discussed_on < clock.to_london(referral.referred_at).date():
        raise RuleBroken("The day on which you discussed it cannot be before the referral came.")
    if number > referral.agreed_sessions:
        refuse_excluded(referral, Service.MORE_SESSIONS)
    with db.atomic():
        before = referral.agreed_sessions
        change(referral, expected_version, CHANGED, agreed_sessions=number)
        facts = {"agreed": number, "before": before, "discussed_on": discussed_on.isoformat()}
        record("sessions.agreed", by=by, referral=referral, facts=facts)
        standing.bring_up_to_date(referral, by)


def tell(referral: Referral, parties: set[Party], by: User | PersonalLink) -> None:
    """The trainee tells those they ticked that the agreed sessions are complete, and nothing more (A21).

    Whoever was told already is not told again, so a second press sends nothing.
    """
    _tell(referral, parties, by, "completion.told", {})


def tell_for_trainee(referral: Referral, parties: set[Party], agreed_on: date, agreed_how: Agreed, by: User) -> None:
    """The counsellor tells them, with the trainee's agreement, once the trainee was reminded twice (A21)."""
    row = queries.completion_of(referral)
    if row is None or not (queries.may_be_told_for(row) or queries.told(referral, Teller.TRAINEE)):
        raise RuleBroken("The trainee tells others. You may once they were reminded twice and have agreed.")
    if agreed_on > clock.today():
        raise RuleBroken("The day on which the trainee agreed cannot be in the future.")
    facts = {"agreed_on": agreed_on.isoformat(), "agreed_how": agreed_how.value}
    agreement = {"agreed_on": agreed_on, "agreed_how": agreed_how}
    _tell(referral, parties, by, "completion.told_for_trainee", facts, agreement)


def _tell(
    referral: Referral,
    parties: set[Party],
    by: User | PersonalLink,
    event: str,
    facts: dict[str, Any],
    agreement: dict[str, Any] | None = None,
) -> None:
    if not sessions_are_complete(referral):
        raise RuleBroken("The agreed sessions are not complete yet, so there is nothing to tell.")
    if not parties:
        raise RuleBroken("Select at least one of those who are to be told.")
    with db.atomic():
        done = queries.told(referral, Teller.TRAINEE)
        new = [party for party in queries.OF_THE_TRAINEE if party in parties and party not in done]
        if not new:
            return
        if event == "completion.told_for_trainee" and done:
            raise RuleBroken("The trainee has told others themselves. What is left is theirs to tell.")
        for party in new:
            _keep(referral, Teller.TRAINEE, party, **(agreement or {}))
        first = (Completion.referral == referral) & Completion.told_at.is_null()
        Completion.update(told_at=clock.now()).where(first).execute()
        facts = facts | {"parties": [party.value for party in new]}
        record(event, by=by, referral=referral, facts=facts, enclosed=(agreement or {}).get("agreed_on"))


def _keep(referral: Referral, teller: Teller, party: Party, **agreement: Any) -> None:
    if not at_the_end(party, referral):
        raise RuleBroken("There is nobody on record to be told any more. Nothing was sent.")
    EndTold.create(referral=referral, teller=teller, party=party, told_at=clock.now(), **agreement)


def finish(referral: Referral, by: User, expected_version: int, reason: str = "") -> None:
    """Close a case whose agreed sessions are complete: employer, and TSG where informed, hear that they ended (A22).

    Where nobody of the employer is on record, it closes with the reason why nobody is told there.
    """
    if referral.status != Status.SESSIONS_COMPLETE and not referral.is_closed:
        raise RuleBroken("The agreed sessions are not complete yet.")
    if (booked := meetings.to_come(referral)) is not None:
        raise RuleBroken(f"A meeting is booked for {day(booked.begins_at)}. Cancel it first, or wait until it is over.")
    with db.atomic():
        if referral.is_closed or queries.told(referral, Teller.TEAM):
            raise RuleBroken("This case is closed already. Nobody is told twice.")
        parties = queries.parties_of_team(referral)
        if Party.EMPLOYER not in parties and not reason.strip():
            raise RuleBroken("Nobody of the employer is on record. Say why it is closed without telling them.")
        facts: dict[str, Any] = {"parties": [party.value for party in parties]}
        if Party.EMPLOYER not in parties:
            facts["reason"] = reason.strip()
        for party in parties:
            _keep(referral, Teller.TEAM, party)
        referrals.complete(referral, by, expected_version, facts)


def announce(referral: Referral, by: User) -> None:
    """Tell the employer, and TSG where informed, that the sessions of a case ended another way (A22).

    Never for one that was declined, withdrawn before it began, or a duplicate.
    """
    with db.atomic():
        if queries.told(referral, Teller.TEAM):
            return
        if not queries.may_announce(referral):
            raise RuleBroken("No sessions have ended here, so the employer is told nothing.")
        closed = cases.last_event(referral, "referral.closed")
        if closed is not None and (until := closed.happened_at + settings.current().undo) > clock.now():
            raise RuleBroken(
                f"The closing can still be undone until {clock_time(until)}. Tell the employer after then."
            )
        parties = queries.parties_of_team(referral)
        if Party.EMPLOYER not in parties:
            raise RuleBroken("Nobody of the employer is on record, so nobody can be told.")
        for party in parties:
            _keep(referral, Teller.TEAM, party)
        record("ending.announced", by=by, referral=referral, facts={"parties": [party.value for party in parties]})
