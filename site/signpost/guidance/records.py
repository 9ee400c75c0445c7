"""What a search finds besides the guidance: records, for each person those that they may see.

Names are searched, and the request of a referral for who may read it; nothing that is sealed. Every search starts from
what its room shows this person, so that what they may not see is not there.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, groupby, islice
from operator import itemgetter
from typing import Any

from markupsafe import Markup, escape
from peewee import ModelSelect

from models import (
    Attendee,
    Meeting,
    Mentorship,
    Mode,
    Referral,
    Returner,
    Review,
    ReviewOutcome,
    Role,
    SupportKind,
    SupportMeeting,
    User,
)
from signpost.accounts import people as accounts
from signpost.accounts import queries as people
from signpost.formatting import clock_time, day, sentence_list, weekday, within
from signpost.guidance.search import marked
from signpost.meetings import queries as meetings
from signpost.meetings.forms import MODE_NAMES
from signpost.mentoring import mentorship_queries as pairs
from signpost.mentoring import queries as mentoring
from signpost.mentoring.team import STAGES
from signpost.progression import queries as progression
from signpost.progression.words import KIND_NAMES, OUTCOME_NAMES
from signpost.referrals import queries as referrals
from signpost.referrals import search as of_referrals
from signpost.referrals.search import MOST_WORDS, words_of

MOST_SHOWN = 10
# So many of a kind are looked through at a time, name by name: no database of ours compares blind to accents.
STEP = 10_000
JOINS = re.compile(r"['’\-]")


@dataclass(frozen=True)
class Record:
    """Something that matches: what it is called, the match marked, one line about it, and where it is."""

    title: Markup
    about: Markup
    href: str


@dataclass(frozen=True)
class Kind:
    """What was found of one kind; `has_more` where that is not all."""

    name: str
    records: list[Record]
    has_more: bool


def found(user: User, text: str) -> list[Kind]:
    """What this person may see elsewhere and has every word of the text, kind by kind; kinds without any are left out."""
    asked = words_of(re.sub(r"(?<=\w)['’](?=\w)", "", text))[:MOST_WORDS]
    if not asked:
        return []
    kinds = ((name, search(user, asked)) for name, search in KINDS.items())
    return [Kind(name, records[:MOST_SHOWN], len(records) > MOST_SHOWN) for name, records in kinds if records]


def _has(asked: Iterable[str], *texts: str) -> bool:
    """Whether each of these begins a word of the texts; a name with an apostrophe or hyphen with and without it."""
    whole = " ".join(texts)
    joined = JOINS.sub("", whole)
    words = words_of(whole) + (words_of(joined) if joined != whole else [])
    return all(any(word.startswith(one) for word in words) for one in asked)


def _steps(query: ModelSelect, *names: Any) -> Iterator[list[Any]]:
    """Row numbers and names, the newest first: one statement a step, and no more steps than are asked for."""
    key, rest = query.model.id, query
    while step := list(rest.select(key, *names).order_by(key.desc()).limit(STEP).tuples()):
        yield step
        if len(step) < STEP:
            return
        rest = query.where(key < step[-1][0])


def _ids(query: ModelSelect, asked: list[str], *names: Any) -> list[int]:
    """Row numbers of those whose names match, the newest first."""
    rows = chain.from_iterable(_steps(query, *names))
    return list(islice((number for number, *said in rows if _has(asked, *said)), MOST_SHOWN + 1))


def _rows(query: ModelSelect, ids: list[int]) -> list[Any]:
    key = query.model.id
    return list(query.where(key.in_(ids)).order_by(key.desc())) if ids else []


# Kind by kind


def _of_referrals(user: User, asked: list[str]) -> list[Record]:
    query = of_referrals.matching(referrals.readable_by(user), " ".join(asked), None)
    rows = query.order_by(Referral.id.desc()).limit(MOST_SHOWN + 1)
    return [
        Record(
            marked(f"{row.trainee_name}, {row.reference}", asked),
            _where(row, asked),
            f"/referrals/{row.public_id}",
        )
        for row in rows
    ]


def _where(referral: Referral, asked: list[str]) -> Markup:
    """Where the match is, unless the name or the reference has all of it."""
    if _has(asked, referral.trainee_name, referral.reference):
        return Markup()
    is_in_request = any(_has([word], referral.request) for word in asked)
    return marked(referral.request if is_in_request else referral.trainee_email, asked)


def _of_returners(user: User, asked: list[str]) -> list[Record]:
    query = mentoring.returners_seen_by(user)
    return [
        Record(
            marked(row.name, asked),
            escape(f"Returns to training on {day(row.returns_on)}. {STAGES[row.state]}."),
            f"/mentoring/returners/{row.public_id}",
        )
        for row in _rows(query, _ids(query, asked, Returner.name))
    ]


def _of_mentors(user: User, asked: list[str]) -> list[Record]:
    """For the return to training team: a mentor has a page of their own."""
    if not mentoring.is_team(user):
        return []
    query = mentoring.mentors_seen_by(user)
    return [
        Record(
            marked(row.user.name, asked),
            escape(f"Mentor until {day(row.left_at)}" if row.left_at else "Mentor"),
            f"/mentoring/mentors/{row.public_id}",
        )
        for row in _rows(query, _ids(query, asked, User.name))
    ]


def _of_pairs(user: User, asked: list[str]) -> list[Record]:
    query = pairs.visible_to(user)
    rows = _rows(query, _ids(query, asked, Returner.name, User.name))
    own = {row.id for row in query.where(pairs.is_of_pair(user) & Mentorship.id.in_([row.id for row in rows]))}
    return [
        Record(
            _called(row, user, row.id in own, asked),
            escape(f"Ended on {day(row.ended_at)}" if row.is_ended else f"Until {day(row.ends_on)}"),
            f"/mentoring/mentorships/{row.public_id}",
        )
        for row in rows
    ]


def _called(pair: Mentorship, user: User, is_own: bool, asked: list[str]) -> Markup:
    """To the two by the other's name; to the team by both."""
    returner, mentor = marked(pair.returner.name, asked), marked(pair.mentor.user.name, asked)
    if not is_own:
        return Markup("{} and {}").format(returner, mentor)
    return Markup("Mentoring with {}").format(returner if pair.mentor.user_id == user.id else mentor)


