"""The forms about the number of sessions, and about telling others that they are over."""

from typing import Any

from wtforms import HiddenField, RadioField, SelectMultipleField

from models import Agreed, Party
from signpost import clock
from signpost.completion.queries import ToTell
from signpost.formatting import sentence_list
from signpost.forms import DateParts, PlainLine, Required, SignpostForm, WholeNumber, options

HOW_AGREED = {Agreed.IN_SESSION: "In a session", Agreed.BY_TELEPHONE: "By telephone", Agreed.BY_EMAIL: "By email"}


class AgreedSessionsForm(SignpostForm):
    number = WholeNumber("Number of sessions agreed", 2, 20)
    discussed_on = DateParts(
        "When did you discuss it?",
        [Required("Enter the day on which you discussed it")],
        latest=clock.today,
        noun="The day on which you discussed it",
    )
    version = HiddenField()


class TellingForm(SignpostForm):
    """Those who are to be told; whoever is informed already is ticked."""

    parties = SelectMultipleField("Who should hear it?", [Required("Select at least one of those who are to be told")])

    def __init__(self, to_tell: list[ToTell], **kwargs: Any) -> None:
        reachable = [one for one in to_tell if one.names]
        ticked = [one.party.value for one in reachable if one.is_informed]
        super().__init__(**({"data": {"parties": ticked}} | kwargs))
        self.parties.choices = options(*((one.party.value, one.called) for one in reachable))


THE_PARTIES = {
    Party.REFERRER: "The referrer",
    Party.HEAD: "The head of school",
    Party.TSG: "The Training Support Group",
}


class TellingForTraineeForm(TellingForm):
    """The same, in the words of the team, with the trainee's agreement."""

    agreed_on = DateParts(
        "When did the trainee agree?",
        [Required("Enter the day on which the trainee agreed")],
        latest=clock.today,
        noun="The day on which the trainee agreed",
    )
    agreed_how = RadioField(
        "How did they agree?",
        [Required("Select how the trainee agreed")],
        choices=options(*((how.value, words) for how, words in HOW_AGREED.items())),
    )

    def __init__(self, to_tell: list[ToTell], **kwargs: Any) -> None:
        super().__init__(to_tell, **kwargs)
        named = [(one.party, sentence_list(one.names)) for one in to_tell if one.names]
        self.parties.choices = options(*((party.value, f"{THE_PARTIES[party]}, {names}") for party, names in named))


class EndNoticeForm(SignpostForm):
    """The button; and, where nobody of the employer is on record, why it is closed all the same."""

    reason = PlainLine(
        "Why is it closed without telling the employer?",
        max_length=200,
        noun="The reason",
        description="The team sees this. The trainee does not.",
    )
    version = HiddenField()


class StopForm(SignpostForm):
    """The button."""
