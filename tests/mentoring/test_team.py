"""The team's view (D13): how many stand where, what needs a person today, and nothing that a pair writes."""

from datetime import timedelta

import pytest

from models import KeptApart, Mentorship, Returner, ReturnerState, Role, WhyApart
from signpost import clock
from signpost.mentoring import dates, geography, history, mentors, offers, queries, returners, team, wishes
from signpost.notices import delivery
from tests.factories import a_mentor, a_mentorship, a_returner, a_user, an_employer, who_waits


def stages(user):
    return {one.key: one.count for one in team.stages(user) if one.count}


def test_how_many_stand_where_and_since_when(team):
    a_returner(team), a_returner(team, weeks_to_return=4), who_waits(team), who_waits(team)
    a_mentorship(team)

    assert stages(team) == {"listed": 1, "offered": 1, "interested": 2, "matched": 1}


@pytest.fixture(autouse=True)
def view():
    return team


def test_after_six_months_without_a_mentor_nobody_counts_as_waiting_any_more(team, view):
    waited, silent, no, met = who_waits(team), a_returner(team, weeks_to_return=4), who_waits(team), who_waits(team)
    offers.decline(no, team)
    a_mentorship(team, returner=met)
    ends_on = dates.ends_on(waited.returns_on)

    with clock.at(clock.start_of(ends_on) - timedelta(days=1)):
        assert stages(team) == {"interested": 1, "offered": 1, "declined": 1, "matched": 1}
    with clock.at(clock.start_of(ends_on)):
        assert stages(team) == {"over": 2, "declined": 1, "matched": 1}
        assert {row.id for row in view.page(team, state="over").rows} == {waited.id, silent.id}
        assert view.page(team, state="interested").rows == []
        assert view.words_of(waited) == "Six months over, without a mentor"


def test_a_return_that_moves_to_a_later_day_waits_again(team, browser_of):
    waited = who_waits(team)

    with clock.at(clock.start_of(dates.ends_on(waited.returns_on))):
        listed = browser_of(team).get("/mentoring/returners?state=over").text
        assert waited.name in listed
        assert "Six months over, without a mentor" in listed
        later = returners.Details(waited.name, waited.email, waited.absent_from, clock.today())
        returners.alter(waited, later, team, waited.version)
        assert stages(team) == {"interested": 1}


def test_nobody_counts_or_finds_their_own_return(team, view):
    who_waits(team, email=team.email)

    assert stages(team) == {}
    assert view.page(team).rows == []


def test_who_is_on_no_team_sees_no_row_of_anybody(team, view):
    who_waits(team)
    for role in set(Role) - {Role.RTT_TEAM, Role.REFERRER, Role.HEAD_OF_SCHOOL}:
        assert stages(a_user(role)) == {}


def test_pairs_by_how_far_they_are(team, view):
    first, second = a_mentorship(team), a_mentorship(team)
    Mentorship.update(contact_at=clock.now(), agreed_on=clock.today()).where(Mentorship.id == first.id).execute()
    Mentorship.update(ends_on=clock.today() + timedelta(days=20)).where(Mentorship.id == second.id).execute()

    assert [one.count for one in view.pairs(team, clock.today())] == [1, 1, 1, 1]


def test_what_needs_a_person_today(team, view):
    today = clock.today()
    waits = who_waits(team)
    wishes.write(waits, geography.find("LA14"), wishes.Wishes(request="Please read"), team, 0)
    silent = a_mentorship(team, a_mentor(training_ends_on=today))
    Mentorship.update(asked_contact_at=clock.now() - timedelta(days=9)).where(Mentorship.id == silent.id).execute()
    left = a_mentor()
    pair = a_mentorship(team, left)
    mentors.leave(left, left.user, left.version)
    a_mentor(trained_on=None)

    found = view.needs(team, today)

    assert (found.can_be_matched, found.free_seats, found.requests) == (2, 1, 1)
    assert [one.id for one in found.silent] == [silent.id]
    assert [one.id for one in found.again] == [pair.returner_id]
    assert sorted(one.training for one in found.training) == [
        "Not trained yet, so not matched",
        "Training runs out soon",
    ]


def test_training_that_has_run_out_is_told_and_the_mentor_is_still_matched(team, view):
    mentor = a_mentor(
        trained_on=clock.today() - timedelta(days=800), training_ends_on=clock.today() - timedelta(days=1)
    )

    assert view.training_words(mentor, clock.today()) == "Training has run out"
    assert mentor in queries.trained_mentors(clock.today())


def test_a_message_that_did_not_arrive_is_shown_to_the_team(team, view, mailbox, app):
    made = a_returner(team, weeks_to_return=4)
    mailbox.refuse[made.email] = "550 no such address"
    with app.app_context():
        delivery.send_due()

    ((notice, to),) = view.needs(team, clock.today()).undelivered

    assert (to.id, [row.address for row in notice.recipients]) == (made.id, [made.email])


def test_the_list_is_paged_searched_and_sorted_by_the_return(team, view, monkeypatch):
    monkeypatch.setattr(view, "ROWS_ON_A_PAGE", 2)
    third, first, second = (a_returner(team, weeks_to_return=weeks) for weeks in (40, 20, 30))

    page = view.page(team)
    assert [row.id for row in page.rows] == [first.id, second.id]
    after = Returner.get(Returner.public_id == page.more)
    assert [row.id for row in view.page(team, after=after).rows] == [third.id]
    assert [row.id for row in view.page(team, text=third.email[:12]).rows] == [third.id]
    assert view.page(team, text="nobody").rows == []
    assert [row.id for row in view.page(team, state="listed").rows] == [first.id, second.id]


