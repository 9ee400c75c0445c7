"""What happened to each invented referral, told by the actions themselves."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from models import (
    Agreed,
    Ending,
    Mode,
    ObjectiveState,
    Party,
    PersonalLink,
    PlanningStage,
    Referral,
    ReleaseChoice,
    User,
)
from signpost import clock
from signpost.accounts import queries as people
from signpost.completion import actions as completion
from signpost.completion import falling_due
from signpost.demo.after import answers_with_name, is_asked, moves, says, sets_tasks
from signpost.demo.disclosures import (
    asks_consent,
    asks_employer,
    breaks_confidentiality,
    employer_answers,
    gives,
    records_emergency,
    signs,
)
from signpost.demo.documents import adds_cv, shares_results
from signpost.demo.meetings import books
from signpost.demo.past import minutes_ago, on
from signpost.demo.people import LANES, LEA, MEDWAY, MOLE, ROMNEY, SEABOARD, SWALE, THAMES, WANDLE, WEALD
from signpost.demo.sessions import (
    begun_lately,
    fills_in,
    holds,
    is_covered,
    is_on_now,
    is_read,
    is_to_be_called,
    lives_through,
)
from signpost.referrals import actions, queries

Cast = dict[str, User]
Act = Callable[[Cast, Referral], object]


@dataclass(frozen=True)
class Story:
    """One referral and what became of it: each act with its moment, in order."""

    trainee: str
    email: str
    school: str | None
    employer: str
    request: str
    by: str
    sent_at: datetime
    concerns: bool = False
    then: tuple[tuple[datetime, Act], ...] = ()


def accepts(cast: Cast, referral: Referral) -> None:
    actions.accept(referral, by=_as_trainee(referral))


def declines(cast: Cast, referral: Referral) -> None:
    actions.decline(referral, by=_as_trainee(referral))


def _as_trainee(referral: Referral) -> User | PersonalLink:
    """The trainee's account, or else the personal link they were sent."""
    return referral.trainee or PersonalLink.get(PersonalLink.referral == referral)


def assigned_to(counsellor: str, by: str = "adviser", reason: str = "") -> Act:
    return lambda cast, referral: actions.assign(referral, cast[counsellor], cast[by], referral.version, reason)


def concerns_added(cast: Cast, referral: Referral) -> None:
    actions.add_concerns(referral, referral.school, by=referral.referred_by)


def withdrawn(cast: Cast, referral: Referral) -> None:
    actions.withdraw(referral, by=referral.referred_by)


def closed(ending: Ending, by: str = "adviser") -> Act:
    """Closed by the team; one that repeats another repeats the first of the same trainee."""

    def close(cast: Cast, referral: Referral) -> None:
        repeats = queries.same_trainee(referral)[-1] if ending == Ending.DUPLICATE else None
        actions.close(referral, ending, cast[by], referral.version, repeats)

    return close


def released(choice: ReleaseChoice, words: str = "") -> Act:
    return lambda cast, referral: actions.release(referral, choice, words, by=people.heads_of(referral.school)[0])


def agrees_on(number: int) -> Act:
    """The counsellor notes how many sessions they and the trainee agreed on that day."""
    return lambda cast, referral: completion.agree_sessions(
        referral, number, clock.today(), referral.assigned_to, referral.version
    )


def tells(*parties: Party) -> Act:
    return lambda cast, referral: completion.tell(referral, set(parties), by=_as_trainee(referral))


def reminded(cast: Cast, referral: Referral) -> None:
    """What falls due: the trainee who told nobody is reminded."""
    falling_due.remind(clock.now())


def told_for(*parties: Party) -> Act:
    return lambda cast, referral: completion.tell_for_trainee(
        referral, set(parties), clock.today(), Agreed.BY_TELEPHONE, referral.assigned_to
    )


def stops(cast: Cast, referral: Referral) -> None:
    actions.stop(referral, by=_as_trainee(referral))


def employer_told(cast: Cast, referral: Referral) -> None:
    """The counsellor tells the employer, which closes the case; or, where it ended another way, tells them of that."""
    if referral.is_closed:
        completion.announce(referral, referral.assigned_to)
    else:
        completion.finish(referral, referral.assigned_to, referral.version, "The trust has not named anybody yet.")


