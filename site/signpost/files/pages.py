"""Documents of a case, for whoever looks: the trainee signed in or by link, or staff who may read the record."""

import unicodedata
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from flask import Response, abort, render_template, url_for
from flask.typing import ResponseReturnValue

from models import FileKind, FileType, PersonalLink, Referral, StoredFile, User
from signpost.access import whoever_is_signed_in
from signpost.accounts import links
from signpost.files import actions, queries, uploads
from signpost.files.forms import KIND_NAMES, AddForm
from signpost.files.reading import NotTaken
from signpost.forms import refused_beside
from signpost.web import form_page, see_other, wants_fragment

MIMETYPES = {
    FileType.PDF: "application/pdf",
    FileType.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
# Should a browser ever show one all the same: no script, no form, nothing fetched, no access to this site.
CONTENT_SECURITY_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"


@dataclass(frozen=True)
class Way:
    """How documents are reached: signed in, or by the personal link whose token stands in the address."""

    by: User | PersonalLink
    token: str = ""

    def to(self, step: str, file: StoredFile | None = None, referral: Referral | None = None) -> str:
        where = {"file_id": file.public_id} if file else {}
        if self.token:
            return url_for(f"linked_files.{step}", token=self.token, **where)
        return url_for(f"files.{step}", **where, **({"referral_id": referral.public_id} if referral else {}))

    def home(self, referral: Referral) -> str:
        if self.token:
            return url_for("links.show", token=self.token, _anchor="documents")
        return url_for("referrals.show", referral_id=referral.public_id, _anchor="documents")


def add(referral: Referral, way: Way) -> ResponseReturnValue:
    if not queries.adds(way.by, referral):
        abort(404)
    actions.refuse_more(referral, way.by)
    form = AddForm()
    if form.validate_on_submit():
        with refused_beside(form.file, NotTaken):
            actions.add(
                referral,
                FileKind(form.kind.data),
                form.file.data.filename,
                form.file.content,
                way.by,
                form.shared.data,
                form.reference.data,
            )
            return see_other(way.home(referral))
    page, status = form_page(
        "files/add.html",
        form,
        here=way.to("add", referral=referral),
        back=way.home(referral),
        is_trainee=queries.is_trainee(way.by, referral),
        megabytes=uploads.most_bytes() // uploads.MEGABYTE,
    )
    return page, 413 if form.file.is_too_large else status


def find(file_id: str, way: Way) -> StoredFile:
    """A document that this person may read, or the page that says not found."""
    file = queries.find(way.by, file_id)
    if file is None or (way.token and not queries.is_trainee(way.by, file.referral)):
        abort(404)
    return file


def download(file: StoredFile, way: Way) -> Response:
    name = file.name
    return as_download(file, name, actions.hand_out(file, way.by))


def as_download(file: StoredFile, name: str, pieces: list[bytes]) -> Response:
    """To be kept as a file, never shown in the page; all of it is opened before the first byte leaves."""
    response = Response(pieces, mimetype=MIMETYPES[FileType(file.found)])
    response.content_length = file.size
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().strip()
    whole = {} if plain == name else {"filename*": f"UTF-8''{quote(name, safe='')}"}
    response.headers.set("Content-Disposition", "attachment", filename=plain, **whole)
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    return response


def remove(file: StoredFile, way: Way) -> ResponseReturnValue:
    if not queries.removes(way.by, file):
        abort(404)
    actions.remove(file, way.by)
    if wants_fragment():
        documents = of_case(file.referral, way.token)
        return render_template("files/_of_case.html", documents=documents, just_removed=True)
    return see_other(way.home(file.referral))


@dataclass(frozen=True)
class Line:
    """One document in the list of a case, for one reader."""

    file: StoredFile
    kind: str
    by: str
    download: str
    removal: str


def of_case(referral: Referral, token: str = "") -> dict[str, Any] | None:
    """What the page of a case shows of its documents, for `files/_of_case.html`; nothing to whom they do not concern."""
    person = whoever_is_signed_in()
    by: User | PersonalLink | None = links.find(token) if token else person.user if person else None
    if by is None or not queries.concerns(by, referral):
        return None
    way = Way(by, token)
    may_add = queries.adds(by, referral) and not referral.is_closed and referral.accepted_at is not None
    return {
        "lines": [_line(file, way) for file in queries.readable(by, referral)],
        "is_trainee": queries.is_trainee(by, referral),
        "add": way.to("add", referral=referral) if may_add else "",
    }


def _line(file: StoredFile, way: Way) -> Line:
    from_trainee = queries.is_from_trainee(file)
    is_own = from_trainee if queries.is_trainee(way.by, file.referral) else file.by_user_id == way.by.id
    return Line(
        file,
        KIND_NAMES[FileKind(file.kind)].partition(",")[0],
        "you" if is_own else file.referral.trainee_name if from_trainee or file.by_link_id else file.by_user.name,
        "" if file.is_removed else way.to("download", file),
        way.to("remove", file) if not file.is_removed and queries.removes(way.by, file) else "",
    )
