"""Returners and mentors from Barrow to Brighton, as some months of real use would have left them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from models import (
    Area,
    Employer,
    Mentor,
    Mentorship,
    Mode,
    PersonalLink,
    Returner,
    Role,
    Side,
    SupportTopic,
    User,
    WhyApart,
)
from signpost import clock, import_kinds
from signpost.demo.past import on
from signpost.demo.people import SEABOARD, THAMES, WANDLE, WEALD, Holds, Person, enter
from signpost.imports import actions as imports
from signpost.mentoring import (
    actions,
    agreements,
    asking,
    geography,
    mentors,
    mentorships,
    mentorships_due,
    offers,
    places,
    returners,
    support,
    waiting,
    wishes,
)
from signpost.mentoring.returner_rows import KIND

SANDS = "Morecambe Sands Hospitals Trust"
RIBBLE = "Ribble Vale Hospitals Trust"
IRWELL = "Irwell University Hospitals Trust"
MERSEY = "Mersey Quays Hospitals Trust"
NORTHERN = {
    SANDS: ("Elspeth Postlethwaite", "education@morecambe-sands.example"),
    RIBBLE: ("Imran Sheikh", "education@ribble-vale.example"),
    IRWELL: ("Maeve Gallagher", "education@irwell.example"),
    MERSEY: ("Tony Okafor", "education@mersey-quays.example"),
}
TOWNS = {
    "Barrow-in-Furness": "LA14", "Kendal": "LA9", "Lancaster": "LA1", "Preston": "PR1", "Blackpool": "FY1",
    "Manchester": "M13", "Liverpool": "L7", "Carlisle": "CA2", "London Bridge": "SE1", "Tooting": "SW17",
    "Brighton": "BN2", "Maidstone": "ME16", "Canterbury": "CT1", "Guildford": "GU2",
}  # fmt: skip
AREAS = {
    "Cumbria": "CA LA8 LA9 LA10 LA11 LA12 LA13 LA14 LA15 LA16",
    "Lancashire": "PR BB FY LA1 LA2 LA3 LA4 LA5",
    "Greater Manchester": "M OL BL SK",
    "Merseyside": "L WA",
    "London": "E EC N NW SE SW W WC",
    "Kent, Surrey and Sussex": "BN CT DA GU KT ME RH TN",
}


@dataclass(frozen=True)
class MentorThere:
    """A mentor: where, how far, and what they say of themselves."""

    email: str
    name: str
    towns: tuple[str, ...]
    trust: str
    specialty: str
    miles: int = 30
    modes: str = "face_to_face teams telephone"
    days: str = ""
    takes: int = 2
    ltft: bool = False
    parent: bool = False
    about: str = ""
    trained: int = 300  # days before they came onto the list; 0 for not trained yet
    runs_out: int = 700  # days from today


MENTORS = (
    MentorThere("mentor@signpost.example", "Niamh D’Arcy", ("Lancaster", "Kendal"), SANDS, "Paediatrics", 25, ltft=True, parent=True,
                about="I came back to paediatrics after twins, first at 60 per cent, and know the road past Levens well."),
    MentorThere("mentor2@signpost.example", "Farhad Karimi", ("Manchester",), IRWELL, "Emergency medicine", 20, days="024",
                about="Emergency physician, runner, and glad to talk about going back on call."),
    MentorThere("r.heaton@irwell.example", "Rosalind Heaton", ("Manchester",), IRWELL, "General practice", 15, parent=True, takes=3),
    MentorThere("d.ogunleye@mersey-quays.example", "Damilola Ogunleye", ("Liverpool",), MERSEY, "Anaesthetics", 25),
    MentorThere("p.ashworth@ribble-vale.example", "Philippa Ashworth", ("Preston", "Blackpool"), RIBBLE, "Psychiatry", 30, ltft=True),
    MentorThere("j.lim@morecambe-sands.example", "Jun-wei Lim", ("Blackpool",), RIBBLE, "Radiology", 15, modes="face_to_face teams", runs_out=20),
    MentorThere("s.irving@carlisle.example", "Stuart Irving", ("Carlisle",), SANDS, "Surgery", 20, modes="teams telephone", takes=1),
    MentorThere("a.balogun@thames-wharf.example", "Adaeze Balogun", ("London Bridge",), THAMES, "Obstetrics and gynaecology", 10, parent=True),
    MentorThere("m.castellano@wandle.example", "Marco Castellano", ("Tooting",), WANDLE, "Medicine", 12, days="13"),
    MentorThere("h.fernsby@seaboard.example", "Henrietta Fernsby", ("Brighton",), SEABOARD, "Medicine", 40, ltft=True),
    MentorThere("t.nowak@weald.example", "Tadeusz Nowak", ("Maidstone", "Canterbury"), WEALD, "Surgery", 35, runs_out=-12),
    MentorThere("l.marchetti@weald.example", "Luisa Marchetti", ("Guildford",), WEALD, "Public health", 25, trained=0),
)  # fmt: skip


@dataclass(frozen=True)
class Back:
    """Somebody who returns to training: so many days from today, after so many days away; and what became of it."""

    name: str
    email: str
    returns: int
    trust: str
    specialty: str
    entered: int  # working days ago
    away: int = 300
    then: tuple[tuple[int, Callable[..., object]], ...] = ()
    town: str = ""
    asks: dict[str, Any] = field(default_factory=dict)


def yes(returner: Returner, cast: dict[str, User]) -> None:
    offers.accept(returner, _as(returner))


def no(returner: Returner, cast: dict[str, User]) -> None:
    offers.decline(returner, _as(returner))


def later(days: int) -> Callable[..., object]:
    return lambda returner, cast: offers.ask_later(returner, clock.today() + timedelta(days=days), _as(returner))


def meets(mentor: str) -> Callable[..., object]:
    return lambda returner, cast: actions.introduce(returner, _mentor(mentor), cast["rtt"])


def in_touch(side: Side) -> Callable[..., object]:
    return lambda returner, cast: mentorships.say_in_touch(_pair(returner), side, _of(returner, side))


def met(mode: Mode, words: str = "") -> Callable[..., object]:
    return lambda returner, cast: mentorships.note_meeting(
        _pair(returner), Side.MENTOR, clock.today(), mode, words, _pair(returner).mentor.user
    )


def agrees(returner: Returner, cast: dict[str, User]) -> None:
    answers = {
        "meetings": "Once a month for an hour, in a café near the hospital; messages in between are fine.",
        "off_limits": "Ratings, and colleagues by name.",
        "ending": "We look back together in the last month.",
    }
    made = agreements.propose(_pair(returner), Side.MENTOR, answers, False, _pair(returner).mentor.user)
    agreements.agree(made, Side.RETURNER, _as(returner))


def keeps_agreement(returner: Returner, cast: dict[str, User]) -> None:
    made = agreements.propose(_pair(returner), Side.RETURNER, {}, True, _as(returner))
    agreements.agree(made, Side.MENTOR, _pair(returner).mentor.user)


def ends_early(returner: Returner, cast: dict[str, User]) -> None:
    mentorships.end_early(_pair(returner), Side.RETURNER, _as(returner))


def does_not_work(returner: Returner, cast: dict[str, User]) -> None:
    mentorships.not_working(_pair(returner), Side.RETURNER, _as(returner))


RETURNERS = (
    # With a mentor, at every stage
    Back("Zoë Fairweather", "returner@signpost.example", -40, SANDS, "Paediatrics", 75, then=(
        (72, yes), (66, meets("mentor@signpost.example")), (62, in_touch(Side.RETURNER)), (55, met(Mode.FACE_TO_FACE)), (54, agrees),
        (34, met(Mode.TEAMS, "Talked about the rota, and going up to 80 per cent.")), (12, met(Mode.TEAMS)),
    ), town="Kendal", asks={"miles": 30, "is_parent": True, "works_ltft": True}),
    Back("Owain Prydderch", "owain.prydderch@trainees.example", 12, SANDS, "Surgery", 30, then=(
        (27, yes), (6, meets("mentor@signpost.example")),
    ), town="Lancaster", asks={"miles": 20}),
    Back("Nkechi Anyanwu", "nkechi.anyanwu@trainees.example", -25, IRWELL, "Emergency medicine", 60, then=(
        (58, yes), (45, meets("mentor2@signpost.example")), (40, in_touch(Side.MENTOR)), (36, met(Mode.FACE_TO_FACE)), (35, keeps_agreement),
    ), town="Manchester", asks={"same_specialty": True}),
    Back("Callum Rutherford", "callum.rutherford@trainees.example", -90, IRWELL, "General practice", 125, then=(
        (121, yes), (110, meets("r.heaton@irwell.example")), (104, in_touch(Side.RETURNER)), (96, met(Mode.FACE_TO_FACE)),
        (22, ends_early),
    ), town="Manchester"),
    Back("Shreya Banerjee", "shreya.banerjee@trainees.example", -155, THAMES, "Obstetrics and gynaecology", 150, then=(
        (146, yes), (138, meets("a.balogun@thames-wharf.example")), (130, in_touch(Side.MENTOR)), (120, met(Mode.FACE_TO_FACE)),
        (119, agrees),
    ), town="London Bridge", asks={"is_parent": True}),
    Back("Gwendolyn Asante-Pryce", "gwendolyn.asante@trainees.example", -10, MERSEY, "Anaesthetics", 45, then=(
        (43, yes), (25, meets("d.ogunleye@mersey-quays.example")),
    ), town="Liverpool"),
    Back("Rafael Mendoza", "rafael.mendoza@trainees.example", 5, SEABOARD, "Medicine", 40, then=(
        (37, yes), (30, meets("m.castellano@wandle.example")), (26, in_touch(Side.RETURNER)), (9, does_not_work),
    ), town="Brighton", asks={"request": "A different arrangement, if that is possible, and somebody nearer the coast."}),
    # Waiting
    Back("Ffion Braithwaite", "ffion.braithwaite@trainees.example", 26, SANDS, "Medicine", 28, then=((25, yes),),
         town="Barrow-in-Furness", asks={"miles": 15, "is_miles_a_limit": True, "teams": False, "telephone": False, "is_mode_a_limit": True,
                                        "request": "I do not drive, and the last train is at nine."}),
    Back("Tariq Mahmood", "tariq.mahmood@trainees.example", 33, RIBBLE, "Radiology", 17, then=((15, yes),),
         town="Preston", asks={"miles": 25, "same_specialty": True, "days": "14"}),
    Back("Beatrix Holloway", "beatrix.holloway@trainees.example", 20, MERSEY, "Psychiatry", 22, then=((20, yes),),
         town="Liverpool", asks={"miles": 40, "works_ltft": True, "wanted": "Lancashire"}),
    Back("Siddharth Iyer", "siddharth.iyer@trainees.example", 41, WEALD, "Surgery", 11, then=((8, yes),),
         town="Canterbury", asks={"miles": 40, "return_reason": "I looked after my father."}),
    Back("Perpetua Nwachukwu", "perpetua.nwachukwu@trainees.example", 15, IRWELL, "Emergency medicine", 13, then=((11, yes),),
         town="Blackpool", asks={"miles": 60, "supervisor": "mentor2@signpost.example"}),
    Back("Iwan Gethin-Rees", "iwan.gethin@trainees.example", 38, SANDS, "Surgery", 12, then=((10, yes),)),
    # Asked, and asked later
    Back("Halima Osman", "halima.osman@trainees.example", 30, IRWELL, "Paediatrics", 19),
    Back("Benedict Foxley", "benedict.foxley@trainees.example", 44, THAMES, "Anaesthetics", 5),
    Back("Marguerite Delaney", "marguerite.delaney@trainees.example", 50, WANDLE, "Medicine", 3),
    Back("Kofi Amponsah", "kofi.amponsah@trainees.example", 18, RIBBLE, "Medicine", 24, then=((20, later(45)),)),
    Back("Eilidh Drummond", "eilidh.drummond@trainees.example", 9, SEABOARD, "Psychiatry", 31, then=((29, no),)),
    Back("Xiaoming Zhao", "xiaoming.zhao@trainees.example", 27, MERSEY, "Radiology", 20, then=((16, yes), (4, no))),
    Back("Gruffydd Maddox", "gruffydd.maddox@trainees.example", 110, SANDS, "General practice", 7),
    Back("Leocadia Ferreira", "leocadia.ferreira@trainees.example", 160, WEALD, "Paediatrics", 7),
)  # fmt: skip
A_FILE = (
    "Name;Email;Absent from;Returns on;Trust;Specialty\r\n"
    "Clémence Thibault;clemence.thibault@trainees.example;{away};{back};" + IRWELL + ";Medicine\r\n"
    "Dougal Farquharson;dougal.farquharson@trainees.example;{away};{back};" + SANDS + ";Surgery\r\n"
    "Halima Osman;halima.osman@trainees.example;{away};{back};" + IRWELL + ";Paediatrics\r\n"
    "Saskia van Rooyen;saskia.van.rooyen@trainees;{away};{back};" + MERSEY + ";Anaesthetics\r\n"
    "Ignatius Boateng;ignatius.boateng@trainees.example;{soon};{back};Northern Trust;\r\n"
)


def fill(cast: dict[str, User], hand_over: Callable[[], None]) -> None:
    """Places, mentors and returners, then every act at its moment, the earliest first."""
    team, today = cast["rtt"], clock.today()
    with clock.at(on(160, "09:00")):
        _places(team)
        for one in MENTORS:
            _enter_mentor(one, team, today)
    acts: list[tuple[datetime, Callable[[], object]]] = []
    for number, back in enumerate(RETURNERS):
        made: dict[str, Returner] = {}
        minute = f"{10 + number % 6:02}:{number * 7 % 60:02}"
        acts.append((on(back.entered, minute), _enters(back, made, team)))
        for days, act in back.then:
            acts.append((on(days, minute), _acts(act, made, cast)))
            if act is yes and back.town:
                acts.append((on(days, minute) + timedelta(minutes=4), _wishes(back, made)))
    # What a pass of `run-due` would have done on its day.
    acts += [(on(days, "07:00"), _passes) for days in range(150, 0, -5)]
    for moment, act in sorted(acts, key=lambda each: each[0]):
        if moment < clock.now():
            with clock.at(moment):
                act()
                hand_over()
    with clock.at(on(2, "20:40")):
        away, back_on = clock.today() - timedelta(days=150), clock.today() + timedelta(days=60)
        asking.ask("Wilhelmina Achterberg", "wilhelmina.achterberg@trainees.example", away, back_on, "192.0.2.7")
        hand_over()
    _bring_a_file(team)


def _places(team: User) -> None:
    for name, (contact, email) in NORTHERN.items():
        Employer.create(name=name, contact_name=contact, contact_email=email)
    for town, district in TOWNS.items():
        places.write_place(None, town, district, team)
    for area, districts in AREAS.items():
        places.write_area(None, area, districts, team)
    for line in (
        support.Line(SupportTopic.LEAD_EMPLOYER, None, "Lead employer’s advice line", "Contracts, pay, leave and sickness.",
                     email="advice@lead-employer.example", phone="0300 555 0140"),
        support.Line(SupportTopic.REFLECTION, None, "Reflective practice", "How to write about what you learn on coming back.",
                     web_address="https://www.gmc-uk.org"),
        support.Line(SupportTopic.OCCUPATIONAL_HEALTH, _employer(SANDS), "Occupational health, Morecambe Sands", "Phased returns.",
                     phone="01524 555 0177"),
        support.Line(SupportTopic.LTFT, None, "The policy for the region", "Who may train part time, and how to apply.",
                     web_address="https://training.example/less-than-full-time"),
        support.Line(SupportTopic.LTFT, _employer(IRWELL), "Less than full time lead, Irwell", "Ask before you apply.",
                     email="ltft@irwell.example"),
        support.Line(SupportTopic.LTFT, _employer(SANDS), "Less than full time lead, Morecambe Sands",
                     email="ltft@morecambe-sands.example"),
    ):  # fmt: skip
        support.add(line, team)


def _enter_mentor(one: MentorThere, team: User, now: date) -> None:
    account = User.get_or_none(User.email == one.email)
    if account is None:
        account = enter(Person(one.email, one.name, "", (Holds(Role.MENTOR),)))
    trained_on = clock.today() - timedelta(days=one.trained) if one.trained else None
    ends_on = now + timedelta(days=one.runs_out) if one.trained else None
    training = mentors.Training(_employer(one.trust), one.specialty, trained_on, ends_on)
    made = mentors.add(one.email, one.name, training, team)
    modes = {mode: mode in one.modes.split() for mode in ("face_to_face", "teams", "telephone")}
    ways = mentors.Ways(
        miles=one.miles, **modes, days=one.days, works_ltft=one.ltft, is_parent=one.parent, about=one.about, return_reason=None
    )  # fmt: skip
    bases = [geography.find(town, places.names()) for town in one.towns]
    mentors.write_ways(made, ways, bases, account, made.version)
    if one.takes != made.capacity:
        mentors.set_capacity(made, one.takes, account, made.version)


def _enters(back: Back, made: dict[str, Returner], team: User) -> Callable[[], object]:
    returns_on = clock.today() + timedelta(days=back.returns)

    def act() -> None:
        made["row"] = returners.enter(
            returners.Details(
                back.name,
                back.email,
                returns_on - timedelta(days=back.away),
                returns_on,
                _employer(back.trust),
                back.specialty,
            ),
            team,
        )
        if made["row"].offered_at is None and any(days for days, _ in back.then):
            offers.offer(made["row"], team)

    return act


def _acts(act: Callable[..., object], made: dict[str, Returner], cast: dict[str, User]) -> Callable[[], object]:
    return lambda: act(Returner.get_by_id(made["row"].id), cast)


def _wishes(back: Back, made: dict[str, Returner]) -> Callable[[], object]:
    def act() -> None:
        returner = Returner.get_by_id(made["row"].id)
        asked = dict(back.asks)
        wanted = list(Area.select().where(Area.name == asked.pop("wanted", "")))
        supervisor = asked.pop("supervisor", "")
        apart = [(supervisor, WhyApart.SUPERVISOR)] if supervisor else []
        base = geography.find(back.town, places.names())
        wishes.write(returner, base, wishes.Wishes(**asked), _as(returner), 0, wanted=wanted, apart=apart)

    return act


def _passes() -> None:
    for rule in (offers.offer_due, offers.remind, waiting.tell, *mentorships_due.RULES.values()):
        rule(clock.now())


def _bring_a_file(team: User) -> None:
    """A list that the team brought this morning, and has not taken yet: one is there already, two need mending."""
    today = clock.today()
    days = {"away": today - timedelta(days=140), "back": today + timedelta(days=75), "soon": today}
    content = A_FILE.format(**{name: f"{day:%d/%m/%Y}" for name, day in days.items()})
    with clock.at(on(1, "16:05")):
        imports.bring(KIND, "Returners, spring.csv", content.encode("cp1252"), team)
        imports.go_on(import_kinds.KINDS)


def _employer(name: str) -> Employer:
    return Employer.get(Employer.name == name)


def _mentor(email: str) -> Mentor:
    return Mentor.select().join(User, on=Mentor.user).where(User.email == email).get()


def _pair(returner: Returner) -> Mentorship:
    return Mentorship.select().where(Mentorship.returner == returner).order_by(Mentorship.id.desc()).get()


def _as(returner: Returner) -> User | PersonalLink:
    """The returner's account, or else the personal link they were sent."""
    links = PersonalLink.select().where(PersonalLink.returner == returner)
    return returner.user or links.order_by(PersonalLink.id.desc()).get()


def _of(returner: Returner, side: Side) -> User | PersonalLink:
    return _pair(returner).mentor.user if side == Side.MENTOR else _as(returner)
