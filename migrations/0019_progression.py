"""Support for progression: reviews, calls, meetings and their papers, outcomes, follow-ups, reports."""

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
)


class Table(Model):
    class Meta:
        legacy_table_names = False


class User(Table):
    pass


class Employer(Table):
    pass


class Poll(Table):
    pass


class Meeting(Table):
    pass


class StoredFile(Table):
    pass


class PersonalLink(Table):
    pass


class Review(Table):
    public_id = CharField(max_length=8, unique=True)
    trainee_name = CharField(max_length=120)
    trainee_email = CharField(max_length=254, index=True)
    trainee = ForeignKeyField(User, null=True, backref="+", on_delete="RESTRICT")
    programme = CharField(max_length=120)
    employer = ForeignKeyField(Employer, null=True, on_delete="RESTRICT", backref="+")
    director = ForeignKeyField(User, null=True, backref="+", on_delete="RESTRICT")
    outcome = CharField(max_length=10, constraints=[Check("outcome IN ('1', '2', '3', 'other')")])
    outcome_on = DateField()
    decision = CharField(max_length=10, null=True)
    decided_by = ForeignKeyField(User, null=True, on_delete="RESTRICT", backref="+")
    decided_at = DateTimeField(null=True)
    opened_by = ForeignKeyField(User, backref="+", on_delete="RESTRICT")
    opened_at = DateTimeField()
    earlier = ForeignKeyField("self", null=True, backref="+", on_delete="RESTRICT")
    closed_at = DateTimeField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("trainee_email", "outcome_on"), True), (("closed_at", "outcome_on"), False))
        constraints = [
            Check("(decision IS NULL) = (decided_at IS NULL)"),
            Check("decision IS NULL OR decision IN ('none', 'call', 'triage', 'full')"),
        ]


class OutcomeChange(Table):
    public_id = CharField(max_length=8, unique=True)
    review = ForeignKeyField(Review, backref="+", on_delete="CASCADE")
    was = CharField(max_length=10, constraints=[Check("was IN ('1', '2', '3', 'other')")])
    was_on = DateField()
    why = BlobField()
    changed_by = ForeignKeyField(User, on_delete="RESTRICT", backref="+")
    changed_at = DateTimeField()


class ReviewPerson(Table):
    public_id = CharField(max_length=8, unique=True)
    review = ForeignKeyField(Review, backref="+", on_delete="CASCADE")
    part = CharField(max_length=20, constraints=[Check("part IN ('training_officer', 'university')")])
    name = CharField(max_length=120)
    email = CharField(max_length=254)
    user = ForeignKeyField(User, null=True, backref="+", on_delete="RESTRICT")
    began_at = DateTimeField()
    left_at = DateTimeField(null=True)

    class Meta:
        indexes = ((("review", "part", "email"), True),)


class ReviewIssue(Table):
    public_id = CharField(max_length=8, unique=True)
    review = ForeignKeyField(Review, backref="+", on_delete="CASCADE")
    severity = CharField(max_length=10, constraints=[Check("severity IN ('minor', 'moderate', 'major')")])
    is_academic = BooleanField()
    words = BlobField()
    position = IntegerField()
    removed_at = DateTimeField(null=True)
    version = IntegerField(default=1)


class SupportCall(Table):
    public_id = CharField(max_length=8, unique=True)
    review = ForeignKeyField(Review, unique=True, backref="+", on_delete="CASCADE")
    offered_by = ForeignKeyField(User, on_delete="RESTRICT", backref="+")
    offered_at = DateTimeField()
    declined_at = DateTimeField(null=True)
    declined_by = CharField(max_length=20, default="")
    wanted_at = DateTimeField(null=True)
    poll = ForeignKeyField(Poll, null=True, unique=True, backref="+", on_delete="RESTRICT")
    meeting = ForeignKeyField(Meeting, null=True, unique=True, backref="+", on_delete="RESTRICT")
    held_at = DateTimeField(null=True)
    version = IntegerField(default=1)


class SupportMeeting(Table):
    public_id = CharField(max_length=8, unique=True)
    review = ForeignKeyField(Review, backref="+", on_delete="RESTRICT")
    kind = CharField(max_length=10, constraints=[Check("kind IN ('triage', 'full')")])
    minutes = IntegerField(constraints=[Check("minutes BETWEEN 15 AND 480")])
    mode = CharField(max_length=20, constraints=[Check("mode IN ('face_to_face', 'telephone', 'teams')")])
    mode_reason = CharField(max_length=300, default="")
    place = CharField(max_length=120, default="")
    chair = ForeignKeyField(User, backref="+", on_delete="RESTRICT")
    minute_taker = ForeignKeyField(User, null=True, backref="+", on_delete="RESTRICT")
    university = ForeignKeyField(ReviewPerson, null=True, backref="+", on_delete="RESTRICT")
    university_reason = CharField(max_length=300, default="")
    poll = ForeignKeyField(Poll, null=True, unique=True, backref="+", on_delete="RESTRICT")
    soon_reason = CharField(max_length=300, default="")
    follows = ForeignKeyField("self", null=True, backref="+", on_delete="RESTRICT")
    required_by = ForeignKeyField(User, backref="+", on_delete="RESTRICT")
    required_at = DateTimeField()
    held_at = DateTimeField(null=True)
    called_off_at = DateTimeField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("review", "id"), False), (("chair", "held_at"), False))
        constraints = [
            Check("kind <> 'triage' OR minutes <= 60"),
            Check("kind <> 'full' OR minute_taker_id IS NOT NULL"),
            Check("(mode = 'teams') = (mode_reason = '')"),
            Check("held_at IS NULL OR called_off_at IS NULL"),
        ]


