"""The gap analysis of a support meeting: kept row by row, once, sealed, and changed where it stands (E9)."""

import pytest

from models import Event, GapRow, Owner, SupportMeeting, ToPrepare
from signpost import clock
from signpost.errors import RuleBroken, StaleRecord
from signpost.progression import gap_analysis, gap_table, preparing, queries
from tests.factories import a_review, a_support_meeting, a_user

TEXT = "Item\tStatus\tEvidence\tPlan\nSequencing\tDone\tLogbook\t\nVariants\tNot yet\t\tBy June\n"


@pytest.fixture
def support(team, scientist, officer, director, university):
    review = a_review(team, scientist, officer, director=director, university=university)
    return a_support_meeting(review, director, team, university=queries.university_of(review))


def keep(support, by, text=TEXT, replaces=False, was=None):
    seen = gap_analysis.seen(support) if was is None else was
    return gap_analysis.keep(support, gap_table.read(text), replaces, seen, by)


def said(support):
    return [(row.item, row.status) for row in gap_analysis.rows_of(support)]


def is_done(support):
    return {
        line.done_at is not None
        for owner in Owner
        for line in preparing.checklist(support, owner)
        if line.item == ToPrepare.GAP_ANALYSIS
    }


def test_rows_are_kept_sealed_in_their_order_and_the_line_is_done(support, scientist):
    assert keep(support, scientist) == 2

    assert said(support) == [("Sequencing", "done"), ("Variants", "not_yet")]
    assert b"Sequencing" not in bytes(GapRow.get().__data__["item"])
    assert is_done(support) == {True}


def test_pressing_eight_times_keeps_each_row_once(support, scientist):
    for _ in range(8):
        keep(support, scientist)

    assert GapRow.select().count() == 2
    assert Event.select().where(Event.name == "gap_analysis.changed").count() == 1


def test_rows_are_added_below_or_put_in_the_place_of_the_others(support, scientist, officer):
    keep(support, scientist)
    keep(support, officer, "Reports\tPartly\t\t\n")
    assert [item for item, _ in said(support)] == ["Sequencing", "Variants", "Reports"]

    keep(support, officer, "Reports\tPartly\t\t\nVariants\tDone\t\t\n", replaces=True)
    assert said(support) == [("Reports", "partly"), ("Variants", "done")]


def test_nobody_replaces_a_table_they_have_not_seen(support, scientist, officer):
    was = gap_analysis.seen(support)
    keep(support, officer)

    with pytest.raises(StaleRecord):
        keep(support, scientist, "Reports\tPartly\t\t\n", replaces=True, was=was)

    assert len(said(support)) == 2


def test_rows_with_something_wrong_are_not_kept(support, scientist):
    with pytest.raises(RuleBroken, match="Put right"):
        keep(support, scientist, "Variants\tperhaps\t\t\n")

    assert not GapRow.select().exists()


def test_a_table_has_so_many_rows_and_no_more(support, scientist, monkeypatch):
    monkeypatch.setattr(gap_analysis, "MOST_ROWS", 1)

    with pytest.raises(RuleBroken, match="rows at most"):
        keep(support, scientist)


def test_a_row_is_changed_where_it_stands_and_two_tabs_never_write_over_each_other(support, scientist, officer):
    keep(support, scientist)
    row = gap_analysis.rows_of(support)[0]
    words = gap_table.Row(0, "Sequencing", "partly", "Half of it", "")

    gap_analysis.alter(GapRow.get_by_id(row.id), words, row.version, officer)
    with pytest.raises(StaleRecord):
        gap_analysis.alter(GapRow.get_by_id(row.id), gap_table.Row(0, "Other", "done", "", ""), row.version, scientist)

    assert (GapRow.get_by_id(row.id).status, GapRow.get_by_id(row.id).evidence) == ("partly", "Half of it")


def test_without_rows_it_is_to_do_again(support, scientist):
    keep(support, scientist)
    for row in gap_analysis.rows_of(support):
        gap_analysis.remove(row, scientist)

    assert is_done(support) == {False}


def test_the_two_write_it_the_school_reads_it_and_the_university_does_neither(
    support, scientist, officer, director, team, university
):
    keep(support, scientist)

    assert all(gap_analysis.may_read(one, support) for one in (scientist, officer, director, team))
    assert not any(gap_analysis.may_read(one, support) for one in (university, a_user()))
    for one in (director, team, university):
        with pytest.raises(RuleBroken, match="Only the trainee"):
            keep(support, one, "Reports\tPartly\t\t\n")


@pytest.mark.parametrize("column", ["held_at", "called_off_at"])
def test_nothing_is_changed_once_the_meeting_is_over(support, scientist, column):
    SupportMeeting.update(**{column: clock.now()}).execute()

    assert not gap_analysis.may_write(scientist, SupportMeeting.get())
    with pytest.raises(RuleBroken, match="meeting"):
        keep(support, scientist)
