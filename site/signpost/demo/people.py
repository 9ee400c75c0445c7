"""Who is in the demonstration, and where. People, employers and schools are invented; the four venues are those of A23."""

from dataclasses import dataclass

from models import Employer, ReferrerKind, Role, RoleHeld, School, Setting, User, Venue
from signpost import clock
from signpost.accounts import queries
from signpost.demo.past import on
from signpost.events import record
from signpost.referrals import search

PASSWORD = "signpost-demo"  # noqa: S105  every invented person's, and printed by `make run`


@dataclass(frozen=True)
class Holds:
    """A role, and over what, by name."""

    role: Role
    school: str = ""
    employer: str = ""
    kind: ReferrerKind | None = None


@dataclass(frozen=True)
class Person:
    email: str
    name: str
    what: str
    holds: tuple[Holds, ...] = ()
    phone: str = ""

    @property
    def key(self) -> str:
        """How the stories call them: what stands before the @."""
        return self.email.partition("@")[0]


SCHOOLS = (
    *("Anaesthetics", "Emergency Medicine", "General Practice", "Healthcare Science", "Medicine"),
    *("Obstetrics and Gynaecology", "Paediatrics", "Psychiatry", "Radiology", "Surgery"),
)
SCHOOL_WITHOUT_A_HEAD = "Public Health"

WEALD = "Weald and Downs Hospitals Trust"
SWALE = "Thanet and Swale Hospitals Trust"
MEDWAY = "Medway Reach Community Trust"
MOLE = "Mole and Wey Valley Hospitals Trust"
SEABOARD = "Sussex Seaboard University Hospitals Trust"
THAMES = "Thames Wharf University Hospitals Trust"
WANDLE = "Wandle and Beverley Hospitals Trust"
LEA = "Lea Marshes Mental Health Trust"
LANES = "Seven Dials Lane Surgery, Brighton"
ROMNEY = "Romney Levels Practice"

EMPLOYERS = {
    WEALD: ("Frances Oyelaran", "education@weald.example"),
    SWALE: ("Colm Brannigan", "education@swale.example"),
    MEDWAY: ("Harpreet Sandhu", "learning@medway-reach.example"),
    MOLE: ("Imogen St John", "education@mole-and-wey.example"),
    SEABOARD: ("Nnamdi Eze", "education@seaboard.example"),
    THAMES: ("Agnieszka Król", "education@thames-wharf.example"),
    WANDLE: ("Delroy Campbell", "education@wandle.example"),
    LEA: ("Saoirse Flynn", "learning@lea-marshes.example"),
    LANES: ("Bethan Rees", "manager@seven-dials.example"),
    ROMNEY: ("Omar Haddad", "manager@romney.example"),
}
VENUES = ("HEKSS", "Brighton", "Guy’s Hospital", "St George’s Hospital Tooting")

PEOPLE = [
    Person("adviser@signpost.example", "Siobhán O’Reilly", "Senior careers adviser", (Holds(Role.SENIOR_ADVISER),), "020 7946 0101"),
    Person("adviser2@signpost.example", "Rohan Mehta", "Senior careers adviser", (Holds(Role.SENIOR_ADVISER),), "020 7946 0102"),
    Person("counsellor@signpost.example", "Amina Yusuf", "Careers counsellor", (Holds(Role.COUNSELLOR),), "020 7946 0111"),
    Person("counsellor2@signpost.example", "Tomasz Wiśniewski", "Careers counsellor", (Holds(Role.COUNSELLOR),), "01632 960112"),
    Person(
        "referrer@signpost.example", "Helen Carrington-Bell", "Educational supervisor",
        (Holds(Role.REFERRER, school="Medicine", employer=WEALD, kind=ReferrerKind.EDUCATIONAL_SUPERVISOR),),
    ),
    Person(
        "careerlead@signpost.example", "Chukwuemeka Obi", "LFG career lead",
        (Holds(Role.REFERRER, employer=SEABOARD, kind=ReferrerKind.LFG_CAREER_LEAD),),
    ),
    Person("trainee@signpost.example", "Priya Natarajan", "Trainee, with a counsellor", (Holds(Role.TRAINEE),)),
    Person("trainee2@signpost.example", "Daniel Asante", "Trainee, newly referred", (Holds(Role.TRAINEE),)),
    Person(
        "head@signpost.example", "Ruth Goldberg", "Head of the school of medicine",
        (Holds(Role.HEAD_OF_SCHOOL, school="Medicine"),),
    ),
    Person(
        "head2@signpost.example", "Alasdair MacLeod", "Head of the school of surgery",
        (Holds(Role.HEAD_OF_SCHOOL, school="Surgery"),),
    ),
    Person("tsg@signpost.example", "Yasmin Rahman", "Training Support Group", (Holds(Role.TSG),)),
    Person("rtt@signpost.example", "Bethan Llewellyn", "Return to training team", (Holds(Role.RTT_TEAM),)),
    Person("rtt2@signpost.example", "Kwame Mensah", "Return to training team", (Holds(Role.RTT_TEAM),)),
    Person("mentor@signpost.example", "Niamh D’Arcy", "Mentor", (Holds(Role.MENTOR),)),
    Person("mentor2@signpost.example", "Farhad Karimi", "Mentor", (Holds(Role.MENTOR),)),
    Person("returner@signpost.example", "Zoë Fairweather", "Trainee returning after leave", (Holds(Role.RETURNER),)),
    Person(
        "officer@signpost.example", "Gareth ap Rhys", "Training officer",
        (Holds(Role.TRAINING_OFFICER, employer=THAMES),),
    ),
    Person(
        "tpd@signpost.example", "Lakshmi Venkatesan", "Training programme director, chairs support meetings",
        (Holds(Role.REFERRER, school="Medicine", employer=THAMES, kind=ReferrerKind.TPD), Holds(Role.MEETING_CHAIR)),
    ),
    Person("progression@signpost.example", "Oluwaseun Adeyemi", "Progression support team", (Holds(Role.PROGRESSION),)),
    Person("university@signpost.example", "Ingrid Sørensen", "University representative", (Holds(Role.UNIVERSITY),)),
    Person("scientist@signpost.example", "Mei-Ling Chan", "Trainee in progression support", (Holds(Role.TRAINEE),)),
    Person("complaints@signpost.example", "Judith Abernathy", "Complaints handler", (Holds(Role.COMPLAINTS),)),
    Person("governance@signpost.example", "Patrick Nwosu", "Information governance, reads the audit", (Holds(Role.GOVERNANCE),)),
    Person("admin@signpost.example", "Carys Thomas", "Administrator", (Holds(Role.ADMINISTRATOR),)),
]  # fmt: skip

