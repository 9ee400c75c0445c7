"""The pages on which a support meeting is prepared and minuted, signed in and by a personal link."""

import io

import pytest

from models import (
    FileKind,
    GapRow,
    LinkPurpose,
    Minutes,
    Owner,
    Paper,
    PaperOpening,
    Present,
    SupportMeeting,
    ToPrepare,
)
from signpost import clock
from signpost.accounts import links
from signpost.fields import new_public_id
from signpost.progression import gap_analysis, gap_table, minutes, papers, preparing, queries, support_meetings
from tests.factories import a_review, a_support_meeting
from tests.files import made, workbooks

BEGINS = clock.parse("2026-11-30T10:00")
WORDS = "Two more weeks in the second laboratory."
ROWS = "Item\tStatus\tEvidence\tPlan\nSequencing\tDone\t=HYPERLINK(1)\t\nVariants\tNot yet\t\tBy June\n"


@pytest.fixture(autouse=True)
def _early_in_november(app):
    clock.set_to(clock.parse("2026-11-02T09:00"))


@pytest.fixture
def review(team, scientist, officer, director, university):
    return a_review(team, scientist, officer, director=director, university=university)


@pytest.fixture
def support(review, team, director, colleague):
    invited = queries.university_of(review)
    return a_support_meeting(review, director, team, BEGINS, minute_taker=colleague, university=invited)


def at(support, path):
    return f"/progression/meetings/{support.public_id}/{path}"


def send(client, path, name="Plan.pdf", content=None, kind="training_plan", **fields):
    file = (io.BytesIO(made.pdf() if content is None else content), name)
    data = {"csrf_token": client.token(), "kind": kind, "reference": new_public_id(), "file": file} | fields
    return client.followed(client.post(path, data=data, content_type="multipart/form-data"))


def lines(support, owner=Owner.TRAINEE):
    return {line.item: line for line in preparing.checklist(support, owner)}


# The checklist


def test_the_two_see_what_to_do_and_by_when(browser_of, support, scientist, officer):
    for one in (scientist, officer):
        browser = browser_of(one)
        browser.get(f"/progression/meetings/{support.public_id}")
        assert "What to prepare, and the papers" in browser.page.text
        assert "Guidance: Before a meeting on Microsoft Teams" in browser.page.text
        browser.get(at(support, "preparation"))
        assert browser.page.h1 == "Prepare for the support meeting"
        assert "due by 23:59 on Monday 23 November 2026" in browser.page.text
        assert "Guidance: How to prepare for a support meeting" in browser.page.text


def test_the_name_of_the_trainee_stands_on_every_page_but_their_own(
    browser_of, support, scientist, officer, team, director
):
    for one in (scientist, officer, team, director):
        browser = browser_of(one)
        for path in ("", "preparation", "minutes", "gap-analysis"):
            page = browser.get(at(support, path).rstrip("/")).text
            assert ('nhsuk-lede-text"><bdi>Sam Scientist' in page) == (one != scientist), (one.name, path)


def test_what_was_not_done_before_the_meeting_is_no_task_any_more(browser_of, support, scientist, team):
    clock.set_to(clock.parse("2026-12-01T09:00"))
    support_meetings.held(support, team)
    for one in (scientist, team):
        browser = browser_of(one)
        browser.get(at(support, "preparation"))
        assert "ot recorded" in browser.page.text
        assert "o do" not in browser.page.text
        assert "was due" not in browser.page.text


def test_what_they_want_confirmed_is_written_and_read_by_both(browser_of, support, scientist, officer):
    browser = browser_of(scientist)
    browser.get(at(support, "preparation/have_met"))
    browser.press("We have met", words=WORDS)
    assert WORDS in browser.page.text

    browser = browser_of(officer)
    browser.get(at(support, "preparation"))
    assert f"Your trainee wrote: {WORDS}" in browser.page.text
    browser.press("Not yet after all")
    assert lines(support)[ToPrepare.HAVE_MET].done_at is None


def test_meeting_without_words_is_asked_again_and_a_stale_page_shows_both(browser_of, support, scientist):
    browser = browser_of(scientist)
    browser.get(at(support, "preparation/have_met"))
    assert browser.press("We have met", words="").status_code == 422
    browser.get(at(support, "preparation/have_met"))
    preparing.done(support, ToPrepare.HAVE_MET, "Written in another tab", 1, scientist)

    assert browser.press("We have met", words=WORDS).status_code == 409
    assert WORDS in browser.page.text


def test_a_private_place_is_one_press_and_can_be_taken_back(browser_of, support, scientist):
    browser = browser_of(scientist)
    browser.get(at(support, "preparation"))
    browser.press("I have a private place")
    assert lines(support)[ToPrepare.PRIVATE_PLACE].done_at is not None

    browser.press("Not yet after all")
    assert lines(support)[ToPrepare.PRIVATE_PLACE].done_at is None


