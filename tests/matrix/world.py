"""One world with everybody and every record of the tables in it, and a sentinel in every confidential field."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from flask import Flask

from models import (
    Absence,
    AccountLinkPurpose,
    CareersSession,
    Complaint,
    ComplaintState,
    Conflict,
    Disposal,
    DisposalReader,
    Employer,
    Event,
    FileKind,
    GuidanceComment,
    Hours,
    Meeting,
    Mode,
    Notice,
    NoticeState,
    Passage,
    PersonalLink,
    Poll,
    PollPerson,
    RecordAccess,
    Referral,
    ReferrerKind,
    ReleaseChoice,
    Role,
    RoleAsked,
    RoleHeld,
    SavedView,
    School,
    Service,
    StatementKind,
    SubjectAccess,
    SubjectItem,
    User,
    Venue,
    db,
)
from signpost import clock
from signpost.accounts import account_links, links, passwords, people, work
from signpost.accounts.actions import RoleWanted
from signpost.careers import actions as sessions
from signpost.careers import queries as careers
from signpost.careers import writing
from signpost.complaints import actions as complaints
from signpost.completion import falling_due as completion_due
from signpost.feedback import actions as feedback
from signpost.fields import new_public_id
from signpost.files import actions as files
from signpost.guidance import actions as guidance
from signpost.guidance import queries as guidance_pages
from signpost.meetings import booking, feeds, link_jobs, polls
from signpost.meetings import queries as meetings
from signpost.notices import delivery
from signpost.plans import actions as tasks
from signpost.referrals import actions, drafts, record_access
from signpost.reports import periods, publishing
from signpost.reports.figures import GROUPS, counts_of
from signpost.retention import actions as retention
from signpost.retention import schedule
from signpost.retention.kinds import KINDS
from signpost.statements import actions as statements
from signpost.statements import queries as statement_queries
from signpost.subject_access import actions as subject_access
from tests.browser_client import Browser
from tests.conftest import browser, sign_in
from tests.factories import PASSWORD, sessions_held
from tests.files.made import pdf
from tests.matrix import disclosed, mentored, prepared, returning, reviewed, table
from tests.matrix.sentinels import Sentinels
from tests.smtp_server import Mailbox, Received

NOW = clock.parse("2026-11-23T10:00")  # a Monday
AFTER_UNDO = timedelta(minutes=2)
AWAY_UNTIL = date(2031, 3, 17)
AWAY_WORDS = "17 March 2031"


@dataclass
class World:
    """Everybody and everything by the names of the tables."""

    app: Flask
    mailbox: Mailbox
    words: Sentinels = field(default_factory=Sentinels)
    people: dict[str, User] = field(default_factory=dict)
    holds: dict[str, tuple[str, ...]] = field(default_factory=lambda: dict(table.PEOPLE))
    records: dict[str, dict[str, dict[str, tuple[str, ...]]]] = field(default_factory=lambda: deepcopy(table.RECORDS))
    schools: dict[str, School] = field(default_factory=dict)
    referrals: dict[str, Referral] = field(default_factory=dict)
    meetings: dict[str, Meeting] = field(default_factory=dict)
    polls: dict[str, Poll] = field(default_factory=dict)
    parts: dict[str, dict[str, str]] = field(default_factory=dict)  # of a session: one issue, option and task of it
    ids: dict[str, dict[str, str]] = field(default_factory=dict)  # kind of record, its name: what stands in addresses
    letters: list[Received] = field(default_factory=list)
    venue: Venue | None = None
    mill: Venue | None = None
    employer: Employer | None = None
    other_employer: Employer | None = None

    @property
    def builder(self) -> "Builder":
        return Builder(self)

    # Whose browser

    def browser_of(self, name: str) -> Browser:
        """A browser in which this person is signed in, or nobody."""
        made = browser(self.app)
        if name in self.people:
            self.words.plant(sign_in(made, self.people[name]), (name, "own session"))
        return made

    # Who may read what

    def relations(self, person: str, kind: str, record: str) -> set[str]:
        """What a person is to a record. To a link everybody is one who holds it."""
        if kind in table.BEARER:
            _, states = table.BEARER[kind].get(record, ("", ""))
            return set(states.split())
        if person in table.CLOSED_ACCOUNTS:
            return set()
        return {relation for relation, people in self.records[kind].get(record, {}).items() if person in people}

    def roles(self, person: str) -> set[str]:
        if person in table.CLOSED_ACCOUNTS:
            return set()
        return {role.partition(":")[0] for role in self.holds.get(person, ())}

    def readable_by(self, person: str, kind: str = "", link: str = "") -> set[str]:
        """The sentinels that may stand before this person, who looks through this link or through none."""
        places = self._places(person)
        whose, states = table.BEARER.get(kind, {}).get(link, ("", ""))
        if "open" in states.split():
            if kind == "link":
                places += [(whose, what) for what, relations in table.READS.items() if "link" in relations.split()]
                booked = table.OTHERS_READ["meeting"].items()
                places += [
                    ("booked", what) for what, relations in booked if "booked" in states and "trainee" in relations
                ]
                places += [("ask", "ask")] if "asked" in states else []
                contract = table.OTHERS_READ["contract"] if "contracted" in states else ()
                places += [("contract", what) for what in contract]
                tasks = table.OTHERS_READ["task"] if "tasked" in states else ()
                places += [("task", what) for what in tasks]
                documents = ("shared document", "trainee's document") if "filed" in states else ()
                places += [(one, what) for one in documents for what in table.OTHERS_READ["file"]]
                places += self._told_of_trainee() if "told" in states else []
                shared = table.OTHERS_READ["session"].items() if "met" in states else ()
                places += [("finished", what) for what, relations in shared if "trainee" in relations]
                places += [(whose, what) for what in ("discussion form", "task set")]
            elif kind == "disclosed_link":
                read = table.OTHERS_READ["consent"].items()
                places += [(whose, what) for what, relations in read if "recipient" in relations]
                places += [("mid-life", what) for what in ("trainee's name", "how to reach them", "counsellor's name")]
            elif kind == "review_link":
                read = table.OTHERS_READ["review"].items()
                places += [(whose, what) for what, relations in read if set(relations.split()) & set(states.split())]
                read = table.OTHERS_READ["support"].items() if "meets" in states else ()
                here = table.SUPPORT_OF.get(whose, "")
                places += [(here, what) for what, relations in read if set(relations.split()) & set(states.split())]
            elif kind == "pair_link":
                read = table.OTHERS_READ["pair"].items()
                places += [(whose, what) for what, relations in read if "mentee" in relations.split()]
            elif kind == "return_link":
                read = table.OTHERS_READ["return"].items()
                places += [(whose, what) for what, relations in read if "returner" in relations.split()]
            elif kind == "feed_link":
                places += self._places(whose)
            else:
                places += [(whose, what) for what in ("own name", "own address")]
        return self.words.at(places)

    def _told_of_trainee(self) -> list[tuple[str, str]]:
        """What the trainee reads of consents and disclosures, signed in or not."""
        return [
            (record, what)
            for kind, records in table.DISCLOSED.items()
            for record, held in records.items()
            for what, relations in table.OTHERS_READ[kind].items()
            if "trainee" in held and "trainee" in relations.split()
        ]

    def _places(self, person: str) -> list[tuple[str, str]]:
        """The fields of records, accounts and places that this person may read."""
        places = [
            (record, what)
            for kind, reads in (("referral", table.READS), *table.OTHERS_READ.items())
            for record in self.records[kind]
            for what, relations in reads.items()
            if set(relations.split()) & self.relations(person, kind, record)
        ]
        if person not in table.CLOSED_ACCOUNTS:
            places += [(person, what) for what in table.OWN]
        for role in self.roles(person):
            for whose, what in table.ROLE_READS.get(role, ()):
                if whose == table.EVERY_REFERRAL:
                    places += [(record, what) for record in self.records["referral"]]
                every = whose == table.EVERY_ACCOUNT
                places += [(other, what) for other in self.people if every or whose in self.roles(other)]
                places += [(whose, what)]
        return places


# --- Building it -----------------------------------------------------------------------------------------


class Builder:
    """Makes the records by the actions of the site, as they come about in service, each on its day."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.words = world.words

    def build(self) -> None:
        clock.set_to(NOW)
        self.world.venue = Venue.create(name="Guildhall Rooms")
        self.world.mill = Venue.create(name="Old Mill")
        self.other_mill = Venue.create(name="New Mill")
        for name in ("medicine", "surgery", "psychiatry", "radiology", "unused"):
            self.world.schools[name] = School.create(name=name.capitalize())
        self.world.employer = Employer.create(
            name="Weald Hospitals",
            contact_name=self.words.new(("Weald Hospitals", "employer's contact")),
            contact_email=self.address("Weald Hospitals", "employer's contact"),
        )
        self.world.other_employer = Employer.create(name="Weald Hospital Trust")
        for name, roles in table.PEOPLE.items():
            self.person(name, roles)
        self.give_for_a_while()
        for name in ("counsellor", "other counsellor"):
            Hours.create(
                counsellor=self.world.people[name], weekday=2, begins="10:00", ends="12:00", mode=Mode.FACE_TO_FACE,
                venue=self.world.mill,
            )  # fmt: skip
        for make in (
            self.mid_life,
            self.in_session,
            self.ended,
            self.unreleased,
            self.quiet,
            self.moved_on,
            self.others,
            self.left,
            self.complete,
        ):
            make()
        self.own_work()
        self.sessions()
        self.book("mid-life", "trainee", "booked", 6)
        self.book("others", "other trainee", "kept", 0, confirmed=False)
        self.task()
        self.contracts()
        self.complaints()
        self.comment()
        self.documents()
        self.feedback()
        self.others_who_read()
        disclosed.Discloser(self).disclose()
        mentored.Mentorer(self).mentor()
        reviewed.Reviewer(self).review()
        prepared.Preparer(self).prepare()
        returning.Returning(self).come()
        self.polls()
        self.draft()
        self.accounts()
        self.subject_access()
        self.retention()
        self.take_away()
        self.world.letters = list(self.world.mailbox.received)
        self.plant_tokens()
        self.note_ids()

    def address(self, whose: str, what: str) -> str:
        return f"{self.words.new((whose, what))}@elsewhere.example"

    # People

    def person(self, name: str, roles: tuple[str, ...]) -> User:
        if name not in table.PEOPLE or name in table.KNOWN_TO_ALL:
            known_as, local = name.title(), name.replace(" ", ".")
        else:
            known_as, local = self.words.new((name, "own name")).capitalize(), self.words.new((name, "own address"))
        user = User.create(
            name=known_as,
            email=f"{local}@signpost.example",
            phone=self.words.new((name, "own phone")),
            password_hash=self.words.new((name, "password hash")),
            created_at=clock.now(),
        )
        for role in roles:
            self.give(user, role)
        self.world.people[name] = user
        return user

    def give(self, user: User, role: str) -> None:
        what, _, over = role.partition(":")
        RoleHeld.create(
            user=user,
            role=Role(what),
            school=self.world.schools[over] if what == Role.HEAD_OF_SCHOOL else None,
            employer=self.world.employer if over == ReferrerKind.LFG_CAREER_LEAD else None,
            referrer_kind=ReferrerKind(over) if what == Role.REFERRER else None,
        )

    def give_for_a_while(self) -> None:
        """Roles that are taken away again before anybody looks."""
        for name, role in FOR_A_WHILE:
            self.give(self.world.people[name], role)

    def take_away(self) -> None:
        for name, role in FOR_A_WHILE:
            what, _, over = role.partition(":")
            held = (RoleHeld.user == self.world.people[name]) & (RoleHeld.role == what)
            if what == Role.HEAD_OF_SCHOOL:
                held &= RoleHeld.school == self.world.schools[over]
            RoleHeld.delete().where(held).execute()
        for name in table.CLOSED_ACCOUNTS:
            User.update(disabled_at=clock.now()).where(User.id == self.world.people[name].id).execute()

    # Referrals

    def refer(self, record: str, by: str, days_ago: int, trainee: str = "", **asked: Any) -> Referral:
        referrer = self.world.people[by]
        for word in self.words.at([(by, "own name"), (by, "own address")]):
            self.words.stands_also_in(word, (record, "referrer's name"))
        if trainee:
            address = self.world.people[trainee].email
            for what in ("name", "address") if trainee in table.PEOPLE else ():
                for word in self.words.at([(trainee, f"own {what}")]):
                    self.words.stands_also_in(word, (record, f"trainee's {what}"))
        else:
            address = self.address(record, "trainee's address")
        kind = RoleHeld.get((RoleHeld.user == referrer) & (RoleHeld.role == Role.REFERRER)).referrer_kind
        wanted = {
            "trainee_name": self.words.new((record, "trainee's name")).capitalize(),
            "trainee_email": address,
            "school": self.world.schools["medicine"],
            "employer": self.world.employer,
            "request": f"Would value help with {self.words.new((record, 'request'))}, please.",
            "wider_concerns": True,
        } | asked
        with ago(days_ago):
            made = actions.refer(actions.Request(**wanted), referrer, ReferrerKind(kind), new_public_id())
        self.world.referrals[record] = made
        self.words.plant(made.public_id, (record, "that it exists"))
        self.words.plant(made.reference, (record, "that it exists"))
        return made

    def assign(self, record: str, counsellor: str, days_ago: int, reason: str = "", undone: bool = False) -> None:
        person, adviser = self.world.people[counsellor], self.world.people["adviser"]
        with ago(days_ago):
            fresh = self.fresh(record)
            actions.assign(fresh, person, adviser, fresh.version, reason)
            if undone:
                actions.undo_assignment(self.fresh(record), adviser)
        for field_name, place in (
            ("own name", "undone counsellor" if undone else "counsellor's name"),
            ("own address", "undone counsellor" if undone else "how to reach them"),
            ("own phone", "undone counsellor" if undone else "their phone"),
        ):
            for word in self.words.at([(counsellor, field_name)]):
                self.words.stands_also_in(word, (record, place))

    def release(self, record: str, head: str, days_ago: int, choice: ReleaseChoice, words: str = "") -> None:
        with ago(days_ago):
            actions.release(self.fresh(record), choice, words, by=self.world.people[head])

    def deliver(self, days_ago: int, refused: tuple[str, ...] = ()) -> None:
        """Let the worker send what is due, with these addresses refused."""
        self.world.mailbox.refuse = dict.fromkeys(refused, "550 5.1.1 no such user")
        with ago(days_ago, AFTER_UNDO), self.world.app.app_context():
            delivery.send_due()
        self.world.mailbox.refuse = {}

    def fresh(self, record: str) -> Referral:
        return Referral.get_by_id(self.world.referrals[record].id)

    def mid_life(self) -> None:
        made = self.refer("mid-life", "supervisor", 12, "trainee")
        self.deliver(12, refused=(made.trainee_email,))
        with ago(11):
            actions.accept(self.fresh("mid-life"), by=self.world.people["trainee"])
        self.assign("mid-life", "earlier counsellor", 10)
        self.deliver(10)
        self.assign(
            "mid-life", "counsellor", 9, reason=f"A clash: {self.words.new(('mid-life', 'reason for change'))}."
        )
        self.deliver(9)
        self.release("mid-life", "head", 8, ReleaseChoice.WORDS, self.words.new(("mid-life", "words taken back")))
        self.deliver(8, refused=(self.world.people["tsg"].email,))
        self.release("mid-life", "head", 7, ReleaseChoice.WORDS, self.words.new(("mid-life", "released words")))
        self.deliver(7)

    def in_session(self) -> None:
        self.refer("in session", "tpd", 9, "trainee", wider_concerns=False)
        self.deliver(9)
        self.assign("in session", "counsellor", 8)
        self.deliver(8)

    def ended(self) -> None:
        self.refer("ended", "dme", 10, "trainee")
        self.deliver(10)
        self.assign("ended", "counsellor", 9)
        self.deliver(9)
        self.release("ended", "head", 8, ReleaseChoice.WORDS, self.words.new(("ended", "words taken back")))
        self.deliver(8)
        with ago(7):
            actions.decline(self.fresh("ended"), by=self.world.people["trainee"])
        self.release("ended", "head", 6, ReleaseChoice.NOTHING)
        self.deliver(6)

    def unreleased(self) -> None:
        self.refer("unreleased", "tpd", 20)
        self.deliver(20)

    def quiet(self) -> None:
        self.refer("quiet", "career lead", 1, wider_concerns=False)
        self.deliver(1)
        self.assign("quiet", "counsellor", 1, undone=True)
        self.assign("quiet", "former counsellor", 0)
        self.deliver(0)

    def moved_on(self) -> None:
        self.refer("moved on", "clinical tutor", 10, "returner", school=self.world.schools["psychiatry"])
        for what in ("own name", "own address"):
            for word in self.words.at([("returner", what)]):
                self.words.places[word] = {("moved on", "former address"), ("returner", what)}
        self.deliver(10)
        self.assign("moved on", "counsellor", 9)
        self.deliver(9)
        self.book("moved on", "returner", "of the case that moved on", 9)
        right = self.address("moved on", "trainee's address")
        with ago(8):
            fresh = self.fresh("moved on")
            actions.correct_trainee_address(fresh, right, self.world.people["adviser"], fresh.version)
        self.assign("moved on", "other counsellor", 7, reason=self.words.new(("moved on", "reason for change")))
        self.deliver(7)
        words = self.words.new(("moved on", "words taken back"))
        self.release("moved on", "former head", 6, ReleaseChoice.WORDS, words)
        self.deliver(6, refused=(self.world.people["tsg"].email,))
        self.release("moved on", "former head", 5, ReleaseChoice.NOTHING)
        RoleHeld.delete().where(
            (RoleHeld.user == self.world.people["former head"]) & (RoleHeld.school == self.world.schools["psychiatry"])
        ).execute()

    def others(self) -> None:
        self.refer("others", "mem", 6, "other trainee", school=self.world.schools["surgery"])
        self.deliver(6)
        self.assign("others", "other counsellor", 5)
        self.deliver(5)

    def left(self) -> None:
        self.refer("left", "former referrer", 4, school=None, wider_concerns=False)
        self.deliver(4)

    def complete(self) -> None:
        self.refer("complete", "dme", 29, "other trainee", wider_concerns=False)
        self.deliver(29)
        self.assign("complete", "other counsellor", 28)
        self.deliver(28)
        for days in (25, 20):
            with ago(days):
                sessions_held(self.fresh("complete"), 1)
            self.deliver(days)
        for days in (12, 5):  # reminded twice, so that the counsellor may tell for the trainee
            with ago(days):
                completion_due.remind(clock.now())
            self.deliver(days)

    # Somebody and something more

    def add(self, name: str, roles: tuple[str, ...]) -> User:
        """Another person, after the world was made. Their name is no secret: they may be anything to anybody."""
        self.world.holds[name] = roles
        return self.person(name, roles)

    def stands_to(self, name: str, record: str, relation: str) -> None:
        """Write into the tables of this world what a person is to a record."""
        held = self.world.records["referral"].setdefault(record, {})
        held[relation] = (*held.get(relation, ()), name)

    # What people keep for themselves

    def own_work(self) -> None:
        counsellor = self.world.people["counsellor"]
        work.be_away(self.world.people["earlier counsellor"], clock.today(), AWAY_UNTIL)
        self.words.plant(AWAY_WORDS, ("earlier counsellor", "own absence"))
        work.declare_conflict(counsellor, self.address("counsellor", "own conflict"))

    def draft(self) -> None:
        """One that is ready to be sent."""
        typed = {
            "trainee_name": self.words.new(("supervisor", "own draft")),
            "trainee_email": self.address("supervisor", "own draft"),
            "employer": self.world.employer.public_id if self.world.employer else "",
            "school": self.world.schools["medicine"].public_id,
            "request": self.words.new(("supervisor", "own draft")),
            "wider_concerns": "no",
        }
        drafts.save(self.world.people["supervisor"], typed)

    def book(self, record: str, by: str, meeting: str, days_ago: int, confirmed: bool = True) -> None:
        """The trainee chooses a free time of the counsellor's after today, and books it."""
        with ago(days_ago, AFTER_UNDO):
            referral = self.fresh(record)
            free = next(
                one
                for one in meetings.free_times_of(referral.assigned_to, [Mode.FACE_TO_FACE])
                if one.begins > NOW + timedelta(days=2)
            )
            wanted = booking.Wanted(free.begins, free.ends, Mode.FACE_TO_FACE, self.world.mill)
            held = booking.hold(referral, wanted, by=self.world.people[by])
            if confirmed:
                booking.confirm(Meeting.get_by_id(held.id), by=self.world.people[by])
        self.world.meetings[meeting] = held
        self.words.plant(held.public_id, (meeting, "meeting"))
        self.deliver(days_ago)

    # What careers staff keep of a case

    def sessions(self) -> None:
        """One that was held, one that runs now, and one that can be opened."""
        self.write_before("mid-life", "trainee", 8)
        self.write_before("others", "other trainee", 3)
        held = self.session("mid-life", "finished", clock.parse("2026-11-18T14:00"), 7)
        with clock.at(clock.parse("2026-11-18T14:40")):
            sessions.explain(held, self.world.people["counsellor"])
            sessions.finish(CareersSession.get_by_id(held.id), self.world.people["counsellor"])
        self.hold("in session", clock.parse("2026-11-18T16:00"), 7)
        self.session("in session", "unfinished", NOW - timedelta(minutes=20), 4)
        self.meet("moved on", "to open", NOW + timedelta(minutes=10), 5)
        self.deliver(0)

    def write_before(self, record: str, trainee: str, days_ago: int) -> None:
        with ago(days_ago):
            written = {
                name: self.words.new((record, "discussion form")) for name in ("now", "hopes", "tried", "practical")
            }
            sessions.fill_in(self.fresh(record), written, 0, self.world.people[trainee])

    def meet(self, record: str, meeting: str, begins: datetime, days_ago: int) -> Meeting:
        """Arranged by telephone, and noted by the counsellor."""
        with ago(days_ago):
            referral = self.fresh(record)
            venue = self.other_mill if meeting == "to open" else self.world.mill  # one room each
            wanted = booking.Wanted(begins, begins + timedelta(minutes=60), Mode.FACE_TO_FACE, venue)
            made = booking.arrange(referral, wanted, "As they wished.", referral.assigned_to)
        self.world.meetings[meeting] = made
        self.words.plant(made.public_id, (meeting, "meeting"))
        return made

    def hold(self, record: str, begins: datetime, days_ago: int) -> None:
        """A session in which confidentiality was explained, and nothing written."""
        by = self.world.people["counsellor"]
        meeting = self.meet(record, "held before", begins, days_ago)
        with clock.at(begins):
            made = sessions.begin(meeting, by)
            sessions.explain(made, by)
            sessions.finish(CareersSession.get_by_id(made.id), by)

    def session(self, record: str, name: str, begins: datetime, days_ago: int) -> CareersSession:
        """With a word of its own in everything that can be written in it."""
        by = self.world.people["counsellor"]
        meeting = self.meet(record, "running" if name == "unfinished" else "held", begins, days_ago)

        def word(what: str) -> str:
            return self.words.new((name, what))

        with clock.at(begins):
            made = sessions.begin(meeting, by)
            for passage in Passage:
                writing.write(made, passage, f"They spoke of {word(str(passage))}.", 0, by)
            first, second, settled, parked = (
                writing.raise_issue(made, word(what), by)
                for what in ("focus", "focus", "settled issue", "parked issue")
            )
            writing.focus_on(made, first, "", by)
            writing.focus_on(made, second, word("why it changed"), by)
            writing.settle(made, settled, by)
            for _ in range(2):
                option = writing.add_option(made, word("option"), by)
                writing.weigh(option, option.words, word("for it"), word("against it"), 1, by)
            plan = tasks.of_case(self.fresh(record))
            task = tasks.add(
                plan, f"Read {self.words.new((record, 'task set'))}.", date(2027, 3, 1), by, session=made, supporter=by
            )
        self.words.plant(made.public_id, (name, "session"))
        first_option, second_option = careers.options_of(made)
        self.world.parts[name] = {
            "issue": parked.public_id, "option": first_option.public_id,
            "second_option": second_option.public_id, "task_in_session": task.public_id,
        }  # fmt: skip
        for part in (parked, first_option):
            self.words.plant(part.public_id, (name, "id of a part"))
        self.words.plant(task.public_id, (record, "task set"))
        self.world.ids.setdefault("session", {})[name] = made.public_id
        return made

    def others_who_read(self) -> None:
        """A colleague stands in, an adviser stated a reason; and those of whom it was once so."""
        people_ = self.world.people
        adviser, second = people_["adviser"], people_["second adviser"]
        for record, readers in table.STATED_A_REASON.items():
            assert readers == ("second adviser",)
            with ago(1):
                referral, reason = self.fresh(record), self.words.new((record, "reason to read"))
                record_access.cover(referral, people_["covering counsellor"], date(2026, 12, 4), reason, adviser)
            with ago(0, -timedelta(hours=1)):
                reason = self.words.new((record, "reason to read"))
                record_access.state_reason(self.fresh(record), reason, second)
            for what in ("own name", "own address"):
                for word in self.words.at([("covering counsellor", what)]):
                    self.words.stands_also_in(word, (record, "who stands in"))
        self.over("mid-life")
        self.deliver(0)

    def over(self, record: str) -> None:
        """Cover that ended with its day, a reason that was ended, and a reason that is over by itself."""
        people_ = self.world.people
        with ago(5):
            adviser, referral = people_["adviser"], self.fresh(record)
            record_access.cover(referral, people_["other counsellor"], clock.today(), "Leave.", adviser)
            record_access.state_reason(referral, "A question.", adviser)
            record_access.end(record_access.state_reason(referral, "A complaint.", people_["second adviser"]), adviser)
        for word in self.words.at([("other counsellor", "own name"), ("other counsellor", "own address")]):
            self.words.stands_also_in(word, (record, "who stands in"))

    def task(self) -> None:
        """Set in a session with the counsellor, and spoken of by the trainee."""
        counsellor, trainee = self.world.people["counsellor"], self.world.people["trainee"]
        with ago(2):
            plan = tasks.of_case(self.fresh("mid-life"))
            made = tasks.add(plan, f"Ring {self.words.new(('task', 'what to do'))}.", date(2027, 2, 1), counsellor)
            tasks.comment(made, f"Rang {self.words.new(('task', 'comment'))}.", trainee)
        self.world.ids["task"] = {"task": made.public_id}
        self.words.plant(made.public_id, ("task", "task"))

    def documents(self) -> None:
        """Of the case in mid-life: results for the team alone, results shared with the trainee, and the trainee's CV."""
        counsellor, trainee = self.world.people["counsellor"], self.world.people["trainee"]
        self.world.ids["file"] = {}
        for name, by in (
            ("team's document", counsellor),
            ("shared document", counsellor),
            ("trainee's document", trainee),
        ):
            content = pdf(self.words.new((name, "its words")), header=b"%PDF-1.7\n")
            called = self.words.new((name, "its name"))
            with ago(2):
                case = self.fresh("mid-life")
                made = files.add(case, FileKind.CV, called, content, by, is_shared=name == "shared document")
            self.world.ids["file"][name] = made.public_id
            self.words.plant(made.public_id, (name, "document"))

    def feedback(self) -> None:
        """One that waits for its answer; one that was answered with a name, whose words the counsellor reads."""
        with ago(1):
            asks = {"ask": feedback.ask(self.fresh("mid-life")), "answered ask": feedback.ask(self.fresh("others"))}
            words = self.words.new(("others", "said with a name"))
            feedback.give(asks["answered ask"], {"further_on": "yes", "words": words}, with_name=True)
        self.world.ids["ask"] = {name: one.public_id for name, one in asks.items()}
        for name, one in asks.items():
            self.words.plant(one.public_id, (name, "ask"))

    def contracts(self) -> None:
        """One that names the case in mid-life, and one that nobody has accepted yet."""
        by = self.world.people["governance"]
        made = {
            name: statements.draw_up(
                self.words.new((name, "contract words")).capitalize(), None, self.words.new((name, "contract words")),
                list(Service), by,
            )
            for name in ("contract", "draft contract")
        }  # fmt: skip
        ethics = statement_queries.now(StatementKind.ETHICS).public_id
        statements.acknowledge(
            made["contract"], ethics, self.words.new(("contract", "contract words")), NOW.date(), by, 1
        )
        statements.name_case(made["contract"], self.fresh("mid-life"), by)
        self.world.ids["contract"] = {name: one.public_id for name, one in made.items()}
        for name, one in made.items():
            self.words.plant(one.public_id, (name, "contract"))

    def comment(self) -> None:
        """On a page of the guidance, with a name; the page was published once since it came."""
        page = guidance_pages.guide().pages["services/careers"]
        adviser = self.world.people["adviser"]
        page = guidance.publish(
            page, page.title, "Somebody to listen.", page.slug, page.reviewed, page.body, adviser, 0
        )
        guidance.comment(page, self.words.new(("comment", "comment's words")), self.world.people["complaints"])
        made = GuidanceComment.get()
        self.world.ids["comment"] = {"comment": made.public_id}
        self.words.plant(made.public_id, ("comment", "comment"))

    def complaints(self) -> None:
        """One about the complaints lead, which goes to the governance lead; one by a personal link, which does not."""
        people, words = self.world.people, self.words
        made = complaints.complain(
            words.new(("complaint", "what happened")), words.new(("complaint", "whom it is about")),
            [people["complaints"]], people["other trainee"],
        )  # fmt: skip
        by = people["governance"]
        complaints.move_on(made, ComplaintState.ACKNOWLEDGED, by, 1)
        complaints.note(made, words.new(("complaint", "complaint's note")), by)
        told = complaints.disclose(
            made, people["other counsellor"], "",
            words.new(("complaint", "disclosed words"), ("disclosure", "disclosed words")),
            words.new(("complaint", "why disclosed")), by,
        )  # fmt: skip
        link = PersonalLink.select().where(PersonalLink.referral == self.world.referrals["left"]).get()
        other = complaints.complain(words.new(("complaint by link", "what happened")), "", [], link)
        for word in words.at([("left", "trainee's name")]):
            words.stands_also_in(word, ("complaint by link", "complainant's name"))
        for word in words.at([("other trainee", "own name")]):
            words.stands_also_in(word, ("complaint", "complainant's name"))
        words.plant(made.public_id, ("complaint", "complaint"))
        words.plant(other.public_id, ("complaint by link", "complaint"))
        words.plant(told.public_id, ("disclosure", "disclosure"))
        self.world.ids["complaint"] = {"complaint": made.public_id, "complaint by link": other.public_id}
        self.world.ids["disclosure"] = {"disclosure": told.public_id}

    def polls(self) -> None:
        """One that is open, answered by one; and one that was fixed and has its link."""
        outsider = f"{self.words.new(*ASKED)}@elsewhere.example"
        begins = [clock.parse("2026-12-01T14:00"), clock.parse("2026-12-02T14:00")]
        for name, organiser, others in (("open poll", "chair", ("tpd", "university")),
                                        ("fixed poll", "progression", ("university", "training officer"))):  # fmt: skip
            asked = [polls.Asked(self.world.people[one].name, self.world.people[one].email, True) for one in others]
            for word in self.words.at([(one, what) for one in others for what in ("own name", "own address")]):
                self.words.stands_also_in(word, (name, "who is asked"), *MET[name])
            asked.append(polls.Asked(self.words.new(*ASKED).capitalize(), outsider, is_required=False))
            poll = polls.ask(
                self.world.people[organiser],
                self.words.new((name, "title")),
                60,
                begins,
                asked,
                date(2026, 12, 1),
                False,
            )
            self.world.polls[name] = poll
            self.words.plant(poll.public_id, (name, "poll"))
        row = PollPerson.get(
            (PollPerson.poll == self.world.polls["open poll"]) & (PollPerson.user == self.world.people["tpd"])
        )
        polls.answer(row, {}, self.words.new(("open poll", "answer"), ("tpd", "own answer")), self.world.people["tpd"])
        fixed = self.world.polls["fixed poll"]
        meeting = polls.fix(fixed, fixed.times.get(), self.world.people["progression"], 1)
        secret = self.words.new(("of a group", "join link"))
        link = f"https://teams.microsoft.com/meet/1234567890?p={secret}"
        link_jobs.paste(Meeting.get_by_id(meeting.id), link, self.world.people["progression"])
        self.world.meetings["of a group"] = meeting
        self.words.plant(meeting.public_id, ("of a group", "meeting"))
        self.deliver(0)

    def accounts(self) -> None:
        people_ = self.world.people
        for name, password_hash in (("nobody", ""), ("mentor", passwords.hashed(PASSWORD))):
            User.update(password_hash=password_hash).where(User.id == people_[name].id).execute()
            people_[name].password_hash = password_hash
        with ago(0, -timedelta(minutes=1)):
            people.invite_again(people_["nobody"], people_["administrator"])
        self.world.ids["password_link"] = {
            "help before": account_links.make(AccountLinkPurpose.PASSWORD, people_["mentor"]),
            "help": account_links.make(AccountLinkPurpose.PASSWORD, people_["mentor"]),
            "invitation": self.invitation(),
        }
        for name, token in self.world.ids["password_link"].items():
            self.words.plant(token, (table.PASSWORD_LINKS[name][0], "link token"))
        asked = RoleWanted(Role.COMPLAINTS)
        people.give_role(people_["administrator"], asked, people_["administrator"], 1)
        actions.save_view(people_["adviser"], "Waiting long", "/referrals/inbox?sort=oldest")
        self.world.ids["feed_link"] = {name: self.feed() for name in ("feed before", "feed")}
        self.deliver(0)

    def subject_access(self) -> None:
        """Two requests for what is held about somebody: one to review, one given."""
        ids: dict[str, str] = {}
        for name in table.SUBJECT_ACCESS:
            nobody, governance = self.world.people["nobody"], self.world.people["governance"]
            made = subject_access.open_request("Nobody", nobody.email, name, NOW.date(), governance)
            subject_access.gather_due()
            ids[name] = made.public_id
            if name == "given":
                subject_access.release(SubjectAccess.get_by_id(made.id), governance)
        self.deliver(0)
        token = Notice.get(Notice.kind == "access_ready").text.split("/subject-access/mine/")[1].split()[0]
        to_review = SubjectAccess.get(SubjectAccess.public_id == ids["to review"])
        first, second = subject_access.given(to_review).order_by(SubjectItem.id).limit(2)
        subject_access.withhold(second, "About somebody else.", 1, self.world.people["governance"])
        self.world.ids |= {
            "subject_access": ids, "subject_link": {"bundle": token}, "subject_item": {"one": first.public_id, "withheld": second.public_id},
        }  # fmt: skip

    def retention(self) -> None:
        """A schedule; a hold on a case and one on a complaint; and what was destroyed once."""
        governance, lead = self.world.people["governance"], self.world.people["complaints"]
        schedule.change({kind.key: 96 for kind in KINDS}, 0, governance)
        by_link = Complaint.get(Complaint.public_id == self.world.ids["complaint"]["complaint by link"])
        held = {"hold": (self.fresh("mid-life"), governance), "hold of a complaint": (by_link, lead)}
        made = {name: retention.hold(row, self.words.new((name, "why held")), by) for name, (row, by) in held.items()}
        gone = {
            name: Disposal.create(
                kind=kind, months=96, schedule_version=1, before=NOW.date(), disposed_at=NOW, records=1,
                references_json='["bcdfghjk"]',
            )
            for name, kind in (("certificate", "case"), ("certificate of a complaint", "complaint"))
        }  # fmt: skip
        DisposalReader.create(disposal=gone["certificate of a complaint"], user=lead)
        for kind, rows in (("hold", made), ("certificate", gone)):
            self.world.ids[kind] = {name: row.public_id for name, row in rows.items()}
            for name, row in rows.items():
                self.words.plant(row.public_id, (name, kind))

    def feed(self) -> str:
        token = feeds.make(self.world.people["counsellor"]).rpartition("/")[2].removesuffix(".ics")
        self.words.plant(token, ("counsellor", "link token"))
        return token

    def invitation(self) -> str:
        text = Notice.get(Notice.kind == "invitation").text
        return next(line for line in text.splitlines() if "/sign-in/password/" in line).rpartition("/")[2].strip()

    # Addresses

    def note_ids(self) -> None:
        world, poll_link = self.world, self.poll_link()
        world.ids = {
            "referral": {name: referral.public_id for name, referral in world.referrals.items()},
            "link": {name: self.link(name) if states else poll_link for name, (_, states) in table.LINKS.items()},
            "notice": {
                "the copied email": self.failed("mid-life", "referral"),
                "the link letter": self.failed("mid-life", "personal_link"),
                "the released words": self.failed("mid-life", "released_tsg"),
                "the words of a head before": self.failed("moved on", "released_tsg"),
            },
            "absence": {"absence": Absence.get().public_id},
            "conflict": {"conflict": Conflict.get().public_id},
            "view": {"view": SavedView.get().public_id},
            "event": {
                "an assignment": self.event("mid-life", "referral.assigned"),
                "a referral sent": self.event("mid-life", "referral.sent"),
            },
            "account": {name: world.people[name].public_id for name in table.ACCOUNTS},
            "role_held": {"a role": RoleHeld.get(RoleHeld.user == world.people["counsellor"]).public_id},
            "role_asked": {"a role": RoleAsked.get().public_id},
            "school_page": {"a school": world.schools["unused"].public_id},
            "employer_page": {"an employer": world.employer.public_id if world.employer else ""},
            "venue_page": {"a venue": world.venue.public_id if world.venue else ""},
            "password_link": world.ids["password_link"],
            "meeting": {name: meeting.public_id for name, meeting in world.meetings.items()},
            "poll": {name: poll.public_id for name, poll in world.polls.items()},
            "hours": {"hours": Hours.get().public_id},
            "task": world.ids["task"],
            "contract": world.ids["contract"],
            "complaint": world.ids["complaint"],
            "comment": world.ids["comment"],
            "disclosure": world.ids["disclosure"],
            "file": world.ids["file"],
            "ask": world.ids["ask"],
            **{kind: world.ids[kind] for kind in table.DISCLOSED},
            **{kind: world.ids[kind] for kind in (*table.MENTORED, "pair_part")},
            **{kind: world.ids[kind] for kind in (*table.RETURNING, "return_part", "return_version")},
            "return_link": world.ids["return_link"] | {"link of a trainee": self.link("mid-life link")},
            **{kind: world.ids[kind] for kind in (*table.REVIEWED, "support_part")},
            "review_link": world.ids["review_link"] | {"link of a trainee": self.link("mid-life link")},
            "pair_link": world.ids["pair_link"] | {"link of a trainee": self.link("mid-life link")},
            "disclosed_link": world.ids["disclosed_link"] | {"link of a trainee": self.link("mid-life link")},
            "case": {name: referral.public_id for name, referral in world.referrals.items()},
            "session": world.ids["session"],
            "discussion": {name: world.referrals[name].public_id for name in table.DISCUSSIONS},
            "access": {"cover": self.access("covering counsellor"), "reason": self.access("second adviser")},
            "poll_link": {"poll link": poll_link, "link of a trainee": self.link("mid-life link")},
            "feed_link": world.ids["feed_link"],
            "subject_access": world.ids["subject_access"],
            "subject_link": world.ids["subject_link"],
            "subject_item": world.ids["subject_item"],
            "hold": world.ids["hold"],
            "certificate": world.ids["certificate"],
        }

    def access(self, reader: str) -> str:
        """What lets this person read the record of the case in mid-life now."""
        found = record_access.open_access(self.world.people[reader], self.fresh("mid-life"))
        assert isinstance(found, RecordAccess)
        return str(found.public_id)

    def poll_link(self) -> str:
        notices = Notice.select().join(Event).where(Event.poll == self.world.polls["open poll"])
        (token,) = [line.rpartition("/")[2] for one in notices for line in one.text.split() if "/polls/answer/" in line]
        self.words.plant(token, ("somebody asked", "poll token"))
        return token

    def event(self, record: str, name: str) -> str:
        row = Event.get((Event.referral == self.world.referrals[record]) & (Event.name == name))
        return str(row.public_id)

    def link(self, name: str) -> str:
        """A token of this referral that was written in a letter, open or closed as the table says."""
        record, state = table.LINKS[name]
        for token in self.tokens(record):
            found = links.find(token)
            if found and links.is_open(found) == ("open" in state.split()):
                return token
        raise LookupError(f"There is no {state} link of the referral {record}.")

    def plant_tokens(self) -> None:
        """Watch for every personal link that was written into a letter."""
        for record in self.world.referrals:
            for token in self.tokens(record):
                self.words.plant(token, (record, "link token"))

    def tokens(self, record: str) -> list[str]:
        """The tokens in the letters of a referral, the newest first."""
        notices = Notice.select().where(Notice.referral == self.world.referrals[record]).order_by(Notice.id.desc())
        return [token for notice in notices for token in tokens_in(notice.text)]

    def failed(self, record: str, kind: str) -> str:
        row = Notice.get(
            (Notice.referral == self.world.referrals[record])
            & (Notice.kind == kind)
            & (Notice.state == NoticeState.FAILED)
        )
        return str(row.public_id)


