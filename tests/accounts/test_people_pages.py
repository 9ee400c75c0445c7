"""The administrator's pages about people and places, as an administrator uses them."""

from collections.abc import Callable

from flask import Flask

from models import (
    AccountLink,
    Employer,
    Event,
    HelpAsked,
    Notice,
    Referral,
    Role,
    RoleAsked,
    RoleHeld,
    School,
    Setting,
    User,
)
from signpost import settings
from signpost.accounts import people
from signpost.notices import delivery
from tests import factories
from tests.browser_client import Browser
from tests.matrix.walk import without_tokens
from tests.smtp_server import Mailbox

Browsers = Callable[[User], Browser]


def deliver(app: Flask) -> None:
    with app.app_context():
        people.answer_help()
        delivery.send_due()


def link_in(mailbox: Mailbox, address: str) -> str:
    text = mailbox.to(address)[-1].text
    return next(line for line in text.splitlines() if "/sign-in/password/" in line).removeprefix("http://localhost")


def test_somebody_invited_chooses_a_password_once_and_signs_in(
    app: Flask, browser_of: Browsers, client: Browser, mailbox: Mailbox, administrator: User
) -> None:
    at_admin = browser_of(administrator)
    at_admin.get("/people/new")
    at_admin.press("Send invitation", name="Noor Shah", email="Noor@signpost.example", role="counsellor")
    assert at_admin.page.h1 == "Noor Shah"
    deliver(app)
    link = link_in(mailbox, "noor@signpost.example")
    client.get(link)
    client.press("Choose this password", new_password="short")
    assert "12 characters or more" in client.page.text
    client.press("Choose this password", new_password="lantern river copper")
    assert client.page.h1 == "Your password is set"
    assert client.get(link).status_code == 410
    client.get("/sign-in")
    client.press("Sign in", email="noor@signpost.example", password="lantern river copper")
    assert client.page.h1 == "Waiting for you"


def test_an_invitation_to_an_address_that_has_an_account_is_refused_beside_the_address(
    app: Flask, browser_of: Browsers, administrator: User, counsellor: User
) -> None:
    at_admin = browser_of(administrator)
    before = (User.select().count(), Notice.select().count())
    at_admin.get("/people/new")
    at_admin.press("Send invitation", name="", email="", role="")
    assert [at_admin.page.text.count(words) for words in ("Enter the name", "Select a role")] == [2, 3], (
        "each is said at the top and beside its field; a list also offers its first words"
    )
    response = at_admin.press("Send invitation", name="Somebody", email=counsellor.email.upper(), role="counsellor")
    assert response.status_code == 422
    assert "There is already an account with the address" in at_admin.page.text
    assert (User.select().count(), Notice.select().count()) == before


def test_a_role_acts_and_stops_acting_on_the_next_request(
    app: Flask, browser_of: Browsers, administrator: User
) -> None:
    person = factories.a_user(name="Jo Field")
    at_person, at_admin = browser_of(person), browser_of(administrator)
    assert at_person.get("/referrals/inbox").status_code == 403
    at_admin.get(f"/people/{person.public_id}/roles")
    at_admin.press("Give this role", role="senior_adviser")
    assert at_person.get("/referrals/inbox").status_code == 200
    at_admin.get(f"/people/{person.public_id}")
    at_admin.press("Take away")
    assert at_person.get("/referrals/inbox").status_code == 403