def test_the_school_sees_both_lists_and_the_university_the_papers_alone(
    browser_of, support, director, university, scientist
):
    preparing.done(support, ToPrepare.HAVE_MET, WORDS, 1, scientist)
    browser = browser_of(director)
    browser.get(at(support, "preparation"))
    assert browser.page.h1 == "Preparation and papers"
    assert WORDS in browser.page.text

    browser = browser_of(university)
    browser.get(at(support, "preparation"))
    assert browser.page.h1 == "Papers"
    assert WORDS not in browser.page.text
    assert "inutes" not in browser.page.text


@pytest.mark.parametrize(
    "path", ["preparation/have_met", "papers/new", "papers/sharing", "gap-analysis", "gap-analysis/csv", "gap-analysis/rows/new", "minutes"]
)  # fmt: skip
def test_to_the_university_these_pages_do_not_exist(browser_of, support, university, path):
    assert browser_of(university).get(at(support, path)).status_code == 404


@pytest.mark.parametrize("path", ["preparation", "papers/new", "papers/sharing", "gap-analysis", "minutes"])
def test_to_others_no_page_of_the_meeting_exists(browser_of, support, counsellor, path):
    assert browser_of(counsellor).get(at(support, path)).status_code == 404


# Papers


def test_a_plan_is_added_shared_opened_and_recalled(browser_of, support, officer, team, scientist):
    browser = browser_of(officer)
    browser.get(at(support, "papers/new"))
    send(browser, at(support, "papers/new"), "Plan of Alex.pdf")
    assert "Plan of Alex.pdf" in browser.page.text

    browser = browser_of(team)
    browser.get(at(support, "papers/sharing"))
    browser.press("Share these papers", papers=[Paper.get().public_id])
    assert "shared on 2 November 2026" in browser.page.text

    browser = browser_of(scientist)
    answer = browser.get(at(support, f"papers/{Paper.get().public_id}"))
    assert answer.data == made.pdf()
    assert answer.headers["Content-Disposition"] == 'attachment; filename="Plan of Alex.pdf"'
    assert PaperOpening.get().by_user == scientist

    browser = browser_of(officer)
    browser.get(at(support, f"papers/{Paper.get().public_id}/recall"))
    assert f"Opened so far by {scientist.name}" in browser.page.text
    browser.press("Recall this paper", why="It is another trainee’s.")
    assert f"Opened before by {scientist.name}" in browser.page.text
    assert browser_of(scientist).get(at(support, f"papers/{Paper.get().public_id}")).status_code == 404


def test_what_is_no_document_is_refused_beside_the_field(browser_of, support, scientist):
    browser = browser_of(scientist)
    browser.get(at(support, "papers/new"))

    answer = send(browser, at(support, "papers/new"), content=b"<html>")

    assert answer.status_code == 422
    assert browser.page.text.count("must be a PDF or a Word document") == 2


def test_a_paper_that_is_not_shared_is_no_page_to_the_others(browser_of, support, scientist, officer, university):
    paper = papers.add(support, FileKind.TRAINING_PLAN, "Plan.pdf", made.pdf(), scientist)

    for one in (officer, university):
        assert browser_of(one).get(at(support, f"papers/{paper.public_id}")).status_code == 404
        assert browser_of(one).get(at(support, f"papers/{paper.public_id}/recall")).status_code == 404
    assert not PaperOpening.select().exists()


def test_a_late_plan_says_so(browser_of, support, scientist):
    clock.set_to(clock.parse("2026-11-25T09:00"))
    papers.add(support, FileKind.TRAINING_PLAN, "Plan.pdf", made.pdf(), scientist)
    browser = browser_of(scientist)

    browser.get(at(support, "preparation"))

    assert "on 25 November 2026, after its day" in browser.page.text


# The gap analysis


def test_pasted_rows_are_looked_at_and_then_kept(browser_of, support, scientist):
    browser = browser_of(scientist)
    browser.get(at(support, "gap-analysis/rows/new"))
    assert browser.press("Look at these rows", table=ROWS).status_code == 200
    assert "2 rows" in browser.page.text
    assert not GapRow.select().exists()

    browser.press("Keep these rows")

    assert [row.item for row in gap_analysis.rows_of(support)] == ["Sequencing", "Variants"]
    assert browser.page.h1 == "Gap analysis"


def test_what_becomes_of_the_rows_that_are_there_is_asked_where_there_are_any(browser_of, support, scientist):
    browser = browser_of(scientist)
    for is_asked in (False, True):
        browser.get(at(support, "gap-analysis/rows/new"))
        browser.press("Look at these rows", table=ROWS)
        assert ("What becomes of the rows that are there?" in browser.page.text) == is_asked
        browser.press("Keep these rows")


