"""Support for progression: reviews and what follows them, support calls, support meetings (E)."""
