"""The pages of a careers session, over HTTP: with and without JavaScript, and for whom they do not exist."""

from datetime import timedelta

import pytest

from models import CareersSession, Event, Meeting, Objective, PersonalLink, RecordAccess, Role, SessionText
from signpost import clock
from signpost.accounts import links
from signpost.careers import actions, queries, writing
from signpost.fields import new_public_id
from signpost.referrals import record_access
from tests.factories import a_case, a_head, a_held_session, a_meeting, a_session, a_user

AS_TYPED = {"X-Saved-As-Typed": "1"}
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def at_counsellor(browser_of, counsellor):
    return browser_of(counsellor)


def address(session, *more):
    return "/".join((f"/careers-sessions/{session.public_id}", *more))


def readings():
    return [(one.by_user.name, one.facts["what"]) for one in Event.select().where(Event.name == "record.read")]


# The workspace


def test_a_counsellor_opens_the_session_from_the_case_and_finds_it_among_those_not_finished(
    case, counsellor, at_counsellor
):
    a_meeting(case)
    at_counsellor.get(f"/referrals/{case.public_id}")
    at_counsellor.press("Open the session")
    assert at_counsellor.page.h1 == f"Session 1 with {case.trainee_name}"

    at_counsellor.get("/careers-sessions")
    assert "Not finished yet" in at_counsellor.page.text


def test_every_opening_of_the_page_is_kept(session, counsellor, at_counsellor):
    """C9."""
    at_counsellor.get(address(session))
    at_counsellor.get(address(session))

    assert readings() == [(counsellor.name, "notes of a session")] * 2


def test_a_page_that_says_what_was_refused_is_a_reading_too_and_a_part_of_one_is_not(
    session, counsellor, at_counsellor
):
    at_counsellor.submit(address(session, "length"), HTMX, minutes="0")
    at_counsellor.submit(address(session, "texts", "notes"), words="First tab", version="0")
    assert readings() == []

    at_counsellor.submit(address(session, "length"), minutes="0")
    at_counsellor.submit(address(session, "texts", "notes"), words="Second tab", version="0")
    assert readings() == [(counsellor.name, "notes of a session")] * 2


def test_it_opens_on_parked_issues_and_open_tasks_of_the_last(case, counsellor, at_counsellor):
    """B8."""
    first = a_held_session(case, counsellor)
    writing.park(first, writing.raise_issue(first, "Moving north", counsellor), None, counsellor)
    at_counsellor.get(address(first))
    due = clock.today() + timedelta(days=9)
    at_counsellor.submit(
        address(first, "tasks"),
        **{"task": "Ring the dean", "due-day": due.day, "due-month": due.month, "due-year": due.year},
    )
    second = actions.begin(a_meeting(case), counsellor)
    at_counsellor.get(address(second))

    before = at_counsellor.page.text
    assert "Since last time" in before
    assert "Moving north" in before
    assert "Ring the dean" in before


# Words saved as they are typed


def test_words_are_saved_as_they_are_typed_with_a_new_version(session, at_counsellor):
    answer = at_counsellor.submit(address(session, "texts", "notes"), AS_TYPED, words="She says", version="0")

    assert answer.status_code == 200
    assert 'name="version" value="1"' in answer.text
    assert "Saved at" in answer.text


def test_a_second_tab_is_shown_what_stands_there_and_writes_nothing(session, at_counsellor):
    at_counsellor.submit(address(session, "texts", "notes"), AS_TYPED, words="First tab", version="0")
    answer = at_counsellor.submit(address(session, "texts", "notes"), AS_TYPED, words="Second tab", version="0")

    assert answer.status_code == 409
    assert "First tab" in answer.text
    assert queries.texts_of(session)["notes"].words == "First tab"
    assert 'name="version" value="1"' in answer.text, "so that what was typed can be saved over it on purpose"


def test_without_javascript_both_texts_stand_on_a_page_from_which_it_is_saved(session, at_counsellor):
    at_counsellor.submit(address(session, "texts", "notes"), words="First tab", version="0")
    answer = at_counsellor.submit(address(session, "texts", "notes"), words="Second tab", version="0")
    assert answer.status_code == 409
    assert "First tab" in at_counsellor.page.text

    at_counsellor.press("Save what I wrote")
    assert queries.texts_of(session)["notes"].words == "Second tab"


@pytest.mark.parametrize("words", ["x" * 10_001, "a\x00b"])
def test_words_that_cannot_be_kept_are_refused_beside_them(session, at_counsellor, words):
    answer = at_counsellor.submit(address(session, "texts", "notes"), AS_TYPED, words=words, version="0")

    assert answer.status_code == 422
    assert "nhsuk-error-message" in answer.text
    assert not SessionText.select().exists()


