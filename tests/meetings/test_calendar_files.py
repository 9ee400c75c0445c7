"""Calendar files: what every calendar reads of a meeting, and nothing that anyone wrote into a name.

Two libraries judge what is written: the one that wrote it, and vobject, which did not. A few lines of our own look at the
bare text, so that neither can hide what the other adds.
"""

import email
import email.policy
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from flask import Flask
from flask_mail import Mail, Message
from hypothesis import given, settings
from hypothesis import strategies as st

from signpost.meetings import calendar_files
from signpost.meetings.calendar_entries import CANCEL, REQUEST, Attendee, Invitation, new_uid, parts
from signpost.meetings.calendar_files import feed, write

STAMP = datetime(2026, 11, 22, 9, 30, 15, 987654, tzinfo=UTC)
BEGINS = datetime(2027, 4, 6, 12, 30, tzinfo=ZoneInfo("Europe/London"))
JOIN = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_NjZk@thread.v2/0?context=%7b%22Tid%22%3a%221f0a-22%22%7d"
SAM = Attendee("Sam Okafor", "sam@trust.example")
ZOE = Attendee("Zoë Łukasik", "zoe@trust.example", required=False)

Reading = list[tuple[str, str, str, tuple]]  # component, property, its value, its parameters


def an_invitation(**changed: object) -> Invitation:
    return Invitation(
        **{
            "uid": "meet-0b2c@signpost.example",
            "sequence": 0,
            "begins": BEGINS,
            "ends": BEGINS + timedelta(minutes=40),
            "method": REQUEST,
            "organiser_name": "Careers team",
            "organiser_address": "careers@signpost.example",
            "attendees": (SAM, ZOE),
            "location": "Guy's Hospital",
            "description": "",
            "join_url": "",
            "stamp": STAMP,
            **changed,
        }
    )


def read_by_icalendar(ics: str) -> Reading:
    found = []
    for component in icalendar.Calendar.from_ical(ics).walk():
        for name, value in component.property_items(recursive=False):
            if name in ("BEGIN", "END"):
                continue
            is_text = isinstance(value, str)
            text = str(value) if is_text else value.to_ical().decode()
            found.append((component.name, name, text, _parameters(value.params)))
    return sorted(found)


def read_by_vobject(ics: str) -> Reading:
    vobject = pytest.importorskip("vobject")
    found = []
    waiting = [vobject.readOne(ics, transform=False)]
    while waiting:
        component = waiting.pop()
        waiting += component.components()
        found += [(component.name, line.name, line.value, _parameters(line.params)) for line in component.lines()]
    return sorted(found)


def _parameters(params: dict) -> tuple:
    return tuple(
        sorted((name, tuple([values] if isinstance(values, str) else values)) for name, values in params.items())
    )


@pytest.fixture(params=[read_by_icalendar, read_by_vobject])
def read(request: pytest.FixtureRequest):
    return request.param


def values_of(reading: Reading, name: str, component: str = "VEVENT") -> list[str]:
    return [value for of, called, value, _ in reading if (of, called) == (component, name)]


def parameters_of(reading: Reading, value: str) -> dict[str, str]:
    """Those of the person with this address."""
    (parameters,) = [parameters for _, _, found, parameters in reading if found == value]
    return {name: ", ".join(values) for name, values in parameters}


def unfolded(ics: str) -> list[str]:
    """The lines of the file as they are before anyone reads meaning into them."""
    assert ics.endswith("\r\n")
    return ics.replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def names_of(ics: str) -> list[str]:
    """BEGIN:VEVENT, UID, SEQUENCE … : what each line is, as the bare text has it."""
    lines = unfolded(ics)
    return [line if line.startswith(("BEGIN", "END")) else line.partition(":")[0].partition(";")[0] for line in lines]


# What an invitation says


