"""The questions behind the pages agree with the tables and with each other: two locks on each door, and both hold.

A page asks two of them, so that a hole in one alone would show nowhere else.
"""

from datetime import timedelta

import pytest

from models import AccountLinkPurpose, Breach, CareersSession, RecordAccess, Referral, ReleaseChoice, Role, User
from signpost import clock
from signpost.accounts import account_links, links
from signpost.careers import queries as sessions
from signpost.confidentiality import queries as disclosures
from signpost.meetings import polls
from signpost.meetings import queries as meetings
from signpost.notices import queries as notices
from signpost.notices.permissions import PERMISSIONS
from signpost.referrals import inbox, queries, record_access
from tests.matrix import table
from tests.matrix.whole_database import taken_back
from tests.matrix.world import World

ACCOUNTS = [name for name in table.PEOPLE if name not in table.CLOSED_ACCOUNTS]


def person(world: World, name: str) -> User:
    return User.get_by_id(world.people[name].id)


@pytest.mark.parametrize("name", ACCOUNTS)
def test_both_questions_about_a_referral_say_what_the_table_says(world: World, name: str) -> None:
    me = person(world, name)
    seen = {one.id for one in queries.visible_to(me)}
    for record in world.referrals:
        fresh = Referral.get_by_id(world.referrals[record].id)
        wanted = world.relations(name, "referral", record)
        assert {str(relation) for relation in queries.relations(me, fresh)} == wanted, record
        assert (fresh.id in seen) == bool(wanted), record


@pytest.mark.parametrize("name", ACCOUNTS)
def test_each_list_holds_what_the_table_says(world: World, name: str) -> None:
    me = person(world, name)

    def named(rows: list[Referral]) -> set[str]:
        ids = {one.id for one in rows}
        return {record for record, referral in world.referrals.items() if referral.id in ids}

    def being(relation: str) -> set[str]:
        return {record for record in world.referrals if relation in world.relations(name, "referral", record)}

    assert named(queries.referred_by(me)) == being("referrer")
    assert named(queries.cases_of(me)) == being("counsellor") - {"ended"}
    assert named(queries.covered_by(me)) == being("covering")
    assert named(queries.informed_head(me)) == being("head")
    assert named(queries.about(me)) == being("trainee")
    assert named([one.referral for one in queries.releases_to(me)]) == being("tsg")
    taken_part = [Referral.get_by_id(row_id) for (row_id,) in queries.taken_part_in_by(me).tuples()]
    assert named(taken_part) == being("counsellor") | being("trainee")


@pytest.mark.parametrize("name", ACCOUNTS)
def test_who_reads_which_session_and_which_record(world: World, name: str) -> None:
    """Both doors: the sessions one may open, and whether one reads the record of their case (C9)."""
    me = person(world, name)
    read = {one.public_id for one in sessions.visible_to(me)}
    shared = {one.public_id for one in sessions.shared_with(me)}
    for record, session_id in world.ids["session"].items():
        held = world.relations(name, "session", record)
        assert (session_id in read) == bool(held & {"writer", "reader"}), record
        assert (session_id in shared) == ("trainee" in held), record
    for record in world.referrals:
        reads = bool(world.relations(name, "case", record) & set(table.READS_RECORD))
        assert record_access.reads_record(me, Referral.get_by_id(world.referrals[record].id)) == reads, record


def test_a_reason_stated_as_adviser_and_cover_as_counsellor_end_with_the_role(world: World) -> None:
    adviser, session = world.people["adviser"], world.ids["session"]["unfinished"]
    case = Referral.get_by_id(world.referrals["in session"].id)
    for name, is_cover in (("earlier counsellor", False), ("former adviser", True)):
        with taken_back():
            ends = clock.now() + timedelta(hours=1)
            RecordAccess.create(
                referral=case, reader=world.people[name], given_by=adviser, is_cover=is_cover, reason="It was so.",
                begins_at=clock.now() - timedelta(hours=1), ends_at=ends,
            )  # fmt: skip
            me = person(world, name)
            assert session not in {one.public_id for one in sessions.visible_to(me)}
            assert not record_access.reads_record(me, case)


