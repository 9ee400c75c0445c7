"""Figures of reports, as they were published."""

from peewee import CharField, Check, DateField, DateTimeField, ForeignKeyField, IntegerField, Model


class Table(Model):
    class Meta:
        legacy_table_names = False


class ReportPeriod(Table):
    public_id = CharField(max_length=8, unique=True)
    begins_on = DateField(unique=True)
    ends_on = DateField(unique=True)
    least = IntegerField()
    published_at = DateTimeField()

    class Meta:
        constraints = [Check("ends_on > begins_on")]


class ReportFigure(Table):
    period = ForeignKeyField(ReportPeriod, backref="+", on_delete="CASCADE")
    measure = CharField(max_length=40)
    position = IntegerField()
    row = CharField(max_length=40)
    name = CharField(max_length=120)
    shown = IntegerField(null=True)

    class Meta:
        indexes = ((("period", "measure", "row"), True), (("measure", "period"), False))
        constraints = [Check("shown IS NULL OR (shown >= 0 AND shown = shown / 5 * 5)")]


NEW = [ReportPeriod, ReportFigure]


def up(migrator, db):
    with db.bind_ctx(NEW):
        db.create_tables(NEW)
