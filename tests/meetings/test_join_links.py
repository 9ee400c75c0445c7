"""A join link is kept only if it is one: each line of these tables is a link as it was pasted."""

from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from signpost.errors import RuleBroken
from signpost.meetings import join_links
from signpost.meetings.join_links import checked, deep_link

CONTEXT = "context=%7b%22Tid%22%3a%220b7e5a52-2f61-4f1c-9d1e-6a1f7a0c9b11%22%2c%22Oid%22%3a%228716745d%22%7d"
THREAD = "19%3ameeting_MzdlYWY2NzMtOTM0Yi00OGQ2LTljMGIt%40thread.v2"
CLASSIC = f"https://teams.microsoft.com/l/meetup-join/{THREAD}/0?{CONTEXT}"
SHORT = "https://teams.microsoft.com/meet/31234567890123?p=NyMBzcCvUNRRFDBsIO"
REAL_HOST = "teams.microsoft.com"

OUTLOOK_INVITATION = f"""________________\r
Microsoft Teams\r
Join on your computer or mobile app\r
Join the meeting now<{CLASSIC}>\r
Need help?<https://aka.ms/JoinTeamsMeeting?omkt=en-GB>\r
Meeting options<https://teams.microsoft.com/meetingOptions/?organizerId=8716745d&language=en-GB>\r
"""

GOOD = [
    CLASSIC,
    SHORT,
    SHORT.replace("31234567890123", "123456"),
    SHORT.replace("31234567890123", "1" * 20),
    SHORT.replace(REAL_HOST, "teams.cloud.microsoft"),
    CLASSIC.replace(REAL_HOST, "teams.cloud.microsoft"),
    CLASSIC.replace("thread.v2", "thread.skype"),
    CLASSIC.replace("meeting_MzdlYWY2NzMtOTM0Yi00OGQ2LTljMGIt%40thread.v2", "7ebda77322dd4505ac4d%40thread.tacv2"),
    CLASSIC.replace("%3a", ":", 1).replace("%40", "@"),
    CLASSIC.replace("%3a", "%3A").replace("%7b", "%7B").replace("%7d", "%7D"),
    CLASSIC.replace("/0?", "/1754300000000?"),
    CLASSIC + "&anon=true",
    "https://teams.microsoft.com/meet/31234567890123?anon=true&p=a-b_c.d~e",
]

PASTED_WITH_WORDS = [
    (f"  {CLASSIC}\n", CLASSIC),
    (f"Join here: {SHORT}.", SHORT),
    (f"Join the meeting now<{SHORT}>", SHORT),
    (f"({SHORT}).", SHORT),
    (f"“{SHORT}”", SHORT),
    (f"[Join]({SHORT})", SHORT),
    (f'<a href="{SHORT}">Join</a>', SHORT),
    (f"{SHORT} or {SHORT}", SHORT),
    (SHORT.replace("https://teams.microsoft.com", "HTTPS://Teams.Microsoft.COM"), SHORT),
    (OUTLOOK_INVITATION, CLASSIC),
    (f"Don’t use https://evil.example/meet/31234567890123?p=a but {SHORT}", SHORT),
]

