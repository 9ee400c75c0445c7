"""Feedback: who may give it, what waits in the box, what was answered; the reminders of a task."""

from peewee import BlobField, CharField, Check, DateField, DateTimeField, ForeignKeyField, IntegerField, Model


class Table(Model):
    class Meta:
        legacy_table_names = False


class Referral(Table):
    pass


class CareersSession(Table):
    pass


class FeedbackAsk(Table):
    public_id = CharField(max_length=8, unique=True)
    survey = CharField(max_length=30)
    referral = ForeignKeyField(Referral, null=True, backref="+", on_delete="CASCADE")
    session = ForeignKeyField(CareersSession, null=True, backref="+", on_delete="CASCADE")
    state = CharField(max_length=10, constraints=[Check("state IN ('open', 'waits', 'answered')")])

    class Meta:
        indexes = ((("survey", "session"), True), (("survey", "state"), False))


class FeedbackWaiting(Table):
    public_id = CharField(max_length=8, primary_key=True)
    survey = CharField(max_length=30)
    answers_json = BlobField()


class FeedbackAnswer(Table):
    public_id = CharField(max_length=8, primary_key=True)
    survey = CharField(max_length=30)
    month = DateField()
    answers_json = BlobField()


class FeedbackNamed(Table):
    public_id = CharField(max_length=8, unique=True)
    ask = ForeignKeyField(FeedbackAsk, unique=True, backref="+", on_delete="CASCADE")
    answers_json = BlobField()
    given_at = DateTimeField()


NEW = [FeedbackAsk, FeedbackWaiting, FeedbackAnswer, FeedbackNamed]


def up(migrator, db):
    with db.bind_ctx([Referral, CareersSession, *NEW]):
        db.create_tables(NEW)
    migrator.migrate(migrator.add_column("objective", "reminders", IntegerField(default=0)))
