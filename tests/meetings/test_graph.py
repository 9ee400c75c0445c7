"""Microsoft Graph: what is asked of it, and what becomes of each way in which it fails. Nothing lost, nothing doubled."""

import json
import logging
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from signpost import clock
from signpost.config import ROOT
from signpost.meetings import graph, teams
from signpost.meetings.graph import Graph
from signpost.meetings.teams import MeetingGone, NeedsPerson, TryLater
from tests.graph_stand_in import (
    CLIENT,
    GRAPH,
    ORGANISER,
    SECRET,
    SIGN_IN,
    TENANT,
    GraphStandIn,
    graph_stand_in,
    short_link,
)

BEGINS = datetime(2027, 4, 6, 11, 30, tzinfo=UTC)
ENDS = BEGINS + timedelta(hours=1)
LATER = timedelta(days=1)
NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
TYPES = Path(__file__).parent / "graph_types"


@pytest.fixture
def microsoft() -> Iterator[GraphStandIn]:
    with graph_stand_in() as stand_in:
        yield stand_in


@pytest.fixture
def provider(microsoft: GraphStandIn) -> Graph:
    return provider_of(microsoft)


def provider_of(microsoft: GraphStandIn, **changed: str) -> Graph:
    account = {
        "base_url": f"{microsoft.url}/v1.0",
        "authority": f"{microsoft.url}/authority",
        "tenant_id": TENANT,
        "client_id": CLIENT,
        "client_secret": SECRET,
        "organiser": ORGANISER,
    }
    return Graph(**(account | changed), timeouts=(30, 30, 30))


@contextmanager
def in_a_hurry(provider: Graph) -> Iterator[None]:
    """For the length of a block it gives up so soon that a machine at its limits could be too slow to answer it."""
    patient, provider._timeouts = provider._timeouts, (0.5, 0.3, 0.5)
    try:
        yield
    finally:
        provider._timeouts = patient


# When all is well


def test_a_meeting_is_made_and_its_link_is_given(microsoft, provider):
    link = provider.create("k4t9x", BEGINS, ENDS)

    (meeting,) = microsoft.meetings.values()
    assert link == teams.Link(meeting.join_url, meeting.id)
    assert (meeting.begins, meeting.ends, meeting.external_id) == (BEGINS, ENDS, "k4t9x")


def test_a_short_link_is_taken_as_well(microsoft, provider):
    microsoft.give_link = short_link

    assert provider.create("k4t9x", BEGINS, ENDS).join_url.startswith("https://teams.microsoft.com/meet/")


def test_the_organiser_is_named_by_object_id_in_the_path(microsoft, provider):
    provider.create("k4t9x", BEGINS, ENDS)

    assert microsoft.asked[-1].path == f"/v1.0/users/{ORGANISER}/onlineMeetings/createOrGet"


def test_microsoft_learns_two_moments_the_word_meeting_and_a_random_id_and_nothing_else(microsoft, provider):
    link = provider.create("k4t9x", BEGINS, ENDS)
    provider.move(link.provider_id, BEGINS + LATER, ENDS + LATER)
    provider.cancel(link.provider_id)

    token, made, moved, deleted = microsoft.asked
    assert token.service == SIGN_IN
    assert made.content == {
        "externalId": "k4t9x",
        "subject": "Meeting",
        "startDateTime": "2027-04-06T11:30:00Z",
        "endDateTime": "2027-04-06T12:30:00Z",
    }
    assert moved.content == {"startDateTime": "2027-04-07T11:30:00Z", "endDateTime": "2027-04-07T12:30:00Z"}
    assert deleted.body == b""
    assert (made.method, moved.method, deleted.method) == ("POST", "PATCH", "DELETE")


def test_asking_twice_for_the_same_meeting_gives_the_same_one(microsoft, provider):
    assert provider.create("k4t9x", BEGINS, ENDS) == provider.create("k4t9x", BEGINS, ENDS)
    assert microsoft.made == 1
    assert microsoft.count(GRAPH, "PATCH") == 0


