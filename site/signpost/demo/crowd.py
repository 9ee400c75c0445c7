"""Many more invented referrals, for trying out size."""

import json
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from random import Random

from models import Assignment, Employer, Ending, Event, Referral, ReferrerKind, Role, School, Stage, Status, User
from signpost import clock, working_days
from signpost.accounts import queries as accounts
from signpost.demo.people import Holds, Person, enter
from signpost.fields import PUBLIC_ID_LENGTH, SAYABLE, new_public_id
from signpost.referrals import search

GIVEN = (
    "Adaeze Aisha Alasdair Amara André Anita Anwar Aoife Beatrix Bilal Bronwen Caoimhe Chidi Chloé Cian Daisy Deepa Dilys "
    "Efua Elif Emeka Esther Fergus Fiona Gita Gwen Hamza Hiroshi Ifeoma Imani Ines Ivan Jaya Jiří Joanna Kalpana Kofi "
    "Leila Lorcan Maeve Magda Mairead Meera Milan Nadia Nia Noor Ömer Orla Padma Petra Rafał Renée Rhiannon Sanjay Seán "
    "Shreya Sofía Tamsin Tendai Uma Vikram Wanjiru Xin Yaw Yusra Zainab Zofia"
)
FAMILY = (
    "Abara Adeleke Ahmed Ali Almeida Amponsah Bajwa Banerjee Barrett-Jones Begum Bianchi Bondarenko Chowdhury Clarke Čapek "
    "Dąbrowska Das Davies D’Souza Evans Farouk Fernández Fitzgerald Georgiou Gill Gonçalves Grant Griffiths Gupta "
    "Hall-Osei Hassan Hughes Ibrahim Iyer Jackson Jeyaratnam Johansson Kamara Kaur Kelly Khan Kovács Lewis Li Mbeki McKenna "
    "Müller Murphy Mwangi N’Diaye Nair Nguyen O’Brien O’Connor Okafor Owusu Patel Popescu Qureshi Rao Robinson Rossi Sato "
    "Şahin Shah Sharma Singh Smith-Agyei Taylor Thapa Tran Usman Walker Williams Wójcik Wright Yang Zając Zhang"
)
REQUESTS = (
    "Would like to talk about choosing a specialty.",
    "Asks for help in preparing for selection interviews.",
    "Would value a conversation about training less than full time.",
    "Is considering a move to another region and would like to weigh it up.",
    "Would like support in planning the years after training.",
    "Asks for an outside view on a change of programme.",
    "Would like to explore research and teaching beside clinical work.",
    "Would like to look at options before the next application round.",
)
YEARS = 3
BATCH = 500

# Of the oldest, of the rest, and of the newest: up to which share of all, and how many stand at each stage.
STAGES = (Stage.WAITING, Stage.ASSIGNED, Stage.IN_PROGRESS, Stage.CLOSED)
SHARES = ((0.75, (0, 0, 3, 97)), (0.92, (0, 40, 45, 15)), (1.0, (62, 36, 1, 1)))
STATUS_AT = {
    Stage.WAITING: Status.SUBMITTED,
    Stage.ASSIGNED: Status.ASSIGNED,
    Stage.IN_PROGRESS: Status.IN_PROGRESS,
    Stage.CLOSED: Status.CLOSED,
}
ENDINGS = (Ending.COMPLETE,) * 8 + (Ending.DECLINED, Ending.UNABLE_TO_CONTACT)


def public_id(random: Random) -> str:
    return "".join(random.choices(SAYABLE, k=PUBLIC_ID_LENGTH))


def each_once(make: Callable[[], str]) -> Iterator[str]:
    given = set()
    while True:
        if (one := make()) not in given:
            given.add(one)
            yield one


