"""Every table, in the order a reader meets them: people and places, signing in, the rooms, what happened, who was told.

Columns, keys, constraints and the states of each row; predicates about one row alone. No verbs: those are in the rooms.
"""

import json
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from peewee import (
    AutoField,
    BooleanField,
    CharField,
    Check,
    DatabaseProxy,
    DateField,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)

from signpost.fields import (
    PUBLIC_ID_LENGTH,
    PublicIdField,
    SealedBytesField,
    SealedTextField,
    UTCDateTimeField,
    new_public_id,
)

db = DatabaseProxy()

EMAIL_LENGTH = 254
NAME_LENGTH = 120
REQUEST_LENGTH = 1000
RELEASE_WORDS_LENGTH = 1000
ADDRESS_LENGTH = 120
SUMMARY_LENGTH = 300


def one_of(column: str, values: type[StrEnum]) -> Check:
    """A check constraint: the column holds one of the enum's values."""
    listed = ", ".join(f"'{value}'" for value in values)
    return Check(f"{column} IN ({listed})")


class Table(Model):
    class Meta:
        database = db
        legacy_table_names = False


# People and places


class School(Table):
    public_id = PublicIdField()
    name = CharField(max_length=NAME_LENGTH, unique=True)
    version = IntegerField(default=1)


class Employer(Table):
    """A trust, local education provider or practice, and the person there who hears that sessions have ended."""

    public_id = PublicIdField()
    name = CharField(max_length=NAME_LENGTH, unique=True)
    contact_name = CharField(max_length=NAME_LENGTH, default="")
    contact_email = CharField(max_length=EMAIL_LENGTH, default="")
    version = IntegerField(default=1)


class Venue(Table):
    """A place where trainees are seen (A23), and how many can be seen there at once."""

    public_id = PublicIdField()
    name = CharField(max_length=NAME_LENGTH, unique=True)
    rooms = IntegerField(default=1)
    version = IntegerField(default=1)


class User(Table):
    public_id = PublicIdField()
    name = CharField(max_length=NAME_LENGTH)
    email = CharField(max_length=EMAIL_LENGTH, unique=True)
    former_email = CharField(max_length=EMAIL_LENGTH, default="")
    phone = CharField(max_length=40, default="")
    password_hash = CharField(max_length=200, default="")
    created_at = UTCDateTimeField()
    disabled_at = UTCDateTimeField(null=True)
    booking_notice_hours = IntegerField(null=True, constraints=[Check("booking_notice_hours BETWEEN 0 AND 168")])
    booking_ahead_weeks = IntegerField(null=True, constraints=[Check("booking_ahead_weeks BETWEEN 1 AND 26")])
    version = IntegerField(default=1)

    @property
    def is_disabled(self) -> bool:
        return self.disabled_at is not None


class Role(StrEnum):
    REFERRER = "referrer"
    SENIOR_ADVISER = "senior_adviser"
    COUNSELLOR = "counsellor"
    HEAD_OF_SCHOOL = "head_of_school"
    TSG = "tsg"
    TRAINEE = "trainee"
    RTT_TEAM = "rtt_team"
    MENTOR = "mentor"
    RETURNER = "returner"
    TRAINING_OFFICER = "training_officer"
    MEETING_CHAIR = "meeting_chair"
    PROGRESSION = "progression"
    UNIVERSITY = "university"
    COMPLAINTS = "complaints"
    GOVERNANCE = "governance"
    ADMINISTRATOR = "administrator"


class ReferrerKind(StrEnum):
    """The six who may refer, and nobody else (A2)."""

    LFG_CAREER_LEAD = "lfg_career_lead"
    DME = "dme"
    TPD = "tpd"
    EDUCATIONAL_SUPERVISOR = "educational_supervisor"
    CLINICAL_TUTOR = "clinical_tutor"
    MEM = "mem"


REFERRER_KIND_NAMES = {
    ReferrerKind.LFG_CAREER_LEAD: "LFG career lead",
    ReferrerKind.DME: "director of medical education",
    ReferrerKind.TPD: "training programme director",
    ReferrerKind.EDUCATIONAL_SUPERVISOR: "educational supervisor",
    ReferrerKind.CLINICAL_TUTOR: "clinical tutor",
    ReferrerKind.MEM: "medical education manager",
}


class RoleHeld(Table):
    """A role a person holds, and over what: a school, an employer, or as which kind of referrer."""

    public_id = PublicIdField()
    user = ForeignKeyField(User, backref="roles_held", on_delete="CASCADE")
    role = CharField(max_length=30, constraints=[one_of("role", Role)])
    school = ForeignKeyField(School, null=True, on_delete="RESTRICT")
    employer = ForeignKeyField(Employer, null=True, on_delete="RESTRICT")
    referrer_kind = CharField(max_length=30, null=True)

    class Meta:
        indexes = ((("user", "role", "school", "employer", "referrer_kind"), True), (("role", "school"), False))
        constraints = [
            Check("(role = 'referrer') = (referrer_kind IS NOT NULL)"),
            Check("role <> 'head_of_school' OR school_id IS NOT NULL"),
        ]


class RoleAsked(Table):
    """A role that an administrator asked for themselves: it is theirs only when another administrator gives it."""

    public_id = PublicIdField()
    user = ForeignKeyField(User, backref="roles_asked", on_delete="CASCADE")
    role = CharField(max_length=30, constraints=[one_of("role", Role)])
    school = ForeignKeyField(School, null=True, on_delete="CASCADE")
    employer = ForeignKeyField(Employer, null=True, on_delete="CASCADE")
    referrer_kind = CharField(max_length=30, null=True)
    asked_at = UTCDateTimeField()
    decided_by = ForeignKeyField(User, null=True, on_delete="RESTRICT")
    decided_at = UTCDateTimeField(null=True)
    is_given = BooleanField(null=True)

    class Meta:
        constraints = [Check("decided_by_id IS NULL OR decided_by_id <> user_id")]


class CounsellorVenue(Table):
    """A place where a counsellor sees trainees (A23)."""

    counsellor = ForeignKeyField(User, backref="works_at", on_delete="CASCADE")
    venue = ForeignKeyField(Venue, on_delete="CASCADE")

    class Meta:
        indexes = ((("counsellor", "venue"), True),)


class Absence(Table):
    """Days on which a counsellor takes no new trainee; first and last day included."""

    public_id = PublicIdField()
    counsellor = ForeignKeyField(User, backref="absences", on_delete="CASCADE")
    first_day = DateField()
    last_day = DateField()

    class Meta:
        constraints = [Check("last_day >= first_day")]


class Conflict(Table):
    """A counsellor's declaration that they should not see this trainee, or anyone of this employer."""

    public_id = PublicIdField()
    counsellor = ForeignKeyField(User, backref="conflicts", on_delete="CASCADE")
    trainee_email = CharField(max_length=EMAIL_LENGTH, null=True)
    employer = ForeignKeyField(Employer, null=True, on_delete="CASCADE")
    declared_at = UTCDateTimeField()

    class Meta:
        constraints = [Check("(trainee_email IS NULL) <> (employer_id IS NULL)")]


class Setting(Table):
    """An organisation's own value for a setting of `signpost.settings`."""

    name = CharField(max_length=60, unique=True)
    value = TextField()


# Signing in


class WebSession(Table):
    """A signed-in browser. Only the hash of its id lies here, and the row can be ended at any time."""

    token_hash = CharField(max_length=64, unique=True)
    user = ForeignKeyField(User, backref="web_sessions", on_delete="CASCADE")
    created_at = UTCDateTimeField()
    last_seen_at = UTCDateTimeField()
    ended_at = UTCDateTimeField(null=True)


class FailedSignIn(Table):
    """A failed try, by hashes of the account's address and of the network address."""

    account_hash = CharField(max_length=64)
    network_hash = CharField(max_length=64)
    tried_at = UTCDateTimeField()

    class Meta:
        indexes = ((("account_hash", "tried_at"), False), (("network_hash", "tried_at"), False))


class AccountLinkPurpose(StrEnum):
    INVITATION = "invitation"
    PASSWORD = "password"


class AccountLink(Table):
    """A way for an account holder to choose a password: once, until a moment. Only the hash of its token lies here."""

    public_id = PublicIdField()
    token_hash = CharField(max_length=64, unique=True)
    user = ForeignKeyField(User, backref="account_links", on_delete="CASCADE")
    purpose = CharField(max_length=20, constraints=[one_of("purpose", AccountLinkPurpose)])
    made_at = UTCDateTimeField()
    expires_at = UTCDateTimeField()
    used_at = UTCDateTimeField(null=True)


class HelpAsked(Table):
    """An address that asked for help with signing in, until the worker has looked whether there is an account."""

    email = CharField(max_length=EMAIL_LENGTH)
    asked_at = UTCDateTimeField()


class SavedView(Table):
    """A list of the inbox that an adviser comes back to: its address, without the search words' page or open row."""

    public_id = PublicIdField()
    user = ForeignKeyField(User, backref="saved_views", on_delete="CASCADE")
    name = CharField(max_length=60)
    address = CharField(max_length=500)

    class Meta:
        indexes = ((("user", "name"), True),)


class Draft(Table):
    """A form that somebody has begun, kept on the server and sealed."""

    public_id = PublicIdField()
    user = ForeignKeyField(User, on_delete="CASCADE")
    form = CharField(max_length=40)
    fields_json = SealedTextField()
    saved_at = UTCDateTimeField()

    class Meta:
        indexes = ((("user", "form"), True),)


# Referrals


class Status(StrEnum):
    SUBMITTED = "submitted"
    ASSIGNED = "assigned"
    FIRST_MEETING_BOOKED = "first_meeting_booked"
    IN_PROGRESS = "in_progress"
    SESSIONS_COMPLETE = "sessions_complete"
    CLOSED = "closed"


class Stage(StrEnum):
    """Where a referral stands for the team: the views of the inbox, each one or more statuses."""

    WAITING = "waiting"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    CLOSED = "closed"


STAGE_OF = {
    Status.SUBMITTED: Stage.WAITING,
    Status.ASSIGNED: Stage.ASSIGNED,
    Status.FIRST_MEETING_BOOKED: Stage.IN_PROGRESS,
    Status.IN_PROGRESS: Stage.IN_PROGRESS,
    Status.SESSIONS_COMPLETE: Stage.IN_PROGRESS,
    Status.CLOSED: Stage.CLOSED,
}


class Ending(StrEnum):
    """Why a referral is closed."""

    COMPLETE = "complete"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    DUPLICATE = "duplicate"
    UNABLE_TO_CONTACT = "unable_to_contact"
    LEFT_PROGRAMME = "left_programme"
    WITHDREW_PART_WAY = "withdrew_part_way"


