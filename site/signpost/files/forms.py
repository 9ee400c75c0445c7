"""The form with which a document is added to a case."""

from typing import Any

from wtforms import BooleanField, FileField, HiddenField, RadioField
from wtforms.validators import Regexp, ValidationError

from models import FileKind
from signpost.fields import PUBLIC_ID_LENGTH, SAYABLE, new_public_id
from signpost.files import uploads
from signpost.forms import Required, SignpostForm, options

KIND_NAMES = {
    FileKind.TEST_RESULTS: "Test results, such as MBTI or ability tests",
    FileKind.CV: "CV",
    FileKind.OTHER: "Something else",
}
OLD_PAGE = "Open this page again, and choose the file once more"


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
    reference = HiddenField(
        default=new_public_id, validators=[Regexp(rf"[{SAYABLE}]{{{PUBLIC_ID_LENGTH}}}$", message=OLD_PAGE)]
    )
