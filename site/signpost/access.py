"""Who may use a view. Every view says so; one that does not is closed to everybody.

`@public`, `@signed_in` or `@allowed_to(Role.X, …)` stands next to the view. It only declares: one hook before each
request reads the declaration, so that no view is ever open because a check was forgotten.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, abort, current_app, request
from flask.typing import ResponseReturnValue
from flask_login import UserMixin, current_user

from models import Role, User
from signpost.extensions import csrf, login_manager

log = logging.getLogger(__name__)

View = TypeVar("View", bound=Callable[..., Any])

FROM_ELSEWHERE = "This came from another site, so Signpost did not do it."
READING = {"GET", "HEAD", "OPTIONS"}


@dataclass(frozen=True)
class Access:
    """Everybody; or else whoever is signed in, holding one of these roles where there are any."""

    is_public: bool = False
    roles: frozenset[Role] = frozenset()


def public(view: View) -> View:
    """Everybody may use this view, signed in or not."""
    return _declare(view, Access(is_public=True))


def signed_in(view: View) -> View:
    """Whoever is signed in may use this view, whatever their roles."""
    return _declare(view, Access())


def allowed_to(*roles: Role) -> Callable[[View], View]:
    """Those who hold one of these roles may use this view."""
    if not roles:
        raise ValueError("allowed_to() needs at least one role.")
    return lambda view: _declare(view, Access(roles=frozenset(roles)))


def declared(view: Callable[..., Any]) -> Access | None:
    """What a view declares, or None where it declares nothing."""
    found = getattr(view, "access", None)
    return found if isinstance(found, Access) else None


def _declare(view: View, access: Access) -> View:
    view.access = access  # type: ignore[attr-defined]
    return view


class SignedIn(UserMixin):
    """The person of this request, as Flask-Login keeps them: the row, the roles as they are now, the session's token."""

    def __init__(self, user: User, roles: frozenset[Role], token: str) -> None:
        self.user = user
        self.roles = roles
        self.token = token

    def get_id(self) -> str:
        """What stands in the cookie: never the user's id, so that a session can be ended."""
        return self.token


def whoever_is_signed_in() -> SignedIn | None:
    """Who is signed in on this request, or None."""
    found = current_user._get_current_object()
    return found if isinstance(found, SignedIn) else None


def signed_in_user() -> User:
    """The row of the person of this request. Only for views that need one signed in."""
    found = whoever_is_signed_in()
    if found is None:
        raise RuntimeError("Nobody is signed in: the view should declare @signed_in or @allowed_to.")
    return found.user


def roles_held() -> frozenset[Role]:
    """The roles of the person of this request; none where nobody is signed in."""
    found = whoever_is_signed_in()
    return found.roles if found else frozenset()


def configure(app: Flask) -> None:
    """Close every view that does not say who may use it, and protect every form."""
    app.before_request(_refuse_other_sites)
    app.before_request(_check)
    app.before_request(_protect_forms)
    if app.has_static_folder:
        public(app.view_functions["static"])


def _refuse_other_sites() -> None:
    """A form of another site may not act here, whatever it knows (with browsers that say where a request is from)."""
    if request.method not in READING and request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site"):
        abort(403, FROM_ELSEWHERE)


def _check() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None
    access = declared(current_app.view_functions[request.endpoint])
    if access is None:
        log.error("view without access declaration", extra={"closed_endpoint": request.endpoint})
        abort(403)
    if access.is_public:
        return None
    if not current_user.is_authenticated:
        return login_manager.unauthorized()
    if access.roles and not access.roles & roles_held():
        abort(403)
    return None


def _protect_forms() -> None:
    """Flask-WTF's check, here rather than earlier: someone signed out is asked to sign in, and keeps what they typed."""
    if request.endpoint is not None:
        csrf.protect()