class Referral(Table):
    """One trainee referred to the careers team (A1). Rows are numbered in the order they arrived."""

    public_id = PublicIdField()
    trainee_name = CharField(max_length=NAME_LENGTH)
    trainee_email = CharField(max_length=EMAIL_LENGTH, index=True)
    trainee = ForeignKeyField(User, null=True, backref="own_referrals", on_delete="RESTRICT")
    school = ForeignKeyField(School, null=True, on_delete="RESTRICT")
    employer = ForeignKeyField(Employer, on_delete="RESTRICT")
    request = TextField()
    wider_concerns = BooleanField(default=False)
    referred_by = ForeignKeyField(User, backref="referrals_made", on_delete="RESTRICT")
    referrer_kind = CharField(max_length=30, constraints=[one_of("referrer_kind", ReferrerKind)])
    referred_at = UTCDateTimeField()
    status = CharField(max_length=30, default=Status.SUBMITTED, constraints=[one_of("status", Status)])
    stage = CharField(max_length=20, default=Stage.WAITING, constraints=[one_of("stage", Stage)])
    accepted_at = UTCDateTimeField(null=True)
    assigned_to = ForeignKeyField(User, null=True, backref="cases", on_delete="RESTRICT")
    assigned_by = ForeignKeyField(User, null=True, on_delete="RESTRICT")
    assigned_at = UTCDateTimeField(null=True)
    agreed_sessions = IntegerField(default=2, constraints=[Check("agreed_sessions >= 2")])
    closed_at = UTCDateTimeField(null=True)
    ending = CharField(max_length=30, null=True)
    duplicate_of = ForeignKeyField("self", null=True, on_delete="RESTRICT")
    search_words = TextField(default="")
    name_order = CharField(max_length=NAME_LENGTH * 2, default="")
    version = IntegerField(default=1)

    class Meta:
        indexes = (
            (("stage", "id"), False),
            (("stage", "name_order", "id"), False),
            (("name_order", "id"), False),
            (("stage", "referred_at"), False),
            (("assigned_to", "stage", "id"), False),
            (("referred_by", "id"), False),
            (("school", "wider_concerns", "id"), False),
            (("stage", "employer", "id"), False),
            (("stage", "school", "id"), False),
        )
        constraints = [
            Check("(stage = 'closed') = (closed_at IS NOT NULL)"),
            Check("(ending IS NULL) = (closed_at IS NULL)"),
            Check("(stage = 'closed') = (status = 'closed')"),
            Check("(stage = 'waiting') = (status = 'submitted')"),
            Check("status NOT IN ('assigned', 'first_meeting_booked', 'in_progress') OR assigned_to_id IS NOT NULL"),
            Check("NOT wider_concerns OR school_id IS NOT NULL"),
        ]

    @property
    def reference(self) -> str:
        """How the public id is said and printed: K4TX-29BD."""
        return f"{self.public_id[:4]}-{self.public_id[4:]}".upper()

    @property
    def is_closed(self) -> bool:
        return self.status == Status.CLOSED

    @property
    def is_waiting(self) -> bool:
        return self.status == Status.SUBMITTED

    @property
    def has_begun(self) -> bool:
        """A first meeting is booked, or more."""
        return self.stage == Stage.IN_PROGRESS

    def stand_at(self, status: Status) -> dict[str, Any]:
        """The columns to write when the status becomes this one."""
        return {"status": status, "stage": STAGE_OF[status]}


class ReleaseChoice(StrEnum):
    NOTHING = "nothing"
    FACT = "fact"
    WORDS = "words"


class Release(Table):
    """What the head of school decided to tell the TSG of one referral, frozen as it was sent (A4)."""

    public_id = PublicIdField()
    referral = ForeignKeyField(Referral, backref="releases", on_delete="RESTRICT")
    choice = CharField(max_length=10, constraints=[one_of("choice", ReleaseChoice)])
    words = CharField(max_length=RELEASE_WORDS_LENGTH, default="")
    trainee_name = CharField(max_length=NAME_LENGTH)
    school_name = CharField(max_length=NAME_LENGTH)
    decided_by = ForeignKeyField(User, on_delete="RESTRICT")
    decided_at = UTCDateTimeField()

    class Meta:
        constraints = [Check("(choice = 'words') = (words <> '')")]


# Meetings


class Mode(StrEnum):
    FACE_TO_FACE = "face_to_face"
    TELEPHONE = "telephone"
    TEAMS = "teams"


class Hours(Table):
    """A stretch of the week in which a counsellor sees trainees; on one day alone where `day` is set."""

    public_id = PublicIdField()
    counsellor = ForeignKeyField(User, backref="hours", on_delete="CASCADE")
    weekday = IntegerField(constraints=[Check("weekday BETWEEN 0 AND 6")])
    day = DateField(null=True)
    begins = CharField(max_length=5)
    ends = CharField(max_length=5)
    mode = CharField(max_length=20, constraints=[one_of("mode", Mode)])
    venue = ForeignKeyField(Venue, null=True, on_delete="RESTRICT")
    minutes = IntegerField(default=60, constraints=[Check("minutes BETWEEN 10 AND 240")])
    gap_minutes = IntegerField(default=0, constraints=[Check("gap_minutes BETWEEN 0 AND 120")])

    class Meta:
        constraints = [Check("ends > begins"), Check("(mode = 'face_to_face') = (venue_id IS NOT NULL)")]


class MeetingState(StrEnum):
    HELD_FOR_SOMEBODY = "held_for_somebody"
    BOOKED = "booked"
    CANCELLED = "cancelled"


class Attendance(StrEnum):
    HELD = "held"
    DID_NOT_TAKE_PLACE = "did_not_take_place"


class LinkState(StrEnum):
    """How far the Teams link of a meeting is."""

    NONE = "none"
    PENDING = "pending"
    READY = "ready"
    NEEDS_PERSON = "needs_person"


class PollState(StrEnum):
    OPEN = "open"
    FIXED = "fixed"
    CANCELLED = "cancelled"


class Poll(Table):
    """When can these people meet? Some are required, some are not (E8)."""

    public_id = PublicIdField()
    organiser = ForeignKeyField(User, backref="polls", on_delete="RESTRICT")
    title = CharField(max_length=120)
    minutes = IntegerField(constraints=[Check("minutes BETWEEN 10 AND 480")])
    reply_by = DateField()
    shows_others = BooleanField(default=False)
    mode = CharField(max_length=20, default=Mode.TEAMS)
    place = CharField(max_length=NAME_LENGTH, default="")
    state = CharField(max_length=20, default=PollState.OPEN, constraints=[one_of("state", PollState)])
    asked_at = UTCDateTimeField()
    all_answered_at = UTCDateTimeField(null=True)
    version = IntegerField(default=1)


class PollTime(Table):
    public_id = PublicIdField()
    poll = ForeignKeyField(Poll, backref="times", on_delete="CASCADE")
    begins_at = UTCDateTimeField()
    ends_at = UTCDateTimeField()

    class Meta:
        indexes = ((("poll", "begins_at"), True),)


class PollPerson(Table):
    """Somebody who is asked. The organiser answers as one of them."""

    public_id = PublicIdField()
    poll = ForeignKeyField(Poll, backref="people", on_delete="CASCADE")
    user = ForeignKeyField(User, null=True, backref="polls_asked", on_delete="RESTRICT")
    name = CharField(max_length=NAME_LENGTH)
    email = CharField(max_length=EMAIL_LENGTH)
    is_required = BooleanField()
    answered_at = UTCDateTimeField(null=True)
    can_do = CharField(max_length=300, default="")
    chased_at = UTCDateTimeField(null=True)

    class Meta:
        indexes = ((("poll", "email"), True),)


class Reply(StrEnum):
    YES = "yes"
    IF_NEED_BE = "if_need_be"
    NO = "no"


class PollAnswer(Table):
    person = ForeignKeyField(PollPerson, backref="answers", on_delete="CASCADE")
    time = ForeignKeyField(PollTime, backref="answers", on_delete="CASCADE")
    reply = CharField(max_length=20, constraints=[one_of("reply", Reply)])

    class Meta:
        indexes = ((("person", "time"), True),)


class Meeting(Table):
    """People at a time, in a place or on a line. One calendar UID for life; `sequence` rises with each change."""

    public_id = PublicIdField()
    referral = ForeignKeyField(Referral, null=True, backref="meetings", on_delete="RESTRICT")
    poll = ForeignKeyField(Poll, null=True, unique=True, backref="meetings", on_delete="RESTRICT")
    organiser = ForeignKeyField(User, backref="meetings_organised", on_delete="RESTRICT")
    uid = CharField(max_length=120, unique=True)
    sequence = IntegerField(default=0)
    begins_at = UTCDateTimeField(index=True)
    ends_at = UTCDateTimeField()
    mode = CharField(max_length=20, constraints=[one_of("mode", Mode)])
    venue = ForeignKeyField(Venue, null=True, on_delete="RESTRICT")
    place = CharField(max_length=NAME_LENGTH, default="")
    state = CharField(max_length=20, constraints=[one_of("state", MeetingState)])
    held_until = UTCDateTimeField(null=True)
    outside_reason = CharField(max_length=200, default="")
    attendance = CharField(max_length=20, null=True)
    missed_by = CharField(max_length=20, default="")
    link_state = CharField(max_length=20, default=LinkState.NONE, constraints=[one_of("link_state", LinkState)])
    link_words = CharField(max_length=200, default="")
    link_due_at = UTCDateTimeField(null=True)
    link_attempts = IntegerField(default=0)
    join_url = SealedTextField(null=True)
    provider_id = CharField(max_length=300, default="")
    reminded_at = UTCDateTimeField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("organiser", "begins_at"), False), (("link_state", "link_due_at"), False))
        constraints = [
            Check("ends_at > begins_at"),
            Check("(state = 'held_for_somebody') = (held_until IS NOT NULL)"),
            Check("attendance IS NULL OR attendance IN ('held', 'did_not_take_place')"),
        ]

    @property
    def is_booked(self) -> bool:
        return self.state == MeetingState.BOOKED

    @property
    def place_name(self) -> str:
        """Where it is, for one in person; empty where nobody said, and for others."""
        return str(self.venue.name) if self.venue else self.place


class Attendee(Table):
    """Somebody who is, or was, to be at a meeting."""

    public_id = PublicIdField()
    meeting = ForeignKeyField(Meeting, backref="attendees", on_delete="CASCADE")
    user = ForeignKeyField(User, null=True, backref="attends", on_delete="RESTRICT")
    name = CharField(max_length=NAME_LENGTH)
    email = CharField(max_length=EMAIL_LENGTH)
    is_required = BooleanField(default=True)
    removed_at = UTCDateTimeField(null=True)

    class Meta:
        indexes = ((("meeting", "email"), True),)


class TakenTime(Table):
    """Five minutes of a person or of a room. The unique key is what makes double booking impossible."""

    resource = CharField(max_length=40)
    quantum = IntegerField()
    meeting = ForeignKeyField(Meeting, null=True, backref="taken", on_delete="CASCADE")
    poll_time = ForeignKeyField(PollTime, null=True, backref="taken", on_delete="CASCADE")

    class Meta:
        indexes = ((("resource", "quantum"), True),)
        constraints = [Check("(meeting_id IS NULL) <> (poll_time_id IS NULL)")]


class CalendarFeed(Table):
    """A private address from which a person's calendar program reads their meetings, until it is withdrawn."""

    token_hash = CharField(max_length=64, unique=True)
    user = ForeignKeyField(User, backref="calendar_feeds", on_delete="CASCADE")
    made_at = UTCDateTimeField()
    withdrawn_at = UTCDateTimeField(null=True)


# Mentoring


class Area(Table):
    """A part of the country that people name when they say where: its name, and the postcode areas and districts in it."""

    public_id = PublicIdField()
    name = CharField(max_length=NAME_LENGTH, unique=True)
    districts = CharField(max_length=300)  # "PR BB LA1 LA2": what their postcodes begin with
    version = IntegerField(default=1)


class Place(Table):
    """A town or hospital that people name instead of a postcode, and the district it lies in."""

    public_id = PublicIdField()
    name = CharField(max_length=NAME_LENGTH, unique=True)
    district = CharField(max_length=4)
    version = IntegerField(default=1)


class ReturnerState(StrEnum):
    """`LISTED`: not offered a mentor yet. `LATER`: asks to be asked again. `INTERESTED`: opted in, and waits."""

    LISTED = "listed"
    OFFERED = "offered"
    LATER = "later"
    DECLINED = "declined"
    INTERESTED = "interested"
    MATCHED = "matched"
    ENDED = "ended"


class CameBy(StrEnum):
    ENTERED = "entered"
    IMPORTED = "imported"
    ASKED = "asked"


