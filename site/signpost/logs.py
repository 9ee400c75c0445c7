"""Logs: one JSON line each, to stderr. Ids and rules only: no address as it was asked for, no words of any record.

Personal links stand in paths and searches in query strings, so a request is logged by its rule. An exception is logged
by its type and the places it passed, since its message may quote what somebody typed.
"""

import hashlib
import hmac
import json
import logging
import secrets
import sys
import time
import traceback
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from flask import Flask, Response, g, request

from signpost.config import ROOT, Config
from signpost.request_id import request_id

log = logging.getLogger("signpost.requests")

# Where somebody may write without a name (C2): that they were there would tell who it was on a quiet day.
WITHOUT_PERSON = frozenset({"guidance.comment"})

_USUAL = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
        }
        if found := request_id.get():
            line["request_id"] = found
        line |= {name: value for name, value in vars(record).items() if name not in _USUAL}
        if record.exc_info and record.exc_info[1]:
            line["exceptions"] = [_without_values(error) for error in _chain(record.exc_info[1])]
        return json.dumps(line, ensure_ascii=False, default=str)


def _chain(error: BaseException | None) -> list[BaseException]:
    """An exception and those it came from, each once."""
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found


def _without_values(error: BaseException) -> dict[str, Any]:
    frames = traceback.extract_tb(error.__traceback__)
    kind = type(error)
    return {
        "type": f"{kind.__module__}.{kind.__qualname__}",
        "frames": [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames],
    }


def _short(filename: str) -> str:
    path = Path(filename)
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(Path(*path.parts[-3:]))


class _ToStderr(logging.StreamHandler[TextIO]):
    """Writes to whatever stderr is at the time."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)
        self.setFormatter(JsonLines())

    @property
    def stream(self) -> TextIO:
        return sys.stderr

    @stream.setter
    def stream(self, value: TextIO) -> None:
        """Always stderr."""


def configure(app: Flask, config: Config) -> None:
    root = logging.getLogger()
    if not any(isinstance(handler, _ToStderr) for handler in root.handlers):
        root.addHandler(_ToStderr())
    # Of others only warnings: what they say besides may quote addresses and values.
    root.setLevel(logging.WARNING)
    logging.getLogger("signpost").setLevel(logging.INFO)
    logging.getLogger("werkzeug").addFilter(_no_access_log)
    app.log_exception = _log_exception  # type: ignore[method-assign,assignment]

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()
        request_id.set(secrets.token_hex(8))

    @app.after_request
    def finish(response: Response) -> Response:
        response.headers["X-Request-Id"] = request_id.get()
        if request.endpoint not in ("health.process_is_up", "static"):
            log.info(
                "request",
                extra={
                    "method": request.method,
                    "endpoint": request.endpoint,
                    "rule": request.url_rule.rule if request.url_rule else None,
                    "status": response.status_code,
                    "ms": round((time.perf_counter() - g.began) * 1000, 1),
                    "person": _person(config),
                },
            )
        return response

    @app.teardown_request
    def end(error: BaseException | None) -> None:
        request_id.set("")


def _log_exception(exception: ExceptionInfo) -> None:
    """In place of Flask's own, which writes the path."""
    log.error("unexpected error", exc_info=exception)


def _no_access_log(record: logging.LogRecord) -> bool:
    """The development server writes every path; its other lines may stay."""
    return not str(record.msg).startswith("%s - - [")


def _person(config: Config) -> str | None:
    """A pseudonym of who is signed in: the same on every line, and not to be turned back without the key."""
    if request.endpoint in WITHOUT_PERSON:
        return None
    found = g.get("_login_user")
    user = getattr(found, "user", None)
    if user is None:
        return None
    return hmac.new(config.secret_key.encode(), f"log:{user.public_id}".encode(), hashlib.sha256).hexdigest()[:12]
