"""Papers of a support meeting: versions, late ones, who reads which when, who opened one, and recalling a wrong one."""

from datetime import timedelta

import pytest

from models import (
    Event,
    FileKind,
    FilePiece,
    LinkPurpose,
    Notice,
    NoticeRecipient,
    Owner,
    Paper,
    PaperOpening,
    StoredFile,
    SupportMeeting,
    ToPrepare,
)
from signpost import clock
from signpost.accounts import links
from signpost.errors import RuleBroken
from signpost.files.reading import NotTaken
from signpost.meetings import booking
from signpost.progression import papers, preparing, queries
from tests.factories import a_review, a_support_meeting, a_user
from tests.files import made

BEGINS = clock.parse("2026-11-30T10:00")
WHY = "It is another trainee’s plan."


@pytest.fixture(autouse=True)
def _early_in_november(app):
    clock.set_to(clock.parse("2026-11-02T09:00"))


@pytest.fixture
def review(team, scientist, officer, director, university):
    return a_review(team, scientist, officer, director=director, university=university)


@pytest.fixture
def support(review, team, director, colleague):
    invited = queries.university_of(review)
    return a_support_meeting(review, director, team, BEGINS, minute_taker=colleague, university=invited)


def add(support, by, kind=FileKind.TRAINING_PLAN, called="Plan.pdf", words="The plan of this year.", **more):
    return papers.add(support, kind, called, made.pdf(words), by, **more)


def names(reader, support):
    return [paper.file.name for paper in papers.readable(reader, support)]


def plan_is_done(support):
    return {
        line.done_at is not None
        for owner in Owner
        for line in preparing.checklist(support, owner)
        if line.item == ToPrepare.TRAINING_PLAN
    }


def told():
    rows = NoticeRecipient.select().join(Notice).where(Notice.kind == "papers_ready")
    return [row.address for row in rows.order_by(NoticeRecipient.id)]


# Adding


def test_a_plan_is_kept_sealed_with_who_and_when_and_is_then_prepared_by_both(support, scientist):
    paper = add(support, scientist)

    assert (paper.number, paper.is_late, paper.file.by_user, paper.file.added_at) == (
        1, False, scientist, paper.file.added_at,
    )  # fmt: skip
    assert plan_is_done(support) == {True}
    assert b"The plan of this year" not in b"".join(bytes(one.__data__["content"]) for one in FilePiece.select())


def test_each_kind_counts_its_own_versions(support, scientist, officer, team):
    numbers = [add(support, by).number for by in (scientist, officer, scientist)]

    assert numbers == [1, 2, 3]
    assert add(support, team, FileKind.OTHER).number == 1


def test_a_form_that_is_sent_eight_times_adds_one_paper(support, scientist):
    for _ in range(8):
        add(support, scientist, reference="bcdf2346")

    assert (Paper.select().count(), StoredFile.select().count()) == (1, 1)
    assert Event.select().where(Event.name == "paper.added").count() == 1


def test_a_page_of_another_meeting_that_was_sent_already_adds_nothing(support, review, team, director, scientist):
    add(support, scientist, reference="bcdf2346")
    other = a_support_meeting(review, director, team)

    with pytest.raises(RuleBroken, match="sent already"):
        add(other, scientist, reference="bcdf2346")


@pytest.mark.parametrize(
    ("at", "late"),
    [
        ("2026-11-23T23:59:59", False),
        ("2026-11-24T00:00:01", True),
        ("2026-11-30T09:59", True),
    ],
)
def test_a_plan_is_taken_after_its_day_and_marked(support, scientist, at, late):
    clock.set_to(clock.parse(at))

    assert add(support, scientist).is_late is late


# The clocks go back on Sunday 25 October: the plan for Monday 2 November is due on Monday 26, and for Friday 30 on
# Friday 23; they go forward on Sunday 28 March 2027, in the middle of Easter.
@pytest.mark.parametrize(
    ("begins", "due"),
    [
        ("2026-11-02T10:00", "2026-10-26"),
        ("2026-10-30T10:00", "2026-10-23"),
        ("2027-04-06T10:00", "2027-03-30"),
    ],
)
def test_a_second_before_and_after_midnight_where_the_clocks_change(review, team, director, scientist, begins, due):
    clock.set_to(clock.parse("2026-09-01T09:00"))
    support = a_support_meeting(review, director, team, clock.parse(begins))
    found = []
    last = clock.parse(f"{due}T23:59:59")
    for at in (last, last + timedelta(seconds=2)):
        clock.set_to(at)
        found.append(add(support, scientist).is_late)

    assert found == [False, True]