def test_each_of_our_meetings_has_its_own(microsoft, provider):
    assert provider.create("k4t9x", BEGINS, ENDS) != provider.create("b2d8m", BEGINS, ENDS)
    assert microsoft.made == 2


def test_moving_keeps_the_meeting_and_its_link(microsoft, provider):
    link = provider.create("k4t9x", BEGINS, ENDS)

    provider.move(link.provider_id, BEGINS + LATER, ENDS + LATER)

    (meeting,) = microsoft.meetings.values()
    assert (meeting.id, meeting.join_url) == (link.provider_id, link.join_url)
    assert (meeting.begins, meeting.ends) == (BEGINS + LATER, ENDS + LATER)


def test_one_that_moved_before_its_answer_came_through_gets_its_new_times(microsoft, provider):
    microsoft.does("done and dropped", times=1)
    with pytest.raises(TryLater):
        provider.create("k4t9x", BEGINS, ENDS)

    provider.create("k4t9x", BEGINS + LATER, ENDS + LATER)

    (meeting,) = microsoft.meetings.values()
    assert (microsoft.made, meeting.begins, meeting.ends) == (1, BEGINS + LATER, ENDS + LATER)


def test_cancelling_deletes_and_cancelling_twice_is_fine(microsoft, provider):
    link = provider.create("k4t9x", BEGINS, ENDS)

    provider.cancel(link.provider_id)
    provider.cancel(link.provider_id)

    assert microsoft.meetings == {}


def test_one_that_was_deleted_in_teams_cannot_be_moved_and_can_be_made_again(microsoft, provider):
    link = provider.create("k4t9x", BEGINS, ENDS)
    microsoft.meetings.clear()

    with pytest.raises(MeetingGone, match="no longer has this meeting"):
        provider.move(link.provider_id, BEGINS + LATER, ENDS + LATER)
    again = provider.create("k4t9x", BEGINS + LATER, ENDS + LATER)

    assert list(microsoft.meetings) == [again.provider_id]


def test_whatever_microsoft_calls_a_meeting_it_is_one_part_of_the_address(microsoft, provider):
    with pytest.raises(MeetingGone):
        provider.move("../../x?y=1#z", BEGINS, ENDS)

    assert microsoft.asked[-1].path == f"/v1.0/users/{ORGANISER}/onlineMeetings/..%2F..%2Fx%3Fy%3D1%23z"


@pytest.mark.parametrize(
    ("begins", "ends"),
    [(BEGINS.replace(tzinfo=None), ENDS), (BEGINS, ENDS.replace(tzinfo=None)), (BEGINS, BEGINS), (ENDS, BEGINS)],
)
def test_moments_without_a_zone_or_in_the_wrong_order_are_never_sent(microsoft, provider, begins, ends):
    for ask in (provider.create, provider.move):
        with pytest.raises(ValueError, match="moments with a zone"):
            ask("k4t9x", begins, ends)
    assert microsoft.asked == []


def test_without_an_id_nothing_is_sent(microsoft, provider):
    for ask in (
        lambda: provider.create("", BEGINS, ENDS),
        lambda: provider.move("", BEGINS, ENDS),
        lambda: provider.cancel(""),
    ):
        with pytest.raises(ValueError, match="id"):
            ask()
    assert microsoft.asked == []


# The token


def test_one_token_serves_until_shortly_before_it_ends(microsoft, provider):
    with clock.at(NOW):
        provider.create("one", BEGINS, ENDS)
    with clock.at(NOW + timedelta(minutes=54)):
        provider.create("two", BEGINS, ENDS)
    assert microsoft.count(SIGN_IN) == 1

    with clock.at(NOW + timedelta(minutes=56)):
        provider.create("three", BEGINS, ENDS)
    assert microsoft.count(SIGN_IN) == 2
    assert microsoft.count(GRAPH) == 3


