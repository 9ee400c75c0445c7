"""What was disclosed because it could not wait: kept in full, looked at by a second person, told when it is safe (C6)."""

from dataclasses import dataclass
from datetime import date, datetime

from models import Emergency, Ground, Referral, Role, Told, User, db
from signpost import clock, presses
from signpost.accounts import queries as people
from signpost.changes import change
from signpost.confidentiality.breaches import refuse_ground
from signpost.errors import RuleBroken
from signpost.events import record
from signpost.referrals import queries as referrals
from signpost.referrals import record_access
from signpost.referrals.queries import Relation

CHANGED = "Somebody took a step of this in the meantime. Look at it again."


@dataclass(frozen=True)
class Disclosed:
    """On which ground, what was disclosed to whom and when, and why it could not wait."""

    ground: Ground
    law: str
    grounds: str
    disclosed: str
    disclosed_to: str
    why_not_wait: str
    disclosed_at: datetime
    look_again_on: date


def record_it(referral: Referral, what: Disclosed, by: User) -> Emergency:
    """Keep it at once. A second member of staff is asked to look at it; the trainee is told when it is safe."""
    if not record_access.reads_record(by, referral):
        raise RuleBroken("Only those who hold the case can record this.")
    refuse_ground(what.ground, what.law)
    if what.disclosed_at > clock.now():
        raise RuleBroken("The disclosure cannot lie in the future.")
    if what.look_again_on < clock.today():
        raise RuleBroken("The day to look again must be today or later.")
    law = what.law.strip() if what.ground == Ground.LEGAL_REQUIREMENT else ""
    said = vars(what) | {"law": law, "recorded_by": by}
    with db.atomic():
        last = Emergency.select().where(Emergency.referral == referral).order_by(Emergency.id.desc()).first()
        if presses.is_same(last, "recorded_at", said):
            return last
        emergency = Emergency.create(referral=referral, **said, recorded_at=clock.now())
        facts = {"ground": what.ground}
        record("emergency.recorded", by=by, referral=referral, concerning=emergency, facts=facts)
    return emergency


def judge(emergency: Emergency, is_confirmed: bool, words: str, by: User) -> None:
    """A second member of staff confirms it, or disputes it with a reason. Never who recorded it (C6). The same again is one press."""
    if not may_judge(by, emergency):
        raise RuleBroken("A second member of the careers team has to look at this: not who recorded it.")
    if emergency.second_id is not None:
        if (emergency.second_id, emergency.is_confirmed, emergency.second_words or "") == (
            by.id,
            is_confirmed,
            words.strip(),
        ):
            return
        raise RuleBroken("A second person has looked at this already.")
    if not is_confirmed and not words.strip():
        raise RuleBroken("Say what you dispute.")
    with db.atomic():
        columns = {"second": by, "second_at": clock.now(), "is_confirmed": is_confirmed}
        change(emergency, emergency.version, CHANGED, second_words=words.strip() or None, **columns)
        facts = {"confirmed": is_confirmed}
        record("emergency.judged", by=by, referral=emergency.referral, concerning=emergency, facts=facts)


def may_judge(user: User, emergency: Emergency) -> bool:
    """Another adviser, or another counsellor who holds the case now; neither the trainee nor who recorded it."""
    relations = referrals.relations(user, emergency.referral)
    is_of_team = bool(relations & {Relation.ADVISER, Relation.COUNSELLOR, Relation.COVERING})
    return is_of_team and user.id != emergency.recorded_by_id


def tell(emergency: Emergency, how: Told, by: User) -> None:
    """The trainee was told, or is written to: from now on they see what was disclosed to whom and why."""
    if not record_access.reads_record(by, emergency.referral):
        raise RuleBroken("Only those who hold the case can do this.")
    if emergency.told_at is not None:
        return
    with db.atomic():
        change(emergency, emergency.version, CHANGED, told_how=how, told_at=clock.now(), told_by=by)
        name = "emergency.message_sent" if how == Told.MESSAGE else "emergency.trainee_told"
        record(name, by=by, referral=emergency.referral, concerning=emergency, facts={"how": how})


def wait(emergency: Emergency, look_again_on: date, by: User) -> None:
    """It is not safe yet to tell the trainee: look again on another day. There is no way to stop looking."""
    if not record_access.reads_record(by, emergency.referral):
        raise RuleBroken("Only those who hold the case can do this.")
    if emergency.told_at is not None:
        raise RuleBroken("The trainee has been told already.")
    if look_again_on < clock.today():
        raise RuleBroken("The day to look again must be today or later.")
    if look_again_on == emergency.look_again_on:
        return
    with db.atomic():
        change(emergency, emergency.version, CHANGED, look_again_on=look_again_on)
        facts = {"look_again_on": str(look_again_on)}
        record("emergency.put_off", by=by, referral=emergency.referral, concerning=emergency, facts=facts)


def remind(at: datetime) -> int:
    """On the day to look again, whoever holds the case is told that the trainee still does not know. Once a day named."""
    today = clock.to_london(at).date()
    waiting = Emergency.told_at.is_null() & (Emergency.look_again_on <= today)
    done = 0
    for emergency in list(Emergency.select().where(waiting)):
        if emergency.reminded_on is not None and emergency.reminded_on >= emergency.look_again_on:
            continue
        with db.atomic():
            same = (Emergency.id == emergency.id) & (Emergency.version == emergency.version)
            if Emergency.update(reminded_on=today, version=emergency.version + 1).where(same).execute():
                by = people.system_user()
                record("emergency.look_again", by=by, referral=emergency.referral, concerning=emergency)
                done += 1
    return done


def others_of_team(emergency: Emergency) -> list[User]:
    """Who is asked to look at it: the advisers, but for who recorded it and the trainee."""
    found = people.holding(Role.SENIOR_ADVISER)
    return [one for one in found if may_judge(one, emergency)]
