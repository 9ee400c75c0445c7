"""The start page: what is urgent stands first, and a trainee reads what comes next."""

from models import Referral
from signpost.referrals import actions
from tests.factories import a_case, a_referral


def test_what_is_urgent_stands_first(adviser, counsellor, browser_of):
    a_case(counsellor, adviser)
    a_referral(trainee_email=counsellor.email)

    text = browser_of(counsellor).get("/").get_data(as_text=True)

    assert text.index("A referral has been made for you") < text.index("1 trainee you support")


def test_who_was_referred_reads_what_comes_next(adviser, counsellor, trainee, browser_of):
    mine = a_case(counsellor, adviser, trainee_email=trainee.email)
    actions.accept(Referral.get_by_id(mine.id), by=trainee)

    text = browser_of(trainee).get("/").get_data(as_text=True)

    assert "Your careers support" in text
    assert f"Choose a time for your first meeting, or agree one with {counsellor.name}." in text
    assert "A referral has been made for you" not in text
