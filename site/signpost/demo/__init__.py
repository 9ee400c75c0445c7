"""The demonstration: invented people, places and referrals in the middle of their lives. Only where DEMO=1."""

from signpost.demo.people import PASSWORD, PEOPLE

__all__ = ["PASSWORD", "PEOPLE"]
