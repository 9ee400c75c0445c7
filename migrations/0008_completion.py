"""The agreed sessions of a case are complete, and who was told of its end."""

from peewee import CharField, Check, DateField, DateTimeField, ForeignKeyField, IntegerField, Model


class Table(Model):
    class Meta:
        legacy_table_names = False


class Referral(Table):
    pass


class Completion(Table):
    referral = ForeignKeyField(Referral, unique=True, backref="+", on_delete="CASCADE")
    completed_at = DateTimeField()
    reminded = IntegerField(default=0, constraints=[Check("reminded BETWEEN 0 AND 2")])
    told_at = DateTimeField(null=True)

    class Meta:
        indexes = ((("told_at", "reminded", "completed_at"), False),)


class EndTold(Table):
    public_id = CharField(max_length=8, unique=True)
    referral = ForeignKeyField(Referral, backref="+", on_delete="RESTRICT")
    teller = CharField(max_length=10, constraints=[Check("teller IN ('trainee', 'team')")])
    party = CharField(max_length=10, constraints=[Check("party IN ('referrer', 'head', 'tsg', 'employer')")])
    told_at = DateTimeField()
    agreed_on = DateField(null=True)
    agreed_how = CharField(max_length=20, null=True)

    class Meta:
        indexes = ((("referral", "teller", "party"), True),)
        constraints = [
            Check("(teller = 'team' AND party IN ('employer', 'tsg')) OR (teller = 'trainee' AND party <> 'employer')"),
            Check("(agreed_on IS NULL) = (agreed_how IS NULL)"),
            Check("agreed_on IS NULL OR teller = 'trainee'"),
        ]


NEW = [Completion, EndTold]


def up(migrator, db):
    with db.bind_ctx([Referral, *NEW]):
        db.create_tables(NEW)
