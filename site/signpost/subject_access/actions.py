"""A subject access request, from its opening to its receipt. Gathering is the worker's; giving is once, by a link that expires."""

import json
import secrets
from datetime import date, timedelta

from peewee import IntegrityError, ModelSelect

from models import AccessState, SubjectAccess, SubjectItem, User, db
from signpost import clock, settings
from signpost.accounts import links
from signpost.accounts import queries as people
from signpost.changes import change
from signpost.errors import RuleBroken
from signpost.events import record
from signpost.referrals import record_access
from signpost.subject_access import held

CHANGED = "Somebody changed this in the meantime. Look at it again."
TOKEN_BYTES = 32


def due_on(asked_on: date) -> date:
    """One calendar month after it was asked: the same day of the next month, or its last day (31 January: 28 February)."""
    month = asked_on.month % 12 + 1
    year = asked_on.year + (asked_on.month == 12)
    first_of_next = date(year + (month == 12), month % 12 + 1, 1)
    return min(date(year, month, 1) + timedelta(days=asked_on.day - 1), first_of_next - timedelta(days=1))


def open_request(name: str, email: str, reference: str, asked_on: date, by: User) -> SubjectAccess:
    """Begin: the worker gathers what is held about whoever has this address. A second press begins the same."""
    if asked_on > clock.today():
        raise RuleBroken("The day it was asked cannot lie in the future.")
    same = (SubjectAccess.email == email) & (SubjectAccess.reference == reference)
    try:
        with db.atomic():
            access: SubjectAccess = SubjectAccess.create(
                name=name, email=email, reference=reference, opened_by=by, opened_at=clock.now(), asked_on=asked_on
            )
            record("access.opened", by=by, concerning=access, facts={"reference": reference})
    except IntegrityError:
        access = SubjectAccess.get(same)
    return access


def gather_due() -> int:
    """Gather for every request that waits, one kind of row at a time, so that progress shows and a stop loses nothing."""
    done = 0
    for access in list(SubjectAccess.select().where(SubjectAccess.state == AccessState.GATHERING)):
        while access.state == AccessState.GATHERING:
            done += _gather_next(access)
    return done


def _gather_next(access: SubjectAccess) -> int:
    kinds = held.kinds()
    with db.atomic():
        if access.tables_done >= len(kinds):
            change(access, access.version, CHANGED, state=AccessState.REVIEW)
            return 0
        kind = kinds[access.tables_done]
        count = 0
        for row in held.rows_of(kind, held.Subject(access.email)):
            SubjectItem.create(access=access, kind=kind, content=json.dumps(row, ensure_ascii=False))
            count += 1
        change(access, access.version, CHANGED, tables_done=access.tables_done + 1)
    return count


def keep_reading(access: SubjectAccess, by: User) -> None:
    """The reviewer reads what careers staff keep of them: the person sees that too, as of anybody who looks (C9)."""
    for referral in held.cases_of(access.email):
        record_access.note_reading(referral, by, "a copy of all that is held", acting_as="information governance")


def withhold(item: SubjectItem, why: str, version: int, by: User) -> None:
    """Leave a row out, since it is about somebody else too, or would harm. The reason is kept."""
    _refuse_unless_in_review(item.access)
    if not why.strip():
        raise RuleBroken("Say why this is withheld.")
    with db.atomic():
        change(item, version, CHANGED, why_withheld=why.strip(), withheld_by=by)
        record("access.withheld", by=by, concerning=item.access, facts={"kind": item.kind, "item": item.public_id})


def withhold_part(item: SubjectItem, field: str, words: str, why: str, version: int, by: User) -> None:
    """Leave one field of a row out, or a passage of it, and give the rest. Where it stood the person reads why."""
    _refuse_unless_in_review(item.access)
    content = held.content_of(item)
    if field not in content:
        raise RuleBroken("This row has no such field.")
    if not why.strip():
        raise RuleBroken("Say why this is withheld.")
    # What a form sends has its own line ends; what was written may have others.
    passage = "\n".join(words.strip().splitlines())
    if passage and (not isinstance(content[field], str) or passage not in held.lines(content[field])):
        raise RuleBroken("These words do not stand in it. Copy them exactly as they are written.")
    part = {"field": field, "words": passage, "why": why.strip()}
    with db.atomic():
        parts = [one for one in held.parts_of(item) if (one["field"], one["words"]) != (field, passage)]
        change(item, version, CHANGED, parts_json=json.dumps([*parts, part], ensure_ascii=False))
        record("access.withheld", by=by, concerning=item.access, facts={"kind": item.kind, "item": item.public_id})


def give_back(item: SubjectItem, version: int, by: User) -> None:
    """Withhold it no longer, nor any part of it."""
    _refuse_unless_in_review(item.access)
    if item.why_withheld is None and item.parts_json is None:
        return
    with db.atomic():
        change(item, version, CHANGED, why_withheld=None, withheld_by=None, parts_json=None)
        record("access.given_back", by=by, concerning=item.access, facts={"kind": item.kind, "item": item.public_id})


def release(access: SubjectAccess, by: User) -> None:
    """Reviewed: the person gets a link of their own, which expires."""
    _refuse_unless_in_review(access)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    expires = clock.now() + timedelta(days=settings.current().personal_link_days)
    with db.atomic():
        columns = {"state": AccessState.READY, "token_hash": links.hash_of(token), "ready_at": clock.now()}
        change(access, access.version, CHANGED, expires_at=expires, **columns)
        facts = {"given": given(access).count(), "withheld": withheld(access).count()}
        record("access.released", by=by, concerning=access, facts=facts, enclosed=token)


def fetched(access: SubjectAccess) -> None:
    """The receipt: it was fetched. Each time is kept, the first as the moment of giving."""
    with db.atomic():
        first = (SubjectAccess.id == access.id) & SubjectAccess.fetched_at.is_null()
        SubjectAccess.update(fetched_at=clock.now(), version=SubjectAccess.version + 1).where(first).execute()
        record("access.fetched", by=people.system_user(), concerning=access)


def close(access: SubjectAccess, by: User) -> None:
    """Over: the link opens nothing more, and what was gathered is destroyed. That it was given is kept."""
    if access.state == AccessState.OVER:
        return
    with db.atomic():
        SubjectItem.delete().where(SubjectItem.access == access).execute()
        change(access, access.version, CHANGED, state=AccessState.OVER, token_hash=None)
        record("access.closed", by=by, concerning=access)


def find(token: str) -> SubjectAccess | None:
    """The request of a token, open or expired; None where there never was one, or it was closed."""
    return SubjectAccess.get_or_none(SubjectAccess.token_hash == links.hash_of(token))


def is_open(access: SubjectAccess) -> bool:
    """Whether its link still works."""
    return bool(access.state == AccessState.READY and access.expires_at > clock.now())


def given(access: SubjectAccess) -> ModelSelect:
    return SubjectItem.select().where((SubjectItem.access == access) & SubjectItem.why_withheld.is_null())


def withheld(access: SubjectAccess) -> ModelSelect:
    return SubjectItem.select().where((SubjectItem.access == access) & SubjectItem.why_withheld.is_null(False))


def all_requests() -> list[SubjectAccess]:
    return list(SubjectAccess.select().order_by(SubjectAccess.id.desc()))


def _refuse_unless_in_review(access: SubjectAccess) -> None:
    fresh = SubjectAccess.get_by_id(access.id)
    if fresh.state == AccessState.GATHERING:
        raise RuleBroken("It is still being gathered.")
    if fresh.state != AccessState.REVIEW:
        raise RuleBroken("It was given already, so nothing can be changed.")
