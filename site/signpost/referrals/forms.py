"""The forms of the referrals room."""

from typing import Any

from wtforms import HiddenField, RadioField, SelectField, ValidationError

from models import RELEASE_WORDS_LENGTH, REQUEST_LENGTH, Employer, Ending, Referral, ReleaseChoice, School, User
from signpost.forms import EmailLine, PlainLine, PlainText, Required, SignpostForm, options
from signpost.referrals.candidates import Candidate

UNKNOWN = "unknown"

ENDING_NAMES = {
    Ending.COMPLETE: "The agreed sessions are complete",
    Ending.DECLINED: "The trainee said no",
    Ending.WITHDRAWN: "The referrer withdrew it",
    Ending.DUPLICATE: "It repeats another referral",
    Ending.UNABLE_TO_CONTACT: "The trainee could not be reached",
    Ending.LEFT_PROGRAMME: "The trainee left the programme",
    Ending.WITHDREW_PART_WAY: "The trainee stopped part-way",
}


class ReferralForm(SignpostForm):
    """A brief request and how to reach the trainee (A6). No narrative of concerns is asked for."""

    trainee_name = PlainLine(
        "Trainee’s name", [Required("Enter the trainee’s name")], max_length=120, noun="Trainee’s name"
    )
    trainee_email = EmailLine(
        "Trainee’s email address",
        [Required("Enter the trainee’s email address")],
        noun="Trainee’s email address",
        description="The address they read. Their copy of this referral goes there.",
    )
    employer = SelectField("Employer", [Required("Select the trainee’s employer")])
    school = SelectField("School", [Required("Select the trainee’s school, or ‘I do not know’")])
    request = PlainText(
        "What would help?",
        [Required("Enter your request: one or two sentences are enough")],
        max_length=REQUEST_LENGTH,
        noun="Your request",
        description="One or two sentences asking for careers support. Leave out personal or clinical details.",
    )
    wider_concerns = RadioField(
        "Are there wider concerns about the trainee, or is the trainee in difficulty?",
        [Required("Select yes if there are wider concerns")],
        choices=options(("no", "No"), ("yes", "Yes")),
        description="If yes, the head of the trainee’s school gets a copy of the same email.",
    )

    def __init__(self, schools: list[School], employers: list[Employer], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.schools = {school.public_id: school for school in schools}
        self.employers = {employer.public_id: employer for employer in employers}
        known = [(school.public_id, school.name) for school in schools]
        self.school.choices = options(("", "Select a school"), *known, (UNKNOWN, "I do not know"))
        self.employer.choices = options(("", "Select an employer"), *((one.public_id, one.name) for one in employers))

    def validate_school(self, field: Any) -> None:
        if field.data == UNKNOWN and self.wider_concerns.data == "yes":
            raise ValidationError("With wider concerns the head of school is informed: select the school")

    def typed(self) -> dict[str, str]:
        """What was typed, field by field, to be kept as a draft."""
        names = ("trainee_name", "trainee_email", "employer", "school", "request", "wider_concerns")
        return {name: self[name].data or "" for name in names}


class ConfirmForm(SignpostForm):
    """A button, and what the page showed when it was pressed."""

    seen = HiddenField()


class ConcernsForm(SignpostForm):
    school = SelectField("Trainee’s school", [Required("Select the trainee’s school")])

    def __init__(self, schools: list[School], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.schools = {school.public_id: school for school in schools}
        self.school.choices = options(("", "Select a school"), *((one.public_id, one.name) for one in schools))


class AssignmentForm(SignpostForm):
    """Who supports the trainee. The version is that of the page on which the choice was made."""

    counsellor = RadioField("Counsellor", [Required("Select a counsellor")])
    reason = PlainLine(
        "Why does the counsellor change?",
        max_length=300,
        noun="The reason",
        description="The team sees this. The trainee does not.",
    )
    version = HiddenField()
    seen = HiddenField()

    def __init__(self, candidates: list[Candidate], is_change: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.candidates = {one.counsellor.public_id: one for one in candidates if one.can_be_chosen}
        self.counsellor.choices = options(*((key, one.counsellor.name) for key, one in self.candidates.items()))
        self.is_change = is_change

    def validate_reason(self, field: Any) -> None:
        if self.is_change and not field.data:
            raise ValidationError("Enter why the counsellor changes")


class ClosingForm(SignpostForm):
    ending = RadioField("Why is it closed?", [Required("Select why it is closed")])
    duplicate_of = SelectField("Which referral does it repeat?", validate_choice=False)
    version = HiddenField()

    def __init__(self, endings: list[Ending], others: list[Referral], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.others = {other.public_id: other for other in others}
        self.ending.choices = options(*((ending.value, ENDING_NAMES[ending]) for ending in endings))
        self.duplicate_of.choices = options(
            ("", "Select a referral"),
            *((other.public_id, f"{other.reference}, {other.trainee_name}") for other in others),
        )

    def validate_duplicate_of(self, field: Any) -> None:
        if self.ending.data == Ending.DUPLICATE and field.data not in self.others:
            raise ValidationError("Select the referral that this one repeats")


class ReleaseForm(SignpostForm):
    """What the head lets the TSG know (A4)."""

    choice = RadioField(
        "What may the Training Support Group know?",
        [Required("Select what the Training Support Group may know")],
        choices=options(
            (ReleaseChoice.NOTHING.value, "Nothing"),
            (ReleaseChoice.FACT.value, "Only that the careers team is involved"),
            (ReleaseChoice.WORDS.value, "That, and words of my own"),
        ),
    )
    words = PlainText("Your words", max_length=RELEASE_WORDS_LENGTH, noun="Your words")

    def validate_words(self, field: Any) -> None:
        if self.choice.data == ReleaseChoice.WORDS and not field.data:
            raise ValidationError("Enter the words that the Training Support Group is to read")


class AddressForm(SignpostForm):
    email = EmailLine("Correct email address", [Required("Enter the correct email address")], noun="Email address")
    version = HiddenField()


# Reasons that may hold for several referrals at once: a duplicate needs to say of which.
MANY_ENDINGS = (Ending.UNABLE_TO_CONTACT, Ending.LEFT_PROGRAMME)


class ManyAssignedForm(SignpostForm):
    counsellor = SelectField("Counsellor", [Required("Select a counsellor")])
    reason = PlainLine("Why does the counsellor change?", max_length=300, noun="The reason")

    def __init__(self, counsellors: list[User], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.people = {one.public_id: one for one in counsellors}
        self.counsellor.choices = options(
            ("", "Select a counsellor"), *((key, one.name) for key, one in self.people.items())
        )


class ManyClosedForm(SignpostForm):
    ending = RadioField(
        "Why are they closed?",
        [Required("Select why they are closed")],
        choices=options(*((ending.value, ENDING_NAMES[ending]) for ending in MANY_ENDINGS)),
    )


class SavedViewForm(SignpostForm):
    name = PlainLine("Name of the view", [Required("Enter a name for the view")], max_length=60)
