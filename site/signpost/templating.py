"""How templates are found and rendered: strict about typos, our filters, the NHS macros within reach."""

from collections import ChainMap
from collections.abc import KeysView, MutableMapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from flask.templating import Environment
from jinja2 import ChainableUndefined, ChoiceLoader, PackageLoader
from jinja2.utils import missing

from signpost import forms
from signpost.formatting import FILTERS


class LoudUndefined(ChainableUndefined):
    """A name that was never given fails when it is printed or looped over; the NHS macros' optional keys do not.

    `{% if name %}` stays quiet, so that a page may have parts that are not always there.
    """

    __slots__ = ()

    def _is_missing_name(self) -> bool:
        return self._undefined_obj is missing and self._undefined_name is not None

    def __str__(self) -> str:
        if self._is_missing_name():
            self._fail_with_undefined_error()
        return ""

    def __html__(self) -> str:
        return str(self)

    def __iter__(self) -> Any:
        if self._is_missing_name():
            self._fail_with_undefined_error()
        return iter(())

    def __len__(self) -> int:
        if self._is_missing_name():
            self._fail_with_undefined_error()
        return 0

    def __bool__(self) -> bool:
        return False


class Globals(ChainMap[str, Any]):
    """The names that templates know. Jinja asks for the keys at each import of macros, and a plain chain is slow to say."""

    def keys(self) -> KeysView[str]:
        own, shared = self.maps
        return {**shared, **own}.keys()


class Templates(Environment):
    def make_globals(self, d: MutableMapping[str, Any] | None) -> Globals:
        return Globals({} if d is None else d, self.globals)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """The same as Jinja's, but that asking a dictionary for what it has not raises nothing on the way: the NHS macros
        are given few of the many things they ask for."""
        if type(obj) is dict and not hasattr(dict, attribute):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)


def configure(app: Flask) -> None:
    """Set up the templates of `app`. Call it before anything touches `app.jinja_env`."""
    app.jinja_environment = Templates
    app.jinja_options = {
        "undefined": LoudUndefined,
        "autoescape": escapes,
        "trim_blocks": True,
        "lstrip_blocks": True,
        "cache_size": -1,  # there are only so many: no need to note which was used last
        "loader": ChoiceLoader([app.create_global_jinja_loader(), PackageLoader("nhsuk_frontend_jinja")]),
    }
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals.update(
        nhs_params=forms.params, nhs_kind=forms.kind, error_list=forms.error_list, static_url=static_url
    )


def escapes(name: str | None) -> bool:
    """Everything is escaped but the plain text of emails."""
    return name is None or not name.endswith(".txt")


def static_url(filename: str) -> str:
    """The address of one of our own static files, which changes when the file does."""
    known: dict[str, str] = current_app.extensions.setdefault("signpost.static_urls", {})
    if filename not in known or current_app.debug:
        content = (Path(current_app.static_folder or "") / filename).read_bytes()
        known[filename] = f"{current_app.static_url_path}/{filename}?v={sha256(content).hexdigest()[:10]}"
    return known[filename]


def render_alone(template: str, **values: object) -> str:
    """Render without the context processors, so without the database: for the page that says something broke."""
    return current_app.jinja_env.get_template(template).render(**values)
