"""How far ahead, and at how short notice, a counsellor can be booked: their own, or nothing for the organisation's."""

from peewee import Check, IntegerField


def up(migrator, db):
    hours = IntegerField(null=True, constraints=[Check("booking_notice_hours BETWEEN 0 AND 168")])
    weeks = IntegerField(null=True, constraints=[Check("booking_ahead_weeks BETWEEN 1 AND 26")])
    migrator.migrate(migrator.add_column("user", "booking_notice_hours", hours))
    migrator.migrate(migrator.add_column("user", "booking_ahead_weeks", weeks))
