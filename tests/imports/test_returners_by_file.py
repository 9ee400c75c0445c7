"""A file of returners: shown row by row, nothing of it taken where anything is wrong, duplicates by choice (D1, D3)."""

import io
import json
from datetime import timedelta

import pytest

from models import Event, Import, ImportRow, ImportState, Mentorship, Notice, Returner, ReturnerState, Role, RowChoice
from signpost import clock, import_kinds
from signpost.imports import actions, queries, sheets
from signpost.mentoring import returners
from signpost.mentoring.returner_rows import KIND
from tests import factories
from tests.factories import a_mentorship, a_returner, an_employer
from tests.unchanged import nothing_written, refused

HEADING = "Name,Email,Absent from,Returns on,Employer\n"


@pytest.fixture
def team(app):
    return factories.a_user(Role.RTT_TEAM)


def a_row(n, weeks=20, **cells):
    returns_on = clock.today() + timedelta(weeks=weeks)
    usual = {
        "name": f"Doctor {n}",
        "email": f"doctor{n}@x.example",
        "absent_from": (returns_on - timedelta(days=200)).strftime("%d/%m/%Y"),
        "returns_on": returns_on.strftime("%d/%m/%Y"),
        "employer": "",
    }
    return ",".join((usual | cells).values()) + "\n"


def brought(team, *rows, encoding="utf-8"):
    made = actions.bring(KIND, "list.csv", (HEADING + "".join(rows)).encode(encoding), team)
    read(made)
    return Import.get_by_id(made.id)


def read(batch):
    while Import.get_by_id(batch.id).state in (ImportState.READING, ImportState.TAKING):
        actions.go_on(import_kinds.KINDS)


def taken(batch, team):
    actions.take(batch, team, batch.version)
    read(batch)
    return Import.get_by_id(batch.id)


def problems(batch):
    rows, _ = queries.page(batch, "all", 0)
    return {row.number: row.problems for row in rows if row.problems}


def test_a_file_is_read_shown_and_taken(team):
    batch = brought(team, a_row(1), a_row(2), a_row(3))
    assert (batch.state, batch.rows, batch.rows_done) == (ImportState.TO_CHECK, 3, 3)
    assert Returner.select().count() == 0

    batch = taken(batch, team)

    assert batch.state == ImportState.TAKEN
    assert queries.outcome(batch)["added"] == 3
    assert [row.name for row in Returner.select().order_by(Returner.id)] == ["Doctor 1", "Doctor 2", "Doctor 3"]
    assert ImportRow.select().count() == 0
    assert batch.content is None
    assert Event.select().where(Event.name == "returners.imported").count() == 1


def test_those_who_return_soon_are_offered_a_mentor_when_the_file_is_taken(team):
    taken(brought(team, a_row(1, weeks=4), a_row(2, weeks=20)), team)

    assert [row.state for row in Returner.select().order_by(Returner.id)] == [
        ReturnerState.OFFERED,
        ReturnerState.LISTED,
    ]
    assert Notice.select().where(Notice.kind == "mentor_offer").count() == 1


def test_what_is_wrong_stands_beside_its_row_and_column(team):
    an_employer("Weald Trust")
    soon = clock.today().strftime("%d/%m/%Y")
    batch = brought(
        team,
        a_row(1, employer="weald trust"),
        a_row(2, email="nobody"),
        a_row(3, weeks=8, absent_from=soon),
        a_row(4, employer="Elsewhere Trust"),
        a_row(5, name=""),
        a_row(1),
    )

    found = problems(batch)

    assert set(found) == {3, 4, 5, 6, 7}
    assert "name@example.com" in found[3]["email"]
    assert "three months" in found[4]["returns_on"]
    assert "no employer" in found[5]["employer"]
    assert found[6]["name"] == "Name is missing"
    assert found[7][""] == "The same as row 2"


def test_a_day_in_figures_is_shown_as_it_was_read(team, browser_of):
    batch = brought(team, "Ann Awful,ann@x.example,1/2/2026,3/4/2027,\n", "Sid Serial,sid@x.example,46023,3/4/2027,\n")

    page = browser_of(team).get(f"/mentoring/returners/import/{batch.public_id}").text

    assert "Absent from: <bdi>1 February 2026</bdi>" in page
    assert "Absent from: <bdi>46023</bdi>" in page
    assert "is a number. In your spreadsheet show the column as dates" in page


def test_with_one_row_to_mend_nothing_is_taken(team):
    batch = brought(team, a_row(1), a_row(2, email="nobody"))

    with refused("1 row has something to mend"):
        actions.take(batch, team, batch.version)
    assert Returner.select().count() == 0


