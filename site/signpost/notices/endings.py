"""For every way in which a case ends: what the referrer is told of it, and whether employer and TSG may be. Pure.

Once support has begun, that it ended is the trainee's to tell the referrer (A21), and the team tells the employer, and
the TSG where it was informed, that the sessions have ended and nothing more (A22).
"""

from dataclasses import dataclass
from enum import StrEnum

from models import Ending


class ReferrerHears(StrEnum):
    NOTHING = "nothing"
    FROM_THE_TRAINEE = "from_the_trainee"
    NOT_GOING_AHEAD = "not_going_ahead"
    NOT_GOING_AHEAD_UNLESS_BEGUN = "not_going_ahead_unless_begun"


class TeamTells(StrEnum):
    """Whether the team may tell the employer, and the TSG where informed, that the sessions have ended."""

    NEVER = "never"
    ALWAYS = "always"
    IF_BEGUN = "if_begun"


@dataclass(frozen=True)
class Rule:
    referrer: ReferrerHears
    team: TeamTells

    def says_not_going_ahead(self, had_begun: bool) -> bool:
        if self.referrer == ReferrerHears.NOT_GOING_AHEAD_UNLESS_BEGUN:
            return not had_begun
        return self.referrer == ReferrerHears.NOT_GOING_AHEAD

    def team_may_tell(self, had_begun: bool) -> bool:
        return self.team == TeamTells.ALWAYS or (self.team == TeamTells.IF_BEGUN and had_begun)


RULES: dict[Ending, Rule] = {
    Ending.COMPLETE: Rule(ReferrerHears.FROM_THE_TRAINEE, TeamTells.ALWAYS),
    Ending.DECLINED: Rule(ReferrerHears.NOT_GOING_AHEAD, TeamTells.NEVER),
    # The referrer did it, and hears of it from nobody else.
    Ending.WITHDRAWN: Rule(ReferrerHears.NOTHING, TeamTells.NEVER),
    Ending.DUPLICATE: Rule(ReferrerHears.NOT_GOING_AHEAD_UNLESS_BEGUN, TeamTells.NEVER),
    Ending.UNABLE_TO_CONTACT: Rule(ReferrerHears.NOT_GOING_AHEAD_UNLESS_BEGUN, TeamTells.IF_BEGUN),
    Ending.LEFT_PROGRAMME: Rule(ReferrerHears.NOT_GOING_AHEAD_UNLESS_BEGUN, TeamTells.IF_BEGUN),
    Ending.WITHDREW_PART_WAY: Rule(ReferrerHears.NOTHING, TeamTells.IF_BEGUN),
}
