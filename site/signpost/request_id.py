"""The id of the request or command under way, for logs and for the audit."""

from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="")
