"""The team's view: how many stand where and for how long, and what needs a person today. States and dates only (D13)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from peewee import SQL, Case, ModelSelect, fn

from models import (
    Mentor,
    MentoringWish,
    Mentorship,
    MentorshipEnding,
    Notice,
    NoticeRecipient,
    Returner,
    ReturnerState,
    User,
)
from signpost import clock
from signpost.mentoring import dates, queries, waiting
from signpost.mentoring.mentorship_queries import visible_to as pairs_seen_by
from signpost.notices import queries as notices

STAGES = {
    ReturnerState.LISTED: "On the list, not offered yet",
    ReturnerState.OFFERED: "Offered, no answer yet",
    ReturnerState.LATER: "Asked to be asked later",
    ReturnerState.DECLINED: "Would rather not",
    ReturnerState.INTERESTED: "Waiting for a mentor",
    ReturnerState.MATCHED: "With a mentor",
    ReturnerState.ENDED: "Ended",
}
# Six months after the return these end by themselves, where nobody was found or nothing was said (D11).
WITHOUT_MENTOR = (ReturnerState.LISTED, ReturnerState.OFFERED, ReturnerState.LATER, ReturnerState.INTERESTED)
OVER, OVER_WORDS = "over", "Six months over, without a mentor"
SILENT_AFTER = timedelta(days=7)
TRAINING_SOON = timedelta(days=60)
ROWS_ON_A_PAGE = 50


@dataclass(frozen=True)
class Stage:
    """How many stand somewhere, and since when the first of them does."""

    words: str
    count: int
    since: datetime | None = None
    key: str = ""


@dataclass(frozen=True)
class Load:
    """A mentor: how many they support of how many, and whether somebody should look at their training."""

    mentor: Mentor
    supports: int
    is_paused: bool
    training: str

    @property
    def free(self) -> int:
        return max(0, self.mentor.capacity - self.supports)


def stages(user: User) -> list[Stage]:
    """How many returners stand where today."""
    since = fn.MIN(fn.COALESCE(Returner.interested_at, Returner.offered_at, Returner.entered_at))
    since = since.python_value(Returner.entered_at.python_value)
    is_over = Case(None, [(_is_over(clock.today()), 1)], 0).alias("is_over")
    query = queries.returners_seen_by(user).select(Returner.state, is_over, fn.COUNT(Returner.id), since)
    counted: dict[str, tuple[int, datetime | None]] = {}
    for state, over, count, first in query.group_by(Returner.state, SQL("is_over")).tuples():
        before, earliest = counted.get(key := OVER if over else state, (0, first))
        counted[key] = (before + count, min(earliest, first))
    return [Stage(words, *counted.get(key, (0, None)), key) for key, words in (*STAGES.items(), (OVER, OVER_WORDS))]


def stage_of(returner: Returner) -> str:
    """Where somebody stands today: the key of a stage."""
    over = returner.state in WITHOUT_MENTOR and dates.ends_on(returner.returns_on) <= clock.today()
    return OVER if over else returner.state


def words_of(returner: Returner) -> str:
    return OVER_WORDS if (stage := stage_of(returner)) == OVER else STAGES[ReturnerState(stage)]


def _is_over(on: date) -> Any:
    """The rows whose six months have passed without a mentor. Should the return move to a later day they wait again."""
    return Returner.state.in_(WITHOUT_MENTOR) & (Returner.returns_on <= dates.latest_return_over(on))


def pairs(user: User, today: date) -> list[Stage]:
    """How many pairs stand where. One may stand in several."""
    open_ones = _open_pairs(user)
    soon = dates.months_later(today, 1)
    return [
        Stage("Introduced, contact not confirmed yet", *_counted(open_ones.where(Mentorship.contact_at.is_null()))),
        Stage("Contact made", *_counted(open_ones.where(Mentorship.contact_at.is_null(False)))),
        Stage(
            "Agreement recorded, or kept by the pair", *_counted(open_ones.where(Mentorship.agreed_on.is_null(False)))
        ),
        Stage("Ending within a month", *_counted(open_ones.where(Mentorship.ends_on <= soon))),
    ]


def _open_pairs(user: User) -> ModelSelect:
    return pairs_seen_by(user).where(Mentorship.ended_at.is_null())


def _counted(query: ModelSelect) -> tuple[int, datetime | None]:
    count, first = query.select(fn.COUNT(Mentorship.id), fn.MIN(Mentorship.introduced_at)).tuples().get()
    return count, first


def mentors(today: date) -> list[Load]:
    """Everybody who mentors: how many they support, and how their training stands."""
    rows = list(queries.active_mentors().order_by(User.name, Mentor.id))
    loads = queries.loads(rows)
    free = {one.id for one in queries.not_paused(today)}
    return [Load(one, loads.get(one.id, 0), one.id not in free, training_words(one, today)) for one in rows]


def training_words(mentor: Mentor, today: date) -> str:
    """What there is to do about a mentor's training; nothing where all is well."""
    if mentor.trained_on is None or mentor.trained_on > today:
        return "Not trained yet, so not matched"
    if mentor.training_ends_on and mentor.training_ends_on < today:
        return "Training has run out"
    if mentor.training_ends_on and mentor.training_ends_on <= today + TRAINING_SOON:
        return "Training runs out soon"
    return ""