def test_an_invitation_says_when_where_and_to_whom(read):
    found = read(write(an_invitation(description="Bring your training plan.", join_url=JOIN, sequence=7)))

    sam = (("CN", ("Sam Okafor",)), ("CUTYPE", ("INDIVIDUAL",)), ("PARTSTAT", ("NEEDS-ACTION",)))
    zoe = (("CN", ("Zoë Łukasik",)), ("CUTYPE", ("INDIVIDUAL",)), ("PARTSTAT", ("NEEDS-ACTION",)))
    assert found == sorted(
        [
            ("VCALENDAR", "CALSCALE", "GREGORIAN", ()),
            ("VCALENDAR", "METHOD", "REQUEST", ()),
            ("VCALENDAR", "PRODID", "-//Signpost//Meetings//EN", ()),
            ("VCALENDAR", "VERSION", "2.0", ()),
            (
                "VEVENT",
                "ATTENDEE",
                "mailto:sam@trust.example",
                (*sam, ("ROLE", ("REQ-PARTICIPANT",)), ("RSVP", ("FALSE",))),
            ),
            (
                "VEVENT",
                "ATTENDEE",
                "mailto:zoe@trust.example",
                (*zoe, ("ROLE", ("OPT-PARTICIPANT",)), ("RSVP", ("FALSE",))),
            ),
            ("VEVENT", "CLASS", "PRIVATE", ()),
            ("VEVENT", "DESCRIPTION", "Bring your training plan.", ()),
            ("VEVENT", "DTEND", "20270406T121000Z", ()),
            ("VEVENT", "DTSTAMP", "20261122T093015Z", ()),
            ("VEVENT", "DTSTART", "20270406T113000Z", ()),
            ("VEVENT", "LOCATION", "Guy's Hospital", ()),
            ("VEVENT", "ORGANIZER", "mailto:careers@signpost.example", (("CN", ("Careers team",)),)),
            ("VEVENT", "SEQUENCE", "7", ()),
            ("VEVENT", "STATUS", "CONFIRMED", ()),
            ("VEVENT", "SUMMARY", "Meeting", ()),
            ("VEVENT", "TRANSP", "OPAQUE", ()),
            ("VEVENT", "UID", "meet-0b2c@signpost.example", ()),
            ("VEVENT", "URL", JOIN, ()),
            ("VEVENT", "X-MICROSOFT-ONLINEMEETINGCONFLINK", JOIN, ()),
            ("VEVENT", "X-MICROSOFT-SKYPETEAMSMEETINGURL", JOIN, ()),
            ("VALARM", "ACTION", "DISPLAY", ()),
            ("VALARM", "DESCRIPTION", "Meeting", ()),
            ("VALARM", "TRIGGER", "-PT15M", ()),
        ]
    )


def test_the_method_stands_before_the_event():
    names = names_of(write(an_invitation()))

    assert names[:2] == ["BEGIN:VCALENDAR", "VERSION"]
    assert names.index("METHOD") < names.index("BEGIN:VEVENT")
    assert names[-1] == "END:VCALENDAR"


def test_what_is_not_known_is_left_out():
    names = names_of(write(an_invitation(location="", description="", join_url="", organiser_name="")))

    assert not {"LOCATION", "DESCRIPTION", "URL", *calendar_files.JOIN_BUTTON} & set(
        names[: names.index("BEGIN:VALARM")]
    )
    assert "ORGANIZER:mailto:careers@signpost.example" in unfolded(write(an_invitation(organiser_name=" ")))


def test_a_cancellation_frees_the_time_and_reminds_nobody(read):
    found = read(write(an_invitation(method=CANCEL, sequence=3)))

    assert values_of(found, "METHOD", "VCALENDAR") == ["CANCEL"]
    assert values_of(found, "STATUS") == ["CANCELLED"]
    assert values_of(found, "TRANSP") == ["TRANSPARENT"]
    assert values_of(found, "SEQUENCE") == ["3"]
    assert len(values_of(found, "ATTENDEE")) == 2
    assert not [of for of, *_ in found if of == "VALARM"]


def test_vobject_finds_the_files_valid():
    vobject = pytest.importorskip("vobject")

    for ics in (write(an_invitation(join_url=JOIN)), write(an_invitation(method=CANCEL)), feed([an_invitation()])):
        assert vobject.readOne(ics).validate(raiseException=True)


