"""The same journey by its pages alone: everybody at a browser, mail over a real server with faults (G3, G22).

Who may read what is worked out here a second time, from the rows and from rules.md, and not by the site's own questions.
The usual size runs with the other tests; 500 runs of fifty steps by command:

    pytest tests/state/test_by_pages.py --hypothesis-profile=long
"""

import re
from collections.abc import Callable
from datetime import datetime, time, timedelta

from flask import Flask
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from werkzeug.test import TestResponse

from models import (
    STAGE_OF,
    Assignment,
    Attendance,
    Attendee,
    AuditEntry,
    CareersSession,
    Event,
    Meeting,
    Notice,
    NoticeRecipient,
    NoticeState,
    Passage,
    RecordAccess,
    Referral,
    ReferrerKind,
    Release,
    Role,
    RoleHeld,
    SessionText,
    Stage,
    Status,
    User,
    db,
)
from signpost import clock, database
from signpost.audit import record as audit
from signpost.config import running
from signpost.notices import delivery
from tests import factories, figures
from tests.browser_client import Browser
from tests.conftest import sign_in
from tests.smtp_server import Mailbox, Received
from tests.state.conftest import USUAL

MONDAY = datetime(2027, 5, 10, 9, 0, tzinfo=clock.LONDON)
ANSWERS = {200, 204, 303, 400, 403, 404, 409, 410, 422}
PEOPLE = (
    *(
        "adviser",
        "second adviser",
        "counsellor",
        "second counsellor",
        "referrer",
        "second referrer",
        "head",
        "other head",
    ),
    *("tsg", "trainee", "administrator", "mentor"),
)
NUMBERS = st.integers(0, 5)
REACHED = ("sessions held", "notes read")
COUNSELLING = st.sampled_from(["counsellor", "counsellor", "second counsellor", "adviser", "trainee"])
SECRET = re.compile(r"zz[a-z]+\d+zz")


def holds(user: User, role: Role, school: object = None) -> bool:
    """Whether somebody's account is open and holds a role now."""
    held = (RoleHeld.user == user) & (RoleHeld.role == role)
    if school is not None:
        held &= RoleHeld.school == school
    return User.get_by_id(user.id).disabled_at is None and RoleHeld.select().where(held).exists()


def last_release(referral: Referral) -> Release | None:
    return Release.select().where(Release.referral == referral).order_by(Release.id.desc()).first()


def may_read(user: User, referral: Referral) -> set[str]:
    """The kinds of secrets of this referral that rules.md lets this person read: request, reason, words."""
    if user.id == referral.trainee_id or user.email == referral.trainee_email:
        return {"request", "shared"}
    found: set[str] = set()
    if reads_record(user, referral):
        found |= {"request", "reason", "notes", "shared"}
    if holds(user, Role.SENIOR_ADVISER) or (referral.assigned_to_id == user.id and holds(user, Role.COUNSELLOR)):
        found |= {"request", "reason"}
    if referral.referred_by_id == user.id and holds(user, Role.REFERRER):
        found |= {"request"}
    if referral.wider_concerns and holds(user, Role.HEAD_OF_SCHOOL, referral.school_id):
        found |= {"request", "words"}
    last = last_release(referral)
    if last is not None and last.choice != "nothing" and holds(user, Role.TSG):
        found |= {"words"}
    return found


def reads_record(user: User, referral: Referral) -> bool:
    """The counsellor, who covers, and an adviser for a stated reason (C9)."""
    given = RecordAccess.select().where(
        (RecordAccess.referral == referral)
        & (RecordAccess.reader == user)
        & (RecordAccess.begins_at <= clock.now())
        & (RecordAccess.ends_at > clock.now())
    )
    covers, has_reason = any(one.is_cover for one in given), any(not one.is_cover for one in given)
    counsels = (referral.assigned_to_id == user.id or covers) and holds(user, Role.COUNSELLOR)
    return counsels or (has_reason and holds(user, Role.SENIOR_ADVISER))