@dataclass(frozen=True)
class Needs:
    """What needs a person today."""

    can_be_matched: int
    free_seats: int
    silent: list[Mentorship]
    again: list[Returner]
    requests: int
    training: list[Load]
    undelivered: list[tuple[Notice, Returner]]


def needs(user: User, today: date) -> Needs:
    waits = queries.waiting().where(Returner.id.in_(queries.returners_seen_by(user).select(Returner.id)))
    silent = _open_pairs(user).where(
        Mentorship.contact_at.is_null() & (Mentorship.asked_contact_at < clock.start_of(today) - SILENT_AFTER)
    )
    left = Mentorship.select(Mentorship.returner).where(
        Mentorship.ending.in_((MentorshipEnding.NOT_WORKING, MentorshipEnding.MENTOR_LEFT))
    )
    asked = MentoringWish.select(MentoringWish.returner).where(MentoringWish.request.is_null(False))
    return Needs(
        can_be_matched=waits.count(),
        free_seats=waiting.free_seats(today),
        silent=list(silent.order_by(Mentorship.introduced_at)),
        again=list(waits.where(Returner.id.in_(left))),
        requests=waits.where(Returner.id.in_(asked)).count(),
        training=[one for one in mentors(today) if one.training],
        undelivered=undelivered(user),
    )


def undelivered(user: User) -> list[tuple[Notice, Returner]]:
    """The latest messages to returners that did not arrive, and to whom: somebody corrects the address, or rings."""
    rows = notices.failed(letters(user)).order_by(Notice.id.desc()).limit(20)
    found = [(row, row.event.subject) for row in rows]
    return [(row, subject) for row, subject in found if isinstance(subject, Returner) and subject.removed_at is None]


def letters(user: User) -> ModelSelect:
    """The messages to returners that the team may look after: not what a pair gets about each other."""
    to_them = NoticeRecipient.select(NoticeRecipient.notice).where(
        NoticeRecipient.permission.startswith("D3-")
        | NoticeRecipient.permission.startswith("D4-")
        | NoticeRecipient.permission.startswith("D6-")
    )
    about_me = NoticeRecipient.select(NoticeRecipient.notice).where(NoticeRecipient.address == user.email)
    return Notice.select().where(Notice.id.in_(to_them) & Notice.id.not_in(about_me))


# The list


@dataclass(frozen=True)
class Page:
    rows: list[Returner]
    more: str  # the public id of the last row, where there are more


def page(user: User, state: str = "", text: str = "", after: Returner | None = None) -> Page:
    """Returners by the day of their return, the next first, and those who wait by when they asked (D4); of one state, or
    with these words in name or address."""
    query = queries.returners_seen_by(user)
    over = _is_over(clock.today())
    if state:
        query = query.where(over if state == OVER else (Returner.state == state) & ~over)
    for word in text.split()[:5]:
        query = query.where(Returner.name.contains(word) | Returner.email.contains(word))
    column = Returner.interested_at if state == ReturnerState.INTERESTED else Returner.returns_on
    if after is not None:
        reached = getattr(after, column.name)
        later: Any = (column > reached) | ((column == reached) & (Returner.id > after.id))
        query = query.where(later)
    rows = list(query.order_by(column, Returner.id).limit(ROWS_ON_A_PAGE + 1))
    return Page(rows[:ROWS_ON_A_PAGE], rows[ROWS_ON_A_PAGE - 1].public_id if len(rows) > ROWS_ON_A_PAGE else "")


def maybe_the_same(returner: Returner, user: User) -> list[Returner]:
    """Other rows with the same name: perhaps the same person, entered twice."""
    others = queries.returners_seen_by(user).where(
        (fn.LOWER(Returner.name) == returner.name.lower()) & (Returner.id != returner.id)
    )
    return list(others.order_by(Returner.returns_on).limit(10))
