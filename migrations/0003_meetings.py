"""Meetings: free times, polls, bookings, taken time, calendar feeds; and what events, links and notices say of them."""

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


class User(Table):
    pass


class Venue(Table):
    pass


class Referral(Table):
    pass


class Hours(Table):
    public_id = CharField(max_length=8, unique=True)
    counsellor = ForeignKeyField(User, on_delete="CASCADE", backref="+")
    weekday = IntegerField(constraints=[Check("weekday BETWEEN 0 AND 6")])
    day = DateField(null=True)
    begins = CharField(max_length=5)
    ends = CharField(max_length=5)
    mode = CharField(max_length=20, constraints=[Check("mode IN ('face_to_face', 'telephone', 'teams')")])
    venue = ForeignKeyField(Venue, on_delete="RESTRICT", backref="+", null=True)
    minutes = IntegerField(default=60, constraints=[Check("minutes BETWEEN 10 AND 240")])
    gap_minutes = IntegerField(default=0, constraints=[Check("gap_minutes BETWEEN 0 AND 120")])

    class Meta:
        constraints = [Check("ends > begins"), Check("(mode = 'face_to_face') = (venue_id IS NOT NULL)")]


class Poll(Table):
    public_id = CharField(max_length=8, unique=True)
    organiser = ForeignKeyField(User, on_delete="RESTRICT", backref="+")
    title = CharField(max_length=120)
    minutes = IntegerField(constraints=[Check("minutes BETWEEN 10 AND 480")])
    reply_by = DateField()
    shows_others = BooleanField(default=False)
    state = CharField(max_length=20, default="open", constraints=[Check("state IN ('open', 'fixed', 'cancelled')")])
    asked_at = DateTimeField()
    all_answered_at = DateTimeField(null=True)
    version = IntegerField(default=1)


class PollTime(Table):
    public_id = CharField(max_length=8, unique=True)
    poll = ForeignKeyField(Poll, on_delete="CASCADE", backref="+")
    begins_at = DateTimeField()
    ends_at = DateTimeField()

    class Meta:
        indexes = ((("poll", "begins_at"), True),)


class PollPerson(Table):
    public_id = CharField(max_length=8, unique=True)
    poll = ForeignKeyField(Poll, on_delete="CASCADE", backref="+")
    user = ForeignKeyField(User, on_delete="RESTRICT", backref="+", null=True)
    name = CharField(max_length=120)
    email = CharField(max_length=254)
    is_required = BooleanField()
    answered_at = DateTimeField(null=True)
    can_do = CharField(max_length=300, default="")
    chased_at = DateTimeField(null=True)

    class Meta:
        indexes = ((("poll", "email"), True),)


class PollAnswer(Table):
    person = ForeignKeyField(PollPerson, on_delete="CASCADE", backref="+")
    time = ForeignKeyField(PollTime, on_delete="CASCADE", backref="+")
    reply = CharField(max_length=20, constraints=[Check("reply IN ('yes', 'if_need_be', 'no')")])

    class Meta:
        indexes = ((("person", "time"), True),)


class Meeting(Table):
    public_id = CharField(max_length=8, unique=True)
    referral = ForeignKeyField(Referral, on_delete="RESTRICT", backref="+", null=True)
    poll = ForeignKeyField(Poll, on_delete="RESTRICT", backref="+", unique=True, null=True)
    organiser = ForeignKeyField(User, on_delete="RESTRICT", backref="+")
    uid = CharField(max_length=120, unique=True)
    sequence = IntegerField(default=0)
    begins_at = DateTimeField(index=True)
    ends_at = DateTimeField()
    mode = CharField(max_length=20, constraints=[Check("mode IN ('face_to_face', 'telephone', 'teams')")])
    venue = ForeignKeyField(Venue, on_delete="RESTRICT", backref="+", null=True)
    state = CharField(max_length=20, constraints=[Check("state IN ('held_for_somebody', 'booked', 'cancelled')")])
    held_until = DateTimeField(null=True)
    outside_reason = CharField(max_length=200, default="")
    attendance = CharField(max_length=20, null=True)
    missed_by = CharField(max_length=20, default="")
    link_state = CharField(
        max_length=20, default="none", constraints=[Check("link_state IN ('none', 'pending', 'ready', 'needs_person')")]
    )
    link_words = CharField(max_length=200, default="")
    link_due_at = DateTimeField(null=True)
    link_attempts = IntegerField(default=0)
    join_url = BlobField(null=True)
    provider_id = CharField(max_length=300, default="")
    reminded_at = DateTimeField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("organiser", "begins_at"), False), (("link_state", "link_due_at"), False))
        constraints = [
            Check("ends_at > begins_at"),
            Check("(state = 'held_for_somebody') = (held_until IS NOT NULL)"),
            Check("attendance IS NULL OR attendance IN ('held', 'did_not_take_place')"),
        ]


class Attendee(Table):
    public_id = CharField(max_length=8, unique=True)
    meeting = ForeignKeyField(Meeting, on_delete="CASCADE", backref="+")
    user = ForeignKeyField(User, on_delete="RESTRICT", backref="+", null=True)
    name = CharField(max_length=120)
    email = CharField(max_length=254)
    is_required = BooleanField(default=True)
    removed_at = DateTimeField(null=True)

    class Meta:
        indexes = ((("meeting", "email"), True),)


class TakenTime(Table):
    resource = CharField(max_length=40)
    quantum = IntegerField()
    meeting = ForeignKeyField(Meeting, on_delete="CASCADE", backref="+", null=True)
    poll_time = ForeignKeyField(PollTime, on_delete="CASCADE", backref="+", null=True)

    class Meta:
        indexes = ((("resource", "quantum"), True),)
        constraints = [Check("(meeting_id IS NULL) <> (poll_time_id IS NULL)")]


class CalendarFeed(Table):
    token_hash = CharField(max_length=64, unique=True)
    user = ForeignKeyField(User, on_delete="CASCADE", backref="+")
    made_at = DateTimeField()
    withdrawn_at = DateTimeField(null=True)


NEW = [Hours, Poll, PollTime, PollPerson, PollAnswer, Meeting, Attendee, TakenTime, CalendarFeed]


def up(migrator, db):
    with db.bind_ctx([User, Venue, Referral, *NEW]):
        db.create_tables(NEW)
        for table, column, to, on_delete in (
            ("event", "meeting_id", Meeting, "RESTRICT"),
            ("event", "poll_id", Poll, "RESTRICT"),
            ("personal_link", "poll_person_id", PollPerson, "CASCADE"),
        ):
            field = ForeignKeyField(to, field=to.id, null=True, on_delete=on_delete, backref="+")
            migrator.migrate(migrator.add_column(table, column, field))
    migrator.migrate(migrator.add_column("notice", "calendar", BlobField(null=True)))
    migrator.migrate(migrator.add_column("notice", "calendar_method", CharField(max_length=10, default="")))
    migrator.migrate(migrator.add_column("venue", "rooms", IntegerField(default=1)))
