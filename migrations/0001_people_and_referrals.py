"""The first tables: people and places, signing in, referrals, events, notices, the audit; and the search index.

A frozen copy: it says what the tables were, whatever `models.py` says today.
"""

from datetime import UTC, datetime

from peewee import (
    AutoField,
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

from signpost.fields import new_public_id


class Table(Model):
    class Meta:
        legacy_table_names = False


class School(Table):
    public_id = CharField(max_length=8, unique=True)
    name = CharField(max_length=120, unique=True)


class Employer(Table):
    public_id = CharField(max_length=8, unique=True)
    name = CharField(max_length=120, unique=True)
    contact_name = CharField(max_length=120, default="")
    contact_email = CharField(max_length=254, default="")


class Venue(Table):
    public_id = CharField(max_length=8, unique=True)
    name = CharField(max_length=120, unique=True)


class User(Table):
    public_id = CharField(max_length=8, unique=True)
    name = CharField(max_length=120)
    email = CharField(max_length=254, unique=True)
    phone = CharField(max_length=40, default="")
    password_hash = CharField(max_length=200, default="")
    created_at = DateTimeField()
    disabled_at = DateTimeField(null=True)
    version = IntegerField(default=1)


class RoleHeld(Table):
    public_id = CharField(max_length=8, unique=True)
    user = ForeignKeyField(User, on_delete="CASCADE", backref="+")
    role = CharField(
        max_length=30,
        constraints=[
            Check(
                "role IN ('referrer', 'senior_adviser', 'counsellor', 'head_of_school', 'tsg', 'trainee', 'rtt_team', 'mentor', 'returner', 'training_officer', 'meeting_chair', 'progression', 'university', 'complaints', 'governance', 'administrator')"
            )
        ],
    )
    school = ForeignKeyField(School, on_delete="RESTRICT", backref="+", null=True)
    employer = ForeignKeyField(Employer, on_delete="RESTRICT", backref="+", null=True)
    referrer_kind = CharField(max_length=30, null=True)

    class Meta:
        indexes = ((("user", "role", "school", "employer", "referrer_kind"), True), (("role", "school"), False))
        constraints = [
            Check("(role = 'referrer') = (referrer_kind IS NOT NULL)"),
            Check("role <> 'head_of_school' OR school_id IS NOT NULL"),
        ]


class CounsellorVenue(Table):
    counsellor = ForeignKeyField(User, on_delete="CASCADE", backref="+")
    venue = ForeignKeyField(Venue, on_delete="CASCADE", backref="+")

    class Meta:
        indexes = ((("counsellor", "venue"), True),)


class Absence(Table):
    public_id = CharField(max_length=8, unique=True)
    counsellor = ForeignKeyField(User, on_delete="CASCADE", backref="+")
    first_day = DateField()
    last_day = DateField()

    class Meta:
        constraints = [Check("last_day >= first_day")]


class Conflict(Table):
    public_id = CharField(max_length=8, unique=True)
    counsellor = ForeignKeyField(User, on_delete="CASCADE", backref="+")
    trainee_email = CharField(max_length=254, null=True)
    employer = ForeignKeyField(Employer, on_delete="CASCADE", backref="+", null=True)
    declared_at = DateTimeField()

    class Meta:
        constraints = [Check("(trainee_email IS NULL) <> (employer_id IS NULL)")]


class Setting(Table):
    name = CharField(max_length=60, unique=True)
    value = TextField()


class WebSession(Table):
    token_hash = CharField(max_length=64, unique=True)
    user = ForeignKeyField(User, on_delete="CASCADE", backref="+")
    created_at = DateTimeField()
    last_seen_at = DateTimeField()
    ended_at = DateTimeField(null=True)


class FailedSignIn(Table):
    account_hash = CharField(max_length=64)
    network_hash = CharField(max_length=64)
    tried_at = DateTimeField()

    class Meta:
        indexes = ((("account_hash", "tried_at"), False), (("network_hash", "tried_at"), False))


class Draft(Table):
    public_id = CharField(max_length=8, unique=True)
    user = ForeignKeyField(User, on_delete="CASCADE", backref="+")
    form = CharField(max_length=40)
    fields_json = BlobField()
    saved_at = DateTimeField()

    class Meta:
        indexes = ((("user", "form"), True),)


class Referral(Table):
    public_id = CharField(max_length=8, unique=True)
    trainee_name = CharField(max_length=120)
    trainee_email = CharField(max_length=254, index=True)
    trainee = ForeignKeyField(User, on_delete="RESTRICT", backref="+", null=True)
    school = ForeignKeyField(School, on_delete="RESTRICT", backref="+", null=True)
    employer = ForeignKeyField(Employer, on_delete="RESTRICT", backref="+")
    request = TextField()
    wider_concerns = BooleanField(default=False)
    referred_by = ForeignKeyField(User, on_delete="RESTRICT", backref="+")
    referrer_kind = CharField(
        max_length=30,
        constraints=[
            Check(
                "referrer_kind IN ('lfg_career_lead', 'dme', 'tpd', 'educational_supervisor', 'clinical_tutor', 'mem')"
            )
        ],
    )
    referred_at = DateTimeField()
    status = CharField(
        max_length=30,
        default="submitted",
        constraints=[
            Check(
                "status IN ('submitted', 'assigned', 'first_meeting_booked', 'in_progress', 'sessions_complete', 'closed')"
            )
        ],
    )
    stage = CharField(
        max_length=20,
        default="waiting",
        constraints=[Check("stage IN ('waiting', 'assigned', 'in_progress', 'closed')")],
    )
    accepted_at = DateTimeField(null=True)
    assigned_to = ForeignKeyField(User, on_delete="RESTRICT", backref="+", null=True)
    assigned_by = ForeignKeyField(User, on_delete="RESTRICT", backref="+", null=True)
    assigned_at = DateTimeField(null=True)
    closed_at = DateTimeField(null=True)
    ending = CharField(max_length=30, null=True)
    duplicate_of = ForeignKeyField("self", on_delete="RESTRICT", backref="+", null=True)
    search_words = TextField(default="")
    name_order = CharField(max_length=240, default="")
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


class Release(Table):
    public_id = CharField(max_length=8, unique=True)
    referral = ForeignKeyField(Referral, on_delete="RESTRICT", backref="+")
    choice = CharField(max_length=10, constraints=[Check("choice IN ('nothing', 'fact', 'words')")])
    words = CharField(max_length=1000, default="")
    trainee_name = CharField(max_length=120)
    school_name = CharField(max_length=120)
    decided_by = ForeignKeyField(User, on_delete="RESTRICT", backref="+")
    decided_at = DateTimeField()

    class Meta:
        constraints = [Check("(choice = 'words') = (words <> '')")]


class PersonalLink(Table):
    public_id = CharField(max_length=8, unique=True)
    token_hash = CharField(max_length=64, unique=True)
    purpose = CharField(max_length=30)
    referral = ForeignKeyField(Referral, on_delete="CASCADE", backref="+", null=True)
    name = CharField(max_length=120)
    email = CharField(max_length=254)
    made_at = DateTimeField()
    expires_at = DateTimeField()
    withdrawn_at = DateTimeField(null=True)


class Event(Table):
    public_id = CharField(max_length=8, unique=True)
    name = CharField(max_length=60)
    referral = ForeignKeyField(Referral, on_delete="RESTRICT", backref="+", null=True)
    user = ForeignKeyField(User, on_delete="RESTRICT", backref="+", null=True)
    by_user = ForeignKeyField(User, on_delete="RESTRICT", backref="+", null=True)
    by_link = ForeignKeyField(PersonalLink, on_delete="RESTRICT", backref="+", null=True)
    happened_at = DateTimeField()
    facts_json = TextField(default="{}")
    undone_at = DateTimeField(null=True)

    class Meta:
        indexes = ((("referral", "id"), False),)
        constraints = [Check("(by_user_id IS NULL) <> (by_link_id IS NULL)")]


class Assignment(Table):
    public_id = CharField(max_length=8, unique=True)
    referral = ForeignKeyField(Referral, on_delete="RESTRICT", backref="+")
    event = ForeignKeyField(Event, on_delete="RESTRICT", backref="+", unique=True)
    counsellor = ForeignKeyField(User, on_delete="RESTRICT", backref="+")
    assigned_by = ForeignKeyField(User, on_delete="RESTRICT", backref="+")
    assigned_at = DateTimeField()
    reason = CharField(max_length=300, default="")
    previous = ForeignKeyField(User, on_delete="RESTRICT", backref="+", null=True)
    previous_by = ForeignKeyField(User, on_delete="RESTRICT", backref="+", null=True)
    previous_at = DateTimeField(null=True)
    undone_at = DateTimeField(null=True)


class Notice(Table):
    public_id = CharField(max_length=8, unique=True)
    event = ForeignKeyField(Event, on_delete="RESTRICT", backref="+")
    referral = ForeignKeyField(Referral, on_delete="RESTRICT", backref="+", null=True)
    kind = CharField(max_length=60)
    sender_name = CharField(max_length=120, default="")
    reply_to = CharField(max_length=254, default="")
    subject = CharField(max_length=200)
    text = BlobField()
    message_id = CharField(max_length=200, unique=True)
    dedupe_key = CharField(max_length=200, unique=True)
    copy_of = ForeignKeyField("self", on_delete="RESTRICT", backref="+", null=True)
    queued_at = DateTimeField()
    due_at = DateTimeField()
    state = CharField(
        max_length=20,
        default="queued",
        constraints=[Check("state IN ('queued', 'sent', 'failed', 'withheld', 'undone')")],
    )
    attempts = IntegerField(default=0)
    claimed_by = CharField(max_length=40, default="")
    claimed_until = DateTimeField(null=True)
    finished_at = DateTimeField(null=True)

    class Meta:
        indexes = ((("state", "due_at"), False), (("referral", "id"), False))


class NoticeRecipient(Table):
    notice = ForeignKeyField(Notice, on_delete="CASCADE", backref="+")
    header = CharField(max_length=2, constraints=[Check("header IN ('to', 'cc')")])
    name = CharField(max_length=120)
    address = CharField(max_length=254)
    user = ForeignKeyField(User, on_delete="SET NULL", backref="+", null=True)
    permission = CharField(max_length=40)
    state = CharField(
        max_length=20,
        default="queued",
        constraints=[Check("state IN ('queued', 'sent', 'failed', 'withheld', 'undone')")],
    )
    failure = CharField(max_length=40, default="")

    class Meta:
        indexes = ((("notice", "address"), True),)


class AuditEntry(Table):
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
    n = IntegerField(default=0)
    mac = CharField(max_length=64, default="")

    class Meta:
        constraints = [Check("id = 1")]


TABLES = [
    School,
    Employer,
    Venue,
    User,
    RoleHeld,
    CounsellorVenue,
    Absence,
    Conflict,
    Setting,
    WebSession,
    FailedSignIn,
    Draft,
    Referral,
    Release,
    PersonalLink,
    Event,
    Assignment,
    Notice,
    NoticeRecipient,
    AuditEntry,
    AuditHead,
]

IN_SQLITE = (
    """CREATE VIRTUAL TABLE referral_search USING
         fts5(words, tags, tokenize='unicode61 remove_diacritics 2', prefix='2 3')""",
    """CREATE TRIGGER referral_search_insert AFTER INSERT ON referral BEGIN
         INSERT INTO referral_search(rowid, words, tags)
         VALUES (new.id, new.search_words, 'stage' || replace(new.stage, '_', ''));
       END""",
    """CREATE TRIGGER referral_search_update AFTER UPDATE OF search_words, stage ON referral BEGIN
         UPDATE referral_search SET words = new.search_words, tags = 'stage' || replace(new.stage, '_', '')
         WHERE rowid = new.id;
       END""",
    """CREATE TRIGGER referral_search_delete AFTER DELETE ON referral BEGIN
         DELETE FROM referral_search WHERE rowid = old.id;
       END""",
    """CREATE TRIGGER audit_entry_insert BEFORE INSERT ON audit_entry
       WHEN EXISTS (SELECT 1 FROM audit_entry WHERE n = new.n) BEGIN
         SELECT RAISE(ABORT, 'The audit only grows.');
       END""",
    """CREATE TRIGGER audit_entry_update BEFORE UPDATE ON audit_entry BEGIN
         SELECT RAISE(ABORT, 'The audit only grows.');
       END""",
    """CREATE TRIGGER audit_entry_delete BEFORE DELETE ON audit_entry BEGIN
         SELECT RAISE(ABORT, 'The audit only grows.');
       END""",
)
# The search needs no extension: the words are normalised already, and an array of them is what is indexed.
IN_POSTGRES = (
    """CREATE INDEX referral_search ON referral USING gin
         (array_to_tsvector(string_to_array(btrim(search_words || '=' || stage), ' ')))""",
    """CREATE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
         RAISE EXCEPTION 'The audit only grows.' USING ERRCODE = 'integrity_constraint_violation';
       END $$""",
    """CREATE TRIGGER audit_entry_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
         FOR EACH STATEMENT EXECUTE FUNCTION audit_only_grows()""",
)


def up(migrator, db):
    with db.bind_ctx(TABLES):
        db.create_tables(TABLES)
        AuditHead.insert(id=1, n=0, mac="").execute()
        # In whose name things happen by themselves. Nobody can sign in as it.
        User.insert(
            public_id=new_public_id(),
            name="Signpost",
            email="signpost@signpost.invalid",
            created_at=datetime.now(UTC).replace(tzinfo=None),
            disabled_at=datetime.now(UTC).replace(tzinfo=None),
        ).execute()
    for statement in IN_SQLITE if isinstance(db, SqliteDatabase) else IN_POSTGRES:
        db.execute_sql(statement)
