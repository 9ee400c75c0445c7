"""Careers sessions, what is written in them, who may read them, and plans; the agreed number of sessions."""

from datetime import datetime

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
    SqliteDatabase,
    TextField,
)


class Table(Model):
    class Meta:
        legacy_table_names = False


class User(Table):
    pass


class Referral(Table):
    pass


class Meeting(Table):
    pass


class PersonalLink(Table):
    pass


class Statement(Table):
    public_id = CharField(max_length=8, unique=True)
    kind = CharField(max_length=30, constraints=[Check("kind IN ('confidentiality')")])
    number = IntegerField()
    words = TextField()
    published_at = DateTimeField()
    published_by = ForeignKeyField(User, null=True, on_delete="RESTRICT", backref="+")

    class Meta:
        indexes = ((("kind", "number"), True),)


class CareersSession(Table):
    public_id = CharField(max_length=8, unique=True)
    referral = ForeignKeyField(Referral, backref="+", on_delete="RESTRICT")
    meeting = ForeignKeyField(Meeting, unique=True, backref="+", on_delete="RESTRICT")
    counsellor = ForeignKeyField(User, backref="+", on_delete="RESTRICT")
    minutes = IntegerField(constraints=[Check("minutes BETWEEN 5 AND 240")])
    begun_at = DateTimeField()
    explained = ForeignKeyField(Statement, null=True, on_delete="RESTRICT", backref="+")
    explained_at = DateTimeField(null=True)
    finished_at = DateTimeField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("referral", "id"), False), (("counsellor", "finished_at"), False))
        constraints = [Check("(explained_id IS NULL) = (explained_at IS NULL)")]


class StageTouched(Table):
    session = ForeignKeyField(CareersSession, backref="+", on_delete="CASCADE")
    stage = CharField(
        max_length=30,
        constraints=[
            Check("stage IN ('self_assessment', 'career_exploration', 'decision_making', 'plan_implementation')")
        ],
    )
    is_main = BooleanField(default=False)

    class Meta:
        indexes = ((("session", "stage"), True),)


class SessionText(Table):
    public_id = CharField(max_length=8, unique=True)
    session = ForeignKeyField(CareersSession, backref="+", on_delete="CASCADE")
    passage = CharField(
        max_length=20,
        constraints=[Check("passage IN ('purpose', 'notes', 'statement', 'summary', 'observations')")],
    )
    words = BlobField()
    written_by = ForeignKeyField(User, on_delete="RESTRICT", backref="+")
    written_at = DateTimeField()
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("session", "passage"), True),)


class SessionIssue(Table):
    public_id = CharField(max_length=8, unique=True)
    session = ForeignKeyField(CareersSession, backref="+", on_delete="CASCADE")
    words = BlobField()
    state = CharField(max_length=20, constraints=[Check("state IN ('raised', 'focus', 'parked', 'settled')")])
    return_on = DateField(null=True)
    position = IntegerField()
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("session", "position"), False),)
        constraints = [Check("return_on IS NULL OR state = 'parked'")]


class FocusChange(Table):
    public_id = CharField(max_length=8, unique=True)
    session = ForeignKeyField(CareersSession, backref="+", on_delete="CASCADE")
    issue = ForeignKeyField(SessionIssue, on_delete="CASCADE", backref="+")
    why = BlobField(null=True)
    changed_at = DateTimeField()


class SessionOption(Table):
    public_id = CharField(max_length=8, unique=True)
    session = ForeignKeyField(CareersSession, backref="+", on_delete="CASCADE")
    words = BlobField()
    pros = BlobField(null=True)
    cons = BlobField(null=True)
    position = IntegerField()
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("session", "position"), False),)


class DiscussionForm(Table):
    public_id = CharField(max_length=8, unique=True)
    referral = ForeignKeyField(Referral, unique=True, backref="+", on_delete="CASCADE")
    now = BlobField(null=True)
    hopes = BlobField(null=True)
    tried = BlobField(null=True)
    practical = BlobField(null=True)
    written_at = DateTimeField()
    version = IntegerField(default=1)


