"""The record of changes and of reads: append-only, chained, keyed, and anchored outside the database."""
