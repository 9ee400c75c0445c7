"""Which of the proposed times suits best, and why. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

YES, IF_NEED_BE, NO = "yes", "if_need_be", "no"


@dataclass(frozen=True)
class Person:
    """Somebody asked. `key` is what the answers are found by."""

    key: int
    name: str
    is_required: bool


@dataclass(frozen=True)
class Ranked:
    """One time: how it stands, in numbers of people and in words. `suits_all`: every required person can come."""

    time: int
    cannot: int
    open: int
    if_need_be: int
    optional_cannot: int
    words: str

    @property
    def suits_all(self) -> bool:
        return self.cannot == 0 and self.open == 0


def rank(times: Sequence[int], people: Sequence[Person], answers: Mapping[tuple[int, int], str]) -> list[Ranked]:
    """The times, the best first (E8).

    `times` are keys in the order of time; `answers` gives (person, time) -> yes, if_need_be or no. In this order: fewest
    required people who cannot; fewest of them who have not answered; fewest who could only if need be; fewest optional
    people who cannot; earliest.
    """
    ranked = [_stands(time, people, answers) for time in times]
    order = {time: place for place, time in enumerate(times)}
    return sorted(ranked, key=lambda one: (one.cannot, one.open, one.if_need_be, one.optional_cannot, order[one.time]))


def _stands(time: int, people: Sequence[Person], answers: Mapping[tuple[int, int], str]) -> Ranked:
    required = [one for one in people if one.is_required]
    optional = [one for one in people if not one.is_required]
    said = {one.key: answers.get((one.key, time)) for one in people}
    cannot = [one.name for one in required if said[one.key] == NO]
    waiting = [one.name for one in required if said[one.key] is None]
    hardly = [one.name for one in required if said[one.key] == IF_NEED_BE]
    optional_cannot = [one.name for one in optional if said[one.key] == NO]
    words = []
    if not (cannot or waiting):
        words.append(f"All {len(required)} who are needed can come")
    if cannot:
        words.append(f"{_names(cannot)} cannot")
    if waiting:
        words.append(f"{_names(waiting)} {'has' if len(waiting) == 1 else 'have'} not answered")
    if hardly:
        words.append(f"{_names(hardly)} only if need be")
    if optional_cannot:
        words.append(f"{_names(optional_cannot)} cannot, but need not")
    return Ranked(time, len(cannot), len(waiting), len(hardly), len(optional_cannot), ". ".join(words) + ".")


def _names(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
