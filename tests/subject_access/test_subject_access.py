"""Everything held about one person: gathered whole, reviewed, given by a link that expires, and the receipt kept."""

import io
import json
import zipfile
from datetime import date, timedelta

import pytest

from models import (
    TABLES,
    AccessState,
    AuditEntry,
    Ground,
    Notice,
    Passage,
    Referral,
    Role,
    SubjectAccess,
    SubjectItem,
    Told,
)
from signpost import clock
from signpost.accounts import links
from signpost.careers import actions as careers
from signpost.careers import writing
from signpost.confidentiality import consents, emergencies
from signpost.errors import RuleBroken, StaleRecord
from signpost.plans import actions as plans
from signpost.referrals import record_access
from signpost.subject_access import actions, bundle, held
from tests.factories import a_case, a_session, a_user


@pytest.fixture
def governance(app):
    return a_user(Role.GOVERNANCE, name="Gwen Governance")


@pytest.fixture
def record(adviser, counsellor, trainee, referrer):
    """A trainee with a case, and another whose words must never be given to the first."""
    for who, mark in ((trainee.email, "theirs"), ("other@signpost.example", "anothers")):
        case = a_case(counsellor, adviser, by=referrer, trainee_email=who, request=f"request-{mark}")
        careers.fill_in(case, {"now": f"form-{mark}"}, 0, trainee)
        session = a_session(case, counsellor)
        for passage in Passage:
            writing.write(session, passage, f"{passage}-{mark}", 0, counsellor)
        writing.focus_on(session, writing.raise_issue(session, f"issue-{mark}", counsellor), f"why-{mark}", counsellor)
        option = writing.add_option(session, f"option-{mark}", counsellor)
        writing.weigh(option, f"option-{mark}", f"pro-{mark}", f"con-{mark}", 1, counsellor)
        plan = plans.of_case(case)
        plans.add(plan, f"task-{mark}", clock.today() + timedelta(days=9), counsellor, session=session)
        wanted = consents.Wanted("Mary", "", f"m-{mark}@elsewhere.example", f"information-{mark}", f"reason-{mark}")
        consents.propose(case, wanted, counsellor)
    return trainee.email


MARKS = (
    "request", "form", "purpose", "notes", "statement", "summary", "observations", "issue", "why", "option", "pro",
    "con", "task", "information", "reason",
)  # fmt: skip


@pytest.fixture
def gathered(record, governance):
    access = actions.open_request("Terry Trainee", record, "SAR-1", clock.today(), governance)
    actions.gather_due()
    return fresh(access)


def fresh(access):
    return SubjectAccess.get_by_id(access.id)


def words_of(access):
    return "\n".join(one.content for one in actions.given(access))


def link_of(access):
    return Notice.get(Notice.kind == "access_ready").text.split("/subject-access/mine/")[1].split()[0]


# Nothing is forgotten


def test_every_table_leads_to_a_person_or_says_why_it_does_not():
    tables = {one._meta.table_name for one in TABLES}

    assert set(held.LEADS) | set(held.NOT_HELD) == tables
    assert not set(held.LEADS) & set(held.NOT_HELD)


def test_all_of_theirs_is_gathered_and_nothing_of_anybody_elses(gathered):
    found = words_of(gathered)

    assert [mark for mark in MARKS if f"{mark}-theirs" not in found] == []
    assert "-anothers" not in found
    assert gathered.state == AccessState.REVIEW


def test_no_password_no_key_and_no_hash_is_given(gathered):
    keys = {key for one in actions.given(gathered) for key in json.loads(one.content)}

    assert not keys & {"password_hash", "token_hash", "mac", "id"}


def test_what_is_gathered_lies_sealed(gathered):
    raw = [bytes(row[0]) for row in SubjectItem.select(SubjectItem.content).tuples()]

    assert raw
    assert not any(b"-theirs" in one for one in raw)


def test_progress_shows_and_a_stop_in_the_middle_loses_and_doubles_nothing(record, governance, monkeypatch):
    access = actions.open_request("Terry", record, "SAR-2", clock.today(), governance)
    real, seen = held.rows_of, []

    def stops(kind, subject):
        seen.append(kind)
        if len(seen) == 20:
            raise KeyboardInterrupt
        return real(kind, subject)

    monkeypatch.setattr(held, "rows_of", stops)
    with pytest.raises(KeyboardInterrupt):
        actions.gather_due()
    assert fresh(access).tables_done == 19
    monkeypatch.setattr(held, "rows_of", real)
    actions.gather_due()
    actions.gather_due()

    assert fresh(access).state == AccessState.REVIEW
    assert words_of(fresh(access)).count("observations-theirs") == 1


