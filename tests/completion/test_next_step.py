"""What comes next, for each party, at each step of a case: the whole table."""

import pytest

from models import Status
from signpost.completion import next_step
from signpost.completion.next_step import Case

SESSIONS_COMPLETE = {"held": 2, "is_complete": True}
TABLE = [
    (
        Case(Status.SUBMITTED),
        "Say whether you would like the support. A counsellor is being chosen for you meanwhile.",
        "The senior careers adviser chooses a counsellor.",
        "Assign a counsellor.",
    ),
    (
        Case(Status.SUBMITTED, has_accepted=True),
        "You need do nothing now. You are told as soon as a counsellor is chosen for you.",
        "The senior careers adviser chooses a counsellor.",
        "Assign a counsellor.",
    ),
    (
        Case(Status.ASSIGNED, "Chris"),
        "Choose a time for your first meeting, or agree one with Chris.",
        "The trainee books the first meeting. You can book it when they ask you to.",
        "The trainee books the first meeting with the counsellor.",
    ),
    (
        Case(Status.FIRST_MEETING_BOOKED, "Chris", meeting_ahead="Monday 1 March 2027, 1pm"),
        "Your meeting is booked for Monday 1 March 2027, 1pm. You can move or cancel it until it begins.",
        "Meet the trainee, then say whether the session was held.",
        "The trainee and the counsellor meet.",
    ),
    (
        Case(Status.FIRST_MEETING_BOOKED, "Chris", has_meeting_to_note=True),
        "You need do nothing now. Chris notes the meeting that is over.",
        "Say whether the meeting that is over was held.",
        "The trainee and the counsellor meet.",
    ),
    (
        Case(Status.IN_PROGRESS, "Chris", held=1),
        "Choose a time for your next session, or agree one with Chris.",
        "The trainee books the next session. You can book it when they ask you to.",
        "The trainee and the counsellor meet.",
    ),
    (
        Case(Status.SESSIONS_COMPLETE, "Chris", **SESSIONS_COMPLETE, may_announce=True),
        "Your agreed sessions are complete. Please let those who should know hear of it from you.",
        "Tell the employer that the sessions have ended, which closes the case. The trainee has told nobody yet.",
        "Tell the employer that the sessions have ended, which closes the case. The trainee has told nobody yet.",
    ),
    (
        Case(Status.SESSIONS_COMPLETE, "Chris", **SESSIONS_COMPLETE, may_announce=True, may_tell_for_trainee=True),
        "Your agreed sessions are complete. Please let those who should know hear of it from you.",
        (
            "Tell the employer that the sessions have ended, which closes the case. The trainee was reminded twice: "
            "you may tell others for them, once they agree."
        ),
        (
            "Tell the employer that the sessions have ended, which closes the case. The trainee was reminded twice: the "
            "counsellor may tell others for them, once they agree."
        ),
    ),
    (
        Case(Status.SESSIONS_COMPLETE, "Chris", **SESSIONS_COMPLETE, may_announce=True, has_told=True),
        "You need do nothing more.",
        "Tell the employer that the sessions have ended, which closes the case.",
        "Tell the employer that the sessions have ended, which closes the case.",
    ),
    (
        Case(Status.CLOSED, "Chris", **SESSIONS_COMPLETE),
        "Your agreed sessions are complete. Please let those who should know hear of it from you.",
        "The trainee has told nobody yet.",
        "The trainee has told nobody yet.",
    ),
    (
        Case(Status.CLOSED, "Chris", **SESSIONS_COMPLETE, has_told=True),
        "You need do nothing more.",
        "Nothing more happens here.",
        "Nothing more happens here.",
    ),
    (
        Case(Status.CLOSED, "Chris", held=1, may_announce=True),
        "Nothing more happens here. You can ask the careers team for support at any time.",
        "Tell the employer that the sessions have ended.",
        "Tell the employer that the sessions have ended.",
    ),
    (
        Case(Status.CLOSED),
        "Nothing more happens here. You can ask the careers team for support at any time.",
        "Nothing more happens here.",
        "Nothing more happens here.",
    ),
]


@pytest.mark.parametrize(("case", "trainee", "counsellor", "adviser"), TABLE)
def test_each_party_reads_what_comes_next(case: Case, trainee: str, counsellor: str, adviser: str) -> None:
    assert next_step.for_trainee(case) == trainee
    assert next_step.for_counsellor(case) == counsellor
    assert next_step.for_adviser(case) == adviser


def test_every_status_stands_in_the_table() -> None:
    assert {case.status for case, *_ in TABLE} == set(Status)


def test_progress_is_said_in_sessions_held() -> None:
    """A12."""
    assert Case(Status.IN_PROGRESS, held=1, agreed=3).progress == "1 of 3 sessions held"


def test_no_word_blames_the_trainee() -> None:
    said = " ".join(word for _, *words in TABLE for word in words).lower()

    assert not [bad for bad in ("fail", "no-show", "problem", "missed", "refus") if bad in said]
