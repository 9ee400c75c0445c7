"""The history of a referral in sentences, each for those it concerns."""

from datetime import timedelta

import pytest
from playhouse.test_utils import count_queries

from models import Ending, Event, Notice, PersonalLink, ReleaseChoice, Role, School, db
from signpost import clock
from signpost.events import record
from signpost.notices import actions as messages
from signpost.notices import outbox
from signpost.notices.policy import EVENTS
from signpost.referrals import actions, history
from signpost.referrals.queries import Relation
from tests.factories import a_referral, a_user

ALL = frozenset(Relation)


@pytest.fixture
def school(head):
    return School.get(School.name == "School of Medicine")


@pytest.fixture
def other_counsellor(app):
    return a_user(Role.COUNSELLOR, name="Other Counsellor")


def sentences(referral, *relations):
    return [entry.sentence for entry in history.of(referral, frozenset(relations))]


def later(minutes=2):
    return clock.at(clock.now() + timedelta(minutes=minutes))


@pytest.fixture
def eventful(adviser, referrer, counsellor, other_counsellor, head, school):
    """A referral to which everything happened that can happen to one."""
    referral = a_referral(referrer, trainee_name="Sam Ng", trainee_email="sam@trainees.example", school=school)
    link = PersonalLink.get(PersonalLink.referral == referral)
    actions.accept(referral, by=link)
    actions.add_concerns(referral, None, by=referrer)
    actions.release(referral, ReleaseChoice.NOTHING, "", by=head)
    actions.release(referral, ReleaseChoice.WORDS, "Please wait.", by=head)
    actions.assign(referral, counsellor, adviser, referral.version)
    actions.undo_assignment(referral, by=adviser)
    actions.assign(referral, counsellor, adviser, referral.version)
    with later(2):
        actions.assign(referral, other_counsellor, adviser, referral.version, "Lives nearer")
    with later(4):
        actions.correct_trainee_address(referral, "sam.ng@trainees.example", adviser, referral.version)
        actions.send_link_again(referral, by=adviser)
        notice = Notice.get(Notice.kind == "personal_link")
        outbox.failed(notice, list(notice.recipients), "no_such_address")
        messages.send_again(notice, by=adviser)
        actions.close(referral, Ending.LEFT_PROGRAMME, adviser, referral.version)
    return referral


def test_the_team_reads_what_happened_the_newest_first(eventful):
    with later(10):
        assert sentences(eventful, Relation.ADVISER) == [
            "Alex Adviser closed the referral: the trainee left the programme",
            "Alex Adviser sent a message again",
            "A new personal link was sent to the trainee",
            "Alex Adviser corrected the trainee’s email address",
            "Alex Adviser assigned Other Counsellor in place of Chris Counsellor",
            "Alex Adviser assigned Chris Counsellor",
            "Alex Adviser took the assignment back before anyone was told",
            "Alex Adviser assigned Chris Counsellor (undone)",
            "Robin Referrer added wider concerns, and the head of school was informed",
            "Sam Ng accepted the support",
            "Robin Referrer made the referral",
        ]


def test_adviser_and_counsellor_read_the_same(eventful):
    with later(10):
        assert sentences(eventful, Relation.COUNSELLOR) == sentences(eventful, Relation.ADVISER)


def test_the_trainee_reads_what_concerns_them_and_nothing_that_was_undone(eventful):
    with later(10):
        assert sentences(eventful, Relation.TRAINEE) == [
            "A new personal link was sent to the trainee",
            "Alex Adviser corrected the trainee’s email address",
            "Alex Adviser assigned Other Counsellor in place of Chris Counsellor",
            "Alex Adviser assigned Chris Counsellor",
            "Robin Referrer added wider concerns, and the head of school was informed",
            "Sam Ng accepted the support",
            "Robin Referrer made the referral",
        ]


def test_the_referrer_reads_what_they_did_themselves(eventful):
    """Never whether the trainee accepted, who supports them, or how it ended."""
    with later(10):
        assert sentences(eventful, Relation.REFERRER) == [
            "Robin Referrer added wider concerns, and the head of school was informed",
            "Robin Referrer made the referral",
        ]


