"""The form of a survey."""

from wtforms import RadioField

from signpost.feedback.surveys import WORDS, WORDS_LENGTH, Survey
from signpost.forms import PlainText, Required, SignpostForm, options

WITHOUT, WITH = "without", "with"


class AnswerForm(SignpostForm):
    """Made for one survey by `form_for`: its questions, its words, and whether there is a name to it."""

    def given(self) -> dict[str, str]:
        return {field.name: field.data or "" for field in self}


def form_for(survey: Survey) -> AnswerForm:
    fields: dict[str, object] = {
        question.name: RadioField(question.words, [Required("Select an answer")], choices=options(*question.choices))
        for question in survey.questions
    }
    if survey.asks_for_words:
        fields[WORDS] = PlainText(
            survey.asks_for_words,
            noun="Your words",
            max_length=WORDS_LENGTH,
            description="You need not write anything. Leave out names, and what others could know you by.",
        )
    if survey.may_be_named:
        fields["name"] = RadioField(
            "Does your answer carry your name?",
            [Required("Select whether your answer carries your name")],
            choices=options((WITHOUT, "No, without my name"), (WITH, "Yes, with my name")),
            default=WITHOUT,
        )
    made: AnswerForm = type("SurveyForm", (AnswerForm,), fields)()
    return made
