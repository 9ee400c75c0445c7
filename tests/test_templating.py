"""Templates fail on a typo, find the NHS macros, and say what went wrong in one calm page."""

import re
from pathlib import Path

import pytest
from flask import Flask, render_template, render_template_string
from flask_wtf import CSRFProtect
from jinja2 import UndefinedError

from signpost import clock, templating

ROOT = Path(__file__).resolve().parents[1]
ERRORS = sorted(path.name for path in (ROOT / "templates/errors").glob("*.html"))


@pytest.fixture
def house():
    app = Flask(__name__, template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    app.config.update(SECRET_KEY="only for tests")
    templating.configure(app)
    CSRFProtect(app)
    with app.test_request_context("/"):
        yield app


def furniture(names, source, **values):
    return render_template_string('{% from "macros/furniture.html" import ' + names + " %}" + source, **values)


@pytest.mark.parametrize("source", ["{{ naem }}", "{% for one in rowss %}{{ one }}{% endfor %}", "{{ naem|length }}"])
def test_a_name_that_nobody_gave_fails(house, source):
    with pytest.raises(UndefinedError):
        render_template_string(source)


def test_a_part_that_is_not_always_there_may_be_asked_for(house):
    assert render_template_string("{% if extra %}{{ extra }}{% else %}none{% endif %}") == "none"


def test_what_a_dictionary_holds_is_found_by_its_name_but_for_what_it_can_do(house):
    source = "{{ them.one }}{{ them.two }}{% for name in them.keys() %}{{ name }}{% endfor %}"
    assert render_template_string(source, them={"one": 1, "keys": 2}) == "1onekeys"


def test_pages_escape_and_emails_do_not(house):
    assert render_template_string("{{ name }}", name="O'Brien <b>") == "O&#39;Brien &lt;b&gt;"
    assert not templating.escapes("emails/referral.txt")
    assert templating.escapes("nhsuk/components/tag/template.jinja")


def test_the_address_of_a_static_file_changes_when_the_file_does(house, tmp_path):
    house.static_folder, house.static_url_path = str(tmp_path), "/static"
    (tmp_path / "a.css").write_text("one")
    first = templating.static_url("a.css")
    assert first == templating.static_url("a.css")
    house.extensions.clear()
    (tmp_path / "a.css").write_text("two")
    assert re.fullmatch(r"/static/a\.css\?v=[0-9a-f]{10}", first)
    assert templating.static_url("a.css") != first


@pytest.mark.parametrize("name", ERRORS)
def test_every_error_page_has_one_heading_that_begins_its_title(house, name):
    kept = [("request", "Request", "One\n\nTwo"), ("draft", "", "k4t9x")]
    page = render_template(
        f"errors/{name}",
        words="It was assigned by Helen Marsh.",
        kept=kept,
        action="/referrals",
        retry_after=90,
        reference="0123abcd",
    )
    headings = re.findall("<h1[^>]*>(.*?)</h1>", page)
    assert len(headings) == 1
    assert re.search("<title>(.*?)</title>", page).group(1) == f"{headings[0]} – Signpost"
    assert '<main class="nhsuk-main-wrapper" id="maincontent">' in page
    assert 'id="page"' in page


def test_an_expired_form_gives_back_what_was_typed_with_fresh_protection(house):
    kept = [("request", "Request", 'Say "hello"'), ("draft", "", "k4t9x")]
    page = render_template("errors/expired.html", kept=kept, action="/referrals")
    assert '<input type="hidden" name="request" value="Say &#34;hello&#34;">' in page
    assert '<input type="hidden" name="draft" value="k4t9x">' in page
    assert 'name="csrf_token"' in page
    assert "Send it again" in page


def test_too_many_tries_says_how_long_to_wait(house):
    assert "Wait 45 seconds" in render_template("errors/429.html", retry_after=45)
    assert "Wait 2 minutes" in render_template("errors/429.html", retry_after=90)
    assert "Wait a few minutes" in render_template("errors/429.html")


def test_the_page_for_a_fault_asks_nothing_of_the_database(house):
    @house.context_processor
    def broken():
        raise RuntimeError("the database is gone")

    assert "7K4-9XM" in templating.render_alone("errors/500.html", reference="7K4-9XM")


def test_the_page_works_without_the_third_party_files(house):
    page = render_template("layouts/base.html", vendor=None)
    assert "htmx" not in re.sub("htmx-config", "", page)
    assert "signpost.css" in page


def test_the_page_has_no_inline_script_or_style(house):
    page = render_template("layouts/base.html", vendor={"css": "/n.css", "js": "/n.js", "htmx": "/h.js"}, demo=True)
    assert re.findall(r"<script(?![^>]* src=)", page) == []
    assert " style=" not in page
    assert " onclick=" not in page
    assert "The people and the records are invented." in page


def test_a_summary_escapes_values_and_says_what_was_not_provided(house):
    rows = [{"key": "Name", "value": "<b>", "href": "/change"}, {"key": "School", "value": ""}]
    page = furniture("summary_list", "{{ summary_list(rows) }}", rows=rows)
    assert "&lt;b&gt;" in page
    assert "Not provided" in page
    assert 'Change<span class="nhsuk-u-visually-hidden"> name</span>' in page


def test_links_between_pages_of_a_list_are_left_out_when_there_are_none(house):
    assert furniture("pagination", "{{ pagination() }}").strip() == ""
    page = furniture("pagination", '{{ pagination(older="/x?before=1", in_place=true) }}')
    assert "Older" in page
    assert "Newer" not in page
    assert 'hx-get="/x?before=1"' in page


def test_undoing_counts_by_the_clock_of_the_server(house):
    now = clock.parse("2026-11-21T17:30:00+00:00")
    page = furniture("undo", '{{ undo("Assigned.", "/undo", now, now) }}', now=now)
    assert 'data-undo-until="2026-11-21T17:30:00Z"' in page
    assert 'data-undo-now="2026-11-21T17:30:00Z"' in page
    assert "until 5:30pm" in page
