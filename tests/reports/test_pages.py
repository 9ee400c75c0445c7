"""The pages of reports: who reads them, and that they show what was published and nothing else."""

import csv
import io
import re
from datetime import date
from itertools import pairwise

import pytest

from models import ReportFigure, Role, School, db
from signpost import clock
from signpost.reports import periods, publishing, queries
from signpost.reports.charts import chart
from signpost.reports.figures import GROUPS, MEASURES, Counted
from signpost.reports.periods import Period
from tests import factories

READERS = [Role.SENIOR_ADVISER, Role.GOVERNANCE, Role.RTT_TEAM, Role.PROGRESSION]
SPRING = Period(date(2026, 4, 1), date(2026, 7, 1))
FORMULA = '=HYPERLINK("https://evil.example","Click")'


@pytest.fixture
def governance(app):
    return factories.a_user(Role.GOVERNANCE, name="Gerry Governance")


def published(how_many: int = 1, names: tuple[str, ...] = ("Medicine", "Surgery", "Psychiatry"), counts=(30, 3, 0)):
    """So many quarters from spring 2026, each table with the same rows."""
    period = SPRING
    for _ in range(how_many):
        rows = [Counted(f"row{n}", name, count) for n, (name, count) in enumerate(zip(names, counts, strict=True))]
        with db.atomic():
            publishing.publish_period(period, dict.fromkeys(MEASURES, rows))
        period = periods.after(period.ends_on, periods.QUARTER)


def exported(answer) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("role", list(Role))
def test_only_those_to_whom_the_rules_give_figures_read_them(role, app, browser_of):
    published()
    person = (
        factories.a_head()
        if role == Role.HEAD_OF_SCHOOL
        else factories.a_referrer()
        if role == Role.REFERRER
        else factories.a_user(role)
    )
    browser = browser_of(person)
    wanted = 200 if role in READERS else 403
    for address in ("/reports", "/reports/referrals-by-school", "/reports/referrals-by-school/csv"):
        assert browser.get(address).status_code == wanted
    browser.get("/")
    assert (("Reports", "/reports") in browser.page.links) == (role in READERS)


def test_before_anything_is_published_the_page_says_when_it_will_be(browser_of, governance, referrer):
    browser = browser_of(governance)
    browser.get("/reports")
    assert "No figures have been published yet" in browser.page.text
    assert browser.get("/reports/referrals-by-school").status_code == 404
    assert browser.get("/reports/referrals-by-school/csv").status_code == 404

    factories.a_user(Role.SENIOR_ADVISER)
    with clock.at(clock.parse("2026-11-22T10:00")):
        factories.a_referral(referrer)
        browser = browser_of(governance)
        browser.get("/reports")
    assert "The figures for October to December 2026 are published on 15 January 2027" in browser.page.text


def test_a_small_number_is_a_star_on_the_page_in_the_chart_and_in_the_file(browser_of, governance):
    published(
        names=("Medicine", "Surgery", "Psychiatry", "Radiology", "Anaesthetics", "Public health", "Pathology"),
        counts=(30, 3, 0, 41, 22, 58, 66),
    )
    browser = browser_of(governance)
    page = browser.get("/reports/referrals-by-school").text

    assert "Surgery April to June 2026 * hidden" in browser.page.text
    assert "Medicine April to June 2026 30" in browser.page.text
    assert "All April to June 2026 220" in browser.page.text
    numbers = re.findall(r'class="sp-chart__number"[^>]*>([^<]*)<', page)
    assert numbers == ["30", "*", "0", "40", "20", "60", "65"]
    rows = exported(browser.get("/reports/referrals-by-school/csv"))
    assert rows[0] == ["Report", "Period", "First day", "Last day", "School", "Number"]
    assert [row[4:] for row in rows[1:]] == [
        ["Medicine", "30"], ["Surgery", "*"], ["Psychiatry", "0"], ["Radiology", "40"], ["Anaesthetics", "20"],
        ["Public health", "60"], ["Pathology", "65"], ["All", "220"],
    ]  # fmt: skip
    assert rows[1][:4] == ["Referrals by school", "April to June 2026", "2026-04-01", "2026-06-30"]


def test_a_name_that_is_a_formula_is_words_on_the_page_and_in_the_file(browser_of, governance):
    published(names=(FORMULA, "<script>alert(1)</script>", "+1"), counts=(30, 20, 12))
    browser = browser_of(governance)
    page = browser.get("/reports/referrals-by-school").text
    assert "<script>alert(1)" not in page
    assert FORMULA in browser.page.text

    rows = exported(browser.get("/reports/referrals-by-school/csv"))
    assert [row[4] for row in rows[1:]] == ["'" + FORMULA, "<script>alert(1)</script>", "'+1", "All"]


