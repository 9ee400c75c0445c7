"""The demonstration: everybody of the house, and referrals in every state, as real use would have left them."""

import shutil
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask.testing import FlaskCliRunner

from models import (
    Absence,
    Attendance,
    AuditEntry,
    CareersSession,
    Conflict,
    CounsellorVenue,
    DiscussionForm,
    Draft,
    Employer,
    Ending,
    Event,
    GapRow,
    Import,
    Meeting,
    Mentorship,
    Notice,
    NoticeRecipient,
    NoticeState,
    Objective,
    Owner,
    Plan,
    ProgressionReport,
    Referral,
    ReferrerKind,
    Release,
    ReleaseChoice,
    Returner,
    ReturnerState,
    ReviewNeeded,
    Role,
    RoleHeld,
    School,
    Stage,
    Status,
    StoredFile,
    SupportMeeting,
    ToPrepare,
    User,
    Venue,
    db,
)
from signpost import clock, create_app
from signpost.accounts import passwords, queries
from signpost.audit import record as audit
from signpost.careers import queries as careers
from signpost.config import Config
from signpost.demo import PASSWORD, PEOPLE
from signpost.demo.filling import fill
from signpost.events import rehearse
from signpost.files import queries as documents
from signpost.imports import queries as imports
from signpost.mentoring import queries as mentoring
from signpost.mentoring import team as mentoring_team
from signpost.mentoring.board import Desk
from signpost.notices import delivery
from signpost.notices import queries as messages
from signpost.notices.actions import send_again
from signpost.progression import minutes, outcomes, papers, preparing
from signpost.referrals import actions, candidates, drafts, history, inbox, search
from signpost.referrals import queries as referrals
from signpost.referrals.queries import Relation
from tests import databases
from tests.conftest import NOTES_KEY, SECRET
from tests.factories import a_school
from tests.unchanged import refused

EVERYBODY = {
    *(
        "adviser",
        "adviser2",
        "counsellor",
        "counsellor2",
        "referrer",
        "careerlead",
        "trainee",
        "trainee2",
        "head",
        "head2",
    ),
    *(
        "tsg",
        "rtt",
        "rtt2",
        "mentor",
        "mentor2",
        "returner",
        "officer",
        "tpd",
        "progression",
        "university",
        "scientist",
    ),
    *("complaints", "governance", "admin"),
}
NOW = "2027-02-17T11:20"
CROWD = 1000


@contextmanager
def filled_once(all_databases, folder, referrals=0):
    """A database with the demonstration, for the tests that only look. Gives what an application is to differ in."""
    config = Config(
        database_url=all_databases.new(folder),
        secret_key=SECRET,
        notes_keys=NOTES_KEY,
        audit_key="another secret that is long enough for tests",
        audit_anchor=folder / "audit-anchor",
        testing=True,
        argon2_time=1,
        argon2_memory_kib=8,
    )
    create_app(config)
    with db.connection_context(), clock.at(clock.parse(NOW)):
        fill(referrals)
    databases.close(db.obj)
    yield {"database_url": config.database_url, "audit_anchor": config.audit_anchor}
    all_databases.drop(config.database_url)


@pytest.fixture(scope="module")
def demonstration(all_databases, tmp_path_factory):
    with filled_once(all_databases, tmp_path_factory.mktemp("demonstration")) as differing:
        yield differing


@pytest.fixture(scope="module")
def large_demonstration(all_databases, tmp_path_factory):
    with filled_once(all_databases, tmp_path_factory.mktemp("large"), CROWD) as differing:
        yield differing


@pytest.fixture
def filled(demonstration, make_app):
    make_app(**demonstration)
    with clock.at(clock.parse(NOW)):
        yield


@pytest.fixture
def crowd(large_demonstration, make_app):
    """Those that were added for trying out size."""
    make_app(**large_demonstration)
    with clock.at(clock.parse(NOW)):
        staff = User.select().where(User.email.endswith("@staff.example"))
        yield Referral.select().where(Referral.referred_by.in_(staff))


@pytest.fixture
def to_be_changed(app, config, all_databases, demonstration):
    """A copy for one test alone."""
    databases.close(db.obj)
    all_databases.fill(config.database_url, demonstration["database_url"])
    shutil.copyfile(demonstration["audit_anchor"], config.audit_anchor)
    db.connect(reuse_if_open=True)
    with clock.at(clock.parse(NOW)):
        yield


