"""What the matching board shows: suggestions and why, those who are left and why, what overrides cost, what changed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from models import MatchesSeen, User
from models import Mentor as MentorRow
from models import Returner as ReturnerRow
from signpost.mentoring import actions, districts, geography, places, pool, queries
from signpost.mentoring.map_drawing import Drawing, Mark, draw
from signpost.mentoring.matching import FACE_TO_FACE, Base, Matching, Mentor, Pair, Point, Returner
from signpost.mentoring.reasons import Change, Reasons, changes, difference, of_pair, warnings

MOST_SHOWN = 30  # mentors to choose from, the best first
MOST_PLACES = 12  # where another mentor is tried


@dataclass(frozen=True)
class Suggestion:
    """A pair, numbered as on the map, and why."""

    number: int
    returner: ReturnerRow
    mentor: MentorRow
    pair: Pair
    why: str
    nearer: str
    warnings: list[str]

    @property
    def miles(self) -> int:
        return geography.miles(self.pair.travel)


@dataclass(frozen=True)
class Left:
    """Somebody without a suggestion: their place among those who wait, and why."""

    returner: ReturnerRow
    place: int
    waited: int
    where: str
    why: str


@dataclass(frozen=True)
class OnMap:
    """A mentor, where they can be met, and how many more they take today: none in a pause, or before the training."""

    name: str
    where: str
    free: int


@dataclass(frozen=True)
class Override:
    """A pair that was pinned or ruled out, and what that costs by itself; or why a pin no longer holds."""

    returner: ReturnerRow
    mentor: MentorRow
    is_pinned: bool
    cost: str
    is_set_aside: bool


@dataclass(frozen=True)
class Board:
    suggestions: list[Suggestion]
    left: list[Left]
    mentors: list[OnMap]
    overrides: list[Override]
    cost: str
    changed: list[str]
    seen_at: datetime | None
    map: Drawing | None
    miles: int
    met: int
    asked: int


class Desk:
    """The pool of this moment as one coordinator may see it: all is matched, one's own return is not shown (D13)."""

    def __init__(self, me: User) -> None:
        self.me = me
        self.pool = pool.load()
        self.round = self.pool.round
        self.matching = self.solve(self.pool.pins, self.pool.forbidden)
        self.reasons = Reasons(self.round, self.matching, self.pool.forbidden)
        ids = [row.id for row in self.pool.returners.values()]
        seen = queries.returners_seen_by(me).where(ReturnerRow.id.in_(ids))
        self.visible = {row.public_id for row in seen}

    def solve(self, pins: frozenset[tuple[str, str]], forbidden: frozenset[tuple[str, str]]) -> Matching:
        return self.round.solve(pins, forbidden)

    def pairs_now(self) -> dict[str, str | None]:
        """Mentor by returner, by public ids; None for those who are left."""
        return {**dict.fromkeys((who.key for who in self.matching.unmatched), None), **self.matching.mentor_of}

    # The board

    def board(self) -> Board:
        pairs = [pair for pair in self.matching.pairs if pair.returner.key in self.visible]
        pairs.sort(key=lambda pair: (-pair.returner.waited, pair.returner.name, pair.returner.key))
        suggestions = [self._suggestion(number, pair) for number, pair in enumerate(pairs, start=1)]
        seen = MatchesSeen.get_or_none(MatchesSeen.user == self.me)
        return Board(
            suggestions,
            self._left(),
            self._mentors(),
            self._overrides(),
            self._cost_of_all(),
            self._changed(json.loads(seen.pairs_json)) if seen else [],
            seen.seen_at if seen else None,
            self._map(suggestions),
            geography.miles(sum(pair.metres for pair in pairs if pair.metres is not None)),
            sum(len(pair.met) for pair in pairs),
            sum(len(pair.met) + len(pair.unmet) for pair in pairs),
        )

    def _suggestion(self, number: int, pair: Pair) -> Suggestion:
        return Suggestion(
            number,
            self.pool.returners[pair.returner.key],
            self.pool.mentors[pair.mentor.key],
            pair,
            of_pair(pair),
            self.reasons.why_not_nearer(pair),
            warnings(pair, self.round),
        )

    def _left(self) -> list[Left]:
        """In the order of the waiting list, whose places count everybody on it."""
        place = {key: number for number, key in enumerate(self.pool.returners, start=1)}
        rows = [
            Left(
                self.pool.returners[who.key], place[who.key], who.waited, who.place, self.reasons.why_nobody(who).words
            )
            for who in self.matching.unmatched
            if who.key in self.visible
        ]
        return sorted(rows, key=lambda left: left.place)

    def _mentors(self) -> list[OnMap]:
        rows = [
            OnMap(
                one.name, " and ".join(base.place for base in one.bases), one.room if number in self.round.taking else 0
            )
            for number, one in enumerate(self.round.mentors)
        ]
        return sorted(rows, key=lambda row: (row.name, row.where))

    def _overrides(self) -> list[Override]:
        found = []
        for pair in sorted(self.pool.pins | self.pool.forbidden):
            if pair[0] not in self.visible:
                continue
            returner = self.pool.returners[pair[0]]
            mentor = self.pool.mentors.get(pair[1]) or MentorRow.get(MentorRow.public_id == pair[1])
            if pair in self.matching.pins_set_aside:
                found.append(Override(returner, mentor, True, self._why_set_aside(pair), True))
            else:
                without = self.solve(self.pool.pins - {pair}, self.pool.forbidden - {pair})
                words = difference(without, self.matching).words
                found.append(Override(returner, mentor, pair in self.pool.pins, words, False))
        return found

    def _why_set_aside(self, pair: tuple[str, str]) -> str:
        if pair[1] not in self.pool.mentors:
            return "The mentor does not take anybody any more."
        refused = self.round.refused(self.round.returner[pair[0]], self.round.mentors[self.round.number[pair[1]]])
        if not refused:
            return "Another pin has the last place."
        names = {"returner": self.pool.returners[pair[0]].name, "mentor": self.pool.mentors[pair[1]].user.name}
        return actions.REFUSED[refused[0]].format(**names)

    def _cost_of_all(self) -> str:
        if not self.pool.pins | self.pool.forbidden:
            return ""
        return difference(self.solve(frozenset(), frozenset()), self.matching).words

    def _changed(self, before: Mapping[str, str | None]) -> list[str]:
        mentors = {key: row.user.name for key, row in self.pool.mentors.items()}
        gone = [change.returner for change in changes(before, self.matching) if change.went]
        names = {key: row.name for key, row in self.pool.returners.items() if key in self.visible}
        names |= {
            row.public_id: row.name for row in queries.returners_seen_by(self.me).where(ReturnerRow.public_id.in_(gone))
        }
        found = [change for change in changes(before, self.matching) if change.returner in names]
        return sorted(_said(change, names[change.returner], mentors) for change in found)

    # The map

    def _map(self, suggestions: list[Suggestion]) -> Drawing | None:
        number = {one.pair.returner.key: one.number for one in suggestions}
        marks = [
            Mark("suggested" if one.key in number else "left", str(number.get(one.key, "")), one.point, one.key)
            for one in self.round.returners
            if one.point and one.key in self.visible
        ]
        marks += [mark for mentor in self.round.mentors for mark in self._bases(mentor)]
        pairs = [(one.pair.returner.key, _nearest_base(one.pair)) for one in suggestions]
        return self._drawn(marks, pairs)

    def _bases(self, mentor: Mentor) -> list[Mark]:
        kind = "mentor" if self.round.number[mentor.key] in self.round.taking else "full"
        return [
            Mark(kind, "", base.point, _key_of(mentor, number))
            for number, base in enumerate(mentor.bases)
            if base.point
        ]

    def _drawn(self, marks: list[Mark], pairs: list[tuple[str, str]]) -> Drawing | None:
        names = {name: point for name, district in places.names().items() if (point := geography.point_of(district))}
        return draw(marks, pairs, names, [point for point in districts.known().values() if point])

    # Somebody else

    def instead(self, returner: ReturnerRow) -> list["Choice"]:
        """Every mentor whom the rules allow this returner, the best first, and what choosing them would cost."""
        who = self.round.returner[returner.public_id]
        now = self.matching.mentor_of.get(who.key)
        pairs = [self.round.pair(who, number) for number in self.round.allowed(who)]
        pairs.sort(key=lambda pair: (-pair.worth, pair.travel, pair.mentor.key))
        others = frozenset(pin for pin in self.pool.pins if pin[0] != who.key)
        rows = []
        for pair in pairs[:MOST_SHOWN]:
            this = (who.key, pair.mentor.key)
            chosen = self.solve(others | {this}, self.pool.forbidden - {this})
            is_possible = this not in chosen.pins_set_aside
            cost = difference(self.matching, chosen).words if is_possible else "Pins of others hold all places."
            rows.append(
                Choice(
                    self.pool.mentors[pair.mentor.key], of_pair(pair), cost, pair.mentor.key == now,
                    this in self.pool.pins, this in self.pool.forbidden, is_possible,
                )
            )  # fmt: skip
        return rows

    def refused(self, returner: ReturnerRow) -> list[tuple[MentorRow, list[str]]]:
        """The mentors whom a rule keeps away, and which."""
        who = self.round.returner[returner.public_id]
        found = []
        for mentor in self.round.mentors:
            if rules := self.round.refused(who, mentor):
                names = {"returner": who.name, "mentor": mentor.name}
                found.append((self.pool.mentors[mentor.key], [actions.REFUSED[rule].format(**names) for rule in rules]))
        return found

    # Where to recruit

    def needs(self) -> list["Need"]:
        """For each place where somebody is left: how many wait there, and what one more mentor there would change."""
        there: dict[str, list[Returner]] = {}
        for who in self.round.returners:
            if who.key in self.visible and who.point:
                there.setdefault(who.place, []).append(who)
        left = {who.key for who in self.matching.unmatched}
        rows = [
            Need(place, len(waiting), sum(who.key in left for who in waiting), *self._with_another(waiting[0]))
            for place, waiting in sorted(there.items(), key=lambda item: -sum(who.key in left for who in item[1]))[
                :MOST_PLACES
            ]
        ]
        return sorted(rows, key=lambda need: (-need.helped, -need.left, -need.waiting, need.place))

    def _with_another(self, who: Returner) -> tuple[int, str]:
        """Everybody matched again with one more mentor in the same place: trained just now, two places, any way of meeting."""
        modes = frozenset(mode for mentor in self.round.mentors for mode in mentor.modes) | {FACE_TO_FACE}
        area = frozenset(
            area
            for mentor in self.round.mentors
            for base in mentor.bases
            if base.point == who.point
            for area in base.areas
        )
        another = Mentor(
            "", "A new mentor", trained_on=self.round.on, bases=(Base(who.place, who.point, area),),
            reach=geography.metres(30), modes=modes,
        )  # fmt: skip
        more = type(self.round)(self.round.returners, [*self.round.mentors, another], self.round.on)
        after = more.solve(self.pool.pins, self.pool.forbidden)
        return after.score.matched - self.matching.score.matched, difference(self.matching, after).words

    def map_of_needs(self) -> Drawing | None:
        left = {who.key for who in self.matching.unmatched}
        marks = [
            Mark("left" if who.key in left else "suggested", "", who.point, who.key)
            for who in self.round.returners
            if who.point and who.key in self.visible
        ]
        return self._drawn(marks + [mark for mentor in self.round.mentors for mark in self._bases(mentor)], [])


