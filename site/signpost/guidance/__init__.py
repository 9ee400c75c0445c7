"""Guidance: pages that people read, print and answer (B11). How to write one: docs/guidance.md."""