def person(name):
    return User.get(User.email == f"{name}@signpost.example")


# People and places


def test_everybody_of_the_house_is_there(filled):
    assert {one.email for one in PEOPLE} == {f"{name}@signpost.example" for name in EVERYBODY}
    for one in PEOPLE:
        user = queries.with_email(one.email)
        assert (user.name, bool(one.what)) == (one.name, True)
        assert queries.roles_of(user)


def test_each_signs_in_with_the_one_password(filled):
    assert all(passwords.is_right(PASSWORD, person(name)) for name in EVERYBODY)
    assert not any(passwords.is_outdated(person(name)) for name in EVERYBODY)


def test_nobody_else_can_sign_in(filled):
    others = User.select().where((User.password_hash != "") & User.email.not_in([one.email for one in PEOPLE]))

    assert not others.exists()


def test_every_role_is_held_by_somebody_who_can_be_tried(filled):
    held = RoleHeld.select(RoleHeld.role).join(User).where(User.password_hash != "").distinct().tuples()

    assert {role for (role,) in held} == set(Role)


def test_roles_have_their_scope(filled):
    assert referrals.Role.HEAD_OF_SCHOOL in queries.roles_of(person("head"))
    headed = {name: RoleHeld.get(RoleHeld.user == person(name)).school.name for name in ("head", "head2")}
    kinds = {name: queries.referrer_roles(person(name))[0].referrer_kind for name in ("referrer", "careerlead", "tpd")}

    assert headed == {"head": "Medicine", "head2": "Surgery"}
    assert kinds == {
        "referrer": ReferrerKind.EDUCATIONAL_SUPERVISOR,
        "careerlead": ReferrerKind.LFG_CAREER_LEAD,
        "tpd": ReferrerKind.TPD,
    }
    assert Role.MEETING_CHAIR in queries.roles_of(person("tpd"))


def test_the_venues_are_the_four_of_a23_and_every_address_is_invented(filled):
    assert {venue.name for venue in Venue.select()} == {
        "HEKSS",
        "Brighton",
        "Guy’s Hospital",
        "St George’s Hospital Tooting",
    }
    addresses = [
        *(user.email for user in User.select()),
        *(employer.contact_email for employer in Employer.select()),
        *(referral.trainee_email for referral in Referral.select()),
    ]
    assert [address for address in addresses if not address.endswith((".example", ".invalid"))] == []


def test_one_school_has_no_head_so_that_the_refusal_can_be_seen(filled):
    without = [school.name for school in School.select() if not queries.heads_of(school)]

    assert without == ["Public Health"]


# Referrals


def test_there_are_referrals_at_every_stage_status_and_view(filled):
    assert {row.status for row in Referral.select()} == set(Status)
    counts = inbox.counts(person("adviser"))
    assert all(counts[view] >= 2 for view in inbox.VIEWS)
    assert 20 <= counts["all"] <= 40


def test_they_ended_in_every_way(filled):
    endings = {row.ending for row in Referral.select().where(Referral.stage == Stage.CLOSED)}

    assert endings == set(Ending)


def test_row_numbers_are_the_order_of_arrival_and_everything_is_past(filled):
    moments = [row.referred_at for row in Referral.select().order_by(Referral.id)]

    assert moments == sorted(moments)
    assert all(moment < clock.now() for moment in moments)
    assert clock.now() - moments[0] > timedelta(days=50)
    events = [event.happened_at for event in Event.select().where(Event.referral.is_null(False)).order_by(Event.id)]
    assert events == sorted(events)


def test_each_history_can_be_read(filled):
    for referral in Referral.select():
        told = history.of(referral, frozenset({Relation.ADVISER}))
        assert told[-1].sentence.endswith("made the referral")
        if referral.assigned_to:
            assert any("assigned" in entry.sentence for entry in told)


def test_two_referrers_wrote_about_one_trainee(filled):
    twice = Referral.select().where(Referral.trainee_email == "santiago.nunez@trainees.example")

    assert {row.stage for row in twice} == {Stage.WAITING}
    assert len({row.referred_by for row in twice}) == 2
    assert len(referrals.same_trainee(twice[0])) == 1


