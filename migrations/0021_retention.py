"""Holds, and certificates of what was destroyed (C10); parts of a row that are withheld from who asks for theirs."""

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


class Table(Model):
    class Meta:
        legacy_table_names = False


class User(Table):
    pass


class RetentionHold(Table):
    public_id = CharField(max_length=8, unique=True)
    about_table = CharField(max_length=40)
    about_id = CharField(max_length=8)
    reason = BlobField()
    placed_by = ForeignKeyField(User, on_delete="RESTRICT", backref="+")
    placed_at = DateTimeField()
    lifted_by = ForeignKeyField(User, null=True, on_delete="RESTRICT", backref="+")
    lifted_at = DateTimeField(null=True)

    class Meta:
        indexes = ((("about_table", "about_id"), False),)
        constraints = [Check("(lifted_by_id IS NULL) = (lifted_at IS NULL)")]


class Disposal(Table):
    public_id = CharField(max_length=8, unique=True)
    kind = CharField(max_length=40)
    months = IntegerField()
    schedule_version = IntegerField()
    before = DateField()
    disposed_at = DateTimeField()
    records = IntegerField(null=True)
    rows_json = TextField(default="{}")
    references_json = TextField(default="[]")


class DisposalReader(Table):
    disposal = ForeignKeyField(Disposal, backref="+", on_delete="CASCADE")
    user = ForeignKeyField(User, on_delete="CASCADE", backref="+")

    class Meta:
        indexes = ((("disposal", "user"), True),)


NEW = [RetentionHold, Disposal, DisposalReader]


def up(migrator, db):
    with db.bind_ctx([User, *NEW]):
        db.create_tables(NEW)
    migrator.migrate(migrator.add_column("subject_item", "parts_json", BlobField(null=True)))