# Who is asked in this poll is at this meeting.
MET = {"open poll": (), "fixed poll": (("of a group", "who is there"),)}
# Where the name and address of somebody without an account stand, whom polls ask.
ASKED = (
    *((where, "asked without account") for where in ("open poll", "fixed poll", "of a group")),
    *(("somebody asked", what) for what in ("own name", "own address")),
)
# Held while the past was made, and taken away before anybody looks.
FOR_A_WHILE = (
    ("former adviser", "senior_adviser"),
    ("former counsellor", "counsellor"),
    ("former referrer", "referrer:tpd"),
    ("former head", "head_of_school:psychiatry"),
)


def tokens_in(text: str) -> list[str]:
    return [line.rpartition("/links/")[2].strip() for line in text.splitlines() if "/links/" in line]


@contextmanager
def ago(days: int, later: timedelta = timedelta(0)) -> Iterator[None]:
    with clock.at(NOW - timedelta(days=days) + later):
        yield


def build(app: Flask, mailbox: Mailbox) -> World:
    """Make the world in an empty database."""
    world = World(app, mailbox)
    world.builder.build()
    for begins in (date(2026, 4, 1), date(2026, 7, 1)):
        quarter = periods.around(begins, periods.QUARTER)
        counted = {key: rows for group in GROUPS for key, rows in counts_of(group, quarter).items()}
        with db.atomic():
            publishing.publish_period(quarter, counted)
    return world