class Crowd:
    """Invented referrals by the thousand, as rows: no letter and no audit entry is written for them.

    They arrive in the order of their moments, between the others, so that row numbers stay the order of arrival.
    Of 100: about 5 wait, 10 are assigned, 10 in progress and 75 closed.
    """

    def __init__(self, random: Random, size: int) -> None:
        self.random, self.size = random, size
        self.began_at = clock.now()
        self.given, self.family = GIVEN.split(), FAMILY.split()
        supervisor = Holds(Role.REFERRER, kind=ReferrerKind.EDUCATIONAL_SUPERVISOR)
        self.referrers = self._staff("supervisor", min(60, 1 + size // 50), supervisor)
        self.counsellors = self._staff("counsellor", min(24, 1 + size // 200), Holds(Role.COUNSELLOR))
        self.adviser = accounts.holding(Role.SENIOR_ADVISER)[0]
        self.schools = [school for school in School.select() if accounts.heads_of(school)]
        self.employers = list(Employer.select())
        self.days = self._days()
        self.public_ids = each_once(lambda: public_id(random))
        # Of half a million random ones two are the same, as likely as not.
        self.event_ids = each_once(new_public_id)
        self.coming = self._referrals()
        self.next: Referral | None = next(self.coming, None)

    def arrive_by(self, moment: datetime) -> None:
        """Put in those that were sent by this moment."""
        while rows := list(islice(self._by(moment), BATCH)):
            _insert(rows, self.adviser, self.event_ids)

    def _by(self, moment: datetime) -> Iterator[Referral]:
        while self.next is not None and self.next.referred_at <= moment:
            arriving, self.next = self.next, next(self.coming, None)
            yield arriving

    def _staff(self, what: str, count: int, holds: Holds) -> list[User]:
        return [
            enter(Person(f"{what}{number}@staff.example", self._name(), "", (holds,))) for number in range(1, count + 1)
        ]

    def _name(self) -> str:
        return f"{self.random.choice(self.given)} {self.random.choice(self.family)}"

    def _days(self) -> list[date]:
        """The working days of the past years, but for yesterday and today, the earliest first."""
        today = clock.today()
        past = (today - timedelta(days=back) for back in range(365 * YEARS, 1, -1))
        return [day for day in past if working_days.is_working_day(day)]

    def _referrals(self) -> Iterator[Referral]:
        """The earliest first."""
        for number in range(self.size):
            yield self._referral(number, (number + self.random.random()) / self.size)

    def _referral(self, number: int, share: float) -> Referral:
        """One of them; `share` is how far it stands between the first (0) and the last (1)."""
        random = self.random
        whole, part = divmod(share * len(self.days), 1)
        sent_at = datetime.combine(self.days[int(whole)], time(8), clock.LONDON) + timedelta(minutes=int(part * 600))
        weights = next(weights for up_to, weights in SHARES if share <= up_to)
        stage = random.choices(STAGES, weights)[0]
        name = self._name()
        referral = Referral(
            public_id=next(self.public_ids),
            trainee_name=name,
            trainee_email=f"{'.'.join(search.words_of(name))}{number}@trainees.example",
            school=random.choice(self.schools),
            employer=random.choice(self.employers),
            request=random.choice(REQUESTS),
            wider_concerns=random.random() < 0.12,
            referred_by=random.choice(self.referrers),
            referrer_kind=ReferrerKind.EDUCATIONAL_SUPERVISOR,
            referred_at=sent_at,
            status=STATUS_AT[stage],
            stage=stage,
        )
        if stage != Stage.WAITING:
            referral.assigned_to, referral.assigned_by = random.choice(self.counsellors), self.adviser
            referral.assigned_at = sent_at + timedelta(hours=random.randint(1, 24))
            referral.accepted_at = referral.assigned_at if random.random() < 0.8 else None
        if stage == Stage.CLOSED:
            referral.closed_at = min(sent_at + timedelta(days=random.randint(20, 90)), self.began_at)
            referral.ending = random.choice(ENDINGS)
        for column, value in search.columns(referral).items():
            setattr(referral, column, value)
        return referral


def _insert(rows: list[Referral], adviser: User, event_ids: Iterator[str]) -> None:
    """The rows, and the events by which their histories read: who sent them, and to whom open ones were assigned."""
    columns = [column for column in Referral._meta.sorted_fields if column is not Referral.id]
    Referral.insert_many([[row.__data__.get(column.name) for column in columns] for row in rows], columns).execute()
    public_ids = [row.public_id for row in rows]
    ids = dict(Referral.select(Referral.public_id, Referral.id).where(Referral.public_id.in_(public_ids)).tuples())
    Event.insert_many(
        {
            "public_id": next(event_ids),
            "name": "referral.sent",
            "referral": ids[row.public_id],
            "by_user": row.referred_by_id,
            "happened_at": row.referred_at,
        }
        for row in rows
    ).execute()
    given = [row for row in rows if row.assigned_to_id and not row.is_closed]
    if given:
        _insert_assignments({ids[row.public_id]: row for row in given}, adviser, event_ids)


def _insert_assignments(given: dict[int, Referral], adviser: User, event_ids: Iterator[str]) -> None:
    name = "referral.assigned"
    Event.insert_many(
        {
            "public_id": next(event_ids),
            "name": name,
            "referral": referral_id,
            "by_user": adviser,
            "happened_at": row.assigned_at,
            "facts_json": json.dumps({"counsellor": row.assigned_to.public_id}),
        }
        for referral_id, row in given.items()
    ).execute()
    told = Event.select(Event.referral, Event.id).where((Event.name == name) & Event.referral.in_(list(given)))
    Assignment.insert_many(
        {
            "referral": referral_id,
            "event": event_id,
            "counsellor": given[referral_id].assigned_to_id,
            "assigned_by": adviser,
            "assigned_at": given[referral_id].assigned_at,
        }
        for referral_id, event_id in told.tuples()
    ).execute()
