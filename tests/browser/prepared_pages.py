"""What the pages of preparing a support meeting show: papers, a gap analysis and minutes, at every step."""

from datetime import timedelta

from models import FileKind, LinkPurpose, Present, Review, SupportMeeting, ToPrepare, User
from signpost import clock
from signpost.accounts import links
from signpost.progression import gap_analysis, gap_table, minutes, papers, preparing, queries
from tests import factories
from tests.files.made import docx, pdf

ROWS = "Item\tStatus\tEvidence\tPlan\n"


class Preparer:
    """Two meetings of the one trainee: one that is prepared, and one that was held and minuted."""

    def __init__(self, cast: dict[str, User], named: dict[str, str], long_name: str, request: str) -> None:
        self.cast, self.named, self.long_name, self.request = cast, named, long_name, request

    def prepare(self) -> None:
        cast, team = self.cast, self.cast["progression"]
        with clock.at(clock.now() - timedelta(days=60)):
            review = factories.a_review(
                team, cast["scientist"], cast["officer"], director=cast["director"], university=cast["university"],
                outcome_on=clock.today(),
            )  # fmt: skip
        support = self.a_meeting(review, 4)
        self.named["support_prepared"] = support.public_id
        self.write(support)
        token = links.make(LinkPurpose.REVIEWED_TRAINEE, review.trainee_name, review.trainee_email, review=review)
        self.named["prepared_link"] = token
        held = self.a_meeting(review, -2)
        self.named["support_minuted"] = held.public_id
        SupportMeeting.update(held_at=clock.now()).where(SupportMeeting.id == held.id).execute()
        self.minute(SupportMeeting.get_by_id(held.id))
        self.named["support_empty"] = self.a_meeting(review, 30).public_id

    def a_meeting(self, review: Review, days: int) -> SupportMeeting:
        """So many days from now, in the evening, when nobody here meets otherwise."""
        invited = queries.university_of(review)
        begins = clock.start_of(clock.today() + timedelta(days=days)) + timedelta(hours=19)
        return factories.a_support_meeting(
            review, self.cast["director"], self.cast["progression"], begins,
            self.cast["minute_taker"], university=invited,
        )  # fmt: skip

    def write(self, support: SupportMeeting) -> None:
        cast, team = self.cast, self.cast["progression"]
        lines = {line.item: line for line in preparing.checklist(support, preparing.Owner.TRAINEE)}
        preparing.done(support, ToPrepare.HAVE_MET, self.request, lines[ToPrepare.HAVE_MET].version, cast["scientist"])
        name = f"{self.long_name}.pdf"
        plan = papers.add(support, FileKind.TRAINING_PLAN, name, pdf(), cast["scientist"])
        other = papers.add(support, FileKind.OTHER, "Guidance for the meeting.docx", docx(), team)
        papers.share(support, [plan, other], [other], team)
        papers.hand_out(papers.Paper.get_by_id(plan.id), cast["director"])
        wrong = papers.add(support, FileKind.TRAINING_PLAN, "Wrong.pdf", pdf(), cast["officer"])
        papers.hand_out(wrong, cast["director"])
        papers.recall(wrong, self.request, cast["officer"])
        self.named |= {"paper_plan": plan.public_id, "paper_other": other.public_id}
        rows = ROWS + "".join(
            f"Item {n} {'x' * (70 if n == 1 else 3)}\tpartly\tEvidence {n}\tPlan {n}\n" for n in range(4)
        )
        gap_analysis.keep(support, gap_table.read(rows), False, "", cast["scientist"])
        self.named["gap_row"] = gap_analysis.rows_of(support)[0].public_id
        minutes.write(support, Present.TOGETHER, self.request, 0, cast["minute_taker"])

    def minute(self, support: SupportMeeting) -> None:
        chair = self.cast["director"]
        for part in minutes.parts_of(support):
            made = minutes.write(support, part, self.request, 0, self.cast["minute_taker"])
            if part != Present.OFFICER_ALONE:
                minutes.agree(made, made.version, chair)
            if part == Present.TOGETHER:
                minutes.correct(made, f"{self.request}\n\nAnd so on.", self.long_name, made.version, chair)
