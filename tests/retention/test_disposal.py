"""What is destroyed after its time, with a certificate: all of it, nothing early, once, and nothing that is held (C10, G20)."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import (
    TABLES,
    AskState,
    AuditEntry,
    Disposal,
    Event,
    FeedbackAsk,
    FilePiece,
    Notice,
    Referral,
    ReportFigure,
    RetentionHold,
    User,
    db,
)
from signpost import clock, due
from signpost.audit import record as audit
from signpost.database import forget_journal, is_sqlite, sqlite_path
from signpost.feedback import actions as feedback
from signpost.referrals import actions as referrals
from signpost.reports import publishing
from signpost.retention import actions, disposal, schedule
from signpost.retention.kinds import KEPT, KINDS, follows
from tests import figures
from tests.factories import a_referral
from tests.retention.conftest import CLOSED, LIVED, LONG_AFTER, YEAR, kept_words, pass_at

WORD = "quokka"
DUE = datetime(2027, 7, 1, 3, tzinfo=clock.LONDON)


@pytest.fixture
def published(app):
    """The figures of the time are published, as `run-due` does before it destroys anything."""

    def publish(at=LONG_AFTER):
        with clock.at(at):
            publishing.publish(at)

    return publish


def database_bytes(config):
    """Every byte that the database has on the disk."""
    forget_journal()
    path = sqlite_path(config.database_url)
    return b"".join(one.read_bytes() for one in path.parent.glob(f"{path.name}*"))


def figures_published():
    return {(one.period.begins_on, one.measure, one.row): one.shown for one in ReportFigure.select()}


# Everything


def test_after_its_time_no_word_of_a_person_is_left_anywhere_and_the_audit_holds(lived, scheduled, published, config):
    case = lived(WORD)
    before = kept_words(WORD, TABLES)
    assert len(set(before)) > 30, "the life of the case filled what there is"
    published()
    pass_at(LONG_AFTER)

    left = kept_words(WORD, TABLES)
    on_disk = database_bytes(config).lower().count(WORD.encode()) if is_sqlite() else 0
    figures.add("G20", values_before=len(before), columns=len(set(before)), values_left=len(left), on_disk=on_disk)
    assert left == []
    assert on_disk == 0
    assert not Referral.select().where(Referral.public_id == case.public_id).exists()
    assert not FilePiece.select().exists()
    assert audit.verify()[1] is None


def test_everything_of_another_person_stays_as_it_was(lived, scheduled, published):
    lived(WORD)
    other = lived("wombat", closed=None)
    before = sorted(kept_words("wombat", TABLES))
    published()
    with clock.at(LONG_AFTER):
        disposal.dispose(LONG_AFTER)

    lost = [place for place in set(before) if place.split(".")[0] not in ("notice", "conflict")]
    assert sorted(set(kept_words("wombat", TABLES)) & set(lost)) == sorted(set(lost))
    assert Referral.get_by_id(other.id).request == "request wombat"


def test_the_certificate_says_what_went_under_which_schedule_and_none_of_its_words(lived, scheduled, published):
    case = lived(WORD)
    published()
    pass_at(LONG_AFTER)

    made = {one.kind: one for one in Disposal.select()}
    assert {"message", "careers_record", "consent", "breach", "case", "conflict"} <= set(made)
    whole = made["case"]
    assert (whole.records, whole.references, whole.months, whole.schedule_version) == (1, [case.public_id], YEAR, 1)
    assert whole.before == date(2033, 9, 1)
    assert whole.rows["referral"] == 1
    assert made["careers_record"].rows["file_piece"] == 2
    assert not any(name.startswith("feedback") for one in made.values() for name in one.rows)
    assert WORD not in " ".join(one.rows_json + one.references_json for one in made.values()).lower()
    events = AuditEntry.select().where(AuditEntry.action == "records.disposed")
    assert {entry.record for entry in events} == {f"disposal:{one.public_id}" for one in made.values()}


def test_what_was_published_stays_to_the_last_figure(lived, scheduled, published):
    lived(WORD)
    published()
    before = figures_published()
    pass_at(LONG_AFTER)

    assert before
    assert figures_published() == before


def test_nothing_that_figures_still_count_is_destroyed_before_they_are_published(lived, scheduled):
    lived(WORD)
    pass_at(LONG_AFTER)

    assert Referral.select().count() == 1
    assert {one.kind for one in Disposal.select()} <= {"message", "consent", "breach", "conflict"}


def test_a_case_that_nobody_said_anything_of_waits_for_its_figures_too(scheduled, published, adviser, referrer):
    with clock.at(LIVED):
        case = a_referral(referrer)
        referrals.withdraw(case, by=referrer)
    pass_at(LONG_AFTER)
    assert Referral.select().count() == 1
    published()
    pass_at(LONG_AFTER)

    assert Referral.select().count() == 0


def test_figures_of_later_periods_are_those_they_would_have_been(lived, scheduled, published, referrer):
    lived(WORD)
    later = lived("wombat", closed=CLOSED + timedelta(days=900))
    published(datetime(2027, 9, 1, tzinfo=clock.LONDON))
    with db.atomic() as untouched:
        published()
        without = figures_published()
        untouched.rollback()
    pass_at(datetime(2027, 9, 1, 3, tzinfo=clock.LONDON))
    assert [one.id for one in Referral.select()] == [later.id]
    published()

    assert figures_published() == without


# Not early, once, and not what is held


def test_it_stays_to_the_end_of_the_last_day_of_its_time(lived, scheduled, published):
    lived(WORD)
    published(datetime(2026, 12, 1, tzinfo=clock.LONDON))
    pass_at(datetime(2027, 6, 30, 23, 59, tzinfo=clock.LONDON))
    assert Referral.select().count() == 1
    pass_at(DUE)

    assert Referral.select().count() == 0


@settings(deadline=None)
@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 400))
def test_no_day_is_reckoned_early(began, months):
    """The first day on which it goes lies after as many whole months, each at least as long as February."""
    goes = began
    while began >= schedule.months_before(goes, months):
        goes += timedelta(days=28 if (goes - began).days < months * 28 - 40 else 1)
    kept = (goes.year - began.year) * 12 + goes.month - began.month - (goes.day < began.day)

    assert kept >= months
    assert (goes - began).days <= months * 31 + 1


def test_a_second_pass_does_nothing(lived, scheduled, published):
    lived(WORD)
    published()
    assert pass_at(LONG_AFTER) > 0
    certificates = Disposal.select().count()

    assert pass_at(LONG_AFTER) == 0
    assert Disposal.select().count() == certificates


def test_a_pass_that_comes_years_late_and_one_in_every_month_leave_the_same(lived, scheduled, published):
    lived(WORD)
    published()
    for month in range(1, 13):
        pass_at(datetime(2027, month, 28, 3, tzinfo=clock.LONDON))
    pass_at(LONG_AFTER)

    assert kept_words(WORD, TABLES) == []
    assert sum(one.records for one in Disposal.select().where(Disposal.kind == "case")) == 1


def test_run_due_publishes_first_and_then_destroys(lived, scheduled):
    lived(WORD)
    with clock.at(LONG_AFTER):
        done = due.run(LONG_AFTER)

    assert done["records destroyed"] > 0
    assert Referral.select().count() == 0
    assert list(due.RULES).index("figures published") < list(due.RULES).index("records destroyed")


def test_more_records_than_are_destroyed_at_a_time_have_a_certificate_each_time(
    lived, scheduled, published, monkeypatch
):
    for number in range(5):
        lived(f"{WORD}{number}")
    published()
    monkeypatch.setattr(disposal, "AT_A_TIME", 2)
    pass_at(LONG_AFTER)

    assert [one.records for one in Disposal.select().where(Disposal.kind == "case")] == [2, 2, 1]
    assert kept_words(WORD, TABLES) == []


def test_what_is_held_stays_with_everything_that_belongs_to_it(lived, scheduled, published, governance):
    case = lived(WORD)
    lived("wombat")
    held = actions.hold(case, "A court asked for it.", governance)
    before = sorted(place for place in kept_words(WORD, TABLES) if place != "conflict.trainee_email")
    published()
    pass_at(LONG_AFTER)
    assert sorted(place for place in kept_words(WORD, TABLES) if place != "conflict.trainee_email") == before
    assert kept_words("wombat", TABLES) == []

    actions.lift(held, governance)
    pass_at(LONG_AFTER)
    assert kept_words(WORD, TABLES) == []
    assert not RetentionHold.select().exists(), "why it was held goes with it"


def test_a_hold_that_is_placed_while_the_pass_runs_wins(lived, scheduled, published, governance, monkeypatch):
    first, second = lived(f"{WORD}1"), lived(f"{WORD}2")
    published()
    monkeypatch.setattr(disposal, "AT_A_TIME", 1)
    real, seen = disposal._dispose_some, []

    def then_somebody_holds(kind, *more):
        done = real(kind, *more)
        if kind.key == "careers_record" and done and not seen:
            seen.append(actions.hold(Referral.get_by_id(second.id), "Wait.", governance))
        return done

    monkeypatch.setattr(disposal, "_dispose_some", then_somebody_holds)
    pass_at(LONG_AFTER)

    assert [one.id for one in Referral.select()] == [second.id]
    assert "session_text.words" in kept_words(f"{WORD}2", TABLES)
    assert kept_words(f"{WORD}1", TABLES) == []
    assert first.id != second.id


def test_a_case_waits_for_what_is_kept_longer(lived, governance, published):
    lived(WORD)
    with clock.at(LIVED):
        schedule.change({"case": YEAR, "careers_record": YEAR, "consent": YEAR, "breach": 10 * YEAR}, 0, governance)
    published(datetime(2028, 2, 1, tzinfo=clock.LONDON))
    pass_at(datetime(2028, 2, 1, tzinfo=clock.LONDON))
    assert Referral.select().count() == 1
    assert "session_text.words" not in kept_words(WORD, TABLES)
    assert "breach.reason" in kept_words(WORD, TABLES)
    published(datetime(2037, 2, 1, tzinfo=clock.LONDON))
    pass_at(datetime(2037, 2, 1, tzinfo=clock.LONDON))

    assert Referral.select().count() == 0


def test_a_case_waits_while_an_answer_of_its_trainee_is_in_the_box(lived, scheduled, published):
    """Who waits is counted to tell when the answers leave (docs/decisions/0012)."""
    case = lived(WORD)
    ask = feedback.ask(case)
    feedback.give(ask, {"further_on": "yes", "words": "Thanks."}, with_name=False)
    published()
    pass_at(LONG_AFTER)
    assert Referral.select().count() == 1
    FeedbackAsk.update(state=AskState.ANSWERED).where(FeedbackAsk.id == ask.id).execute()
    pass_at(LONG_AFTER)

    assert Referral.select().count() == 0


def test_a_case_waits_until_a_late_answer_with_a_name_is_counted(lived, scheduled, published):
    case = lived(WORD)
    ask = feedback.ask(case)
    with clock.at(LONG_AFTER - timedelta(days=3)):
        feedback.give(ask, {"further_on": "yes", "words": "Thanks."}, with_name=True)
    published()
    pass_at(LONG_AFTER)
    assert Referral.select().count() == 1
    later = LONG_AFTER + timedelta(days=200)
    published(later)
    pass_at(later)

    assert Referral.select().count() == 0


def test_an_open_case_is_never_destroyed(lived, scheduled, published):
    lived(WORD, closed=None)
    published()
    pass_at(LONG_AFTER)

    assert Referral.select().count() == 1
    assert "session_text.words" in kept_words(WORD, TABLES)


def test_without_a_schedule_nothing_is_destroyed(lived, published):
    lived(WORD)
    published()

    assert pass_at(LONG_AFTER) == 0
    assert not Disposal.select().exists()


def test_a_change_of_the_schedule_is_acted_on_from_the_next_day(lived, governance, published):
    lived(WORD)
    published()
    with clock.at(LONG_AFTER):
        schedule.change({kind.key: YEAR for kind in KINDS}, 0, governance)
    assert pass_at(LONG_AFTER + timedelta(hours=20)) == 0

    assert pass_at(LONG_AFTER + timedelta(hours=21)) > 0


# Kinds


def test_of_a_message_only_that_it_was_sent_is_left(lived, governance):
    lived(WORD, closed=None)
    with clock.at(LIVED):
        schedule.change({"message": YEAR}, 0, governance)
    before = {(one.public_id, one.state, one.kind) for one in Notice.select()}
    pass_at(LONG_AFTER)

    assert {(one.public_id, one.state, one.kind) for one in Notice.select()} == before
    assert {one.text for one in Notice.select()} == {""}
    assert not [place for place in kept_words(WORD, TABLES) if place.startswith("notice.")]


def test_of_a_closed_account_no_name_and_no_address_is_left(app, scheduled, counsellor):
    User.update(name="Quokka Gone", email="quokka@signpost.example", phone="1", disabled_at=LIVED).where(
        User.id == counsellor.id
    ).execute()
    pass_at(LONG_AFTER)
    assert kept_words(WORD, TABLES) == []
    assert User.get_by_id(counsellor.id).name == "Somebody whose account is gone"
    certificates = Disposal.select().count()
    pass_at(LONG_AFTER)

    assert Disposal.select().count() == certificates


def test_the_account_in_whose_name_things_happen_is_never_touched(app, scheduled):
    pass_at(LONG_AFTER)

    assert User.select().where(User.name == "Signpost").count() == 1


def destroyed_with(kind):
    """Every table whose rows go with a record of this kind."""
    seen, todo = set(), [column.model for column in kind.parts] or [kind.record]
    while todo:
        table = todo.pop()
        if table not in seen:
            seen.add(table)
            columns = table._meta.backrefs.items()
            todo += [
                other for one, other in columns if (one.on_delete == "CASCADE" if kind.row_stays else follows(one))
            ]
    return {table._meta.table_name for table in seen}


def test_every_table_is_in_the_schedule_or_says_why_it_stays():
    destroyed = {name for kind in KINDS for name in destroyed_with(kind)}
    tables = {table._meta.table_name for table in TABLES}

    assert tables - destroyed - set(KEPT) == set()
    assert not set(KEPT) & destroyed
    assert set(KEPT) <= tables


def test_no_word_that_somebody_typed_goes_into_the_audit(lived):
    lived(WORD)
    events = [one for one in Event.select() if WORD in one.facts_json.lower()]

    assert events, "the history of the case has them"
    assert not [one for one in AuditEntry.select() if WORD in f"{one.facts_json}{one.record}{one.actor}".lower()]
