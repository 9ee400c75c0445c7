"""What a returner asks of a mentor: followed where possible, never guaranteed, but for a limit they choose to wait for (D6)."""

from collections.abc import Collection
from dataclasses import asdict, dataclass

from models import (
    Area,
    KeptApart,
    MentoringWish,
    OwnTrust,
    PersonalLink,
    Returner,
    User,
    WhyApart,
    WishedArea,
    db,
)
from signpost import clock
from signpost.changes import change
from signpost.errors import RuleBroken
from signpost.events import record
from signpost.mentoring import queries
from signpost.mentoring.geography import Place

CHANGED = "These wishes were changed while you were looking at them. Look at them again, then make your change."


@dataclass(frozen=True)
class Wishes:
    """All but the base and the lists of people and areas. Words that may say something of the person are sealed."""

    miles: int | None = None
    is_miles_a_limit: bool = False
    face_to_face: bool = True
    teams: bool = True
    telephone: bool = True
    is_mode_a_limit: bool = False
    days: str = ""
    same_specialty: bool = False
    works_ltft: bool = False
    is_parent: bool = False
    return_reason: str | None = None
    own_trust: OwnTrust = OwnTrust.EITHER
    request: str | None = None


def write(
    returner: Returner,
    base: Place,
    wishes: Wishes,
    by: User | PersonalLink,
    expected_version: int,
    *,
    wanted: Collection[Area] = (),
    avoided: Collection[Area] = (),
    apart: Collection[tuple[str, WhyApart]] = (),
) -> None:
    """Keep what they ask for in the place of what they asked before. `apart` is people, by address or by name.

    `expected_version` is 0 where nothing was asked before.
    """
    if not (wishes.face_to_face or wishes.teams or wishes.telephone):
        raise RuleBroken("Select at least one way of meeting.")
    if wishes.is_miles_a_limit and wishes.miles is None:
        raise RuleBroken("Enter how far you would go, to wait for somebody within it.")
    if {one.id for one in wanted} & {one.id for one in avoided}:
        raise RuleBroken("An area cannot be both wanted and avoided.")
    columns = asdict(wishes) | {
        "district": base.district,
        "place_name": "" if base.name == base.district else base.name,
        "given_at": clock.now(),
    }
    with db.atomic():
        wish = queries.wish_of(returner)
        if wish is None:
            wish = MentoringWish(returner=returner, district=base.district, given_at=clock.now())
            for name, value in columns.items():
                setattr(wish, name, value)
            wish.save(force_insert=True)
        else:
            change(wish, expected_version, CHANGED, **columns)
        WishedArea.delete().where(WishedArea.wish == wish).execute()
        for areas, is_avoided in ((wanted, False), (avoided, True)):
            for area in areas:
                WishedArea.create(wish=wish, area=area, is_avoided=is_avoided)
        _keep_apart(returner, apart)
        record("wish.changed", by=by, concerning=returner)


def _keep_apart(returner: Returner, apart: Collection[tuple[str, WhyApart]]) -> None:
    """Those they name themselves; a pair that did not work stays apart whatever they write (D14)."""
    KeptApart.delete().where(
        (KeptApart.returner == returner) & KeptApart.why.in_((WhyApart.ASKED, WhyApart.SUPERVISOR))
    ).execute()
    for said, why in dict(apart).items():
        email, name = (said.lower(), "") if "@" in said else ("", said)
        KeptApart.get_or_create(
            returner=returner, name=name, email=email, defaults={"why": why, "written_at": clock.now()}
        )


def kept_apart(returner: Returner, why: WhyApart) -> list[str]:
    """Whom they named for this reason, as they wrote it."""
    rows = KeptApart.select().where((KeptApart.returner == returner) & (KeptApart.why == why))
    return [row.email or row.name for row in rows.order_by(KeptApart.id)]


def areas_of(wish: MentoringWish) -> tuple[list[Area], list[Area]]:
    """Those they would like, and those they would rather not."""
    rows = WishedArea.select(WishedArea, Area).join(Area).where(WishedArea.wish == wish).order_by(Area.name)
    return [row.area for row in rows if not row.is_avoided], [row.area for row in rows if row.is_avoided]
