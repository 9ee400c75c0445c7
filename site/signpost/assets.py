"""The files that pages load: third-party ones copied from `node_modules` at set-up, ours compressed beside them.

`python -m signpost.assets` fills `static/vendor/`, which git ignores. Each package gets a folder named by version and
contents, so that a browser may keep a file for good. Without the folder the site still works, as plain HTML.
"""

import hashlib
import json
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from wsgiref.headers import Headers

from flask import Flask
from whitenoise import WhiteNoise
from whitenoise.compress import Compressor

from signpost.config import ROOT

STATIC = ROOT / "static"
URL = "/static/vendor/"
OWN = "own"
A_DAY = 24 * 60 * 60

# package -> (its file or folder, the name it gets here, what the pages call it)
WANTED = {
    "htmx.org": [("dist/htmx.min.js", "htmx.min.js", "htmx")],
    "nhsuk-frontend": [
        ("dist/nhsuk/nhsuk-frontend.min.css", "nhsuk-frontend.min.css", "css"),
        ("dist/nhsuk/nhsuk-frontend.min.js", "nhsuk-frontend.min.js", "js"),
        ("dist/nhsuk/assets", "assets", "assets"),
    ],
}

# Components and helpers of the NHS style sheet that no page has; a test notices when one comes to have one.
UNUSED = (
    *("action-link", "breadcrumb", "code", "contents-list", "do-dont-list", "expander", "hero", "pagination", "scroll"),
    *(
        "search-input",
        "tabs",
        "task-list",
        "warning-callout",
        "image",
        "image-container",
        "card-group",
        "section-break",
    ),
    *("u-font-size", "u-padding", "u-padding-top", "u-padding-right", "u-padding-bottom", "u-padding-left"),
    *("u-margin-left", "u-margin-right", "u-static-margin", "u-static-margin-top", "u-static-margin-right"),
    *("u-static-margin-bottom", "u-static-margin-left", "u-static-padding", "u-static-padding-top"),
    *("u-static-padding-right", "u-static-padding-bottom", "u-static-padding-left"),
)
OF_UNUSED = re.compile(rf"\.nhsuk-(?:{'|'.join(UNUSED)})(?![a-z]|-[a-z])")
BETWEEN_SELECTORS = re.compile(r",(?![^(]*\))")

FONT_FACE = re.compile(r"@font-face\s*\{[^}]*\}")
SOURCE_MAP = re.compile(r"/\*# sourceMappingURL=[^*]*\*/|//# sourceMappingURL=\S*")
OUTSIDE = re.compile(r"url\(\s*['\"]?(?:https?:|/)")


class AssetsError(Exception):
    """Why the files cannot be made, in one line."""


# What the site reads


@cache
def vendor_urls() -> dict[str, str] | None:
    """The addresses of `css`, `js`, `htmx` and the folder `assets`; None where set-up has not made them."""
    manifest = _read_manifest(STATIC / "vendor")
    return manifest["urls"] if manifest else None


def serve_static(app: Flask) -> None:
    """Answer /static/ before Flask does: compressed where it helps, and kept for good where the address is versioned."""

    def add_headers(headers: Headers, path: str, url: str) -> None:
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"

    served = WhiteNoise(
        app.wsgi_app,
        root=str(STATIC),
        prefix="/static/",
        autorefresh=app.debug,
        max_age=A_DAY,  # our own files' addresses end in a digest, so a changed file has another one
        allow_all_origins=False,
        add_headers_function=add_headers,
        immutable_file_test=lambda path, url: url.startswith(URL),
    )
    compressed = STATIC / "vendor" / OWN
    if not app.debug and _are_copies(compressed):
        served.add_files(str(compressed), prefix="/static/")
    app.wsgi_app = served  # type: ignore[method-assign]


def _are_copies(folder: Path) -> bool:
    """Whether our compressed files are still those in `static`: one edited since then is served from there instead."""
    copies = [path for path in _files(folder) if path.suffix not in (".gz", ".br")]
    return bool(copies) and all(
        (STATIC / path.name).is_file() and path.read_bytes() == (STATIC / path.name).read_bytes() for path in copies
    )


# What set-up runs


