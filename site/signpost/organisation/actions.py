"""Changing the places and the settings. What records name is never deleted under them."""

from typing import Any

from peewee import IntegrityError, fn

from models import (
    Conflict,
    CounsellorVenue,
    Employer,
    Hours,
    Meeting,
    Referral,
    RoleAsked,
    RoleHeld,
    School,
    Setting,
    User,
    Venue,
    db,
)
from signpost import settings
from signpost.changes import change
from signpost.errors import RuleBroken, StaleRecord
from signpost.events import record
from signpost.formatting import plural, sentence_list

CHANGED = "Somebody changed this while you were looking at it. Look at it again, then make your change."

Place = School | Employer | Venue
EVENT = {School: "school.changed", Employer: "employer.changed", Venue: "venue.changed"}


def add(table: type[Place], name: str, by: User, **more: Any) -> Place:
    """Add a school, an employer or a venue."""
    with db.atomic():
        _refuse_same_name(table, name)
        place = table.create(name=name, **more)
        record(EVENT[table], by=by, about=place, facts={"did": "added"})
    return place


def rename(place: Place, name: str, by: User, expected_version: int, **more: Any) -> None:
    """Change what is said of a place. Records that name it follow."""
    table = type(place)
    with db.atomic():
        _refuse_same_name(table, name, place)
        change(place, expected_version, CHANGED, name=name, **more)
        record(EVENT[table], by=by, about=place, facts={"did": "changed"})


def delete(place: Place, by: User) -> None:
    """Delete a place that nothing names."""
    table = type(place)
    if used := uses_of(place):
        raise RuleBroken(f"{place.name} cannot be deleted: {used}.")
    with db.atomic():
        try:
            deleted = table.delete().where(table.id == place.id).execute()
        except IntegrityError:
            raise RuleBroken(f"{place.name} cannot be deleted: something has just come to name it.") from None
        if deleted:
            record(EVENT[table], by=by, about=place, facts={"did": "deleted"})


def uses_of(place: Place) -> str:
    """What names a place, in words; empty where nothing does."""
    counted = {
        School: ((Referral, Referral.school, "referral"), (RoleHeld, RoleHeld.school, "role")),
        Employer: (
            (Referral, Referral.employer, "referral"),
            (RoleHeld, RoleHeld.employer, "role"),
            (Conflict, Conflict.employer, "declared conflict"),
        ),
        Venue: (
            (CounsellorVenue, CounsellorVenue.venue, "counsellor"),
            (Hours, Hours.venue, "row of hours", "rows of hours"),
            (Meeting, Meeting.venue, "meeting"),
        ),
    }[type(place)]
    found = [(table.select().where(column == place).count(), words) for table, column, *words in counted]
    named = [plural(count, *words) for count, words in found if count]
    return (
        f"{sentence_list(named)} name{'s' if len(named) == 1 and named[0].startswith('1 ') else ''} it" if named else ""
    )


def merge(gone: Employer, kept: Employer, by: User) -> None:
    """Two employers are one: everything that named the first names the second, and the first goes."""
    if gone.id == kept.id:
        raise RuleBroken("Choose another employer to merge it into.")
    with db.atomic():
        Referral.update(employer=kept).where(Referral.employer == gone).execute()
        Conflict.update(employer=kept).where(Conflict.employer == gone).execute()
        RoleAsked.update(employer=kept).where(RoleAsked.employer == gone).execute()
        for held in RoleHeld.select().where(RoleHeld.employer == gone):
            same = (RoleHeld.user == held.user) & (RoleHeld.role == held.role) & (RoleHeld.employer == kept)
            if RoleHeld.select().where(same & (RoleHeld.referrer_kind == held.referrer_kind)).exists():
                RoleHeld.delete().where(RoleHeld.id == held.id).execute()
            else:
                RoleHeld.update(employer=kept).where(RoleHeld.id == held.id).execute()
        if Employer.delete().where(Employer.id == gone.id).execute():
            record("employer.merged", by=by, about=kept, facts={"gone": gone.public_id})


def _refuse_same_name(table: type[Place], name: str, but: Place | None = None) -> None:
    same = table.get_or_none(fn.LOWER(table.name) == name.lower())
    if same is not None and same != but:
        raise RuleBroken(f"There is one called {name} already.")


def change_settings(values: dict[str, Any], seen: str, by: User) -> None:
    """Write the organisation's settings. Only what differs from the default is kept; it acts on the next request.

    `seen` is the digest of the settings on the page that was filled in. Raises StaleRecord where they are others now.
    """
    with db.atomic():
        before = settings.current()
        if before.digest != seen:
            raise StaleRecord(CHANGED)
        defaults = settings.Settings()
        changed = [name for name, value in values.items() if value != getattr(before, name)]
        for name in changed:
            Setting.delete().where(Setting.name == name).execute()
            if values[name] != getattr(defaults, name):
                value = values[name]
                Setting.create(name=name, value=("1" if value else "0") if isinstance(value, bool) else str(value))
        if changed:
            record("settings.changed", by=by, facts={"changed": changed})
