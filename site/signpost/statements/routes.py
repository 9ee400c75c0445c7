"""The statements, for everybody; writing them; and the contracts, for those they cover and for staff."""

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import Contract, ContractCase, Employer, Referral, Statement, StatementKind
from signpost import settings
from signpost.access import allowed_to, public, roles_held, signed_in, signed_in_user
from signpost.accounts import links
from signpost.errors import RuleBroken
from signpost.forms import refused_beside
from signpost.referrals.forms import ConfirmForm
from signpost.statements import actions, queries
from signpost.statements.forms import (
    NEVER,
    SERVICE_NAMES,
    TITLES,
    AcknowledgementForm,
    CaseForm,
    ContractForm,
    StatementForm,
)
from signpost.web import form_page, get_object_or_404, posted_version, see_other

bp = Blueprint("statements", __name__)
# The pages of a case are beside this room; their templates ask for its contracts by this name.
bp.app_context_processor(lambda: {"contracts_of_case": contracts_of_case})

KIND = "<any(service, confidentiality, privacy, accessibility, ethics):kind>"


@bp.get("/statements")
@public
def index() -> ResponseReturnValue:
    """All of them, and who may write them where to."""
    standing = [(TITLES[kind], queries.now(kind)) for kind in StatementKind]
    return render_template("statements/index.html", standing=standing, may_write=_may_write(), may_read=_is_staff())


@bp.get(f"/statements/{KIND}")
@public
def show(kind: str) -> ResponseReturnValue:
    return _page(queries.now(StatementKind(kind)))


@bp.get(f"/statements/{KIND}/<public_id:statement_id>")
@public
def version(kind: str, statement_id: str) -> ResponseReturnValue:
    """An earlier version: what somebody agreed to is what they saw."""
    return _page(get_object_or_404(queries.versions(StatementKind(kind)), Statement.public_id == statement_id))


def _page(statement: Statement) -> ResponseReturnValue:
    kind = StatementKind(statement.kind)
    return render_template(
        "statements/show.html",
        title=TITLES[kind],
        statement=statement,
        versions=list(queries.versions(kind)),
        ours=settings.current(),
        may_write=_may_write(),
    )


def _may_write() -> bool:
    return bool(roles_held() & set(queries.EDITORS))


def _is_staff() -> bool:
    return bool(roles_held() & queries.STAFF)


@bp.route(f"/statements/{KIND}/edit", methods=["GET", "POST"])
@allowed_to(*queries.EDITORS)
def edit(kind: str) -> ResponseReturnValue:
    """Write the next version, look at it, then publish it."""
    which = StatementKind(kind)
    before = queries.now(which)
    form = StatementForm(data={"words": before.words, "seen": before.public_id})
    if form.validate_on_submit() and form.step.data == "publish":
        with refused_beside(form.words):
            actions.publish(which, form.words.data, signed_in_user(), form.seen.data or "")
            return see_other(url_for(".show", kind=kind))
    preview = form.words.data if request.method == "POST" and not form.errors else ""
    page = render_template(
        "statements/edit.html", form=form, title=TITLES[which], kind=kind, next=before.number + 1, preview=preview
    )
    return page, 422 if form.errors else 200


# Contracts


@bp.get("/statements/contracts")
@signed_in
def contracts() -> ResponseReturnValue:
    """Those that this person may read: staff all, a trainee those that cover them (C8)."""
    found = list(queries.contracts_visible_to(signed_in_user()).order_by(Contract.payer, Contract.id))
    return render_template("statements/contracts.html", contracts=found, may_write=_may_write())


@bp.route("/statements/contracts/new", methods=["GET", "POST"])
@allowed_to(*queries.EDITORS)
def new_contract() -> ResponseReturnValue:
    form = ContractForm(list(Employer.select().order_by(Employer.name)))
    if form.validate_on_submit():
        with refused_beside(form.covers):
            made = actions.draw_up(**form.said(), by=signed_in_user())
            return see_other(url_for(".contract", contract_id=made.public_id))
    return _contract_form(form, None)


@bp.get("/statements/contracts/<public_id:contract_id>")
@signed_in
def contract(contract_id: str) -> ResponseReturnValue:
    found = _contract(contract_id)
    return contract_page(found, url_for(".contracts"), may_write=_may_write(), is_staff=_is_staff())