def build(packages: Path = ROOT / "node_modules", vendor: Path = STATIC / "vendor") -> bool:
    """Copy the wanted files into `vendor`. False when they were there already. Raises AssetsError."""
    own = sorted(path for path in vendor.parent.glob("*") if path.is_file())
    made_from = _versions(packages) | {path.name: _digest(path.read_bytes()) for path in [Path(__file__), *own]}
    if _is_up_to_date(vendor, made_from):
        return False

    vendor.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=vendor.parent, prefix=".vendor-") as scratch:
        fresh = Path(scratch) / "vendor"
        fresh.mkdir()
        urls: dict[str, str] = {}
        for package, files in WANTED.items():
            urls |= _copy(package, made_from[package], files, packages, fresh)
        (fresh / OWN).mkdir()
        for path in own:
            shutil.copyfile(path, fresh / OWN / path.name)
        _compress(fresh)
        sha256 = {str(path.relative_to(fresh)): _digest(path.read_bytes()) for path in _files(fresh)}
        manifest = {"made_from": made_from, "urls": urls, "sha256": sha256}
        (fresh / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
        if vendor.exists():
            vendor.rename(Path(scratch) / "before")
        fresh.rename(vendor)
    return True


def _versions(packages: Path) -> dict[str, str]:
    versions = {}
    for package in WANTED:
        try:
            versions[package] = str(json.loads((packages / package / "package.json").read_bytes())["version"])
        except (OSError, ValueError, KeyError):
            raise AssetsError(f"The npm package {package} is not in node_modules: run `make setup`.") from None
    return versions


def _copy(package: str, version: str, files: list[tuple[str, str, str]], packages: Path, fresh: Path) -> dict[str, str]:
    folder = fresh / package
    folder.mkdir()
    for source, name, _ in files:
        try:
            _copy_one(packages / package / source, folder / name)
        except FileNotFoundError:
            raise AssetsError(f"{package} {version} has no {source}: node_modules is damaged, delete it.") from None
    contents = "".join(_digest(path.read_bytes()) for path in _files(folder))
    folder = folder.rename(fresh / f"{package}-{version}-{_digest(contents.encode())[:8]}")
    return {called: f"{URL}{folder.name}/{name}" for _, name, called in files}


def _copy_one(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target)
    elif source.suffix in (".css", ".js"):
        target.write_text(_cleaned(source.read_text(encoding="utf-8"), source.name), encoding="utf-8")
    else:
        shutil.copyfile(source, target)


def _cleaned(text: str, name: str) -> str:
    """No file may call elsewhere: the Frutiger fonts are licensed and remote, the icons lie beside the style sheet."""
    text = SOURCE_MAP.sub("", text)
    if name.endswith(".css"):
        text = FONT_FACE.sub("", text).replace("url(/assets/", "url(assets/")
        text = _without_unused(text)
        if OUTSIDE.search(text):
            raise AssetsError(f"{name} still refers to an address outside this site.")
    return text


def _without_unused(css: str) -> str:
    """A minified style sheet without the rules of components that no page has."""
    kept = []
    for rule in _rules(css):
        selectors, _, body = rule.partition("{")
        if selectors.startswith(("@media", "@supports")):
            inside = _without_unused(body[:-1])
            kept.append(f"{selectors}{{{inside}}}" if inside else "")
        elif selectors.startswith("@") or not OF_UNUSED.search(selectors):
            kept.append(rule)
        else:
            used = [one for one in BETWEEN_SELECTORS.split(selectors) if not OF_UNUSED.search(one)]
            kept.append(f"{','.join(used)}{{{body}" if used else "")
    return "".join(kept)


def _rules(css: str) -> Iterator[str]:
    """The outermost rules, one after the other."""
    depth = begin = 0
    for found in re.finditer(r"[{};]", css):
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if depth == 0:
            yield css[begin : found.end()]
            begin = found.end()


def _compress(folder: Path) -> None:
    compressor = Compressor(quiet=True)
    for path in _files(folder):
        if compressor.should_compress(path.name):
            compressor.compress(str(path))


def _is_up_to_date(vendor: Path, made_from: dict[str, str]) -> bool:
    manifest = _read_manifest(vendor)
    if manifest is None or manifest["made_from"] != made_from:
        return False
    return all(
        (vendor / name).is_file() and _digest((vendor / name).read_bytes()) == sha256
        for name, sha256 in manifest["sha256"].items()
    )


def _read_manifest(vendor: Path) -> dict[str, dict[str, str]] | None:
    try:
        manifest: dict[str, dict[str, str]] = json.loads((vendor / "manifest.json").read_bytes())
    except (OSError, ValueError):
        return None
    return manifest


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _digest(contents: bytes) -> str:
    return hashlib.sha256(contents).hexdigest()


def main() -> None:
    try:
        made = build()
    except AssetsError as problem:
        sys.exit(str(problem))
    except OSError as problem:
        sys.exit(f"static/vendor cannot be written: {problem}")
    if made:
        print("Static files put together in static/vendor.")


if __name__ == "__main__":
    main()