class Segment(Table):
    support_meeting = ForeignKeyField(SupportMeeting, backref="+", on_delete="CASCADE")
    position = IntegerField()
    present = CharField(max_length=20, constraints=[Check("present IN ('together', 'trainee_alone', 'officer_alone')")])
    minutes = IntegerField(constraints=[Check("minutes BETWEEN 5 AND 240")])

    class Meta:
        indexes = ((("support_meeting", "position"), True),)


class Preparation(Table):
    public_id = CharField(max_length=8, unique=True)
    support_meeting = ForeignKeyField(SupportMeeting, backref="+", on_delete="CASCADE")
    item = CharField(
        max_length=20,
        constraints=[Check("item IN ('training_plan', 'gap_analysis', 'have_met', 'date_and_mode', 'private_place')")],
    )
    owner = CharField(max_length=20, constraints=[Check("owner IN ('trainee', 'training_officer')")])
    done_at = DateTimeField(null=True)
    words = BlobField(null=True)
    reminders = IntegerField(default=0)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("support_meeting", "item", "owner"), True),)


class GapRow(Table):
    public_id = CharField(max_length=8, unique=True)
    support_meeting = ForeignKeyField(SupportMeeting, backref="+", on_delete="CASCADE")
    position = IntegerField()
    item = BlobField()
    status = CharField(max_length=10, constraints=[Check("status IN ('done', 'partly', 'not_yet')")])
    evidence = BlobField(null=True)
    plan = BlobField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("support_meeting", "position"), False),)


class Minutes(Table):
    public_id = CharField(max_length=8, unique=True)
    support_meeting = ForeignKeyField(SupportMeeting, backref="+", on_delete="CASCADE")
    present = CharField(max_length=20, constraints=[Check("present IN ('together', 'trainee_alone', 'officer_alone')")])
    words = BlobField()
    written_by = ForeignKeyField(User, on_delete="RESTRICT", backref="+")
    written_at = DateTimeField()
    agreed_by = ForeignKeyField(User, null=True, on_delete="RESTRICT", backref="+")
    agreed_at = DateTimeField(null=True)
    shared_at = DateTimeField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("support_meeting", "present"), True),)
        constraints = [Check("shared_at IS NULL OR agreed_at IS NOT NULL")]


class Correction(Table):
    public_id = CharField(max_length=8, unique=True)
    minutes = ForeignKeyField(Minutes, backref="+", on_delete="CASCADE")
    was = BlobField()
    why = BlobField()
    corrected_by = ForeignKeyField(User, on_delete="RESTRICT", backref="+")
    corrected_at = DateTimeField()


class SupportOutcome(Table):
    public_id = CharField(max_length=8, unique=True)
    support_meeting = ForeignKeyField(SupportMeeting, backref="+", on_delete="RESTRICT")
    kind = CharField(
        max_length=20,
        constraints=[
            Check(
                "kind IN ('no_further_action', 'desktop_review', 'action_plan', 'full_meeting', 'school_services', 'school_policies', 'employer_policies')"
            )
        ],
    )
    words = BlobField(null=True)
    look_on = DateField(null=True)
    looked_at = DateTimeField(null=True)
    further = ForeignKeyField(SupportMeeting, null=True, backref="+", on_delete="RESTRICT")
    decided_by = ForeignKeyField(User, on_delete="RESTRICT", backref="+")
    decided_at = DateTimeField()
    replaced_at = DateTimeField(null=True)
    why_replaced = BlobField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("support_meeting", "id"), False), (("kind", "look_on"), False))
        constraints = [Check("(kind = 'desktop_review') = (look_on IS NOT NULL)")]


class FollowUp(Table):
    public_id = CharField(max_length=8, unique=True)
    review = ForeignKeyField(Review, backref="+", on_delete="RESTRICT")
    outcome = ForeignKeyField(SupportOutcome, null=True, backref="+", on_delete="RESTRICT")
    kind = CharField(
        max_length=20,
        constraints=[
            Check(
                "kind IN ('training_plan', 'academic', 'school_advice', 'school_policies', 'employer_policies', 'action_asked', 'support_meeting', 'supported_exit', 'school_services')"
            )
        ],
    )
    words = BlobField()
    asked_of = CharField(max_length=20, null=True)
    to_name = CharField(max_length=120, default="")
    to_email = CharField(max_length=254, default="")
    sent_at = DateTimeField(null=True)
    made_by = ForeignKeyField(User, on_delete="RESTRICT", backref="+")
    made_at = DateTimeField()
    done_at = DateTimeField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("review", "id"), False),)
        constraints = [
            Check("(asked_of IS NULL) = (to_email = '')"),
            Check("asked_of IS NULL OR asked_of IN ('department', 'university', 'school_service')"),
        ]


