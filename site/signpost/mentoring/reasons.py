"""What the matching decided, in words: why these two, why nobody, what an override costs, what changed since.

Each sentence is worked out from the rules themselves, by leaving out one at a time, never guessed.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from functools import cached_property

from signpost.formatting import day, plural, sentence_list
from signpost.mentoring.geography import METRES_IN_A_MILE, metres, miles
from signpost.mentoring.matching import FACE_TO_FACE, Matching, Mentor, Pair, Returner, Round, Rule, Wish

MODES = {FACE_TO_FACE: "in person", "teams": "by video", "telephone": "by phone"}
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
TEN = 10  # miles
NAMED = 3

# What is lost, of one person and of several: "one person loses their area".
LOST = {
    Wish.DISTANCE: "a mentor as near as they asked",
    Wish.AREA: "their area",
    Wish.NOT_THERE: "not going to an area they would rather avoid",
    Wish.MODE: "their way of meeting",
    Wish.DAYS: "their days",
    Wish.OWN_TRUST: "their wish about their own trust",
    Wish.SPECIALTY: "a mentor of their specialty",
    Wish.LTFT: "a mentor who works less than full time",
    Wish.PARENT: "a mentor who is a parent",
    Wish.REASON: "a mentor who was away for the same reason",
}
SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")

SAME_NAME = "Both are called {}, under different addresses. If that is one person, do not introduce them."


# Why these two


def of_pair(pair: Pair, but_for: Wish | None = None) -> str:
    """8 miles; both in person; wanted Lancashire; could not honour: Tuesday."""
    without = {Wish.DISTANCE, Wish.MODE, but_for}
    wanted = [_asked(pair.returner, wish, pair.mentor) for wish in pair.met if wish not in without]
    unmet = [_asked(pair.returner, wish) for wish in pair.unmet if wish is not but_for]
    parts = [distance(pair.metres)]
    if pair.modes:
        parts.append(f"both {_modes(pair.modes)}")
    if wanted:
        parts.append(f"wanted {sentence_list(wanted)}")
    if unmet:
        parts.append(f"could not honour: {sentence_list(unmet)}")
    return "; ".join(parts)


def warnings(pair: Pair, round_: Round) -> list[str]:
    """What the team should know of a pair that may all the same be introduced (D2)."""
    said, ends = [], pair.mentor.training_ends_on
    if ends and ends < round_.on:
        said.append(f"{pair.mentor.name}’s training ended on {day(ends)}.")
    if pair.returner.known_as & pair.mentor.known_as:
        said.append(SAME_NAME.format(pair.mentor.name))
    return said


def distance(far: int | None) -> str:
    if far is None:
        return "distance not known"
    if far == 0:
        return "same postcode district"
    return "less than a mile" if far < METRES_IN_A_MILE / 2 else plural(miles(far), "mile")


def _asked(returner: Returner, wish: Wish, mentor: Mentor | None = None) -> str:
    """What the returner asked for, in words that fit after “wanted” and “could not honour:”; of this mentor's alone."""
    areas, days, traits = returner.areas, returner.days, returner.traits
    if mentor:
        areas &= {area for base in mentor.bases for area in base.areas}
        days, traits = days & mentor.days, traits & mentor.traits
    words = {
        Wish.DISTANCE: f"within {distance(returner.reach)}",
        Wish.AREA: sentence_list(sorted(areas), "or"),
        Wish.NOT_THERE: f"not {sentence_list(sorted(returner.areas_avoided), 'or')}",
        Wish.MODE: _modes(returner.modes),
        Wish.DAYS: sentence_list([DAYS[number] for number in sorted(days)], "or"),
        Wish.OWN_TRUST: "their own trust" if returner.wants_own_trust else "another trust than their own",
        Wish.SPECIALTY: sentence_list(sorted(value for trait, value in traits if trait is wish), "or"),
        Wish.LTFT: "somebody who works less than full time",
        Wish.PARENT: "a parent",
        Wish.REASON: "the same reason for being away",
    }
    return words[wish]


def _modes(modes: Iterable[str]) -> str:
    return sentence_list([words for mode, words in MODES.items() if mode in modes], "or")


# Why nobody, and why nobody nearer


@dataclass(frozen=True)
class Unmatched:
    """Why somebody has no mentor, in words, and what would change it.

    `suitable` counts mentors whom all rules let through; `would` those whom one rule alone keeps away; `helpful` names
    the keys of mentors one more place with any of whom would go to this person.
    """

    returner: Returner
    suitable: int
    would: Mapping[Rule, int]
    helpful: Set[str]
    words: str


