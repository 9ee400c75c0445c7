"""A counsellor's page about their own work, from which the adviser's list of candidates is made."""

from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField, SelectField, SelectMultipleField, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from models import Absence, Conflict, CounsellorVenue, Employer, Role, Venue
from signpost import clock
from signpost.access import allowed_to, signed_in_user
from signpost.accounts import work
from signpost.forms import DateParts, EmailLine, Required, SignpostForm, options
from signpost.web import form_page, see_other

bp = Blueprint("work", __name__, url_prefix="/account/work")


class PlacesForm(SignpostForm):
    places = SelectMultipleField(
        "Where do you see trainees?", option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False)
    )


class AbsenceForm(SignpostForm):
    first_day = DateParts("First day away", [Required("Enter the first day away")])
    last_day = DateParts("Last day away", [Required("Enter the last day away")])

    def validate_last_day(self, field: Any) -> None:
        if self.first_day.data and field.data and field.data < self.first_day.data:
            raise ValidationError("The last day away must be the same as or after the first")
        if field.data and field.data < clock.today():
            raise ValidationError("The last day away must be today or later")


class ConflictForm(SignpostForm):
    about = RadioField(
        "Whom should you not see?",
        [Required("Select whom you should not see")],
        choices=options(("trainee", "One trainee"), ("employer", "Anyone of an employer")),
    )
    trainee_email = EmailLine("The trainee’s email address", noun="The trainee’s email address")
    employer = SelectField("Employer", validate_choice=False)

    def __init__(self, employers: dict[str, Employer], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.employers = employers
        self.employer.choices = options(
            ("", "Select an employer"), *((key, one.name) for key, one in employers.items())
        )

    def validate_trainee_email(self, field: Any) -> None:
        if self.about.data == "trainee" and not field.data:
            raise ValidationError("Enter the trainee’s email address")

    def validate_employer(self, field: Any) -> None:
        if self.about.data == "employer" and field.data not in self.employers:
            raise ValidationError("Select the employer")


@bp.get("")
@allowed_to(Role.COUNSELLOR)
def show() -> ResponseReturnValue:
    me = signed_in_user()
    mine = CounsellorVenue.select(Venue.name).join(Venue).where(CounsellorVenue.counsellor == me).order_by(Venue.name)
    away = Absence.select().where((Absence.counsellor == me) & (Absence.last_day >= clock.today()))
    return render_template(
        "accounts/work.html",
        places=[name for (name,) in mine.tuples()],
        absences=list(away.order_by(Absence.first_day)),
        conflicts=list(Conflict.select().where(Conflict.counsellor == me).order_by(Conflict.id)),
    )


@bp.route("/places", methods=["GET", "POST"])
@allowed_to(Role.COUNSELLOR)
def places() -> ResponseReturnValue:
    me = signed_in_user()
    venues = {venue.public_id: venue for venue in Venue.select().order_by(Venue.name)}
    mine = CounsellorVenue.select().where(CounsellorVenue.counsellor == me)
    form = PlacesForm(data={"places": [row.venue.public_id for row in mine]})
    form.places.choices = options(*((key, venue.name) for key, venue in venues.items()))
    if form.validate_on_submit():
        work.see_trainees_at(me, [venues[key] for key in form.places.data or []])
        return see_other(url_for(".show"))
    return form_page("accounts/work_form.html", form, title="Where you see trainees", button="Save")


@bp.route("/absences", methods=["GET", "POST"])
@allowed_to(Role.COUNSELLOR)
def absences() -> ResponseReturnValue:
    form = AbsenceForm()
    if form.validate_on_submit():
        work.be_away(signed_in_user(), form.first_day.data, form.last_day.data)
        return see_other(url_for(".show"))
    return form_page("accounts/work_form.html", form, title="When you are away", button="Save")


@bp.post("/absences/<public_id:absence_id>/end")
@allowed_to(Role.COUNSELLOR)
def end_absence(absence_id: str) -> ResponseReturnValue:
    work.come_back(signed_in_user(), absence_id)
    return see_other(url_for(".show"))


@bp.route("/conflicts", methods=["GET", "POST"])
@allowed_to(Role.COUNSELLOR)
def conflicts() -> ResponseReturnValue:
    employers = {one.public_id: one for one in Employer.select().order_by(Employer.name)}
    form = ConflictForm(employers)
    if form.validate_on_submit():
        about_trainee = form.about.data == "trainee"
        work.declare_conflict(
            signed_in_user(),
            trainee_email=form.trainee_email.data if about_trainee else "",
            employer=None if about_trainee else employers[form.employer.data],
        )
        return see_other(url_for(".show"))
    return form_page("accounts/work_form.html", form, title="Declare a conflict of interest", button="Declare")


@bp.post("/conflicts/<public_id:conflict_id>/end")
@allowed_to(Role.COUNSELLOR)
def end_conflict(conflict_id: str) -> ResponseReturnValue:
    work.take_conflict_back(signed_in_user(), conflict_id)
    return see_other(url_for(".show"))