def test_rows_to_mend_can_be_left_out_and_the_others_are_taken(team):
    batch = brought(team, a_row(1), a_row(2, email="nobody"), a_row(3, name=""))
    actions.choose_for_all(batch, "leave_out", team, batch.version)

    batch = taken(batch, team)

    assert [row.name for row in Returner.select()] == ["Doctor 1"]
    assert queries.outcome(batch)["left_out"] == 2


def test_somebody_on_the_list_already_is_left_out_unless_merged(team):
    there = a_returner(team, email="doctor1@x.example", weeks_to_return=30)
    batch = brought(team, a_row(1), a_row(2))
    assert (queries.counts(batch).there_already, queries.counts(batch).left_out) == (1, 1)

    taken(batch, team)

    assert Returner.get_by_id(there.id).name == there.name
    assert Returner.select().count() == 2


def test_a_merged_row_moves_the_return_and_the_end_of_the_mentoring(team):
    pair = a_mentorship(team, returner=factories.who_waits(team, email="doctor1@x.example"))
    batch = brought(team, a_row(1, weeks=30))
    actions.choose_for_all(batch, "merge", team, batch.version)

    taken(Import.get_by_id(batch.id), team)

    returner = Returner.get_by_id(pair.returner_id)
    assert (returner.name, returner.returns_on) == ("Doctor 1", clock.today() + timedelta(weeks=30))
    assert Mentorship.get_by_id(pair.id).ends_on > pair.ends_on


def test_merging_one_row_by_its_own_choice(team):
    a_returner(team, email="doctor1@x.example")
    batch = brought(team, a_row(1), a_row(2))
    first, second = queries.page(batch, "all", 0)[0]

    actions.choose(batch, {first.public_id: RowChoice.MERGE, second.public_id: RowChoice.MERGE}, team, batch.version)

    rows, _ = queries.page(batch, "all", 0)
    assert [row.choice for row in rows] == [RowChoice.MERGE, RowChoice.ADD]  # the second is of nobody on the list


def test_where_somebody_came_onto_the_list_meanwhile_nothing_is_taken_and_it_is_said_why(team):
    batch = brought(team, a_row(1), a_row(2))
    a_returner(team, email="doctor2@x.example")

    batch = taken(batch, team)

    assert batch.state == ImportState.TO_CHECK
    assert batch.problem.endswith("Look again at row 3.")
    assert [row.email for row in Returner.select()] == ["doctor2@x.example"]
    again = queries.counts(batch)
    assert (again.there_already, again.left_out, again.add, again.to_mend) == (1, 1, 1, 0)  # it can be merged now
    actions.choose_for_all(batch, "merge", team, batch.version)
    assert taken(Import.get_by_id(batch.id), team).state == ImportState.TAKEN
    assert sorted(row.name for row in Returner.select()) == ["Doctor 1", "Doctor 2"]


def test_where_the_return_to_merge_with_is_gone_nothing_is_taken(team):
    there = a_returner(team, email="doctor1@x.example")
    batch = brought(team, a_row(1), a_row(2))
    actions.choose_for_all(batch, "merge", team, batch.version)
    returners.remove(there, team, there.version)

    batch = taken(Import.get_by_id(batch.id), team)

    assert (batch.state, batch.problem.endswith("Look again at row 2.")) == (ImportState.TO_CHECK, True)
    assert Returner.select().where(Returner.removed_at.is_null()).count() == 0
    assert queries.counts(batch).add == 2


def test_what_only_the_taking_refuses_lets_nothing_in_either(team):
    """Of the one person another absence that is over began on the day the row says."""
    began = clock.today() - timedelta(days=700)
    over = a_returner(team, email="doctor1@x.example")
    Returner.update(absent_from=began, returns_on=began + timedelta(days=300)).where(Returner.id == over.id).execute()
    a_returner(team, email="doctor1@x.example", weeks_to_return=30)
    batch = brought(team, a_row(2), a_row(1, absent_from=began.strftime("%d/%m/%Y")))
    actions.choose_for_all(batch, "merge", team, batch.version)

    batch = taken(Import.get_by_id(batch.id), team)

    assert (batch.state, "another return with this address" in batch.problem) == (ImportState.TO_CHECK, True)
    assert Returner.select().count() == 2


def test_nobody_is_added_who_came_onto_the_list_in_the_last_moment(team):
    line = actions.Line(2, json.loads(brought(team, a_row(1)).lines.get().cells_json), RowChoice.ADD, "")
    a_returner(team, email="doctor1@x.example")

    with refused("Row 2: this person has come onto the list meanwhile"):
        KIND.take([line], team)


