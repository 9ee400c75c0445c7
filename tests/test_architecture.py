"""The house is built as it was agreed: this walks the application and its source, and finds what is not."""

import ast
import os
import re
import subprocess
import sys
from itertools import chain
from pathlib import Path

import pytest
from flask import Flask
from peewee import SqliteDatabase
from playhouse.schema_diff import diff_models
from werkzeug.routing import Rule

from models import TABLES, ReferrerKind, Role, db
from signpost import access
from signpost.config import ROOT
from signpost.notices.policy import EVENTS
from tests.conftest import browser, sign_in
from tests.factories import a_school, a_user, give

PACKAGE = ROOT / "site" / "signpost"
SOURCES = sorted(PACKAGE.rglob("*.py"))
EMAILS = ROOT / "templates" / "emails"

# An import never climbs: a module imports only from its own storey or from those below. The first pattern that fits a
# module decides. What stands in no storey is a mistake.
STOREYS: list[tuple[str, ...]] = [
    ("clock", "errors", "request_id", "small_numbers", "feedback.surveys", "mentoring.dates", "imports.sheets", "reports.disclosure", "reports.periods", "reports.charts", "reports.export", "characters", "working_days", "sealing", "backup_file", "audit.chain", "audit.anchor",
     "guidance", "guidance.markdown", "guidance.page"),
    ("config", "fields", "private_env", "turns"),
    ("models",),
    ("database", "settings", "changes", "presses", "formatting", "assets", "extensions", "prepared", "until_commit",
     "mentoring", "mentoring.districts", "mentoring.geography", "mentoring.assignment", "mentoring.matching", "mentoring.reasons", "mentoring.map_drawing"),
    ("access", "pdf", "connection", "forms", "templating", "stencil", "web", "layout", "logs",
     "meetings.calendar_entries", "meetings.calendar_files", "meetings.free_times", "meetings.ranking"),
    ("database_copies", "keys", "audit", "audit.record", "accounts", "accounts.queries", "accounts.links", "accounts.account_links",
     "accounts.passwords", "accounts.roles", "accounts.sessions", "accounts.throttle", "accounts.unsent"),
    ("notices", "notices.permissions", "notices.endings", "notices.policy", "notices.letters", "notices.outbox", "notices.delivery",
     "notices.queries", "notices.ledger"),
    ("events",),
    ("referrals", "referrals.queries", "referrals.status"),
    # What becomes of a booked meeting when a case or its counsellor changes.
    ("meetings", "meetings.booking", "meetings.queries", "meetings.invitations", "meetings.link_jobs", "meetings.teams",
     "meetings.graph", "meetings.join_links", "meetings.standing", "meetings.support_limits"),
    ("accounts.*", "notices.*", "organisation", "organisation.*", "referrals.*", "files", "files.*",
     "plans", "plans.*", "feedback", "feedback.*", "statements", "statements.*", "audit.*", "complaints", "complaints.*"),
    ("meetings.*",),
    ("imports", "imports.*"),
    ("careers", "careers.*", "completion", "completion.*", "reports", "reports.*", "progression", "progression.*"),
    ("guidance.*",),
    ("confidentiality", "confidentiality.*", "subject_access", "subject_access.*", "retention", "retention.*"),
    # What a search finds is of every room.
    ("mentoring.*", "guidance.records", "guidance.routes", "guidance.editor_routes"),
    ("home", "footer", "health", "due", "import_kinds", "demo", "demo.*", "backup"),
    ("commands", "error_pages", "local"),
    ("signpost",),
]  # fmt: skip

