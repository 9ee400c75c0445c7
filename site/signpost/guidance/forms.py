"""The forms of the guidance: a page, a comment, a note of one's own."""

from wtforms import BooleanField, HiddenField, RadioField
from wtforms.validators import InputRequired

from models import NAME_LENGTH, SUMMARY_LENGTH
from signpost import clock
from signpost.forms import DateParts, PlainLine, PlainText, Required, SignpostForm, options
from signpost.guidance.actions import COMMENT_LENGTH

BODY_LENGTH = 60_000
WITH_NAME, WITHOUT_NAME = "with", "without"


class PageForm(SignpostForm):
    title = PlainLine("Title", [Required()], max_length=NAME_LENGTH)
    summary = PlainLine(
        "Summary",
        [Required()],
        max_length=SUMMARY_LENGTH,
        description="One or two sentences, shown in lists and beside the work.",
    )
    slug = PlainLine(
        "Last part of the address",
        [Required("Enter the last part of the address")],
        noun="The address",
        max_length=80,
        description="Small letters, figures and hyphens. The address it has now keeps working.",
    )
    reviewed = DateParts("When was it last reviewed?", [Required("Enter the day")], noun="The day", latest=clock.today)
    body = PlainText(
        "Words",
        [Required("Enter the words of the page")],
        noun="The page",
        max_length=BODY_LENGTH,
        description="In Markdown. Begin a heading with ## and each line of a list with a hyphen.",
    )
    seen = HiddenField()
    step = HiddenField()


class CommentForm(SignpostForm):
    words = PlainText("Your comment", [Required("Enter your comment")], noun="Your comment", max_length=COMMENT_LENGTH)


class NamedCommentForm(CommentForm):
    """For who is signed in: with their name or without it is for them to say."""

    name = RadioField(
        "Do you want to give your name?",
        [InputRequired("Say whether you want to give your name")],
        choices=options(
            (WITHOUT_NAME, "No: nobody can find out that it was me"),
            (WITH_NAME, "Yes: they see my name and can answer me"),
        ),
    )


class NoteForm(SignpostForm):
    done = BooleanField("I have done this")
    reflection = PlainText("What I thought about it", noun="Your note", max_length=4000)
    version = HiddenField()
