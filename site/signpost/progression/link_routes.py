"""By personal link: the trainee's review, a Training Officer's, a university's meetings, and what a body is asked to do."""

from flask import Blueprint, abort, render_template, url_for
from flask.typing import ResponseReturnValue

from models import LinkPurpose, PersonalLink, Review, SupportMeeting
from signpost.access import public
from signpost.accounts import links
from signpost.progression import pages, queries, reviews
from signpost.referrals.forms import ConfirmForm
from signpost.web import get_object_or_404, see_other

bp = Blueprint("progression_links", __name__, url_prefix="/progression/links")

PURPOSES = (
    *(LinkPurpose.REVIEWED_TRAINEE, LinkPurpose.REVIEW_PERSON),
    *(LinkPurpose.ACTION_ASKED, LinkPurpose.PROGRESSION_REPORT),
)


def _link(token: str) -> PersonalLink:
    link = links.find(token)
    return link if link and link.purpose in PURPOSES and links.is_open(link) else abort(404)


def over(token: str) -> ResponseReturnValue | None:
    """Where a link is over to which a letter leads: the page that sends a new one."""
    link = links.find(token)
    if link is None or link.purpose not in PURPOSES or links.is_open(link):
        return None
    return render_template("links/closed.html", renew=url_for("progression_links.renew", token=token)), 410


def review_by(token: str) -> tuple[Review, pages.Way]:
    link = _link(token)
    return get_object_or_404(queries.visible_by_link(link)), pages.Way(link, token)


def _meeting(token: str, support_id: str) -> tuple[SupportMeeting, pages.Way]:
    link = _link(token)
    mine = queries.meetings_visible_by_link(link)
    return get_object_or_404(mine, SupportMeeting.public_id == support_id), pages.Way(link, token)


@bp.get("/<string:token>")
@public
def show(token: str) -> ResponseReturnValue:
    if page := over(token):
        return page
    link = _link(token)
    if link.purpose == LinkPurpose.ACTION_ASKED:
        return render_template("progression/asked.html", follow_up=link.follow_up)
    if link.purpose == LinkPurpose.PROGRESSION_REPORT:
        reports = queries.sent_to(link.review, link.email)
        return render_template("progression/reported.html", reports=reports, review=link.review, **pages.NAMES)
    way = pages.Way(link, token)
    found = queries.visible_by_link(link).get_or_none()
    if found is not None:
        return pages.review(found, way)
    return pages.invited_to(queries.meetings_visible_by_link(link), way)


@bp.post("/<string:token>/new")
@public
def renew(token: str) -> ResponseReturnValue:
    """A fresh link for one that has expired, to the address of whoever has this part now. The answer is always the same."""
    link = links.find(token)
    if link is None or link.purpose not in PURPOSES:
        abort(404)
    if ConfirmForm().validate_on_submit():
        reviews.renew_link(link)
    return see_other(url_for("links.on_its_way"))


@bp.get("/<string:token>/meetings/<public_id:support_id>")
@public
def meeting(token: str, support_id: str) -> ResponseReturnValue:
    return over(token) or pages.meeting(*_meeting(token, support_id))


@bp.post("/<string:token>/call")
@public
def answer_call(token: str) -> ResponseReturnValue:
    return pages.answer_call(*review_by(token))
