"""Mentoring: an offer to everyone who returns to training, matches that are explained, and six months together (D)."""
