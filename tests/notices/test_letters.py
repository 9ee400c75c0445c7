"""The letters: what each says, to whom it is addressed, and what never stands in one."""

import re
from datetime import timedelta
from email.utils import getaddresses
from html.parser import HTMLParser

import pytest
from jinja2 import UndefinedError

from models import Ending, Notice, PersonalLink, ReleaseChoice, Role, School, Setting
from signpost import clock
from signpost.config import ROOT
from signpost.notices import letters
from signpost.notices.letters import as_html, quoted
from signpost.referrals import actions
from tests.factories import a_head, a_referral, a_user

LINK = re.compile(r"http://localhost/links/[\w-]{43}\b")


@pytest.fixture
def school(head):
    return School.get(School.name == "School of Medicine")


@pytest.fixture
def referral(adviser, referrer, school):
    return a_referral(referrer, trainee_name="Sam Ng", trainee_email="sam@trainees.example", school=school)


@pytest.fixture
def every_letter(adviser, referrer, counsellor, head, tsg, school):
    """Every kind of letter about referrals, each as it was queued, by its kind."""

    def a_new(**written):
        return a_referral(referrer, school=school, request="SENTINEL REQUEST", **written)

    with_concerns = a_new(wider_concerns=True)
    actions.release(with_concerns, ReleaseChoice.WORDS, "SENTINEL WORDS", by=head)
    first = a_new()
    actions.add_concerns(first, None, by=referrer)
    with clock.at(clock.now() - timedelta(minutes=3)):
        actions.assign(first, counsellor, adviser, first.version)
    actions.assign(first, a_user(Role.COUNSELLOR), adviser, first.version, "SENTINEL REASON")
    actions.withdraw(first, by=referrer)
    second, third = a_new(), a_new()
    a_user(Role.SENIOR_ADVISER)
    actions.decline(second, by=PersonalLink.get(PersonalLink.referral == second))
    actions.close(third, Ending.UNABLE_TO_CONTACT, adviser, third.version)
    return {notice.kind: notice for notice in Notice.select()}


def newest(kind):
    return Notice.select().where(Notice.kind == kind).order_by(Notice.id.desc()).get()


# What they say


def test_the_referral_reads_as_the_referrers_own_brief_request(referral, referrer):
    """A7."""
    notice = newest("referral")

    assert notice.subject == f"Referral {referral.reference} for careers support"
    assert (
        "I would like to ask for careers support for Sam Ng, who gets a copy of this email and decides whether to accept."
        in notice.text
    )
    assert "> Would like to talk about choosing a specialty." in notice.text
    assert f"Contact: {referral.trainee_email}" in notice.text
    assert notice.text.rstrip().endswith(f"{referrer.name}\n{referrer.email}")
    assert "wider concerns" not in notice.text


def test_with_wider_concerns_it_says_that_the_head_gets_it_too(adviser, referrer, school):
    """A8."""
    a_referral(referrer, school=school, wider_concerns=True)

    assert "There are wider concerns, so the head of school gets a copy too." in newest("referral").text


def test_a_school_that_is_not_known_is_said_to_be(adviser, referrer):
    a_referral(referrer)

    assert "School: not known" in newest("referral").text


def test_the_trainee_is_told_who_supports_them_and_how_to_reach_that_person(referral, adviser, counsellor):
    """A9."""
    counsellor.phone = "020 7946 0111"
    counsellor.save()
    actions.assign(referral, counsellor, adviser, referral.version)

    text = newest("assigned_trainee").text
    assert "Chris Counsellor will support you." in text
    assert f"* Email: {counsellor.email}\n* Telephone: 020 7946 0111\n" in text
    assert text.rstrip().endswith(f"{adviser.name}\nCareers team")


def test_a_counsellor_without_a_telephone_has_no_empty_line_for_it(referral, adviser, counsellor):
    actions.assign(referral, counsellor, adviser, referral.version)

    text = newest("assigned_trainee").text
    assert "Telephone" not in text
    assert "\n\n\n" not in text


def test_the_team_is_called_as_the_organisation_calls_it(adviser, referrer):
    Setting.create(name="team_name", value="Guidance Service")
    Setting.create(name="team_phone", value="01632 960100")
    a_referral(referrer)

    assert newest("personal_link").sender_name == "Guidance Service"
    assert "or ring 01632 960100" in newest("personal_link").text


