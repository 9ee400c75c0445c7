"""The audit tampered with in six ways at fifty places each (G21); in its full size by `run --large audit-tampered`."""

from tests.reliability.tampered import tampered


def test_whatever_is_done_to_the_audit_is_found(right, all_databases, tmp_path):
    right(tampered(all_databases, tmp_path, large=False))
