"""Backups while people work are each of one moment and can be put back (G27)."""

from tests.reliability import experiments


def test_backups_under_load_are_each_restored_and_compared(site, right, tmp_path, new_database):
    right(experiments.backups_under_load(site, count=3, folder=tmp_path, new_database=new_database))
