"""What is said of a matching is worked out, and true."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signpost.mentoring import geography
from signpost.mentoring.matching import FACE_TO_FACE, Base, Round, Rule, Wish, solve
from signpost.mentoring.reasons import Change, Reasons, changes, difference, distance, of_pair, warnings
from tests.mentoring.pools import ON, a_mentor, a_returner, may, pools, with_more_room

LANCASTER, LONDON = (54.05, -2.8), (51.5, -0.1)
IN_PERSON = frozenset({FACE_TO_FACE})


def miles_north(count):
    return (LANCASTER[0] + count * 1609.344 / 111_195.08, LANCASTER[1])


def at(count, *areas):
    return (Base("Somewhere", miles_north(count), frozenset(areas)),)


def why_nobody(returner, mentors, others=(), **more):
    round_ = Round([returner, *others], mentors, ON)
    return Reasons(round_, round_.solve(**more)).why_nobody(returner)


# Why these two


def test_a_pair_says_how_far_how_they_meet_what_was_wanted_and_what_could_not_be():
    returner = a_returner(
        point=LANCASTER,
        reach=geography.metres(20),
        modes=IN_PERSON,
        areas=frozenset({"Lancashire", "Kent"}),
        days=frozenset({1}),
    )
    mentor = a_mentor(bases=at(8, "Lancashire"), days=frozenset({3}))

    assert (
        of_pair(solve([returner], [mentor], ON).pairs[0])
        == "8 miles; both in person; wanted Lancashire; could not honour: Tuesday"
    )


def test_every_wish_has_its_words():
    traits = frozenset(
        {(Wish.SPECIALTY, "Anaesthetics"), (Wish.LTFT, ""), (Wish.PARENT, ""), (Wish.REASON, "Maternity leave")}
    )
    returner = a_returner(
        point=LONDON, reach=geography.metres(5), modes=frozenset({"telephone"}), days=frozenset({0, 4}), areas=frozenset({"Kent"}),
        areas_avoided=frozenset({"Lancashire"}), trust="A", wants_own_trust=True, traits=traits,
    )  # fmt: skip
    pair = solve([returner], [a_mentor(bases=at(0, "Lancashire"), modes=frozenset({"teams"}))], ON).pairs[0]

    assert set(pair.unmet) == set(Wish)
    assert of_pair(pair) == (
        "209 miles; could not honour: within 5 miles, Kent, not Lancashire, by phone, Monday or Friday, their own trust, Anaesthetics, "
        "somebody who works less than full time, a parent and the same reason for being away"
    )
    assert "Maternity" not in of_pair(pair)


@pytest.mark.parametrize(
    ("metres", "words"),
    [(0, "same postcode district"), (500, "less than a mile"), (1600, "1 mile"), (None, "distance not known")],
)
def test_distances_are_said_as_people_say_them(metres, words):
    assert distance(metres) == words


def test_training_past_its_end_warns():
    mentor = a_mentor(name="Dr Okafor", known_as=frozenset({"okafor"}), training_ends_on=date(2026, 5, 3))
    round_ = Round([a_returner()], [mentor], ON)

    assert warnings(round_.solve().pairs[0], round_) == ["Dr Okafor’s training ended on 3 May 2026."]


def test_two_of_one_name_are_suspected_to_be_one_person_with_two_accounts():
    round_ = Round([a_returner()], [a_mentor(name="Dr Sam Smith")], ON)

    (words,) = warnings(round_.solve().pairs[0], round_)

    assert words.startswith("Both are called Dr Sam Smith, under different addresses.")


def test_a_nearer_mentor_who_is_needed_elsewhere_is_named():
    near, far = a_mentor("near", name="Dr Near", capacity=1, bases=at(3)), a_mentor("far", bases=at(40))
    choosy = a_returner("choosy", point=LANCASTER, reach=geography.metres(10), is_reach_a_limit=True)
    round_ = Round([choosy, a_returner("easy", point=LANCASTER)], [near, far], ON)
    matching = round_.solve()

    assert [Reasons(round_, matching).why_not_nearer(pair) for pair in matching.pairs] == [
        "",
        "Dr Near is nearer (3 miles), and others need them more.",
    ]


# Why nobody


def test_a_limit_that_keeps_everybody_away_says_who_would_be_there_beyond_it():
    returner = a_returner(
        point=LANCASTER, reach=geography.metres(20), is_reach_a_limit=True, modes=IN_PERSON, is_mode_a_limit=True
    )
    mentors = [a_mentor(f"m{count}", bases=at(count)) for count in (22, 25, 30, 31)]
    mentors.append(a_mentor("video", modes=frozenset({"teams"}), bases=at(1)))

    said = why_nobody(returner, mentors)

    assert said.words == "No trained mentor within 20 miles who meets in person: 3 would within 30; 1 would by video."
    assert (said.would[Rule.DISTANCE], said.would[Rule.MODE], said.suitable) == (4, 1, 0)


@pytest.mark.parametrize(
    ("mentor", "words"),
    [
        ({"load": 2}, "No free trained mentor: 1 would if they had a place left."),
        ({"pauses": ((ON, None),)}, "No free trained mentor: 1 would once their pause is over."),
        ({"trained_on": None}, "No trained mentor: 1 would once trained."),
        (
            {"modes": IN_PERSON, "reach": 5, "bases": at(9)},
            "No trained mentor: 1 would if they went further than they said.",
        ),
        ({"trained_on": None, "load": 2}, "No trained mentor. No single change would help."),
        ({"has_left": True}, "No free trained mentor. No single change would help."),
        (
            {"apart": frozenset({("r@example", Rule.ASKED)})},
            "No trained mentor, apart from those they are not matched with. No single change would help.",
        ),
    ],
)
def test_what_keeps_the_only_mentor_away_is_said(mentor, words):
    assert why_nobody(a_returner(point=LANCASTER), [a_mentor(**mentor)]).words == words


def test_a_mentor_beyond_the_next_ten_miles_is_found_further_out():
    returner = a_returner(point=LANCASTER, reach=geography.metres(5), is_reach_a_limit=True)

    assert (
        why_nobody(returner, [a_mentor(bases=at(27))]).words == "No trained mentor within 5 miles: 1 would within 30."
    )


def test_without_coordinates_nobody_pretends_to_know_how_far():
    returner = a_returner(point=None, reach=geography.metres(5), is_reach_a_limit=True)

    assert (
        why_nobody(returner, [a_mentor()]).words
        == "No trained mentor within 5 miles: 1 would if we knew how far away they are."
    )


def test_where_others_have_all_the_places_it_says_so_and_what_would_change_it():
    returner = a_returner("late", waited=1)
    others = [a_returner("a", waited=5), a_returner("b", waited=9)]

    said = why_nobody(returner, [a_mentor("m", name="Dr Okafor")], others)

    assert said.words == (
        "The one mentor who would suit is taken by people who have waited as long or longer. "
        "One more place with Dr Okafor would change it."
    )


def test_who_would_come_first_is_said_rather_than_a_promise_made():
    returner = a_returner("late", waited=1)
    others = [a_returner("a", waited=5), a_returner("b", waited=9), a_returner("c", waited=2)]

    assert why_nobody(returner, [a_mentor("m")], others).words == (
        "The one mentor who would suit is taken by people who have waited as long or longer. One person who waited as long or longer comes before them."
    )


def test_a_pin_that_takes_the_place_is_named():
    said = why_nobody(
        a_returner("long", waited=90),
        [a_mentor("m", name="Dr M", capacity=1)],
        [a_returner("new", waited=0)],
        pins=[("new", "m")],
    )

    assert said.words == "The one mentor who would suit is taken by pins. One more place with Dr M would change it."


def test_a_pair_that_was_ruled_out_here_counts_as_what_would_change_it():
    round_ = Round([a_returner()], [a_mentor()], ON)
    forbidden = frozenset({("r", "m")})

    said = Reasons(round_, round_.solve(forbidden=forbidden), forbidden).why_nobody(round_.returners[0])

    assert said.words == "No trained mentor: 1 would if they were not ruled out here."


def test_nobody_there_and_nothing_left_are_said_plainly():
    assert why_nobody(a_returner(), []).words == "There are no mentors yet."
    assert why_nobody(a_returner(support_ends_on=date(2026, 11, 1)), [a_mentor()]).words == (
        "Support would have ended on 1 November 2026, six months after the return."
    )


@given(pool=pools())
@settings(max_examples=150, deadline=None)
def test_the_counts_of_what_would_help_are_those_of_leaving_out_one_rule(pool):
    round_ = Round(*pool, ON)
    matching = round_.solve()
    reasons = Reasons(round_, matching)

    for returner in matching.unmatched:
        said = reasons.why_nobody(returner)
        assert said.suitable == sum(may(returner, mentor) for mentor in pool[1])
        for rule, count in said.would.items():
            assert count == sum(may(returner, mentor, but_for=rule) and not may(returner, mentor) for mentor in pool[1])


@given(pool=pools(most_returners=5), data=st.data())
@settings(max_examples=200, deadline=None)
def test_one_more_place_where_it_is_said_to_help_helps_this_person(pool, data):
    """Also around pins, and pairs that were ruled out."""
    returners, mentors = pool
    pairs = [(one.key, other.key) for one in returners for other in mentors]
    pins = data.draw(st.lists(st.sampled_from(pairs), max_size=1) if pairs else st.just([]))
    forbidden = frozenset(data.draw(st.lists(st.sampled_from(pairs), max_size=2) if pairs else st.just([]))) - set(pins)
    round_ = Round(returners, mentors, ON)
    matching = round_.solve(pins, forbidden)
    reasons = Reasons(round_, matching, forbidden)

    for returner in matching.unmatched:
        said = reasons.why_nobody(returner)
        for mentor in said.helpful:
            more = solve(returners, with_more_room(mentors, mentor), ON, pins, forbidden)
            assert returner.key in more.mentor_of
            assert len(more.pairs) == len(matching.pairs) + 1
        reached = [pair for pair in matching.pairs if pair.mentor.key in reasons.reached(returner)]
        ahead = [pair for pair in reached if not pair.is_pinned]
        assert all(pair.returner.waited >= returner.waited for pair in ahead)
        assert all(matching.taken[key] == round_.mentors[round_.number[key]].room for key in reasons.reached(returner))


# What an override costs


def test_an_override_is_priced_in_people_wishes_and_miles():
    kent, north = (
        a_mentor("kent", capacity=2, bases=(Base("Dover", LONDON, frozenset({"Kent"})),)),
        a_mentor("north", bases=at(0)),
    )
    asks = [a_returner(key, point=LONDON, areas=frozenset({"Kent"})) for key in "ab"]
    other = a_returner("c", point=LANCASTER)
    before = solve([*asks, other], [kent, north], ON)

    both_north = solve(
        [*asks, other], [kent, a_mentor("north", capacity=3, bases=at(0))], ON, pins=[("a", "north"), ("b", "north")]
    )

    assert difference(before, both_north).words == "two people lose their area; 418 miles more"
    assert difference(both_north, before).words == "two people gain their area; 418 miles fewer"
    assert difference(before, before).words == "nothing changes for anybody"


def test_an_override_that_leaves_somebody_out_says_so():
    returners = [a_returner("a", waited=9), a_returner("b", waited=2)]
    before = solve(returners, [a_mentor(capacity=1)], ON)

    assert (
        difference(before, solve(returners, [a_mentor(capacity=1)], ON, forbidden=[("a", "m"), ("b", "m")])).words
        == "one person fewer with a mentor"
    )
    assert (
        difference(before, solve(returners, [a_mentor(capacity=1)], ON, pins=[("b", "m")])).words
        == "7 days of waiting more among those left"
    )


@given(pool=pools())
@settings(max_examples=100, deadline=None)
def test_no_pin_gains_anything_on_the_whole(pool):
    round_ = Round(*pool, ON)
    best = round_.solve()

    for returner in round_.returners:
        for mentor in round_.mentors:
            assert round_.solve(pins=[(returner.key, mentor.key)]).score <= best.score


# What changed since


def test_what_changed_is_who_came_who_went_and_who_has_another_mentor():
    now = solve([a_returner("a"), a_returner("b"), a_returner("c"), a_returner("e")], [a_mentor(capacity=3)], ON)
    assert now.mentor_of == {"a": "m", "b": "m", "c": "m"}

    found = changes({"a": "m", "b": "other", "c": None, "d": "m", "e": "m"}, now)

    assert found == [
        Change("b", "other", "m"),
        Change("c", None, "m"),
        Change("d", "m", None, went=True),
        Change("e", "m", None),
    ]
    assert changes({}, now)[0] == Change("a", None, "m", came=True)
    assert changes({"a": "m", "b": "m", "c": "m", "e": None}, now) == []


def test_time_passing_alone_changes_no_suggestion_between_equals():
    pool = ([a_returner("a", waited=3), a_returner("b", waited=4)], [a_mentor(capacity=1)])
    later = ([a_returner("a", waited=13), a_returner("b", waited=14)], pool[1])

    assert solve(*pool, ON).mentor_of == solve(*later, ON + timedelta(days=10)).mentor_of