# Files that hold rules and data, and know nothing of requests.
WITHOUT_FLASK = (
    "actions", "queries", "policy", "permissions", "outbox", "letters", "ledger", "candidates", "drafts", "history",
    "inbox", "search", "status", "record_access", "writing", "prompts", "consents", "information", "breaches", "emergencies", "held", "bundle", "sessions", "throttle", "passwords", "roles", "unsent", "links", "account_links",
    "people", "work", "chain", "anchor", "record", "clock", "sealing", "fields", "config", "database", "settings",
    "booking", "free_times", "teams", "graph", "polls", "ranking", "calendar_entries", "calendar_files", "invitations", "join_links", "link_jobs", "feeds", "hours", "falling_due", "standing", "next_step", "endings", "checking", "reading", "keys",
    "changes", "presses", "events", "errors", "due", "formatting", "characters", "working_days", "request_id", "small_numbers", "surveys", "reminders",
    "kinds", "schedule", "disposal", "disclosure", "periods", "charts", "export", "figures", "publishing",
    "districts", "geography", "dates", "returners", "offers", "wishes", "mentors", "waiting", "places", "team", "asking",
    "returner_rows", "review_rows", "sheets", "cells", "import_kinds",
    "markdown", "page", "records",
    "reviews", "follow_ups", "calls", "support_meetings", "suggestions", "standing", "words", "stand_in", "outcomes", "action_plans", "further", "board", "offered_times", "support_limits",
    "deadlines", "preparing", "papers", "gap_analysis", "gap_table", "minutes", "workbook",
)  # fmt: skip


def module_name(path: Path) -> str:
    """accounts.routes; a package is called by its own name."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__") or "signpost"


def storey(module: str) -> int | None:
    for exact in (True, False):
        for level, patterns in enumerate(STOREYS):
            for pattern in patterns:
                if module == pattern or (not exact and pattern.endswith(".*") and module.startswith(pattern[:-1])):
                    return level
    return None


def imported_by(path: Path) -> set[str]:
    """The modules of ours that a file imports, wherever in it, without the package's name."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: imports are written in full"
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if is_module(name) else node.module for name in names}
    return {name.removeprefix("signpost.") for name in found if name == "models" or name.split(".")[0] == "signpost"}


def is_module(name: str) -> bool:
    path = ROOT / "site" / Path(*name.split("."))
    return path.with_suffix(".py").is_file() or path.is_dir()


def imports_of_others(path: Path) -> set[str]:
    tree = ast.parse(path.read_text())
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
    return {name.split(".")[0] for name in names}


# Who may import whom


@pytest.mark.parametrize("path", SOURCES, ids=module_name)
def test_imports_only_run_downwards(path):
    module = module_name(path)
    here = storey(module)
    assert here is not None, f"{module} stands in no storey: say in STOREYS where it belongs"

    climbing = sorted(name for name in imported_by(path) if (there := storey(name)) is None or there > here)

    assert climbing == [], f"{module} imports what stands above it"


@pytest.mark.parametrize("path", [path for path in SOURCES if path.stem in WITHOUT_FLASK], ids=module_name)
def test_rules_and_data_know_nothing_of_requests(path):
    assert not imports_of_others(path) & {"flask", "werkzeug", "flask_login", "flask_wtf", "wtforms", "htmx_flask"}


def test_rooms_never_use_each_others_routes():
    climbing = {
        (module_name(path), name)
        for path in SOURCES
        if "." in module_name(path)
        for name in imported_by(path)
        if name.endswith("routes") and name.split(".")[0] != module_name(path).split(".")[0]
    }

    assert climbing == set()


def test_models_knows_of_us_only_its_own_columns():
    assert imported_by(ROOT / "models.py") == {"fields"}


@pytest.mark.parametrize(
    "name",
    [
        "chain",
        "sealing",
        "working_days",
        "candidates",
        "characters",
        "checking",
        "small_numbers",
        "surveys",
        "dates",
        "deadlines",
        "gap_table",
        "workbook",
        "disclosure",
        "periods",
        "charts",
        "export",
        "markdown",
        "page",
    ],
)
def test_hard_logic_is_pure(name):
    for path in SOURCES:
        if path.stem == name:
            forbidden = {"models", "peewee"} if name != "candidates" else {"flask"}
            assert not (imports_of_others(path) | imported_by(path)) & forbidden


@pytest.mark.parametrize("name", ["utils", "helpers", "services", "common", "base", "manager"])
def test_no_file_has_a_name_that_says_nothing(name):
    assert [path for path in SOURCES if path.stem == name] == []


# Routes


@pytest.fixture
def routes(make_app) -> tuple[Flask, list[Rule]]:
    app = make_app(demo=True)
    return app, list(app.url_map.iter_rules())


def test_every_route_says_who_may_use_it(routes):
    app, rules = routes

    silent = [rule.endpoint for rule in rules if access.declared(app.view_functions[rule.endpoint]) is None]

    assert silent == []


