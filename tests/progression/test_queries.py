"""Who reads which review, and what they are to it: the relation decides, and roles never add up."""

import pytest

from models import LinkPurpose, PersonalLink, ReviewPerson, Role, RoleHeld, SupportMeeting
from signpost import clock
from signpost.accounts import links
from signpost.progression import queries, reviews
from signpost.progression.queries import Relation
from tests.factories import a_review, a_school, a_user, give


@pytest.fixture
def review(team, scientist, officer, director, university):
    return a_review(team, scientist, officer, director=director, university=university)


def link_of(review, person=None):
    if person is None:
        made = links.make(LinkPurpose.REVIEWED_TRAINEE, review.trainee_name, review.trainee_email, review=review)
    else:
        made = links.make(LinkPurpose.REVIEW_PERSON, person.name, person.email, review_person=person)
    return links.find(made)


def reads(user, review):
    return queries.visible_to(user).where(queries.Review.id == review.id).exists()


def test_each_is_what_they_are_to_a_review(review, team, scientist, officer, director, university):
    assert queries.relations(scientist, review) == {Relation.TRAINEE}
    assert queries.relations(officer, review) == {Relation.TRAINING_OFFICER}
    assert queries.relations(director, review) == {Relation.DIRECTOR}
    assert queries.relations(university, review) == {Relation.UNIVERSITY}
    assert queries.relations(team, review) == {Relation.TEAM}


OVER = {Role.REFERRER: {"referrer_kind": "tpd"}, Role.HEAD_OF_SCHOOL: {"school": 1}}


@pytest.mark.parametrize("role", [one for one in Role if one != Role.PROGRESSION])
def test_nobody_else_knows_of_a_review(review, role):
    a_school()
    somebody = a_user()
    give(somebody, role, **OVER.get(role, {}))

    assert not reads(somebody, review)
    assert queries.relations(somebody, review) == frozenset()


def test_all_but_the_university_read_the_review(review, team, scientist, officer, director, university):
    assert all(reads(one, review) for one in (team, scientist, officer, director))
    assert not reads(university, review)


@pytest.mark.parametrize("person", ["team", "officer", "director"])
def test_a_role_that_was_taken_away_reads_nothing_more(review, request, person):
    user = request.getfixturevalue(person)
    RoleHeld.delete().where(RoleHeld.user == user).execute()

    assert not reads(user, review)
    assert queries.relations(user, review) == frozenset()


@pytest.mark.parametrize("role", [Role.PROGRESSION, Role.MEETING_CHAIR])
def test_the_trainee_and_their_officer_are_that_alone_whatever_else_they_are(review, scientist, officer, role):
    give(scientist, role)
    give(officer, role)

    assert queries.relations(scientist, review) == {Relation.TRAINEE}
    assert queries.relations(officer, review) == {Relation.TRAINING_OFFICER}


def test_a_university_contact_who_is_also_of_the_team_reads_nothing_of_that_review(review, university):
    give(university, Role.PROGRESSION)

    assert not reads(university, review)
    assert queries.relations(university, review) == {Relation.UNIVERSITY}


def test_an_officer_who_has_left_knows_nothing_from_the_next_request_on(review, team, officer):
    reviews.name_officer(review, reviews.Named("Next Officer", "next@trust.example"), team)

    assert not reads(officer, review)
    assert queries.relations(officer, review) == frozenset()


def test_a_link_shows_the_one_review_it_is_for(review, team):
    other = a_review(team)
    trainees, officers = link_of(review), link_of(review, queries.officer_of(review))

    assert list(queries.visible_by_link(trainees)) == list(queries.visible_by_link(officers)) == [review]
    assert queries.relations(trainees, review) == {Relation.TRAINEE}
    assert queries.relations(officers, review) == {Relation.TRAINING_OFFICER}
    assert queries.relations(trainees, other) == queries.relations(officers, other) == frozenset()


def test_the_link_of_an_officer_who_has_left_is_closed(review, team):
    link = link_of(review, queries.officer_of(review))

    reviews.name_officer(review, reviews.Named("Next Officer", "next@trust.example"), team)

    link = PersonalLink.get_by_id(link.id)
    assert not links.is_open(link)
    assert list(queries.visible_by_link(link)) == []
    assert queries.relations(link, review) == frozenset()


def test_the_link_of_a_university_shows_no_review(review):
    link = link_of(review, queries.university_of(review))

    assert list(queries.visible_by_link(link)) == []
    assert queries.relations(link, review) == {Relation.UNIVERSITY}


def test_an_officer_who_comes_back_is_the_same_row(review, team, officer):
    reviews.name_officer(review, reviews.Named("Next Officer", "next@trust.example"), team)
    reviews.name_officer(review, reviews.Named(officer.name, officer.email), team)

    assert reads(officer, review)
    assert ReviewPerson.select().where(ReviewPerson.email == officer.email).count() == 1


# Support meetings


def a_meeting(review, chair, by, **columns):
    usual = {"kind": "triage", "minutes": 45, "required_at": clock.now()}
    return SupportMeeting.create(review=review, chair=chair, required_by=by, **(usual | columns))


def knows(user, support):
    return queries.meetings_visible_to(user).where(SupportMeeting.id == support.id).exists()


def test_a_chair_is_it_for_their_meeting_and_reads_the_others_of_the_review(review, team, director):
    chair = a_user(Role.MEETING_CHAIR)
    first, second = a_meeting(review, chair, team), a_meeting(review, director, team)

    assert queries.relations_to(chair, first) == {Relation.CHAIR}
    assert queries.relations_to(chair, second) == {Relation.DIRECTOR}
    assert queries.relations_to(director, second) == {Relation.CHAIR, Relation.DIRECTOR}


def test_the_minute_taker_is_that_for_the_one_meeting(review, team, colleague, director):
    support = a_meeting(review, director, team, kind="full", minutes=90, minute_taker=colleague)

    assert queries.relations_to(colleague, support) == {Relation.TEAM, Relation.MINUTE_TAKER}
    assert queries.relations_to(team, support) == {Relation.TEAM}


def test_the_university_knows_of_a_meeting_while_it_is_invited(review, team, director, university):
    person = queries.university_of(review)
    apart, invited = a_meeting(review, director, team), a_meeting(review, director, team, university=person)
    link = link_of(review, person)

    assert not knows(university, apart)
    assert queries.relations_to(university, apart) == queries.relations_to(link, apart) == frozenset()
    assert knows(university, invited)
    assert queries.relations_to(university, invited) == queries.relations_to(link, invited) == {Relation.UNIVERSITY}
    assert list(queries.meetings_visible_by_link(link)) == [invited]

    SupportMeeting.update(called_off_at=clock.now()).where(SupportMeeting.id == invited.id).execute()
    assert not knows(university, invited)
    assert list(queries.meetings_visible_by_link(link)) == []