def test_the_head_who_releases_says_so_in_their_own_name(adviser, referrer, school, head, tsg):
    """A4."""
    referral = a_referral(referrer, school=school, wider_concerns=True, trainee_name="Sam Ng")
    actions.release(referral, ReleaseChoice.WORDS, "Please wait.\nWe speak on Monday.", by=head)

    notice = newest("released_tsg")
    assert "the careers team is supporting Sam Ng" in notice.text
    assert "> Please wait.\n> We speak on Monday.\n" in notice.text
    assert (notice.sender_name, notice.reply_to) == (head.name, head.email)
    assert referral.reference not in notice.subject + notice.text


def test_without_words_there_is_no_quotation(adviser, referrer, school, head, tsg):
    referral = a_referral(referrer, school=school, wider_concerns=True)
    actions.release(referral, ReleaseChoice.FACT, "", by=head)

    assert ">" not in newest("released_tsg").text


# Who answers go to


def test_an_answer_goes_to_a_person(every_letter, adviser, referrer, head):
    actors = {
        **dict.fromkeys(("referral", "concerns_added"), referrer.email),
        **dict.fromkeys(("assigned_trainee", "reassigned_trainee", "assigned_counsellor"), adviser.email),
        "released_tsg": head.email,
    }
    for kind, notice in every_letter.items():
        assert notice.reply_to == actors.get(kind, adviser.email), kind
        assert notice.sender_name


def test_with_a_mailbox_answers_to_the_team_go_there(adviser, referrer):
    Setting.create(name="adviser_mailbox", value="careers@team.example")
    a_referral(referrer)

    assert newest("personal_link").reply_to == "careers@team.example"
    assert newest("referral").reply_to == referrer.email


# What never stands in one


def test_the_request_stands_in_the_copied_emails_and_in_no_other(every_letter):
    carrying = {kind for kind, notice in every_letter.items() if "SENTINEL REQUEST" in notice.text}

    assert carrying == {"referral", "concerns_added"}


def test_the_heads_words_go_to_the_tsg_alone_and_the_teams_reason_to_nobody(every_letter):
    assert {kind for kind, notice in every_letter.items() if "SENTINEL WORDS" in notice.text} == {"released_tsg"}
    assert not [kind for kind, notice in every_letter.items() if "SENTINEL REASON" in notice.text + notice.subject]


def test_a_personal_link_stands_only_in_a_letter_to_the_trainee_alone(every_letter):
    with_link = {kind: notice for kind, notice in every_letter.items() if LINK.search(notice.text)}

    assert set(with_link) == {"personal_link", "assigned_trainee", "reassigned_trainee"}
    for notice in Notice.select():
        if "/links/" in notice.text:
            assert [row.address for row in notice.recipients] == [notice.referral.trainee_email]


def test_each_letter_with_a_link_has_a_link_of_its_own(referral, adviser, counsellor):
    actions.assign(referral, counsellor, adviser, referral.version)
    texts = [notice.text for notice in Notice.select().where(Notice.kind.in_(("personal_link", "assigned_trainee")))]

    assert len({LINK.search(text).group() for text in texts}) == 2


def test_no_subject_names_the_trainee(every_letter):
    """A subject is read over shoulders."""
    for notice in every_letter.values():
        assert "Trainee " not in notice.subject, notice.subject
        assert notice.subject
        assert len(notice.subject) <= 80


def test_a_message_to_somebody_not_of_the_team_does_not_name_the_trainee(every_letter):
    """Adviser, counsellor and referrer are told that something is there, and follow the link."""
    for kind in (
        "declined_adviser",
        "withdrawn_adviser",
        "closed_adviser",
        "ended_counsellor",
        "not_going_ahead_referrer",
    ):
        assert every_letter[kind].referral.trainee_name not in every_letter[kind].text


@pytest.mark.parametrize("word", ["fail", "no-show", "problem", "refus", "reject", "cancel", "regret"])
def test_the_wording_blames_nobody(every_letter, word):
    for kind, notice in every_letter.items():
        assert word not in (notice.subject + notice.text).lower(), kind


def test_every_letter_greets_somebody_and_leaves_no_gap(every_letter):
    for kind, notice in every_letter.items():
        assert notice.text.startswith("Dear "), kind
        assert not re.search(r"\n{3,}|[ \t]\n|\{\{|\}\}|\bNone\b", notice.text), kind
        assert notice.text.endswith("\n")
        assert max(len(line) for line in notice.text.splitlines()) < 400


