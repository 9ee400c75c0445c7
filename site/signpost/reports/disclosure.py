"""Which counts may be published: the rule of small numbers, and what else must be hidden to keep it (C3).

The rule alone (a count from 1 to 7 hidden, others rounded to the nearest 5, totals rounded from true numbers) is not
enough: beside 10 and 10, with a total of 15, a hidden count can only be 1. So more is hidden, until the following holds.

The guarantee, with `least` the smallest number that is shown:

1. No count from 1 to `least - 1` is shown, and what is shown is a true number rounded to the nearest 5.
2. In every table, whoever adds and subtracts finds every number from 1 to `least - 1` possible for each small count that
   is hidden: even somebody who is told the true total, which hidden counts are small, and in which order others were
   hidden. So other tables with the same total add nothing. A table for which this cannot be had is withheld: all its
   cells are hidden, zeros too, and it says no more than its total.
3. A total under `least`, zero or not, is hidden with everything under it: with so few a zero tells something too.
4. Nobody is given a counsellor, meets one or ends before they were referred. So what came later can never be more than
   what came before, in all periods together: where that would narrow a hidden total, what came later is hidden (`overtakes`).

What knowing this very procedure adds was found by trying every small population: nothing that leaves fewer than
`least - 1` numbers possible (tests/reports/test_attacks.py).
"""

from collections.abc import Iterable, Sequence

from signpost.small_numbers import ROUNDED_TO, shown

Cell = int | None  # None stands for a number that is hidden
Range = tuple[int, int]

MARGIN = ROUNDED_TO // 2
WITHOUT_END = 10**9


def protect(counts: Sequence[int], least: int = 8) -> tuple[Cell, tuple[Cell, ...]]:
    """What may be published of a table of true counts: its total and its cells. Raises ValueError for a rule too weak."""
    if least <= ROUNDED_TO:
        raise ValueError("Numbers up to what they are rounded to are small.")
    total = sum(counts)
    if total < least:
        return None, (None,) * len(counts)
    published = shown(total, least)
    table = _Table(counts, least)
    while not table.is_protected(_range_of(published or 0, least)):
        table.hide_more()
    return published, tuple(table.cells)


def overtakes(earlier: Iterable[Cell], later: Iterable[Cell], least: int) -> bool:
    """Whether totals of what came before and of what came later, in all periods so far, narrow a hidden one of them.

    They do not while the first could be larger than the others by every small number.
    """
    before, after = list(earlier), list(later)
    if None not in (*before, *after):
        return False
    most = sum(least - 1 if total is None else _range_of(total, least)[1] for total in before)
    fewest = sum(0 if total is None else _range_of(total, least)[0] for total in after)
    return most - fewest < least - 1


def _range_of(number: int, least: int) -> Range:
    """The true counts that are shown as this number."""
    return (0, 0) if number == 0 else (max(least, number - MARGIN), number + MARGIN)


class _Table:
    """A table while it is decided which of its cells are shown."""

    def __init__(self, counts: Sequence[int], least: int) -> None:
        self.least = least
        self.cells: list[Cell] = [shown(count, least) for count in counts]
        self.is_small = [cell is None for cell in self.cells]
        self.is_withheld = False

    def hide_more(self) -> None:
        """Hide the smallest number that is shown; where none is left, the table."""
        numbers = [(cell, place) for place, cell in enumerate(self.cells) if cell]
        if numbers:
            self.cells[min(numbers)[1]] = None
        else:
            self.is_withheld = True
            self.cells = [None] * len(self.cells)

    def is_protected(self, total: Range) -> bool:
        """Whether each small count may be every small number, whichever of these the total is."""
        if self.is_withheld or not any(self.is_small):
            return True
        lows, highs = zip(*self._ranges(), strict=True)
        # All but one small count, which may then be the smallest or the largest there is.
        rest_low, rest_high = sum(lows) - 1, sum(highs) - (self.least - 1)
        return rest_low + self.least - 1 <= total[0] and total[1] <= rest_high + 1

    def _ranges(self) -> list[Range]:
        """Between what each cell lies, for somebody who is told which hidden ones are small."""
        smallest = min((cell for cell in self.cells if cell), default=WITHOUT_END)
        found = []
        for cell, is_small in zip(self.cells, self.is_small, strict=True):
            if cell is not None:
                found.append(_range_of(cell, self.least))
            else:
                found.append((1, self.least - 1) if is_small else (self.least, smallest + MARGIN))
        return found
