"""What helps a counsellor in each phase and names each stage: words of ours, for the workspace (B1–B6). Pure."""

from dataclasses import dataclass

from models import PlanningStage

STAGE_NAMES = {
    PlanningStage.SELF_ASSESSMENT: "Self-assessment",
    PlanningStage.CAREER_EXPLORATION: "Career exploration",
    PlanningStage.DECISION_MAKING: "Career decision making",
    PlanningStage.PLAN_IMPLEMENTATION: "Plan implementation",
}


@dataclass(frozen=True)
class Phase:
    """One of the four phases of a session: its anchor on the page, what it is for, and prompts."""

    key: str
    setting: str
    aim: str
    prompts: tuple[str, ...]


PHASES = (
    Phase(
        "clarifying",
        "phase_1_name",
        "Agree what this session is about.",
        (
            "Say how long you have and what the session is for.",
            "“What brings you here today?” Listen before you ask the next question.",
            "Hear everything they bring first. Then agree together what to focus on.",
        ),
    ),
    Phase(
        "exploring",
        "phase_2_name",
        "Look at the focus in depth.",
        (
            "“Tell me about the last time that happened.”",
            "Ask for an example where an answer stays general.",
            "Does another issue press more? Then agree to change the focus.",
        ),
    ),
    Phase(
        "evaluating",
        "phase_3_name",
        "Weigh the options.",
        (
            "Gently name what does not fit together.",
            "What speaks for each option, and what against it?",
            "Which would they choose first? Put them in order.",
            "Are you still talking about the focus?",
        ),
    ),
    Phase(
        "planning",
        "phase_4_name",
        "The trainee decides what to do, and by when.",
        (
            "“What will you do first?” Write it in their words.",
            "Each task has a day.",
            "Look back together: what was this session useful for?",
        ),
    ),
)

BEFORE_REMOTE = (
    "A room where nobody will disturb you",
    "A headset, so that nobody else hears",
    "What you may want to look up, to hand",
)
