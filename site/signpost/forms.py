"""Forms in plain words: the base form, the fields that refuse bad text, and the bridge to the NHS macros."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from markupsafe import Markup
from werkzeug.datastructures import CombinedMultiDict
from wtforms import (
    BooleanField,
    EmailField,
    Field,
    FileField,
    HiddenField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    SubmitField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional, StopValidation, ValidationError

from signpost import characters
from signpost.characters import made_visible, tidy_line, tidy_text, what_is_wrong_with
from signpost.errors import RuleBroken, StaleRecord
from signpost.formatting import day, within

# --- The form itself -------------------------------------------------------------------------------------

_PLAIN_WORDS = {
    "Not a valid choice.": "Select one of the choices on the list",
    "Invalid Choice: could not coerce.": "Select one of the choices on the list",
    "Invalid choice(s): one or more data inputs could not be coerced.": "Select from the choices on the list",
    "This field is required.": "Give an answer",
    "Not a valid integer value.": "Enter a whole number, like 3",
    "Not a valid decimal value.": "Enter a number, like 3.5",
    "Invalid email address.": "Enter an email address in the correct format, like name@example.com",
    "Number must be at least %(min)s.": "Enter %(min)s or more",
    "Number must be at most %(max)s.": "Enter %(max)s or less",
    "Number must be between %(min)s and %(max)s.": "Enter a number from %(min)s to %(max)s",
}
_PLAIN_PLURALS = {
    "Field must be at least %(min)d characters long.": "Enter %(min)d characters or more",
    "Field cannot be longer than %(max)d characters.": "Enter %(max)d characters or fewer",
    "Field must be exactly %(max)d characters long.": "Enter exactly %(max)d characters",
    "'%(value)s' is not a valid choice for this field.": "Select from the choices on the list",
    "'%(value)s' are not valid choices for this field.": "Select from the choices on the list",
}


class _PlainWords:
    """Stands where WTForms expects a translation: from its English into ours."""

    def gettext(self, words: str) -> str:
        return _PLAIN_WORDS.get(words, words)

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        words = singular if number == 1 else plural
        return _PLAIN_PLURALS.get(plural, _PLAIN_PLURALS.get(words, words))


class SignpostForm(FlaskForm):
    """The form every other form is built on: protected, plainly worded, fed by form posts only."""

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: Any) -> _PlainWords:
            return _PlainWords()

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Read what a form sent, never JSON; an empty post is still a post."""
            if isinstance(formdata, Mapping) or formdata is None:
                return formdata
            if hasattr(formdata, "getlist"):
                return formdata
            if request.method not in {"POST", "PUT", "PATCH", "DELETE"}:
                return None
            return CombinedMultiDict((request.files, request.form)) if request.files else request.form

    def hidden_tag(self, *names: str) -> Markup:
        """Every hidden field, without ids, so that two forms may share a page."""
        wanted: Iterator[Field] = (self[name] for name in names) if names else iter(self)
        return Markup("").join(_hidden(field) for field in wanted if isinstance(field, HiddenField))


@contextmanager
def refused_beside(field: Field, kind: type[RuleBroken] = RuleBroken) -> Iterator[None]:
    """What the rules refuse in here is said beside this field. What somebody else changed meanwhile is a page of its own."""
    try:
        yield
    except StaleRecord:
        raise
    except kind as refusal:
        field.errors = [*field.errors, beside_field(refusal.words)]


def beside_field(words: str) -> str:
    """A refusal as it stands beside a field: one sentence alone has no full stop there, as no other message has."""
    return words.removesuffix(".") if ". " not in words else words


def _hidden(field: Field) -> Markup:
    """A hidden input without an id: nothing ever points at one."""
    value = field._value() if hasattr(field, "_value") else field.data
    return Markup('<input type="hidden" name="{}" value="{}">').format(field.name, "" if value is None else value)


# --- Words people type -----------------------------------------------------------------------------------


def noun_of(field: Field) -> str:
    """What a field is called in a sentence: its own noun, else its label."""
    return str(getattr(field, "noun", "") or field.label.text.rstrip("?: "))


