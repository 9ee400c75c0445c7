"""What a new trainee, a new mentor and a new supervisor want to know, and the page that answers each."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """`answer`: words that stand on the page. `search`: what that person would type."""

    who: str
    asks: str
    page: str
    answer: str
    search: str


TRAINEE, MENTOR, SUPERVISOR = "a new trainee", "a new mentor", "a new supervisor"

QUESTIONS = (
    Question(
        TRAINEE,
        "Will the person who referred me hear what I say?",
        "referrals/what-the-trainee-sees",
        "They never see if you came, or what you said.",
        "person who referred you",
    ),
    Question(
        TRAINEE,
        "Do I have to say yes?",
        "referrals/what-the-trainee-sees",
        "You need give no reason.",
        "say no",
    ),
    Question(
        TRAINEE,
        "What happens in a careers session?",
        "careers-session/what-to-expect",
        "Then you talk in four steps.",
        "what to expect",
    ),
    Question(
        TRAINEE,
        "Who has looked at my record?",
        "confidentiality/who-has-looked",
        "For each day you see who it was, what they opened and how many times.",
        "who has looked",
    ),
    Question(
        TRAINEE,
        "Is there anything my counsellor cannot keep to themselves?",
        "confidentiality/our-promise",
        "There are three, and no others.",
        "limits",
    ),
    Question(
        MENTOR,
        "How many people do I support, and for how long?",
        "mentoring/for-mentors",
        "Support up to two people at a time.",
        "for mentors",
    ),
    Question(
        MENTOR,
        "Is it my job to sort out pay or a placement?",
        "mentoring/what-a-mentor-is",
        "the person to sort out a worry about your placement",
        "mentor is not",
    ),
    Question(
        MENTOR,
        "What do we talk about at the first meeting?",
        "mentoring/mentoring-agreement",
        "These questions are a guide.",
        "mentoring agreement",
    ),
    Question(
        MENTOR,
        "What if I hear something that I cannot keep to myself?",
        "mentoring/confidentiality",
        "A doctor has to act if patients may be at risk.",
        "confidentiality in mentoring",
    ),
    Question(
        MENTOR,
        "What if it is not working?",
        "mentoring/ending",
        "You need give no reason.",
        "not working",
    ),
    Question(
        SUPERVISOR,
        "Who can refer a trainee, and how?",
        "referrals/how-to-refer",
        "Only people with one of these roles see the form.",
        "how to refer",
    ),
    Question(
        SUPERVISOR,
        "What should I write, and what should I leave out?",
        "referrals/how-to-refer",
        "Leave out health, clinical details and the story behind it.",
        "what to write",
    ),
    Question(
        SUPERVISOR,
        "When do I say that there are wider concerns?",
        "referrals/wider-concerns",
        "Careers support on its own is not a concern.",
        "wider concerns",
    ),
    Question(
        SUPERVISOR,
        "What will I hear after I have referred somebody?",
        "referrals/what-happens-next",
        "You do not see who came or what was said.",
        "after a referral",
    ),
    Question(
        SUPERVISOR,
        "How do we prepare for a support meeting?",
        "progression/preparing",
        "At least five working days before",
        "prepare support meeting",
    ),
)
