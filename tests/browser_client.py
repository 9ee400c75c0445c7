"""A test client that behaves as a reader does, follows no redirect by itself, and checks every page it fetches."""

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import pages
from tests.pages import Page


class Browser(FlaskClient):
    """`client.get("/…")`, then `client.page`; `client.press("Send referral", request="…")` fills in and sends a form."""

    page: Page

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        response = super().open(*args, **({"buffered": True} | kwargs))
        if not response.request.path.startswith("/static/"):
            _check_headers(response)
        if response.mimetype == "text/html" and not 300 <= response.status_code < 400 and response.data:
            self.page = Page(response.get_data(as_text=True))
            pages.check(self.page)
        return response

    def press(self, button: str, headers: dict[str, str] | None = None, **fields: Any) -> TestResponse:
        """Fill in the form that has this button, and press it. Follows the redirect of a form that was accepted.

        A field set to None is not sent; one set to a list is sent once for each.
        """
        form = self.page.form_with(button)
        sends = [(name, value) for words, name, value in form.buttons if words.startswith(button) and name]
        kept = [(name, value) for name, value in form.fields if name not in fields]
        given = [
            (name, each)
            for name, value in fields.items()
            if value is not None
            for each in (value if isinstance(value, list) else [value])
        ]
        data: dict[str, list[str]] = {}
        for name, value in kept + given + sends[:1]:
            data.setdefault(name, []).append(value)
        if form.method == "get":
            return self.get(form.action, query_string=data, headers=headers)
        return self.followed(self.post(form.action, data=data, headers=headers))

    def followed(self, response: TestResponse) -> TestResponse:
        """Where a redirect leads, or the answer itself."""
        while response.status_code in (302, 303, 308):
            response = self.get(response.headers["Location"])
        return response

    def token(self) -> str:
        """A CSRF token that is valid for this browser now."""
        if self.get("/account").status_code != 200:
            self.get("/sign-in")
        return next(token for form in self.page.forms if (token := form.value("csrf_token")))

    def submit(self, path: str, headers: dict[str, str] | None = None, **fields: Any) -> TestResponse:
        """Post these fields with a valid token, without the page that has the form."""
        return self.post(path, data={"csrf_token": self.token(), **fields}, headers=headers)


def _check_headers(response: TestResponse) -> None:
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"
