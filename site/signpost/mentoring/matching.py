"""Who should mentor whom: the best for everybody who waits, worked out all at once. Values in, values out.

Each rule and each wish of a returner is a set: the mentors whom it lets through, or who meet it. Whoever is in all sets of
the rules may be matched (`Rule` names them). Among all ways to match, these decide, each only where those before it tie:

1. the most people matched
2. the fewest days waited, added up over those who are left
3. the most wishes met; one of geography counts for more than all others that a person can have (D6: "above all")
4. the least travel, in metres

Exact in whole numbers, and the same whatever the order of what comes in: where all four tie, the keys decide.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property

from signpost.mentoring.assignment import Assignment, cheapest
from signpost.mentoring.geography import metres_between

Point = tuple[float, float]
FACE_TO_FACE = "face_to_face"
FARTHEST = 1_500_000  # metres, more than the country is long: what a distance that we do not know counts as


class Rule(StrEnum):
    """Why a pair cannot be. Each is kept always; `DISTANCE` and `MODE` where the returner chose to wait for them (D6)."""

    TRAINED = "trained"  # the mentor was trained by that day (D2); training past its end only warns
    PRESENT = "present"  # the mentor has not left and has no pause on that day
    ROOM = "room"  # fewer mentees than the number the mentor set (D5)
    DATES = "dates"  # six months after the return are not over (D11)
    THEMSELVES = "themselves"  # a returner may be a mentor too
    ASKED = "asked"  # either asked to be kept apart
    SUPERVISOR = "supervisor"  # never one's own
    NOT_WORKING = "not_working"  # never the same two again (D14)
    REACH = "reach"  # the mentor can meet them in some way: in person only as far as the mentor goes
    DISTANCE = "distance"
    MODE = "mode"
    FORBIDDEN = "forbidden"  # by a coordinator


class Wish(StrEnum):
    """What a returner may ask for; met where possible (D6)."""

    DISTANCE = "distance"
    AREA = "area"
    NOT_THERE = "not_there"
    MODE = "mode"
    DAYS = "days"
    OWN_TRUST = "own_trust"
    SPECIALTY = "specialty"
    LTFT = "ltft"
    PARENT = "parent"
    REASON = "reason"


GEOGRAPHY = (Wish.DISTANCE, Wish.AREA, Wish.NOT_THERE)
WEIGHT = {wish: len(Wish) - len(GEOGRAPHY) + 1 if wish in GEOGRAPHY else 1 for wish in Wish}
MOST = sum(WEIGHT.values())


@dataclass(frozen=True)
class Returner:
    """Somebody who waits for a mentor, and what they asked for. Distances in metres, `waited` in days.

    `known_as` holds their addresses and names in lower case, `addresses` the former alone, `apart` those of people whom
    they are kept apart from, and why.
    """

    key: str
    name: str
    waited: int
    support_ends_on: date
    place: str = ""
    point: Point | None = None
    reach: int | None = None
    is_reach_a_limit: bool = False
    modes: frozenset[str] = frozenset((FACE_TO_FACE,))
    is_mode_a_limit: bool = False
    days: frozenset[int] = frozenset()
    areas: frozenset[str] = frozenset()
    areas_avoided: frozenset[str] = frozenset()
    trust: str = ""
    wants_own_trust: bool | None = None
    traits: frozenset[tuple[Wish, str]] = frozenset()
    addresses: frozenset[str] = frozenset()
    known_as: frozenset[str] = frozenset()
    apart: frozenset[tuple[str, Rule]] = frozenset()


@dataclass(frozen=True)
class Base:
    """Where a mentor can be met, and the areas it lies in."""

    place: str
    point: Point | None
    areas: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Mentor:
    """A mentor, how many more they can support, and what they bring. `reach` is how far they go, in metres."""

    key: str
    name: str
    trained_on: date | None
    training_ends_on: date | None = None
    has_left: bool = False
    capacity: int = 2
    load: int = 0
    pauses: tuple[tuple[date, date | None], ...] = ()
    bases: tuple[Base, ...] = ()
    reach: int = FARTHEST
    modes: frozenset[str] = frozenset((FACE_TO_FACE,))
    days: frozenset[int] = frozenset()
    trust: str = ""
    traits: frozenset[tuple[Wish, str]] = frozenset()
    addresses: frozenset[str] = frozenset()
    known_as: frozenset[str] = frozenset()
    apart: frozenset[tuple[str, Rule]] = frozenset()

    @property
    def room(self) -> int:
        return max(0, self.capacity - self.load)

    def pause_on(self, day: date) -> tuple[date, date | None] | None:
        return next((pause for pause in self.pauses if pause[0] <= day and (pause[1] is None or day <= pause[1])), None)


@dataclass(frozen=True)
class Pair:
    """A returner and a mentor who may be matched. `metres` is None where a place has no coordinates."""

    returner: Returner
    mentor: Mentor
    metres: int | None
    modes: frozenset[str]
    met: tuple[Wish, ...]
    unmet: tuple[Wish, ...]
    is_pinned: bool = False

    @property
    def worth(self) -> int:
        return sum(WEIGHT[wish] for wish in self.met)

    @property
    def travel(self) -> int:
        return _far(self.metres)


@dataclass(frozen=True, order=True)
class Score:
    """The four levels, in order; days, weight and metres are negative where less is better, so that more is better."""

    matched: int
    days: int
    wishes: int
    metres: int


@dataclass(frozen=True)
class Matching:
    """The best of all ways to match, and whom it leaves. `prices` say what one more place with a mentor would be worth."""

    pairs: tuple[Pair, ...]
    unmatched: tuple[Returner, ...]
    prices: Mapping[str, int]
    pins_set_aside: tuple[tuple[str, str], ...] = ()

    @cached_property
    def score(self) -> Score:
        return Score(
            len(self.pairs),
            -sum(returner.waited for returner in self.unmatched),
            sum(pair.worth for pair in self.pairs),
            -sum(pair.travel for pair in self.pairs),
        )

    @cached_property
    def mentor_of(self) -> dict[str, str]:
        return {pair.returner.key: pair.mentor.key for pair in self.pairs}

    @cached_property
    def taken(self) -> Counter[str]:
        return Counter(pair.mentor.key for pair in self.pairs)


@dataclass(frozen=True)
class _View:
    """The mentors as seen from one place: how far each is, and who meets there in which way."""

    metres: list[int | None]
    meets: dict[Hashable, Set[int]]


@dataclass
class Round:
    """Everybody who waits and every mentor there is, on one day. A mentor is a number here: their place in `mentors`."""

    returners: Sequence[Returner]
    mentors: Sequence[Mentor]
    on: date
    _views: dict[Point | None, _View] = field(default_factory=dict, repr=False)
    _allowed: dict[str, Set[int]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.returners = sorted(self.returners, key=lambda returner: returner.key)
        self.mentors = sorted(self.mentors, key=lambda mentor: mentor.key)
        self.all = frozenset(range(len(self.mentors)))
        self.number = {mentor.key: number for number, mentor in enumerate(self.mentors)}
        self.returner = {returner.key: returner for returner in self.returners}
        self._trained = self._who(lambda mentor: mentor.trained_on is not None and mentor.trained_on <= self.on)
        self._present = self._who(lambda mentor: not mentor.has_left and not mentor.pause_on(self.on))
        self._with_room = self._who(lambda mentor: mentor.room > 0)
        self._addresses = self._by(lambda mentor: mentor.addresses)
        self._known_as = self._by(lambda mentor: mentor.known_as)
        self._kept_from = self._by(lambda mentor: mentor.apart)
        self.taking = self._trained & self._present & self._with_room
        self._by_mode = self._by(lambda mentor: mentor.modes)
        self._by_day = self._by(lambda mentor: mentor.days)
        self._by_area = self._by(lambda mentor: {area for base in mentor.bases for area in base.areas})
        self._by_trust = self._by(lambda mentor: {mentor.trust} - {""})
        self._by_trait = self._by(lambda mentor: mentor.traits)

    def _who(self, holds: Callable[[Mentor], bool]) -> Set[int]:
        return frozenset(number for number in self.all if holds(self.mentors[number]))

    def _by(self, values: Callable[[Mentor], Iterable[Hashable]]) -> dict[Hashable, Set[int]]:
        found: dict[Hashable, set[int]] = {}
        for number, mentor in enumerate(self.mentors):
            for value in values(mentor):
                found.setdefault(value, set()).add(number)
        return dict(found)

    # Who may be matched with whom

    def let_through(self, returner: Returner) -> dict[Rule, Set[int]]:
        """For each rule, the mentors with whom it lets this returner be matched."""
        meets, met = self._view(returner).meets, self._met(returner)
        rules: dict[Rule, Set[int]] = {
            Rule.TRAINED: self._trained,
            Rule.PRESENT: self._present,
            Rule.ROOM: self._with_room,
            Rule.DATES: self.all if self.on < returner.support_ends_on else frozenset(),
            Rule.THEMSELVES: self.all - _any(self._addresses, returner.addresses),
            Rule.REACH: _any(meets, meets),
        }
        for why in (Rule.ASKED, Rule.SUPERVISOR, Rule.NOT_WORKING):
            theirs = (self._known_as.get(name, ()) for name, reason in returner.apart if reason is why)
            of_mentors = (self._kept_from.get((name, why), ()) for name in returner.known_as)
            rules[why] = self.all.difference(*theirs, *of_mentors)
        if returner.is_reach_a_limit:
            rules[Rule.DISTANCE] = met[Wish.DISTANCE]
        if returner.is_mode_a_limit:
            rules[Rule.MODE] = met[Wish.MODE]
        return rules

    def allowed(self, returner: Returner) -> Set[int]:
        """The mentors whom every rule lets through."""
        if returner.key not in self._allowed:
            self._allowed[returner.key] = self.all.intersection(*self.let_through(returner).values())
        return self._allowed[returner.key]

    def refused(self, returner: Returner, mentor: Mentor) -> list[Rule]:
        """The rules that keep these two from being matched."""
        number = self.number[mentor.key]
        return [rule for rule, who in self.let_through(returner).items() if number not in who]

    # What a match would be worth

    def pair(self, returner: Returner, number: int, is_pinned: bool = False) -> Pair:
        view, met = self._view(returner), self._met(returner)
        modes = frozenset(mode for mode in returner.modes if number in view.meets.get(mode, ()))
        return Pair(
            *(returner, self.mentors[number], view.metres[number], modes),
            tuple(wish for wish in Wish if wish in met and number in met[wish]),
            tuple(wish for wish in Wish if wish in met and number not in met[wish]),
            is_pinned,
        )

    def _met(self, returner: Returner) -> dict[Wish, Set[int]]:
        """For each wish that this returner has, the mentors who meet it."""
        view = self._view(returner)
        met: dict[Wish, Set[int]] = {}
        if returner.reach is not None:
            far = [(number, metres) for number, metres in enumerate(view.metres) if metres is not None]
            met[Wish.DISTANCE] = {number for number, metres in far if metres <= returner.reach}
        if returner.areas:
            met[Wish.AREA] = _any(self._by_area, returner.areas)
        if returner.areas_avoided:
            met[Wish.NOT_THERE] = self.all - _any(self._by_area, returner.areas_avoided)
        met[Wish.MODE] = _any(view.meets, returner.modes)
        if returner.days:
            met[Wish.DAYS] = _any(self._by_day, returner.days)
        if returner.wants_own_trust is not None:
            own = self._by_trust.get(returner.trust, set())
            met[Wish.OWN_TRUST] = own if returner.wants_own_trust else self.all - own
        for wish, value in returner.traits:
            met[wish] = met.get(wish, set()) | self._by_trait.get((wish, value), set())
        return met

    def _view(self, returner: Returner) -> _View:
        if returner.point not in self._views:
            metres = [_nearest(returner.point, mentor) for mentor in self.mentors]
            meets = dict(self._by_mode)
            meets[FACE_TO_FACE] = {
                number
                for number in self._by_mode.get(FACE_TO_FACE, ())
                if _far(metres[number]) <= self.mentors[number].reach
            }
            self._views[returner.point] = _View(metres, meets)
        return self._views[returner.point]

    # The best for everybody

    def solve(self, pins: Iterable[tuple[str, str]] = (), forbidden: Iterable[tuple[str, str]] = ()) -> Matching:
        """The best of all ways to match, given pairs of keys that a coordinator pinned or forbade.

        A pin that a rule forbids, or for which no place is left, is set aside and named.
        """
        barred = {(returner, self.number[mentor]) for returner, mentor in forbidden if mentor in self.number}
        room = [mentor.room for mentor in self.mentors]
        pinned: list[Pair] = []
        set_aside: list[tuple[str, str]] = []
        for returner_key, mentor_key in sorted(set(pins)):
            number, returner = self.number.get(mentor_key, -1), self.returner.get(returner_key)
            is_new = returner is not None and all(pair.returner.key != returner_key for pair in pinned)
            if returner is not None and is_new and number in self.allowed(returner) and room[number] > 0:
                pinned.append(self.pair(returner, number, is_pinned=True))
                room[number] -= 1
            else:
                set_aside.append((returner_key, mentor_key))
        settled = {pair.returner.key for pair in pinned}
        waiting = [returner for returner in self.returners if returner.key not in settled]
        answer = self._assign(waiting, room, barred)
        pairs = [
            self.pair(returner, number)
            for returner, number in zip(waiting, answer.places, strict=True)
            if number is not None
        ]
        return Matching(
            tuple(sorted(pinned + pairs, key=lambda pair: pair.returner.key)),
            tuple(who for who, number in zip(waiting, answer.places, strict=True) if number is None),
            {mentor.key: price for mentor, price in zip(self.mentors, answer.prices, strict=True)},
            tuple(set_aside),
        )

    def _assign(self, waiting: Sequence[Returner], room: Sequence[int], barred: Set[tuple[str, int]]) -> Assignment:
        """One number for the four levels: a step of each outweighs all that those after it can add up to."""
        a_wish = len(waiting) * FARTHEST + 1
        a_day = len(waiting) * MOST * a_wish + a_wish
        a_person = sum(returner.waited for returner in waiting) * a_day + a_day
        costs = []
        for returner in waiting:
            allowed = {number for number in self.allowed(returner) if (returner.key, number) not in barred}
            unmet = dict.fromkeys(allowed, MOST)
            for wish, who in self._met(returner).items():
                for number in who & allowed:
                    unmet[number] -= WEIGHT[wish]
            metres = self._view(returner).metres
            costs.append({number: lost * a_wish + _far(metres[number]) for number, lost in unmet.items()})
        return cheapest(costs, [a_person + returner.waited * a_day for returner in waiting], room)


def solve(
    returners: Iterable[Returner],
    mentors: Iterable[Mentor],
    on: date,
    pins: Iterable[tuple[str, str]] = (),
    forbidden: Iterable[tuple[str, str]] = (),
) -> Matching:
    """The best of all ways to match on that day."""
    return Round(list(returners), list(mentors), on).solve(pins, forbidden)


def _far(metres: int | None) -> int:
    return FARTHEST if metres is None else metres


def _any(sets: Mapping[Hashable, Set[int]], values: Iterable[Hashable]) -> Set[int]:
    return frozenset().union(*(sets.get(value, ()) for value in values))


def _nearest(point: Point | None, mentor: Mentor) -> int | None:
    """Metres to the nearest place where the mentor can be met."""
    if point is None:
        return None
    return min((metres_between(point, base.point) for base in mentor.bases if base.point is not None), default=None)
