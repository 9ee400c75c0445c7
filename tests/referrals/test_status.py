"""How a referral stands, in words, for each reader."""

import pytest

from models import Ending, Referral, Status, User
from signpost.referrals import status

COUNSELLOR = User(id=7, name="Chris Counsellor")
NOT_GOING_AHEAD = [Ending.DECLINED, Ending.WITHDRAWN, Ending.DUPLICATE, Ending.UNABLE_TO_CONTACT, Ending.LEFT_PROGRAMME]


def standing(at, ending=None, counsellor=COUNSELLOR):
    return Referral(status=at, ending=ending, assigned_to=None if at == Status.SUBMITTED else counsellor)


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (Status.SUBMITTED, "Sent"),
        (Status.ASSIGNED, "With the careers team"),
        (Status.FIRST_MEETING_BOOKED, "With the careers team"),
        (Status.IN_PROGRESS, "With the careers team"),
        (Status.SESSIONS_COMPLETE, "With the careers team"),
    ],
)
def test_a_referrer_reads_plain_words_and_never_of_attendance(at, words):
    assert status.for_referrer(standing(at)) == words


@pytest.mark.parametrize("ending", NOT_GOING_AHEAD)
@pytest.mark.parametrize("counsellor", [None, COUNSELLOR])
def test_what_ended_before_it_began_is_not_going_ahead_whatever_the_reason(ending, counsellor):
    assert status.for_referrer(standing(Status.CLOSED, ending, counsellor)) == "Not going ahead"


@pytest.mark.parametrize("ending", [Ending.COMPLETE, Ending.WITHDREW_PART_WAY])
def test_that_support_has_ended_the_referrer_reads_only_once_the_trainee_told_them(ending):
    """A21."""
    ended = standing(Status.CLOSED, ending)

    assert status.for_referrer(ended) == "With the careers team"
    assert status.for_referrer(ended, has_told_them=True) == "Ended"


@pytest.mark.parametrize("ending", NOT_GOING_AHEAD)
def test_whatever_ends_support_that_had_begun_is_the_trainee_s_to_tell(ending):
    """A21: until they have, the referrer reads what they read before."""
    ended = standing(Status.CLOSED, ending)

    assert status.for_referrer(ended, had_begun=True) == "With the careers team"
    assert status.for_referrer(ended, has_told_them=True, had_begun=True) == "Ended"


def test_a_referrer_reads_one_of_four_words_and_no_other():
    every = {
        status.for_referrer(standing(at, ending if at == Status.CLOSED else None), told, begun)
        for at in Status
        for ending in Ending
        for told in (False, True)
        for begun in (False, True)
    }

    assert every == {"Sent", "With the careers team", "Not going ahead", "Ended"}


@pytest.mark.parametrize("ending", Ending)
@pytest.mark.parametrize("had_begun", [False, True])
def test_a_head_reads_that_support_has_ended_only_once_the_trainee_told_them(ending, had_begun):
    """A21."""
    ended = standing(Status.CLOSED, ending)
    never_began = ending in NOT_GOING_AHEAD and not had_begun

    assert status.for_head(ended, had_begun=had_begun) == ("Closed" if never_began else "Open")
    assert status.for_head(ended, has_told_them=True, had_begun=had_begun) == "Ended"
    assert {status.for_head(standing(at)) for at in Status if at != Status.CLOSED} == {"Open"}


@pytest.mark.parametrize("ending", NOT_GOING_AHEAD)
def test_how_support_ended_once_it_had_begun_is_not_the_referrers_to_know(ending):
    assert status.for_referrer(standing(Status.CLOSED, ending), had_begun=True) == "With the careers team"


def test_the_trainee_reads_who_will_support_them():
    """A9."""
    assert "is choosing a counsellor for you" in status.for_trainee(standing(Status.SUBMITTED))
    assert status.for_trainee(standing(Status.ASSIGNED)) == "Chris Counsellor will support you"
    assert status.for_trainee(standing(Status.CLOSED, Ending.COMPLETE)) == "Closed"


def test_the_trainee_does_not_read_of_a_choice_that_can_still_be_taken_back():
    assert "is choosing" in status.for_trainee(standing(Status.ASSIGNED), is_pending=True)


@pytest.mark.parametrize("at", Status)
def test_every_status_has_words_and_a_colour_for_the_team(at):
    assert status.TEAM_WORDS[at]
    assert status.TEAM_COLOURS[at] in {"yellow", "blue", "aqua-green", "green", "grey"}


def test_no_word_blames_anybody():
    said = {*status.TEAM_WORDS.values(), "Not going ahead", "Ended"}

    assert not [words for words in said for bad in ("fail", "no-show", "problem", "refus") if bad in words.lower()]
