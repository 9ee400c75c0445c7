"""What people type is tidied and kept, or refused in a sentence; and each field finds its NHS control."""

import re
from datetime import date
from pathlib import Path

import pytest
from flask import Flask, render_template_string
from flask_wtf import CSRFProtect
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    SubmitField,
    TelField,
)
from wtforms.validators import NumberRange

from signpost import templating
from signpost.errors import RuleBroken, StaleRecord
from signpost.forms import (
    DateParts,
    EmailLine,
    PlainLine,
    PlainText,
    Required,
    SignpostForm,
    beside_field,
    error_list,
    kind,
    params,
    refused_beside,
)

ROOT = Path(__file__).resolve().parents[1]


HINTED = SelectChoice("yes", "Yes", {"hint": "It is told"})


class AForm(SignpostForm):
    name = PlainLine("Trainee’s name", [Required("Enter the trainee’s name")], max_length=100)
    email = EmailLine("Email address", description="We send one message")
    request = PlainText("What would help?", noun="Request", max_length=1000)
    school = SelectField("School", choices=[SelectChoice("", "Select a school"), SelectChoice("medicine", "Medicine")])
    concerns = RadioField("Wider concerns?", [Required()], choices=[HINTED, SelectChoice("no", "No")])
    ways = SelectMultipleField("Ways", choices=[SelectChoice("email", "Email"), SelectChoice("telephone", "Telephone")])
    told = BooleanField("I have told the trainee")
    on = DateParts("Date", earliest=date(2026, 11, 21), latest=lambda: date(2027, 12, 31))
    password = PasswordField("Password")
    telephone = TelField("Telephone")
    count = IntegerField("How many", [NumberRange(1, 3)])
    version = HiddenField()
    send = SubmitField("Send")


GOOD = {"name": "Sam Lee", "concerns": "no", "school": "medicine", "count": "2"}