@pytest.mark.parametrize(
    ("wall", "in_utc"),
    [
        (datetime(2027, 3, 26, 18, 20), "20270326T182000Z"),  # noqa: DTZ001  the last working day of winter time
        (datetime(2027, 3, 29, 18, 20), "20270329T172000Z"),  # noqa: DTZ001
        (datetime(2027, 10, 29, 8, 0), "20271029T070000Z"),  # noqa: DTZ001
        (datetime(2027, 11, 1, 8, 0), "20271101T080000Z"),  # noqa: DTZ001
        (datetime(2028, 2, 29, 23, 30), "20280229T233000Z"),  # noqa: DTZ001
    ],
)
def test_times_are_in_utc_before_and_after_the_clocks_change(read, wall, in_utc):
    begins = wall.replace(tzinfo=ZoneInfo("Europe/London"))

    assert values_of(read(write(an_invitation(begins=begins, ends=begins + timedelta(hours=1)))), "DTSTART") == [in_utc]


def test_nobody_is_named_twice(read):
    perhaps, again = SAM._replace(required=False), Attendee("Sam O.", "SAM@trust.example", required=True)

    found = read(write(an_invitation(attendees=(ZOE, perhaps, again, perhaps, ZOE))))

    assert values_of(found, "ATTENDEE") == ["mailto:sam@trust.example", "mailto:zoe@trust.example"]
    sam = parameters_of(found, "mailto:sam@trust.example")
    assert (sam["CN"], sam["ROLE"]) == ("Sam Okafor", "REQ-PARTICIPANT")


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("o'brien+rota@trust.example", "mailto:o'brien+rota@trust.example"),
        ("a%2cb@trust.example", "mailto:a%252cb@trust.example"),
        ("what?subject=x@trust.example", "mailto:what%3Fsubject=x@trust.example"),
        ("用户@例子.广告", "mailto:用户@例子.广告"),
    ],
)
def test_an_address_is_a_mailto_link_to_that_address_alone(read, address, link):
    assert values_of(read(write(an_invitation(attendees=(("Sam", address, True),)))), "ATTENDEE") == [link]


def test_a_comma_in_a_join_link_cannot_end_it(read):
    found = read(write(an_invitation(join_url="https://teams.microsoft.com/meet/1?p=a,b;c")))

    for name in ("URL", *calendar_files.JOIN_BUTTON):
        assert values_of(found, name) == ["https://teams.microsoft.com/meet/1?p=a%2Cb%3Bc"]


def test_a_join_link_of_the_greatest_length_is_folded_and_whole(read):
    link = JOIN + "x" * (2048 - len(JOIN))
    ics = write(an_invitation(join_url=link))

    assert max(map(len, ics.encode().split(b"\r\n"))) <= 75
    assert values_of(read(ics), "URL") == [link]


# Hostile names and places


def test_text_is_escaped_as_the_standard_says():
    ics = write(
        an_invitation(location="a;b,c\\d\\n\\N\r\ne\rf", attendees=(Attendee('O\'Brien; "Zoë", ^n\\\n', SAM.address),))
    )

    assert "LOCATION:a\\;b\\,c\\\\d\\\\n\\\\N\\ne\\nf" in unfolded(ics)
    assert "ATTENDEE;CN=\"O'Brien; 'Zoë', ˆn/\";CUTYPE" in "\n".join(unfolded(ics))


PIECES = [
    "\r\nATTENDEE:mailto:evil@elsewhere.example", "\nBEGIN:VEVENT", "\rEND:VCALENDAR", "\r\n\r\n", "\n ", "\n\t", "\n",
    ",", ";", ":", "=", '"', "'", "’", "\\", "\\n", "\\N", "\\\\n", "\\,", "\\;", "^", "^n", "^'", "^^", "%0D%0A", "%2C",
    '";X-EVIL="1', ";RSVP=TRUE:mailto:x@y.example", "END:VALARM", "=0A", "=?utf-8?q?=0A?=", "\t", " ", "  ", "\u00a0",
    "\u3000", "\ufeff", "\u200f", "\u200d", "Guy's Hospital", "Room 3\\North", "Zoë Łukasik", "O'Brien-Smith", "李小龍",
    "שלום עולם", "مستشفى الملك", "👩🏽‍⚕️", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "e\u0301\u0302\u0303", "𝒜" * 30, "x" * 90, "é" * 80, "<b>&amp;</b>", "{{ 7*7 }}",
]  # fmt: skip


