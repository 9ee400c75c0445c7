"""Guidance beside the work: a section, the summary where the section is gone, nothing where the page is."""

import re
from pathlib import Path

import pytest
from flask import render_template_string

from signpost.config import ROOT
from signpost.guidance import queries

USE = re.compile(r"""guidance_aside\(\s*["']([^"']*)["'](?:,\s*["']([^"']*)["'])?""")


@pytest.fixture
def shown(app):
    def show(words):
        with app.test_request_context():
            return render_template_string("{{ " + words + " }}")

    return show


def test_a_section_is_shown_with_a_link_to_its_place(shown):
    made = shown('guidance_aside("careers-session/structure", "clarifying")')

    assert "Guidance: Clarifying" in made
    assert "Agree what the session is for." in made
    assert "Weigh the options." not in made
    assert 'href="/guidance/careers-session/structure#clarifying"' in made


def test_without_a_section_the_summary_is_shown(shown):
    made = shown('guidance_aside("careers-session/structure")')

    assert "Guidance: How a session is built" in made
    assert "Four phases, from the first minute to the plan." in made


def test_a_section_that_was_renamed_gives_the_summary(shown):
    assert "Four phases" in shown('guidance_aside("careers-session/structure", "renamed")')


def test_a_page_that_is_not_there_stops_no_work(shown):
    assert shown('guidance_aside("careers-session/nothing", "x")') == ""


def test_an_earlier_address_leads_to_the_page(shown):
    assert 'href="/guidance/careers-session/structure"' in shown('guidance_aside("careers-session/shape")')


def test_every_use_names_a_page_and_a_section_that_are_there(app, monkeypatch):
    monkeypatch.setattr(queries, "FOLDER", Path(queries.__file__).with_name("pages"))
    guide = queries.guide()
    used = [
        (template.name, *found)
        for template in (ROOT / "templates").rglob("*.html")
        for found in USE.findall(template.read_text())
    ]
    missing = [
        (template, address, anchor)
        for template, address, anchor in used
        if (page := guide.found(address)) is None
        or (anchor and anchor not in {one.anchor for one in page.writing.headings})
    ]

    assert missing == []
