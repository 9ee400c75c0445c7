"""Minutes: of the time together for both once agreed, of one's own time for that person and the School alone (E6, E10)."""

import pytest

from models import AuditEntry, Correction, Event, LinkPurpose, Minutes, Notice, Present, RoleHeld, SupportMeeting
from signpost import clock
from signpost.accounts import links
from signpost.errors import RuleBroken, StaleRecord
from signpost.progression import minutes, queries
from tests.factories import a_review, a_support_meeting, a_user

WORDS = "They agreed on two more weeks in the second laboratory."


@pytest.fixture
def review(team, scientist, officer, director, university):
    return a_review(team, scientist, officer, director=director, university=university)


@pytest.fixture
def support(review, team, director, colleague):
    invited = queries.university_of(review)
    return a_support_meeting(review, director, team, minute_taker=colleague, university=invited)


@pytest.fixture
def held(support):
    SupportMeeting.update(held_at=clock.now()).execute()
    return SupportMeeting.get_by_id(support.id)


def taken(support, by, present=Present.TOGETHER, words=WORDS):
    return minutes.write(support, present, words, 0, by)


def parts(reader, support):
    return [one.present for one in minutes.readable(reader, support)]


def all_agreed(support, by, chair):
    for present in Present:
        made = taken(support, by, present, f"{WORDS} {present}")
        minutes.agree(made, made.version, chair)


# Who reads what


def test_a_draft_is_for_whoever_takes_it_and_the_chair(
    support, colleague, scientist, officer, director, team, university
):
    for present in Present:
        taken(support, colleague, present)

    assert parts(colleague, support) == parts(director, support) == list(Present)
    assert parts(team, support) == [Present.TOGETHER]
    assert parts(scientist, support) == parts(officer, support) == parts(university, support) == []


def test_agreed_minutes_go_to_both_and_ones_own_time_to_that_person_and_the_school(
    held, colleague, scientist, officer, director, team, university
):
    all_agreed(held, colleague, director)

    assert parts(scientist, held) == [Present.TOGETHER, Present.TRAINEE_ALONE]
    assert parts(officer, held) == [Present.TOGETHER, Present.OFFICER_ALONE]
    assert parts(director, held) == parts(colleague, held) == list(Present)
    assert parts(team, held) == [Present.TOGETHER]
    assert parts(university, held) == parts(a_user(), held) == []


def test_who_did_not_take_them_reads_nothing_of_ones_own_time(held, colleague, director, team):
    all_agreed(held, colleague, director)
    SupportMeeting.update(minute_taker=team).execute()

    assert parts(team, SupportMeeting.get()) == [Present.TOGETHER]
    assert parts(colleague, SupportMeeting.get()) == list(Present)


def test_who_took_them_and_is_of_the_team_no_more_reads_nothing(held, colleague, director):
    all_agreed(held, colleague, director)
    RoleHeld.delete().where(RoleHeld.user == colleague).execute()

    assert parts(colleague, held) == []


def test_a_link_reads_what_its_person_would(team, director, colleague):
    review = a_review(team)
    support = a_support_meeting(review, director, team, minute_taker=colleague, held_at=clock.now())
    all_agreed(support, colleague, director)
    trainee = links.make(LinkPurpose.REVIEWED_TRAINEE, review.trainee_name, review.trainee_email, review=review)
    person = queries.officer_of(review)
    officer = links.make(LinkPurpose.REVIEW_PERSON, person.name, person.email, review_person=person)

    assert parts(links.find(trainee), support) == [Present.TOGETHER, Present.TRAINEE_ALONE]
    assert parts(links.find(officer), support) == [Present.TOGETHER, Present.OFFICER_ALONE]


# Writing


def test_minutes_are_sealed_and_kept_as_they_are_written(support, colleague):
    first = taken(support, colleague)
    second = minutes.write(support, Present.TOGETHER, f"{WORDS} More.", first.version, colleague)

    assert (Minutes.select().count(), second.version) == (1, first.version + 1)
    assert WORDS.encode() not in bytes(Minutes.get().__data__["words"])
    assert AuditEntry.select().where(AuditEntry.action == "minutes.written").count() == 2


def test_the_same_words_again_are_one_writing(support, colleague):
    first = taken(support, colleague)

    assert minutes.write(support, Present.TOGETHER, WORDS, 0, colleague).version == first.version