def test_a_token_of_a_few_minutes_serves_for_half_of_them(microsoft, provider):
    microsoft.token_seconds = 60
    with clock.at(NOW):
        provider.create("one", BEGINS, ENDS)
    with clock.at(NOW + timedelta(seconds=25)):
        provider.create("two", BEGINS, ENDS)
    with clock.at(NOW + timedelta(seconds=35)):
        provider.create("three", BEGINS, ENDS)

    assert microsoft.count(SIGN_IN) == 2


def test_a_token_that_is_no_longer_taken_is_replaced_once_and_the_request_goes_through(microsoft, provider):
    provider.create("one", BEGINS, ENDS)
    microsoft.forget_tokens()

    provider.create("two", BEGINS, ENDS)

    assert microsoft.made == 2
    assert microsoft.count(SIGN_IN) == 2
    assert microsoft.count(GRAPH) == 3


@pytest.mark.parametrize(
    "changed", [{"tenant_id": "another"}, {"client_id": "another"}, {"client_secret": "expired, not to be repeated"}]
)
def test_wrong_credentials_need_the_administrator_and_are_not_tried_by_themselves(microsoft, changed):
    with pytest.raises(NeedsPerson) as asked:
        provider_of(microsoft, **changed).create("k4t9x", BEGINS, ENDS)

    assert asked.value.words == "Microsoft Teams did not let Signpost in. Tell your administrator."
    assert microsoft.count(SIGN_IN) == 1
    assert microsoft.count(GRAPH) == 0


@pytest.mark.parametrize(
    "content",
    [
        b"[]",
        b"null",
        b"{}",
        b'{"access_token": "", "expires_in": 3599}',
        b'{"access_token": null, "expires_in": 3599}',
        b'{"access_token": "x\\r\\nX-Y: z", "expires_in": 3599}',
        b'{"access_token": "x", "expires_in": null}',
        b'{"access_token": "x", "expires_in": -1}',
        b"<html>Sign in to the network</html>",
        b"",
        b"[" * 100_000,
    ],
)
def test_what_is_no_token_is_asked_for_again_later(microsoft, provider, content):
    microsoft.answers(200, body=content, service=SIGN_IN)

    with pytest.raises(TryLater, match="no clear answer"):
        provider.create("k4t9x", BEGINS, ENDS)
    assert microsoft.count(GRAPH) == 0


def test_a_lifetime_in_quotation_marks_is_read_too(microsoft, provider):
    microsoft.answers(200, body=b'{"access_token": "x", "expires_in": "3599"}', service=SIGN_IN, times=1)

    provider.create("k4t9x", BEGINS, ENDS)  # "x" is refused by Graph, and the next token is a real one

    assert microsoft.made == 1


@pytest.mark.parametrize(
    ("status", "content"), [(503, b""), (400, b'{"error": "temporarily_unavailable"}'), (407, b"")]
)
def test_a_sign_in_service_in_trouble_is_asked_again_later(microsoft, provider, status, content):
    microsoft.answers(status, body=content, service=SIGN_IN)

    with pytest.raises(TryLater):
        provider.create("k4t9x", BEGINS, ENDS)


# Each fault: the right words, and afterwards one meeting and no more

REFUSALS = [
    (401, "did not let Signpost in"),
    (403, "application access policy"),
    (404, "application access policy"),
    (400, "did not accept this meeting"),
    (405, "did not accept this meeting"),
    (413, "did not accept this meeting"),
    (422, "did not accept this meeting"),
]
PASSING = [
    (408, "is busy"),
    (409, "is busy"),
    (423, "is busy"),
    (429, "is busy"),
    (500, "no clear answer"),
    (502, "no clear answer"),
    (503, "is busy"),
    (504, "is busy"),
    (507, "no clear answer"),
    (302, "no clear answer"),
]
LINE_FAULTS = [
    ("hang", "could not be reached"),
    ("drip", "could not be reached"),
    ("drop", "could not be reached"),
    ("cut", "could not be reached"),
    ("truncated", "no clear answer"),
    ("done and dropped", "could not be reached"),
]


