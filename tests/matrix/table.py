"""Who may do what with which record, as tables to read. A new room adds rows here, and rarely code.

`PEOPLE` are accounts and the roles each holds. `RECORDS` says what each person is to each record. `READS` says which
words of a record each relation may read, on whatever page and through whatever channel. `LETTERS` says which words each
kind of message may carry. `ROUTES` has one row for each address and method, and says who is let in.

Everybody whom a row does not let in gets its refusal: strangers are asked to sign in, a missing role is 403, and a record
to which one is nothing is the same 404 as a made-up address.
"""

from dataclasses import dataclass, field, fields

from signpost.retention.kinds import KINDS
from signpost.settings import Settings
from tests.files.made import pdf

# --- People ----------------------------------------------------------------------------------------------

# name: the roles, as models.Role has them; over which school or as which kind of referrer after a colon.
PEOPLE: dict[str, tuple[str, ...]] = {
    "adviser": ("senior_adviser",),
    "second adviser": ("senior_adviser",),
    "counsellor": ("counsellor",),
    "earlier counsellor": ("counsellor",),
    "other counsellor": ("counsellor",),
    "covering counsellor": ("counsellor",),
    "supervisor": ("referrer:educational_supervisor",),
    "dme": ("referrer:dme",),
    "tpd": ("referrer:tpd", "meeting_chair"),
    "career lead": ("referrer:lfg_career_lead",),
    "clinical tutor": ("referrer:clinical_tutor",),
    "mem": ("referrer:mem",),
    "head": ("head_of_school:medicine",),
    "other head": ("head_of_school:surgery",),
    "new head": ("head_of_school:psychiatry",),
    "tsg": ("tsg",),
    "trainee": ("trainee",),
    "other trainee": ("trainee",),
    "rtt team": ("rtt_team",),
    "mentor": ("mentor",),
    "returner": ("returner",),
    "mentee": ("returner",),
    "offered returner": ("returner",),
    "other mentor": ("mentor",),
    "scientist": ("trainee",),
    "other officer": ("training_officer",),
    "former officer": ("training_officer",),
    "second progression": ("progression",),
    "training officer": ("training_officer",),
    "chair": ("meeting_chair",),
    "progression": ("progression",),
    "university": ("university",),
    "complaints": ("complaints",),
    "governance": ("governance",),
    "administrator": ("administrator",),
    "second administrator": ("administrator",),
    "nobody": (),  # invited, and has not chosen a password yet
    # Those whose time is over: the session is still open, and what they could do is gone.
    "former adviser": (),
    "former counsellor": (),
    "former referrer": (),
    "former head": ("head_of_school:radiology",),
    "disabled adviser": ("senior_adviser",),
}
SIGNED_OUT = "stranger"  # nobody is signed in, and no account stands behind the browser
CLOSED_ACCOUNTS = ("disabled adviser",)  # as strangers, from the next request on
# Their names and addresses stand in letters to all sorts of people, so they are nobody's secret.
KNOWN_TO_ALL = (
    *(
        "adviser",
        "second adviser",
        "former adviser",
        "disabled adviser",
        "head",
        "new head",
        "other head",
        "former head",
    ),
    # Who handles complaints: whoever makes one says whether it is about them.
    *("complaints", "governance"),
    *("tsg", "administrator", "second administrator", "chair", "progression", "rtt team"),
)

# --- Records, and what each person is to them ------------------------------------------------------------

ADVISERS = ("adviser", "second adviser")
ADMINISTRATORS = ("administrator", "second administrator")

# record: {relation: people}. Nobody else is anything to it.
REFERRALS: dict[str, dict[str, tuple[str, ...]]] = {
    # In mid-life: accepted, moved from one counsellor to another for a reason, released to the TSG with other words before.
    "mid-life": {
        "adviser": ADVISERS, "counsellor": ("counsellor",), "covering": ("covering counsellor",), "referrer": ("supervisor",),
        "head": ("head",), "tsg": ("tsg",), "trainee": ("trainee",),
    },
    # A session runs now; a colleague could take it over, and an adviser reads along for a reason.
    "in session": {
        "adviser": ADVISERS, "counsellor": ("counsellor",), "covering": ("covering counsellor",), "referrer": ("tpd",),
        "trainee": ("trainee",),
    },
    # The trainee said no; what had been released was taken back.
    "ended": {
        "adviser": ADVISERS, "counsellor": ("counsellor",), "referrer": ("dme",), "head": ("head",),
        "trainee": ("trainee",),
    },
    # Wider concerns, and the head has not decided.
    "unreleased": {"adviser": ADVISERS, "referrer": ("tpd",), "head": ("head",)},
    # No wider concerns: the head of the same school knows nothing. Its counsellor holds the role no more; before that an
    # assignment to another was undone.
    "quiet": {"adviser": ADVISERS, "referrer": ("career lead",)},
    # Everything moved on: another address, another counsellor, another head; the release taken back.
    "moved on": {
        "adviser": ADVISERS, "counsellor": ("other counsellor",), "referrer": ("clinical tutor",),
        "head": ("new head",),
    },
    # Another school, another trainee, another counsellor.
    "others": {
        "adviser": ADVISERS, "counsellor": ("other counsellor",), "referrer": ("mem",), "head": ("other head",),
        "trainee": ("other trainee",),
    },
    # Made by somebody who may refer no more.
    "left": {"adviser": ADVISERS},
    # The agreed sessions are complete, and nobody is told yet.
    "complete": {
        "adviser": ADVISERS, "counsellor": ("other counsellor",), "referrer": ("dme",), "trainee": ("other trainee",),
    },
}  # fmt: skip

# A personal link is for whoever holds it, signed in as whom they may: with an open one they are the trainee of its
# referral for as long as they look, and no more.
LINKS: dict[str, tuple[str, str]] = {
    "mid-life link": ("mid-life", "open booked tasked filed asked met contracted told"),
    "link of who is in session": ("in session", "open"),
    "ended link": ("ended", "open"),
    "unanswered link": ("others", "open booked"),
    "link of a complete case": ("complete", "open"),
    "withdrawn link": ("moved on", "closed"),  # went to an address that was wrong
    "expired link": ("unreleased", "closed"),
    "link of a poll": ("somebody asked", ""),  # opens its poll, and here nothing
}

# message: {relation: people}. Whoever reads a message that did not arrive may send it again.
NOTICES: dict[str, dict[str, tuple[str, ...]]] = {
    "the copied email": {"reader": ADVISERS},
    "the link letter": {"reader": (*ADVISERS, "counsellor")},
    "the released words": {"reader": ("head",)},
    "the words of a head before": {"reader": ("new head",)},
}

# What a counsellor said of their own work. One that is not there, or is another's, is simply gone: nothing happens.
ABSENCES: dict[str, dict[str, tuple[str, ...]]] = {"absence": {"owner": ("earlier counsellor",)}}
CONFLICTS: dict[str, dict[str, tuple[str, ...]]] = {"conflict": {"owner": ("counsellor",)}}

# An adviser's own list of the inbox, and what an adviser did a while ago.
VIEWS: dict[str, dict[str, tuple[str, ...]]] = {"view": {"owner": ("adviser",)}}
EVENTS: dict[str, dict[str, tuple[str, ...]]] = {
    "an assignment": {"doer": ("adviser",)},
    "a referral sent": {},
}

# Accounts, the roles they hold, the roles that wait for a second administrator; and the organisation's places.
ACCOUNTS: dict[str, dict[str, tuple[str, ...]]] = {
    "counsellor": {"administers": ADMINISTRATORS},
    "nobody": {"administers": ADMINISTRATORS},
    "disabled adviser": {"administers": ADMINISTRATORS},
    "administrator": {"administers": ADMINISTRATORS},
}
# Meetings: of a case, for its trainee and its counsellor as they are now; of a group, for those who are to be there.
MEETINGS: dict[str, dict[str, tuple[str, ...]]] = {
    "booked": {
        "trainee": ("trainee",),
        "staff": ("counsellor",),
        "organiser": ("counsellor",),
        "covering": ("covering counsellor",),
        "adviser": ADVISERS,
    },
    # Of which a session was held, of which one is open now, and of which one can be opened.
    **{
        name: {
            "trainee": ("trainee",),
            "staff": ("counsellor",),
            "organiser": ("counsellor",),
            "covering": ("covering counsellor",),
            "adviser": ADVISERS,
        }
        for name in ("held", "held before", "running")
    },
    "to open": {"staff": ("other counsellor",), "organiser": ("other counsellor",), "adviser": ADVISERS},
    # Kept for somebody who has not decided yet: they can take it, and nobody knows of it.
    "kept": {"chooser": ("other trainee", "other counsellor")},
    # Booked with the counsellor before and by the address before.
    "of the case that moved on": {"staff": ("other counsellor",), "adviser": ADVISERS},
    "of a group": {
        "organiser": ("progression",),
        "group organiser": ("progression",),
        "attendee": ("university", "training officer"),
    },
}
POLLS: dict[str, dict[str, tuple[str, ...]]] = {
    "open poll": {"organiser": ("chair",), "asked": ("tpd", "university")},
    "fixed poll": {"organiser": ("progression",), "asked": ("university", "training officer")},
}
# What the trainee of the case in mid-life set themselves to do.
TASKS: dict[str, dict[str, tuple[str, ...]]] = {
    "task": {"owner": ("trainee",), "reader": ("counsellor", "covering counsellor", "second adviser")},
}
# The record of a case: its counsellor's; by cover, and for a stated reason, somebody else's for a while (C9).
STATED_A_REASON = {"mid-life": ("second adviser",), "in session": ("second adviser",)}
CASES: dict[str, dict[str, tuple[str, ...]]] = {
    name: held | ({"reason": STATED_A_REASON[name]} if name in STATED_A_REASON else {})
    for name, held in REFERRALS.items()
}
SESSIONS: dict[str, dict[str, tuple[str, ...]]] = {
    "finished": {
        "writer": ("counsellor", "covering counsellor"),
        "reader": ("second adviser",),
        "hands over": ("counsellor", "covering counsellor", "second adviser"),
        "trainee": ("trainee",),
    },
    "unfinished": {"writer": ("counsellor", "covering counsellor"), "reader": ("second adviser",)},
}
# What a trainee wrote before they met; and what lets somebody else read, which those concerned may end.
DISCUSSIONS: dict[str, dict[str, tuple[str, ...]]] = {
    "mid-life": {"reader": ("counsellor", "covering counsellor", "second adviser")},
    "others": {"reader": ("other counsellor",)},
}
ACCESSES: dict[str, dict[str, tuple[str, ...]]] = {
    one: {"concerned": (*ADVISERS, "counsellor", "covering counsellor")} for one in ("cover", "reason")
}
# Documents of the same case: two that staff added, and one of the trainee.
FILES: dict[str, dict[str, tuple[str, ...]]] = {
    "team's document": {"team": ("counsellor",), "reader": ("covering counsellor", "second adviser")},
    "shared document": {
        "team": ("counsellor",),
        "reader": ("covering counsellor", "second adviser"),
        "trainee": ("trainee",),
    },
    "trainee's document": {
        "team": ("counsellor",),
        "reader": ("covering counsellor", "second adviser"),
        "trainee": ("trainee",),
        "uploader": ("trainee",),
    },
}
# The same trainee may say whether a session helped; the one of another case has said it, with their name.
ASKS: dict[str, dict[str, tuple[str, ...]]] = {
    "ask": {"asked": ("trainee",)},
    "answered ask": {"asked": ("other trainee",)},
}
# What a third party pays for: read by staff and by the trainees it covers; a draft by those who write it.
CONTRACTS: dict[str, dict[str, tuple[str, ...]]] = {
    "contract": {
        "covered": ("trainee",),
        "staff": (*ADVISERS, *(name for name, roles in PEOPLE.items() if "counsellor" in roles)),
        "editor": ("governance", *ADMINISTRATORS),
    },
    "draft contract": {"editor": ("governance", *ADMINISTRATORS)},
}
# A complaint about one of two who would handle it: for the one who raised it and the one who handles it, and nobody else.
COMPLAINTS: dict[str, dict[str, tuple[str, ...]]] = {
    "complaint": {"complainant": ("other trainee",), "handler": ("governance",)},
    "complaint by link": {"handler": ("complaints",)},
}
DISCLOSURES: dict[str, dict[str, tuple[str, ...]]] = {"disclosure": {"named": ("other counsellor",)}}
HOURS: dict[str, dict[str, tuple[str, ...]]] = {"hours": {"owner": ("counsellor",)}}
# What is told of the case in mid-life, and to whom. Of an emergency every adviser may be the second person.
HOLD_IT = ("counsellor", "covering counsellor", "second adviser")
CONSENTS: dict[str, dict[str, tuple[str, ...]]] = {
    name: {"holder": HOLD_IT, "trainee": ("trainee",)}
    for name in ("unsigned consent", "signed consent", "sent consent", "withdrawn consent")
}
QUESTIONS: dict[str, dict[str, tuple[str, ...]]] = {
    "answered question": {
        "holder": HOLD_IT, "asker": ("adviser",), "asked": ("career lead",), "trainee": ("trainee",),
    },
    "open question": {"holder": HOLD_IT, "asked": ("career lead",), "trainee": ("trainee",)},
}  # fmt: skip
# Who was told of one is written under it: first the trainee, then the head.
BREACHES: dict[str, dict[str, tuple[str, ...]]] = {
    "decided breach": {"holder": HOLD_IT},
    "told breach": {"holder": HOLD_IT, "trainee": ("trainee",)},
    "contacted breach": {"holder": HOLD_IT, "trainee": ("trainee",), "head": ("head",)},
}
EMERGENCIES: dict[str, dict[str, tuple[str, ...]]] = {
    "emergency": {"holder": HOLD_IT, "second": ADVISERS},
    "told emergency": {"holder": HOLD_IT, "second": ADVISERS, "trainee": ("trainee",)},
}
DISCLOSED = {"consent": CONSENTS, "question": QUESTIONS, "breach": BREACHES, "emergency": EMERGENCIES}
# For whoever was named in a consent that was sent. One that is withdrawn says so, and no more.
DISCLOSED_LINKS: dict[str, tuple[str, str]] = {
    "link of a consent": ("sent consent", "open"),
    "link of a withdrawn consent": ("withdrawn consent", "closed"),
    "link of a trainee": ("mid-life", ""),
}
# Two pairs: one goes on, the other has ended. The team knows of them, by dates.
PAIRS: dict[str, dict[str, tuple[str, ...]]] = {
    "pair": {"mentee": ("mentee",), "mentor": ("mentor",), "team": ("rtt team",)},
    "new pair": {"mentee": ("mentee",), "mentor": ("mentor",), "team": ("rtt team",)},
    "ended pair": {"mentee": ("mentee",), "mentor": ("other mentor",), "team": ("rtt team",)},
}
# What one of the pair wrote: the other agrees to it; a note is taken away by who wrote it.
MENTORED = {
    "pair": PAIRS,
    "support_contact": {"a line": {"edits": ("rtt team",)}},
    "waiting": {"who waits": {"team": ("rtt team",)}},
}
# Somebody who waits for a mentor; a file that was brought; a mentor; and the names that people may use for where they are.
RETURNING: dict[str, dict[str, dict[str, tuple[str, ...]]]] = {
    "return": {
        "a return": {"team": ("rtt team",), "returner": ("returner",)},
        "an offered return": {"team": ("rtt team",), "returner": ("offered returner",)},
        "a return to come": {"team": ("rtt team",)},
    },
    "import": {"an import": {"bringer": ("rtt team",)}},
    "mentor_page": {"a mentor": {"team": ("rtt team",), "mentor": ("mentor",)}},
    "pause": {"a pause": {"mentor": ("mentor",)}},
    "area_page": {"an area": {"keeps": ("rtt team",)}},
    "place_page": {"a place": {"keeps": ("rtt team",)}},
}
RETURN_LINKS: dict[str, tuple[str, str]] = {
    "link of a return": ("a return", "open"),
    "link of an offer": ("an offered return", "open"),
    "withdrawn link of a return": ("a return", "closed"),
    "link of a trainee": ("mid-life", ""),
}
# Of addresses that name no record, but are about the one who asks: who has a return, and who mentors.
ONESELF: dict[str, dict[str, tuple[str, ...]]] = {
    "": {"returns": ("returner", "mentee", "offered returner"), "mentors": ("mentor", "other mentor")},
}
PAIR_LINKS: dict[str, tuple[str, str]] = {
    "link of a pair": ("pair", "open"),
    "link of a trainee": ("mid-life", ""),
}
# Reviews of progression: of one trainee most, of another one. Who reads them works for the School, or is supported by it.
PROGRESSION_TEAM = ("progression", "second progression")


