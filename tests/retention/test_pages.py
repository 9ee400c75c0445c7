"""The pages of retention: for governance by reference alone; of complaints, for those who handle them (C10, C11)."""

from datetime import timedelta

import pytest

from models import (
    TABLES,
    AuditEntry,
    Complaint,
    ComplaintAccess,
    Disposal,
    Event,
    Notice,
    NoticeRecipient,
    NoticeState,
    RetentionHold,
    Role,
    SubjectAccess,
    SubjectItem,
    User,
)
from signpost import clock
from signpost.errors import RuleBroken, StaleRecord
from signpost.notices import actions as notices
from signpost.reports import publishing
from signpost.retention import actions, queries, schedule
from signpost.retention.kinds import BY_KEY
from signpost.subject_access import actions as subject_access
from tests.factories import a_case, a_referral, a_user, give
from tests.retention.conftest import CLOSED, LIVED, LONG_AFTER, YEAR, a_complaint, kept_words, pass_at

WORD = "quokka"


@pytest.fixture
def published(app):
    with clock.at(LONG_AFTER):
        publishing.publish(LONG_AFTER)


def due_of(kind, on, reader):
    return next(one for one in queries.preview(on, reader) if one.kind is BY_KEY[kind])


# The preview


def test_what_falls_due_is_shown_by_reference_for_any_day_and_nothing_of_what_it_says(
    lived, scheduled, governance, browser_of
):
    case = lived(WORD)
    with clock.at(LONG_AFTER):
        publishing.publish(LONG_AFTER)
    at = browser_of(governance)
    at.get("/retention?on=2034-09-01")

    assert case.reference in at.page.text
    assert WORD not in at.page.text.lower()
    at.get("/retention?on=2027-06-30")
    assert case.reference not in at.page.text


@pytest.mark.parametrize("day", ["", "soon", "0001-01-01", "9999-12-31", "2027-02-30"])
def test_a_day_that_is_none_is_today(day, governance, browser_of):
    at = browser_of(governance)

    assert at.get(f"/retention?on={day}").status_code == 200
    assert f'value="{clock.today().isoformat()}"' in at.get(f"/retention?on={day}").text


def test_the_preview_names_what_the_next_pass_destroys(lived, scheduled, governance):
    lived(WORD)
    held = lived("wombat")
    actions.hold(held, "A court.", governance)
    with clock.at(LONG_AFTER):
        publishing.publish(LONG_AFTER)
    case = due_of("careers_record", LONG_AFTER.date(), governance)
    whole = due_of("case", LONG_AFTER.date(), governance)
    assert (case.records, case.held, case.waiting) == (1, 1, 0)
    assert (whole.records, whole.held, whole.waiting) == (0, 1, 1), "the case waits for its parts"
    pass_at(LONG_AFTER)

    made = Disposal.get(Disposal.kind == "careers_record")
    assert tuple(queries.as_said(one) for one in made.references) == case.references


def test_answers_without_a_name_are_not_counted_for_anybody(scheduled, governance, browser_of):
    assert due_of("answer", LONG_AFTER.date(), governance).records is None
    at = browser_of(governance)
    at.get("/retention?on=2034-09-01")
    assert "Not counted" in at.page.text


def test_nobody_else_finds_any_of_it(browser_of, adviser, counsellor, trainee, administrator, head):
    for one in (adviser, counsellor, trainee, administrator, head):
        at = browser_of(one)
        for path in ("", "/schedule", "/holds", "/certificates/bcdfghjk"):
            assert at.get(f"/retention{path}").status_code == 403


# The schedule


def test_the_schedule_is_entered_by_governance_under_a_number_that_rises(governance, browser_of):
    at = browser_of(governance)
    at.get("/retention/schedule")
    assert at.press("Save the schedule", case="eternal").status_code == 422
    at.press("Save the schedule", case="96", message="24")

    assert schedule.periods() == {"case": 96, "message": 24}
    assert schedule.version() == 1
    assert "8 years after the case was closed" in at.page.text
    at.get("/retention/schedule")
    at.press("Save the schedule", case="", message="24")
    assert (schedule.periods(), schedule.version()) == ({"message": 24}, 2)
    assert AuditEntry.select().where(AuditEntry.action == "schedule.changed").count() == 2


