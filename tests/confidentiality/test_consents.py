"""The Referral Consent Form: nothing leaves without it, is previewed without it, or leaves after it lapsed (C4)."""

from datetime import timedelta

import pytest

from models import Consent, Event, Notice, NoticeRecipient, NoticeState, PersonalLink, Role
from signpost import clock
from signpost.accounts import links
from signpost.confidentiality import consents
from signpost.errors import RuleBroken
from signpost.events import rehearse
from signpost.notices import delivery
from signpost.referrals import record_access
from tests.factories import a_user

THEM = "mary.mentor@elsewhere.example"
WANTED = consents.Wanted("Mary Mentor", "Occupational health", THEM, "zanzibar", "To arrange a visit.")


@pytest.fixture
def proposed(case, counsellor):
    return consents.propose(case, WANTED, counsellor)


@pytest.fixture
def signed(proposed, trainee):
    consents.sign(proposed, "Terry Trainee", trainee)
    return fresh(proposed)


def fresh(consent):
    return Consent.get_by_id(consent.id)


def told(event):
    found = NoticeRecipient.select(NoticeRecipient, Notice).join(Notice).join(Event, on=Notice.event)
    return {(one.notice.kind, one.address, one.permission) for one in found.where(Event.name == event)}


def sent_now(app):
    with app.app_context():
        return delivery.send_due()


# In its order


def test_the_trainee_is_asked_signs_and_the_person_named_gets_a_link_that_is_theirs(
    app, case, proposed, trainee, counsellor, mailbox
):
    assert told("consent.proposed") == {("consent_asked", trainee.email, "C4-trainee")}
    consents.sign(proposed, "Terry Trainee", trainee)
    consents.send(fresh(proposed), counsellor)
    sent_now(app)

    (received,) = mailbox.to(THEM)
    assert "/disclosed/" in received.text
    assert "zanzibar" not in received.text, "the words stand on the page, never in the message"
    assert told("consent.signed") == {
        ("consent_signed", trainee.email, "C4-trainee"),
        ("consent_answered", counsellor.email, "C4-staff"),
    }
    assert told("consent.sent") == {("disclosed", THEM, "C4-recipient")}


def test_the_name_typed_the_moment_and_the_version_of_the_words_are_kept(signed):
    assert (signed.signed_name, signed.words_version) == ("Terry Trainee", consents.WORDS_NOW)
    assert signed.signed_at is not None


@pytest.mark.parametrize("act", ["send", "preview"])
def test_unsigned_it_is_neither_sent_nor_previewed(proposed, counsellor, act):
    with pytest.raises(RuleBroken, match="has not signed"):
        consents.send(proposed, counsellor) if act == "send" else rehearse(lambda: consents.send(proposed, counsellor))
    assert told("consent.sent") == set()


def test_withdrawn_it_is_not_sent(signed, trainee, counsellor):
    consents.withdraw(signed, trainee)

    with pytest.raises(RuleBroken, match="withdrew"):
        consents.send(fresh(signed), counsellor)
    assert told("consent.sent") == set()


def test_sending_twice_sends_once(signed, counsellor):
    consents.send(signed, counsellor)
    consents.send(fresh(signed), counsellor)

    assert Event.select().where(Event.name == "consent.sent").count() == 1


# Lapsed while it waits


def test_withdrawn_while_the_message_waits_it_does_not_leave(app, signed, trainee, counsellor, mailbox):
    consents.send(signed, counsellor)
    consents.withdraw(fresh(signed), trainee)
    sent_now(app)

    assert mailbox.to(THEM) == []
    assert Notice.get(Notice.kind == "disclosed").state == NoticeState.WITHHELD


def test_over_while_the_message_waits_it_does_not_leave(app, case, trainee, counsellor, mailbox):
    consent = consents.propose(case, WANTED.__class__(**(vars(WANTED) | {"until": clock.today()})), counsellor)
    consents.sign(consent, "Terry", trainee)
    consents.send(fresh(consent), counsellor)
    with clock.at(clock.start_of(clock.today() + timedelta(days=1))):
        sent_now(app)

    assert mailbox.to(THEM) == []