class Returner(Table):
    """One return to training after an absence of three months or more (D1). Mentoring ends six months after `returns_on`."""

    public_id = PublicIdField()
    name = CharField(max_length=NAME_LENGTH)
    email = CharField(max_length=EMAIL_LENGTH, index=True)
    user = ForeignKeyField(User, null=True, backref="returns", on_delete="RESTRICT")
    employer = ForeignKeyField(Employer, null=True, on_delete="RESTRICT")
    specialty = CharField(max_length=NAME_LENGTH, default="")
    absent_from = DateField()
    returns_on = DateField(index=True)
    came_by = CharField(max_length=20, constraints=[one_of("came_by", CameBy)])
    entered_by = ForeignKeyField(User, null=True, backref="returners_entered", on_delete="RESTRICT")
    entered_at = UTCDateTimeField()
    state = CharField(max_length=20, default=ReturnerState.LISTED, constraints=[one_of("state", ReturnerState)])
    offered_at = UTCDateTimeField(null=True)
    reminded_at = UTCDateTimeField(null=True)
    ask_again_on = DateField(null=True)
    interested_at = UTCDateTimeField(null=True)
    declined_at = UTCDateTimeField(null=True)
    told_waiting_at = UTCDateTimeField(null=True)
    removed_at = UTCDateTimeField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("email", "absent_from"), True), (("state", "returns_on"), False))
        constraints = [
            Check("returns_on > absent_from"),
            Check("state NOT IN ('interested', 'matched') OR interested_at IS NOT NULL"),
            Check("(state = 'later') = (ask_again_on IS NOT NULL)"),
        ]


class OwnTrust(StrEnum):
    """Whether a mentor of one's own trust is wished, which is the returner's choice."""

    EITHER = "either"
    WISHED = "wished"
    NOT_WISHED = "not_wished"


class MentoringWish(Table):
    """What a returner asked of a mentor: met where possible, and not guaranteed (D6), but for a limit they chose to wait for.

    Days are those of the week, "0" for Monday, as in "02". No postcode is longer than a district.
    """

    public_id = PublicIdField()
    returner = ForeignKeyField(Returner, unique=True, backref="wishes", on_delete="CASCADE")
    district = CharField(max_length=4)
    place_name = CharField(max_length=NAME_LENGTH, default="")
    miles = IntegerField(null=True, constraints=[Check("miles BETWEEN 1 AND 500")])
    is_miles_a_limit = BooleanField(default=False)
    face_to_face = BooleanField(default=True)
    teams = BooleanField(default=True)
    telephone = BooleanField(default=True)
    is_mode_a_limit = BooleanField(default=False)
    days = CharField(max_length=7, default="")
    same_specialty = BooleanField(default=False)
    works_ltft = BooleanField(default=False)
    is_parent = BooleanField(default=False)
    return_reason = SealedTextField(null=True)
    own_trust = CharField(max_length=20, default=OwnTrust.EITHER, constraints=[one_of("own_trust", OwnTrust)])
    request = SealedTextField(null=True)
    given_at = UTCDateTimeField()
    version = IntegerField(default=1)

    class Meta:
        constraints = [
            Check("face_to_face OR teams OR telephone"),
            Check("NOT is_miles_a_limit OR miles IS NOT NULL"),
        ]


class WishedArea(Table):
    wish = ForeignKeyField(MentoringWish, backref="areas", on_delete="CASCADE")
    area = ForeignKeyField(Area, on_delete="CASCADE")
    is_avoided = BooleanField(default=False)

    class Meta:
        indexes = ((("wish", "area"), True),)


class Mentor(Table):
    """Somebody trained to mentor (D2), and how many they support at a time: two, unless they say otherwise (D5)."""

    public_id = PublicIdField()
    user = ForeignKeyField(User, unique=True, backref="mentors", on_delete="RESTRICT")
    employer = ForeignKeyField(Employer, null=True, on_delete="RESTRICT")
    specialty = CharField(max_length=NAME_LENGTH, default="")
    trained_on = DateField(null=True)
    training_ends_on = DateField(null=True)
    capacity = IntegerField(default=2, constraints=[Check("capacity BETWEEN 0 AND 10")])
    miles = IntegerField(default=30, constraints=[Check("miles BETWEEN 0 AND 500")])
    face_to_face = BooleanField(default=True)
    teams = BooleanField(default=True)
    telephone = BooleanField(default=True)
    days = CharField(max_length=7, default="")
    works_ltft = BooleanField(default=False)
    is_parent = BooleanField(default=False)
    return_reason = SealedTextField(null=True)
    about = CharField(max_length=500, default="")
    left_at = UTCDateTimeField(null=True)
    version = IntegerField(default=1)

    class Meta:
        constraints = [
            Check("face_to_face OR teams OR telephone"),
            Check("training_ends_on IS NULL OR training_ends_on >= trained_on"),
        ]


class MentorBase(Table):
    """Where a mentor can be met."""

    public_id = PublicIdField()
    mentor = ForeignKeyField(Mentor, backref="bases", on_delete="CASCADE")
    district = CharField(max_length=4)
    place_name = CharField(max_length=NAME_LENGTH, default="")

    class Meta:
        indexes = ((("mentor", "district"), True),)


class MentorPause(Table):
    """Days on which a mentor takes nobody new; without a last day until they end it."""

    public_id = PublicIdField()
    mentor = ForeignKeyField(Mentor, backref="pauses", on_delete="CASCADE")
    first_day = DateField()
    last_day = DateField(null=True)

    class Meta:
        constraints = [Check("last_day IS NULL OR last_day >= first_day")]


class WhyApart(StrEnum):
    """Why two people are not matched: one asked, one supervises the other, or a pair of them did not work (D14)."""

    ASKED = "asked"
    SUPERVISOR = "supervisor"
    NOT_WORKING = "not_working"


class KeptApart(Table):
    """A returner, or a mentor, and somebody whom they are not matched with, by address where it is known, else by name."""

    public_id = PublicIdField()
    returner = ForeignKeyField(Returner, null=True, backref="kept_apart", on_delete="CASCADE")
    mentor = ForeignKeyField(Mentor, null=True, backref="kept_apart", on_delete="CASCADE")
    name = CharField(max_length=NAME_LENGTH, default="")
    email = CharField(max_length=EMAIL_LENGTH, default="")
    why = CharField(max_length=20, constraints=[one_of("why", WhyApart)])
    written_at = UTCDateTimeField()

    class Meta:
        indexes = ((("returner", "name", "email"), True), (("mentor", "name", "email"), True))
        constraints = [
            Check("(returner_id IS NULL) <> (mentor_id IS NULL)"),
            Check("name <> '' OR email <> ''"),
        ]


class MatchOverride(Table):
    """A coordinator pinned two people together, or forbade it, on the matching board."""

    public_id = PublicIdField()
    returner = ForeignKeyField(Returner, backref="overrides", on_delete="CASCADE")
    mentor = ForeignKeyField(Mentor, backref="overrides", on_delete="CASCADE")
    is_pinned = BooleanField()
    made_by = ForeignKeyField(User, on_delete="RESTRICT")
    made_at = UTCDateTimeField()

    class Meta:
        indexes = ((("returner", "mentor"), True),)


class MatchesSeen(Table):
    """The suggestions as a coordinator last saw them, by public ids, so that the board can say what changed since."""

    public_id = PublicIdField()
    user = ForeignKeyField(User, unique=True, backref="matches_seen", on_delete="CASCADE")
    pairs_json = TextField()
    seen_at = UTCDateTimeField()


class MentorshipEnding(StrEnum):
    TIME_UP = "time_up"
    EARLY = "early"
    NOT_WORKING = "not_working"
    MENTOR_LEFT = "mentor_left"


class Side(StrEnum):
    """Who of a pair."""

    RETURNER = "returner"
    MENTOR = "mentor"


class Mentorship(Table):
    """A returner and their mentor, from the introduction to the end, six calendar months after the return (D7, D11).

    While it lasts it takes one of the mentor's numbered seats, and the returner's only one: the unique keys are what makes
    double booking impossible. `explanation` is the words of the matching.
    """

    public_id = PublicIdField()
    returner = ForeignKeyField(Returner, backref="mentorships", on_delete="RESTRICT")
    mentor = ForeignKeyField(Mentor, backref="mentorships", on_delete="RESTRICT")
    mentor_seat = IntegerField(null=True)
    returner_seat = IntegerField(null=True, constraints=[Check("returner_seat = 1")])
    explanation = CharField(max_length=500, default="")
    introduced_at = UTCDateTimeField()
    introduced_by = ForeignKeyField(User, backref="introductions", on_delete="RESTRICT")
    ends_on = DateField()
    asked_contact_at = UTCDateTimeField(null=True)
    contact_at = UTCDateTimeField(null=True)
    contact_said_by = CharField(max_length=10, null=True)
    first_meeting = ForeignKeyField(Meeting, null=True, unique=True, backref="mentorships", on_delete="RESTRICT")
    asked_agreement_at = UTCDateTimeField(null=True)
    agreed_on = DateField(null=True)
    is_kept_by_pair = BooleanField(default=False)
    told_month_before_at = UTCDateTimeField(null=True)
    ended_at = UTCDateTimeField(null=True)
    ending = CharField(max_length=20, null=True)
    ended_by = CharField(max_length=10, default="")
    survey_reminded_at = UTCDateTimeField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = (
            (("mentor", "mentor_seat"), True),
            (("returner", "returner_seat"), True),
            (("ended_at", "ends_on"), False),
        )
        constraints = [
            Check("(ended_at IS NULL) = (mentor_seat IS NOT NULL)"),
            Check("(ended_at IS NULL) = (returner_seat IS NOT NULL)"),
            Check("(ended_at IS NULL) = (ending IS NULL)"),
            Check("ending IN ('time_up', 'early', 'not_working', 'mentor_left')"),
        ]

    @property
    def is_ended(self) -> bool:
        return self.ended_at is not None


class MentoringAgreement(Table):
    """What a pair agreed, by guide questions none of which must be answered (D9). A change is proposed by one, and then
    agreed by the other; what it replaces is kept.
    """

    public_id = PublicIdField()
    mentorship = ForeignKeyField(Mentorship, backref="agreements", on_delete="CASCADE")
    is_kept_by_pair = BooleanField(default=False)
    meetings = SealedTextField(null=True)
    outcomes = SealedTextField(null=True)
    off_limits = SealedTextField(null=True)
    learning = SealedTextField(null=True)
    progress = SealedTextField(null=True)
    ending = SealedTextField(null=True)
    proposed_by = CharField(max_length=10, constraints=[one_of("proposed_by", Side)])
    proposed_at = UTCDateTimeField()
    agreed_at = UTCDateTimeField(null=True)
    withdrawn_at = UTCDateTimeField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("mentorship", "id"), False),)


class MentoringMeeting(Table):
    """That a pair met: date and mode, and words of their own where they wish. The team never reads the words (D13)."""

    public_id = PublicIdField()
    mentorship = ForeignKeyField(Mentorship, backref="meetings_noted", on_delete="CASCADE")
    met_on = DateField()
    mode = CharField(max_length=20, constraints=[one_of("mode", Mode)])
    words = SealedTextField(null=True)
    noted_by = CharField(max_length=10, constraints=[one_of("noted_by", Side)])
    noted_at = UTCDateTimeField()
    removed_at = UTCDateTimeField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("mentorship", "met_on"), False),)


class DutyDisclosure(Table):
    """What a mentor had to disclose as a registered doctor: decided, then the mentee told, then disclosed (D13, A20)."""

    public_id = PublicIdField()
    mentorship = ForeignKeyField(Mentorship, backref="duty_disclosures", on_delete="RESTRICT")
    reason = SealedTextField()
    decided_at = UTCDateTimeField()
    told_how = CharField(max_length=20, null=True)
    told_at = UTCDateTimeField(null=True)
    disclosed_to = SealedTextField(null=True)
    disclosed = SealedTextField(null=True)
    disclosed_at = UTCDateTimeField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("mentorship", "id"), False),)
        constraints = [
            Check("disclosed_at IS NULL OR told_at IS NOT NULL"),
            Check("(told_at IS NULL) = (told_how IS NULL)"),
        ]


class SupportTopic(StrEnum):
    """What a line of the signposting directory helps with (D12)."""

    LEAD_EMPLOYER = "lead_employer"
    OCCUPATIONAL_HEALTH = "occupational_health"
    LTFT = "ltft"
    REFLECTION = "reflection"
    OTHER = "other"