def stories() -> list[Story]:
    """Every referral of the demonstration, told from now backwards."""
    return [
        # Just in: their messages still wait for the worker.
        Story(
            "Oisín Ní Bhriain", "oisin.nibhriain@trainees.example", None, SEABOARD,
            "Would welcome a conversation about less-than-full-time training and what it means for the next application round.",
            "careerlead", minutes_ago(9),
        ),
        Story(
            "Marguerite Dubois-Lambert", "marguerite.dubois@trainees.example", "Medicine", WEALD,
            "Please help Marguerite to look at her options before the next stage of training.",
            "referrer", minutes_ago(38), concerns=True,
        ),
        # Waiting for a counsellor.
        Story(
            "Daniel Asante", "trainee2@signpost.example", "Paediatrics", SEABOARD,
            "Daniel is weighing paediatrics against general practice and would value an outside view.",
            "careerlead", on(1, "15:20"),
        ),
        Story(
            "Aoife Gallagher", "aoife.gallagher@trainees.example", "Surgery", WANDLE,
            "Aoife would like help in preparing for a change of specialty.",
            "tutor", on(1, "11:05"), concerns=True, then=((on(1, "13:30"), accepts),),
        ),
        Story(
            "Mohammed al-Hashimi", "m.alhashimi@trainees.example", "Emergency Medicine", SWALE,
            "Mohammed asks for support with interview preparation and with choosing between two posts.",
            "dme", on(4, "08:50"), then=((on(3, "19:15"), accepts),),
        ),
        Story(
            "Łukasz Nowak", "lukasz.nowak@trainees.example", None, ROMNEY,
            "Łukasz moved to general practice last year and would like to think through portfolio careers.",
            "tpd", on(7, "12:35"),
        ),
        Story(
            "Grace Obuobi", "grace.obuobi@trainees.example", "Psychiatry", LEA,
            "Grace would like to talk about an academic path and how to begin one.",
            "mem", on(12, "16:10"),
        ),
        Story(
            "Hannah Featherstonehaugh", "hannah.featherstonehaugh@trainnees.example", "Radiology", THAMES,
            "Hannah would value careers support ahead of her application for a fellowship.",
            "tpd", on(3, "09:40"),
        ),
        # Two referrers wrote about the same trainee, each without knowing of the other.
        Story(
            "Santiago Núñez Ibáñez", "santiago.nunez@trainees.example", "Medicine", WEALD,
            "Santiago would like to explore whether cardiology still fits him.",
            "referrer", on(6, "13:25"),
        ),
        Story(
            "Santi Núñez", "santiago.nunez@trainees.example", "Medicine", THAMES,
            "Please could the careers team help Santi with a decision about his specialty?",
            "tpd", on(2, "17:45"),
        ),
        # With a counsellor.
        Story(
            "Priya Natarajan", "trainee@signpost.example", "Medicine", WEALD,
            "Priya would like to think through what comes after core training, and whether a year out would help.",
            "referrer", on(5, "12:40"),
            then=((on(4, "18:05"), accepts), (on(2, "09:15"), assigned_to("counsellor")), (on(1, "08:20"), adds_cv),
                  (on(1, "09:10"), shares_results), (on(1, "10:30"), asks_consent(
                      "Imogen Clarke", "Occupational Health, Weald", "imogen.clarke@occupational.example",
                      "That Priya is considering a year out, and would like to know what support there is on return.",
                      "So that she can speak with you before you decide.",
                  ))),
        ),
        Story(
            "Callum Fraser", "callum.fraser@trainees.example", "Anaesthetics", MOLE,
            "Callum asks for help in comparing a regional rotation with a post nearer home.",
            "careerlead", on(9, "10:20"),
            then=((on(8, "09:30"), assigned_to("counsellor2", by="adviser2")), (on(7, "20:10"), accepts)),
        ),
        Story(
            "Fatoumata Diallo", "fatoumata.diallo@trainees.example", "General Practice", LANES,
            "Fatoumata would like careers support as she returns from a research post.",
            "tpd", on(35, "14:00"),
            then=((on(34, "08:55"), accepts), (on(32, "11:30"), assigned_to("counsellor"))),
        ),
        Story(
            "Jun-ho Park", "junho.park@trainees.example", "Surgery", THAMES,
            "Jun-ho would like to rehearse for national selection and review his portfolio.",
            "tpd", on(15, "09:10"),
            then=(
                (on(14, "10:00"), assigned_to("counsellor")),
                (on(13, "17:30"), accepts),
                (on(10, "09:45"), assigned_to(
                    "g.achebe", by="adviser2", reason="The trainee asked for somebody who sees people in the evening.",
                )),
            ),
        ),
        Story(
            "Eilidh MacDonald", "eilidh.macdonald@trainees.example", "Surgery", WEALD,
            "Eilidh asks for help in deciding whether to stay in a surgical specialty.",
            "referrer", on(18, "12:15"),
            then=(
                (on(17, "08:40"), accepts),
                (on(16, "10:30"), assigned_to("i.prichard")),
                (on(11, "16:20"), concerns_added),
                (on(9, "17:05"), released(ReleaseChoice.FACT)),
            ),
        ),
        # Meeting their counsellor.
        Story(
            "Nkechi Anyanwu", "nkechi.anyanwu@trainees.example", "Obstetrics and Gynaecology", SEABOARD,
            "Nkechi would like to look at how other specialties compare with hers.",
            "careerlead", on(20, "11:50"),
            then=(
                (on(19, "09:05"), assigned_to("counsellor")),
                (on(19, "21:00"), accepts),
                (on(15, "12:00"), books(2, from_today=True)),
                (on(11, "20:30"), fills_in(
                    now="Third year. I like the wards, and the nights less each year.",
                    hopes="To know which specialties would let me keep operating, and which would not.",
                    tried="I spoke with two registrars. They said opposite things.",
                    practical="I am on call on Thursdays.",
                )),
                (on(14, "09:30"), asks_employer("Could Nkechi spend a taster week in another specialty before the spring?")),
                (on(13, "16:05"), employer_answers("Yes: five days of study leave, agreed with the rota lead six weeks before.")),
            ),
        ),
        Story(
            "Theodora Vassiliou", "theodora.vassiliou@trainees.example", "Medicine", WEALD,
            "Theodora would value support in choosing her next step.",
            "referrer", on(30, "13:00"), concerns=True,
            then=(
                (on(29, "08:30"), accepts),
                (on(28, "09:20"), assigned_to("counsellor", by="adviser2")),
                (on(27, "16:45"), released(ReleaseChoice.WORDS, "Please leave any new offer of support until we have spoken.")),
                (on(24, "12:00"), books(5, at="14:00")),
                (on(21, "19:25"), fills_in(
                    now="Second year of core training, and tired of being asked what comes next.",
                    hopes="To choose without feeling that everybody waits for it.", tried="", practical="",
                )),
                (on(19, "14:00"), lives_through),
                (on(12, "09:00"), is_covered),
                (minutes_ago(150), is_read),
                (on(19, "14:50"), sets_tasks(
                    ("Write down what a good week looks like, and what it needs", 14),
                    ("Speak with two doctors who left acute medicine, and ask what they miss", 30),
                    ("Ask the deanery when applications for the pilot close", 60),
                )),
                (on(12, "21:15"), says(0, ObjectiveState.MET, "Done, on one page. It was easier than I had thought.")),
                (on(4, "20:40"), moves(1, 21, "One of the two is on leave until next month.")),
                (on(5, "12:10"), is_to_be_called(begun_lately())),
                (begun_lately(), is_on_now),
                (on(3, "12:30"), answers_with_name("somewhat", "It was good to be asked what I want first.")),
                (on(18, "09:20"), asks_consent(
                    "Farouk Idris", "Professional Support Unit", "farouk.idris@support.example",
                    "That Theodora would like coaching for examinations, and how to reach her.",
                    "They offer what you asked for.",
                )),
                (on(17, "20:10"), signs),
                (on(16, "09:00"), gives),
                (on(8, "10:15"), breaks_confidentiality(
                    "She said that she has been prescribing from memory on nights, since the system is slow, and twice got it wrong.",
                    "I rang. I said that patients may be at risk, and that I would tell the head of school that, and nothing else.",
                    "Prescribing on nights: errors were made, and a check by a colleague is needed from the next shift on.",
                )),
            ),
        ),
        Story(
            "Wei-Lin Tan", "weilin.tan@trainees.example", "Healthcare Science", THAMES,
            "Wei-Lin would like to plan the years after the training programme.",
            "tpd", on(33, "10:05"),
            then=(
                (on(32, "09:00"), assigned_to("counsellor2")),
                (on(31, "18:20"), accepts),
                (on(27, "15:00"), books(6, at="15:00")),
                (on(21, "15:00"), holds(
                    "What the years after the programme could hold",
                    "We named three kinds of post, and what each would ask for. Wei-Lin reads what they really involve.",
                    PlanningStage.CAREER_EXPLORATION, parked="Whether to write up the project",
                )),
                (on(21, "15:50"), sets_tasks(
                    ("Read the job descriptions of three consultant posts", 21),
                    ("Ask my supervisor for a morning in genomics", 35),
                )),
                (on(20, "19:05"), is_asked),
                (on(1, "16:10"), records_emergency(
                    "On the telephone Wei-Lin said they could not go on, and then did not answer.",
                    "That I feared for their safety, their name, and where they live.",
                    "The ambulance service, by telephone", "They had stopped answering, and nobody was with them.",
                )),
                (on(9, "13:00"), says(0, ObjectiveState.PARTLY, "Two of three. The third is not advertised yet.")),
            ),
        ),
        Story(
            "Charlotte Ashby-Cole", "charlotte.ashbycole@trainees.example", "Paediatrics", MOLE,
            "Charlotte asks for help in preparing for consultant interviews.",
            "careerlead", on(40, "15:35"),
            then=(
                (on(39, "09:10"), assigned_to("g.achebe")),
                (on(38, "07:55"), accepts),
                (on(34, "13:00"), books(6, at="13:00")),
                (on(28, "13:00"), holds(
                    "What a good interview shows",
                    "We listed what Charlotte has done and is proud of, and which of it a panel would not see on paper.",
                    PlanningStage.SELF_ASSESSMENT, parked="Questions about leadership",
                )),
                (on(24, "09:15"), books(4, Mode.TELEPHONE, at="18:00")),
                (on(20, "18:00"), holds(
                    "Answers that are true and short",
                    "We rehearsed two answers. What helped was to begin with the patient and end with what changed.",
                    PlanningStage.PLAN_IMPLEMENTATION,
                )),
                (on(20, "18:50"), sets_tasks(("Practise two answers aloud with a colleague", 12), ("Visit the unit", 45))),
                (on(13, "20:00"), says(0, ObjectiveState.MET)),
                (on(12, "10:00"), reminded),
                (on(8, "10:00"), reminded),
            ),
        ),
        # Told to the head of school, who released nothing.
        Story(
            "Bartholomew Quaye", "bart.quaye@trainees.example", "Medicine", THAMES,
            "Bartholomew would like to talk through his options with somebody outside his department.",
            "tpd", on(13, "11:15"), concerns=True,
            then=((on(12, "10:10"), assigned_to("counsellor2")), (on(12, "17:40"), released(ReleaseChoice.NOTHING))),
        ),
        # Ended.
        Story(
            "Ayesha Siddiqui", "ayesha.siddiqui@trainees.example", "Medicine", WEALD,
            "Ayesha would like help in planning a career that combines clinical work and teaching.",
            "referrer", on(45, "12:20"),
            then=(
                (on(44, "09:25"), assigned_to("counsellor")),
                (on(44, "19:00"), accepts),
                (on(40, "10:00"), books(4, at="10:00")),
                (on(36, "10:00"), holds(
                    "What teaching gives that clinics do not",
                    "We looked at a week as it is, and at a week as it could be. Ayesha asks what the education centre needs.",
                    PlanningStage.SELF_ASSESSMENT, parked="Whether a certificate in education is worth the time",
                )),
                (on(34, "09:30"), agrees_on(3)),
                (on(30, "10:00"), books(4, Mode.TELEPHONE, at="10:00")),
                (on(26, "10:00"), holds(
                    "Posts that combine both",
                    "There are more of them than we had thought. Two are near enough. The certificate can wait a year.",
                    PlanningStage.CAREER_EXPLORATION,
                )),
                (on(20, "16:30"), books(4, Mode.TEAMS, at="11:00")),
                (on(16, "11:00"), holds(
                    "Which of the two to apply for",
                    "Ayesha chose, and knows why. She writes the application this month.", PlanningStage.DECISION_MAKING,
                )),
                (on(14, "20:15"), tells(Party.REFERRER, Party.HEAD)),
                (on(10, "16:00"), employer_told),
            ),
        ),
        Story(
            "Björn Håkansson", "bjorn.hakansson@trainees.example", "Emergency Medicine", SWALE,
            "Björn asks for a conversation about working abroad and coming back.",
            "dme", on(44, "08:15"),
            then=(
                (on(43, "11:40"), assigned_to("counsellor2", by="adviser2")),
                (on(39, "14:30"), books(4, at="14:30")),
                (on(35, "14:30"), holds(
                    "What a year abroad is for",
                    "We separated what draws Björn there from what he would like to leave for a while.",
                    PlanningStage.SELF_ASSESSMENT, parked="How training counts on return",
                )),
                (on(32, "08:30"), books(4, Mode.TELEPHONE, at="15:10")),
                (on(28, "15:10"), holds(
                    "When to go, and how to come back",
                    "After the examination, for one year, with the question of recognition asked beforehand.",
                    PlanningStage.DECISION_MAKING,
                )),
                (on(22, "10:00"), reminded),
                (on(17, "10:00"), reminded),
                (on(16, "14:10"), told_for(Party.REFERRER)),
                (on(16, "15:30"), employer_told),
            ),
        ),
        Story(
            "Ifeoma Nwosu", "ifeoma.nwosu@trainees.example", "Medicine", THAMES,
            "Ifeoma would like to think about moving to another region.",
            "tpd", on(31, "11:45"),
            then=(
                (on(30, "09:15"), assigned_to("counsellor2")),
                (on(27, "12:30"), books(4, at="17:20")),
                (on(23, "17:20"), holds(
                    "What moving would change",
                    "We drew two lists. Ifeoma takes them home before she decides whether to talk further.",
                    PlanningStage.CAREER_EXPLORATION,
                )),
                (on(15, "21:05"), stops),
                (on(13, "09:40"), employer_told),
            ),
        ),
        Story(
            "Rosalind Eyre", "rosalind.eyre@trainees.example", "Anaesthetics", SEABOARD,
            "Rosalind may like to talk about her next application.",
            "careerlead", on(22, "16:55"), then=((on(20, "19:40"), declines),),
        ),
        Story(
            "Tariq Mahmood", "tariq.mahmood@trainees.example", "Surgery", WEALD,
            "Tariq would like careers support before he chooses a sub-specialty.",
            "referrer", on(26, "09:55"), then=((on(25, "12:05"), withdrawn),),
        ),
        Story(
            "Keira O’Donnell", "keira.odonnell@trainees.example", "Psychiatry", LEA,
            "Keira asks for help in comparing training in two regions.",
            "mem", on(38, "14:45"),
            then=((on(36, "11:15"), assigned_to("i.prichard")), (on(18, "16:30"), closed(Ending.UNABLE_TO_CONTACT))),
        ),
        Story(
            "Anastasia Petrova", "anastasia.petrova@trainees.example", "Radiology", WANDLE,
            "Anastasia would value a conversation about interventional radiology.",
            "tutor", on(24, "08:25"), then=((on(23, "09:50"), assigned_to("g.achebe")),),
        ),
        Story(
            "Anastasia Petrova", "anastasia.petrova@trainees.example", "Radiology", THAMES,
            "Anastasia is thinking about interventional radiology and would like to talk it over.",
            "tpd", on(21, "13:10"), then=((on(21, "16:30"), closed(Ending.DUPLICATE, by="adviser2")),),
        ),
        Story(
            "Gethin Vaughan", "gethin.vaughan@trainees.example", "General Practice", MEDWAY,
            "Gethin would like help in planning a move to Wales.",
            "dme", on(28, "17:20"),
            then=((on(27, "10:40"), assigned_to("counsellor2")), (on(23, "11:25"), closed(Ending.LEFT_PROGRAMME, by="adviser2"))),
        ),
    ]  # fmt: skip