@pytest.mark.parametrize(("status", "words"), REFUSALS)
def test_a_refusal_needs_a_person_and_after_their_work_there_is_one_meeting(microsoft, provider, status, words):
    microsoft.answers(status)

    with pytest.raises(NeedsPerson, match=words):
        provider.create("k4t9x", BEGINS, ENDS)
    assert microsoft.made == 0

    microsoft.is_well()
    provider.create("k4t9x", BEGINS, ENDS)
    assert microsoft.made == 1


@pytest.mark.parametrize(("status", "words"), PASSING)
def test_trouble_that_passes_is_tried_again_and_then_there_is_one_meeting(microsoft, provider, status, words):
    microsoft.answers(status)

    with pytest.raises(TryLater, match=words) as later:
        provider.create("k4t9x", BEGINS, ENDS)
    assert later.value.seconds is None
    assert microsoft.count(GRAPH) == 1

    microsoft.is_well()
    provider.create("k4t9x", BEGINS, ENDS)
    assert microsoft.made == 1


@pytest.mark.parametrize(("kind", "words"), LINE_FAULTS)
@pytest.mark.parametrize("service", [GRAPH, SIGN_IN])
def test_a_line_that_fails_loses_nothing_and_doubles_nothing(microsoft, provider, kind, words, service):
    microsoft.does(kind, service=service)
    patience = in_a_hurry(provider) if kind in ("hang", "drip") else nullcontext()

    with patience, pytest.raises(TryLater, match=words) as later:
        provider.create("k4t9x", BEGINS, ENDS)
    assert later.value.seconds is None

    microsoft.is_well()
    link = provider.create("k4t9x", BEGINS, ENDS)
    assert list(microsoft.meetings) == [link.provider_id]
    assert microsoft.made == 1


@pytest.mark.parametrize(("kind", "words"), LINE_FAULTS[2:])
def test_moving_and_cancelling_survive_the_same_faults(microsoft, provider, kind, words):
    link = provider.create("k4t9x", BEGINS, ENDS)

    microsoft.does(kind, times=1)
    with pytest.raises(TryLater, match=words):
        provider.move(link.provider_id, BEGINS + LATER, ENDS + LATER)
    provider.move(link.provider_id, BEGINS + LATER, ENDS + LATER)
    (meeting,) = microsoft.meetings.values()
    assert (meeting.begins, meeting.join_url) == (BEGINS + LATER, link.join_url)

    if kind != "truncated":  # a deletion has no body to be cut
        microsoft.does("drop" if kind == "cut" else kind, times=1)
        with pytest.raises(TryLater, match=words):
            provider.cancel(link.provider_id)
    provider.cancel(link.provider_id)
    assert microsoft.meetings == {}


def test_a_server_that_is_not_there_is_tried_again_later():
    with graph_stand_in() as gone:
        provider = provider_of(gone)

    with pytest.raises(TryLater, match="could not be reached"):
        provider.create("k4t9x", BEGINS, ENDS)


@pytest.mark.parametrize("status", [200, 404, 410])
def test_a_page_from_somewhere_on_the_way_is_not_taken_for_microsofts_answer(microsoft, provider, status):
    link = provider.create("k4t9x", BEGINS, ENDS)
    for ask in (
        lambda: provider.create("k4t9x", BEGINS, ENDS),
        lambda: provider.move(link.provider_id, BEGINS, ENDS),
        lambda: provider.cancel(link.provider_id),
    ):
        microsoft.answers(status, body=b"<html>Sign in to the network</html>", content_type="text/html", times=1)
        with pytest.raises(TryLater, match="no clear answer"):
            ask()
    assert list(microsoft.meetings) == [link.provider_id]


def test_json_that_says_nothing_of_a_deletion_is_no_deletion(microsoft, provider):
    microsoft.answers(200, body=b"{}")

    with pytest.raises(TryLater, match="no clear answer"):
        provider.cancel("MSo1")


