"""Feedback: short surveys, and the one store of answers that nobody can join to people (C2)."""