@dataclass(frozen=True)
class Choice:
    """A mentor somebody could have, and what it would cost the others."""

    mentor: MentorRow
    why: str
    cost: str
    is_suggested: bool
    is_pinned: bool
    is_ruled_out: bool
    is_possible: bool


@dataclass(frozen=True)
class Need:
    """A place, who waits there, and what a new mentor there would change. `helped`: people more with a mentor."""

    place: str
    waiting: int
    left: int
    helped: int
    words: str


def _said(change: Change, name: str, mentors: Mapping[str, str]) -> str:
    before, now = (mentors.get(key or "", "somebody who takes nobody now") for key in (change.before, change.now))
    if change.went:
        return f"{name} does not wait any more."
    if change.came:
        return f"{name} waits now; {f'suggested: {now}' if change.now else 'no mentor can be suggested'}."
    if change.before is None:
        return f"{name} now has a suggestion: {now}."
    if change.now is None:
        return f"{name} has no suggestion any more; it was {before}."
    return f"{name}: {now} instead of {before}."


def _key_of(mentor: Mentor, number: int) -> str:
    return f"{mentor.key}-{number}"


def _nearest_base(pair: Pair) -> str:
    def far(number: int) -> int:
        base: Point | None = pair.mentor.bases[number].point
        return geography.metres_between(pair.returner.point, base) if pair.returner.point and base else 10**9

    return _key_of(pair.mentor, min(range(len(pair.mentor.bases)), key=far, default=0))
