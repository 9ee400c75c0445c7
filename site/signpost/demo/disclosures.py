"""What is told in the demonstration: with consent, by a question to the employer, and twice without consent."""

from collections.abc import Callable
from datetime import timedelta

from models import Consent, Ground, Referral, Told, User
from signpost import clock
from signpost.accounts import queries as people
from signpost.confidentiality import breaches, consents, emergencies, information
from signpost.demo.after import as_trainee

Cast = dict[str, User]
Act = Callable[[Cast, Referral], object]


def asks_consent(name: str, body: str, email: str, information: str, why: str) -> Act:
    wanted = consents.Wanted(name, body, email, information, why)
    return lambda cast, referral: consents.propose(referral, wanted, referral.assigned_to)


def signs(cast: Cast, referral: Referral) -> None:
    consents.sign(_last_consent(referral), referral.trainee_name, as_trainee(referral))


def gives(cast: Cast, referral: Referral) -> None:
    consents.send(_last_consent(referral), referral.assigned_to)


def asks_employer(question: str) -> Act:
    def act(cast: Cast, referral: Referral) -> None:
        lead = information.leads_of(referral)[0]
        information.ask(referral, lead, question, referral.assigned_to)

    return act


def employer_answers(words: str) -> Act:
    def act(cast: Cast, referral: Referral) -> None:
        asked = information.open_of(referral)
        if asked is not None:
            information.answer(asked, words, asked.version, asked.asked_of)

    return act


def breaks_confidentiality(reason: str, said: str, concern: str) -> Act:
    """Every step of it, within one day: decided, the trainee told by telephone, the head of school contacted, closed."""

    def act(cast: Cast, referral: Referral) -> None:
        by, head = referral.assigned_to, people.heads_of(referral.school)[0]
        began = clock.now()
        breach = breaches.decide(referral, Ground.PATIENT_SAFETY, "", reason, by)
        with clock.at(began + timedelta(minutes=40)):
            breaches.tell(breach, Told.TELEPHONE, said, by)
        with clock.at(began + timedelta(minutes=55)):
            breaches.contact_head(breach, head, concern, by)
        with clock.at(began + timedelta(hours=3)):
            breaches.close(breach, by)

    return act


def records_emergency(grounds: str, disclosed: str, to: str, why: str) -> Act:
    """It waits for a second person, and the trainee is not told yet."""

    def act(cast: Cast, referral: Referral) -> None:
        what = emergencies.Disclosed(
            Ground.TRAINEE_SAFETY, "", grounds, disclosed, to, why,
            disclosed_at=clock.now() - timedelta(minutes=50), look_again_on=clock.today() + timedelta(days=3),
        )  # fmt: skip
        emergencies.record_it(referral, what, referral.assigned_to)

    return act


def _last_consent(referral: Referral) -> Consent:
    return referral.consents.order_by(Consent.id.desc()).get()
