"""Processes that are killed lose nothing that was acknowledged, and leave nobody untold (G4, G22)."""

import pytest

from models import db
from tests import databases
from tests.databases import PostgresDatabases, only_postgres, only_sqlite
from tests.postgres_server import running
from tests.reliability import experiments
from tests.reliability.site import a_site


def test_the_site_killed_ten_times_under_load_loses_nothing_that_was_acknowledged(site, right):
    right(experiments.killed_site(site, kills=10))


def test_with_workers_killed_while_they_send_everybody_is_told_in_the_end(site, right):
    right(experiments.killed_workers(site, referrals=60, kills=6))


@only_postgres
def test_a_database_server_killed_under_load_is_answered_clearly_and_recovered_from(tmp_path, slow_mailbox, right):
    with running(durable=True) as server:
        made = PostgresDatabases(server.url())
        with a_site(tmp_path, made.new(tmp_path), slow_mailbox) as site:
            right(experiments.killed_server(site, server, kills=3))
        databases.close(db.obj)
        made.end()


@only_sqlite
def test_the_disk_of_the_database_fills_up_and_nothing_is_lost(tmp_path, all_databases, slow_mailbox, right):
    try:
        with experiments.small_disk(tmp_path) as disk:
            url = all_databases.new(disk)
            with a_site(tmp_path, url, slow_mailbox, audit_anchor=disk / "anchor") as site:
                right(experiments.full_disk(site, disk, times=2))
    except PermissionError as problem:
        pytest.skip(str(problem))