def test_a_plan_that_was_in_time_is_not_late_because_the_meeting_moved_nearer(support, scientist, team):
    clock.set_to(clock.parse("2026-11-20T12:00"))
    paper = add(support, scientist)

    booking.reschedule(queries.meeting_of(support), clock.parse("2026-11-25T10:00"), 120, "The placement ends", team)

    assert not papers.is_late(Paper.get_by_id(paper.id))


def test_a_plan_that_was_late_is_in_time_once_the_meeting_moved_away(support, scientist, team):
    clock.set_to(clock.parse("2026-11-26T12:00"))
    paper = add(support, scientist)
    assert papers.is_late(paper)

    booking.reschedule(queries.meeting_of(support), clock.parse("2026-12-14T10:00"), 120, "", team)

    assert not papers.is_late(Paper.get_by_id(paper.id))


def test_what_is_no_document_is_not_taken(support, scientist):
    with pytest.raises(NotTaken):
        papers.add(support, FileKind.TRAINING_PLAN, "plan.pdf", b"<html>", scientist)

    assert not StoredFile.select().exists()
    assert plan_is_done(support) == {False}


def test_the_university_and_strangers_add_nothing(support, university):
    for one in (university, a_user()):
        with pytest.raises(RuleBroken, match="add papers"):
            add(support, one)


def test_a_meeting_has_so_many_papers_and_no_more(support, scientist, monkeypatch):
    monkeypatch.setattr(papers, "MOST", 1)
    add(support, scientist)

    with pytest.raises(RuleBroken, match="1 papers"):
        add(support, scientist)


@pytest.mark.parametrize("column", ["held_at", "called_off_at"])
def test_nothing_is_added_to_a_meeting_that_is_over(support, scientist, column):
    SupportMeeting.update(**{column: clock.now()}).execute()

    with pytest.raises(RuleBroken, match="meeting"):
        add(support, scientist)


# Who reads what


def test_before_it_is_shared_only_who_added_it_and_the_school_read_it(
    support, scientist, officer, director, colleague, team, university
):
    add(support, scientist)

    assert all(names(one, support) == ["Plan.pdf"] for one in (scientist, director, colleague, team))
    assert names(officer, support) == names(university, support) == names(a_user(), support) == []


def test_what_is_shared_all_at_the_meeting_read_and_the_university_what_is_shared_with_it(
    support, scientist, officer, director, team, university
):
    plan = add(support, scientist)
    other = add(support, team, FileKind.OTHER, "Guidance.pdf")

    papers.share(support, [plan, other], [other], team)

    assert names(officer, support) == names(scientist, support) == ["Plan.pdf", "Guidance.pdf"]
    assert names(university, support) == ["Guidance.pdf"]


def test_the_university_reads_nothing_more_once_it_is_not_invited(support, team, university):
    paper = add(support, team, FileKind.OTHER)
    papers.share(support, [paper], [paper], team)
    assert names(university, support) == ["Plan.pdf"]

    SupportMeeting.update(university=None).execute()

    assert names(university, SupportMeeting.get()) == []


def test_who_has_a_link_reads_as_if_signed_in(team, director):
    review = a_review(team)
    support = a_support_meeting(review, director, team, BEGINS)
    token = links.make(LinkPurpose.REVIEWED_TRAINEE, review.trainee_name, review.trainee_email, review=review)
    link = links.find(token)

    paper = add(support, link)
    papers.hand_out(paper, link)

    assert names(link, support) == ["Plan.pdf"]
    assert PaperOpening.get().by_link == link


# Sharing


def test_sharing_tells_all_who_are_at_the_meeting_once(
    support, scientist, officer, director, colleague, team, university
):
    paper = add(support, scientist)
    for _ in range(3):
        papers.share(support, [Paper.get_by_id(paper.id)], [], team)

    assert sorted(told()) == sorted([scientist.email, officer.email, director.email, colleague.email])

    papers.share(support, [Paper.get_by_id(paper.id)], [Paper.get_by_id(paper.id)], team)
    assert told()[4:] == [university.email]


