"""Complaints, who handles them, whom they are about, and what was disclosed to whom (C11)."""

from peewee import BlobField, CharField, Check, DateField, DateTimeField, ForeignKeyField, IntegerField, Model

STATES = "state IN ('received', 'acknowledged', 'looked_into', 'answered', 'closed')"


class Table(Model):
    class Meta:
        legacy_table_names = False


class User(Table):
    pass


class PersonalLink(Table):
    pass


class Complaint(Table):
    public_id = CharField(max_length=8, unique=True)
    by_user = ForeignKeyField(User, null=True, on_delete="RESTRICT", backref="+")
    by_link = ForeignKeyField(PersonalLink, null=True, on_delete="SET NULL", backref="+")
    by_name = BlobField()
    about = BlobField(null=True)
    words = BlobField()
    raised_at = DateTimeField()
    acknowledge_by = DateField()
    state = CharField(max_length=20, constraints=[Check(STATES)])
    state_at = DateTimeField()
    reminded_at = DateTimeField(null=True)
    answer = BlobField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("state", "acknowledge_by"), False),)


class ComplaintAccess(Table):
    complaint = ForeignKeyField(Complaint, on_delete="CASCADE", backref="+")
    user = ForeignKeyField(User, on_delete="RESTRICT", backref="+")
    given_at = DateTimeField()

    class Meta:
        indexes = ((("complaint", "user"), True),)


class ComplaintRespondent(Table):
    complaint = ForeignKeyField(Complaint, on_delete="CASCADE", backref="+")
    user = ForeignKeyField(User, on_delete="RESTRICT", backref="+")

    class Meta:
        indexes = ((("complaint", "user"), True),)


class ComplaintNote(Table):
    public_id = CharField(max_length=8, unique=True)
    complaint = ForeignKeyField(Complaint, on_delete="CASCADE", backref="+")
    words = BlobField()
    by_user = ForeignKeyField(User, on_delete="RESTRICT", backref="+")
    written_at = DateTimeField()


class ComplaintDisclosure(Table):
    public_id = CharField(max_length=8, unique=True)
    complaint = ForeignKeyField(Complaint, on_delete="CASCADE", backref="+")
    to_user = ForeignKeyField(User, null=True, on_delete="RESTRICT", backref="+")
    to_name = BlobField()
    words = BlobField()
    why = BlobField()
    by_user = ForeignKeyField(User, on_delete="RESTRICT", backref="+")
    disclosed_at = DateTimeField()


NEW = [Complaint, ComplaintAccess, ComplaintRespondent, ComplaintNote, ComplaintDisclosure]


def up(migrator, db):
    with db.bind_ctx([User, PersonalLink, *NEW]):
        db.create_tables(NEW)
