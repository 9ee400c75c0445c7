"""An index for what somebody did within the last minute, which the inbox asks each time it is shown."""


def up(migrator, db):
    migrator.migrate(migrator.add_index("event", ("by_user_id", "happened_at"), unique=False))