# They appear in the records, and nobody signs in as them.
COLLEAGUES = [
    Person("g.achebe@signpost.example", "Geraldine Achebe", "", (Holds(Role.COUNSELLOR),), "01632 960113"),
    Person("i.prichard@signpost.example", "Iolo Prichard", "", (Holds(Role.COUNSELLOR),), "020 7946 0114"),
    Person("p.lindqvist@signpost.example", "Petra Lindqvist", "", (Holds(Role.PROGRESSION),)),
    Person("dme@swale.example", "Edward Kaczmarek", "", (Holds(Role.REFERRER, employer=SWALE, kind=ReferrerKind.DME),)),
    Person("tutor@wandle.example", "Shanthi Perera", "", (Holds(Role.REFERRER, employer=WANDLE, kind=ReferrerKind.CLINICAL_TUTOR),)),
    Person("mem@lea-marshes.example", "Louise Delacroix", "", (Holds(Role.REFERRER, employer=LEA, kind=ReferrerKind.MEM),)),
    *(
        Person(f"head.{search.plain(school).replace(' ', '-')}@schools.example", name, "", (Holds(Role.HEAD_OF_SCHOOL, school=school),))
        for school, name in {
            "Anaesthetics": "Bukola Fasanya", "Emergency Medicine": "Rhys Bevan", "General Practice": "Anjali Deshmukh",
            "Healthcare Science": "Conor McGrath", "Obstetrics and Gynaecology": "Eleni Papadaki",
            "Paediatrics": "Josephine Whitlock", "Psychiatry": "Samuel Okoro", "Radiology": "Parveen Akhtar",
        }.items()
    ),
]  # fmt: skip


def enter_places() -> None:
    for school in (*SCHOOLS, SCHOOL_WITHOUT_A_HEAD):
        School.create(name=school)
    for name, (contact, email) in EMPLOYERS.items():
        Employer.create(name=name, contact_name=contact, contact_email=email)
    for venue in VENUES:
        Venue.create(name=venue)
    Setting.create(name="team_phone", value="020 7946 0100")
    Setting.create(name="records_policy_name", value="Records management policy")
    Setting.create(name="records_policy_link", value="https://policies.signpost.example/records")


def enter(person: Person, password_hash: str = "") -> User:
    """Open an account with its roles. One hash serves everybody: making it takes as long as it should."""
    with clock.at(on(60, "09:00")):
        user = User.create(
            name=person.name,
            email=person.email,
            phone=person.phone,
            password_hash=password_hash,
            created_at=clock.now(),
        )
        for holds in person.holds:
            RoleHeld.create(
                user=user,
                role=holds.role,
                school=School.get(School.name == holds.school) if holds.school else None,
                employer=Employer.get(Employer.name == holds.employer) if holds.employer else None,
                referrer_kind=holds.kind,
            )
        roles = [holds.role.value for holds in person.holds]
        record("person.added", by=queries.system_user(), user=user, facts={"roles": roles})
    return user