def test_a_merged_row_that_says_nothing_new_changes_nothing(team):
    taken(brought(team, a_row(1)), team)
    before = Returner.get()
    batch = brought(team, a_row(1))
    actions.choose_for_all(batch, "merge", team, batch.version)

    assert queries.outcome(taken(Import.get_by_id(batch.id), team))["merged"] == 1

    assert Returner.get().version == before.version
    assert not Event.select().where(Event.name == "returner.changed").exists()


@pytest.fixture
def a_long_file(team, monkeypatch):
    """Five rows to merge, two at a time: chosen, and about to be taken."""
    monkeypatch.setattr(actions, "ROWS_AT_A_TIME", 2)
    for n in range(5):
        a_returner(team, email=f"doctor{n}@x.example", weeks_to_return=30)
    batch = brought(team, *(a_row(n) for n in range(5)))
    actions.choose_for_all(batch, "merge", team, batch.version)
    batch = Import.get_by_id(batch.id)
    actions.take(batch, team, batch.version)
    return batch


def shown(browser, batch):
    browser.get(f"/mentoring/returners/import/{batch.public_id}")
    return browser.page.text


def merged():
    return Returner.select().where(Returner.name.startswith("Doctor ")).order_by(Returner.id)


def test_a_long_file_is_taken_in_pieces_and_goes_on_where_a_worker_stopped(team, a_long_file, browser_of):
    seen = []
    while Import.get_by_id(a_long_file.id).state == ImportState.TAKING:
        actions.go_on(import_kinds.KINDS)
        seen.append(merged().count())
        if seen == [2]:
            assert "Taking: 2 of 5 rows" in shown(browser_of(team), a_long_file)

    assert seen == [2, 4, 5]
    assert queries.outcome(a_long_file)["merged"] == 5
    assert ImportRow.select().count() == 0


def test_what_is_being_taken_is_not_called_off(team, a_long_file):
    actions.go_on(import_kinds.KINDS)

    with refused("being taken already"):
        actions.call_off(Import.get_by_id(a_long_file.id), team)

    read(a_long_file)
    assert merged().count() == 5


def test_a_choice_about_a_row_of_another_file_changes_nothing(team):
    mine, other = brought(team, a_row(1)), brought(team, a_row(2))
    (row,) = queries.page(other, "all", 0)[0]

    actions.choose(mine, {row.public_id: RowChoice.LEAVE_OUT}, team, mine.version)

    assert queries.counts(other).add == 1


def test_of_two_workers_at_one_piece_one_takes_it(team, a_long_file):
    stale = Import.get_by_id(a_long_file.id)
    actions.go_on(import_kinds.KINDS)

    with nothing_written():
        actions._take(stale, KIND)

    read(a_long_file)
    assert queries.outcome(a_long_file)["merged"] == 5


def test_a_row_overtaken_while_a_long_file_is_taken_is_left_and_named(team, a_long_file, browser_of):
    actions.go_on(import_kinds.KINDS)
    gone = Returner.get(Returner.email == "doctor3@x.example")
    returners.remove(gone, team, gone.version)

    read(a_long_file)

    assert [row.email[6] for row in merged()] == ["0", "1", "2", "4"]
    outcome = queries.outcome(a_long_file)
    assert (outcome["merged"], outcome["overtaken"], outcome["rows"]) == (4, 1, [5])
    page = shown(browser_of(team), a_long_file)
    assert "1 row of the file could not be taken" in page
    assert "row 5" in page


def test_somebody_taken_off_the_list_before_comes_back_by_a_file(team):
    there = a_returner(team, email="doctor1@x.example", weeks_to_return=20)
    Returner.update(absent_from=clock.today() + timedelta(weeks=20) - timedelta(days=200)).execute()
    returners.remove(there, team, there.version)

    taken(brought(team, a_row(1)), team)

    (row,) = Returner.select()
    assert (row.name, row.removed_at) == ("Doctor 1", None)


def test_a_file_that_was_sent_twice_is_brought_once(team):
    content = (HEADING + a_row(1)).encode()
    first = actions.bring(KIND, "list.csv", content, team, "bcdfghj2")

    assert actions.bring(KIND, "list.csv", content, team, "bcdfghj2").id == first.id
    assert Import.select().count() == 1


