"""What is told of the case in mid-life: with consent, by a question to the employer, without consent (C4, A5, A20, C6)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from models import Breach, Consent, Emergency, Ground, InformationRequest, Notice, Told
from signpost import clock
from signpost.confidentiality import breaches, consents, emergencies, information
from tests.matrix import table

if TYPE_CHECKING:
    from tests.matrix.world import Builder

CASE = "mid-life"


class Discloser:
    """Takes every step by the actions of the site, each on its day, and notes what stands in addresses."""

    def __init__(self, builder: Builder) -> None:
        self.builder, self.words, self.people = builder, builder.words, builder.world.people
        self.ids = builder.world.ids

    def disclose(self) -> None:
        for kind in table.DISCLOSED:
            self.ids[kind] = {}
        self.consents()
        self.questions()
        self.breaches()
        self.emergencies()
        self.builder.deliver(0)
        self.ids["disclosed_link"] = {
            "link of a consent": self.disclosed("sent consent"),
            "link of a withdrawn consent": self.disclosed("withdrawn consent"),
        }

    def word(self, record: str, what: str) -> str:
        return f"About {self.words.new((record, what))}."

    def note(self, kind: str, name: str, row: Consent | InformationRequest | Breach | Emergency) -> None:
        self.ids[kind][name] = row.public_id
        self.words.plant(row.public_id, (name, kind))

    def stand_in(self, person: str, record: str, place: str) -> None:
        """The name and address of this person are read by whoever reads this of the record."""
        for what in ("own name", "own address", "own phone"):
            for word in self.words.at([(person, what)]):
                self.words.stands_also_in(word, (record, place))

    def consents(self) -> None:
        """Unsigned; signed; signed and sent; sent and withdrawn."""
        counsellor, trainee = self.people["counsellor"], self.people["trainee"]
        for name in table.CONSENTS:
            with clock.at(clock.now() - timedelta(days=4)):
                wanted = consents.Wanted(
                    recipient_name=self.words.new((name, "who is told")).capitalize(),
                    recipient_body=self.words.new((name, "who is told")),
                    recipient_email=self.builder.address(name, "who is told"),
                    information=self.word(name, "information"),
                    why=self.word(name, "why"),
                )
                consent = consents.propose(self.builder.fresh(CASE), wanted, counsellor)
                self.note("consent", name, consent)
                if name != "unsigned consent":
                    consents.sign(consent, self.words.new((name, "signature")), trainee)
                if name in ("sent consent", "withdrawn consent"):
                    consents.send(consent, counsellor)
            self.builder.deliver(4)
        with clock.at(clock.now() - timedelta(days=3)):
            consents.withdraw(Consent.get(Consent.public_id == self.ids["consent"]["withdrawn consent"]), trainee)
        self.builder.deliver(3)

    def questions(self) -> None:
        """One that the adviser asked, and that was answered; one of the counsellor that waits."""
        lead, case = self.people["career lead"], self.builder.fresh(CASE)
        for name, by in (("answered question", "adviser"), ("open question", "counsellor")):
            asked = information.ask(case, lead, self.word(name, "question"), self.people[by])
            self.note("question", name, asked)
            self.stand_in("career lead", name, "who is asked")
            self.stand_in("counsellor", name, "who asks")
            for word in self.words.at([(CASE, "trainee's name")]):
                self.words.stands_also_in(word, (name, "whom it is about"))
            if name == "answered question":
                information.answer(asked, self.word(name, "answer"), 1, lead)

    def breaches(self) -> None:
        """Decided; the trainee told by a message that arrived; told, and the head of school contacted."""
        case, counsellor = self.builder.fresh(CASE), self.people["counsellor"]
        for name in table.BREACHES:
            breach = breaches.decide(case, Ground.PATIENT_SAFETY, "", self.word(name, "reason"), counsellor)
            self.note("breach", name, breach)
            if name != "decided breach":
                how = Told.MESSAGE if name == "told breach" else Told.IN_PERSON
                breaches.tell(breach, how, self.word(name, "words"), counsellor)
            if name == "contacted breach":
                self.stand_in("counsellor", name, "who raised it")
                breaches.contact_head(breach, self.people["head"], self.word(name, "concern"), counsellor)

    def emergencies(self) -> None:
        """One that waits for a second person; one that was disputed, and of which the trainee was told."""
        case, counsellor = self.builder.fresh(CASE), self.people["counsellor"]
        for name in table.EMERGENCIES:
            what = emergencies.Disclosed(
                ground=Ground.TRAINEE_SAFETY, law="", grounds=self.word(name, "grounds"),
                disclosed=self.word(name, "disclosed"), disclosed_to=self.word(name, "disclosed to"),
                why_not_wait=self.word(name, "why not wait"), disclosed_at=clock.now() - timedelta(hours=1),
                look_again_on=date(2026, 11, 25),
            )  # fmt: skip
            emergency = emergencies.record_it(case, what, counsellor)
            self.note("emergency", name, emergency)
            if name == "told emergency":
                emergencies.judge(emergency, False, self.word(name, "second words"), self.people["adviser"])
                emergencies.tell(emergency, Told.MESSAGE, counsellor)

    def disclosed(self, consent: str) -> str:
        """The token that was written to the person named in this consent."""
        address = Consent.get(Consent.public_id == self.ids["consent"][consent]).recipient_email
        notices = [one for one in Notice.select().where(Notice.kind == "disclosed") if to(one) == address]
        (token,) = [line.rpartition("/")[2] for one in notices for line in one.text.split() if "/disclosed/" in line]
        self.words.plant(token, (consent, "disclosed token"))
        return token


def to(notice: Notice) -> str:
    (recipient,) = notice.recipients
    return str(recipient.address)