def is_shared_by_now(word: str) -> bool:
    """Whether a finished session shares this word with its trainee (B10)."""
    finished = CareersSession.select().where(CareersSession.finished_at.is_null(False))
    said = SessionText.select().where(SessionText.session.in_(finished) & (SessionText.passage == Passage.SUMMARY))
    return any(word in one.words for one in said)


class Pages(RuleBasedStateMachine):
    """Everybody does at a browser what they can, in any order; the mail server has its moods."""

    app: Flask
    mailbox: Mailbox
    browser_of: Callable[[User], Browser]
    make_database: Callable[[], str]
    counts: dict[str, int]

    def __init__(self) -> None:
        super().__init__()
        db.close()
        database.open_database(self.make_database())
        db.obj.autoconnect = not database.is_sqlite()
        db.connect(reuse_if_open=True)
        running().audit_anchor.unlink(missing_ok=True)
        clock.set_to(MONDAY)
        self.mailbox.forget()
        self.made = 0
        self.secrets: dict[str, tuple[int, str]] = {}  # the word -> referral, kind of secret
        self.versions: dict[int, int] = {}
        self.signed_in_at: dict[str, datetime] = {}
        self.at: dict[str, Browser] = {}
        self.checked_letters = 0
        self.turn = 0
        self.school, self.other_school = factories.a_school(), factories.a_school()
        self.employer, self.venue = factories.an_employer(), factories.a_venue()
        self.people = {
            "adviser": factories.a_user(Role.SENIOR_ADVISER), "second adviser": factories.a_user(Role.SENIOR_ADVISER),
            "counsellor": factories.a_user(Role.COUNSELLOR), "second counsellor": factories.a_user(Role.COUNSELLOR),
            "referrer": factories.a_referrer(), "second referrer": factories.a_referrer(),
            "head": factories.a_head(self.school), "other head": factories.a_head(self.other_school),
            "tsg": factories.a_user(Role.TSG), "trainee": factories.a_user(Role.TRAINEE),
            "administrator": factories.a_user(Role.ADMINISTRATOR), "mentor": factories.a_user(Role.MENTOR),
        }  # fmt: skip

    # At a browser

    def browser(self, who: str) -> Browser:
        """A browser in which this person is signed in, again where the session is over by now."""
        since = self.signed_in_at.get(who)
        if since is None or clock.now() - since > timedelta(minutes=25):
            if who not in self.at:
                self.at[who] = self.browser_of(self.people[who])
            else:
                sign_in(self.at[who], self.people[who])
            self.signed_in_at[who] = clock.now()
        return self.at[who]

    def look(self, who: str, path: str) -> TestResponse:
        response = self.browser(who).get(path)
        assert response.status_code in ANSWERS | {401}, f"{path}: {response.status_code}"
        return response

    def send(self, who: str, path: str, **fields: str) -> TestResponse:
        """Send a form with a valid token, and count what came of it."""
        browser = self.browser(who)
        before = changes()
        if User.get_by_id(self.people[who].id).is_disabled:
            return browser.get(path)
        response = browser.submit(path, **fields)
        assert response.status_code in ANSWERS, f"{path}: {response.status_code}"
        self.counts["forms"] += 1
        if response.status_code >= 400:
            self.counts["refused"] += 1
            assert changes() == before, "refused, and written all the same"
        return response

    def referral(self, number: int) -> Referral:
        return Referral.select().order_by(Referral.id).offset(number % Referral.select().count()).get()

    def secret(self, kind: str, referral: int) -> str:
        self.made += 1
        word = f"zz{kind}{self.made}zz"
        self.secrets[word] = (referral, kind)
        return word

    def there_are_some(self) -> bool:
        return Referral.select().exists()

    # What people do

    @initialize(concerns=st.booleans(), known=st.booleans())
    def one_is_there(self, concerns: bool, known: bool) -> None:
        self.refer("referrer", concerns, known, later=False)
        self.refer("second referrer", not concerns, not known, later=False)
        self.assign(0, "adviser", "counsellor", old_page=False)

    @rule(
        who=st.sampled_from(["referrer", "second referrer"]),
        concerns=st.booleans(),
        known=st.booleans(),
        later=st.booleans(),
    )
    def refer(self, who: str, concerns: bool, known: bool, later: bool) -> None:
        browser = self.browser(who)
        if self.look(who, "/referrals/new").status_code != 200:
            return
        self.made += 1
        word = f"zzrequest{self.made}zz"
        browser.press(
            "Check what will be sent", trainee_name=f"Sam {self.made}", request=f"About {word}, please.",
            trainee_email=self.people["trainee"].email if known else f"sam{self.made}@trainee.example",
            school=self.school.public_id, employer=self.employer.public_id, wider_concerns="yes" if concerns else "no",
        )  # fmt: skip
        if browser.page.h1 == "Check what will be sent" and not later:
            browser.press("Send referral")
            self.counts["forms"] += 1
            made = Referral.select().order_by(Referral.id.desc()).get()
            assert word in made.request
            self.secrets[word] = (made.id, "request")

    @precondition(there_are_some)
    @rule(number=NUMBERS, yes=st.booleans())
    def answer_with_an_account(self, number: int, yes: bool) -> None:
        one = self.referral(number)
        self.send("trainee", f"/referrals/{one.public_id}/{'acceptance' if yes else 'refusal'}")

    @precondition(there_are_some)
    @rule(number=NUMBERS, yes=st.booleans())
    def answer_by_link(self, number: int, yes: bool) -> None:
        """Whoever has the newest letter to the trainee."""
        one = self.referral(number)
        tokens = [token for letter in self.mailbox.to(one.trainee_email) for token in tokens_of(letter)]
        if tokens:
            stranger = self.app.test_client()
            page = stranger.get(f"/links/{tokens[-1]}")
            assert page.status_code in (200, 410)
            if page.status_code == 200:
                assert SECRET.findall(page.text), "they read what was written"
                path = f"/links/{tokens[-1]}/{'acceptance' if yes else 'refusal'}"
                assert stranger.submit(path).status_code in ANSWERS
                self.counts["forms"] += 1

    @precondition(there_are_some)
    @rule(
        number=NUMBERS, who=st.sampled_from(["adviser", "second adviser"]),
        to=st.sampled_from(["counsellor", "second counsellor"]), old_page=st.booleans(),
    )  # fmt: skip
    def assign(self, number: int, who: str, to: str, old_page: bool) -> None:
        one = self.referral(number)
        reason = self.secret("reason", one.id)
        version = str(one.version - 1 if old_page else one.version)
        path = f"/referrals/{one.public_id}/assignment"
        self.send(who, path, counsellor=self.people[to].public_id, reason=reason, version=version)

    @precondition(there_are_some)
    @rule(number=NUMBERS, who=st.sampled_from(["adviser", "second adviser"]))
    def undo(self, number: int, who: str) -> None:
        names = ("referral.assigned", "referral.reassigned", "referral.closed")
        events = Event.select().where((Event.referral == self.referral(number)) & Event.name.in_(names))
        last = events.order_by(Event.id.desc()).first()
        if last is not None:
            self.send(who, f"/referrals/events/{last.public_id}/undoing")

    @precondition(there_are_some)
    @rule(number=NUMBERS, who=st.sampled_from(["adviser", "second adviser"]), goes_on=st.integers(0, 2))
    def close(self, number: int, who: str, goes_on: int) -> None:
        one = self.referral(number)
        if goes_on:  # most referrals live longer
            self.look(who, f"/referrals/{one.public_id}/closure")
            return
        self.send(who, f"/referrals/{one.public_id}/closure", ending="unable_to_contact", version=str(one.version))

    @precondition(there_are_some)
    @rule(number=NUMBERS, who=st.sampled_from(["referrer", "second referrer"]), concerns=st.booleans())
    def withdraw_or_add_concerns(self, number: int, who: str, concerns: bool) -> None:
        if not concerns and number % 3:
            self.look(who, f"/referrals/{self.referral(number).public_id}/withdrawal")
            return
        self.send(who, f"/referrals/{self.referral(number).public_id}/{'concerns' if concerns else 'withdrawal'}")

    @precondition(there_are_some)
    @rule(
        number=NUMBERS,
        who=st.sampled_from(["head", "other head"]),
        choice=st.sampled_from(["nothing", "fact", "words"]),
    )
    def release(self, number: int, who: str, choice: str) -> None:
        one = self.referral(number)
        words = self.secret("words", one.id) if choice == "words" else ""
        self.send(who, f"/referrals/{one.public_id}/release", choice=choice, words=words, step="send")

    @precondition(there_are_some)
    @rule(number=NUMBERS, who=st.sampled_from(["adviser", "counsellor"]))
    def correct_the_address(self, number: int, who: str) -> None:
        self.made += 1
        one = self.referral(number)
        email = f"right{self.made}@trainee.example"
        self.send(who, f"/referrals/{one.public_id}/address", email=email, version=str(one.version))

    @precondition(there_are_some)
    @rule(number=NUMBERS, who=st.sampled_from(["adviser", "counsellor", "head"]))
    def send_again(self, number: int, who: str) -> None:
        failed = Notice.select().join(NoticeRecipient).where(NoticeRecipient.state == NoticeState.FAILED)
        rows = list(failed.order_by(Notice.id).distinct())
        if rows:
            self.send(who, f"/notices/{rows[number % len(rows)].public_id}/copies")
        else:
            self.send(who, f"/referrals/{self.referral(number).public_id}/link")

    # Around a session

    @precondition(there_are_some)
    @rule(number=NUMBERS, who=COUNSELLING)
    def they_agree_on_a_time_and_it_comes(self, number: int, who: str) -> None:
        one, day = self.referral(number), clock.today() + timedelta(days=1)
        before = Meeting.select().count()
        self.send(
            who, f"/referrals/{one.public_id}/arranged", begins="10:00", minutes="40", mode="face_to_face",
            venue=self.venue.public_id, outside_reason="Neither could meet at another time.",
            **{"day-day": str(day.day), "day-month": str(day.month), "day-year": str(day.year)},
        )  # fmt: skip
        if Meeting.select().count() > before:
            clock.set_to(datetime.combine(day, time(10), tzinfo=clock.LONDON))

    @precondition(there_are_some)
    @rule(number=NUMBERS, who=COUNSELLING)
    def open_the_session(self, number: int, who: str) -> None:
        meeting = Meeting.select().where(Meeting.referral == self.referral(number)).order_by(Meeting.id.desc()).first()
        if meeting is not None:
            self.send(who, f"/careers-sessions/meetings/{meeting.public_id}")

    @precondition(lambda self: CareersSession.select().exists())
    @rule(number=NUMBERS, who=COUNSELLING, step=st.sampled_from(["explanation", "notes", "shared", "finish"]))
    def in_a_session(self, number: int, who: str, step: str) -> None:
        session = self.session(number)
        path = f"/careers-sessions/{session.public_id}"
        if step in ("explanation", "finish"):
            self.send(who, f"{path}/{step}")
            return
        passage = "observations" if step == "notes" else "summary"
        there = SessionText.get_or_none((SessionText.session == session) & (SessionText.passage == passage))
        words, version = self.secret(step, session.referral_id), str(there.version if there else 0)
        self.send(who, f"{path}/texts/{passage}", words=words, version=version)

    @precondition(there_are_some)
    @rule(number=NUMBERS, who=COUNSELLING)
    def hold_a_session(self, number: int, who: str) -> None:
        """The usual way, so that notes and ends are reached often enough."""
        before = CareersSession.select().count()
        self.they_agree_on_a_time_and_it_comes(number, who)
        self.open_the_session(number, who)
        if CareersSession.select().count() > before:
            for step in ("explanation", "notes", "shared", "finish"):
                self.in_a_session(before, who, step)
            self.counts["sessions held"] += 1

    @precondition(there_are_some)
    @rule(number=NUMBERS, who=COUNSELLING, colleague=st.sampled_from(["counsellor", "second counsellor"]))
    def ask_for_cover(self, number: int, who: str, colleague: str) -> None:
        until = clock.today() + timedelta(days=2)
        self.send(
            who, f"/careers-sessions/cases/{self.referral(number).public_id}/cover", reason="On leave.",
            colleague=self.people[colleague].public_id,
            **{"until-day": str(until.day), "until-month": str(until.month), "until-year": str(until.year)},
        )  # fmt: skip

    @precondition(there_are_some)
    @rule(number=NUMBERS, who=COUNSELLING, reason=st.sampled_from(["", "The trainee rang."]))
    def state_a_reason_to_read(self, number: int, who: str, reason: str) -> None:
        self.send(who, f"/careers-sessions/cases/{self.referral(number).public_id}/access", reason=reason)

    def session(self, number: int) -> CareersSession:
        count = CareersSession.select().count()
        return CareersSession.select().order_by(CareersSession.id).offset(number % count).get()

    # What happens meanwhile

    @rule(seconds=st.sampled_from([5, 61, 61, 1800, 86400]))
    def time_passes(self, seconds: int) -> None:
        clock.set_to(clock.now() + timedelta(seconds=seconds))

    @rule(mood=st.sampled_from(["well", "well", "refuses one", "busy", "drops before", "drops after", "not there"]))
    def the_worker_runs(self, mood: str) -> None:
        waiting = list(NoticeRecipient.select().where(NoticeRecipient.state == NoticeState.QUEUED))
        if mood == "refuses one" and waiting:
            self.mailbox.refuse = {waiting[0].address: "550 5.1.1 no such user"}
        self.mailbox.answer = "451 4.3.0 later" if mood == "busy" else ""
        self.mailbox.drops = mood.partition(" ")[2] if mood.startswith("drops") else ""
        self.mailbox.greeting = "421 4.3.2 not now" if mood == "not there" else ""
        with self.app.app_context():
            delivery.send_due()
        self.mailbox.refuse, self.mailbox.answer, self.mailbox.drops, self.mailbox.greeting = {}, "", "", ""
        for letter in self.mailbox.received[self.checked_letters :]:
            self.may_be_told(letter)
        self.checked_letters = len(self.mailbox.received)

    def may_be_told(self, letter: Received) -> None:
        """Asked at the moment of sending, of everybody in the envelope."""
        notice = Notice.get(Notice.public_id == letter.message["X-Signpost-Notice"])
        one = Referral.get_by_id(notice.referral_id)
        assert notice.event.undone_at is None, f"{notice.kind} was sent though it was undone"
        for address in letter.recipients:
            row = NoticeRecipient.get((NoticeRecipient.notice == notice) & (NoticeRecipient.address == address))
            assert told_now(row.permission, one, address), f"{notice.kind} went to somebody by {row.permission}"
            self.counts["letters"] += 1

    @rule(
        who=st.sampled_from(["adviser", "second adviser", "counsellor", "second counsellor", "referrer", "head", "tsg"])
    )
    def a_role_is_taken_or_given_back(self, who: str) -> None:
        user = self.people[who]
        role = {
            "adviser": Role.SENIOR_ADVISER, "counsellor": Role.COUNSELLOR, "referrer": Role.REFERRER,
            "head": Role.HEAD_OF_SCHOOL, "tsg": Role.TSG,
        }[who.rsplit(maxsplit=1)[-1]]  # fmt: skip
        if RoleHeld.delete().where((RoleHeld.user == user) & (RoleHeld.role == role)).execute():
            return
        scope = {Role.HEAD_OF_SCHOOL: {"school": self.school}, Role.REFERRER: {"referrer_kind": ReferrerKind.TPD}}
        factories.give(user, role, **scope.get(role, {}))

    @rule(takes_over=st.booleans())
    def the_head_of_the_school_is_another(self, takes_over: bool) -> None:
        RoleHeld.delete().where((RoleHeld.role == Role.HEAD_OF_SCHOOL) & (RoleHeld.school == self.school)).execute()
        factories.give(self.people["other head" if takes_over else "head"], Role.HEAD_OF_SCHOOL, school=self.school)

    @rule(who=st.sampled_from(["counsellor", "referrer", "trainee", "second adviser"]))
    def an_account_is_closed_or_opened(self, who: str) -> None:
        user = self.people[who]
        closed_at = None if User.get_by_id(user.id).disabled_at else clock.now()
        User.update(disabled_at=closed_at).where(User.id == user.id).execute()

    # What holds after each step

    @invariant()
    def three_people_look_and_read_only_what_they_may(self) -> None:
        if not Referral.select().exists():
            return
        self.turn += 1
        for offset in range(3):
            who = PEOPLE[(self.turn + offset * 5) % len(PEOPLE)]
            user = User.get_by_id(self.people[who].id)
            paths = (
                "/",
                "/referrals",
                f"/referrals/{self.referral(self.turn).public_id}",
                "/referrals/released",
                "/notices",
                "/referrals/inbox?view=all",
                *self.pages_of_a_session(),
            )
            path = paths[(self.turn + offset) % len(paths)]
            text = self.look(who, path).get_data(as_text=True)
            self.counts["pages looked at"] += 1
            for word in set(SECRET.findall(text)):
                number, kind = self.secrets[word]
                self.counts["notes read"] += kind == "notes"
                one = Referral.get_by_id(number)
                allowed = may_read(user, one) if not user.is_disabled else set()
                assert kind in allowed, f"{who} reads the {kind} of a referral at {path}"
                last = last_release(one)
                if kind == "words" and "request" not in allowed and last is not None:
                    assert last.words == word, "the TSG reads the last words alone"
                if kind == "shared" and "notes" not in allowed:
                    assert is_shared_by_now(word), "a trainee reads what a finished session shares"

    def pages_of_a_session(self) -> tuple[str, ...]:
        if not CareersSession.select().exists():
            return ()
        session, room = self.session(self.turn), "/careers-sessions"
        case = session.referral.public_id
        of_session = f"{room}/{session.public_id}"
        return (of_session, f"{of_session}/summary", of_session, f"{of_session}/finish", f"{room}/cases/{case}", room)

    @invariant()
    def what_counts_as_held_was_explained_and_finished(self) -> None:
        """A12, A17."""
        for one in Meeting.select().where(Meeting.attendance == Attendance.HELD):
            assert CareersSession.get(CareersSession.meeting == one).is_finished
        for one in Referral.select().where(Referral.status == Status.SESSIONS_COMPLETE):
            finished = CareersSession.select().where(
                (CareersSession.referral == one) & CareersSession.finished_at.is_null(False)
            )
            assert finished.count() >= one.agreed_sessions >= 2
            assert finished.order_by(CareersSession.finished_at).first().explained_id

    @invariant()
    def nobody_got_a_message_twice_in_different_words(self) -> None:
        """A message and its copies share one Message-ID for each person who got it."""
        got: dict[tuple[str, int], set[str]] = {}
        for letter in self.mailbox.received:
            row = Notice.get(Notice.public_id == letter.message["X-Signpost-Notice"])
            while row.copy_of is not None:
                row = row.copy_of
            for address in letter.recipients:
                got.setdefault((address, row.id), set()).add(str(letter.message["Message-ID"]))
        assert all(len(ids) == 1 for ids in got.values())

    @invariant()
    def rows_agree_with_each_other(self) -> None:
        self.counts["steps"] += 1
        for one in Referral.select():
            assert one.version >= self.versions.get(one.id, 1), "a version only rises"
            self.versions[one.id] = one.version
            assert STAGE_OF[Status(one.status)] == one.stage
            assert (one.stage == Stage.CLOSED) == (one.ending is not None) == (one.closed_at is not None)
            assert one.stage == Stage.WAITING or one.assigned_to_id or one.stage == Stage.CLOSED
        undone = Event.select(Event.id).where(Event.undone_at.is_null(False))
        left = Notice.select().where(Notice.event.in_(undone) & (Notice.state != NoticeState.UNDONE))
        assert not left.exists(), "what was undone left nothing to send"

    @invariant()
    def the_audit_holds_and_misses_nothing(self) -> None:
        kept = AuditEntry.select().where(AuditEntry.action != "session.written")
        assert kept.count() == Event.select().count(), "what is typed in a session is in the audit alone"
        assert audit.verify()[1] is None