def _review(
    trainee: str = "scientist", officer: str = "training officer", director: str = "chair", chair: str = ""
) -> dict[str, tuple[str, ...]]:
    held = {"trainee": trainee, "officer": officer, "director": director, "chair": chair}
    return {relation: (person,) for relation, person in held.items() if person} | {"team": PROGRESSION_TEAM}


REVIEWS: dict[str, dict[str, tuple[str, ...]]] = {
    "undecided": _review(chair="chair"),
    "to offer": _review("other trainee", "other officer", "tpd"),
    "called": _review(),
    "call booked": _review("other trainee", "other officer", "tpd"),
    "to set up": _review(),
    # Another training officer was named, who has no account.
    "left": _review(officer=""),
    "asking": _review(chair="tpd"),
    "met": _review(chair="chair"),
    # Its plan is being drafted, and the chair of its meeting was the second person of a report.
    "drafted": _review(chair="chair"),
    "agreed": _review(chair="chair"),
}
OFFICER_AT_FIRST = {name: held.get("officer", ("former officer",))[0] for name, held in REVIEWS.items()}
CALLED: dict[str, dict[str, tuple[str, ...]]] = {name: REVIEWS[name] for name in ("called", "call booked")}
# Of these who chairs another meeting of the review reads, and does not say whether it was held.
SUPPORT_OF = {
    "asking": "asked support", "met": "past support", "undecided": "support without a date", "to set up": "held support",
}  # fmt: skip
SUPPORTS: dict[str, dict[str, tuple[str, ...]]] = {
    "asked support": {**REVIEWS["asking"], "university": ("university",), "taker": ("second progression",)},
    # Triage: nobody of the team takes the minutes, so who chairs it does.
    "past support": {**REVIEWS["met"], "taker": ("chair",)},
    "support without a date": {**REVIEWS["undecided"], "taker": ("chair",)},
    "held support": {**REVIEWS["to set up"], "chair": ("chair",), "taker": ("second progression",)},
}
REVIEWED: dict[str, dict[str, dict[str, tuple[str, ...]]]] = {
    "review": REVIEWS,
    "called_review": CALLED,
    "support": SUPPORTS,
    "follow_up": {"a follow-up": {"team": PROGRESSION_TEAM}},
    "drafted_review": {name: REVIEWS[name] for name in ("drafted", "agreed")},
    "held_support": {f"held support of {name}": REVIEWS[name] for name in ("drafted", "agreed")},
    "desk": {f"desk outcome of {name}": REVIEWS[name] for name in ("drafted", "agreed")},
    "report": {f"{state} report": REVIEWS["drafted"] for state in ("asked", "agreed", "sent")},
    "review_import": {"an import of reviews": {"bringer": ("progression",)}},
}
# Of which review, for whom, and how many days old.
LINKS_OF_REVIEWS: dict[str, tuple[str, str, int]] = {
    "link of a reviewed trainee": ("called", "trainee", 0),
    "link of an officer": ("asking", "training_officer", 0),
    "link of a university": ("asking", "university", 0),
    "old link of a review": ("to set up", "trainee", 30),
    "link of a drafting trainee": ("drafted", "trainee", 0),
    "link of an agreed plan": ("agreed", "trainee", 0),
}
REVIEW_LINKS: dict[str, tuple[str, str]] = {
    "link of a reviewed trainee": ("called", "open trainee answers"),
    "link of an officer": ("asking", "open officer meets"),
    "link of a university": ("asking", "open university meets"),
    "link of an action": ("called", "open body"),
    "link of a drafting trainee": ("drafted", "open trainee drafts"),
    "link of an agreed plan": ("agreed", "open trainee drafts"),
    "link of a report": ("drafted", "open named"),
    "old link of a review": ("to set up", "closed"),
    "link of a trainee": ("mid-life", ""),
}
# For whoever holds them: one's own row of a poll, and the calendar of one person.
POLL_LINKS: dict[str, tuple[str, str]] = {
    "poll link": ("somebody asked", "open"),
    "link of a trainee": ("mid-life", ""),
}
FEEDS: dict[str, tuple[str, str]] = {"feed": ("counsellor", "open"), "feed before": ("counsellor", "closed")}

# Requests for what is held about somebody: one to review, one given.
SUBJECT_ACCESS: dict[str, dict[str, tuple[str, ...]]] = {
    "to review": {"reviewer": ("governance",), "reviewing": ("governance",)},
    "given": {"reviewer": ("governance",)},
}
# A comment on a page of the guidance, for who looks after the page.
COMMENTS: dict[str, dict[str, tuple[str, ...]]] = {"comment": {"page-owner": (*ADVISERS, "governance")}}
# What is held back from destruction, and the certificates of what was destroyed. Of complaints, for who handles them.
HOLDS: dict[str, dict[str, tuple[str, ...]]] = {
    "hold": {"keeper": ("governance",)},
    "hold of a complaint": {"keeper": ("complaints",)},
}
CERTIFICATES: dict[str, dict[str, tuple[str, ...]]] = {
    "certificate": {"keeper": ("governance",)},
    "certificate of a complaint": {"keeper": ("complaints",)},
}
SUBJECT_LINKS: dict[str, tuple[str, str]] = {"bundle": ("nobody", "open")}

ADMINISTERED: dict[str, tuple[str, ...]] = {"administers": ADMINISTRATORS}

# A link to choose a password is for whoever holds it too. It tells them whose it is, and nothing more.
PASSWORD_LINKS: dict[str, tuple[str, str]] = {
    "invitation": ("nobody", "open"),
    "help": ("mentor", "open"),
    "help before": ("mentor", "closed"),
}

RECORDS: dict[str, dict[str, dict[str, tuple[str, ...]]]] = {
    "referral": REFERRALS,
    "link": {name: {} for name in LINKS},
    "notice": NOTICES,
    "absence": ABSENCES,
    "conflict": CONFLICTS,
    "view": VIEWS,
    "event": EVENTS,
    "account": ACCOUNTS,
    "role_held": {"a role": ADMINISTERED},
    "role_asked": {"a role": ADMINISTERED},
    "school_page": {"a school": ADMINISTERED},
    "employer_page": {"an employer": ADMINISTERED},
    "venue_page": {"a venue": ADMINISTERED},
    "password_link": {name: {} for name in PASSWORD_LINKS},
    "meeting": MEETINGS,
    "poll": POLLS,
    "hours": HOURS,
    **DISCLOSED,
    "disclosed_link": {name: {} for name in DISCLOSED_LINKS},
    **MENTORED,
    **RETURNING,
    "return_link": {name: {} for name in RETURN_LINKS},
    "": ONESELF,
    "pair_link": {name: {} for name in PAIR_LINKS},
    **REVIEWED,
    "review_link": {name: {} for name in REVIEW_LINKS},
    "task": TASKS,
    "contract": CONTRACTS,
    "complaint": COMPLAINTS,
    "comment": COMMENTS,
    "disclosure": DISCLOSURES,
    "file": FILES,
    "ask": ASKS,
    "case": CASES,
    "session": SESSIONS,
    "discussion": DISCUSSIONS,
    "access": ACCESSES,
    "poll_link": {name: {} for name in POLL_LINKS},
    "feed_link": {name: {} for name in FEEDS},
    "subject_access": SUBJECT_ACCESS,
    "hold": HOLDS,
    "certificate": CERTIFICATES,
    "subject_link": {name: {} for name in SUBJECT_LINKS},
}
# Who tries links: it makes no difference who holds one, so a few people show it.
HOLDERS = (SIGNED_OUT, "nobody", "adviser", "counsellor", "trainee", "head", "tsg", "disabled adviser")
BEARER: dict[str, dict[str, tuple[str, str]]] = {
    "link": LINKS, "password_link": PASSWORD_LINKS, "poll_link": POLL_LINKS, "feed_link": FEEDS, "subject_link": SUBJECT_LINKS,
    "disclosed_link": DISCLOSED_LINKS, "pair_link": PAIR_LINKS, "review_link": REVIEW_LINKS,
    "return_link": RETURN_LINKS,
}  # fmt: skip
ABSENT = "absent"  # of every kind: an id that nothing has

# --- Which words each relation may read ------------------------------------------------------------------

#                          trainee  link   adviser counsellor covering head  referrer  tsg
READS: dict[str, str] = {
    "that it exists":     "trainee  link   adviser counsellor covering head  referrer  tsg",
    "request":            "trainee  link   adviser counsellor covering head  referrer",
    "trainee's name":     "trainee  link   adviser counsellor covering head  referrer  tsg",
    "trainee's address":  "trainee  link   adviser counsellor covering head  referrer",
    "referrer's name":    "trainee  link   adviser counsellor covering head  referrer",
    "former address":     "                adviser counsellor covering",
    "counsellor's name":  "trainee  link   adviser counsellor covering",
    "how to reach them":  "trainee  link   adviser counsellor covering",
    "their phone":        "trainee  link   adviser counsellor covering",
    "who stands in":      "trainee  link   adviser counsellor covering",
    "undone counsellor":  "                adviser counsellor covering",
    "said with a name":   "                        counsellor covering",
    "reason for change":  "                adviser counsellor covering",
    "released words":     "                                            head            tsg",
    "words taken back":   "                                            head",
    "link token":         "",  # but the one that they ask with
}  # fmt: skip

# The same of meetings and polls, of tasks, and of the record of a case.
OTHERS_READ: dict[str, dict[str, str]] = {
    "meeting": {
        "meeting":              "organiser  attendee  trainee  staff  covering  adviser",
        "join link":            "organiser  attendee  trainee  staff",
        "unusual hours":        "organiser",
        "asked without account": "organiser  attendee",
        "who is there":         "organiser  attendee",
    },
    "poll": {
        "poll":                 "organiser  asked",
        "title":                "organiser",
        "answer":               "organiser",
        "asked without account": "organiser",
        "who is asked":         "organiser",
    },
    "complaint": {
        "complaint":            "complainant  handler",
        "what happened":        "complainant  handler",
        "complaint's answer":   "complainant  handler",
        "whom it is about":     "handler",
        "complainant's name":   "complainant  handler",
        "complaint's note":     "handler",
        "why disclosed":        "handler",
        "disclosed words":      "handler",
    },
    "comment": {
        "comment":              "page-owner",
        "comment's words":      "page-owner",
    },
    "disclosure": {
        "disclosure":           "named",
        "disclosed words":      "named",
    },
    "hold": {
        "hold":                 "keeper",
        "why held":             "keeper",
    },
    "certificate": {
        "certificate":          "keeper",
    },
    "contract": {
        "contract":             "covered  staff  editor",
        "contract words":       "covered  staff  editor",
    },
    "task": {
        "task":                 "owner  reader",
        "what to do":           "owner  reader",
        "comment":              "owner  reader",
    },
    "file": {
        "document":             "team  reader  trainee",
        "its name":             "team  reader  trainee",
        "its words":            "team  reader  trainee",
    },
    "ask": {
        "ask":                  "asked",
    },
    "consent": {
        "consent":              "holder  trainee",
        "who is told":          "holder  trainee  recipient",
        "information":          "holder  trainee  recipient",
        "why":                  "holder  trainee",
        "signature":            "holder  trainee",
    },
    "question": {
        "question":             "holder  asker  asked  trainee",
        "answer":               "holder  asker  asked",
        "who is asked":         "holder  asker  asked  trainee",
        "who asks":             "holder  asker  asked  trainee",
        "whom it is about":     "holder  asker  asked  trainee",
    },
    "breach": {
        "breach":               "holder  head",
        "reason":               "holder",
        "words":                "holder  trainee",
        "concern":              "holder  trainee  head",
        "who raised it":        "holder  trainee  head",
    },
    "emergency": {
        "emergency":            "holder  second",
        "grounds":              "holder  second  trainee",
        "disclosed":            "holder  second  trainee",
        "disclosed to":         "holder  second  trainee",
        "why not wait":         "holder  second  trainee",
        "second words":         "holder  second  trainee",
    },
    "pair": {
        "pair":                 "mentee  mentor  team",
        "mentee's name":        "mentee  mentor  team",
        "mentee's address":     "mentee  mentor  team",
        "mentor's name":        "mentee  mentor  team",
        "mentor's address":     "mentee  mentor  team",
        "about the mentor":     "mentee  mentor  team",
        "why these two":        "mentee  team",
        "id of a part":         "mentee  mentor",
        **dict.fromkeys(("agreement", "proposal", "noted words", "duty", "disclosed to", "disclosed"), "mentee  mentor"),
        "untold duty":          "mentor",
    },
    # What they choose to say goes to the team, for matching; what a mentor says of themselves, to who is given to them too.
    "return": {
        "returner's name":      "returner  team",
        "returner's address":   "returner  team",
        "why they were away":   "returner  team",
        "special request":      "returner  team",
        "whom they avoid":      "returner",
        "return token":         "",
    },
    "review_import": {
        "name in a file":       "bringer",
        "name of the file":     "bringer",
    },
    "import": {
        "name in a file":       "bringer",
        "name of the file":     "bringer",
    },
    "mentor_page": {
        "about a mentor":       "mentor  team",
        "why a mentor was away": "mentor",
        "whom a mentor avoids": "mentor",
    },
    "review": {
        **dict.fromkeys(("review", "found", "officer's name", "objective"), "trainee  officer  director  chair  team"),
        **dict.fromkeys(("programme", "trainee's name"), "trainee  officer  director  chair  team  named"),
        # The trainee reads what was agreed, before it is sent; the body named what it was sent.
        **dict.fromkeys(("reported, sent", "reported to, sent"), "trainee  director  chair  team  named"),
        **dict.fromkeys(("reported, agreed", "reported to, agreed"), "trainee  director  chair  team"),
        **dict.fromkeys(("reported, asked", "reported to, asked", "reported address", "why reported"), "director  chair  team"),
        **dict.fromkeys(("what follows", "who is asked"), "trainee  officer  director  chair  team  body"),
        **dict.fromkeys(
            ("trainee's address", "officer's address", "university's name", "university's address", "director's name",
             "director's address", "why changed"), "director  chair  team"
        ),
        "asked address":        "team",
    },
    "support": {
        **dict.fromkeys(("support meeting", "who is there", "where"), "trainee  officer  director  chair  team  university"),
        "reasons":              "director  chair  team",
        **dict.fromkeys(("prepared words", "gap row"), "trainee  officer  director  chair  team"),
        "officer's paper":      "officer  director  chair  team",
        "shared paper":         "trainee  officer  director  chair  team  university",
        "recalled paper":       "",
        "why recalled":         "director  chair  team",
        # Drafts are for the School, and of one's own time for who took them; agreed ones for that person besides (E6).
        "draft, together":      "director  chair  team",
        **dict.fromkeys(("draft, trainee_alone", "draft, officer_alone"), "director  chair  taker"),
        "agreed, together":     "trainee  officer  director  chair  team",
        "agreed, trainee_alone": "trainee  director  chair  taker",
        "agreed, officer_alone": "officer  director  chair  taker",
    },
    "case": {
        "discussion form":      "trainee  counsellor  covering  reason",
        "task set":             "trainee  counsellor  covering  reason",
        "reason to read":       "counsellor  covering  reason",
    },
    # What is shared with the trainee, and what is for careers staff alone (B10).
    "session": {
        **dict.fromkeys(
            ("session", "purpose", "statement", "summary", "focus", "why it changed", "option", "for it", "against it",
             "parked issue"),
            "writer  reader  trainee",
        ),
        **dict.fromkeys(("notes", "observations", "settled issue", "id of a part"), "writer  reader"),
    },
}  # fmt: skip

