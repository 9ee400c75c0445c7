"""The rule of small numbers in statistics (C3): 1 to 7 are hidden, the rest rounded to the nearest 5."""

ROUNDED_TO = 5


def shown(count: int, least: int) -> int | None:
    """The number that may be published; None where it is too small. Totals come here too, from the true numbers."""
    if 0 < count < least:
        return None
    return (count + ROUNDED_TO // 2) // ROUNDED_TO * ROUNDED_TO
