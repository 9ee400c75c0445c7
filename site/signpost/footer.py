"""The page at the foot of every other: where to turn."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from signpost import settings
from signpost.access import public

bp = Blueprint("footer", __name__)


@bp.get("/help")
@public
def help_page() -> ResponseReturnValue:
    """Whom to ask, and what to do when a link or a password does not work."""
    return render_template("help.html", ours=settings.current())
