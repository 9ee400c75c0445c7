"""What can be done to a referral, by whom, and what each is refused with. A refusal writes nothing."""

import threading
from datetime import timedelta

import pytest

from models import (
    Assignment,
    Employer,
    Ending,
    Event,
    Notice,
    NoticeState,
    PersonalLink,
    Referral,
    ReferrerKind,
    Release,
    ReleaseChoice,
    Role,
    RoleHeld,
    School,
    Setting,
    Stage,
    Status,
    User,
    db,
)
from signpost import clock
from signpost.accounts import links, work
from signpost.audit import record as audit
from signpost.errors import RuleBroken, StaleRecord
from signpost.fields import new_public_id
from signpost.notices import outbox
from signpost.referrals import actions, queries
from tests.factories import a_head, a_referral, a_referrer, a_school, a_user, an_employer, give
from tests.unchanged import nothing_written, refused

SUPERVISOR = ReferrerKind.EDUCATIONAL_SUPERVISOR
MINUTE = timedelta(seconds=60)


def asked(**changed):
    usual = {
        "trainee_name": "Sam O’Neill",
        "trainee_email": "sam@trainees.example",
        "school": None,
        "employer": Employer.get(),
        "request": "Would value a conversation.",
        "wider_concerns": False,
    }
    return actions.Request(**(usual | changed))


def refer(by, **changed):
    return actions.refer(asked(**changed), by, SUPERVISOR, new_public_id())


def stand_at(referral, status):
    """Later in its life: the row alone."""
    Referral.update(**referral.stand_at(status)).where(Referral.id == referral.id).execute()
    return Referral.get_by_id(referral.id)


def assign(referral, counsellor, adviser, reason=""):
    return actions.assign(referral, counsellor, adviser, referral.version, reason)


def after_the_undo_minute():
    return clock.at(clock.now() + MINUTE + timedelta(seconds=1))


def kinds(event_name):
    """The kinds of the messages that the newest event of this name queued."""
    event = Event.select().where(Event.name == event_name).order_by(Event.id.desc()).get()
    return [notice.kind for notice in event.notices.order_by(Notice.id)]


@pytest.fixture(autouse=True)
def employer(app):
    return an_employer()


@pytest.fixture
def referral(adviser, referrer):
    return a_referral(referrer)


@pytest.fixture
def other_counsellor(app):
    return a_user(Role.COUNSELLOR, name="Other Counsellor")


@pytest.fixture
def school(head):
    return School.get(School.name == "School of Medicine")


@pytest.fixture
def with_concerns(adviser, referrer, school):
    return a_referral(referrer, school=school, wider_concerns=True)


# Referring (A1–A8)


def test_a_referral_is_kept_as_it_was_written_and_waits(adviser, referrer, school):
    referral = Referral.get_by_id(refer(referrer, school=school).id)

    assert (referral.trainee_name, referral.trainee_email) == ("Sam O’Neill", "sam@trainees.example")
    assert (referral.school, referral.referred_by, referral.referrer_kind) == (school, referrer, SUPERVISOR)
    assert (referral.status, referral.stage) == (Status.SUBMITTED, Stage.WAITING)
    assert referral.is_waiting
    assert not referral.wider_concerns


@pytest.mark.parametrize("kind", ReferrerKind)
def test_each_of_the_six_kinds_may_refer(adviser, kind):
    """A2."""
    referral = actions.refer(asked(), a_referrer(kind), kind, new_public_id())

    assert referral.referrer_kind == kind


def test_there_are_six_kinds_and_no_more():
    """A2."""
    assert {kind.value for kind in ReferrerKind} == {
        *("lfg_career_lead", "dme", "tpd", "educational_supervisor", "clinical_tutor", "mem"),
    }


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.REFERRER, Role.HEAD_OF_SCHOOL)])
def test_nobody_else_may_refer(adviser, role):
    """A2."""
    somebody = a_user(role)
    with refused("You cannot refer in that role."):
        refer(somebody)


def test_a_referrer_may_not_refer_as_another_kind(adviser, referrer):
    with refused("You cannot refer in that role."):
        actions.refer(asked(), referrer, ReferrerKind.TPD, new_public_id())


def test_one_person_may_refer_as_either_of_two_kinds(adviser, referrer):
    give(referrer, Role.REFERRER, referrer_kind=ReferrerKind.TPD)

    assert actions.refer(asked(), referrer, ReferrerKind.TPD, new_public_id()).referrer_kind == ReferrerKind.TPD


def test_nobody_refers_themselves(adviser, referrer):
    with refused("You cannot refer yourself."):
        refer(referrer, trainee_email=referrer.email)


def test_a_referral_that_would_reach_no_adviser_is_refused(referrer):
    """A7."""
    with refused("no senior adviser at the moment"):
        refer(referrer)