def test_what_is_shared_by_a_link_is_finished(world: World) -> None:
    for record, session in (("mid-life", "finished"), ("in session", "unfinished")):
        shared = {one.public_id for one in sessions.finished(world.referrals[record])}
        assert (world.ids["session"][session] in shared) == (session == "finished")
    finished = CareersSession.get(CareersSession.public_id == world.ids["session"]["finished"])
    assert set(sessions.shared_of(finished).texts) == {"purpose", "statement", "summary"}, "nothing private (B10)"


@pytest.mark.parametrize("name", ACCOUNTS)
def test_who_finds_which_consent_question_breach_and_emergency(world: World, name: str) -> None:
    me = person(world, name)
    doors = (
        ("consent", disclosures.consents_for, {"holder"}),
        ("consent", disclosures.consents_of, {"trainee"}),
        ("question", disclosures.information_for, {"holder", "asker", "asked"}),
        ("breach", disclosures.breaches_for, {"holder"}),
        ("breach", disclosures.concerns_for, {"head"}),
        ("emergency", disclosures.emergencies_for, {"holder", "second"}),
    )
    for kind, find, relations in doors:
        seen = {one.public_id for one in find(me)}
        for record, public_id in world.ids[kind].items():
            assert (public_id in seen) == bool(world.relations(name, kind, record) & relations), record


def test_nobody_holds_or_hears_of_their_own_case(world: World) -> None:
    """The trainee who is also its counsellor, or the head who was told of it, has neither door."""
    trainee, case = person(world, "trainee"), Referral.get_by_id(world.referrals["mid-life"].id)
    with taken_back():
        for role in ("counsellor", "senior_adviser", "head_of_school:medicine"):
            world.builder.give(trainee, role)
        Referral.update(assigned_to=trainee).where(Referral.id == case.id).execute()
        Breach.update(head=trainee).where(Breach.contacted_at.is_null(False)).execute()
        for find in (disclosures.consents_for, disclosures.breaches_for, disclosures.concerns_for,
                     disclosures.emergencies_for, disclosures.information_for):  # fmt: skip
            assert not list(find(trainee)), find.__name__


def test_an_adviser_who_is_the_trainee_does_not_work_on_their_own(world: World) -> None:
    builder = world.builder
    me = builder.add("adviser and trainee", ("trainee", "senior_adviser"))
    before = inbox.counts(me)
    own = builder.refer("own", "supervisor", 1, "adviser and trainee")
    assert own.id not in {one.id for one in queries.inbox_of(me)}
    assert inbox.counts(me) == before
    assert queries.relations(me, own) == {queries.Relation.TRAINEE}
    assert not notices.of_referral(own, me)
    world.referrals.pop("own")


@pytest.mark.parametrize("name", ACCOUNTS)
def test_who_looks_up_which_message(world: World, name: str) -> None:
    seen = {one.public_id for one in notices.visible_to(person(world, name))}
    for message, notice_id in world.ids["notice"].items():
        assert (notice_id in seen) == bool(world.relations(name, "notice", message)), message


@pytest.mark.parametrize("name", ACCOUNTS)
def test_who_knows_of_which_meeting_and_poll(world: World, name: str) -> None:
    me = person(world, name)
    known = {"trainee", "staff", "organiser", "attendee"}
    seen = {one.public_id for one in meetings.visible_to(me)}
    for record, meeting_id in world.ids["meeting"].items():
        assert (meeting_id in seen) == bool(world.relations(name, "meeting", record) & known), record
    asked = {one.public_id for one in polls.visible_to(me)}
    for record, poll_id in world.ids["poll"].items():
        assert (poll_id in asked) == bool(world.relations(name, "poll", record)), record


def test_which_links_are_open(world: World) -> None:
    for name, (_, states) in table.LINKS.items():
        if not states:
            continue
        found = links.find(world.ids["link"][name])
        assert found is not None
        assert links.is_open(found) == ("open" in states), name
    for name, (_, states) in table.PASSWORD_LINKS.items():
        assert (account_links.find_open(world.ids["password_link"][name]) is not None) == (states == "open"), name


