"""Documents in a real browser: added, downloaded and removed by the trainee and by the counsellor; too large; no document."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Download

from models import LinkPurpose, Referral, StoredFile, User
from signpost import clock
from signpost.accounts import links
from signpost.referrals import actions
from tests import factories
from tests.browser.conftest import Sit, Site
from tests.browser.reader import Reader, eventually
from tests.browser.test_journey import WAYS
from tests.files import made


@pytest.fixture
def case(site: Site, adviser: User, counsellor: User) -> Referral:
    """A case whose trainee accepted the support by the link."""
    with clock.at(clock.now() - timedelta(minutes=5)):
        referral = factories.a_referral(trainee_email="sam@trainee.example")
        actions.assign(referral, counsellor, adviser, referral.version)
        link = links.find(token_of(referral))
        assert link is not None
        actions.accept(Referral.get_by_id(referral.id), by=link)
    return Referral.get_by_id(referral.id)


def token_of(referral: Referral) -> str:
    return links.make(LinkPurpose.REFERRED_TRAINEE, referral.trainee_name, referral.trainee_email, referral=referral)


def choose_file(reader: Reader, path: Path, content: bytes) -> None:
    path.write_bytes(content)
    reader.page.locator("input[type=file]").set_input_files(path)


def download(reader: Reader, name: str) -> Download:
    with reader.page.expect_download() as waiting:
        reader.follow(name)
    return waiting.value


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
def test_a_trainee_adds_a_document_the_counsellor_reads_it_and_the_trainee_removes_it(
    way: dict[str, bool], sit: Sit, case: Referral, counsellor: User, tmp_path: Path
) -> None:
    at_trainee, token = sit(**way), token_of(case)
    at_trainee.open(f"/links/{token}")
    at_trainee.follow("Add a document")
    at_trainee.arrives_at("Add a document")
    at_trainee.press("Add this document")
    at_trainee.sees("Choose a file")
    at_trainee.sees("Select what it is")
    at_trainee.pick("CV")
    choose_file(at_trainee, tmp_path / "cv.pdf", b"MZ\x90\0 this is a program")
    at_trainee.press("Add this document")
    at_trainee.sees("This one is something else, whatever its name says")
    choose_file(at_trainee, tmp_path / "My CV.pdf", made.pdf())
    at_trainee.press("Add this document")
    at_trainee.arrives_at("Your page")
    at_trainee.sees("My CV.pdf")

    at_counsellor = sit(counsellor, **way)
    at_counsellor.open(f"/referrals/{case.public_id}")
    got = download(at_counsellor, "My CV.pdf")
    assert got.suggested_filename == "My CV.pdf"
    assert Path(got.path()).read_bytes() == made.pdf()

    at_trainee.page.locator("#documents summary").click()
    at_trainee.press("Remove this document My CV.pdf")
    at_trainee.sees("removed on")
    at_trainee.does_not_see("My CV.pdf")
    eventually(lambda: StoredFile.get().is_removed)
    assert at_trainee.complaints == at_counsellor.complaints == []


@pytest.mark.parametrize(
    "way", [WAYS["with a mouse"], WAYS["without JavaScript"]], ids=["with a mouse", "without JavaScript"]
)
def test_thirty_megabytes_are_refused_in_a_sentence_and_the_rest_of_the_form_is_kept(
    way: dict[str, bool], sit: Sit, case: Referral, counsellor: User, tmp_path: Path
) -> None:
    reader = sit(counsellor, **way)
    reader.open(f"/referrals/{case.public_id}/documents/new")
    reader.pick("CV")
    reader.pick("Share it with the trainee")
    choose_file(reader, tmp_path / "large.pdf", made.pdf(content=bytes(30_000_000)))
    reader.press("Add this document")
    reader.sees("The file must be 10 MB or smaller")

    assert reader.page.get_by_label("CV", exact=True).is_checked()
    assert reader.page.get_by_label("Share it with the trainee", exact=True).is_checked()
    assert not StoredFile.select().exists()