def test_an_adviser_whose_account_is_disabled_does_not_count(adviser, referrer):
    adviser.disabled_at = clock.now()
    adviser.save()

    with refused("no senior adviser at the moment"):
        refer(referrer)


def test_an_adviser_is_not_told_of_their_own_referral_as_an_adviser(adviser, referrer):
    """Holding several roles never adds up: the only adviser cannot be the trainee."""
    with refused("no senior adviser at the moment"):
        refer(referrer, trainee_email=adviser.email)


def test_the_teams_mailbox_is_enough(referrer):
    Setting.create(name="adviser_mailbox", value="careers@team.example")

    assert refer(referrer).is_waiting


def test_with_wider_concerns_the_school_must_be_known(adviser, referrer):
    """A3."""
    with refused("say which school it is"):
        refer(referrer, wider_concerns=True)


def test_with_wider_concerns_the_school_must_have_a_head(adviser, referrer):
    """A3."""
    school = a_school("Public Health")
    with refused("Public Health has no head of school on record"):
        refer(referrer, school=school, wider_concerns=True)


def test_a_head_whose_account_is_disabled_is_no_head(adviser, referrer, head, school):
    head.disabled_at = clock.now()
    head.save()

    with refused("has no head of school on record"):
        refer(referrer, school=school, wider_concerns=True)


def test_a_head_cannot_be_informed_about_themselves(adviser, referrer, head, school):
    """A3: with only the trainee at the head of the school nobody would be informed."""
    with refused("has no head of school on record"):
        refer(referrer, school=school, wider_concerns=True, trainee_email=head.email)


def test_without_wider_concerns_school_and_head_are_not_needed(adviser, referrer):
    assert refer(referrer).school is None
    assert refer(referrer, trainee_email="b@trainees.example", school=a_school()).school is not None


def test_a_duplicate_of_ones_own_is_explained(adviser, referrer):
    first = refer(referrer)

    with refused(f"You already referred this trainee on {clock.today().day} ") as _:
        refer(referrer)
    with refused(first.reference):
        refer(referrer)


def test_once_the_first_is_closed_the_same_trainee_may_be_referred_again(adviser, referrer):
    actions.withdraw(refer(referrer), by=referrer)

    assert refer(referrer).is_waiting


def test_a_duplicate_of_somebody_elses_is_accepted_and_shown_to_the_adviser_alone(adviser, referrer):
    first = refer(referrer)
    second = refer(a_referrer())

    assert second.is_waiting
    assert queries.same_trainee(second) == [first]
    assert not [notice for notice in Notice.select() if first.reference in notice.text and notice.referral == second]


def test_pressing_the_button_twice_sends_once(adviser, referrer):
    public_id = new_public_id()
    first = actions.refer(asked(), referrer, SUPERVISOR, public_id)
    with nothing_written():
        second = actions.refer(asked(), referrer, SUPERVISOR, public_id)

    assert first == second


def test_pressing_it_eight_times_at_once_sends_once(adviser, referrer):
    request, public_id = asked(), new_public_id()

    answers = at_once([lambda: actions.refer(request, referrer, SUPERVISOR, public_id)] * 8)

    assert {answer.public_id for answer in answers} == {public_id}
    assert Referral.select().count() == 1
    assert kinds("referral.sent") == ["referral", "personal_link", "referral_receipt"]
    assert Notice.select().count() == 3


def test_a_reference_that_somebody_else_used_is_not_taken_over(adviser, referrer, referral):
    somebody = a_referrer()
    with refused("This reference is taken", StaleRecord):
        actions.refer(asked(), somebody, SUPERVISOR, referral.public_id)


def test_a_trainee_with_an_account_finds_the_referral_there(adviser, referrer, trainee):
    assert refer(referrer, trainee_email=trainee.email).trainee == trainee


def test_a_disabled_account_is_not_connected(adviser, referrer, trainee):
    trainee.disabled_at = clock.now()
    trainee.save()

    assert refer(referrer, trainee_email=trainee.email).trainee is None


# Wider concerns later (A8)


def test_wider_concerns_can_be_added_later(adviser, referrer, head, school):
    referral = refer(referrer, school=school)
    actions.add_concerns(referral, None, by=referrer)

    assert Referral.get_by_id(referral.id).wider_concerns
    assert kinds("concerns.added") == ["concerns_added"]


def test_adding_them_says_the_school_where_it_was_not_known(referral, referrer, school):
    actions.add_concerns(referral, school, by=referrer)

    assert Referral.get_by_id(referral.id).school == school


def test_adding_them_does_not_move_the_trainee_to_another_school(adviser, referrer, school):
    referral = refer(referrer, school=school)
    actions.add_concerns(referral, a_head().roles_held.get().school, by=referrer)

    assert Referral.get_by_id(referral.id).school == school