class SupportContact(Table):
    """A line of the signposting directory: for everybody, or for one trust (D12)."""

    public_id = PublicIdField()
    topic = CharField(max_length=30, constraints=[one_of("topic", SupportTopic)])
    employer = ForeignKeyField(Employer, null=True, backref="support_contacts", on_delete="CASCADE")
    name = CharField(max_length=NAME_LENGTH)
    words = CharField(max_length=500, default="")
    web_address = CharField(max_length=300, default="")
    email = CharField(max_length=EMAIL_LENGTH, default="")
    phone = CharField(max_length=40, default="")
    position = IntegerField(default=0)
    version = IntegerField(default=1)


# Progression


class ReviewOutcome(StrEnum):
    """1, 2 and 3 are the outcomes of a review of progression that lead on (E3, E4)."""

    ONE = "1"
    TWO = "2"
    THREE = "3"
    OTHER = "other"


class SupportDecision(StrEnum):
    """What the School decides after a review. Issues only suggest it (E1)."""

    NONE = "none"
    CALL = "call"
    TRIAGE = "triage"
    FULL = "full"


class Review(Table):
    """One review of a trainee's progression, and what its outcome was (E1)."""

    public_id = PublicIdField()
    trainee_name = CharField(max_length=NAME_LENGTH)
    trainee_email = CharField(max_length=EMAIL_LENGTH, index=True)
    trainee = ForeignKeyField(User, null=True, backref="own_reviews", on_delete="RESTRICT")
    programme = CharField(max_length=NAME_LENGTH)
    employer = ForeignKeyField(Employer, null=True, on_delete="RESTRICT")
    director = ForeignKeyField(User, null=True, backref="reviews_directed", on_delete="RESTRICT")
    outcome = CharField(max_length=10, constraints=[one_of("outcome", ReviewOutcome)])
    outcome_on = DateField()
    decision = CharField(max_length=10, null=True)
    decided_by = ForeignKeyField(User, null=True, on_delete="RESTRICT")
    decided_at = UTCDateTimeField(null=True)
    opened_by = ForeignKeyField(User, backref="reviews_opened", on_delete="RESTRICT")
    opened_at = UTCDateTimeField()
    earlier = ForeignKeyField("self", null=True, backref="further", on_delete="RESTRICT")
    closed_at = UTCDateTimeField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("trainee_email", "outcome_on"), True), (("closed_at", "outcome_on"), False))
        constraints = [
            Check("(decision IS NULL) = (decided_at IS NULL)"),
            Check("decision IS NULL OR decision IN ('none', 'call', 'triage', 'full')"),
        ]

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None


class OutcomeChange(Table):
    """What the outcome of a review was before it was changed, and why. It is kept, whatever had followed from it."""

    public_id = PublicIdField()
    review = ForeignKeyField(Review, backref="outcome_changes", on_delete="CASCADE")
    was = CharField(max_length=10, constraints=[one_of("was", ReviewOutcome)])
    was_on = DateField()
    why = SealedTextField()
    changed_by = ForeignKeyField(User, on_delete="RESTRICT")
    changed_at = UTCDateTimeField()


class Part(StrEnum):
    """Which part somebody besides the trainee has in a review."""

    TRAINING_OFFICER = "training_officer"
    UNIVERSITY = "university"


class ReviewPerson(Table):
    """The trainee's Training Officer, or their contact at the university, while they are it."""

    public_id = PublicIdField()
    review = ForeignKeyField(Review, backref="people", on_delete="CASCADE")
    part = CharField(max_length=20, constraints=[one_of("part", Part)])
    name = CharField(max_length=NAME_LENGTH)
    email = CharField(max_length=EMAIL_LENGTH)
    user = ForeignKeyField(User, null=True, backref="reviews_taken_part", on_delete="RESTRICT")
    began_at = UTCDateTimeField()
    left_at = UTCDateTimeField(null=True)

    class Meta:
        indexes = ((("review", "part", "email"), True),)


class Severity(StrEnum):
    MINOR = "minor"
    MODERATE = "moderate"
    MAJOR = "major"


class ReviewIssue(Table):
    """An issue that a review listed (E1)."""

    public_id = PublicIdField()
    review = ForeignKeyField(Review, backref="issues", on_delete="CASCADE")
    severity = CharField(max_length=10, constraints=[one_of("severity", Severity)])
    is_academic = BooleanField()
    words = SealedTextField()
    position = IntegerField()
    removed_at = UTCDateTimeField(null=True)
    version = IntegerField(default=1)


class SupportCall(Table):
    """A support call was offered. Either may say it would not help, and need not say why (E3)."""

    public_id = PublicIdField()
    review = ForeignKeyField(Review, unique=True, backref="calls", on_delete="CASCADE")
    offered_by = ForeignKeyField(User, on_delete="RESTRICT")
    offered_at = UTCDateTimeField()
    declined_at = UTCDateTimeField(null=True)
    declined_by = CharField(max_length=20, default="")
    wanted_at = UTCDateTimeField(null=True)
    poll = ForeignKeyField(Poll, null=True, unique=True, backref="calls", on_delete="RESTRICT")
    meeting = ForeignKeyField(Meeting, null=True, unique=True, backref="calls", on_delete="RESTRICT")
    held_at = UTCDateTimeField(null=True)
    version = IntegerField(default=1)


class SupportKind(StrEnum):
    TRIAGE = "triage"
    FULL = "full"


class SupportMeeting(Table):
    """A triage or full support meeting: asked for, a date found, prepared, held, and where it led (E4 to E11).

    `poll` is the asking for a date; the meeting is what that led to (`Meeting.poll`), so that fixing the date says so once.
    A full one has segments, and a minute taker (E6).
    """

    public_id = PublicIdField()
    review = ForeignKeyField(Review, backref="support_meetings", on_delete="RESTRICT")
    kind = CharField(max_length=10, constraints=[one_of("kind", SupportKind)])
    minutes = IntegerField(constraints=[Check("minutes BETWEEN 15 AND 480")])
    mode = CharField(max_length=20, default=Mode.TEAMS, constraints=[one_of("mode", Mode)])
    mode_reason = CharField(max_length=300, default="")
    place = CharField(max_length=NAME_LENGTH, default="")
    chair = ForeignKeyField(User, backref="support_chaired", on_delete="RESTRICT")
    minute_taker = ForeignKeyField(User, null=True, backref="support_minuted", on_delete="RESTRICT")
    university = ForeignKeyField(ReviewPerson, null=True, backref="support_invited", on_delete="RESTRICT")
    university_reason = CharField(max_length=300, default="")
    poll = ForeignKeyField(Poll, null=True, unique=True, backref="support_meetings", on_delete="RESTRICT")
    soon_reason = CharField(max_length=300, default="")
    follows = ForeignKeyField("self", null=True, backref="followed_by", on_delete="RESTRICT")
    required_by = ForeignKeyField(User, backref="support_required", on_delete="RESTRICT")
    required_at = UTCDateTimeField()
    held_at = UTCDateTimeField(null=True)
    called_off_at = UTCDateTimeField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("review", "id"), False), (("chair", "held_at"), False))
        constraints = [
            Check("kind <> 'triage' OR minutes <= 60"),
            Check("kind <> 'full' OR minute_taker_id IS NOT NULL"),
            Check("(mode = 'teams') = (mode_reason = '')"),
            Check("held_at IS NULL OR called_off_at IS NULL"),
        ]


class Present(StrEnum):
    """Who is there in a part of a meeting: all of them, or one with the School alone (E6)."""

    TOGETHER = "together"
    TRAINEE_ALONE = "trainee_alone"
    OFFICER_ALONE = "officer_alone"


class Segment(Table):
    """A part of a full support meeting, in order."""

    support_meeting = ForeignKeyField(SupportMeeting, backref="segments", on_delete="CASCADE")
    position = IntegerField()
    present = CharField(max_length=20, constraints=[one_of("present", Present)])
    minutes = IntegerField(constraints=[Check("minutes BETWEEN 5 AND 240")])

    class Meta:
        indexes = ((("support_meeting", "position"), True),)


class ToPrepare(StrEnum):
    """What is prepared for a support meeting (E9)."""

    TRAINING_PLAN = "training_plan"
    GAP_ANALYSIS = "gap_analysis"
    HAVE_MET = "have_met"
    DATE_AND_MODE = "date_and_mode"
    PRIVATE_PLACE = "private_place"


class Owner(StrEnum):
    TRAINEE = "trainee"
    TRAINING_OFFICER = "training_officer"


class Preparation(Table):
    """One line of the checklist of a meeting, whose it is, and when it was done. When it is due follows from the meeting."""

    public_id = PublicIdField()
    support_meeting = ForeignKeyField(SupportMeeting, backref="preparations", on_delete="CASCADE")
    item = CharField(max_length=20, constraints=[one_of("item", ToPrepare)])
    owner = CharField(max_length=20, constraints=[one_of("owner", Owner)])
    done_at = UTCDateTimeField(null=True)
    words = SealedTextField(null=True)
    reminders = IntegerField(default=0)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("support_meeting", "item", "owner"), True),)


class CoverageStatus(StrEnum):
    """How far an item of the curriculum is covered."""

    DONE = "done"
    PARTLY = "partly"
    NOT_YET = "not_yet"


class GapRow(Table):
    """A line of the gap analysis: an item of the curriculum, how far it is, the evidence, and what is planned (E9)."""

    public_id = PublicIdField()
    support_meeting = ForeignKeyField(SupportMeeting, backref="gap_rows", on_delete="CASCADE")
    position = IntegerField()
    item = SealedTextField()
    status = CharField(max_length=10, constraints=[one_of("status", CoverageStatus)])
    evidence = SealedTextField(null=True)
    plan = SealedTextField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("support_meeting", "position"), False),)


class Minutes(Table):
    """The minutes of what was said with everybody, or with one alone: those go to that person and the School only (E6)."""

    public_id = PublicIdField()
    support_meeting = ForeignKeyField(SupportMeeting, backref="minutes_taken", on_delete="CASCADE")
    present = CharField(max_length=20, constraints=[one_of("present", Present)])
    words = SealedTextField()
    written_by = ForeignKeyField(User, on_delete="RESTRICT")
    written_at = UTCDateTimeField()
    agreed_by = ForeignKeyField(User, null=True, on_delete="RESTRICT")
    agreed_at = UTCDateTimeField(null=True)
    shared_at = UTCDateTimeField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("support_meeting", "present"), True),)
        constraints = [Check("shared_at IS NULL OR agreed_at IS NOT NULL")]


class Correction(Table):
    """What minutes said before they were corrected after they had been agreed, and why."""

    public_id = PublicIdField()
    minutes = ForeignKeyField(Minutes, backref="corrections", on_delete="CASCADE")
    was = SealedTextField()
    why = SealedTextField()
    corrected_by = ForeignKeyField(User, on_delete="RESTRICT")
    corrected_at = UTCDateTimeField()


class LedTo(StrEnum):
    """An outcome of a support meeting (E5, E6). No further action stands alone."""

    NO_FURTHER_ACTION = "no_further_action"
    DESKTOP_REVIEW = "desktop_review"
    ACTION_PLAN = "action_plan"
    FULL_MEETING = "full_meeting"
    SCHOOL_SERVICES = "school_services"
    SCHOOL_POLICIES = "school_policies"
    EMPLOYER_POLICIES = "employer_policies"


class SupportOutcome(Table):
    """One outcome of a support meeting, and what it led to. One that was changed is kept, and no longer stands."""

    public_id = PublicIdField()
    support_meeting = ForeignKeyField(SupportMeeting, backref="outcomes", on_delete="RESTRICT")
    kind = CharField(max_length=20, constraints=[one_of("kind", LedTo)])
    words = SealedTextField(null=True)
    look_on = DateField(null=True)
    looked_at = UTCDateTimeField(null=True)
    further = ForeignKeyField(SupportMeeting, null=True, backref="came_of", on_delete="RESTRICT")
    decided_by = ForeignKeyField(User, on_delete="RESTRICT")
    decided_at = UTCDateTimeField()
    replaced_at = UTCDateTimeField(null=True)
    why_replaced = SealedTextField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("support_meeting", "id"), False), (("kind", "look_on"), False))
        constraints = [Check("(kind = 'desktop_review') = (look_on IS NOT NULL)")]