@dataclass
class Reasons:
    """Why a round came out as it did."""

    round: Round
    matching: Matching
    forbidden: Set[tuple[str, str]] = frozenset()
    _reached: dict[str, Set[str]] = field(default_factory=dict, repr=False)

    def why_not_nearer(self, pair: Pair) -> str:
        """The nearest mentor who would have done as well: their price says that others need them more."""
        prices = self.matching.prices
        nearer = [
            other
            for number in self._open_to(pair.returner)
            if (other := self.round.pair(pair.returner, number)).travel < pair.travel
            and other.worth >= pair.worth
            and prices[other.mentor.key] > prices[pair.mentor.key]
        ]
        if pair.is_pinned or not nearer:
            return ""
        best = min(nearer, key=lambda other: (other.travel, other.mentor.key))
        return f"{best.mentor.name} is nearer ({distance(best.metres)}), and others need them more."

    def why_nobody(self, returner: Returner) -> Unmatched:
        """No trained mentor within 20 miles who meets in person: 3 would within 30."""
        everyone = self.round.all
        rules = {**self.round.let_through(returner), Rule.FORBIDDEN: everyone - self._forbidden_to(returner)}
        suitable = everyone.intersection(*rules.values())
        only = {
            rule: everyone.intersection(*(who for other, who in rules.items() if other is not rule)) - kept
            for rule, kept in rules.items()
        }
        helpful: Set[str] = frozenset()
        if not self.round.mentors:
            words = "There are no mentors yet."
        elif not rules[Rule.DATES]:
            words = f"Support would have ended on {day(returner.support_ends_on)}, six months after the return."
        elif suitable:
            helpful = self._helpful(returner)
            words = f"{self._taken(returner, suitable)} {self._next_in_line(returner, suitable, helpful)}"
        else:
            words = f"{_nobody(returner, only)}{self._what_would(returner, only)}"
        return Unmatched(returner, len(suitable), {rule: len(who) for rule, who in only.items()}, helpful, words)

    def reached(self, returner: Returner) -> Set[str]:
        """The mentors one more place with any of whom would let one person more be matched, beginning with this one.

        Those who would suit, and on through the people who have them now to the others whom these could have instead.
        All of them are taken, or there would have been a way. Pinned pairs stay as they are.
        """
        if returner.key not in self._reached:
            mentors: set[str] = set()
            queue = [returner]
            while queue:
                for number in self._open_to(queue.pop()):
                    key = self.round.mentors[number].key
                    if key not in mentors:
                        mentors.add(key)
                        queue += [pair.returner for pair in self._holders.get(key, ()) if not pair.is_pinned]
            self._reached[returner.key] = mentors
        return self._reached[returner.key]

    @cached_property
    def _holders(self) -> dict[str, list[Pair]]:
        holders: dict[str, list[Pair]] = {}
        for pair in self.matching.pairs:
            holders.setdefault(pair.mentor.key, []).append(pair)
        return holders

    def _forbidden_to(self, returner: Returner) -> Set[int]:
        return {number for key, number in self.round.number.items() if (returner.key, key) in self.forbidden}

    def _open_to(self, returner: Returner) -> Set[int]:
        return self.round.allowed(returner) - self._forbidden_to(returner)

    def _before(self, returner: Returner) -> list[Returner]:
        """The others without a mentor who have waited as long, or longer."""
        return [who for who in self.matching.unmatched if who.key != returner.key and who.waited >= returner.waited]

    def _helpful(self, returner: Returner) -> Set[str]:
        """Of the mentors reached, those whose next place would go to this person and to nobody who comes before them."""
        return frozenset(self.reached(returner)).difference(*(self.reached(who) for who in self._before(returner)))

    def _taken(self, returner: Returner, suitable: Set[int]) -> str:
        who = (
            "The one mentor who would suit is"
            if len(suitable) == 1
            else f"All {len(suitable)} mentors who would suit are"
        )
        holders = [pair for key in self.reached(returner) for pair in self._holders.get(key, ())]
        pins = sum(pair.is_pinned for pair in holders)
        by = ["people who have waited as long or longer"] if len(holders) > pins else []
        by += ["pins"] if pins else []
        return f"{who} taken by {sentence_list(by, 'or')}."

    def _next_in_line(self, returner: Returner, suitable: Set[int], helpful: Set[str]) -> str:
        if not helpful:
            first = [who for who in self._before(returner) if self.reached(who) & self.reached(returner)]
            come = "comes" if len(first) == 1 else "come"
            return f"{_people(len(first)).capitalize()} who waited as long or longer {come} before them."
        names = {mentor.key: mentor.name for mentor in self.round.mentors}
        direct = {self.round.mentors[number].key for number in suitable}
        shown = sorted(helpful, key=lambda key: (key not in direct, key))[:NAMED]
        others = [plural(more, "other")] if (more := len(helpful) - len(shown)) else []
        return f"One more place with {sentence_list([*(names[key] for key in shown), *others], 'or')} would change it."

    def _what_would(self, returner: Returner, only: Mapping[Rule, Set[int]]) -> str:
        """The mentors whom one change alone would bring in, and whether any of them still has a place."""
        mentors = self.round.mentors
        ways: list[tuple[Set[int], str]] = []
        if far := only.get(Rule.DISTANCE):
            ways.append(self._wider(returner, far))
        if who := only.get(Rule.MODE):
            ways.append((who, _modes({mode for number in who for mode in mentors[number].modes} - returner.modes)))
        ways += [
            (only[Rule.REACH], "if they went further than they said"),
            (only[Rule.ROOM], "if they had a place left"),
            ({number for number in only[Rule.PRESENT] if not mentors[number].has_left}, "once their pause is over"),
            (only[Rule.TRAINED], "once trained"),
            (only[Rule.FORBIDDEN], "if they were not ruled out here"),
        ]
        parts = [f"{len(who)} would {how}{self._still_free(who)}" for who, how in ways if who]
        return f": {'; '.join(parts)}." if parts else ". No single change would help."

    def _wider(self, returner: Returner, far: Set[int]) -> tuple[Set[int], str]:
        """The next ten miles that bring somebody in."""
        away = {number: self.round.pair(returner, number).metres for number in far}
        known = {number: metres for number, metres in away.items() if metres is not None}
        if not known:
            return far, "if we knew how far away they are"
        reach = miles(returner.reach or 0) // TEN * TEN + TEN
        while not (who := {number for number, gone in known.items() if gone <= metres(reach)}):
            reach += TEN
        return who, f"within {reach}"

    def _still_free(self, who: Set[int]) -> str:
        """Of mentors who have room at all, whether any is left after this round."""
        mentors = [self.round.mentors[number] for number in who]
        free = sum(mentor.room > self.matching.taken[mentor.key] for mentor in mentors)
        if free == len(mentors) or all(mentor.room == 0 for mentor in mentors):
            return ""
        return f" ({'none' if not free else SMALL[free] if free < len(SMALL) else free} of them with a place left)"


