"""Everything held about one person, gathered for them."""

from peewee import BlobField, CharField, Check, DateField, DateTimeField, ForeignKeyField, IntegerField, Model


class Table(Model):
    class Meta:
        legacy_table_names = False


class User(Table):
    pass


class SubjectAccess(Table):
    public_id = CharField(max_length=8, unique=True)
    name = CharField(max_length=120)
    email = CharField(max_length=254)
    reference = CharField(max_length=60)
    opened_by = ForeignKeyField(User, on_delete="RESTRICT", backref="+")
    opened_at = DateTimeField()
    asked_on = DateField()
    state = CharField(max_length=20, constraints=[Check("state IN ('gathering', 'review', 'ready', 'over')")])
    tables_done = IntegerField(default=0)
    token_hash = CharField(max_length=64, null=True, unique=True)
    ready_at = DateTimeField(null=True)
    expires_at = DateTimeField(null=True)
    fetched_at = DateTimeField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("email", "reference"), True),)
        constraints = [Check("state <> 'ready' OR (token_hash IS NOT NULL AND expires_at IS NOT NULL)")]


class SubjectItem(Table):
    public_id = CharField(max_length=8, unique=True)
    access = ForeignKeyField(SubjectAccess, backref="+", on_delete="CASCADE")
    kind = CharField(max_length=40)
    content = BlobField()
    why_withheld = BlobField(null=True)
    withheld_by = ForeignKeyField(User, null=True, on_delete="RESTRICT", backref="+")
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("access", "id"), False),)


NEW = [SubjectAccess, SubjectItem]


def up(migrator, db):
    with db.bind_ctx([User, *NEW]):
        db.create_tables(NEW)