class FollowUpKind(StrEnum):
    """What may follow a review (E2)."""

    TRAINING_PLAN = "training_plan"
    ACADEMIC = "academic"
    SCHOOL_ADVICE = "school_advice"
    SCHOOL_POLICIES = "school_policies"
    EMPLOYER_POLICIES = "employer_policies"
    ACTION_ASKED = "action_asked"
    SUPPORT_MEETING = "support_meeting"
    SUPPORTED_EXIT = "supported_exit"
    SCHOOL_SERVICES = "school_services"


class AskedOf(StrEnum):
    """A body that is asked to act: told the action, and no more."""

    DEPARTMENT = "department"
    UNIVERSITY = "university"
    SCHOOL_SERVICE = "school_service"


class FollowUp(Table):
    """Something that follows a review or a meeting about it (E2, E6). Where a body is asked to act, whom and when."""

    public_id = PublicIdField()
    review = ForeignKeyField(Review, backref="follow_ups", on_delete="RESTRICT")
    outcome = ForeignKeyField(SupportOutcome, null=True, backref="follow_ups", on_delete="RESTRICT")
    kind = CharField(max_length=20, constraints=[one_of("kind", FollowUpKind)])
    words = SealedTextField()
    asked_of = CharField(max_length=20, null=True)
    to_name = CharField(max_length=NAME_LENGTH, default="")
    to_email = CharField(max_length=EMAIL_LENGTH, default="")
    sent_at = UTCDateTimeField(null=True)
    made_by = ForeignKeyField(User, on_delete="RESTRICT")
    made_at = UTCDateTimeField()
    done_at = UTCDateTimeField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("review", "id"), False),)
        constraints = [
            Check("(asked_of IS NULL) = (to_email = '')"),
            Check("asked_of IS NULL OR asked_of IN ('department', 'university', 'school_service')"),
        ]


class ReviewNeeded(Table):
    """Objectives were not met in time, so a further review is listed as needed. A person opens it, or says why not (E12)."""

    public_id = PublicIdField()
    review = ForeignKeyField(Review, unique=True, backref="needs", on_delete="CASCADE")
    listed_at = UTCDateTimeField()
    opened = ForeignKeyField(Review, null=True, unique=True, backref="answers", on_delete="RESTRICT")
    not_needed_why = SealedTextField(null=True)
    settled_by = ForeignKeyField(User, null=True, on_delete="RESTRICT")
    settled_at = UTCDateTimeField(null=True)
    version = IntegerField(default=1)


class ReportedTo(StrEnum):
    PANEL = "panel"
    QUALITY = "quality"
    COMMISSIONING = "commissioning"


class ProgressionReport(Table):
    """A referral to the Training Management Panel, or a report to quality or commissioning teams (E13).

    Asked for by one person with a reason, agreed by a second one, told to the trainee, and only then sent.
    """

    public_id = PublicIdField()
    review = ForeignKeyField(Review, backref="reports", on_delete="RESTRICT")
    reported_to = CharField(max_length=20, constraints=[one_of("reported_to", ReportedTo)])
    to_name = CharField(max_length=NAME_LENGTH)
    to_email = CharField(max_length=EMAIL_LENGTH)
    reason = SealedTextField()
    words = SealedTextField()
    asked_by = ForeignKeyField(User, backref="progression_reports_asked", on_delete="RESTRICT")
    asked_at = UTCDateTimeField()
    second = ForeignKeyField(User, null=True, backref="progression_reports_judged", on_delete="RESTRICT")
    second_at = UTCDateTimeField(null=True)
    is_agreed = BooleanField(null=True)
    told_at = UTCDateTimeField(null=True)
    sent_at = UTCDateTimeField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("review", "id"), False),)
        constraints = [
            Check("second_id IS NULL OR second_id <> asked_by_id"),
            Check("(second_id IS NULL) = (is_agreed IS NULL)"),
            Check("sent_at IS NULL OR told_at IS NOT NULL"),
            Check("told_at IS NULL OR is_agreed"),
        ]


# Lists read from files


class ImportState(StrEnum):
    READING = "reading"
    TO_CHECK = "to_check"
    TAKING = "taking"
    TAKEN = "taken"
    CALLED_OFF = "called_off"


class Import(Table):
    """A file of rows that somebody brought: read by the worker, shown row by row, then taken as a whole or not at all."""

    public_id = PublicIdField()
    kind = CharField(max_length=20)
    by_user = ForeignKeyField(User, backref="imports", on_delete="RESTRICT")
    file_name = SealedTextField()
    content = SealedBytesField(null=True)
    state = CharField(max_length=20, default=ImportState.READING, constraints=[one_of("state", ImportState)])
    problem = CharField(max_length=300, default="")
    rows = IntegerField(default=0)
    rows_done = IntegerField(default=0)
    brought_at = UTCDateTimeField()
    taken_at = UTCDateTimeField(null=True)
    version = IntegerField(default=1)


class RowChoice(StrEnum):
    """What to do with a row of which there is one like it already."""

    ADD = "add"
    MERGE = "merge"
    LEAVE_OUT = "leave_out"


class ImportRow(Table):
    """A row of a file, what is wrong with it, and the record it seems to be of."""

    public_id = PublicIdField()
    batch = ForeignKeyField(Import, backref="lines", on_delete="CASCADE")
    number = IntegerField()
    cells_json = SealedTextField()
    problems_json = SealedTextField(null=True)
    same_as = CharField(max_length=8, default="")
    choice = CharField(max_length=10, default=RowChoice.ADD, constraints=[one_of("choice", RowChoice)])

    class Meta:
        indexes = ((("batch", "number"), True),)


# Disclosures


class Consent(Table):
    """A Referral Consent Form: this information, to this named person, until a day if one is wished (C4)."""

    public_id = PublicIdField()
    referral = ForeignKeyField(Referral, backref="consents", on_delete="RESTRICT")
    recipient_name = CharField(max_length=NAME_LENGTH)
    recipient_body = CharField(max_length=NAME_LENGTH, default="")
    recipient_email = CharField(max_length=EMAIL_LENGTH)
    information = SealedTextField()
    why = SealedTextField()
    until = DateField(null=True)
    words_version = IntegerField()
    proposed_by = ForeignKeyField(User, backref="consents_proposed", on_delete="RESTRICT")
    proposed_at = UTCDateTimeField()
    signed_name = CharField(max_length=NAME_LENGTH, default="")
    signed_at = UTCDateTimeField(null=True)
    refused_at = UTCDateTimeField(null=True)
    withdrawn_at = UTCDateTimeField(null=True)
    sent_at = UTCDateTimeField(null=True)
    sent_by = ForeignKeyField(User, null=True, on_delete="RESTRICT")
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("referral", "id"), False),)
        constraints = [
            Check("(signed_at IS NULL) = (signed_name = '')"),
            Check("signed_at IS NULL OR refused_at IS NULL"),
            Check("sent_at IS NULL OR signed_at IS NOT NULL"),
        ]


class InformationRequest(Table):
    """One question to the LFG career lead of the trainee's employer, and the answer (A5)."""

    public_id = PublicIdField()
    referral = ForeignKeyField(Referral, backref="information_requests", on_delete="RESTRICT")
    asked_by = ForeignKeyField(User, backref="information_asked", on_delete="RESTRICT")
    asked_of = ForeignKeyField(User, backref="information_asked_of", on_delete="RESTRICT")
    question = SealedTextField()
    asked_at = UTCDateTimeField()
    answer = SealedTextField(null=True)
    answered_at = UTCDateTimeField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("referral", "id"), False), (("asked_of", "answered_at"), False))


class Ground(StrEnum):
    """The only grounds on which confidentiality is broken (A18)."""

    TRAINEE_SAFETY = "trainee_safety"
    PATIENT_SAFETY = "patient_safety"
    LEGAL_REQUIREMENT = "legal_requirement"


class Told(StrEnum):
    IN_PERSON = "in_person"
    TELEPHONE = "telephone"
    MESSAGE = "message"


class Breach(Table):
    """Confidentiality broken in its strict order: decided, the trainee told, the head of school contacted (A20)."""

    public_id = PublicIdField()
    referral = ForeignKeyField(Referral, backref="breaches", on_delete="RESTRICT")
    ground = CharField(max_length=20, constraints=[one_of("ground", Ground)])
    law = CharField(max_length=200, default="")
    reason = SealedTextField()
    decided_by = ForeignKeyField(User, backref="breaches_decided", on_delete="RESTRICT")
    decided_at = UTCDateTimeField()
    words = SealedTextField(null=True)
    told_how = CharField(max_length=20, null=True)
    told_at = UTCDateTimeField(null=True)
    told_by = ForeignKeyField(User, null=True, on_delete="RESTRICT")
    concern = SealedTextField(null=True)
    head = ForeignKeyField(User, null=True, backref="concerns_heard", on_delete="RESTRICT")
    contacted_at = UTCDateTimeField(null=True)
    contacted_by = ForeignKeyField(User, null=True, on_delete="RESTRICT")
    called_off_at = UTCDateTimeField(null=True)
    closed_at = UTCDateTimeField(null=True)
    closed_by = ForeignKeyField(User, null=True, on_delete="RESTRICT")
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("referral", "id"), False),)
        constraints = [
            Check("(ground = 'legal_requirement') = (law <> '')"),
            Check("contacted_at IS NULL OR told_at IS NOT NULL"),
            Check("contacted_at IS NULL OR head_id IS NOT NULL"),
            Check("closed_at IS NULL OR contacted_at IS NOT NULL"),
            Check("called_off_at IS NULL OR contacted_at IS NULL"),
        ]


class Emergency(Table):
    """A disclosure that could not wait for consent, or for the trainee to be told; a second person looks at it (C6)."""

    public_id = PublicIdField()
    referral = ForeignKeyField(Referral, backref="emergencies", on_delete="RESTRICT")
    ground = CharField(max_length=20, constraints=[one_of("ground", Ground)])
    law = CharField(max_length=200, default="")
    grounds = SealedTextField()
    disclosed = SealedTextField()
    disclosed_to = SealedTextField()
    why_not_wait = SealedTextField()
    disclosed_at = UTCDateTimeField()
    recorded_by = ForeignKeyField(User, backref="emergencies_recorded", on_delete="RESTRICT")
    recorded_at = UTCDateTimeField()
    second = ForeignKeyField(User, null=True, backref="emergencies_judged", on_delete="RESTRICT")
    second_at = UTCDateTimeField(null=True)
    is_confirmed = BooleanField(null=True)
    second_words = SealedTextField(null=True)
    look_again_on = DateField(null=True)
    told_how = CharField(max_length=20, null=True)
    told_at = UTCDateTimeField(null=True)
    told_by = ForeignKeyField(User, null=True, on_delete="RESTRICT")
    reminded_on = DateField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("referral", "id"), False),)
        constraints = [
            Check("(ground = 'legal_requirement') = (law <> '')"),
            Check("second_id IS NULL OR second_id <> recorded_by_id"),
            Check("(second_id IS NULL) = (is_confirmed IS NULL)"),
            Check("told_at IS NOT NULL OR look_again_on IS NOT NULL"),
        ]


class LinkPurpose(StrEnum):
    REFERRED_TRAINEE = "referred_trainee"
    POLL = "poll"
    DISCLOSURE = "disclosure"
    RETURNER = "returner"
    REVIEWED_TRAINEE = "reviewed_trainee"
    REVIEW_PERSON = "review_person"
    ACTION_ASKED = "action_asked"
    PROGRESSION_REPORT = "progression_report"


