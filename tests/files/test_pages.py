"""Documents on the page of a case: who sees, adds, downloads and removes them, with and without JavaScript."""

import re
import tempfile
from datetime import timedelta
from urllib.parse import unquote

import pytest

from models import Ending, Event, FileKind, LinkPurpose, Referral, Setting, StoredFile
from signpost import clock, settings
from signpost.accounts import links
from signpost.fields import new_public_id
from signpost.files import actions, uploads
from signpost.referrals import actions as referrals
from signpost.referrals import record_access
from signpost.sealing import keyring
from tests.conftest import browser, sign_in
from tests.factories import a_referral
from tests.files import made

HTMX = {"HX-Request": "true"}


@pytest.fixture
def file(case, counsellor):
    return actions.add(case, FileKind.TEST_RESULTS, "Ability results.pdf", made.pdf(), counsellor)


def address(case):
    return f"/referrals/{case.public_id}/documents/new"


def send(client, path, content=None, name="My CV.pdf", **fields):
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)[1]
    body, kind = made.form(
        {"csrf_token": token, "kind": "cv"} | fields, name, made.pdf() if content is None else content
    )
    return client.followed(client.post(path, data=body, content_type=kind))


# Adding


def test_a_counsellor_adds_a_document_and_sees_it_on_the_case(case, counsellor, browser_of):
    client = browser_of(counsellor)
    send(client, address(case), shared="y")

    assert client.page.h1 == f"Referral {case.reference}"
    assert "My CV.pdf" in client.page.text
    assert "added by you" in client.page.text
    assert "shared with the trainee" in client.page.text


def test_a_trainee_adds_one_by_the_link_and_the_counsellor_reads_it(case, counsellor, browser_of, app, token):
    client = browser(app)
    send(client, f"/links/{token}/documents/new", made.docx(), "../../My CV.docx")
    assert "My CV.docx" in client.page.text

    other = browser_of(counsellor)
    other.get(f"/referrals/{case.public_id}")
    answer = other.get(other.page.link("My CV.docx"))
    assert answer.data == made.docx()


def test_a_trainee_is_not_asked_what_to_share(case, trainee, browser_of):
    client = browser_of(trainee)
    client.get(address(case))

    assert "Share it with the trainee" not in client.page.text


def test_without_a_file_or_a_kind_the_form_says_so(case, counsellor, browser_of):
    client = browser_of(counsellor)
    client.get(address(case))
    answer = client.press("Add this document")

    assert answer.status_code == 422
    assert "Choose a file" in client.page.text
    assert "Select what it is" in client.page.text


def test_words_in_the_place_of_a_file_are_no_file(case, counsellor, browser_of):
    client = browser_of(counsellor)

    assert client.submit(address(case), kind="cv", file="%PDF-1.7").status_code == 422
    assert not StoredFile.select().exists()


def test_thirty_megabytes_are_refused_in_a_sentence_and_the_rest_of_the_form_is_kept(case, counsellor, browser_of):
    client = browser_of(counsellor)
    answer = send(client, address(case), made.pdf(content=bytes(30_000_000)), shared="y")

    assert answer.status_code == 413
    assert "The file must be 10 MB or smaller" in client.page.text
    assert client.page.title.startswith("Error: ")
    form = client.page.form_with("Add this document")
    assert {("kind", "cv"), ("shared", "y")} <= set(form.fields)
    assert not StoredFile.select().exists()


def test_the_limit_is_a_setting(case, counsellor, browser_of, administrator):
    Setting.create(name="upload_megabytes", value="1")
    assert settings.current().upload_megabytes == 1
    client = browser_of(counsellor)

    assert send(client, address(case), made.pdf(content=bytes(1_100_000))).status_code == 413
    assert send(client, address(case), made.pdf(content=bytes(900_000))).status_code == 200


