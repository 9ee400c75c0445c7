"""The pages that come with Signpost: every link leads somewhere, all of it can be read, and questions are answered."""

from pathlib import Path

import pytest

from signpost.guidance import markdown, page, queries
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