BAD = [
    # Nothing to find
    ("", join_links.NO_LINK),
    ("   \n", join_links.NO_LINK),
    ("see you on Teams", join_links.NO_LINK),
    (SHORT.removeprefix("https://"), join_links.NO_LINK),
    (SHORT.replace("https", "javascript"), join_links.NO_LINK),
    (SHORT.replace("https", "ftp"), join_links.NO_LINK),
    (SHORT.replace("https", "xhttps"), join_links.NO_LINK),
    (SHORT.replace("https://", "//"), join_links.NO_LINK),
    ("Meeting ID: 312 345 678 901 23 Passcode: Ny2MB", join_links.NO_LINK),
    # Two of them
    (f"{SHORT} {CLASSIC}", join_links.TWO_LINKS),
    # Not safe
    (SHORT.replace("https", "http"), join_links.NOT_HTTPS),
    # Somewhere else
    (f"https://evil.example/{REAL_HOST}/meet/31234567890123?p=a", join_links.ELSEWHERE),
    (f"https://evil.example/{SHORT}", join_links.ELSEWHERE),
    (f"https://evil.example/?next={SHORT}", join_links.ELSEWHERE),
    (SHORT.replace(REAL_HOST, f"{REAL_HOST}.evil.example"), join_links.ELSEWHERE),
    (SHORT.replace(REAL_HOST, f"evil-{REAL_HOST}"), join_links.ELSEWHERE),
    (SHORT.replace(REAL_HOST, f"evil.{REAL_HOST}"), join_links.ELSEWHERE),
    (SHORT.replace(REAL_HOST, "teams.rnicrosoft.com"), join_links.ELSEWHERE),
    (SHORT.replace(REAL_HOST, "teams.microsoft.co"), join_links.ELSEWHERE),
    (SHORT.replace(REAL_HOST, "teams-microsoft.com"), join_links.ELSEWHERE),
    (SHORT.replace(REAL_HOST, f"{REAL_HOST}."), join_links.ELSEWHERE),
    (SHORT.replace(REAL_HOST, "xn--tams-5oa.microsoft.com"), join_links.ELSEWHERE),
    (SHORT.replace(REAL_HOST, "zoom.us"), join_links.ELSEWHERE),
    (SHORT.replace(REAL_HOST, "teams.microsoft"), join_links.ELSEWHERE),
    ("https:///meet/31234567890123?p=a", join_links.ELSEWHERE),
    # Letters that only look like the real ones, and others that no address has
    (SHORT.replace("teams", "tеams"), join_links.STRANGE_CHARACTER),
    (SHORT.replace("microsoft.", "microsoft。"), join_links.STRANGE_CHARACTER),
    (SHORT.replace("/meet", "／meet"), join_links.STRANGE_CHARACTER),
    (SHORT.replace("/meet", "\\meet"), join_links.STRANGE_CHARACTER),
    (f"https://{REAL_HOST}\\@evil.example/meet/31234567890123?p=a", join_links.STRANGE_CHARACTER),
    (SHORT + "\u200b", join_links.STRANGE_CHARACTER),
    (SHORT + "%", join_links.STRANGE_CHARACTER),
    (SHORT.replace(REAL_HOST, "[teams.microsoft.com"), join_links.STRANGE_CHARACTER),
    # The real host, dressed up
    (SHORT.replace(REAL_HOST, f"{REAL_HOST}@evil.example"), join_links.NAME_OR_PORT),
    (SHORT.replace(REAL_HOST, f"evil.example@{REAL_HOST}"), join_links.NAME_OR_PORT),
    (SHORT.replace(REAL_HOST, f"{REAL_HOST}:443"), join_links.NAME_OR_PORT),
    (SHORT.replace(REAL_HOST, f"{REAL_HOST}:"), join_links.NAME_OR_PORT),
    (f"https://{REAL_HOST}#@evil.example/meet/31234567890123?p=a", join_links.FRAGMENT),
    (f"https://{REAL_HOST}?@evil.example/meet/31234567890123?p=a", join_links.NOT_A_MEETING),
    (SHORT + "#", join_links.FRAGMENT),
    (SHORT + "#/l/meetup-join/", join_links.FRAGMENT),
    (f"https://{REAL_HOST}/_#/l/meetup-join/{THREAD}/0?{CONTEXT}", join_links.FRAGMENT),
    # Another Teams
    ("https://teams.live.com/meet/9312345678901?p=abc", join_links.PERSONAL),
    (CLASSIC.replace(REAL_HOST, "gov.teams.microsoft.us"), join_links.OTHER_COUNTRY),
    (CLASSIC.replace(REAL_HOST, "dod.teams.microsoft.us"), join_links.OTHER_COUNTRY),
    (
        "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fteams.microsoft.com%2Fmeet",
        join_links.WRAPPED,
    ),
    # Teams, but no way into a meeting
    (f"https://{REAL_HOST}/", join_links.NOT_A_MEETING),
    (f"https://{REAL_HOST}", join_links.NOT_A_MEETING),
    (f"https://{REAL_HOST}/l/meeting/new?subject=Meeting", join_links.NOT_A_MEETING),
    (f"https://{REAL_HOST}/l/chat/0/0?users=a@b.example", join_links.NOT_A_MEETING),
    (f"https://{REAL_HOST}/l/channel/{THREAD}/General?{CONTEXT}", join_links.NOT_A_MEETING),
    (f"https://{REAL_HOST}/dl/launcher/launcher.html?url=%2F_%23%2Fl%2Fmeetup-join", join_links.NOT_A_MEETING),
    (SHORT.replace("31234567890123", "12345"), join_links.NOT_A_MEETING),
    (SHORT.replace("31234567890123", "1" * 21), join_links.NOT_A_MEETING),
    (SHORT.replace("31234567890123", "3123456789012a"), join_links.NOT_A_MEETING),
    (SHORT.replace("/meet/", "/x/../meet/"), join_links.NOT_A_MEETING),
    (SHORT.replace("/meet/", "//meet/"), join_links.NOT_A_MEETING),
    (SHORT.replace("?p=", "/?p="), join_links.NOT_A_MEETING),
    (CLASSIC.replace("thread.v2", "thread.v3"), join_links.NOT_A_MEETING),
    (CLASSIC.replace("%40thread.v2", "%2f..%2f%40thread.v2"), join_links.NOT_A_MEETING),
    (CLASSIC.replace("%40thread.v2", "%00%40thread.v2"), join_links.NOT_A_MEETING),
    (CLASSIC.replace("19%3a", "19%253a"), join_links.NOT_A_MEETING),
    (CLASSIC.replace("/0?", "/?"), join_links.NOT_A_MEETING),
    (CLASSIC + "&redirect=https://evil.example/", join_links.NOT_A_MEETING),
    (CLASSIC + "&redirect=%2f%2fevil.example", join_links.NOT_A_MEETING),
    (SHORT + "&p=another", join_links.NOT_A_MEETING),
    (SHORT + "%0d%0aX:1", join_links.NOT_A_MEETING),
    # Cut off
    (SHORT.partition("?")[0], join_links.CUT_OFF),
    (SHORT.partition("=")[0] + "=", join_links.CUT_OFF),
    (CLASSIC.partition("?")[0], join_links.CUT_OFF),
    (CLASSIC[:-20], join_links.CUT_OFF),
    # Too long
    (CLASSIC + "&a=" + "b" * 2048, join_links.TOO_LONG),
    (SHORT + " and" * 2560, join_links.TOO_LONG_A_TEXT),
    ("https://" + "a" * 10_240, join_links.TOO_LONG_A_TEXT),
]

