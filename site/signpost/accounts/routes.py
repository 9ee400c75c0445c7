"""Signing in and out, and one's own account."""

from contextlib import suppress
from typing import Any

from flask import Blueprint, Response, abort, current_app, g, make_response, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_user, logout_user
from flask_wtf.csrf import CSRFError
from peewee import OperationalError
from werkzeug.exceptions import TooManyRequests

from models import User, WebSession
from signpost.access import READING, SignedIn, public, signed_in, signed_in_user, whoever_is_signed_in
from signpost.accounts import actions, queries, roles, sessions
from signpost.accounts import unsent as unsent_forms
from signpost.accounts.forms import SignInForm
from signpost.accounts.throttle import TooManyTries
from signpost.accounts.unsent import Unsent
from signpost.extensions import csrf, login_manager
from signpost.web import (
    FORGET_EVERYTHING,
    came_from,
    form_page,
    labelled,
    safe_next,
    see_other,
    take_over_page,
    typed,
)

bp = Blueprint("accounts", __name__)
demo_bp = Blueprint("demo", __name__)

OPEN_TOO_LONG = "This page was open too long. Enter your password once more."


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    form = SignInForm(next=request.args.get("next"))
    if whoever_is_signed_in():
        return see_other(safe_next(form.next.data))
    if form.validate_on_submit():
        try:
            user = actions.sign_in(form.email.data, form.password.data, network=request.remote_addr or "")
        except actions.SignInRefused as refusal:
            form.form_errors.append(refusal.words)
        except TooManyTries as too_many:
            raise TooManyRequests(retry_after=too_many.seconds) from None
        else:
            return _welcome(user, form)
    return _sign_in_page(form)


@demo_bp.post("/sign-in/demo")
@public
def sign_in_as() -> ResponseReturnValue:
    """One click, in a demonstration only: elsewhere this address does not exist."""
    user = queries.with_email(request.form.get("email", ""))
    if user is None or user.email not in {person.email for person in _demo_people()}:
        abort(404)
    if person := whoever_is_signed_in():
        actions.end_session(person.user, person.token)
    return _welcome(user, SignInForm())


@bp.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    if person := whoever_is_signed_in():
        actions.end_session(person.user, person.token)
    return _goodbye()


@bp.post("/sign-out/everywhere")
@signed_in
def sign_out_everywhere() -> ResponseReturnValue:
    actions.end_all_sessions(signed_in_user())
    return _goodbye()


@bp.get("/signed-out")
@public
def signed_out() -> ResponseReturnValue:
    return render_template("accounts/signed_out.html")


@bp.get("/account")
@signed_in
def account() -> ResponseReturnValue:
    me = signed_in_user()
    browsers = sessions.open_sessions(me)
    return render_template(
        "accounts/account.html", roles=roles.in_words(me), browsers=browsers, is_this=_is_this_browser
    )


# Who is there, and what happens when nobody is


@login_manager.user_loader
def load(token: str) -> SignedIn | None:
    """Flask-Login asks: who has this token?"""
    there = sessions.who_is_there(token)
    if there is None:
        return None
    found, held = there
    # Where somebody else is writing for very long, this person may still read a page.
    with suppress(OperationalError):
        sessions.touch(found)
    return SignedIn(found.user, held, token)


@login_manager.unauthorized_handler
def ask_to_sign_in() -> ResponseReturnValue:
    """To sign-in; but what was being sent is kept, for the person whose session it was."""
    if request.method not in READING:
        return take_over_page((_session_over(), 401))
    if not request.htmx:  # type: ignore[attr-defined]
        return see_other(_sign_in_url(request.full_path.rstrip("?")))
    return Response(status=401, headers={"HX-Redirect": _sign_in_url(came_from())})


def open_too_long() -> ResponseReturnValue:
    """A sign-in page whose protection is no longer valid: the password is asked for again, the rest stays."""
    form = SignInForm()
    if whoever_is_signed_in():
        return see_other(safe_next(form.next.data))
    form.form_errors.append(OPEN_TOO_LONG)
    return _sign_in_page(form, 400)


def _is_this_browser(browser: WebSession) -> bool:
    person = whoever_is_signed_in()
    return person is not None and sessions.is_of(browser, person.token)


def _session_over() -> str:
    """What was being sent waits, sealed, in the page to sign in with, for the person whose session it was."""
    owner = sessions.owner(str(session.get("_user_id", "")))
    if owner and _is_from_our_page() and (sealed := unsent_forms.seal(Unsent(request.path, typed()), owner)):
        form = SignInForm(formdata=None, next=came_from(), unsent=sealed)
        return render_template("accounts/session_over.html", form=form)
    return render_template("errors/signed_out.html", sign_in_url=_sign_in_url(came_from()))


def _is_from_our_page() -> bool:
    try:
        csrf.protect()
    except CSRFError:
        return False
    return True


def _sign_in_url(path: str) -> str:
    wanted = safe_next(path)
    return url_for("accounts.sign_in", next=wanted if wanted != "/" else None)


def _sign_in_page(form: SignInForm, status: int | None = None) -> ResponseReturnValue:
    template = "accounts/session_over.html" if form.unsent.data else "accounts/sign_in.html"
    page, usual = form_page(template, form, demo_people=_demo_people())
    return page, status or usual


def _demo_people() -> list[Any]:
    """Whom one may be with one click: nobody outside a demonstration."""
    return list(current_app.config.get("DEMO_PEOPLE", []))


def _welcome(user: User, form: SignInForm) -> ResponseReturnValue:
    """A new session and a new cookie; then where they were going, or what they had been about to send."""
    _forget_cookie()
    login_user(SignedIn(user, queries.roles_of(user), actions.begin_session(user)))
    unsent = unsent_forms.unseal(form.unsent.data, user) if form.unsent.data else None
    if unsent is None:
        return see_other(safe_next(form.next.data))
    return render_template("accounts/send_again.html", kept=labelled(unsent.fields), action=safe_next(unsent.path))


def _goodbye() -> Response:
    logout_user()
    _forget_cookie()
    response = make_response(see_other(url_for("accounts.signed_out")))
    response.headers["Clear-Site-Data"] = FORGET_EVERYTHING
    return response


def _forget_cookie() -> None:
    """Nothing from before signing in or out is valid after it: not the session, not a form's protection."""
    session.clear()
    g.pop("csrf_token", None)
