"""Returners in every state, mentors, and files of returners, for the pages that show them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from models import Import, LinkPurpose, Mentor, PersonalLink, Returner, ReturnerState, User, WhyApart
from signpost import clock, import_kinds
from signpost.accounts import links
from signpost.imports import actions as imports
from signpost.mentoring import dates, geography, mentors, offers, places, wishes
from signpost.mentoring.returner_rows import KIND
from tests import factories

HEADING = "Name,Email,Absent from,Returns on\n"


def come(cast: dict[str, User], named: dict[str, Any], long_name: str, words: str) -> None:
    """Six returners; a mentor who takes too few; a file to check, one being read, one that was taken."""
    team, today = cast["rtt"], clock.today()
    area = places.write_area(None, "Lancashire and South Cumbria, with the Furness peninsula", "PR BB LA", team)
    place = places.write_place(None, "Barrow-in-Furness", "LA14", team)
    named |= {"area": area.public_id, "town": place.public_id}

    def comes(state: str, weeks: int, **written: Any) -> Returner:
        made = factories.a_returner(team, weeks_to_return=weeks, **written)
        named[f"return_{state}"] = made.public_id
        named[f"return_link_{state}"] = links.make(LinkPurpose.RETURNER, made.name, made.email, returner=made)
        return made

    comes("listed", 30, name=long_name)
    comes("offered", 4, name=long_name)
    offers.decline(comes("declined", 4), by=_link())
    offers.ask_later(comes("later", 4), today + timedelta(days=30), by=_link())
    waiting = comes("waiting", 4, email=cast["returner"].email, name=cast["returner"].name)
    offers.accept(waiting, by=_link())
    asked = wishes.Wishes(
        miles=20, is_miles_a_limit=True, days="02", is_parent=True, return_reason=words, request=words
    )
    apart = [("Dr Gray", WhyApart.SUPERVISOR), ("green@x.example", WhyApart.ASKED)]
    wishes.write(
        waiting, geography.find("Barrow-in-Furness", places.names()), asked, team, 0, wanted=[area], apart=apart
    )
    over = comes("over", 20)
    columns = {"absent_from": dates.months_later(today, -20), "returns_on": dates.months_later(today, -8)}
    Returner.update(columns).where(Returner.id == over.id).execute()
    ended = comes("ended", 4)
    Returner.update(state=ReturnerState.ENDED).where(Returner.id == ended.id).execute()
    with clock.at(clock.now() - timedelta(days=90)):
        named["return_link_old"] = links.make(LinkPurpose.RETURNER, waiting.name, waiting.email, returner=waiting)

    mentor, _ = Mentor.get_or_create(
        user=cast["mentor"], defaults={"trained_on": today - timedelta(days=900), "training_ends_on": today}
    )
    named["mentor"] = mentor.public_id
    ways = mentors.Ways(30, True, True, True, "04", True, True, words[:400], words)
    mentors.write_ways(mentor, ways, [geography.find("LA1")], mentor.user, mentor.version, ["Dr Own Trainee"])
    factories.a_mentorship(team, mentor)
    mentors.set_capacity(mentor, 0, mentor.user, mentor.version)
    mentors.pause(mentor, today + timedelta(days=9), today + timedelta(days=30), mentor.user)
    gone = factories.a_mentor()
    mentors.leave(gone, team, gone.version)
    named["mentor_gone"] = gone.public_id

    rows = f"{long_name},someone@x.example,1/1/2026,1/9/2030\n,nobody,soon,1/9/2030\n"
    rows += f"{waiting.name},{waiting.email},1/1/2026,1/9/2030\n"
    for name, called in (("to_check", "list.csv"), ("taken", "a.csv"), ("off", "b.csv")):
        made = imports.bring(KIND, called, (HEADING + (rows if name == "to_check" else _row(name))).encode(), team)
        imports.go_on(import_kinds.KINDS)
        named[f"import_{name}"] = made.public_id
    taken = Import.get(Import.public_id == named["import_taken"])
    imports.take(taken, team, taken.version)
    imports.go_on(import_kinds.KINDS)
    imports.call_off(Import.get(Import.public_id == named["import_off"]), team)
    named["import_reading"] = imports.bring(KIND, "c.csv", (HEADING + _row("c")).encode(), team).public_id


def _row(name: str) -> str:
    return f"Doctor {name},{name}@x.example,1/1/2026,1/9/2030\n"


def _link() -> PersonalLink:
    return PersonalLink.select().where(PersonalLink.returner.is_null(False)).order_by(PersonalLink.id.desc()).get()