def test_pressing_take_eight_times_takes_it_once(team):
    batch = brought(team, a_row(1))
    for _ in range(8):
        actions.take(Import.get_by_id(batch.id), team, batch.version)
    read(batch)
    for _ in range(8):
        with nothing_written():
            actions.take(Import.get_by_id(batch.id), team, batch.version)

    assert Returner.select().count() == 1


def test_a_file_that_is_called_off_leaves_nothing(team):
    batch = brought(team, a_row(1))

    actions.call_off(batch, team)
    actions.call_off(batch, team)

    assert ImportRow.select().count() == 0
    with refused("while you were looking"):
        actions.take(Import.get_by_id(batch.id), team, batch.version)


def test_a_file_that_nobody_goes_on_with_is_forgotten(team):
    batch = brought(team, a_row(1))

    with clock.at(clock.now() + timedelta(days=15)):
        assert actions.forget_old(clock.now()) == 1

    assert Import.get_by_id(batch.id).state == ImportState.CALLED_OFF
    assert ImportRow.select().count() == 0


def test_a_worker_that_stops_goes_on_where_it_was(team, monkeypatch):
    monkeypatch.setattr(actions, "ROWS_AT_A_TIME", 2)
    monkeypatch.setattr(actions, "PIECES_AT_A_TIME", 1)
    made = actions.bring(KIND, "list.csv", (HEADING + "".join(a_row(n % 4) for n in range(5))).encode(), team)

    seen = []
    while Import.get_by_id(made.id).state == ImportState.READING:
        actions.go_on(import_kinds.KINDS)
        seen.append(Import.get_by_id(made.id).rows_done)

    assert seen == [2, 4, 5]
    assert problems(made) == {6: {"": "The same as row 2"}}


def test_twenty_thousand_rows_in_windows_letters_with_semicolons(team):
    lines = [f"Zoë {n};zoe{n}@x.example;1/1/2026;1/9/2027" for n in range(sheets.MOST_ROWS)]
    content = "\r\n".join(["Name;Email;Absent from;Returns on", *lines]).encode("cp1252")
    with clock.at(clock.parse("2026-11-22T10:00")):
        made = actions.bring(KIND, "list.csv", content, team)
        read(made)
        batch = taken(Import.get_by_id(made.id), team)

    assert batch.state == ImportState.TAKEN
    assert Returner.select().where(Returner.name.startswith("Zoë")).count() == sheets.MOST_ROWS


# The pages


def test_bringing_checking_and_taking_a_file_on_the_pages(team, browser_of):
    browser = browser_of(team)
    browser.get("/mentoring/returners/import")
    browser.press("Bring this file", file=(io.BytesIO((HEADING + a_row(1) + a_row(2, name="")).encode()), "list.csv"))
    assert "Reading" in browser.page.text

    batch = Import.get()
    read(batch)
    here = f"/mentoring/returners/import/{batch.public_id}"
    browser.get(here)
    assert "Name is missing" in browser.page.text
    browser.press("Leave out every row with something to mend")
    browser.press("Add 1 and merge 0")
    assert "Taking: 0 of 1 row." in browser.page.text
    read(batch)
    browser.get(here)

    assert "1 added" in browser.page.text


def test_a_file_without_the_columns_is_refused_beside_the_field(team, browser_of):
    browser = browser_of(team)
    browser.get("/mentoring/returners/import")

    response = browser.press("Bring this file", file=(io.BytesIO(b"Surname,Shoe size\nX,9\n"), "list.csv"))

    assert response.status_code == 422
    assert "The first line must name the columns" in browser.page.text
    assert Import.select().count() == 0


def test_a_formula_is_shown_as_words_and_never_more(team, browser_of):
    batch = brought(team, a_row(1, name="=cmd|calc"))
    browser = browser_of(team)

    browser.get(f"/mentoring/returners/import/{batch.public_id}")

    assert "=cmd|calc" in browser.page.text


def test_a_colleague_sees_nothing_of_a_file_that_they_did_not_bring(team, browser_of):
    batch = brought(team, a_row(1))
    other = factories.a_user(Role.RTT_TEAM)

    assert browser_of(other).get(f"/mentoring/returners/import/{batch.public_id}").status_code == 404
    with refused("sent already"):
        actions.bring(KIND, "list.csv", (HEADING + a_row(1)).encode(), other, batch.public_id)


def test_a_file_of_another_kind_is_none_of_returners(team, browser_of):
    batch = brought(team, a_row(1))
    Import.update(kind="reviews").where(Import.id == batch.id).execute()

    assert browser_of(team).get(f"/mentoring/returners/import/{batch.public_id}").status_code == 404
