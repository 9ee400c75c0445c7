"""The forms of bringing a file and choosing what becomes of its rows."""

from wtforms import HiddenField
from wtforms.validators import Regexp

from signpost.fields import PUBLIC_ID_LENGTH, SAYABLE, new_public_id
from signpost.files.forms import OLD_PAGE, DocumentField
from signpost.forms import SignpostForm


class BringForm(SignpostForm):
    file = DocumentField("File")
    reference = HiddenField(
        default=new_public_id, validators=[Regexp(rf"[{SAYABLE}]{{{PUBLIC_ID_LENGTH}}}$", message=OLD_PAGE)]
    )


class ChoicesForm(SignpostForm):
    """The choice of each row is a field of its own, `choice-` and its id."""

    version = HiddenField()
    all = HiddenField()
