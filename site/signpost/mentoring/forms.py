"""The forms of returners, of their wishes, and of mentors."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from models import EMAIL_LENGTH, NAME_LENGTH, Area, Employer, Mentor, MentoringWish, OwnTrust, Returner, WhyApart
from signpost import characters, clock
from signpost.forms import DateParts, EmailLine, PlainLine, PlainText, Required, SignpostForm, WholeNumber, options
from signpost.mentoring import geography, mentors, offers, places, returners, wishes
from signpost.mentoring.geography import Place, PlaceUnknown

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MODES = (("face_to_face", "In person"), ("teams", "By video"), ("telephone", "By telephone"))
MATTERS = (
    ("same_specialty", "Works in my specialty"),
    ("works_ltft", "Works less than full time"),
    ("is_parent", "Is a parent"),
)
TRUSTS = {
    OwnTrust.EITHER: "It does not matter",
    OwnTrust.WISHED: "I would like somebody of my own trust",
    OwnTrust.NOT_WISHED: "I would rather have somebody of another trust",
}
WORDS_LENGTH = 1000
MOST_APART = 20
MOST_BASES = 6


class ManyField(SelectMultipleField):
    """Boxes to tick, any number of them."""

    def __init__(self, label: str, choices: Sequence[tuple[str, str]] = (), **settings: Any) -> None:
        boxes = {"option_widget": CheckboxInput(), "widget": ListWidget(prefix_label=False)}
        super().__init__(label, choices=options(*choices), **boxes, **settings)


class PlaceLine(PlainLine):
    """A town from the list or the first half of a postcode; of a full one no more than that is looked at."""

    place: Place

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if not validation_stopped and self.data:
            try:
                self.place = geography.find(self.data, places.names())
            except PlaceUnknown as unknown:
                raise ValidationError(str(unknown)) from None


class PersonLines(PlainText):
    """People, one on a line, by name or by email address."""

    def people(self) -> list[str]:
        return [line for line in map(characters.tidy_line, (self.data or "").splitlines()) if line]

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        said = self.people()
        if len(said) > MOST_APART:
            raise ValidationError(f"Name at most {MOST_APART} people")
        if any(len(one) > NAME_LENGTH for one in said):
            raise ValidationError(f"Write one person on each line, in {NAME_LENGTH} characters or fewer")


class ReturnerForm(SignpostForm):
    name = PlainLine("Name", [Required("Enter the name")], max_length=NAME_LENGTH)
    email = EmailLine("Email address", [Required("Enter the email address")], max_length=EMAIL_LENGTH)
    absent_from = DateParts("First day of the absence", [Required("Enter the first day of the absence")])
    returns_on = DateParts("Day of the return to training", [Required("Enter the day of the return")])
    employer = SelectField("Employer", default="")
    specialty = PlainLine("Specialty", max_length=NAME_LENGTH)
    version = HiddenField()

    def __init__(self, employers: Sequence[Employer], of: Returner | None = None, **kwargs: Any) -> None:
        if of is not None:
            names = ("name", "email", "absent_from", "returns_on", "specialty", "version")
            kwargs["data"] = {name: getattr(of, name) for name in names} | {
                "employer": of.employer.public_id if of.employer else ""
            }
        super().__init__(**kwargs)
        self.employers = {one.public_id: one for one in employers}
        named = ((key, one.name) for key, one in self.employers.items())
        self.employer.choices = options(("", "Not known, or another one"), *named)

    def said(self) -> returners.Details:
        return returners.Details(
            self.name.data,
            self.email.data.lower(),
            self.absent_from.data,
            self.returns_on.data,
            self.employers.get(self.employer.data),
            self.specialty.data or "",
        )


class AskForm(SignpostForm):
    """What somebody types who was not asked. Signed in, who they are is known."""

    name = PlainLine("Your name", [Required("Enter your name")], max_length=NAME_LENGTH, noun="Your name")
    email = EmailLine(
        "Your email address",
        [Required("Enter your email address")],
        max_length=EMAIL_LENGTH,
        noun="Your email address",
        description="We send you a link to go on with.",
    )
    absent_from = DateParts("First day of your absence", [Required("Enter the first day of your absence")])
    returns_on = DateParts("Day on which you return to training", [Required("Enter the day of your return")])

    def __init__(self, *, is_known: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if is_known:
            del self.name, self.email


class AnswerForm(SignpostForm):
    """A button, protected."""

    version = HiddenField()


class LaterForm(SignpostForm):
    ask_again_on = DateParts("When shall we ask you again?", [Required("Enter a day")], noun="The day")

    def __init__(self, returner: Returner, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.ask_again_on.earliest = clock.today() + timedelta(days=1)
        self.ask_again_on.latest = offers.latest_day_to_ask(returner)


class WaysForm(SignpostForm):
    """What returners and mentors are both asked: how they meet, and on which days."""

    modes = ManyField("How would you like to meet?", MODES)
    days = ManyField(
        "On which days?",
        [(str(number), name) for number, name in enumerate(DAYS)],
        description="Leave all of them empty if it does not matter.",
    )

    def validate_modes(self, field: Any) -> None:
        if not field.data:
            raise ValidationError("Select at least one way of meeting")

    def ways(self) -> dict[str, Any]:
        chosen = set(self.modes.data or [])
        return {mode: mode in chosen for mode, _ in MODES} | {"days": "".join(sorted(self.days.data or []))}


def _chosen_ways(row: Any) -> dict[str, list[str]]:
    return {"modes": [mode for mode, _ in MODES if getattr(row, mode)], "days": list(row.days)}


class WishesForm(WaysForm):
    base = PlaceLine(
        "Where would you like to meet from?",
        [Required("Enter a town or the first half of a postcode")],
        max_length=NAME_LENGTH,
        noun="Where you meet from",
        description="A town from our list, or the first half of a postcode, such as LA14. We never keep a whole postcode.",
    )
    miles = WholeNumber("How many miles would you go, at most?", 1, 500, may_be_empty=True)
    is_miles_a_limit = BooleanField("I would rather wait than go further")
    is_mode_a_limit = BooleanField("I would rather wait than meet in another way")
    wanted = ManyField("Areas you would like")
    avoided = ManyField("Areas you would rather not go to")
    matters = ManyField("Would you like somebody who…", MATTERS)
    own_trust = RadioField("A mentor of your own trust?", choices=options(*TRUSTS.items()), default=OwnTrust.EITHER)
    supervisors = PersonLines(
        "Who supervises you?",
        max_length=3000,
        noun="Who supervises you",
        description="They cannot be your mentor. One on each line, by name or email address.",
    )
    apart = PersonLines(
        "Is there anybody you would rather not have?",
        max_length=3000,
        noun="Who you would rather not have",
        description="One on each line, by name or email address. You need not say why, and nobody is told.",
    )
    return_reason = PlainText(
        "Is there a reason for your absence that a mentor should share?",
        noun="The reason",
        max_length=WORDS_LENGTH,
        description="Only if you choose to say. It is kept encrypted, for the return to training team alone.",
    )
    request = PlainText(
        "Is there anything else we should think of?",
        noun="What we should think of",
        max_length=WORDS_LENGTH,
        description="The return to training team reads it.",
    )
    version = HiddenField()

    def __init__(self, areas: Sequence[Area], of: MentoringWish | None = None, **kwargs: Any) -> None:
        given: dict[str, Any] = {"version": "0", "modes": [mode for mode, _ in MODES]}
        if of is not None:
            names = ("miles", "is_miles_a_limit", "is_mode_a_limit", "own_trust", "return_reason", "request", "version")
            wanted, avoided = wishes.areas_of(of)
            given = (
                {name: getattr(of, name) for name in names}
                | _chosen_ways(of)
                | {
                    "base": of.place_name or of.district,
                    "matters": [name for name, _ in MATTERS if getattr(of, name)],
                    "wanted": [one.public_id for one in wanted],
                    "avoided": [one.public_id for one in avoided],
                    "supervisors": "\n".join(wishes.kept_apart(of.returner, WhyApart.SUPERVISOR)),
                    "apart": "\n".join(wishes.kept_apart(of.returner, WhyApart.ASKED)),
                }
            )
        super().__init__(data=given, **kwargs)
        self.areas = {one.public_id: one for one in areas}
        self.towns = list(places.names())
        for field in (self.wanted, self.avoided):
            field.choices = options(*((key, one.name) for key, one in self.areas.items()))

    def validate_is_miles_a_limit(self, field: Any) -> None:
        if field.data and self.miles.data is None:
            raise ValidationError("Enter how far you would go, to wait for somebody within it")

    def validate_avoided(self, field: Any) -> None:
        if set(field.data or []) & set(self.wanted.data or []):
            raise ValidationError("An area cannot be both wanted and avoided")

    def said(self) -> wishes.Wishes:
        matters = set(self.matters.data or [])
        return wishes.Wishes(
            miles=self.miles.data,
            is_miles_a_limit=self.is_miles_a_limit.data,
            is_mode_a_limit=self.is_mode_a_limit.data,
            **self.ways(),
            same_specialty="same_specialty" in matters,
            works_ltft="works_ltft" in matters,
            is_parent="is_parent" in matters,
            return_reason=self.return_reason.data or None,
            own_trust=OwnTrust(self.own_trust.data),
            request=self.request.data or None,
        )

    def people_apart(self) -> list[tuple[str, WhyApart]]:
        return [(one, WhyApart.ASKED) for one in self.apart.people()] + [
            (one, WhyApart.SUPERVISOR) for one in self.supervisors.people()
        ]


class TrainingForm(SignpostForm):
    """What the team writes down of a mentor."""

    employer = SelectField("Employer", default="")
    specialty = PlainLine("Specialty", max_length=NAME_LENGTH)
    trained_on = DateParts("Trained on", description="Only trained mentors are matched.")
    training_ends_on = DateParts("Training runs out on", description="Leave it empty if it does not.")
    version = HiddenField()

    def __init__(self, employers: Sequence[Employer], of: Mentor | None = None, **kwargs: Any) -> None:
        if of is not None:
            names = ("specialty", "trained_on", "training_ends_on", "version")
            kwargs["data"] = {name: getattr(of, name) for name in names} | {
                "employer": of.employer.public_id if of.employer else ""
            }
        super().__init__(**kwargs)
        self.employers = {one.public_id: one for one in employers}
        named = ((key, one.name) for key, one in self.employers.items())
        self.employer.choices = options(("", "Not known, or another one"), *named)

    def validate_training_ends_on(self, field: Any) -> None:
        if field.data and not self.trained_on.data:
            raise ValidationError("Enter the day of the training as well")
        if field.data and field.data < self.trained_on.data:
            raise ValidationError("The training runs out on the day it was given or later")

    def said(self) -> mentors.Training:
        employer = self.employers.get(self.employer.data)
        return mentors.Training(employer, self.specialty.data or "", self.trained_on.data, self.training_ends_on.data)


class NewMentorForm(TrainingForm):
    name = PlainLine("Name", [Required("Enter the name")], max_length=NAME_LENGTH)
    email = EmailLine(
        "Email address",
        [Required("Enter the email address")],
        max_length=EMAIL_LENGTH,
        description="Whoever has no account here is sent an invitation.",
    )


class MentorWaysForm(WaysForm):
    bases = PlainText(
        "Where can you be met?",
        noun="Where you can be met",
        max_length=500,
        description="Towns from our list, or the first half of postcodes, one on each line. We never keep a whole postcode.",
    )
    miles = WholeNumber("How many miles do you go from there?", 0, 500)
    matters = ManyField(
        "May returners ask for you because you…",
        [("works_ltft", "Work less than full time"), ("is_parent", "Are a parent")],
    )
    return_reason = PlainText(
        "Have you come back from an absence yourself?",
        noun="What you write",
        max_length=WORDS_LENGTH,
        description="Only if you choose to say. It is kept encrypted, for the return to training team alone.",
    )
    about = PlainText(
        "A few words about yourself", noun="What you write", max_length=500, description="Your mentees read them."
    )
    apart = PersonLines(
        "Is there anybody you should not mentor?",
        max_length=3000,
        noun="Who you should not mentor",
        description="For instance trainees whom you supervise. One on each line, by name or email address.",
    )
    version = HiddenField()

    def __init__(self, of: Mentor, **kwargs: Any) -> None:
        bases = [base.place_name or base.district for base in mentors.bases_of(of)]
        names = ("miles", "return_reason", "about", "version")
        given = {name: getattr(of, name) for name in names} | _chosen_ways(of)
        given["bases"] = "\n".join(bases)
        given["matters"] = [name for name in ("works_ltft", "is_parent") if getattr(of, name)]
        given["apart"] = "\n".join(mentors.kept_apart(of))
        super().__init__(data=given, **kwargs)
        self.places: list[Place] = []
        self.towns = list(places.names())

    def validate_bases(self, field: Any) -> None:
        known = places.names()
        lines = [line.strip() for line in (field.data or "").splitlines() if line.strip()]
        if len(lines) > MOST_BASES:
            raise ValidationError(f"Enter at most {MOST_BASES} places")
        try:
            self.places = [geography.find(line, known) for line in lines]
        except PlaceUnknown as unknown:
            raise ValidationError(str(unknown)) from None

    def said(self) -> mentors.Ways:
        matters = set(self.matters.data or [])
        return mentors.Ways(
            miles=self.miles.data,
            **self.ways(),
            works_ltft="works_ltft" in matters,
            is_parent="is_parent" in matters,
            about=self.about.data or "",
            return_reason=self.return_reason.data or None,
        )


class CapacityForm(SignpostForm):
    capacity = WholeNumber("How many people do you support at a time?", 0, mentors.MOST)
    version = HiddenField()


class PauseForm(SignpostForm):
    first_day = DateParts("First day", [Required("Enter the first day")])
    last_day = DateParts("Last day", description="Leave it empty if you do not know yet.")

    def validate_last_day(self, field: Any) -> None:
        first: date | None = self.first_day.data
        if field.data and first and field.data < first:
            raise ValidationError("The last day must be the first day or later")
        if field.data and field.data < clock.today():
            raise ValidationError("This pause would be over already")


class MergeForm(SignpostForm):
    into = SelectField("Which one stays?", [Required("Select the one that stays")])
    version = HiddenField()

    def __init__(self, others: Sequence[Returner], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.others = {one.public_id: one for one in others}
        named = ((key, f"{one.name}, {one.email}") for key, one in self.others.items())
        self.into.choices = options(("", "Select somebody"), *named)


class AreaForm(SignpostForm):
    name = PlainLine("Name", [Required("Enter the name")], max_length=NAME_LENGTH)
    districts = PlainLine(
        "What its postcodes begin with",
        [Required("Enter what its postcodes begin with")],
        max_length=300,
        description="Postcode areas or districts with spaces between, such as PR BB LA1.",
    )
    version = HiddenField()


class TownForm(SignpostForm):
    name = PlainLine("Name", [Required("Enter the name")], max_length=NAME_LENGTH)
    district = PlainLine(
        "Postcode district", [Required("Enter the postcode district")], max_length=10, description="For example LA14."
    )
    version = HiddenField()
