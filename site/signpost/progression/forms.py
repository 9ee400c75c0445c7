"""The forms of progression support."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, ValidationError

from models import (
    EMAIL_LENGTH,
    NAME_LENGTH,
    AskedOf,
    Employer,
    FollowUpKind,
    Mode,
    Present,
    Review,
    ReviewOutcome,
    Severity,
    SupportDecision,
    SupportKind,
    SupportMeeting,
    User,
)
from signpost import clock, settings
from signpost.forms import (
    DateParts,
    EmailLine,
    PlainLine,
    PlainText,
    Required,
    SignpostForm,
    WholeNumber,
    options,
    refused_beside,
)
from signpost.meetings.forms import MODE_NAMES, ClockTime, two_years_ahead
from signpost.meetings.poll_forms import moments_of
from signpost.meetings.support_limits import TRIAGE_MINUTES
from signpost.progression import suggestions
from signpost.progression.follow_ups import Asked
from signpost.progression.reviews import Details, Issue
from signpost.progression.stand_in import Named
from signpost.progression.support_meetings import LEAST_MINUTES, Setup, Unfit
from signpost.progression.words import ASKED_NAMES, DECISION_NAMES, FOLLOW_UP_NAMES, OUTCOME_NAMES, SEVERITY_NAMES

ISSUE_LENGTH = 1000
ACADEMIC = options(("no", "No"), ("yes", "Yes"))


class DetailsForm(SignpostForm):
    """Whose review it is, and where they train."""

    trainee_name = PlainLine("Trainee’s name", [Required("Enter the trainee’s name")], max_length=NAME_LENGTH)
    trainee_email = EmailLine("Trainee’s email address", [Required("Enter the trainee’s email address")])
    programme = PlainLine("Programme", [Required("Enter the programme")], max_length=NAME_LENGTH)
    employer = SelectField("Employer")
    director = SelectField("Training programme director")
    version = HiddenField()

    def __init__(self, employers: list[Employer], directors: list[User], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.employers = {one.public_id: one for one in employers}
        self.directors = {one.public_id: one for one in directors}
        self.employer.choices = options(("", "Not known"), *((key, one.name) for key, one in self.employers.items()))
        self.director.choices = options(("", "Not known"), *((key, one.name) for key, one in self.directors.items()))

    @property
    def details(self) -> Details:
        return Details(
            Named(self.trainee_name.data or "", (self.trainee_email.data or "").lower()),
            self.programme.data or "",
            self.employers.get(self.employer.data or ""),
            self.directors.get(self.director.data or ""),
        )

    @staticmethod
    def known_of(review: Review) -> dict[str, Any]:
        return {
            "trainee_name": review.trainee_name,
            "trainee_email": review.trainee_email,
            "programme": review.programme,
            "employer": review.employer.public_id if review.employer else "",
            "director": review.director.public_id if review.director else "",
            "version": review.version,
        }


def _outcomes() -> Any:
    return options(*((str(one), OUTCOME_NAMES[one]) for one in ReviewOutcome))


class ReviewForm(DetailsForm):
    """A review; its issues are added on the page that follows (E1)."""

    outcome = RadioField("Outcome", [Required("Select the outcome")], choices=_outcomes())
    outcome_on = DateParts("Date of the outcome", [Required("Enter the date of the outcome")], latest=clock.today)
    officer_name = PlainLine(
        "Training officer’s name",
        max_length=NAME_LENGTH,
        description="You can name them later. A support meeting needs one.",
    )
    officer_email = EmailLine("Training officer’s email address")
    university_name = PlainLine(
        "University contact’s name",
        max_length=NAME_LENGTH,
        description="If there is one. They read nothing of the review.",
    )
    university_email = EmailLine("University contact’s email address")

    def validate_officer_email(self, field: Any) -> None:
        _both(self.officer_name, field, "training officer")

    def validate_university_email(self, field: Any) -> None:
        _both(self.university_name, field, "university contact")

    @property
    def officer(self) -> Named | None:
        return _named(self.officer_name, self.officer_email)

    @property
    def university(self) -> Named | None:
        return _named(self.university_name, self.university_email)


def _both(name: Any, email: Any, called: str) -> None:
    if bool(name.data) != bool(email.data):
        raise ValidationError(f"Enter both the name and the email address of the {called}, or neither")


def _named(name: Any, email: Any) -> Named | None:
    return Named(name.data, email.data.lower()) if name.data and email.data else None


class IssueForm(SignpostForm):
    severity = RadioField(
        "How serious is it?",
        [Required("Select how serious it is")],
        choices=options(*((str(one), SEVERITY_NAMES[one]) for one in Severity)),
    )
    is_academic = RadioField("Is it academic?", [Required("Select whether it is academic")], choices=ACADEMIC)
    words = PlainText(
        "What is the issue?",
        [Required("Enter the issue")],
        noun="The issue",
        max_length=ISSUE_LENGTH,
        description="The trainee and their training officer read this.",
    )

    @property
    def issue(self) -> Issue:
        return Issue(Severity(self.severity.data), self.is_academic.data == "yes", self.words.data or "")


class DecisionForm(SignpostForm):
    decision = RadioField("What does the School decide?", [Required("Select what the School decides")])
    version = HiddenField()

    def __init__(self, outcome: ReviewOutcome, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.decision.choices = options(*((str(one), DECISION_NAMES[one]) for one in suggestions.possible(outcome)))

    @property
    def chosen(self) -> SupportDecision:
        return SupportDecision(self.decision.data)


class OutcomeForm(SignpostForm):
    outcome = RadioField("Outcome now", [Required("Select the outcome")], choices=_outcomes())
    outcome_on = DateParts("Date of the outcome", [Required("Enter the date of the outcome")], latest=clock.today)
    why = PlainText("Why was it changed?", [Required("Say why it was changed")], noun="The reason", max_length=1000)
    version = HiddenField()


class PersonForm(SignpostForm):
    """Another Training Officer, or another contact at the university."""

    name = PlainLine("Name", [Required("Enter the name")], max_length=NAME_LENGTH)
    email = EmailLine("Email address", [Required("Enter the email address")], max_length=EMAIL_LENGTH)

    @property
    def named(self) -> Named:
        return Named(self.name.data or "", (self.email.data or "").lower())


class FollowUpForm(SignpostForm):
    """What follows, and who is asked to act, if anybody (E2)."""

    kind = RadioField(
        "What follows?",
        [Required("Select what follows")],
        choices=options(*((str(one), FOLLOW_UP_NAMES[one]) for one in FollowUpKind)),
        description="Support to leave the programme is exceptional: it comes after everything else.",
    )
    words = PlainText(
        "In words that the trainee and their training officer read",
        [Required("Enter what follows")],
        noun="What follows",
        max_length=2000,
        description="Whoever is asked to act reads these words too: write the action, and nothing of the review.",
    )
    asked_of = SelectField(
        "Who is asked to act?",
        choices=options(("", "Nobody else"), *((str(one), ASKED_NAMES[one]) for one in AskedOf)),
    )
    to_name = PlainLine("Name of the person there", max_length=NAME_LENGTH)
    to_email = EmailLine("Email address of the person there")
    step = HiddenField()

    def validate_to_email(self, field: Any) -> None:
        given = (bool(self.asked_of.data), bool(self.to_name.data), bool(field.data))
        if any(given) and not all(given):
            raise ValidationError("Say who is asked, with the name and the email address; or leave all three empty")

    @property
    def asked(self) -> Asked | None:
        if not self.asked_of.data:
            return None
        return Asked(AskedOf(self.asked_of.data), Named(self.to_name.data or "", (self.to_email.data or "").lower()))


class TimesForm(SignpostForm):
    """Which times are proposed, and until when people answer. The page offers the times."""

    times = SelectMultipleField(
        "Which times do you propose?", [Required("Select at least one time")], validate_choice=False
    )
    reply_by = DateParts("Answer by", [Required("Enter the day by which they answer")])

    def __init__(self, chair: User | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.chosen_chair = chair

    def validate_times(self, field: Any) -> None:
        try:
            self.moments()
        except ValueError:
            raise ValidationError("Select times from the list") from None

    def moments(self) -> list[datetime]:
        return moments_of(self.times.data or [])


class SupportTimesForm(TimesForm):
    soon_reason = PlainLine(
        "Why so soon?",
        max_length=300,
        description="Only where one of the times leaves too few working days to prepare.",
    )


class CallTimesForm(TimesForm):
    minutes = WholeNumber("Minutes", 10, 60)


class CallBookingForm(SignpostForm):
    """A time that was agreed by telephone or email."""

    day = DateParts("Day", [Required("Enter the day")], latest=two_years_ahead)
    begins = ClockTime("Begins at", Required("Enter when it begins"))
    minutes = WholeNumber("Minutes", 10, 60)

    @property
    def moment(self) -> datetime:
        return datetime.combine(self.day.data, self.begins.at, tzinfo=clock.LONDON).astimezone(clock.now().tzinfo)


# The parts of a full meeting, in order: the name of the field, who is there, and what share of the time it begins with.
PARTS = (
    ("together_first", Present.TOGETHER),
    ("trainee_alone", Present.TRAINEE_ALONE),
    ("officer_alone", Present.OFFICER_ALONE),
    ("together_last", Present.TOGETHER),
)


class SetupForm(SignpostForm):
    """What a support meeting is to be: for a triage meeting how long, for a full one how long each part is."""

    minutes = WholeNumber("Minutes", LEAST_MINUTES, TRIAGE_MINUTES)
    together_first = WholeNumber("Minutes together at the beginning", 5, 240)
    trainee_alone = WholeNumber("Minutes for the trainee alone", 5, 240)
    officer_alone = WholeNumber("Minutes for the training officer alone", 5, 240)
    together_last = WholeNumber("Minutes together at the end", 5, 240)
    chair = SelectField("Who chairs it?", [Required("Select who chairs it")])
    minute_taker = SelectField("Who takes the minutes?", [Required("Select who takes the minutes")])
    mode = RadioField(
        "How do you meet?",
        [Required("Select how you meet")],
        choices=options(*((str(one), MODE_NAMES[one]) for one in (Mode.TEAMS, Mode.TELEPHONE, Mode.FACE_TO_FACE))),
    )
    mode_reason = PlainLine("Why not on Microsoft Teams?", max_length=300, description="Only where it is not.")
    place = PlainLine("Where?", max_length=NAME_LENGTH, description="Only where you meet in person.")
    university = RadioField(
        "Is the university contact invited?",
        choices=options(("no", "No"), ("yes", "Yes")),
        description="Where issues are academic. They are invited, and never waited for.",
    )
    university_reason = PlainLine(
        "Why is the university invited?", max_length=300, description="Only where no issue is academic."
    )
    version = HiddenField()

    def __init__(self, kind: SupportKind, chairs: list[User], minute_takers: list[User], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kind = kind
        self.people = {one.public_id: one for one in (*chairs, *minute_takers)}
        self.chair.choices = options(("", "Select somebody"), *((one.public_id, one.name) for one in chairs))
        takers = ((one.public_id, one.name) for one in minute_takers)
        self.minute_taker.choices = options(("", "Select somebody"), *takers)
        unused = ("minutes",) if kind == SupportKind.FULL else (*(name for name, _ in PARTS), "minute_taker")
        for name in unused:
            del self[name]

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """What is not fit is said beside the field it is about; what the rules refuse otherwise at the first question."""
        with refused_beside(self.chair):
            try:
                yield
            except Unfit as refusal:
                with refused_beside(self[refusal.because]):
                    raise

    @property
    def setup(self) -> Setup:
        is_full = self.kind == SupportKind.FULL
        return Setup(
            kind=self.kind,
            chair=self.people[self.chair.data],
            minutes=TRIAGE_MINUTES if is_full else self.minutes.data,
            minute_taker=self.people[self.minute_taker.data] if is_full else None,
            parts=tuple((present, self[name].data) for name, present in PARTS) if is_full else (),
            mode=Mode(self.mode.data),
            mode_reason=self.mode_reason.data or "",
            place=self.place.data or "",
            invites_university=self.university.data == "yes",
            university_reason=self.university_reason.data or "",
        )

    @staticmethod
    def usual(kind: SupportKind, chair: User | None) -> dict[str, Any]:
        """What the form begins with: on Teams, as long as the settings say."""
        share = settings.current().full_meeting_minutes // len(PARTS)
        lengths = {name: share for name, _ in PARTS} if kind == SupportKind.FULL else {"minutes": TRIAGE_MINUTES}
        return {"mode": Mode.TEAMS, "university": "no", "chair": chair.public_id if chair else "", **lengths}

    @staticmethod
    def known_of(support: SupportMeeting, lengths: list[int]) -> dict[str, Any]:
        return {
            "minutes": support.minutes,
            **dict(zip((name for name, _ in PARTS), lengths, strict=False)),
            "chair": support.chair.public_id,
            "minute_taker": support.minute_taker.public_id if support.minute_taker else "",
            "mode": support.mode,
            "mode_reason": support.mode_reason,
            "place": support.place,
            "university": "yes" if support.university_id else "no",
            "university_reason": support.university_reason,
            "version": support.version,
        }
