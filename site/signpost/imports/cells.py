"""What a cell says, as a value, or the sentence that stands beside it. Formulas are words like any others."""

import re
from datetime import date

from signpost import characters

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T]00:00(?::00)?)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(?: 00:00(?::00)?)?")
_IN_WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[- ]([a-z]{3,9})[- ,]+(\d{4}|\d{2})", re.IGNORECASE)
_NUMBER = re.compile(r"\d{5}([.,]\d+)?")  # how spreadsheets count days, from one year or another


class Wrong(ValueError):
    """The cell does not say what it should, in words for whoever brought the file."""


def line(text: str, called: str, most: int, *, is_needed: bool = True) -> str:
    """A line of words. Raises Wrong."""
    if wrong := characters.what_is_wrong_with(text, called):
        raise Wrong(wrong)
    tidied = characters.tidy_line(text)
    if is_needed and not tidied:
        raise Wrong(f"{called} is missing")
    if len(tidied) > most:
        raise Wrong(f"{called} must be {most} characters or fewer")
    return tidied


def email(text: str, called: str) -> str:
    """An address as we keep it. Raises Wrong."""
    said = line(text, called, 254)
    try:
        return characters.address(said).lower()
    except ValueError:
        raise Wrong(f"{called} must be in the correct format, like name@example.com") from None


def day(text: str, called: str) -> date:
    """A day, the British way round where it is all numbers. Raises Wrong."""
    said = line(text, called, 40)
    if _NUMBER.fullmatch(said):
        raise Wrong(f"{called} is a number. In your spreadsheet show the column as dates, and save the file again")
    try:
        if found := _YEAR_FIRST.fullmatch(said):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _DAY_FIRST.fullmatch(said):
            return date(_year(found[3]), int(found[2]), int(found[1]))
        if (found := _IN_WORDS.fullmatch(said)) and found[2].lower()[:3] in _MONTHS:
            return date(_year(found[3]), _MONTHS.index(found[2].lower()[:3]) + 1, int(found[1]))
    except ValueError:
        raise Wrong(f"{called} must be a real date") from None
    raise Wrong(f"{called} must be a date, like 27/3/2027 or 2027-03-27")


def _year(text: str) -> int:
    return int(text) + (2000 if len(text) == 2 else 0)
