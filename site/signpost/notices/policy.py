"""The one table: for each event, who is told, in which words, and by which permission.

`EVENTS` lists every event there is. One that tells nobody stands in it with an empty tuple and so is silent on purpose.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from models import (
    STAGE_OF,
    AskState,
    Attendee,
    Consent,
    Emergency,
    Ending,
    EndTold,
    FeedbackAsk,
    Meeting,
    Mentorship,
    Party,
    PersonalLink,
    Poll,
    PollPerson,
    Referral,
    Returner,
    Role,
    Side,
    Stage,
    Status,
    SubjectAccess,
    Teller,
    User,
)
from signpost.accounts import queries as people
from signpost.notices import endings, permissions


@dataclass(frozen=True)
class Calendar:
    """A calendar file to attach: its method (REQUEST or CANCEL) and its text."""

    method: str
    text: str


@dataclass(frozen=True)
class Situation:
    """Something that happened, or is about to, to a referral, a meeting, a poll or a person's account."""

    event: str
    subject: Any
    by: User | PersonalLink
    facts: dict[str, Any] = field(default_factory=dict)
    enclosed: Any = None
    calendar: Calendar | None = None

    @property
    def referral(self) -> Referral:
        """The case: the subject itself, or the one that a record of a room belongs to."""
        return getattr(self.subject, "referral", None) or self.subject

    @property
    def person(self) -> User:
        return self.subject

    @property
    def meeting(self) -> Meeting:
        return self.subject

    @property
    def poll(self) -> Poll:
        return self.subject


@dataclass(frozen=True)
class Person:
    name: str
    address: str
    user: User | None = None


@dataclass(frozen=True)
class Group:
    """Some people of a situation, and the permission by which they may be told."""

    permission: str
    people: Callable[[Situation], list[Person]]


@dataclass(frozen=True)
class Told:
    """One kind of message. `together`: one message with all in its headers; otherwise one message for each person.

    `invites`: the calendar file of the situation is attached. `of` is the team whose letter it is, and that is answered.
    """

    kind: str
    to: Group
    cc: tuple[Group, ...] = ()
    together: bool = False
    courtesy: bool = False
    waits_for_undo: bool = False
    from_actor: bool = False
    invites: bool = False
    of: Role = Role.SENIOR_ADVISER


@dataclass(frozen=True)
class Happening:
    """An event: in which capacity it is done, and who is told of it."""

    done_as: str
    told: tuple[Told, ...] = ()


def _account(user: User | None) -> list[Person]:
    return [Person(user.name, user.email, user)] if user and not user.is_disabled else []


def _advisers(situation: Situation) -> list[Person]:
    return _team(situation, permissions.adviser_addresses(), "Senior careers adviser")


def _other_advisers(situation: Situation) -> list[Person]:
    return [person for person in _advisers(situation) if person.user is None or person.user != situation.by]


def _tsg(situation: Situation) -> list[Person]:
    return _team(situation, permissions.tsg_addresses(), "Training Support Group")


def _team(situation: Situation, found: dict[str, User | None], called: str) -> list[Person]:
    """Everyone of a team but the trainee."""
    others = {address: user for address, user in found.items() if not permissions.is_about(situation.referral, address)}
    return [Person(user.name if user else called, address, user) for address, user in others.items()]


def _trainee(situation: Situation) -> list[Person]:
    referral = situation.referral
    return [Person(referral.trainee_name, referral.trainee_email, referral.trainee)]


def _heads_if_concerns(situation: Situation) -> list[Person]:
    referral = situation.referral
    heads = people.heads_of(referral.school) if referral.wider_concerns else []
    return [Person(head.name, head.email, head) for head in heads if not permissions.is_about(referral, head.email)]


def _acting(user: User | None, role: Role) -> list[Person]:
    return _account(user) if permissions.acts_as(user, role) else []


def _referrer(situation: Situation) -> list[Person]:
    return _acting(situation.referral.referred_by, Role.REFERRER)


def _referrer_if_it_never_began(situation: Situation) -> list[Person]:
    """Once support has begun, that it ended is the trainee's to tell (A21)."""
    had_begun = STAGE_OF[Status(situation.facts["stood_at"])] == Stage.IN_PROGRESS
    ended = endings.RULES[Ending(situation.facts["ending"])]
    return _referrer(situation) if ended.says_not_going_ahead(had_begun) else []


def _counsellor(situation: Situation) -> list[Person]:
    return _acting(situation.referral.assigned_to, Role.COUNSELLOR)


def _counsellor_unless_asking(situation: Situation) -> list[Person]:
    return [person for person in _counsellor(situation) if person.user != situation.by]


def _covering(situation: Situation) -> list[Person]:
    return _account(User.get_or_none(User.public_id == situation.facts.get("reader")))


def _trainee_who_told_nobody(situation: Situation) -> list[Person]:
    own = (EndTold.referral == situation.referral) & (EndTold.teller == Teller.TRAINEE)
    return [] if EndTold.select().where(own).exists() else _trainee(situation)


