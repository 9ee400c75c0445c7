"""What stands above the words of a page: what is missing or unknown is said, and no page is read by halves."""

from datetime import date

import pytest

from signpost.guidance.page import BadPage, read

GOOD = """---
title: A page
summary: What it says.
order: 3
source: D
owner: rtt_team
reviewed: 2026-11-01
---
Words.
"""


def test_a_page_says_what_stands_above_its_words():
    page = read("mentoring/a-page", GOOD)

    assert (page.title, page.summary, page.order, page.owner) == ("A page", "What it says.", 3, "rtt_team")
    assert (page.module, page.slug, page.reviewed, page.body) == ("mentoring", "a-page", date(2026, 11, 1), "Words.")
    assert "SupportRTT" in page.credit
    assert page.owner_name == "the return to training team"


def test_a_page_of_our_own_credits_nobody():
    assert read("mentoring/a-page", GOOD.replace("source: D\n", "")).credit == ""


@pytest.mark.parametrize(
    ("key", "text", "why"),
    [
        ("mentoring/x", "Words.", "does not begin"),
        ("mentoring/x", GOOD.replace("---\nWords", "Words"), "nothing ends"),
        ("mentoring/x", GOOD.replace("title: A page\n", ""), "no title"),
        ("mentoring/x", GOOD.replace("summary: What it says.\n", ""), "no summary"),
        ("mentoring/x", GOOD.replace("owner: rtt_team", "owner: administrator"), "owns no pages"),
        ("mentoring/x", GOOD.replace("source: D", "source: F"), "source is one of"),
        ("mentoring/x", GOOD.replace("order: 3", "order: three"), "invalid literal"),
        ("mentoring/x", GOOD.replace("2026-11-01", "1 November"), "Invalid isoformat"),
        ("mentoring/x", GOOD.replace("order: 3", "colour: red"), "nothing is called colour"),
        ("mentoring/x", GOOD.replace("order: 3", "order"), "says nothing"),
        ("elsewhere/x", GOOD, "in no module"),
        ("mentoring/a/b", GOOD, "in no module"),
        ("mentoring/A page", GOOD, "in an address"),
        ("mentoring/pdf", GOOD, "in an address"),
    ],
)
def test_a_page_that_cannot_be_read_says_why(key, text, why):
    with pytest.raises(BadPage, match=why):
        read(key, text)


def test_the_glossary_needs_nothing_above_its_words():
    assert read("glossary", "## Word\n\nMeaning.").title == "Glossary"
