"""Two mentoring pairs, made by the actions of the site: what they wrote is theirs, and the team knows the dates."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from models import (
    CameBy,
    FeedbackAsk,
    LinkPurpose,
    Mentor,
    MentorBase,
    MentoringWish,
    Mentorship,
    Mode,
    Returner,
    ReturnerState,
    Side,
    SupportTopic,
    Told,
)
from signpost import clock
from signpost.accounts import links
from signpost.mentoring import agreements, duty, mentorships, support
from signpost.mentoring.dates import ends_on
from tests.matrix import table

if TYPE_CHECKING:
    from tests.matrix.world import Builder

# pair: who mentors, and when the mentee was away
MADE = {
    "pair": ("mentor", date(2026, 4, 1), date(2026, 11, 2)),
    "new pair": ("mentor", date(2026, 5, 4), date(2026, 11, 9)),
    "ended pair": ("other mentor", date(2025, 1, 6), date(2025, 9, 1)),
}


class Mentorer:
    """Makes mentors, returns and pairs, and notes what stands in addresses."""

    def __init__(self, builder: Builder) -> None:
        self.builder, self.words, self.people = builder, builder.words, builder.world.people
        self.ids = builder.world.ids

    def mentor(self) -> None:
        self.ids |= {kind: {} for kind in (*table.MENTORED, "pair_part")}
        for name in table.PAIRS:
            self.pair(name)
        self.waiting()
        contact = support.add(
            support.Line(SupportTopic.LTFT, None, "Flexible training team", "They help."), self.people["rtt team"]
        )
        self.ids["support_contact"]["a line"] = contact.public_id

    def waiting(self) -> None:
        """Somebody who opted in, and a mentor they could have."""
        returner = Returner.create(
            name="Wren Waiting", email="wren@signpost.example", absent_from=date(2026, 5, 1), returns_on=date(2026, 12, 1),
            came_by=CameBy.ENTERED, entered_by=self.people["rtt team"], entered_at=clock.now(),
            state=ReturnerState.INTERESTED, interested_at=clock.now(),
        )  # fmt: skip
        MentoringWish.create(returner=returner, district="LA14", given_at=clock.now())
        mentor = Mentor.get(Mentor.user == self.people["other mentor"])
        self.ids["waiting"]["who waits"] = returner.public_id
        self.ids["pair_part"]["match"] = f"{returner.public_id}.{mentor.public_id}"

    def pair(self, name: str) -> None:
        who, away, back = MADE[name]
        mentee, mentor = self.people["mentee"], self.people[who]
        with clock.at(clock.now() - timedelta(days=10)):
            trained, is_first = Mentor.get_or_create(user=mentor, defaults={"trained_on": date(2026, 1, 12)})
            if is_first:
                MentorBase.create(mentor=trained, district="LA1")
            returner = Returner.create(
                name=mentee.name, email=mentee.email, user=mentee, absent_from=away, returns_on=back,
                came_by=CameBy.ENTERED, entered_by=self.people["rtt team"], entered_at=clock.now(),
                state=ReturnerState.MATCHED, interested_at=clock.now(),
            )  # fmt: skip
            pair = Mentorship.create(
                returner=returner, mentor=trained, mentor_seat=1 if is_first else 2, returner_seat=1, ends_on=ends_on(back),
                explanation=self.words.new((name, "why these two")), introduced_at=clock.now(),
                introduced_by=self.people["rtt team"],
            )  # fmt: skip
            self.write(name, pair)
        self.known(name, pair)
        token = links.make(LinkPurpose.RETURNER, returner.name, returner.email, returner=returner)
        self.words.plant(token, (name, "pair token"))
        self.ids.setdefault("pair_link", {})
        Mentorship.update(contact_at=None, contact_said_by=None).where(Mentorship.id == pair.id).execute()
        if name == "pair":
            self.ids["pair_link"]["link of a pair"] = token
        elif name == "ended pair":
            mentorships.end_early(pair, Side.MENTOR, mentor)
            self.ids["pair_part"] |= {
                "ended_pair_link": token,
                "survey_of_pair": FeedbackAsk.get(FeedbackAsk.side == Side.RETURNER).public_id,
            }

    def write(self, name: str, pair: Mentorship) -> None:
        """What the two write: an agreement, another one proposed, a note; a duty that was done, one told, one decided."""
        mentor, mentee = pair.mentor.user, self.people["mentee"]
        first = agreements.propose(pair, Side.MENTOR, {"meetings": self.words.new((name, "agreement"))}, False, mentor)
        agreements.agree(first, Side.RETURNER, mentee)
        pair = Mentorship.get_by_id(pair.id)
        second = agreements.propose(pair, Side.MENTOR, {"meetings": self.words.new((name, "proposal"))}, False, mentor)
        noted = mentorships.note_meeting(
            pair, Side.RETURNER, clock.today(), Mode.TEAMS, self.words.new((name, "noted words")), mentee
        )
        one = duty.decide(pair, self.words.new((name, "untold duty" if name == "new pair" else "duty")), mentor)
        if name != "new pair":
            duty.tell(one, Told.TELEPHONE, mentor)
            duty.disclose(one, self.words.new((name, "disclosed to")), self.words.new((name, "disclosed")), mentor)
        if name == "pair":
            duty.tell(duty.decide(pair, self.words.new((name, "duty")), mentor), Told.TELEPHONE, mentor)
        self.builder.world.parts[name] = {"proposal_of_pair": second.public_id, "note_of_pair": noted.public_id}
        for part in (second, noted):
            self.words.plant(part.public_id, (name, "id of a part"))

    def known(self, name: str, pair: Mentorship) -> None:
        self.ids["pair"][name] = pair.public_id
        self.words.plant(pair.public_id, (name, "pair"))
        for person, called in (("mentee", "mentee"), (MADE[name][0], "mentor")):
            for own, what in (("own name", "name"), ("own address", "address")):
                for word in self.words.at([(person, own)]):
                    self.words.stands_also_in(word, (name, f"{called}'s {what}"))
