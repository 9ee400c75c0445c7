"""What `flask …` does, and how it says no: one line, and an exit code that is not 0."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta

import pytest
from peewee import OperationalError

from models import FailedSignIn, Notice, NoticeState, Role, RoleHeld, User, WebSession, db
from signpost import clock, commands, due
from signpost.accounts import passwords, queries, sessions, throttle
from signpost.config import ROOT
from signpost.notices import delivery
from tests.factories import PASSWORD, a_referral, a_school, a_user
from tests.tampering import tamper


@pytest.fixture
def flask(app):
    """Run a command; the connection is its own."""

    def run(*arguments, typed=""):
        db.close()
        result = app.test_cli_runner().invoke(args=list(arguments), input=typed)
        db.connect(reuse_if_open=True)
        return result

    return run


def one_line(result):
    """The one line on stderr of a command that failed."""
    assert result.exit_code != 0
    (line,) = [line for line in result.stderr.splitlines() if line.strip() and not line.startswith("{")]
    assert "Traceback" not in result.output
    return line


def test_every_command_of_the_house_is_there_and_explains_itself(flask):
    listed = flask("--help").output
    for name in ("db-upgrade", "demo", "worker", "run-due", "audit-verify", "user-add"):
        assert name in listed
        result = flask(name, "--help")
        assert result.exit_code == 0
        assert "Usage:" in result.output


# Tables


def test_upgrading_says_what_it_did_and_that_there_is_nothing_more_to_do(make_app, tmp_path):
    runner = make_app(database_url=f"sqlite:///{tmp_path}/new.db").test_cli_runner()
    db.close()

    first, second = runner.invoke(args=["db-upgrade"]), runner.invoke(args=["db-upgrade"])

    assert "Applied 0001_" in first.output
    assert second.output == "The database is up to date.\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["worker"],
        ["worker", "--once"],
        ["run-due"],
        ["audit-verify"],
        ["user-add", "a@signpost.example", "Sam", "--role", "counsellor", "--password-stdin"],
    ],
)
def test_a_command_that_needs_tables_says_how_to_get_them(make_app, tmp_path, arguments):
    runner = make_app(database_url=f"sqlite:///{tmp_path}/new.db").test_cli_runner()
    db.close()

    assert one_line(runner.invoke(args=arguments)) == (
        "Error: The database is not up to date. Run `flask db-upgrade` first."
    )


@pytest.mark.parametrize("arguments", [["db-upgrade"], ["worker", "--once"], ["run-due"]])
def test_the_database_of_a_newer_signpost_is_left_alone(flask, arguments):
    applied_at = "2027-05-22 09:00:00"
    db.execute_sql(f"INSERT INTO schema_migration (name, applied) VALUES ('9999_later', '{applied_at}')")  # noqa: S608

    assert one_line(flask(*arguments)) == (
        "Error: The database is a newer Signpost's, which has 9999_later: upgrade this one first."
    )


# Sending


def test_once_sends_what_is_due_and_stops(flask, adviser, mailbox):
    a_referral()
    due_now = Notice.select().count()

    result = flask("worker", "--once")

    assert (result.exit_code, result.stdout) == (0, f"Messages tried: {due_now}.\n")
    assert len(mailbox.received) == due_now
    assert flask("worker", "--once").output == "Messages tried: 0.\n"
    assert len(mailbox.received) == due_now


def test_once_at_a_moment_sends_what_is_due_by_then(flask, adviser, mailbox):
    a_referral()
    Notice.update(due_at=clock.now() + timedelta(hours=1)).execute()

    assert flask("worker", "--once").output == "Messages tried: 0.\n"
    later = (clock.now() + timedelta(hours=2)).isoformat()
    assert flask("worker", "--once", "--at", later).exit_code == 0

    assert len(mailbox.received) == Notice.select().count()
    assert abs(clock.now() - Notice.get().queued_at) < timedelta(minutes=5)


@pytest.mark.parametrize("at", ["noon", "", "2027-02-30T09:00"])
@pytest.mark.parametrize("command", [["worker", "--once"], ["run-due"]])
def test_what_is_no_moment_is_refused_with_an_example(flask, command, at):
    assert one_line(flask(*command, "--at", at)) == f"Error: '{at}' is not a moment. Write it like 2027-05-22T09:00."


@pytest.mark.parametrize("command", [["worker", "--once"], ["run-due"]])
def test_a_year_from_which_nothing_can_be_reckoned_is_refused(flask, command):
    assert "is not in the years" in one_line(flask(*command, "--at", "9999-12-31T23:59"))


@pytest.mark.parametrize("at", ["2027-05-22T09:00", ""])
def test_a_moment_is_only_for_one_round(flask, at):
    assert one_line(flask("worker", "--at", at)) == "Error: --at goes with --once."


def test_once_with_the_mail_server_down_loses_nothing_and_is_no_error(flask, adviser, mailbox):
    mailbox.greeting = "421 busy"
    a_referral()
    waiting = Notice.select().count()

    assert flask("worker", "--once").exit_code == 0

    assert Notice.select().where(Notice.state == NoticeState.QUEUED).count() == waiting
    mailbox.greeting = ""
    flask("worker", "--once", "--at", (clock.now() + timedelta(hours=1)).isoformat())
    assert len(mailbox.received) == waiting


def run_worker_until(app, condition, seconds=60):
    """The worker's loop in a thread of its own, stopped when the condition holds."""
    stopped = threading.Event()

    def work():
        with app.app_context():
            commands.work(stopped)

    thread = threading.Thread(target=work)
    thread.start()
    until = time.monotonic() + seconds
    while not condition() and time.monotonic() < until:
        time.sleep(0.02)
    stopped.set()
    thread.join(seconds)
    assert not thread.is_alive()
    assert condition()


