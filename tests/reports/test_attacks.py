"""Two attackers: one who knows the procedure and tries every small population, and one who reads all that the site shows."""

import csv
import io
import re
from collections import defaultdict
from datetime import date
from itertools import product
from random import Random

import pytest

from models import Ending, MentorshipEnding, Mode, ReferrerKind, ReviewOutcome, Role, SupportKind
from signpost.reports import publishing, queries
from signpost.reports.disclosure import protect
from signpost.reports.figures import GROUPS, MEASURES, counts_of
from tests import factories, figures
from tests.reports import happened
from tests.reports.attacker import behind, by_appearance, not_told, possible, splits, sums_of_the_others, told

SMALL = set(range(1, 8))
AFTER_ALL = "2026-12-31T12:00"


# Whoever knows the procedure, and tries every population


@pytest.mark.parametrize(("cells", "most"), [(1, 80), (2, 80), (3, 50), (4, 30), (5, 22)])
def test_among_all_populations_that_look_the_same_a_small_count_is_one_of_seven_numbers_at_least(cells, most):
    populations = list(splits(cells, most + 2))
    worst = 99
    looks = by_appearance(populations, protect)
    for (total, shown), same in looks.items():
        if total is not None and total + 2 > most:
            continue  # some that look like it are larger than those that were tried
        for place, cell in enumerate(shown):
            numbers = {one[place] for one in same}
            if cell is None and numbers & SMALL:
                worst = min(worst, len(numbers))
    figures.add("G29 every population", tried=len(populations), appearances=len(looks))
    assert worst >= 7


@pytest.mark.parametrize(("first", "second", "most"), [(2, 2, 44), (2, 3, 24), (3, 3, 16)])
def test_two_tables_of_the_same_people_tell_no_more(first, second, most):
    """They have one total, which whoever knows both may use."""
    by_total: list[dict[int, list[tuple[int, ...]]]] = [defaultdict(list), defaultdict(list)]
    for found, cells in zip(by_total, (first, second), strict=True):
        for one in splits(cells, most + 2):
            found[sum(one)].append(one)
    pairs = [pair for total in range(most + 3) for pair in product(by_total[0][total], by_total[1][total])]
    looks = by_appearance(pairs, lambda pair: (protect(pair[0]), protect(pair[1])))
    worst = 99
    for ((total, _), _), same in looks.items():
        if total is not None and total + 2 > most:
            continue
        for table in (0, 1):
            for place in range(len(same[0][table])):
                numbers = {pair[table][place] for pair in same}
                if len(numbers) < worst and numbers & SMALL and protect(same[0][table])[1][place] is None:
                    worst = len(numbers)
    figures.add("G29 every pair of tables", tried=len(pairs), appearances=len(looks))
    assert worst >= 7


