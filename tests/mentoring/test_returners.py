"""Who is on the list, and what follows from the day of the return (D1, D3, D11)."""

from datetime import date, timedelta

import pytest

from models import KeptApart, Mentorship, Notice, PersonalLink, Returner, ReturnerState, WhyApart
from signpost import clock
from signpost.accounts import links
from signpost.errors import StaleRecord
from signpost.mentoring import dates, queries, returners, wishes
from signpost.mentoring.geography import Place
from tests.factories import a_mentorship, a_returner, a_user, who_waits
from tests.unchanged import refused

BARROW = Place("LA14", "Barrow-in-Furness", (54.11, -3.23))


def kinds():
    return [row.kind for row in Notice.select().order_by(Notice.id)]


def details_of(returner, **changed):
    names = ("name", "email", "absent_from", "returns_on", "employer", "specialty")
    return returners.Details(**({name: getattr(returner, name) for name in names} | changed))


@pytest.mark.parametrize(
    ("absent_from", "returns_on", "is_enough"),
    [
        (date(2026, 8, 31), date(2026, 11, 30), True),
        (date(2026, 8, 31), date(2026, 11, 29), False),
        (date(2026, 11, 30), date(2027, 2, 28), True),
        (date(2027, 11, 30), date(2028, 2, 28), False),
        (date(2027, 11, 30), date(2028, 2, 29), True),
        (date(2026, 1, 1), date(2026, 1, 1), False),
    ],
)
def test_three_calendar_months_are_long_enough_and_a_day_less_is_not(absent_from, returns_on, is_enough):
    assert dates.is_long_enough(absent_from, returns_on) is is_enough


def test_a_shorter_absence_is_refused_with_the_day_from_which_it_would_do(team):
    with refused("or later", returners.ShortAbsence):
        a_returner(team, absent_from=clock.today(), returns_on=clock.today() + timedelta(days=60))


def test_whoever_returns_soon_is_offered_a_mentor_at_once(team):
    made = a_returner(team, weeks_to_return=4)

    assert made.state == ReturnerState.OFFERED
    assert kinds() == ["mentor_offer"]


def test_whoever_returns_later_waits_for_the_day_of_the_offer(team):
    made = a_returner(team, weeks_to_return=9)

    assert made.state == ReturnerState.LISTED
    assert kinds() == []


def test_somebody_whose_time_for_mentoring_is_over_is_offered_nothing(team):
    made = a_returner(team, weeks_to_return=-30)

    assert made.state == ReturnerState.LISTED
    assert kinds() == []


def test_the_same_person_is_not_entered_twice(team):
    first = a_returner(team)

    with refused("is on the list already", returners.EnteredAlready):
        a_returner(team, email=first.email)


def test_a_second_absence_after_the_first_one_is_over_is_another_return(team):
    first = a_returner(team, weeks_to_return=-40)
    second = a_returner(team, email=first.email, weeks_to_return=4)

    assert second.id != first.id


def test_their_account_is_found_by_its_address(team):
    account = a_user(email="ada@signpost.example")

    made = a_returner(team, email="ada@signpost.example")

    assert made.user == account
    assert queries.return_now(account) == made


def test_when_the_return_moves_nearer_the_offer_goes_out(team):
    made = a_returner(team, weeks_to_return=20, absent_from=clock.today() - timedelta(days=200))
    soon = clock.today() + timedelta(weeks=5)

    returners.alter(made, details_of(made, returns_on=soon), team, made.version)

    assert Returner.get_by_id(made.id).state == ReturnerState.OFFERED


def test_a_new_day_that_makes_the_absence_too_short_is_refused(team):
    made = a_returner(team)

    with refused("three months or more"):
        returners.alter(made, details_of(made, returns_on=made.absent_from + timedelta(days=30)), team, made.version)