def test_what_everybody_may_use_is_a_short_list(routes):
    app, rules = routes

    open_to_all = {
        rule.endpoint.split(".")[0] + "." + rule.endpoint.partition(".")[2]
        for rule in rules
        if (declared := access.declared(app.view_functions[rule.endpoint])) and declared.is_public
    }

    rooms = {endpoint.split(".")[0] for endpoint in open_to_all}
    assert rooms <= {
        "accounts",
        "complaints",
        "passwords",
        "demo",
        "health",
        "footer",
        "guidance",
        "links",
        "linked",
        "linked_disclosures",
        "subject_access",
        "linked_sessions",
        "linked_files",
        "linked_tasks",
        "ending_links",
        "returner_links",
        "linked_feedback",
        "preparation_links",
        "progression_links",
        "action_plan_links",
        "meetings",
        "mentorships",
        "mentorship_links",
        "polls",
        "statements",
        "static",
    }
    assert {endpoint for endpoint in open_to_all if endpoint.startswith(("meetings.", "polls."))} == {
        "meetings.feed", "polls.by_link", "polls.answer_by_link",
    }  # fmt: skip
    assert {endpoint for endpoint in open_to_all if endpoint.startswith("mentorships.")} == {
        "mentorships.support_directory"
    }
    assert {endpoint for endpoint in open_to_all if endpoint.startswith("complaints.")} == {"complaints.by_link"}
    assert {endpoint for endpoint in open_to_all if endpoint.startswith("statements.")} == {
        "statements.index", "statements.show", "statements.version", "statements.contract_by_link",
    }  # fmt: skip
    assert {endpoint for endpoint in open_to_all if endpoint.startswith("accounts.")} == {
        "accounts.sign_in", "accounts.sign_out", "accounts.signed_out",
    }  # fmt: skip


def test_every_path_is_in_kebab_case_and_every_parameter_has_a_type(routes):
    _, rules = routes
    for rule in rules:
        for part in rule.rule.strip("/").split("/"):
            if part.startswith("<"):
                assert re.fullmatch(r"<(public_id|string|path|any|int)(\(.*\))?:[a-z_]+>", part), rule.rule
            else:
                assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*|", part), rule.rule


def test_no_row_number_stands_in_an_address(routes):
    _, rules = routes

    assert [rule.rule for rule in rules if "<int" in rule.rule] == []


def filled_in(rule: Rule) -> str:
    """An address of this rule."""

    def example(found: re.Match[str]) -> str:
        kind, choices = found[1], found[2] or ""
        return {"public_id": "bcdf2346", "int": "1", "any": choices.strip("()").split(",")[0].strip('"')}.get(kind, "x")

    return re.sub(r"<(\w+)(\(.*?\))?:\w+>", example, rule.rule)


def test_a_stranger_gets_nothing_but_what_is_for_everybody(routes):
    app, rules = routes
    for rule in rules:
        declared = access.declared(app.view_functions[rule.endpoint])
        assert declared is not None
        if declared.is_public:
            continue
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            for headers in ({}, {"HX-Request": "true"}, {"HX-Boosted": "true", "HX-Request": "true"}):
                response = browser(app).open(filled_in(rule), method=method, headers=headers)
                assert response.status_code in (303, 401), f"{method} {rule.rule} {headers}"


def test_every_form_is_refused_without_protection_and_nothing_is_written(routes):
    """Somebody who holds every role posts to every address, as a form on another site would make them."""
    app, rules = routes
    everybody = a_user()
    for role in Role:
        kind = ReferrerKind.TPD if role == Role.REFERRER else None
        give(everybody, role, referrer_kind=kind, school=a_school() if role == Role.HEAD_OF_SCHOOL else None)
    client = browser(app)
    sign_in(client, everybody)
    before = {table: table.select().count() for table in TABLES}
    posts = [rule for rule in rules if "POST" in (rule.methods or set())]
    assert len(posts) > 10

    for rule in posts:
        assert client.post(filled_in(rule), data={"words": "x"}).status_code in (400, 303), rule.rule
        if rule.rule != "/sign-in":
            assert client.page.h1 == "This page was open too long", rule.rule

    assert {table: table.select().count() for table in TABLES} == before