@pytest.mark.parametrize("status", [403, 400])
def test_moving_and_cancelling_are_refused_in_words_too(microsoft, provider, status):
    link = provider.create("k4t9x", BEGINS, ENDS)
    microsoft.answers(status)

    with pytest.raises(NeedsPerson, match="Tell your administrator"):
        provider.move(link.provider_id, BEGINS + LATER, ENDS + LATER)
    with pytest.raises(NeedsPerson, match="Tell your administrator"):
        provider.cancel(link.provider_id)
    assert list(microsoft.meetings) == [link.provider_id]


def test_an_answer_without_end_is_not_read_to_its_end(microsoft, provider):
    microsoft.answers(200, body=b"{" + b" " * (graph.LONGEST_ANSWER + 1) + b"}")

    with pytest.raises(TryLater, match="could not be reached"):
        provider.create("k4t9x", BEGINS, ENDS)


# What the link is


@pytest.mark.parametrize("missing", [None, ""])
def test_a_link_that_is_not_there_yet_is_asked_for_again(microsoft, provider, missing):
    microsoft.give_link = lambda name: missing
    with pytest.raises(TryLater, match="no clear answer"):
        provider.create("k4t9x", BEGINS, ENDS)

    (meeting,) = microsoft.meetings.values()
    meeting.join_url = short_link(meeting.id)
    assert provider.create("k4t9x", BEGINS, ENDS).join_url == meeting.join_url
    assert microsoft.made == 1


@pytest.mark.parametrize(
    "strange",
    [
        "https://teams.microsoft.com.evil.example/meet/31234567890123?p=a",
        "http://teams.microsoft.com/meet/31234567890123?p=a",
        "javascript:alert(1)",
    ],
)
def test_a_link_that_is_no_join_link_is_never_shown_to_anybody(microsoft, provider, strange):
    microsoft.give_link = lambda name: strange

    with pytest.raises(NeedsPerson, match="does not look like one of its own") as asked:
        provider.create("k4t9x", BEGINS, ENDS)
    assert strange not in asked.value.words


@pytest.mark.parametrize("name", [None, "", 7, "x" * 301])
def test_a_meeting_without_a_name_that_can_be_kept_is_asked_for_again(microsoft, provider, name):
    microsoft.answers(201, body=json.dumps({"id": name, "joinWebUrl": short_link("")}).encode())

    with pytest.raises(TryLater, match="no clear answer"):
        provider.create("k4t9x", BEGINS, ENDS)


# How long to wait


@pytest.mark.parametrize("status", [429, 503, 504])
@pytest.mark.parametrize(("retry_after", "seconds"), [("7", 7), (" 120 ", 120), ("0", 1), ("86400000000", 3600)])
def test_a_wait_in_seconds_is_kept(microsoft, provider, status, retry_after, seconds):
    microsoft.answers(status, retry_after=retry_after)

    with pytest.raises(TryLater, match="is busy") as later:
        provider.create("k4t9x", BEGINS, ENDS)
    assert later.value.seconds == seconds


@pytest.mark.parametrize("our_clock", [timedelta(0), timedelta(hours=-5), timedelta(days=200)])
def test_a_wait_until_a_moment_is_by_microsofts_clock(microsoft, provider, our_clock):
    theirs = datetime.now(UTC)  # the stand-in stamps its answers with the real time
    microsoft.answers(429, retry_after=format_datetime(theirs + timedelta(seconds=90), usegmt=True))

    with clock.at(theirs + our_clock), pytest.raises(TryLater) as later:
        provider.create("k4t9x", BEGINS, ENDS)
    assert later.value.seconds is not None
    assert 80 <= later.value.seconds <= 90


def test_a_wait_of_years_is_not_meant(microsoft, provider):
    microsoft.answers(429, retry_after="Fri, 01 Jan 2100 00:00:00 GMT")

    with pytest.raises(TryLater) as later:
        provider.create("k4t9x", BEGINS, ENDS)
    assert later.value.seconds == 3600