class ReviewNeeded(Table):
    public_id = CharField(max_length=8, unique=True)
    review = ForeignKeyField(Review, unique=True, backref="+", on_delete="CASCADE")
    listed_at = DateTimeField()
    opened = ForeignKeyField(Review, null=True, unique=True, backref="+", on_delete="RESTRICT")
    not_needed_why = BlobField(null=True)
    settled_by = ForeignKeyField(User, null=True, on_delete="RESTRICT", backref="+")
    settled_at = DateTimeField(null=True)
    version = IntegerField(default=1)


class ProgressionReport(Table):
    public_id = CharField(max_length=8, unique=True)
    review = ForeignKeyField(Review, backref="+", on_delete="RESTRICT")
    reported_to = CharField(max_length=20, constraints=[Check("reported_to IN ('panel', 'quality', 'commissioning')")])
    to_name = CharField(max_length=120)
    to_email = CharField(max_length=254)
    reason = BlobField()
    words = BlobField()
    asked_by = ForeignKeyField(User, backref="+", on_delete="RESTRICT")
    asked_at = DateTimeField()
    second = ForeignKeyField(User, null=True, backref="+", on_delete="RESTRICT")
    second_at = DateTimeField(null=True)
    is_agreed = BooleanField(null=True)
    told_at = DateTimeField(null=True)
    sent_at = DateTimeField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("review", "id"), False),)
        constraints = [
            Check("second_id IS NULL OR second_id <> asked_by_id"),
            Check("(second_id IS NULL) = (is_agreed IS NULL)"),
            Check("sent_at IS NULL OR told_at IS NOT NULL"),
            Check("told_at IS NULL OR is_agreed"),
        ]


class Paper(Table):
    public_id = CharField(max_length=8, unique=True)
    support_meeting = ForeignKeyField(SupportMeeting, backref="+", on_delete="CASCADE")
    file = ForeignKeyField(StoredFile, unique=True, backref="+", on_delete="CASCADE")
    number = IntegerField()
    is_late = BooleanField(default=False)
    for_university = BooleanField(default=False)
    shared_at = DateTimeField(null=True)
    recalled_at = DateTimeField(null=True)
    recalled_why = BlobField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("support_meeting", "id"), False),)


class PaperOpening(Table):
    public_id = CharField(max_length=8, unique=True)
    paper = ForeignKeyField(Paper, backref="+", on_delete="CASCADE")
    by_user = ForeignKeyField(User, null=True, on_delete="RESTRICT", backref="+")
    by_link = ForeignKeyField(PersonalLink, null=True, on_delete="RESTRICT", backref="+")
    opened_at = DateTimeField()

    class Meta:
        constraints = [Check("(by_user_id IS NULL) <> (by_link_id IS NULL)")]


NEW = [
    Review,
    OutcomeChange,
    ReviewPerson,
    ReviewIssue,
    SupportCall,
    SupportMeeting,
    Segment,
    Preparation,
    GapRow,
    Minutes,
    Correction,
    SupportOutcome,
    FollowUp,
    ReviewNeeded,
    ProgressionReport,
    Paper,
    PaperOpening,
]


def up(migrator, db):
    with db.bind_ctx([User, Employer, Poll, Meeting, StoredFile, PersonalLink, *NEW]):
        db.create_tables(NEW)
    review = ForeignKeyField(Review, field=Review.id, null=True, on_delete="CASCADE", backref="+")
    person = ForeignKeyField(ReviewPerson, field=ReviewPerson.id, null=True, on_delete="CASCADE", backref="+")
    follow_up = ForeignKeyField(FollowUp, field=FollowUp.id, null=True, on_delete="CASCADE", backref="+")
    of_plan = ForeignKeyField(Review, field=Review.id, null=True, unique=True, on_delete="CASCADE", backref="+")
    agreed_by = ForeignKeyField(User, field=User.id, null=True, on_delete="RESTRICT", backref="+")
    migrator.migrate(
        migrator.add_column("personal_link", "review_id", review),
        migrator.add_column("personal_link", "review_person_id", person),
        migrator.add_column("personal_link", "follow_up_id", follow_up),
        migrator.add_column("poll", "mode", CharField(max_length=20, default="teams")),
        migrator.add_column("poll", "place", CharField(max_length=120, default="")),
        migrator.add_column("plan", "review_id", of_plan),
        migrator.add_column("plan", "agreed_at", DateTimeField(null=True)),
        migrator.add_column("plan", "agreed_by_id", agreed_by),
        migrator.add_column("plan", "review_on", DateField(null=True)),
        migrator.add_column("plan", "reviewed_at", DateTimeField(null=True)),
    )
