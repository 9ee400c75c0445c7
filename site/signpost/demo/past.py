"""Moments of the past weeks, in working hours. All of the demonstration is told from now backwards."""

from datetime import datetime, time, timedelta

from signpost import clock, working_days


def on(days: int, at: str) -> datetime:
    """A time of the day so many working days ago."""
    day = clock.today()
    for _ in range(days):
        day = working_days.previous(day)
    return datetime.combine(day, time.fromisoformat(at), tzinfo=clock.LONDON)


def minutes_ago(minutes: int) -> datetime:
    return clock.now() - timedelta(minutes=minutes)