def test_the_worker_sends_until_it_is_stopped_and_does_what_falls_due(app, adviser, mailbox):
    with clock.at(clock.now() - timedelta(hours=1)):
        throttle.begin_try("a@signpost.example", "192.0.2.1")
    a_referral()

    run_worker_until(
        app, lambda: len(mailbox.received) == Notice.select().count() and not FailedSignIn.select().exists()
    )


def test_the_worker_survives_a_round_that_goes_wrong(app, adviser, mailbox, monkeypatch, capsys):
    monkeypatch.setattr(commands, "PAUSE_AFTER_TROUBLE_SECONDS", 0.05)
    troubles = [RuntimeError("a secret"), OSError("disk"), OperationalError("database is locked")]
    plain = delivery.send_due

    def send_due(*arguments):
        if troubles:
            raise troubles.pop(0)
        return plain(*arguments)

    monkeypatch.setattr(delivery, "send_due", send_due)
    a_referral()

    run_worker_until(app, lambda: len(mailbox.received) == Notice.select().count())

    logged = capsys.readouterr().err
    assert logged.count("worker trouble") == 3
    assert "a secret" not in logged


def test_what_falls_due_is_done_once_an_hour(app, monkeypatch):
    passes = []
    monkeypatch.setattr(due, "run", lambda at: passes.append(at) or {})
    monkeypatch.setattr(commands, "PAUSE_SECONDS", 0.01)

    run_worker_until(app, lambda: len(passes) == 1)
    time.sleep(0.1)

    assert len(passes) == 1


def environment_of(config):
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT / "site"),
        "DATABASE_URL": config.database_url,
        "SECRET_KEY": config.secret_key,
        "NOTES_KEYS": config.notes_keys,
        "AUDIT_KEY": config.audit_key,
        "AUDIT_ANCHOR": str(config.audit_anchor),
        "MAIL_SERVER": config.mail_server,
        "MAIL_PORT": str(config.mail_port),
    }


def test_a_worker_that_is_stopped_lets_go_of_what_it_has_not_sent(app, adviser, mailbox):
    for _ in range(4):
        a_referral()

    with app.app_context():
        tried = delivery.send_due(lambda: len(mailbox.received) >= 3)

    assert len(mailbox.received) == 3
    waiting = Notice.select().where(Notice.state == NoticeState.QUEUED)
    assert waiting.count() == Notice.select().count() - 3
    assert {row.claimed_by for row in waiting} == {""}
    assert tried >= 3
    with app.app_context():
        delivery.send_due()
    assert len(mailbox.received) == Notice.select().count()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_the_worker_within_a_moment_and_cleanly(app, config, adviser, mailbox, number):
    a_referral()
    worker = subprocess.Popen(
        [sys.executable, "-m", "flask", "worker"],
        cwd=ROOT,
        env=environment_of(config),
        stderr=subprocess.PIPE,
        text=True,
    )
    until = time.monotonic() + 60
    while len(mailbox.received) < Notice.select().count() and time.monotonic() < until:
        time.sleep(0.05)

    worker.send_signal(number)
    _, said = worker.communicate(timeout=60)

    assert worker.returncode == 0
    assert len(mailbox.received) == Notice.select().count()
    assert [json.loads(line)["message"] for line in said.splitlines()][-1] == "worker stopped"