def test_the_head_reads_of_the_concerns_and_of_their_own_decisions(eventful):
    with later(10):
        assert sentences(eventful, Relation.HEAD) == [
            "Hilary Head released to the Training Support Group: that the careers team is involved, with words",
            "Hilary Head decided to release nothing to the Training Support Group",
            "Robin Referrer added wider concerns, and the head of school was informed",
            "Robin Referrer made the referral",
        ]


def test_the_tsg_and_a_stranger_read_nothing(eventful):
    with later(10):
        assert sentences(eventful, Relation.TSG) == sentences(eventful) == []


def test_the_reason_for_a_change_is_the_teams_alone(eventful):
    with later(10):
        notes = {
            relation: [entry.note for entry in history.of(eventful, frozenset({relation})) if entry.note]
            for relation in Relation
        }

    assert {tuple(notes.pop(one)) for one in history.TEAM} == {("Lives nearer",)}
    assert not any(notes.values())


def test_the_words_for_the_tsg_stand_in_no_history(eventful):
    with later(10):
        assert "Please wait" not in " ".join(sentences(eventful, *ALL))


def test_what_can_still_be_undone_is_shown_to_the_team_alone(adviser, referrer, counsellor):
    referral = a_referral(referrer)
    actions.assign(referral, counsellor, adviser, referral.version)

    assert len(sentences(referral, Relation.ADVISER)) == 2
    assert len(sentences(referral, Relation.TRAINEE)) == 1
    with later(2):
        assert len(sentences(referral, Relation.TRAINEE)) == 2


def test_a_closing_that_was_taken_back_is_told_so(adviser, referrer):
    referral = a_referral(referrer)
    actions.close(referral, Ending.UNABLE_TO_CONTACT, adviser, referral.version)
    actions.undo_closing(referral, by=adviser)

    assert sentences(referral, Relation.ADVISER)[:2] == [
        "Alex Adviser took the closing back before anyone was told",
        "Alex Adviser closed the referral: the trainee could not be reached (undone)",
    ]


@pytest.mark.parametrize("ending", [ending for ending in Ending if ending in actions.CLOSING_REASONS])
def test_each_reason_for_closing_has_its_words(adviser, referrer, ending):
    referral = a_referral(referrer)
    with db.atomic():
        record("referral.closed", by=adviser, referral=referral, facts={"ending": ending, "stood_at": "in_progress"})

    assert not sentences(referral, Relation.ADVISER)[0].endswith(": ")


def test_a_trainee_who_declines_and_a_referrer_who_withdraws_are_named(adviser, referrer):
    declined, withdrawn = (a_referral(referrer, trainee_name=name) for name in ("Sam Ng", "Kim Xu"))
    actions.decline(declined, by=PersonalLink.get(PersonalLink.referral == declined))
    actions.withdraw(withdrawn, by=referrer)

    assert sentences(declined, Relation.ADVISER)[0] == "Sam Ng said no to the support"
    assert sentences(declined, Relation.REFERRER) == ["Robin Referrer made the referral"]
    for reader in (Relation.ADVISER, Relation.TRAINEE, Relation.REFERRER):
        assert sentences(withdrawn, reader)[0] == "Robin Referrer withdrew the referral"


def test_a_name_that_looks_like_a_placeholder_stays_a_name(adviser, referrer):
    referral = a_referral(referrer, trainee_name="{by} {trainee.__class__}")
    actions.accept(referral, by=PersonalLink.get(PersonalLink.referral == referral))

    assert sentences(referral, Relation.ADVISER)[0] == "{by} {trainee.__class__} accepted the support"


def test_every_event_of_a_referral_has_its_sentence(eventful):
    """Of those that happen to a referral; what happens to an account has no place here."""
    rooms = ("referral.", "concerns.", "link.sent", "assignment.", "closing.", "release.", "address.", "notice.")
    of_referrals = {name for name in EVENTS if name.startswith(rooms)}

    assert of_referrals <= set(history.SENTENCES)
    assert {event.name for event in Event.select().where(Event.referral.is_null(False))} <= of_referrals


def test_it_takes_as_many_statements_for_a_long_history_as_for_a_short_one(eventful, adviser, referrer):
    short = a_referral(referrer)
    history.of(short, ALL)
    with count_queries() as few:
        history.of(short, ALL)
    with count_queries() as many:
        history.of(eventful, ALL)

    assert many.count <= few.count <= 4