def test_one_moved_to_another_counsellor_with_a_reason(filled):
    told = [entry for row in Referral.select() for entry in history.of(row, frozenset({Relation.ADVISER}))]
    (moved,) = [entry for entry in told if "in place of" in entry.sentence]

    assert moved.note == "The trainee asked for somebody who sees people in the evening."


def test_heads_released_nothing_the_fact_and_words_and_have_one_decision_left(filled):
    assert {release.choice for release in Release.select()} == set(ReleaseChoice)
    assert len(referrals.releases_to(person("tsg"))) == 2
    for name in ("head", "head2"):
        informed = referrals.informed_head(person(name))
        assert any(referrals.decided(one) is None for one in informed)
        assert any(referrals.decided(one) for one in informed)


def test_returners_stand_in_every_state_and_pairs_at_every_stage(filled):
    team = User.get(User.email == "rtt@signpost.example")

    assert {row.state for row in Returner.select()} == set(ReturnerState)
    assert all(stage.count for stage in mentoring_team.pairs(team, clock.today()))
    assert {row.ending for row in Mentorship.select()} == {None, "early", "not_working"}


def test_those_who_sign_in_for_mentoring_find_themselves_in_it(filled):
    for key in ("mentor", "mentor2"):
        assert mentoring.load_of(mentoring.mentor_of(User.get(User.email == f"{key}@signpost.example")))
    assert mentoring.return_now(User.get(User.email == "returner@signpost.example")).state == ReturnerState.MATCHED


def test_one_in_barrow_is_left_and_is_told_why(filled):
    (left,) = Desk(User.get(User.email == "rtt@signpost.example")).board().left

    assert mentoring.wish_of(left.returner).place_name == "Barrow-in-Furness"
    assert "No trained mentor within 15 miles who meets in person" in left.why


def test_a_further_review_is_listed_and_a_report_waits_for_a_second_person(filled):
    needed, report = ReviewNeeded.get(), ProgressionReport.get()
    assert needed.settled_at is None
    assert (report.is_agreed, report.sent_at) == (None, None)
    assert Plan.get(Plan.review == needed.review).agreed_at is not None


def test_a_support_meeting_is_prepared_in_part_and_minutes_wait_for_the_chair(filled):
    support = SupportMeeting.get(SupportMeeting.id == GapRow.select(GapRow.support_meeting).first().support_meeting_id)
    waits = {
        (one.item, one.owner) for owner in Owner for one in preparing.checklist(support, owner) if one.done_at is None
    }
    assert support.gap_rows.count() == 12
    assert [(one.number, one.is_late, one.shared_at) for one in papers.of_meeting(support)] == [
        (1, False, None),
        (2, False, None),
    ]
    assert waits == {
        (ToPrepare.DATE_AND_MODE, Owner.TRAINING_OFFICER),
        (ToPrepare.PRIVATE_PLACE, Owner.TRAINEE),
    }
    (drafted,) = minutes.to_agree_by(person("tpd"))
    assert drafted.support_meeting.held_at is not None
    assert drafted.support_meeting in outcomes.to_record_by(person("tpd"))
    assert set(papers.to_share_by(person("tpd"))) == set(papers.of_meeting(support))


def test_an_objective_of_a_plan_falls_due_this_week(filled):
    due = [one.due_on - clock.today() for one in Objective.select().join(Plan).where(Plan.review.is_null(False))]

    assert timedelta(days=3) in due


def test_a_file_of_returners_waits_to_be_checked(filled):
    counts = imports.counts(Import.get())

    assert (counts.add, counts.left_out, counts.to_mend) == (2, 1, 2)


def test_each_of_these_finds_something_that_waits_for_them(filled):
    assert referrals.cases_of(person("counsellor"))
    assert referrals.cases_of(person("counsellor2"))
    assert referrals.about(person("trainee"))[0].assigned_to == person("counsellor")
    assert referrals.about(person("trainee2"))[0].accepted_at is None
    assert referrals.referred_by(person("referrer"))
    assert referrals.referred_by(person("careerlead"))
    assert drafts.of(person("referrer")).typed["trainee_name"] == "Imran Choudhury"
    assert Draft.select().count() == 1


