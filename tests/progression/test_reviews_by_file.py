"""A file of reviews: shown row by row, taken whole or not at all, those recorded already by choice (E1)."""

import io
from datetime import date

import pytest

from models import Event, Import, ImportRow, ImportState, Notice, Review, Role, RowChoice
from signpost import clock, import_kinds
from signpost.imports import actions, queries
from signpost.progression import queries as progression
from signpost.progression.review_rows import KIND
from tests.factories import a_review, a_user, an_employer

HEADING = (
    "Name,Email,Programme,Outcome,Date of outcome,Issues,Employer,TPD,Training officer,TO email,University contact,"
    "University contact’s email\n"
)


def a_row(n, **cells):
    usual = {
        "name": f"Scientist {n}", "email": f"scientist{n}@mail.example", "programme": "Genomics", "outcome": "3",
        "on": "2/10/2026", "issues": "", "employer": "", "director": "", "officer": "", "officer_email": "",
        "university": "", "university_email": "",
    }  # fmt: skip
    return ",".join(f'"{cell}"' for cell in (usual | cells).values()) + "\n"


@pytest.fixture(autouse=True)
def _today(app):
    clock.set_to(clock.parse("2026-11-23T10:00"))


def brought(team, *rows):
    made = actions.bring(KIND, "reviews.csv", (HEADING + "".join(rows)).encode(), team)
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
    return {row.number: row.problems for row in queries.page(batch, "all", 0)[0] if row.problems}


def test_a_file_is_read_shown_and_taken_and_nobody_is_told(team, director):
    an_employer("Weald Trust")
    full = a_row(
        1, issues="Major, academic: the thesis plan; minor: late forms", employer="weald trust", director=director.email,
        officer="Olly", officer_email="Olly@trust.example", university="Uma", university_email="uma@uni.example",
    )  # fmt: skip
    batch = brought(team, full, a_row(2, outcome="Outcome 2"))
    assert (problems(batch), Review.select().count()) == ({}, 0)

    batch = taken(batch, team)

    first, second = Review.select().order_by(Review.id)
    assert (first.outcome, second.outcome, first.director, first.employer.name) == ("3", "2", director, "Weald Trust")
    assert [(one.severity, one.is_academic, one.words) for one in progression.issues_of(first)] == [
        ("major", True, "the thesis plan"), ("minor", False, "late forms"),
    ]  # fmt: skip
    assert progression.officer_of(first).email == "olly@trust.example"
    assert progression.university_of(first).email == "uma@uni.example"
    assert (ImportRow.select().count(), Notice.select().count()) == (0, 0)
    assert Event.select().where(Event.name == "reviews.imported").count() == 1


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        ({"outcome": "4"}, "outcome", "must be 1, 2, 3 or other"),
        ({"on": "24/11/2026"}, "outcome_on", "still to come"),
        ({"on": "31/2/2026"}, "outcome_on", "real date"),
        ({"email": "nobody"}, "email", "correct format"),
        ({"issues": "bad: nothing"}, "issues", "Write each issue like"),
        ({"employer": "Nowhere"}, "employer", "no employer of this name"),
        ({"director": "x@y.example"}, "director", "chairs support meetings"),
        ({"officer": "Olly"}, "officer_email", "both the name and the email"),
        ({"university": "Uma", "university_email": "scientist1@mail.example"}, "", "two parts"),
    ],
)
def test_what_is_wrong_stands_beside_its_cell(team, cells, column, words):
    batch = brought(team, a_row(1, **cells), a_row(2))

    assert words in problems(batch)[2][column]
    assert Review.select().count() == 0


def test_the_same_review_twice_in_a_file_is_seen(team):
    batch = brought(team, a_row(1), a_row(1))

    assert problems(batch)[3][""] == "The same as row 2"


def test_one_that_is_recorded_already_is_left_out_or_gets_the_issues_it_lacks(team):
    there = a_review(team, a_user(Role.TRAINEE, email="scientist1@mail.example"), outcome_on=date(2026, 10, 2))
    batch = brought(team, a_row(1, issues="Minor: late forms"), a_row(2))
    (row,) = [one for one in queries.page(batch, "all", 0)[0] if one.same_as]
    assert (row.same_as, row.choice) == (there.public_id, "leave_out")

    actions.choose(batch, {row.public_id: RowChoice.MERGE}, team, batch.version)
    taken(Import.get_by_id(batch.id), team)

    assert [one.words for one in progression.issues_of(there)] == ["late forms"]
    assert Review.select().count() == 2


def test_a_review_that_came_meanwhile_lets_nothing_of_the_file_in(team):
    batch = brought(team, a_row(1), a_row(2))
    a_review(team, a_user(Role.TRAINEE, email="scientist2@mail.example"), outcome_on=date(2026, 10, 2))

    batch = taken(batch, team)

    assert batch.state == ImportState.TO_CHECK
    assert batch.problem.endswith("Look again at row 3.")
    assert Review.select().count() == 1


def test_its_pages_are_for_the_progression_team(browser_of, team, counsellor):
    assert browser_of(counsellor).get("/progression/import").status_code == 403

    browser = browser_of(team)
    assert browser.get("/progression/import").status_code == 200
    browser.press("Bring this file", file=(io.BytesIO((HEADING + a_row(1)).encode()), "reviews.csv"))
    batch = Import.get()
    read(batch)
    browser.get(f"/progression/import/{batch.public_id}")
    assert "Scientist 1" in browser.page.text
    colleague = browser_of(a_user(Role.PROGRESSION))
    assert colleague.get(f"/progression/import/{batch.public_id}").status_code == 404
