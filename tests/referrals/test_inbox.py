"""The adviser's inbox: one address is one list, and each row stands in it once."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from playhouse.test_utils import count_queries
from werkzeug.datastructures import MultiDict

from models import Ending, Referral, Role, School, Status
from signpost import clock
from signpost.referrals import actions, inbox, search
from signpost.referrals.inbox import Asked
from tests.factories import a_referral, a_referrer, a_school, a_user, an_employer

NAMES = ("Émile", "Ewa", "Ełk", "adam", "Ådne", "Zoë", "Zoë", "李", "O’Neill", "Oneill")


def stand_at(referral, status, counsellor, ending=Ending.COMPLETE):
    """The row alone."""
    closing = {"closed_at": clock.now(), "ending": ending} if status == Status.CLOSED else {}
    who = {} if status == Status.SUBMITTED else {"assigned_to": counsellor}
    Referral.update(**referral.stand_at(status), **who, **closing).where(Referral.id == referral.id).execute()


def many(referrer, count):
    """Referrals by the dozen: rows alone, since what is asked is the list."""
    first = a_referral(referrer, trainee_name="First")
    columns = [column for column in Referral._meta.sorted_fields if column.name not in ("id", "public_id")]
    rows = []
    for number in range(count - 1):
        name = NAMES[number % len(NAMES)]
        row = Referral(**(first.__data__ | {"trainee_name": name, "trainee_email": f"n{number}@trainees.example"}))
        row.name_order = search.columns(row)["name_order"]
        rows.append([row.__data__.get(column.name) for column in columns])
    if rows:
        Referral.insert_many(rows, columns).execute()
    return first


def walk(asked, me, step):
    """Every row from here on, page after page, following the link of this name."""
    rows, pages = [], 0
    while True:
        page = inbox.page(asked, me)
        pages += 1
        rows.append([row.public_id for row in page.rows])
        link = getattr(page, step)
        if not link:
            return rows
        asked = from_address(link)
        assert pages < 50


def from_address(address):
    return Asked.read({name: values[0] for name, values in parse_qs(urlsplit(address).query).items()})


def flat(pages):
    return [one for page in pages for one in page]


def names(me, **asked):
    return [row.trainee_name for row in inbox.page(Asked(**asked), me).rows]


# Pages


@pytest.mark.parametrize("sort", inbox.SORTS)
@pytest.mark.parametrize("count", [1, inbox.PAGE, inbox.PAGE + 1, 3 * inbox.PAGE + 7])
def test_turning_the_pages_shows_each_row_exactly_once_forwards_and_backwards(adviser, referrer, sort, count):
    many(referrer, count)
    everything = {public_id for (public_id,) in Referral.select(Referral.public_id).tuples()}

    forwards = walk(Asked(view="all", sort=sort), adviser, "older")

    assert len(flat(forwards)) == count
    assert set(flat(forwards)) == everything
    if len(forwards) > 1:
        last = inbox.page(Asked(view="all", sort=sort, after=forwards[-2][-1]), adviser)
        backwards = walk(from_address(last.newer), adviser, "newer")
        assert flat(reversed(backwards)) == flat(forwards[:-1])


def test_each_sort_is_in_its_order(adviser, referrer):
    for name in ("Zoë", "Adam", "Émile"):
        a_referral(referrer, trainee_name=name)

    assert names(adviser) == ["Émile", "Adam", "Zoë"]
    assert names(adviser, sort="oldest") == ["Zoë", "Adam", "Émile"]
    assert names(adviser, sort="name") == ["Adam", "Émile", "Zoë"]


def test_the_first_page_has_nothing_newer_and_the_last_nothing_older(adviser, referrer):
    many(referrer, inbox.PAGE + 1)
    first = inbox.page(Asked(view="all"), adviser)
    last = inbox.page(from_address(first.older), adviser)

    assert (first.newer, last.older) == ("", "")
    assert first.older
    assert last.newer
    assert inbox.page(from_address(last.newer), adviser).newer == ""


def test_a_page_stays_where_it_was_when_something_new_arrives(adviser, referrer):
    many(referrer, inbox.PAGE + 5)
    second = inbox.page(Asked(view="all"), adviser).older
    before = inbox.page(from_address(second), adviser).rows
    a_referral(referrer)

    assert inbox.page(from_address(second), adviser).rows == before


def test_a_page_is_found_though_the_row_at_its_edge_has_left_the_view(adviser, referrer, counsellor):
    many(referrer, inbox.PAGE + 5)
    first = inbox.page(Asked(), adviser)
    edge = Referral.get(Referral.public_id == first.rows[-1].public_id)
    stand_at(edge, Status.CLOSED, counsellor)

    assert len(inbox.page(from_address(first.older), adviser).rows) == 5


@pytest.mark.parametrize("edge", ["zzzzzzzz", "x", "'; --", "\x00"])
def test_an_edge_that_is_not_there_is_the_beginning(adviser, referrer, edge):
    a_referral(referrer)

    assert len(inbox.page(Asked(after=edge), adviser).rows) == 1
    assert len(inbox.page(Asked(before=edge), adviser).rows) == 1


def test_turning_a_page_or_opening_a_row_brings_the_list_alone(adviser, referrer, browser_of):
    first = many(referrer, inbox.PAGE + 1)
    address = f"/referrals/inbox?view=all&open={first.public_id}"
    headers = {"HX-Request": "true", "HX-Request-Type": "partial"}
    whole, part = (
        browser_of(adviser).get(address, headers={**headers, "HX-Target": f"div#{target}"})
        for target in ("inbox", "list")
    )

    assert part.text.strip() in whole.text
    assert part.text.count("data-row") == inbox.PAGE
    assert "What happened" in part.text
    assert "sp-tabs" in whole.text
    assert "sp-tabs" not in part.text
    assert part.headers["HX-Push-Url"] == whole.headers["HX-Push-Url"] == address


# Views, filters, search


@pytest.fixture
def one_at_each(adviser, referrer, counsellor):
    """A referral at each status, called by it."""
    for status in Status:
        stand_at(a_referral(referrer, trainee_name=status.value), status, counsellor)


def test_each_view_shows_its_stages(one_at_each, adviser):
    shown = {view: set(names(adviser, view=view)) for view in inbox.VIEWS}

    assert shown == {
        "new": {"submitted"},
        "waiting": {"submitted"},
        "assigned": {"assigned"},
        "in-progress": {"first_meeting_booked", "in_progress", "sessions_complete"},
        "closed": {"closed"},
        "all": {status.value for status in Status},
    }


def test_the_counts_are_those_of_the_views(one_at_each, adviser):
    assert inbox.counts(adviser) == {view: len(names(adviser, view=view)) for view in inbox.VIEWS}


def test_new_is_what_came_today_or_on_the_working_day_before(adviser, referrer):
    with clock.at(clock.now() - timedelta(days=9)):
        a_referral(referrer, trainee_name="Long ago")
    a_referral(referrer, trainee_name="Today")

    assert names(adviser, view="new") == ["Today"]
    assert inbox.counts(adviser)["new"] == 1
    assert inbox.counts(adviser)["waiting"] == 2


def test_counting_stops_at_a_thousand(adviser, referrer, monkeypatch):
    monkeypatch.setattr(inbox, "MOST_COUNTED", 5)
    many(referrer, 8)

    assert inbox.counts(adviser)["all"] == 5


def test_each_filter_narrows_the_list(adviser, referrer, counsellor, head):
    school = School.get(School.name == "School of Medicine")
    employer = an_employer("Weald Hospitals")
    with clock.at(clock.now() - timedelta(days=6)):
        stand_at(a_referral(referrer, trainee_name="Old"), Status.ASSIGNED, counsellor)
    a_referral(referrer, trainee_name="Concern", school=school, wider_concerns=True)
    a_referral(referrer, trainee_name="Weald", employer=employer)

    assert names(adviser, view="all", school=school.public_id) == ["Concern"]
    assert names(adviser, view="all", employer=employer.public_id) == ["Weald"]
    assert names(adviser, view="all", concern="yes") == ["Concern"]
    assert set(names(adviser, view="all", concern="no")) == {"Old", "Weald"}
    assert names(adviser, view="all", waiting="5") == ["Old"]
    assert names(adviser, view="all", waiting="10") == []
    assert names(adviser, view="all", counsellor=counsellor.public_id) == ["Old"]
    assert names(adviser, view="all", employer=employer.public_id, concern="yes") == []


@pytest.mark.parametrize("filtered_by", ["school", "employer", "counsellor"])
def test_a_filter_by_what_does_not_exist_finds_nothing(adviser, referrer, filtered_by):
    a_referral(referrer)

    assert names(adviser, view="all", **{filtered_by: "zzzzzzzz"}) == []


def test_search_works_within_the_view_and_beside_filters(adviser, referrer, head):
    school = School.get(School.name == "School of Medicine")
    a_referral(referrer, trainee_name="Sam Ng", school=school)
    closed = a_referral(referrer, trainee_name="Sam Xu")
    actions.withdraw(closed, by=referrer)

    assert names(adviser, q="sam") == ["Sam Ng"]
    assert names(adviser, q="sam", view="closed") == ["Sam Xu"]
    assert set(names(adviser, q="sam", view="all")) == {"Sam Ng", "Sam Xu"}
    assert names(adviser, q="sam", view="all", school=school.public_id) == ["Sam Ng"]
    assert names(adviser, q="kim", view="all") == []


def test_searching_pages_too(adviser, referrer):
    many(referrer, inbox.PAGE + 4)
    Referral.update(search_words=" sam ").execute()

    assert len(flat(walk(Asked(view="all", q="sam"), adviser, "older"))) == inbox.PAGE + 4


def test_an_advisers_own_referral_is_not_in_their_inbox_nor_in_its_counts(adviser, referrer):
    second = a_user(Role.SENIOR_ADVISER)
    own = a_referral(referrer, trainee_email=adviser.email, trainee_name="Own")

    for view in ("new", "waiting", "all"):
        assert names(adviser, view=view) == []
        assert names(second, view=view) == ["Own"]
    assert set(inbox.counts(adviser).values()) == {0}
    assert inbox.counts(second)["all"] == 1
    assert names(adviser, view="all", q="own") == []
    assert inbox.page(Asked(view="all", after=own.public_id), adviser).rows == []


def test_a_row_says_what_the_list_needs(adviser, referrer, counsellor, head):
    school = School.get(School.name == "School of Medicine")
    referral = a_referral(referrer, trainee_name="Sam Ng", school=school, wider_concerns=True)
    actions.assign(referral, counsellor, adviser, referral.version)

    (row,) = inbox.page(Asked(view="assigned"), adviser).rows
    assert (row.trainee_name, row.wider_concerns) == ("Sam Ng", True)
    assert (row.school, row.employer, row.counsellor) == (
        "School of Medicine",
        referral.employer.name,
        "Chris Counsellor",
    )
    assert (row.reference, row.status_words, row.status_colour) == (referral.reference, "Assigned", "blue")
    assert row.referred_at == Referral.get_by_id(referral.id).referred_at


# The address


@pytest.mark.parametrize(
    "asked",
    [
        Asked(),
        Asked(view="all", sort="name", after="bcdfghjk", open="bcdfghjk"),
        Asked(view="in-progress", q="o’neill & søn = 100% +?#/", school="bcdfghjk", employer="cdfghjkm"),
        Asked(concern="yes", waiting="10", counsellor="bcdfghjk", sort="oldest", before="bcdfghjk"),
        Asked(view="new", q="李 😀 \u200f"),
    ],
)
def test_an_address_gives_back_what_was_asked(asked):
    assert from_address(asked.address(open=asked.open)) == asked


def test_the_plain_address_is_the_default_and_defaults_are_not_written_out():
    assert Asked().address() == "/referrals/inbox"
    assert Asked.read({}) == Asked()
    assert Asked(view="waiting", sort="newest").address() == "/referrals/inbox"


def test_changing_a_filter_goes_to_its_first_page_and_closes_the_panel():
    turned = Asked(view="all", after="bcdfghjk", open="cdfghjkm")

    assert from_address(turned.address(concern="yes")) == Asked(view="all", concern="yes")


def test_opening_a_row_stays_on_the_page():
    turned = Asked(view="all", after="bcdfghjk")

    assert from_address(turned.address(open="cdfghjkm")) == Asked(view="all", after="bcdfghjk", open="cdfghjkm")


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ({"view": "everything"}, Asked()),
        ({"sort": "'; DROP TABLE"}, Asked()),
        ({"concern": "maybe"}, Asked()),
        ({"waiting": "3"}, Asked()),
        ({"q": "  sam  "}, Asked(q="sam")),
        ({"q": "x" * 5000}, Asked(q="x" * 200)),
        ({"unknown": "1", "view": "all"}, Asked(view="all")),
        ({"view": ""}, Asked()),
    ],
)
def test_what_an_address_asks_in_vain_falls_back_to_the_default(given, read):
    assert Asked.read(MultiDict(given)) == read


def test_only_a_search_or_a_filter_counts_as_filtered():
    assert not Asked(view="all", sort="name", after="bcdfghjk").is_filtered
    for name in ("q", "school", "employer", "concern", "waiting", "counsellor"):
        assert Asked(**{name: "x"}).is_filtered


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("/referrals/inbox?sort=newest&view=all&after=bcdfghjk&open=cdfghjkm", "/referrals/inbox?view=all"),
        ("/referrals/inbox?view=waiting&concern=yes&nonsense=1", "/referrals/inbox?concern=yes"),
        ("/referrals/inbox", "/referrals/inbox"),
        ("https://elsewhere.example/referrals/inbox?view=all", "/referrals/inbox"),
        ("//elsewhere.example/?view=all", "/referrals/inbox"),
        ("/notices?view=all", "/referrals/inbox"),
        ("javascript:alert(1)", "/referrals/inbox"),
        ("", "/referrals/inbox"),
    ],
)
def test_a_view_is_kept_by_the_shortest_address_of_a_list_here(address, kept):
    assert inbox.canonical(address) == kept


def test_the_choices_are_what_there_is_each_with_any_first(adviser, counsellor):
    school, employer = a_school("Surgery"), an_employer("Weald Hospitals")
    actions.save_view(a_user(Role.SENIOR_ADVISER), "Theirs", "/referrals/inbox?view=all")
    actions.save_view(adviser, "Mine", "/referrals/inbox?sort=oldest")
    choices = inbox.choices(adviser)

    assert choices["saved"] == [("/referrals/inbox?sort=oldest", "Mine")]
    assert choices["school"] == [("", "Any school"), (school.public_id, "Surgery")]
    assert choices["employer"] == [("", "Any employer"), (employer.public_id, "Weald Hospitals")]
    assert choices["counsellor"] == [("", "Any counsellor"), (counsellor.public_id, "Chris Counsellor")]
    assert [value for value, _ in choices["sort"]] == list(inbox.SORTS)


# As quick with many as with few


@pytest.mark.parametrize(
    "asked",
    [
        Asked(),
        Asked(view="all", sort="name"),
        Asked(view="all", q="first"),
        Asked(view="all", concern="no", waiting=""),
    ],
    ids=lambda asked: asked.address(),
)
def test_a_page_takes_as_many_statements_with_sixty_as_with_three(adviser, referrer, asked):
    many(referrer, 3)
    with count_queries() as few:
        inbox.page(asked, adviser)
        inbox.counts(adviser)
    many(a_referrer(), 57)
    with count_queries() as lots:
        inbox.page(asked, adviser)
        inbox.counts(adviser)

    assert lots.count == few.count <= 8


def test_the_counts_take_one_statement(adviser, referrer):
    many(referrer, 5)
    inbox.counts(adviser)
    a_referral(a_referrer())

    with count_queries(only_select=True) as counted:
        inbox.counts(adviser)
    assert counted.count == 1