@pytest.mark.parametrize("retry_after", ["", "soon", "-5", "1.5", "٧", "Mon, 99 Foo 2027", "Thu, 01 Jan 1970"])
def test_a_wait_that_says_nothing_leaves_it_to_the_caller(microsoft, provider, retry_after):
    microsoft.answers(429, retry_after=retry_after.encode("utf-8").decode("latin-1"))

    with pytest.raises(TryLater) as later:
        provider.create("k4t9x", BEGINS, ENDS)
    assert later.value.seconds is None


def test_a_wait_counts_for_every_request_because_the_limit_is_the_applications(microsoft, provider):
    with clock.at(NOW):
        microsoft.answers(429, retry_after="40", times=1)
        with pytest.raises(TryLater):
            provider.create("one", BEGINS, ENDS)
    asked = len(microsoft.asked)

    with clock.at(NOW + timedelta(seconds=30)), pytest.raises(TryLater, match="is busy") as later:
        provider.create("two", BEGINS, ENDS)
    assert later.value.seconds in (10, 11)
    assert len(microsoft.asked) == asked

    with clock.at(NOW + timedelta(seconds=41)):
        provider.create("two", BEGINS, ENDS)
    assert microsoft.made == 1


# When Microsoft is away


def test_after_three_failures_there_is_one_probe_a_minute(microsoft, provider):
    microsoft.does("drop", service=SIGN_IN)
    with clock.at(NOW):
        for waits in (None, None, 60, 60, 60):
            with pytest.raises(TryLater, match="could not be reached") as later:
                provider.create("k4t9x", BEGINS, ENDS)
            assert later.value.seconds == waits
    assert microsoft.count(SIGN_IN) == 3

    for minute in range(1, 6):
        with clock.at(NOW + timedelta(seconds=61 * minute)):
            for _ in range(4):
                with pytest.raises(TryLater):
                    provider.create("k4t9x", BEGINS, ENDS)
        assert microsoft.count(SIGN_IN) == 3 + minute


@pytest.mark.parametrize("refusal", [401, 403])
def test_a_refusal_or_a_success_between_failures_begins_the_count_again(microsoft, provider, refusal):
    for _ in range(3):
        for _ in range(2):
            microsoft.does("drop", times=1)
            with pytest.raises(TryLater):
                provider.create("k4t9x", BEGINS, ENDS)
        provider.create("k4t9x", BEGINS, ENDS)
    for _ in range(3):
        for _ in range(2):
            microsoft.does("drop", times=1)
            with pytest.raises(TryLater):
                provider.create("k4t9x", BEGINS, ENDS)
        microsoft.answers(refusal)
        with pytest.raises(NeedsPerson):
            provider.create("k4t9x", BEGINS, ENDS)

    microsoft.is_well()
    provider.create("k4t9x", BEGINS, ENDS)
    assert microsoft.made == 1


def test_a_short_wait_asked_for_by_a_service_that_is_away_does_not_make_more_probes(microsoft, provider):
    with clock.at(NOW):
        microsoft.answers(503, retry_after="1")
    for second in range(0, 180, 2):
        with clock.at(NOW + timedelta(seconds=second)), pytest.raises(TryLater):
            provider.create("k4t9x", BEGINS, ENDS)

    assert microsoft.count(GRAPH) <= 3 + 3


