"""Consents, questions to employers, breaches and emergencies; and what an event is about."""

from peewee import (
    BlobField,
    BooleanField,
    CharField,
    Check,
    DateField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    Model,
)


class Table(Model):
    class Meta:
        legacy_table_names = False


class Referral(Table):
    pass


class User(Table):
    pass


class Consent(Table):
    public_id = CharField(max_length=8, unique=True)
    referral = ForeignKeyField(Referral, backref="+", on_delete="RESTRICT")
    recipient_name = CharField(max_length=120)
    recipient_body = CharField(max_length=120, default="")
    recipient_email = CharField(max_length=254)
    information = BlobField()
    why = BlobField()
    until = DateField(null=True)
    words_version = IntegerField()
    proposed_by = ForeignKeyField(User, backref="+", on_delete="RESTRICT")
    proposed_at = DateTimeField()
    signed_name = CharField(max_length=120, default="")
    signed_at = DateTimeField(null=True)
    refused_at = DateTimeField(null=True)
    withdrawn_at = DateTimeField(null=True)
    sent_at = DateTimeField(null=True)
    sent_by = ForeignKeyField(User, null=True, on_delete="RESTRICT", backref="+")
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("referral", "id"), False),)
        constraints = [
            Check("(signed_at IS NULL) = (signed_name = '')"),
            Check("signed_at IS NULL OR refused_at IS NULL"),
            Check("sent_at IS NULL OR signed_at IS NOT NULL"),
        ]


class InformationRequest(Table):
    public_id = CharField(max_length=8, unique=True)
    referral = ForeignKeyField(Referral, backref="+", on_delete="RESTRICT")
    asked_by = ForeignKeyField(User, backref="+", on_delete="RESTRICT")
    asked_of = ForeignKeyField(User, backref="+", on_delete="RESTRICT")
    question = BlobField()
    asked_at = DateTimeField()
    answer = BlobField(null=True)
    answered_at = DateTimeField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("referral", "id"), False), (("asked_of", "answered_at"), False))


class Breach(Table):
    public_id = CharField(max_length=8, unique=True)
    referral = ForeignKeyField(Referral, backref="+", on_delete="RESTRICT")
    ground = CharField(
        max_length=20, constraints=[Check("ground IN ('trainee_safety', 'patient_safety', 'legal_requirement')")]
    )
    law = CharField(max_length=200, default="")
    reason = BlobField()
    decided_by = ForeignKeyField(User, backref="+", on_delete="RESTRICT")
    decided_at = DateTimeField()
    words = BlobField(null=True)
    told_how = CharField(max_length=20, null=True)
    told_at = DateTimeField(null=True)
    told_by = ForeignKeyField(User, null=True, on_delete="RESTRICT", backref="+")
    concern = BlobField(null=True)
    head = ForeignKeyField(User, null=True, backref="+", on_delete="RESTRICT")
    contacted_at = DateTimeField(null=True)
    contacted_by = ForeignKeyField(User, null=True, on_delete="RESTRICT", backref="+")
    called_off_at = DateTimeField(null=True)
    closed_at = DateTimeField(null=True)
    closed_by = ForeignKeyField(User, null=True, on_delete="RESTRICT", backref="+")
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("referral", "id"), False),)
        constraints = [
            Check("(ground = 'legal_requirement') = (law <> '')"),
            Check("contacted_at IS NULL OR told_at IS NOT NULL"),
            Check("contacted_at IS NULL OR head_id IS NOT NULL"),
            Check("closed_at IS NULL OR contacted_at IS NOT NULL"),
            Check("called_off_at IS NULL OR contacted_at IS NULL"),
        ]


class Emergency(Table):
    public_id = CharField(max_length=8, unique=True)
    referral = ForeignKeyField(Referral, backref="+", on_delete="RESTRICT")
    ground = CharField(
        max_length=20, constraints=[Check("ground IN ('trainee_safety', 'patient_safety', 'legal_requirement')")]
    )
    law = CharField(max_length=200, default="")
    grounds = BlobField()
    disclosed = BlobField()
    disclosed_to = BlobField()
    why_not_wait = BlobField()
    disclosed_at = DateTimeField()
    recorded_by = ForeignKeyField(User, backref="+", on_delete="RESTRICT")
    recorded_at = DateTimeField()
    second = ForeignKeyField(User, null=True, backref="+", on_delete="RESTRICT")
    second_at = DateTimeField(null=True)
    is_confirmed = BooleanField(null=True)
    second_words = BlobField(null=True)
    look_again_on = DateField(null=True)
    told_how = CharField(max_length=20, null=True)
    told_at = DateTimeField(null=True)
    told_by = ForeignKeyField(User, null=True, on_delete="RESTRICT", backref="+")
    reminded_on = DateField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("referral", "id"), False),)
        constraints = [
            Check("(ground = 'legal_requirement') = (law <> '')"),
            Check("second_id IS NULL OR second_id <> recorded_by_id"),
            Check("(second_id IS NULL) = (is_confirmed IS NULL)"),
            Check("told_at IS NOT NULL OR look_again_on IS NOT NULL"),
        ]


NEW = [Consent, InformationRequest, Breach, Emergency]


def up(migrator, db):
    with db.bind_ctx([Referral, User, *NEW]):
        db.create_tables(NEW)
    consent = ForeignKeyField(Consent, field=Consent.id, null=True, on_delete="CASCADE", backref="+")
    migrator.migrate(migrator.add_column("personal_link", "consent_id", consent))
    migrator.migrate(migrator.add_column("event", "about_table", CharField(max_length=40, default="")))
    migrator.migrate(migrator.add_column("event", "about_id", CharField(max_length=8, default="")))