def hostile_texts(count: int) -> list[str]:
    chance = random.Random(20261122)  # noqa: S311
    return ["".join(chance.choices(PIECES, k=chance.randint(1, 7))) for _ in range(count)]


def as_written(text: str) -> str:
    """A text as a calendar gets it: line ends of one kind, and no byte order mark."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "")


def as_a_label(name: str) -> str:
    """A name as a calendar gets it: on one line, and with look-alikes for the three characters that no two escape alike."""
    for character, instead in (('"', "'"), ("\\", "/"), ("^", "ˆ"), ("\ufeff", " ")):
        name = name.replace(character, instead)
    return " ".join(name.split())


def hostile_invitation(text: str) -> Invitation:
    who = (Attendee(text, SAM.address), Attendee(f"Dr {text}", ZOE.address, required=False))
    return an_invitation(organiser_name=text, location=f"At {text}", description=f"- {text}", attendees=who)


PLAIN_NAMES = names_of(write(hostile_invitation("plain")))


def test_two_thousand_hostile_names_and_places_add_nothing_and_come_back_whole(read):
    plain = [name for _, name, *_ in read(write(hostile_invitation("plain")))]

    for text in hostile_texts(2000):
        invitation = hostile_invitation(text)
        ics = write(invitation)

        lines = ics.encode().split(b"\r\n")
        assert max(map(len, lines)) <= 75
        assert not any(b"\r" in line or b"\n" in line for line in lines)
        assert names_of(ics) == PLAIN_NAMES
        found = read(ics)
        assert [name for _, name, *_ in found] == plain
        assert values_of(found, "LOCATION") == [as_written(invitation.location)]
        assert values_of(found, "DESCRIPTION") == [as_written(invitation.description)]
        assert values_of(found, "ATTENDEE") == ["mailto:sam@trust.example", "mailto:zoe@trust.example"]
        for address, name in (("careers@signpost", text), ("sam@trust", text), ("zoe@trust", f"Dr {text}")):
            parameters = parameters_of(found, f"mailto:{address}.example")
            assert parameters.pop("CN", "") == as_a_label(name)
            assert set(parameters) == (set() if "careers" in address else {"CUTYPE", "PARTSTAT", "ROLE", "RSVP"})
            assert parameters.get("RSVP", "FALSE") == "FALSE"


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Co", "Cn"]), max_size=200))
def test_any_text_comes_back_whole(text):
    try:
        invitation = hostile_invitation(text)
    except ValueError:
        return  # a hidden character: refused below
    for read_by in (read_by_icalendar, read_by_vobject):
        found = read_by(write(invitation))
        assert values_of(found, "LOCATION") == [as_written(invitation.location)]
        assert parameters_of(found, "mailto:sam@trust.example").get("CN", "") == as_a_label(text)


# What is refused

HIDDEN = [*range(9), 11, 12, *range(14, 32), *range(127, 160), 0x2028, 0x2029, 0x202E, 0x2066, 0xD800, 0xFFFD]


@pytest.mark.parametrize("place", ["organiser_name", "location", "description", "name"])
def test_hidden_characters_are_refused_and_the_words_do_not_repeat_the_text(place):
    for code in HIDDEN:
        text = f"Sam {chr(code)} Okafor"
        changed = {"attendees": (Attendee(text, SAM.address),)} if place == "name" else {place: text}
        with pytest.raises(ValueError, match="contains a") as refused:
            an_invitation(**changed)
        assert "Okafor" not in str(refused.value)


@pytest.mark.parametrize("whose", ["organiser", "attendee"])
@pytest.mark.parametrize(
    "address",
    [
        "", "sam", "@trust.example", "sam@", "sam@@trust.example", "sam@trust.example@elsewhere.example",
        "sam@trust.example\r\nATTENDEE:mailto:evil@elsewhere.example", "sam@trust.example\n", "sam\r@trust.example",
        "sam@trust.example, eve@elsewhere.example", "Sam <sam@trust.example>", "mailto:sam@trust.example",
        "sam okafor@trust.example", '"sam"@trust.example', "sam\\@trust.example", "sam@trust.example;x", "sam\x00@trust.example",
        "sam\u2028@trust.example", "sam\u202e@trust.example",
    ],
)  # fmt: skip
def test_what_is_not_one_plain_address_is_refused(whose, address):
    changed = {"organiser_address": address} if whose == "organiser" else {"attendees": (Attendee("Sam", address),)}

    with pytest.raises(ValueError, match=r"^The address") as refused:
        an_invitation(**changed)
    assert "trust.example" not in str(refused.value)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"uid": ""}, "UID"),
        ({"uid": "meet-1\r\nX:1@a.example"}, "UID"),
        ({"uid": "meet 1@a.example"}, "UID"),
        ({"uid": "x" * 256}, "UID"),
        ({"sequence": -1}, "begins at 0"),
        ({"method": "PUBLISH"}, "REQUEST or CANCEL"),
        ({"method": "request"}, "REQUEST or CANCEL"),
        ({"begins": BEGINS.replace(tzinfo=None)}, "zone"),
        ({"stamp": STAMP.replace(tzinfo=None)}, "zone"),
        ({"ends": BEGINS}, "later than the beginning"),
        ({"ends": BEGINS - timedelta(days=1)}, "later than the beginning"),
        ({"attendees": ()}, "to somebody"),
        ({"join_url": "http://teams.microsoft.com/meet/1"}, "https"),
        ({"join_url": "https://teams.microsoft.com/meet/1\r\nX-EVIL:1"}, "https"),
        ({"join_url": "https://teams.microsoft.com/meet/1 2"}, "https"),
        ({"join_url": "https://teams.microsoft.com/meet/<b>"}, "https"),
        ({"join_url": "https://teams.microsoft.com/meet/\\n"}, "https"),
        ({"join_url": "https://teams.microsoft.com/meet/é"}, "https"),
        ({"join_url": "javascript:alert(1)"}, "https"),
    ],
)
def test_what_is_no_invitation_cannot_be_made(changed, words):
    with pytest.raises(ValueError, match=words):
        an_invitation(**changed)


# One meeting's life, as the calendars of three people keep it


class WardCalendar:
    """A calendar that does what RFC 5546 says: a newer REQUEST replaces, a CANCEL removes, an older one is ignored."""

    def __init__(self) -> None:
        self.meetings: dict[str, Reading] = {}
        self.newest: dict[str, int] = {}

    def receive(self, reading: Reading) -> None:
        ((method,), (uid,), (sequence,)) = (
            values_of(reading, name, of)
            for name, of in (("METHOD", "VCALENDAR"), ("UID", "VEVENT"), ("SEQUENCE", "VEVENT"))
        )
        if int(sequence) < self.newest.get(uid, 0):
            return
        self.newest[uid] = int(sequence)
        if method == CANCEL:
            self.meetings.pop(uid, None)
        else:
            self.meetings[uid] = reading


def test_the_whole_life_of_one_uid(read):
    eve = Attendee("Eve Marsh", "eve@trust.example")
    calendars = {who.address: WardCalendar() for who in (SAM, ZOE, eve)}
    sent = []

    def send(invitation: Invitation) -> Invitation:
        ics = write(invitation)
        sent.append(read(ics))
        for _, address, _ in invitation.attendees:
            calendars[address].receive(read(ics))
        return invitation

    def seen_by(who: Attendee, name: str) -> list[str]:
        return [value for reading in calendars[who.address].meetings.values() for value in values_of(reading, name)]

    uid = new_uid("signpost.example")
    booked = send(an_invitation(uid=uid, attendees=(SAM, ZOE, eve)))
    assert seen_by(SAM, "DTSTART") == seen_by(eve, "DTSTART") == ["20270406T113000Z"]

    later = timedelta(days=1)
    moved = send(replace(booked, sequence=1, begins=BEGINS + later, ends=booked.ends + later, stamp=STAMP + later))
    assert seen_by(SAM, "DTSTART") == seen_by(eve, "DTSTART") == ["20270407T113000Z"]
    assert seen_by(SAM, "URL") == []

    linked = send(replace(moved, sequence=2, join_url=JOIN))
    assert seen_by(SAM, "URL") == seen_by(SAM, "X-MICROSOFT-SKYPETEAMSMEETINGURL") == [JOIN]

    send(replace(linked, sequence=3, method=CANCEL, attendees=(eve,)))
    smaller = send(replace(linked, sequence=3, attendees=(SAM, ZOE)))
    assert seen_by(eve, "UID") == []
    assert values_of(sent[3], "ATTENDEE") == ["mailto:eve@trust.example"]
    assert seen_by(SAM, "ATTENDEE") == ["mailto:sam@trust.example", "mailto:zoe@trust.example"]

    calendars[SAM.address].receive(sent[1])  # one that was late in the post
    assert seen_by(SAM, "URL") == [JOIN]

    send(replace(smaller, sequence=4, method=CANCEL))
    assert seen_by(SAM, "UID") == seen_by(ZOE, "UID") == []
    calendars[SAM.address].receive(sent[2])
    assert seen_by(SAM, "UID") == []

    assert {value for reading in sent for value in values_of(reading, "UID")} == {uid}
    assert [int(values_of(reading, "SEQUENCE")[0]) for reading in sent] == [0, 1, 2, 3, 3, 4]
    assert [bool([of for of, *_ in reading if of == "VALARM"]) for reading in sent] == [
        True,
        True,
        True,
        False,
        True,
        False,
    ]
    assert {value for reading in sent for value in values_of(reading, "SUMMARY")} == {"Meeting"}
    assert {value for reading in sent for value in values_of(reading, "CLASS")} == {"PRIVATE"}


def test_a_new_uid_is_never_the_same_and_always_fits():
    uids = {new_uid("signpost.example") for _ in range(1000)}

    assert len(uids) == 1000
    assert all(an_invitation(uid=uid).uid.endswith("@signpost.example") for uid in uids)


# A person's own feed


def test_a_feed_has_each_meeting_and_names_nobody(read):
    second = an_invitation(uid="meet-2@signpost.example", method=CANCEL, sequence=4, begins=BEGINS - timedelta(days=1))
    ics = feed([an_invitation(join_url=JOIN, description="Details on the site."), second])

    found = read(ics)
    assert values_of(found, "METHOD", "VCALENDAR") == ["PUBLISH"]
    assert values_of(found, "X-WR-CALNAME", "VCALENDAR") == ["Meetings"]
    assert sorted(values_of(found, "STATUS")) == ["CANCELLED", "CONFIRMED"]
    assert values_of(found, "UID") == ["meet-0b2c@signpost.example", "meet-2@signpost.example"]
    assert values_of(found, "SUMMARY") == ["Meeting"] * 2
    assert values_of(found, "CLASS") == ["PRIVATE"] * 2
    assert values_of(found, "URL") == [JOIN]
    assert not [of for of, *_ in found if of == "VALARM"]
    assert {(value, parameters) for _, name, value, parameters in found if name == "ORGANIZER"} == {
        ("mailto:careers@signpost.example", ())
    }
    for words in ("Okafor", "sam@", "Łukasik", "zoe@", "Careers team", "ATTENDEE", "CN="):
        assert words not in ics


def test_a_feed_has_the_latest_version_of_a_meeting_once(read):
    versions = [an_invitation(sequence=n, location=f"Room {n}") for n in (1, 2, 0)]

    assert values_of(read(feed(versions)), "LOCATION") == ["Room 2"]


def test_a_feed_is_by_time_and_the_same_whenever_it_is_asked_for():
    three = [an_invitation(uid=f"meet-{n}@a.example", begins=BEGINS - timedelta(hours=n)) for n in range(3)]

    lines = unfolded(feed(three))

    assert [line for line in lines if line.startswith("UID")] == [f"UID:meet-{n}@a.example" for n in (2, 1, 0)]
    assert feed(three) == feed(reversed(three))


def test_a_feed_without_meetings_is_a_calendar(read):
    assert values_of(read(feed([], "My\tmeetings")), "X-WR-CALNAME", "VCALENDAR") == ["My meetings"]


def test_hostile_places_add_nothing_to_a_feed(read):
    texts = hostile_texts(300)
    ics = feed(an_invitation(uid=f"meet-{n}@a.example", location=f"At {text}") for n, text in enumerate(texts))

    assert max(map(len, ics.encode().split(b"\r\n"))) <= 75
    assert names_of(ics).count("BEGIN:VEVENT") == 300
    assert "ATTENDEE" not in names_of(ics)
    assert sorted(values_of(read(ics), "LOCATION")) == sorted(f"At {as_written(text)}" for text in texts)


# On an email


@pytest.fixture
def mail_app():
    app = Flask(__name__)
    app.config["MAIL_DEFAULT_SENDER"] = "careers@signpost.example"
    Mail(app)
    with app.app_context():
        yield app


TEXT = "Dear Zoë,\n\nFrom 12:30pm at the Łódź room. ☎\n.\nGood bye 👩🏽‍⚕️\n"
HTML = "<!doctype html>\n<p>Dear Zoë,</p>\n<p>From 12:30pm at the Łódź room. ☎</p>\n"


@pytest.mark.parametrize("method", [REQUEST, CANCEL])
def test_a_calendar_file_rides_on_an_email_where_calendars_look_for_it(mail_app, read, method):
    invitation = an_invitation(
        method=method, attendees=(ZOE, Attendee("שלום, 李小龍", "lee@trust.example")), location=TEXT
    )
    ics = write(invitation)
    message = Message("Your meeting on 6 April 2027", recipients=[ZOE[:2]], body=TEXT, html=HTML)
    enclosed = parts(ics, method)

    message.alts[enclosed.subtype] = enclosed.text
    message.attach(*enclosed.attachment)

    parsed = email.message_from_bytes(message.as_bytes(), policy=email.policy.SMTP)
    assert parsed.get_content_type() == "multipart/mixed"
    alternative, attachment = parsed.iter_parts()
    assert alternative.get_content_type() == "multipart/alternative"
    plain, html, calendar = alternative.iter_parts()
    types = [part.get_content_type() for part in (plain, html, calendar, attachment)]
    assert types == ["text/plain", "text/html", "text/calendar", "application/ics"]
    assert dict(calendar["Content-Type"].params) == {"method": method, "charset": "utf-8"}
    assert dict(attachment["Content-Type"].params) == {"name": "invite.ics"}
    assert attachment.get_content_disposition() == "attachment"
    assert attachment.get_filename() == "invite.ics"
    assert plain.get_content().replace("\r\n", "\n") == TEXT
    assert html.get_content().replace("\r\n", "\n") == HTML
    assert calendar.get_content() == ics
    assert attachment.get_content() == ics.encode()
    assert read(calendar.get_content()) == read(ics)
    assert not parsed.defects
    assert all(not part.defects for part in parsed.walk())


def test_no_line_of_the_calendar_part_grows_on_its_way(mail_app):
    message = Message("Your meeting", recipients=["zoe@trust.example"], body=TEXT, html=HTML)
    enclosed = parts(write(hostile_invitation("ŁÓDŹ, " * 100)), REQUEST)
    message.alts[enclosed.subtype] = enclosed.text

    lines = message.as_bytes().split(b"\r\n")

    begins, ends = lines.index(b"BEGIN:VCALENDAR"), lines.index(b"END:VCALENDAR")
    assert "\r\n".join(line.decode() for line in lines[begins : ends + 1]) + "\r\n" == enclosed.text
    assert max(map(len, lines[begins:ends])) <= 75


@pytest.mark.parametrize("method", ["CANCEL", "PUBLISH", "REQUEST\r\nX-EVIL: 1", ""])
def test_the_email_and_the_file_name_the_same_method(method):
    with pytest.raises(ValueError, match="The method is not that of the file"):
        parts(write(an_invitation(description="METHOD:CANCEL\nMETHOD:PUBLISH")), method)