def test_a_trainee_without_an_account_is_given_their_own_case_alone(record, governance):
    access = actions.open_request("Other", "other@signpost.example", "SAR-6", clock.today(), governance)
    actions.gather_due()
    found = words_of(fresh(access))

    assert [mark for mark in MARKS if f"{mark}-anothers" not in found] == []
    assert "-theirs" not in found


def test_a_person_without_a_record_is_held_in_nothing(record, governance):
    access = actions.open_request("Nobody", "nobody@elsewhere.example", "SAR-3", clock.today(), governance)
    actions.gather_due()

    assert actions.given(fresh(access)).count() == 0


def test_a_link_in_a_message_to_them_is_not_there_to_be_followed(gathered):
    assert any("a link stood here" in one.content for one in actions.given(gathered))
    assert "/links/" not in words_of(gathered)


# Review


def test_what_is_withheld_is_not_given_and_the_reason_is_kept_sealed(gathered, governance):
    item = next(one for one in actions.given(gathered) if "observations-theirs" in one.content)
    with pytest.raises(RuleBroken, match="Say why"):
        actions.withhold(item, " ", item.version, governance)
    actions.withhold(item, "It is about a colleague.", item.version, governance)

    assert "observations-theirs" not in words_of(gathered)
    assert SubjectItem.get_by_id(item.id).why_withheld == "It is about a colleague."
    assert not any("colleague" in one.facts_json for one in AuditEntry.select())
    actions.give_back(SubjectItem.get_by_id(item.id), 2, governance)
    assert "observations-theirs" in words_of(gathered)


def in_review(gathered, words):
    return next(one for one in actions.given(gathered) if words in one.content)


def given_text(access):
    return "\n".join(str(value) for one in actions.given(access) for value in held.given_of(one).values())


def test_a_passage_is_withheld_and_the_rest_of_the_row_is_given(gathered, governance):
    item = in_review(gathered, "observations-theirs")
    with pytest.raises(RuleBroken, match="do not stand in it"):
        actions.withhold_part(item, "words", "words of nobody", "About a colleague.", 1, governance)
    with pytest.raises(RuleBroken, match="no such field"):
        actions.withhold_part(item, "mood", "", "About a colleague.", 1, governance)
    with pytest.raises(RuleBroken, match="Say why"):
        actions.withhold_part(item, "words", "observations", " ", 1, governance)
    assert "observations-theirs" in given_text(gathered), "nothing is withheld by what was refused"
    actions.withhold_part(item, "words", "observations", "About a colleague.", 1, governance)

    assert "[withheld: About a colleague.]-theirs" in given_text(gathered)
    assert "observations-theirs" not in given_text(gathered)
    assert not any("colleague" in one.facts_json for one in AuditEntry.select())
    assert b"colleague" not in bytes(SubjectItem.get_by_id(item.id).__data__["parts_json"])
    actions.give_back(SubjectItem.get_by_id(item.id), 2, governance)
    assert "observations-theirs" in given_text(gathered)


def test_a_whole_field_is_withheld_and_the_other_fields_are_given(gathered, governance):
    item = in_review(gathered, "observations-theirs")
    actions.withhold_part(item, "written_by", "", "A colleague at risk.", 1, governance)
    given = held.given_of(SubjectItem.get_by_id(item.id))

    assert given["written_by"] == "[withheld: A colleague at risk.]"
    assert given["words"] == "observations-theirs"


@pytest.mark.parametrize(
    ("passages", "left"),
    [
        (["Mary"], "[withheld: why] Smith saw [withheld: why]."),
        (["Mary Smith", "Mary"], "[withheld: why] saw [withheld: why]."),
        (["Mary", "Mary Smith saw"], "[withheld: why] [withheld: why]."),
        (["Mary Smith", "Smith saw Mary"], "[withheld: why]."),
        (["saw"], "Mary Smith [withheld: why] Mary."),
    ],
)
def test_passages_that_overlap_are_all_withheld_and_every_one_wherever_it_stands(passages, left, gathered, governance):
    item = in_review(gathered, "observations-theirs")
    item.content = json.dumps({"words": "Mary Smith saw Mary."})
    item.save()
    for version, passage in enumerate(passages, 1):
        actions.withhold_part(SubjectItem.get_by_id(item.id), "words", passage, "why", version, governance)

    assert held.given_of(SubjectItem.get_by_id(item.id))["words"] == left


