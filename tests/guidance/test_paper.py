"""A module, or all of the guidance, as a PDF: tagged, with its language, contents and the words of its glossary."""

import pytest

from signpost.guidance import actions, paper, queries
from tests.test_pdf import judged, opened

__all__ = ["judged"]


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch):
    monkeypatch.setattr(paper, "_kept", type(paper._kept)())


def test_a_module_is_tagged_titled_and_in_english(client, judged):
    answer = client.get("/guidance/careers-session/pdf")

    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="guidance-careers-session.pdf"'
    about, tags, text = judged(answer.data)
    assert "Title:           A careers session" in about
    assert "Tagged:          yes" in about
    assert "JavaScript:      no" in about
    assert b"/Lang (en-GB)" in opened(answer.data)
    assert [tag in tags for tag in ("H1", "H2", "H3", "L (block)", "Table", "TH", "Link")] == [True] * 7
    assert "Contents" in text
    assert "How a session is built" in text
    assert "Sam’s first minute" in text
    assert "Glossary" in text
    assert "A trained doctor who listens." in text
    assert "A trainee coming back to work." not in text
    assert "Careers support" not in text


def test_all_of_it_has_every_module_and_the_whole_glossary(client, judged):
    text = judged(client.get("/guidance/pdf").data)[2]

    assert "What each service does" in text
    assert "Careers support" in text
    assert "Preparing for a session" in text
    assert "A trainee coming back to work." in text


def test_links_within_the_file_lead_to_places_that_are_there(client, caplog):
    client.get("/guidance/pdf")
    client.get("/guidance/services/pdf")

    assert [one.message for one in caplog.records if one.name.startswith("weasyprint")] == []


def test_it_is_drawn_once_for_as_long_as_the_words_stand(client, monkeypatch, adviser):
    drawn = []
    monkeypatch.setattr(paper.pdf, "draw", lambda html: drawn.append(html) or b"%PDF")
    client.get("/guidance/careers-session/pdf")
    client.get("/guidance/careers-session/pdf")
    assert len(drawn) == 1

    page = queries.guide().by_key["careers-session/preparing"]
    actions.publish(page, page.title, "Changed.", page.slug, page.reviewed, page.body, adviser, 0)
    client.get("/guidance/careers-session/pdf")
    assert len(drawn) == 2


def test_only_so_many_are_kept(client, monkeypatch):
    monkeypatch.setattr(paper, "MOST_KEPT", 1)
    monkeypatch.setattr(paper.pdf, "draw", lambda html: b"%PDF")
    for path in ("/guidance/pdf", "/guidance/careers-session/pdf", "/guidance/services/pdf"):
        client.get(path)

    assert len(paper._kept) == 1
