"""Retention: how long each kind of record is kept, what holds one back, and its destruction with a certificate (C10)."""
