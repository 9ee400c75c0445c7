"""What a trainee sees of their sessions, signed in or by their personal link; and what the page of a case shows of them."""

from dataclasses import dataclass
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from models import CareersSession, PersonalLink, Referral, User
from signpost import clock, pdf
from signpost.careers import actions, queries
from signpost.careers.forms import DiscussionFormPage
from signpost.plans import queries as plans
from signpost.referrals import record_access
from signpost.referrals.forms import ConfirmForm
from signpost.web import form_page, posted_version, see_other


@dataclass(frozen=True)
class Way:
    """How the pages are reached: signed in, or by the personal link whose token stands in the address."""

    by: User | PersonalLink
    token: str = ""

    def home(self, referral: Referral) -> str:
        if self.token:
            return url_for("links.show", token=self.token)
        return url_for("referrals.show", referral_id=referral.public_id)


def discussion(referral: Referral, way: Way) -> ResponseReturnValue:
    """A few questions before the first session, for the counsellor alone (C9)."""
    actions.refuse_late(referral)
    begun = queries.discussion_of(referral)
    form = DiscussionFormPage(data=_filled_in(begun))
    if form.validate_on_submit() and (begun is not None or form.has_answers()):
        actions.fill_in(referral, form.answers(), posted_version(form), way.by)
        return see_other(way.home(referral))
    return form_page("careers/discussion.html", form, referral=referral, back=way.home(referral))


def _filled_in(begun: Any) -> dict[str, Any]:
    if begun is None:
        return {"version": 0}
    return {name: getattr(begun, name) for name in ("now", "hopes", "tried", "practical", "version")}


def readers(referral: Referral, way: Way) -> ResponseReturnValue:
    """Who has looked at my record (C9)."""
    return render_template(
        "careers/readers.html",
        referral=referral,
        readings=record_access.readings(referral),
        accesses=record_access.open_accesses(referral),
        back=way.home(referral),
    )


def summary(session: CareersSession, way: Way, paper: str) -> ResponseReturnValue:
    """What is shared of one session. `paper` is the address of the same as a PDF."""
    return render_template(
        "careers/summary.html",
        shared=queries.shared_of(session),
        referral=session.referral,
        paper=paper,
        back=way.home(session.referral),
    )


def summary_on_paper(session: CareersSession) -> ResponseReturnValue:
    """The same, with the tasks still open from other sessions, to keep and print."""
    others = [one for one in plans.still_open(session.referral) if one.session_id != session.id]
    return pdf.download(
        "careers/summary_pdf.html", "careers-session", shared=queries.shared_of(session), open_tasks=others
    )


def of_case(referral: Referral, reader: User | None = None, token: str = "") -> dict[str, Any]:
    """What the page of a case shows of its sessions: for `careers/_of_case.html` and `careers/_of_trainee.html`."""
    sessions = queries.sessions_of(referral)
    reads = reader is not None and record_access.reads_record(reader, referral)
    to_open = [one for one in queries.meetings_to_open(reader) if one.referral_id == referral.id] if reader else []
    where: dict[str, Any] = {"token": token} if token else {"referral_id": referral.public_id}
    by_link: dict[str, Any] = {"token": token} if token else {}
    room = "linked_sessions" if token else "careers"
    return {
        "sessions": [(number, one) for number, one in enumerate(sessions, start=1)],
        "reads": reads,
        "discussion": queries.discussion_of(referral),
        "may_fill_in": not referral.is_closed and not sessions,
        "parked": queries.parked_of(referral) if any(one.is_finished for one in sessions) else [],
        "to_open": to_open,
        "accesses": record_access.open_accesses(referral) if reader is not None else [],
        "form": ConfirmForm(),
        "now": clock.now(),
        "urls": {
            "discussion": url_for(f"{room}.discussion", **where),
            "readers": url_for(f"{room}.readers", **where),
            "summary": {one.id: url_for(f"{room}.summary", session_id=one.public_id, **by_link) for one in sessions},
        },
    }
