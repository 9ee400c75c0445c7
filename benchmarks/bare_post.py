"""The floors of sending a referral: one POST that writes the rows with Peewee and does nothing else, one that does nothing."""

import itertools
import os

from flask import Flask, request

from models import (
    AuditEntry,
    AuditHead,
    Draft,
    Employer,
    Event,
    Notice,
    NoticeRecipient,
    PersonalLink,
    Referral,
    School,
    User,
    db,
)
from signpost import clock, database
from signpost.config import Config, run_under
from signpost.fields import new_public_id
from signpost.sealing import keyring

LETTERS = (3, 1, 1)  # recipients of the letter to the team and the trainee, of the receipt, of the personal link
WORDS = "Would like to talk about choosing a specialty. " * 20

config = Config.from_environment()
run_under(config)
keyring.load(config.notes_keys)
database.open_database(config.database_url)
with db.connection_context():
    referrer = User.get(User.email == "referrer@signpost.example")
    school, employer = School.get(), Employer.get()
count = itertools.count()
app = Flask(__name__)


@app.post("/null")
def nothing():
    return "", 303 if request.form else 400


@app.post("/bare")
def rows():
    """As many rows of the same tables as a referral is, in one transaction: no rules, no sign-in, no words to render."""
    db.connect(reuse_if_open=True)
    number, now = next(count), clock.now()
    mark = f"{os.getpid()}-{number}"
    with db.atomic():
        referral = Referral.create(
            trainee_name=f"Pressed Number {number}", trainee_email=f"pressed{number}@trainees.example", school=school,
            employer=employer, request=WORDS[:46], referred_by=referrer, referrer_kind="educational_supervisor",
            referred_at=now, search_words=" pressed number would like to talk ", name_order=f"pressed number {number}",
        )  # fmt: skip
        event = Event.create(name="referral.sent", referral=referral, by_user=referrer, happened_at=now)
        head = AuditHead.get_by_id(1)
        AuditEntry.create(
            at=now.isoformat(),
            actor="user",
            acting_as="referrer",
            action="referral.sent",
            record="referral",
            mac="0" * 64,
        )
        AuditHead.update(n=head.n + 1, mac="0" * 64).where(AuditHead.id == 1).execute()
        PersonalLink.create(
            token_hash=f"{mark}-{new_public_id()}", purpose="referred_trainee", referral=referral, name="Pressed",
            email=f"pressed{number}@trainees.example", made_at=now, expires_at=now,
        )  # fmt: skip
        for letter, recipients in enumerate(LETTERS):
            notice = Notice(
                event=event, referral=referral, kind="referral", subject="A referral", message_id=f"<{mark}-{letter}-{new_public_id()}>",
                dedupe_key=f"{event.public_id}:{letter}", queued_at=now, due_at=now,
            )  # fmt: skip
            notice.text = WORDS
            notice.save(force_insert=True)
            for person in range(recipients):
                NoticeRecipient.create(
                    notice=notice,
                    header="to",
                    name="Somebody",
                    address=f"{person}@signpost.example",
                    permission="A7-trainee",
                )
        Draft.delete().where((Draft.user == referrer) & (Draft.form == "none")).execute()
    return "", 303
