"""What the pages of mentoring pairs show: one just introduced, one in the middle of it, one that ended."""

from datetime import timedelta

from models import DutyDisclosure, FeedbackAsk, LinkPurpose, Mentorship, Mode, Returner, Side, SupportTopic, Told, User
from signpost import clock
from signpost.accounts import links
from signpost.mentoring import agreements, duty, mentorships, support
from signpost.mentoring.agreements import QUESTIONS
from tests import factories


def pair_up(cast: dict[str, User], named: dict[str, str], long_name: str, request: str) -> None:
    """All with one mentor; each returner has their own link."""
    team, user = cast["rtt"], cast["mentor"]
    mentor = factories.a_mentor(user, capacity=5)
    for name in ("new_pair", "pair", "ended_pair"):
        waiting = factories.who_waits(team, name=long_name, email=f"{name}@mail.example")
        pair = factories.a_mentorship(team, mentor, waiting, explanation="8 miles; both in person; wanted Lancashire")
        named[name] = pair.public_id
        named[f"{name}_link"] = _link(pair.returner)
        if name != "new_pair":
            _live(pair, user, request)
        if name == "ended_pair":
            mentorships.end_early(Mentorship.get_by_id(pair.id), Side.MENTOR, user)
    named["pair_survey"] = FeedbackAsk.get(FeedbackAsk.side == Side.RETURNER).public_id
    for topic in SupportTopic:
        line = support.Line(
            topic, None, long_name, request, "https://support.example/guide", "help@support.example", "020 7946 0100"
        )
        named["support_line"] = support.add(line, team).public_id


def _link(returner: Returner) -> str:
    return links.make(LinkPurpose.RETURNER, returner.name, returner.email, returner=returner)


def _live(pair: Mentorship, user: User, request: str) -> None:
    by = links.find(_link(pair.returner))
    answers = {name: request for name, _, _ in QUESTIONS}
    agreements.agree(agreements.propose(pair, Side.MENTOR, answers, False, user), Side.RETURNER, by)
    pair = Mentorship.get_by_id(pair.id)
    agreements.propose(pair, Side.RETURNER, answers | {"outcomes": "Calm."}, False, by)
    meeting = mentorships.FirstMeeting(clock.now() + timedelta(days=3), 60, Mode.FACE_TO_FACE, "The library café")
    if pair.returner.email.startswith("pair"):
        mentorships.arrange_first_meeting(pair, meeting, user)
    mentorships.note_meeting(pair, Side.MENTOR, clock.today(), Mode.TEAMS, request, user)
    done = duty.decide(pair, request, user)
    duty.tell(done, Told.IN_PERSON, user)
    duty.disclose(DutyDisclosure.get_by_id(done.id), "The medical director", request, user)
    duty.tell(duty.decide(pair, f"{request} Again.", user), Told.TELEPHONE, user)
