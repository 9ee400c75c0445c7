"""A case with two agreed sessions, and everybody who may hear of its end."""

from collections.abc import Callable

import pytest
from flask import Flask

from models import Employer, Notice, NoticeRecipient, PersonalLink, Referral, ReleaseChoice, School, User
from signpost import clock
from signpost.notices import delivery
from signpost.referrals import actions
from tests import factories
from tests.smtp_server import Mailbox

TRAINEE = "sam@trainees.example"
CONTACT = "education@trust.example"
FRIDAY = clock.parse("2027-05-14T10:00")


@pytest.fixture
def school(head: User) -> School:
    return School.get(School.name == "School of Medicine")


@pytest.fixture
def employer(app: Flask) -> Employer:
    return factories.an_employer("Weald Trust", contact_name="Erin Employer", contact_email=CONTACT)


@pytest.fixture
def case(
    app: Flask, adviser: User, counsellor: User, referrer: User, school: School, employer: Employer, tsg: User
) -> Referral:
    """Assigned, without wider concerns, so that neither head nor TSG knows of it."""
    clock.set_to(FRIDAY)
    return factories.a_case(
        counsellor,
        adviser,
        by=referrer,
        trainee_name="Sam Sample",
        trainee_email=TRAINEE,
        school=school,
        employer=employer,
    )


@pytest.fixture
def informed(
    app: Flask,
    adviser: User,
    counsellor: User,
    referrer: User,
    head: User,
    school: School,
    employer: Employer,
    tsg: User,
) -> Referral:
    """With wider concerns, and the head released to the TSG that the team is involved."""
    clock.set_to(FRIDAY)
    referral = factories.a_case(
        counsellor, adviser, by=referrer, trainee_name="Sam Sample", trainee_email=TRAINEE, school=school,
        employer=employer, wider_concerns=True,
    )  # fmt: skip
    actions.release(referral, ReleaseChoice.FACT, "", by=head)
    return Referral.get_by_id(referral.id)


@pytest.fixture
def complete(case: Referral) -> Referral:
    return factories.sessions_held(case, 2)


@pytest.fixture
def arrived(app: Flask, mailbox: Mailbox) -> Callable[[str], list[str]]:
    """Let the worker send, and give the addresses to which messages of this kind arrived."""

    def find(kind: str) -> list[str]:
        with app.app_context():
            delivery.send_due()
        ids = {str(one.public_id) for one in Notice.select().where(Notice.kind == kind)}
        of_kind = [one for one in mailbox.received if one.message["X-Signpost-Notice"] in ids]
        return sorted(address for one in of_kind for address in one.recipients)

    return find


def link_of(referral: Referral) -> PersonalLink:
    return PersonalLink.select().where(PersonalLink.referral == referral).order_by(PersonalLink.id.desc()).get()


def fresh(referral: Referral) -> Referral:
    return Referral.get_by_id(referral.id)


def queued(kind: str) -> list[str]:
    """To whom letters of this kind were queued."""
    rows = NoticeRecipient.select(NoticeRecipient, Notice).join(Notice).where(Notice.kind == kind)
    return sorted(row.address for row in rows)