@bp.route("/statements/contracts/<public_id:contract_id>/change", methods=["GET", "POST"])
@allowed_to(*queries.EDITORS)
def change_contract(contract_id: str) -> ResponseReturnValue:
    found = _contract(contract_id)
    if found.is_acknowledged:
        raise RuleBroken("The payer has accepted this contract, so it stays as it is. End it and draw up another.")
    filled = {
        "payer": found.payer,
        "employer": found.employer.public_id if found.employer else "",
        "covers": [str(one) for one in queries.services_of(found)],
        "words": found.words,
        "version": found.version,
    }
    form = ContractForm(list(Employer.select().order_by(Employer.name)), data=filled)
    if form.validate_on_submit():
        with refused_beside(form.covers):
            actions.redraw(found, **form.said(), by=signed_in_user(), expected_version=posted_version(form))
            return see_other(url_for(".contract", contract_id=contract_id))
    return _contract_form(form, found)


@bp.route("/statements/contracts/<public_id:contract_id>/acknowledgement", methods=["GET", "POST"])
@allowed_to(*queries.EDITORS)
def acknowledgement(contract_id: str) -> ResponseReturnValue:
    """The payer accepts the statement of ethics first: who, when, and in which version (C7)."""
    found, ethics = _contract(contract_id), queries.now(StatementKind.ETHICS)
    form = AcknowledgementForm(data={"ethics": ethics.public_id, "version": found.version})
    if form.validate_on_submit():
        seen = form.ethics.data or ""
        actions.acknowledge(found, seen, form.who.data, form.on.data, signed_in_user(), posted_version(form))
        return see_other(url_for(".contract", contract_id=contract_id))
    return form_page("statements/acknowledgement.html", form, contract=found, ethics=ethics)


@bp.route("/statements/contracts/<public_id:contract_id>/cases", methods=["GET", "POST"])
@allowed_to(*queries.EDITORS)
def name_case(contract_id: str) -> ResponseReturnValue:
    found, form = _contract(contract_id), CaseForm()
    if form.validate_on_submit():
        wanted = "".join(character for character in form.reference.data.lower() if character.isalnum())
        referral = Referral.get_or_none(Referral.public_id == wanted)
        if referral is not None:
            actions.name_case(found, referral, signed_in_user())
            return see_other(url_for(".contract", contract_id=contract_id))
        form.reference.errors = ["There is no case with this reference"]
    page = render_template("statements/case.html", form=form, contract=found)
    return page, 422 if form.errors else 200


@bp.post("/statements/contracts/<public_id:contract_id>/end")
@allowed_to(*queries.EDITORS)
def end_contract(contract_id: str) -> ResponseReturnValue:
    found = _contract(contract_id)
    actions.end(found, signed_in_user(), found.version)
    return see_other(url_for(".contract", contract_id=contract_id))


@bp.get("/links/<string:token>/contracts/<public_id:contract_id>")
@public
def contract_by_link(token: str, contract_id: str) -> ResponseReturnValue:
    """The same by a personal link, for a trainee without an account (C8)."""
    link = links.find_open(token) or abort(404)
    found = get_object_or_404(queries.covering(link.referral), Contract.public_id == contract_id)
    return contract_page(found, url_for("links.show", token=token))


def _contract(contract_id: str) -> Contract:
    visible = queries.contracts_visible_to(signed_in_user())
    found: Contract = get_object_or_404(visible, Contract.public_id == contract_id)
    return found


def _contract_form(form: ContractForm, found: Contract | None) -> ResponseReturnValue:
    page = render_template("statements/contract_form.html", form=form, contract=found)
    return page, 422 if form.errors else 200


def contract_page(
    found: Contract, back: str, *, may_write: bool = False, is_staff: bool = False
) -> ResponseReturnValue:
    covered = queries.services_of(found)
    named = ContractCase.select().where(ContractCase.contract == found).count() if is_staff else 0
    return render_template(
        "statements/contract.html",
        contract=found,
        covered=[words for service, words in SERVICE_NAMES.items() if service in covered],
        excluded=[*(words for service, words in SERVICE_NAMES.items() if service not in covered), *NEVER],
        named=named,
        may_write=may_write,
        is_staff=is_staff,
        back=back,
        form=ConfirmForm(),
    )


def contracts_of_case(referral: Referral, token: str = "") -> list[tuple[str, str]]:
    """Who pays for a case, and where its trainee reads the contract."""
    return [
        (
            one.payer,
            url_for("statements.contract_by_link", token=token, contract_id=one.public_id)
            if token
            else url_for("statements.contract", contract_id=one.public_id),
        )
        for one in queries.covering(referral)
    ]