def test_many_at_once_are_one_probe(microsoft, provider):
    microsoft.does("drop")
    with clock.at(NOW):
        for _ in range(3):
            with pytest.raises(TryLater):
                provider.create("k4t9x", BEGINS, ENDS)
    before = microsoft.count(GRAPH)
    together = threading.Barrier(8)

    def ask() -> None:
        together.wait()
        with pytest.raises(TryLater):
            provider.create("k4t9x", BEGINS, ENDS)

    with clock.at(NOW + timedelta(minutes=2)):
        threads = [threading.Thread(target=ask) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert microsoft.count(GRAPH) == before + 1


def test_a_clock_that_is_put_back_holds_nobody_up(microsoft, provider):
    with clock.at(NOW):
        microsoft.answers(429, retry_after="3600", times=1)
        with pytest.raises(TryLater):
            provider.create("k4t9x", BEGINS, ENDS)

    with clock.at(NOW - timedelta(hours=3)):
        provider.create("k4t9x", BEGINS, ENDS)
    assert microsoft.made == 1


def test_twenty_four_hours_without_microsoft_cost_a_probe_a_minute_and_nothing_else(microsoft, provider):
    """G24, the provider's part: 30 meetings wait, each is tried when it was told to; eight faults, three hours each."""
    waiting = {f"meeting-{number}": NOW for number in range(30)}
    probes: list[datetime] = []
    links: dict[str, teams.Link] = {}

    def pass_at(moment: datetime) -> None:
        for name, due in sorted(waiting.items()):
            before = len(microsoft.asked)
            if due <= moment:
                with clock.at(moment):
                    try:
                        links[name] = provider.create(name, BEGINS, ENDS)
                        del waiting[name]
                    except TryLater as later:
                        waiting[name] = moment + timedelta(seconds=later.seconds or 15)
            if len(microsoft.asked) > before:
                probes.append(moment)

    faults = ["drop", "done and dropped", "truncated", "cut", "sign-in", "429", "500", "503"]
    for second in range(0, 24 * 60 * 60, 20):
        fault = faults[second // (3 * 60 * 60)]
        if fault.isdecimal():
            microsoft.answers(int(fault), retry_after="5" if fault == "503" else None)
        elif fault == "sign-in":
            microsoft.forget_tokens()
            microsoft.does("drop", service=SIGN_IN)
        else:
            microsoft.does(fault)
        pass_at(NOW + timedelta(seconds=second))
    assert links == {}
    assert 24 * 60 / 2 < len(probes) <= 24 * 60 + 2
    assert all(later - earlier >= timedelta(minutes=1) for earlier, later in pairwise(probes[2:]))

    microsoft.is_well()
    for second in range(0, 5 * 60, 20):
        pass_at(NOW + timedelta(hours=24, seconds=second))
    assert waiting == {}
    assert microsoft.made == 30
    assert {link.provider_id for link in links.values()} == set(microsoft.meetings)


# What is logged, and what is kept away


def test_each_request_has_its_own_id_which_is_logged_and_nothing_else_of_it_is(microsoft, provider, caplog):
    with caplog.at_level(logging.DEBUG, logger="signpost"):
        link = provider.create("k4t9x", BEGINS, ENDS)
        microsoft.answers(403)
        with pytest.raises(NeedsPerson):
            provider.move(link.provider_id, BEGINS, ENDS)

    lines = [vars(record) for record in caplog.records]
    assert [(line["call"], line["status"]) for line in lines] == [("token", 200), ("create", 200 + 1), ("move", 403)]
    ids = [line["client_request_id"] for line in lines]
    assert ids == [asked.request_id for asked in microsoft.asked]
    assert len(set(ids)) == 3
    written = str(lines)
    for kept in (*microsoft.tokens, SECRET, CLIENT, ORGANISER, "k4t9x", link.provider_id, link.join_url, "2027-04"):
        assert kept not in written


def test_a_password_file_of_the_machine_never_takes_the_place_of_the_token(microsoft, provider, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))

    provider.create("k4t9x", BEGINS, ENDS)

    assert microsoft.made == 1
    assert microsoft.count(GRAPH) == 1


def test_a_redirection_is_not_followed_with_the_token(microsoft, provider):
    with graph_stand_in() as elsewhere:
        microsoft.answers(307)
        assert microsoft.fault is not None
        microsoft.fault.headers.append(
            ("Location", f"{elsewhere.url}/v1.0/users/{ORGANISER}/onlineMeetings/createOrGet")
        )
        with pytest.raises(TryLater):
            provider.create("k4t9x", BEGINS, ENDS)
        assert elsewhere.asked == []


# The stand-in is as strict as Graph


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("startTime", "2027-04-06T11:30:00Z"),
        ("subject", 7),
        ("subject", None),
        ("externalId", ""),
        ("externalId", None),
        ("startDateTime", "06/04/2027 12:30"),
        ("startDateTime", "2027-04-06T11:30:00"),
        ("startDateTime", "2027-02-30T11:30:00Z"),
        ("startDateTime", "2027-04-06T23:30:00Z"),
        ("startDateTime", None),
    ],
)
def test_the_stand_in_refuses_what_graph_refuses(microsoft, provider, monkeypatch, name, value):
    times = graph._times(BEGINS, ENDS)
    monkeypatch.setattr(graph, "_times", lambda begins, ends: {**times, name: value})

    with pytest.raises(NeedsPerson, match="did not accept"):
        provider.create("k4t9x", BEGINS, ENDS)
    assert microsoft.made == 0


