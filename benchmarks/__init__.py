"""Ours beside what others take for the same work, in one run on one machine: `make bench`. See README.md."""
