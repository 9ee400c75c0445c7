"""Everybody reads the guidance, signed in or not: contents, modules, pages, glossary."""

import pytest

from signpost.guidance import queries


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("/guidance", "Guidance"),
        ("/guidance/careers-session", "A careers session"),
        ("/guidance/careers-session/structure", "How a session is built"),
        ("/guidance/services/careers", "Careers support"),
        ("/guidance/glossary", "Glossary"),
    ],
)
def test_a_stranger_reads_it(client, path, heading):
    assert client.get(path).status_code == 200
    assert client.page.h1 == heading


@pytest.mark.parametrize("path", ["/guidance/elsewhere", "/guidance/careers-session/nothing", "/guidance/elsewhere/x"])
def test_what_is_not_there_is_not_found(client, path):
    assert client.get(path).status_code in (303, 404)


def test_whoever_has_an_account_goes_from_what_each_service_does_to_sign_in(client, browser_of, adviser):
    client.get("/guidance/services")
    client.get(client.page.link("sign in"))
    assert client.page.h1 == "Sign in"

    browser = browser_of(adviser)
    browser.get("/guidance/services")
    assert "You need no account" not in browser.page.text


def test_a_page_has_skip_links_breadcrumb_contents_credit_date_and_owner(client):
    page = client.get("/guidance/careers-session/structure").get_data(as_text=True)

    assert 'href="#maincontent">Skip to main content' in page
    assert 'href="#guide-navigation">Skip to navigation' in page
    assert 'id="guide-navigation"' in page
    assert 'aria-label="Breadcrumb"' in page
    assert '<a href="#clarifying">Clarifying</a>' in page
    assert "after “A structure for a careers support session”" in page
    assert "Last reviewed on 1 November 2026. Looked after by the senior careers adviser." in page


def test_pages_lead_to_the_one_before_and_the_one_after(client):
    first = client.get("/guidance/careers-session/structure").get_data(as_text=True)
    second = client.get("/guidance/careers-session/preparing").get_data(as_text=True)

    assert 'href="/guidance/careers-session/preparing" rel="next"' in first
    assert 'rel="prev"' not in first
    assert 'href="/guidance/careers-session/structure" rel="prev"' in second
    assert 'rel="next"' not in second


def test_an_address_that_a_page_had_leads_to_it(client):
    answer = client.get("/guidance/careers-session/shape")

    assert answer.status_code == 301
    assert answer.headers["Location"] == "/guidance/careers-session/structure"


def test_links_between_pages_and_terms_work(client):
    page = client.get("/guidance/careers-session/structure").get_data(as_text=True)

    assert 'href="/guidance/careers-session/preparing#a-quiet-room"' in page
    assert "A trained doctor who listens. They guide, and do not judge." in page


def test_no_link_of_these_pages_is_broken(app):
    guide = queries.guide()

    assert [guide.broken(page) for page in guide.pages.values()] == [[], [], [], []]


def test_reading_a_page_asks_the_database_once_for_the_guide(app):
    queries.guide()

    assert queries.guide() is queries.guide()


def test_the_glossary_lists_its_words(client):
    client.get("/guidance/glossary")

    assert "Mentor" in client.page.text
    assert "A trainee coming back to work." in client.page.text


@pytest.mark.parametrize("slug", ["regulatory-framework", "difficult-behaviour"])
def test_the_sheets_for_staff_are_pages_now_and_their_old_addresses_lead_there(browser_of, counsellor, trainee, slug):
    answer = browser_of(counsellor).get(f"/guidance-for-staff/{slug}")

    assert (answer.status_code, answer.headers["Location"]) == (301, f"/guidance/confidentiality/{slug}")
    assert browser_of(trainee).get(f"/guidance-for-staff/{slug}").status_code == 403