@pytest.mark.parametrize(
    ("day", "last", "first_over"),
    [
        ("2026-07-15", "2026-07-15T22:59:30+00:00", "2026-07-15T23:00:00+00:00"),  # midnight in summer time
        ("2026-12-15", "2026-12-15T23:59:30+00:00", "2026-12-16T00:00:00+00:00"),
        ("2026-10-25", "2026-10-25T23:59:30+00:00", "2026-10-26T00:00:00+00:00"),  # the day the clocks go back
    ],
)
def test_its_last_day_ends_at_midnight_in_london(case, counsellor, trainee, day, last, first_over):
    begins = clock.parse(f"{day}T09:00")
    with clock.at(begins):
        until = begins.date()
        consent = consents.propose(case, consents.Wanted(**(vars(WANTED) | {"until": until})), counsellor)
        consents.sign(consent, "Terry", trainee)
    with clock.at(clock.parse(last)):
        assert consents.stands(fresh(consent))
    with clock.at(clock.parse(first_over)):
        assert not consents.stands(fresh(consent))
        with pytest.raises(RuleBroken, match="last day"):
            consents.send(fresh(consent), counsellor)


def test_a_link_that_was_sent_opens_nothing_more_once_withdrawn(client, signed, trainee, counsellor):
    consents.send(signed, counsellor)
    token = Notice.get(Notice.kind == "disclosed").text.split("/disclosed/")[1].split()[0]
    assert client.get(f"/disclosed/{token}").status_code == 200
    assert "zanzibar" in client.page.text

    consents.withdraw(fresh(signed), trainee)
    assert client.get(f"/disclosed/{token}").status_code == 410
    assert "zanzibar" not in client.page.text
    assert links.find(token).withdrawn_at is not None


def test_nobody_reads_the_link_of_the_person_named_in_the_list_of_messages(signed, counsellor, browser_of):
    consents.send(signed, counsellor)
    token = Notice.get(Notice.kind == "disclosed").text.split("/disclosed/")[1].split()[0]
    at_counsellor = browser_of(counsellor)
    at_counsellor.get("/notices")

    assert "Information was given on a consent" in at_counsellor.page.text
    assert token not in at_counsellor.get("/notices").text


# Refused by the rules


def test_only_who_holds_the_case_asks_and_sends(case, signed, adviser, referrer):
    for one in (adviser, referrer, a_user(Role.COUNSELLOR)):
        with pytest.raises(RuleBroken, match="Only those who hold"):
            consents.propose(case, WANTED, one)
        with pytest.raises(RuleBroken, match="Only those who hold"):
            consents.send(signed, one)
    record_access.cover(case, colleague := a_user(Role.COUNSELLOR), clock.today(), "Leave.", adviser)
    assert consents.propose(case, WANTED, colleague)


@pytest.mark.parametrize(
    ("changed", "words"),
    [({"until": -1}, "today or later"), ({"recipient_email": "trainee"}, "own address")],
)
def test_what_makes_no_sense_is_refused(case, counsellor, trainee, changed, words):
    if "until" in changed:
        changed = {"until": clock.today() + timedelta(days=changed["until"])}
    else:
        changed = {"recipient_email": case.trainee_email}
    with pytest.raises(RuleBroken, match=words):
        consents.propose(case, consents.Wanted(**(vars(WANTED) | changed)), counsellor)
    assert not Consent.select().exists()


def test_nobody_whose_account_is_closed_is_named(case, counsellor):
    left = a_user(Role.MENTOR, email=THEM)
    left.disabled_at = clock.now()
    left.save()

    with pytest.raises(RuleBroken, match="closed"):
        consents.propose(case, WANTED, counsellor)


def test_nobody_who_left_since_is_sent_anything(case, signed, counsellor):
    left = a_user(Role.MENTOR, email=THEM)
    left.disabled_at = clock.now()
    left.save()

    with pytest.raises(RuleBroken, match="closed"):
        consents.send(signed, counsellor)


def test_after_no_there_is_no_signature_and_after_a_signature_no_no(proposed, signed, trainee):
    with pytest.raises(RuleBroken, match="withdraw it instead"):
        consents.refuse(signed, trainee)