def test_two_tabs_never_write_over_each_other(support, colleague):
    first = taken(support, colleague)
    minutes.write(support, Present.TOGETHER, "One tab", first.version, colleague)

    for version in (first.version, 0):
        with pytest.raises(StaleRecord):
            minutes.write(support, Present.TOGETHER, "Another tab", version, colleague)
    with pytest.raises(StaleRecord):
        minutes.write(support, Present.TRAINEE_ALONE, "A page of what is gone", 3, colleague)

    assert Minutes.get().words == "One tab"


@pytest.mark.parametrize("person", ["team", "director", "scientist", "officer", "university"])
def test_only_who_takes_the_minutes_of_a_full_meeting_writes_them(support, request, person):
    with pytest.raises(RuleBroken, match="Only whoever takes"):
        taken(support, request.getfixturevalue(person))


def test_a_new_minute_taker_cannot_write_over_what_was_said_to_another(support, colleague, team):
    taken(support, colleague, Present.TRAINEE_ALONE)
    SupportMeeting.update(minute_taker=team).execute()

    with pytest.raises(RuleBroken, match="Somebody else took"):
        minutes.write(SupportMeeting.get(), Present.TRAINEE_ALONE, "Mine", 1, team)


def test_in_a_triage_meeting_the_chair_writes_them_and_there_is_one_part(review, director, team):
    support = a_support_meeting(review, director, team)

    taken(support, director)

    assert minutes.parts_of(support) == [Present.TOGETHER]
    with pytest.raises(RuleBroken, match="no such part"):
        taken(support, director, Present.TRAINEE_ALONE)


def test_nothing_is_written_of_a_meeting_that_was_called_off(support, colleague):
    SupportMeeting.update(called_off_at=clock.now()).execute()

    with pytest.raises(RuleBroken, match="Only whoever takes"):
        taken(SupportMeeting.get(), colleague)


# Agreeing and correcting


def test_agreeing_again_is_one_press_and_sends_nothing(held, colleague, director):
    made = taken(held, colleague)
    for _ in range(3):
        minutes.agree(Minutes.get_by_id(made.id), made.version, director)

    assert Event.select().where(Event.name == "minutes.agreed").count() == 1
    assert not Notice.select().where(Notice.event == Event.get(Event.name == "minutes.agreed")).exists()


@pytest.mark.parametrize("person", ["colleague", "team", "scientist", "officer"])
def test_only_the_chair_agrees_and_corrects(held, colleague, request, person):
    made, user = taken(held, colleague), request.getfixturevalue(person)

    with pytest.raises(RuleBroken, match="chairs the meeting agrees"):
        minutes.agree(made, made.version, user)
    with pytest.raises(RuleBroken, match="chairs the meeting corrects"):
        minutes.correct(made, "Other", "Why", made.version, user)
    assert Minutes.get().agreed_at is None


def test_minutes_are_agreed_after_the_meeting_was_held_and_as_they_were_read(support, colleague, director):
    made = taken(support, colleague)
    with pytest.raises(RuleBroken, match="was held"):
        minutes.agree(made, made.version, director)

    SupportMeeting.update(held_at=clock.now()).execute()
    minutes.write(SupportMeeting.get(), Present.TOGETHER, "Something else", made.version, colleague)
    with pytest.raises(StaleRecord):
        minutes.agree(Minutes.get_by_id(made.id), made.version, director)


def test_nothing_is_agreed_where_nothing_is_written(held, colleague, director):
    made = taken(held, colleague, words=" ")

    with pytest.raises(RuleBroken, match="nothing written"):
        minutes.agree(made, made.version, director)


def test_agreed_minutes_are_corrected_with_why_and_what_they_said_is_kept(held, colleague, director):
    made = taken(held, colleague)
    minutes.agree(made, made.version, director)
    with pytest.raises(RuleBroken, match="are agreed"):
        minutes.write(held, Present.TOGETHER, "Changed", made.version, colleague)
    with pytest.raises(RuleBroken, match="Say why"):
        minutes.correct(made, "Three weeks.", " ", made.version, director)

    for _ in range(2):
        minutes.correct(made, "Three weeks.", "It was three weeks.", made.version, director)

    kept = Correction.get()
    assert (Minutes.get().words, kept.was, kept.why) == ("Three weeks.", WORDS, "It was three weeks.")
    assert WORDS.encode() not in bytes(kept.__data__["was"])
    assert list(minutes.corrections_of([made])) == [made.id]


def test_a_draft_is_not_corrected(held, colleague, director):
    made = taken(held, colleague)

    with pytest.raises(RuleBroken, match="not agreed yet"):
        minutes.correct(made, "Other", "Why", made.version, director)
