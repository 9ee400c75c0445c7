"""Words that can be recognised wherever they turn up, and who may meet each of them."""

import re
import secrets
from collections.abc import Iterable

LETTERS = "bcdfghjkmnpqrtvwxy"
_MARKED = re.compile(rf"zz[{LETTERS}]{{10}}zz")

Place = tuple[str, str]  # a record or a person, and the field


class Sentinels:
    """Every confidential field holds a word of its own. `find` says which of them stand in a text."""

    def __init__(self) -> None:
        self.places: dict[str, set[Place]] = {}
        self._literal: set[str] = set()

    def new(self, *places: Place) -> str:
        """A word that stands nowhere else: no template, no name and no other field has it."""
        word = f"zz{''.join(secrets.choice(LETTERS) for _ in range(10))}zz"
        self.places[word] = set(places)
        return word

    def plant(self, word: str, *places: Place) -> None:
        """Watch for a word that the site made itself: a token, a public id."""
        self.places.setdefault(word.lower(), set()).update(places)
        self._literal.add(word.lower())

    def stands_also_in(self, word: str, *places: Place) -> None:
        self.places[word].update(places)

    def find(self, *texts: str) -> set[str]:
        found: set[str] = set()
        for text in texts:
            low = text.lower()
            found.update(_MARKED.findall(low))
            found.update(word for word in self._literal if word in low)
        return found & self.places.keys()

    def at(self, places: Iterable[Place]) -> set[str]:
        """The words that stand in any of these places."""
        wanted = set(places)
        return {word for word, planted in self.places.items() if planted & wanted}

    def say(self, words: Iterable[str]) -> str:
        """Where words stand, for a message that must not repeat them."""
        return "; ".join(
            sorted(" and ".join(sorted(f"{who}: {what}" for who, what in self.places[word])) for word in words)
        )
