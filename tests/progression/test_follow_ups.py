"""What follows a review: in words that trainee and officer read; a body is told the action and no more (E2, E14)."""

import pytest

from models import AskedOf, FollowUp, FollowUpKind, LinkPurpose, Notice, NoticeRecipient
from signpost import clock
from signpost.accounts import links
from signpost.errors import RuleBroken
from signpost.events import rehearse
from signpost.progression import follow_ups, reviews
from signpost.progression.stand_in import Named
from tests.factories import a_review

ACTION = "Please release them on Tuesdays"
DEPARTMENT = follow_ups.Asked(AskedOf.DEPARTMENT, Named("Dee Department", "dee@trust.example"))
SERVICE = follow_ups.Asked(AskedOf.SCHOOL_SERVICE, Named("Sid Service", "sid@school.example"))


@pytest.fixture
def review(team, scientist, officer):
    return a_review(team, scientist, officer)


def refused(act, words):
    with pytest.raises(RuleBroken, match=words):
        act()
    assert (FollowUp.select().count(), Notice.select().count()) == (0, 0)


def test_a_department_is_told_that_it_is_asked_and_reads_the_action_behind_its_link(client, review, team):
    made = follow_ups.add(review, FollowUpKind.ACTION_ASKED, ACTION, DEPARTMENT, team)

    letter = Notice.get()
    assert (letter.kind, letter.reply_to) == ("action_asked", team.email)
    assert ACTION not in letter.text + letter.subject
    assert {(one.address, one.permission) for one in NoticeRecipient.select()} == {("dee@trust.example", "E2-asked")}
    assert made.sent_at is not None
    token = letter.text.split("/progression/links/")[1].split()[0]
    assert client.get(f"/progression/links/{token}").status_code == 200
    assert ACTION in client.page.text
    assert review.trainee_name not in client.page.text


def test_its_link_opens_nothing_else(client, review, team):
    made = follow_ups.add(review, FollowUpKind.ACTION_ASKED, ACTION, DEPARTMENT, team)
    token = links.make(LinkPurpose.ACTION_ASKED, made.to_name, made.to_email, follow_up=made)

    assert client.submit(f"/progression/links/{token}/call", answer="declined").status_code == 404


def test_trainee_and_officer_see_the_same_words_and_whom_they_went_to(browser_of, review, team, scientist, officer):
    follow_ups.add(review, FollowUpKind.ACTION_ASKED, ACTION, DEPARTMENT, team)

    for one in (scientist, officer):
        browser = browser_of(one)
        browser.get(f"/progression/reviews/{review.public_id}")
        assert ACTION in browser.page.text
        assert "Dee Department" in browser.page.text


def test_what_will_be_sent_is_seen_before_and_nothing_is_sent_by_looking(review, team):
    (letter,) = rehearse(lambda: follow_ups.add(review, FollowUpKind.ACTION_ASKED, ACTION, DEPARTMENT, team))

    assert letter.recipients[0].person.address == "dee@trust.example"
    assert (FollowUp.select().count(), Notice.select().count()) == (0, 0)


def test_the_page_shows_the_email_before_it_goes(browser_of, review, team):
    browser = browser_of(team)
    browser.get(f"/progression/reviews/{review.public_id}/follow-ups/new")
    fields = {
        "kind": "action_asked", "words": ACTION, "asked_of": "department", "to_name": "Dee Department",
        "to_email": "dee@trust.example",
    }  # fmt: skip

    browser.press("Add it", **fields)
    assert "This email goes to Dee Department" in browser.page.text
    assert Notice.select().count() == 0
    browser.press("Add it and send the email")

    assert Notice.select().count() == 1


def test_what_trainee_and_officer_do_themselves_tells_nobody_else(review, team):
    follow_ups.add(review, FollowUpKind.TRAINING_PLAN, "Plan two rotations", None, team)

    assert Notice.select().count() == 0


def test_the_employers_own_policies_are_named_and_nobody_there_is_told(review, team):
    refused(
        lambda: follow_ups.add(review, FollowUpKind.EMPLOYER_POLICIES, ACTION, DEPARTMENT, team), "nobody there is told"
    )
    follow_ups.add(review, FollowUpKind.EMPLOYER_POLICIES, "Occupational health can help", None, team)

    assert Notice.select().count() == 0


def test_an_action_that_is_asked_is_asked_of_somebody(review, team):
    refused(lambda: follow_ups.add(review, FollowUpKind.ACTION_ASKED, ACTION, None, team), "Say who is asked")


def test_a_service_of_the_school_is_asked_by_its_own_kind(review, team):
    refused(lambda: follow_ups.add(review, FollowUpKind.ACTION_ASKED, ACTION, SERVICE, team), "Choose another kind")

    assert follow_ups.add(review, FollowUpKind.SCHOOL_SERVICES, ACTION, SERVICE, team).asked_of == "school_service"


def test_nobody_is_asked_at_the_trainees_own_address(review, team):
    own = follow_ups.Asked(AskedOf.DEPARTMENT, Named("Dee", review.trainee_email))

    refused(lambda: follow_ups.add(review, FollowUpKind.ACTION_ASKED, ACTION, own, team), "trainee’s own address")


def test_support_to_leave_comes_after_everything_else(review, team):
    refused(lambda: follow_ups.add(review, FollowUpKind.SUPPORTED_EXIT, "Leaving", None, team), "after everything else")
    follow_ups.add(review, FollowUpKind.TRAINING_PLAN, "Plan two rotations", None, team)

    assert follow_ups.add(review, FollowUpKind.SUPPORTED_EXIT, "Leaving", None, team).sent_at is None


def test_the_same_again_is_one_press(review, team):
    first = follow_ups.add(review, FollowUpKind.ACTION_ASKED, ACTION, DEPARTMENT, team)

    assert follow_ups.add(review, FollowUpKind.ACTION_ASKED, ACTION, DEPARTMENT, team) == first
    assert Notice.select().count() == 1


def test_it_is_done_once(review, team):
    made = follow_ups.add(review, FollowUpKind.TRAINING_PLAN, "Plan two rotations", None, team)

    follow_ups.done(made, team)
    at = FollowUp.get().done_at
    follow_ups.done(made, team)

    assert FollowUp.get().done_at == at <= clock.now()


def test_nothing_follows_a_closed_review(review, team):
    reviews.close(review, team, review.version)

    refused(lambda: follow_ups.add(review, FollowUpKind.TRAINING_PLAN, "Plan", None, team), "closed")
