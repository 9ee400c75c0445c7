"""Mentoring: returners and what they wish, mentors, pairs, what they agree, where else to turn; lists read from files."""

from peewee import (
    BlobField,
    BooleanField,
    CharField,
    Check,
    DateField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)


class Table(Model):
    class Meta:
        legacy_table_names = False


class User(Table):
    pass


class Employer(Table):
    pass


class Meeting(Table):
    pass


class Area(Table):
    public_id = CharField(max_length=8, unique=True)
    name = CharField(max_length=120, unique=True)
    districts = CharField(max_length=300)
    version = IntegerField(default=1)


class Place(Table):
    public_id = CharField(max_length=8, unique=True)
    name = CharField(max_length=120, unique=True)
    district = CharField(max_length=4)
    version = IntegerField(default=1)


class Returner(Table):
    public_id = CharField(max_length=8, unique=True)
    name = CharField(max_length=120)
    email = CharField(max_length=254, index=True)
    user = ForeignKeyField(User, null=True, backref="+", on_delete="RESTRICT")
    employer = ForeignKeyField(Employer, null=True, on_delete="RESTRICT", backref="+")
    specialty = CharField(max_length=120, default="")
    absent_from = DateField()
    returns_on = DateField(index=True)
    came_by = CharField(max_length=20, constraints=[Check("came_by IN ('entered', 'imported', 'asked')")])
    entered_by = ForeignKeyField(User, null=True, backref="+", on_delete="RESTRICT")
    entered_at = DateTimeField()
    state = CharField(
        max_length=20,
        constraints=[Check("state IN ('listed', 'offered', 'later', 'declined', 'interested', 'matched', 'ended')")],
    )
    offered_at = DateTimeField(null=True)
    reminded_at = DateTimeField(null=True)
    ask_again_on = DateField(null=True)
    interested_at = DateTimeField(null=True)
    declined_at = DateTimeField(null=True)
    told_waiting_at = DateTimeField(null=True)
    removed_at = DateTimeField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("email", "absent_from"), True), (("state", "returns_on"), False))
        constraints = [
            Check("returns_on > absent_from"),
            Check("state NOT IN ('interested', 'matched') OR interested_at IS NOT NULL"),
            Check("(state = 'later') = (ask_again_on IS NOT NULL)"),
        ]


class MentoringWish(Table):
    public_id = CharField(max_length=8, unique=True)
    returner = ForeignKeyField(Returner, unique=True, backref="+", on_delete="CASCADE")
    district = CharField(max_length=4)
    place_name = CharField(max_length=120, default="")
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
    return_reason = BlobField(null=True)
    own_trust = CharField(max_length=20, constraints=[Check("own_trust IN ('either', 'wished', 'not_wished')")])
    request = BlobField(null=True)
    given_at = DateTimeField()
    version = IntegerField(default=1)

    class Meta:
        constraints = [
            Check("face_to_face OR teams OR telephone"),
            Check("NOT is_miles_a_limit OR miles IS NOT NULL"),
        ]


class WishedArea(Table):
    wish = ForeignKeyField(MentoringWish, backref="+", on_delete="CASCADE")
    area = ForeignKeyField(Area, on_delete="CASCADE", backref="+")
    is_avoided = BooleanField(default=False)

    class Meta:
        indexes = ((("wish", "area"), True),)


class Mentor(Table):
    public_id = CharField(max_length=8, unique=True)
    user = ForeignKeyField(User, unique=True, backref="+", on_delete="RESTRICT")
    employer = ForeignKeyField(Employer, null=True, on_delete="RESTRICT", backref="+")
    specialty = CharField(max_length=120, default="")
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
    return_reason = BlobField(null=True)
    about = CharField(max_length=500, default="")
    left_at = DateTimeField(null=True)
    version = IntegerField(default=1)

    class Meta:
        constraints = [
            Check("face_to_face OR teams OR telephone"),
            Check("training_ends_on IS NULL OR training_ends_on >= trained_on"),
        ]