def test_line_ends_of_the_form_are_those_of_the_text(gathered, governance):
    item = in_review(gathered, "observations-theirs")
    item.content = json.dumps({"words": "One.\nMary.\nThree."})
    item.save()
    actions.withhold_part(item, "words", "One.\r\nMary.", "why", 1, governance)

    assert held.given_of(SubjectItem.get_by_id(item.id))["words"] == "[withheld: why]\nThree."


def test_the_bundle_says_where_a_part_is_withheld_in_every_form_of_it(gathered, governance, client, browser_of):
    item = in_review(gathered, "observations-theirs")
    at = browser_of(governance)
    at.get(f"/subject-access/{gathered.public_id}/items/{item.public_id}")
    assert at.press("Withhold it", field="", words="observations", why="x").status_code == 422
    assert at.press("Withhold it", field="words", words="nothing like it", why="x").status_code == 422
    at.press("Withhold it", field="words", words="observations", why="About a colleague.")
    assert "Withheld in part" in at.page.text
    actions.release(fresh(gathered), governance)
    client.get(f"/subject-access/mine/{link_of(gathered)}")
    bundle = zipfile.ZipFile(io.BytesIO(client.press("Save it").data))

    for name in ("everything.json", "everything.html"):
        said = bundle.read(name).decode()
        assert "[withheld: About a colleague.]-theirs" in said
        assert "observations-theirs" not in said


def test_two_reviewers_do_not_write_over_each_other(gathered, governance):
    item = actions.given(gathered).first()
    actions.withhold(item, "One.", 1, governance)

    with pytest.raises(StaleRecord):
        actions.withhold(SubjectItem.get_by_id(item.id), "Two.", 1, governance)


def test_nothing_is_withheld_or_released_before_all_is_gathered_nor_changed_after(record, governance):
    access = actions.open_request("Terry", record, "SAR-4", clock.today(), governance)
    with pytest.raises(RuleBroken, match="still being gathered"):
        actions.release(access, governance)
    actions.gather_due()
    actions.release(fresh(access), governance)

    with pytest.raises(RuleBroken, match="given already"):
        actions.withhold(actions.given(access).first(), "Late.", 1, governance)
    with pytest.raises(RuleBroken, match="given already"):
        actions.release(fresh(access), governance)


def test_the_day_it_was_asked_does_not_lie_in_the_future(governance):
    with pytest.raises(RuleBroken, match="future"):
        actions.open_request("T", "t@elsewhere.example", "S", clock.today() + timedelta(days=1), governance)


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ("2027-01-31", "2027-02-28"), ("2028-01-31", "2028-02-29"), ("2027-01-01", "2027-02-01"), ("2026-12-31", "2027-01-31"),
        ("2026-11-30", "2026-12-30"), ("2027-03-31", "2027-04-30"), ("2027-02-28", "2027-03-28"), ("2027-10-31", "2027-11-30"),
    ],
)  # fmt: skip
def test_it_is_due_one_calendar_month_after_it_was_asked(asked, due):
    assert actions.due_on(date.fromisoformat(asked)) == date.fromisoformat(due)


# Giving


def test_the_person_fetches_one_bundle_for_reading_and_for_machines_and_the_receipt_is_kept(
    gathered, governance, client
):
    actions.release(gathered, governance)
    token = link_of(gathered)
    client.get(f"/subject-access/mine/{token}")
    assert fresh(gathered).fetched_at is None, "looking is not fetching"
    answer = client.press("Save it")

    assert answer.headers["Content-Disposition"] == 'attachment; filename="held-about-you.zip"'
    bundle = zipfile.ZipFile(io.BytesIO(answer.data))
    assert {"everything.json", "everything.html", "everything.pdf"} <= set(bundle.namelist())
    everything = json.loads(bundle.read("everything.json"))
    text, html = json.dumps(everything), bundle.read("everything.html").decode()
    assert [mark for mark in MARKS if f"{mark}-theirs" not in text or f"{mark}-theirs" not in html] == []
    assert "-anothers" not in text + html
    assert fresh(gathered).fetched_at is not None
    assert AuditEntry.select().where(AuditEntry.action == "access.fetched").count() == 1


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("2026-10-07T09:05:00.001112+00:00", "7 October 2026 at 10:05am"),
        ("2026-10-07", "7 October 2026"),
        ("2026-13-45", "2026-13-45"),
        ("in_progress", "In progress"),
        (True, "Yes"),
        (False, "No"),
        (2, 2),
        ("What they_wrote on 2026-10-07.", "What they_wrote on 2026-10-07."),
    ],
)
def test_it_is_read_in_days_and_words_and_left_to_machines_as_it_is(value, read):
    assert bundle.as_read(value) == read