def changes() -> tuple[int, int]:
    """How many events and letters there are; that somebody read is no change."""
    return Event.select().where(Event.name != "record.read").count(), Notice.select().count()


def told_now(permission: str, one: Referral, address: str) -> bool:
    """Whether rules.md lets the person behind this address be told by this rule at this moment."""
    user = User.get_or_none(User.email == address)
    if permission in ("A7-trainee", "A7-link", "A8-trainee", "A-ended-trainee"):
        return address == one.trainee_email
    if permission in ("A21-trainee", "meeting", "C9-covering"):
        return told_around_a_session(permission, one, address)
    if permission == "A9-trainee":
        return address == one.trainee_email and not one.is_closed
    if user is None or address == one.trainee_email:
        return False
    if permission in ("A7-adviser", "A-ended-adviser"):
        return holds(user, Role.SENIOR_ADVISER)
    if permission == "A8-head":
        return one.wider_concerns and holds(user, Role.HEAD_OF_SCHOOL, one.school_id)
    if permission in ("A7-referrer", "A-ended-referrer"):
        return one.referred_by_id == user.id and holds(user, Role.REFERRER)
    if permission in ("A9-counsellor", "A-ended-counsellor", "C9-counsellor"):
        return one.assigned_to_id == user.id and holds(user, Role.COUNSELLOR)
    if permission == "A9-earlier":
        return Assignment.select().where((Assignment.referral == one) & (Assignment.counsellor == user)).exists()
    if permission == "A4-tsg":
        last = last_release(one)
        return last is not None and last.choice != "nothing" and holds(user, Role.TSG)
    return False


