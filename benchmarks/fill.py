"""`python -m benchmarks.fill SIZE`: the demonstration with so many referrals, some with a name that is rare."""

import sys

from benchmarks import world
from models import Referral, db
from signpost import create_app, database
from signpost.config import Config
from signpost.demo.filling import fill
from signpost.referrals import search


def main(size: int) -> None:
    config = Config.from_environment()
    database.open_database(config.database_url)
    with db.connection_context():
        database.upgrade()
    create_app(config)
    with db.connection_context():
        fill(referrals=size)
        with db.atomic():
            name_some(world.RARE.capitalize(), world.RARE_ROWS)
        db.obj.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def name_some(family: str, count: int) -> None:
    """Give so many referrals, spread evenly, a family name that nobody else has."""
    last = Referral.select().order_by(Referral.id.desc()).get().id
    for number in range(count):
        referral = Referral.get_by_id(1 + number * (last - 1) // count)
        referral.trainee_name = f"Morwenna {family}"
        for column, value in search.columns(referral).items():
            setattr(referral, column, value)
        referral.save()


if __name__ == "__main__":
    main(int(sys.argv[1]))