def test_they_need_a_school_and_a_head(referral, referrer):
    with refused("say which school it is"):
        actions.add_concerns(referral, None, by=referrer)
    school = a_school("Public Health")
    with refused("Public Health has no head"):
        actions.add_concerns(referral, school, by=referrer)


def test_they_are_added_once(with_concerns, referrer):
    with refused("were added to this referral already"):
        actions.add_concerns(with_concerns, None, by=referrer)


def test_they_are_not_added_to_what_is_closed(referral, referrer, school):
    actions.withdraw(referral, by=referrer)
    with refused("closed, so nothing can be added"):
        actions.add_concerns(referral, school, by=referrer)


def test_two_who_add_them_at_once_inform_the_head_once(adviser, referrer, school):
    referral = refer(referrer, school=school)
    stale = Referral.get_by_id(referral.id)
    actions.add_concerns(referral, None, by=referrer)

    with refused("Nothing was sent", StaleRecord):
        actions.add_concerns(stale, None, by=referrer)


# Withdrawing, accepting, declining


def test_a_referrer_withdraws_what_has_not_begun(referral, referrer):
    actions.withdraw(referral, by=referrer)

    fresh = Referral.get_by_id(referral.id)
    assert (fresh.status, fresh.stage, fresh.ending) == (Status.CLOSED, Stage.CLOSED, Ending.WITHDRAWN)
    assert fresh.closed_at is not None


def test_an_assigned_referral_can_still_be_withdrawn_and_its_counsellor_hears(referral, counsellor, adviser, referrer):
    assign(referral, counsellor, adviser)
    actions.withdraw(referral, by=referrer)

    assert kinds("referral.withdrawn") == ["withdrawn_adviser", "ended_counsellor", "withdrawn_trainee"]


@pytest.mark.parametrize("status", [Status.FIRST_MEETING_BOOKED, Status.IN_PROGRESS, Status.SESSIONS_COMPLETE])
@pytest.mark.parametrize("verb", [actions.withdraw, actions.decline])
def test_what_has_begun_is_neither_withdrawn_nor_declined(referral, counsellor, adviser, status, verb):
    """A22."""
    assign(referral, counsellor, adviser)
    begun = stand_at(referral, status)
    with refused("first meeting is booked"):
        verb(begun, by=adviser)


@pytest.mark.parametrize("verb", [actions.withdraw, actions.decline])
def test_what_is_closed_is_neither_withdrawn_nor_declined(referral, referrer, verb):
    actions.withdraw(referral, by=referrer)
    with refused("closed already"):
        verb(referral, by=referrer)


def test_accepting_is_a_flag_and_nothing_waits_for_it(referral):
    link = PersonalLink.get(PersonalLink.referral == referral)
    actions.accept(referral, by=link)

    fresh = Referral.get_by_id(referral.id)
    assert fresh.accepted_at is not None
    assert fresh.is_waiting
    assert kinds("referral.accepted") == []


def test_accepting_twice_is_accepting_once(referral):
    link = PersonalLink.get(PersonalLink.referral == referral)
    actions.accept(referral, by=link)
    with nothing_written():
        actions.accept(referral, by=link)


def test_what_is_closed_cannot_be_accepted(referral, referrer):
    link = PersonalLink.get(PersonalLink.referral == referral)
    actions.withdraw(referral, by=referrer)
    with refused("ring the careers team"):
        actions.accept(referral, by=link)


def test_a_trainee_who_declines_ends_it(referral, adviser, counsellor):
    assign(referral, counsellor, adviser)
    actions.decline(referral, by=PersonalLink.get(PersonalLink.referral == referral))

    assert Referral.get_by_id(referral.id).ending == Ending.DECLINED
    assert kinds("referral.declined") == ["declined_adviser", "ended_counsellor", "not_going_ahead_referrer"]


def test_a_trainee_who_accepted_may_still_decline_before_it_begins(referral):
    link = PersonalLink.get(PersonalLink.referral == referral)
    actions.accept(referral, by=link)
    actions.decline(referral, by=link)

    assert referral.is_closed


# Closing


@pytest.mark.parametrize("ending", [Ending.UNABLE_TO_CONTACT, Ending.LEFT_PROGRAMME])
def test_the_team_closes_with_a_reason(referral, adviser, ending):
    actions.close(referral, ending, adviser, referral.version)

    assert Referral.get_by_id(referral.id).ending == ending


@pytest.mark.parametrize("ending", [Ending.COMPLETE, Ending.DECLINED, Ending.WITHDRAWN])
def test_what_others_end_the_team_does_not(referral, adviser, ending):
    with refused("not a reason for which the team closes"):
        actions.close(referral, ending, adviser, referral.version)


