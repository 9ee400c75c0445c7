"""A learning activity: done, and a note of one's own that nobody else reads."""

import pytest

from models import ActivityNote, AuditEntry, Event, Role
from signpost.guidance import actions, queries
from tests.factories import a_user

PAGE = "/guidance/careers-session/structure"
POST = f"{PAGE}/activities/three-questions"
MINE = "I learnt to wait."


def page():
    return queries.guide().by_key["careers-session/structure"]


def kept(browser, **fields):
    browser.get(PAGE)
    return browser.press("Save your note", **{f"three-questions-{name}": value for name, value in fields.items()})


def test_whoever_is_signed_in_keeps_a_note(browser_of, trainee):
    browser = browser_of(trainee)
    events, entries = Event.select().count(), AuditEntry.select().count()
    kept(browser, done="y", reflection=MINE)

    browser.get(PAGE)
    assert MINE in browser.page.text
    note = ActivityNote.get()
    assert (note.user, note.activity, note.reflection, note.done_on is not None) == (
        trainee,
        "three-questions",
        MINE,
        True,
    )
    assert MINE.encode() not in bytes(note.__data__["reflection"])
    assert (Event.select().count(), AuditEntry.select().count()) == (events, entries)


def test_it_can_be_changed_and_taken_back(browser_of, trainee):
    browser = browser_of(trainee)
    kept(browser, done="y", reflection=MINE)
    kept(browser, done=None, reflection="")

    note = ActivityNote.get()
    assert (note.done_on, note.reflection, note.version) == (None, "", 2)


@pytest.mark.parametrize("role", [Role.SENIOR_ADVISER, Role.GOVERNANCE, Role.ADMINISTRATOR, Role.COUNSELLOR])
def test_nobody_else_reads_it(browser_of, trainee, role):
    actions.keep(page(), "three-questions", True, MINE, trainee, 0)
    browser = browser_of(a_user(role))
    browser.get(PAGE)

    assert MINE not in browser.page.text


def test_a_stranger_keeps_none(client):
    client.get(PAGE)
    assert "If you are signed in, you can keep a note" in client.page.text

    assert client.submit(POST).status_code in (303, 401)
    assert ActivityNote.select().count() == 0


def test_two_windows_do_not_overwrite_each_other(browser_of, trainee):
    one, other = browser_of(trainee), browser_of(trainee)
    one.get(PAGE)
    other.get(PAGE)
    one.press("Save your note", **{"three-questions-reflection": "First."})
    answer = other.press("Save your note", **{"three-questions-reflection": "Second."})

    assert answer.status_code == 409
    assert "Second." in other.page.text
    assert ActivityNote.get().reflection == "First."


def test_a_note_that_is_too_long_is_refused_and_kept_on_the_page(browser_of, trainee):
    answer = kept(browser_of(trainee), reflection="x" * 4001)

    assert answer.status_code == 422
    assert ActivityNote.select().count() == 0


def test_an_activity_that_is_not_there_is_not_found(browser_of, trainee):
    assert browser_of(trainee).submit(f"{PAGE}/activities/nothing").status_code == 404