def _nobody(returner: Returner, only: Mapping[Rule, Set[int]]) -> str:
    words = "No free trained mentor" if only[Rule.ROOM] or only[Rule.PRESENT] else "No trained mentor"
    if returner.is_reach_a_limit:
        words += f" within {distance(returner.reach)}"
    if returner.is_mode_a_limit:
        words += f" who meets {_modes(returner.modes)}"
    if any(only[rule] for rule in (Rule.ASKED, Rule.SUPERVISOR, Rule.NOT_WORKING)):
        words += ", apart from those they are not matched with"
    return words


# What an override costs


@dataclass(frozen=True)
class Difference:
    """What one matching has less, or more, than another. Positive numbers are gains, negative ones losses."""

    matched: int
    days: int
    wishes: Mapping[Wish, int]
    miles: int

    @property
    def words(self) -> str:
        """two people lose their area; 41 miles more."""
        parts = []
        if self.matched:
            parts.append(f"{_people(abs(self.matched))} {'more' if self.matched > 0 else 'fewer'} with a mentor")
        if self.days and not self.matched:
            parts.append(
                f"{plural(abs(self.days), 'day')} of waiting {'less' if self.days > 0 else 'more'} among those left"
            )
        for verb, sign in (("lose", -1), ("gain", 1)):
            for wish, change in self.wishes.items():
                if change * sign > 0:
                    count = abs(change)
                    parts.append(f"{_people(count)} {verb}{'s' if count == 1 else ''} {LOST[wish]}")
        if self.miles:
            parts.append(f"{plural(abs(self.miles), 'mile')} {'more' if self.miles < 0 else 'fewer'}")
        return "; ".join(parts) or "nothing changes for anybody"


def difference(before: Matching, after: Matching) -> Difference:
    """What changes for people from one matching to the other; wishes are those of people who have a mentor in both."""
    was = {pair.returner.key: pair for pair in before.pairs}
    wishes: Counter[Wish] = Counter()
    for pair in after.pairs:
        if pair.returner.key in was:
            wishes.update({wish: 1 for wish in pair.met if wish not in was[pair.returner.key].met})
            wishes.subtract({wish: 1 for wish in pair.unmet if wish not in was[pair.returner.key].unmet})
    return Difference(
        after.score.matched - before.score.matched,
        after.score.days - before.score.days,
        {wish: wishes[wish] for wish in Wish if wishes[wish]},
        _miles(before) - _miles(after),
    )


def _miles(matching: Matching) -> int:
    return miles(sum(pair.metres for pair in matching.pairs if pair.metres is not None))


def _people(count: int) -> str:
    return (
        plural(count, "person", "people")
        if count >= len(SMALL)
        else f"{SMALL[count]} {'person' if count == 1 else 'people'}"
    )


# What changed since


@dataclass(frozen=True)
class Change:
    """One returner whose suggestion is another than it was. None for no mentor; `came` and `went` are about waiting."""

    returner: str
    before: str | None
    now: str | None
    came: bool = False
    went: bool = False


def changes(before: Mapping[str, str | None], now: Matching) -> list[Change]:
    """Everybody who waits now, or waited then, and for whom something is another; in the order of their keys."""
    today: dict[str, str | None] = {**dict.fromkeys((who.key for who in now.unmatched), None), **now.mentor_of}
    return [
        Change(key, before.get(key), today.get(key), key not in before, key not in today)
        for key in sorted({*before, *today})
        if key not in before or key not in today or before[key] != today[key]
    ]