# What a person reads of their own account, and of nobody else's.
OWN = ("own name", "own address", "own phone", "own draft", "own absence", "own conflict", "own session", "own answer")
# What a role reads besides: of the accounts that hold another role, of every account, or of a place.
EVERY_ACCOUNT, EVERY_REFERRAL = "every account", "every referral"
ROLE_READS: dict[str, tuple[tuple[str, str], ...]] = {
    # To choose a counsellor is to weigh them all.
    "senior_adviser": (("counsellor", "own name"), ("counsellor", "own address"), ("counsellor", "own phone"),
                       ("counsellor", "own absence"), ("Weald Hospitals", "employer's contact")),
    # Before the team tells the employer, it sees whom.
    "counsellor": (("Weald Hospitals", "employer's contact"),),
    # Who did what, and to which record by its id: what stands in the records is not theirs.
    # In a request for what is held about them, what stands in it.
    "governance": ((EVERY_ACCOUNT, "own name"), ("nobody", "own address"), ("nobody", "own phone"), (EVERY_REFERRAL, "that it exists"),
                   *((name, what) for what, of in (("meeting", MEETINGS), ("poll", POLLS), ("task", TASKS), ("document", FILES),
                                                   ("session", SESSIONS), ("task set", REFERRALS), ("contract", CONTRACTS), ("pair", PAIRS), ("review", REVIEWS), ("support meeting", SUPPORTS))
                     for name in of)),
    "administrator": ((EVERY_ACCOUNT, "own name"), (EVERY_ACCOUNT, "own address"), (EVERY_ACCOUNT, "own phone"),
                      ("Weald Hospitals", "employer's contact")),
}  # fmt: skip
# What nobody reads at all.
NOBODY_READS = ("password hash",)

# --- Which words each kind of message may carry ----------------------------------------------------------

ALL_OF_THE_REQUEST = ("that it exists", "request", "trainee's name", "trainee's address", "referrer's name")
LETTERS: dict[str, tuple[str, ...]] = {
    "referral": ALL_OF_THE_REQUEST,
    "concerns_added": ALL_OF_THE_REQUEST,
    # What the trainee lets others know, answered to themselves; and what the team does.
    "sessions_complete": ("trainee's name", "trainee's address", "referrer's name", "counsellor's name", "how to reach them"),
    "sessions_ended": ("trainee's name", "employer's contact", "counsellor's name", "how to reach them"),
    "released_tsg": ("trainee's name", "released words", "words taken back"),
    "personal_link": ("trainee's name", "trainee's address", "link token"),
    "assigned_trainee": ("trainee's name", "trainee's address", "counsellor's name", "how to reach them", "their phone", "link token"),
    "reassigned_trainee": (
        "trainee's name", "trainee's address", "counsellor's name", "how to reach them", "their phone", "link token", "meeting",
    ),
    # To the trainee, who is named as the reader and nowhere else.
    "withdrawn_trainee": ("trainee's name", "trainee's address"),
    "stopped_trainee": ("trainee's name", "trainee's address", "counsellor's name", "how to reach them", "meeting"),
    "please_tell_them": ("trainee's name", "trainee's address", "link token"),
    "told_for_you": ("trainee's name", "trainee's address", "counsellor's name", "how to reach them"),
    "closed_trainee": ("trainee's name", "trainee's address", "counsellor's name", "how to reach them", "meeting"),
    # These say that something is there, and where; the reader's own name and address stand in the headers.
    "referral_receipt": ("that it exists", "referrer's name"),
    "not_going_ahead_referrer": ("that it exists", "referrer's name"),
    "declined_adviser": ("that it exists",),
    "withdrawn_adviser": ("that it exists",),
    "closed_adviser": ("that it exists",),
    # With these a meeting may end: when it was, and in the calendar file who was to come.
    "ended_counsellor": ("that it exists", "trainee's name", "trainee's address", "counsellor's name", "how to reach them", "meeting"),
    "stopped_part_way": ("that it exists", "trainee's name", "trainee's address", "counsellor's name", "how to reach them", "meeting"),
    "assigned_counsellor": ("that it exists", "counsellor's name", "how to reach them"),
    "record_opened": ("that it exists", "counsellor's name", "how to reach them"),
    "record_covered": ("that it exists", "counsellor's name", "how to reach them"),
    "cover_asked": ("that it exists", "who stands in"),
    "unassigned_counsellor": ("that it exists", "trainee's name", "trainee's address", "counsellor's name", "how to reach them", "meeting"),
    # Of meetings: when and where, the link to join, and in the calendar file who else is there. Not what it is about.
    **dict.fromkeys(
        ("meeting_booked", "meeting_moved", "meeting_cancelled", "meeting_linked", "meeting_tomorrow", "meeting_left",
         "meeting_ended"),
        ("trainee's name", "trainee's address", "former address", "counsellor's name", "how to reach them", "link token",
         "meeting", "who is there", "join link", "asked without account", "mentee's name", "mentee's address", "mentor's name",
         "mentor's address", "pair token", "officer's name", "officer's address", "where"),
    ),
    "nothing_booked": ("trainee's name", "trainee's address", "counsellor's name", "how to reach them", "their phone", "link token"),
    "task_reminder": ("trainee's name", "trainee's address", "link token"),
    "link_needs_person": ("meeting",),
    # Of disclosures: that there is something to read, and where. Not a word of it.
    **dict.fromkeys(
        ("consent_asked", "consent_signed", "consent_withdrawn", "breach_told", "emergency_told"),
        ("that it exists", "trainee's name", "trainee's address", "counsellor's name", "how to reach them", "link token"),
    ),
    "disclosed": ("who is told", "counsellor's name", "how to reach them", "disclosed token"),
    "consent_answered": ("that it exists", "consent", "counsellor's name", "how to reach them"),
    "information_asked": ("that it exists", "question", "who is asked", "counsellor's name", "how to reach them"),
    "information_answered": ("that it exists", "question", "counsellor's name", "how to reach them"),
    "concern_raised": ("breach", "counsellor's name", "how to reach them"),
    "emergency_second": ("that it exists", "emergency", "counsellor's name", "how to reach them"),
    "emergency_look_again": ("that it exists", "emergency", "counsellor's name", "how to reach them"),
    **dict.fromkeys(
        ("availability_asked", "availability_chaser", "availability_called_off", "all_answered"),
        ("own name", "own address", "asked without account", "poll", "poll token"),
    ),
    # Of reviews: that there is a page, and where; to whoever is asked to act, a link and no word of it.
    **dict.fromkeys(
        ("review_link", "call_offered", "support_meeting_required"),
        ("own name", "own address", "review", "support meeting", "review token", "officer's name", "officer's address"),
    ),
    **dict.fromkeys(
        ("preparation", "plan_overdue", "papers_ready"),
        ("own name", "own address", "review", "review token", "support meeting", "officer's name", "officer's address"),
    ),
    "action_asked": ("who is asked", "asked address", "review token"),
    **dict.fromkeys(
        ("support_outcome", "plan_agreed", "plan_review_due", "objective_reminder", "objective_reminder_officer",
         "report_told"),
        ("own name", "own address", "review", "review token"),
    ),
    "progression_report": ("reported to, sent", "reported address", "review token", "own name", "own address"),
    # About an account, to its holder, or to the administrators.
    # Of complaints nothing but that something is there, to one person who knows of it.
    **dict.fromkeys(
        ("complaint_received", "complaint_waiting", "complaint_moved", "complaint_disclosed"),
        ("own name", "own address", "complainant's name"),
    ),
    # Of a pair: that something is there, to one of the two, who know each other.
    **dict.fromkeys(
        ("contact_check", "agreement_prompt", "agreement_proposed", "month_left", "mentoring_ended", "survey_reminder",
         "not_working_received", "new_arrangement", "duty_told", "introduction"),
        ("pair", "mentee's name", "mentee's address", "mentor's name", "mentor's address", "pair token"),
    ),
    # To the returner alone.
    **dict.fromkeys(
        ("mentor_offer", "mentor_offer_again", "mentor_interest", "mentor_waiting", "returner_link"),
        ("returner's name", "returner's address", "return token", "name in a file"),
    ),
    "guidance_comment": ("own name", "own address"),
    "invitation": ("own name", "own address", "link token"),
    "password_help": ("own name", "own address", "link token"),
    "password_chosen": ("own name", "own address"),
    "address_changed": ("own name", "own address"),
    "role_asked": ("own name", "own address"),
    "role_asked_receipt": ("own name", "own address"),
    "role_decided": ("own name", "own address"),
    "access_ready": ("own name", "own address"),
}  # fmt: skip

# --- Addresses -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Who:
    """Whom a row lets in. Roles are asked first (403), then what the person is to the record (404)."""

    public: bool = False
    roles: frozenset[str] = frozenset()
    relations: frozenset[str] = frozenset()

    def also(self, *relations: str) -> "Who":
        return Who(self.public, self.roles, frozenset(relations))


EVERYBODY = Who(public=True)
SIGNED_IN = Who()


def holding(*roles: str) -> Who:
    return Who(roles=frozenset(roles))


def being(*relations: str) -> Who:
    return Who(relations=frozenset(relations))


ADVISER = holding("senior_adviser")
REFERRER = holding("referrer")
COUNSELLOR = holding("counsellor")
ADMINISTRATOR = holding("administrator")
GOVERNANCE = holding("governance")
EDITOR = holding("governance", "administrator")
KEEPER = holding("governance", "complaints")
REPORTS = holding("senior_adviser", "governance", "rtt_team", "progression")
ADMINISTERS = ADMINISTRATOR.also("administers")
ANYTHING = being("trainee", "adviser", "counsellor", "covering", "head", "referrer", "tsg")
OF_PAIR = being("mentee", "mentor")
RTT_TEAM = holding("rtt_team")
PROGRESSION = holding("progression")
OF_REVIEW = being("trainee", "officer", "director", "chair", "team")
REVIEWING = PROGRESSION.also("team")
SCHOOL = holding("progression", "meeting_chair")
OF_SCHOOL = being("director", "chair", "team")
READS_RECORD = ("counsellor", "covering", "reason")


@dataclass(frozen=True)
class Row:
    """One address and method. In the address and the body {referral}, {link} … stand for the record's own id.

    `queries` are asked besides, each as a request of its own. `body` is what the form sends when it is filled in well, and
    `also` the fields that it has and did not send.
    """

    method: str
    endpoint: str
    address: str
    who: Who
    body: dict[str, str | bytes] = field(default_factory=dict)  # bytes are a file
    queries: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    names: str = ""  # the role whose holders this page names, for one of them to be chosen
    keeps_readings: bool = False  # that staff looked is written down (C9)

    @property
    def of(self) -> str:
        """The kind of record in the address, or nothing."""
        return next((kind for kind in RECORDS if kind and f"{{{kind}}}" in self.address), "")


FILLED_IN = {
    "trainee_name": "Sam Sample", "trainee_email": "sam.sample@signpost.example", "school": "{school}",
    "employer": "{employer}", "request": "Would like to talk.", "wider_concerns": "no",
}  # fmt: skip
EACH = ("{each referral}", "{each notice}")  # stand in a query for each of these in turn
DISCUSSION = {"now": "Busy.", "hopes": "Time.", "tried": "", "practical": "", "version": "1"}
NEW_DATE = {"due_on-day": "1", "due_on-month": "3", "due_on-year": "2027", "why": "Exams."}
MENTORING_SURVEY = {"used": "well", "useful": "very", "words": "It helped."}
FURTHER_ON = {"further_on": "yes", "words": "It helped.", "name": "without"}
A_ROLE = {"role": "mentor", "school": "", "employer": "", "kind": ""}
A_DOCUMENT = pdf()
A_CONTRACT = {"payer": "Another Foundation", "employer": "", "covers": "sessions", "words": "They pay."}
A_PERSON = {"name": "Sam Somebody", "email": "sam.somebody@signpost.example", "phone": ""}
SETTINGS = {
    one.name: "y" if one.default is True else str(one.default) for one in fields(Settings) if one.default is not False
} | {"personal_link_days": "15", "seen": "{settings}"}

A_CONSENT = {
    "recipient_name": "Mary Mentor", "recipient_body": "", "recipient_email": "mary.mentor@elsewhere.example",
    "information": "That they would like a visit.", "why": "To arrange it.", "until-day": "", "until-month": "", "until-year": "",
}  # fmt: skip
FIRST_MEETING = {
    "day-day": "7",
    "day-month": "12",
    "day-year": "2026",
    "begins": "18:30",
    "minutes": "60",
    "mode": "telephone",
    "place": "",
}
A_RETURN = {
    "name": "Sam Somebody", "email": "sam.back@elsewhere.example", "employer": "{employer}", "specialty": "Medicine",
    "absent_from-day": "1", "absent_from-month": "3", "absent_from-year": "2026",
    "returns_on-day": "1", "returns_on-month": "3", "returns_on-year": "2027",
}  # fmt: skip
TO_ASK = {name: value for name, value in A_RETURN.items() if name not in ("employer", "specialty")}
A_LATER_DAY = {"ask_again_on-day": "1", "ask_again_on-month": "2", "ask_again_on-year": "2027"}
WISHES = {
    "base": "LA14", "miles": "20", "modes": "teams", "days": "1", "matters": "is_parent", "own_trust": "either",
    "supervisors": "", "apart": "Dr Green", "return_reason": "", "request": "", "version": "1",
}  # fmt: skip
TRAINING = {
    "employer": "", "specialty": "Medicine", "trained_on-day": "1", "trained_on-month": "3", "trained_on-year": "2026",
    "training_ends_on-day": "", "training_ends_on-month": "", "training_ends_on-year": "",
}  # fmt: skip
MENTOR_WAYS = {
    "bases": "LA1", "miles": "20", "modes": "teams", "days": "1", "matters": "is_parent", "about": "Hello.",
    "return_reason": "", "apart": "", "version": "3",
}  # fmt: skip
A_PAUSE = {
    "first_day-day": "1", "first_day-month": "3", "first_day-year": "2027",
    "last_day-day": "", "last_day-month": "", "last_day-year": "",
}  # fmt: skip
A_LIST_OF_REVIEWS = (
    b"Name,Email,Programme,Outcome,Date of outcome\nSam,sam.file@elsewhere.example,Genetics,3,1/10/2026\n"
)
A_LIST = b"Name,Email,Absent from,Returns on\nSam,sam.file@elsewhere.example,1/1/2026,1/9/2027\n"
MET = {"met_on-day": "20", "met_on-month": "11", "met_on-year": "2026", "mode": "telephone", "words": "We met."}
AN_AGREEMENT = {
    "how": "written",
    "meetings": "Every month.",
    "outcomes": "",
    "off_limits": "",
    "learning": "",
    "progress": "",
    "ending": "",
}
A_LINE = {
    "topic": "ltft",
    "employer": "",
    "name": "Flexible training",
    "words": "They help.",
    "web_address": "",
    "email": "",
    "phone": "",
}
SIGNATURE = {"name": "Terry Trainee"}
OF_A_REVIEW = {
    "trainee_name": "Sam Scientist", "trainee_email": "sam.scientist@signpost.example", "programme": "Genetics", "employer": "", "director": "{director}",
}  # fmt: skip
OUTCOME_ON = {"outcome": "1", "outcome_on-day": "2", "outcome_on-month": "10", "outcome_on-year": "2026"}
A_REVIEW = OF_A_REVIEW | OUTCOME_ON | {
    "officer_name": "", "officer_email": "", "university_name": "", "university_email": "",
}  # fmt: skip
AN_ISSUE = {"severity": "minor", "is_academic": "no", "words": "The portfolio."}
NAMED = {"name": "Nor Named", "email": "nor.named@elsewhere.example"}
WHAT_FOLLOWS = {
    "kind": "action_asked", "words": "A day a week.", "asked_of": "department", "to_name": "Nor Named",
    "to_email": "nor.named@elsewhere.example", "step": "send",
}  # fmt: skip
REPLY_BY = {"reply_by-day": "1", "reply_by-month": "12", "reply_by-year": "2026"}
CALL_TIMES = {"minutes": "30", "times": "2026-12-10T10:00:00+00:00"} | REPLY_BY
AN_OBJECTIVE = {"words": "Finish the rotation.", "due_on-day": "1", "due_on-month": "2", "due_on-year": "2027"}
SUPPORT_TIMES = {"times": "2026-12-10T10:00:00+00:00", "soon_reason": ""} | REPLY_BY
CALL_TIME = {"day-day": "10", "day-month": "12", "day-year": "2026", "begins": "10:00", "minutes": "30"}
A_SETUP = {
    "minutes": "40", "chair": "{director}", "mode": "teams", "mode_reason": "", "place": "", "university": "no", "university_reason": "",
    "version": "1",
}  # fmt: skip
GROUND = {"ground": "patient_safety", "law": "", "other_law": ""}
AN_EMERGENCY = GROUND | {
    "grounds": "What happened.", "disclosed": "What was said.", "disclosed_to": "The consultant on duty.",
    "why_not_wait": "It was night.", "day-day": "22", "day-month": "11", "day-year": "2026", "at": "14:30",
    "look_again_on-day": "1", "look_again_on-month": "12", "look_again_on-year": "2026",
}  # fmt: skip