class PersonalLink(Table):
    """A way in for one person without an account, for one purpose. Only the hash of its token lies here."""

    public_id = PublicIdField()
    token_hash = CharField(max_length=64, unique=True)
    purpose = CharField(max_length=30)  # of LinkPurpose, which grows with the rooms
    referral = ForeignKeyField(Referral, null=True, backref="links", on_delete="CASCADE")
    poll_person = ForeignKeyField(PollPerson, null=True, backref="links", on_delete="CASCADE")
    consent = ForeignKeyField(Consent, null=True, backref="links", on_delete="CASCADE")
    returner = ForeignKeyField(Returner, null=True, backref="links", on_delete="CASCADE")
    review = ForeignKeyField(Review, null=True, backref="links", on_delete="CASCADE")
    review_person = ForeignKeyField(ReviewPerson, null=True, backref="links", on_delete="CASCADE")
    follow_up = ForeignKeyField(FollowUp, null=True, backref="links", on_delete="CASCADE")
    name = CharField(max_length=NAME_LENGTH)
    email = CharField(max_length=EMAIL_LENGTH)
    made_at = UTCDateTimeField()
    expires_at = UTCDateTimeField()
    withdrawn_at = UTCDateTimeField(null=True)


# Careers sessions


class StatementKind(StrEnum):
    SERVICE = "service"
    CONFIDENTIALITY = "confidentiality"
    PRIVACY = "privacy"
    ACCESSIBILITY = "accessibility"
    ETHICS = "ethics"


class Statement(Table):
    """One version of words that people are shown and held to. A version is never changed; a new one is published."""

    public_id = PublicIdField()
    kind = CharField(max_length=30, constraints=[one_of("kind", StatementKind)])
    number = IntegerField()
    words = TextField()
    published_at = UTCDateTimeField()
    published_by = ForeignKeyField(User, null=True, on_delete="RESTRICT")

    class Meta:
        indexes = ((("kind", "number"), True),)


class Service(StrEnum):
    """What a contract of a third party may cover. What it does not cover is excluded, and refused (C7)."""

    SESSIONS = "sessions"
    MORE_SESSIONS = "more_sessions"
    TESTS = "tests"


class Contract(Table):
    """A third party pays for the work with an employer's trainees, or with those of named cases (C7, C8).

    It covers nobody before the payer acknowledged a version of the statement of ethics, and stays as it was then.
    """

    public_id = PublicIdField()
    payer = CharField(max_length=NAME_LENGTH)
    employer = ForeignKeyField(Employer, null=True, on_delete="RESTRICT")
    words = TextField()
    entered_by = ForeignKeyField(User, on_delete="RESTRICT")
    entered_at = UTCDateTimeField()
    ethics = ForeignKeyField(Statement, null=True, on_delete="RESTRICT")
    acknowledged_by = CharField(max_length=NAME_LENGTH, default="")
    acknowledged_on = DateField(null=True)
    ended_at = UTCDateTimeField(null=True)
    version = IntegerField(default=1)

    class Meta:
        constraints = [
            Check("(ethics_id IS NULL) = (acknowledged_on IS NULL)"),
            Check("(ethics_id IS NULL) = (acknowledged_by = '')"),
        ]

    @property
    def is_acknowledged(self) -> bool:
        return self.ethics_id is not None

    @property
    def is_in_force(self) -> bool:
        return self.is_acknowledged and self.ended_at is None


class ContractCover(Table):
    """A service that a contract covers."""

    contract = ForeignKeyField(Contract, backref="covers", on_delete="CASCADE")
    service = CharField(max_length=20, constraints=[one_of("service", Service)])

    class Meta:
        indexes = ((("contract", "service"), True),)


class ContractCase(Table):
    """A case that a contract names, whatever employer it is of."""

    contract = ForeignKeyField(Contract, backref="cases", on_delete="CASCADE")
    referral = ForeignKeyField(Referral, on_delete="CASCADE")

    class Meta:
        indexes = ((("contract", "referral"), True),)


class PlanningStage(StrEnum):
    """The four stages of career planning over years (B1)."""

    SELF_ASSESSMENT = "self_assessment"
    CAREER_EXPLORATION = "career_exploration"
    DECISION_MAKING = "decision_making"
    PLAN_IMPLEMENTATION = "plan_implementation"


class CareersSession(Table):
    """What a meeting of a case was used for. One for each meeting that took place."""

    public_id = PublicIdField()
    referral = ForeignKeyField(Referral, backref="sessions", on_delete="RESTRICT")
    meeting = ForeignKeyField(Meeting, unique=True, backref="sessions", on_delete="RESTRICT")
    counsellor = ForeignKeyField(User, backref="sessions_held", on_delete="RESTRICT")
    minutes = IntegerField(constraints=[Check("minutes BETWEEN 5 AND 240")])
    begun_at = UTCDateTimeField()
    explained = ForeignKeyField(Statement, null=True, on_delete="RESTRICT")
    explained_at = UTCDateTimeField(null=True)
    finished_at = UTCDateTimeField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("referral", "id"), False), (("counsellor", "finished_at"), False))
        constraints = [Check("(explained_id IS NULL) = (explained_at IS NULL)")]

    @property
    def is_finished(self) -> bool:
        return self.finished_at is not None

    @property
    def ends_at(self) -> datetime:
        """When its time is over, as it is planned."""
        planned: datetime = self.begun_at + timedelta(minutes=self.minutes)
        return planned


class StageTouched(Table):
    """A stage of career planning that a session touched; one of them is the main one (B1)."""

    session = ForeignKeyField(CareersSession, backref="stages", on_delete="CASCADE")
    stage = CharField(max_length=30, constraints=[one_of("stage", PlanningStage)])
    is_main = BooleanField(default=False)

    class Meta:
        indexes = ((("session", "stage"), True),)


class Passage(StrEnum):
    """A text of a session. What is not shared with the trainee is for careers staff alone (B10, C9)."""

    PURPOSE = "purpose"
    NOTES = "notes"
    STATEMENT = "statement"
    SUMMARY = "summary"
    OBSERVATIONS = "observations"


SHARED_PASSAGES = (Passage.PURPOSE, Passage.STATEMENT, Passage.SUMMARY)


class SessionText(Table):
    """One passage of a session, saved as it is typed. Each has a version, so two tabs do not overwrite each other."""

    public_id = PublicIdField()
    session = ForeignKeyField(CareersSession, backref="texts", on_delete="CASCADE")
    passage = CharField(max_length=20, constraints=[one_of("passage", Passage)])
    words = SealedTextField()
    written_by = ForeignKeyField(User, on_delete="RESTRICT")
    written_at = UTCDateTimeField()
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("session", "passage"), True),)


class IssueState(StrEnum):
    RAISED = "raised"
    FOCUS = "focus"
    PARKED = "parked"
    SETTLED = "settled"


class SessionIssue(Table):
    """Something the trainee raised: the focus, parked until a day, or settled (B3, B8). It outlives its session."""

    public_id = PublicIdField()
    session = ForeignKeyField(CareersSession, backref="issues", on_delete="CASCADE")
    words = SealedTextField()
    state = CharField(max_length=20, default=IssueState.RAISED, constraints=[one_of("state", IssueState)])
    return_on = DateField(null=True)
    position = IntegerField()
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("session", "position"), False),)
        constraints = [Check("return_on IS NULL OR state = 'parked'")]


class FocusChange(Table):
    """When a session turned to an issue, and why: the first is agreed, each later one renegotiated (B4)."""

    public_id = PublicIdField()
    session = ForeignKeyField(CareersSession, backref="focus_changes", on_delete="CASCADE")
    issue = ForeignKeyField(SessionIssue, on_delete="CASCADE")
    why = SealedTextField(null=True)
    changed_at = UTCDateTimeField()


class SessionOption(Table):
    """A course of action, with what speaks for and against it, in the order of preference (B5)."""

    public_id = PublicIdField()
    session = ForeignKeyField(CareersSession, backref="options", on_delete="CASCADE")
    words = SealedTextField()
    pros = SealedTextField(null=True)
    cons = SealedTextField(null=True)
    position = IntegerField()
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("session", "position"), False),)


class DiscussionForm(Table):
    """What the trainee wrote before the first session, for the counsellor (C9)."""

    public_id = PublicIdField()
    referral = ForeignKeyField(Referral, unique=True, backref="discussion_forms", on_delete="CASCADE")
    now = SealedTextField(null=True)
    hopes = SealedTextField(null=True)
    tried = SealedTextField(null=True)
    practical = SealedTextField(null=True)
    written_at = UTCDateTimeField()
    version = IntegerField(default=1)


class RecordAccess(Table):
    """Somebody of the team who is not the counsellor may read a record until a moment, by cover or for a reason (C9)."""

    public_id = PublicIdField()
    referral = ForeignKeyField(Referral, backref="accesses", on_delete="CASCADE")
    reader = ForeignKeyField(User, backref="accesses", on_delete="RESTRICT")
    given_by = ForeignKeyField(User, on_delete="RESTRICT")
    is_cover = BooleanField()
    reason = SealedTextField()
    begins_at = UTCDateTimeField()
    ends_at = UTCDateTimeField()

    class Meta:
        indexes = ((("reader", "ends_at"), False), (("referral", "ends_at"), False))
        constraints = [Check("ends_at > begins_at")]


# Plans


class ObjectiveState(StrEnum):
    OPEN = "open"
    MET = "met"
    PARTLY = "partly"
    NOT_YET = "not_yet"


class Plan(Table):
    """What somebody set out to do: their objectives, each with a date."""

    public_id = PublicIdField()
    referral = ForeignKeyField(Referral, null=True, unique=True, backref="plans", on_delete="CASCADE")
    review = ForeignKeyField(Review, null=True, unique=True, backref="plans", on_delete="CASCADE")
    made_at = UTCDateTimeField()
    agreed_at = UTCDateTimeField(null=True)
    agreed_by = ForeignKeyField(User, null=True, on_delete="RESTRICT")
    review_on = DateField(null=True)
    reviewed_at = UTCDateTimeField(null=True)


class Objective(Table):
    """One thing to do by a day, in the words of who is to do it (B6). Removed ones are kept, and shown no more."""

    public_id = PublicIdField()
    plan = ForeignKeyField(Plan, backref="objectives", on_delete="CASCADE")
    session = ForeignKeyField(CareersSession, null=True, backref="objectives", on_delete="SET NULL")
    words = SealedTextField()
    due_on = DateField()
    review_on = DateField(null=True)
    owner_name = CharField(max_length=NAME_LENGTH)
    supporter = ForeignKeyField(User, null=True, on_delete="RESTRICT")
    state = CharField(max_length=20, default=ObjectiveState.OPEN, constraints=[one_of("state", ObjectiveState)])
    state_at = UTCDateTimeField(null=True)
    position = IntegerField()
    removed_at = UTCDateTimeField(null=True)
    reminders = IntegerField(default=0)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("plan", "position"), False), (("state", "due_on"), False))


class ObjectiveRemark(Table):
    """What was said of an objective: a comment, or why its day was changed, from which to which."""

    public_id = PublicIdField()
    objective = ForeignKeyField(Objective, backref="remarks", on_delete="CASCADE")
    words = SealedTextField()
    was_due_on = DateField(null=True)
    now_due_on = DateField(null=True)
    by_user = ForeignKeyField(User, null=True, on_delete="RESTRICT")
    by_link = ForeignKeyField(PersonalLink, null=True, on_delete="RESTRICT")
    written_at = UTCDateTimeField()

    class Meta:
        constraints = [Check("(by_user_id IS NULL) <> (by_link_id IS NULL)")]


# Documents


class FileKind(StrEnum):
    TEST_RESULTS = "test_results"
    CV = "cv"
    TRAINING_PLAN = "training_plan"
    GAP_ANALYSIS = "gap_analysis"
    OTHER = "other"


class FileType(StrEnum):
    """What a file was found to be by what is in it, whatever it was called. Spreadsheets are read, and never kept."""

    PDF = "pdf"
    DOCX = "docx"


