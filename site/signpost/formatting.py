"""How dates, times, counts and lists are written on pages and in emails: the NHS way, in London time."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from markupsafe import Markup, escape

from signpost import clock, working_days


def _london_day(value: date | datetime) -> date:
    return clock.to_london(value).date() if isinstance(value, datetime) else value


def day(value: date | datetime | None) -> str:
    """21 November 2026. A moment is taken on the day it is in London; nothing gives nothing."""
    if value is None:
        return ""
    on = _london_day(value)
    return f"{on.day} {on:%B} {on.year}"


def weekday(value: date | datetime | None) -> str:
    """Saturday 21 November 2026."""
    return "" if value is None else f"{_london_day(value):%A} {day(value)}"


def clock_time(value: datetime | None) -> str:
    """5pm, 5:30pm, midday, midnight."""
    if value is None:
        return ""
    return _hour(clock.to_london(value).time())


def hour(kept: str) -> str:
    """An hour of every week, kept as 17:30, in the same words: 5:30pm."""
    return _hour(time.fromisoformat(kept))


def _hour(at: time) -> str:
    if at.minute == 0 and at.hour in (0, 12):
        return "midday" if at.hour else "midnight"
    minutes = f":{at.minute:02d}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes}{'pm' if at.hour >= 12 else 'am'}"


def moment(value: datetime | None) -> str:
    """21 November 2026 at 5:30pm."""
    return "" if value is None else f"{day(value)} at {clock_time(value)}"


def machine_moment(value: date | datetime | None) -> str:
    """The same for a machine, for `<time datetime="…">`: 2026-11-21T17:30:00Z, or 2026-11-21."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").removesuffix("+00:00") + "Z"
    return "" if value is None else value.isoformat()


def ago(value: date | datetime | None, today: date | None = None) -> str:
    """today, yesterday, 3 days ago; tomorrow, in 3 days. Whole days in London. For many, say what today is once."""
    if value is None:
        return ""
    days = ((today or clock.today()) - _london_day(value)).days
    if abs(days) <= 1:
        return ("tomorrow", "today", "yesterday")[days + 1]
    return f"{days:,} days ago" if days > 0 else f"in {-days:,} days"


def working_wait(value: date | datetime | None) -> str:
    """How long someone has waited, in working days: "3 working days". The first day is not counted."""
    if value is None:
        return ""
    days = _working_days_after(_london_day(value), clock.today())
    return plural(days, "working day") if days else "less than a working day"


@lru_cache(maxsize=4096)
def _working_days_after(first: date, last: date) -> int:
    """The working days after `first`, up to and with `last`."""
    days = (first + timedelta(days=ahead) for ahead in range(1, (last - first).days + 1))
    return sum(map(working_days.is_working_day, days))


def sentence_list(items: Iterable[object], joined_by: str = "and") -> str:
    """a; a and b; a, b and c."""
    words = [str(item) for item in items]
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {joined_by} {words[-1]}"


def number(value: int) -> str:
    """1,000."""
    return f"{value:,}"


def plural(count: int, one: str, many: str = "") -> str:
    """1 referral, 3 referrals, 1,000 referrals; say `many` where an s is not enough."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def within(words: str) -> str:
    """Words as they stand within a sentence: on Microsoft Teams, but MBTI results."""
    return words if words[:2].isupper() else words[:1].lower() + words[1:]


def begun(words: str) -> str:
    """Words as they begin a sentence: Both in person."""
    return words[:1].upper() + words[1:]


def months(count: int) -> str:
    """How long that is: 18 months, 8 years."""
    years, rest = divmod(count, 12)
    return plural(count, "month") if rest else plural(years, "year")


def reference(public_id: str) -> str:
    """How the id of a record is said and printed: K4TX-29BD."""
    return f"{public_id[:4]}-{public_id[4:]}".upper()


def file_size(count: int) -> str:
    """How large a file is, in the words people use: 340 KB, 1.5 MB."""
    if count < 1_000_000:
        return f"{max(1, round(count / 1000))} KB"
    return f"{count / 1_000_000:.1f} MB".replace(".0 ", " ")


def safe_cell(text: str) -> str:
    """A cell of a table that a spreadsheet shows and never runs as a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else text


def paragraphs(text: str | None) -> Markup:
    """What a person typed, as paragraphs, with everything in it shown as typed."""
    blocks = [block for block in re.split(r"\n\s*\n", text or "") if block.strip()]
    return Markup("").join(
        Markup('<p dir="auto">{}</p>').format(Markup("<br>").join(escape(line) for line in block.split("\n")))
        for block in blocks
    )


FILTERS = {
    "day": day,
    "weekday": weekday,
    "clock_time": clock_time,
    "hour": hour,
    "moment": moment,
    "machine_moment": machine_moment,
    "ago": ago,
    "working_wait": working_wait,
    "sentence_list": sentence_list,
    "number": number,
    "plural": plural,
    "within": within,
    "begun": begun,
    "months": months,
    "reference": reference,
    "file_size": file_size,
    "paragraphs": paragraphs,
}