def test_the_link_expires_and_closing_destroys_what_was_gathered(gathered, governance, client):
    actions.release(gathered, governance)
    token = link_of(gathered)
    with clock.at(fresh(gathered).expires_at):
        assert client.get(f"/subject-access/mine/{token}").status_code == 410
    assert client.get(f"/subject-access/mine/{token}").status_code == 200
    actions.close(fresh(gathered), governance)

    assert client.get(f"/subject-access/mine/{token}").status_code == 404
    assert not SubjectItem.select().exists()
    assert fresh(gathered).state == AccessState.OVER


def test_a_link_of_another_kind_opens_nothing(gathered, governance, client, record):
    actions.release(gathered, governance)
    other = links.make("referred_trainee", "Terry", record, referral=None)
    assert client.get(f"/subject-access/mine/{other}").status_code == 404


def test_the_message_holds_no_word_of_it(gathered, governance):
    actions.release(gathered, governance)

    assert "-theirs" not in Notice.get(Notice.kind == "access_ready").text


# The pages


def test_the_governance_lead_opens_reviews_withholds_and_releases(record, governance, browser_of):
    at = browser_of(governance)
    at.get("/subject-access")
    today = clock.today()
    asked = {"asked_on-day": today.day, "asked_on-month": today.month, "asked_on-year": today.year}
    assert at.press("Gather what is held", name="", email="x", reference="", **asked).status_code == 422
    at.press("Gather what is held", name="Terry", email=record, reference="SAR-9", **asked)
    assert "Gathering" in at.page.text
    actions.gather_due()
    access = SubjectAccess.get()
    at.get(f"/subject-access/{access.public_id}/review")
    assert "observations-theirs" in at.page.text
    item = next(one for one in actions.given(access) if "notes-theirs" in one.content)
    at.get(f"/subject-access/{access.public_id}/items/{item.public_id}")
    assert at.press("Withhold it", why="").status_code == 422
    at.press("Withhold it", why="About somebody else.")
    at.press("Give it to them by a link")

    assert fresh(access).state == AccessState.READY
    assert "Given by a link" in at.page.text


def test_the_reviewer_is_among_those_who_looked(gathered, governance, browser_of, client):
    """C9: every reading is kept, the reviewer's too."""
    case = Referral.get(Referral.trainee_email == gathered.email)
    at = browser_of(governance)
    at.get(f"/subject-access/{gathered.public_id}/review")
    item = actions.given(gathered).get()
    at.get(f"/subject-access/{gathered.public_id}/items/{item.public_id}")

    (reading,) = record_access.readings(case)
    assert (reading.reader, reading.what, reading.times) == (governance.name, "a copy of all that is held", 2)
    entry = AuditEntry.select().where(AuditEntry.action == "record.read").order_by(AuditEntry.n.desc()).first()
    assert entry.acting_as == "information governance"


def test_a_reviewer_is_warned_of_an_emergency_that_the_person_was_not_told_of(
    record, governance, counsellor, browser_of
):
    """C6: the copy may not tell it before it is safe."""
    case = Referral.get(Referral.trainee_email == record)
    what = emergencies.Disclosed(
        Ground.TRAINEE_SAFETY, "", "Grounds", "Words", "A doctor", "Night", clock.now(), clock.today()
    )
    emergency = emergencies.record_it(case, what, counsellor)
    browser_of(counsellor).get(f"/emergencies/{emergency.public_id}")
    access = actions.open_request("Terry", record, "SAR-3", clock.today(), governance)
    actions.gather_due()
    at = browser_of(governance)
    at.get(f"/subject-access/{access.public_id}/review")
    assert "it is not safe yet to tell them" in at.page.text
    # The disclosure, that it was recorded, and that it was read.
    assert at.page.text.count("Not told yet") == 1 + 3

    emergencies.tell(emergency, Told.TELEPHONE, counsellor)
    at.get(f"/subject-access/{access.public_id}/review")
    assert "Not told yet" not in at.page.text


def test_nobody_else_finds_any_of_it(gathered, browser_of, adviser, counsellor, trainee, administrator, head):
    for one in (adviser, counsellor, trainee, administrator, head):
        at = browser_of(one)
        for path in ("", f"/{gathered.public_id}", f"/{gathered.public_id}/review"):
            assert at.get(f"/subject-access{path}").status_code == 403


def test_a_governance_lead_does_not_handle_their_own(governance, browser_of):
    own = actions.open_request("Gwen", governance.email, "SAR-5", clock.today(), governance)

    assert browser_of(governance).get(f"/subject-access/{own.public_id}").status_code == 404
