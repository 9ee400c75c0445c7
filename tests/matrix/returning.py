"""A return to training, with all that its returner said; a file of others; and what mentors say of themselves."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from models import Import, LinkPurpose, Mentor, MentorPause, PersonalLink, Returner, WhyApart
from signpost import clock, import_kinds
from signpost.accounts import links
from signpost.imports import actions as imports
from signpost.mentoring import geography, mentors, offers, places, returners, wishes
from signpost.mentoring.returner_rows import KIND
from tests.matrix import table

if TYPE_CHECKING:
    from tests.matrix.world import Builder


class Returning:
    """Puts somebody on the list, who says yes and what they wish for; and notes what stands in addresses."""

    def __init__(self, builder: Builder) -> None:
        self.builder, self.words, self.people = builder, builder.words, builder.world.people
        self.ids = builder.world.ids

    def come(self) -> None:
        self.ids.update({kind: {} for kind in (*table.RETURNING, "return_link")})
        self.place()
        self.a_return()
        self.a_file()
        self.a_mentor()

    def place(self) -> None:
        team = self.people["rtt team"]
        self.ids["area_page"]["an area"] = places.write_area(None, "Lancashire", "PR BB LA1 LA2", team).public_id
        self.ids["place_page"]["a place"] = places.write_place(None, "Kendal", "LA9", team).public_id

    def a_return(self) -> None:
        person, team, today = self.people["returner"], self.people["rtt team"], clock.today()
        with clock.at(clock.now() - timedelta(days=3)):
            made = returners.enter(
                returners.Details(person.name, person.email, today - timedelta(days=160), today + timedelta(days=30)),
                team,
            )
            offers.accept(made, by=PersonalLink.get(PersonalLink.returner == made))
            asked = wishes.Wishes(
                miles=20,
                return_reason=self.words.new(("a return", "why they were away")),
                request=self.words.new(("a return", "special request")),
            )
            apart = [(self.words.new(("a return", "whom they avoid")), WhyApart.ASKED)]
            wishes.write(made, geography.find("LA9"), asked, person, 0, apart=apart)
        self.known("a return", "returner", made)
        with clock.at(clock.now() - timedelta(days=2)):
            offered = returners.enter(self.details("offered returner", 20), team)
        self.known("an offered return", "offered returner", offered)
        to_come = returners.enter(
            returners.Details(
                self.words.new(("a return to come", "returner's name")), self.builder.address("a return to come", "returner's address"),
                today - timedelta(days=100), today + timedelta(days=100),
            ), team,
        )  # fmt: skip
        self.ids["return"]["a return to come"] = to_come.public_id
        for name, (whose, state) in table.RETURN_LINKS.items():
            if name != "link of a trainee":
                self.link(name, whose, offered if whose == "an offered return" else made, state)
        rows = Returner.select(Returner.public_id, Returner.version)
        versions = dict(rows.tuples())
        self.ids["return_part"] = {"twin": self.twin(made)}
        self.ids["return_version"] = {name: str(versions[key]) for name, key in self.ids["return"].items()}

    def details(self, name: str, days: int) -> returners.Details:
        person, today = self.people[name], clock.today()
        return returners.Details(person.name, person.email, today - timedelta(days=160), today + timedelta(days=days))

    def known(self, record: str, person: str, returner: Returner) -> None:
        for own, what in (("own name", "returner's name"), ("own address", "returner's address")):
            for word in self.words.at([(person, own)]):
                self.words.stands_also_in(word, (record, what))
        self.ids["return"][record] = returner.public_id

    def link(self, name: str, whose: str, returner: Returner, state: str) -> None:
        with clock.at(clock.now() - timedelta(hours=2)):
            token = links.make(LinkPurpose.RETURNER, returner.name, returner.email, returner=returner)
        self.words.plant(token, (whose, "return token"))
        self.ids["return_link"][name] = token
        if state != "open":
            here = PersonalLink.token_hash == links.hash_of(token)
            PersonalLink.update(withdrawn_at=clock.now()).where(here).execute()

    def twin(self, returner: Returner) -> str:
        """Another row of the same name."""
        details = returners.Details(
            returner.name, "twin.of.returner@elsewhere.example", returner.absent_from, returner.returns_on
        )
        return returners.enter(details, self.people["rtt team"]).public_id

    def a_file(self) -> None:
        row = f"{self.words.new(('an import', 'name in a file'))},in.a.file@elsewhere.example,1/1/2026,1/9/2027\n"
        content = f"Name,Email,Absent from,Returns on\n{row}".encode()
        called = f"{self.words.new(('an import', 'name of the file'))}.csv"
        made = imports.bring(KIND, called, content, self.people["rtt team"])
        imports.go_on(import_kinds.KINDS)
        self.ids["import"]["an import"] = Import.get_by_id(made.id).public_id

    def a_mentor(self) -> None:
        """The mentor of the pair says where they meet people, and that they take a pause."""
        mentor = Mentor.get(Mentor.user == self.people["mentor"])
        about = self.words.new(("a mentor", "about a mentor"))
        for name in ("pair", "new pair"):
            self.words.stands_also_in(about, (name, "about the mentor"))
        ways = mentors.Ways(
            30, True, True, True, "", False, True,
            about, self.words.new(("a mentor", "why a mentor was away")),
        )  # fmt: skip
        apart = [self.words.new(("a mentor", "whom a mentor avoids"))]
        mentors.write_ways(mentor, ways, [geography.find("LA1")], mentor.user, mentor.version, apart)
        later = clock.today() + timedelta(days=60)
        mentors.pause(mentor, later, later + timedelta(days=9), mentor.user)
        self.ids["mentor_page"]["a mentor"] = mentor.public_id
        self.ids["pause"]["a pause"] = MentorPause.get(MentorPause.mentor == mentor).public_id
