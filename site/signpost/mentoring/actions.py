"""What coordinators decide on the matching board: introductions, and pairs they pin or rule out."""

import json
from collections.abc import Iterable, Mapping

from peewee import IntegrityError

from models import MatchesSeen, MatchOverride, Mentor, Mentorship, Returner, ReturnerState, User, db
from signpost import clock
from signpost.errors import RuleBroken
from signpost.events import record
from signpost.mentoring import dates, pool
from signpost.mentoring.matching import Rule, Wish
from signpost.mentoring.reasons import of_pair
from signpost.presses import is_just_now

GONE = "{returner} does not wait for a mentor any more: a colleague introduced them, or they changed their mind."
NO_MENTOR = "{mentor} does not take anybody now."
TAKEN = "{mentor} has no place left: a colleague introduced somebody else to them."
REFUSED = {
    Rule.TRAINED: "{mentor} has no training recorded, and only trained mentors are matched.",
    Rule.PRESENT: "{mentor} is pausing, so nobody new is introduced to them.",
    Rule.ROOM: TAKEN,
    Rule.DATES: "The six months after the return of {returner} are over.",
    Rule.THEMSELVES: "{returner} and {mentor} are the same person.",
    Rule.ASKED: "One of them asked not to be matched with the other.",
    Rule.SUPERVISOR: "{mentor} supervises {returner}.",
    Rule.NOT_WORKING: "It did not work between them before, so they are not matched again.",
    Rule.REACH: "{mentor} meets people in person only, and not as far away as {returner}.",
    Rule.DISTANCE: "{returner} chose to wait for somebody nearer than {mentor}.",
    Rule.MODE: "{returner} chose to wait for another way of meeting than {mentor} offers.",
}


def introduce(returner: Returner, mentor: Mentor, by: User) -> Mentorship:
    """Bring two people together, in one email to both (D7). Every rule is asked again; nobody is booked twice.

    Raises RuleBroken, with words for whoever came second, where a colleague was faster.
    """
    try:
        with db.atomic():
            words = _explained(returner, mentor)
            made = Mentorship.create(
                returner=returner,
                mentor=mentor,
                mentor_seat=_free_seat(mentor),
                returner_seat=1,
                explanation=words[:500],
                introduced_at=clock.now(),
                introduced_by=by,
                ends_on=dates.ends_on(returner.returns_on),
            )
            waits = (Returner.id == returner.id) & (Returner.state == ReturnerState.INTERESTED)
            moved = {"state": ReturnerState.MATCHED, "version": Returner.version + 1}
            if not Returner.update(**moved).where(waits).execute():
                raise RuleBroken(GONE.format(returner=returner.name))
            MatchOverride.delete().where(MatchOverride.returner == returner).execute()
            record("mentoring.introduced", by=by, concerning=made, facts={"mentor": mentor.public_id})
    except IntegrityError:
        raise RuleBroken(_both(TAKEN, returner, mentor)) from None
    return made


def refuse_what_the_rules_refuse(found: pool.Pool, returner: Returner, mentor: Mentor) -> None:
    """Raises RuleBroken where the two may not be matched now."""
    if returner.public_id not in found.returners:
        raise RuleBroken(_both(GONE, returner, mentor))
    if mentor.public_id not in found.mentors:
        raise RuleBroken(_both(NO_MENTOR, returner, mentor))
    here = found.round
    number = here.number[mentor.public_id]
    for rule in here.refused(here.returner[returner.public_id], here.mentors[number]):
        raise RuleBroken(_both(REFUSED[rule], returner, mentor))


def _explained(returner: Returner, mentor: Mentor) -> str:
    """Why these two, for the team and for the returner: nothing of why the mentor was away, which the team alone may read."""
    found = pool.of_two(returner, mentor)
    refuse_what_the_rules_refuse(found, returner, mentor)
    pair = found.round.pair(found.round.returner[returner.public_id], found.round.number[mentor.public_id])
    return of_pair(pair, but_for=Wish.REASON)