def test_a_link_that_was_withdrawn_is_closed_though_the_address_is_the_same(world: World) -> None:
    link = links.find(world.ids["link"]["unanswered link"])
    assert link is not None
    assert links.is_open(link)
    with taken_back():
        links.withdraw_all(link.referral)
        closed = links.find(world.ids["link"]["unanswered link"])
        assert closed is not None
        assert not links.is_open(closed)


def test_a_password_link_of_a_closed_account_is_over(world: World) -> None:
    token = account_links.make(AccountLinkPurpose.PASSWORD, person(world, "disabled adviser"))
    assert account_links.find_open(token) is None


# Who may be told what, of each referral as it stands now (rules.md, the table of emails).

MAY_BE_TOLD: dict[str, dict[str, tuple[str, ...]]] = {
    "A7-adviser": dict.fromkeys(table.REFERRALS, table.ADVISERS),
    "A-ended-adviser": dict.fromkeys(table.REFERRALS, table.ADVISERS),
    "A8-head": {"mid-life": ("head",), "ended": ("head",), "unreleased": ("head",), "moved on": ("new head",),
                "others": ("other head",)},
    "A4-tsg": {"mid-life": ("tsg",)},
    "A7-referrer": {"complete": ("dme",), "in session": ("tpd",), "mid-life": ("supervisor",), "ended": ("dme",), "unreleased": ("tpd",), "quiet": ("career lead",),
                    "moved on": ("clinical tutor",), "others": ("mem",)},
    "A9-counsellor": {"complete": ("other counsellor",), "in session": ("counsellor",), "mid-life": ("counsellor",), "moved on": ("other counsellor",), "others": ("other counsellor",)},
    "A-ended-counsellor": {"complete": ("other counsellor",), "in session": ("counsellor",), "mid-life": ("counsellor",), "ended": ("counsellor",), "moved on": ("other counsellor",),
                           "others": ("other counsellor",)},
    "A7-trainee": {"complete": ("other trainee",), "in session": ("trainee",), "mid-life": ("trainee",), "ended": ("trainee",), "others": ("other trainee",)},
    "A7-link": {"complete": ("other trainee",), "in session": ("trainee",), "mid-life": ("trainee",), "ended": ("trainee",), "others": ("other trainee",)},
    "A9-trainee": {"complete": ("other trainee",), "in session": ("trainee",), "mid-life": ("trainee",), "others": ("other trainee",)},
}  # fmt: skip
MAY_BE_TOLD["C9-counsellor"] = MAY_BE_TOLD["A-ended-counsellor"]
MAY_BE_TOLD["C9-covering"] = dict.fromkeys(("mid-life", "in session"), ("covering counsellor",))
MAY_BE_TOLD["A-ended-referrer"] = MAY_BE_TOLD["A7-referrer"]


@pytest.mark.parametrize("rule", MAY_BE_TOLD)
def test_who_may_be_told_of_a_referral(world: World, rule: str) -> None:
    for record in world.referrals:
        fresh = Referral.get_by_id(world.referrals[record].id)
        told = {name for name in table.PEOPLE if PERMISSIONS[rule].holds(fresh, person(world, name).email)}
        assert told == set(MAY_BE_TOLD[rule].get(record, ())), record


def test_nobody_is_told_of_themselves_in_another_role(world: World) -> None:
    builder = world.builder
    for role, rule in (("senior_adviser", "A7-adviser"), ("tsg", "A4-tsg"), ("head_of_school:medicine", "A8-head")):
        name = f"{role.partition(':')[0]} and trainee, told"
        me = builder.add(name, ("trainee", role))
        about = builder.refer(name, "supervisor", 1, name)
        builder.release(name, "head", 0, ReleaseChoice.FACT)
        fresh = Referral.get_by_id(about.id)
        assert not PERMISSIONS[rule].holds(fresh, me.email), rule
        assert PERMISSIONS["A7-trainee"].holds(fresh, me.email)
        world.referrals.pop(name)


def test_the_roles_of_these_tests_are_all_there() -> None:
    held = {role.partition(":")[0] for roles in table.PEOPLE.values() for role in roles}
    assert held == {role.value for role in Role}