@pytest.mark.parametrize("version", ["", "-1", "9" * 30, "x"])
def test_a_version_that_is_none_is_a_stale_one(session, at_counsellor, version):
    at_counsellor.submit(address(session, "texts", "notes"), AS_TYPED, words="First", version="0")
    answer = at_counsellor.submit(address(session, "texts", "notes"), AS_TYPED, words="Second", version=version)

    assert answer.status_code == 409
    assert queries.texts_of(session)["notes"].words == "First"


def test_there_is_no_other_passage(session, at_counsellor):
    assert at_counsellor.submit(address(session, "texts", "gossip"), words="x", version="0").status_code == 404


# Issues, options, tasks


def test_an_issue_is_raised_focused_parked_and_taken_up_without_javascript(session, at_counsellor):
    at_counsellor.get(address(session))
    at_counsellor.press("Add the issue", words="Interviews")
    at_counsellor.press("Focus on this")
    assert queries.focus_of(session).words == "Interviews"

    at_counsellor.press("Park it", **{"return_on-day": "", "return_on-month": "", "return_on-year": ""})
    at_counsellor.press("Take it up again")
    at_counsellor.press("Talked through")
    assert [one.state for one in queries.issues_of(session)] == ["settled"]


def test_with_javascript_the_list_is_answered_with_the_focus_beside_it(session, at_counsellor, counsellor):
    issue = writing.raise_issue(session, "Interviews", counsellor)
    answer = at_counsellor.submit(address(session, "issues", issue.public_id, "focus"), HTMX)

    assert answer.text.lstrip().startswith("<section")
    assert '<hx-partial hx-target="#focus"' in answer.text
    assert "<html" not in answer.text


def test_changing_the_focus_without_a_reason_is_said_beside_the_issues_and_keeps_the_page(
    session, at_counsellor, counsellor
):
    one, two = (writing.raise_issue(session, words, counsellor) for words in ("One", "Two"))
    writing.focus_on(session, one, "", counsellor)
    answer = at_counsellor.submit(address(session, "issues", two.public_id, "focus"), why="")

    assert answer.status_code == 422
    assert "Say why another issue presses more" in at_counsellor.page.text
    assert queries.focus_of(session) == one


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"task": "Ring", "due-day": "", "due-month": "", "due-year": ""}, "Enter"),
        ({"task": "Ring", "due-day": "31", "due-month": "2", "due-year": "2031"}, "real date"),
        ({"task": "Ring", "due-day": "1", "due-month": "2", "due-year": "2001"}, "past"),
        ({"task": "", "due-day": "1", "due-month": "2", "due-year": "2031"}, "Enter"),
    ],
)
def test_a_task_without_words_or_without_a_day_to_come_is_refused_and_kept_as_typed(
    session, at_counsellor, fields, words
):
    answer = at_counsellor.submit(address(session, "tasks"), **fields)

    assert answer.status_code == 422
    assert words in at_counsellor.page.text
    assert not Objective.select().exists()
    if fields["task"]:
        assert 'value="Ring"' in answer.text


def test_options_move_up_and_down_by_buttons_and_by_a_whole_order(session, at_counsellor, counsellor):
    one, two, three = [writing.add_option(session, words, counsellor).public_id for words in ("1", "2", "3")]
    for _ in range(2):  # the second press comes from the same page
        at_counsellor.submit(address(session, "options", "order"), move=f"{three} up", option=[one, two, three])
        assert [option.words for option in queries.options_of(session)] == ["1", "3", "2"]
    at_counsellor.submit(address(session, "options", "order"), move=f"{one} down", option=[one, three, two])
    assert [option.words for option in queries.options_of(session)] == ["3", "1", "2"]

    at_counsellor.submit(address(session, "options", "order"), option=[two, one, three])
    assert [option.words for option in queries.options_of(session)] == ["2", "1", "3"]


@pytest.mark.parametrize("minutes", ["4", "241", "", "forty", "-1"])
def test_a_length_that_is_none_is_refused_beside_it(session, at_counsellor, minutes):
    answer = at_counsellor.submit(address(session, "length"), minutes=minutes)

    assert answer.status_code == 422
    assert CareersSession.get().minutes == 40


def test_the_clock_says_how_long_is_left_without_javascript(session, at_counsellor):
    with clock.at(session.begun_at + timedelta(minutes=25)):
        at_counsellor.get(address(session))
        assert "of 40 minutes left" in at_counsellor.page.text
    with clock.at(session.begun_at + timedelta(hours=13)):
        at_counsellor.get("/sign-in")


# Finishing


def test_finishing_before_confidentiality_is_explained_leads_there(session, at_counsellor):
    """A17."""
    at_counsellor.get(address(session, "finish"))
    assert "Go to confidentiality" in at_counsellor.page.text
    answer = at_counsellor.submit(address(session, "finish"))

    assert answer.status_code == 409
    assert not CareersSession.get().is_finished


