"""The pages that come with Signpost: every link leads somewhere, all of it can be read, and questions are answered."""

from pathlib import Path

import pytest

from signpost.guidance import markdown, page, queries, search
from tests import figures
from tests.guidance.reading_age import grade, syllables

FOLDER = Path(queries.__file__).with_name("pages")
MOST = 11.0
FILES = queries.files(FOLDER)
PAGES = [one for one in FILES.values() if one.key != page.GLOSSARY]


@pytest.fixture(autouse=True)
def real_pages(monkeypatch, small_guide):
    monkeypatch.setattr(queries, "FOLDER", FOLDER)


@pytest.fixture
def guide(app):
    return queries.guide()


def test_every_module_has_pages_and_every_page_a_place_of_its_own(guide):
    assert {one.module for one in PAGES} == set(page.MODULES)
    for module in page.MODULES:
        orders = [one.order for one in guide.of_module(module)]
        assert len(orders) == len(set(orders)), module


def test_every_link_between_pages_leads_somewhere(guide):
    broken = {one.key: found for one in FILES.values() if (found := guide.broken(one))}

    assert broken == {}
    figures.add("guidance", pages=len(FILES), links=sum(len(one.writing.links) for one in FILES.values()))


def test_every_link_to_another_page_of_the_site_has_a_page(app):
    adapter = app.url_map.bind("localhost")
    for one in FILES.values():
        for address in one.writing.addresses:
            assert adapter.test(address.partition("#")[0].partition("?")[0]), f"{one.key}: {address}"


def test_every_term_of_the_glossary_stands_in_plain_words(guide):
    assert [term.word for term in guide.terms.values() if not term.meaning] == []


def test_every_page_rests_on_a_source_that_is_credited(guide):
    assert [one.key for one in PAGES if not one.credit] == []


def test_the_names_of_activities_are_unique_on_a_page(guide):
    for one in PAGES:
        names = [name for name, _ in one.writing.activities]
        assert len(names) == len(set(names)), one.key


def as_read(one):
    """Whole sentences only: headings, cells and the short items of lists would make it look easier than it is."""
    every = (markdown.said(token) for token in one.writing.tokens if token.type == "inline")
    return " ".join(words for words in every if words.rstrip("”’)").endswith((".", "!", "?")))


def test_every_page_can_be_read_at_eleven_or_below(guide):
    grades = {one.key: round(grade(as_read(one)), 1) for one in FILES.values()}
    hard = {key: found for key, found in grades.items() if found > MOST}

    assert hard == {}
    tenths = {"hardest": round(max(grades.values()) * 10), "mean": round(sum(grades.values()) / len(grades) * 10)}
    figures.add("Flesch–Kincaid grade, in tenths", pages=len(grades), **tenths)


@pytest.mark.parametrize(
    ("word", "count"),
    [("cat", 1), ("careers", 2), ("agreed", 2), ("decided", 3), ("asked", 1), ("table", 2), ("idea", 2)],
)
def test_syllables_are_counted_as_they_are_said(word, count):
    assert abs(syllables(word) - count) <= 1


def test_a_hard_text_is_found_hard_and_an_easy_one_easy():
    assert grade("The cat sat on the mat. It was a good mat.") < 2
    assert grade("Organisational accountability necessitates comprehensive interdisciplinary communication.") > 16


# Five questions each of people who are new here, the page that answers them, and words of the answer.
QUESTIONS = {
    "a new trainee": [
        ("Will my employer know what I say?", "confidentiality/our-promise", "We do not tell others what you say."),
        ("Can I say no to a referral?", "referrals/what-the-trainee-sees", "You need give no reason."),
        ("How many sessions do I get?", "careers-session/what-to-expect", "You have at least two sessions."),
        ("Can I refer myself?", "services/careers", "You cannot send a referral for yourself."),
        (
            "My personal link stopped working",
            "referrals/what-the-trainee-sees",
            "If the link stops working, ask for a new one",
        ),
    ],
    "a new mentor": [
        ("How many mentees do I have at a time?", "mentoring/for-mentors", "Support up to two people at a time."),
        (
            "Must I keep everything confidential?",
            "mentoring/confidentiality",
            "a mentor cannot promise to keep everything",
        ),
        (
            "How many months does mentoring last?",
            "mentoring/ending",
            "Mentoring ends six months after the day you returned.",
        ),
        ("What if it is not working?", "mentoring/ending", "Either of you can tell the return to training team."),
        ("Who supports mentors?", "mentoring/for-mentors", "You are not alone with this."),
    ],
    "a new supervisor": [
        ("How do I refer a trainee?", "referrals/how-to-refer", "Choose “Refer a trainee”."),
        ("What are wider concerns?", "referrals/wider-concerns", "Say yes if there is more to it than career plans"),
        (
            "Does the trainee get a copy of what I write?",
            "referrals/how-to-refer",
            "They get a copy of all that you write",
        ),
        ("How do I prepare for a support meeting?", "progression/preparing", "five working days"),
        ("What happens after a referral?", "referrals/what-happens-next", "counsellor"),
    ],
}
FIRST_SCREEN = 3


def test_other_words_for_what_pages_say_lead_to_pages(guide):
    for start, meant in search.SAID_OTHERWISE.items():
        results = search.in_guide(guide, start)
        assert (results.instead, bool(results.found)) == ({start: meant}, True), start


def clicks_to(client, path, most=2):
    """How many links one follows from the contents of the guidance to this page."""
    seen, here = {"/guidance"}, ["/guidance"]
    for clicks in range(1, most + 1):
        there = []
        for each in here:
            client.get(each)
            there += [href.partition("#")[0] for _, href in client.page.links if href.startswith("/guidance/")]
        if path in there:
            return clicks
        here = [each for each in dict.fromkeys(there) if each not in seen and not each.endswith("pdf")]
        seen |= set(here)
    return most + 1


@pytest.mark.parametrize(
    ("question", "key", "answer"),
    [pytest.param(*asked, id=f"{who}: {asked[0]}") for who, every in QUESTIONS.items() for asked in every],
)
def test_who_is_new_finds_the_answer_by_two_clicks_and_by_one_search(client, guide, question, key, answer):
    one = guide.pages[key]
    client.get(one.href)
    assert answer in client.page.text

    found = [each.href.partition("#")[0] for each in search.in_guide(guide, question).found]
    place = found.index(one.href) + 1 if one.href in found else 99
    clicks = clicks_to(client, one.href)
    figures.add(
        "questions of who is new",
        asked=1,
        first_in_search=place == 1,
        among_three=place <= FIRST_SCREEN,
        one_click=clicks == 1,
    )
    assert place <= FIRST_SCREEN, found[:5]
    assert clicks <= 2
