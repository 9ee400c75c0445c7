"""Published versions and earlier addresses of the guidance, comments on it, and what people keep of its activities (B11)."""

from peewee import (
    BlobField,
    CharField,
    Check,
    DateField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)

OWNERS = "owner IN ('senior_adviser', 'rtt_team', 'progression', 'governance')"


class Table(Model):
    class Meta:
        legacy_table_names = False


class User(Table):
    pass


class GuidanceVersion(Table):
    public_id = CharField(max_length=8, unique=True)
    page = CharField(max_length=120)
    number = IntegerField(constraints=[Check("number > 0")])
    address = CharField(max_length=120)
    title = CharField(max_length=120)
    summary = CharField(max_length=300)
    reviewed_on = DateField()
    body = TextField()
    file_digest = CharField(max_length=64)
    published_by = ForeignKeyField(User, on_delete="RESTRICT", backref="+")
    published_at = DateTimeField()

    class Meta:
        indexes = ((("page", "number"), True),)


class GuidanceAddress(Table):
    address = CharField(max_length=120, unique=True)
    page = CharField(max_length=120)


class GuidanceComment(Table):
    public_id = CharField(max_length=8, primary_key=True)
    page = CharField(max_length=120)
    owner = CharField(max_length=30, constraints=[Check(OWNERS)])
    words = BlobField()
    by_user = ForeignKeyField(User, null=True, on_delete="RESTRICT", backref="+")
    came_on = DateField()
    dealt_with_by = ForeignKeyField(User, null=True, on_delete="RESTRICT", backref="+")
    dealt_with_on = DateField(null=True)

    class Meta:
        indexes = ((("owner", "came_on"), False),)
        constraints = [Check("(dealt_with_by_id IS NULL) = (dealt_with_on IS NULL)")]


class GuidanceCommentWaiting(Table):
    public_id = CharField(max_length=8, primary_key=True)
    page = CharField(max_length=120)
    owner = CharField(max_length=30, constraints=[Check(OWNERS)])
    words = BlobField()
    written_on = DateField()


class ActivityNote(Table):
    public_id = CharField(max_length=8, unique=True)
    user = ForeignKeyField(User, backref="+", on_delete="CASCADE")
    page = CharField(max_length=120)
    activity = CharField(max_length=120)
    done_on = DateField(null=True)
    reflection = BlobField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("user", "page", "activity"), True),)


NEW = [GuidanceVersion, GuidanceAddress, GuidanceComment, GuidanceCommentWaiting, ActivityNote]


def up(migrator, db):
    with db.bind_ctx([User, *NEW]):
        db.create_tables(NEW)