def _of_reviews(user: User, asked: list[str]) -> list[Record]:
    query = progression.visible_to(user)
    return [
        Record(
            Markup("Review of {}").format(marked(row.trainee_name, asked)),
            marked(row.programme, asked) + f". {OUTCOME_NAMES[ReviewOutcome(row.outcome)]}, {day(row.outcome_on)}",
            f"/progression/reviews/{row.public_id}",
        )
        for row in _rows(query, _ids(query, asked, Review.trainee_name, Review.programme))
    ]


def _of_support(user: User, asked: list[str]) -> list[Record]:
    """Who is invited from a university finds theirs too: whom it is about stands on the page they see."""
    query = progression.meetings_visible_to(user).join(Review)
    rows = _rows(query.select(SupportMeeting, Review), _ids(query, asked, Review.trainee_name))
    dates = {one.poll_id: one for one in Meeting.select().where(Meeting.poll.in_([row.poll_id for row in rows]))}
    return [
        Record(
            Markup("{} for {}").format(KIND_NAMES[SupportKind(row.kind)], marked(row.review.trainee_name, asked)),
            escape(_when(row, dates.get(row.poll_id))),
            f"/progression/meetings/{row.public_id}",
        )
        for row in rows
    ]


def _when(support: SupportMeeting, meeting: Meeting | None) -> str:
    if support.called_off_at:
        return f"Called off on {day(support.called_off_at)}"
    return f"{weekday(meeting.begins_at)}, {clock_time(meeting.begins_at)}" if meeting else "No date yet"


def _others(user: User) -> Iterator[tuple[int, list[str]]]:
    """Of each meeting of this person the row number, and who else is there."""
    mine = meetings.visible_to(user)
    for step in _steps(mine):
        here = mine.where(Meeting.id.between(step[-1][0], step[0][0])).select(Meeting.id)
        there = (
            Attendee.select(Attendee.meeting, Attendee.name, Attendee.user, Attendee.email)
            .where(Attendee.meeting.in_(here) & Attendee.removed_at.is_null())
            .order_by(Attendee.meeting.desc(), Attendee.id)
        )
        for number, people_there in groupby(there.tuples(), key=itemgetter(0)):
            yield number, [name for _, name, whose, email in people_there if whose != user.id and email != user.email]


def _of_meetings(user: User, asked: list[str]) -> list[Record]:
    others = _others(user)
    matching = dict(islice(((number, names) for number, names in others if _has(asked, *names)), MOST_SHOWN + 1))
    rows = Meeting.select().where(Meeting.id.in_(list(matching))).order_by(Meeting.begins_at.desc())
    return [
        Record(
            escape(f"Meeting on {weekday(row.begins_at)}"),
            escape(f"{clock_time(row.begins_at)}, {within(MODE_NAMES[Mode(row.mode)])}, with ")
            + marked(sentence_list(matching[row.id]), asked)
            + ("" if row.is_booked else ". Cancelled"),
            f"/meetings/{row.public_id}",
        )
        for row in rows
    ]


def _of_people(user: User, asked: list[str]) -> list[Record]:
    if Role.ADMINISTRATOR not in people.roles_of(user):
        return []
    query = accounts.listed()
    return [
        Record(
            marked(row.name, asked),
            marked(row.email, asked) + (", closed" if row.is_disabled else ""),
            f"/people/{row.public_id}",
        )
        for row in _rows(query, _ids(query, asked, User.name, User.email))
    ]


KINDS: dict[str, Callable[[User, list[str]], list[Record]]] = {
    "Referrals": _of_referrals,
    "Meetings": _of_meetings,
    "Mentoring pairs": _of_pairs,
    "Returners": _of_returners,
    "Mentors": _of_mentors,
    "Reviews of progression": _of_reviews,
    "Support meetings": _of_support,
    "People with an account": _of_people,
}