def _trainee_newly_complete(situation: Situation) -> list[Person]:
    return _trainee_who_told_nobody(situation) if situation.facts["is_new"] else []


def at_the_end(party: Party, referral: Referral) -> list[Person]:
    """Who stands for a party now, to be told that the sessions are over: the head, or heads, of this moment."""
    situation = Situation("", referral, referral.referred_by)
    match party:
        case Party.REFERRER:
            return [one for one in _referrer(situation) if not permissions.is_about(referral, one.address)]
        case Party.HEAD:
            heads = people.heads_of(referral.school)
            return [
                Person(head.name, head.email, head) for head in heads if not permissions.is_about(referral, head.email)
            ]
        case Party.TSG:
            return _tsg(situation)
        case Party.EMPLOYER:
            employer = referral.employer
            contact = Person(employer.contact_name or employer.name, employer.contact_email)
            return [] if not contact.address or permissions.is_about(referral, contact.address) else [contact]


def _party(party: Party) -> Callable[[Situation], list[Person]]:
    """Those of one party, where the event names it. Who stands for two of them gets one message."""

    def find(situation: Situation) -> list[Person]:
        named = situation.facts["parties"]
        if party not in named:
            return []
        before = [Party(one) for one in named[: named.index(party)]]
        told = {one.address for other in before for one in at_the_end(other, situation.referral)}
        return [one for one in at_the_end(party, situation.referral) if one.address not in told]

    return find


def _earlier_counsellor(situation: Situation) -> list[Person]:
    return _account(User.get_or_none(User.public_id == situation.facts.get("earlier_counsellor")))


def _account_holder(situation: Situation) -> list[Person]:
    return _account(situation.person)


def _former_address(situation: Situation) -> list[Person]:
    person = situation.person
    return [Person(person.name, person.former_email, person)] if person.former_email else []


def _other_administrators(situation: Situation) -> list[Person]:
    found = people.holding(Role.ADMINISTRATOR)
    return [Person(one.name, one.email, one) for one in found if one != situation.person]


def _attendees(situation: Situation) -> list[Person]:
    present = Attendee.select().where((Attendee.meeting == situation.meeting) & Attendee.removed_at.is_null())
    return [Person(one.name, one.email, one.user) for one in present.order_by(Attendee.id)]


def _enclosed(situation: Situation) -> list[Person]:
    """Somebody of a meeting or a poll, whom this is about."""
    one: Attendee | PollPerson = situation.enclosed
    return [Person(one.name, one.email, one.user)]


def _organiser(situation: Situation) -> list[Person]:
    return _account(situation.meeting.organiser)


def _organiser_of_poll(situation: Situation) -> list[Person]:
    return _account(situation.poll.organiser)


def _asked(situation: Situation) -> list[Person]:
    others = PollPerson.select().where(
        (PollPerson.poll == situation.poll) & (PollPerson.email != situation.poll.organiser.email)
    )
    return [Person(one.name, one.email, one.user) for one in others.order_by(PollPerson.id)]


def _silent(situation: Situation) -> list[Person]:
    silent = PollPerson.select().where((PollPerson.poll == situation.poll) & PollPerson.answered_at.is_null())
    return [Person(one.name, one.email, one.user) for one in silent.order_by(PollPerson.id)]


def _named_in_consent(situation: Situation) -> list[Person]:
    consent: Consent = situation.subject
    return [Person(consent.recipient_name, consent.recipient_email)]


def _asked_for_consent(situation: Situation) -> list[Person]:
    consent: Consent = situation.subject
    return _account(consent.proposed_by)


def _asked_of_employer(situation: Situation) -> list[Person]:
    return _account(situation.subject.asked_of)


def _asked_the_employer(situation: Situation) -> list[Person]:
    return _account(situation.subject.asked_by)


def _head_who_hears(situation: Situation) -> list[Person]:
    return _account(situation.subject.head)


def _second_people(situation: Situation) -> list[Person]:
    emergency: Emergency = situation.subject
    found = [one for one in people.holding(Role.SENIOR_ADVISER) if one.id != emergency.recorded_by_id]
    return [
        Person(one.name, one.email, one) for one in found if not permissions.is_about(situation.referral, one.email)
    ]


def _subject(situation: Situation) -> list[Person]:
    access: SubjectAccess = situation.subject
    return [Person(access.name, access.email)]


def _who_holds(situation: Situation) -> list[Person]:
    return _counsellor(situation) or _account(situation.subject.recorded_by)


def _complainant(situation: Situation) -> list[Person]:
    complaint = situation.subject
    if complaint.by_user_id:
        return _account(complaint.by_user)
    link = complaint.by_link
    return [Person(link.name, link.email)] if permissions.is_complainant(complaint, link.email) else []


def _page_owners(situation: Situation) -> list[Person]:
    found = permissions.guidance_owners(situation.subject)
    return [Person(user.name if user else "Team", address, user) for address, user in found.items()]


