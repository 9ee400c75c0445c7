"""Support meetings that are prepared and minuted: what each writes, papers shared and not, minutes agreed and not (E9, E10)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from models import FileKind, Present, Review, SupportKind, SupportMeeting, ToPrepare, User
from signpost import clock
from signpost.fields import new_public_id
from signpost.meetings import polls
from signpost.progression import gap_analysis, gap_table, minutes, papers, preparing, support_meetings
from signpost.progression.support_meetings import Setup
from tests.files.made import pdf
from tests.matrix import table

if TYPE_CHECKING:
    from tests.matrix.world import Builder

PARTS = (
    (Present.TOGETHER, 20), (Present.TRAINEE_ALONE, 20), (Present.OFFICER_ALONE, 20), (Present.TOGETHER, 20),
)  # fmt: skip


class Preparer:
    """Writes something of every kind into every support meeting, as those who may."""

    def __init__(self, builder: Builder) -> None:
        self.builder, self.words, self.people = builder, builder.words, builder.world.people
        self.ids, self.team = builder.world.ids, builder.world.people["progression"]

    def prepare(self) -> None:
        self.meet()
        self.ids["support_part"] = {}
        for name in table.SUPPORTS:
            self.one(name, SupportMeeting.get(SupportMeeting.public_id == self.ids["support"][name]))
        held = SupportMeeting.get(SupportMeeting.public_id == self.ids["support"]["held support"])
        meeting = polls.Meeting.get(polls.Meeting.poll == held.poll)
        with clock.at(meeting.ends_at):
            support_meetings.held(held, self.team)
            chair = self.people["chair"]
            for made in minutes.readable(chair, held):
                minutes.agree(made, made.version, chair)

    def meet(self) -> None:
        """A full one, of which all of the minutes will be agreed."""
        review = Review.get(Review.public_id == self.ids["review"]["to set up"])
        past = SupportMeeting.get(SupportMeeting.public_id == self.ids["support"]["past support"])
        full = Setup(
            kind=SupportKind.FULL,
            chair=self.people["chair"],
            minute_taker=self.people["second progression"],
            parts=PARTS,
        )
        with clock.at(clock.now() - timedelta(days=20)):
            made = support_meetings.require(review, full, self.team, follows=past)
            times = [clock.now() + timedelta(days=14, hours=3)]
            poll = support_meetings.ask(made, times, clock.today() + timedelta(days=5), self.team)
            polls.fix(poll, poll.times[0], self.team, poll.version)
        self.words.plant(made.public_id, ("held support", "support meeting"))
        self.ids["support"]["held support"] = made.public_id

    def one(self, name: str, support: SupportMeeting) -> None:
        held = table.SUPPORTS[name]
        trainee, officer, taker = (self.people[held[part][0]] for part in ("trainee", "officer", "taker"))
        for by in (trainee, officer):
            words = self.words.new((name, "prepared words"))
            line = next(
                one
                for one in preparing.checklist(support, preparing.owner_of(by, support))
                if one.item == ToPrepare.HAVE_MET
            )
            preparing.done(support, ToPrepare.HAVE_MET, words, line.version, by)
        text = "\t".join((self.words.new((name, "gap row")), "done", self.words.new((name, "gap row")), ""))
        gap_analysis.keep(support, gap_table.read(text), False, "", trainee)
        theirs = self.paper(name, "officer's paper", support, officer, FileKind.TRAINING_PLAN)
        shared = self.paper(name, "shared paper", support, self.team, FileKind.OTHER)
        papers.share(support, [shared], [shared] if support.university_id else [], self.team)
        gone = self.paper(name, "recalled paper", support, self.team, FileKind.OTHER)
        papers.recall(gone, self.words.new((name, "why recalled")), self.team)
        manner = "agreed" if name == "held support" else "draft"
        for part in minutes.parts_of(support):
            minutes.write(support, part, self.words.new((name, f"{manner}, {part}")), 0, taker)
        parts = {
            "paper_of_support": shared,
            "unshared_of_support": theirs,
            "row_of_support": gap_analysis.rows_of(support)[0],
        }
        self.builder.world.parts[name] = {called: row.public_id for called, row in parts.items()}
        if name == "asked support":
            self.ids["support_part"] |= {
                "paper_of_link": shared.public_id,
                "own_paper_of_link": theirs.public_id,
                "row_of_link": parts["row_of_support"].public_id,
                "version_of_link": str(line.version + 1),
            }

    def paper(self, name: str, called: str, support: SupportMeeting, by: User, kind: FileKind) -> papers.Paper:
        word = self.words.new((name, called))
        return papers.add(support, kind, f"{word}.pdf", pdf(), by, new_public_id())