def test_nobody_stops_part_way_who_has_not_begun(referral, adviser, counsellor):
    with refused("Support has not begun"):
        actions.close(referral, Ending.WITHDREW_PART_WAY, adviser, referral.version)

    with clock.at(clock.now() - 2 * MINUTE):
        assign(referral, counsellor, adviser)
    begun = stand_at(referral, Status.IN_PROGRESS)
    actions.close(begun, Ending.WITHDREW_PART_WAY, adviser, begun.version)
    assert begun.ending == Ending.WITHDREW_PART_WAY


def test_a_duplicate_says_which_it_repeats(adviser, referrer):
    first = refer(referrer)
    second = refer(a_referrer())
    with refused("Say which referral this one repeats"):
        actions.close(second, Ending.DUPLICATE, adviser, second.version)
    with refused("Say which referral this one repeats"):
        actions.close(second, Ending.UNABLE_TO_CONTACT, adviser, second.version, first)

    actions.close(second, Ending.DUPLICATE, adviser, second.version, first)
    assert Referral.get_by_id(second.id).duplicate_of == first


def test_a_referral_repeats_only_one_of_the_same_trainee(adviser, referrer, referral):
    other = refer(referrer)
    with refused("another one of the same trainee"):
        actions.close(referral, Ending.DUPLICATE, adviser, referral.version, other)
    with refused("another one of the same trainee"):
        actions.close(referral, Ending.DUPLICATE, adviser, referral.version, referral)


def test_what_is_closed_is_not_closed_again(referral, adviser, referrer):
    actions.withdraw(referral, by=referrer)
    with refused("closed already"):
        actions.close(referral, Ending.UNABLE_TO_CONTACT, adviser, referral.version)


def test_closing_what_somebody_just_changed_is_refused_kindly(referral, adviser):
    seen = referral.version
    actions.accept(Referral.get_by_id(referral.id), by=PersonalLink.select().first())
    with refused("while you were looking at it", StaleRecord):
        actions.close(referral, Ending.UNABLE_TO_CONTACT, adviser, seen)


# Assigning (A9)


def test_the_adviser_gives_it_to_a_counsellor(referral, counsellor, adviser):
    assign(referral, counsellor, adviser)

    fresh = Referral.get_by_id(referral.id)
    assert (fresh.status, fresh.assigned_to, fresh.assigned_by) == (Status.ASSIGNED, counsellor, adviser)
    assert kinds("referral.assigned") == ["assigned_trainee", "assigned_counsellor"]


def test_the_letters_of_an_assignment_wait_for_the_undo_minute(referral, counsellor, adviser):
    event = assign(referral, counsellor, adviser).event

    assert {notice.due_at - notice.queued_at for notice in event.notices} == {MINUTE}


def test_only_a_counsellor_is_assigned(referral, adviser, referrer):
    with refused("Robin Referrer is not a counsellor"):
        assign(referral, referrer, adviser)


def test_a_counsellor_whose_account_is_disabled_is_not_assigned(referral, adviser, counsellor):
    counsellor.disabled_at = clock.now()
    counsellor.save()
    with refused("is not a counsellor"):
        assign(referral, counsellor, adviser)


def test_a_counsellor_does_not_support_themselves(adviser, referrer, counsellor):
    own = refer(referrer, trainee_email=counsellor.email)
    with refused("cannot support themselves"):
        assign(own, counsellor, adviser)


@pytest.mark.parametrize("about", ["trainee", "employer"])
def test_a_declared_conflict_of_interest_stops_it(referral, adviser, counsellor, about):
    if about == "trainee":
        work.declare_conflict(counsellor, trainee_email=referral.trainee_email.upper())
    else:
        work.declare_conflict(counsellor, employer=referral.employer)
    with refused("has declared a conflict of interest"):
        assign(referral, counsellor, adviser)


def test_assigning_the_same_counsellor_again_sends_nothing(referral, adviser, counsellor):
    assign(referral, counsellor, adviser)
    with refused("has this referral already. Nothing was sent again."):
        assign(referral, counsellor, adviser)


def test_a_change_of_counsellor_needs_a_reason(referral, adviser, counsellor, other_counsellor):
    assign(referral, counsellor, adviser)
    with after_the_undo_minute():
        for nothing in ("", "   "):
            with refused("Say why the counsellor changes"):
                assign(referral, other_counsellor, adviser, nothing)


def test_with_a_reason_all_three_are_told(referral, adviser, counsellor, other_counsellor):
    assign(referral, counsellor, adviser)
    with after_the_undo_minute():
        assignment = assign(referral, other_counsellor, adviser, "Moved away")

    assert (assignment.previous, assignment.reason) == (counsellor, "Moved away")
    assert kinds("referral.reassigned") == ["reassigned_trainee", "assigned_counsellor", "unassigned_counsellor"]
    assert "Moved away" not in "".join(notice.text for notice in assignment.event.notices)