UNSEEN = [
    ("\x00", "U+0000"),
    ("\x1b", "U+001B"),
    ("\x7f", "U+007F"),
    ("\u202e", "U+202E"),
    ("\u2066", "U+2066"),
    ("\u2028", "U+2028"),
    ("\ufffd", "could not be read"),
]


@pytest.mark.parametrize("link", GOOD)
def test_a_real_link_is_taken_as_it_is(link):
    assert checked(link) == link


@pytest.mark.parametrize(("text", "link"), PASTED_WITH_WORDS)
def test_the_one_link_among_words_is_found(text, link):
    assert checked(text) == link


@pytest.mark.parametrize(("text", "words"), BAD)
def test_what_is_no_join_link_is_refused_and_the_words_say_why(text, words):
    with pytest.raises(RuleBroken) as refused:
        checked(text)
    assert refused.value.words == words


@pytest.mark.parametrize(("character", "words"), UNSEEN)
@pytest.mark.parametrize("place", ["{0}{1}", "{1}{0}", "Join: {0} {1}"])
def test_a_character_that_nobody_sees_is_refused_wherever_it_stands(character, words, place):
    with pytest.raises(RuleBroken, match="Delete it") as refused:
        checked(place.format(SHORT, character))
    assert words in refused.value.words
    assert "http" not in refused.value.words


