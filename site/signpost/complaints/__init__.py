"""Complaints: confidential, each with its own access list, and not to be found by looking (C11)."""