def test_who_said_no_is_asked_again_before_signing(proposed, trainee):
    consents.refuse(proposed, trainee)

    with pytest.raises(RuleBroken, match="said no"):
        consents.sign(fresh(proposed), "Terry", trainee)
    with pytest.raises(RuleBroken, match="nothing to withdraw"):
        consents.withdraw(fresh(proposed), trainee)


def test_an_empty_name_signs_nothing(proposed, trainee):
    with pytest.raises(RuleBroken, match="Type your name"):
        consents.sign(proposed, "  ", trainee)
    assert fresh(proposed).signed_at is None


def test_a_consent_that_is_over_before_it_was_signed_is_not_signed(case, counsellor, trainee):
    consent = consents.propose(case, consents.Wanted(**(vars(WANTED) | {"until": clock.today()})), counsellor)
    with clock.at(clock.start_of(clock.today() + timedelta(days=1))), pytest.raises(RuleBroken, match="last day"):
        consents.sign(consent, "Terry", trainee)


# On the pages


def test_the_trainee_signs_withdraws_and_sees_all_of_theirs_signed_in_or_by_link(
    case, proposed, browser_of, trainee, client
):
    at_trainee = browser_of(trainee)
    at_trainee.get(f"/referrals/{case.public_id}")
    assert "Your consent is asked" in at_trainee.page.text
    at_trainee.get(f"/consents/{proposed.public_id}")
    assert at_trainee.press("Sign", name="").status_code == 422
    at_trainee.press("Sign", name="Terry Trainee")
    assert fresh(proposed).signed_at is not None

    token = links.make("referred_trainee", case.trainee_name, case.trainee_email, referral=case)
    client.get(f"/links/{token}/disclosures")
    assert "Mary Mentor" in client.page.text
    client.get(f"/links/{token}/consents/{proposed.public_id}")
    client.press("Withdraw this consent")
    assert fresh(proposed).withdrawn_at is not None


def test_who_holds_the_case_sees_the_preview_only_once_it_is_signed(case, proposed, browser_of, counsellor, trainee):
    at_counsellor = browser_of(counsellor)
    at_counsellor.get(f"/consents/{proposed.public_id}")
    assert "Nothing can be sent, or previewed" in at_counsellor.page.text
    consents.sign(proposed, "Terry", trainee)
    at_counsellor.get(f"/consents/{proposed.public_id}")
    at_counsellor.press("Send it")
    assert fresh(proposed).sent_at is not None


def test_for_everybody_else_there_is_no_consent(proposed, browser_of, adviser, referrer, head, tsg, administrator):
    for one in (adviser, referrer, head, tsg, administrator, a_user(Role.COUNSELLOR), a_user(Role.TRAINEE)):
        at = browser_of(one)
        assert at.get(f"/consents/{proposed.public_id}").status_code == 404
        at.get("/consents")
        assert "Mary Mentor" not in at.page.text


def test_a_link_of_another_purpose_opens_no_disclosure(client, case, signed, counsellor):
    token = links.make("referred_trainee", case.trainee_name, case.trainee_email, referral=case)
    assert client.get(f"/disclosed/{token}").status_code == 404
    consents.send(signed, counsellor)
    disclosed = Notice.get(Notice.kind == "disclosed").text.split("/disclosed/")[1].split()[0]
    for path in ("", "/disclosures", "/times", "/discussion", "/readers"):
        assert client.get(f"/links/{disclosed}{path}").status_code == 404, path


def test_the_form_of_a_consent_refuses_beside_the_field_and_keeps_what_was_typed(case, browser_of, counsellor):
    at_counsellor = browser_of(counsellor)
    at_counsellor.get(f"/consents/cases/{case.public_id}/new")
    typed = {
        "recipient_name": "Mary",
        "recipient_email": case.trainee_email,
        "information": "Kept as typed",
        "why": "Because",
    }
    answer = at_counsellor.press("Ask the trainee", **typed)
    assert answer.status_code == 422
    assert "Kept as typed" in answer.text
    assert "own address" in at_counsellor.page.text
    assert PersonalLink.select().where(PersonalLink.consent.is_null(False)).count() == 0
    assert not Consent.select().exists()
