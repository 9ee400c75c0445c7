"""The referral a referrer has begun: theirs alone, sealed, and gone when it is sent or discarded."""

from models import Draft
from signpost.events import rehearse
from signpost.referrals import actions, drafts
from tests.factories import a_referral, a_referrer, an_employer

TYPED = {"trainee_name": "Sentinel Name", "trainee_email": "", "request": "Sentinel words\nin two lines", "school": ""}


def test_what_was_typed_is_there_again(referrer):
    drafts.save(referrer, TYPED)

    assert drafts.of(referrer).typed == TYPED


def test_nobody_else_finds_it(referrer):
    drafts.save(referrer, TYPED)

    assert drafts.of(a_referrer()) is None


def test_there_is_one_and_the_last_words_stand(referrer):
    drafts.save(referrer, TYPED)
    drafts.save(referrer, TYPED | {"request": "Better words"})

    assert Draft.select().count() == 1
    assert drafts.of(referrer).typed["request"] == "Better words"


def test_its_reference_stays_the_same_for_its_life_and_a_new_draft_has_a_new_one(referrer):
    drafts.save(referrer, TYPED)
    first = drafts.of(referrer).reference
    drafts.save(referrer, {})
    assert drafts.of(referrer).reference == first

    drafts.discard(referrer)
    drafts.save(referrer, TYPED)
    assert drafts.of(referrer).reference != first


def test_a_discarded_draft_is_gone(referrer):
    drafts.save(referrer, TYPED)
    drafts.discard(referrer)

    assert drafts.of(referrer) is None
    assert Draft.select().count() == 0


def test_the_digest_changes_with_every_word(referrer):
    drafts.save(referrer, TYPED)
    seen = drafts.of(referrer).digest
    drafts.save(referrer, TYPED)
    assert drafts.of(referrer).digest == seen

    drafts.save(referrer, TYPED | {"request": "Sentinel words\nin two lines."})
    assert drafts.of(referrer).digest != seen


def test_what_was_typed_lies_sealed_in_the_database(referrer):
    drafts.save(referrer, TYPED)
    (stored,) = Draft.select(Draft.fields_json).tuples().get()

    assert b"entinel" not in bytes(stored)


def test_a_referrer_who_leaves_takes_the_draft_along(referrer):
    drafts.save(referrer, TYPED)
    referrer.delete_instance(recursive=False)

    assert Draft.select().count() == 0


def test_sending_and_forgetting_what_was_begun_are_one(adviser, referrer):
    """Killed between the two, the next trainee would have been sent under the last one's reference, and so not at all."""
    drafts.save(referrer, {"trainee_name": "Sam"})
    reference = drafts.of(referrer).reference
    asked = actions.Request("Sam Ng", "sam@x.example", None, an_employer(), "A talk, please.", False)
    kind = referrer.roles_held.get().referrer_kind

    rehearse(lambda: actions.refer(asked, referrer, kind, reference))
    assert drafts.of(referrer).reference == reference

    actions.refer(asked, referrer, kind, reference)
    assert drafts.of(referrer) is None


def test_sending_forgets_nothing_else_that_was_begun(adviser, referrer):
    drafts.save(referrer, {"trainee_name": "Sam"})
    a_referral(referrer)

    assert drafts.of(referrer).typed == {"trainee_name": "Sam"}
