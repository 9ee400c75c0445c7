"""The form with which a document is added to a case."""

from typing import Any

from wtforms import BooleanField, FileField, RadioField
from wtforms.validators import ValidationError

from models import FileKind
from signpost.files import uploads
from signpost.forms import Required, SignpostForm, options

KIND_NAMES = {
    FileKind.TEST_RESULTS: "Test results, such as MBTI or ability tests",
    FileKind.CV: "CV",
    FileKind.OTHER: "Something else",
}


class DocumentField(FileField):
    """One file that was chosen. Its size is checked here; what it is, when it is kept."""

    def __init__(self, label: str, **settings: Any) -> None:
        super().__init__(label, **settings)
        self.is_too_large = False

    def pre_validate(self, form: Any) -> None:
        if not getattr(self.data, "filename", ""):
            raise ValidationError("Choose a file")
        if uploads.length_of(self.data.stream) > uploads.most_bytes():
            self.is_too_large = True
            most = uploads.most_bytes() // uploads.MEGABYTE
            raise ValidationError(f"The file must be {most} MB or smaller. Save or print it as a smaller PDF.")

    @property
    def content(self) -> bytes:
        kept: bytes = self.data.stream.getvalue()
        return kept


class AddForm(SignpostForm):
    kind = RadioField(
        "What is it?",
        [Required("Select what it is")],
        choices=options(*KIND_NAMES.items()),
    )
    file = DocumentField("File")
    shared = BooleanField("Share it with the trainee")