def test_the_file_is_saved_under_a_plain_name_and_never_shown_in_place(browser_of, governance):
    published(2)
    answer = browser_of(governance).get("/reports/sessions-by-mode/csv")

    assert answer.headers["Content-Disposition"] == 'attachment; filename="sessions-by-mode-2026-04-to-2026-07.csv"'
    assert answer.mimetype == "text/csv"


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("", 4),
        ("from=2026-04-01&to=2026-04-01", 1),
        ("from=2026-04-01&to=2026-07-01", 2),
        ("from=2026-07-01&to=2026-04-01", 2),
        ("from=2026-04-01&to=2028-01-01", 8),
        ("from=2026-04-01", 4),
        ("from=2026-04-02&to=2026-04-03", 4),
        ("from=yesterday&to=%00", 4),
        ("school=abc&trainee=Sam&from=2026-05-01&to=2026-05-02", 4),
    ],
)
def test_only_whole_periods_can_be_chosen_and_nothing_else_narrows_the_figures(asked, shown, browser_of, governance):
    """A filter that would isolate one person is no filter: there is none but the period."""
    published(9)
    browser = browser_of(governance)
    assert browser.get(f"/reports/referrals-by-school?{asked}").status_code == 200
    rows = exported(browser.get(f"/reports/referrals-by-school/csv?{asked}"))

    assert len({row[1] for row in rows[1:]}) == shown


def test_a_place_that_was_renamed_is_one_row_and_a_new_one_has_no_numbers_before(browser_of, governance):
    published(1, names=("Medicine",), counts=(30,))
    with db.atomic():
        second = [Counted("row0", "School of Medicine", 40), Counted("row1", "Surgery", 20)]
        publishing.publish_period(periods.after(SPRING.ends_on, 3), dict.fromkeys(MEASURES, second))
    rows = exported(browser_of(governance).get("/reports/referrals-by-school/csv"))

    assert [row[4:] for row in rows[1:]] == [
        ["School of Medicine", "30"], ["Surgery", "*"], ["All", "30"],
        ["School of Medicine", "40"], ["Surgery", "20"], ["All", "60"],
    ]  # fmt: skip


def test_no_such_table_is_no_such_page(browser_of, governance):
    published()
    for address in ("/reports/referrals-by-trainee", "/reports/x/csv", "/reports/referrals-by-school/pdf"):
        assert browser_of(governance).get(address).status_code == 404


def test_the_pages_read_no_record(browser_of, governance, referrer):
    """They show the same with and without the records from which the figures were made."""
    published(2)
    browser = browser_of(governance)
    addresses = ["/reports", *(f"/reports/{key}" for key in MEASURES), *(f"/reports/{key}/csv" for key in MEASURES)]
    before = [browser.get(address).text.split("<main")[-1] for address in addresses]
    factories.a_user(Role.SENIOR_ADVISER)
    factories.a_referral(referrer)
    School.update(name="Renamed").execute()

    assert [browser.get(address).text.split("<main")[-1] for address in addresses] == before


@pytest.mark.parametrize("address", ["/reports", "/reports/referrals-by-employer"])
def test_the_number_of_queries_is_the_same_for_few_rows_and_for_many(address, browser_of, governance):
    def asked() -> int:
        counted: list[str] = []
        db.obj.query_hooks.append(hook := lambda *query: counted.append(str(query)))
        browser.get(address)
        db.obj.query_hooks.remove(hook)
        return len(counted)

    published(1)
    browser = browser_of(governance)
    browser.get(address)
    few = asked()
    ReportFigure.delete().execute()
    for one in queries.periods_published():
        one.delete_instance()
    published(4, names=tuple(f"Trust {n}" for n in range(100)), counts=tuple(range(100)))
    browser.get(address)

    assert asked() == few <= 8


# Charts


def test_a_chart_is_drawn_from_what_is_published_and_its_bars_are_in_proportion():
    drawn = chart([("Medicine", 40), ("Surgery", None), ("Psychiatry", 0), ("Radiology", 10)])

    assert [(bar.percent, bar.number) for bar in drawn.bars] == [(80.0, "40"), (0.0, "*"), (0.0, "0"), (20.0, "10")]


def test_of_many_rows_the_largest_are_drawn_in_their_order():
    drawn = chart([(f"Trust {n}", 5 * n) for n in range(30)])

    assert drawn.is_shortened
    assert [bar.lines[0][1] for bar in drawn.bars] == [f"Trust {n}" for n in range(18, 30)]


def test_long_words_take_more_lines_and_nothing_overlaps():
    drawn = chart([("Weald, Downs and Seaboard University Hospitals Trust", 40), ("", None), ("Short", 5)])

    assert [len(bar.lines) for bar in drawn.bars] == [2, 1, 1]
    for one, two in pairwise(drawn.bars):
        assert one.top + 18 <= two.lines[0][0] - 16
    assert drawn.bars[-1].top + 18 <= drawn.height


def test_where_all_is_hidden_or_nothing_is_there_nothing_is_drawn():
    assert [bar.percent for bar in chart([("A", None), ("B", None)]).bars] == [0.0, 0.0]
    assert [bar.percent for bar in chart([("A", 0), ("B", 0)]).bars] == [0.0, 0.0]
    assert chart([]).bars == ()


def test_every_report_is_reached_from_the_first_page(browser_of, governance):
    published()
    browser = browser_of(governance)
    browser.get("/reports")

    addresses = {href for _, href in browser.page.links}
    assert {f"/reports/{key}" for key in MEASURES} <= addresses
    assert all(group.name in browser.page.text for group in GROUPS)