def test_nothing_is_exempt_from_protection(routes):
    app, _ = routes

    assert app.extensions["csrf"]._exempt_views == set()
    assert app.extensions["csrf"]._exempt_blueprints == set()
    assert app.config["WTF_CSRF_ENABLED"]


def test_reading_changes_nothing_methods_that_change_are_posts(routes):
    _, rules = routes

    assert {method for rule in rules for method in (rule.methods or set())} <= {"GET", "HEAD", "OPTIONS", "POST"}


# Tables


def test_models_and_migrations_agree(app):
    found = diff_models(db.obj, TABLES)
    # The index of the search on PostgreSQL, which Peewee's models cannot say.
    found.drop_indexes[:] = [index for index in found.drop_indexes if index.name != "referral_search"]

    assert not found


def test_every_transaction_takes_its_turn_from_the_start(app):
    if isinstance(db.obj, SqliteDatabase):
        assert db.obj._lock_type == "IMMEDIATE"
    weaker = [
        f"{module_name(path)}:{node.lineno}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("atomic", "transaction")
        and (node.args or node.keywords)
    ]
    assert weaker == [], "a transaction that names its own lock"


def test_every_table_is_listed_in_tables():
    tree = ast.parse((ROOT / "models.py").read_text())
    classes = {
        node.name
        for node in tree.body
        if isinstance(node, ast.ClassDef)
        and any(isinstance(base, ast.Name) and base.id == "Table" for base in node.bases)
    }

    assert {table.__name__ for table in TABLES} == classes


def test_tables_are_only_made_and_seeded_by_migrations():
    makers = [module_name(path) for path in SOURCES if re.search(r"\bcreate_tables?\(|CREATE TABLE", path.read_text())]

    assert makers == []


# Words


def test_every_email_has_its_words_and_all_words_are_used():
    kinds = {told.kind for happening in EVENTS.values() for told in happening.told}
    written = {path.stem for path in EMAILS.glob("*.txt") if not path.stem.startswith("_")}

    assert sorted(kinds - written) == []
    assert sorted(written - kinds - used_outside_the_table()) == []


def used_outside_the_table() -> set[str]:
    """Kinds of email that are sent by their name: a string in the source that is a template's name."""
    stems = {path.stem for path in EMAILS.glob("*.txt")}
    strings = chain.from_iterable(
        (node.value for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Constant))
        for path in SOURCES
    )
    return stems & {string for string in strings if isinstance(string, str)}


def test_every_event_that_is_recorded_is_listed_and_every_listed_one_is_recorded():
    recorded = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and path.name != "policy.py" and node.value in EVENTS:
                recorded.add(node.value)

    assert sorted(set(EVENTS) - recorded) == []


def test_an_event_is_a_noun_and_a_past_participle():
    assert [name for name in EVENTS if not re.fullmatch(r"[a-z_]+\.[a-z_]+", name)] == []


def test_every_page_is_reached_from_somewhere():
    said = "\n".join(path.read_text() for path in [*SOURCES, *(ROOT / "templates").rglob("*.html")])
    unused = [
        str(path.relative_to(ROOT / "templates"))
        for path in (ROOT / "templates").rglob("*.html")
        if str(path.relative_to(ROOT / "templates")) not in said and path.parent.name != "errors"
    ]

    assert unused == []


# Files


def test_git_never_ignores_the_application():
    if not (ROOT / ".git").exists():
        pytest.skip("This copy is no git checkout.")
    for path in ("site", "site/signpost/web.py"):
        assert subprocess.run(["git", "check-ignore", "-q", path], cwd=ROOT, check=False).returncode == 1


def test_nothing_prints_its_sql_or_its_mail():
    forbidden = {"smtplib": {"notices.delivery"}, "print(": set()}
    for word, where in forbidden.items():
        users = {module_name(path) for path in SOURCES if re.search(rf"(?<![\w.]){re.escape(word)}", path.read_text())}
        assert users - where - {"local", "private_env", "assets"} == set(), word


def test_the_site_can_be_imported_without_being_configured():
    result = subprocess.run(
        [sys.executable, "-c", "import models, signpost, signpost.commands"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": f"{ROOT}:{ROOT / 'site'}"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.stderr == ""
