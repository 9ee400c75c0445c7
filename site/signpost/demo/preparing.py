"""What is prepared for a support meeting in the demonstration, and minutes that wait for the chair."""

from collections.abc import Callable
from typing import Any

from models import FileKind, LinkPurpose, Owner, PersonalLink, Present, Review, SupportMeeting, ToPrepare, User
from signpost.accounts import links
from signpost.demo.documents import page
from signpost.progression import gap_analysis, gap_table, minutes, papers, preparing

At = Callable[[int, str, Callable[[], Any]], Any]

PLAN = (
    "Training plan: genomics, third year",
    "Rotations: germline (to January), tumour (February to May)",
    "Case reports: six of fourteen signed off",
)
DATED = (*PLAN, "The other eight: two in each month from February", "Supervision: Thursdays at 2pm")
GAPS = "\n".join(
    "\t".join(row)
    for row in (
        ("Curriculum item", "Status", "Evidence", "Plan"),
        ("Interprets variants of uncertain significance", "done", "Log of 40 cases, signed off", ""),
        ("Writes reports of germline findings", "partly", "Six of fourteen reports", "Two a month from February"),
        ("Writes reports of tumour findings", "not yet", "", "In the tumour rotation"),
        ("Takes part in multidisciplinary meetings", "done", "Register of 11 meetings", ""),
        ("Presents a case to clinicians", "partly", "One presentation", "A second one in March"),
        ("Validates a new assay", "not yet", "", "Joins the validation that begins in February"),
        ("Audits a service", "partly", "Proposal agreed", "Data collected by April"),
        ("Uses quality management tools", "done", "Certificate of the course", ""),
        ("Trains a colleague", "done", "Two sessions with feedback", ""),
        ("Explains results to patients", "not yet", "", "Four clinics, with the genetic counsellor"),
        ("Appraises the literature", "done", "Three journal clubs", ""),
        ("Research project: methods chapter", "partly", "Draft of the first half", "The whole draft by May"),
    )
)
ACTIONS = "Two case reports a month are protected time. We would like to have that confirmed in the meeting."
PREFERRED = "A Thursday afternoon suits us both best, on Microsoft Teams."
DRAFTED = (
    "The rotation could not begin because the rota left no free morning. Both find that it can begin in February.\n\n"
    "To be confirmed: Wednesday mornings are free until the end of March, and who supervises."
)


def prepare(support: SupportMeeting, cast: dict[str, User], at: At) -> None:
    """A plan in two versions, a gap analysis, what they want confirmed, and the dates they like. One place is not found."""
    review, officer = support.review, cast["officer"]
    trainee = at(4, "17:10", lambda: _link_of(review))
    plan, rows = FileKind.TRAINING_PLAN, gap_table.read(GAPS)
    at(3, "10:15", lambda: papers.add(support, plan, "Training plan.pdf", page(PLAN), officer))
    at(2, "09:05", lambda: papers.add(support, plan, "Training plan with dates.pdf", page(DATED), trainee))
    at(2, "09:40", lambda: gap_analysis.keep(support, rows, False, gap_analysis.seen(support), trainee))
    at(1, "12:50", lambda: _done(support, ToPrepare.HAVE_MET, ACTIONS, trainee))
    at(1, "12:55", lambda: _done(support, ToPrepare.DATE_AND_MODE, PREFERRED, trainee))
    at(1, "15:20", lambda: _done(support, ToPrepare.PRIVATE_PLACE, "", officer))


def _link_of(review: Review) -> Any:
    """The trainee, who has no account."""
    token = links.make(LinkPurpose.REVIEWED_TRAINEE, review.trainee_name, review.trainee_email, review=review)
    return PersonalLink.get(PersonalLink.token_hash == links.hash_of(token))


def _done(support: SupportMeeting, item: ToPrepare, words: str, by: User | PersonalLink) -> None:
    owner = Owner.TRAINEE if isinstance(by, PersonalLink) else Owner.TRAINING_OFFICER
    line = next(one for one in preparing.checklist(support, owner) if one.item == item)
    preparing.done(support, item, words, line.version, by)


def draft_minutes(support: SupportMeeting, cast: dict[str, User], at: At) -> None:
    """Of a triage meeting, by who chaired it: written down, and not agreed yet."""
    at(6, "11:50", lambda: minutes.write(support, Present.TOGETHER, DRAFTED, 0, cast["tpd"]))
