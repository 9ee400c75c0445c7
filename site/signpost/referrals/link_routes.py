"""The trainee's page behind a personal link: it shows on GET, acts only on POST, and can be asked for again."""

from flask import Blueprint, abort, render_template, url_for
from flask.typing import ResponseReturnValue

from models import LinkPurpose, PersonalLink, Referral
from signpost.access import public
from signpost.accounts import links
from signpost.forms import EmailLine, PlainLine, Required, SignpostForm
from signpost.referrals import actions, history, status
from signpost.referrals.forms import ConfirmForm
from signpost.referrals.queries import Relation
from signpost.web import form_page, see_other

bp = Blueprint("links", __name__, url_prefix="/links")


class AskAgainForm(SignpostForm):
    """Enough to find a referral for the one who has its reference and reads its mailbox."""

    reference = PlainLine(
        "Reference",
        [Required("Enter the reference")],
        max_length=20,
        description="For example K4TX-29BD. It stands in the copy of the email you were sent.",
    )
    email = EmailLine("Your email address", [Required("Enter your email address")], noun="Your email address")


@bp.route("/again", methods=["GET", "POST"])
@public
def again() -> ResponseReturnValue:
    """Ask for a new link. The answer is the same whether or not anything matched."""
    form = AskAgainForm()
    if form.validate_on_submit():
        wanted = "".join(character for character in form.reference.data.lower() if character.isalnum())
        match = (Referral.public_id == wanted) & (Referral.trainee_email == form.email.data.lower())
        _send_new(Referral.get_or_none(match))
        return see_other(url_for(".on_its_way"))
    return form_page("links/again.html", form)


@bp.get("/on-its-way")
@public
def on_its_way() -> ResponseReturnValue:
    return render_template("links/on_its_way.html")


@bp.get("/<string:token>")
@public
def show(token: str) -> ResponseReturnValue:
    link = _known(token)
    if not links.is_open(link):
        return render_template("links/closed.html", renew=url_for(".renew", token=token)), 410
    referral = link.referral
    relations = frozenset({Relation.TRAINEE})
    return render_template(
        "links/show.html",
        form=ConfirmForm(),
        referral=referral,
        token=token,
        history=history.of(referral, relations),
        status=status,
        undo_pending=actions.is_being_chosen(referral),
        accept_action=url_for(".acceptance", token=token),
        refuse_href=url_for(".refusal", token=token),
    )


@bp.post("/<string:token>/acceptance")
@public
def acceptance(token: str) -> ResponseReturnValue:
    link = _open(token)
    if ConfirmForm().validate_on_submit():
        actions.accept(link.referral, by=link)
    return see_other(url_for(".show", token=token))


@bp.route("/<string:token>/refusal", methods=["GET", "POST"])
@public
def refusal(token: str) -> ResponseReturnValue:
    link = _open(token)
    form = ConfirmForm()
    if form.validate_on_submit():
        actions.decline(link.referral, by=link)
        return see_other(url_for(".show", token=token))
    action, back = url_for(".refusal", token=token), url_for(".show", token=token)
    return form_page("referrals/refusal.html", form, referral=link.referral, action=action, back=back)


@bp.post("/<string:token>/new")
@public
def renew(token: str) -> ResponseReturnValue:
    """A fresh link for one that has expired, to the same person's address."""
    link = _known(token)
    if ConfirmForm().validate_on_submit():
        _send_new(link.referral)
    return see_other(url_for(".on_its_way"))


def _known(token: str) -> PersonalLink:
    link = links.find(token)
    return link if link and link.purpose == LinkPurpose.REFERRED_TRAINEE else abort(404)


def _open(token: str) -> PersonalLink:
    return links.find_open(token) or abort(404)


def _send_new(referral: Referral | None) -> None:
    if referral is not None and links.may_have_another(referral):
        actions.send_link_again(referral, by=_asker(referral))


def _asker(referral: Referral) -> PersonalLink:
    """In whose name a link is asked for again: the last link of the same person."""
    return PersonalLink.select().where(PersonalLink.referral == referral).order_by(PersonalLink.id.desc()).get()
