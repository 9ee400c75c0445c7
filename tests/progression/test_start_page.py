"""What `/` says to the School of reviews and support meetings that wait for them, and to nobody else."""

from datetime import timedelta

import pytest

from models import FileKind, LedTo, Minutes, Paper, Present, ReportedTo, Role, SupportDecision, SupportMeeting
from signpost import clock
from signpost.progression import further, minutes, outcomes, papers, reviews
from signpost.progression.outcomes import Chosen
from signpost.progression.stand_in import Named
from tests.factories import a_review, a_support_meeting, a_user
from tests.files import made

TO_SHARE = "2 papers to share before you meet Sam Scientist"
TO_RECORD = "What did the meeting with Sam Scientist come to?"
TO_AGREE = "Minutes of the meeting with Sam Scientist to agree"
TO_JUDGE = "A report about Sam Scientist waits for a second person"
PANEL = further.Wanted(ReportedTo.PANEL, Named("Pia Panel", "p@panel.example"), "All support was given", "Please look")


@pytest.fixture
def chair(app):
    return a_user(Role.MEETING_CHAIR, name="Chris Chair")


@pytest.fixture
def review(team, scientist, officer, director):
    made = a_review(team, scientist, officer, director=director)
    reviews.decide(made, SupportDecision.FULL, team, made.version)
    return made


@pytest.fixture
def support(review, chair, team, colleague):
    return a_support_meeting(review, chair, team, clock.now() + timedelta(days=12), minute_taker=colleague)


@pytest.fixture
def held(support):
    SupportMeeting.update(held_at=clock.now()).execute()
    return SupportMeeting.get_by_id(support.id)


@pytest.fixture
def start(browser_of):
    def read(who):
        browser = browser_of(who)
        assert browser.get("/").status_code == 200
        return browser.page.text

    return read


def test_papers_wait_for_who_chairs_until_they_are_shared(
    start, support, scientist, officer, team, director, chair, university
):
    added = [papers.add(support, FileKind.OTHER, "Plan.pdf", made.pdf("The plan"), scientist) for _ in range(3)]
    papers.recall(added.pop(), "Another trainee’s", scientist)

    assert TO_SHARE in start(chair)
    for nobody_else in (team, director, scientist, officer, university):
        assert "to share" not in start(nobody_else)
    papers.share(support, added, [], chair)
    assert "to share" not in start(chair)


def test_what_a_meeting_came_to_and_its_minutes_wait_for_who_chaired_it(
    start, held, colleague, chair, director, scientist, officer
):
    for present in (Present.TOGETHER, Present.TRAINEE_ALONE):
        minutes.write(held, present, "They agreed on two more weeks.", 0, colleague)
    minutes.write(held, Present.OFFICER_ALONE, "", 0, colleague)

    assert TO_RECORD in start(chair)
    assert start(chair).count(TO_AGREE) == 1
    for nobody_else in (director, scientist, officer, colleague):
        assert TO_AGREE not in start(nobody_else)
        assert TO_RECORD not in start(nobody_else)
    for one in Minutes.select().where(Minutes.present != Present.OFFICER_ALONE):
        minutes.agree(one, one.version, chair)
    outcomes.decide(held, [Chosen(LedTo.ACTION_PLAN)], chair)
    assert TO_AGREE not in start(chair)
    assert TO_RECORD not in start(chair)


def test_a_report_waits_for_everybody_of_the_school_but_who_asked_for_it(
    start, review, support, team, colleague, director, chair, scientist, officer
):
    report = further.ask(review, PANEL, director)

    for second in (team, colleague, chair):
        assert TO_JUDGE in start(second)
    for nobody_else in (director, scientist, officer):
        assert TO_JUDGE not in start(nobody_else)
    further.judge(report, False, chair)
    assert TO_JUDGE not in start(team)


def test_the_director_finds_what_is_to_be_decided_about_their_trainees_alone(start, team, director, chair):
    a_review(team, director=director)

    assert "1 review of progression to decide about" in start(director)
    assert "to decide about" not in start(chair)


def test_who_takes_part_in_a_review_finds_nothing_of_it_as_somebody_who_chairs(
    start, review, support, held, team, colleague, scientist, chair
):
    """The chair of a meeting who became the trainee's officer since then; and whose review was closed."""
    minutes.write(held, Present.TOGETHER, "They agreed on two more weeks.", 0, colleague)
    further.ask(review, PANEL, team)
    reviews.name_officer(review, Named(chair.name, chair.email), team)

    for words in (TO_AGREE, TO_RECORD, TO_JUDGE):
        assert words not in start(chair)


def test_nothing_of_a_closed_review_or_of_a_meeting_that_was_called_off_waits(
    start, review, support, team, scientist, chair
):
    papers.add(support, FileKind.OTHER, "Plan.pdf", made.pdf("The plan"), scientist)
    SupportMeeting.update(called_off_at=clock.now()).execute()
    assert "to share" not in start(chair)
    SupportMeeting.update(called_off_at=None, held_at=clock.now()).execute()
    reviews.close(review, team, review.version)

    assert TO_RECORD not in start(chair)
    assert Paper.select().count() == 1