def test_a_workbook_is_read_looked_at_and_not_kept(browser_of, support, scientist):
    browser = browser_of(scientist)
    browser.get(at(support, "gap-analysis/rows/new"))
    path = at(support, "gap-analysis/rows/new")
    send(browser, path, "gap.xlsx", workbooks.xlsx(), step="look", was="", table="", manner="add")
    browser.press("Keep these rows")

    assert [(row.item, row.status, row.evidence) for row in gap_analysis.rows_of(support)] == [
        ("Sequencing", "done", "Logbook"), ("Variant analysis", "partly", "Two cases\nof five"),
    ]  # fmt: skip
    assert not papers.of_meeting(support)


def test_four_hundred_rows_with_merged_cells_are_pasted_looked_at_and_kept(browser_of, support, scientist):
    pasted = "\n".join(f"{f'Item {n}' if n % 4 == 0 else ''}\tDone\tEvidence {n}\t" for n in range(400))
    browser = browser_of(scientist)
    browser.get(at(support, "gap-analysis/rows/new"))
    browser.press("Look at these rows", table=pasted)
    assert "400 rows" in browser.page.text
    browser.press("Keep these rows")

    kept = [(row.item, row.evidence) for row in gap_analysis.rows_of(support)]
    assert kept == [(f"Item {n - n % 4}", f"Evidence {n}") for n in range(400)]


def test_what_is_wrong_with_a_row_stands_beside_it_and_what_was_pasted_stays(browser_of, support, scientist):
    browser = browser_of(scientist)
    browser.get(at(support, "gap-analysis/rows/new"))

    answer = browser.press("Look at these rows", table="Variants\tperhaps\t\t\nReports\tDone\t\t\n")

    assert answer.status_code == 422
    assert "1 row of 2 must be put right" in browser.page.text
    assert "We do not know this status" in browser.page.text
    assert "Keep these rows" not in browser.page.text
    assert "Variants\tperhaps" in answer.text


def test_a_spreadsheet_that_cannot_be_read_is_refused_beside_the_field(browser_of, support, scientist):
    browser = browser_of(scientist)
    path = at(support, "gap-analysis/rows/new")
    browser.get(path)

    answer = send(browser, path, "gap.xlsx", workbooks.BAD["a workbook with macros"][1](), step="look", table="")

    assert answer.status_code == 422
    assert browser.page.text.count("has macros in it") == 2


def test_a_row_is_changed_where_it_stands_and_on_a_page_of_its_own(browser_of, support, officer):
    gap_analysis.keep(support, gap_table.read(ROWS), False, "", officer)
    row = gap_analysis.rows_of(support)[1]
    path = at(support, f"gap-analysis/rows/{row.public_id}")
    browser = browser_of(officer)
    browser.get(path)
    browser.press("Keep the row", status="partly")
    assert GapRow.get_by_id(row.id).status == "partly"

    fragment = browser.get(path, headers={"HX-Request": "true"})
    assert fragment.text.strip().startswith("<tr")
    answer = browser.post(
        path,
        data={
            "csrf_token": browser.token(),
            "item": "Variants",
            "status": "done",
            "evidence": "",
            "plan": "",
            "version": "2",
        },
        headers={"HX-Request": "true"},
    )
    assert "Done" in answer.text
    assert answer.text.strip().startswith("<tr")

    browser.get(path)
    browser.press("Take this row out")
    assert len(gap_analysis.rows_of(support)) == 1


def test_what_could_be_a_formula_is_words_in_the_csv(browser_of, support, scientist, director):
    gap_analysis.keep(support, gap_table.read(ROWS), False, "", scientist)

    answer = browser_of(director).get(at(support, "gap-analysis/csv"))

    assert answer.mimetype == "text/csv"
    assert '"\'=HYPERLINK(1)"' in answer.text


# Minutes


def test_minutes_are_saved_as_they_are_typed_agreed_and_read(
    browser_of, support, colleague, director, scientist, officer
):
    browser = browser_of(colleague)
    browser.get(at(support, "minutes"))
    for part in Present:
        answer = browser.post(
            at(support, f"minutes/{part}"),
            data={"csrf_token": browser.token(), "words": f"{WORDS} {part}", "version": "0"},
            headers={"X-Saved-As-Typed": "1"},
        )
        assert "Saved at" in answer.text
    SupportMeeting.update(held_at=clock.now()).execute()

    browser = browser_of(director)
    browser.get(at(support, "minutes"))
    for words in ("everybody together", "the trainee’s own time", "the training officer’s own time"):
        browser.press(f"Agree these minutes: {words}")
    assert "Agree these minutes" not in browser.page.text

    for one, own, others in (
        (scientist, "trainee_alone", "officer_alone"),
        (officer, "officer_alone", "trainee_alone"),
    ):
        browser = browser_of(one)
        browser.get(at(support, "minutes"))
        assert f"{WORDS} together" in browser.page.text
        assert f"{WORDS} {own}" in browser.page.text
        assert others not in browser.page.text


