"""Taking a file in over the web: in memory alone, and no more of it than a document may have.

Elsewhere the framework would write what it receives to a temporary file, in plain bytes; here nothing of a document
reaches a disk before it is sealed. What is too large is read to its end and dropped, so that the form that brought it can
be answered in words, with everything else in it kept.
"""

import io
from typing import IO, Any

from flask import Flask, Request, request

from signpost import settings

MEGABYTE = 1024 * 1024
# Beyond this nothing of the form is read, and the answer is a page of its own.
MOST_READ = 64 * MEGABYTE
MOST_DROPPED = 256 * MEGABYTE
CHUNK = 64 * 1024
TAKE_FILES = {
    *("files.add", "linked_files.add", "returner_imports.new", "review_imports.new"),
    *("preparation.add_paper", "preparation_links.add_paper"),
    *("preparation.add_rows", "preparation_links.add_rows"),
}


class _Kept(io.BytesIO):
    """The beginning of a file that is sent, and how long all of it is."""

    def __init__(self, room: "Room") -> None:
        super().__init__()
        self.room, self.length = room, 0

    def write(self, piece: Any) -> int:
        self.length += len(piece)
        kept = piece[: self.room.left]
        self.room.left -= len(kept)
        super().write(kept)
        return len(piece)


class Room:
    """How many bytes of files one request may still bring."""

    left = 0


class _TakingFiles(Request):
    room: Room

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        if "room" not in self.__dict__:
            self.room = Room()
        return _Kept(self.room)


def configure(app: Flask) -> None:
    # Over the class that knows of htmx already.
    app.request_class = type("TakingFiles", (_TakingFiles, app.request_class), {})
    app.before_request(_make_room)


def _make_room() -> None:
    if request.endpoint in TAKE_FILES:
        request.max_content_length = MOST_READ
        request.room = Room()  # type: ignore[attr-defined]
        request.room.left = most_bytes()  # type: ignore[attr-defined]


def most_bytes() -> int:
    """How many bytes a document may have."""
    return settings.current().upload_megabytes * MEGABYTE


def drop_the_rest() -> None:
    """Read what is still being sent, within reason, and keep none of it."""
    left = min(request.content_length or 0, MOST_DROPPED)
    while left > 0 and (piece := request.environ["wsgi.input"].read(min(CHUNK, left))):
        left -= len(piece)


def length_of(stream: Any) -> int:
    """How long a file is that was sent, whether or not all of it was kept."""
    return int(getattr(stream, "length", 0))
