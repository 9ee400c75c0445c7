"""The history of a referral in sentences, each for those it concerns."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from models import Event, Referral, User
from signpost import clock, settings
from signpost.formatting import day, sentence_list
from signpost.referrals.forms import ENDING_NAMES
from signpost.referrals.queries import Relation, events_of

TEAM = frozenset({Relation.ADVISER, Relation.COUNSELLOR, Relation.COVERING})
TRAINEE = frozenset({Relation.TRAINEE})
REFERRER = frozenset({Relation.REFERRER})
HEAD = frozenset({Relation.HEAD})

# Which readers a sentence is for, and the sentence. What TSG was told is between the head and the TSG until released.
SENTENCES: dict[str, tuple[frozenset[Relation], str]] = {
    "referral.sent": (TEAM | TRAINEE | REFERRER | HEAD, "{by} made the referral"),
    "concerns.added": (
        TEAM | TRAINEE | REFERRER | HEAD,
        "{by} added wider concerns, and the head of school was informed",
    ),
    "referral.accepted": (TEAM | TRAINEE, "{trainee} accepted the support"),
    "referral.declined": (TEAM | TRAINEE, "{trainee} said no to the support"),
    "referral.withdrawn": (TEAM | TRAINEE | REFERRER, "{by} withdrew the referral"),
    "referral.closed": (TEAM, "{by} closed the referral: {ending}"),
    "referral.assigned": (TEAM | TRAINEE, "{by} assigned {counsellor}"),
    "referral.reassigned": (TEAM | TRAINEE, "{by} assigned {counsellor} in place of {earlier_counsellor}"),
    "referral.stopped": (TEAM | TRAINEE, "{trainee} decided to stop"),
    "referral.completed": (TEAM | TRAINEE, "{by} closed the case, since the agreed sessions are complete{told}"),
    "sessions.agreed": (TEAM | TRAINEE, "{by} noted that {agreed} sessions are agreed, as discussed on {discussed_on}"),
    "sessions.completed": (TEAM | TRAINEE, "The agreed sessions are complete"),
    "telling.reminded": (TEAM | TRAINEE, "{trainee} was reminded to let others know"),
    "completion.told": (TEAM | TRAINEE, "{by} let others know that the sessions are complete{told}"),
    "completion.told_for_trainee": (
        TEAM | TRAINEE,
        "{by} let others know for {trainee}, who agreed {agreed_how} on {agreed_on}{told}",
    ),
    "ending.announced": (TEAM | TRAINEE, "{by} let others know that the sessions have ended{told}"),
    "assignment.undone": (TEAM, "{by} took the assignment back before anyone was told"),
    "closing.undone": (TEAM, "{by} took the closing back before anyone was told"),
    "release.decided": (HEAD, "{by} released to the Training Support Group: {choice}"),
    "release.refused": (HEAD, "{by} decided to release nothing to the Training Support Group"),
    "meeting.booked": (TEAM | TRAINEE, "{by} booked a meeting"),
    "meeting.moved": (TEAM | TRAINEE, "{by} moved a meeting"),
    "meeting.cancelled": (TEAM | TRAINEE, "{by} cancelled a meeting"),
    "meeting.ended": (TEAM | TRAINEE, "A meeting was cancelled, since the counsellor has left"),
    "booking.nudged": (TEAM, "The trainee was reminded that no meeting is booked"),
    "address.corrected": (TEAM | TRAINEE, "{by} corrected the trainee’s email address"),
    "link.sent_again": (TEAM | TRAINEE, "A new personal link was sent to the trainee"),
    "session.begun": (TEAM, "{by} began a session"),
    "confidentiality.explained": (TEAM | TRAINEE, "{by} explained confidentiality"),
    "session.finished": (TEAM | TRAINEE, "A session was held"),
    "discussion.written": (TEAM | TRAINEE, "{trainee} filled in the discussion form"),
    "consent.proposed": (TEAM | TRAINEE, "{by} asked for a consent"),
    "consent.signed": (TEAM | TRAINEE, "{trainee} signed a consent"),
    "consent.refused": (TEAM | TRAINEE, "{trainee} said no to a consent"),
    "consent.withdrawn": (TEAM | TRAINEE, "{trainee} withdrew a consent"),
    "consent.sent": (TEAM | TRAINEE, "{by} gave what a consent allows"),
    "information.asked": (TEAM | TRAINEE, "{by} asked the employer a question"),
    "information.answered": (TEAM | TRAINEE, "The employer answered"),
    "record.opened": (TEAM | TRAINEE, "{by} opened the record, with a reason"),
    "record.covered": (TEAM | TRAINEE, "{by} asked {reader} to cover"),
    "record.access_ended": (TEAM | TRAINEE, "{reader} no longer reads the record"),
    "notice.sent_again": (TEAM, "{by} sent a message again"),
}
PARTIES = {
    "referrer": "the referrer",
    "head": "the head of school",
    "tsg": "the Training Support Group",
    "employer": "the employer",
}
HOW_AGREED = {"in_session": "in a session", "by_telephone": "by telephone", "by_email": "by email"}
TAKEN_BACK_FOR_A_WHILE = ("referral.assigned", "referral.reassigned", "referral.closed")
CHOICES = {"fact": "that the careers team is involved", "words": "that the careers team is involved, with words"}


@dataclass(frozen=True)
class Entry:
    at: datetime
    sentence: str
    note: str = ""


def of(referral: Referral, relations: frozenset[Relation]) -> list[Entry]:
    """What happened, the newest first, as these relations may read it. What was undone, or still may be, shows to the team alone."""
    events = events_of(referral)
    names = _names(events)
    waits_since = clock.now() - settings.current().undo
    entries = []
    for event in events:
        readers, sentence = SENTENCES.get(event.name, (frozenset[Relation](), ""))
        if not readers & relations:
            continue
        if not TEAM & relations and (
            event.undone_at or (event.name in TAKEN_BACK_FOR_A_WHILE and event.happened_at > waits_since)
        ):
            continue
        facts = json.loads(event.facts_json)
        words = {
            "by": event.by_user.name if event.by_user else referral.trainee_name,
            "trainee": referral.trainee_name,
            "counsellor": names.get(facts.get("counsellor", ""), ""),
            "earlier_counsellor": names.get(facts.get("earlier_counsellor", ""), ""),
            "reader": names.get(facts.get("reader", ""), ""),
            "ending": ENDING_NAMES.get(facts.get("ending", ""), "").lower(),
            "agreed": facts.get("agreed", ""),
            "discussed_on": _day(facts, "discussed_on"),
            "agreed_on": _day(facts, "agreed_on"),
            "agreed_how": HOW_AGREED.get(facts.get("agreed_how", ""), ""),
            "told": _told(facts),
            "choice": CHOICES.get(facts.get("choice", ""), ""),
        }
        note = _note(facts) if TEAM & relations else ""
        entries.append(
            Entry(event.happened_at, sentence.format(**words) + (" (undone)" if event.undone_at else ""), note)
        )
    return entries[::-1]


def _told(facts: dict[str, Any]) -> str:
    """Who was told, as a sentence of its own; nothing where nobody was."""
    parties = [PARTIES[party] for party in facts.get("parties", [])]
    return f". Told: {sentence_list(parties)}" if parties else ""


def _day(facts: dict[str, Any], name: str) -> str:
    return day(date.fromisoformat(facts[name])) if name in facts else ""


def _note(facts: dict[str, str]) -> str:
    """Why, in the words that were given; and who asked, where somebody else pressed the button."""
    asked_by = facts.get("asked_by", "trainee")
    return facts.get("reason", "") or (f"Asked by the {asked_by}" if asked_by != "trainee" else "")


def _names(events: list[Event]) -> dict[str, str]:
    """Names of the people that the events' facts mention, in one statement."""
    people = ("counsellor", "earlier_counsellor", "reader")
    ids = {json.loads(event.facts_json).get(key) for event in events for key in people}
    return dict(User.select(User.public_id, User.name).where(User.public_id.in_([one for one in ids if one])).tuples())