def test_a_change_half_way_keeps_the_referral_where_it_stands(referral, adviser, counsellor, other_counsellor):
    assign(referral, counsellor, adviser)
    begun = stand_at(referral, Status.IN_PROGRESS)
    with after_the_undo_minute():
        assign(begun, other_counsellor, adviser, "Long illness")

    assert Referral.get_by_id(referral.id).status == Status.IN_PROGRESS


def test_within_the_undo_minute_it_is_undone_first_and_then_changed(referral, adviser, counsellor, other_counsellor):
    assign(referral, counsellor, adviser)
    with refused("Alex Adviser assigned Chris Counsellor a moment ago"):
        assign(referral, other_counsellor, adviser, "A better idea")


def test_what_is_closed_is_not_assigned(referral, adviser, counsellor, referrer):
    actions.withdraw(referral, by=referrer)
    with refused("closed, so nobody can be assigned"):
        assign(referral, counsellor, adviser)


def test_choosing_from_a_page_that_is_out_of_date_is_refused_kindly(referral, adviser, counsellor):
    actions.accept(Referral.get_by_id(referral.id), by=PersonalLink.select().first())
    with refused("Nothing was sent", StaleRecord):
        assign(referral, counsellor, adviser)


def test_the_second_of_two_advisers_is_told_kindly_who_was_faster(referral, adviser, counsellor, other_counsellor):
    seen_by_both = Referral.get_by_id(referral.id)
    with clock.at(clock.now() - 2 * MINUTE):
        assign(referral, counsellor, adviser)
    second = a_user(Role.SENIOR_ADVISER)

    with refused("Alex Adviser assigned Chris Counsellor at", StaleRecord):
        assign(seen_by_both, other_counsellor, second)
    with refused("nobody gets a second email", StaleRecord):
        assign(seen_by_both, other_counsellor, second)


def at_once(acts):
    """Do these at the same moment, each with a connection of its own. Gives what each gave or raised."""
    gate, answers = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number, act):
        with db.connection_context():
            gate.wait()
            try:
                answers[number] = act()
            except RuleBroken as refusal:
                answers[number] = refusal

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_of_two_advisers_at_once_one_decides_and_the_letters_go_once(adviser, referrer, counsellor, other_counsellor):
    second = a_user(Role.SENIOR_ADVISER, name="Second Adviser")
    for _ in range(20):
        referral = a_referral(referrer)
        pages = [Referral.get_by_id(referral.id) for _ in range(2)]

        answers = at_once([
            lambda pages=pages: assign(pages[0], counsellor, adviser),
            lambda pages=pages: assign(pages[1], other_counsellor, second),
        ])  # fmt: skip

        losers = [answer for answer in answers if isinstance(answer, RuleBroken)]
        winners = [answer for answer in answers if isinstance(answer, Assignment)]
        assert (len(winners), len(losers)) == (1, 1)
        fresh = Referral.get_by_id(referral.id)
        assert (fresh.assigned_to, fresh.assigned_by) == (winners[0].counsellor, winners[0].assigned_by)
        assert f"{fresh.assigned_by.name} assigned {fresh.assigned_to.name}" in losers[0].words
        told = Notice.select().where((Notice.referral == referral) & Notice.kind.startswith("assigned"))
        assert sorted(notice.kind for notice in told) == ["assigned_counsellor", "assigned_trainee"]
        assert Assignment.select().where(Assignment.referral == referral).count() == 1


# Undoing


def test_within_a_minute_an_assignment_is_undone_as_if_it_had_not_been(referral, adviser, counsellor):
    assignment = assign(referral, counsellor, adviser)
    actions.undo_assignment(referral, by=adviser)

    fresh = Referral.get_by_id(referral.id)
    assert (fresh.status, fresh.assigned_to, fresh.assigned_by, fresh.assigned_at) == (
        Status.SUBMITTED,
        None,
        None,
        None,
    )
    assert {notice.state for notice in assignment.event.notices} == {NoticeState.UNDONE}
    assert Event.get_by_id(assignment.event_id).undone_at is not None
    assert Assignment.get_by_id(assignment.id).undone_at is not None


def test_what_was_undone_is_never_sent(referral, adviser, counsellor):
    event = assign(referral, counsellor, adviser).event
    actions.undo_assignment(referral, by=adviser)

    with clock.at(clock.now() + timedelta(hours=1)):
        assert not [notice for notice in outbox.claim("a worker", most=100) if notice.event == event]