def _handlers(situation: Situation) -> list[Person]:
    return [Person(one.name, one.email, one) for one in permissions.handlers_of(situation.subject)]


def _new_handler(situation: Situation) -> list[Person]:
    return [person for person in _handlers(situation) if person.user == situation.enclosed]


def _named(situation: Situation) -> list[Person]:
    return _account(situation.enclosed)


def _returner(situation: Situation) -> list[Person]:
    returner: Returner = situation.subject
    return [Person(returner.name, returner.email, returner.user)]


def _of_pair(mentorship: Mentorship, side: Side) -> list[Person]:
    """One of the two: the mentor while they are one, the returner with or without an account."""
    if side == Side.MENTOR:
        return _acting(mentorship.mentor.user, Role.MENTOR)
    returner = mentorship.returner
    return [] if returner.removed_at else [Person(returner.name, returner.email, returner.user)]


def _pair(situation: Situation) -> list[Person]:
    return [person for side in (Side.RETURNER, Side.MENTOR) for person in _of_pair(situation.subject, side)]


def _who_said(situation: Situation) -> list[Person]:
    return _of_pair(situation.subject, Side(situation.facts["side"]))


def _the_other(situation: Situation) -> list[Person]:
    return _of_pair(situation.subject, Side.MENTOR if situation.facts["side"] == Side.RETURNER else Side.RETURNER)


def _mentee(situation: Situation) -> list[Person]:
    return _of_pair(situation.subject, Side.RETURNER)


def _silent_of_pair(situation: Situation) -> list[Person]:
    open_asks = (FeedbackAsk.mentorship == situation.subject) & (FeedbackAsk.state == AskState.OPEN)
    sides = [Side(side) for (side,) in FeedbackAsk.select(FeedbackAsk.side).where(open_asks).tuples()]
    return [person for side in sides for person in _of_pair(situation.subject, side)]


def _reviewed_trainee(situation: Situation) -> list[Person]:
    review = permissions.review_of(situation.subject)
    return [Person(review.trainee_name, review.trainee_email, people.with_email(review.trainee_email))]


def _training_officer(situation: Situation) -> list[Person]:
    """By their account where it is one of a Training Officer, else by a link of their own."""
    found = permissions.officers_of(permissions.review_of(situation.subject))
    return [_taking_part(one.name, one.email, Role.TRAINING_OFFICER) for one in found]


def _taking_part(name: str, email: str, role: Role) -> Person:
    account = people.with_email(email)
    return Person(name, email, account if permissions.acts_as(account, role) else None)


def _trainee_if_asked_for(situation: Situation) -> list[Person]:
    return _reviewed_trainee(situation) if situation.facts["part"] == "trainee" else []


def _officer_if_asked_for(situation: Situation) -> list[Person]:
    return _training_officer(situation) if situation.facts["part"] == "training_officer" else []


def _trainee_who_prepares(situation: Situation) -> list[Person]:
    return _reviewed_trainee(situation) if "trainee" in situation.facts["owners"] else []


def _officer_who_prepares(situation: Situation) -> list[Person]:
    return _training_officer(situation) if "training_officer" in situation.facts["owners"] else []


def _at_support_meeting(situation: Situation) -> list[Person]:
    """Those who are to be there, but for the university; and whoever shares the papers knows."""
    others = [one for one in _attending(situation) if one[1] != Role.UNIVERSITY]
    told = [person for person, _ in others if person.address != situation.by.email]
    return told if situation.facts["for_all"] else []


def _university_with_papers(situation: Situation) -> list[Person]:
    invited = [person for person, role in _attending(situation) if role == Role.UNIVERSITY]
    return invited if situation.facts["for_university"] else []


def _attending(situation: Situation) -> list[tuple[Person, Role | None]]:
    found: list[tuple[Person, Role | None]] = []
    for name, address, account, role in permissions.attendees_of(situation.subject):
        if role is None:
            found.append((_reviewed_trainee(situation)[0], role))
        else:
            found.append(
                (_taking_part(name, address, role) if account is None else Person(name, address, account), role)
            )
    return found


def _asked_to_act(situation: Situation) -> list[Person]:
    return [Person(situation.subject.to_name, situation.subject.to_email)]


def _progression_team(situation: Situation) -> list[Person]:
    """The team, but for anybody who takes part in this review otherwise."""
    may = permissions.PERMISSIONS["E11-team"].holds
    return [
        Person(user.name if user else "Progression support team", address, user)
        for address, user in permissions.progression_addresses().items()
        if may(situation.subject, address)
    ]


