"""The database connection of a request: taken before it, given back after it."""

from flask import Flask, request
from peewee import PeeweeException

from models import db
from signpost import database, until_commit
from signpost.config import Config
from signpost.errors import ConfigurationError

WITHOUT_DATABASE = {"static", "health.process_is_up"}


def configure(app: Flask, config: Config) -> None:
    """Open the database of the configuration, refuse one that is not as durable as it must be, and hook it in."""
    database.open_database(config.database_url)
    if database.is_sqlite():
        try:
            with db.connection_context():
                database.check_settings()
        except PeeweeException as problem:
            raise ConfigurationError(f"DATABASE_URL: the database cannot be opened ({problem}).") from None
    app.before_request(_take)
    app.teardown_request(_give_back)


def _take() -> None:
    if request.endpoint not in WITHOUT_DATABASE:
        db.connect(reuse_if_open=True)
        until_commit.begin_request()


def _give_back(error: BaseException | None) -> None:
    until_commit.end_request()
    database.release()
