"""What pages load: copied without anything that calls elsewhere, kept for good, rebuilt only when something changed."""

import gzip
import json
import re

import brotli
import pytest
from flask import Flask

from signpost import assets
from signpost.config import ROOT

CSS = (
    """@font-face{font-family:F;src:url(https://fonts.example/f.woff2)}
.icon{background:url(/assets/images/arrow.svg)}"""
    + "p{margin:0}" * 200
)


@pytest.fixture
def packages(tmp_path):
    folder = tmp_path / "node_modules"
    wanted = {
        "htmx.org/package.json": json.dumps({"version": "4.0.1"}),
        "htmx.org/dist/htmx.min.js": "var htmx = {};//# sourceMappingURL=htmx.min.js.map",
        "nhsuk-frontend/package.json": json.dumps({"version": "10.6.1"}),
        "nhsuk-frontend/dist/nhsuk/nhsuk-frontend.min.css": CSS + "/*# sourceMappingURL=a.css.map */",
        "nhsuk-frontend/dist/nhsuk/nhsuk-frontend.min.js": "export {}",
        "nhsuk-frontend/dist/nhsuk/assets/manifest.json": "{}",
        "nhsuk-frontend/dist/nhsuk/assets/images/arrow.svg": "<svg/>",
    }
    for name, text in wanted.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


@pytest.fixture
def vendor(tmp_path):
    return tmp_path / "static" / "vendor"


def manifest_of(vendor):
    return json.loads((vendor / "manifest.json").read_text())


def file_of(vendor, called):
    return vendor / manifest_of(vendor)["urls"][called].removeprefix(assets.URL)


def test_every_wanted_file_is_there_under_its_version(packages, vendor):
    assert assets.build(packages, vendor)

    assert sorted(manifest_of(vendor)["urls"]) == ["assets", "css", "htmx", "js"]
    assert file_of(vendor, "htmx").parent.name.startswith("htmx.org-4.0.1-")
    assert (file_of(vendor, "assets") / "images" / "arrow.svg").is_file()


def test_no_file_calls_elsewhere(packages, vendor):
    assets.build(packages, vendor)

    css = file_of(vendor, "css").read_text()
    assert "@font-face" not in css
    assert "url(assets/images/arrow.svg)" in css
    assert "sourceMappingURL" not in css + file_of(vendor, "htmx").read_text()


def test_a_style_sheet_that_would_still_call_elsewhere_is_refused(packages, vendor):
    css = packages / "nhsuk-frontend/dist/nhsuk/nhsuk-frontend.min.css"
    css.write_text("p{background:url('https://images.example/a.png')}")

    with pytest.raises(assets.AssetsError, match="outside this site"):
        assets.build(packages, vendor)
    assert not vendor.exists()


def test_rules_of_components_that_no_page_has_are_left_out(packages, vendor):
    css = packages / "nhsuk-frontend/dist/nhsuk/nhsuk-frontend.min.css"
    css.write_text(
        '@charset "UTF-8";.nhsuk-hero,.nhsuk-card{margin:0}.nhsuk-hero__title{color:red}p:is(.nhsuk-hero,b){color:blue}'
        ".nhsuk-heroic,.nhsuk-code-block{color:green}@media print{.nhsuk-hero{display:none}}"
        "@media screen{.nhsuk-code b,i{top:0}}@keyframes turn{to{top:0}}"
    )

    assets.build(packages, vendor)

    assert file_of(vendor, "css").read_text() == (
        '@charset "UTF-8";.nhsuk-card{margin:0}.nhsuk-heroic,.nhsuk-code-block{color:green}@media screen{i{top:0}}@keyframes turn{to{top:0}}'
    )


def test_no_page_has_a_component_whose_rules_are_left_out():
    ours = [path for folder in ("templates", "static", "site") for path in (ROOT / folder).rglob("*")]
    ours = [path for path in ours if path.suffix in (".html", ".js", ".css", ".py") and "vendor" not in path.parts]
    macros = re.compile(
        rf"nhsuk/components/(?:{'|'.join(assets.UNUSED)})/|nhsuk-(?:{'|'.join(assets.UNUSED)})(?![a-z]|-[a-z])"
    )

    assert len(ours) > 100
    assert [path.name for path in ours if macros.search(path.read_text())] == []