PAGE_OWNER = holding("senior_adviser", "rtt_team", "progression", "governance")
OWNER_OF_CAREERS = holding("senior_adviser", "governance")  # who looks after the page that stands in these rows
A_PAGE = {
    "title": "Careers support", "summary": "Time to think.", "slug": "careers", "body": "Other words.", "seen": "1", "step": "publish",
    "reviewed-day": "20", "reviewed-month": "11", "reviewed-year": "2026",
}  # fmt: skip
A_NOTE = {
    "one-real-objective-done": "y",
    "one-real-objective-reflection": "Less is more.",
    "one-real-objective-version": "0",
}

# fmt: off
OF_SUPPORT = "/progression/meetings/{support}"
BY_REVIEW_LINK = "/progression/links/{review_link}/meetings/{support_of_link}"
AT_SUPPORT = being("trainee", "officer", "director", "chair", "team", "university")
PREPARES = being("trainee", "officer")
BY_OFFICER = EVERYBODY.also("officer")
A_PAPER: dict[str, str | bytes] = {"kind": "other", "reference": "gghhjjkk", "file": A_DOCUMENT}
SOME_ROWS = {"table": "Variants\tdone\tA case\tNone", "manner": "add", "was": "", "step": "keep"}
A_ROW = {"item": "Variants", "status": "partly", "evidence": "", "plan": "", "version": "1"}