def told_around_a_session(permission: str, one: Referral, address: str) -> bool:
    if permission == "A21-trainee":
        return address == one.trainee_email and one.status == Status.SESSIONS_COMPLETE
    if permission == "meeting":
        there = (Meeting.referral == one) & (Attendee.email == address)
        return Attendee.select().join(Meeting).where(there).exists()
    covers = (RecordAccess.referral == one) & RecordAccess.is_cover & (User.email == address)
    return RecordAccess.select().join(User, on=RecordAccess.reader).where(covers).exists()


def tokens_of(letter: Received) -> list[str]:
    return [line.rpartition("/")[2].strip() for line in letter.text.splitlines() if "/links/" in line]


def test_the_promises_hold_by_the_pages_too(
    app: Flask, mailbox: Mailbox, browser_of: Callable[[User], Browser], make_database: Callable[[], str]
) -> None:
    Pages.app, Pages.mailbox, Pages.browser_of = app, mailbox, staticmethod(browser_of)
    Pages.make_database = staticmethod(make_database)
    Pages.counts = dict.fromkeys(("steps", "forms", "refused", "pages looked at", "letters", *REACHED), 0)
    is_long = settings.get_current_profile_name() == "long"
    run_state_machine_as_test(Pages, settings=settings.get_profile("long") if is_long else USUAL)
    figures.add("G3 by pages", **{name.replace(" ", "_"): number for name, number in Pages.counts.items()})
    for name in ("refused", "letters", *REACHED):
        assert Pages.counts[name], f"{name}: these were reached, too"