def test_the_compressed_file_is_the_same_file(packages, vendor):
    assets.build(packages, vendor)

    css = file_of(vendor, "css")
    assert gzip.decompress(css.with_name(css.name + ".gz").read_bytes()) == css.read_bytes()
    assert brotli.decompress(css.with_name(css.name + ".br").read_bytes()) == css.read_bytes()


def test_nothing_is_built_twice(packages, vendor):
    assert assets.build(packages, vendor)
    assert not assets.build(packages, vendor)


@pytest.mark.parametrize("harm", ["changed", "removed", "new version", "damaged manifest"])
def test_it_is_built_again_when_something_is_not_as_it_was(packages, vendor, harm):
    assets.build(packages, vendor)
    before = file_of(vendor, "htmx")
    if harm == "changed":
        before.write_text("alert(1)")
    elif harm == "removed":
        before.unlink()
    elif harm == "new version":
        (packages / "htmx.org/package.json").write_text(json.dumps({"version": "4.0.2"}))
    else:
        (vendor / "manifest.json").write_text("{")

    assert assets.build(packages, vendor)
    assert file_of(vendor, "htmx").read_text() == "var htmx = {};"
    assert [path.name for path in vendor.parent.iterdir()] == ["vendor"]
    assert len(list(vendor.iterdir())) == 4


def test_other_contents_get_another_address(packages, vendor):
    assets.build(packages, vendor)
    before = file_of(vendor, "htmx")
    (packages / "htmx.org/dist/htmx.min.js").write_text("var htmx = {patched: true};")
    (packages / "htmx.org/package.json").write_text(json.dumps({"version": "4.0.1", "note": "same version"}))
    (vendor / "manifest.json").unlink()

    assets.build(packages, vendor)

    assert file_of(vendor, "htmx") != before


def test_a_missing_package_is_said_in_one_line(packages, vendor):
    (packages / "htmx.org/package.json").unlink()

    with pytest.raises(assets.AssetsError, match=r"^The npm package htmx\.org is not in node_modules.*`make setup`\.$"):
        assets.build(packages, vendor)


def test_a_damaged_package_is_said_in_one_line(packages, vendor):
    (packages / "htmx.org/dist/htmx.min.js").unlink()

    with pytest.raises(assets.AssetsError, match="node_modules is damaged"):
        assets.build(packages, vendor)


@pytest.fixture
def static(monkeypatch, packages, tmp_path):
    monkeypatch.setattr(assets, "STATIC", tmp_path / "static")
    assets.vendor_urls.cache_clear()
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "signpost.css").write_text("p{}")
    yield tmp_path / "static"
    assets.vendor_urls.cache_clear()


def serving():
    app = Flask("served", static_folder=None)
    assets.serve_static(app)
    return app.test_client()


def test_without_the_files_the_site_knows_it(static):
    assert assets.vendor_urls() is None
    with serving().get("/static/signpost.css") as answer:
        assert answer.status_code == 200


def test_a_versioned_file_is_kept_for_good_and_sent_compressed(static, packages):
    assets.build(packages, static / "vendor")

    with serving().get(assets.vendor_urls()["css"], headers={"Accept-Encoding": "gzip"}) as answer:
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["Content-Encoding"] == "gzip"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_a_browser_that_takes_brotli_gets_it(static, packages):
    assets.build(packages, static / "vendor")

    with serving().get(assets.vendor_urls()["css"], headers={"Accept-Encoding": "gzip, br"}) as answer:
        assert answer.headers["Content-Encoding"] == "br"


def get(static, address):
    with serving().get(address, headers={"Accept-Encoding": "gzip"}) as answer:
        return answer.headers, answer.data


def test_our_own_file_is_sent_compressed_too_and_kept_for_a_day(static, packages):
    (static / "signpost.css").write_text(CSS)
    assets.build(packages, static / "vendor")

    headers, data = get(static, "/static/signpost.css")

    assert headers["Content-Encoding"] == "gzip"
    assert headers["Cache-Control"] == "max-age=86400, public"
    assert gzip.decompress(data).decode() == CSS


def test_our_own_file_is_never_sent_as_it_was_before_an_edit(static, packages):
    (static / "signpost.css").write_text(CSS)
    assets.build(packages, static / "vendor")
    (static / "signpost.css").write_text(CSS + "/* edited */")

    headers, data = get(static, "/static/signpost.css")

    assert "Content-Encoding" not in headers
    assert data.decode().endswith("/* edited */")
    assert assets.build(packages, static / "vendor")
    assert "Content-Encoding" in get(static, "/static/signpost.css")[0]
