"""How hard a text is to read: the Flesch–Kincaid grade, from the words of a page as people read them.

Syllables are counted by groups of vowels, with the usual exceptions: a little more than there are, never fewer by much.
"""

import re

VOWELS = re.compile(r"[aeiouy]+")
WORD = re.compile(r"[A-Za-z]+(?:[’'][A-Za-z]+)*")
SENTENCE_END = re.compile(r"[.!?]+[”’)]*(?:\s|$)")


def syllables(word: str) -> int:
    plain = re.sub(r"[^a-z]", "", word.lower())
    groups = len(VOWELS.findall(plain))
    if plain.endswith("e") and not plain.endswith(("le", "ee", "ye")) and groups > 1:
        groups -= 1
    if re.search(r"[^aeiouydt]ed$", plain) and groups > 1:
        groups -= 1
    return max(1, groups)


def grade(text: str) -> float:
    """0.39 × words a sentence + 11.8 × syllables a word − 15.59."""
    words = WORD.findall(text)
    sentences = [one for one in SENTENCE_END.split(text) if WORD.search(one)]
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