def test_two_who_change_the_schedule_do_not_write_over_each_other(governance):
    schedule.change({"case": 96}, 0, governance)

    with pytest.raises(StaleRecord):
        schedule.change({"case": 12}, 0, governance)
    assert schedule.periods() == {"case": 96}


def test_a_schedule_that_is_saved_unchanged_keeps_its_number(governance):
    schedule.change({"case": 96}, 0, governance)
    schedule.change({"case": 96, "message": None}, 1, governance)

    assert schedule.version() == 1


def test_who_handles_complaints_does_not_change_the_schedule(lead, browser_of):
    assert browser_of(lead).get("/retention/schedule").status_code == 403


def test_the_policy_is_named_and_linked_where_it_is_entered(governance, administrator, browser_of):
    at = browser_of(administrator)
    at.get("/organisation/settings")
    assert at.press("Save settings", records_policy_link="javascript:alert(1)").status_code == 422
    at.press(
        "Save settings", records_policy_name="Records policy", records_policy_link="https://policy.example/records"
    )
    reader = browser_of(governance)

    assert 'href="https://policy.example/records"' in reader.get("/retention").text


# Holds


def test_a_record_is_held_by_its_reference_with_a_reason_and_let_go_again(governance, browser_of, adviser, counsellor):
    case = a_case(counsellor, adviser)
    at = browser_of(governance)
    at.get("/retention/holds")
    assert at.press("Hold it", reference="", reason="").status_code == 422
    assert at.press("Hold it", reference="K4TX-29BD", reason="A court.").status_code == 422
    at.press("Hold it", reference=f" {case.reference.lower()} ", reason="A court asked for it.")
    held = RetentionHold.get()
    assert (held.about_table, held.about_id, held.reason) == ("referral", case.public_id, "A court asked for it.")
    assert "A court asked for it." in at.page.text
    at.press("Hold it no longer")

    assert RetentionHold.get().lifted_by == governance
    assert "Nothing is held" in at.page.text
    facts = [one.facts_json for table in (Event, AuditEntry) for one in table.select()]
    assert not any("court" in one for one in facts)


def test_a_second_press_holds_once_and_lifts_once(governance, adviser, counsellor):
    case = a_case(counsellor, adviser)
    first, second = (actions.hold(case, "A court.", governance) for _ in range(2))
    assert first.id == second.id
    actions.lift(first, governance)
    actions.lift(first, a_user(Role.GOVERNANCE))

    assert RetentionHold.get().lifted_by == governance
    assert AuditEntry.select().where(AuditEntry.action.startswith("hold.")).count() == 2


def test_nothing_is_held_without_a_reason_nor_when_it_is_gone(governance, adviser, counsellor):
    case = a_case(counsellor, adviser)
    with pytest.raises(RuleBroken, match="Say why"):
        actions.hold(case, " ", governance)
    case.public_id = "bcdfghjk"
    with pytest.raises(RuleBroken, match="no such record any more"):
        actions.hold(case, "A court.", governance)

    assert not RetentionHold.select().exists()


def test_nobody_holds_or_sees_their_own_record(app, governance, adviser, counsellor, browser_of):
    own = a_case(counsellor, adviser, trainee_email=governance.email)
    assert queries.find(own.reference, governance) is None
    assert queries.find(governance.public_id, governance) is None
    held = actions.hold(own, "Another said so.", a_user(Role.GOVERNANCE))

    at = browser_of(governance)
    assert own.reference not in at.get("/retention").text
    assert queries.holds(governance) == []
    assert at.post(f"/retention/holds/{held.public_id}/lifting").status_code in (400, 404)


# Complaints


def test_a_complaint_is_destroyed_and_only_its_handlers_ever_learn_that_there_was_one(
    app, scheduled, lead, governance, trainee, browser_of
):
    made = a_complaint(WORD, trainee, CLOSED, lead)
    by_governance, by_lead = browser_of(governance), browser_of(lead)
    said = queries.as_said(made.public_id)
    assert "Complaints" not in [one.kind.name for one in queries.preview(LONG_AFTER.date(), governance)]
    assert due_of("complaint", LONG_AFTER.date(), lead).references == (said,)
    assert queries.find(said, governance) is None
    pass_at(LONG_AFTER)

    assert kept_words(WORD, TABLES) == []
    assert not Complaint.select().exists()
    certificate = Disposal.get(Disposal.kind == "complaint")
    assert (certificate.records, certificate.rows["complaint"]) == (1, 1)
    for at, status in ((by_lead, 200), (by_governance, 404)):
        assert at.get(f"/retention/certificates/{certificate.public_id}").status_code == status
    assert queries.as_said(certificate.public_id) not in by_governance.get("/retention").text
    assert "omplaint disposed" not in by_governance.get("/audit").text


