"""Markdown becomes words, headings, lists, tables, links and three boxes, and nothing that acts."""

import re

import pytest

from signpost.guidance.markdown import Places, Section, Term, Writing, slug

TERMS = {"mentor": Term("mentor", "Mentor", "Somebody who <listens>.")}
PLACES = Places(page=lambda target: f"/guidance/{target}" if target.startswith("a/") else "", terms=TERMS)


def html(text, places=PLACES):
    return "".join(piece.html for piece in Writing(text).pieces(places))


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "Words <img src=x onerror=alert(1)> words",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](java\tscript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:x)",
        "[x](//elsewhere.example/x)",
        '[x](https://a.example "\\" onclick=alert(1) x=\\"")',
        "![x](https://a.example/x.png)",
        "<javascript:alert(1)>",
        "[x]: javascript:alert(1)\n\n[x]",
        "::: example <script>alert(1)</script>\nx\n:::",
        '::: important "><script>\nx\n:::',
        '::: activity "><script> <b>x</b>\nx\n:::',
        "```<script>\nx\n```",
        "## <script>alert(1)</script>",
        "[a](glossary:mentor)",
        "| <b>a</b> |\n|:-:|\n| <i>b</i> |",
        "<!-- x --> <?php x ?> <![CDATA[x]]>",
        "&lt;script&gt;",
    ],
)
def test_nothing_that_acts_comes_out(text):
    made = html(text)
    tags = re.findall(r"<[^>]*>", made)

    assert not [tag for tag in tags if re.match(r"</?(script|img|b|i|iframe|style|object|svg|!|\?)\b", tag)]
    assert not [tag for tag in tags if re.search(r"\s(on\w+|style|src)\s*=", tag)]
    assert not re.search(r'href="(?!https?:|mailto:|/(?!/)|#)', made)


def test_links_lead_to_pages_terms_and_the_web_only():
    made = html("[p](page:a/b#c) [w](https://w.example/?a=1&b=2) [m](mailto:a@b.example) [h](#here) [s](/help)")

    assert re.findall('href="([^"]*)"', made) == [
        "/guidance/a/b#c",
        "https://w.example/?a=1&amp;b=2",
        "mailto:a@b.example",
        "#here",
        "/help",
    ]


def test_a_link_that_leads_nowhere_is_its_words_alone():
    assert html("[one](page:b/c) and [two](glossary:nothing)") == "<p>one and two</p>\n"


def test_a_term_opens_its_meaning_beside_it_without_a_script():
    made = html("A [mentor](glossary:mentor), and [mentors](glossary:mentor).")

    assert '<button class="sp-term" type="button" popovertarget="term-1-mentor">mentor</button>' in made
    assert 'id="term-1-mentor" popover' in made
    assert 'id="term-2-mentor" popover' in made
    assert "Somebody who &lt;listens&gt;." in made
    assert 'href="/guidance/glossary#mentor"' in made


def test_on_paper_a_term_is_a_link_to_the_glossary():
    paper = Places(page=PLACES.page, terms=TERMS, glossary="", on_paper=True)

    assert html("A [mentor](glossary:mentor).", paper) == '<p>A <a href="#mentor">mentor</a>.</p>\n'


def test_each_heading_has_an_anchor_of_its_own_and_none_is_as_large_as_the_title():
    writing = Writing("# What’s it?\n\n## What’s it?\n\n### *É*t al.\n\n## ?")

    assert [(one.level, one.anchor, one.title) for one in writing.headings] == [
        (2, "whats-it", "What’s it?"),
        (2, "whats-it-2", "What’s it?"),
        (3, "et-al", "Ét al."),
        (2, "part", "?"),
    ]
    assert '<h2 id="whats-it">' in html("# What’s it?")


def test_boxes_have_headings_one_below_where_they_stand():
    made = html("::: important Now\nx\n:::\n\n## A\n\n### B\n\n::: example Sam\nx\n:::")

    assert '<h2 class="nhsuk-card__heading"><span class="nhsuk-u-visually-hidden">Important: </span>Now</h2>' in made
    assert '<h4 class="nhsuk-heading-s"><span class="sp-example__kind">Example</span> Sam</h4>' in made


def test_a_page_is_cut_where_a_reader_may_keep_something():
    pieces = Writing("One.\n\n::: activity do-it Do it well\nx\n:::\n\nTwo.").pieces(PLACES)

    assert [(one.activity, one.title) for one in pieces] == [("", ""), ("do-it", "Do it well"), ("", "")]
    assert pieces[1].html.startswith('<section class="sp-activity" id="do-it">')
    assert pieces[1].html.rstrip().endswith("</section>")


def test_a_section_is_what_stands_up_to_the_next_heading_of_its_level():
    writing = Writing("## A\n\nOne.\n\n### B\n\nTwo.\n\n## C\n\nThree.")

    assert writing.passage("a", PLACES, "x-") == '<p>One.</p>\n<h3 id="x-b">B</h3>\n<p>Two.</p>\n'
    assert writing.passage("b", PLACES, "") == "<p>Two.</p>\n"
    assert writing.passage("nothing", PLACES, "") == ""


def test_the_words_to_search_are_those_people_read():
    text = "Before [it](page:a/b).\n\n## A **bold** one\n\nWords\nhere.\n\n::: activity do-it Do it\n- x\n:::\n\n| a |\n|---|\n| b |"

    assert Writing(text).sections() == [
        Section("", "", "Before it."),
        Section("a-bold-one", "A bold one", "Words here. Do it x a b"),
    ]


def test_a_table_has_headers_that_say_what_they_head_and_no_style():
    made = html("| a | b |\n|:--|--:|\n| 1 | 2 |")

    assert made.count('scope="col"') == 2
    assert "style" not in made


@pytest.mark.parametrize(
    ("words", "expected"), [("What’s a mentor?", "whats-a-mentor"), ("Être là", "etre-la"), ("–", ""), ("A  B", "a-b")]
)
def test_a_slug_is_letters_figures_and_hyphens(words, expected):
    assert slug(words) == expected


def test_on_paper_a_link_to_the_site_says_which_site():
    paper = Places(page=PLACES.page, glossary="", on_paper=True, site="https://signpost.example")

    assert 'href="https://signpost.example/mentoring/support"' in html("[Others](/mentoring/support)", paper)
    assert 'href="https://signpost.example/guidance/a/b"' in html("[Page](page:a/b)", paper)