def test_far_more_than_that_is_not_read_at_all_and_told_on_a_page(case, counsellor, browser_of, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_READ", 100_000)
    client = browser_of(counsellor)
    answer = send(client, address(case), bytes(200_000))

    assert answer.status_code == 413
    assert client.page.h1 == "That is too large to send"


def test_no_other_address_keeps_a_file_that_is_sent(case, counsellor, browser_of, monkeypatch):
    kept = []
    monkeypatch.setattr(uploads._Kept, "write", lambda self, piece: kept.append(piece[: self.room.left]) or len(piece))
    client = browser_of(counsellor)
    body, kind = made.form({"csrf_token": client.token()}, "a.pdf", bytes(100_000))
    client.post("/account/password", data=body, content_type=kind)

    assert kept
    assert b"".join(kept) == b""


def test_what_is_sent_never_lies_in_a_temporary_file(case, counsellor, browser_of, monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("a temporary file")

    for name in ("TemporaryFile", "NamedTemporaryFile", "SpooledTemporaryFile"):
        monkeypatch.setattr(tempfile, name, refuse)
    client = browser_of(counsellor)

    assert send(client, address(case), made.pdf(content=bytes(2_000_000))).status_code == 200
    assert StoredFile.get().size > 2_000_000


def test_a_closed_case_says_that_it_takes_none_and_still_shows_what_is_there(
    case, adviser, counsellor, file, browser_of
):
    referrals.close(case, Ending.LEFT_PROGRAMME, adviser, case.version)
    client = browser_of(counsellor)
    client.get(f"/referrals/{case.public_id}")

    assert "Ability results.pdf" in client.page.text
    assert "Add a document" not in client.page.text
    assert client.get(address(case)).status_code == 409


def test_the_same_form_sent_twice_adds_one_document(case, counsellor, browser_of):
    client, reference = browser_of(counsellor), new_public_id()
    for _ in range(2):
        assert send(client, address(case), reference=reference).status_code == 200

    assert StoredFile.select().count() == 1


def test_a_reference_that_the_page_did_not_make_adds_nothing(case, counsellor, browser_of):
    assert send(browser_of(counsellor), address(case), reference="nonsense!").status_code == 422
    assert not StoredFile.select().exists()


# Downloading


def test_a_document_is_handed_out_as_a_file_and_never_shown_in_the_page(case, counsellor, file, browser_of):
    answer = browser_of(counsellor).get(f"/documents/{file.public_id}")

    assert answer.data == made.pdf()
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="Ability results.pdf"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert answer.headers["Cache-Control"] == "no-store"
    assert int(answer.headers["Content-Length"]) == len(made.pdf())


def test_a_name_in_any_script_reaches_the_reader_whole(case, counsellor, browser_of):
    file = actions.add(case, FileKind.CV, "דָּוִד Zoë.pdf", made.pdf(), counsellor)
    answer = browser_of(counsellor).get(f"/documents/{file.public_id}")

    said = answer.headers["Content-Disposition"]
    assert said.isascii()
    assert unquote(said.partition("filename*=UTF-8''")[2]) == file.name


def test_every_download_by_the_team_is_kept_before_it_is_sent_and_the_trainees_own_is_not(
    case, counsellor, trainee, browser_of, token, app
):
    file = actions.add(case, FileKind.CV, "cv.pdf", made.pdf(), trainee)
    browser_of(trainee).get(f"/documents/{file.public_id}")
    browser(app).get(f"/links/{token}/documents/{file.public_id}")
    assert record_access.readings(case) == []

    browser_of(counsellor).get(f"/documents/{file.public_id}")
    assert [(one.reader, one.what) for one in record_access.readings(case)] == [("Chris Counsellor", "a document")]


def test_where_the_reading_cannot_be_kept_nothing_is_sent(make_app, case, counsellor, file, monkeypatch):
    client = browser(make_app(testing=False))
    sign_in(client, counsellor)
    monkeypatch.setattr(record_access, "record", lambda *args, **facts: 1 / 0)

    answer = client.get(f"/documents/{file.public_id}")
    assert answer.status_code == 500
    assert b"%PDF" not in answer.data


def test_the_documents_of_a_case_do_not_exist_for_anybody_else(
    case, file, adviser, colleague, referrer, head, tsg, administrator, browser_of
):
    Referral.update(school=None).where(Referral.id == case.id).execute()
    for one in (adviser, colleague, referrer, head, tsg, administrator):
        client = browser_of(one)
        for path in (f"/documents/{file.public_id}", address(case)):
            assert client.get(path).status_code == 404
        assert client.submit(f"/documents/{file.public_id}/removal").status_code == 404
        client.get(f"/referrals/{case.public_id}")
        assert "Documents" not in client.page.text
    assert not Event.select().where(Event.name == "record.read").exists()
    assert not StoredFile.get_by_id(file.id).is_removed


def test_a_trainee_does_not_see_what_was_not_shared(case, file, trainee, browser_of, app, token):
    client = browser_of(trainee)
    client.get(f"/referrals/{case.public_id}")
    assert "There are no documents" in client.page.text
    assert client.get(f"/documents/{file.public_id}").status_code == 404
    assert browser(app).get(f"/links/{token}/documents/{file.public_id}").status_code == 404


def test_a_link_that_was_withdrawn_opens_no_document(case, trainee, token, app):
    file = actions.add(case, FileKind.CV, "cv.pdf", made.pdf(), links.find(token))
    links.withdraw_all(case)

    for path in (f"/links/{token}/documents/{file.public_id}", f"/links/{token}/documents/new"):
        assert browser(app).get(path).status_code == 404


def test_a_link_of_one_case_opens_no_document_of_another(case, token, app, referrer):
    with clock.at(clock.now() - timedelta(minutes=1)):
        other = a_referral()
    mine = links.make(LinkPurpose.REFERRED_TRAINEE, other.trainee_name, other.trainee_email, referral=other)
    file = actions.add(case, FileKind.CV, "cv.pdf", made.pdf(), links.find(token))

    assert browser(app).get(f"/links/{mine}/documents/{file.public_id}").status_code == 404


# Without the key


def test_without_its_key_a_page_says_so_and_nothing_is_lost(case, counsellor, file, make_app, config, caplog):
    client = browser(make_app(testing=False))
    sign_in(client, counsellor)
    keyring.load("k9:" + "A" * 43 + "=")
    for path in (f"/documents/{file.public_id}", f"/referrals/{case.public_id}"):
        answer = client.get(path)
        assert answer.status_code == 503
        assert client.page.h1 == "This cannot be opened just now"
        assert "Traceback" not in answer.text

    keyring.load(config.notes_keys)
    assert client.get(f"/documents/{file.public_id}").data == made.pdf()


# Removing


def test_removing_without_javascript_comes_back_to_the_case(case, counsellor, file, browser_of):
    client = browser_of(counsellor)
    client.get(f"/referrals/{case.public_id}")
    client.press("Remove this document")

    assert client.page.h1 == f"Referral {case.reference}"
    assert "Ability results" not in client.page.text
    assert "removed on" in client.page.text
    assert client.get(f"/documents/{file.public_id}").status_code == 404


def test_removing_with_htmx_swaps_the_list(case, counsellor, file, browser_of):
    client = browser_of(counsellor)
    answer = client.submit(f"/documents/{file.public_id}/removal", headers=HTMX)

    assert answer.text.lstrip().startswith('<section id="documents"')
    assert "The document was removed." in answer.text


def test_a_trainee_removes_their_own_by_link_and_not_what_was_shared(case, counsellor, app, token):
    own = actions.add(case, FileKind.CV, "own.pdf", made.pdf(), links.find(token))
    shared = actions.add(case, FileKind.OTHER, "shared.pdf", made.pdf(), counsellor, is_shared=True)
    client = browser(app)
    client.get(f"/links/{token}")
    client.press("Remove this document")

    assert StoredFile.get_by_id(own.id).is_removed
    assert client.submit(f"/links/{token}/documents/{shared.public_id}/removal").status_code == 404
    assert not StoredFile.get_by_id(shared.id).is_removed
