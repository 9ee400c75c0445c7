"""Addresses that asked for help with signing in, until the worker has looked whether there is an account."""

from peewee import CharField, DateTimeField, Model


class HelpAsked(Model):
    email = CharField(max_length=254)
    asked_at = DateTimeField()

    class Meta:
        legacy_table_names = False


def up(migrator, db):
    with db.bind_ctx([HelpAsked]):
        db.create_tables([HelpAsked])