def test_a_link_as_long_as_one_may_be_is_taken_and_no_longer_one():
    more = "".join(f"&n{number}={'b' * 150}" for number in range(20))
    longest = (CLASSIC + more)[: join_links.LONGEST_LINK]

    assert checked(longest) == longest
    with pytest.raises(RuleBroken, match="longer than 2048"):
        checked(longest + "b")


def test_every_refusal_is_a_sentence_for_a_person():
    for _, words in BAD:
        assert words[0].isupper()
        assert words.endswith(".")
        assert len(words) <= 120


@given(st.text(max_size=300) | st.text("htps:/eamicroft.@?#%\\3f=&<> 0", max_size=300).map(SHORT.__add__))
@example(SHORT + "\n" + SHORT)
def test_whatever_is_pasted_what_comes_out_leads_to_teams(text):
    try:
        link = checked(text)
    except RuleBroken:
        return
    parts = urlsplit(link)
    assert (parts.scheme, parts.netloc, parts.fragment) == ("https", REAL_HOST, "")
    assert parts.path.startswith(("/meet/", "/l/meetup-join/"))
    assert link.isascii()
    assert checked(link) == link


# The deep link

BEGINS = datetime(2027, 4, 6, 11, 30, tzinfo=UTC)
ENDS = BEGINS + timedelta(minutes=90)


def test_the_deep_link_has_times_with_their_offset_and_nothing_that_teams_misreads():
    link = deep_link("Meeting", BEGINS, ENDS, ["toni@signpost.example", "chris+nhs@signpost.example"])

    assert link == (
        "https://teams.microsoft.com/l/meeting/new?subject=Meeting"
        "&startTime=2027-04-06T12%3A30%3A00%2B01%3A00&endTime=2027-04-06T14%3A00%3A00%2B01%3A00"
        "&attendees=toni@signpost.example,chris%2Bnhs@signpost.example"
    )
    assert "+" not in link


def test_times_are_londons_whatever_zone_they_are_given_in():
    tokyo = timezone(timedelta(hours=9))

    assert deep_link("Meeting", BEGINS.astimezone(tokyo), ENDS.astimezone(tokyo)) == deep_link("Meeting", BEGINS, ENDS)
    winter = parse_qs(urlsplit(deep_link("Meeting", datetime(2027, 1, 6, 9, tzinfo=UTC), BEGINS)).query)
    assert winter["startTime"] == ["2027-01-06T09:00:00+00:00"]


def test_a_meeting_over_the_end_of_summer_time_has_two_offsets():
    link = deep_link("Meeting", datetime(2027, 10, 31, 0, 30, tzinfo=UTC), datetime(2027, 10, 31, 1, 30, tzinfo=UTC))
    times = parse_qs(urlsplit(link).query)

    assert times["startTime"] == ["2027-10-31T01:30:00+01:00"]
    assert times["endTime"] == ["2027-10-31T01:30:00+00:00"]


def test_without_attendees_none_are_named():
    assert "attendees" not in deep_link("Meeting", BEGINS, ENDS)


@pytest.mark.parametrize(
    ("subject", "begins", "ends", "attendees"),
    [
        ("Meeting about Toni", BEGINS, ENDS, []),
        ("", BEGINS, ENDS, []),
        ("Meeting", BEGINS.replace(tzinfo=None), ENDS, []),
        ("Meeting", BEGINS, ENDS.replace(tzinfo=None), []),
        ("Meeting", BEGINS, BEGINS, []),
        ("Meeting", ENDS, BEGINS, []),
        ("Meeting", BEGINS, ENDS, ["toni@signpost.example,other@evil.example"]),
        ("Meeting", BEGINS, ENDS, ["toni"]),
        ("Meeting", BEGINS, ENDS, ["toni@signpost.example\n"]),
        ("Meeting", BEGINS, ENDS, ["Toni <toni@signpost.example>"]),
        ("Meeting", BEGINS, ENDS, [""]),
    ],
)
def test_a_deep_link_is_made_of_a_neutral_subject_two_moments_and_addresses_only(subject, begins, ends, attendees):
    with pytest.raises(ValueError, match=r"subject|moments|address"):
        deep_link(subject, begins, ends, attendees)