class MentorBase(Table):
    public_id = CharField(max_length=8, unique=True)
    mentor = ForeignKeyField(Mentor, backref="+", on_delete="CASCADE")
    district = CharField(max_length=4)
    place_name = CharField(max_length=120, default="")

    class Meta:
        indexes = ((("mentor", "district"), True),)


class MentorPause(Table):
    public_id = CharField(max_length=8, unique=True)
    mentor = ForeignKeyField(Mentor, backref="+", on_delete="CASCADE")
    first_day = DateField()
    last_day = DateField(null=True)

    class Meta:
        constraints = [Check("last_day IS NULL OR last_day >= first_day")]


class KeptApart(Table):
    public_id = CharField(max_length=8, unique=True)
    returner = ForeignKeyField(Returner, null=True, backref="+", on_delete="CASCADE")
    mentor = ForeignKeyField(Mentor, null=True, backref="+", on_delete="CASCADE")
    name = CharField(max_length=120, default="")
    email = CharField(max_length=254, default="")
    why = CharField(max_length=20, constraints=[Check("why IN ('asked', 'supervisor', 'not_working')")])
    written_at = DateTimeField()

    class Meta:
        indexes = ((("returner", "name", "email"), True), (("mentor", "name", "email"), True))
        constraints = [
            Check("(returner_id IS NULL) <> (mentor_id IS NULL)"),
            Check("name <> '' OR email <> ''"),
        ]


class MatchOverride(Table):
    public_id = CharField(max_length=8, unique=True)
    returner = ForeignKeyField(Returner, backref="+", on_delete="CASCADE")
    mentor = ForeignKeyField(Mentor, backref="+", on_delete="CASCADE")
    is_pinned = BooleanField()
    made_by = ForeignKeyField(User, on_delete="RESTRICT", backref="+")
    made_at = DateTimeField()

    class Meta:
        indexes = ((("returner", "mentor"), True),)


class MatchesSeen(Table):
    public_id = CharField(max_length=8, unique=True)
    user = ForeignKeyField(User, unique=True, backref="+", on_delete="CASCADE")
    pairs_json = TextField()
    seen_at = DateTimeField()


class Mentorship(Table):
    public_id = CharField(max_length=8, unique=True)
    returner = ForeignKeyField(Returner, backref="+", on_delete="RESTRICT")
    mentor = ForeignKeyField(Mentor, backref="+", on_delete="RESTRICT")
    mentor_seat = IntegerField(null=True)
    returner_seat = IntegerField(null=True, constraints=[Check("returner_seat = 1")])
    explanation = CharField(max_length=500, default="")
    introduced_at = DateTimeField()
    introduced_by = ForeignKeyField(User, backref="+", on_delete="RESTRICT")
    ends_on = DateField()
    asked_contact_at = DateTimeField(null=True)
    contact_at = DateTimeField(null=True)
    contact_said_by = CharField(max_length=10, null=True)
    first_meeting = ForeignKeyField(Meeting, null=True, unique=True, backref="+", on_delete="RESTRICT")
    asked_agreement_at = DateTimeField(null=True)
    agreed_on = DateField(null=True)
    is_kept_by_pair = BooleanField(default=False)
    told_month_before_at = DateTimeField(null=True)
    ended_at = DateTimeField(null=True)
    ending = CharField(max_length=20, null=True)
    ended_by = CharField(max_length=10, default="")
    survey_reminded_at = DateTimeField(null=True)
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


class MentoringAgreement(Table):
    public_id = CharField(max_length=8, unique=True)
    mentorship = ForeignKeyField(Mentorship, backref="+", on_delete="CASCADE")
    is_kept_by_pair = BooleanField(default=False)
    meetings = BlobField(null=True)
    outcomes = BlobField(null=True)
    off_limits = BlobField(null=True)
    learning = BlobField(null=True)
    progress = BlobField(null=True)
    ending = BlobField(null=True)
    proposed_by = CharField(max_length=10, constraints=[Check("proposed_by IN ('returner', 'mentor')")])
    proposed_at = DateTimeField()
    agreed_at = DateTimeField(null=True)
    withdrawn_at = DateTimeField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("mentorship", "id"), False),)