def test_the_letter_says_that_there_are_papers_and_nothing_of_them(support, scientist, team):
    paper = add(support, scientist, called="Plan of Sam Scientist.pdf")
    papers.share(support, [paper], [], team)

    for letter in Notice.select().where(Notice.kind == "papers_ready"):
        assert "Plan" not in letter.text
        assert "Sam" not in letter.text.partition("\n")[2]
        assert "Monday 30 November 2026" in letter.text


def test_only_the_team_and_the_chair_share(support, scientist, officer, university):
    paper = add(support, scientist)
    for one in (scientist, officer, university):
        with pytest.raises(RuleBroken, match="share the papers"):
            papers.share(support, [paper], [], one)

    assert Paper.get().shared_at is None


def test_the_university_gets_nothing_that_the_others_do_not(support, scientist, team):
    paper = add(support, scientist)

    with pytest.raises(RuleBroken, match="Select it for both"):
        papers.share(support, [], [paper], team)


def test_nothing_is_shared_with_a_university_that_is_not_invited(review, director, team, scientist):
    support = a_support_meeting(review, director, team, BEGINS)
    paper = add(support, scientist)

    with pytest.raises(RuleBroken, match="Nobody from the university"):
        papers.share(support, [paper], [paper], team)


# Opening and recalling


def test_who_opened_a_paper_is_kept_before_they_have_it(support, scientist, director, team):
    paper = add(support, scientist)
    papers.share(support, [paper], [], team)
    paper = Paper.get_by_id(paper.id)
    FilePiece.delete().execute()

    with pytest.raises(Exception, match="missing"):
        papers.hand_out(paper, director)

    assert [one.name for one in papers.openings([paper])[paper.id]] == [director.name]


def test_a_wrong_paper_is_recalled_before_it_is_shared_and_who_opened_it_is_known(support, officer, team, director):
    paper = add(support, officer)
    papers.hand_out(paper, director)

    papers.recall(paper, WHY, officer)

    assert names(team, support) == []
    assert not FilePiece.select().exists()
    assert StoredFile.get().name is None
    assert plan_is_done(support) == {False}
    (gone,) = papers.recalled(team, support)
    assert gone.recalled_why == WHY
    assert [one.name for one in papers.openings([gone])[gone.id]] == [director.name]


def test_a_wrong_paper_is_recalled_after_it_was_shared_and_who_opened_it_is_known(
    support, officer, team, scientist, director
):
    paper = add(support, officer)
    papers.share(support, [paper], [], team)
    papers.hand_out(Paper.get_by_id(paper.id), scientist)
    papers.hand_out(Paper.get_by_id(paper.id), director)

    papers.recall(Paper.get_by_id(paper.id), WHY, team)

    assert names(scientist, support) == names(officer, support) == []
    gone = papers.recalled(team, support)
    assert [one.name for one in papers.openings(gone)[gone[0].id]] == [scientist.name, director.name]


def test_recalling_one_version_leaves_the_others_and_the_line_done(support, scientist):
    first, second = add(support, scientist), add(support, scientist)

    papers.recall(first, WHY, scientist)
    assert plan_is_done(support) == {True}
    papers.recall(second, WHY, scientist)
    assert plan_is_done(support) == {False}
    assert add(support, scientist).number == 3


def test_recalling_again_is_one_press(support, scientist):
    paper = add(support, scientist)
    for _ in range(3):
        papers.recall(Paper.get_by_id(paper.id), WHY, scientist)

    assert Event.select().where(Event.name == "paper.recalled").count() == 1


def test_recalling_needs_a_reason_and_the_right_person(support, scientist, officer, university):
    paper = add(support, scientist)

    with pytest.raises(RuleBroken, match="Say why"):
        papers.recall(paper, " ", scientist)
    for one in (officer, university):
        with pytest.raises(RuleBroken, match="recall it"):
            papers.recall(paper, WHY, one)
    assert Paper.get().recalled_at is None


def test_why_it_was_recalled_is_for_the_school_and_who_added_it(support, scientist, officer, university, director):
    papers.recall(add(support, scientist), WHY, scientist)

    assert len(papers.recalled(scientist, support)) == len(papers.recalled(director, support)) == 1
    assert papers.recalled(officer, support) == papers.recalled(university, support) == []


def test_a_paper_is_no_document_of_a_case(support, scientist, browser_of):
    paper = add(support, scientist)

    assert browser_of(scientist).get(f"/documents/{paper.file.public_id}").status_code == 404