def test_undoing_a_change_gives_the_referral_back_to_the_counsellor_before(
    referral, adviser, counsellor, other_counsellor
):
    second = a_user(Role.SENIOR_ADVISER)
    first = assign(referral, counsellor, second)
    with after_the_undo_minute():
        assign(referral, other_counsellor, adviser, "A slip")
        actions.undo_assignment(referral, by=adviser)

    fresh = Referral.get_by_id(referral.id)
    assert (fresh.status, fresh.assigned_to, fresh.assigned_by) == (Status.ASSIGNED, counsellor, second)
    assert fresh.assigned_at == first.assigned_at


def test_after_an_undo_somebody_else_is_assigned_without_a_reason(referral, adviser, counsellor, other_counsellor):
    assign(referral, counsellor, adviser)
    actions.undo_assignment(referral, by=adviser)
    assign(referral, other_counsellor, adviser)

    assert Referral.get_by_id(referral.id).assigned_to == other_counsellor


def test_after_the_minute_it_is_too_late(referral, adviser, counsellor):
    assign(referral, counsellor, adviser)
    with after_the_undo_minute(), refused("too late to undo"):
        actions.undo_assignment(referral, by=adviser)


def test_at_the_last_moment_it_is_not(referral, adviser, counsellor):
    assign(referral, counsellor, adviser)
    with clock.at(clock.now() + MINUTE - timedelta(seconds=20)):
        actions.undo_assignment(referral, by=adviser)

    assert Referral.get_by_id(referral.id).is_waiting


def test_it_is_too_late_when_a_worker_has_the_letter_in_its_hands(referral, adviser, counsellor):
    event = assign(referral, counsellor, adviser).event
    Notice.update(claimed_by="a worker").where(Notice.event == event).execute()

    with refused("the emails have gone"):
        actions.undo_assignment(referral, by=adviser)


def test_only_who_assigned_can_undo_it(referral, adviser, counsellor):
    assign(referral, counsellor, adviser)
    somebody_else = a_user(Role.SENIOR_ADVISER)
    with refused("no assignment of yours"):
        actions.undo_assignment(referral, by=somebody_else)


def test_it_is_undone_once(referral, adviser, counsellor):
    with refused("no assignment of yours"):
        actions.undo_assignment(referral, by=adviser)
    assign(referral, counsellor, adviser)
    actions.undo_assignment(referral, by=adviser)
    with refused("no assignment of yours"):
        actions.undo_assignment(referral, by=adviser)


def test_what_was_closed_in_the_meantime_is_not_reopened_by_an_undo(referral, adviser, counsellor, referrer):
    assign(referral, counsellor, adviser)
    actions.withdraw(referral, by=referrer)
    with refused("closed in the meantime"):
        actions.undo_assignment(Referral.get_by_id(referral.id), by=adviser)


def test_an_undo_and_a_worker_at_once_end_in_one_of_the_two(referrer, adviser, counsellor):
    """Either the letters go and the assignment stands, or neither."""
    for _ in range(10):
        referral = a_referral(referrer)
        event = assign(referral, counsellor, adviser).event
        Notice.update(due_at=clock.now() + timedelta(milliseconds=3)).where(Notice.event == event).execute()

        at_once([
            lambda: outbox.claim("a worker", most=1000),
            lambda referral=referral: actions.undo_assignment(Referral.get_by_id(referral.id), by=adviser),
        ])  # fmt: skip

        states = {(notice.state, notice.claimed_by) for notice in Notice.select().where(Notice.event == event)}
        if Referral.get_by_id(referral.id).is_waiting:
            assert states == {(NoticeState.UNDONE, "")}
        else:
            assert {state for state, _ in states} == {NoticeState.QUEUED}


# Undoing a closing, and many at once


def close(referral, adviser, ending=Ending.UNABLE_TO_CONTACT):
    actions.close(referral, ending, adviser, referral.version)


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.ASSIGNED, Status.IN_PROGRESS])
def test_a_closing_is_undone_within_the_minute_and_the_referral_stands_where_it_stood(
    referral, adviser, counsellor, status
):
    if status != Status.SUBMITTED:
        with clock.at(clock.now() - 2 * MINUTE):
            assign(referral, counsellor, adviser)
        referral = stand_at(referral, status)
    close(referral, adviser)
    actions.undo_closing(referral, by=adviser)

    fresh = Referral.get_by_id(referral.id)
    assert (fresh.status, fresh.closed_at, fresh.ending) == (status, None, None)
    event = Event.get(Event.name == "referral.closed")
    assert event.undone_at is not None
    assert {notice.state for notice in event.notices} == {NoticeState.UNDONE}


def test_a_duplicate_that_was_closed_by_mistake_repeats_nothing_any_more(adviser, referrer):
    first, second = refer(referrer), refer(a_referrer())
    actions.close(second, Ending.DUPLICATE, adviser, second.version, first)
    actions.undo_closing(second, by=adviser)

    assert Referral.get_by_id(second.id).duplicate_of is None


