"""A life of somebody's records, from the referral to its end, with their own word in everything that anybody wrote."""

from datetime import date, datetime, timedelta

import pytest

from models import (
    Attendee,
    Conflict,
    Ending,
    FeedbackAsk,
    FileKind,
    Ground,
    InformationRequest,
    LinkPurpose,
    Passage,
    PersonalLink,
    Referral,
    ReleaseChoice,
    Role,
    RoleHeld,
    Table,
    Told,
)
from signpost import clock
from signpost.accounts import links
from signpost.careers import actions as careers
from signpost.careers import writing
from signpost.complaints import actions as complaints
from signpost.confidentiality import breaches, consents, emergencies
from signpost.feedback import actions as feedback
from signpost.fields import SealedTextField
from signpost.files import actions as files
from signpost.meetings import booking
from signpost.notices import delivery
from signpost.plans import actions as plans
from signpost.referrals import actions as referrals
from signpost.referrals import record_access
from signpost.retention import disposal, schedule
from signpost.retention.kinds import KINDS
from tests.factories import a_case, a_meeting, a_session, a_user
from tests.figures import pytest_terminal_summary
from tests.files import made

LIVED = datetime(2026, 5, 14, 10, tzinfo=clock.LONDON)
CLOSED = datetime(2026, 6, 30, 10, tzinfo=clock.LONDON)
LONG_AFTER = datetime(2034, 9, 1, 3, tzinfo=clock.LONDON)
YEAR = 12

__all__ = ["pytest_terminal_summary"]


@pytest.fixture
def governance(app):
    return a_user(Role.GOVERNANCE, name="Gwen Governance")


@pytest.fixture
def lead(app):
    return a_user(Role.COMPLAINTS, name="Carol Complaints")


@pytest.fixture
def lived(app, adviser, counsellor, referrer, head):
    """`lived("quokka")`: a case of long ago in which everybody wrote this word; closed, and its messages sent."""

    def live(word: str, closed: datetime | None = CLOSED) -> Referral:
        with clock.at(LIVED):
            case = _live(word, adviser, counsellor, referrer, head)
        if closed is not None:
            with clock.at(closed):
                case = Referral.get_by_id(case.id)
                referrals.close(case, Ending.WITHDREW_PART_WAY, adviser, case.version)
        with clock.at((closed or LIVED) + timedelta(days=2)):
            delivery.send_due()
        return Referral.get_by_id(case.id)

    with app.app_context():
        yield live


def _live(word, adviser, counsellor, referrer, head) -> Referral:
    school = RoleHeld.get(RoleHeld.user == head).school
    email = f"{word}@elsewhere.example"
    case = a_case(
        counsellor, adviser, by=referrer, trainee_name=f"{word} Trainee", trainee_email=f"first.{email}",
        request=f"request {word}", school=school, wider_concerns=True,
    )  # fmt: skip
    referrals.correct_trainee_address(case, email, adviser, case.version)
    case = Referral.get_by_id(case.id)
    link = links.find_open(links.make(LinkPurpose.REFERRED_TRAINEE, case.trainee_name, email, referral=case))
    assert isinstance(link, PersonalLink)
    Conflict.create(counsellor=a_user(Role.COUNSELLOR), trainee_email=email, declared_at=clock.now())
    referrals.accept(case, link)
    careers.fill_in(case, {"now": f"form {word}"}, 0, link)
    moved = a_meeting(case, clock.now() + timedelta(days=3))
    Attendee.create(meeting=moved, name=case.trainee_name, email=email)
    booking.cancel(moved, counsellor, f"reason {word}")
    session = a_session(case, counsellor)
    for passage in Passage:
        writing.write(session, passage, f"{passage} {word}", 0, counsellor)
    writing.focus_on(session, writing.raise_issue(session, f"issue {word}", counsellor), f"why {word}", counsellor)
    option = writing.add_option(session, f"option {word}", counsellor)
    writing.weigh(option, f"option {word}", f"pro {word}", f"con {word}", 1, counsellor)
    task = plans.add(
        plans.of_case(case), f"task {word}", clock.today() + timedelta(days=9), counsellor, session=session
    )
    plans.comment(task, f"remark {word}", link)
    careers.explain(session, counsellor)
    careers.finish(session, counsellor)
    for ask in FeedbackAsk.select().where(FeedbackAsk.referral == case):
        feedback.give(ask, {"further_on": "yes", "words": f"feedback {word}"}, with_name=True)
    for by in (counsellor, link):
        files.add(case, FileKind.TEST_RESULTS, f"{word}.pdf", made.pdf(f"file {word}"), by)
    wanted = consents.Wanted(f"Mary {word}", "", f"mary-{email}", f"information {word}", f"because {word}")
    consent = consents.propose(case, wanted, counsellor)
    consents.sign(consent, f"{word} Trainee", link)
    asked = InformationRequest(referral=case, asked_by=counsellor, asked_of=referrer, asked_at=clock.now())
    asked.question, asked.answer = f"question {word}", f"answer {word}"
    asked.save()
    breach = breaches.decide(case, Ground.PATIENT_SAFETY, "", f"breach {word}", counsellor)
    breaches.tell(breach, Told.IN_PERSON, f"told {word}", counsellor)
    breaches.contact_head(breach, head, f"concern {word}", counsellor)
    emergencies.record_it(
        case,
        emergencies.Disclosed(
            Ground.TRAINEE_SAFETY, "", f"grounds {word}", f"disclosed {word}", f"to {word}", f"urgent {word}",
            clock.now(), clock.today() + timedelta(days=3),
        ),
        counsellor,
    )  # fmt: skip
    record_access.state_reason(case, f"cover {word}", adviser)
    referrals.release(Referral.get_by_id(case.id), ReleaseChoice.WORDS, f"released {word}", head)
    return Referral.get_by_id(case.id)


@pytest.fixture
def scheduled(governance):
    """Every kind is kept for a year, since long ago."""
    with clock.at(LIVED):
        schedule.change({kind.key: YEAR for kind in KINDS}, schedule.version(), governance)


def kept_words(word: str, tables: list[type[Table]]) -> list[str]:
    """Every column of every row in which this word stands, sealed ones opened."""
    return [
        f"{table._meta.table_name}.{name}"
        for table in tables
        for row in table.select()
        for name, field in table._meta.fields.items()
        if word in _said(row, name, field)
    ]


def _said(row: Table, name: str, field: object) -> str:
    value = getattr(row, name) if isinstance(field, SealedTextField) else row.__data__.get(name)
    return (value.decode("latin-1") if isinstance(value, bytes) else str(value)).lower()


def pass_at(moment: datetime) -> int:
    """What `run-due` does about records at this moment. Gives how many it destroyed."""
    with clock.at(moment):
        return disposal.dispose(moment)


def a_complaint(word: str, by, closed: datetime | None, lead):
    with clock.at(LIVED):
        made_one = complaints.complain(f"complaint {word}", f"about {word}", [], by)
    if closed is not None:
        with clock.at(closed):
            for version, step in enumerate(complaints.NEXT.values(), start=1):
                complaints.move_on(type(made_one).get_by_id(made_one.id), step, lead, version, f"answer {word}")
    return type(made_one).get_by_id(made_one.id)


def day(text: str) -> date:
    return date.fromisoformat(text)