def test_an_administrators_own_case_role_needs_a_second_administrator_and_both_are_told(
    app: Flask, browser_of: Browsers, mailbox: Mailbox, administrator: User
) -> None:
    second = factories.a_user(Role.ADMINISTRATOR, name="Bea Second")
    at_first, at_second = browser_of(administrator), browser_of(second)
    at_first.get(f"/people/{administrator.public_id}/roles")
    at_first.press("Ask for this role", role="senior_adviser")
    assert at_first.get("/referrals/inbox").status_code == 403
    deliver(app)
    assert mailbox.to(second.email)
    assert mailbox.to(administrator.email)
    asked = RoleAsked.get()
    assert at_first.submit(f"/people/roles-asked/{asked.public_id}/decision", given="yes").status_code == 409
    assert at_first.get("/referrals/inbox").status_code == 403
    at_second.get("/people/roles-asked")
    at_second.submit(f"/people/roles-asked/{asked.public_id}/decision", given="yes")
    assert at_first.get("/referrals/inbox").status_code == 200
    deliver(app)
    assert len(mailbox.to(administrator.email)) == 2
    assert len(mailbox.to(second.email)) == 2


def test_a_lone_administrator_cannot_ask_for_a_case_role(app: Flask, browser_of: Browsers, administrator: User) -> None:
    at_admin = browser_of(administrator)
    at_admin.get(f"/people/{administrator.public_id}/roles")
    assert at_admin.press("Ask for this role", role="counsellor").status_code == 409
    assert RoleAsked.select().count() == 0
    assert RoleHeld.select().where(RoleHeld.role == Role.COUNSELLOR).count() == 0


def test_the_second_of_two_administrators_editing_one_person_is_told_and_nothing_is_lost(
    app: Flask, browser_of: Browsers, administrator: User, counsellor: User
) -> None:
    first, second = browser_of(administrator), browser_of(factories.a_user(Role.ADMINISTRATOR))
    first.get(f"/people/{counsellor.public_id}/details")
    second.get(f"/people/{counsellor.public_id}/details")
    first.press("Save", phone="01273 000001")
    assert second.press("Save", phone="01273 000002").status_code == 409
    assert User.get_by_id(counsellor.id).phone == "01273 000001"


def test_a_closed_account_is_signed_out_at_once_and_cannot_be_helped_to_sign_in(
    app: Flask, browser_of: Browsers, client: Browser, mailbox: Mailbox, administrator: User, counsellor: User
) -> None:
    at_counsellor, at_admin = browser_of(counsellor), browser_of(administrator)
    assert at_counsellor.get("/").status_code == 200
    at_admin.get(f"/people/{counsellor.public_id}")
    at_admin.press("Close this account")
    assert at_counsellor.get("/").status_code == 303
    client.get("/sign-in/help")
    client.press("Send me a link", email=counsellor.email)
    assert client.page.h1 == "Look at your email"
    deliver(app)
    assert mailbox.to(counsellor.email) == []


def test_help_to_sign_in_says_the_same_whether_or_not_there_is_an_account(
    app: Flask, client: Browser, mailbox: Mailbox, counsellor: User
) -> None:
    pages = []
    for address in (counsellor.email, "nobody@signpost.example"):
        client.get("/sign-in/help")
        client.press("Send me a link", email=address)
        pages.append(without_tokens(client.page.html))
    assert pages[0] == pages[1]
    deliver(app)
    assert [message.recipients for message in mailbox.received] == [(counsellor.email,)]


def test_who_asked_for_help_is_looked_up_by_the_worker_and_then_forgotten(client: Browser, counsellor: User) -> None:
    for address in (counsellor.email.upper(), "nobody@signpost.example"):
        client.get("/sign-in/help")
        client.press("Send me a link", email=address)
    assert HelpAsked.select().count() == 2
    assert AccountLink.select().count() == Notice.select().count() == 0

    assert people.answer_help() == 2
    assert HelpAsked.select().count() == people.answer_help() == 0
    assert [row.user for row in AccountLink.select()] == [counsellor]


def test_a_new_password_signs_other_browsers_out(
    app: Flask, browser_of: Browsers, client: Browser, mailbox: Mailbox
) -> None:
    person = factories.a_user(password=factories.PASSWORD)
    elsewhere, here = browser_of(person), browser_of(person)
    here.get("/account/password")
    assert (
        here.press("Change password", old_password="not it at all", new_password="copper lantern river").status_code
        == 422
    )
    here.get("/account/password")
    here.press("Change password", old_password=factories.PASSWORD, new_password="copper lantern river")
    assert here.page.h1 == "Your account"
    assert elsewhere.get("/").status_code == 303
    deliver(app)
    assert "changed" in mailbox.to(person.email)[0].subject


