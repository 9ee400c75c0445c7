"""What routes have in common: public ids in addresses, answers to forms, fragments, safe addresses, headers."""

import re
from collections.abc import Callable
from functools import cache, partial
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, abort, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from peewee import ModelSelect
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import BaseConverter, Rule
from werkzeug.wrappers import Response as AnyResponse

from models import Table
from signpost.config import Config
from signpost.fields import PUBLIC_ID_LENGTH, SAYABLE

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        *(f"{kind}-src 'self'" for kind in ("script", "style", "img", "font", "connect", "manifest")),
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    # Not "no-referrer": over https Flask-WTF wants to see which page a form was on.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
HSTS = "max-age=63072000; includeSubDomains"
FORGET_EVERYTHING = '"cache", "storage"'

NEVER_KEPT = ("csrf_token", "password")
_TOKEN = re.compile(rf"[{SAYABLE}]{{{PUBLIC_ID_LENGTH}}}|[A-Za-z0-9_-]{{22,}}|\d+|")


class PublicIdConverter(BaseConverter):
    """`<public_id:name>`: eight sayable characters, in either case. Anything else is no such page."""

    regex = rf"(?i:[{SAYABLE}]){{{PUBLIC_ID_LENGTH}}}"

    def to_python(self, value: str) -> str:
        return value.lower()


class Address(Rule):
    """A rule that compiles what writes its address when one is first written.

    Werkzeug compiles two functions for each of the rules at the start, which took a seventh of it: there are over 400.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compiled = cache(partial(super()._compile_builder, append_unknown))
        return lambda rule, /, **values: compiled()(rule, **values)


def configure(app: Flask, config: Config) -> None:
    app.url_rule_class = Address
    app.url_map.converters["public_id"] = PublicIdConverter
    if config.trusted_proxies:
        hops = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]

    @app.after_request
    def secure(response: Response) -> Response:
        for name, value in SECURITY_HEADERS.items():
            response.headers.setdefault(name, value)
        if config.is_https:
            response.headers["Strict-Transport-Security"] = HSTS
        if request.endpoint != "static":
            response.headers["Cache-Control"] = "no-store"
            response.vary.add("HX-Request")
        return response


# Answers


def see_other(url: str) -> AnyResponse:
    """Go and look there: the answer to a form that was accepted."""
    return redirect(url, 303)


def form_page(template: str, form: Any, **context: Any) -> tuple[str, int]:
    """The page of a form: fresh, or with what is wrong in it as 422."""
    return render_template(template, form=form, **context), 422 if request.method == "POST" else 200


def posted_version(form: Any) -> int:
    """The version of the row on the page that was sent; one that no row has where it is not a number."""
    text = form.version.data or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def wants_fragment() -> bool:
    """Whether to answer with the part of the page alone: htmx asked, and will put it into the page it came from.

    Not for a boosted link, a step back in history, or a request that picks its part out of a whole page (`hx-select`).
    """
    htmx = request.htmx  # type: ignore[attr-defined]
    if not htmx or htmx.boosted or htmx.history_restore_request:
        return False
    return request.headers.get("HX-Request-Type") != "full"


def asks_for(part: str) -> bool:
    """Whether htmx asked for this part of the page alone, by the id of its root."""
    return wants_fragment() and request.headers.get("HX-Target", "").endswith(f"#{part}")


def take_over_page(answer: ResponseReturnValue) -> Response:
    """A whole page that htmx puts in the place of the one on the screen, whatever part of it had asked."""
    response: Response = make_response(answer)
    if request.htmx:  # type: ignore[attr-defined]
        response.headers["HX-Retarget"] = response.headers["HX-Reselect"] = "#page"
        response.headers["HX-Reswap"] = "outerHTML"
        response.headers["HX-Push-Url"] = "false"
    return response


# Rows


def get_object_or_404(query: ModelSelect, *conditions: Any) -> Any:
    """The one row of a query (what this person may see) that meets the conditions, or the page that says not found."""
    row: Table | None = query.where(*conditions).get_or_none()
    if row is None:
        abort(404)
    return row


# Addresses


def safe_next(path: str | None, otherwise: str = "/") -> str:
    """The path if it is one of this site, else another: never a way to lead people to another site."""
    if not path or not path.startswith("/") or path.startswith("//"):
        return otherwise
    if "\\" in path or any(ord(character) <= 0x20 or 0x7F <= ord(character) <= 0xA0 for character in path):
        return otherwise
    try:
        parts = urlsplit(path)
    except ValueError:
        return otherwise
    return otherwise if parts.scheme or parts.netloc else path


def came_from(otherwise: str = "/") -> str:
    """The path of the page on which this request was made, where the browser says so and it is ours."""
    said = request.headers.get("HX-Current-URL") or request.referrer or ""
    try:
        parts = urlsplit(said)
    except ValueError:
        return otherwise
    if parts.netloc != request.host:
        return otherwise
    return safe_next(parts.path + (f"?{parts.query}" if parts.query else ""), otherwise)


# What was typed


def typed() -> list[tuple[str, str]]:
    """Every field of the form that was sent, in order, but for the CSRF token and passwords."""
    return [
        (name, value)
        for name, value in request.form.items(multi=True)
        if not any(never in name for never in NEVER_KEPT)
    ]


def labelled(fields: list[tuple[str, str]]) -> list[tuple[str, str, str]]:
    """(name, label, value) of fields; the label is empty for ids and keys, which tell a reader nothing."""
    return [
        (name, "" if _TOKEN.fullmatch(value) else name.replace("_", " ").replace("-", " ").capitalize(), value)
        for name, value in fields
    ]
