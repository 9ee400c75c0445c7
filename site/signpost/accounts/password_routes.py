"""Choosing a password: by invitation, when it was forgotten, and when one knows the old one."""

from flask import Blueprint, abort, render_template, url_for
from flask.typing import ResponseReturnValue

from signpost.access import public, signed_in, signed_in_user, whoever_is_signed_in
from signpost.accounts import account_links, people, sessions
from signpost.accounts.people_forms import ChangePasswordForm, ChoosePasswordForm, HelpForm
from signpost.forms import refused_beside
from signpost.web import form_page, see_other

bp = Blueprint("passwords", __name__)


@bp.route("/sign-in/help", methods=["GET", "POST"])
@public
def ask() -> ResponseReturnValue:
    """The answer is the same whether or not there is an account."""
    form = HelpForm()
    if form.validate_on_submit():
        people.ask_for_help(form.email.data or "")
        return see_other(url_for(".asked"))
    return form_page("accounts/help.html", form)


@bp.get("/sign-in/help/sent")
@public
def asked() -> ResponseReturnValue:
    return render_template("accounts/help_sent.html")


@bp.route("/sign-in/password/<string:token>", methods=["GET", "POST"])
@public
def choose(token: str) -> ResponseReturnValue:
    """Shows a page; only the button uses the link up, so a mail scanner cannot."""
    link = account_links.find_open(token)
    if link is None:
        return render_template("accounts/link_over.html"), 410
    form = ChoosePasswordForm()
    if form.validate_on_submit():
        with refused_beside(form.new_password):
            people.choose_password(link, form.new_password.data or "")
            return see_other(url_for(".chosen"))
    return form_page("accounts/choose_password.html", form, link=link)


@bp.get("/sign-in/password-chosen")
@public
def chosen() -> ResponseReturnValue:
    return render_template("accounts/password_chosen.html")


@bp.route("/account/password", methods=["GET", "POST"])
@signed_in
def change() -> ResponseReturnValue:
    form = ChangePasswordForm()
    if form.validate_on_submit():
        person = whoever_is_signed_in() or abort(401)
        keep = sessions.find_open(person.token)
        with refused_beside(form.new_password), refused_beside(form.old_password, people.WrongPassword):
            people.change_password(signed_in_user(), form.old_password.data or "", form.new_password.data or "", keep)
            return see_other(url_for("accounts.account"))
    return form_page("accounts/change_password.html", form)