def test_the_page_before_finishing_shows_what_is_shared_and_nothing_private(session, counsellor, at_counsellor):
    for passage in ("purpose", "notes", "statement", "summary", "observations"):
        writing.write(session, passage, f"words of the {passage}", 0, counsellor)
    at_counsellor.get(address(session))
    at_counsellor.press("I have explained this")
    at_counsellor.get(address(session, "finish"))

    shown = [
        word
        for word in ("purpose", "notes", "statement", "summary", "observations")
        if f"words of the {word}" in at_counsellor.page.text
    ]
    assert shown == ["purpose", "statement", "summary"]
    assert "The trainee’s own statement" in at_counsellor.page.text
    at_counsellor.press("Finish the session")
    assert CareersSession.get().is_finished


# The trainee


def test_the_trainee_reads_what_is_shared_once_it_is_finished(case, counsellor, session, browser_of, trainee):
    """B10."""
    for passage in ("purpose", "notes", "statement", "summary", "observations"):
        writing.write(session, passage, f"words of the {passage}", 0, counsellor)
    at_trainee = browser_of(trainee)
    assert at_trainee.get(address(session, "summary")).status_code == 404

    actions.explain(session, counsellor)
    actions.finish(session, counsellor)
    at_trainee.get(f"/referrals/{case.public_id}")
    assert at_trainee.get(address(session, "summary")).status_code == 200
    assert "words of the summary" in at_trainee.page.text
    assert "Your own statement" in at_trainee.page.text
    assert "words of the notes" not in at_trainee.page.text
    assert "words of the observations" not in at_trainee.page.text
    assert at_trainee.get(address(session)).status_code == 404, "the record itself is for staff"


def test_by_a_personal_link_it_is_the_same(case, counsellor, client):
    session = a_held_session(case, counsellor)
    writing.write(session, "summary", "words of the summary", 0, counsellor)
    token = links.make("referred_trainee", case.trainee_name, case.trainee_email, referral=case)
    client.get(f"/links/{token}")
    assert "What came of your sessions" in client.page.text
    client.get(f"/links/{token}/sessions/{session.public_id}")
    assert "words of the summary" in client.page.text

    PersonalLink.update(withdrawn_at=clock.now()).execute()
    assert client.get(f"/links/{token}/sessions/{session.public_id}").status_code == 404


def test_the_trainee_fills_in_the_form_and_the_counsellor_reads_it(
    case, browser_of, trainee, at_counsellor, counsellor
):
    at_trainee = browser_of(trainee)
    at_trainee.get(f"/referrals/{case.public_id}")
    at_trainee.get(f"/careers-sessions/cases/{case.public_id}/discussion")
    at_trainee.press("Save for my counsellor", now="  ")
    assert "you need not fill this in" in at_trainee.page.text
    assert queries.discussion_of(case) is None
    at_trainee.press("Save for my counsellor", now="On nights", hopes="A plan")
    at_counsellor.get(f"/careers-sessions/cases/{case.public_id}/form")

    assert "On nights" in at_counsellor.page.text
    at_trainee.get(f"/careers-sessions/cases/{case.public_id}/readers")
    assert counsellor.name in at_trainee.page.text
    assert "the discussion form" in at_trainee.page.text


# Others of the team


def test_an_adviser_opens_the_record_for_a_reason_and_only_reads(case, session, counsellor, adviser, browser_of):
    """C9."""
    writing.write(session, "notes", "words of the notes", 0, counsellor)
    at_adviser = browser_of(adviser)
    record = f"/careers-sessions/cases/{case.public_id}"
    assert at_adviser.get(record).status_code == 404
    assert at_adviser.get(address(session)).status_code == 404

    at_adviser.get(f"/careers-sessions/cases/{case.public_id}/access")
    assert at_adviser.press("Open the record", reason="").status_code == 422
    at_adviser.press("Open the record", reason="A complaint.")
    assert "words of the notes" in at_adviser.page.text
    assert at_adviser.submit(address(session, "texts", "notes"), words="Mine", version="1").status_code == 404
    assert queries.texts_of(session)["notes"].words == "words of the notes"

    with clock.at(RecordAccess.get().ends_at):
        assert not record_access.reads_record(adviser, case)