ROUTES: list[Row] = [
    # Anybody
    Row("GET",  "health.process_is_up", "/healthz", EVERYBODY),
    Row("GET",  "health.is_ready", "/readyz", EVERYBODY),
    Row("GET",  "accounts.sign_in", "/sign-in", EVERYBODY, queries=("next=/referrals/{each referral}",)),
    Row("POST", "accounts.sign_in", "/sign-in", EVERYBODY, {"email": "nobody.here@signpost.example", "password": "wrong words", "next": "", "unsent": ""}),
    Row("POST", "accounts.sign_out", "/sign-out", EVERYBODY),
    Row("GET",  "accounts.signed_out", "/signed-out", EVERYBODY),
    Row("GET",  "links.again", "/links/again", EVERYBODY),
    Row("POST", "links.again", "/links/again", EVERYBODY, {"reference": "{others}", "email": "{others_address}"}),
    Row("GET",  "links.on_its_way", "/links/on-its-way", EVERYBODY),
    # Whoever holds a personal link
    Row("GET",  "links.show", "/links/{link}", EVERYBODY.also("open", "closed")),
    Row("POST", "links.acceptance", "/links/{link}/acceptance", EVERYBODY.also("open")),
    Row("GET",  "links.refusal", "/links/{link}/refusal", EVERYBODY.also("open")),
    Row("POST", "links.refusal", "/links/{link}/refusal", EVERYBODY.also("open")),
    Row("POST", "links.renew", "/links/{link}/new", EVERYBODY.also("open", "closed")),
    Row("GET",  "linked.times", "/links/{link}/times", EVERYBODY.also("open")),
    Row("POST", "linked.times", "/links/{link}/times", EVERYBODY.also("open"), {"time": "{free_time}", "reason": ""}, also=("place",)),
    Row("GET",  "linked.confirmation", "/links/{link}/meetings/{meeting_of_link}/confirmation", EVERYBODY.also("booked")),
    Row("POST", "linked.confirmation", "/links/{link}/meetings/{meeting_of_link}/confirmation", EVERYBODY.also("booked")),
    Row("GET",  "linked.move", "/links/{link}/meetings/{meeting_of_link}/time", EVERYBODY.also("booked")),
    Row("POST", "linked.move", "/links/{link}/meetings/{meeting_of_link}/time", EVERYBODY.also("booked"), {"mode": "face_to_face", "time": "{free_time}", "reason": "Exams."}, also=("place",)),
    Row("GET",  "linked.cancel", "/links/{link}/meetings/{meeting_of_link}/cancellation", EVERYBODY.also("booked")),
    Row("POST", "linked.cancel", "/links/{link}/meetings/{meeting_of_link}/cancellation", EVERYBODY.also("booked"), {"reason": "Exams."}),
    Row("GET",  "linked_files.add", "/links/{link}/documents/new", EVERYBODY.also("open")),
    Row("POST", "linked_files.add", "/links/{link}/documents/new", EVERYBODY.also("open"), {"kind": "cv", "reference": "bcdf2346", "file": A_DOCUMENT}),
    Row("GET",  "linked_files.download", "/links/{link}/documents/{file_of_link}", EVERYBODY.also("filed")),
    Row("POST", "linked_files.remove", "/links/{link}/documents/{file_of_link}/removal", EVERYBODY.also("filed")),
    Row("GET",  "linked_tasks.show", "/links/{link}/tasks/{task_of_link}", EVERYBODY.also("tasked")),
    Row("POST", "linked_tasks.tick", "/links/{link}/tasks/{task_of_link}/state", EVERYBODY.also("tasked"), {"state": "partly"}),
    Row("POST", "linked_tasks.move", "/links/{link}/tasks/{task_of_link}/date", EVERYBODY.also("tasked"), NEW_DATE),
    Row("POST", "linked_tasks.comment", "/links/{link}/tasks/{task_of_link}/comments", EVERYBODY.also("tasked"), {"comment": "Well on the way."}),
    Row("GET",  "ending_links.telling", "/links/{link}/telling", EVERYBODY.also("open")),
    Row("POST", "ending_links.telling", "/links/{link}/telling", EVERYBODY.also("open"), {"parties": "referrer"}),
    Row("GET",  "ending_links.stopping", "/links/{link}/stopping", EVERYBODY.also("open")),
    Row("POST", "ending_links.stopping", "/links/{link}/stopping", EVERYBODY.also("open")),
    Row("GET",  "linked_feedback.answer", "/links/{link}/feedback/{ask_of_link}", EVERYBODY.also("asked")),
    Row("POST", "linked_feedback.answer", "/links/{link}/feedback/{ask_of_link}", EVERYBODY.also("asked"), FURTHER_ON),
    Row("GET",  "linked_sessions.discussion", "/links/{link}/discussion", EVERYBODY.also("open")),
    Row("POST", "linked_sessions.discussion", "/links/{link}/discussion", EVERYBODY.also("open"), DISCUSSION),
    Row("GET",  "linked_sessions.readers", "/links/{link}/readers", EVERYBODY.also("open")),
    Row("GET",  "linked_sessions.summary", "/links/{link}/sessions/{finished_session}", EVERYBODY.also("met")),
    Row("GET",  "linked_sessions.summary_on_paper", "/links/{link}/sessions/{finished_session}/pdf", EVERYBODY.also("met")),
    Row("GET",  "linked_disclosures.disclosures", "/links/{link}/disclosures", EVERYBODY.also("open")),
    Row("GET",  "linked_disclosures.consent", "/links/{link}/consents/{consent_of_link}", EVERYBODY.also("told")),
    Row("POST", "linked_disclosures.sign", "/links/{link}/consents/{consent_of_link}/signature", EVERYBODY.also("told"), SIGNATURE),
    Row("POST", "linked_disclosures.refuse", "/links/{link}/consents/{consent_of_link}/refusal", EVERYBODY.also("told")),
    Row("POST", "linked_disclosures.withdraw", "/links/{link}/consents/{signed_consent_of_link}/withdrawal", EVERYBODY.also("told")),
    # Whoever was named in a consent
    Row("GET",  "linked_disclosures.disclosed", "/disclosed/{disclosed_link}", EVERYBODY.also("open", "closed")),
    Row("GET",  "polls.by_link", "/polls/answer/{poll_link}", EVERYBODY.also("open")),
    Row("POST", "polls.answer_by_link", "/polls/answer/{poll_link}", EVERYBODY.also("open"), {"can_do": "Any Friday."}),
    Row("GET",  "meetings.feed", "/meetings/feed/{feed_link}.ics", EVERYBODY.also("open")),
    # Guidance, for everybody
    Row("GET",  "guidance.index", "/guidance", EVERYBODY),
    Row("GET",  "guidance.module", "/guidance/careers-session", EVERYBODY),
    Row("GET",  "guidance.show", "/guidance/services/careers", EVERYBODY),
    Row("GET",  "guidance.glossary", "/guidance/glossary", EVERYBODY),
    # Returning to training
    Row("GET",  "mentoring.index", "/mentoring", SIGNED_IN),
    Row("GET",  "returners.index", "/mentoring/returners", RTT_TEAM, queries=("state=interested", "q=a", "state=nonsense", "after={return_of_list}")),
    Row("GET",  "returners.new", "/mentoring/returners/new", RTT_TEAM),
    Row("POST", "returners.new", "/mentoring/returners/new", RTT_TEAM, A_RETURN),
    Row("GET",  "returners.show", "/mentoring/returners/{return}", RTT_TEAM.also("team")),
    Row("GET",  "returners.change", "/mentoring/returners/{return}/details", RTT_TEAM.also("team")),
    Row("POST", "returners.change", "/mentoring/returners/{return}/details", RTT_TEAM.also("team"), A_RETURN | {"version": "{return_version}"}),
    Row("POST", "returners.offer", "/mentoring/returners/{return}/offer", RTT_TEAM.also("team")),
    Row("POST", "returners.send_link", "/mentoring/returners/{return}/link", RTT_TEAM.also("team")),
    Row("GET",  "returners.remove", "/mentoring/returners/{return}/removal", RTT_TEAM.also("team")),
    Row("POST", "returners.remove", "/mentoring/returners/{return}/removal", RTT_TEAM.also("team"), {"version": "{return_version}"}),
    Row("GET",  "returners.merge", "/mentoring/returners/{return}/merger", RTT_TEAM.also("team"), queries=("with=nobody@elsewhere.example",)),
    Row("POST", "returners.merge", "/mentoring/returners/{return}/merger", RTT_TEAM.also("team"), {"into": "{twin}", "version": "{return_version}"}, queries=()),
    Row("GET",  "returner_imports.new", "/mentoring/returners/import", RTT_TEAM),
    Row("POST", "returner_imports.new", "/mentoring/returners/import", RTT_TEAM, {"file": A_LIST, "reference": "ddbbccff"}),
    Row("GET",  "returner_imports.show", "/mentoring/returners/import/{import}", RTT_TEAM.also("bringer"), queries=("show=to-mend", "show=there-already&after=3")),
    Row("POST", "returner_imports.choose", "/mentoring/returners/import/{import}/choices", RTT_TEAM.also("bringer"), {"version": "2", "all": "merge"}),
    Row("POST", "returner_imports.take", "/mentoring/returners/import/{import}/taking", RTT_TEAM.also("bringer"), {"version": "2"}),
    Row("POST", "returner_imports.call_off", "/mentoring/returners/import/{import}/calling-off", RTT_TEAM.also("bringer"), {"version": "2"}),
    Row("GET",  "returner_links.ask", "/mentoring/ask", EVERYBODY),
    Row("POST", "returner_links.ask", "/mentoring/ask", EVERYBODY, TO_ASK),
    Row("GET",  "returner_links.on_its_way", "/mentoring/on-its-way", EVERYBODY),
    Row("GET",  "returner_links.show", "/mentoring/links/{return_link}", EVERYBODY.also("open", "closed")),
    Row("POST", "returner_links.renew", "/mentoring/links/{return_link}/new", EVERYBODY.also("open", "closed")),
    Row("POST", "returner_links.accept", "/mentoring/links/{return_link}/acceptance", EVERYBODY.also("open")),
    Row("POST", "returner_links.decline", "/mentoring/links/{return_link}/refusal", EVERYBODY.also("open")),
    Row("GET",  "returner_links.later", "/mentoring/links/{return_link}/later", EVERYBODY.also("open")),
    Row("POST", "returner_links.later", "/mentoring/links/{return_link}/later", EVERYBODY.also("open"), A_LATER_DAY),
    Row("GET",  "returner_links.wish", "/mentoring/links/{return_link}/wishes", EVERYBODY.also("open")),
    Row("POST", "returner_links.wish", "/mentoring/links/{return_link}/wishes", EVERYBODY.also("open"), WISHES, also=("is_miles_a_limit", "is_mode_a_limit", "wanted", "avoided")),
    Row("GET",  "my_return.show", "/mentoring/mine", SIGNED_IN),
    Row("POST", "my_return.accept", "/mentoring/mine/acceptance", being("returns")),
    Row("POST", "my_return.decline", "/mentoring/mine/refusal", being("returns")),
    Row("GET",  "my_return.later", "/mentoring/mine/later", being("returns")),
    Row("POST", "my_return.later", "/mentoring/mine/later", being("returns"), A_LATER_DAY),
    Row("GET",  "my_return.wish", "/mentoring/mine/wishes", being("returns")),
    Row("POST", "my_return.wish", "/mentoring/mine/wishes", being("returns"), WISHES, also=("is_miles_a_limit", "is_mode_a_limit", "wanted", "avoided")),
    Row("GET",  "mentors.index", "/mentoring/mentors", RTT_TEAM),
    Row("GET",  "mentors.new", "/mentoring/mentors/new", RTT_TEAM),
    Row("POST", "mentors.new", "/mentoring/mentors/new", RTT_TEAM, TRAINING | {"name": "Sam", "email": "sam.mentor@elsewhere.example"}),
    Row("GET",  "mentors.show", "/mentoring/mentors/{mentor_page}", RTT_TEAM.also("team")),
    Row("GET",  "mentors.training", "/mentoring/mentors/{mentor_page}/training", RTT_TEAM.also("team")),
    Row("POST", "mentors.training", "/mentoring/mentors/{mentor_page}/training", RTT_TEAM.also("team"), TRAINING | {"version": "2"}),
    Row("GET",  "mentors.leave", "/mentoring/mentors/{mentor_page}/leaving", RTT_TEAM.also("team")),
    Row("POST", "mentors.leave", "/mentoring/mentors/{mentor_page}/leaving", RTT_TEAM.also("team"), {"version": "2"}),
    Row("POST", "mentors.come_back", "/mentoring/mentors/{mentor_page}/return", RTT_TEAM.also("team"), {"version": "2"}),
    Row("GET",  "mentors.own", "/mentoring/mentor", holding("mentor")),
    Row("GET",  "mentors.capacity", "/mentoring/mentor/number", holding("mentor").also("mentors")),
    Row("POST", "mentors.capacity", "/mentoring/mentor/number", holding("mentor").also("mentors"), {"capacity": "3", "version": "2"}),
    Row("GET",  "mentors.ways", "/mentoring/mentor/ways", holding("mentor").also("mentors")),
    Row("POST", "mentors.ways", "/mentoring/mentor/ways", holding("mentor").also("mentors"), MENTOR_WAYS | {"version": "2"}),
    Row("GET",  "mentors.pause", "/mentoring/mentor/pauses", holding("mentor").also("mentors")),
    Row("POST", "mentors.pause", "/mentoring/mentor/pauses", holding("mentor").also("mentors"), A_PAUSE),
    Row("POST", "mentors.end_pause", "/mentoring/mentor/pauses/{pause}/end", holding("mentor").also("mentor")),
    Row("GET",  "mentors.leave_oneself", "/mentoring/mentor/leaving", holding("mentor").also("mentors")),
    Row("POST", "mentors.leave_oneself", "/mentoring/mentor/leaving", holding("mentor").also("mentors"), {"version": "2"}),
    Row("GET",  "mentoring.geography", "/mentoring/geography", RTT_TEAM),
    *(
        row
        for kind, of, body in (("areas", "area_page", {"name": "Cumbria", "districts": "CA LA"}), ("places", "place_page", {"name": "Barrow", "district": "LA14"}))
        for row in (
            Row("GET",  "mentoring.new_place", f"/mentoring/geography/{kind}/new", RTT_TEAM),
            Row("POST", "mentoring.new_place", f"/mentoring/geography/{kind}/new", RTT_TEAM, body),
            Row("GET",  "mentoring.place", f"/mentoring/geography/{kind}/{{{of}}}", RTT_TEAM.also("keeps")),
            Row("POST", "mentoring.place", f"/mentoring/geography/{kind}/{{{of}}}", RTT_TEAM.also("keeps"), body | {"version": "1"}),
            Row("POST", "mentoring.remove_place", f"/mentoring/geography/{kind}/{{{of}}}/removal", RTT_TEAM.also("keeps")),
        )
    ),
    # Of a pair
    Row("GET",  "mentorships.show", "/mentoring/mentorships/{pair}", being("mentee", "mentor", "team")),
    Row("GET",  "mentorship_links.show", "/mentoring/links/{pair_link}/mentorship", EVERYBODY.also("open")),
    Row("POST", "mentorships.in_touch", "/mentoring/mentorships/{pair}/in-touch", OF_PAIR),
    Row("POST", "mentorship_links.in_touch", "/mentoring/links/{pair_link}/mentorship/in-touch", EVERYBODY.also("open")),
    Row("GET",  "mentorships.first_meeting", "/mentoring/mentorships/{pair}/first-meeting", OF_PAIR),
    Row("GET",  "mentorship_links.first_meeting", "/mentoring/links/{pair_link}/mentorship/first-meeting", EVERYBODY.also("open")),
    Row("POST", "mentorships.first_meeting", "/mentoring/mentorships/{pair}/first-meeting", OF_PAIR, FIRST_MEETING),
    Row("POST", "mentorship_links.first_meeting", "/mentoring/links/{pair_link}/mentorship/first-meeting", EVERYBODY.also("open"), FIRST_MEETING),
    Row("GET",  "mentorships.agreement", "/mentoring/mentorships/{pair}/agreement", OF_PAIR),
    Row("GET",  "mentorship_links.agreement", "/mentoring/links/{pair_link}/mentorship/agreement", EVERYBODY.also("open")),
    Row("POST", "mentorships.agreement", "/mentoring/mentorships/{pair}/agreement", OF_PAIR, AN_AGREEMENT),
    Row("POST", "mentorship_links.agreement", "/mentoring/links/{pair_link}/mentorship/agreement", EVERYBODY.also("open"), AN_AGREEMENT),
    Row("POST", "mentorships.agree", "/mentoring/mentorships/{pair}/agreement/{proposal_of_pair}/agree", OF_PAIR),
    Row("POST", "mentorship_links.agree", "/mentoring/links/{pair_link}/mentorship/agreement/{proposal_of_link}/agree", EVERYBODY.also("open")),
    Row("GET",  "mentorships.note", "/mentoring/mentorships/{pair}/met", OF_PAIR),
    Row("GET",  "mentorship_links.note", "/mentoring/links/{pair_link}/mentorship/met", EVERYBODY.also("open")),
    Row("POST", "mentorships.note", "/mentoring/mentorships/{pair}/met", OF_PAIR, MET),
    Row("POST", "mentorship_links.note", "/mentoring/links/{pair_link}/mentorship/met", EVERYBODY.also("open"), MET),
    Row("POST", "mentorships.take_back_note", "/mentoring/mentorships/{pair}/met/{note_of_pair}/take-back", OF_PAIR),
    Row("POST", "mentorship_links.take_back_note", "/mentoring/links/{pair_link}/mentorship/met/{note_of_link}/take-back", EVERYBODY.also("open")),
    Row("GET",  "mentorships.not_working", "/mentoring/mentorships/{pair}/not-working", OF_PAIR),
    Row("GET",  "mentorship_links.not_working", "/mentoring/links/{pair_link}/mentorship/not-working", EVERYBODY.also("open")),
    Row("POST", "mentorships.not_working", "/mentoring/mentorships/{pair}/not-working", OF_PAIR),
    Row("POST", "mentorship_links.not_working", "/mentoring/links/{pair_link}/mentorship/not-working", EVERYBODY.also("open")),
    Row("GET",  "mentorships.ending", "/mentoring/mentorships/{pair}/ending", OF_PAIR),
    Row("GET",  "mentorship_links.ending", "/mentoring/links/{pair_link}/mentorship/ending", EVERYBODY.also("open")),
    Row("POST", "mentorships.ending", "/mentoring/mentorships/{pair}/ending", OF_PAIR),
    Row("POST", "mentorship_links.ending", "/mentoring/links/{pair_link}/mentorship/ending", EVERYBODY.also("open")),
    Row("GET",  "mentorship_links.survey", "/mentoring/links/{ended_pair_link}/mentorship/survey/{survey_of_pair}", EVERYBODY),
    Row("POST", "mentorship_links.survey", "/mentoring/links/{ended_pair_link}/mentorship/survey/{survey_of_pair}", EVERYBODY, MENTORING_SURVEY),
    Row("GET",  "mentorships.duty_steps", "/mentoring/mentorships/{pair}/duty", holding("mentor").also("mentor")),
    Row("GET",  "mentorships.decide_duty", "/mentoring/mentorships/{pair}/duty/new", holding("mentor").also("mentor")),
    Row("POST", "mentorships.decide_duty", "/mentoring/mentorships/{pair}/duty/new", holding("mentor").also("mentor"), {"reason": "Somebody may come to harm."}),
    Row("POST", "mentorships.tell_of_duty", "/mentoring/mentorships/{pair}/duty/told", holding("mentor").also("mentor"), {"how": "in_person"}),
    Row("POST", "mentorships.disclose", "/mentoring/mentorships/{pair}/duty/disclosed", holding("mentor").also("mentor"), {"to": "The director", "words": "What I fear."}),
    Row("GET",  "mentorships.support_directory", "/mentoring/support", EVERYBODY),
    Row("GET",  "mentorships.add_support", "/mentoring/support/new", RTT_TEAM),
    Row("POST", "mentorships.add_support", "/mentoring/support/new", RTT_TEAM, A_LINE),
    Row("GET",  "mentorships.change_support", "/mentoring/support/{support_contact}", RTT_TEAM.also("edits")),
    Row("POST", "mentorships.change_support", "/mentoring/support/{support_contact}", RTT_TEAM.also("edits"), A_LINE | {"version": "1"}),
    Row("POST", "mentorships.remove_support", "/mentoring/support/{support_contact}/end", RTT_TEAM),
    # The matching board
    Row("GET",  "matching.show", "/mentoring/matching", RTT_TEAM),
    Row("GET",  "matching.recruiting", "/mentoring/matching/recruiting", RTT_TEAM),
    Row("GET",  "matching.instead", "/mentoring/matching/returners/{waiting}", RTT_TEAM.also("team")),
    Row("GET",  "matching.introductions", "/mentoring/matching/introductions", RTT_TEAM, queries=("pair={match}", "all=1")),
    Row("POST", "matching.introductions", "/mentoring/matching/introductions", RTT_TEAM, {"pair": "{match}"}),
    Row("POST", "matching.override", "/mentoring/matching/overrides", RTT_TEAM, {"pin": "{match}"}),
    Row("POST", "matching.seen", "/mentoring/matching/seen", RTT_TEAM),
    Row("GET",  "guidance.find", "/guidance/search", EVERYBODY, queries=("q={each referral}", "q=zz")),
    Row("GET",  "guidance.on_paper", "/guidance/pdf", EVERYBODY),
    Row("GET",  "guidance.module_on_paper", "/guidance/services/pdf", EVERYBODY),
    Row("GET",  "guidance.comment", "/guidance/services/careers/comments", EVERYBODY),
    Row("POST", "guidance.comment", "/guidance/services/careers/comments", EVERYBODY, {"words": "It helped me.", "name": "without"}),
    Row("GET",  "guidance.comment_sent", "/guidance/comments/sent", EVERYBODY),
    Row("POST", "guidance.keep", "/guidance/progression/action-plans/activities/one-real-objective", SIGNED_IN, A_NOTE),
    Row("GET",  "guidance_editor.edit", "/guidance/services/careers/edit", OWNER_OF_CAREERS),
    Row("POST", "guidance_editor.edit", "/guidance/services/careers/edit", OWNER_OF_CAREERS, A_PAGE),
    Row("GET",  "guidance_editor.versions", "/guidance/services/careers/versions", OWNER_OF_CAREERS),
    Row("GET",  "guidance_editor.version", "/guidance/services/careers/versions/file", OWNER_OF_CAREERS),
    Row("POST", "guidance_editor.restore", "/guidance/services/careers/restoration", OWNER_OF_CAREERS, {"number": "0", "seen": "1"}),
    Row("GET",  "guidance_editor.comments", "/guidance/comments", PAGE_OWNER),
    Row("POST", "guidance_editor.deal_with", "/guidance/comments/{comment}/dealt-with", PAGE_OWNER.also("page-owner")),
    # Reviews of progression
    Row("GET",  "progression.index", "/progression", SIGNED_IN, queries=("show=closed",)),
    Row("GET",  "progression.show", "/progression/reviews/{review}", OF_REVIEW),
    Row("GET",  "progression.new", "/progression/reviews/new", PROGRESSION),
    Row("POST", "progression.new", "/progression/reviews/new", PROGRESSION, A_REVIEW),
    Row("GET",  "progression.details", "/progression/reviews/{review}/details", REVIEWING),
    Row("POST", "progression.details", "/progression/reviews/{review}/details", REVIEWING, OF_A_REVIEW | {"version": "{review_version}"}),
    Row("GET",  "progression.add_issue", "/progression/reviews/{review}/issues", REVIEWING),
    Row("POST", "progression.add_issue", "/progression/reviews/{review}/issues", REVIEWING, AN_ISSUE),
    Row("POST", "progression.remove_issue", "/progression/reviews/{review}/issues/{issue_of_review}/removal", REVIEWING),
    Row("GET",  "progression.decide", "/progression/reviews/{review}/decision", holding("progression", "meeting_chair").also("team", "director")),
    Row("POST", "progression.decide", "/progression/reviews/{review}/decision", holding("progression", "meeting_chair").also("team", "director"), {"decision": "full", "version": "{review_version}"}),
    Row("GET",  "progression.change_outcome", "/progression/reviews/{review}/outcome", REVIEWING),
    Row("POST", "progression.change_outcome", "/progression/reviews/{review}/outcome", REVIEWING, OUTCOME_ON | {"why": "A mistake.", "version": "{review_version}"}),
    Row("GET",  "progression.officer", "/progression/reviews/{review}/officer", REVIEWING),
    Row("POST", "progression.officer", "/progression/reviews/{review}/officer", REVIEWING, NAMED),
    Row("GET",  "progression.university", "/progression/reviews/{review}/university", REVIEWING),
    Row("POST", "progression.university", "/progression/reviews/{review}/university", REVIEWING, NAMED),
    Row("POST", "progression.send_link", "/progression/reviews/{review}/link/trainee", REVIEWING),
    Row("POST", "progression.end", "/progression/reviews/{review}/closing", REVIEWING, {"version": "{review_version}"}),
    Row("GET",  "progression.add_follow_up", "/progression/reviews/{review}/follow-ups/new", REVIEWING),
    Row("POST", "progression.add_follow_up", "/progression/reviews/{review}/follow-ups/new", REVIEWING, WHAT_FOLLOWS),
    Row("POST", "progression.follow_up_done", "/progression/follow-ups/{follow_up}/done", REVIEWING),
    Row("GET",  "review_imports.new", "/progression/import", PROGRESSION),
    Row("POST", "review_imports.new", "/progression/import", PROGRESSION, {"file": A_LIST_OF_REVIEWS, "reference": "ddbbccgg"}),
    Row("GET",  "review_imports.show", "/progression/import/{review_import}", PROGRESSION.also("bringer")),
    Row("POST", "review_imports.choose", "/progression/import/{review_import}/choices", PROGRESSION.also("bringer"), {"version": "2", "all": "leave_out"}),
    Row("POST", "review_imports.take", "/progression/import/{review_import}/taking", PROGRESSION.also("bringer"), {"version": "2"}),
    Row("POST", "review_imports.call_off", "/progression/import/{review_import}/calling-off", PROGRESSION.also("bringer"), {"version": "2"}),
    Row("GET",  "support_calls.offer", "/progression/reviews/{review}/call/offer", REVIEWING),
    Row("POST", "support_calls.offer", "/progression/reviews/{review}/call/offer", REVIEWING),
    Row("POST", "support_calls.answer", "/progression/reviews/{called_review}/call/answer", being("trainee", "officer"), {"answer": "declined"}),
    Row("GET",  "support_calls.ask", "/progression/reviews/{called_review}/call/times", REVIEWING),
    Row("POST", "support_calls.ask", "/progression/reviews/{called_review}/call/times", REVIEWING, CALL_TIMES),
    Row("GET",  "support_calls.book", "/progression/reviews/{called_review}/call/time", REVIEWING),
    Row("POST", "support_calls.book", "/progression/reviews/{called_review}/call/time", REVIEWING, CALL_TIME),
    Row("POST", "support_calls.end", "/progression/reviews/{called_review}/call/holding", REVIEWING),
    Row("GET",  "support_meetings.show", "/progression/meetings/{support}", being("trainee", "officer", "director", "chair", "team", "university")),
    Row("GET",  "support_meetings.new", "/progression/reviews/{review}/meeting", REVIEWING),
    Row("POST", "support_meetings.new", "/progression/reviews/{review}/meeting", REVIEWING, A_SETUP | {"step": "require"}),
    Row("GET",  "support_meetings.alter", "/progression/meetings/{support}/setup", REVIEWING),
    Row("POST", "support_meetings.alter", "/progression/meetings/{support}/setup", REVIEWING, A_SETUP, also=("step",)),
    Row("GET",  "support_meetings.ask", "/progression/meetings/{support}/times", REVIEWING),
    Row("POST", "support_meetings.ask", "/progression/meetings/{support}/times", REVIEWING, SUPPORT_TIMES),
    Row("POST", "support_meetings.attended", "/progression/meetings/{support}/holding", being("team", "chair")),
    Row("POST", "support_meetings.call_off", "/progression/meetings/{support}/calling-off", REVIEWING, {"version": "{support_version}"}),
    Row("GET",  "preparation.show", f"{OF_SUPPORT}/preparation", AT_SUPPORT),
    Row("GET",  "preparation.tell", f"{OF_SUPPORT}/preparation/have_met", PREPARES),
    Row("POST", "preparation.tell", f"{OF_SUPPORT}/preparation/have_met", PREPARES, {"words": "More time.", "version": "2"}),
    Row("POST", "preparation.has_place", f"{OF_SUPPORT}/preparation/place", PREPARES),
    Row("POST", "preparation.not_yet", f"{OF_SUPPORT}/preparation/have_met/not-yet", PREPARES),
    Row("GET",  "preparation.add_paper", f"{OF_SUPPORT}/papers/new", being("trainee", "officer", "team", "chair")),
    Row("POST", "preparation.add_paper", f"{OF_SUPPORT}/papers/new", being("trainee", "officer", "team", "chair"), A_PAPER),
    Row("GET",  "preparation.open_paper", f"{OF_SUPPORT}/papers/{{paper_of_support}}", AT_SUPPORT, keeps_readings=True),
    Row("GET",  "preparation.recall", f"{OF_SUPPORT}/papers/{{paper_of_support}}/recall", being("team", "chair")),
    Row("POST", "preparation.recall", f"{OF_SUPPORT}/papers/{{paper_of_support}}/recall", being("team", "chair"), {"why": "A mistake."}),
    Row("GET",  "preparation.share", f"{OF_SUPPORT}/papers/sharing", being("team", "chair")),
    Row("POST", "preparation.share", f"{OF_SUPPORT}/papers/sharing", being("team", "chair"), {"papers": "{unshared_of_support}"}, also=("university",)),
    Row("GET",  "preparation.table", f"{OF_SUPPORT}/gap-analysis", OF_REVIEW),
    Row("GET",  "preparation.as_csv", f"{OF_SUPPORT}/gap-analysis/csv", OF_REVIEW),
    Row("GET",  "preparation.add_rows", f"{OF_SUPPORT}/gap-analysis/rows/new", PREPARES),
    Row("POST", "preparation.add_rows", f"{OF_SUPPORT}/gap-analysis/rows/new", PREPARES, SOME_ROWS, also=("file",)),
    Row("GET",  "preparation.alter_row", f"{OF_SUPPORT}/gap-analysis/rows/{{row_of_support}}", PREPARES),
    Row("POST", "preparation.alter_row", f"{OF_SUPPORT}/gap-analysis/rows/{{row_of_support}}", PREPARES, A_ROW),
    Row("POST", "preparation.remove_row", f"{OF_SUPPORT}/gap-analysis/rows/{{row_of_support}}/removal", PREPARES),
    Row("GET",  "preparation.minutes", f"{OF_SUPPORT}/minutes", OF_REVIEW),
    Row("POST", "preparation.write", f"{OF_SUPPORT}/minutes/together", being("taker"), {"words": "They met.", "version": "1"}),
    Row("POST", "preparation.agree", f"{OF_SUPPORT}/minutes/together/agreement", being("chair"), {"version": "1"}, also=("words",)),
    Row("GET",  "preparation.correct", f"{OF_SUPPORT}/minutes/together/correction", being("chair")),
    Row("POST", "preparation.correct", f"{OF_SUPPORT}/minutes/together/correction", being("chair"), {"words": "They did meet.", "why": "A slip.", "version": "2"}),
    Row("GET",  "preparation_links.show", f"{BY_REVIEW_LINK}/preparation", EVERYBODY.also("meets", "closed")),
    Row("GET",  "preparation_links.tell", f"{BY_REVIEW_LINK}/preparation/have_met", BY_OFFICER),
    Row("POST", "preparation_links.tell", f"{BY_REVIEW_LINK}/preparation/have_met", BY_OFFICER, {"words": "More time.", "version": "{version_of_link}"}),
    Row("POST", "preparation_links.has_place", f"{BY_REVIEW_LINK}/preparation/place", BY_OFFICER),
    Row("POST", "preparation_links.not_yet", f"{BY_REVIEW_LINK}/preparation/have_met/not-yet", BY_OFFICER),
    Row("GET",  "preparation_links.add_paper", f"{BY_REVIEW_LINK}/papers/new", BY_OFFICER),
    Row("POST", "preparation_links.add_paper", f"{BY_REVIEW_LINK}/papers/new", BY_OFFICER, A_PAPER),
    Row("GET",  "preparation_links.open_paper", f"{BY_REVIEW_LINK}/papers/{{paper_of_link}}", EVERYBODY.also("meets"), keeps_readings=True),
    Row("GET",  "preparation_links.recall", f"{BY_REVIEW_LINK}/papers/{{own_paper_of_link}}/recall", BY_OFFICER),
    Row("POST", "preparation_links.recall", f"{BY_REVIEW_LINK}/papers/{{own_paper_of_link}}/recall", BY_OFFICER, {"why": "A mistake."}),
    Row("GET",  "preparation_links.table", f"{BY_REVIEW_LINK}/gap-analysis", BY_OFFICER),
    Row("GET",  "preparation_links.as_csv", f"{BY_REVIEW_LINK}/gap-analysis/csv", BY_OFFICER),
    Row("GET",  "preparation_links.add_rows", f"{BY_REVIEW_LINK}/gap-analysis/rows/new", BY_OFFICER),
    Row("POST", "preparation_links.add_rows", f"{BY_REVIEW_LINK}/gap-analysis/rows/new", BY_OFFICER, SOME_ROWS, also=("file",)),
    Row("GET",  "preparation_links.alter_row", f"{BY_REVIEW_LINK}/gap-analysis/rows/{{row_of_link}}", BY_OFFICER),
    Row("POST", "preparation_links.alter_row", f"{BY_REVIEW_LINK}/gap-analysis/rows/{{row_of_link}}", BY_OFFICER, A_ROW),
    Row("POST", "preparation_links.remove_row", f"{BY_REVIEW_LINK}/gap-analysis/rows/{{row_of_link}}/removal", BY_OFFICER),
    Row("GET",  "preparation_links.minutes", f"{BY_REVIEW_LINK}/minutes", BY_OFFICER),
    Row("GET",  "progression_links.show", "/progression/links/{review_link}", EVERYBODY.also("open", "closed")),
    Row("POST", "progression_links.renew", "/progression/links/{review_link}/new", EVERYBODY.also("open", "closed")),
    Row("POST", "progression_links.answer_call", "/progression/links/{review_link}/call", EVERYBODY.also("answers"), {"answer": "wanted"}),
    Row("GET",  "progression_links.meeting", "/progression/links/{review_link}/meetings/{support_of_link}", EVERYBODY.also("meets", "closed")),
    Row("GET",  "support_outcomes.decide", "/progression/meetings/{held_support}/outcome", SCHOOL.also("team", "chair")),
    Row("POST", "support_outcomes.decide", "/progression/meetings/{held_support}/outcome", SCHOOL.also("team", "chair"), {
        "kinds": "no_further_action", "minute_taker": "", "why": "It was not needed."}),
    Row("POST", "support_outcomes.look", "/progression/outcomes/{desk}/looking", SCHOOL.also("team", "chair")),
    Row("GET",  "support_outcomes.further", "/progression/meetings/{held_support}/further/triage", REVIEWING),
    Row("POST", "support_outcomes.further", "/progression/meetings/{held_support}/further/triage", REVIEWING, A_SETUP | {"step": "require"}),
    Row("GET",  "action_plans.show", "/progression/reviews/{drafted_review}/plan", OF_REVIEW),
    Row("POST", "action_plans.show", "/progression/reviews/{drafted_review}/plan", OF_REVIEW, AN_OBJECTIVE),
    Row("GET",  "action_plans.objective", "/progression/reviews/{drafted_review}/plan/objectives/{objective_of_plan}", OF_REVIEW),
    Row("POST", "action_plans.tick", "/progression/reviews/{drafted_review}/plan/objectives/{objective_of_plan}/state", OF_REVIEW, {"state": "met"}),
    Row("POST", "action_plans.move", "/progression/reviews/{drafted_review}/plan/objectives/{objective_of_plan}/date", OF_SCHOOL, NEW_DATE),
    Row("POST", "action_plans.comment", "/progression/reviews/{drafted_review}/plan/objectives/{objective_of_plan}/comments", OF_REVIEW, {"comment": "Well done."}),
    Row("GET",  "action_plans.change", "/progression/reviews/{drafted_review}/plan/objectives/{objective_of_plan}/wording", OF_REVIEW),
    Row("POST", "action_plans.change", "/progression/reviews/{drafted_review}/plan/objectives/{objective_of_plan}/wording", OF_REVIEW, AN_OBJECTIVE | {"version": "1"}),
    Row("POST", "action_plans.remove", "/progression/reviews/{drafted_review}/plan/objectives/{objective_of_plan}/removal", OF_REVIEW, {"version": "1"}),
    Row("GET",  "action_plans.agree", "/progression/reviews/{drafted_review}/plan/agreement", OF_SCHOOL),
    Row("POST", "action_plans.agree", "/progression/reviews/{drafted_review}/plan/agreement", OF_SCHOOL, {
        "review_on-day": "1", "review_on-month": "3", "review_on-year": "2027"}),
    Row("GET",  "action_plans.look", "/progression/reviews/{drafted_review}/plan/review", OF_SCHOOL),
    Row("POST", "action_plans.look", "/progression/reviews/{drafted_review}/plan/review", OF_SCHOOL),
    Row("GET",  "action_plan_links.show", "/progression/links/{review_link}/plan", EVERYBODY.also("drafts", "closed")),
    Row("POST", "action_plan_links.show", "/progression/links/{review_link}/plan", EVERYBODY.also("drafts"), AN_OBJECTIVE),
    Row("GET",  "action_plan_links.objective", "/progression/links/{review_link}/plan/objectives/{objective_of_link}", EVERYBODY.also("drafts")),
    Row("POST", "action_plan_links.tick", "/progression/links/{review_link}/plan/objectives/{objective_of_link}/state", EVERYBODY.also("drafts"), {"state": "met"}),
    Row("POST", "action_plan_links.comment", "/progression/links/{review_link}/plan/objectives/{objective_of_link}/comments", EVERYBODY.also("drafts"), {"comment": "Well done."}),
    Row("GET",  "action_plan_links.change", "/progression/links/{review_link}/plan/objectives/{objective_of_link}/wording", EVERYBODY.also("drafts")),
    Row("POST", "action_plan_links.change", "/progression/links/{review_link}/plan/objectives/{objective_of_link}/wording", EVERYBODY.also("drafts"), AN_OBJECTIVE | {"version": "1"}),
    Row("POST", "action_plan_links.remove", "/progression/links/{review_link}/plan/objectives/{objective_of_link}/removal", EVERYBODY.also("drafts"), {"version": "1"}),
    Row("GET",  "further_reviews.open_one", "/progression/reviews/{drafted_review}/further", REVIEWING),
    Row("POST", "further_reviews.open_one", "/progression/reviews/{drafted_review}/further", REVIEWING, A_REVIEW),
    Row("GET",  "further_reviews.settle", "/progression/reviews/{drafted_review}/further/not-needed", SCHOOL.also("team", "director", "chair")),
    Row("POST", "further_reviews.settle", "/progression/reviews/{drafted_review}/further/not-needed", SCHOOL.also("team", "director", "chair"), {"why": "It was met.", "version": "1"}),
    Row("GET",  "further_reviews.ask", "/progression/reviews/{review}/reports/new", SCHOOL.also("team", "director", "chair")),
    Row("POST", "further_reviews.ask", "/progression/reviews/{review}/reports/new", SCHOOL.also("team", "director", "chair"), {
        "to": "quality", "to_name": "Quinn Quality", "to_email": "quality@body.example", "reason": "All was tried.", "words": "Please look.", "step": "ask"}),
    Row("GET",  "further_reviews.show", "/progression/reports/{report}", SCHOOL.also("team", "director", "chair")),
    Row("POST", "further_reviews.judge", "/progression/reports/{report}/agreement", SCHOOL.also("team", "director", "chair")),
    Row("GET",  "further_reviews.withdraw", "/progression/reports/{report}/withdrawal", SCHOOL.also("team", "director", "chair")),
    Row("POST", "further_reviews.withdraw", "/progression/reports/{report}/withdrawal", SCHOOL.also("team", "director", "chair"), {"why": "mistake"}),
    Row("POST", "further_reviews.send", "/progression/reports/{report}/sending", SCHOOL.also("team", "director", "chair")),
    # Whoever is signed in
    Row("GET",  "footer.help_page", "/help", EVERYBODY),
    Row("GET",  "statements.contracts", "/statements/contracts", SIGNED_IN),
    Row("GET",  "home.show", "/", SIGNED_IN),
    Row("GET",  "accounts.account", "/account", SIGNED_IN),
    Row("POST", "accounts.sign_out_everywhere", "/sign-out/everywhere", SIGNED_IN),
    Row("GET",  "referrals.index", "/referrals", SIGNED_IN),
    # Complaints
    Row("GET",  "complaints.index", "/complaints", SIGNED_IN),
    Row("GET",  "complaints.new", "/complaints/new", SIGNED_IN),
    Row("POST", "complaints.new", "/complaints/new", SIGNED_IN, {"words": "It went wrong.", "about": ""}, also=("concerned",)),
    Row("GET",  "complaints.by_link", "/links/{link}/complaints", EVERYBODY.also("open")),
    Row("POST", "complaints.by_link", "/links/{link}/complaints", EVERYBODY.also("open"), {"words": "It went wrong.", "about": ""}, also=("concerned",)),
    Row("GET",  "complaints.show", "/complaints/{complaint}", being("complainant", "handler"), keeps_readings=True),
    Row("POST", "complaints.move_on", "/complaints/{complaint}/steps", being("handler"), {"step": "looked_into", "version": "2", "answer": ""}),
    Row("POST", "complaints.note", "/complaints/{complaint}/notes", being("handler"), {"words": "Rang them."}),
    Row("GET",  "complaints.disclose", "/complaints/{complaint}/disclosure", being("handler")),
    Row("POST", "complaints.disclose", "/complaints/{complaint}/disclosure", being("handler"), {
        "email": "", "name": "Pat Person", "words": "A word.", "why": "To ask.", "step": "disclose"}),
    Row("GET",  "complaints.handlers", "/complaints/{complaint}/handlers", being("handler")),
    Row("POST", "complaints.handlers", "/complaints/{complaint}/handlers", being("handler"), {"person": "{handler}", "what": "add"}),
    Row("GET",  "complaints.disclosed", "/complaints/disclosures/{disclosure}", being("named")),
    # Statements, for everybody; writing them, and the contracts
    Row("GET",  "statements.contract_by_link", "/links/{link}/contracts/{contract_of_link}", EVERYBODY.also("contracted")),
    Row("GET",  "statements.index", "/statements", EVERYBODY),
    Row("GET",  "statements.show", "/statements/service", EVERYBODY),
    Row("GET",  "statements.version", "/statements/service/{service_statement}", EVERYBODY),
    Row("GET",  "statements.edit", "/statements/service/edit", EDITOR),
    Row("POST", "statements.edit", "/statements/service/edit", EDITOR, {"words": "Other words.", "seen": "{service_statement}", "step": "publish"}),
    Row("GET",  "statements.new_contract", "/statements/contracts/new", EDITOR),
    Row("POST", "statements.new_contract", "/statements/contracts/new", EDITOR, A_CONTRACT),
    Row("GET",  "statements.contract", "/statements/contracts/{contract}", being("covered", "staff", "editor")),
    Row("GET",  "statements.change_contract", "/statements/contracts/{contract}/change", EDITOR.also("editor")),
    Row("POST", "statements.change_contract", "/statements/contracts/{contract}/change", EDITOR.also("editor"), A_CONTRACT | {"version": "1"}),
    Row("GET",  "statements.acknowledgement", "/statements/contracts/{contract}/acknowledgement", EDITOR.also("editor")),
    Row("POST", "statements.acknowledgement", "/statements/contracts/{contract}/acknowledgement", EDITOR.also("editor"), {
        "who": "Dana Director", "on-day": "20", "on-month": "11", "on-year": "2026", "ethics": "{ethics_statement}", "version": "1"}),
    Row("GET",  "statements.name_case", "/statements/contracts/{contract}/cases", EDITOR.also("editor")),
    Row("POST", "statements.name_case", "/statements/contracts/{contract}/cases", EDITOR.also("editor"), {"reference": "{unreleased}"}),
    Row("POST", "statements.end_contract", "/statements/contracts/{contract}/end", EDITOR.also("editor")),
    # The governance lead's
    Row("GET",  "audit.index", "/audit", GOVERNANCE, queries=(
        "reference={each referral}", "person=a", "action=referral.assigned", "since=2026-11-01&until=2026-11-30"), keeps_readings=True),
    Row("GET",  "audit.export", "/audit/export", GOVERNANCE, queries=("reference={each referral}",), keeps_readings=True),
    Row("POST", "audit.verification", "/audit/verification", GOVERNANCE),
    # A counsellor's own work
    Row("GET",  "work.show", "/account/work", COUNSELLOR),
    Row("GET",  "work.places", "/account/work/places", COUNSELLOR),
    Row("POST", "work.places", "/account/work/places", COUNSELLOR, {"places": "{venue}"}),
    Row("GET",  "work.absences", "/account/work/absences", COUNSELLOR),
    Row("POST", "work.absences", "/account/work/absences", COUNSELLOR, {
        "first_day-day": "1", "first_day-month": "2", "first_day-year": "2028",
        "last_day-day": "3", "last_day-month": "2", "last_day-year": "2028"}),
    Row("POST", "work.end_absence", "/account/work/absences/{absence}/end", COUNSELLOR),
    Row("GET",  "work.conflicts", "/account/work/conflicts", COUNSELLOR),
    Row("POST", "work.conflicts", "/account/work/conflicts", COUNSELLOR, {"about": "trainee", "trainee_email": "a.friend@signpost.example", "employer": ""}),
    Row("POST", "work.end_conflict", "/account/work/conflicts/{conflict}/end", COUNSELLOR),
    # Making a referral
    Row("GET",  "referrals.new", "/referrals/new", REFERRER),
    Row("POST", "referrals.new", "/referrals/new", REFERRER, FILLED_IN),
    Row("POST", "referrals.save_draft", "/referrals/new/draft", REFERRER, FILLED_IN),
    Row("POST", "referrals.discard_draft", "/referrals/new/discard", REFERRER),
    Row("GET",  "referrals.check", "/referrals/new/check", REFERRER),
    Row("POST", "referrals.check", "/referrals/new/check", REFERRER, {"reference": "{draft}", "seen": "{draft_digest}"}),
    # One referral
    Row("GET",  "referrals.show", "/referrals/{referral}", ANYTHING),
    Row("GET",  "referrals.sent", "/referrals/{referral}/sent", being("referrer")),
    Row("GET",  "referrals.concerns", "/referrals/{referral}/concerns", being("referrer"), queries=("school={school}",)),
    Row("POST", "referrals.concerns", "/referrals/{referral}/concerns", being("referrer"), {"school": "{school}"}),
    Row("GET",  "referrals.withdrawal", "/referrals/{referral}/withdrawal", being("referrer")),
    Row("POST", "referrals.withdrawal", "/referrals/{referral}/withdrawal", being("referrer")),
    Row("POST", "referrals.acceptance", "/referrals/{referral}/acceptance", being("trainee")),
    Row("GET",  "referrals.refusal", "/referrals/{referral}/refusal", being("trainee")),
    Row("POST", "referrals.refusal", "/referrals/{referral}/refusal", being("trainee")),
    Row("GET",  "referrals.release", "/referrals/{referral}/release", being("head")),
    Row("POST", "referrals.release", "/referrals/{referral}/release", being("head"), {"choice": "words", "words": "Thank you.", "step": "send"}),
    # The end of a case
    Row("GET",  "completion.telling", "/referrals/{referral}/telling", being("trainee")),
    Row("POST", "completion.telling", "/referrals/{referral}/telling", being("trainee"), {"parties": "referrer"}),
    Row("GET",  "completion.stopping", "/referrals/{referral}/stopping", being("trainee")),
    Row("POST", "completion.stopping", "/referrals/{referral}/stopping", being("trainee")),
    Row("GET",  "completion.agreed_sessions", "/referrals/{referral}/agreed-sessions", COUNSELLOR.also("counsellor", "covering")),
    Row("POST", "completion.agreed_sessions", "/referrals/{referral}/agreed-sessions", COUNSELLOR.also("counsellor", "covering"), {
        "number": "4", "discussed_on-day": "23", "discussed_on-month": "11", "discussed_on-year": "2026", "version": "{version}"}),
    Row("GET",  "completion.telling_for_trainee", "/referrals/{referral}/telling-for-trainee", COUNSELLOR.also("counsellor", "covering")),
    Row("POST", "completion.telling_for_trainee", "/referrals/{referral}/telling-for-trainee", COUNSELLOR.also("counsellor", "covering"), {
        "parties": "referrer", "agreed_on-day": "23", "agreed_on-month": "11", "agreed_on-year": "2026", "agreed_how": "by_email"}),
    Row("GET",  "completion.end_notice", "/referrals/{referral}/end-notice", holding("counsellor", "senior_adviser").also("counsellor", "covering", "adviser")),
    Row("POST", "completion.end_notice", "/referrals/{referral}/end-notice", holding("counsellor", "senior_adviser").also("counsellor", "covering", "adviser"), {
        "reason": "", "version": "{version}"}),
    # The adviser's
    Row("GET",  "inbox.show", "/referrals/inbox", ADVISER, queries=(
        "open={each referral}", "view=all", "view=closed", "q={each referral}", "view=all&after={each referral}",
        "view=all&before={each referral}", "counsellor={each referral}", "sort=name")),
    Row("GET",  "inbox.assignment", "/referrals/{referral}/assignment", ADVISER.also("adviser"), queries=("counsellor={counsellor}",)),
    Row("POST", "inbox.assignment", "/referrals/{referral}/assignment", ADVISER.also("adviser"), {"counsellor": "{counsellor}", "reason": "They asked.", "version": "{version}"}),
    Row("POST", "inbox.undoing", "/referrals/events/{event}/undoing", ADVISER.also("doer")),
    Row("GET",  "inbox.closure", "/referrals/{referral}/closure", ADVISER.also("adviser")),
    Row("POST", "inbox.closure", "/referrals/{referral}/closure", ADVISER.also("adviser"), {"ending": "unable_to_contact", "version": "{version}"}),
    Row("GET",  "inbox.address", "/referrals/{referral}/address", ADVISER.also("adviser")),
    Row("POST", "inbox.address", "/referrals/{referral}/address", ADVISER.also("adviser"), {"email": "right.now@signpost.example", "version": "{version}"}),
    Row("POST", "inbox.link", "/referrals/{referral}/link", ADVISER.also("adviser")),
    Row("GET",  "inbox.assign_many", "/referrals/inbox/assignment", ADVISER, queries=("id={each referral}&counsellor={counsellor}&reason=Why",)),
    Row("POST", "inbox.assign_many", "/referrals/inbox/assignment", ADVISER, {"id": "{unreleased}", "version-{unreleased}": "1", "counsellor": "{counsellor}", "reason": "Why."}),
    Row("GET",  "inbox.close_many", "/referrals/inbox/closure", ADVISER, queries=("id={each referral}&ending=unable_to_contact",)),
    Row("POST", "inbox.close_many", "/referrals/inbox/closure", ADVISER, {"id": "{unreleased}", "version-{unreleased}": "1", "ending": "unable_to_contact"}),
    Row("GET",  "inbox.views", "/referrals/inbox/views", ADVISER, queries=("address=/referrals/inbox?view=all",)),
    Row("POST", "inbox.views", "/referrals/inbox/views", ADVISER, {"name": "Mine", "address": "/referrals/inbox?view=all"}),
    Row("POST", "inbox.delete_view", "/referrals/inbox/views/{view}/deletion", ADVISER.also("owner")),
    # The Training Support Group's
    Row("GET",  "referrals.released", "/referrals/released", holding("tsg")),
    # Messages
    Row("GET",  "notices.index", "/notices", holding("senior_adviser", "counsellor", "head_of_school", "administrator"),
        queries=("show=failed", "show=waiting", "before={each notice}")),
    Row("POST", "notices.send_again", "/notices/{notice}/copies", holding("senior_adviser", "counsellor", "head_of_school").also("reader")),
    # Choosing a password
    Row("GET",  "passwords.ask", "/sign-in/help", EVERYBODY),
    Row("POST", "passwords.ask", "/sign-in/help", EVERYBODY, {"email": "{mentor_address}"}),
    Row("GET",  "passwords.asked", "/sign-in/help/sent", EVERYBODY),
    Row("GET",  "passwords.choose", "/sign-in/password/{password_link}", EVERYBODY),
    Row("POST", "passwords.choose", "/sign-in/password/{password_link}", EVERYBODY, {"new_password": "five very plain words"}),
    Row("GET",  "passwords.chosen", "/sign-in/password-chosen", EVERYBODY),
    Row("GET",  "passwords.change", "/account/password", SIGNED_IN),
    Row("POST", "passwords.change", "/account/password", SIGNED_IN, {"old_password": "three plain words", "new_password": "five very plain words"}),
    # Meetings
    Row("GET",  "meetings.index", "/meetings", SIGNED_IN, queries=("week=2026-11-23",)),
    Row("GET",  "meetings.day_sheet", "/meetings/day", SIGNED_IN, queries=("on=2026-11-25",)),
    Row("POST", "meetings.make_feed", "/meetings/feed", SIGNED_IN),
    Row("POST", "meetings.withdraw_feed", "/meetings/feed/withdrawal", SIGNED_IN),
    Row("GET",  "meetings.show", "/meetings/{meeting}", being("trainee", "staff", "organiser", "attendee")),
    Row("GET",  "meetings.times", "/referrals/{referral}/times", being("trainee", "counsellor")),
    Row("POST", "meetings.times", "/referrals/{referral}/times", being("trainee", "counsellor"), {"time": "{free_time}", "reason": ""}, also=("place",)),
    Row("GET",  "meetings.arranged", "/referrals/{referral}/arranged", COUNSELLOR.also("counsellor")),
    Row("POST", "meetings.arranged", "/referrals/{referral}/arranged", COUNSELLOR.also("counsellor"), {
        "day-day": "7", "day-month": "12", "day-year": "2026", "begins": "10:00", "minutes": "60", "mode": "face_to_face",
        "venue": "{mill}", "outside_reason": ""}),
    Row("GET",  "meetings.confirmation", "/meetings/{meeting}/confirmation", being("trainee", "staff", "chooser")),
    Row("POST", "meetings.confirmation", "/meetings/{meeting}/confirmation", being("trainee", "staff", "chooser")),
    Row("GET",  "meetings.move", "/meetings/{meeting}/time", being("trainee", "staff", "chooser")),
    Row("POST", "meetings.move", "/meetings/{meeting}/time", being("trainee", "staff", "chooser"), {"time": "{free_time}", "reason": "Exams."}, also=("place",)),
    Row("GET",  "meetings.cancel", "/meetings/{meeting}/cancellation", being("trainee", "staff", "chooser", "group organiser")),
    Row("POST", "meetings.cancel", "/meetings/{meeting}/cancellation", being("trainee", "staff", "chooser", "group organiser"), {"reason": "Exams."}),
    Row("GET",  "meetings.reschedule", "/meetings/{meeting}/new-time", being("group organiser")),
    Row("POST", "meetings.reschedule", "/meetings/{meeting}/new-time", being("group organiser"), {
        "day-day": "8", "day-month": "12", "day-year": "2026", "begins": "10:00", "minutes": "60", "reason": ""}),
    Row("POST", "meetings.remove", "/meetings/{meeting}/attendees/{attendee}/removal", being("organiser")),
    Row("POST", "meetings.attendance", "/meetings/{meeting}/attendance", being("organiser", "staff"), {"attendance": "agreed"}),
    Row("POST", "meetings.paste_link", "/meetings/{meeting}/join-link", being("organiser"), {"join_link": "https://teams.microsoft.com/meet/1234567890?p=abcdef"}),
    Row("POST", "meetings.retry_link", "/meetings/{meeting}/join-link/retry", being("organiser")),
    Row("GET",  "meetings.my_hours", "/meetings/hours", COUNSELLOR),
    Row("GET",  "meetings.my_reach", "/meetings/hours/reach", COUNSELLOR),
    Row("POST", "meetings.my_reach", "/meetings/hours/reach", COUNSELLOR, {"notice_hours": "48", "ahead_weeks": "4", "version": "1"}),
    Row("GET",  "meetings.new_hours", "/meetings/hours/new", COUNSELLOR),
    Row("POST", "meetings.new_hours", "/meetings/hours/new", COUNSELLOR, {
        "when": "weekly", "weekday": "4", "day-day": "", "day-month": "", "day-year": "", "begins": "09:00", "ends": "12:00",
        "minutes": "60", "gap_minutes": "0", "mode": "telephone", "venue": ""}),
    Row("POST", "meetings.delete_hours", "/meetings/hours/{hours}/deletion", COUNSELLOR.also("owner")),
    # Documents
    Row("GET",  "files.add", "/referrals/{referral}/documents/new", being("trainee", "counsellor", "covering")),
    Row("POST", "files.add", "/referrals/{referral}/documents/new", being("trainee", "counsellor", "covering"), {"kind": "cv", "reference": "bcdf2346", "file": A_DOCUMENT}, also=("shared",)),
    Row("GET",  "files.download", "/documents/{file}", being("team", "reader", "trainee"), keeps_readings=True),
    Row("POST", "files.remove", "/documents/{file}/removal", being("team", "uploader")),
    # Tasks
    Row("GET",  "plans.index", "/plans", SIGNED_IN),
    Row("GET",  "plans.of_case", "/referrals/{case}/tasks", being("trainee", *READS_RECORD), keeps_readings=True),
    Row("GET",  "plans.show", "/tasks/{task}", being("owner", "reader"), keeps_readings=True),
    Row("POST", "plans.tick", "/tasks/{task}/state", being("owner"), {"state": "partly"}),
    Row("POST", "plans.move", "/tasks/{task}/date", being("owner"), NEW_DATE),
    Row("POST", "plans.comment", "/tasks/{task}/comments", being("owner", "reader"), {"comment": "Well on the way."}),
    # Feedback
    Row("GET",  "feedback.index", "/feedback", holding("senior_adviser", "rtt_team")),
    Row("GET",  "feedback.answer", "/feedback/{ask}", being("asked")),
    Row("POST", "feedback.answer", "/feedback/{ask}", being("asked"), FURTHER_ON),
    Row("GET",  "feedback.of_case", "/referrals/{case}/feedback", being(*READS_RECORD), keeps_readings=True),
    # Careers sessions
    Row("GET",  "careers.index", "/careers-sessions", SIGNED_IN),
    Row("POST", "careers.begin", "/careers-sessions/meetings/{meeting}", being("staff", "covering")),
    Row("GET",  "careers.show", "/careers-sessions/{session}", being("writer", "reader"), keeps_readings=True),
    *(Row("POST", "careers.write_passage", f"/careers-sessions/{{session}}/texts/{passage}", being("writer"), {"words": "New words.", "version": "1"})
      for passage in ("purpose", "notes", "statement", "summary", "observations")),
    Row("POST", "careers.length", "/careers-sessions/{session}/length", being("writer"), {"minutes": "50"}),
    Row("POST", "careers.explanation", "/careers-sessions/{session}/explanation", being("writer")),
    Row("POST", "careers.stages", "/careers-sessions/{session}/stages", being("writer"), {"stages": "self_assessment", "main": "self_assessment"}),
    Row("POST", "careers.raise_issue", "/careers-sessions/{session}/issues", being("writer"), {"words": "Moving house."}),
    Row("POST", "careers.reword_issue", "/careers-sessions/{session}/issues/{issue}/words", being("writer"), {"words": "Moving.", "version": "1"}),
    Row("POST", "careers.turn_issue", "/careers-sessions/{session}/issues/{issue}/focus", being("writer"), {"why": "It presses more."}),
    Row("POST", "careers.turn_issue", "/careers-sessions/{session}/issues/{issue}/park", being("writer"), {
        "return_on-day": "1", "return_on-month": "3", "return_on-year": "2027"}),
    Row("POST", "careers.turn_issue", "/careers-sessions/{session}/issues/{issue}/settle", being("writer")),
    Row("POST", "careers.turn_issue", "/careers-sessions/{session}/issues/{issue}/again", being("writer")),
    Row("POST", "careers.add_option", "/careers-sessions/{session}/options", being("writer"), {"words": "A year out."}),
    Row("POST", "careers.order_options", "/careers-sessions/{session}/options/order", being("writer"), {"option": "{second_option}"}),
    Row("POST", "careers.weigh_option", "/careers-sessions/{session}/options/{option}", being("writer"), {
        "words": "A year out.", "pros": "Rest.", "cons": "Money.", "version": "2"}),
    Row("POST", "careers.remove_option", "/careers-sessions/{session}/options/{option}/removal", being("writer")),
    Row("POST", "careers.add_task", "/careers-sessions/{session}/tasks", being("writer"), {
        "task": "Ring the dean.", "due-day": "1", "due-month": "3", "due-year": "2027"}),
    Row("POST", "careers.remove_task", "/careers-sessions/{session}/tasks/{task_in_session}/removal", being("writer")),
    Row("GET",  "careers.finish", "/careers-sessions/{session}/finish", being("writer"), keeps_readings=True),
    Row("POST", "careers.finish", "/careers-sessions/{session}/finish", being("writer")),
    Row("GET",  "careers.summary", "/careers-sessions/{session}/summary", being("trainee")),
    Row("GET",  "careers.summary_on_paper", "/careers-sessions/{session}/summary/pdf",
        being("trainee", "hands over"), keeps_readings=True),
    # The record of a case
    Row("GET",  "careers.record", "/careers-sessions/cases/{case}", being(*READS_RECORD), keeps_readings=True),
    Row("GET",  "careers.read_discussion", "/careers-sessions/cases/{discussion}/form", being("reader"), keeps_readings=True),
    Row("GET",  "careers.discussion", "/careers-sessions/cases/{referral}/discussion", being("trainee")),
    Row("POST", "careers.discussion", "/careers-sessions/cases/{referral}/discussion", being("trainee"), DISCUSSION),
    Row("GET",  "careers.readers", "/careers-sessions/cases/{referral}/readers", being("trainee")),
    Row("GET",  "careers.access", "/careers-sessions/cases/{referral}/access", being("adviser")),
    Row("POST", "careers.access", "/careers-sessions/cases/{referral}/access", being("adviser"), {"reason": "A complaint."}),
    Row("GET",  "careers.cover", "/careers-sessions/cases/{referral}/cover", being("adviser", "counsellor"), names="counsellor"),
    Row("POST", "careers.cover", "/careers-sessions/cases/{referral}/cover", being("adviser", "counsellor"), {
        "colleague": "{counsellor}", "until-day": "1", "until-month": "12", "until-year": "2026", "reason": "Leave."}, names="counsellor"),
    Row("POST", "careers.end_access", "/careers-sessions/cases/{mid_life}/accesses/{access}/end", being("concerned")),
    # Reports: what is published, for the team and those to whom the rules give aggregates
    Row("GET",  "reports.index", "/reports", REPORTS),
    Row("GET",  "reports.show", "/reports/referrals-by-school", REPORTS, queries=("from=2026-04-01&to=2026-07-01", "school={school}")),
    Row("GET",  "reports.show", "/reports/referrals-by-employer", REPORTS),
    Row("GET",  "reports.export", "/reports/referrals-by-school/csv", REPORTS, queries=("from=2026-04-01&to=2026-07-01",)),
    Row("GET",  "reports.export", "/reports/referrals-by-employer/csv", REPORTS),
    # Consents, questions to the employer, breaches and emergencies
    Row("GET",  "confidentiality.sheet", "/guidance-for-staff/regulatory-framework", holding("counsellor", "senior_adviser")),
    Row("GET",  "confidentiality.sheet", "/guidance-for-staff/difficult-behaviour", holding("counsellor", "senior_adviser")),
    Row("GET",  "confidentiality.my_consents", "/consents", SIGNED_IN),
    Row("GET",  "confidentiality.propose", "/consents/cases/{case}/new", being(*READS_RECORD)),
    Row("POST", "confidentiality.propose", "/consents/cases/{case}/new", being(*READS_RECORD), A_CONSENT),
    Row("GET",  "confidentiality.consent", "/consents/{consent}", being("holder", "trainee")),
    Row("POST", "confidentiality.send_consent", "/consents/{consent}/sending", being("holder")),
    Row("POST", "confidentiality.sign", "/consents/{consent}/signature", being("trainee"), SIGNATURE),
    Row("POST", "confidentiality.refuse", "/consents/{consent}/refusal", being("trainee")),
    Row("POST", "confidentiality.withdraw", "/consents/{consent}/withdrawal", being("trainee")),
    Row("GET",  "confidentiality.of_trainee", "/referrals/{referral}/disclosures", being("trainee")),
    Row("GET",  "confidentiality.ask", "/information-requests/cases/{referral}/new", being("adviser", "counsellor", "covering"), names="referrer"),
    Row("POST", "confidentiality.ask", "/information-requests/cases/{referral}/new", being("adviser", "counsellor", "covering"), {
        "lead": "{career_lead}", "question": "Which rotations are there?"}, names="referrer"),
    Row("GET",  "confidentiality.question", "/information-requests/{question}", being("holder", "asker", "asked")),
    Row("POST", "confidentiality.question", "/information-requests/{question}", being("holder", "asker", "asked"), {
        "answer": "There are three.", "version": "1"}),
    Row("GET",  "confidentiality.decide", "/breaches/cases/{case}/new", being(*READS_RECORD)),
    Row("POST", "confidentiality.decide", "/breaches/cases/{case}/new", being(*READS_RECORD), GROUND | {"reason": "They are tired."}),
    Row("GET",  "confidentiality.breach", "/breaches/{breach}", being("holder"), keeps_readings=True),
    Row("POST", "confidentiality.tell", "/breaches/{breach}/telling", being("holder"), {"how": "telephone", "words": "I rang."}),
    Row("POST", "confidentiality.contact", "/breaches/{breach}/contact", being("holder"), {"head": "{head}", "concern": "Only this.", "step": "send"}),
    Row("POST", "confidentiality.end_breach", "/breaches/{breach}/closing", being("holder")),
    Row("POST", "confidentiality.end_breach", "/breaches/{breach}/calling_off", being("holder")),
    Row("GET",  "confidentiality.concern", "/breaches/{breach}/concern", being("head"), keeps_readings=True),
    Row("GET",  "confidentiality.record_emergency", "/emergencies/cases/{case}/new", being(*READS_RECORD)),
    Row("POST", "confidentiality.record_emergency", "/emergencies/cases/{case}/new", being(*READS_RECORD), AN_EMERGENCY),
    Row("GET",  "confidentiality.emergency", "/emergencies/{emergency}", being("holder", "second"), keeps_readings=True),
    Row("POST", "confidentiality.judge", "/emergencies/{emergency}/judgement", being("holder", "second"), {"verdict": "confirmed", "words": ""}),
    Row("POST", "confidentiality.tell_of_emergency", "/emergencies/{emergency}/telling", being("holder", "second"), {"how": "telephone"}),
    Row("POST", "confidentiality.put_off", "/emergencies/{emergency}/wait", being("holder", "second"), {
        "look_again_on-day": "1", "look_again_on-month": "12", "look_again_on-year": "2026"}),
    # Finding a time with a group
    Row("GET",  "polls.index", "/polls", SIGNED_IN),
    Row("GET",  "polls.new", "/polls/new", holding("progression", "meeting_chair"), names="meeting_chair"),
    Row("POST", "polls.new", "/polls/new", holding("progression", "meeting_chair"), {
        "title": "A support meeting", "required": "Pat Person, pat.person@signpost.example", "optional": "", "minutes": "60",
        "times": "2026-12-14T11:00+00:00", "reply_by-day": "1", "reply_by-month": "12", "reply_by-year": "2026"}, also=("shows_others", "chair"), names="meeting_chair"),
    Row("GET",  "polls.show", "/polls/{poll}", being("organiser", "asked")),
    Row("POST", "polls.answer", "/polls/{poll}/answer", being("organiser", "asked"), {"can_do": "Any Friday."}),
    Row("POST", "polls.fix", "/polls/{poll}/times/{poll_time}/fixing", being("organiser"), {"version": "{poll_version}"}),
    Row("POST", "polls.call_off", "/polls/{poll}/calling-off", being("organiser"), {"version": "{poll_version}"}),
    # What is held about somebody
    Row("GET",  "subject_access.index", "/subject-access", GOVERNANCE),
    Row("POST", "subject_access.index", "/subject-access", GOVERNANCE, {
        "name": "Sam Sample", "email": "sam.sample@signpost.example", "reference": "R-1",
        "asked_on-day": "1", "asked_on-month": "11", "asked_on-year": "2026"}),
    Row("GET",  "subject_access.show", "/subject-access/{subject_access}", GOVERNANCE.also("reviewer")),
    Row("GET",  "subject_access.review", "/subject-access/{subject_access}/review", GOVERNANCE.also("reviewing"), keeps_readings=True),
    Row("POST", "subject_access.review", "/subject-access/{subject_access}/review", GOVERNANCE.also("reviewing")),
    Row("GET",  "subject_access.item", "/subject-access/{subject_access}/items/{subject_item}", GOVERNANCE.also("reviewing"), keeps_readings=True),
    Row("POST", "subject_access.item", "/subject-access/{subject_access}/items/{subject_item}", GOVERNANCE.also("reviewing"), {"field": "", "words": "", "why": "About somebody else.", "version": "1"}),
    Row("POST", "subject_access.give_back", "/subject-access/{subject_access}/items/{withheld_item}/return", GOVERNANCE.also("reviewing")),
    Row("POST", "subject_access.close", "/subject-access/{subject_access}/closing", GOVERNANCE.also("reviewer")),
    Row("GET",  "retention.index", "/retention", KEEPER, queries=("on=2999-01-01",)),
    Row("GET",  "retention.change_schedule", "/retention/schedule", GOVERNANCE),
    Row("POST", "retention.change_schedule", "/retention/schedule", GOVERNANCE, {**{kind.key: "120" for kind in KINDS}, "version": "1"}),
    Row("GET",  "retention.hold", "/retention/holds", KEEPER),
    Row("POST", "retention.hold", "/retention/holds", KEEPER, {"reference": "{somebody}", "reason": "A court asked for it."}),
    Row("POST", "retention.lift", "/retention/holds/{hold}/lifting", KEEPER.also("keeper")),
    Row("GET",  "retention.certificate", "/retention/certificates/{certificate}", KEEPER.also("keeper")),
    Row("GET",  "subject_access.mine", "/subject-access/mine/{subject_link}", EVERYBODY.also("open")),
    Row("POST", "subject_access.mine", "/subject-access/mine/{subject_link}", EVERYBODY.also("open")),
    # The administrator's: accounts
    Row("GET",  "people.index", "/people", ADMINISTRATOR, queries=("q=a", "q={each referral}")),
    Row("GET",  "people.new", "/people/new", ADMINISTRATOR),
    Row("POST", "people.new", "/people/new", ADMINISTRATOR, A_PERSON | A_ROLE),
    Row("GET",  "people.show", "/people/{account}", ADMINISTERS),
    Row("GET",  "people.details", "/people/{account}/details", ADMINISTERS),
    Row("POST", "people.details", "/people/{account}/details", ADMINISTERS, A_PERSON | {"version": "{version}"}),
    Row("GET",  "people.give_role", "/people/{account}/roles", ADMINISTERS),
    Row("POST", "people.give_role", "/people/{account}/roles", ADMINISTERS, A_ROLE | {"version": "{version}"}),
    Row("POST", "people.take_role", "/people/{somebody}/roles/{role_held}/end", ADMINISTERS, {"version": "{version}"}),
    Row("POST", "people.disable", "/people/{account}/closing", ADMINISTERS, {"version": "{version}"}),
    Row("POST", "people.enable", "/people/{account}/opening", ADMINISTERS, {"version": "{version}"}),
    Row("POST", "people.end_sessions", "/people/{account}/sessions/end", ADMINISTERS),
    Row("POST", "people.invite_again", "/people/{account}/invitation", ADMINISTERS),
    Row("GET",  "people.roles_asked", "/people/roles-asked", ADMINISTRATOR),
    Row("POST", "people.decide", "/people/roles-asked/{role_asked}/decision", ADMINISTERS, {"given": "yes"}),
    # The administrator's: places and settings
    Row("GET",  "organisation.index", "/organisation", ADMINISTRATOR),
    Row("GET",  "organisation.new", "/organisation/schools/new", ADMINISTRATOR),
    Row("POST", "organisation.new", "/organisation/schools/new", ADMINISTRATOR, {"name": "Radiography"}),
    Row("GET",  "organisation.new", "/organisation/employers/new", ADMINISTRATOR),
    Row("POST", "organisation.new", "/organisation/employers/new", ADMINISTRATOR, {"name": "Another Trust", "contact_name": "", "contact_email": ""}),
    Row("GET",  "organisation.edit", "/organisation/schools/{school_page}", ADMINISTERS),
    Row("POST", "organisation.edit", "/organisation/schools/{school_page}", ADMINISTERS, {"name": "Renamed", "version": "{version}"}),
    Row("GET",  "organisation.edit", "/organisation/employers/{employer_page}", ADMINISTERS),
    Row("POST", "organisation.edit", "/organisation/employers/{employer_page}", ADMINISTERS, {"name": "Renamed", "contact_name": "", "contact_email": "", "version": "{version}"}),
    Row("GET",  "organisation.edit", "/organisation/venues/{venue_page}", ADMINISTERS),
    Row("POST", "organisation.edit", "/organisation/venues/{venue_page}", ADMINISTERS, {"name": "Renamed", "rooms": "2", "version": "{version}"}),
    Row("POST", "organisation.delete", "/organisation/schools/{school_page}/deletion", ADMINISTERS),
    Row("POST", "organisation.delete", "/organisation/venues/{venue_page}/deletion", ADMINISTERS),
    Row("POST", "organisation.merge", "/organisation/employers/{employer_page}/merger", ADMINISTERS, {"into": "{other_employer}"}),
    Row("GET",  "organisation.change_settings", "/organisation/settings", ADMINISTRATOR),
    Row("POST", "organisation.change_settings", "/organisation/settings", ADMINISTRATOR, SETTINGS),
]
# fmt: on

# Files anybody may have, and what only a demonstration has.
NOT_WALKED = ("static", "demo.sign_in_as")
