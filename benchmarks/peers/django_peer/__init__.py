"""Django's admin on the same database file."""