def test_a_missing_secret_is_one_line_for_every_command(config):
    environment = environment_of(config) | {"SECRET_KEY": ""}

    result = subprocess.run(
        [sys.executable, "-m", "flask", "worker", "--once"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode != 0
    assert len(result.stderr.splitlines()) == 1
    assert "SECRET_KEY is not set" in result.stderr


# What falls due


def test_what_falls_due_is_counted_by_name_and_done_once(flask, adviser):
    now = clock.now()
    with clock.at(now - timedelta(days=40)):
        sessions.begin(adviser)
        throttle.begin_try("a@signpost.example", "192.0.2.1")
    sessions.begin(adviser)

    first, second = flask("run-due"), flask("run-due")

    assert first.output.startswith("Failed sign-ins forgotten: 1.\nOld sessions deleted: 1.\n")
    assert second.output.startswith("Failed sign-ins forgotten: 0.\nOld sessions deleted: 0.\n")
    assert WebSession.select().count() == 1


def test_what_falls_due_at_another_moment_is_what_would_be_due_then(flask, adviser):
    sessions.begin(adviser)

    assert "Old sessions deleted: 1." in flask("run-due", "--at", (clock.now() + timedelta(days=31)).isoformat()).output


# The audit


def an_audit(entries=3):
    for _ in range(entries):
        add_somebody()


def add_somebody():
    from signpost.accounts import actions

    n = User.select().count()
    return actions.add_person(f"new{n}@signpost.example", "Sam", PASSWORD, [], by=queries.system_user())


def test_an_audit_that_holds_is_counted(flask):
    an_audit(3)

    result = flask("audit-verify")

    assert (result.exit_code, result.output) == (0, "The audit holds: 3 entries.\n")


def test_an_empty_audit_holds(flask):
    assert flask("audit-verify").output == "The audit holds: 0 entries.\n"


def test_a_broken_audit_names_the_first_bad_entry(flask):
    an_audit(3)
    tamper("UPDATE audit_entry SET actor = 'user:somebody' WHERE n = 2")

    result = flask("audit-verify")

    assert result.exit_code == 1
    assert one_line(result).startswith("Error: The audit is broken at entry 2.")


def test_a_missing_anchor_is_no_audit_that_holds(flask, config):
    an_audit(3)
    config.audit_anchor.unlink()

    result = flask("audit-verify")

    assert result.exit_code == 1
    assert "anchor file (AUDIT_ANCHOR) is missing" in one_line(result)


def test_a_damaged_anchor_is_said_to_be(flask, config):
    an_audit(3)
    config.audit_anchor.write_text("nonsense")

    assert "anchor file is damaged" in one_line(flask("audit-verify"))


def test_an_anchor_that_is_a_folder_is_said_to_be(flask, config):
    an_audit(3)
    config.audit_anchor.unlink()
    config.audit_anchor.mkdir()

    assert "AUDIT_ANCHOR must be a file" in one_line(flask("audit-verify"))


def test_a_wrong_key_is_a_broken_audit(flask, config, make_app):
    an_audit(3)
    runner = make_app(audit_key="x" * 40).test_cli_runner()
    db.close()

    assert "broken at entry 1" in one_line(runner.invoke(args=["audit-verify"]))


# Accounts


def test_an_account_is_opened_with_a_password_from_standard_input(flask):
    school = a_school("School of Surgery")

    result = flask(
        *("user-add", "Sam@Signpost.example", "  Sam  O’Neil ", "--role", "head_of_school", "--role", "referrer"),
        *("--school", "School of Surgery", "--kind", "tpd", "--password-stdin"),
        typed=f"{PASSWORD}\n",
    )

    assert result.output == "Sam O’Neil may sign in as sam@signpost.example.\n"
    user = queries.with_email("sam@signpost.example")
    assert passwords.is_right(PASSWORD, user)
    assert queries.heads_of(school) == [user]
    assert queries.roles_of(user) == {Role.HEAD_OF_SCHOOL, Role.REFERRER}


def test_a_password_that_is_asked_for_is_typed_twice_and_not_shown(flask):
    result = flask(
        *("user-add", "sam@signpost.example", "Sam", "--role", "counsellor"), typed=f"{PASSWORD}\n{PASSWORD}\n"
    )

    assert result.exit_code == 0
    assert PASSWORD not in result.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["not an address", "Sam", "--role", "counsellor"], "EMAIL"),
        (["sam@signpost.example", "Sam\nBcc: x", "--role", "counsellor"], "must be on one line"),
        (["sam@signpost.example", "  ", "--role", "counsellor"], "Give a name"),
        (["sam@signpost.example", "Sam", "--role", "head_of_school"], "needs a school"),
        (["sam@signpost.example", "Sam", "--role", "head_of_school", "--school", "Hogwarts"], "School of Surgery"),
        (["sam@signpost.example", "Sam", "--role", "counsellor", "--employer", "Nowhere"], "There are: none"),
        (["sam@signpost.example", "Sam", "--role", "referrer"], "needs a kind"),
        (["here@signpost.example", "Sam", "--role", "counsellor"], "already an account"),
    ],
)
def test_what_is_wrong_opens_no_account(flask, arguments, words):
    a_school("School of Surgery")
    a_user(email="here@signpost.example")
    before = User.select().count()

    assert words in one_line(flask("user-add", *arguments, "--password-stdin", typed=f"{PASSWORD}\n"))

    assert User.select().count() == before
    assert RoleHeld.select().count() == 0


@pytest.mark.parametrize("typed", ["", "short\n"])
def test_a_weak_password_opens_no_account(flask, typed):
    before = User.select().count()

    assert "12 characters" in one_line(
        flask("user-add", "sam@signpost.example", "Sam", "--role", "counsellor", "--password-stdin", typed=typed)
    )

    assert User.select().count() == before


# The demonstration


def test_invented_people_are_never_put_where_real_records_are(flask):
    assert "DEMO=1 is not set" in one_line(flask("demo"))
    assert User.select().count() == 1
