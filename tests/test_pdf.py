"""A PDF of ours is tagged, has a title and a language, and loads nothing: judged by a program that did not draw it."""

import re
import shutil
import subprocess
import sys
import zlib
from datetime import timedelta

import pytest

from models import Event, Passage
from signpost import clock, pdf
from signpost.careers import writing
from signpost.errors import RuleBroken
from signpost.formatting import day
from signpost.plans import actions as plans
from tests.factories import a_case, a_held_session

PAGE = (
    "<html lang='en-GB'><head><title>A title</title></head><body><h1>A title</h1><ul><li>One</li></ul>{}</body></html>"
)


@pytest.fixture
def judged(tmp_path):
    """What pdfinfo and pdftotext say of a PDF."""
    if not shutil.which("pdfinfo"):
        pytest.skip("pdfinfo is not here: apt-get install poppler-utils")

    def judge(made):
        path = tmp_path / "made.pdf"
        path.write_bytes(made)
        asked = (["pdfinfo", path], ["pdfinfo", "-struct", path], ["pdftotext", "-layout", path, "-"])
        return [subprocess.run(one, check=True, capture_output=True, text=True).stdout for one in asked]

    return judge


def opened(made):
    """Its objects, which lie compressed in it."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", made, re.DOTALL)
    return b"".join(zlib.decompressobj().decompress(one) for one in streams if one[:1] == b"x")


def test_the_summary_of_a_session_is_tagged_titled_and_selectable(adviser, counsellor, trainee, browser_of, judged):
    case = a_case(counsellor, adviser, trainee_email=trainee.email)
    session = a_held_session(case, counsellor)
    writing.write(session, Passage.SUMMARY, "A good talk.", 0, counsellor)
    writing.write(session, Passage.OBSERVATIONS, "Not for paper.", 0, counsellor)
    at_trainee = browser_of(trainee)
    at_trainee.get(f"/careers-sessions/{session.public_id}/summary")
    answer = at_trainee.get(f"/careers-sessions/{session.public_id}/summary/pdf")

    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="careers-session.pdf"'
    about, tags, text = judged(answer.data)
    assert "Title:           Careers session 1" in about
    assert "Tagged:          yes" in about
    assert "Encrypted:       no" in about
    assert b"/Lang (en-GB)" in opened(answer.data)
    assert [tag in tags for tag in ("H1", "H2", "P (block)")] == [True, True, True]
    assert "A good talk." in text
    assert "Not for paper." not in text
    assert trainee.name not in text


def test_it_has_the_action_plan_and_the_counsellor_hands_over_the_same(
    adviser, counsellor, trainee, browser_of, judged
):
    case = a_case(counsellor, adviser, trainee_email=trainee.email)
    plan, due = plans.of_case(case), clock.today() + timedelta(days=20)
    plans.add(plan, "Ring the dean", due, counsellor, session=a_held_session(case, counsellor))
    session = a_held_session(case, counsellor)
    plans.add(plan, "Visit the unit", due, counsellor, session=session)
    path = f"/careers-sessions/{session.public_id}/summary/pdf"
    papers = [browser_of(who).get(path) for who in (trainee, counsellor)]

    texts = [judged(one.data)[2] for one in papers]
    assert texts[0] == texts[1]
    assert [words in texts[0] for words in ("Action plan", "Ring the dean", "Visit the unit", day(due))] == [True] * 4
    assert "TH" in judged(papers[0].data)[1], "a table with headings"
    assert [one.facts["what"] for one in Event.select().where(Event.name == "record.read")] == [
        "what is shared of a session, on paper"
    ]
    assert browser_of(adviser).get(path).status_code == 404, "without a stated reason"


def test_a_pdf_loads_nothing(judged, tmp_path):
    outside = tmp_path / "outside.txt"
    outside.write_text("secret")
    made = pdf.draw(PAGE.format(f"<img src='file://{outside}' alt='x'><link rel='attachment' href='file://{outside}'>"))

    assert b"secret" not in made
    assert "Tagged:          yes" in judged(made)[0]


def test_words_are_words_and_never_markup(app, judged):
    with app.test_request_context():
        from flask import render_template_string

        html = render_template_string(PAGE.format("{{ words }}"), words="<script>alert(1)</script>")

    assert "<script>alert(1)</script>" in judged(pdf.draw(html))[2]


def test_where_the_system_cannot_draw_the_reader_is_told_to_print(monkeypatch):
    def no_pango(name, *rest, **more):
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango'")
        return real(name, *rest, **more)

    real = __import__
    monkeypatch.delitem(sys.modules, "weasyprint", raising=False)
    monkeypatch.setattr("builtins.__import__", no_pango)

    with pytest.raises(RuleBroken, match="Print"):
        pdf.draw(PAGE.format(""))
