"""Keeping documents: sealed, within limits, for those they concern, and destroyed when they are removed."""

from datetime import timedelta

import pytest

from models import AuditEntry, Ending, Event, FileKind, FilePiece, FileType, Referral, StoredFile
from signpost import clock
from signpost.accounts import links
from signpost.errors import RuleBroken
from signpost.files import actions, queries
from signpost.files.reading import NotTaken
from signpost.referrals import actions as referrals
from signpost.referrals import record_access
from signpost.sealing import CannotUnseal
from tests.factories import a_referral
from tests.files import made


def add(case, by, content=None, called="Ability results.pdf", **more):
    return actions.add(case, FileKind.TEST_RESULTS, called, content or made.pdf(), by, **more)


def text(file):
    return b"".join(queries.content(file))


def test_what_is_added_comes_back_byte_for_byte(case, counsellor):
    large = made.pdf(content=bytes(range(256)) * 4000)
    file = add(case, counsellor, large)

    assert text(StoredFile.get_by_id(file.id)) == large
    assert FilePiece.select().count() > 1


def test_neither_name_nor_content_lies_plain_in_the_database(case, counsellor):
    file = add(case, counsellor, made.pdf("zanzibar"), "zanzibar.pdf")

    assert file.name == "zanzibar.pdf"
    assert b"zanzibar" not in bytes(StoredFile.get_by_id(file.id).__data__["name"])
    assert not any(b"zanzibar" in bytes(piece.__data__["content"]) for piece in FilePiece.select())
    assert not any("zanzibar" in one.facts_json for table in (Event, AuditEntry) for one in table.select())


