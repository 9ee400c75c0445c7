"""A returner's own page by their personal link: it shows on GET, acts only on POST, and can be asked for again."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import LinkPurpose, PersonalLink, Returner
from signpost import settings
from signpost.access import public, whoever_is_signed_in
from signpost.accounts import links, throttle
from signpost.errors import RuleBroken
from signpost.mentoring import asking, offers, pages, returners
from signpost.mentoring.forms import AnswerForm, AskForm
from signpost.web import form_page, see_other

bp = Blueprint("returner_links", __name__, url_prefix="/mentoring")


@bp.route("/ask", methods=["GET", "POST"])
@public
def ask() -> ResponseReturnValue:
    """Ask for a mentor without having been asked. What is known of anybody does not show: the link goes by email."""
    signed_in = whoever_is_signed_in()
    me = signed_in.user if signed_in else None
    form = AskForm(is_known=me is not None)
    if form.validate_on_submit():
        try:
            returners.refuse_short(form.absent_from.data, form.returns_on.data)
            if me is not None:
                asking.ask_signed_in(me, form.absent_from.data, form.returns_on.data)
                return see_other(url_for("my_return.show"))
            asking.ask(
                form.name.data, form.email.data.lower(), form.absent_from.data, form.returns_on.data,
                network=request.remote_addr or "",
            )  # fmt: skip
            return see_other(url_for(".on_its_way"))
        except RuleBroken as refusal:
            form.returns_on.errors = [*form.returns_on.errors, refusal.words]
        except throttle.TooManyTries:
            form.returns_on.errors = [
                *form.returns_on.errors,
                "Too much was sent from here. Try again in a few minutes.",
            ]
            return form_page("mentoring/ask.html", form)[0], 429
    return form_page("mentoring/ask.html", form)


@bp.get("/on-its-way")
@public
def on_its_way() -> ResponseReturnValue:
    return render_template("mentoring/on_its_way.html", team=settings.current().rtt_team_name)


@bp.get("/links/<string:token>")
@public
def show(token: str) -> ResponseReturnValue:
    link = _known(token)
    if not links.is_open(link):
        return render_template("links/closed.html", renew=url_for(".renew", token=token)), 410
    return pages.show(link.returner, pages.Way(link, token))


@bp.post("/links/<string:token>/acceptance")
@public
def accept(token: str) -> ResponseReturnValue:
    return pages.accept(*_way(token))


@bp.post("/links/<string:token>/refusal")
@public
def decline(token: str) -> ResponseReturnValue:
    return pages.decline(*_way(token))


@bp.route("/links/<string:token>/later", methods=["GET", "POST"])
@public
def later(token: str) -> ResponseReturnValue:
    return pages.later(*_way(token))


@bp.route("/links/<string:token>/wishes", methods=["GET", "POST"])
@public
def wish(token: str) -> ResponseReturnValue:
    return pages.wish(*_way(token))


@bp.post("/links/<string:token>/new")
@public
def renew(token: str) -> ResponseReturnValue:
    """A fresh link for one that has expired, to the address that the return has now."""
    link = _known(token)
    if AnswerForm().validate_on_submit() and link.returner.removed_at is None:
        offers.send_link(link.returner, link)
    return redirect(url_for(".on_its_way"), 303)


def _known(token: str) -> PersonalLink:
    link = links.find(token)
    return link if link and link.purpose == LinkPurpose.RETURNER else abort(404)


def _way(token: str) -> tuple[Returner, pages.Way]:
    link = links.find_open(token, LinkPurpose.RETURNER) or abort(404)
    return link.returner, pages.Way(link, token)
