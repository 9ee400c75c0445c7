"""The forms of retention."""

from wtforms import HiddenField

from signpost.forms import PlainLine, Required, SignpostForm, WholeNumber
from signpost.retention.kinds import KINDS
from signpost.retention.schedule import MOST_MONTHS


class ScheduleForm(SignpostForm):
    """A number of months for each kind; nothing for what is kept for ever."""

    version = HiddenField()

    def months(self) -> dict[str, int | None]:
        return {kind.key: self[kind.key].data for kind in KINDS}


for _kind in KINDS:
    _field = WholeNumber(_kind.name, 1, MOST_MONTHS, may_be_empty=True, description=f"Months after {_kind.after}.")
    setattr(ScheduleForm, _kind.key, _field)


class HoldForm(SignpostForm):
    reference = PlainLine(
        "Reference of the record",
        [Required("Enter the reference of the record")],
        noun="The reference",
        max_length=20,
        description="Such as K4TX-29BD. What is held keeps everything that belongs to it.",
    )
    reason = PlainLine("Why is it held?", [Required("Say why it is held")], noun="The reason", max_length=300)