def test_after_the_minute_a_closing_stays(referral, adviser):
    close(referral, adviser)
    with after_the_undo_minute(), refused("too late to undo"):
        actions.undo_closing(referral, by=adviser)


def test_a_closing_is_undone_once_and_by_who_closed(referral, adviser):
    somebody_else = a_user(Role.SENIOR_ADVISER)
    with refused("no closing of yours"):
        actions.undo_closing(referral, by=adviser)
    close(referral, adviser)
    with refused("no closing of yours"):
        actions.undo_closing(referral, by=somebody_else)
    actions.undo_closing(referral, by=adviser)
    with refused("no closing of yours"):
        actions.undo_closing(referral, by=adviser)


def test_what_the_trainee_or_the_referrer_ended_the_team_does_not_undo(referral, adviser, referrer):
    actions.withdraw(referral, by=referrer)
    with refused("no closing of yours"):
        actions.undo_closing(referral, by=adviser)


def test_nothing_is_closed_while_the_letters_of_its_assignment_wait(referral, adviser, counsellor):
    """Else an undone closing would leave a trainee who was never told who supports them."""
    assign(referral, counsellor, adviser)
    with refused("assigned Chris Counsellor a moment ago"):
        close(referral, adviser)


def test_many_are_assigned_at_one_press_and_who_cannot_be_is_told_why(adviser, referrer, counsellor):
    chosen = [a_referral(referrer) for _ in range(3)]
    work.declare_conflict(counsellor, trainee_email=chosen[1].trainee_email)

    outcome = actions.for_each(
        chosen, lambda one, batch: actions.assign(one, counsellor, adviser, one.version, "", batch)
    )

    assert outcome.done == [chosen[0], chosen[2]]
    ((refused_one, words),) = outcome.refused
    assert refused_one == chosen[1]
    assert "declared a conflict of interest" in words
    assert [Referral.get_by_id(one.id).assigned_to for one in chosen] == [counsellor, None, counsellor]
    assert audit.verify()[1] is None


def test_many_are_undone_at_one_press_all_or_none(adviser, referrer, counsellor):
    chosen = [a_referral(referrer) for _ in range(3)]
    actions.for_each(chosen, lambda one, batch: actions.assign(one, counsellor, adviser, one.version, "", batch))
    events = list(Event.select().where(Event.name == "referral.assigned"))
    Notice.update(claimed_by="a worker").where(Notice.event == events[2]).execute()
    with refused("too late to undo"):
        actions.undo(events[0], by=adviser)

    Notice.update(claimed_by="").execute()
    actions.undo(events[1], by=adviser)
    assert {Referral.get_by_id(one.id).status for one in chosen} == {Status.SUBMITTED}


def test_one_of_many_that_fails_after_it_was_written_leaves_no_trace(adviser, referrer, counsellor):
    chosen = [a_referral(referrer) for _ in range(3)]

    def act(one, batch):
        actions.assign(one, counsellor, adviser, one.version, "", batch)
        if one == chosen[1]:
            raise RuleBroken("Not this one.")

    outcome = actions.for_each(chosen, act)

    assert outcome.refused == [(chosen[1], "Not this one.")]
    assert Referral.get_by_id(chosen[1].id).is_waiting
    assert not Event.select().where((Event.referral == chosen[1]) & (Event.name == "referral.assigned")).exists()
    assert audit.verify()[1] is None


def test_a_view_of_ones_own_is_kept_under_a_name_that_is_not_taken(adviser):
    actions.save_view(adviser, "Long waits", "/referrals/inbox?sort=oldest")
    with refused("You have a view called Long waits already."):
        actions.save_view(adviser, "Long waits", "/referrals/inbox")

    actions.save_view(a_user(Role.SENIOR_ADVISER), "Long waits", "/referrals/inbox")
    assert [view.address for view in queries.saved_views(adviser)] == ["/referrals/inbox?sort=oldest"]


def test_nobody_keeps_more_views_than_they_can_read(adviser):
    for number in range(actions.MOST_VIEWS):
        actions.save_view(adviser, f"View {number}", "/referrals/inbox")
    with refused("Delete one first"):
        actions.save_view(adviser, "One more", "/referrals/inbox")


# Releasing to the TSG (A4)


def test_the_head_may_release_nothing_the_fact_or_words_of_their_own(with_concerns, head):
    nothing = actions.release(with_concerns, ReleaseChoice.NOTHING, "", by=head)
    fact = actions.release(with_concerns, ReleaseChoice.FACT, "not meant to be sent", by=head)
    words = actions.release(with_concerns, ReleaseChoice.WORDS, "  Please wait for us. ", by=head)

    assert [release.words for release in (nothing, fact, words)] == ["", "", "Please wait for us."]