class RecordAccess(Table):
    public_id = CharField(max_length=8, unique=True)
    referral = ForeignKeyField(Referral, backref="+", on_delete="CASCADE")
    reader = ForeignKeyField(User, backref="+", on_delete="RESTRICT")
    given_by = ForeignKeyField(User, on_delete="RESTRICT", backref="+")
    is_cover = BooleanField()
    reason = BlobField()
    begins_at = DateTimeField()
    ends_at = DateTimeField()

    class Meta:
        indexes = ((("reader", "ends_at"), False), (("referral", "ends_at"), False))
        constraints = [Check("ends_at > begins_at")]


class Plan(Table):
    public_id = CharField(max_length=8, unique=True)
    referral = ForeignKeyField(Referral, null=True, unique=True, backref="+", on_delete="CASCADE")
    made_at = DateTimeField()


class Objective(Table):
    public_id = CharField(max_length=8, unique=True)
    plan = ForeignKeyField(Plan, backref="+", on_delete="CASCADE")
    session = ForeignKeyField(CareersSession, null=True, backref="+", on_delete="SET NULL")
    words = BlobField()
    due_on = DateField()
    review_on = DateField(null=True)
    owner_name = CharField(max_length=120)
    supporter = ForeignKeyField(User, null=True, on_delete="RESTRICT", backref="+")
    state = CharField(max_length=20, constraints=[Check("state IN ('open', 'met', 'partly', 'not_yet')")])
    state_at = DateTimeField(null=True)
    position = IntegerField()
    removed_at = DateTimeField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("plan", "position"), False), (("state", "due_on"), False))


class ObjectiveRemark(Table):
    public_id = CharField(max_length=8, unique=True)
    objective = ForeignKeyField(Objective, backref="+", on_delete="CASCADE")
    words = BlobField()
    was_due_on = DateField(null=True)
    now_due_on = DateField(null=True)
    by_user = ForeignKeyField(User, null=True, on_delete="RESTRICT", backref="+")
    by_link = ForeignKeyField(PersonalLink, null=True, on_delete="RESTRICT", backref="+")
    written_at = DateTimeField()

    class Meta:
        constraints = [Check("(by_user_id IS NULL) <> (by_link_id IS NULL)")]


# The first version of what a counsellor explains at the first session (A17, A18). An organisation publishes its own.
FIRST_ID = "cnfdnt22"
CONFIDENTIALITY = (
    "What we talk about stays between us and the careers team.\n\n"
    "There are two exceptions. If I become concerned about your safety, or about the safety of patients, I will tell you so "
    "first, and then speak with the head of your school about that concern and nothing else. And where the law requires "
    "something to be disclosed, that comes before any promise of mine.\n\n"
    "When our sessions end, the team lets your employer know that they have ended, and nothing more. You can read who has "
    "looked at your record at any time."
)

NEW = [
    Statement,
    CareersSession,
    StageTouched,
    SessionText,
    SessionIssue,
    FocusChange,
    SessionOption,
    DiscussionForm,
    RecordAccess,
    Plan,
    Objective,
    ObjectiveRemark,
]


def up(migrator, db):
    with db.bind_ctx([User, Referral, Meeting, PersonalLink, *NEW]):
        db.create_tables(NEW)
        Statement.insert(
            public_id=FIRST_ID,
            kind="confidentiality",
            number=1,
            words=CONFIDENTIALITY,
            published_at=datetime(2026, 1, 1),  # noqa: DTZ001  naive UTC, as the column keeps it
        ).execute()
    # SQLite makes the table anew for a column, and its triggers, by which the search is kept, go with the old one.
    kept = "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'referral'"
    triggers = db.execute_sql(kept).fetchall() if isinstance(db, SqliteDatabase) else []
    migrator.migrate(
        migrator.add_column(
            "referral", "agreed_sessions", IntegerField(default=2, constraints=[Check("agreed_sessions >= 2")])
        )
    )
    for (trigger,) in triggers:
        db.execute_sql(trigger)