class PlainLine(StringField):
    """One line of words: `PlainLine("Trainee's name", [Required("Enter the trainee's name")])`.

    What was typed is tidied; a character that cannot be kept, or too many of them, is refused in a sentence about the
    `noun` (the label, if none is given).
    """

    several_lines = False

    def __init__(
        self,
        label: str | None = None,
        validators: Sequence[Any] | None = None,
        *,
        max_length: int = 200,
        noun: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.max_length, self.noun = max_length, noun
        self._fault: str | None = None

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist:
            return
        typed = valuelist[0].strip(" \t\r\n" if self.several_lines else " \t")
        self._fault = what_is_wrong_with(typed, noun_of(self), several_lines=self.several_lines)
        if self._fault:
            typed = made_visible(typed, several_lines=self.several_lines)
        self.data = tidy_text(typed) if self.several_lines else tidy_line(typed)

    def pre_validate(self, form: Any) -> None:
        if self._fault:
            raise StopValidation(self._fault)
        if self.data and len(self.data) > self.max_length:
            raise StopValidation(
                f"{noun_of(self)} must be {self.max_length:,} characters or fewer. It is {len(self.data):,} characters."
            )


class PlainText(PlainLine, TextAreaField):
    """Several lines, shown with a character count: `PlainText("What would help?", noun="Request", max_length=1000)`."""

    several_lines = True

    def __init__(
        self,
        label: str | None = None,
        validators: Sequence[Any] | None = None,
        *,
        max_length: int = 1000,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, max_length=max_length, **kwargs)


class EmailLine(PlainLine, EmailField):
    """An email address, kept in its normal form."""

    def __init__(
        self, label: str | None = None, validators: Sequence[Any] = (), *, max_length: int = 254, **kwargs: Any
    ) -> None:
        super().__init__(label, [*validators, EmailAddress()], max_length=max_length, **kwargs)


class Required(DataRequired):
    """There must be an answer; the words default to "Enter …" or "Select …" and the field's noun."""

    def __call__(self, form: Any, field: Field) -> None:
        verb = "Select" if kind(field) in {"radios", "checkboxes", "select", "checkbox"} else "Enter"
        DataRequired(self.message or f"{verb} {within(noun_of(field))}")(form, field)


class EmailAddress:
    """Checks the shape of an address, without asking the network, and keeps its normal form. Empty passes."""

    def __call__(self, form: Any, field: Field) -> None:
        if not field.data:
            return
        try:
            field.data = characters.address(field.data)
        except ValueError:
            raise ValidationError(f"{noun_of(field)} must be in the correct format, like name@example.com") from None


class WholeNumber(IntegerField):
    """A whole number within bounds: `WholeNumber("Minutes", 10, 240)`. Where it `may_be_empty`, nothing gives None."""

    def __init__(self, label: str, least: int, most: int, *, may_be_empty: bool = False, **kwargs: Any) -> None:
        said = f"{label} must be a whole number from {least} to {most}"
        needed = Optional(strip_whitespace=True) if may_be_empty else InputRequired(said)
        super().__init__(label, [needed, NumberRange(least, most, said)], **kwargs)


def options(*pairs: tuple[str, str]) -> list[SelectChoice]:
    """The choices of a select, of radios or of checkboxes, from (value, words) pairs."""
    return [SelectChoice(value, words) for value, words in pairs]


# --- A date in three parts -------------------------------------------------------------------------------

_PARTS = ("day", "month", "year")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class DateParts(Field):
    """Day, month and year boxes, posted as `name-day`, `name-month`, `name-year`; `data` is a date or None.

    `earliest` and `latest` are dates, or functions that give one when the form is checked.
    """

    def __init__(
        self,
        label: str | None = None,
        validators: Sequence[Any] | None = None,
        *,
        earliest: date | Callable[[], date] | None = None,
        latest: date | Callable[[], date] | None = None,
        noun: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.earliest, self.latest, self.noun = earliest, latest, noun
        self.parts: dict[str, str] = dict.fromkeys(_PARTS, "")
        self.bad_parts: tuple[str, ...] = ()

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        self.process_errors: list[str] = []
        given = data if isinstance(data, date) else (self.default() if callable(self.default) else self.default)
        self.object_data = self.data = given
        if given:
            self.parts = {"day": str(given.day), "month": str(given.month), "year": str(given.year)}
        if formdata is None:
            return
        sent = {part: formdata.getlist(f"{self.name}-{part}") for part in _PARTS}
        self.raw_data = [value for values in sent.values() for value in values]
        self.parts = {part: made_visible(tidy_line(values[0][:40])) if values else "" for part, values in sent.items()}
        self.data = None
        if any(self.parts.values()):
            self._read()

    def _read(self) -> None:
        missing = tuple(part for part in _PARTS if not self.parts[part])
        if missing:
            self._refuse(missing, f"must include a {' and '.join(missing)}")
            return
        month = self.parts["month"].lower()
        number = _MONTHS.index(month[:3]) + 1 if month[:3] in _MONTHS else _whole_number(month)
        day_number, year = _whole_number(self.parts["day"]), _whole_number(self.parts["year"])
        unread = tuple(part for part, value in zip(_PARTS, (day_number, number, year), strict=True) if value is None)
        if year is not None and year < 1000:
            self._refuse(("year",), "must have a year of 4 numbers")
        elif day_number is None or number is None or year is None:
            self._refuse(unread, "must be a real date")
        else:
            try:
                self.data = date(year, number, day_number)
            except ValueError:
                self._refuse(("day",) if 1 <= number <= 12 else ("month",), "must be a real date")

    def _refuse(self, bad_parts: tuple[str, ...], words: str) -> None:
        self.bad_parts = bad_parts
        self.process_errors = [f"{noun_of(self)} {words}"]

    def pre_validate(self, form: Any) -> None:
        if self.process_errors:
            raise StopValidation()
        if self.data is None:
            return
        earliest = self.earliest() if callable(self.earliest) else self.earliest
        latest = self.latest() if callable(self.latest) else self.latest
        if earliest and self.data < earliest:
            raise StopValidation(f"{noun_of(self)} must be {day(earliest)} or later")
        if latest and self.data > latest:
            raise StopValidation(f"{noun_of(self)} must be {day(latest)} or earlier")


def _whole_number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else None


# --- The bridge to the NHS macros ------------------------------------------------------------------------


def kind(field: Field) -> str:
    """Which macro shows this field."""
    for field_class, name in (
        (DateParts, "date"),
        (HiddenField, "hidden"),
        (SubmitField, "submit"),
        (PasswordField, "password"),
        (RadioField, "radios"),
        (SelectMultipleField, "checkboxes"),
        (SelectField, "select"),
        (BooleanField, "checkbox"),
        (FileField, "upload"),
    ):
        if isinstance(field, field_class):
            return name
    if isinstance(field, TextAreaField):
        return "character_count" if getattr(field, "max_length", 0) else "textarea"
    return "input"


def error_list(form: Any) -> list[dict[str, str]]:
    """The first error of each field, in the order of the form, each linked to the control to mend."""
    errors = [
        {"text": str(field.errors[0]), "href": f"#{first_control(field)}"}
        for field in form
        if field.errors and not isinstance(field, HiddenField)
    ]
    hidden = [{"text": str(field.errors[0])} for field in form if field.errors and isinstance(field, HiddenField)]
    return errors + hidden + [{"text": str(words)} for words in form.form_errors]


def first_control(field: Field) -> str:
    """The id that an error link points at: the first bad part of a date, else the control itself."""
    if isinstance(field, DateParts):
        return f"{field.id}-{(field.bad_parts or _PARTS)[0]}"
    return str(field.id)


def params(
    field: Field,
    *,
    label: str | None = None,
    hint: str | None = None,
    size: str = "s",
    heading: bool = False,
    label_hidden: bool = False,
    conditional: Mapping[str, str] | None = None,
    hints: Mapping[str, str] | None = None,
    divider: Mapping[str, str] | None = None,
    **overrides: Any,
) -> dict[str, Any]:
    """What an NHS macro needs to show `field`.

    `size` is s (bold), m, l, xl, or "" for plain; `heading` makes the label the page's h1; `conditional` and `hints` map a choice's value
    to the HTML it reveals or its hint; `divider` maps a choice's value to the word before it. Anything else is the
    macro's own parameter: rows, width, autocomplete, inputmode, spellcheck, classes, attributes, inline, small.
    """
    shape = kind(field)
    words = field.label.text if label is None else label
    made: dict[str, Any] = {"idPrefix" if shape in _GROUPS else "id": field.id, "name": field.name}
    if shape in _WITH_LEGEND:
        made["fieldset"] = {"legend": _title(words, size, heading, label_hidden)}
    elif shape != "checkbox":
        made["label"] = _title(words, size, heading, label_hidden)
    if help_text := (field.description if hint is None else hint):
        made["hint"] = _words(help_text)
    if field.errors:
        made["errorMessage"] = {"text": str(field.errors[0])}
    made["attributes"] = {**(field.render_kw or {}), **overrides.pop("attributes", {})}

    if shape in {"radios", "checkboxes"}:
        made["items"] = _choices(field, conditional or {}, hints or {}, divider or {})
    elif shape == "checkbox":
        made["items"] = [{"value": "y", **_words(words), "checked": bool(field.data)}]
    elif shape == "select":
        made["items"] = _options(field)
    elif shape == "date":
        made["items"] = _date_boxes(field)
    else:
        made |= _typed(field, shape)
    return made | overrides


_GROUPS = {"radios", "checkboxes", "checkbox"}
_WITH_LEGEND = {"radios", "checkboxes", "date"}


def _typed(field: Field, shape: str) -> dict[str, Any]:
    """The parameters of a control that is typed into. A password and a file are never given back."""
    if shape in {"password", "upload"}:
        return {}
    made: dict[str, Any] = {"value": "" if field.data is None else str(field.data)}
    if shape == "character_count":
        made["maxlength"] = field.max_length
    elif shape == "input":
        made["type"] = field.widget.input_type
        if made["type"] == "email":
            made |= {"spellcheck": False, "autocapitalize": "none"}
    return made


def _options(field: Field) -> list[dict[str, Any]]:
    return [
        {"value": str(choice.value), "text": choice.label, "selected": choice.selected}
        for choice in field.iter_choices()
    ]


def _date_boxes(field: DateParts) -> list[dict[str, Any]]:
    """Three boxes; in error, the bad ones are marked, or all of them when none is named."""
    marked = bool(field.errors and field.bad_parts)
    return [
        {
            "name": f"{field.name}-{part}",
            "id": f"{field.id}-{part}",
            "label": part.capitalize(),
            "value": field.parts[part],
            "width": 4 if part == "year" else 2,
            **({"error": part in field.bad_parts} if marked else {}),
        }
        for part in _PARTS
    ]


def _words(text: str) -> dict[str, str]:
    return {"html": text} if isinstance(text, Markup) else {"text": text}


def _title(text: str, size: str, heading: bool, hidden: bool) -> dict[str, Any]:
    title: dict[str, Any] = _words(text)
    if size:
        title["size"] = size
    if heading:
        title["isPageHeading"] = True
    if hidden:
        title["classes"] = "nhsuk-u-visually-hidden"
    return title


def _choices(
    field: Field, conditional: Mapping[str, str], hints: Mapping[str, str], divider: Mapping[str, str]
) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    for choice in field.iter_choices():
        value, extra = str(choice.value), dict(choice.render_kw or {})
        if value in divider:
            items.append({"divider": divider[value]})
        item: dict[str, Any] = {"value": value, "checked": choice.selected, **_words(choice.label)}
        if hint := hints.get(value, extra.pop("hint", None)):
            item["hint"] = _words(hint)
        if value in conditional:
            item["conditional"] = {"html": conditional[value]}
        if extra:
            item["attributes"] = extra
        items.append(item)
    return items
