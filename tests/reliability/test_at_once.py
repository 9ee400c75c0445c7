"""Many at one record: who comes second is told, and nothing is lost, said twice or locked (G5)."""

from tests.reliability import experiments


def test_sixteen_people_edit_one_referral_and_no_change_is_lost(site, right):
    right(experiments.edited_at_once(site, clients=16, edits=25))


def test_of_two_advisers_at_once_one_decides_and_everybody_is_told_once(site, right):
    right(experiments.assigned_at_once(site, times=50))
