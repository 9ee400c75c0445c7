"""The administrator's pages about people."""

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import Employer, Event, Notice, Role, RoleAsked, RoleHeld, School, User
from signpost.access import allowed_to, signed_in_user
from signpost.accounts import people, queries, roles, sessions
from signpost.accounts.people_forms import PersonForm, RoleForm, VersionForm
from signpost.forms import refused_beside
from signpost.notices import ledger
from signpost.web import form_page, get_object_or_404, posted_version, see_other

bp = Blueprint("people", __name__, url_prefix="/people")

MOST_SHOWN = 100


@bp.get("")
@allowed_to(Role.ADMINISTRATOR)
def index() -> ResponseReturnValue:
    text = request.args.get("q", "")[:200]
    shown = people.found(text, MOST_SHOWN)
    return render_template(
        "people/index.html",
        people=[(user, roles.in_words(user)) for user in shown],
        q=text,
        most=MOST_SHOWN,
        asked=people.roles_asked(),
    )


@bp.route("/new", methods=["GET", "POST"])
@allowed_to(Role.ADMINISTRATOR)
def new() -> ResponseReturnValue:
    """Invite somebody: they choose their own password."""
    person, role = PersonForm(), _role_form()
    if person.is_submitted() and person.validate() & role.validate():
        with refused_beside(person.email):
            invited = people.invite(
                person.email.data or "",
                person.name.data or "",
                person.phone.data or "",
                [role.wanted()],
                signed_in_user(),
            )
            return see_other(url_for(".show", user_id=invited.public_id))
    return form_page("people/new.html", person, role=role)


def _role_form() -> RoleForm:
    schools = list(School.select().order_by(School.name))
    return RoleForm(schools, list(Employer.select().order_by(Employer.name)))


def _load(user_id: str) -> User:
    person: User = get_object_or_404(User.select(), User.public_id == user_id)
    return person if person.email != queries.SYSTEM_EMAIL else abort(404)


@bp.get("/<public_id:user_id>")
@allowed_to(Role.ADMINISTRATOR)
def show(user_id: str) -> ResponseReturnValue:
    person = _load(user_id)
    held = list(RoleHeld.select().where(RoleHeld.user == person).order_by(RoleHeld.id))
    sent = Notice.select().join(Event).where((Event.user == person) & Notice.referral.is_null())
    return render_template(
        "people/show.html",
        person=person,
        held=[(one, roles.one_in_words(one)) for one in held],
        browsers=len(sessions.open_sessions(person)),
        messages=ledger.lines(sent.order_by(Notice.id.desc()).limit(5)),
        version=person.version,
    )


@bp.route("/<public_id:user_id>/details", methods=["GET", "POST"])
@allowed_to(Role.ADMINISTRATOR)
def details(user_id: str) -> ResponseReturnValue:
    person = _load(user_id)
    form = PersonForm(obj=None if request.method == "POST" else person)
    if form.validate_on_submit():
        with refused_beside(form.email, people.AddressTaken):
            people.change_person(
                person,
                form.name.data or "",
                form.email.data or "",
                form.phone.data or "",
                signed_in_user(),
                posted_version(form),
            )
            return see_other(url_for(".show", user_id=person.public_id))
    return form_page("people/details.html", form, person=person)


@bp.route("/<public_id:user_id>/roles", methods=["GET", "POST"])
@allowed_to(Role.ADMINISTRATOR)
def give_role(user_id: str) -> ResponseReturnValue:
    person = _load(user_id)
    form = _role_form()
    if form.validate_on_submit():
        people.give_role(person, form.wanted(), signed_in_user(), posted_version(form))
        return see_other(url_for(".show", user_id=person.public_id))
    if request.method == "GET":
        form.version.data = str(person.version)
    return form_page("people/role.html", form, person=person, is_me=person == signed_in_user())


@bp.post("/<public_id:user_id>/roles/<public_id:role_id>/end")
@allowed_to(Role.ADMINISTRATOR)
def take_role(user_id: str, role_id: str) -> ResponseReturnValue:
    person = _load(user_id)
    held = get_object_or_404(RoleHeld.select().where(RoleHeld.user == person), RoleHeld.public_id == role_id)
    people.take_role(person, held, signed_in_user(), posted_version(VersionForm()))
    return see_other(url_for(".show", user_id=person.public_id))


@bp.post("/<public_id:user_id>/closing")
@allowed_to(Role.ADMINISTRATOR)
def disable(user_id: str) -> ResponseReturnValue:
    people.disable(_load(user_id), signed_in_user(), posted_version(VersionForm()))
    return see_other(url_for(".show", user_id=user_id))


@bp.post("/<public_id:user_id>/opening")
@allowed_to(Role.ADMINISTRATOR)
def enable(user_id: str) -> ResponseReturnValue:
    people.enable(_load(user_id), signed_in_user(), posted_version(VersionForm()))
    return see_other(url_for(".show", user_id=user_id))


@bp.post("/<public_id:user_id>/sessions/end")
@allowed_to(Role.ADMINISTRATOR)
def end_sessions(user_id: str) -> ResponseReturnValue:
    people.sign_out_everywhere(_load(user_id), signed_in_user())
    return see_other(url_for(".show", user_id=user_id))


@bp.post("/<public_id:user_id>/invitation")
@allowed_to(Role.ADMINISTRATOR)
def invite_again(user_id: str) -> ResponseReturnValue:
    people.invite_again(_load(user_id), signed_in_user())
    return see_other(url_for(".show", user_id=user_id))


@bp.get("/roles-asked")
@allowed_to(Role.ADMINISTRATOR)
def roles_asked() -> ResponseReturnValue:
    """Case roles that administrators asked for themselves, for a second administrator to decide."""
    asked = [(one, roles.one_in_words(one)) for one in people.roles_asked()]
    return render_template("people/roles_asked.html", asked=asked)


@bp.post("/roles-asked/<public_id:asked_id>/decision")
@allowed_to(Role.ADMINISTRATOR)
def decide(asked_id: str) -> ResponseReturnValue:
    asked = get_object_or_404(RoleAsked.select(), RoleAsked.public_id == asked_id)
    people.decide(asked, request.form.get("given") == "yes", signed_in_user())
    return see_other(url_for(".roles_asked"))