# What people typed stays what they typed


@pytest.mark.parametrize(
    "typed",
    ["{{ 7 * 7 }}", "{% for x in y %}", "<script>alert(1)</script>", "<b>Sam</b> & Co", "Subject: something else"],
)
def test_markup_and_template_syntax_are_shown_as_typed(adviser, referrer, typed):
    a_referral(referrer, trainee_name=typed, request=f"Help with {typed}\n{typed}")

    notice = newest("referral")
    assert f"> Help with {typed}\n> {typed}\n" in notice.text
    assert typed in notice.text
    assert notice.subject.startswith("Referral ")
    assert "<script" not in as_html(notice.text)
    assert "<b>" not in as_html(notice.text)


def test_a_request_cannot_pass_for_the_sites_own_words(adviser, referrer):
    request = "Please help.\n\n* Ring 020 7946 0999\nhttp://evil.example/links/x\n\nCareers team\n.\nDear adviser,"
    a_referral(referrer, request=request)

    text = newest("referral").text
    for line in request.splitlines():
        assert f"\n> {line}".rstrip() in text
    assert 'href="http://evil.example' not in as_html(text)


@pytest.mark.parametrize("name", ["O’Brien-Núñez", "عمر حداد", "Zoë 👩🏽‍⚕️", "Đặng Thị Hồng", 'Sam "the doc" Ng'])
def test_names_of_every_kind_stand_in_the_letter_as_they_are(adviser, referrer, name):
    a_referral(referrer, trainee_name=name)

    assert f"Trainee: {name}\n" in newest("referral").text
    assert f"Dear {name},\n" in newest("personal_link").text


def test_each_line_of_a_quotation_is_marked():
    assert quoted("one\n\ntwo\r\nthree\u2028four") == "> one\n>\n> two\n> three\n> four"


# The HTML part


class Reader(HTMLParser):
    """Which elements there are, and whether each that is opened is closed."""

    def __init__(self, html):
        super().__init__()
        self.open, self.seen, self.links, self.words = [], [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.seen.append(tag)
        self.links += [value for name, value in attrs if name == "href"]
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


def words_of(text):
    """Every word of the plain text without its marks."""
    return re.sub(r"(?m)^(> ?|\* )", "", text).split()


def test_the_html_says_what_the_text_says(every_letter):
    for kind, notice in every_letter.items():
        read = Reader(as_html(notice.text))
        assert read.open == []
        said = " ".join(read.words).split()
        assert said == ["Signpost", *words_of(notice.text)], kind


def test_only_a_link_alone_on_its_line_becomes_one():
    html = as_html("See https://here.example/a now.\n\nhttps://there.example/x?a=1&b=2\n\njavascript:alert(1)\n")

    assert Reader(html).links == ["https://there.example/x?a=1&b=2"]
    assert "&amp;b=2" in html


def test_lists_and_quotations_become_lists_and_quotations():
    read = Reader(as_html("Dear Sam,\n\n* Email: x\n* Telephone: y\n\n> quoted\n>\n> words\n\nBye"))

    assert [tag for tag in read.seen if tag in ("ul", "li", "blockquote", "p")] == [
        "p",
        "ul",
        "li",
        "li",
        "blockquote",
        "p",
    ]


def test_a_letter_cannot_close_the_page_it_stands_in():
    html = as_html("</p></body></html>\n\n> </blockquote><img src=x onerror=alert(1)>\n\n* </li></ul>")

    assert "<img" not in html
    assert html.count("</body>") == 1


# The templates


def test_every_template_begins_with_its_subject():
    for path in (ROOT / "templates" / "emails").glob("[a-z]*.txt"):
        first, second = path.read_text().splitlines()[:2]
        assert first.startswith("Subject: "), path.name
        assert second, f"{path.name}: the letter begins on the second line"


def test_a_name_that_a_template_was_never_given_stops_the_letter(app):
    with pytest.raises(UndefinedError):
        letters.environment.from_string("{{ whoever }}").render()


def test_addresses_are_parsed_as_one_person_each(every_letter):
    for notice in every_letter.values():
        for row in notice.recipients:
            assert [address for _, address in getaddresses([row.address])] == [row.address]


def test_another_schools_head_is_in_no_letter(every_letter):
    stranger = a_head()

    assert stranger.email not in {row.address for notice in Notice.select() for row in notice.recipients}
