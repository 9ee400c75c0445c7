"""Publishing pages of the guidance, bringing an earlier version back, commenting, and keeping notes of one's own."""

from dataclasses import replace
from datetime import date
from random import SystemRandom

from peewee import IntegrityError

from models import (
    ActivityNote,
    GuidanceAddress,
    GuidanceComment,
    GuidanceCommentWaiting,
    GuidanceVersion,
    User,
    db,
)
from signpost import clock
from signpost.changes import change
from signpost.errors import RuleBroken, StaleRecord
from signpost.events import record
from signpost.formatting import sentence_list
from signpost.guidance import queries
from signpost.guidance.page import ADDRESS, GLOSSARY, TAKEN, Page

# However many are written, this many wait for a page's owner at most; without a name nobody else can be slowed down.
MOST_WAITING = 100
MOST_NAMED_A_DAY = 20
COMMENT_LENGTH = 2000
PADDED_BYTES = 4 * COMMENT_LENGTH  # more than the longest takes, whatever it is written in

CHANGED = "Somebody published this page while you were writing. Look at their version first."
NOTE_CHANGED = "You changed this in another window. Look at it again, then save."
TOO_MANY = "Many comments have come today, so no more can be left before tomorrow. Help says how to reach a person."

shuffle = SystemRandom().shuffle


# Publishing


def publish(page: Page, title: str, summary: str, slug: str, reviewed: date, body: str, by: User, seen: int) -> Page:
    """Publish the next version of a page. `seen` is the number of the version that its writer had before them.

    Raises RuleBroken where a link would lead nowhere, on this page or on another to this one.
    """
    address = f"{page.module}/{slug}" if page.module else GLOSSARY
    wanted = replace(page, address=address, title=title, summary=summary, reviewed=reviewed, body=body)
    with db.atomic():
        guide = queries.guide()
        now = guide.by_key[page.key]
        if now.number != seen:
            raise StaleRecord(CHANGED)
        if wanted == now:
            raise RuleBroken("These are the words that stand now, so there is nothing to publish.")
        _refuse_address(guide, now, wanted)
        _refuse_broken(guide, wanted)
        number = (queries.versions(page).select(GuidanceVersion.number).limit(1).scalar() or 0) + 1
        try:
            made = GuidanceVersion.create(
                page=page.key, number=number, address=address, title=title, summary=summary, reviewed_on=reviewed, body=body,
                file_digest=queries.file_of(page).digest, published_by=by, published_at=clock.now(),
            )  # fmt: skip
        except IntegrityError:
            raise StaleRecord(CHANGED) from None
        if address != now.address:
            GuidanceAddress.delete().where(GuidanceAddress.address == address).execute()
            GuidanceAddress.create(address=now.address, page=page.key)
        record("guidance.published", by=by, about=made, facts={"page": page.key, "version": number, "address": address})
    return queries.guide().by_key[page.key]


def restore(page: Page, number: int, by: User, seen: int) -> Page:
    """Publish an earlier version again, as the next one: nothing is lost. Version 0 is the page as it came with Signpost."""
    before = queries.version_of(page, number)
    if before is None:
        raise RuleBroken("There is no such version of this page.")
    # Its address stays: what links to it now would otherwise be sent round.
    return publish(page, before.title, before.summary, page.slug, before.reviewed, before.body, by, seen)


def _refuse_address(guide: queries.Guide, now: Page, wanted: Page) -> None:
    if wanted.address == now.address:
        return
    last = wanted.address.removeprefix(f"{now.module}/")
    if not ADDRESS.fullmatch(last) or last in TAKEN:
        raise RuleBroken("An address has small letters, figures and hyphens only, like first-session.")
    there = guide.found(wanted.address)
    if there is not None and there.key != wanted.key:
        raise RuleBroken(f"“{there.title}” has this address, or had it once. Choose another.")


def _refuse_broken(guide: queries.Guide, wanted: Page) -> None:
    """Refuse links of this page that lead nowhere, and headings taken away to which another page leads."""
    after = guide.with_page(wanted)
    if broken := after.broken(wanted):
        raise RuleBroken(f"{_named(broken)} nowhere. Correct the link, or take it out.")
    for other in after.pages.values():
        lost = set(after.broken(other)) - set(guide.broken(guide.by_key[other.key]))
        if lost:
            raise RuleBroken(
                f"“{other.title}” links to {sentence_list(sorted(lost))}, which would be gone. Change that page first."
            )


def _named(broken: list[str]) -> str:
    each = list(dict.fromkeys(f"“{link}”" for link in broken))
    return f"{sentence_list(each)} {'leads' if len(each) == 1 else 'lead'}"


# Comments (C2)


def comment(page: Page, words: str, by: User | None) -> None:
    """Tell a page's owner something. With a name they hear at once; without one, with the others of the day. The
    same words about the same page are one comment, however often they are sent.

    A comment without a name leaves no event, no entry in the audit and no time: `falling_due` says how it is delivered.
    """
    with db.atomic():
        if by is not None:
            today = (GuidanceComment.by_user == by) & (GuidanceComment.came_on == clock.today())
            mine = [(row.page, row.words) for row in GuidanceComment.select().where(today)]
            if (page.key, words) in mine:
                return
            if len(mine) >= MOST_NAMED_A_DAY:
                raise RuleBroken(TOO_MANY)
            made = GuidanceComment.create(
                page=page.key, owner=page.owner, words=words, by_user=by, came_on=clock.today()
            )
            record("guidance.commented", by=by, concerning=made, facts={"page": page.key})
            return
        ours = GuidanceCommentWaiting.owner == page.owner
        waiting = [(row.page, row.words, row.written_on) for row in GuidanceCommentWaiting.select().where(ours)]
        if any((key, each.rstrip()) == (page.key, words) for key, each, _ in waiting):
            return
        if len(waiting) >= MOST_WAITING:
            raise RuleBroken(TOO_MANY)
        waiting.append((page.key, _padded(words), clock.today()))
        shuffle(waiting)
        GuidanceCommentWaiting.delete().where(ours).execute()
        for key, each, day in waiting:
            GuidanceCommentWaiting.create(page=key, owner=page.owner, words=each, written_on=day)


def _padded(words: str) -> str:
    return words + " " * (PADDED_BYTES - len(words.encode()))


def deal_with(one: GuidanceComment, by: User) -> None:
    """Note that a comment is dealt with. Twice is once."""
    with db.atomic():
        open_still = (GuidanceComment.public_id == one.public_id) & GuidanceComment.dealt_with_by.is_null()
        if GuidanceComment.update(dealt_with_by=by, dealt_with_on=clock.today()).where(open_still).execute():
            record("guidance.comment_dealt_with", by=by, about=one, facts={"page": one.page})


# Notes of one's own


def keep(page: Page, activity: str, is_done: bool, reflection: str, by: User, expected_version: int) -> ActivityNote:
    """Keep what somebody notes for themselves of an activity. Theirs alone, so neither history nor audit has it."""
    with db.atomic():
        note = queries.notes_of(by, page).get(activity)
        if note is None:
            try:
                return ActivityNote.create(
                    user=by,
                    page=page.key,
                    activity=activity,
                    done_on=clock.today() if is_done else None,
                    reflection=reflection,
                )
            except IntegrityError:
                raise StaleRecord(NOTE_CHANGED) from None
        done_on = (note.done_on or clock.today()) if is_done else None
        change(note, expected_version, NOTE_CHANGED, done_on=done_on, reflection=reflection)
    return note
