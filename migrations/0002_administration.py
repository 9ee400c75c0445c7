"""People and places under administration: invitations, roles asked for, saved views; versions of what two may edit."""

from peewee import (
    BooleanField,
    CharField,
    Check,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    Model,
)


class Table(Model):
    class Meta:
        legacy_table_names = False


class School(Table):
    pass


class Employer(Table):
    pass


class User(Table):
    pass


class RoleAsked(Table):
    public_id = CharField(max_length=8, unique=True)
    user = ForeignKeyField(User, on_delete="CASCADE", backref="+")
    role = CharField(
        max_length=30,
        constraints=[
            Check(
                "role IN ('referrer', 'senior_adviser', 'counsellor', 'head_of_school', 'tsg', 'trainee', 'rtt_team', "
                "'mentor', 'returner', 'training_officer', 'meeting_chair', 'progression', 'university', "
                "'complaints', 'governance', 'administrator')"
            )
        ],
    )
    school = ForeignKeyField(School, null=True, on_delete="CASCADE", backref="+")
    employer = ForeignKeyField(Employer, null=True, on_delete="CASCADE", backref="+")
    referrer_kind = CharField(max_length=30, null=True)
    asked_at = DateTimeField()
    decided_by = ForeignKeyField(User, null=True, on_delete="RESTRICT", backref="+")
    decided_at = DateTimeField(null=True)
    is_given = BooleanField(null=True)

    class Meta:
        constraints = [Check("decided_by_id IS NULL OR decided_by_id <> user_id")]


class AccountLink(Table):
    public_id = CharField(max_length=8, unique=True)
    token_hash = CharField(max_length=64, unique=True)
    user = ForeignKeyField(User, on_delete="CASCADE", backref="+")
    purpose = CharField(max_length=20, constraints=[Check("purpose IN ('invitation', 'password')")])
    made_at = DateTimeField()
    expires_at = DateTimeField()
    used_at = DateTimeField(null=True)


class SavedView(Table):
    public_id = CharField(max_length=8, unique=True)
    user = ForeignKeyField(User, on_delete="CASCADE", backref="+")
    name = CharField(max_length=60)
    address = CharField(max_length=500)

    class Meta:
        indexes = ((("user", "name"), True),)


NEW = [RoleAsked, AccountLink, SavedView]


def up(migrator, db):
    with db.bind_ctx([School, Employer, User, *NEW]):
        db.create_tables(NEW)
    for table in ("school", "employer", "venue"):
        migrator.migrate(migrator.add_column(table, "version", IntegerField(default=1)))
    migrator.migrate(migrator.add_column("user", "former_email", CharField(max_length=254, default="")))
