"""Documents of cases, sealed in pieces, and the proof of the keys."""

from peewee import BlobField, BooleanField, CharField, Check, DateTimeField, ForeignKeyField, IntegerField, Model


class Table(Model):
    class Meta:
        legacy_table_names = False


class Referral(Table):
    pass


class User(Table):
    pass


class PersonalLink(Table):
    pass


class StoredFile(Table):
    public_id = CharField(max_length=8, unique=True)
    referral = ForeignKeyField(Referral, null=True, backref="+", on_delete="CASCADE")
    kind = CharField(
        max_length=20, constraints=[Check("kind IN ('test_results', 'cv', 'training_plan', 'gap_analysis', 'other')")]
    )
    found = CharField(max_length=10, constraints=[Check("found IN ('pdf', 'docx', 'xlsx', 'csv')")])
    name = BlobField(null=True)
    size = IntegerField()
    is_shared = BooleanField(default=False)
    by_user = ForeignKeyField(User, null=True, on_delete="RESTRICT", backref="+")
    by_link = ForeignKeyField(PersonalLink, null=True, on_delete="RESTRICT", backref="+")
    added_at = DateTimeField()
    removed_at = DateTimeField(null=True)

    class Meta:
        indexes = ((("referral", "id"), False),)
        constraints = [
            Check("(by_user_id IS NULL) <> (by_link_id IS NULL)"),
            Check("(removed_at IS NULL) = (name IS NOT NULL)"),
        ]


class FilePiece(Table):
    public_id = CharField(max_length=8, unique=True)
    file = ForeignKeyField(StoredFile, backref="+", on_delete="CASCADE")
    position = IntegerField()
    content = BlobField()

    class Meta:
        indexes = ((("file", "position"), True),)


class KeyProof(Table):
    public_id = CharField(max_length=8, unique=True)
    words = BlobField()


NEW = [StoredFile, FilePiece, KeyProof]


def up(migrator, db):
    with db.bind_ctx([Referral, User, PersonalLink, *NEW]):
        db.create_tables(NEW)
