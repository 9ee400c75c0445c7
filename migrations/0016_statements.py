"""More kinds of statement with their first words, and the contracts of third parties that pay (C1, C7, C8)."""

from datetime import datetime

from peewee import (
    CharField,
    Check,
    DateField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    Model,
    SqliteDatabase,
    TextField,
    fn,
)

KINDS = "kind IN ('service', 'confidentiality', 'privacy', 'accessibility', 'ethics')"


class Table(Model):
    class Meta:
        legacy_table_names = False


class User(Table):
    pass


class Employer(Table):
    pass


class Referral(Table):
    pass


class Statement(Table):
    public_id = CharField(max_length=8, unique=True)
    kind = CharField(max_length=30)
    number = IntegerField()
    words = TextField()
    published_at = DateTimeField()


class Contract(Table):
    public_id = CharField(max_length=8, unique=True)
    payer = CharField(max_length=120)
    employer = ForeignKeyField(Employer, null=True, on_delete="RESTRICT", backref="+")
    words = TextField()
    entered_by = ForeignKeyField(User, on_delete="RESTRICT", backref="+")
    entered_at = DateTimeField()
    ethics = ForeignKeyField(Statement, null=True, on_delete="RESTRICT", backref="+")
    acknowledged_by = CharField(max_length=120, default="")
    acknowledged_on = DateField(null=True)
    ended_at = DateTimeField(null=True)
    version = IntegerField(default=1)

    class Meta:
        constraints = [
            Check("(ethics_id IS NULL) = (acknowledged_on IS NULL)"),
            Check("(ethics_id IS NULL) = (acknowledged_by = '')"),
        ]


class ContractCover(Table):
    contract = ForeignKeyField(Contract, backref="+", on_delete="CASCADE")
    service = CharField(max_length=20, constraints=[Check("service IN ('sessions', 'more_sessions', 'tests')")])

    class Meta:
        indexes = ((("contract", "service"), True),)


class ContractCase(Table):
    contract = ForeignKeyField(Contract, backref="+", on_delete="CASCADE")
    referral = ForeignKeyField(Referral, backref="+", on_delete="CASCADE")

    class Meta:
        indexes = ((("contract", "referral"), True),)


NEW = [Contract, ContractCover, ContractCase]

# The first words. An organisation publishes its own.
SERVICE = """We are a careers service for doctors and healthcare scientists in training. Somebody who supports your \
training can refer you to us, and you decide whether you would like our support.

## What you can expect

* You see what was written about you when you were referred.
* A counsellor meets you at least twice. You and they agree whether you meet more often.
* Our work with you is confidential. What that means, and where it ends, stands in our confidentiality statement.
* When we ask what you think of our service, you can answer without giving your name, and nobody can find out who answered.
* If you are not content with us, you can complain, and your complaint is confidential too.

## What we ask of you

* Tell us if you cannot come, so that the time can be used by somebody else.
* When your sessions are complete, let those who referred you know. We make it one click.
"""
CONFIDENTIALITY = """What we talk about stays between us and the careers team. Others of the team look at my notes only \
when they stand in for me or give a reason, and you can see who looked.

There are limits, and I would like you to know them before we begin.

If I become concerned about your safety, or about the safety of patients, I will tell you so first. Then I will speak with \
the head of your school about that concern and nothing else.

If somebody is in danger and there is no time to tell you first, I may have to act at once. A colleague checks that it was \
right, and you are told as soon as it is safe.

Where the law requires something to be disclosed, that comes before any promise of mine.

When our sessions end, the team lets your employer know that they have ended, and nothing more. What we publish is numbers \
that identify nobody.
"""
PRIVACY = """This notice says what we keep about you and what you can ask of us.

## What we keep, and why

* Who referred you, their short request, your name, your email address, your school and your employer: to offer you support.
* When you meet, what you and your counsellor write, and documents that you add: to support you. Notes are encrypted.
* Which messages were sent to whom, what was changed and who looked at your record: to keep it safe.

## Who can see it

Your counsellor, and the senior careers adviser who assigned them, see what they need. Others see only what the rules on \
confidentiality allow. Those who look after the site cannot read your record. We never sell anything, and nothing on this \
site follows you elsewhere: the one cookie keeps you signed in.

## How long

Each kind of record has its own time, after which it is destroyed. Only numbers that identify nobody are left.

## What you can ask

You can ask for a copy of everything we hold about you, ask us to correct it, or object to how we use it. Ask the careers \
team. If you are not content with our answer, you can complain to us, and to the Information Commissioner’s Office.
"""
ACCESSIBILITY = """We want everybody to be able to use this site. It is meant to keep to the Web Content Accessibility \
Guidelines, version 2.2, level AA.

## What you should be able to do

* Do everything by keyboard alone, and everything with a screen reader.
* Read every page on a telephone, or enlarged, without scrolling sideways.
* Do everything with JavaScript switched off.
* Read every message we send as plain text.

## How it is tested

The pages are checked by a program against these guidelines, on a wide and on a narrow screen, each time the site is changed. \
The main journeys are also tried by keyboard alone and without JavaScript. A program finds only some faults, and nobody who \
relies on assistive technology has been asked to test the site yet.

## What is not accessible yet

Documents that other people add, such as a CV, may not be accessible. Ask the person who added it, or us, for the same in \
another form.

## If something does not work for you

Tell the careers team what you could not do, and we will do it for you or send it in another form. How to reach us stands on \
the help page.

If you are not content with our answer, contact the Equality Advisory and Support Service. The Equality and Human Rights \
Commission sees to it that public bodies keep to the accessibility regulations of 2018.
"""
ETHICS = """This is what everybody who pays for our work accepts before we begin.

* The person we work with comes first, whoever pays.
* What they tell us is theirs. The payer learns nothing of what any one person said, wrote, decided or was advised, and does \
not learn who came.
* We give no reports on individuals, and take no part in selecting or ranking them.
* We provide only the services that the contract names, and refuse the others.
* Everybody whom the contract covers can read it.
* The limits of confidentiality are the same as for everybody else: safety, and the law.
"""
FIRST = {
    "service": ("rvcqqqq2", SERVICE),
    "confidentiality": ("cnfdnt23", CONFIDENTIALITY),
    "privacy": ("prvcyqq2", PRIVACY),
    "accessibility": ("cctbty22", ACCESSIBILITY),
    "ethics": ("thcqqqq2", ETHICS),
}


def up(migrator, db):
    if isinstance(db, SqliteDatabase):
        kind = CharField(max_length=30, constraints=[Check(KINDS)])
        migrator.migrate(migrator.alter_column_type("statement", "kind", kind))
    else:
        db.execute_sql("ALTER TABLE statement DROP CONSTRAINT statement_kind_check")
        db.execute_sql(f"ALTER TABLE statement ADD CONSTRAINT statement_kind_check CHECK ({KINDS})")
    with db.bind_ctx([User, Employer, Referral, Statement, *NEW]):
        db.create_tables(NEW)
        for kind, (public_id, words) in FIRST.items():
            last = Statement.select(fn.MAX(Statement.number)).where(Statement.kind == kind).scalar() or 0
            Statement.insert(
                public_id=public_id,
                kind=kind,
                number=last + 1,
                words=words.strip(),
                published_at=datetime(2026, 1, 2),  # noqa: DTZ001  naive UTC, as the column keeps it
            ).execute()