ADMINISTRATOR = "administrator"
HOLDER = "account holder"
ATTENDEE = "attendee"
ITSELF = "by itself"
TEAM = "careers team"
GOVERNANCE = "governance lead"
ADVISER = "senior careers adviser"
REFERRER = "referrer"
TRAINEE = "trainee"
HEAD = "head of school"
HANDLER = "complaints handler"
GOVERNANCE = "information governance"
EDITOR = "editor of statements"
PAGE_OWNER = "owner of a page"
OWNER = "trainee or who supports them"
RTT_TEAM = "return to training team"
RETURNER = "returner"
MENTOR = "mentor"
PROGRESSION = "progression team"
SUPPORTED = "trainee or training officer"


PAIR = "one of the pair"


TOLD_COMPLETE = tuple(
    Told("sessions_complete", Group(f"A21-{party}", _party(party)), from_actor=True)
    for party in (Party.REFERRER, Party.HEAD, Party.TSG)
)
TOLD_ENDED = tuple(
    Told("sessions_ended", Group(f"A22-{party}", _party(party)), from_actor=True)
    for party in (Party.EMPLOYER, Party.TSG)
)
OF_RTT = partial(Told, of=Role.RTT_TEAM)
OF_PROGRESSION = partial(Told, of=Role.PROGRESSION)
OF_OUTCOME = (
    OF_PROGRESSION("support_outcome", Group("E6-trainee", _reviewed_trainee), from_actor=True),
    OF_PROGRESSION("support_outcome", Group("E6-officer", _training_officer), from_actor=True),
)
LINK = Told("personal_link", Group("A7-link", _trainee))
ENDED_REFERRER = Told("not_going_ahead_referrer", Group("A-ended-referrer", _referrer_if_it_never_began))