def test_the_stand_in_knows_an_organiser_only_by_object_id(microsoft):
    by_address = provider_of(microsoft, organiser="meetings@signpost.example")

    with pytest.raises(NeedsPerson, match="application access policy"):
        by_address.create("k4t9x", BEGINS, ENDS)


# The bodies, judged by Microsoft's own types


def what_is_missing() -> str:
    packages = ROOT / "node_modules"
    if not (packages / "typescript").is_dir() or not (packages / "@microsoft" / "microsoft-graph-types").is_dir():
        return "TypeScript and Microsoft's types are not installed: make test installs them."
    return "" if node() else "There is no Node on the PATH."


def node() -> str | None:
    own = ROOT / ".node" / "bin" / "node"
    return str(own) if own.exists() else shutil.which("node")


def test_what_is_sent_and_what_the_stand_in_answers_are_of_microsofts_published_types(microsoft, provider, tmp_path):
    if missing := what_is_missing():
        if os.environ.get("SIGNPOST_REQUIRE_BROWSER") == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    link = provider.create("k4t9x", BEGINS, ENDS)
    provider.move(link.provider_id, BEGINS + LATER, ENDS + LATER)
    _, made, moved = microsoft.asked
    answer = microsoft._written(microsoft.meetings[link.provider_id])

    right = [("CreateOrGet", made.content), ("Update", moved.content), ("Answer", answer)]
    wrong = [
        ("CreateOrGet", made.content | {"provider": "zoom"}),
        ("CreateOrGet", made.content | {"subject": 7}),
        ("CreateOrGet", made.content | {"externalId": None}),
        ("CreateOrGet", moved.content),
        ("Update", moved.content | {"subject": "Meeting"}),
        ("Answer", answer | {"joinUrl": link.join_url}),
        ("Answer", answer | {"isBroadcast": "no"}),
    ]
    result = judged(tmp_path, right, wrong)

    assert (result.returncode, result.stdout) == (0, "")


def judged(
    folder: Path, right: list[tuple[str, Any]], wrong: list[tuple[str, Any]]
) -> "subprocess.CompletedProcess[str]":
    """Compile literals of these types, the wrong ones marked as such: one that is not found wrong is an error too."""
    lines = [f"import type {{ Answer, CreateOrGet, Update }} from {json.dumps(str(TYPES / 'shapes'))};"]
    for number, (kind, content) in enumerate([*right, *wrong]):
        if number >= len(right):
            lines.append("// @ts-expect-error")
        lines.append(f"export const body{number} = {json.dumps(content)} satisfies {kind};")
    (folder / "bodies.ts").write_text("\n".join(lines) + "\n", encoding="utf-8")
    settings = {"extends": str(TYPES / "tsconfig.json"), "files": ["bodies.ts"]}
    (folder / "tsconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    compiler = ROOT / "node_modules" / "typescript" / "bin" / "tsc"
    command = [str(node()), str(compiler), "--noEmit", "--strict", "--pretty", "false", "--project", str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
