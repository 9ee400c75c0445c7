"""What the pages of disclosures show: consents at every stage, a question, a breach at each step, two emergencies."""

from datetime import timedelta
from typing import Any

from models import Emergency, Ground, Notice, Referral, ReferrerKind, School, Told, User
from signpost import clock
from signpost.confidentiality import breaches, consents, emergencies, information
from tests import factories

WAYS = {"decided": None, "on_its_way": Told.MESSAGE, "told": Told.IN_PERSON, "contacted": Told.TELEPHONE, "closed": Told.TELEPHONE}  # fmt: skip


def disclose(cast: dict[str, User], named: dict[str, str], trust: Any, long_name: str, request: str) -> None:
    """All of one case of the trainee who can sign in."""
    by = cast["counsellor"]
    cast["lead"] = factories.a_referrer(ReferrerKind.LFG_CAREER_LEAD, employer=trust, name=f"Lee {long_name}")
    school = School.get(School.name.contains("Obstetrics"))
    case = Referral.get(Referral.public_id == named["begun_own"])
    Referral.update(school=school).where(Referral.id == case.id).execute()
    accepted = Referral.public_id.in_((named["begun"], named["begun_own"]))
    Referral.update(accepted_at=clock.now()).where(accepted).execute()
    case = Referral.get_by_id(case.id)
    for name in ("unsigned_consent", "signed_consent", "sent_consent", "withdrawn_consent"):
        consent(name, case, cast, named, long_name, request)
    answered = information.ask(case, cast["lead"], request, by)
    information.answer(answered, request, 1, cast["lead"])
    waiting = information.ask(case, cast["lead"], f"{request} Again?", by)
    named |= {"answered_question": answered.public_id, "question": waiting.public_id}
    for name, how in WAYS.items():
        law = breaches.LAWS[0] if name == "decided" else ""
        ground = Ground.LEGAL_REQUIREMENT if law else Ground.PATIENT_SAFETY
        breach = breaches.decide(case, ground, law, f"{name} {request}", by)
        named[f"{name}_breach"] = breach.public_id
        if how:
            breaches.tell(breach, how, request, by)
        if name in ("contacted", "closed"):
            breaches.contact_head(breach, cast["head"], request, by)
        if name == "closed":
            breaches.close(breach, by)
    breaches.call_off(called_off := breaches.decide(case, Ground.TRAINEE_SAFETY, "", "No more.", by), by)
    named["called_off_breach"] = called_off.public_id
    for name in ("emergency", "told_emergency"):
        what = emergencies.Disclosed(
            Ground.TRAINEE_SAFETY, "", f"{name} {request}", request, long_name, request, clock.now(), clock.today()
        )
        emergency = emergencies.record_it(case, what, by)
        named[name] = emergency.public_id
    emergencies.judge(emergency, False, request, cast["adviser"])
    emergencies.tell(Emergency.get_by_id(emergency.id), Told.IN_PERSON, by)


def consent(
    name: str, case: Referral, cast: dict[str, User], named: dict[str, str], long_name: str, request: str
) -> None:
    until = clock.today() + timedelta(days=30)
    wanted = consents.Wanted(
        long_name, f"Body of {name}", f"{name}@elsewhere.example", request, "To arrange it.", until
    )
    made = consents.propose(case, wanted, cast["counsellor"])
    named[name] = made.public_id
    if name != "unsigned_consent":
        consents.sign(made, long_name, cast["trainee"])
    if name in ("sent_consent", "withdrawn_consent"):
        consents.send(made, cast["counsellor"])
        notice = Notice.select().where(Notice.kind == "disclosed").order_by(Notice.id.desc()).first()
        named[f"{name}_link"] = notice.text.split("/disclosed/")[1].split()[0]
    if name == "withdrawn_consent":
        consents.withdraw(made, cast["trainee"])
