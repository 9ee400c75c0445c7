"""The forms with which a support meeting is prepared, and its minutes are written."""

from typing import Any

from wtforms import HiddenField, RadioField, SelectMultipleField
from wtforms.validators import Regexp

from models import CoverageStatus, FileKind, Paper
from signpost.fields import PUBLIC_ID_LENGTH, SAYABLE, new_public_id
from signpost.files.forms import OLD_PAGE, DocumentField
from signpost.forms import PlainLine, PlainText, Required, SignpostForm, options
from signpost.progression import gap_table, minutes, papers, preparing
from signpost.progression.words import COVERAGE_NAMES, PAPER_NAMES

TABLE_LENGTH = 1_000_000


class HaveMetForm(SignpostForm):
    words = PlainText(
        "Actions or solutions you want to have confirmed in the meeting",
        [Required("Write the actions or solutions that you want to have confirmed in the meeting")],
        noun="What you write",
        max_length=preparing.WORDS_LENGTH,
    )
    version = HiddenField()


class DateAndModeForm(SignpostForm):
    words = PlainText(
        "Which dates suit you, and is there anything about how you meet that would help?",
        noun="What you write",
        max_length=preparing.WORDS_LENGTH,
        description="Meetings are on Microsoft Teams. Say so if another way would help you.",
    )
    version = HiddenField()


class PaperForm(SignpostForm):
    kind = RadioField("What is it?", [Required("Select what it is")], choices=options(*PAPER_NAMES.items()))
    file = DocumentField("File")
    reference = HiddenField(
        default=new_public_id, validators=[Regexp(rf"[{SAYABLE}]{{{PUBLIC_ID_LENGTH}}}$", message=OLD_PAGE)]
    )

    @property
    def chosen(self) -> FileKind:
        return FileKind(self.kind.data)


class RecallForm(SignpostForm):
    why = PlainText("Why is it recalled?", [Required("Say why it is recalled")], max_length=papers.WHY_LENGTH)


class SharingForm(SignpostForm):
    papers = SelectMultipleField("Which papers do you share?", [Required("Select at least one paper")])
    university = SelectMultipleField("Which of them does the university get too?")

    def __init__(self, there: list[Paper], invites_university: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.by_id = {paper.public_id: paper for paper in there}
        named = [(paper.public_id, called(paper)) for paper in there]
        self.papers.choices = options(*named)
        self.university.choices = options(*named)
        if not invites_university:
            del self.university

    def chosen(self) -> tuple[list[Paper], list[Paper]]:
        theirs = self.university.data or [] if "university" in self else []
        return [self.by_id[one] for one in self.papers.data or []], [self.by_id[one] for one in theirs]


def called(paper: Paper) -> str:
    """A paper as it stands in a list: what it is, its version, its name."""
    return f"{PAPER_NAMES[FileKind(paper.file.kind)]}, version {paper.number}: {paper.file.name}"


class MaybeDocument(DocumentField):
    """A file, where one was chosen."""

    def pre_validate(self, form: Any) -> None:
        if getattr(self.data, "filename", ""):
            super().pre_validate(form)


class RowsForm(SignpostForm):
    """Rows that are pasted, or come as a file; looked at first, and then kept."""

    file = MaybeDocument("Spreadsheet or CSV file")
    table = PlainText("Rows from your spreadsheet", noun="The rows", max_length=TABLE_LENGTH)
    manner = RadioField(
        "What becomes of the rows that are there?",
        choices=options(("add", "Add these below them"), ("replace", "Put these in their place")),
        default="add",
    )
    was = HiddenField()
    step = HiddenField()


class RowForm(SignpostForm):
    item = PlainLine("Item of the curriculum", [Required("Enter the item")], max_length=gap_table.ITEM_LENGTH)
    status = RadioField(
        "How far is it?",
        [Required("Select how far it is")],
        choices=options(*((str(one), COVERAGE_NAMES[one]) for one in CoverageStatus)),
    )
    evidence = PlainText("Evidence", max_length=gap_table.WORDS_LENGTH)
    plan = PlainText("What is planned", noun="The plan", max_length=gap_table.WORDS_LENGTH)
    version = HiddenField()

    def __init__(self, row_id: str, **kwargs: Any) -> None:
        """Several rows may be open on a page at once, so the ids of their controls differ."""
        super().__init__(**kwargs)
        for control in self:
            if not isinstance(control, HiddenField):
                control.id = f"{control.name}-{row_id}"
                control.label.field_id = control.id

    @property
    def said(self) -> gap_table.Row:
        return gap_table.Row(
            0, self.item.data or "", self.status.data or "", self.evidence.data or "", self.plan.data or ""
        )


class MinutesForm(SignpostForm):
    words = PlainText("What you wrote", max_length=minutes.WORDS_LENGTH)
    version = HiddenField()


class CorrectionForm(SignpostForm):
    words = PlainText(
        "The minutes as they should be",
        [Required("Write the minutes as they should be")],
        noun="The minutes",
        max_length=minutes.WORDS_LENGTH,
    )
    why = PlainLine("Why are they corrected?", [Required("Say why they are corrected")], max_length=minutes.WHY_LENGTH)
    version = HiddenField()
