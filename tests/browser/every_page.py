"""Every page of the site, in every state a reader meets it in: one list, for the validator and for the browser.

A page without an entry here fails a test. `VIEWS` says who opens which address, and what they press before they look.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import time, timedelta
from random import Random
from typing import Any

from flask import Flask, abort
from peewee import OperationalError

from models import (
    AccountLinkPurpose,
    CareersSession,
    ComplaintState,
    Disposal,
    Ending,
    FeedbackAsk,
    FileKind,
    GuidanceComment,
    LinkPurpose,
    Mode,
    Notice,
    ObjectiveState,
    Party,
    Passage,
    PlanningStage,
    PollPerson,
    Referral,
    ReferrerKind,
    ReleaseChoice,
    Role,
    Service,
    Setting,
    Statement,
    StatementKind,
    SubjectAccess,
    User,
    Venue,
    db,
)
from signpost import clock
from signpost.access import public
from signpost.accounts import account_links, links, people, work
from signpost.accounts.actions import RoleWanted
from signpost.careers import actions as sessions
from signpost.careers import writing
from signpost.complaints import actions as complaints
from signpost.completion import actions as completion
from signpost.completion import falling_due as completion_due
from signpost.demo import reports
from signpost.errors import RuleBroken
from signpost.feedback import actions as feedback
from signpost.feedback import falling_due as feedback_due
from signpost.feedback.surveys import FURTHER_ON
from signpost.files import actions as files
from signpost.guidance import actions as writing_guidance
from signpost.guidance import falling_due as guidance_due
from signpost.guidance import queries as guidance
from signpost.guidance.page import MODULES
from signpost.meetings import booking, feeds, hours, polls
from signpost.meetings import queries as meetings
from signpost.meetings.free_times import FreeTime
from signpost.notices import delivery
from signpost.plans import actions as tasks
from signpost.referrals import actions, drafts, record_access, search
from signpost.retention import actions as retention
from signpost.retention import schedule
from signpost.retention.kinds import KINDS
from signpost.sealing import CannotUnseal
from signpost.statements import actions as statements
from signpost.statements import queries as statement_queries
from signpost.subject_access import actions as subject_access
from signpost.subject_access import held
from tests import factories
from tests.browser import (
    disclosed_pages,
    followed_pages,
    matched_pages,
    paired_pages,
    prepared_pages,
    returning_pages,
    reviewed_pages,
)
from tests.files.made import docx, pdf
from tests.smtp_server import Mailbox

LONG_NAME = "Wilhelmina Featherstonehaugh-Cholmondeley-Marjoribanks"
LONG_ADDRESS = "wilhelmina.featherstonehaugh-cholmondeley-marjoribanks@postgraduate.of-a-trust-with-a-long-name.example"
HEBREW = "דָּוִד בֶּן־גּוּרְיוֹן"
REQUEST = "Would value help in thinking through what comes next.\n\nAlso: <b>how</b> do others manage {{ this }}?"
NOBODY = ""
EVERYTHING = """Words with a [mentor](glossary:mentor) and a [broken link](page:services/nowhere).

## A heading <b>of one's own</b>

::: important Now
1. one
:::

::: example Sam
- Sam
:::

::: activity try-it Try it
Do it.
:::

| One | Two |
|:----|----:|
| 1   | 2   |