EVENTS: dict[str, Happening] = {
    "referral.sent": Happening(REFERRER, (
        Told(
            "referral", Group("A7-adviser", _advisers), cc=(Group("A7-trainee", _trainee), Group("A8-head", _heads_if_concerns)),
            together=True, from_actor=True,
        ),
        LINK,
        Told("referral_receipt", Group("A7-referrer", _referrer), courtesy=True),
    )),
    "concerns.added": Happening(REFERRER, (
        Told("concerns_added", Group("A8-head", _heads_if_concerns), cc=(Group("A8-trainee", _trainee),), together=True, from_actor=True),
    )),
    "link.sent_again": Happening(TRAINEE, (LINK,)),
    "referral.accepted": Happening(TRAINEE),
    "referral.declined": Happening(TRAINEE, (
        Told("declined_adviser", Group("A-ended-adviser", _advisers)),
        Told("ended_counsellor", Group("A-ended-counsellor", _counsellor)),
        ENDED_REFERRER,
    )),
    "referral.withdrawn": Happening(REFERRER, (
        Told("withdrawn_adviser", Group("A-ended-adviser", _other_advisers)),
        Told("ended_counsellor", Group("A-ended-counsellor", _counsellor)),
        Told("withdrawn_trainee", Group("A-ended-trainee", _trainee)),
    )),
    "referral.closed": Happening(ADVISER, (
        Told("closed_adviser", Group("A-ended-adviser", _other_advisers), waits_for_undo=True),
        Told("ended_counsellor", Group("A-ended-counsellor", _counsellor), waits_for_undo=True, invites=True),
        replace(ENDED_REFERRER, waits_for_undo=True),
        Told("closed_trainee", Group("A-ended-trainee", _trainee), waits_for_undo=True, invites=True),
    )),
    "closing.undone": Happening(ADVISER),
    "referral.stopped": Happening(TRAINEE, (
        Told("stopped_part_way", Group("A-ended-adviser", _advisers)),
        Told("stopped_part_way", Group("A-ended-counsellor", _counsellor), invites=True),
        Told("stopped_trainee", Group("A-ended-trainee", _trainee), invites=True),
    )),
    "sessions.agreed": Happening("counsellor"),
    "sessions.completed": Happening("counsellor", (Told("please_tell_them", Group("A21-trainee", _trainee_newly_complete)),)),
    "telling.reminded": Happening(ITSELF, (Told("please_tell_them", Group("A21-trainee", _trainee_who_told_nobody)),)),
    "completion.told": Happening(TRAINEE, TOLD_COMPLETE),
    "completion.told_for_trainee": Happening("counsellor", (
        *TOLD_COMPLETE, Told("told_for_you", Group("A21-trainee", _trainee), from_actor=True),
    )),
    "referral.completed": Happening("careers team", TOLD_ENDED),
    "ending.announced": Happening("careers team", TOLD_ENDED),
    "referral.assigned": Happening(ADVISER, (
        Told("assigned_trainee", Group("A9-trainee", _trainee), waits_for_undo=True, from_actor=True),
        Told("assigned_counsellor", Group("A9-counsellor", _counsellor), waits_for_undo=True, from_actor=True),
    )),
    "referral.reassigned": Happening(ADVISER, (
        Told("reassigned_trainee", Group("A9-trainee", _trainee), waits_for_undo=True, from_actor=True, invites=True),
        Told("assigned_counsellor", Group("A9-counsellor", _counsellor), waits_for_undo=True, from_actor=True),
        Told(
            "unassigned_counsellor", Group("A9-earlier", _earlier_counsellor),
            waits_for_undo=True, from_actor=True, invites=True,
        ),
    )),
    "assignment.undone": Happening(ADVISER),
    "release.decided": Happening(HEAD, (
        Told("released_tsg", Group("A4-tsg", _tsg), from_actor=True),
    )),
    "release.refused": Happening(HEAD),
    "address.corrected": Happening(ADVISER),
    "notice.sent_again": Happening(ADVISER),
    "meeting.booked": Happening(ATTENDEE, (Told("meeting_booked", Group("meeting", _attendees), invites=True),)),
    "meeting.moved": Happening(ATTENDEE, (Told("meeting_moved", Group("meeting", _attendees), invites=True),)),
    "meeting.cancelled": Happening(ATTENDEE, (Told("meeting_cancelled", Group("meeting", _attendees), invites=True),)),
    "meeting.ended": Happening(ADMINISTRATOR, (Told("meeting_ended", Group("meeting", _attendees), invites=True),)),
    "meeting.joined": Happening("organiser", (Told("meeting_booked", Group("meeting", _enclosed), invites=True),)),
    "meeting.left": Happening("organiser", (Told("meeting_left", Group("meeting-left", _enclosed), invites=True),)),
    "meeting.linked": Happening(ATTENDEE, (Told("meeting_linked", Group("meeting", _attendees), invites=True),)),
    "meeting.tomorrow": Happening(ITSELF, (Told("meeting_tomorrow", Group("meeting", _attendees), courtesy=True),)),
    "record.opened": Happening(ADVISER, (Told("record_opened", Group("C9-counsellor", _counsellor)),)),
    "record.covered": Happening("careers team", (
        Told("record_covered", Group("C9-counsellor", _counsellor_unless_asking)),
        Told("cover_asked", Group("C9-covering", _covering)),
    )),
    "record.access_ended": Happening("careers team"),
    "session.begun": Happening("counsellor"),
    "session.length_set": Happening("counsellor"),
    "session.stages_named": Happening("counsellor"),
    "session.finished": Happening("counsellor"),
    "confidentiality.explained": Happening("counsellor"),
    "discussion.written": Happening(TRAINEE),
    "record.read": Happening("careers team"),
    "file.added": Happening("trainee or careers team"),
    "file.removed": Happening("trainee or careers team"),
    "consent.proposed": Happening(TEAM, (Told("consent_asked", Group("C4-trainee", _trainee)),)),
    "consent.signed": Happening(TRAINEE, (
        Told("consent_signed", Group("C4-trainee", _trainee)),
        Told("consent_answered", Group("C4-staff", _asked_for_consent)),
    )),
    "consent.refused": Happening(TRAINEE, (Told("consent_answered", Group("C4-staff", _asked_for_consent)),)),
    "consent.withdrawn": Happening(TRAINEE, (
        Told("consent_withdrawn", Group("C4-trainee", _trainee)),
        Told("consent_answered", Group("C4-staff", _asked_for_consent)),
    )),
    "consent.sent": Happening(TEAM, (Told("disclosed", Group("C4-recipient", _named_in_consent), from_actor=True),)),
    "information.asked": Happening(TEAM, (Told("information_asked", Group("A5-lead", _asked_of_employer), from_actor=True),)),
    "information.answered": Happening(REFERRER, (Told("information_answered", Group("A5-asker", _asked_the_employer)),)),
    "breach.decided": Happening(TEAM),
    "breach.trainee_told": Happening(TEAM),
    "breach.message_sent": Happening(TEAM, (Told("breach_told", Group("A20-trainee", _trainee), from_actor=True),)),
    "breach.head_contacted": Happening(TEAM, (Told("concern_raised", Group("A20-head", _head_who_hears), from_actor=True),)),
    "breach.closed": Happening(TEAM),
    "breach.called_off": Happening(TEAM),
    "emergency.recorded": Happening(TEAM, (Told("emergency_second", Group("C6-second", _second_people)),)),
    "emergency.judged": Happening(TEAM),
    "emergency.trainee_told": Happening(TEAM),
    "emergency.message_sent": Happening(TEAM, (Told("emergency_told", Group("C6-trainee", _trainee), from_actor=True),)),
    "emergency.put_off": Happening(TEAM),
    "emergency.look_again": Happening(ITSELF, (Told("emergency_look_again", Group("C6-holder", _who_holds)),)),
    "access.opened": Happening(GOVERNANCE),
    "access.withheld": Happening(GOVERNANCE),
    "access.given_back": Happening(GOVERNANCE),
    "access.released": Happening(GOVERNANCE, (Told("access_ready", Group("subject", _subject)),)),
    "access.fetched": Happening("person asking"),
    "access.closed": Happening(GOVERNANCE),
    "link.needs_person": Happening(ITSELF, (Told("link_needs_person", Group("meeting-organiser", _organiser)),)),
    "meeting.attended": Happening("counsellor"),
    "booking.nudged": Happening(ITSELF, (Told("nothing_booked", Group("A10-trainee", _trainee), courtesy=True),)),
    "poll.asked": Happening("organiser", (Told("availability_asked", Group("E8-asked", _asked)),)),
    "poll.joined": Happening("organiser", (Told("availability_asked", Group("E8-asked", _enclosed)),)),
    "poll.answered": Happening(ATTENDEE),
    "poll.all_answered": Happening(ATTENDEE, (Told("all_answered", Group("E8-organiser", _organiser_of_poll)),)),
    "poll.chased": Happening(ITSELF, (Told("availability_chaser", Group("E8-asked", _silent)),)),
    "poll.called_off": Happening("organiser", (Told("availability_called_off", Group("E8-asked", _asked)),)),
    "task.added": Happening(OWNER),
    "task.changed": Happening(OWNER),
    "task.removed": Happening(OWNER),
    "task.marked": Happening(OWNER),
    "task.redated": Happening(OWNER),
    "task.commented": Happening(OWNER),
    "task.reminded": Happening(ITSELF, (Told("task_reminder", Group("B6-trainee", _trainee), courtesy=True),)),
    "hours.changed": Happening("counsellor"),
    "feed.changed": Happening(HOLDER),
    "person.signed_in": Happening(HOLDER),
    "person.signed_out": Happening(HOLDER),
    "person.added": Happening(ADMINISTRATOR),
    "person.invited": Happening(ADMINISTRATOR, (Told("invitation", Group("account-holder", _account_holder)),)),
    "person.changed": Happening(ADMINISTRATOR),
    "person.moved": Happening(ADMINISTRATOR, (
        Told("address_changed", Group("account-holder", _former_address)),
        Told("address_changed", Group("account-holder", _account_holder)),
    )),
    "person.disabled": Happening(ADMINISTRATOR),
    "person.enabled": Happening(ADMINISTRATOR),
    "role.given": Happening(ADMINISTRATOR),
    "role.taken": Happening(ADMINISTRATOR),
    "role.asked": Happening(ADMINISTRATOR, (
        Told("role_asked", Group("account-administrators", _other_administrators)),
        Told("role_asked_receipt", Group("account-holder", _account_holder)),
    )),
    "role.decided": Happening(ADMINISTRATOR, (
        Told("role_decided", Group("account-administrators", _other_administrators)),
        Told("role_decided", Group("account-holder", _account_holder)),
    )),
    "sessions.ended": Happening(HOLDER),
    "backup.restored": Happening(ADMINISTRATOR),
    "report.published": Happening(ITSELF),
    "password.chosen": Happening(HOLDER, (Told("password_chosen", Group("account-holder", _account_holder)),)),
    "password.help_asked": Happening(HOLDER, (Told("password_help", Group("account-holder", _account_holder)),)),
    "school.changed": Happening(ADMINISTRATOR),
    "employer.changed": Happening(ADMINISTRATOR),
    "employer.merged": Happening(ADMINISTRATOR),
    "venue.changed": Happening(ADMINISTRATOR),
    "settings.changed": Happening(ADMINISTRATOR),
    "guidance.published": Happening(PAGE_OWNER),
    "guidance.commented": Happening("reader", (Told("guidance_comment", Group("B11-owner", _page_owners)),)),
    "guidance.comments_delivered": Happening(ITSELF, (Told("guidance_comment", Group("B11-owner", _page_owners)),)),
    "guidance.comment_dealt_with": Happening(PAGE_OWNER),
    "complaint.raised": Happening("complainant", (
        Told("complaint_received", Group("C11-complainant", _complainant)),
        Told("complaint_waiting", Group("C11-handler", _handlers)),
    )),
    "complaint.acknowledged": Happening(HANDLER, (Told("complaint_moved", Group("C11-complainant", _complainant)),)),
    "complaint.looked_into": Happening(HANDLER, (Told("complaint_moved", Group("C11-complainant", _complainant)),)),
    "complaint.answered": Happening(HANDLER, (Told("complaint_moved", Group("C11-complainant", _complainant)),)),
    "complaint.closed": Happening(HANDLER, (Told("complaint_moved", Group("C11-complainant", _complainant)),)),
    "complaint.read": Happening(HANDLER),
    "complaint.noted": Happening(HANDLER),
    "complaint.disclosed": Happening(HANDLER, (Told("complaint_disclosed", Group("C11-named", _named)),)),
    "complaint.handler_added": Happening(HANDLER, (Told("complaint_waiting", Group("C11-handler", _new_handler)),)),
    "complaint.respondent_found": Happening(HANDLER),
    "complaint.rerouted": Happening(ITSELF, (Told("complaint_waiting", Group("C11-handler", _handlers)),)),
    "complaint.reminded": Happening(ITSELF, (Told("complaint_waiting", Group("C11-handler", _handlers)),)),
    "audit.read": Happening(GOVERNANCE),
    "audit.exported": Happening(GOVERNANCE),
    "audit.verified": Happening(GOVERNANCE),
    "schedule.changed": Happening(GOVERNANCE),
    "hold.placed": Happening(GOVERNANCE),
    "hold.lifted": Happening(GOVERNANCE),
    "records.disposed": Happening(ITSELF),
    "complaint.hold_placed": Happening(HANDLER),
    "complaint.hold_lifted": Happening(HANDLER),
    "complaint.disposed": Happening(ITSELF),
    "statement.published": Happening(EDITOR),
    "contract.drawn_up": Happening(EDITOR),
    "contract.redrawn": Happening(EDITOR),
    "contract.acknowledged": Happening(EDITOR),
    "contract.case_named": Happening(EDITOR),
    "contract.ended": Happening(EDITOR),
    "work.described": Happening("counsellor"),
    "returner.entered": Happening(RTT_TEAM),
    "returner.changed": Happening(RTT_TEAM),
    "returner.removed": Happening(RTT_TEAM),
    "returner.merged": Happening(RTT_TEAM),
    "offer.made": Happening(RTT_TEAM, (OF_RTT("mentor_offer", Group("D3-returner", _returner)),)),
    "offer.reminded": Happening(ITSELF, (OF_RTT("mentor_offer_again", Group("D3-returner", _returner), courtesy=True),)),
    "offer.accepted": Happening(RETURNER, (OF_RTT("mentor_interest", Group("D6-returner", _returner)),)),
    "offer.declined": Happening(RETURNER),
    "offer.put_off": Happening(RETURNER),
    "returners.imported": Happening(RTT_TEAM),
    "mentor.asked_for": Happening(RETURNER, (OF_RTT("returner_link", Group("D3-link", _returner)),)),
    "returner_link.sent": Happening(RETURNER, (OF_RTT("returner_link", Group("D3-link", _returner)),)),
    "returner.waits": Happening(ITSELF, (OF_RTT("mentor_waiting", Group("D4-returner", _returner)),)),
    "wish.changed": Happening(RETURNER),
    "mentor.added": Happening(RTT_TEAM),
    "mentor.changed": Happening("mentor or return to training team"),
    "mentor.capacity_set": Happening(MENTOR),
    "match.pinned": Happening(RTT_TEAM),
    "match.ruled_out": Happening(RTT_TEAM),
    "match.let_go": Happening(RTT_TEAM),
    "mentoring.introduced": Happening(RTT_TEAM, (OF_RTT("introduction", Group("D7-pair", _pair), together=True),)),
    "mentor.left": Happening("mentor or return to training team"),
    "mentor.came_back": Happening("mentor or return to training team"),
    "area.changed": Happening(RTT_TEAM),
    "place.changed": Happening(RTT_TEAM),
    "mentorship.contact_asked": Happening(ITSELF, (OF_RTT("contact_check", Group("D16-pair", _pair), courtesy=True),)),
    "mentorship.contact_made": Happening(PAIR),
    "mentorship.meeting_arranged": Happening(PAIR),
    "mentorship.meeting_noted": Happening(PAIR),
    "mentorship.note_removed": Happening(PAIR),
    "mentorship.agreement_asked": Happening(ITSELF, (OF_RTT("agreement_prompt", Group("D9-pair", _pair), courtesy=True),)),
    "agreement.proposed": Happening(PAIR, (OF_RTT("agreement_proposed", Group("D9-pair", _the_other), courtesy=True),)),
    "agreement.recorded": Happening(PAIR),
    "mentorship.month_left": Happening(ITSELF, (OF_RTT("month_left", Group("D11-pair", _pair), courtesy=True),)),
    "mentorship.ended": Happening(PAIR, (OF_RTT("mentoring_ended", Group("D11-pair", _pair)),)),
    "mentorship.end_moved": Happening("return to training team"),
    "mentorship.survey_reminded": Happening(ITSELF, (OF_RTT("survey_reminder", Group("D15-pair", _silent_of_pair), courtesy=True),)),
    "mentorship.not_working": Happening(PAIR, (
        OF_RTT("not_working_received", Group("D14-pair", _who_said)), OF_RTT("new_arrangement", Group("D14-pair", _the_other)),
    )),
    "mentorship.mentor_left": Happening("return to training team", (OF_RTT("new_arrangement", Group("D14-pair", _mentee)),)),
    "duty.decided": Happening("mentor"),
    "duty.mentee_told": Happening("mentor"),
    "duty.message_sent": Happening("mentor", (OF_RTT("duty_told", Group("D13-mentee", _mentee), from_actor=True),)),
    "duty.disclosed": Happening("mentor"),
    "support_contact.changed": Happening("return to training team"),
    "review.recorded": Happening(PROGRESSION),
    "reviews.imported": Happening(PROGRESSION),
    "review.corrected": Happening(PROGRESSION),
    "review.decided": Happening(PROGRESSION),
    "review.outcome_changed": Happening(PROGRESSION),
    "review.closed": Happening(PROGRESSION),
    "review.reopened": Happening(PROGRESSION),
    "review.link_sent": Happening(PROGRESSION, (
        OF_PROGRESSION("review_link", Group("E1-trainee", _trainee_if_asked_for)),
        OF_PROGRESSION("review_link", Group("E1-officer", _officer_if_asked_for)),
    )),
    "officer.named": Happening(PROGRESSION, (
        OF_PROGRESSION("review_link", Group("E1-officer", _training_officer)),
    )),
    "university.named": Happening(PROGRESSION),
    "follow_up.added": Happening(PROGRESSION),
    "follow_up.sent": Happening(PROGRESSION, (
        OF_PROGRESSION("action_asked", Group("E2-asked", _asked_to_act), from_actor=True),
    )),
    "follow_up.done": Happening(PROGRESSION),
    "call.offered": Happening(PROGRESSION, (
        OF_PROGRESSION("call_offered", Group("E3-trainee", _reviewed_trainee), from_actor=True),
        OF_PROGRESSION("call_offered", Group("E3-officer", _training_officer), from_actor=True),
    )),
    "call.wanted": Happening(SUPPORTED),
    "call.declined": Happening(SUPPORTED),
    "call.asked": Happening(PROGRESSION),
    "call.held": Happening(PROGRESSION),
    "support_meeting.required": Happening(PROGRESSION, (
        OF_PROGRESSION("support_meeting_required", Group("E4-trainee", _reviewed_trainee), from_actor=True),
        OF_PROGRESSION("support_meeting_required", Group("E4-officer", _training_officer), from_actor=True),
    )),
    "support_meeting.changed": Happening(PROGRESSION),
    "support_meeting.asked": Happening(PROGRESSION),
    "support_meeting.held": Happening(PROGRESSION),
    "support_meeting.called_off": Happening(PROGRESSION),
    "support_outcome.decided": Happening(PROGRESSION, OF_OUTCOME),
    "support_outcome.changed": Happening(PROGRESSION, OF_OUTCOME),
    "support_outcome.looked_at": Happening(PROGRESSION),
    "action_plan.agreed": Happening(PROGRESSION, (
        OF_PROGRESSION("plan_agreed", Group("E11-trainee", _reviewed_trainee), from_actor=True),
        OF_PROGRESSION("plan_agreed", Group("E11-officer", _training_officer), from_actor=True),
    )),
    "action_plan.reviewed": Happening(PROGRESSION),
    "action_plan.review_due": Happening(ITSELF, (OF_PROGRESSION("plan_review_due", Group("E11-team", _progression_team)),)),
    "objective.reminded": Happening(ITSELF, (
        OF_PROGRESSION("objective_reminder", Group("E11-trainee", _reviewed_trainee)),
        OF_PROGRESSION("objective_reminder_officer", Group("E11-officer", _training_officer)),
    )),
    "further_review.listed": Happening(ITSELF),
    "further_review.not_needed": Happening(PROGRESSION),
    "further_review.opened": Happening(PROGRESSION),
    "progression_report.asked": Happening(PROGRESSION),
    "progression_report.refused": Happening(PROGRESSION),
    "progression_report.withdrawn": Happening(PROGRESSION),
    "progression_report.agreed": Happening(PROGRESSION, (
        OF_PROGRESSION("report_told", Group("E13-trainee", _reviewed_trainee), from_actor=True),
    )),
    "progression_report.sent": Happening(PROGRESSION, (
        OF_PROGRESSION("progression_report", Group("E13-named", _asked_to_act), from_actor=True),
    )),
    "paper.added": Happening("one of the meeting"),
    "paper.opened": Happening("one of the meeting"),
    "paper.recalled": Happening("one of the meeting"),
    "papers.shared": Happening(PROGRESSION, (
        OF_PROGRESSION("papers_ready", Group("E10-attendee", _at_support_meeting)),
        OF_PROGRESSION("papers_ready", Group("E10-university", _university_with_papers)),
    )),
    "gap_analysis.changed": Happening(SUPPORTED),
    "minutes.written": Happening("minute taker"),
    "minutes.agreed": Happening("chair"),
    "minutes.corrected": Happening("chair"),
    "preparation.done": Happening(SUPPORTED),
    "preparation.taken_back": Happening(SUPPORTED),
    "preparation.reminded": Happening(ITSELF, (
        OF_PROGRESSION("preparation", Group("E9-trainee", _trainee_who_prepares)),
        OF_PROGRESSION("preparation", Group("E9-officer", _officer_who_prepares)),
    )),
    "plan.overdue": Happening(ITSELF, (
        OF_PROGRESSION("plan_overdue", Group("E9-trainee", _trainee_who_prepares)),
        OF_PROGRESSION("plan_overdue", Group("E9-officer", _officer_who_prepares)),
    )),
}  # fmt: skip