def test_those_who_wait_are_listed_by_when_they_asked(team, view, monkeypatch):
    monkeypatch.setattr(view, "ROWS_ON_A_PAGE", 2)
    first, second, third = who_waits(team, weeks_to_return=6), who_waits(team, weeks_to_return=5), who_waits(team)
    for back, row in enumerate((third, second, first)):
        Returner.update(interested_at=clock.now() - timedelta(days=back)).where(Returner.id == row.id).execute()

    page = view.page(team, state="interested")

    assert [row.id for row in page.rows] == [first.id, second.id]
    after = Returner.get(Returner.public_id == page.more)
    assert [row.id for row in view.page(team, state="interested", after=after).rows] == [third.id]


def test_every_page_of_the_team_opens(team, browser_of):
    waits = who_waits(team)
    pair = a_mentorship(team, a_mentor(districts=("LA14",)))
    browser = browser_of(team)

    for path in (
        "/mentoring",
        "/mentoring/returners",
        "/mentoring/returners?state=interested&q=r",
        f"/mentoring/returners/{waits.public_id}",
        f"/mentoring/returners/{pair.returner.public_id}",
        "/mentoring/mentors",
        f"/mentoring/mentors/{pair.mentor.public_id}",
        "/mentoring/geography",
    ):
        assert browser.get(path).status_code == 200, path


def test_the_list_keeps_its_number_of_statements(team, browser_of, app):
    from models import db

    browser = browser_of(team)

    def statements():
        counted = []
        real = db.obj.execute_sql

        def counting(*args, **kwargs):
            counted.append(args[0])
            return real(*args, **kwargs)

        db.obj.execute_sql = counting
        try:
            browser.get("/mentoring/returners")
        finally:
            db.obj.execute_sql = real
        return len(counted)

    for _ in range(3):
        a_returner(team)
    few = statements()
    for _ in range(30):
        a_returner(team)

    assert statements() == few


def test_entering_changing_and_offering_on_the_pages(team, browser_of):
    employer = an_employer("Weald Trust")
    browser = browser_of(team)
    browser.get("/mentoring/returners/new")
    on = clock.today() + timedelta(weeks=30)
    away = on - timedelta(days=200)
    fields = {
        "name": "Ada Lovelace", "email": "Ada@X.example", "employer": employer.public_id, "specialty": "Surgery",
        "absent_from-day": away.day, "absent_from-month": away.month, "absent_from-year": away.year,
        "returns_on-day": on.day, "returns_on-month": on.month, "returns_on-year": on.year,
    }  # fmt: skip
    browser.press("Add this returner", **fields)
    (made,) = Returner.select()
    assert (made.email, made.employer, made.state) == ("ada@x.example", employer, ReturnerState.LISTED)

    browser.get("/mentoring/returners/new")
    assert browser.press("Add this returner", **fields).status_code == 422
    assert "is on the list already" in browser.page.text
    too_soon = {"returns_on-year": away.year, "returns_on-month": away.month, "returns_on-day": away.day}
    assert browser.press("Add this returner", **(fields | too_soon)).status_code == 422
    assert "three months or more" in browser.page.text

    browser.get(f"/mentoring/returners/{made.public_id}/details")
    browser.press("Save the change", specialty="Medicine")
    browser.press("Offer a mentor now")
    made = Returner.get_by_id(made.id)
    assert (made.specialty, made.state) == ("Medicine", ReturnerState.OFFERED)
    assert "A mentor was offered" in browser.page.text


def test_two_rows_of_one_person_are_found_and_merged_on_the_pages(team, browser_of):
    first, second = a_returner(team, name="Ada Lovelace"), who_waits(team, name="ada lovelace")
    browser = browser_of(team)

    browser.get(f"/mentoring/returners/{second.public_id}")
    assert "Perhaps the same person" in browser.page.text
    browser.get(f"/mentoring/returners/{second.public_id}/merger")
    browser.press("Merge them", into=first.public_id)

    assert Returner.get_by_id(first.id).state == ReturnerState.INTERESTED
    assert browser.get(f"/mentoring/returners/{second.public_id}").status_code == 404


def test_taking_somebody_off_the_list_on_the_page(team, browser_of):
    made = a_returner(team)
    browser = browser_of(team)

    browser.get(f"/mentoring/returners/{made.public_id}/removal")
    browser.press("Take them off the list")

    assert Returner.get_by_id(made.id).removed_at is not None


def test_what_happened_is_told_in_sentences(team):
    made = who_waits(team)
    returners.alter(
        made,
        returners.Details(made.name, made.email, made.absent_from, made.returns_on + timedelta(days=1)),
        team,
        made.version,
    )
    offers.decline(made, by=queries.links_of(made).first())

    assert [entry.sentence for entry in history.of(made)] == [
        "They would rather not have a mentor",
        "What is written down was changed",
        "They would like a mentor",
        "A mentor was offered",
        "Put on the list",
    ]


def test_whom_they_avoid_is_for_matching_and_stands_on_no_page_of_the_team(team, browser_of):
    made = who_waits(team)
    wishes.write(made, geography.find("LA14"), wishes.Wishes(), team, 0, apart=[("Dr Avoided", WhyApart.ASKED)])
    assert KeptApart.select().count() == 1

    browser = browser_of(team)
    browser.get(f"/mentoring/returners/{made.public_id}")

    assert "Avoided" not in browser.page.text