def test_where_another_tab_wrote_both_texts_are_shown(browser_of, support, colleague):
    minutes.write(support, Present.TOGETHER, "What one tab wrote", 0, colleague)
    browser = browser_of(colleague)
    browser.get(at(support, "minutes"))
    sent = {"csrf_token": browser.token(), "words": "What another tab wrote", "version": "0"}

    live = browser.post(at(support, "minutes/together"), data=sent, headers={"X-Saved-As-Typed": "1"})
    assert (live.status_code, "What one tab wrote" in live.text) == (409, True)

    browser.post(at(support, "minutes/together"), data=sent)
    assert browser.page.h1 == "Not saved yet"
    browser.press("Save what I wrote")
    assert Minutes.get().words == "What another tab wrote"


def test_the_chair_corrects_with_a_reason_and_readers_see_both(browser_of, support, colleague, director, scientist):
    made_now = minutes.write(support, Present.TOGETHER, WORDS, 0, colleague)
    SupportMeeting.update(held_at=clock.now()).execute()
    minutes.agree(made_now, made_now.version, director)
    browser = browser_of(director)
    browser.get(at(support, "minutes/together/correction"))
    assert browser.press("Correct them", words="Three weeks.", why="").status_code == 422
    browser.press("Correct them", words="Three weeks.", why="It was three weeks.")

    browser = browser_of(scientist)
    browser.get(at(support, "minutes"))
    assert "Three weeks." in browser.page.text
    assert WORDS in browser.page.text
    assert "Correct these minutes" not in browser.page.text


def test_nobody_else_writes_agrees_or_corrects(browser_of, support, colleague, team, scientist):
    minutes.write(support, Present.TOGETHER, WORDS, 0, colleague)
    for one in (team, scientist):
        browser = browser_of(one)
        browser.get(at(support, "preparation"))
        token = {"csrf_token": browser.token(), "words": "x", "version": "1", "why": "x"}
        for path in ("minutes/together", "minutes/together/agreement", "minutes/together/correction"):
            assert browser.post(at(support, path), data=token).status_code == 404


# By link


def test_a_trainee_prepares_by_link(client, team, director):
    review = a_review(team)
    support = a_support_meeting(review, director, team, BEGINS)
    token = links.make(LinkPurpose.REVIEWED_TRAINEE, review.trainee_name, review.trainee_email, review=review)
    here = f"/progression/links/{token}/meetings/{support.public_id}"

    client.get(f"{here}/preparation")
    client.press("I have a private place")
    client.get(f"{here}/preparation/have_met")
    client.press("We have met", words=WORDS)
    client.get(f"{here}/preparation/date_and_mode")
    client.press("Keep this", words="Mornings")
    client.press("Not yet after all the date")
    client.get(f"{here}/papers/new")
    send(client, f"{here}/papers/new")
    assert client.get(f"{here}/papers/{Paper.get().public_id}").data == made.pdf()
    client.get(f"{here}/gap-analysis/rows/new")
    client.press("Look at these rows", table=ROWS)
    client.press("Keep these rows")
    row = gap_analysis.rows_of(support)[0]
    client.get(f"{here}/gap-analysis/rows/{row.public_id}")
    client.press("Keep the row", status="partly")
    client.get(f"{here}/gap-analysis/rows/{row.public_id}")
    client.press("Take this row out")
    assert client.get(f"{here}/gap-analysis/csv").status_code == 200
    assert client.get(f"{here}/minutes").status_code == 200
    client.get(f"{here}/papers/{Paper.get().public_id}/recall")
    client.press("Recall this paper", why="It is another’s.")

    assert lines(support)[ToPrepare.PRIVATE_PLACE].done_at is not None
    assert lines(support)[ToPrepare.TRAINING_PLAN].done_at is None
    assert len(gap_analysis.rows_of(support)) == 1


def test_a_link_that_is_over_or_of_another_review_opens_nothing(client, team, director):
    review, other = a_review(team), a_review(team)
    support = a_support_meeting(review, director, team)
    theirs = links.make(LinkPurpose.REVIEWED_TRAINEE, other.trainee_name, other.trainee_email, review=other)

    for token in (theirs, "x" * 43):
        assert client.get(f"/progression/links/{token}/meetings/{support.public_id}/preparation").status_code == 404