Term
: Meaning
"""


@dataclass(frozen=True)
class View:
    """What somebody (one of the world's people, or nobody) sees at an address, once they pressed a button.

    `says`: words by which the state that is meant can be told from others.
    """

    name: str
    who: str
    path: str
    press: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    status: int = 200
    says: str = ""

    def __str__(self) -> str:
        return self.name


@dataclass
class World:
    """People by what they are, and what the addresses of views name."""

    people: dict[str, User]
    named: dict[str, str]

    def path(self, view: View) -> str:
        return view.path.format(**self.named)


# What is there


def make_world(app: Flask, mailbox: Mailbox) -> World:
    """A site in use: fifty referrals and more, at every stage; long names; one address that does not exist."""
    add_failures(app)
    counsellor = factories.a_user(Role.COUNSELLOR, name="Chris Counsellor", phone="020 7946 0111")
    school = factories.a_school("School of Obstetrics and Gynaecology")
    trust = factories.an_employer("Weald, Downs and Seaboard University Hospitals Trust", contact_email=LONG_ADDRESS)
    referrer = factories.a_user(name=LONG_NAME, email=f"referrer.{LONG_ADDRESS}")
    kind = ReferrerKind.EDUCATIONAL_SUPERVISOR
    for person in (referrer, fresh := factories.a_user(name="Robin Referrer")):
        factories.give(person, Role.REFERRER, referrer_kind=kind, school=school, employer=trust)
    cast = {
        "adviser": factories.a_user(Role.SENIOR_ADVISER, name="Alex Adviser"),
        "counsellor": counsellor,
        "quiet_counsellor": factories.a_user(Role.COUNSELLOR, name="Casey Counsellor"),
        "referrer": referrer,
        "fresh_referrer": fresh,
        "head": factories.a_head(school, name="Hilary Head"),
        "tsg": factories.a_user(Role.TSG, name="Sandy Support"),
        "trainee": factories.a_user(Role.TRAINEE, name="Toni Trainee"),
        "session_trainee": factories.a_user(Role.TRAINEE, name=LONG_NAME),
        "administrator": factories.a_user(Role.ADMINISTRATOR, name="Ash Administrator"),
        "second_administrator": factories.a_user(Role.ADMINISTRATOR, name="Billie Administrator"),
        "chair": factories.a_user(Role.MEETING_CHAIR, name="Charlie Chair"),
        "governance": factories.a_user(Role.GOVERNANCE, name="Glen Governance"),
        "complaints": factories.a_user(Role.COMPLAINTS, name="Carol Complaints"),
        "mentor": factories.a_user(Role.MENTOR, name="Morgan Mentor"),
        "progression": factories.a_user(Role.PROGRESSION, name="Perry Progression"),
        "rtt": factories.a_user(Role.RTT_TEAM, name="Rory Return"),
        "returner": factories.a_user(Role.RETURNER, name="Riley Returner"),
        "new_mentor": factories.a_user(Role.MENTOR, name="Noor Newcomer"),
    }
    week = (clock.today() + timedelta(days=10)).isoformat()
    world = World(cast, {"week": week, "school": school.public_id, "employer": trust.public_id})
    world.named["venue"] = factories.a_venue("St George’s Hospital Tooting").public_id
    with clock.at(clock.now() - timedelta(days=9)):
        _refer(world, school, trust)
        mailbox.refuse[f"lost.{LONG_ADDRESS}"] = "550 5.1.1 no such user"
        with app.app_context(), clock.at(clock.now() + timedelta(minutes=2)):
            delivery.send_due()
        mailbox.refuse.clear()
    _describe_work(world, trust)
    _administrate(world)
    _contract(world)
    _complain(world)
    # Long enough for a slow machine to look at every page; what was done twenty minutes ago stands.
    Setting.create(name="undo_seconds", value="1100")
    Setting.create(name="booking_hold_minutes", value="1440")
    _meet(world)
    _publish(world)
    _answer_guidance(world)
    _add_documents(world)
    _end(world, school, trust)
    _set_tasks(world)
    _hold_sessions(world)
    _ask(world)
    disclosed_pages.disclose(cast, world.named, trust, LONG_NAME, REQUEST)
    paired_pages.pair_up(cast, world.named, LONG_NAME, REQUEST)
    reviewer = reviewed_pages.Reviewer(cast, world.named, trust, LONG_NAME, REQUEST)
    reviewer.review()
    followed_pages.Follower(reviewer).follow()
    prepared_pages.Preparer(cast, world.named, LONG_NAME, REQUEST).prepare()
    returning_pages.come(cast, world.named, LONG_NAME, REQUEST)
    matched_pages.match(cast, world.named, LONG_NAME)
    _hold(world)
    _retain(world)
    with clock.at(clock.now() - timedelta(seconds=20)):
        actions.assign(_named(world, "undoable"), counsellor, cast["adviser"], 1)
    return world


def _answer_guidance(world: World) -> None:
    """A page in a version of its own; comments with a name, without one, and dealt with."""
    page = guidance.guide().pages["services/mentoring"]
    by = world.people["rtt"]
    page = writing_guidance.publish(page, page.title, LONG_NAME, page.slug, page.reviewed, page.body, by, 0)
    activity = guidance.guide().pages["progression/action-plans"]
    writing_guidance.keep(activity, "one-real-objective", True, REQUEST, world.people["adviser"], 0)
    for words in (REQUEST, "Thank you."):
        writing_guidance.comment(page, words, world.people["tsg"])
    writing_guidance.deal_with(GuidanceComment.select().order_by(GuidanceComment.public_id).get(), by)
    writing_guidance.comment(page, REQUEST, None)
    guidance_due.deliver(clock.start_of(clock.today() + timedelta(days=1)) + timedelta(hours=12))


def _publish(world: World) -> None:
    """Six quarters of figures, some of them hidden."""
    with db.atomic():
        reports.publish(Random(7))  # noqa: S311
    quarters = reports.past_quarters()
    world.named |= {
        "first_quarter": quarters[0].begins_on.isoformat(),
        "quarter": quarters[-1].begins_on.isoformat(),
    }


def _refer(world: World, school: Any, trust: Any) -> None:
    cast = world.people

    def refer(name: str, **written: Any) -> Referral:
        usual = {"school": school, "employer": trust, "request": REQUEST}
        referral = factories.a_referral(**({"by": cast["referrer"]} | usual | written))
        world.named[name] = referral.public_id
        return referral

    _crowd(factories.a_referral(cast["fresh_referrer"], employer=trust))
    waiting = refer("waiting", trainee_name=LONG_NAME, trainee_email=LONG_ADDRESS, wider_concerns=True)
    refer("again", trainee_name=LONG_NAME, trainee_email=LONG_ADDRESS, by=cast["fresh_referrer"])
    refer("plain", trainee_name=HEBREW, school=None)
    refer("undoable", trainee_name="Una Undo")
    refer("lost", trainee_name="Lou Lost", trainee_email=f"lost.{LONG_ADDRESS}", request="x" * 400)
    assigned = refer("assigned", trainee_email=cast["trainee"].email, wider_concerns=True)
    actions.accept(assigned, by=cast["trainee"])
    actions.assign(assigned, cast["counsellor"], cast["adviser"], 2)
    actions.release(
        assigned, ReleaseChoice.WORDS, "Support is in place. Keep your regular contact going.", cast["head"]
    )
    fact = refer("fact", trainee_name=HEBREW, trainee_email="hebrew@trainee.example", wider_concerns=True)
    actions.release(fact, ReleaseChoice.FACT, "", cast["head"])
    closed = refer("closed", wider_concerns=True)
    actions.close(closed, Ending.LEFT_PROGRAMME, cast["adviser"], 1)
    with clock.at(clock.now() + timedelta(days=9)):
        for name, referral in {"link": waiting, "link_assigned": assigned, "link_closed": closed}.items():
            world.named[name] = _link(referral)
    with clock.at(clock.now() - timedelta(days=90)):
        world.named["link_old"] = _link(waiting)
    drafts.save(cast["referrer"], {"trainee_name": "Imran", "request": "Would like", "employer": "", "school": ""})


def _link(referral: Referral) -> str:
    """The token of a fresh personal link of this referral's trainee."""
    return links.make(LinkPurpose.REFERRED_TRAINEE, referral.trainee_name, referral.trainee_email, referral=referral)


def _crowd(like: Referral) -> None:
    """Fifty more rows for the inbox, and no letters."""
    columns = {name: value for name, value in like.__data__.items() if name not in ("id", "public_id")}
    for number in range(50):
        referral = Referral(**columns | {"trainee_name": f"Trainee Number {number}"})
        for column, value in search.columns(referral).items():
            setattr(referral, column, value)
        referral.save(force_insert=True)


def _named(world: World, name: str) -> Referral:
    return Referral.get(Referral.public_id == world.named[name])


def _describe_work(world: World, trust: Any) -> None:
    counsellor, today = world.people["counsellor"], clock.today()
    work.see_trainees_at(counsellor, [factories.a_venue("HEKSS"), factories.a_venue("Guy’s Hospital")])
    work.be_away(counsellor, today + timedelta(days=3), today + timedelta(days=9))
    work.declare_conflict(counsellor, trainee_email=LONG_ADDRESS)
    work.declare_conflict(counsellor, employer=factories.an_employer())


def _administrate(world: World) -> None:
    administrator = world.people["administrator"]
    invited = people.invite(f"invited.{LONG_ADDRESS}", LONG_NAME, "", [RoleWanted(Role.MENTOR)], by=administrator)
    world.named["invited"] = invited.public_id
    world.named["colleague"] = world.people["counsellor"].public_id
    world.named["me"] = administrator.public_id
    disabled = factories.a_user(Role.MENTOR, name="Dana Disabled")
    people.disable(disabled, by=administrator, expected_version=1)
    world.named["disabled"] = disabled.public_id
    people.give_role(administrator, RoleWanted(Role.SENIOR_ADVISER), by=administrator, expected_version=1)
    world.named["invitation"] = account_links.make(AccountLinkPurpose.INVITATION, invited)


def _ask(world: World) -> None:
    """One open question, one answered with a name, and enough answers of last month for figures."""
    assigned = _named(world, "assigned")
    world.named["ask"] = feedback.ask(assigned).public_id
    answered = FeedbackAsk.create(survey=FURTHER_ON.name, referral=assigned)
    feedback.give(answered, {"further_on": "somewhat", "words": REQUEST}, with_name=True)
    world.named["answered_ask"] = answered.public_id
    with clock.at(clock.now() - timedelta(days=32)):
        for number, referral in enumerate(Referral.select().order_by(Referral.id).limit(60)):
            choice = "no" if number % 20 == 0 else "yes"
            one = FeedbackAsk.create(survey=FURTHER_ON.name, referral=referral)
            feedback.give(one, {"further_on": choice, "words": "" if number % 9 else f"{LONG_ADDRESS} {HEBREW}"}, False)
        feedback_due.empty_boxes(clock.now())


def _hold(world: World) -> None:
    """Requests for what is held about somebody: being gathered, to review with one row withheld, given."""
    trainee, by, made = world.people["trainee"], world.people["governance"], {}
    with clock.at(clock.now() - timedelta(days=60)):
        old = subject_access.open_request(LONG_NAME, trainee.email, "Long ago", clock.today(), by)
        subject_access.gather_due()
        subject_access.release(SubjectAccess.get_by_id(old.id), by)
    letter = Notice.get(Notice.kind == "access_ready").text
    world.named["access_link_old"] = letter.split("/subject-access/mine/")[1].split()[0]
    for name in ("to_review", "given", "gathering"):
        made[name] = subject_access.open_request(LONG_NAME, trainee.email, f"{name} {HEBREW}", clock.today(), by)
        world.named[f"access_{name}"] = made[name].public_id
        if name != "gathering":
            subject_access.gather_due()
    items = list(subject_access.given(made["to_review"]).limit(2))
    subject_access.withhold(items[0], REQUEST, 1, by)
    world.named["access_item"] = items[1].public_id
    subject_access.withhold_part(items[1], next(iter(held.content_of(items[1]))), "", REQUEST[:200], 1, by)
    subject_access.release(SubjectAccess.get_by_id(made["given"].id), by)
    letter = Notice.select().where(Notice.kind == "access_ready").order_by(Notice.id.desc()).get().text
    world.named["access_link"] = letter.split("/subject-access/mine/")[1].split()[0]


def _retain(world: World) -> None:
    """A schedule of long ago, a record that is held, and certificates of what was destroyed."""
    by = world.people["governance"]
    with clock.at(clock.now() - timedelta(days=900)):
        schedule.change({kind.key: number for number, kind in enumerate(KINDS, 12)}, 0, by)
    world.named["hold"] = retention.hold(_named(world, "assigned"), REQUEST[:290], by).public_id
    for kind, records in (("case", 2), ("answer", None)):
        made = Disposal.create(
            kind=kind, months=96, schedule_version=1, before=clock.today(), disposed_at=clock.now(), records=records,
            rows_json='{"event": 40, "referral": 2}' if records else "{}",
            references_json='["bcdfghjk", "mnpqrtvw"]' if records else "[]",
        )  # fmt: skip
        world.named[f"certificate_{kind}"] = made.public_id


def _hold_sessions(world: World) -> None:
    """A case whose second session runs, a colleague who stands in, an adviser who reads; and a first session just begun."""
    cast, counsellor = world.people, world.people["counsellor"]
    with clock.at(clock.now() - timedelta(hours=4)):
        case = factories.a_case(
            counsellor,
            cast["adviser"],
            by=cast["referrer"],
            trainee_name=LONG_NAME,
            trainee_email=cast["session_trainee"].email,
        )
    answers = {"now": REQUEST, "hopes": LONG_ADDRESS, "tried": "", "practical": HEBREW}
    sessions.fill_in(case, answers, 0, cast["session_trainee"])
    with clock.at(clock.now() - timedelta(hours=3)):
        finished = factories.a_session(case, counsellor)
        _write(finished, counsellor)
        sessions.explain(finished, counsellor)
    sessions.finish(CareersSession.get_by_id(finished.id), counsellor)
    with clock.at(clock.now() - timedelta(minutes=22)):
        running = factories.a_session(Referral.get_by_id(case.id), counsellor)
        _write(running, counsellor)
    until = clock.today() + timedelta(days=9)
    record_access.cover(case, cast["quiet_counsellor"], until, REQUEST, cast["adviser"])
    record_access.state_reason(case, LONG_ADDRESS, cast["adviser"])
    with clock.at(clock.now() - timedelta(hours=4)):
        first_case = factories.a_case(counsellor, cast["adviser"], by=cast["referrer"], trainee_name=HEBREW)
    world.named |= {
        "session_case": case.public_id, "session_link": _link(case), "finished": finished.public_id,
        "running": running.public_id, "running_meeting": running.meeting.public_id,
        "first_session": factories.a_session(first_case, counsellor).public_id,
    }  # fmt: skip


def _write(session: CareersSession, by: User) -> None:
    """Something in everything that can be written in a session."""
    for passage in Passage:
        writing.write(session, passage, REQUEST, 0, by)
    first, second, third, _ = (
        writing.raise_issue(session, f"{words} {session.id}", by)
        for words in ("Moving north", LONG_ADDRESS, HEBREW, "Exams")
    )
    writing.focus_on(session, first, "", by)
    writing.focus_on(session, second, "x" * 300, by)
    writing.park(session, third, clock.today() + timedelta(days=30), by)
    for words in ("A year out", LONG_ADDRESS, "x" * 200):
        option = writing.add_option(session, words, by)
        writing.weigh(option, words, REQUEST, HEBREW, 1, by)
    sessions.touch_stages(session, list(PlanningStage)[:2], PlanningStage.SELF_ASSESSMENT, by)
    plan = tasks.of_case(Referral.get_by_id(session.referral_id))
    tasks.add(plan, f"Ring {LONG_ADDRESS}", clock.today() + timedelta(days=14), by, session=session, supporter=by)


def _set_tasks(world: World) -> None:
    """Four of the trainee's: one done, one late, one moved and spoken of, one without an end to its words."""
    referral, counsellor, today = _named(world, "assigned"), world.people["counsellor"], clock.today()
    plan = tasks.of_case(referral)
    with clock.at(clock.now() - timedelta(days=5)):
        late = tasks.add(plan, f"Ask {HEBREW} about {LONG_ADDRESS}", today - timedelta(days=2), counsellor)
        done = tasks.add(plan, "x" * 500, today + timedelta(days=2), counsellor, supporter=counsellor)
        moved = tasks.add(plan, REQUEST, today, counsellor, review_on=today + timedelta(days=60))
    tasks.mark(done, ObjectiveState.MET, world.people["trainee"])
    tasks.redate(moved, today + timedelta(days=30), REQUEST, world.people["trainee"])
    tasks.comment(moved, "Well on the way.", counsellor)
    world.named |= {"task": moved.public_id, "late_task": late.public_id, "done_task": done.public_id}


def _complain(world: World) -> None:
    """One complaint in mid-life, of which the counsellor was told something; one that is to be answered."""
    handler = world.people["complaints"]
    for name in ("complaint", "complaint_answering"):
        made = complaints.complain(f"{name}: {REQUEST}", LONG_NAME, [], world.people["mentor"])
        complaints.move_on(made, ComplaintState.ACKNOWLEDGED, handler, 1)
        world.named[name] = made.public_id
        if name == "complaint_answering":
            complaints.move_on(made, ComplaintState.LOOKED_INTO, handler, 2)
        else:
            complaints.note(made, REQUEST, handler)
            told = complaints.disclose(made, world.people["counsellor"], "", REQUEST, "To hear both.", handler)
            world.named["disclosure"] = told.public_id


def _contract(world: World) -> None:
    """Third parties that pay: one contract in force, which names a case, and a draft."""
    by, payer = world.people["administrator"], f"Foundation of {LONG_NAME}"
    drawn = {
        name: statements.draw_up(f"{payer}, {name}", None, REQUEST, [Service.SESSIONS], by)
        for name in ("contract", "draft")
    }
    ethics = statement_queries.now(StatementKind.ETHICS)
    statements.acknowledge(drawn["contract"], ethics.public_id, LONG_NAME, clock.today(), by, 1)
    statements.name_case(drawn["contract"], _named(world, "assigned"), by)
    world.named["contract"], world.named["draft_contract"] = drawn["contract"].public_id, drawn["draft"].public_id
    world.named["statement"] = Statement.get((Statement.kind == "confidentiality") & (Statement.number == 1)).public_id


def _meet(world: World) -> None:
    """A counsellor's hours; a meeting that is booked, one that is kept for somebody; one of a group, and one asked for."""
    cast, in_five_days = world.people, clock.today() + timedelta(days=5)
    counsellor, chair = cast["counsellor"], cast["chair"]
    for day in range(10, 40):
        hours.add(
            counsellor, weekday=0, day=clock.today() + timedelta(days=day), begins=time(9), ends=time(12), minutes=60,
            gap_minutes=0, mode=Mode.FACE_TO_FACE, venue=Venue.get(Venue.name == "HEKSS"),
        )  # fmt: skip
    for name in ("met", "kept"):
        with clock.at(clock.now() - timedelta(minutes=20)):
            referral = factories.a_referral(cast["referrer"], trainee_name=f"{name.capitalize()} {LONG_NAME}")
            actions.assign(referral, counsellor, cast["adviser"], 1)
        world.named[f"{name}_referral"], world.named[f"{name}_link"] = referral.public_id, _link(referral)
        free = meetings.free_times_of(counsellor, [Mode.FACE_TO_FACE])[0]
        held = booking.hold(
            referral, booking.Wanted(free.begins, free.ends, Mode(free.mode), free_at(free)), by=counsellor
        )
        world.named[name] = held.public_id
        if name == "met":
            booking.confirm(held, by=counsellor, on_request=True)
    asked = [
        polls.Asked("Sandy Support", cast["tsg"].email, True),
        polls.Asked(LONG_NAME, f"asked.{LONG_ADDRESS}", False),
    ]
    times = [clock.start_of(in_five_days) + timedelta(hours=hour) for hour in (10, 11, 14)]
    fixed = polls.ask(chair, "Support meeting", 60, times[:1], asked, in_five_days, shows_others=True)
    world.named["group"] = polls.fix(fixed, fixed.times.get(), chair, fixed.version).public_id
    world.named["fixed_poll"] = fixed.public_id
    open_poll = polls.ask(chair, f"Support for {LONG_NAME}", 60, times[1:], asked, in_five_days, shows_others=True)
    world.named["poll"] = open_poll.public_id
    person = PollPerson.get((PollPerson.poll == open_poll) & PollPerson.user.is_null())
    world.named["poll_link"] = links.make(LinkPurpose.POLL, person.name, person.email, poll_person=person)
    world.named["feed"] = feeds.make(counsellor)


def _end(world: World, school: Any, trust: Any) -> None:
    """Cases in the middle, complete, reminded of twice, and ended another way; one employer has nobody on record."""
    cast = world.people
    nobody = factories.an_employer("Downland Practice")

    def case(name: str, held: int, days_ago: int = 1, **written: Any) -> Referral:
        usual: dict[str, Any] = {"school": school, "employer": trust, "request": REQUEST}
        with clock.at(clock.now() - timedelta(days=days_ago)):
            referral = factories.a_referral(**({"by": cast["fresh_referrer"]} | usual | written))
            actions.assign(referral, cast["counsellor"], cast["adviser"], referral.version)
            with clock.at(clock.now() + timedelta(minutes=20)):
                referral = factories.sessions_held(referral, held)
        world.named[name], world.named[f"{name}_link"] = referral.public_id, _link(referral)
        return referral

    case("begun", 1, trainee_name=LONG_NAME)
    case("begun_own", 1, trainee_email=cast["trainee"].email)
    case("complete", 2, trainee_name=f"Coming {LONG_NAME}")
    case("complete_own", 2, trainee_email=cast["trainee"].email, by=factories.a_referrer(), school=None)
    case("no_contact", 2, employer=nobody)
    case("reminded", 2, days_ago=15)
    completion_due.remind(clock.now())
    told = case("told", 2)
    completion.tell(told, {Party.REFERRER, Party.HEAD}, by=links.find(world.named["told_link"]))
    stopped = case("stopped", 1)
    actions.stop(stopped, by=links.find(world.named["stopped_link"]))
    finished = case("finished", 2)
    completion.finish(finished, cast["counsellor"], finished.version)


def _add_documents(world: World) -> None:
    """A case with long names, something of everybody's, and the line of what was removed."""
    cast = world.people
    with clock.at(clock.now() - timedelta(minutes=20)):
        referral = factories.a_referral(cast["referrer"], trainee_name=LONG_NAME)
        actions.assign(referral, cast["counsellor"], cast["adviser"], 1)
        token = world.named["with_documents_link"] = _link(referral)
        link = links.find(token)
        assert link is not None
        actions.accept(Referral.get_by_id(referral.id), by=link)
    referral = Referral.get_by_id(referral.id)
    world.named["with_documents"] = referral.public_id
    files.add(referral, FileKind.CV, f"{LONG_NAME} CV {'x' * 60}.docx", docx(), link)
    files.add(referral, FileKind.TEST_RESULTS, "MBTI.pdf", pdf(), cast["counsellor"], is_shared=True)
    files.remove(files.add(referral, FileKind.OTHER, "Letter.pdf", pdf(), cast["counsellor"]), cast["counsellor"])


def free_at(free: FreeTime) -> Venue | None:
    return Venue.get_or_none(Venue.public_id == free.venue)


def add_failures(app: Flask) -> None:
    """Addresses at which each refusal of the site can be seen."""
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def fail(code: int) -> str:
        if code == 409:
            raise RuleBroken("Somebody else was faster. Your choice was not saved.")
        if code == 500:
            raise RuntimeError("A fault of ours.")
        if code == 599:
            raise CannotUnseal("The key is gone.")
        if code == 503:
            raise OperationalError("database is locked")
        abort(code)

    app.add_url_rule("/fails/<int:code>", "fails", public(fail), methods=["GET", "POST"])


# What is seen

REFERRAL = {
    "trainee_name": LONG_NAME,
    "trainee_email": f"new.{LONG_ADDRESS}",
    "request": REQUEST,
    "wider_concerns": "yes",
}

PREPARED = "/progression/meetings/{support_prepared}"
BY_PREPARED_LINK = "/progression/links/{prepared_link}/meetings/{support_prepared}"

VIEWS = [
    # Guidance: every page that comes with Signpost, and the contents
    View("guidance", NOBODY, "/guidance"),
    View("guidance, signed in", "mentor", "/guidance"),
    *(View(f"guidance of {module}", NOBODY, f"/guidance/{module}") for module in MODULES),
    *(View(f"guidance {key.replace('/', ' ')}", NOBODY, f"/guidance/{key}") for key in guidance.files(guidance.FOLDER)),
    View("search, found", NOBODY, "/guidance/search?q=mentor", says="Search"),
    View("search, records too", "adviser", "/guidance/search?q=would", says="Referrals"),
    View("search, of every kind", "progression", "/guidance/search?q=wilhelmina", says="Reviews of progression"),
    View("search, nothing of theirs", "adviser", "/guidance/search?q=elephants", says="Nothing that you may see"),
    View("search, nothing", NOBODY, "/guidance/search?q=elephants", says="Nothing in the guidance"),
    View("search, nothing asked", NOBODY, "/guidance/search"),
    View("comment", NOBODY, "/guidance/services/careers/comments"),
    View("comment, signed in", "mentor", "/guidance/services/careers/comments", says="Do you want to give your name?"),
    View("comment, nothing entered", "mentor", "/guidance/services/careers/comments", "Send your comment", status=422),
    View("comment on the glossary", NOBODY, "/guidance/glossary/comments"),
    View("comment sent", NOBODY, "/guidance/comments/sent"),
    View("guidance, with an activity", "adviser", "/guidance/progression/action-plans", says="Your own note"),
    View("guidance, note too long", "adviser", "/guidance/progression/action-plans", "Save your note", {"one-real-objective-reflection": "x" * 4001}, 422),
    View("guidance, owner", "governance", "/guidance/services/careers", says="Change this page"),
    View("change a page", "governance", "/guidance/services/careers/edit"),
    View("change a page, preview", "governance", "/guidance/services/careers/edit", "Preview", {"body": EVERYTHING}, says="These links lead nowhere"),
    View("change a page, no words", "governance", "/guidance/services/careers/edit", "Preview", {"body": ""}, 422),
    View("change the glossary", "governance", "/guidance/glossary/edit"),
    View("versions of a page", "governance", "/guidance/services/mentoring/versions", says="this one stands"),
    View("version 0 of a page", "governance", "/guidance/services/mentoring/versions/file", says="Publish this version again"),
    View("versions of the glossary", "governance", "/guidance/glossary/versions"),
    View("comments on guidance", "governance", "/guidance/comments", says="without a name"),
    View("comments on guidance, none", "progression", "/guidance/comments", says="No comment waits"),
    # Complaints
    View("complaints, handler", "complaints", "/complaints"),
    View("complaints, one's own", "mentor", "/complaints", says="What you wrote on"),
    View("complaints, told something", "counsellor", "/complaints", says="What you were told"),
    View("make a complaint", "referrer", "/complaints/new"),
    View("make a complaint, nothing entered", "referrer", "/complaints/new", "Send the complaint", status=422),
    View("make a complaint, by link", NOBODY, "/links/{link_assigned}/complaints"),
    View("complaint, handler", "complaints", "/complaints/{complaint}"),
    View("complaint, no note", "complaints", "/complaints/{complaint}", "Keep the note", status=422),
    View("complaint, answering", "complaints", "/complaints/{complaint_answering}", says="Send the answer"),
    View("complaint, no answer", "complaints", "/complaints/{complaint_answering}", "Send the answer", status=422),
    View("complaint, complainant", "mentor", "/complaints/{complaint}"),
    View("complaint, disclosure", "complaints", "/complaints/{complaint}/disclosure"),
    View("complaint, disclosure, checked", "complaints", "/complaints/{complaint}/disclosure", "Check what they are told", {"name": LONG_NAME, "words": REQUEST, "why": "To hear both."}, says="is told this by you"),
    View("complaint, disclosure, nothing entered", "complaints", "/complaints/{complaint}/disclosure", "Check what they are told", status=422),
    View("complaint, handlers", "complaints", "/complaints/{complaint}/handlers"),
    View("complaint, handlers, nothing chosen", "complaints", "/complaints/{complaint}/handlers", "Change", status=422),
    View("complaint, what one was told", "counsellor", "/complaints/disclosures/{disclosure}"),
    # The audit
    View("audit", "governance", "/audit"),
    View("audit, searched", "governance", "/audit?person=Adviser&action=referral.assigned"),
    View("audit, nothing fits", "governance", "/audit?reference=K4TX-29BD", says="No entry fits"),
    View("audit, verified", "governance", "/audit", "Verify now", says="The audit holds"),
    # Statements and contracts
    View("statements", NOBODY, "/statements"),
    View("statements, editor", "administrator", "/statements"),
    View("statement of service", NOBODY, "/statements/service"),
    View("confidentiality statement, editor", "administrator", "/statements/confidentiality"),
    View("confidentiality statement, earlier version", NOBODY, "/statements/confidentiality/{statement}", says="This is version 1"),
    View("privacy notice", NOBODY, "/statements/privacy"),
    View("accessibility statement", NOBODY, "/statements/accessibility"),
    View("statement of ethics", NOBODY, "/statements/ethics"),
    View("write a statement", "administrator", "/statements/service/edit"),
    View("write a statement, preview", "administrator", "/statements/service/edit", "Preview", says="This is how version"),
    View("write a statement, no words", "administrator", "/statements/service/edit", "Preview", {"words": ""}, 422),
    View("contracts", "administrator", "/statements/contracts"),
    View("contracts, none", "mentor", "/statements/contracts", says="There are no contracts"),
    View("contract", "administrator", "/statements/contracts/{contract}"),
    View("contract, trainee", "trainee", "/statements/contracts/{contract}"),
    View("contract, by link", NOBODY, "/links/{link_assigned}/contracts/{contract}"),
    View("contract, draft", "administrator", "/statements/contracts/{draft_contract}"),
    View("draw up a contract", "administrator", "/statements/contracts/new"),
    View("draw up a contract, nothing entered", "administrator", "/statements/contracts/new", "Save the draft", status=422),
    View("change a contract", "administrator", "/statements/contracts/{draft_contract}/change"),
    View("accept the ethics", "administrator", "/statements/contracts/{draft_contract}/acknowledgement"),
    View("accept the ethics, nothing entered", "administrator", "/statements/contracts/{draft_contract}/acknowledgement", "They accepted it", status=422),
    View("name a case", "administrator", "/statements/contracts/{contract}/cases"),
    View("name a case, unknown", "administrator", "/statements/contracts/{contract}/cases", "Name this case", {"reference": "K4TX-29BD"}, 422),
    # Signing in
    View("sign in", NOBODY, "/sign-in"),
    View("sign in, nothing entered", NOBODY, "/sign-in", "Sign in", status=422),
    View("sign in, wrong", NOBODY, "/sign-in", "Sign in", {"email": "a@b.example", "password": "wrong"}, 422),
    View("help with signing in", NOBODY, "/sign-in/help"),
    View("help with signing in, nothing entered", NOBODY, "/sign-in/help", "Send me a link", status=422),
    View("help sent", NOBODY, "/sign-in/help/sent"),
    View("choose a password", NOBODY, "/sign-in/password/{invitation}"),
    View("choose a password, too short", NOBODY, "/sign-in/password/{invitation}", "Choose this password", {"new_password": "x"}, 422),
    View("choose a password, link over", NOBODY, "/sign-in/password/{link}", status=410),
    View("password chosen", NOBODY, "/sign-in/password-chosen"),
    View("signed out", NOBODY, "/signed-out"),
    View("help", NOBODY, "/help"),
    # The start page, by role
    View("start, adviser", "adviser", "/"),
    View("start, counsellor", "counsellor", "/"),
    View("start, referrer", "referrer", "/"),
    View("start, head", "head", "/"),
    View("start, TSG", "tsg", "/"),
    View("start, trainee", "trainee", "/"),
    View("start, administrator", "administrator", "/"),
    View("start, nothing waits", "new_mentor", "/", says="Nothing waits for you"),
    # One's own account and work
    View("account", "referrer", "/account"),
    View("change password", "mentor", "/account/password"),
    View("change password, nothing entered", "mentor", "/account/password", "Change password", status=422),
    View("work", "counsellor", "/account/work"),
    View("work, empty", "quiet_counsellor", "/account/work"),
    View("places", "counsellor", "/account/work/places"),
    View("absences", "counsellor", "/account/work/absences"),
    View("absences, nothing entered", "counsellor", "/account/work/absences", "Save", status=422),
    View("conflicts", "counsellor", "/account/work/conflicts"),
    View("conflicts, nothing chosen", "counsellor", "/account/work/conflicts", "Declare", status=422),
    # Referring
    View("referral form", "fresh_referrer", "/referrals/new"),
    View("referral form, draft", "referrer", "/referrals/new"),
    View("referral form, errors", "referrer", "/referrals/new", "Check what will be sent", {"trainee_email": "no"}, 422),
    View("check what is sent", "fresh_referrer", "/referrals/new", "Check what will be sent", REFERRAL),
    View("check, again", "fresh_referrer", "/referrals/new/check"),
    View("referral sent", "referrer", "/referrals/{waiting}/sent"),
    View("referrals, referrer", "fresh_referrer", "/referrals"),
    View("referrals, counsellor", "counsellor", "/referrals"),
    View("referrals, head", "head", "/referrals"),
    View("referrals, trainee", "trainee", "/referrals"),
    View("referrals, none", "mentor", "/referrals", says="There are no referrals here"),
    View("add concerns", "referrer", "/referrals/{lost}/concerns"),
    View("add concerns, school not known", "referrer", "/referrals/{plain}/concerns"),
    View("add concerns, school chosen", "referrer", "/referrals/{plain}/concerns?school={school}"),
    View("withdraw", "referrer", "/referrals/{plain}/withdrawal"),
    # One referral, by reader
    View("referral, adviser, waiting", "adviser", "/referrals/{waiting}"),
    View("referral, adviser, undoable", "adviser", "/referrals/{undoable}", says="Undo this assignment"),
    View("referral, adviser, not delivered", "adviser", "/referrals/{lost}", says="no such address"),
    View("referral, adviser, closed", "adviser", "/referrals/{closed}"),
    View("referral, counsellor", "counsellor", "/referrals/{assigned}"),
    View("referral, head", "head", "/referrals/{waiting}"),
    View("referral, head, released", "head", "/referrals/{assigned}"),
    View("referral, referrer", "referrer", "/referrals/{plain}"),
    View("referral, TSG", "tsg", "/referrals/{assigned}"),
    View("referral, trainee", "trainee", "/referrals/{assigned}"),
    View("referral, trainee says no", "trainee", "/referrals/{assigned}/refusal"),
    # The personal link
    View("link, before", NOBODY, "/links/{link}"),
    View("link, assigned", NOBODY, "/links/{link_assigned}", says="Chris Counsellor will support you"),
    View("link, referral closed", NOBODY, "/links/{link_closed}"),
    View("link, too old", NOBODY, "/links/{link_old}", status=410),
    View("link, say no", NOBODY, "/links/{link}/refusal"),
    View("link, ask again", NOBODY, "/links/again"),
    View("link, ask again, nothing entered", NOBODY, "/links/again", "Send me a new link", status=422),
    View("link, on its way", NOBODY, "/links/on-its-way"),
    # Documents
    View("referral, documents", "counsellor", "/referrals/{with_documents}", says="removed on"),
    View("link, documents", NOBODY, "/links/{with_documents_link}", says="shared with you"),
    View("add a document", "counsellor", "/referrals/{with_documents}/documents/new"),
    View("add a document, nothing chosen", "counsellor", "/referrals/{with_documents}/documents/new", "Add this document", status=422),
    View("link, add a document", NOBODY, "/links/{with_documents_link}/documents/new"),
    View("a document that nobody can open", "counsellor", "/fails/599", status=503, says="does not have the key"),
    # The inbox
    View("inbox, full", "adviser", "/referrals/inbox"),
    View("inbox, panel", "adviser", "/referrals/inbox?open={waiting}"),
    View("inbox, all, later page", "adviser", "/referrals/inbox?view=all&after={plain}"),
    View("inbox, closed", "adviser", "/referrals/inbox?view=closed"),
    View("inbox, few", "adviser", "/referrals/inbox?q=wilhelmina"),
    View("inbox, empty", "adviser", "/referrals/inbox?view=new", says="Nothing here."),
    View("inbox, nothing matches", "adviser", "/referrals/inbox?q=nobody&concern=yes", says="Nothing here matches"),
    View("assign many, none chosen", "adviser", "/referrals/inbox/assignment"),
    View("assign many", "adviser", "/referrals/inbox/assignment?id={waiting}&id={assigned}"),
    View("close many", "adviser", "/referrals/inbox/closure?id={waiting}&id={closed}"),
    View("close many, chosen", "adviser", "/referrals/inbox/closure?id={waiting}&id={closed}&ending=unable_to_contact"),
    View("own views, none", "adviser", "/referrals/inbox/views"),
    View("own views, to keep", "adviser", "/referrals/inbox/views?address=/referrals/inbox?view=all"),
    View(
        "own views, no name", "adviser", "/referrals/inbox/views?address=/referrals/inbox?view=all", "Keep this view",
        status=422,
    ),
    View("assign", "adviser", "/referrals/{plain}/assignment"),
    View("assign, nobody chosen", "adviser", "/referrals/{waiting}/assignment"),
    View("change the counsellor", "adviser", "/referrals/{assigned}/assignment"),
    View(
        "change the counsellor, no reason", "adviser", "/referrals/{assigned}/assignment", "Change the counsellor",
        status=422,
    ),
    View("close", "adviser", "/referrals/{waiting}/closure"),
    View("close, no reason", "adviser", "/referrals/{waiting}/closure", "Close this referral", status=422),
    View("correct the address", "adviser", "/referrals/{lost}/address"),
    View(
        "correct the address, not one", "adviser", "/referrals/{lost}/address", "Correct the address", {"email": "no"}, 422
    ),
    # Messages
    View("messages", "adviser", "/notices"),
    View("messages, not delivered", "adviser", "/notices?show=failed"),
    View("messages, none", "quiet_counsellor", "/notices", says="Nothing to show here"),
    View("messages, in numbers", "administrator", "/notices"),
    # Head of school and TSG
    View("release", "head", "/referrals/{waiting}/release"),
    View("release, nothing chosen", "head", "/referrals/{waiting}/release", "Check what will be sent", status=422),
    View("release, again", "head", "/referrals/{assigned}/release"),
    View(
        "release, check", "head", "/referrals/{waiting}/release", "Check what will be sent",
        {"choice": "words", "words": "Support is in place."},
    ),
    View(
        "release, check nothing", "head", "/referrals/{waiting}/release", "Check what will be sent", {"choice": "nothing"}
    ),
    View("released", "tsg", "/referrals/released"),
    # The administrator
    View("people", "administrator", "/people"),
    View("people, nobody found", "administrator", "/people?q=nobody"),
    View("person", "administrator", "/people/{colleague}"),
    View("person, invited", "administrator", "/people/{invited}"),
    View("person, closed", "administrator", "/people/{disabled}"),
    View("invite", "administrator", "/people/new"),
    View("invite, nothing entered", "administrator", "/people/new", "Send invitation", status=422),
    View("change details", "administrator", "/people/{invited}/details"),
    View("change details, no name", "administrator", "/people/{invited}/details", "Save", {"name": ""}, 422),
    View("give a role", "administrator", "/people/{invited}/roles"),
    View("give a role, none chosen", "administrator", "/people/{me}/roles", "Ask for this role", status=422),
    View("roles asked for, by oneself", "administrator", "/people/roles-asked"),
    View("roles asked for", "second_administrator", "/people/roles-asked"),
    View("organisation", "administrator", "/organisation"),
    View("settings", "administrator", "/organisation/settings"),
    View("settings, nonsense", "administrator", "/organisation/settings", "Save settings", {"team_name": ""}, 422),
    View("add an employer", "administrator", "/organisation/employers/new"),
    View("add a school, no name", "administrator", "/organisation/schools/new", "Save", status=422),
    View("employer", "administrator", "/organisation/employers/{employer}"),
    View("school", "administrator", "/organisation/schools/{school}"),
    View("venue", "administrator", "/organisation/venues/{venue}"),
    # Reports
    View("reports", "governance", "/reports"),
    View("reports, schools", "governance", "/reports/referrals-by-school"),
    View("reports, employers", "adviser", "/reports/referrals-by-employer"),
    View("reports, one period", "rtt", "/reports/referrals-by-referrer?from={quarter}&to={quarter}"),
    View("reports, all periods", "progression", "/reports/sessions-by-mode?from={first_quarter}&to={quarter}"),
    # Meetings
    View("meetings", "counsellor", "/meetings"),
    View("meetings, week", "counsellor", "/meetings?week={week}"),
    View("meetings, none", "quiet_counsellor", "/meetings", says="You have no meetings"),
    View("meetings, day", "counsellor", "/meetings/day?on={week}"),
    View("meetings, feed", "chair", "/meetings", "Make a private address"),
    View("meeting", "counsellor", "/meetings/{met}"),
    View("meeting, group", "chair", "/meetings/{group}"),
    View("meeting, group, link is none", "chair", "/meetings/{group}", "Use this link", {"join_link": "no"}, 422),
    View("meeting, group, asked to come", "tsg", "/meetings/{group}"),
    View("meeting, new time", "chair", "/meetings/{group}/new-time"),
    View("meeting, cancel", "chair", "/meetings/{group}/cancellation"),
    View("meeting, confirm", "counsellor", "/meetings/{kept}/confirmation"),
    View("meeting, move", "counsellor", "/meetings/{met}/time"),
    View("meeting, times", "trainee", "/referrals/{assigned}/times"),
    View("meeting, times on request", "counsellor", "/referrals/{assigned}/times"),
    View("meeting, times, none chosen", "trainee", "/referrals/{assigned}/times", "Keep this time for me", status=422),
    View("meeting, arranged", "counsellor", "/referrals/{assigned}/arranged"),
    View("meeting, arranged, nothing", "counsellor", "/referrals/{assigned}/arranged", "Note this meeting", status=422),
    View("hours", "counsellor", "/meetings/hours"),
    View("hours, none", "quiet_counsellor", "/meetings/hours"),
    View("hours, how far ahead", "counsellor", "/meetings/hours/reach"),
    View("hours, how far ahead, nonsense", "counsellor", "/meetings/hours/reach", "Save", {"ahead_weeks": "99"}, 422),
    View("hours, new", "counsellor", "/meetings/hours/new"),
    View("hours, new, nothing entered", "counsellor", "/meetings/hours/new", "Add these hours", status=422),
    View("link, meeting", NOBODY, "/links/{met_link}", says="Chris Counsellor will support you"),
    View("link, times", NOBODY, "/links/{link_assigned}/times"),
    View("link, confirm", NOBODY, "/links/{kept_link}/meetings/{kept}/confirmation"),
    View("link, move", NOBODY, "/links/{met_link}/meetings/{met}/time"),
    # The end of a case
    View("link, part-way", NOBODY, "/links/{begun_link}", says="1 of 2 sessions held"),
    View("link, complete", NOBODY, "/links/{complete_link}", says="Tell them that your sessions are complete"),
    View("link, told", NOBODY, "/links/{told_link}", says="was told on"),
    View("link, finished", NOBODY, "/links/{finished_link}", says="let your employer"),
    View("tell, by link", NOBODY, "/links/{complete_link}/telling"),
    View("tell, nobody selected", NOBODY, "/links/{told_link}/telling", "Tell them that your sessions are complete", status=422),
    View("tell, no school", "trainee", "/referrals/{complete_own}/telling", says="We do not know which school is yours"),
    View("stop, by link", NOBODY, "/links/{begun_link}/stopping"),
    View("stop", "trainee", "/referrals/{begun_own}/stopping"),
    View("referral, complete, own", "trainee", "/referrals/{complete_own}", says="2 of 2 sessions held"),
    View("referral, complete, counsellor", "counsellor", "/referrals/{complete}", says="which closes the case"),
    View("referral, complete, adviser", "adviser", "/referrals/{told}", says="The trainee told the referrer"),
    View("referral, told, referrer", "fresh_referrer", "/referrals/{told}", says="Ended"),
    View("sessions agreed", "counsellor", "/referrals/{begun}/agreed-sessions"),
    View("sessions agreed, nothing entered", "counsellor", "/referrals/{begun}/agreed-sessions", "Save the number agreed", status=422),
    View("tell for the trainee", "counsellor", "/referrals/{reminded}/telling-for-trainee"),
    View("tell for the trainee, nothing entered", "counsellor", "/referrals/{reminded}/telling-for-trainee", "Send for the trainee", status=422),
    View("tell for the trainee, too soon", "counsellor", "/referrals/{complete}/telling-for-trainee", status=409),
    View("end notice", "counsellor", "/referrals/{complete}/end-notice"),
    View("end notice, nobody on record", "adviser", "/referrals/{no_contact}/end-notice", says="An administrator can add one"),
    View("end notice, no reason", "counsellor", "/referrals/{no_contact}/end-notice", "Close without telling the employer", status=422),
    View("end notice, stopped part-way", "adviser", "/referrals/{stopped}/end-notice"),
    View("end notice, too soon", "counsellor", "/referrals/{begun}/end-notice", status=409),
    View("consents, trainee", "trainee", "/consents"),
    View("consents, counsellor", "counsellor", "/consents"),
    View("consents, none", "mentor", "/consents", says="No consent was asked for yet"),
    View("consent, to sign", "trainee", "/consents/{unsigned_consent}", says="Type your name to sign"),
    View("consent, no name typed", "trainee", "/consents/{unsigned_consent}", "Sign", status=422),
    View("consent, sent, own", "trainee", "/consents/{sent_consent}", says="Withdraw this consent"),
    View("consent, unsigned, counsellor", "counsellor", "/consents/{unsigned_consent}", says="Nothing can be sent, or previewed"),
    View("consent, to send", "counsellor", "/consents/{signed_consent}", says="What is sent"),
    View("consent, sent, counsellor", "counsellor", "/consents/{sent_consent}"),
    View("ask for a consent", "counsellor", "/consents/cases/{begun_own}/new"),
    View("ask for a consent, nothing entered", "counsellor", "/consents/cases/{begun_own}/new", "Ask the trainee", status=422),
    View("disclosed", NOBODY, "/disclosed/{sent_consent_link}", says="and nobody else"),
    View("disclosed, withdrawn", NOBODY, "/disclosed/{withdrawn_consent_link}", status=410),
    View("what was told about you", "trainee", "/referrals/{begun_own}/disclosures", says="Disclosed in an emergency"),
    View("what was told about you, nothing", "trainee", "/referrals/{assigned}/disclosures", says="Your employer was asked nothing"),
    View("link, what was told", NOBODY, "/links/{begun_own_link}/disclosures"),
    View("link, consent", NOBODY, "/links/{begun_own_link}/consents/{unsigned_consent}"),
    View("link, consent, no name typed", NOBODY, "/links/{begun_own_link}/consents/{unsigned_consent}", "Sign", status=422),
    View("referral, disclosures, counsellor", "counsellor", "/referrals/{begun_own}", says="Where somebody’s safety"),
    View("question, to answer", "lead", "/information-requests/{question}", says="Your answer"),
    View("question, nothing answered", "lead", "/information-requests/{question}", "Answer", status=422),
    View("question, waits", "counsellor", "/information-requests/{question}", says="waits for an answer"),
    View("question, answered", "counsellor", "/information-requests/{answered_question}"),
    View("ask the employer", "counsellor", "/information-requests/cases/{begun}/new"),
    View("ask the employer, nothing entered", "counsellor", "/information-requests/cases/{begun}/new", "Ask", status=422),
    View("ask the employer, one waits", "counsellor", "/information-requests/cases/{begun_own}/new", status=409),
    View("start, career lead", "lead", "/", says="A question from the careers team"),
    View("break confidentiality", "counsellor", "/breaches/cases/{begun_own}/new"),
    View("break confidentiality, nothing entered", "counsellor", "/breaches/cases/{begun_own}/new", "Record this decision", status=422),
    View("break confidentiality, no law", "counsellor", "/breaches/cases/{begun_own}/new", "Record this decision",
         {"ground": "legal_requirement", "reason": "Why."}, 422, says="Name the law"),
    View("breach, decided", "counsellor", "/breaches/{decided_breach}", says="Opens when the trainee has been told"),
    View("breach, nothing said", "counsellor", "/breaches/{decided_breach}", "The trainee is told", status=422),
    View("breach, the words to check", "counsellor", "/breaches/{decided_breach}", "The trainee is told",
         {"how": "message", "words": "I am worried.\nPlease ring me."}, says="Nothing is sent yet"),
    View("breach, on its way", "counsellor", "/breaches/{on_its_way_breach}", says="counts as not told"),
    View("breach, told", "counsellor", "/breaches/{told_breach}", says="Tell the head of school"),
    View("breach, no concern entered", "counsellor", "/breaches/{told_breach}", "Check before sending", status=422),
    View("breach, contacted", "counsellor", "/breaches/{contacted_breach}", says="Close it"),
    View("breach, closed", "counsellor", "/breaches/{closed_breach}"),
    View("breach, called off", "counsellor", "/breaches/{called_off_breach}", says="Confidentiality stands"),
    View("concern", "head", "/breaches/{contacted_breach}/concern"),
    View("record an emergency", "counsellor", "/emergencies/cases/{begun_own}/new"),
    View("record an emergency, nothing entered", "counsellor", "/emergencies/cases/{begun_own}/new", "Record it", status=422),
    View("emergency, counsellor", "counsellor", "/emergencies/{emergency}", says="waits for a second member"),
    View("emergency, no way said", "counsellor", "/emergencies/{emergency}", "The trainee is told", status=422),
    View("emergency, no day entered", "counsellor", "/emergencies/{emergency}", "Look again then", status=422),
    View("emergency, second person", "adviser", "/emergencies/{emergency}", says="A second person looks at it"),
    View("emergency, nothing said", "adviser", "/emergencies/{emergency}", "Keep what you say", status=422),
    View("emergency, disputed", "counsellor", "/emergencies/{told_emergency}", says="disputed"),
    View("link, cancel", NOBODY, "/links/{met_link}/meetings/{met}/cancellation"),
    # Tasks
    View("careers sessions", "counsellor", "/careers-sessions", says="Not finished yet"),
    View("careers sessions, standing in", "quiet_counsellor", "/careers-sessions", says="You stand in"),
    View("careers sessions, own", "session_trainee", "/careers-sessions"),
    View("careers sessions, none", "mentor", "/careers-sessions", says="There are no sessions here yet"),
    View("session, running", "counsellor", "/careers-sessions/{running}", says="Since last time"),
    View("session, finished", "counsellor", "/careers-sessions/{finished}"),
    View("session, first", "counsellor", "/careers-sessions/{first_session}", says="I have explained this"),
    View("session, read for a reason", "adviser", "/careers-sessions/{finished}"),
    View("session, finish", "counsellor", "/careers-sessions/{running}/finish", says="Parked until the next session"),
    View("session, finish, not explained", "counsellor", "/careers-sessions/{first_session}/finish", says="Go to confidentiality"),
    View("session, summary", "session_trainee", "/careers-sessions/{finished}/summary"),
    View("record of a case", "counsellor", "/careers-sessions/cases/{session_case}"),
    View("record of a case, for a reason", "adviser", "/careers-sessions/cases/{session_case}"),
    View("record, ask for it", "adviser", "/careers-sessions/cases/{assigned}/access"),
    View("record, ask for it, no reason", "adviser", "/careers-sessions/cases/{assigned}/access", "Open the record", status=422),
    View("record, cover", "counsellor", "/careers-sessions/cases/{session_case}/cover"),
    View("record, cover, nothing entered", "counsellor", "/careers-sessions/cases/{session_case}/cover", "Ask them to cover", status=422),
    View("record, discussion form", "counsellor", "/careers-sessions/cases/{session_case}/form"),
    View("record, who looked", "session_trainee", "/careers-sessions/cases/{session_case}/readers", says="stands in for your counsellor"),
    View("before the first session", "trainee", "/careers-sessions/cases/{assigned}/discussion"),
    View("before the first session, too long", "trainee", "/careers-sessions/cases/{assigned}/discussion", "Save for my counsellor", {"now": "x" * 2001}, 422),
    View("case, counsellor, in session", "counsellor", "/referrals/{session_case}", says="Sessions and record"),
    View("case, standing in", "quiet_counsellor", "/referrals/{session_case}"),
    View("case, trainee, in session", "session_trainee", "/referrals/{session_case}", says="To come back to"),
    View("meeting, to open", "counsellor", "/meetings/{running_meeting}", says="Was it held?"),
    View("meeting, nobody said why not", "counsellor", "/meetings/{running_meeting}", "It did not take place", status=422),
    View("link, before the first session", NOBODY, "/links/{met_link}/discussion"),
    View("link, who looked", NOBODY, "/links/{session_link}/readers"),
    View("link, session", NOBODY, "/links/{session_link}/sessions/{finished}"),
    View("tasks", "trainee", "/plans", says="It was due on"),
    View("tasks, none", "mentor", "/plans"),
    View("tasks of a case, own", "trainee", "/referrals/{assigned}/tasks"),
    View("tasks of a case, staff", "counsellor", "/referrals/{assigned}/tasks"),
    View("tasks of a case, none", "counsellor", "/referrals/{met_referral}/tasks"),
    View("task", "trainee", "/tasks/{task}", says="Well on the way."),
    View("task, late", "trainee", "/tasks/{late_task}"),
    View("task, done", "trainee", "/tasks/{done_task}", says="Open it again"),
    View("task, staff", "counsellor", "/tasks/{task}"),
    View("task, another date, nothing entered", "trainee", "/tasks/{task}", "Change the date", status=422),
    View("task, no comment", "trainee", "/tasks/{task}", "Add the comment", status=422),
    View("link, task", NOBODY, "/links/{link_assigned}/tasks/{task}"),
    View("link, task, nothing entered", NOBODY, "/links/{link_assigned}/tasks/{task}", "Change the date", status=422),
    # Feedback
    View("feedback", "adviser", "/feedback", says="In no order"),
    View("feedback, answer", "trainee", "/feedback/{ask}"),
    View("feedback, nothing selected", "trainee", "/feedback/{ask}", "Send my answer", status=422),
    View("feedback, answered", "trainee", "/feedback/{answered_ask}", says="There is nothing more to do"),
    View("feedback of a case", "counsellor", "/referrals/{assigned}/feedback", says="To some extent"),
    View("feedback of a case, none", "counsellor", "/referrals/{met_referral}/feedback"),
    View("link, feedback", NOBODY, "/links/{link_assigned}/feedback/{ask}"),
    View("link, feedback, nothing selected", NOBODY, "/links/{link_assigned}/feedback/{ask}", "Send my answer", status=422),
    # Finding a time
    View("subject access", "governance", "/subject-access"),
    View("subject access, nothing entered", "governance", "/subject-access", "Gather what is held", status=422),
    View("subject access, gathering", "governance", "/subject-access/{access_gathering}", says="Gathering"),
    View("subject access, to review", "governance", "/subject-access/{access_to_review}", says="is withheld"),
    View("subject access, given", "governance", "/subject-access/{access_given}", says="Given by a link"),
    View("subject access, review", "governance", "/subject-access/{access_to_review}/review", says="Withheld"),
    View("subject access, row", "governance", "/subject-access/{access_to_review}/items/{access_item}"),
    View("subject access, row, words of no field", "governance", "/subject-access/{access_to_review}/items/{access_item}", "Withhold it", {"words": "Nobody", "why": REQUEST[:200]}, says="Select the field", status=422),
    View("subject access, row, no reason", "governance", "/subject-access/{access_to_review}/items/{access_item}", "Withhold it", status=422),
    View("retention", "governance", "/retention?on=2999-01-01", says="What falls due"),
    View("retention, of complaints", "complaints", "/retention"),
    View("retention, schedule", "governance", "/retention/schedule"),
    View("retention, schedule, nonsense", "governance", "/retention/schedule", "Save the schedule", {"case": "5000"}, status=422),
    View("retention, hold", "governance", "/retention/holds"),
    View("retention, hold, nothing entered", "governance", "/retention/holds", "Hold it", status=422),
    View("retention, certificate", "governance", "/retention/certificates/{certificate_case}"),
    View("retention, certificate without a number", "governance", "/retention/certificates/{certificate_answer}", says="Not counted"),
    View("subject access, mine", NOBODY, "/subject-access/mine/{access_link}"),
    View("subject access, over", NOBODY, "/subject-access/mine/{access_link_old}", status=410),

    View("polls", "chair", "/polls"),
    View("polls, asked", "tsg", "/polls"),
    View("polls, none", "mentor", "/polls"),
    View("start, progression team", "progression", "/", says="to decide about"),
    View("start, director", "director", "/", says="to decide about"),
    View("start, training officer", "officer", "/", says="A support call is offered"),
    View("start, university", "university", "/", says="A support meeting you are invited to"),
    View("reviews", "progression", "/progression", says="the oldest outcome first"),
    View("reviews, closed", "progression", "/progression?show=closed"),
    View("reviews, none", "mentor", "/progression", says="There is no review here for you"),
    View("reviews, university", "university", "/progression", says="Meetings you are invited to"),
    View("reviews, officer", "officer", "/progression"),
    View("record a review", "progression", "/progression/reviews/new"),
    View("record a review, empty", "progression", "/progression/reviews/new", "Record the review", status=422),
    View("review, undecided", "progression", "/progression/reviews/{review_undecided}", says="The School has not decided yet"),
    View("review, director", "director", "/progression/reviews/{review_undecided}", says="Decide what follows"),
    View("review, closed", "progression", "/progression/reviews/{review_closed}", says="It was Outcome 3"),
    View("review, call to offer", "progression", "/progression/reviews/{review_call_to_offer}"),
    View("review, call offered", "scientist", "/progression/reviews/{review_call_offered}", says="I would like a call"),
    View("review, call offered, officer", "officer", "/progression/reviews/{review_call_offered}"),
    View("review, call wanted", "progression", "/progression/reviews/{review_call_wanted}", says="Find a time for it"),
    View("review, call declined", "progression", "/progression/reviews/{review_call_declined}"),
    View("review, call booked", "progression", "/progression/reviews/{review_call_booked}", says="It was held"),
    View("review, meeting asked for", "progression", "/progression/reviews/{review_asked}"),
    View("review, own", "scientist", "/progression/reviews/{review_past}", says="Your review of progression"),
    View("review, details", "progression", "/progression/reviews/{review_undecided}/details"),
    View("review, issues", "progression", "/progression/reviews/{review_undecided}/issues"),
    View("review, issue without words", "progression", "/progression/reviews/{review_undecided}/issues", "Add the issue", status=422),
    View("review, decision", "progression", "/progression/reviews/{review_undecided}/decision"),
    View("review, outcome", "progression", "/progression/reviews/{review_undecided}/outcome"),
    View("review, officer named", "progression", "/progression/reviews/{review_undecided}/officer"),
    View("review, university named", "progression", "/progression/reviews/{review_undecided}/university"),
    View("what follows", "progression", "/progression/reviews/{review_undecided}/follow-ups/new"),
    View("what follows, looked at", "progression", "/progression/reviews/{review_undecided}/follow-ups/new", "Add it", {
        "kind": "action_asked", "words": "Please release them for a day a week.", "asked_of": "department",
        "to_name": LONG_NAME, "to_email": "department@trust.example"}, says="This email goes to"),
    View("offer a call", "progression", "/progression/reviews/{review_call_to_offer}/call/offer", says="This email goes to"),
    View("call, ask for times", "progression", "/progression/reviews/{review_call_wanted}/call/times"),
    View("call, book a time", "progression", "/progression/reviews/{review_call_wanted}/call/time"),
    View("set up a triage meeting", "progression", "/progression/reviews/{review_to_set_up}/meeting"),
    View("set up a full meeting", "progression", "/progression/reviews/{review_full_to_set_up}/meeting"),
    View("triage meeting, too long", "progression", "/progression/reviews/{review_to_set_up}/meeting", "Look at the emails", {"minutes": "61"}, status=422),
    View("support meeting, no date", "progression", "/progression/meetings/{support_not_asked}"),
    View("support meeting, asked", "progression", "/progression/meetings/{support_asked}", says="Waiting to hear from"),
    View("support meeting, university", "university", "/progression/meetings/{support_asked}"),
    View("support meeting, fixed", "director", "/progression/meetings/{support_fixed}"),
    View("support meeting, past", "director", "/progression/meetings/{support_past}", says="Was it held?"),
    View("support meeting, trainee", "scientist", "/progression/meetings/{support_past}"),
    View("support meeting, change", "progression", "/progression/meetings/{support_not_asked}/setup"),
    View("support meeting, ask for times", "progression", "/progression/meetings/{support_not_asked}/times"),
    View("bring a file of reviews", "progression", "/progression/import"),
    View("file of reviews, to check", "progression", "/progression/import/{review_import}"),
    View("preparing, trainee", "scientist", f"{PREPARED}/preparation", says="Prepare for the support meeting"),
    View("preparing, officer, nothing done", "officer", "/progression/meetings/{support_empty}/preparation", says="To do"),
    View("preparing, School", "director", f"{PREPARED}/preparation", says="Opened before by"),
    View("preparing, university", "university", f"{PREPARED}/preparation", says="Guidance for the meeting"),
    View("preparing, after it was held", "scientist", "/progression/meetings/{support_minuted}/preparation", says="has been held"),
    View("have met", "scientist", "/progression/meetings/{support_empty}/preparation/have_met"),
    View("have met, nothing written", "scientist", "/progression/meetings/{support_empty}/preparation/have_met", "We have met", {"words": ""}, status=422),
    View("date and mode", "officer", f"{PREPARED}/preparation/date_and_mode"),
    View("paper, add", "scientist", f"{PREPARED}/papers/new"),
    View("paper, nothing chosen", "scientist", f"{PREPARED}/papers/new", "Add this paper", status=422),
    View("paper, recall", "scientist", f"{PREPARED}/papers/{{paper_plan}}/recall", says="Opened so far by"),
    View("papers, share", "progression", f"{PREPARED}/papers/sharing"),
    View("papers, nothing to share", "progression", "/progression/meetings/{support_empty}/papers/sharing", says="no papers to share"),
    View("gap analysis", "scientist", f"{PREPARED}/gap-analysis"),
    View("gap analysis, School", "director", f"{PREPARED}/gap-analysis"),
    View("gap analysis, empty", "officer", "/progression/meetings/{support_empty}/gap-analysis", says="no rows yet"),
    View("gap analysis, add rows", "scientist", f"{PREPARED}/gap-analysis/rows/new"),
    View("gap analysis, rows looked at", "scientist", f"{PREPARED}/gap-analysis/rows/new", "Look at these rows", {"table": "Variants\tdone\tA case\tNone"}, says="Nothing is kept yet"),
    View("gap analysis, rows with mistakes", "scientist", f"{PREPARED}/gap-analysis/rows/new", "Look at these rows", {"table": "Variants\tperhaps\tA case\tNone"}, status=422),
    View("gap analysis, row", "officer", f"{PREPARED}/gap-analysis/rows/{{gap_row}}"),
    View("gap analysis, row without an item", "officer", f"{PREPARED}/gap-analysis/rows/{{gap_row}}", "Keep the row", {"item": ""}, status=422),
    View("minutes, taking them", "minute_taker", f"{PREPARED}/minutes", says="saved as you type"),
    View("minutes, chair", "director", "/progression/meetings/{support_minuted}/minutes", says="Agree these minutes"),
    View("minutes, trainee", "scientist", "/progression/meetings/{support_minuted}/minutes", says="Corrected on"),
    View("minutes, none yet", "officer", "/progression/meetings/{support_empty}/minutes", says="no minutes to read yet"),
    View("minutes, correct", "director", "/progression/meetings/{support_minuted}/minutes/together/correction"),
    View("preparing by link", "", f"{BY_PREPARED_LINK}/preparation"),
    View("have met by link", "", f"{BY_PREPARED_LINK}/preparation/have_met"),
    View("paper by link, add", "", f"{BY_PREPARED_LINK}/papers/new"),
    View("paper by link, recall", "", f"{BY_PREPARED_LINK}/papers/{{paper_plan}}/recall"),
    View("gap analysis by link", "", f"{BY_PREPARED_LINK}/gap-analysis"),
    View("gap analysis by link, add rows", "", f"{BY_PREPARED_LINK}/gap-analysis/rows/new"),
    View("gap analysis by link, row", "", f"{BY_PREPARED_LINK}/gap-analysis/rows/{{gap_row}}"),
    View("minutes by link", "", f"{BY_PREPARED_LINK}/minutes"),
    View("review by link", "", "/progression/links/{review_link}", says="Your review of progression"),
    View("review by link, too old", "", "/progression/links/{review_old_link}", status=410),
    View("support meeting by link", "", "/progression/links/{fixed_link}/meetings/{support_fixed}"),
    View("invitations by link", "", "/progression/links/{university_link}", says="Meetings you are invited to"),
    View("action asked by link", "", "/progression/links/{asked_link}", says="An action asked of you"),
    View("outcome, none yet", "director", "/progression/meetings/{support_no_outcome}", says="Record what it came to"),
    View("outcome, triage", "director", "/progression/meetings/{support_no_outcome}/outcome"),
    View("outcome, nothing selected", "director", "/progression/meetings/{support_no_outcome}/outcome", "Keep what it came to", status=422),
    View("outcomes of a full meeting", "progression", "/progression/meetings/{support_came_to}", says="A further meeting goes with"),
    View("outcomes, change", "progression", "/progression/meetings/{support_came_to}/outcome", says="Why is the outcome changed?"),
    View("outcomes, what a service gets", "progression", "/progression/meetings/{support_came_to}/outcome", "Keep what it came to", {
        "school_services": f"Another session. {REQUEST}", "to_name": LONG_NAME, "to_email": "service@school.example", "why": REQUEST}, says="This email goes to"),
    View("outcome, changed", "progression", "/progression/meetings/{support_changed}", says="Why it was changed"),
    View("further triage meeting", "progression", "/progression/meetings/{support_came_to}/further/triage"),
    View("further full meeting", "progression", "/progression/meetings/{support_came_to}/further/full"),
    View("plan, empty", "progression", "/progression/reviews/{review_came_to}/plan", says="There is no objective yet"),
    View("plan, drafted", "progression", "/progression/reviews/{review_plan_drafted}/plan", says="Being drafted"),
    View("plan, no words", "progression", "/progression/reviews/{review_plan_drafted}/plan", "Add it", status=422),
    View("plan, agree", "director", "/progression/reviews/{review_plan_drafted}/plan/agreement"),
    View("plan, own", "scientist", "/progression/reviews/{review_plan_agreed}/plan", says="Your action plan"),
    View("plan, officer", "officer", "/progression/reviews/{review_plan_agreed}/plan", says="Comments"),
    View("plan, to look at", "progression", "/progression/reviews/{review_plan_agreed}/plan", says="The School looks at it from"),
    View("plan, looked at", "progression", "/progression/reviews/{review_plan_agreed}/plan/review"),
    View("objective, own", "scientist", "/progression/reviews/{review_plan_agreed}/plan/objectives/{objective_agreed}"),
    View("objective, School", "director", "/progression/reviews/{review_plan_agreed}/plan/objectives/{objective_agreed}", says="New date"),
    View("objective, no comment", "scientist", "/progression/reviews/{review_plan_agreed}/plan/objectives/{objective_agreed}", "Add the comment", status=422),
    View("objective, change", "progression", "/progression/reviews/{review_plan_drafted}/plan/objectives/{objective_drafted}/wording"),
    View("plan by link", "", "/progression/links/{draft_link}/plan", says="Your action plan"),
    View("plan by link, officer", "", "/progression/links/{plan_link}/plan"),
    View("objective by link", "", "/progression/links/{plan_link}/plan/objectives/{objective_needed}"),
    View("objective by link, change", "", "/progression/links/{draft_link}/plan/objectives/{objective_drafted}/wording"),
    View("review, further one listed", "progression", "/progression/reviews/{review_plan_needed}", says="Say why none is needed"),
    View("review, no further one needed", "progression", "/progression/reviews/{review_plan_settled}", says="that none is needed"),
    View("review, reported", "", "/progression/links/{reported_link}", says="Who is informed of this"),
    View("open a further review", "progression", "/progression/reviews/{review_plan_needed}/further"),
    View("open a further review, no day", "progression", "/progression/reviews/{review_plan_needed}/further", "Open the further review", status=422),
    View("no further review", "director", "/progression/reviews/{review_plan_needed}/further/not-needed"),
    View("ask to report", "director", "/progression/reviews/{review_plan_needed}/reports/new"),
    View("ask to report, looked at", "progression", "/progression/reviews/{review_plan_agreed}/reports/new", "Look at what they would read", {
        "to": "panel", "to_name": LONG_NAME, "to_email": "panel@school.example", "reason": REQUEST, "words": REQUEST}, says="would read"),
    View("report, to decide", "director", "/progression/reports/{report_asked}", says="Before anything is sent"),
    View("report, asked by oneself", "progression", "/progression/reports/{report_asked}", says="somebody else of the School decides"),
    View("report, to send", "progression", "/progression/reports/{report_agreed}", says="Give them time to answer"),
    View("report, withdraw", "director", "/progression/reports/{report_agreed}/withdrawal"),
    View("report, withdrawn for no reason", "progression", "/progression/reports/{report_agreed}/withdrawal", "Withdraw it", status=422),
    View("report, withdrawn", "progression", "/progression/reports/{report_withdrawn}", says="Withdrawn by"),
    View("report, sent", "director", "/progression/reports/{report_sent}", says="Sent on"),
    View("report by link", "", "/progression/links/{report_link}", says="From the progression team"),
    View("poll", "chair", "/polls/{poll}"),
    View("poll, fixed", "chair", "/polls/{fixed_poll}"),
    View("poll, asked", "tsg", "/polls/{poll}"),
    View("poll, asked, by link", NOBODY, "/polls/answer/{poll_link}"),
    View("poll, nothing answered", NOBODY, "/polls/answer/{poll_link}", "Send my answers", status=422),
    View("poll, new", "chair", "/polls/new"),
    View("pair, just introduced", "mentor", "/mentoring/mentorships/{new_pair}"),
    View("pair, for the mentor", "mentor", "/mentoring/mentorships/{pair}"),
    View("pair that ended", "mentor", "/mentoring/mentorships/{ended_pair}"),
    View("pair, for the team", "rtt", "/mentoring/mentorships/{pair}"),
    View("pair that ended, for the team", "rtt", "/mentoring/mentorships/{ended_pair}"),
    View("new pair by link", NOBODY, "/mentoring/links/{new_pair_link}/mentorship"),
    View("pair by link", NOBODY, "/mentoring/links/{pair_link}/mentorship"),
    View("ended pair by link", NOBODY, "/mentoring/links/{ended_pair_link}/mentorship"),
    View("pair, first meeting", "mentor", "/mentoring/mentorships/{new_pair}/first-meeting"),
    View("pair, first meeting by link", NOBODY, "/mentoring/links/{new_pair_link}/mentorship/first-meeting"),
    View("pair, first meeting, nothing entered", "mentor", "/mentoring/mentorships/{new_pair}/first-meeting", "Invite both of us", status=422),
    View("pair, agreement", "mentor", "/mentoring/mentorships/{new_pair}/agreement"),
    View("pair, agreement by link", NOBODY, "/mentoring/links/{new_pair_link}/mentorship/agreement"),
    View("pair, note of a meeting", "mentor", "/mentoring/mentorships/{new_pair}/met"),
    View("pair, note of a meeting by link", NOBODY, "/mentoring/links/{new_pair_link}/mentorship/met"),
    View("pair, note of a meeting, nothing entered", "mentor", "/mentoring/mentorships/{new_pair}/met", "Note it", status=422),
    View("pair, not working", "mentor", "/mentoring/mentorships/{new_pair}/not-working"),
    View("pair, not working by link", NOBODY, "/mentoring/links/{new_pair_link}/mentorship/not-working"),
    View("pair, ending", "mentor", "/mentoring/mentorships/{new_pair}/ending"),
    View("pair, ending by link", NOBODY, "/mentoring/links/{new_pair_link}/mentorship/ending"),
    View("pair, survey by link", NOBODY, "/mentoring/links/{ended_pair_link}/mentorship/survey/{pair_survey}"),
    View("pair, survey by link, nothing entered", NOBODY, "/mentoring/links/{ended_pair_link}/mentorship/survey/{pair_survey}", "Send my answer", status=422),
    View("duty of a mentor, none", "mentor", "/mentoring/mentorships/{new_pair}/duty"),
    View("duty of a mentor", "mentor", "/mentoring/mentorships/{pair}/duty"),
    View("duty of a mentor, nothing said", "mentor", "/mentoring/mentorships/{pair}/duty", "Keep what I said", status=422),
    View("duty of a mentor, new", "mentor", "/mentoring/mentorships/{new_pair}/duty/new"),
    View("duty of a mentor, nothing entered", "mentor", "/mentoring/mentorships/{new_pair}/duty/new", "Write it down", status=422),
    View("where else to turn", NOBODY, "/mentoring/support"),
    View("where else to turn, for the team", "rtt", "/mentoring/support"),
    View("line of support, new", "rtt", "/mentoring/support/new"),
    View("line of support, nothing entered", "rtt", "/mentoring/support/new", "Save the line", status=422),
    View("line of support", "rtt", "/mentoring/support/{support_line}"),
    View("feedback, for the return to training team", "rtt", "/feedback"),
    View("poll, new, nothing entered", "chair", "/polls/new", "Ask them", status=422),
    View("matching board", "rtt", "/mentoring/matching", says="Pinned and ruled out"),
    View("matching, somebody else", "rtt", "/mentoring/matching/returners/{matched_returner}", says="Ruled out"),
    View("matching, where mentors are wanted", "rtt", "/mentoring/matching/recruiting"),
    View("matching, introduce", "rtt", "/mentoring/matching/introductions?pair={suggested_pair}", says="Introduce these two"),
    View("matching, introduce, refused", "rtt", "/mentoring/matching/introductions?pair={refused_pair}", says="Cannot be introduced"),
    View("matching, introduce nobody", "rtt", "/mentoring/matching/introductions", says="You chose nobody"),
    # Returning to training, and mentors
    View("mentoring, team", "rtt", "/mentoring", says="What needs a person today"),
    View("mentoring, mentor", "mentor", "/mentoring"),
    View("mentoring, returner", "returner", "/mentoring"),
    View("returners", "rtt", "/mentoring/returners"),
    View("returners, of a state", "rtt", "/mentoring/returners?state=interested"),
    View("returners, nobody found", "rtt", "/mentoring/returners?q=nobody", says="Nobody is on this list"),
    View("add a returner", "rtt", "/mentoring/returners/new"),
    View("add a returner, nothing entered", "rtt", "/mentoring/returners/new", "Add this returner", status=422),
    *(View(f"a return, {state}", "rtt", f"/mentoring/returners/{{return_{state}}}") for state in ("listed", "offered", "declined", "later", "waiting", "over", "ended")),
    View("change a return", "rtt", "/mentoring/returners/{return_waiting}/details"),
    View("change a return, no name", "rtt", "/mentoring/returners/{return_waiting}/details", "Save the change", {"name": ""}, 422),
    View("take a returner off", "rtt", "/mentoring/returners/{return_listed}/removal"),
    View("merge returns", "rtt", "/mentoring/returners/{return_offered}/merger"),
    View("merge returns, nothing selected", "rtt", "/mentoring/returners/{return_offered}/merger", "Merge them", status=422),
    View("merge returns, nobody", "rtt", "/mentoring/returners/{return_waiting}/merger", says="There is no other row"),
    View("file of returners", "rtt", "/mentoring/returners/import", says="Files you brought"),
    View("file of returners, none chosen", "rtt", "/mentoring/returners/import", "Bring this file", status=422),
    View("file of returners, being read", "rtt", "/mentoring/returners/import/{import_reading}", says="Reading"),
    View("file of returners, to check", "rtt", "/mentoring/returners/import/{import_to_check}", says="Name is missing"),
    View("file of returners, to mend", "rtt", "/mentoring/returners/import/{import_to_check}?show=to-mend"),
    View("file of returners, none of a kind", "rtt", "/mentoring/returners/import/{import_to_check}?after=9", says="No rows of this kind"),
    View("file of returners, taken", "rtt", "/mentoring/returners/import/{import_taken}", says="1 added"),
    View("file of returners, nothing taken", "rtt", "/mentoring/returners/import/{import_off}", says="Nothing was taken"),
    View("ask for a mentor", NOBODY, "/mentoring/ask"),
    View("ask for a mentor, signed in", "trainee", "/mentoring/ask"),
    View("ask for a mentor, nothing entered", NOBODY, "/mentoring/ask", "Ask for a mentor", status=422),
    View("asked for a mentor", NOBODY, "/mentoring/on-its-way"),
    *(View(f"own return, {state}", NOBODY, f"/mentoring/links/{{return_link_{state}}}") for state in ("listed", "offered", "declined", "later", "waiting", "over", "ended")),
    View("own return, link over", NOBODY, "/mentoring/links/{return_link_old}", status=410),
    View("own return, ask later", NOBODY, "/mentoring/links/{return_link_offered}/later"),
    View("own return, ask later, nothing entered", NOBODY, "/mentoring/links/{return_link_offered}/later", "Ask me on that day", status=422),
    View("own return, wishes", NOBODY, "/mentoring/links/{return_link_offered}/wishes"),
    View("own return, wishes given", NOBODY, "/mentoring/links/{return_link_waiting}/wishes"),
    View("own return, wishes, nothing entered", NOBODY, "/mentoring/links/{return_link_offered}/wishes", "Keep these wishes", status=422),
    View("own return, signed in", "returner", "/mentoring/mine"),
    View("own return, none", "trainee", "/mentoring/mine", says="We do not know of an absence"),
    View("own return, signed in, ask later", "returner", "/mentoring/mine/later"),
    View("own return, signed in, wishes", "returner", "/mentoring/mine/wishes"),
    View("mentors", "rtt", "/mentoring/mentors", says="Mentored before"),
    View("add a mentor", "rtt", "/mentoring/mentors/new"),
    View("add a mentor, nothing entered", "rtt", "/mentoring/mentors/new", "Add this mentor", status=422),
    View("a mentor", "rtt", "/mentoring/mentors/{mentor}"),
    View("a mentor, gone", "rtt", "/mentoring/mentors/{mentor_gone}", says="Mentored until"),
    View("a mentor’s training", "rtt", "/mentoring/mentors/{mentor}/training"),
    View("a mentor’s training, half a day", "rtt", "/mentoring/mentors/{mentor}/training", "Save the change", {"trained_on-day": ""}, 422),
    View("a mentor leaves", "rtt", "/mentoring/mentors/{mentor}/leaving"),
    View("own mentoring", "mentor", "/mentoring/mentor", says="go on doing so"),
    View("own mentoring, not on the list", "new_mentor", "/mentoring/mentor"),
    View("own mentoring, number", "mentor", "/mentoring/mentor/number"),
    View("own mentoring, no number", "mentor", "/mentoring/mentor/number", "Save the number", {"capacity": "99"}, 422),
    View("own mentoring, ways", "mentor", "/mentoring/mentor/ways"),
    View("own mentoring, ways, nowhere", "mentor", "/mentoring/mentor/ways", "Save the changes", {"bases": "Atlantis"}, 422),
    View("own mentoring, pause", "mentor", "/mentoring/mentor/pauses"),
    View("own mentoring, pause, nothing entered", "mentor", "/mentoring/mentor/pauses", "Take this pause", status=422),
    View("own mentoring, stop", "mentor", "/mentoring/mentor/leaving"),
    View("areas and places", "rtt", "/mentoring/geography"),
    View("add an area", "rtt", "/mentoring/geography/areas/new"),
    View("add a place, nothing entered", "rtt", "/mentoring/geography/places/new", "Save the place", status=422),
    View("change an area", "rtt", "/mentoring/geography/areas/{area}"),
    View("change a place", "rtt", "/mentoring/geography/places/{town}"),
    # Refusals
    *(View(f"refusal {code}", "mentor", f"/fails/{code}", status=code) for code in (400, 403, 404, 409, 413, 422, 429)),
    View("refusal 405", "mentor", "/sign-out", status=405),
    View("refusal 500", "mentor", "/fails/500", status=500),
    View("refusal 503", "mentor", "/fails/503", status=503),
]  # fmt: skip

# These answer machines, or give no page.
NO_PAGES = {
    "careers.summary_on_paper",
    "confidentiality.sheet",
    "guidance.on_paper",
    "guidance.module_on_paper",
    "linked_sessions.summary_on_paper",
    "reports.export",
    "audit.export",
    "static",
    "meetings.feed",
    "files.download",
    "preparation.open_paper",
    "preparation_links.open_paper",
    "preparation.as_csv",
    "preparation_links.as_csv",
    "linked_files.download",
    "health.process_is_up",
    "health.is_ready",
    "fails",
}


def endpoints_seen(app: Flask, world: World) -> set[str]:
    """The views of the application that some entry opens or leads to by GET."""
    adapter = app.url_map.bind("localhost")
    return {adapter.match(world.path(view).partition("?")[0])[0] for view in VIEWS if view.name != "refusal 405"}


def endpoints_there(app: Flask) -> set[str]:
    """The views of the application that answer GET with a page."""
    return {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())} - NO_PAGES
