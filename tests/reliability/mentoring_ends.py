"""Mentoring that ends by itself six months after the return, while the passes that end it are killed (G23, D11, D15)."""

import itertools
import random
import subprocess
import time
from datetime import date, timedelta

from models import Event, FeedbackAsk, Mentorship, MentorshipEnding, NoticeRecipient, Returner, Role, User, db
from signpost import clock
from signpost.mentoring.dates import ends_on
from tests.factories import a_mentor, a_mentorship, a_user, who_waits
from tests.reliability.counts import Counts, counted
from tests.reliability.experiments import SEED, unsound
from tests.reliability.site import Site

# Ends after a return on the last of August, on the last of February; at both clock changes; on a leap day.
DAYS = (date(2027, 2, 28), date(2027, 8, 28), date(2027, 3, 28), date(2028, 2, 29), date(2028, 10, 29))
LATE = timedelta(days=7)
SEATS = 10


def endings(site: Site, due: int, not_due: int, kills: int, workers: int = 4) -> Counts:
    """Pairs that end on these days and pairs that end a day after the last pass; passes run at once, and are killed."""
    chance = random.Random(SEED)  # noqa: S311
    of_day = {day: _pairs(day, due // len(DAYS)) for day in DAYS}
    others = _pairs(DAYS[-1] + LATE + timedelta(days=40), not_due)
    killed, wrong_day = 0, 0
    for number, day in enumerate(sorted(DAYS), 1):
        early = f"{day - timedelta(days=1)}T23:59"
        assert site.flask("run-due", "--at", early).returncode == 0
        wrong_day += Mentorship.select().where(Mentorship.ended_at.is_null(False) & (Mentorship.ends_on >= day)).count()
        killed += _pass(site, f"{day}T00:00", workers, kills * number // len(DAYS) - killed, chance)
    killed += _pass(site, f"{DAYS[-1] + LATE}T09:00", workers, 0, chance)
    pairs = [one for rows in of_day.values() for one in rows]
    times = dict.fromkeys(pairs, 0)
    for (public_id,) in Event.select(Event.about_id).where(Event.name == "mentorship.ended").tuples():
        times[public_id] = times.get(public_id, 0) + 1
    rows = {row.public_id: row for row in Mentorship.select()}
    asks: dict[str, int] = dict.fromkeys(pairs, 0)
    for ask in FeedbackAsk.select(FeedbackAsk, Mentorship).join(Mentorship):
        asks[ask.mentorship.public_id] = asks.get(ask.mentorship.public_id, 0) + 1
    told = NoticeRecipient.select().where(NoticeRecipient.permission == "D11-pair")
    ended = sum(rows[one].ending == MentorshipEnding.TIME_UP for one in pairs)
    return counted(
        "mentoring ends in time",
        {
            "not_ended": len(pairs) - ended,
            "ended_twice": sum(count > 1 for count in times.values()),
            "ended_early": wrong_day + sum(rows[one].ended_at is not None for one in others),
            "ended_late": sum(_is_late(rows[one]) for one in pairs),
            "surveys_not_two": sum(asks[one] != 2 for one in pairs) + sum(one in asks for one in others),
            "letters_not_two": abs(told.count() - sum(2 for _ in pairs) - _month_letters()),
            **unsound(),
        },
        due=len(pairs), not_due=len(others), passes_at_once=workers, kills=killed,
    )  # fmt: skip


def _month_letters() -> int:
    """How many letters said, under the same permission, that it ends in a month: two for each such event."""
    return 2 * Event.select().where(Event.name == "mentorship.month_left").count()


def _is_late(row: Mentorship) -> bool:
    return row.ended_at is None or clock.to_london(row.ended_at).date() > row.ends_on


def _pass(site: Site, at: str, workers: int, kills: int, chance: random.Random) -> int:
    """So many passes at once; some are killed in the middle and begun again, until each came to its end. Gives how many
    kills met a pass that was running.
    """
    left, landed = workers, 0
    running = [_begin(site, at) for _ in range(workers)]
    tries = itertools.count()
    while left:
        time.sleep(0.2 + chance.random() * 0.8)
        if landed < kills and next(tries) < kills * 20:
            victim = chance.choice(running)
            if victim.poll() is None:
                victim.kill()
                landed += victim.wait() == -9
                running[running.index(victim)] = _begin(site, at)
                continue
        left = sum(one.poll() is None for one in running)
    assert all(one.returncode == 0 for one in running), site.log.read_text()[-2000:]
    return landed


def _begin(site: Site, at: str) -> "subprocess.Popen[bytes]":
    return site._start("-m", "flask", "run-due", "--at", at)


def _pairs(day: date, count: int) -> list[str]:
    """So many pairs, in touch and with an agreement, whose mentoring ends on this day. Gives their public ids."""
    team = User.get_or_none(User.email == "team@signpost.example") or a_user(
        Role.RTT_TEAM, email="team@signpost.example"
    )
    returns_on = next(one for one in (day - timedelta(days=n) for n in range(178, 190)) if ends_on(one) == day)
    like = who_waits(team)
    made: list[str] = []
    with db.atomic():
        mentor = None
        for number in range(count):
            if number % SEATS == 0:
                mentor = a_mentor(capacity=SEATS)
            columns = {
                name: like.__data__[name] for name in ("name", "came_by", "entered_at", "interested_at", "state")
            }
            returner = Returner.create(
                **columns,
                email=f"returner-{day}-{number}@mail.example",
                absent_from=returns_on - timedelta(days=200),
                returns_on=returns_on,
            )
            pair = a_mentorship(team, mentor, returner, contact_at=clock.now(), agreed_on=clock.today())
            made.append(pair.public_id)
    return made
