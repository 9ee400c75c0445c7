"""Referrals to the careers service: the form, the adviser's inbox, assignment, and the ends."""
