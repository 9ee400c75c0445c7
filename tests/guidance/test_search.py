"""Search finds pages by the beginnings of words, blind to accents, and shows where; and for each person what they may see."""

import pytest

from models import ReferrerKind
from signpost.guidance import queries, search
from tests.factories import a_referral, a_referrer


def found(text):
    return [one.href for one in search.in_guide(queries.guide(), text).found]


def test_a_page_is_found_at_the_heading_that_matches_best(app):
    assert found("clarifying")[0] == "/guidance/careers-session/structure#clarifying"


@pytest.mark.parametrize("text", ["cafe", "CAFÉ", "café noise", "cafes"])
def test_accents_case_and_a_plural_s_do_not_matter(app, text):
    assert found(text) == ["/guidance/careers-session/structure#clarifying"]


def test_a_question_is_asked_as_people_ask_it(app):
    assert found("How do I prepare for a session?")[0].startswith("/guidance/careers-session/")


@pytest.mark.parametrize("text", ["cla", "the", "what is it", "a"])
def test_three_letters_stand_for_themselves_and_small_words_for_nothing(app, text):
    assert found(text) == []


def test_the_match_is_marked_as_it_is_written(client):
    page = client.get("/guidance/search?q=cafe").get_data(as_text=True)

    assert "<mark>Café</mark> noise" in page


def test_what_is_marked_is_words_and_never_markup(app):
    assert search.marked("<b>mentor</b> & more", ["mentor"]) == "&lt;b&gt;<mark>mentor</mark>&lt;/b&gt; &amp; more"


def test_a_long_passage_is_shown_around_the_match(app):
    made = search.marked("before " * 50 + "needle " + "after " * 50, ["needle"])

    assert made.startswith("… before")
    assert "<mark>needle</mark>" in made
    assert made.endswith("after …")
    assert len(made) < 300


def test_where_no_page_has_every_word_those_with_some_are_shown(client):
    client.get("/guidance/search?q=headset+elephants")

    assert "No page has all of these words." in client.page.text
    assert "Preparing for a session" in client.page.text


@pytest.mark.parametrize(("typed", "meant"), [("clarifiyng", "clarifying"), ("sesion", "session")])
def test_a_word_that_is_typed_nearly_right_finds_what_was_meant(client, typed, meant):
    client.get(f"/guidance/search?q={typed}")

    assert f"No page has “{typed}”. These have “{meant}”." in client.page.text
    assert [found(typed)] == [found(meant)] != [[]]


def test_a_word_that_no_page_has_is_looked_for_as_pages_say_it(client, monkeypatch):
    monkeypatch.setitem(search.SAID_OTHERWISE, "eleph", "mentor")
    client.get("/guidance/search?q=what+about+elephants")

    assert "No page has “elephants”. These have “mentor”." in client.page.text


def test_a_word_that_a_page_has_is_never_taken_for_another(app):
    assert search.in_guide(queries.guide(), "clarifying cafe").instead == {}


def test_nothing_is_guessed_for_a_name_that_is_found(browser_of, adviser):
    a_referral(trainee_name="Clary Fyingly")
    browser = browser_of(adviser)
    browser.get("/guidance/search?q=clarifyign")
    assert "These have" in browser.page.text
    a_referral(trainee_name="Clarifyign Sam")
    browser.get("/guidance/search?q=clarifyign")
    assert "Clarifyign Sam" in browser.page.text
    assert "These have" not in browser.page.text


@pytest.mark.parametrize("q", ["elephants", "%", '"', "'", "* OR 1", "<script>", "a" * 500, "", "   ", "the"])
def test_nothing_found_is_said(client, q):
    answer = client.get("/guidance/search", query_string={"q": q})

    assert answer.status_code == 200
    assert "<script>" not in answer.get_data(as_text=True).partition("<h1>")[2]


def test_a_stranger_finds_guidance_and_no_record(client, referrer, adviser):
    a_referral(referrer, trainee_name="Sam Structure")
    client.get("/guidance/search?q=structure")

    assert "Sam Structure" not in client.page.text


def test_each_person_finds_what_they_may_see(browser_of, referrer, adviser, counsellor):
    a_referral(referrer, trainee_name="Sam Structure")
    other = a_referrer(ReferrerKind.TPD)
    seen = {}
    for person in (referrer, adviser, counsellor, other):
        browser = browser_of(person)
        browser.get("/guidance/search?q=struct")
        seen[person.name] = "Sam Structure" in browser.page.text

    assert list(seen.values()) == [True, True, False, False]