class StoredFile(Table):
    """A document of a case (C9), or a paper of a support meeting. What is in it lies in its pieces; of one that was removed
    only this line is left.
    """

    public_id = PublicIdField()
    referral = ForeignKeyField(Referral, null=True, backref="files", on_delete="CASCADE")
    kind = CharField(max_length=20, constraints=[one_of("kind", FileKind)])
    # the table would take spreadsheets too, which nobody keeps: not worth writing it anew
    found = CharField(max_length=10, constraints=[Check("found IN ('pdf', 'docx', 'xlsx', 'csv')")])
    name = SealedTextField(null=True)
    size = IntegerField()
    is_shared = BooleanField(default=False)
    by_user = ForeignKeyField(User, null=True, on_delete="RESTRICT")
    by_link = ForeignKeyField(PersonalLink, null=True, on_delete="RESTRICT")
    added_at = UTCDateTimeField()
    removed_at = UTCDateTimeField(null=True)

    class Meta:
        indexes = ((("referral", "id"), False),)
        constraints = [
            Check("(by_user_id IS NULL) <> (by_link_id IS NULL)"),
            Check("(removed_at IS NULL) = (name IS NOT NULL)"),
        ]

    @property
    def is_removed(self) -> bool:
        return self.removed_at is not None


class FilePiece(Table):
    """Some of the bytes of a file, sealed to their place in it."""

    public_id = PublicIdField()
    file = ForeignKeyField(StoredFile, backref="pieces", on_delete="CASCADE")
    position = IntegerField()
    content = SealedBytesField("file", "position")

    class Meta:
        indexes = ((("file", "position"), True),)


class Paper(Table):
    """A document of a support meeting: its version by kind, whether it came late, and with whom it is shared (E9, E10).

    A wrong one is recalled, before it was shared or after.
    """

    public_id = PublicIdField()
    support_meeting = ForeignKeyField(SupportMeeting, backref="papers", on_delete="CASCADE")
    file = ForeignKeyField(StoredFile, unique=True, backref="papers", on_delete="CASCADE")
    number = IntegerField()
    is_late = BooleanField(default=False)
    for_university = BooleanField(default=False)
    shared_at = UTCDateTimeField(null=True)
    recalled_at = UTCDateTimeField(null=True)
    recalled_why = SealedTextField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("support_meeting", "id"), False),)


class PaperOpening(Table):
    """Who opened a paper, and when."""

    public_id = PublicIdField()
    paper = ForeignKeyField(Paper, backref="openings", on_delete="CASCADE")
    by_user = ForeignKeyField(User, null=True, on_delete="RESTRICT")
    by_link = ForeignKeyField(PersonalLink, null=True, on_delete="RESTRICT")
    opened_at = UTCDateTimeField()

    class Meta:
        constraints = [Check("(by_user_id IS NULL) <> (by_link_id IS NULL)")]


# Complaints


class ComplaintState(StrEnum):
    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    LOOKED_INTO = "looked_into"
    ANSWERED = "answered"
    CLOSED = "closed"


class Complaint(Table):
    """What somebody is not content with (C11). Only those on its access list know that there is one."""

    public_id = PublicIdField()
    by_user = ForeignKeyField(User, null=True, backref="complaints", on_delete="RESTRICT")
    by_link = ForeignKeyField(PersonalLink, null=True, on_delete="SET NULL")
    by_name = SealedTextField()
    about = SealedTextField(null=True)
    words = SealedTextField()
    raised_at = UTCDateTimeField()
    acknowledge_by = DateField()
    state = CharField(max_length=20, default=ComplaintState.RECEIVED, constraints=[one_of("state", ComplaintState)])
    state_at = UTCDateTimeField()
    reminded_at = UTCDateTimeField(null=True)
    answer = SealedTextField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("state", "acknowledge_by"), False),)

    @property
    def is_closed(self) -> bool:
        return self.state == ComplaintState.CLOSED


class ComplaintAccess(Table):
    """Somebody who handles a complaint."""

    complaint = ForeignKeyField(Complaint, backref="handlers", on_delete="CASCADE")
    user = ForeignKeyField(User, on_delete="RESTRICT")
    given_at = UTCDateTimeField()

    class Meta:
        indexes = ((("complaint", "user"), True),)


class ComplaintRespondent(Table):
    """An account that a complaint is about: never on its access list, whatever roles it comes to hold."""

    complaint = ForeignKeyField(Complaint, backref="respondents", on_delete="CASCADE")
    user = ForeignKeyField(User, on_delete="RESTRICT")

    class Meta:
        indexes = ((("complaint", "user"), True),)


class ComplaintNote(Table):
    """What a handler noted, for the handlers."""

    public_id = PublicIdField()
    complaint = ForeignKeyField(Complaint, backref="notes", on_delete="CASCADE")
    words = SealedTextField()
    by_user = ForeignKeyField(User, on_delete="RESTRICT")
    written_at = UTCDateTimeField()


class ComplaintDisclosure(Table):
    """What the procedure needed to be told to one named person: these words and no more, and why (C11)."""

    public_id = PublicIdField()
    complaint = ForeignKeyField(Complaint, backref="disclosures", on_delete="CASCADE")
    to_user = ForeignKeyField(User, null=True, on_delete="RESTRICT")
    to_name = SealedTextField()
    words = SealedTextField()
    why = SealedTextField()
    by_user = ForeignKeyField(User, on_delete="RESTRICT")
    disclosed_at = UTCDateTimeField()


class KeyProof(Table):
    """One row, sealed with a key of NOTES_KEYS: whoever starts with other keys finds out before anything is written."""

    public_id = PublicIdField()
    words = SealedTextField()


# Ending


class Completion(Table):
    """That the agreed sessions of a case were held, and how far the trainee's telling of it is (A21).

    The row is there while they are complete: it goes when the case goes on.
    """

    referral = ForeignKeyField(Referral, unique=True, backref="completions", on_delete="CASCADE")
    completed_at = UTCDateTimeField()
    reminded = IntegerField(default=0, constraints=[Check("reminded BETWEEN 0 AND 2")])
    told_at = UTCDateTimeField(null=True)

    class Meta:
        indexes = ((("told_at", "reminded", "completed_at"), False),)


class Teller(StrEnum):
    """Whose word it is: the trainee's own (A21), or the careers team's (A22)."""

    TRAINEE = "trainee"
    TEAM = "team"


class Party(StrEnum):
    REFERRER = "referrer"
    HEAD = "head"
    TSG = "tsg"
    EMPLOYER = "employer"


class Agreed(StrEnum):
    """How a trainee agreed that their counsellor tells others for them."""

    IN_SESSION = "in_session"
    BY_TELEPHONE = "by_telephone"
    BY_EMAIL = "by_email"


class EndTold(Table):
    """That one party was told of the end, once by each teller; and the trainee's agreement where it was for them."""

    public_id = PublicIdField()
    referral = ForeignKeyField(Referral, backref="ends_told", on_delete="RESTRICT")
    teller = CharField(max_length=10, constraints=[one_of("teller", Teller)])
    party = CharField(max_length=10, constraints=[one_of("party", Party)])
    told_at = UTCDateTimeField()
    agreed_on = DateField(null=True)
    agreed_how = CharField(max_length=20, null=True)

    class Meta:
        indexes = ((("referral", "teller", "party"), True),)
        constraints = [
            Check("(teller = 'team' AND party IN ('employer', 'tsg')) OR (teller = 'trainee' AND party <> 'employer')"),
            Check("(agreed_on IS NULL) = (agreed_how IS NULL)"),
            Check("agreed_on IS NULL OR teller = 'trainee'"),
        ]


# Feedback. Between an answer without a name and whoever gave it there is nothing: docs/decisions/0012.


class AskState(StrEnum):
    """`WAITS`: there is an answer without a name, and it is still in the box."""

    OPEN = "open"
    WAITS = "waits"
    ANSWERED = "answered"


class FeedbackAsk(Table):
    """Somebody may answer a survey, once: the trainee of a case, or one of a mentoring pair. It says nothing of when they did,
    nor of what.
    """

    public_id = PublicIdField()
    survey = CharField(max_length=30)
    referral = ForeignKeyField(Referral, null=True, backref="feedback_asks", on_delete="CASCADE")
    session = ForeignKeyField(CareersSession, null=True, backref="feedback_asks", on_delete="CASCADE")
    mentorship = ForeignKeyField(Mentorship, null=True, backref="feedback_asks", on_delete="CASCADE")
    side = CharField(max_length=10, null=True)
    state = CharField(max_length=10, default=AskState.OPEN, constraints=[one_of("state", AskState)])

    class Meta:
        indexes = (
            (("survey", "session"), True),
            (("survey", "mentorship", "side"), True),
            (("survey", "state"), False),
        )


class FeedbackWaiting(Table):
    """An answer without a name that waits for others: sealed, all of one length, under an id that lasts till the next."""

    public_id = CharField(max_length=PUBLIC_ID_LENGTH, primary_key=True, default=new_public_id)
    survey = CharField(max_length=30)
    answers_json = SealedTextField()


class FeedbackAnswer(Table):
    """An answer without a name, in the month in which it left the box with others."""

    public_id = CharField(max_length=PUBLIC_ID_LENGTH, primary_key=True, default=new_public_id)
    survey = CharField(max_length=30)
    month = DateField()
    answers_json = SealedTextField()


class FeedbackNamed(Table):
    """An answer that its giver put their name to: their counsellor reads it."""

    public_id = PublicIdField()
    ask = ForeignKeyField(FeedbackAsk, unique=True, backref="named", on_delete="CASCADE")
    answers_json = SealedTextField()
    given_at = UTCDateTimeField()


# Reports


class ReportPeriod(Table):
    """A quarter or a financial year whose figures are published: once, and never changed. `ends_on` is the day after it."""

    public_id = PublicIdField()
    begins_on = DateField(unique=True)
    ends_on = DateField(unique=True)
    least = IntegerField()
    published_at = UTCDateTimeField()

    class Meta:
        constraints = [Check("ends_on > begins_on")]


class ReportFigure(Table):
    """One number as it was published. None is one that is hidden; the true one is kept nowhere."""

    period = ForeignKeyField(ReportPeriod, backref="figures", on_delete="CASCADE")
    measure = CharField(max_length=40)
    position = IntegerField()
    row = CharField(max_length=40)
    name = CharField(max_length=NAME_LENGTH)
    shown = IntegerField(null=True)

    class Meta:
        indexes = ((("period", "measure", "row"), True), (("measure", "period"), False))
        constraints = [Check("shown IS NULL OR (shown >= 0 AND shown = shown / 5 * 5)")]


# Guidance. The pages are files, in site/signpost/guidance/pages; here is what was made of them since.


GUIDANCE_OWNERS = "owner IN ('senior_adviser', 'rtt_team', 'progression', 'governance')"


class GuidanceVersion(Table):
    """A page of the guidance as its owner published it. Its file is version 0; the last one published stands."""

    public_id = PublicIdField()
    page = CharField(max_length=ADDRESS_LENGTH)
    number = IntegerField(constraints=[Check("number > 0")])
    address = CharField(max_length=ADDRESS_LENGTH)
    title = CharField(max_length=NAME_LENGTH)
    summary = CharField(max_length=SUMMARY_LENGTH)
    reviewed_on = DateField()
    body = TextField()
    file_digest = CharField(max_length=64)
    published_by = ForeignKeyField(User, on_delete="RESTRICT")
    published_at = UTCDateTimeField()

    class Meta:
        indexes = ((("page", "number"), True),)


class GuidanceAddress(Table):
    """An address that a page had before it was renamed. It leads to the page still."""

    address = CharField(max_length=ADDRESS_LENGTH, unique=True)
    page = CharField(max_length=ADDRESS_LENGTH)


class GuidanceComment(Table):
    """What somebody wrote about a page, for the role that owns it, and the day on which it was delivered.

    Without `by_user` nothing leads to who wrote it: docs/decisions/0020.
    """

    public_id = CharField(max_length=PUBLIC_ID_LENGTH, primary_key=True, default=new_public_id)
    page = CharField(max_length=ADDRESS_LENGTH)
    owner = CharField(max_length=30, constraints=[Check(GUIDANCE_OWNERS)])
    words = SealedTextField()
    by_user = ForeignKeyField(User, null=True, on_delete="RESTRICT")
    came_on = DateField()
    dealt_with_by = ForeignKeyField(User, null=True, on_delete="RESTRICT")
    dealt_with_on = DateField(null=True)

    class Meta:
        indexes = ((("owner", "came_on"), False),)
        constraints = [Check("(dealt_with_by_id IS NULL) = (dealt_with_on IS NULL)")]


