"""What a reader sees when something does not work: a page in plain words, always, whatever broke."""

import logging
from typing import Any

from flask import Flask, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from peewee import InterfaceError, OperationalError, PeeweeException
from werkzeug.exceptions import Forbidden, HTTPException, NotFound, TooManyRequests, UnprocessableEntity

from signpost import database
from signpost.access import FROM_ELSEWHERE, READING, whoever_is_signed_in
from signpost.accounts import routes as accounts
from signpost.assets import vendor_urls
from signpost.errors import RuleBroken
from signpost.files import uploads
from signpost.request_id import request_id
from signpost.sealing import CannotUnseal
from signpost.templating import render_alone
from signpost.web import came_from, labelled, see_other, take_over_page, typed

log = logging.getLogger(__name__)

PLAIN_PAGES = (400, 405)
TRY_AGAIN_AFTER_SECONDS = "5"


def configure(app: Flask) -> None:
    app.register_error_handler(HTTPException, other)
    for code in PLAIN_PAGES:
        app.register_error_handler(code, plain)
    app.register_error_handler(403, forbidden)
    app.register_error_handler(404, not_there)
    app.register_error_handler(413, too_large)
    app.register_error_handler(422, not_understood)
    app.register_error_handler(429, too_many)
    app.register_error_handler(500, broken)
    app.register_error_handler(CSRFError, expired)
    app.register_error_handler(RuleBroken, rule_broken)
    app.register_error_handler(CannotUnseal, sealed)
    app.register_error_handler(OperationalError, database_trouble)
    app.register_error_handler(InterfaceError, database_trouble)


def plain(error: HTTPException) -> Response:
    """A page that needs nothing but its number. What a 405 allows stays in its header."""
    page = _page(f"errors/{error.code}.html", error.code or 500)
    for name, value in error.get_headers():
        if name == "Allow":
            page.headers[name] = value
    return page


def not_there(error: NotFound) -> Response:
    """What does not exist and what this person may not see are one page: only what they sent themselves makes a difference."""
    return _page("errors/404.html", 404, back=came_from(""))


def too_large(error: HTTPException) -> Response:
    """What is sent is read to its end and dropped: a browser that is still sending would not see the answer."""
    uploads.drop_the_rest()
    return _page("errors/413.html", 413)


def other(error: HTTPException) -> ResponseReturnValue:
    """Any other refusal of the web server's own; its redirects pass through."""
    if error.code is None or error.code < 400:
        return error.get_response()
    return _page("errors/400.html" if error.code < 500 else "errors/500.html", error.code)


def forbidden(error: Forbidden) -> Response:
    return _page("errors/403.html", 403, words=error.description if error.description == FROM_ELSEWHERE else "")


def not_understood(error: UnprocessableEntity) -> Response:
    usual = type(error).description
    return _page("errors/422.html", 422, words=error.description if error.description != usual else "")


def too_many(error: TooManyRequests) -> Response:
    seconds = error.retry_after if isinstance(error.retry_after, int) else 0
    page = _page("errors/429.html", 429, retry_after=seconds)
    if seconds:
        page.headers["Retry-After"] = str(seconds)
    return page


def rule_broken(error: RuleBroken) -> Response:
    """The rules say no, or somebody else was there first: 409, in the words of the rule."""
    return _page("errors/409.html", 409, words=error.words, back=came_from(), kept=labelled(typed()))


def expired(error: CSRFError) -> ResponseReturnValue:
    """A form whose protection is missing or no longer valid: kept as typed, to be sent again with a fresh one."""
    if request.endpoint == "accounts.sign_in":
        return take_over_page(accounts.open_too_long())
    if request.endpoint == "accounts.sign_out" and whoever_is_signed_in() is None:
        return see_other(url_for("accounts.signed_out"))
    return _page("errors/expired.html", 400, kept=labelled(typed()), action=request.path)


def database_trouble(error: PeeweeException) -> Response:
    """The database is busy, full or gone: nothing was written, and what was typed can be sent again."""
    log.error("database trouble", exc_info=error, extra={"reason": database.reason(error)})
    if not database.is_passing(error):
        return broken(error)
    kept = labelled(typed()) if request.method not in READING else None
    page = take_over_page((_alone("errors/503.html", kept=kept, action=request.path), 503))
    page.headers["Retry-After"] = TRY_AGAIN_AFTER_SECONDS
    return page


def sealed(error: CannotUnseal) -> Response:
    """What was asked for does not open with the keys there are: it stays as it is, and a person has to see to the keys."""
    log.error("cannot unseal", exc_info=error)
    return take_over_page((_alone("errors/sealed.html", reference=request_id.get()), 503))


def broken(error: Exception) -> Response:
    """A fault of ours. The page asks nothing of the database, and gives a reference to look the fault up by."""
    return take_over_page((_alone("errors/500.html", reference=request_id.get()), 500))


def _page(template: str, status: int, **context: Any) -> Response:
    return take_over_page((render_template(template, **context), status))


def _alone(template: str, **context: Any) -> str:
    return render_alone(template, vendor=vendor_urls(), **context)