@pytest.mark.parametrize(
    ("called", "kept"),
    [
        ("Results.PDF", "Results.pdf"),
        ("cv.docx", "cv.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\me\\My CV.docx", "My CV.pdf"),
        ("cv.pdf.exe", "cv.pdf.pdf"),
        ("", "Document.pdf"),
        ("...", "Document.pdf"),
        (".htaccess", "htaccess.pdf"),
        ('a"; filename="evil.html', "a filename=evil.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "a Set-Cookie x=1.pdf"),
        ("\u202efdp.exe", "fdp.pdf"),
        ("Zoë’s results", "Zoë’s results.pdf"),
        ("x" * 300, "x" * 100 + ".pdf"),
    ],
)
def test_a_name_loses_its_folder_what_is_hidden_in_it_and_a_false_ending(called, kept):
    assert actions.named(called, FileType.PDF) == kept


# Who adds


def test_the_trainee_adds_by_account_and_by_link(case, trainee, token):
    assert add(case, trainee).by_user == trainee
    assert add(case, links.find(token)).by_link == links.find(token)


def test_nobody_adds_to_a_case_that_is_none_of_their_business(case, adviser, colleague, referrer, head, tsg):
    for one in (adviser, colleague, referrer, head, tsg):
        with pytest.raises(RuleBroken, match="Only the trainee"):
            add(case, one)
    assert not StoredFile.select().exists()


def test_nothing_is_added_before_the_trainee_accepted_or_once_the_case_is_closed(
    case, adviser, counsellor, trainee, referrer
):
    waiting = a_referral(trainee_email=trainee.email)
    with pytest.raises(RuleBroken, match="accepted"):
        add(waiting, trainee)
    referrals.close(case, Ending.LEFT_PROGRAMME, adviser, case.version)
    with pytest.raises(RuleBroken, match="closed"):
        add(Referral.get_by_id(case.id), counsellor)
    assert not StoredFile.select().exists()


def test_a_case_has_so_many_documents_and_no_more(case, counsellor, monkeypatch):
    monkeypatch.setattr(actions, "MOST_IN_A_CASE", 2)
    first = add(case, counsellor)
    add(case, counsellor)

    with pytest.raises(RuleBroken, match="2 documents"):
        add(case, counsellor)
    actions.remove(first, counsellor)
    add(case, counsellor)


def test_a_trainee_does_not_decide_what_is_shared_with_them(case, trainee):
    assert not add(case, trainee, is_shared=True).is_shared


# Who reads


def test_the_team_reads_all_and_the_trainee_what_is_theirs_or_shared(case, counsellor, trainee, token):
    own, hidden, shared = add(case, trainee), add(case, counsellor), add(case, counsellor, is_shared=True)

    assert queries.readable(counsellor, case) == [own, hidden, shared]
    assert queries.readable(trainee, case) == [own, shared]
    assert queries.readable(links.find(token), case) == [own, shared]
    assert queries.find(trainee, hidden.public_id) is None


def test_an_adviser_reads_them_for_as_long_as_the_record_is_open_to_them(case, counsellor, adviser):
    file = add(case, counsellor)
    assert queries.find(adviser, file.public_id) is None

    record_access.state_reason(case, "A complaint has to be answered.", adviser)
    assert queries.find(adviser, file.public_id) == file
    with clock.at(clock.now() + timedelta(hours=9)):
        assert queries.find(adviser, file.public_id) is None


def test_the_counsellor_before_and_who_had_the_address_before_read_nothing(
    case, adviser, counsellor, colleague, trainee, token
):
    link = links.find(token)
    by_link = add(case, link)
    file = add(case, counsellor, is_shared=True)
    case = Referral.get_by_id(case.id)
    referrals.correct_trainee_address(case, "right@signpost.example", adviser, case.version)
    case = Referral.get_by_id(case.id)
    referrals.assign(case, colleague, adviser, case.version, "They asked.")
    case = Referral.get_by_id(case.id)

    assert queries.find(counsellor, file.public_id) is None
    assert queries.find(colleague, file.public_id) == file
    assert not queries.is_from_trainee(StoredFile.get_by_id(by_link.id))


def test_reading_by_the_team_is_kept_and_by_the_trainee_is_not(case, counsellor, trainee):
    file = add(case, trainee)
    actions.hand_out(file, trainee)
    assert record_access.readings(case) == []

    actions.hand_out(file, counsellor)
    (reading,) = record_access.readings(case)
    assert (reading.reader, reading.what, reading.times) == ("Chris Counsellor", "a document", 1)


# Changed behind our back


def test_pieces_that_are_missing_swapped_moved_or_changed_do_not_open(case, counsellor):
    large = made.pdf(content=bytes(600_000))
    file, other = add(case, counsellor, large), add(case, counsellor, large)
    pieces = list(file.pieces)
    assert len(pieces) == 3

    def broken():
        with pytest.raises(CannotUnseal):
            queries.content(StoredFile.get_by_id(file.id))

    def lie(piece, **columns):
        FilePiece.update(**columns).where(FilePiece.id == piece.id).execute()

    lie(pieces[0], position=9)
    broken()
    lie(pieces[1], position=0)
    broken()
    lie(pieces[0], position=1)
    broken()
    FilePiece.delete().where(FilePiece.file == file).execute()
    broken()
    FilePiece.update(file=file).where(FilePiece.file == other).execute()
    broken()


# Removing


def test_removing_destroys_bytes_and_name_and_keeps_the_line(case, counsellor):
    file = add(case, counsellor)
    actions.remove(file, counsellor)
    left = StoredFile.get_by_id(file.id)

    assert left.is_removed
    assert left.name is None
    assert not FilePiece.select().exists()
    assert queries.readable(counsellor, case) == [left]
    assert queries.find(counsellor, file.public_id) is None


def test_removing_twice_is_once(case, counsellor):
    file = add(case, counsellor)
    actions.remove(file, counsellor)
    actions.remove(file, counsellor)

    assert Event.select().where(Event.name == "file.removed").count() == 1


def test_the_trainee_removes_their_own_and_the_counsellor_any(case, counsellor, trainee, token):
    shared, own, by_link = add(case, counsellor, is_shared=True), add(case, trainee), add(case, links.find(token))

    with pytest.raises(RuleBroken, match="Only whoever added"):
        actions.remove(shared, trainee)
    actions.remove(own, trainee)
    actions.remove(by_link, counsellor)
    assert [file.is_removed for file in queries.readable(counsellor, case)] == [False, True, True]


def test_who_stands_in_removes_only_their_own(case, adviser, counsellor, colleague):
    record_access.cover(case, colleague, clock.today() + timedelta(days=3), "Leave.", adviser)
    theirs, others = add(case, colleague), add(case, counsellor)

    with pytest.raises(RuleBroken, match="Only whoever added"):
        actions.remove(others, colleague)
    actions.remove(theirs, colleague)


# Bad files


def test_a_file_that_is_refused_leaves_nothing(case, counsellor):
    with pytest.raises(NotTaken):
        add(case, counsellor, b"MZ\x90\0", "cv.pdf")

    assert not StoredFile.select().exists()
    assert not FilePiece.select().exists()
    assert not Event.select().where(Event.name == "file.added").exists()
