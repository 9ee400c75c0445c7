"""How the states of progression support are called on pages."""

from models import (
    AskedOf,
    CoverageStatus,
    FileKind,
    FollowUpKind,
    LedTo,
    Owner,
    Present,
    ReportedTo,
    ReviewOutcome,
    Severity,
    SupportDecision,
    SupportKind,
    ToPrepare,
)
from signpost.progression.further import WhyWithdrawn

OUTCOME_NAMES = {
    ReviewOutcome.ONE: "Outcome 1",
    ReviewOutcome.TWO: "Outcome 2",
    ReviewOutcome.THREE: "Outcome 3",
    ReviewOutcome.OTHER: "Another outcome",
}
SEVERITY_NAMES = {Severity.MINOR: "Minor", Severity.MODERATE: "Moderate", Severity.MAJOR: "Major"}
DECISION_NAMES = {
    SupportDecision.NONE: "No call or meeting",
    SupportDecision.CALL: "Offer a support call",
    SupportDecision.TRIAGE: "A triage meeting",
    SupportDecision.FULL: "A full support meeting",
}
KIND_NAMES = {SupportKind.TRIAGE: "Triage meeting", SupportKind.FULL: "Full support meeting"}
PRESENT_NAMES = {
    Present.TOGETHER: "Everybody together",
    Present.TRAINEE_ALONE: "The trainee alone with the School",
    Present.OFFICER_ALONE: "The training officer alone with the School",
}
FOLLOW_UP_NAMES = {
    FollowUpKind.TRAINING_PLAN: "Actions on the training plan",
    FollowUpKind.ACADEMIC: "Actions on academic components",
    FollowUpKind.SCHOOL_ADVICE: "Advice from the School",
    FollowUpKind.SCHOOL_POLICIES: "A supportive policy of the School",
    FollowUpKind.EMPLOYER_POLICIES: "A policy of the employer",
    FollowUpKind.ACTION_ASKED: "An action asked of the training department or the university",
    FollowUpKind.SUPPORT_MEETING: "A support meeting",
    FollowUpKind.SCHOOL_SERVICES: "Another service of the School",
    FollowUpKind.SUPPORTED_EXIT: "Support to leave the programme",
}
ASKED_NAMES = {
    AskedOf.DEPARTMENT: "The employer’s training department",
    AskedOf.UNIVERSITY: "The university",
    AskedOf.SCHOOL_SERVICE: "A service of the School",
}
LED_TO_NAMES = {
    LedTo.NO_FURTHER_ACTION: "No further action",
    LedTo.DESKTOP_REVIEW: "The School looks again at its desk",
    LedTo.ACTION_PLAN: "An action plan, and a further meeting",
    LedTo.FULL_MEETING: "A full support meeting",
    LedTo.SCHOOL_SERVICES: "Another service of the School",
    LedTo.SCHOOL_POLICIES: "A supportive policy of the School",
    LedTo.EMPLOYER_POLICIES: "A supportive policy of the employer",
}
REPORTED_NAMES = {
    ReportedTo.PANEL: "The Training Management Panel",
    ReportedTo.QUALITY: "The quality team",
    ReportedTo.COMMISSIONING: "The commissioning team",
}
WITHDRAWN_NAMES = {
    WhyWithdrawn.CHANGED: "The circumstances have changed",
    WhyWithdrawn.NOT_RIGHT: "Something in it is not right",
    WhyWithdrawn.OTHERWISE: "The support goes on in another way",
    WhyWithdrawn.MISTAKE: "It was asked for by mistake",
}
ITEM_NAMES = {
    ToPrepare.TRAINING_PLAN: "The training plan",
    ToPrepare.GAP_ANALYSIS: "A gap analysis of the curriculum",
    ToPrepare.HAVE_MET: "Meeting with each other",
    ToPrepare.DATE_AND_MODE: "The date, and how you meet",
    ToPrepare.PRIVATE_PLACE: "A private place",
}
OWNER_NAMES = {Owner.TRAINEE: "The trainee", Owner.TRAINING_OFFICER: "The training officer"}
PAPER_NAMES = {
    FileKind.TRAINING_PLAN: "Training plan",
    FileKind.GAP_ANALYSIS: "Gap analysis",
    FileKind.OTHER: "Another paper",
}
COVERAGE_NAMES = {
    CoverageStatus.DONE: "Done",
    CoverageStatus.PARTLY: "Partly",
    CoverageStatus.NOT_YET: "Not yet",
}
PART_NAMES = {
    Present.TOGETHER: "Everybody together",
    Present.TRAINEE_ALONE: "The trainee’s own time",
    Present.OFFICER_ALONE: "The training officer’s own time",
}
