"""The first tables: people and places, signing in, referrals, events, notices, the audit; and the search index."""

from datetime import UTC, datetime

from models import TABLES, AuditHead, User
from peewee import SqliteDatabase

SEARCH = """
CREATE VIRTUAL TABLE referral_search USING fts5(words, tags, tokenize='unicode61 remove_diacritics 2', prefix='2 3')
"""
TRIGGERS = (
    """CREATE TRIGGER referral_search_insert AFTER INSERT ON referral BEGIN
         INSERT INTO referral_search(rowid, words, tags) VALUES (new.id, new.search_words, 'stage' || replace(new.stage, '_', ''));
       END""",
    """CREATE TRIGGER referral_search_update AFTER UPDATE OF search_words, stage ON referral BEGIN
         UPDATE referral_search SET words = new.search_words, tags = 'stage' || replace(new.stage, '_', '') WHERE rowid = new.id;
       END""",
    """CREATE TRIGGER referral_search_delete AFTER DELETE ON referral BEGIN
         DELETE FROM referral_search WHERE rowid = old.id;
       END""",
)


def up(migrator, db):
    db.create_tables(TABLES)
    AuditHead.insert(id=1, n=0, mac="").execute()
    now = datetime.now(UTC)
    User.insert(name="Signpost", email="signpost@signpost.invalid", created_at=now, disabled_at=now).execute()
    if isinstance(db, SqliteDatabase):
        for statement in (SEARCH, *TRIGGERS):
            db.execute_sql(statement)
