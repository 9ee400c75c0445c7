"""The surveys there are: each a question or more with choices, and a place for words."""

from collections.abc import Mapping
from dataclasses import dataclass

from signpost.errors import RuleBroken

WORDS = "words"
WORDS_LENGTH = 500


@dataclass(frozen=True)
class Question:
    name: str
    words: str
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Survey:
    """`invitation` stands where somebody may answer, `title` above the form. `read_by` is the team that reads what was
    written; `may_be_named` whether an answer may carry a name.
    """

    name: str
    title: str
    invitation: str
    questions: tuple[Question, ...]
    asks_for_words: str = ""
    read_by: str = "senior_adviser"
    may_be_named: bool = True

    def checked(self, given: Mapping[str, str]) -> dict[str, str]:
        """The answers, and nothing else of what was given. Raises RuleBroken where one is missing or none of the choices."""
        answers = {}
        for question in self.questions:
            answer = given.get(question.name, "")
            if answer not in dict(question.choices):
                raise RuleBroken(f"Select an answer: {question.words}")
            answers[question.name] = answer
        words = given.get(WORDS, "").strip() if self.asks_for_words else ""
        if len(words) > WORDS_LENGTH:
            raise RuleBroken(f"Your words must be {WORDS_LENGTH} characters or fewer. It is {len(words):,} characters.")
        return answers | {WORDS: words}


# B9
FURTHER_ON = Survey(
    name="further_on",
    title="Do you feel further on?",
    invitation="After a careers session we ask whether it helped. It takes less than a minute, and you need not answer.",
    questions=(
        Question(
            "further_on",
            "Do you feel further on in your career planning?",
            (("yes", "Yes"), ("somewhat", "To some extent"), ("no", "Not at the moment")),
        ),
    ),
    asks_for_words="Is there anything you would like to add?",
)

# D15
MENTORING = Survey(
    name="mentoring",
    title="How was your mentoring?",
    invitation="When mentoring ends we ask both of you how well it was used, and how useful it was. It takes less than a minute.",
    questions=(
        Question(
            "used",
            "How well was the mentoring used?",
            (("well", "Well"), ("partly", "Partly"), ("little", "Little, or not at all")),
        ),
        Question(
            "useful",
            "How useful was it?",
            (("very", "Very useful"), ("somewhat", "Somewhat useful"), ("not", "Not useful this time")),
        ),
    ),
    asks_for_words="Is there anything that would have made it better?",
    read_by="rtt_team",
    may_be_named=False,
)

SURVEYS = {survey.name: survey for survey in (FURTHER_ON, MENTORING)}