class GuidanceCommentWaiting(Table):
    """A comment without a name, until it is delivered with the others of its day: sealed, all of one length."""

    public_id = CharField(max_length=PUBLIC_ID_LENGTH, primary_key=True, default=new_public_id)
    page = CharField(max_length=ADDRESS_LENGTH)
    owner = CharField(max_length=30, constraints=[Check(GUIDANCE_OWNERS)])
    words = SealedTextField()
    written_on = DateField()


class ActivityNote(Table):
    """What somebody keeps for themselves of a learning activity: that it is done, and what they thought. Theirs alone."""

    public_id = PublicIdField()
    user = ForeignKeyField(User, on_delete="CASCADE")
    page = CharField(max_length=ADDRESS_LENGTH)
    activity = CharField(max_length=ADDRESS_LENGTH)
    done_on = DateField(null=True)
    reflection = SealedTextField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("user", "page", "activity"), True),)


# Everything held about one person


class AccessState(StrEnum):
    GATHERING = "gathering"
    REVIEW = "review"
    READY = "ready"
    OVER = "over"


class SubjectAccess(Table):
    """Somebody asked for everything that is held about them: gathered, reviewed, and given by a link that expires."""

    public_id = PublicIdField()
    name = CharField(max_length=NAME_LENGTH)
    email = CharField(max_length=EMAIL_LENGTH)
    reference = CharField(max_length=60)
    opened_by = ForeignKeyField(User, on_delete="RESTRICT")
    opened_at = UTCDateTimeField()
    asked_on = DateField()
    state = CharField(max_length=20, default=AccessState.GATHERING, constraints=[one_of("state", AccessState)])
    tables_done = IntegerField(default=0)
    token_hash = CharField(max_length=64, null=True, unique=True)
    ready_at = UTCDateTimeField(null=True)
    expires_at = UTCDateTimeField(null=True)
    fetched_at = UTCDateTimeField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("email", "reference"), True),)
        constraints = [Check("state <> 'ready' OR (token_hash IS NOT NULL AND expires_at IS NOT NULL)")]


class SubjectItem(Table):
    """One row held about them, frozen as it was found; or withheld, with the reason, where it is about others too.

    `parts_json`: what of it is withheld, by field and passage, where the rest is given.
    """

    public_id = PublicIdField()
    access = ForeignKeyField(SubjectAccess, backref="items", on_delete="CASCADE")
    kind = CharField(max_length=40)
    content = SealedTextField()
    parts_json = SealedTextField(null=True)
    why_withheld = SealedTextField(null=True)
    withheld_by = ForeignKeyField(User, null=True, on_delete="RESTRICT")
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("access", "id"), False),)


# Retention


class RetentionHold(Table):
    """Why a record is not destroyed yet, whatever the schedule says (C10). One that was lifted is kept until the record goes."""

    public_id = PublicIdField()
    about_table = CharField(max_length=40)
    about_id = CharField(max_length=8)
    reason = SealedTextField()
    placed_by = ForeignKeyField(User, on_delete="RESTRICT")
    placed_at = UTCDateTimeField()
    lifted_by = ForeignKeyField(User, null=True, on_delete="RESTRICT")
    lifted_at = UTCDateTimeField(null=True)

    class Meta:
        indexes = ((("about_table", "about_id"), False),)
        constraints = [Check("(lifted_by_id IS NULL) = (lifted_at IS NULL)")]


class Disposal(Table):
    """The certificate of records that were destroyed together: how many, under which schedule, and nothing of what they said.

    `records` is None for what is not counted, since its number would be a figure (C3).
    """

    public_id = PublicIdField()
    kind = CharField(max_length=40)
    months = IntegerField()
    schedule_version = IntegerField()
    before = DateField()
    disposed_at = UTCDateTimeField()
    records = IntegerField(null=True)
    rows_json = TextField(default="{}")
    references_json = TextField(default="[]")

    @property
    def rows(self) -> dict[str, int]:
        found: dict[str, int] = json.loads(self.rows_json)
        return found

    @property
    def references(self) -> list[str]:
        found: list[str] = json.loads(self.references_json)
        return found


class DisposalReader(Table):
    """Who may read the certificate of what others must not learn of: those who handled the complaint (C11)."""

    disposal = ForeignKeyField(Disposal, backref="readers", on_delete="CASCADE")
    user = ForeignKeyField(User, on_delete="CASCADE")

    class Meta:
        indexes = ((("disposal", "user"), True),)


# What happened, and who was told


class Event(Table):
    """Something that happened to a record: the history its readers see. The audit is apart."""

    public_id = PublicIdField()
    name = CharField(max_length=60)
    referral = ForeignKeyField(Referral, null=True, backref="events", on_delete="RESTRICT")
    user = ForeignKeyField(User, null=True, on_delete="RESTRICT")
    meeting = ForeignKeyField(Meeting, null=True, backref="events", on_delete="RESTRICT")
    poll = ForeignKeyField(Poll, null=True, backref="events", on_delete="RESTRICT")
    by_user = ForeignKeyField(User, null=True, on_delete="RESTRICT")
    by_link = ForeignKeyField(PersonalLink, null=True, on_delete="RESTRICT")
    about_table = CharField(max_length=40, default="")
    about_id = CharField(max_length=8, default="")
    happened_at = UTCDateTimeField()
    facts_json = TextField(default="{}")
    undone_at = UTCDateTimeField(null=True)

    class Meta:
        indexes = ((("referral", "id"), False), (("by_user", "happened_at"), False))
        constraints = [Check("(by_user_id IS NULL) <> (by_link_id IS NULL)")]

    @property
    def facts(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.facts_json)
        return found

    @property
    def subject(self) -> Table | None:
        """What the event is about, the narrowest first: a meeting of a referral is about the meeting."""
        return self._record() or self.meeting or self.poll or self.referral or self.user

    def _record(self) -> Table | None:
        """The record of a room that its letters are about, as it is now; it may be gone."""
        if not self.about_table:
            return None
        table = next(one for one in TABLES if one._meta.table_name == self.about_table)
        return table.get_or_none(table.public_id == self.about_id)


class Assignment(Table):
    """One decision to give a referral to a counsellor, and what it replaced, so that it can be undone."""

    public_id = PublicIdField()
    referral = ForeignKeyField(Referral, backref="assignments", on_delete="RESTRICT")
    event = ForeignKeyField(Event, unique=True, on_delete="RESTRICT")
    counsellor = ForeignKeyField(User, on_delete="RESTRICT")
    assigned_by = ForeignKeyField(User, on_delete="RESTRICT")
    assigned_at = UTCDateTimeField()
    reason = CharField(max_length=300, default="")
    previous = ForeignKeyField(User, null=True, on_delete="RESTRICT")
    previous_by = ForeignKeyField(User, null=True, on_delete="RESTRICT")
    previous_at = UTCDateTimeField(null=True)
    undone_at = UTCDateTimeField(null=True)


class NoticeState(StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    WITHHELD = "withheld"
    UNDONE = "undone"


class Notice(Table):
    """One message, its words frozen when it was queued. Sealed, since it may carry a personal link."""

    public_id = PublicIdField()
    event = ForeignKeyField(Event, backref="notices", on_delete="RESTRICT")
    referral = ForeignKeyField(Referral, null=True, backref="notices", on_delete="RESTRICT")
    kind = CharField(max_length=60)
    sender_name = CharField(max_length=NAME_LENGTH, default="")
    reply_to = CharField(max_length=EMAIL_LENGTH, default="")
    subject = CharField(max_length=200)
    text = SealedTextField()
    calendar = SealedTextField(null=True)
    calendar_method = CharField(max_length=10, default="")
    message_id = CharField(max_length=200, unique=True)
    dedupe_key = CharField(max_length=200, unique=True)
    copy_of = ForeignKeyField("self", null=True, on_delete="RESTRICT")
    queued_at = UTCDateTimeField()
    due_at = UTCDateTimeField()
    state = CharField(max_length=20, default=NoticeState.QUEUED, constraints=[one_of("state", NoticeState)])
    attempts = IntegerField(default=0)
    claimed_by = CharField(max_length=40, default="")
    claimed_until = UTCDateTimeField(null=True)
    finished_at = UTCDateTimeField(null=True)

    class Meta:
        indexes = ((("state", "due_at"), False), (("referral", "id"), False))


class NoticeRecipient(Table):
    """One person of a message: whether it reached their server, and which rule permits them to know."""

    notice = ForeignKeyField(Notice, backref="recipients", on_delete="CASCADE")
    header = CharField(max_length=2, constraints=[Check("header IN ('to', 'cc')")])
    name = CharField(max_length=NAME_LENGTH)
    address = CharField(max_length=EMAIL_LENGTH)
    user = ForeignKeyField(User, null=True, on_delete="SET NULL")
    permission = CharField(max_length=40)
    state = CharField(max_length=20, default=NoticeState.QUEUED, constraints=[one_of("state", NoticeState)])
    failure = CharField(max_length=40, default="")

    class Meta:
        indexes = ((("notice", "address"), True),)


class AuditEntry(Table):
    """One entry of the append-only record of changes and reads. Each carries a MAC over itself and the one before."""

    n = AutoField()
    at = CharField(max_length=32)
    actor = CharField(max_length=40)
    acting_as = CharField(max_length=40)
    action = CharField(max_length=60)
    record = CharField(max_length=80)
    facts_json = TextField(default="{}")
    request_id = CharField(max_length=40, default="")
    mac = CharField(max_length=64)


class AuditHead(Table):
    """The last entry's number and MAC: one row, locked while an entry is added."""

    n = IntegerField(default=0)
    mac = CharField(max_length=64, default="")

    class Meta:
        constraints = [Check("id = 1")]


TABLES: list[type[Table]] = [
    School, Employer, Venue, User, RoleHeld, RoleAsked, CounsellorVenue, Absence, Conflict, Setting,
    WebSession, FailedSignIn, AccountLink, HelpAsked, SavedView, Draft,
    Referral, Release,
    Hours, Poll, PollTime, PollPerson, PollAnswer, Meeting, Attendee, TakenTime, CalendarFeed,
    Area, Place, Returner, MentoringWish, WishedArea, Mentor, MentorBase, MentorPause, KeptApart, MatchOverride, MatchesSeen,
    Mentorship, MentoringAgreement, MentoringMeeting, DutyDisclosure, SupportContact,
    Review, OutcomeChange, ReviewPerson, ReviewIssue, SupportCall, SupportMeeting, Segment, Preparation, GapRow, Minutes, Correction,
    SupportOutcome, FollowUp, ReviewNeeded, ProgressionReport, Import, ImportRow,
    PersonalLink,
    Statement, Contract, ContractCover, ContractCase, CareersSession, StageTouched, SessionText, SessionIssue, FocusChange, SessionOption, DiscussionForm, RecordAccess,
    Plan, Objective, ObjectiveRemark, Consent, InformationRequest, Breach, Emergency,
    StoredFile, FilePiece, Paper, PaperOpening, Complaint, ComplaintAccess, ComplaintRespondent, ComplaintNote, ComplaintDisclosure, KeyProof,
    Completion, EndTold, SubjectAccess, SubjectItem,
    FeedbackAsk, FeedbackWaiting, FeedbackAnswer, FeedbackNamed,
    ReportPeriod, ReportFigure,
    RetentionHold, Disposal, DisposalReader,
    GuidanceVersion, GuidanceAddress, GuidanceComment, GuidanceCommentWaiting, ActivityNote,
    Event, Assignment, Notice, NoticeRecipient, AuditEntry, AuditHead,
]  # fmt: skip