def test_a_moved_address_is_told_to_the_old_and_the_new_one(
    app: Flask, browser_of: Browsers, mailbox: Mailbox, administrator: User, counsellor: User
) -> None:
    old = counsellor.email
    at_admin = browser_of(administrator)
    at_admin.get(f"/people/{counsellor.public_id}/details")
    at_admin.press("Save", email="new@signpost.example")
    deliver(app)
    assert mailbox.to(old)
    assert mailbox.to("new@signpost.example")


def test_the_last_administrator_stays_one(app: Flask, browser_of: Browsers, administrator: User) -> None:
    at_admin = browser_of(administrator)
    at_admin.get(f"/people/{administrator.public_id}")
    assert at_admin.press("Take away").status_code == 409
    assert RoleHeld.select().where(RoleHeld.user == administrator).count() == 1


def test_an_employer_that_referrals_name_is_renamed_or_merged_and_never_deleted(
    app: Flask, browser_of: Browsers, administrator: User, adviser: User
) -> None:
    referral = factories.a_referral()
    other = factories.an_employer("Downs Trust")
    at_admin = browser_of(administrator)
    one = f"/organisation/employers/{referral.employer.public_id}"
    at_admin.get(one)
    assert "cannot be deleted: 1 referral names it" in at_admin.page.text
    assert at_admin.submit(f"{one}/deletion").status_code == 409
    at_admin.get(one)
    at_admin.press("Save", name="Weald Trust", contact_name="Mo", contact_email="mo@weald.example")
    assert Referral.get().employer.name == "Weald Trust"
    at_admin.get(one)
    at_admin.press("Merge", into=other.public_id)
    assert Referral.get().employer == other
    assert Employer.select().where(Employer.name == "Weald Trust").count() == 0
    assert Event.select().where(Event.name == "employer.merged").count() == 1


def test_two_schools_cannot_have_one_name(app: Flask, browser_of: Browsers, administrator: User) -> None:
    factories.a_school("Surgery")
    at_admin = browser_of(administrator)
    at_admin.get("/organisation/schools/new")
    assert at_admin.press("Save", name="surgery").status_code == 422
    assert School.select().count() == 1


def test_a_setting_acts_on_the_next_request_and_a_stale_form_is_refused(
    app: Flask, browser_of: Browsers, administrator: User
) -> None:
    first, second = browser_of(administrator), browser_of(factories.a_user(Role.ADMINISTRATOR))
    first.get("/organisation/settings")
    second.get("/organisation/settings")
    first.press("Save settings", organisation_name="Downland Careers", undo_seconds="90")
    assert "Downland Careers" in first.page.text
    assert settings.current().undo_seconds == 90
    assert second.press("Save settings", organisation_name="Other").status_code == 409
    assert settings.current().organisation_name == "Downland Careers"
    second.get("/organisation/settings")
    assert second.press("Save settings", undo_seconds="5").status_code == 422
    assert Setting.select().count() == 2


def test_a_head_who_leaves_is_told_no_more_and_the_next_head_finds_what_is_open(
    app: Flask, browser_of: Browsers, mailbox: Mailbox, administrator: User, adviser: User, head: User
) -> None:
    school = School.get(School.name == "School of Medicine")
    referral = factories.a_referral(school=school, wider_concerns=True)
    at_admin = browser_of(administrator)
    at_admin.get(f"/people/{head.public_id}")
    at_admin.press("Close this account")
    deliver(app)
    assert mailbox.to(head.email) == []
    at_next = browser_of(factories.a_head(school))
    at_next.get("/")
    assert referral.reference in at_next.page.text