def _free_seat(mentor: Mentor) -> int:
    """The first of the mentor's numbered seats that nobody has. The table lets nobody have one that is taken."""
    seats = Mentorship.select(Mentorship.mentor_seat).where(
        (Mentorship.mentor == mentor) & Mentorship.ended_at.is_null()
    )
    taken = {seat for (seat,) in seats.tuples()}
    return next(seat for seat in range(1, len(taken) + 2) if seat not in taken)


def _both(words: str, returner: Returner, mentor: Mentor) -> str:
    return words.format(returner=returner.name, mentor=mentor.user.name)


# Pinned, and ruled out


def pin(returner: Returner, mentor: Mentor, by: User) -> None:
    """Keep these two together in every suggestion from now on. Another pin of this returner goes."""
    with db.atomic():
        refuse_what_the_rules_refuse(pool.of_two(returner, mentor), returner, mentor)
        if _decide(returner, mentor, is_pinned=True, by=by):
            others = (MatchOverride.returner == returner) & (MatchOverride.mentor != mentor) & MatchOverride.is_pinned
            MatchOverride.delete().where(others).execute()
            record("match.pinned", by=by, concerning=returner, facts={"mentor": mentor.public_id})


def rule_out(returner: Returner, mentor: Mentor, by: User) -> None:
    """Never suggest these two, until it is let go again."""
    with db.atomic():
        if _decide(returner, mentor, is_pinned=False, by=by):
            record("match.ruled_out", by=by, concerning=returner, facts={"mentor": mentor.public_id})


def let_go(returner: Returner, mentor: Mentor, by: User) -> None:
    """Leave it to the matching again."""
    here = (MatchOverride.returner == returner) & (MatchOverride.mentor == mentor)
    with db.atomic():
        if MatchOverride.delete().where(here).execute():
            record("match.let_go", by=by, concerning=returner, facts={"mentor": mentor.public_id})


def _decide(returner: Returner, mentor: Mentor, *, is_pinned: bool, by: User) -> bool:
    """Whether it was otherwise until now."""
    columns = {"is_pinned": is_pinned, "made_by": by, "made_at": clock.now()}
    made, is_new = MatchOverride.get_or_create(returner=returner, mentor=mentor, defaults=columns)
    if is_new:
        return True
    other = (MatchOverride.id == made.id) & (MatchOverride.is_pinned != is_pinned)
    return bool(MatchOverride.update(**columns).where(other).execute())


# What a coordinator has seen


def remember(pairs: Mapping[str, str | None], by: User) -> None:
    """Keep the suggestions as they are now, so that the board can say what changed since."""
    columns = {"pairs_json": json.dumps(pairs, sort_keys=True), "seen_at": clock.now()}
    with db.atomic():
        seen, is_new = MatchesSeen.get_or_create(user=by, defaults=columns)
        if not is_new:
            MatchesSeen.update(**columns).where(MatchesSeen.id == seen.id).execute()


def for_each(
    pairs: Iterable[tuple[Returner, Mentor]], by: User
) -> tuple[list[Mentorship], list[tuple[Returner, Mentor, str]]]:
    """Introduce several pairs, each by itself: those who were introduced, and those who could not be, with the reason."""
    done: list[Mentorship] = []
    refused: list[tuple[Returner, Mentor, str]] = []
    for returner, mentor in pairs:
        try:
            done.append(introduce(returner, mentor, by))
        except RuleBroken as refusal:
            if made := _of_this_press(returner, mentor, by):
                done.append(made)
            else:
                refused.append((returner, mentor, refusal.words))
    return done, refused


def _of_this_press(returner: Returner, mentor: Mentor, by: User) -> Mentorship | None:
    """These two, introduced by the same person a moment ago: a button that was pressed twice."""
    theirs = (Mentorship.returner == returner) & (Mentorship.mentor == mentor) & Mentorship.ended_at.is_null()
    made: Mentorship | None = Mentorship.get_or_none(theirs & (Mentorship.introduced_by == by))
    return made if made and is_just_now(made.introduced_at) else None