class MentoringMeeting(Table):
    public_id = CharField(max_length=8, unique=True)
    mentorship = ForeignKeyField(Mentorship, backref="+", on_delete="CASCADE")
    met_on = DateField()
    mode = CharField(max_length=20, constraints=[Check("mode IN ('face_to_face', 'telephone', 'teams')")])
    words = BlobField(null=True)
    noted_by = CharField(max_length=10, constraints=[Check("noted_by IN ('returner', 'mentor')")])
    noted_at = DateTimeField()
    removed_at = DateTimeField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("mentorship", "met_on"), False),)


class DutyDisclosure(Table):
    public_id = CharField(max_length=8, unique=True)
    mentorship = ForeignKeyField(Mentorship, backref="+", on_delete="RESTRICT")
    reason = BlobField()
    decided_at = DateTimeField()
    told_how = CharField(max_length=20, null=True)
    told_at = DateTimeField(null=True)
    disclosed_to = BlobField(null=True)
    disclosed = BlobField(null=True)
    disclosed_at = DateTimeField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("mentorship", "id"), False),)
        constraints = [
            Check("disclosed_at IS NULL OR told_at IS NOT NULL"),
            Check("(told_at IS NULL) = (told_how IS NULL)"),
        ]


class SupportContact(Table):
    public_id = CharField(max_length=8, unique=True)
    topic = CharField(
        max_length=30,
        constraints=[Check("topic IN ('lead_employer', 'occupational_health', 'ltft', 'reflection', 'other')")],
    )
    employer = ForeignKeyField(Employer, null=True, backref="+", on_delete="CASCADE")
    name = CharField(max_length=120)
    words = CharField(max_length=500, default="")
    web_address = CharField(max_length=300, default="")
    email = CharField(max_length=254, default="")
    phone = CharField(max_length=40, default="")
    position = IntegerField(default=0)
    version = IntegerField(default=1)


class Import(Table):
    public_id = CharField(max_length=8, unique=True)
    kind = CharField(max_length=20)
    by_user = ForeignKeyField(User, backref="+", on_delete="RESTRICT")
    file_name = BlobField()
    content = BlobField(null=True)
    state = CharField(
        max_length=20, constraints=[Check("state IN ('reading', 'to_check', 'taking', 'taken', 'called_off')")]
    )
    problem = CharField(max_length=300, default="")
    rows = IntegerField(default=0)
    rows_done = IntegerField(default=0)
    brought_at = DateTimeField()
    taken_at = DateTimeField(null=True)
    version = IntegerField(default=1)


class ImportRow(Table):
    public_id = CharField(max_length=8, unique=True)
    batch = ForeignKeyField(Import, backref="+", on_delete="CASCADE")
    number = IntegerField()
    cells_json = BlobField()
    problems_json = BlobField(null=True)
    same_as = CharField(max_length=8, default="")
    choice = CharField(max_length=10, constraints=[Check("choice IN ('add', 'merge', 'leave_out')")])

    class Meta:
        indexes = ((("batch", "number"), True),)


NEW = [
    Area,
    Place,
    Returner,
    MentoringWish,
    WishedArea,
    Mentor,
    MentorBase,
    MentorPause,
    KeptApart,
    MatchOverride,
    MatchesSeen,
    Mentorship,
    MentoringAgreement,
    MentoringMeeting,
    DutyDisclosure,
    SupportContact,
    Import,
    ImportRow,
]


def up(migrator, db):
    with db.bind_ctx([User, Employer, Meeting, *NEW]):
        db.create_tables(NEW)
    returner = ForeignKeyField(Returner, field=Returner.id, null=True, on_delete="CASCADE", backref="+")
    mentorship = ForeignKeyField(Mentorship, field=Mentorship.id, null=True, on_delete="CASCADE", backref="+")
    migrator.migrate(
        migrator.add_column("meeting", "place", CharField(max_length=120, default="")),
        migrator.add_column("personal_link", "returner_id", returner),
        migrator.add_column("feedback_ask", "mentorship_id", mentorship),
        migrator.add_column("feedback_ask", "side", CharField(max_length=10, null=True)),
        migrator.add_index("feedback_ask", ("survey", "mentorship_id", "side"), True),
    )