def test_counsellors_differ_in_what_an_adviser_weighs(filled):
    waiting = Referral.select().where(Referral.stage == Stage.WAITING)
    found = [one for row in waiting for one in candidates.for_referral(row)]

    assert any(one.has_conflict for one in found)
    assert any(one.away_until for one in found)
    assert all(one.places for one in found)
    assert len({one.open_cases for one in found}) > 1
    assert [table.select().exists() for table in (Absence, Conflict, CounsellorVenue)] == [True, True, True]


# Messages


def test_what_is_older_than_an_hour_was_handed_over_and_the_newest_waits_for_the_worker(filled):
    hour_ago = clock.now() - timedelta(hours=1)
    for notice in Notice.select():
        if notice.queued_at < hour_ago:
            assert notice.state in (NoticeState.SENT, NoticeState.FAILED)
            assert hour_ago > notice.finished_at >= notice.due_at
        else:
            assert notice.state == NoticeState.QUEUED
    assert Notice.select().where(Notice.state == NoticeState.QUEUED).count() >= 4


def test_the_worker_sends_the_newest(app, to_be_changed, mailbox):
    with app.app_context():
        assert delivery.send_due() >= 4

    assert Notice.select().where(Notice.state == NoticeState.QUEUED).count() == 0
    assert any("wider concerns" in one.text for one in mailbox.received)


def test_one_address_was_mistyped_and_can_be_corrected_and_written_to_again(app, to_be_changed, mailbox):
    adviser = person("adviser")
    missed = list(messages.failed(messages.visible_to(adviser)))
    assert {notice.kind for notice in missed} == {"referral", "personal_link"}
    referral = missed[0].referral
    assert {row.failure for row in NoticeRecipient.select().where(NoticeRecipient.state == NoticeState.FAILED)} == {
        "no_such_address"
    }

    right = "hannah.featherstonehaugh@trainees.example"
    actions.correct_trainee_address(referral, right, adviser, referral.version)
    for notice in missed:
        send_again(Notice.get_by_id(notice.id), by=adviser)
    with app.app_context():
        delivery.send_due()
    assert len(mailbox.to(right)) == 2


def test_nothing_was_withheld(filled):
    assert not NoticeRecipient.select().where(NoticeRecipient.state == NoticeState.WITHHELD).exists()


def test_the_audit_holds(filled):
    count, broken = audit.verify()

    assert broken is None
    typed = AuditEntry.select().where(AuditEntry.action.in_(["session.written", "minutes.written"])).count()
    assert count - typed == Event.select().count() > 80


# Filling


def test_it_is_the_same_every_time(app):
    found = []
    for _ in range(2):
        with clock.at(clock.parse(NOW)), db.atomic() as transaction:
            fill()
            rows = Referral.select().order_by(Referral.id)
            found.append([(row.public_id, row.trainee_name, row.status, row.referred_at.minute) for row in rows])
            transaction.rollback()

    assert found[0] == found[1]


@pytest.mark.parametrize("moment", ["2027-01-01T00:05", "2027-03-29T03:00", "2027-10-31T23:59", "2028-02-29T12:00"])
def test_it_can_be_filled_at_any_moment(app, moment):
    """On a bank holiday, in the night, when the clocks change."""
    with clock.at(clock.parse(moment)):
        fill()
        assert all(row.referred_at < clock.now() for row in Referral.select())
        assert inbox.counts(person("adviser"))["new"] >= 2


def test_a_database_that_is_not_empty_is_left_as_it_is(app):
    a_school("Surgery")
    with refused("The database is not empty"):
        fill()


def test_filling_twice_is_refused(filled):
    with refused("nothing was changed"):
        fill()


def test_when_it_fails_half_way_nothing_is_left(app, monkeypatch):
    def fail(*arguments, **more):
        raise ZeroDivisionError

    monkeypatch.setattr(drafts, "save", fail)
    with pytest.raises(ZeroDivisionError):
        fill()

    assert not Referral.select().exists()
    assert not School.select().exists()
    assert audit.verify() == (0, None)


def test_many_more_can_be_added_for_trying_out_size(crowd):
    shares = {stage: 100 * crowd.where(Referral.stage == stage).count() / CROWD for stage in Stage}

    assert crowd.count() == CROWD
    assert shares == {
        Stage.WAITING: pytest.approx(5, abs=2),
        Stage.ASSIGNED: pytest.approx(10, abs=3),
        Stage.IN_PROGRESS: pytest.approx(10, abs=3),
        Stage.CLOSED: pytest.approx(75, abs=4),
    }


