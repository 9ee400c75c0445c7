"""Everybody who waits and every mentor, read from the tables as `matching` wants them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from models import (
    Area,
    Employer,
    KeptApart,
    MatchOverride,
    MentorBase,
    MentoringWish,
    MentorPause,
    Mode,
    OwnTrust,
    WhyApart,
    WishedArea,
)
from models import Mentor as MentorRow
from models import Returner as ReturnerRow
from signpost import clock
from signpost.mentoring import dates, geography, queries
from signpost.mentoring.matching import Base, Mentor, Returner, Round, Rule, Wish

TITLES = ("dr", "prof", "professor", "mr", "mrs", "ms", "miss", "mx", "sir", "dame")
WHY = {WhyApart.ASKED: Rule.ASKED, WhyApart.SUPERVISOR: Rule.SUPERVISOR, WhyApart.NOT_WORKING: Rule.NOT_WORKING}
NOTHING_ASKED = MentoringWish(district="")


@dataclass(frozen=True)
class Pool:
    """A round of today, the rows behind it by public id, and what coordinators have decided so far."""

    round: Round
    returners: dict[str, ReturnerRow]
    mentors: dict[str, MentorRow]
    pins: frozenset[tuple[str, str]]
    forbidden: frozenset[tuple[str, str]]


def load() -> Pool:
    """Everybody, in a dozen queries, however many they are."""
    return _pool(list(queries.waiting()), list(queries.active_mentors()))


def of_two(returner: ReturnerRow, mentor: MentorRow) -> Pool:
    """These two alone, where they wait and take people: what an introduction asks the rules about."""
    return _pool(
        list(queries.asking().where(ReturnerRow.id == returner.id)),
        list(queries.active_mentors().where(MentorRow.id == mentor.id)),
    )


def _pool(returners: list[ReturnerRow], mentors: list[MentorRow]) -> Pool:
    reader = _Reader(returners, mentors)
    overrides = list(
        MatchOverride.select(MatchOverride, ReturnerRow, MentorRow)
        .join(ReturnerRow)
        .switch(MatchOverride)
        .join(MentorRow)
        .where(MatchOverride.returner.in_(returners))
    )
    pairs = {(one.returner.public_id, one.mentor.public_id): one.is_pinned for one in overrides}
    return Pool(
        Round([reader.returner(one) for one in returners], [reader.mentor(one) for one in mentors], clock.today()),
        {one.public_id: one for one in returners},
        {one.public_id: one for one in mentors},
        frozenset(pair for pair, is_pinned in pairs.items() if is_pinned),
        frozenset(pair for pair, is_pinned in pairs.items() if not is_pinned),
    )


class _Reader:
    """What belongs to these rows in other tables, read once each."""

    def __init__(self, returners: list[ReturnerRow], mentors: list[MentorRow]) -> None:
        self.today = clock.today()
        self.areas = list(Area.select().order_by(Area.name))
        wishes = list(MentoringWish.select().where(MentoringWish.returner.in_(returners)))
        self.wishes = {wish.returner_id: wish for wish in wishes}
        self.wished_areas = _grouped(
            WishedArea.select(WishedArea, Area).join(Area).where(WishedArea.wish.in_(wishes)), "wish_id"
        )
        self.bases = _grouped(
            MentorBase.select().where(MentorBase.mentor.in_(mentors)).order_by(MentorBase.id), "mentor_id"
        )
        self.pauses = _grouped(MentorPause.select().where(MentorPause.mentor.in_(mentors)), "mentor_id")
        self.apart_of_returner = _apart_of(returners)
        self.apart_of_mentor = _grouped(KeptApart.select().where(KeptApart.mentor.in_(mentors)), "mentor_id")
        self.loads = queries.loads(mentors)
        self.trusts = dict(Employer.select(Employer.id, Employer.public_id).tuples())
        self.spelt: dict[str, str] = {}

    def returner(self, row: ReturnerRow) -> Returner:
        wish = self.wishes.get(row.id, NOTHING_ASKED)
        areas = self.wished_areas.get(wish.id, [])
        addresses = {row.email} | ({row.user.email} if row.user else set())
        return Returner(
            key=row.public_id,
            name=row.name,
            waited=max(0, (self.today - clock.to_london(row.interested_at).date()).days),
            support_ends_on=dates.ends_on(row.returns_on),
            place=wish.place_name or wish.district,
            point=geography.point_of(wish.district),
            reach=None if wish.miles is None else geography.metres(wish.miles),
            is_reach_a_limit=wish.is_miles_a_limit,
            modes=_modes(wish),
            is_mode_a_limit=wish.is_mode_a_limit,
            days=_days(wish.days),
            areas=frozenset(one.area.name for one in areas if not one.is_avoided),
            areas_avoided=frozenset(one.area.name for one in areas if one.is_avoided),
            trust=self.trusts.get(row.employer_id, ""),
            wants_own_trust=_own_trust(wish, row),
            traits=self._traits(wish, row.specialty if wish.same_specialty else ""),
            addresses=frozenset(addresses),
            known_as=frozenset(addresses | {known_as(row.name)}),
            apart=_apart(self.apart_of_returner.get(row.id, [])),
        )

    def mentor(self, row: MentorRow) -> Mentor:
        bases = self.bases.get(row.id, [])
        return Mentor(
            key=row.public_id,
            name=row.user.name,
            trained_on=row.trained_on,
            training_ends_on=row.training_ends_on,
            has_left=row.left_at is not None,
            capacity=row.capacity,
            load=self.loads.get(row.id, 0),
            pauses=tuple((pause.first_day, pause.last_day) for pause in self.pauses.get(row.id, [])),
            bases=tuple(
                Base(one.place_name or one.district, geography.point_of(one.district), self._areas(one.district))
                for one in bases
            ),
            reach=geography.metres(row.miles),
            modes=_modes(row),
            days=_days(row.days),
            trust=self.trusts.get(row.employer_id, ""),
            traits=self._traits(row, row.specialty),
            addresses=frozenset({row.user.email}),
            known_as=frozenset({row.user.email, known_as(row.user.name)}),
            apart=_apart(self.apart_of_mentor.get(row.id, [])),
        )

    def _areas(self, district: str) -> frozenset[str]:
        letters = district.rstrip("0123456789") if district[-1:].isdigit() else district[:-2]
        return frozenset(area.name for area in self.areas if {district, letters} & set(area.districts.split()))

    def _traits(self, row: MentoringWish | MentorRow, specialty: str) -> frozenset[tuple[Wish, str]]:
        """What can be asked for and brought. A specialty is spelt as it was first, a reason is never shown."""
        traits = {(Wish.LTFT, "")} if row.works_ltft else set()
        if row.is_parent:
            traits.add((Wish.PARENT, ""))
        if specialty.strip():
            traits.add((Wish.SPECIALTY, self.spelt.setdefault(_plain(specialty), specialty.strip())))
        if row.return_reason:
            traits.add((Wish.REASON, _plain(row.return_reason)))
        return frozenset(traits)


def _apart_of(returners: list[ReturnerRow]) -> dict[int, list[KeptApart]]:
    """By row number; with it what did not work for the same person after an earlier absence (D14)."""
    emails, users = [one.email for one in returners], [one.user_id for one in returners if one.user_id]
    earlier = (KeptApart.why == WhyApart.NOT_WORKING) & (ReturnerRow.email.in_(emails) | ReturnerRow.user.in_(users))
    rows = list(
        KeptApart.select(KeptApart, ReturnerRow)
        .join(ReturnerRow)
        .where(KeptApart.returner.in_(returners) | earlier)
        .order_by(KeptApart.id)
    )
    own = _grouped(rows, "returner_id")
    by_email, by_user = defaultdict(list), defaultdict(list)
    for row in rows:
        if row.why == WhyApart.NOT_WORKING:
            by_email[row.returner.email].append(row)
            by_user[row.returner.user_id].append(row)
    return {
        one.id: own.get(one.id, []) + by_email[one.email] + (by_user[one.user_id] if one.user_id else [])
        for one in returners
    }


def known_as(name: str) -> str:
    """A name as it is compared: `Dr. Jane  SMITH` is jane smith."""
    return " ".join(word for word in _plain(name.replace(".", " ")).split() if word not in TITLES)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _apart(rows: Iterable[KeptApart]) -> frozenset[tuple[str, Rule]]:
    return frozenset(
        (name, WHY[WhyApart(row.why)]) for row in rows for name in (row.email.lower(), known_as(row.name)) if name
    )


def _modes(row: MentoringWish | MentorRow) -> frozenset[str]:
    has = {Mode.FACE_TO_FACE: row.face_to_face, Mode.TEAMS: row.teams, Mode.TELEPHONE: row.telephone}
    return frozenset(mode.value for mode, is_so in has.items() if is_so)


def _days(digits: str) -> frozenset[int]:
    return frozenset(int(digit) for digit in digits)


def _own_trust(wish: MentoringWish, row: ReturnerRow) -> bool | None:
    """Nobody whose own trust is not known can have a wish about it."""
    if row.employer_id is None or wish.own_trust == OwnTrust.EITHER:
        return None
    return wish.own_trust == OwnTrust.WISHED


def _grouped(rows: Iterable[Any], by: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, by)].append(row)
    return found