def test_a_change_that_makes_it_another_return_of_the_same_person_is_refused(team):
    made, other = a_returner(team), a_returner(team)
    as_other = details_of(made, email=other.email, absent_from=other.absent_from)

    with refused("another return with this address"):
        returners.alter(made, as_other, team, made.version)


def test_of_two_who_change_a_return_the_second_is_told(team):
    made = a_returner(team)
    returners.alter(made, details_of(made, specialty="Paediatrics"), team, made.version)

    with refused("while you were looking", StaleRecord):
        returners.alter(made, details_of(made, specialty="Surgery"), team, made.version - 1)


def test_a_corrected_address_closes_the_links_to_the_old_one(team):
    made = a_returner(team, weeks_to_return=4)
    link = PersonalLink.get(PersonalLink.returner == made)
    assert links.is_open(link)

    returners.alter(made, details_of(made, email="right@signpost.example"), team, made.version)

    assert not links.is_open(PersonalLink.get_by_id(link.id))


def test_whoever_is_taken_off_the_list_is_seen_no_more_and_their_link_shows_nothing(team):
    made = a_returner(team, weeks_to_return=4)

    returners.remove(made, team, made.version)

    assert list(queries.returners_seen_by(team)) == []
    link = PersonalLink.get(PersonalLink.returner == made)
    assert not links.is_open(link)
    assert link.withdrawn_at is not None


def test_whoever_has_a_mentor_is_not_taken_off_the_list(team):
    pair = a_mentorship(team)

    with refused("End the mentoring first"):
        returners.remove(pair.returner, team, pair.returner.version)


def test_whoever_was_taken_off_can_be_entered_again(team):
    made = a_returner(team, weeks_to_return=4)
    returners.remove(made, team, made.version)

    again = returners.enter(details_of(made), by=team)

    assert again.id == made.id
    assert [row.id for row in queries.returners_seen_by(team)] == [made.id]


def test_two_rows_of_one_person_become_one_and_what_they_asked_for_is_kept(team):
    gone, kept = who_waits(team), a_returner(team)
    wishes.write(gone, BARROW, wishes.Wishes(miles=20), team, 0)

    returners.merge(gone, kept, team, gone.version)

    kept = Returner.get_by_id(kept.id)
    assert kept.state == ReturnerState.INTERESTED
    assert queries.wish_of(kept).district == "LA14"
    assert Returner.get_by_id(gone.id).removed_at is not None


def test_whom_they_avoid_and_who_supervises_them_stays_kept_apart_when_rows_are_merged(team):
    gone, kept = who_waits(team), a_returner(team)
    said = [("Pat Past", WhyApart.ASKED), ("sue@x.example", WhyApart.SUPERVISOR)]
    wishes.write(gone, BARROW, wishes.Wishes(), team, 0, apart=said)
    wishes.write(kept, BARROW, wishes.Wishes(), team, 0, apart=said[:1])

    returners.merge(gone, kept, team, gone.version)

    rows = KeptApart.select().where(KeptApart.returner == kept)
    assert sorted((row.name or row.email, row.why) for row in rows) == sorted(said)


def test_after_a_merger_they_get_a_link_that_works(team):
    """The one they had shows nothing any more."""
    gone, kept, silent = who_waits(team), a_returner(team), a_returner(team)

    returners.merge(gone, kept, team, gone.version)
    returners.merge(silent, Returner.get_by_id(kept.id), team, silent.version)

    (sent,) = Notice.select().where(Notice.kind == "returner_link")
    assert [row.address for row in sent.recipients] == [kept.email]


def test_a_row_is_not_merged_with_itself(team):
    made = a_returner(team)

    with refused("Choose another return"):
        returners.merge(made, made, team, made.version)


def test_a_row_that_was_given_a_mentor_is_not_merged_away(team):
    pair, other = a_mentorship(team), a_returner(team)

    with refused("has been given a mentor"):
        returners.merge(pair.returner, other, team, pair.returner.version)
    assert Mentorship.select().count() == 1