def test_they_came_over_three_years_between_the_others(crowd):
    moments = [row.referred_at for row in Referral.select().order_by(Referral.id)]

    assert moments == sorted(moments)
    assert timedelta(days=1090) < clock.now() - moments[0] < timedelta(days=1100)
    assert audit.verify()[1] is None


def test_each_of_them_is_found_and_ordered_like_any_other(crowd):
    for row in crowd:
        assert {"search_words": row.search_words, "name_order": row.name_order} == search.columns(row)
    assigned = crowd.where(Referral.stage == Stage.ASSIGNED).get()
    assert assigned in search.matching(Referral.select(), assigned.reference, Stage.ASSIGNED)


def test_each_of_them_has_a_history_and_can_be_moved_to_another_counsellor(crowd):
    adviser = person("adviser")
    assigned = crowd.where(Referral.stage == Stage.ASSIGNED).get()
    chosen = next(one for one in candidates.for_referral(assigned) if one.can_be_chosen)

    assert [entry.sentence for entry in history.of(assigned, frozenset({Relation.ADVISER}))] == [
        f"{assigned.assigned_by.name} assigned {assigned.assigned_to.name}",
        f"{assigned.referred_by.name} made the referral",
    ]
    letters = rehearse(lambda: actions.assign(assigned, chosen.counsellor, adviser, assigned.version, "A reason"))
    assert [letter.kind for letter in letters][-1] == "unassigned_counsellor"


def test_the_people_who_can_be_tried_have_none_of_them(crowd):
    """Their own pages stay as short as they are without the crowd."""
    assert len(referrals.referred_by(person("referrer"))) < 20
    assert len(referrals.cases_of(person("counsellor"))) < 20


def test_the_command_fills_it_only_in_a_demonstration(make_app):
    said = FlaskCliRunner(make_app()).invoke(args=["demo"])
    assert said.exit_code == 1
    assert "DEMO=1 is not set" in said.output

    assert FlaskCliRunner(make_app(demo=True)).invoke(args=["demo", "--referrals", "20"]).exit_code == 0
    with db.connection_context():
        assert Referral.select().count() > 40


def test_one_case_has_a_cv_of_the_trainees_and_results_that_were_shared(filled):
    case = Referral.get(Referral.trainee_name == "Priya Natarajan")
    cv, results = StoredFile.select().where(StoredFile.referral == case).order_by(StoredFile.id)

    assert (cv.name, cv.by_user) == ("Priya Natarajan CV.pdf", case.trainee)
    assert (results.name, results.by_user, results.is_shared) == ("Ability profile.pdf", case.assigned_to, True)
    assert b"".join(documents.content(cv)).startswith(b"%PDF-")


def test_a_counsellor_finds_a_session_half_way_that_opened_on_the_one_before(filled):
    (session,) = careers.unfinished_by(person("counsellor"))

    assert timedelta(minutes=10) < clock.now() - session.begun_at < timedelta(minutes=30)
    assert careers.number_of(session) == 2
    assert careers.focus_of(session).session_id != session.id, "parked in the first"
    assert len(careers.options_of(session)) == 2


def test_every_session_that_was_held_has_its_record(filled):
    held = Meeting.select().where((Meeting.attendance == Attendance.HELD) & Meeting.referral.is_null(False))

    assert held.count() >= 10
    for meeting in held:
        session = careers.of_meeting(meeting)
        assert session.is_finished
        assert "summary" in careers.texts_of(session)


def test_every_session_began_at_its_meeting(filled):
    for session in CareersSession.select():
        assert timedelta() <= session.begun_at - session.meeting.begins_at < timedelta(seconds=1), session.referral


def test_every_triage_that_led_on_has_its_outcome(filled):
    led_on = SupportMeeting.select().where(SupportMeeting.follows.is_null(False))
    for further in led_on:
        assert [one.further for one in further.follows.outcomes] == [further]
    assert led_on.count() == 1


def test_two_trainees_wrote_to_their_counsellor_before_they_met(filled):
    assert {one.referral.trainee_name for one in DiscussionForm.select()} == {"Nkechi Anyanwu", "Theodora Vassiliou"}