def test_the_attack_finds_what_the_rule_alone_gives_away():
    """Hidden and rounded and nothing more: the same attacker then knows some counts exactly."""

    def rule_alone(counts):
        near = [(count + 2) // 5 * 5 for count in (sum(counts), *counts)]
        shown = [None if 0 < count < 8 else each for each, count in zip(near, (sum(counts), *counts), strict=True)]
        return shown[0], tuple(shown[1:])

    looks = by_appearance(splits(3, 40), rule_alone)
    known = sum(
        len({one[place] for one in same}) == 1
        for (total, shown), same in looks.items()
        for place, cell in enumerate(shown)
        if cell is None and total is not None and total < 38
    )
    assert known > 0


# Whoever reads the whole site


@pytest.fixture
def governance(app):
    return factories.a_user(Role.GOVERNANCE, name="Gerry Governance")


def live(random, referrer, counsellor):
    """Some quarters of a small service: what happens to each referral falls as it may."""
    schools = [factories.a_school(f"School {letter}") for letter in "ABC"[: random.randint(1, 3)]]
    trusts = [factories.an_employer(f"Trust {letter}") for letter in "ABCD"[: random.randint(1, 4)]]
    for quarter in range(3):
        months = [f"2026-{month:02}" for month in range(1 + 3 * quarter, 4 + 3 * quarter)]
        for _ in range(random.choice([0, 3, 9, 16, 30])):
            when = random.choice(months)
            one = happened.referred(
                referrer, f"{when}-0{random.randint(1, 9)}T10:00", random.choice(trusts),
                random.choice([*schools, None]), referrer_kind=random.choice(list(ReferrerKind)),
            )  # fmt: skip
            if random.random() < 0.8:
                happened.assigned(one, f"{when}-{random.randint(10, 28)}T10:00")
                if random.random() < 0.8:
                    happened.met(one, counsellor, f"{when}-28T11:00", random.choice(list(Mode)))
                    happened.met(one, counsellor, f"{random.choice(months)}-28T12:00", random.choice(list(Mode)))
                    happened.answered(one, f"{when}-28T13:00", random.choice(["yes", "somewhat", "no"]), True)
                    happened.completed(one, f"{when}-28T14:00")
            elif random.random() < 0.7:
                happened.closed(
                    one, f"{when}-28T10:00", random.choice([each for each in Ending if each != Ending.COMPLETE])
                )


def live_on(random, user):
    """The same for mentoring and for support of progression."""
    mentor = factories.a_mentor()
    trusts = [None, *(factories.an_employer(f"Trust {letter}") for letter in "VWXYZ"[: random.randint(1, 3)])]
    for quarter in range(3):
        months = [f"2026-{month:02}" for month in range(1 + 3 * quarter, 4 + 3 * quarter)]
        for _ in range(random.choice([0, 4, 11, 20])):
            when = random.choice(months)
            one = happened.interested(f"{when}-01T10:00", random.choice(trusts))
            if random.random() < 0.8:
                pair = happened.introduced(one, mentor, f"{when}-{random.randint(10, 27)}T10:00")
                if random.random() < 0.6:
                    happened.mentoring_ended(pair, f"{when}-28T10:00", random.choice(list(MentorshipEnding)))
                    happened.mentoring_answered(
                        f"{when}-28T10:00", random.choice(["well", "little"]), random.choice(["very", "not"])
                    )
        for _ in range(random.choice([0, 4, 11, 20])):
            when = random.choice(months)
            review = happened.reviewed(user, f"{when}-01T10:00", random.choice(list(ReviewOutcome)))
            if random.random() < 0.6:
                happened.supported(review, f"{when}-{random.randint(10, 28)}T10:00", random.choice(list(SupportKind)))


def read_everything(browser, begins):
    """Every page, chart and file with every choice of periods; what each says of (table, period, row), which must agree."""
    said: dict[tuple[str, str, str], int | None] = {}
    requests = 0

    def note(measure, period, row, text):
        number = None if text.startswith("*") else int(text.replace(",", ""))
        assert said.setdefault((measure, period, row), number) == number

    for first, last in [("", ""), *product(begins, begins)]:
        for key in MEASURES:
            query = f"?from={first}&to={last}" if first else ""
            answer = browser.get(f"/reports/{key}/csv{query}")
            rows = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"), newline="")))[1:]
            for _, period, _, _, row, number in rows:
                note(key, period, row, number)
            page = browser.get(f"/reports/{key}{query}").text
            latest = rows[-1][1]
            drawn = re.findall(
                r'<text class="sp-chart__words"[^>]*>([^<]*)</text>\s*(?:<rect[^>]*width="([\d.]+)%"[^>]*></rect>)?\s*'
                r'<text class="sp-chart__number"[^>]*>([^<]*)</text>', page,
            )  # fmt: skip
            assert drawn
            largest = max(said[key, latest, row] or 0 for row, _, _ in drawn)
            for row, width, number in drawn:
                note(key, latest, row, number)
                shown = said[key, latest, row] or 0
                assert float(width or 0) == (round(80 * shown / largest, 1) if largest else 0)
            for row, cells in re.findall(r'scope="row">.*?<div>([^<]*)</div></th>(.*?)</tr>', page, re.DOTALL):
                for period, cell in re.findall(r'sp-table__label">([^<]*)</span><div>(.*?)</div>', cells, re.DOTALL):
                    note(key, period, row, re.sub(r"<[^>]*>", "", cell).strip())
            requests += 2
    browser.get("/reports")
    return said, requests + 1


@pytest.mark.parametrize("seed", range(12))
def test_from_everything_the_site_shows_no_hidden_count_can_be_worked_out(
    seed, browser_of, governance, referrer, counsellor
):
    """All choices of periods, all totals, charts and files, put together; and the attacker is told the true totals too."""
    live(Random(seed), referrer, counsellor)  # noqa: S311
    live_on(Random(seed + 100), referrer)  # noqa: S311
    publishing.publish(happened.moment(AFTER_ALL))
    rows = queries.periods_published()
    if not rows:
        return
    said, requests = read_everything(browser_of(governance), [one.begins_on.isoformat() for one in rows])
    hidden = 0
    for one in rows:
        period = queries.period_of(one)
        for group in GROUPS:
            for key, counted in counts_of(group, period).items():
                counts = [row.count for row in counted]
                shown = [said[key, period.name, row.name] for row in counted]
                total = said[key, period.name, "All"]
                small = [place for place, count in enumerate(counts) if count in SMALL]
                hidden += len(small)
                assert all(shown[place] is None for place in small)
                if total is None:
                    assert set(shown) == {None}
                    continue
                withheld = set(shown) == {None}
                others = sums_of_the_others(not_told(shown, sum(counts) + 8) if withheld else told(shown, counts))
                for known in behind(total):
                    assert all(possible(others[place], SMALL, known) == SMALL for place in small), (key, counts)
    figures.add("G29 whole site", populations=1, requests=requests, numbers=len(said), hidden=hidden, worked_out=0)


def test_no_number_of_one_period_follows_from_another(referrer):
    """Each day lies in one period: nothing is counted twice, and no sum over periods is shown."""
    trust = factories.an_employer("Trust")
    for month in range(1, 10):
        happened.referred(referrer, f"2026-{month:02}-15T10:00", trust)
    publishing.publish(happened.moment(AFTER_ALL))
    periods = [queries.period_of(one) for one in queries.periods_published()]

    days = [date.fromordinal(day) for day in range(date(2026, 1, 1).toordinal(), date(2026, 10, 1).toordinal())]
    assert all(sum(one.begins_on <= day < one.ends_on for one in periods) == 1 for day in days)
