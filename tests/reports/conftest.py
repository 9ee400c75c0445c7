"""The counts of what was tried are printed at the end."""

from tests.figures import pytest_terminal_summary

__all__ = ["pytest_terminal_summary"]
