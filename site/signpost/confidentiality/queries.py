"""What each person may see of consents, questions, breaches and emergencies. Every read starts here."""

from peewee import ModelSelect, fn

from models import Breach, Consent, Emergency, Event, InformationRequest, Referral, Role, User
from signpost import clock
from signpost.accounts import queries as people
from signpost.referrals import queries as referrals
from signpost.referrals import record_access


def consents_for(user: User) -> ModelSelect:
    """Consents of the cases this person holds."""
    return Consent.select(Consent, Referral).join(Referral).where(Consent.referral.in_(record_access.held_by(user)))


def consents_of(user: User) -> ModelSelect:
    """Consents that are this person's own to sign and withdraw."""
    return Consent.select(Consent, Referral).join(Referral).where(Consent.referral.in_(referrals.about_ids(user)))


def to_sign(user: User) -> list[Consent]:
    """Consents that wait for this person's signature, and could still be signed."""
    waits = Consent.signed_at.is_null() & Consent.refused_at.is_null()
    last_day_is_not_over = Consent.until.is_null() | (Consent.until >= clock.today())
    return list(consents_of(user).where(waits & last_day_is_not_over).order_by(Consent.id))


def consents_in(referral: Referral) -> list[Consent]:
    return list(Consent.select().where(Consent.referral == referral).order_by(Consent.id.desc()))


def information_for(user: User) -> ModelSelect:
    """Questions of the cases this person holds or advises on, and those asked of them."""
    asked_of = InformationRequest.asked_of == user
    held = InformationRequest.referral.in_(record_access.held_by(user)) | (InformationRequest.asked_by == user)
    roles = people.roles_of(user)
    may = held if roles & {Role.COUNSELLOR, Role.SENIOR_ADVISER} else InformationRequest.id.is_null()
    if Role.REFERRER in roles:
        may |= asked_of
    theirs = InformationRequest.referral.in_(referrals.about_ids(user))
    return InformationRequest.select(InformationRequest, Referral).join(Referral).where(may & ~theirs)


def information_in(referral: Referral) -> list[InformationRequest]:
    query = InformationRequest.select().where(InformationRequest.referral == referral)
    return list(query.order_by(InformationRequest.id.desc()))


def waiting_for(user: User) -> list[InformationRequest]:
    """Questions that wait for this person's answer."""
    waiting = (InformationRequest.asked_of == user) & InformationRequest.answered_at.is_null()
    return list(information_for(user).where(waiting).order_by(InformationRequest.id))


def breaches_for(user: User) -> ModelSelect:
    return Breach.select(Breach, Referral).join(Referral).where(Breach.referral.in_(record_access.held_by(user)))


def breaches_in(referral: Referral) -> list[Breach]:
    return list(Breach.select().where(Breach.referral == referral).order_by(Breach.id.desc()))


def concerns_for(user: User) -> ModelSelect:
    """Concerns that this head of school was told, while they head that school; never those about themselves."""
    theirs = Breach.referral.in_(referrals.about_ids(user))
    told = (Breach.head == user) & Breach.contacted_at.is_null(False)
    told &= Referral.school.in_(people.schools_headed_by(user))
    return Breach.select(Breach, Referral).join(Referral).where(told & ~theirs)


def unread_concerns(user: User) -> list[Breach]:
    """Concerns that this head of school was told of, and has not read."""
    has_read = Event.select().where(
        (Event.referral == Breach.referral)
        & (Event.by_user == user)
        & (Event.name == "record.read")
        & (Event.happened_at >= Breach.contacted_at)
    )
    return list(concerns_for(user).where(~fn.EXISTS(has_read)).order_by(Breach.id))


def emergencies_for(user: User) -> ModelSelect:
    """Of the cases this person holds; and, for an adviser, those that wait for a second person, or whose second they are."""
    may = Emergency.referral.in_(record_access.held_by(user))
    if Role.SENIOR_ADVISER in people.roles_of(user):
        may |= Emergency.second.is_null() | (Emergency.second == user)
    theirs = Emergency.referral.in_(referrals.about_ids(user))
    return Emergency.select(Emergency, Referral).join(Referral).where(may & ~theirs)


def emergencies_in(referral: Referral) -> list[Emergency]:
    return list(Emergency.select().where(Emergency.referral == referral).order_by(Emergency.id.desc()))


def to_judge(user: User) -> list[Emergency]:
    """Emergencies that wait for a second person, who could be this one."""
    waiting = Emergency.second.is_null() & (Emergency.recorded_by != user)
    return list(emergencies_for(user).where(waiting).order_by(Emergency.id))