def test_the_release_is_frozen_as_it_was_sent(with_concerns, head, adviser):
    release = actions.release(with_concerns, ReleaseChoice.FACT, "", by=head)
    name = with_concerns.trainee_name
    Referral.update(trainee_name="Another Name").where(Referral.id == with_concerns.id).execute()

    assert Release.get_by_id(release.id).trainee_name == name


def test_words_must_be_written_where_words_are_chosen(with_concerns, head):
    with refused("Write the words"):
        actions.release(with_concerns, ReleaseChoice.WORDS, "   ", by=head)


def test_nobody_but_the_head_of_this_school_releases(with_concerns, adviser, referrer, tsg):
    """A4."""
    others = [adviser, referrer, tsg, a_head()]
    for somebody in others:
        with refused("Only the head of the trainee’s school decides"):
            actions.release(with_concerns, ReleaseChoice.FACT, "", by=somebody)


def test_without_wider_concerns_there_is_nothing_to_decide(adviser, referrer, head, school):
    referral = refer(referrer, school=school)
    with refused("Only the head"):
        actions.release(referral, ReleaseChoice.FACT, "", by=head)


def test_a_head_who_lost_the_role_releases_nothing_any_more(with_concerns, head):
    RoleHeld.delete().where(RoleHeld.user == head).execute()
    with refused("Only the head"):
        actions.release(with_concerns, ReleaseChoice.FACT, "", by=head)


@pytest.mark.parametrize("choice", [ReleaseChoice.FACT, ReleaseChoice.WORDS])
def test_that_the_team_is_involved_is_not_released_once_it_no_longer_is(with_concerns, head, referrer, choice):
    actions.withdraw(with_concerns, by=referrer)
    with refused("This referral is closed"):
        actions.release(with_concerns, choice, "Words", by=head)


def test_what_was_released_can_be_taken_back_even_then(with_concerns, head, referrer):
    actions.release(with_concerns, ReleaseChoice.FACT, "", by=head)
    actions.withdraw(with_concerns, by=referrer)
    actions.release(with_concerns, ReleaseChoice.NOTHING, "", by=head)

    assert queries.released(with_concerns) is None


# The trainee's address


def test_a_corrected_address_is_found_and_links_to_the_wrong_one_stop_working(referral, adviser, trainee):
    wrong = PersonalLink.get(PersonalLink.referral == referral)
    actions.correct_trainee_address(referral, trainee.email, adviser, referral.version)

    fresh = Referral.get_by_id(referral.id)
    assert (fresh.trainee_email, fresh.trainee) == (trainee.email, trainee)
    assert trainee.email.partition("@")[0] in fresh.search_words
    assert not links.is_open(PersonalLink.get_by_id(wrong.id))


def test_the_same_address_is_no_correction(referral, adviser):
    with refused("the address we have already"):
        actions.correct_trainee_address(referral, referral.trainee_email, adviser, referral.version)


def test_correcting_what_somebody_just_changed_is_refused_kindly(referral, adviser):
    with refused("while you were looking at it", StaleRecord):
        actions.correct_trainee_address(referral, "right@trainees.example", adviser, referral.version - 1)


def test_what_waited_for_the_wrong_address_is_not_sent_to_it(referral, adviser):
    actions.correct_trainee_address(referral, "right@trainees.example", adviser, referral.version)
    notice = Notice.get(Notice.kind == "personal_link")
    outbox.claim("a worker")

    assert outbox.about_to_send(notice, "a worker") == []
    assert Notice.get_by_id(notice.id).state == NoticeState.FAILED


def test_a_fresh_link_goes_to_the_trainee_alone_and_the_one_before_still_works(referral, adviser):
    actions.send_link_again(referral, by=adviser)

    assert kinds("link.sent_again") == ["personal_link"]
    assert [links.is_open(link) for link in referral.links] == [True, True]


def test_each_referral_has_a_reference_that_can_be_said(referral):
    assert referral.reference == f"{referral.public_id[:4]}-{referral.public_id[4:]}".upper()
    assert not set(referral.public_id) & set("aeiou01l5s")


def test_the_database_itself_refuses_what_cannot_be(referral):
    """A closed referral without a moment, wider concerns without a school, somebody's case without anybody."""
    for impossible in (
        {"stage": Stage.CLOSED, "status": Status.CLOSED},
        {"wider_concerns": True, "school": None},
        {"stage": Stage.ASSIGNED, "status": Status.ASSIGNED},
        {"status": "lost"},
    ):
        with nothing_written(), pytest.raises(Exception, match=r"(?i)constraint"):
            Referral.update(**impossible).where(Referral.id == referral.id).execute()


def test_a_user_row_is_needed_for_none_of_this(referral):
    """A trainee without an account accepts and declines by the link alone."""
    assert User.get_or_none(User.email == referral.trainee_email) is None
