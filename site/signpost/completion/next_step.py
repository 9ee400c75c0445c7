"""What comes next in a case, in words for each party. Pure."""

from dataclasses import dataclass

from models import Status


@dataclass(frozen=True)
class Case:
    """How a case stands: what is known of it when its next step is said.

    `is_being_chosen`: the trainee is not told now who supports them. `meeting_ahead`: when they meet next, or nothing.
    """

    status: Status
    counsellor: str = ""
    held: int = 0
    agreed: int = 2
    is_being_chosen: bool = False
    has_accepted: bool = False
    meeting_ahead: str = ""
    has_meeting_to_note: bool = False
    is_complete: bool = False
    has_told: bool = False
    may_tell_for_trainee: bool = False
    may_announce: bool = False

    @property
    def progress(self) -> str:
        """1 of 2 sessions held: only those that were held count (A12)."""
        return f"{self.held} of {self.agreed} sessions held"


def for_trainee(case: Case) -> str:
    if case.is_complete:
        if case.has_told:
            return "You need do nothing more."
        return "Your agreed sessions are complete. Please let those who should know hear of it from you."
    if case.status == Status.CLOSED:
        return "Nothing more happens here. You can ask the careers team for support at any time."
    if case.status == Status.SUBMITTED or case.is_being_chosen:
        if case.has_accepted:
            return "You need do nothing now. You are told as soon as a counsellor is chosen for you."
        return "Say whether you would like the support. A counsellor is being chosen for you meanwhile."
    if case.has_meeting_to_note:
        return f"You need do nothing now. {case.counsellor} notes the meeting that is over."
    if case.meeting_ahead:
        return f"Your meeting is booked for {case.meeting_ahead}. You can move or cancel it until it begins."
    which = "next session" if case.held else "first meeting"
    return f"Choose a time for your {which}, or agree one with {case.counsellor}."


def for_counsellor(case: Case) -> str:
    if case.is_complete or case.status == Status.CLOSED:
        return _at_the_end(case, "you")
    if case.status == Status.SUBMITTED:
        return "The senior careers adviser chooses a counsellor."
    if case.has_meeting_to_note:
        return "Say whether the meeting that is over was held."
    if case.meeting_ahead:
        return "Meet the trainee, then say whether the session was held."
    which = "next session" if case.held else "first meeting"
    return f"The trainee books the {which}. You can book it when they ask you to."


def for_adviser(case: Case) -> str:
    """How it stands, and nothing of the meetings."""
    if case.is_complete or case.status == Status.CLOSED:
        return _at_the_end(case, "the counsellor")
    match case.status:
        case Status.SUBMITTED:
            return "Assign a counsellor."
        case Status.ASSIGNED:
            return "The trainee books the first meeting with the counsellor."
    return "The trainee and the counsellor meet."


def _at_the_end(case: Case, counsellor: str) -> str:
    said = []
    if case.may_announce:
        closes = "" if case.status == Status.CLOSED else ", which closes the case"
        said.append(f"Tell the employer that the sessions have ended{closes}.")
    if case.may_tell_for_trainee:
        said.append(f"The trainee was reminded twice: {counsellor} may tell others for them, once they agree.")
    elif case.is_complete and not case.has_told:
        said.append("The trainee has told nobody yet.")
    return " ".join(said) or "Nothing more happens here."
