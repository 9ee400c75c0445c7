"""What is written in a session as it goes: passages, issues and the focus, options. Each row has a version of its own,
so that two tabs never overwrite each other, and each change is kept in the audit without its words.
"""

from datetime import date

from peewee import IntegrityError, fn

from models import CareersSession, FocusChange, IssueState, Passage, SessionIssue, SessionOption, SessionText, User, db
from signpost import clock
from signpost.audit import record as audit
from signpost.careers import queries
from signpost.changes import change
from signpost.errors import RuleBroken, StaleRecord

CHANGED = "Somebody, perhaps you in another tab, wrote here in the meantime."
WORDS_LENGTH = 10_000
LINE_LENGTH = 300


def write(session: CareersSession, passage: Passage, words: str, version: int, by: User) -> SessionText:
    """Keep a passage as it stands on the page. `version` is the one that page showed, 0 where nothing was there."""
    _refuse_closed(session)
    with db.atomic():
        text = SessionText.get_or_none((SessionText.session == session) & (SessionText.passage == passage))
        if text is not None and text.words == words:
            return text
        if text is None:
            text = _first(session, passage, words, version, by)
        else:
            change(text, version, CHANGED, words=words, written_by=by, written_at=clock.now())
        _keep(session, by, str(passage))
    return text


def _first(session: CareersSession, passage: Passage, words: str, version: int, by: User) -> SessionText:
    try:
        with db.atomic():
            if version:
                raise StaleRecord(CHANGED)
            return SessionText.create(
                session=session, passage=passage, words=words, written_by=by, written_at=clock.now()
            )
    except IntegrityError:
        raise StaleRecord(CHANGED) from None


# Issues and the focus


def raise_issue(session: CareersSession, words: str, by: User) -> SessionIssue:
    """Something the trainee brings (B3). One that stands there already is not raised twice."""
    _refuse_closed(session)
    words = _line(words, "Enter the issue")
    with db.atomic():
        for there in queries.issues_of(session):
            if there.words == words:
                return there
        issue = SessionIssue.create(session=session, words=words, position=_next(SessionIssue, session))
        _keep(session, by, "issue")
    return issue


def reword(session: CareersSession, issue: SessionIssue, words: str, version: int, by: User) -> SessionIssue:
    """Put an issue in other words. Those that stand there already are a second press."""
    _refuse_closed(session)
    words = _line(words, "Enter the issue")
    with db.atomic():
        there: SessionIssue = SessionIssue.get_by_id(issue.id)
        if there.words != words:
            change(there, version, CHANGED, words=words)
            _keep(session, by, "issue")
    return there


def focus_on(session: CareersSession, issue: SessionIssue, why: str, by: User) -> None:
    """Agree the focus, or renegotiate it: when and why is kept (B3, B4)."""
    _refuse_finished(session)
    with db.atomic():
        now = queries.focus_of(session)
        if now is not None and now.id == issue.id and now.state == IssueState.FOCUS:
            return
        if now is not None and not why.strip():
            raise RuleBroken("Say why another issue presses more. It helps you both to see how the session went.")
        for other in queries.issues_of(session):
            if other.state == IssueState.FOCUS and other.id != issue.id:
                change(other, other.version, CHANGED, state=IssueState.RAISED)
        change(issue, issue.version, CHANGED, state=IssueState.FOCUS, return_on=None)
        FocusChange.create(session=session, issue=issue, why=why.strip() or None, changed_at=clock.now())
        _keep(session, by, "focus")


def park(session: CareersSession, issue: SessionIssue, return_on: date | None, by: User) -> None:
    """Leave an issue until a day, or until the next session where none is named (B8)."""
    if return_on is not None and return_on < clock.today():
        raise RuleBroken("The day to return to it must be today or later.")
    _stand(session, issue, IssueState.PARKED, return_on, by)


def settle(session: CareersSession, issue: SessionIssue, by: User) -> None:
    """Talked through: nothing is left to return to."""
    _stand(session, issue, IssueState.SETTLED, None, by)


def raise_again(session: CareersSession, issue: SessionIssue, by: User) -> None:
    """Back on the table in this session."""
    _stand(session, issue, IssueState.RAISED, None, by)


def _stand(session: CareersSession, issue: SessionIssue, state: IssueState, return_on: date | None, by: User) -> None:
    _refuse_closed(session)
    with db.atomic():
        there = SessionIssue.get_by_id(issue.id)
        if (there.state, there.return_on) == (state, return_on):
            return  # a second press
        change(issue, issue.version, CHANGED, state=state, return_on=return_on)
        _keep(session, by, "issue")


# Options


def add_option(session: CareersSession, words: str, by: User) -> SessionOption:
    """A course of action to weigh (B5). One that stands there already is not added twice."""
    _refuse_closed(session)
    words = _line(words, "Enter the option")
    with db.atomic():
        for there in queries.options_of(session):
            if there.words == words:
                return there
        option = SessionOption.create(session=session, words=words, position=_next(SessionOption, session))
        _keep(session, by, "option")
    return option


def weigh(option: SessionOption, words: str, pros: str, cons: str, version: int, by: User) -> SessionOption:
    """What the option is, what speaks for it and what against it."""
    _refuse_closed(option.session)
    line = _line(words, "Enter the option")
    with db.atomic():
        there: SessionOption = SessionOption.get_by_id(option.id)
        if (line, pros, cons) != (there.words, there.pros or "", there.cons or ""):
            change(there, version, CHANGED, words=line, pros=pros or None, cons=cons or None)
            _keep(option.session, by, "option")
    return there


def reorder(session: CareersSession, order: list[str], by: User) -> None:
    """Put the options into this order of public ids; those that it does not name follow as they stood (B5)."""
    _refuse_closed(session)
    place = {public_id: number for number, public_id in enumerate(order)}
    with db.atomic():
        options = queries.options_of(session)
        wanted = sorted(options, key=lambda one: place.get(one.public_id, len(order)))
        if wanted == options:
            return
        for position, option in enumerate(wanted, start=1):
            SessionOption.update(position=position).where(SessionOption.id == option.id).execute()
        _keep(session, by, "options")


def remove_option(option: SessionOption, by: User) -> None:
    _refuse_closed(option.session)
    with db.atomic():
        if option.delete_instance():
            _keep(option.session, by, "option")


# What they share


def _next(table: type[SessionIssue] | type[SessionOption], session: CareersSession) -> int:
    return (table.select(fn.MAX(table.position)).where(table.session == session).scalar() or 0) + 1


def _line(words: str, otherwise: str) -> str:
    words = " ".join(words.split())
    if not words:
        raise RuleBroken(f"{otherwise}.")
    return words


def _keep(session: CareersSession, by: User, what: str) -> None:
    """In the audit alone: a line for each pause in typing would bury the history of the case."""
    audit.add(
        "session.written",
        actor=f"user:{by.public_id}",
        acting_as="counsellor",
        record=f"careers_session:{session.public_id}",
        facts={"what": what},
    )


def _refuse_finished(session: CareersSession) -> None:
    if session.is_finished:
        raise RuleBroken("This session is finished, so its focus can no longer change.")


def _refuse_closed(session: CareersSession) -> None:
    """What a session holds may be completed after it, until the case is closed."""
    if session.referral.is_closed and session.is_finished:
        raise RuleBroken("This case is closed, so its sessions can no longer be changed.")
