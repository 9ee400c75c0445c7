"""What the issues of a review suggest. The School decides (E1). Pure."""

from collections.abc import Iterable

from models import ReviewOutcome, Severity, SupportDecision

SERIOUS = (Severity.MODERATE, Severity.MAJOR)


def suggested(outcome: ReviewOutcome, severities: Iterable[Severity]) -> SupportDecision:
    """A call for minor to moderate issues after outcome 1 or 2; a meeting after outcome 3, full where several are serious.

    A major issue is more than a call is for, whatever the outcome was.
    """
    found = list(severities)
    are_several = sum(one in SERIOUS for one in found) > 1
    if outcome == ReviewOutcome.THREE or Severity.MAJOR in found:
        return SupportDecision.FULL if are_several else SupportDecision.TRIAGE
    return SupportDecision.CALL if outcome in (ReviewOutcome.ONE, ReviewOutcome.TWO) else SupportDecision.NONE


def possible(outcome: ReviewOutcome) -> tuple[SupportDecision, ...]:
    """What the School may decide: after outcome 3 a meeting is required (E4), and a call is for outcome 1 or 2 (E3)."""
    if outcome == ReviewOutcome.THREE:
        return (SupportDecision.TRIAGE, SupportDecision.FULL)
    call = (SupportDecision.CALL,) if outcome in (ReviewOutcome.ONE, ReviewOutcome.TWO) else ()
    return (SupportDecision.NONE, *call, SupportDecision.TRIAGE, SupportDecision.FULL)
