"""A template rendered once with holes gives what the template gives, and nothing put into a hole can break out of it."""

from html import unescape

import pytest
from flask import Flask, render_template
from jinja2 import DictLoader

from signpost.stencil import Stencil, escaped, stencil

NASTY = ["<script>alert(1)</script>", "O’Reilly & Sons", "'\"", "100 % of %(name)s", "\ue000name\ue001", "\ue002", ""]
HOLES = ("public_id", "name", "about", "at", "ago", "opening")
FIXED = {"concerns": True, "status": "Closed", "colour": "grey", "is_open": False}


@pytest.fixture(autouse=True)
def _in_a_request(app: Flask):
    with app.test_request_context():
        yield


@pytest.mark.parametrize("nasty", NASTY)
def test_a_filled_stencil_is_the_template_with_the_same_words(nasty: str) -> None:
    words = {name: f"{name} {nasty}" for name in HOLES}
    safe = dict(zip(HOLES, escaped(list(words.values())), strict=True))
    plain = render_template("referrals/_row.html", **words, **FIXED)
    filled = stencil("referrals/_row.html", HOLES, **FIXED).filled(safe)
    assert unescape(filled) == unescape(plain)
    assert "<script>alert" not in filled


def test_texts_are_escaped_together_as_they_are_one_by_one() -> None:
    one_by_one = [text for nasty in NASTY for text in escaped([nasty])]
    assert escaped(NASTY) == one_by_one


def test_the_stencil_of_the_same_fixed_values_is_made_once() -> None:
    assert stencil("referrals/_row.html", HOLES, **FIXED) is stencil("referrals/_row.html", HOLES, **FIXED)
    assert stencil("referrals/_row.html", HOLES, **FIXED) is not stencil(
        "referrals/_row.html", HOLES, **{**FIXED, "concerns": False}
    )


def test_a_template_that_alters_what_is_put_into_its_holes_is_refused(app: Flask) -> None:
    app.jinja_env.loader.loaders.insert(0, DictLoader({"loud.html": "{{ name[1:] }}"}))
    with pytest.raises(ValueError, match="alters"):
        Stencil("loud.html", ("name",), {})