def test_a_colleague_who_covers_finds_the_case_writes_in_its_session_and_is_gone_when_it_ends(
    case, session, adviser, counsellor, browser_of
):
    colleague = a_user(Role.COUNSELLOR, name="Cato Colleague")
    at_adviser, at_colleague = browser_of(adviser), browser_of(colleague)
    until = clock.today() + timedelta(days=3)
    at_adviser.get(f"/careers-sessions/cases/{case.public_id}/cover")
    at_adviser.press(
        "Ask them to cover",
        **{
            "colleague": colleague.public_id,
            "until-day": until.day,
            "until-month": until.month,
            "until-year": until.year,
            "reason": "Leave.",
        },
    )
    at_colleague.get("/careers-sessions")
    assert "You stand in" in at_colleague.page.text
    assert at_colleague.get(address(session)).status_code == 200
    assert at_colleague.submit(address(session, "texts", "notes"), AS_TYPED, words="x", version="0").status_code == 200

    at_adviser.get(f"/referrals/{case.public_id}")
    at_adviser.press("End it")
    assert at_colleague.get(address(session)).status_code == 404


def test_counsellor_and_who_covers_open_the_same_session_and_do_not_write_over_each_other(
    case, adviser, counsellor, at_counsellor, browser_of
):
    colleague, meeting = a_user(Role.COUNSELLOR), a_meeting(case)
    record_access.cover(case, colleague, clock.today(), "Leave.", adviser)
    at_colleague = browser_of(colleague)
    for at in (at_counsellor, at_colleague):
        assert at.submit(f"/careers-sessions/meetings/{meeting.public_id}").status_code == 303
    session = CareersSession.get()
    assert session.counsellor == counsellor
    notes = address(session, "texts", "notes")
    assert at_counsellor.submit(notes, AS_TYPED, words="The counsellor’s", version="0").status_code == 200
    answer = at_colleague.submit(notes, AS_TYPED, words="The colleague’s", version="0")

    assert answer.status_code == 409
    assert "The counsellor’s" in answer.text
    assert queries.texts_of(session)["notes"].words == "The counsellor’s"


def test_a_head_who_comes_while_a_session_is_open_reads_the_referral_and_nothing_of_the_session(
    adviser, counsellor, head, browser_of
):
    school = head.roles_held.get().school
    session = a_session(a_case(counsellor, adviser, school=school, wider_concerns=True), counsellor)
    later = a_head(school)
    head.roles_held.get().delete_instance()
    referral = f"/referrals/{session.referral.public_id}"
    assert [browser_of(one).get(referral).status_code for one in (head, later)] == [404, 200]

    at_later = browser_of(later)
    for path in (address(session), f"/careers-sessions/cases/{session.referral.public_id}"):
        assert at_later.get(path).status_code == 404


def test_for_everybody_else_there_is_no_session(session, browser_of, referrer, head, tsg, administrator):
    for one in (referrer, head, tsg, administrator, a_user(Role.COUNSELLOR)):
        there, not_there = (
            browser_of(one).get(f"/careers-sessions/{found}") for found in (session.public_id, new_public_id())
        )
        assert (there.status_code, not_there.status_code) == (404, 404)
    assert readings() == []


def test_a_session_in_mid_life_keeps_its_counsellor_signed_in_until_a_while_after_its_planned_end(
    session, at_counsellor, config
):
    at_counsellor.get(address(session))
    idle = config.session_idle
    with clock.at(session.ends_at + timedelta(minutes=14) + idle):
        assert at_counsellor.get(address(session)).status_code == 200


def test_and_no_longer(session, at_counsellor, config):
    at_counsellor.get(address(session))
    with clock.at(session.ends_at + timedelta(minutes=16) + config.session_idle):
        assert at_counsellor.get(address(session)).status_code == 303


def test_a_meeting_of_somebody_elses_case_is_not_opened(case, browser_of):
    meeting = a_meeting(case)
    other = browser_of(a_user(Role.COUNSELLOR))

    assert other.submit(f"/careers-sessions/meetings/{meeting.public_id}").status_code == 404
    assert not CareersSession.select().exists()
    assert Meeting.get().attendance is None


# The start page


def test_the_start_page_leads_to_a_meeting_to_open_now_and_to_a_session_that_is_not_finished(
    case, counsellor, at_counsellor
):
    meeting = a_meeting(case)
    at_counsellor.get("/")
    assert f"Open your session with {case.trainee_name}" in at_counsellor.page.text

    actions.begin(meeting, counsellor)
    at_counsellor.get("/")
    assert f"Your session with {case.trainee_name}" in at_counsellor.page.text
    assert "not finished yet" in at_counsellor.page.text
    assert "Was it held?" not in at_counsellor.page.text


def test_access_of_one_case_is_not_ended_under_another(case, adviser, counsellor, at_counsellor):
    access = record_access.cover(case, a_user(Role.COUNSELLOR), clock.today(), "Leave.", adviser)
    other = a_case(counsellor, adviser)

    where = f"/careers-sessions/cases/{other.public_id}/accesses/{access.public_id}/end"
    assert at_counsellor.submit(where).status_code == 404
    assert record_access.open_accesses(case) == [access]