@pytest.fixture
def house():
    app = Flask(__name__, template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    app.config.update(SECRET_KEY="only for tests", WTF_CSRF_ENABLED=False)
    templating.configure(app)
    CSRFProtect(app)
    with app.test_request_context("/"):
        yield app


def sent(house, **answers):
    with house.test_request_context("/", method="POST", data={**GOOD, **answers}):
        form = AForm()
        form.validate()
        return form


def error_of(house, field, typed):
    errors = sent(house, **{field: typed})[field].errors
    return errors[0] if errors else None


def shown(source, **values):
    macros = '{% from "macros/forms.html" import field, error_summary, submit, hidden, form_attributes, csrf_field %}'
    return render_template_string(macros + source, **values)


# --- What is accepted ---


@pytest.mark.parametrize(
    "name",
    [
        *["O’Brien", "O'Brien", "Anne-Marie de la Cruz", "Seán Ó Briain", "Nguyễn Thị Minh", "محمد الأحمد", "שרה כהן"],
        *["Xiuying 李 🌸", "Family 👩‍👩‍👧", "می‌خواهم", "Li {{ 7*7 }}", "<script>alert(1)</script>", "Robert'); DROP--"],
    ],
)
def test_names_of_every_script_are_kept_as_typed(house, name):
    form = sent(house, name=name)
    assert not form.name.errors
    assert form.name.data == name


def test_a_line_is_trimmed_and_its_spaces_are_single(house):
    assert sent(house, name="  Sam\t \u00a0 Lee ").name.data == "Sam Lee"


def test_letters_are_kept_composed_so_that_the_same_name_is_the_same_text(house):
    assert sent(house, name="Sea\u0301n").name.data == "Seán"


def test_text_keeps_its_lines_with_unix_ends_and_one_blank_line_at_most(house):
    form = sent(house, request="  One  \r\n  two\r\n\r\n\r\n\r\nthree\r\n\r\n")
    assert form.request.data == "One\n  two\n\nthree"


def test_a_line_break_counts_as_one_character(house):
    assert error_of(house, "request", "\r\n".join(["x"] * 500) + "x") is None


# --- What is refused, and how it is said ---


@pytest.mark.parametrize(
    "typed", ["Sam\r\nBcc: x@example.com", "Sam\nLee", "Sam\u2028Lee", "Sam\u2029", "Sam\x85Lee", "Sam\n"]
)
def test_a_line_break_in_a_single_line_is_refused(house, typed):
    form = sent(house, name=typed)
    assert form.name.errors == ["Trainee’s name must be on one line"]
    assert "\n" not in form.name.data


@pytest.mark.parametrize(
    ("character", "code"), [("\x00", "U+0000"), ("\x07", "U+0007"), ("\x1b", "U+001B"), ("\x7f", "U+007F")]
)
def test_a_control_character_is_refused_by_name(house, character, code):
    words = "contains a hidden control character ({}). Delete it, or type the words again."
    assert error_of(house, "name", f"S{character}m") == f"Trainee’s name {words.format(code)}"
    assert error_of(house, "request", f"S{character}m") == f"Request {words.format(code)}"


@pytest.mark.parametrize("separator", ["\u2028", "\u2029"])
def test_a_line_separator_is_refused_in_text_too(house, separator):
    assert "hidden control character" in error_of(house, "request", f"One{separator}two")


@pytest.mark.parametrize("code", [*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
def test_a_character_that_turns_the_text_around_is_refused(house, code):
    words = f"contains a hidden character that turns the direction of the text (U+{code:04X})"
    assert words in error_of(house, "name", f"Sam{chr(code)}Lee")
    assert words in error_of(house, "request", f"Sam{chr(code)}Lee")


@pytest.mark.parametrize("character", [chr(0xD800), chr(0xDFFF), chr(0xFFFD)])
def test_half_a_character_or_a_damaged_one_is_refused(house, character):
    form = AForm(MultiDict({**GOOD, "name": f"S{character}m"}))
    form.validate()
    assert form.name.errors[0].startswith(
        "Trainee’s name contains a character that could not be read (shown as \ufffd)"
    )
    form.name.data.encode("utf-8")


def test_what_was_refused_is_shown_again_with_the_fault_made_visible(house):
    assert sent(house, name="Sam\u202e Lee\x07").name.data == "Sam\ufffd Lee\ufffd"


def test_too_many_characters_are_counted_for_the_reader(house):
    assert error_of(house, "request", "x" * 1000) is None
    assert (
        error_of(house, "request", "x" * 1001) == "Request must be 1,000 characters or fewer. It is 1,001 characters."
    )
    assert error_of(house, "name", "x" * 101) == "Trainee’s name must be 100 characters or fewer. It is 101 characters."


def test_five_megabytes_are_refused_in_the_same_words_and_quickly(house):
    house.config["MAX_FORM_MEMORY_SIZE"] = 20_000_000
    for typed in ("x" * 5_242_880, "x" + " " * 5_242_878 + "x"):
        assert error_of(house, "request", typed) == (
            "Request must be 1,000 characters or fewer. It is 5,242,880 characters."
        )


@pytest.mark.parametrize("blank", ["", "   ", "\t", "\u00a0", "\u200b", "\u2060\ufeff", "\u200e"])
def test_what_nobody_can_see_is_no_answer(house, blank):
    assert error_of(house, "name", blank) == "Enter the trainee’s name"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("sam+training@example.com", "sam+training@example.com"),
        ("  Sam.Lee@EXAMPLE.com ", "Sam.Lee@example.com"),
        ("adviser@signpost.example", "adviser@signpost.example"),
        ("o'brien@example.com", "o'brien@example.com"),
        ("sam@bücher.example", "sam@xn--bcher-kva.example"),
        ("", ""),
    ],
)
def test_email_addresses_are_kept_in_their_normal_form(house, typed, kept):
    form = sent(house, email=typed)
    assert not form.email.errors
    assert form.email.data == kept


@pytest.mark.parametrize(
    "typed",
    [
        "sam",
        "sam@",
        "@example.com",
        "sam@example",
        "sam lee@example.com",
        "a@b@example.com",
        "Sam <sam@example.com>",
        f"{'x' * 65}@example.com",
    ],
)
def test_what_is_no_email_address_is_refused_with_an_example(house, typed):
    assert error_of(house, "email", typed) == "Email address must be in the correct format, like name@example.com"


def test_an_address_that_would_add_a_header_is_refused(house):
    assert error_of(house, "email", "sam@example.com\nBcc: eve@example.com") == "Email address must be on one line"
    assert "254 characters or fewer" in error_of(house, "email", "x" * 300 + "@example.com")


def test_a_choice_that_is_not_offered_is_refused_in_plain_words(house):
    assert error_of(house, "school", "astrology") == "Select one of the choices on the list"
    assert error_of(house, "ways", "pigeon") == "Select from the choices on the list"
    assert error_of(house, "count", "many") == "Enter a whole number, like 3"
    assert error_of(house, "count", "9") == "Enter a number from 1 to 3"


def test_a_required_choice_says_select(house):
    with house.test_request_context("/", method="POST", data={"name": "Sam"}):
        form = AForm()
        form.validate()
    assert form.concerns.errors[0] == "Select wider concerns"


def test_an_empty_post_is_refused_and_a_json_body_is_not_read(house):
    with house.test_request_context("/", method="POST"):
        assert not AForm().validate_on_submit()
    with house.test_request_context("/", method="POST", json=["name"]):
        form = AForm()
        assert not form.validate_on_submit()
        assert form.name.data is None


def test_a_form_opened_by_a_get_is_not_checked(house):
    with house.test_request_context("/?name=Sam"):
        form = AForm()
        assert not form.validate_on_submit()
        assert not form.errors


# --- A date in three parts ---


def the_date(house, day, month, year):
    form = sent(house, **{"on-day": day, "on-month": month, "on-year": year})
    return form.on.data, form.on.errors[0] if form.on.errors else None, form.on.bad_parts


@pytest.mark.parametrize("month", ["3", "03", "March", "mar", " march "])
def test_a_date_is_read_from_its_parts_and_months_may_be_words(house, month):
    assert the_date(house, "27", month, "2027") == (date(2027, 3, 27), None, ())


@pytest.mark.parametrize(
    ("parts", "words", "bad"),
    [
        (("", "3", "2027"), "Date must include a day", ("day",)),
        (("27", "", ""), "Date must include a month and year", ("month", "year")),
        (("31", "2", "2027"), "Date must be a real date", ("day",)),
        (("27", "13", "2027"), "Date must be a real date", ("month",)),
        (("x", "3", "2027"), "Date must be a real date", ("day",)),
        (("27", "3", "27"), "Date must have a year of 4 numbers", ("year",)),
        (("2٣", "3", "2027"), "Date must be a real date", ("day",)),
        (("20", "11", "2026"), "Date must be 21 November 2026 or later", ()),
        (("1", "1", "2028"), "Date must be 31 December 2027 or earlier", ()),
    ],
)
def test_a_date_that_is_not_one_says_what_is_wrong_and_where(house, parts, words, bad):
    assert the_date(house, *parts)[1:] == (words, bad)


def test_no_date_is_none_and_what_was_typed_is_kept(house):
    assert the_date(house, "", "", "") == (None, None, ())
    form = sent(house, **{"on-day": "31", "on-month": "February", "on-year": "2027"})
    assert form.on.parts == {"day": "31", "month": "February", "year": "2027"}


def test_a_date_that_is_there_already_fills_the_boxes(house):
    assert AForm(data={"on": date(2027, 3, 7)}).on.parts == {"day": "7", "month": "3", "year": "2027"}


def test_a_required_date_is_asked_for(house):
    class Needed(SignpostForm):
        on = DateParts("Date", [Required()])

    with house.test_request_context("/", method="POST"):
        form = Needed()
        assert not form.validate_on_submit()
        assert error_list(form) == [{"text": "Enter date", "href": "#on-day"}]


# --- The bridge ---


def test_each_field_finds_its_control(house):
    form = AForm()
    kinds = {field.name: kind(field) for field in form}
    assert {kinds[field] for field in ("name", "email", "telephone", "count")} == {"input"}
    assert kinds["request"] == "character_count"
    assert [kinds[field] for field in ("school", "concerns", "ways", "told")] == [
        "select",
        "radios",
        "checkboxes",
        "checkbox",
    ]
    assert [kinds[field] for field in ("on", "password", "version", "send")] == ["date", "password", "hidden", "submit"]


def test_every_kind_of_field_is_shown_with_its_label_and_its_error(house):
    form = sent(house, name="", email="x", school="x", count="x", ways="x", **{"on-day": "1"})
    page = shown("{% for one in form %}{{ field(one) }}{% endfor %}", form=form)
    for field in form:
        if kind(field) in {"hidden", "submit"}:
            continue
        assert field.label.text in page
        for error in field.errors[:1]:
            assert error in page
    assert 'type="email"' in page
    assert 'type="tel"' in page
    assert 'data-maxlength="1000"' in page
    assert 'name="on-day"' in page
    assert "We send one message" in page
    assert "It is told" in page


def test_an_error_links_to_the_control_that_mends_it(house):
    form = sent(house, name="", concerns="", **{"on-day": "31", "on-month": "2"})
    page = shown(
        "{{ error_summary(form) }}{{ field(form.name) }}{{ field(form.concerns) }}{{ field(form.on) }}", form=form
    )
    targets = re.findall('href="#([^"]+)"', page)
    assert targets == ["name", "concerns", "on-year"]
    for target in targets:
        assert len(re.findall(f'<input[^>]* id="{target}"', page)) == 1


def test_a_form_without_errors_has_no_summary(house):
    assert shown("{{ error_summary(form) }}", form=sent(house)).strip() == ""


def test_what_was_typed_is_given_back_escaped_and_a_password_never_is(house):
    form = sent(house, name='"><script>x</script>', request="</textarea><b>", password="hunter2")
    page = shown("{{ field(form.name) }}{{ field(form.request) }}{{ field(form.password) }}", form=form)
    assert "<script>" not in page
    assert "<b>" not in page
    assert "hunter2" not in page
    assert "&lt;/textarea&gt;&lt;b&gt;" in page


def test_the_lines_of_a_text_survive_inside_a_choice_that_reveals_it(house):
    form = sent(house, request="One\n  two\nthree")
    page = shown(
        '{% set more %}{{ field(form.request) }}{% endset %}{{ field(form.concerns, conditional={"yes": more}) }}',
        form=form,
    )
    assert ">One\n  two\nthree</textarea>" in page
    assert 'data-aria-controls="conditional-concerns"' in page


def test_chosen_answers_stay_chosen(house):
    form = sent(house, concerns="yes", ways="telephone", told="y")
    page = shown(
        "{{ field(form.concerns) }}{{ field(form.ways) }}{{ field(form.told) }}{{ field(form.school) }}", form=form
    )
    assert re.findall('value="([^"]+)" checked', page) == ["yes", "telephone", "y"]
    assert re.findall('value="([^"]*)" selected', page) == ["medicine"]


def test_a_page_may_say_its_own_label_hint_and_attributes(house):
    form = AForm()
    made = params(
        form.name, label="Your name", hint="In full", size="l", heading=True, width=20, attributes={"dir": "auto"}
    )
    assert made["label"] == {"text": "Your name", "size": "l", "isPageHeading": True}
    assert made["hint"] == {"text": "In full"}
    assert made["width"] == 20
    assert made["attributes"] == {"dir": "auto"}


def test_choices_may_have_hints_and_a_word_between_them(house):
    items = params(AForm().concerns, hints={"no": "Nobody is told"}, divider={"no": "or"})["items"]
    assert items[0]["hint"] == {"text": "It is told"}
    assert items[1] == {"divider": "or"}
    assert items[2]["hint"] == {"text": "Nobody is told"}


def test_two_forms_on_a_page_share_no_ids_by_their_hidden_fields(house):
    house.config["WTF_CSRF_ENABLED"] = True
    page = shown("{{ form.hidden_tag() }}{{ form.hidden_tag() }}{{ csrf_field() }}", form=AForm())
    assert page.count('name="csrf_token"') == 3
    assert page.count('name="version"') == 2
    assert "id=" not in page


def test_a_form_answers_with_the_whole_page_and_works_without_javascript(house):
    page = shown('<form {{ form_attributes("/referrals") }}>{{ submit("Send referral") }}</form>')
    for attribute in ('method="post"', 'action="/referrals"', "novalidate", 'hx-select="#page"', 'hx-sync="this:drop"'):
        assert attribute in page
    assert 'data-prevent-double-click="true"' in page


def test_what_the_rules_refuse_is_said_beside_the_field_and_a_change_meanwhile_is_not(app):
    class Form(SignpostForm):
        name = PlainLine("Name")

    with app.test_request_context("/", method="POST"):
        form = Form()
        form.validate()
        with refused_beside(form.name):
            raise RuleBroken("There is one already.")
        assert form.name.errors == ["There is one already"]
        with pytest.raises(StaleRecord), refused_beside(form.name):
            raise StaleRecord("Look again.")
        with pytest.raises(RuleBroken), refused_beside(form.name, StaleRecord):
            raise RuleBroken("Of another kind.")


def test_beside_a_field_one_sentence_has_no_full_stop_and_two_keep_theirs():
    assert beside_field("There is one already.") == "There is one already"
    assert beside_field("It is too late. Ask your counsellor.") == "It is too late. Ask your counsellor."