def test_who_handles_complaints_learns_of_no_other_kind(app, scheduled, lead, trainee):
    a_complaint(WORD, trainee, CLOSED, lead)

    assert [one.kind.key for one in queries.preview(LONG_AFTER.date(), lead)] == ["complaint"]


def test_one_handler_knows_nothing_of_a_complaint_of_others(app, scheduled, lead, trainee):
    theirs = a_complaint(WORD, trainee, CLOSED, lead)
    other = a_user(Role.COMPLAINTS)
    own = a_complaint("wombat", a_user(), CLOSED, other)
    ComplaintAccess.delete().where(
        (ComplaintAccess.user == other) & (ComplaintAccess.complaint == theirs)
        | (ComplaintAccess.user == lead) & (ComplaintAccess.complaint == own)
    ).execute()

    assert due_of("complaint", LONG_AFTER.date(), other).references == (queries.as_said(own.public_id),)
    assert queries.find(theirs.public_id, other) is None
    assert queries.find(own.public_id, other) == own


def test_a_complaint_is_held_by_its_handlers(app, scheduled, lead, governance, trainee, browser_of):
    made = a_complaint(WORD, trainee, CLOSED, lead)
    at = browser_of(lead)
    at.get("/retention/holds")
    at.press("Hold it", reference=queries.as_said(made.public_id), reason="An ombudsman asks.")
    pass_at(LONG_AFTER)
    assert Complaint.select().exists()
    assert queries.holds(governance) == []
    assert "omplaint hold" not in browser_of(governance).get("/audit").text
    at.get("/retention")
    at.press("Hold it no longer")
    pass_at(LONG_AFTER)

    assert not Complaint.select().exists()


def test_a_complaint_that_is_not_closed_stays(app, scheduled, lead, trainee):
    a_complaint(WORD, trainee, None, lead)
    pass_at(LONG_AFTER)

    assert Complaint.select().count() == 1


def test_whom_a_complaint_is_about_finds_nothing_of_it_though_they_handle_complaints(app, scheduled, lead, trainee):
    other = a_user(Role.COMPLAINTS)
    made = a_complaint(WORD, trainee, None, other)
    give(trainee, Role.COMPLAINTS)

    assert queries.find(made.public_id, trainee) is None
    assert queries.preview(LONG_AFTER.date(), trainee) == []


# Requests, and what the ledger says


def test_what_was_gathered_goes_first_and_the_receipt_after_it(app, governance, trainee):
    with clock.at(LIVED):
        schedule.change({"bundle": 1, "access": YEAR}, 0, governance)
        access = subject_access.open_request("Terry", trainee.email, "SAR-1", clock.today(), governance)
        subject_access.gather_due()
        subject_access.release(SubjectAccess.get_by_id(access.id), governance)
    pass_at(LIVED + timedelta(days=10))
    assert SubjectItem.select().exists(), "the link still works"
    pass_at(LIVED + timedelta(days=40))
    assert not SubjectItem.select().exists()
    assert SubjectAccess.get_by_id(access.id).state == "over"
    pass_at(LIVED + timedelta(days=400))

    assert not SubjectAccess.select().exists()
    assert not Event.select().where(Event.about_table == "subject_access").exists()


def test_a_message_whose_words_are_gone_is_listed_and_not_sent_again(app, adviser, governance, browser_of):
    with clock.at(LIVED):
        schedule.change({"message": YEAR}, 0, governance)
        a_referral()
    Notice.update(state=NoticeState.FAILED).execute()
    NoticeRecipient.update(state=NoticeState.FAILED).execute()
    pass_at(LONG_AFTER)
    at = browser_of(adviser)

    assert "no longer kept" in at.get("/notices").text
    assert "Send it again" not in at.page.text
    with pytest.raises(RuleBroken, match="no longer kept"):
        notices.send_again(Notice.select().first(), adviser)
    assert User.select().where(User.id == adviser.id).exists()
