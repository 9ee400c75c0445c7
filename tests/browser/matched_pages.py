"""What the matching board shows: returners and mentors across the country, an override, somebody without a mentor."""

from datetime import timedelta

from models import KeptApart, Mentor, MentoringWish, Place, Role, User, WhyApart
from signpost import clock
from signpost.mentoring import actions
from tests import factories

PLACES = {
    "Barrow-in-Furness": "LA14", "Kendal": "LA9", "Lancaster": "LA1", "Preston": "PR2", "Blackpool": "FY3", "Blackburn": "BB2",
    "Manchester": "M13", "Liverpool": "L7", "Carlisle": "CA2", "Chester": "CH2",
}  # fmt: skip
WAITING = ("LA14", "LA14", "LA9", "PR2", "M13", "M13", "L7", "CA2", "CH2", "JE2")
MENTORS = ("LA14", "LA1", "FY3", "BB2", "M13", "L7")


def match(cast: dict[str, User], named: dict[str, str], long_name: str) -> None:
    for name, district in PLACES.items():
        Place.get_or_create(name=name, defaults={"district": district})
    towns = {district: name for name, district in PLACES.items()}
    returners = []
    for number, district in enumerate(WAITING):
        with clock.at(clock.now() - timedelta(days=9 * number)):
            made = factories.who_waits(cast["rtt"], name=f"Robin {long_name}" if number == 3 else f"Returner {number}")
        MentoringWish.create(
            returner=made, district=district, place_name=towns.get(district, ""), miles=(10, 30, 60)[number % 3],
            is_miles_a_limit=number % 2 == 1, is_mode_a_limit=number == 8, teams=number != 8, telephone=False, days="135", given_at=clock.now(),
        )  # fmt: skip
        returners.append(made)
    mentors = [
        factories.a_mentor(
            factories.a_user(Role.MENTOR, name=f"Mentor {number}"), districts=(district,), capacity=1 + number % 2,
            miles=(15, 40)[number % 2], days="02", training_ends_on=clock.today() if number else None,
        )
        for number, district in enumerate(MENTORS)
    ]  # fmt: skip
    untrained = factories.a_mentor(trained_on=None)
    KeptApart.create(
        returner=returners[0], email=mentors[2].user.email, why=WhyApart.SUPERVISOR, written_at=clock.now()
    )
    actions.remember({returners[0].public_id: mentors[1].public_id}, by=cast["rtt"])
    Mentor.update(
        training_ends_on=clock.today() - timedelta(days=30), trained_on=clock.today() - timedelta(days=400)
    ).where(Mentor.id == mentors[4].id).execute()
    actions.rule_out(returners[0], mentors[0], by=cast["rtt"])
    actions.pin(returners[4], mentors[5], by=cast["rtt"])
    named |= {
        "matched_returner": returners[0].public_id,
        "suggested_pair": f"{returners[4].public_id}.{mentors[5].public_id}",
        "refused_pair": f"{returners[4].public_id}.{untrained.public_id}",
    }
