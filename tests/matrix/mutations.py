"""Tests that bite: delete one guard at a time in a copy of the tree, and see a test turn red (G1).

    python -m tests.matrix.mutations [WORD]     all of them, or those whose file or guard has this word

Each guard is run against the few tests that ought to notice. First these run on the tree as it is, and must be green.
By command, not with the other tests: it takes some minutes. Exit code 1 where a guard could be deleted unnoticed.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LEFT_OUT = shutil.ignore_patterns(
    ".git", "node_modules", "vendor", ".venv", "instance", "__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache",
    ".hypothesis", "benchmarks",
)  # fmt: skip

QUESTIONS = ("tests/matrix/test_questions.py",)
LETTERS = ("tests/matrix/test_letters.py",)
RECORDS = (
    "tests/matrix/test_questions.py::test_who_reads_which_session_and_which_record",
    "tests/matrix/test_questions.py::test_a_reason_stated_as_adviser_and_cover_as_counsellor_end_with_the_role",
    "tests/matrix/test_questions.py::test_what_is_shared_by_a_link_is_finished",
    "tests/matrix/test_questions.py::test_both_questions_about_a_referral_say_what_the_table_says",
)
OPENING = ("tests/careers/test_actions.py::test_nobody_else_opens_it",)
PAPER = ("tests/test_pdf.py",)
HELD = ("tests/completion/test_sessions.py",)
FORMS = ("tests/matrix/test_cross_site.py",)
WRITES = ("tests/matrix/test_forbidden_writes.py",)
ACTIONS = ("tests/referrals/test_actions.py",)
OUTBOX = ("tests/notices/test_outbox.py",)
SESSIONS = ("tests/accounts/test_sessions.py",)
PEOPLE = ("tests/accounts/test_people_pages.py",)
TASKS = ("tests/plans/test_pages.py",)
TASK_ACTIONS = ("tests/plans/test_actions.py",)
TASK_REMINDERS = ("tests/plans/test_falling_due.py",)
FEEDBACK = ("tests/feedback/test_giving.py",)
JOINING = ("tests/feedback/test_cannot_be_joined.py",)
MANY = ("tests/bad_input/test_many_presses.py",)


CONSENTS = ("tests/confidentiality/test_consents.py",)
INFORMATION = ("tests/confidentiality/test_information.py",)
BREACHES = ("tests/confidentiality/test_breaches.py",)
EMERGENCIES = ("tests/confidentiality/test_emergencies.py",)

PARTS = tuple(
    f"tests/subject_access/test_subject_access.py::test_{one}"
    for one in (
        "a_passage_is_withheld_and_the_rest_of_the_row_is_given",
        "passages_that_overlap_are_all_withheld_and_every_one_wherever_it_stands",
        "the_bundle_says_where_a_part_is_withheld_in_every_form_of_it",
    )
)
MATCHING = ("tests/mentoring/test_board.py", "tests/mentoring/test_introducing.py")
COVER = ("tests/completion/test_end_notice.py::test_whoever_covers_tells_the_employer_and_closes_the_case",)


def complaints(*tests: str) -> tuple[str, ...]:
    return tuple(f"tests/complaints/test_complaints.py::test_{one}" for one in tests)


PAIRS = ("tests/mentoring/test_mentorships.py",)
RETURNS = ("tests/mentoring/test_returners.py",)
OFFERS = ("tests/mentoring/test_offers.py",)
WISHES = ("tests/mentoring/test_own_pages.py",)
FILES = ("tests/imports/test_returners_by_file.py", "--deselect", "tests/imports/test_returners_by_file.py::test_twenty_thousand_rows_in_windows_letters_with_semicolons")  # fmt: skip


def keeping(*tests: str) -> tuple[str, ...]:
    return tuple(f"tests/retention/test_pages.py::test_{one}" for one in tests)


def disposal(*tests: str) -> tuple[str, ...]:
    return tuple(f"tests/retention/test_disposal.py::test_{one}" for one in tests)


REVIEWS = ("tests/progression/test_queries.py",)
OUTCOMES = ("tests/progression/test_outcomes.py",)
ACTION_PLANS = ("tests/progression/test_action_plans.py",)
FURTHER = ("tests/progression/test_further.py",)
AFTER = ("tests/progression/test_after_pages.py",)
WITHDRAWING = ("tests/progression/test_withdrawing.py",)
PREPARING = ("tests/progression/test_preparing.py",)
PAPERS = ("tests/progression/test_papers.py",)
MINUTES = ("tests/progression/test_minutes.py",)
GAPS = ("tests/progression/test_gap_analysis.py",)
START = ("tests/progression/test_start_page.py",)


def reading(*people: str) -> tuple[str, ...]:
    return tuple(f"tests/matrix/test_who_may.py::test_reading[{one}]" for one in people)


def writing(*people: str) -> tuple[str, ...]:
    return tuple(f"tests/matrix/test_who_may.py::test_writing[{one}]" for one in people)


@dataclass(frozen=True)
class Mutant:
    """A guard in a file, what stands there without it, and the tests that notice."""

    file: str
    guard: str
    without: str
    tests: tuple[str, ...]

    @property
    def path(self) -> str:
        return f"site/signpost/{self.file}.py"

    @property
    def name(self) -> str:
        words = " ".join(self.guard.split())
        return words if len(words) <= 90 else words[:87] + "..."


# fmt: off
MUTANTS = [
    # The matching board: who opens it, one's own return, and what an introduction asks again
    *(Mutant("mentoring/board_routes", f"{route}\n@allowed_to(Role.RTT_TEAM)", f"{route}\n@allowed_to(*Role)", MATCHING)
      for route in ('@bp.get("")', '@bp.post("/overrides")', '@bp.post("/seen")', '@bp.get("/returners/<public_id:returner_id>")',
                    '@bp.get("/recruiting")', '@bp.route("/introductions", methods=["GET", "POST"])')),
    Mutant("mentoring/board_routes", "queries.returners_seen_by(me).where(Returner.public_id == returner_id).get_or_none()", "Returner.get_or_none(Returner.public_id == returner_id)", MATCHING),
    Mutant("mentoring/board_routes", "get_object_or_404(queries.returners_seen_by(me), ", "get_object_or_404(Returner.select(), ", MATCHING),
    Mutant("mentoring/board", "for pair in self.matching.pairs if pair.returner.key in self.visible]", "for pair in self.matching.pairs]", MATCHING),
    Mutant("mentoring/actions", "        raise RuleBroken(_both(REFUSED[rule], returner, mentor))\n", "        pass\n", MATCHING),
    Mutant("mentoring/actions", "        raise RuleBroken(_both(NO_MENTOR, returner, mentor))\n", "        pass\n", MATCHING),
    Mutant("mentoring/actions", "        raise RuleBroken(_both(GONE, returner, mentor))\n", "        pass\n", MATCHING),
    Mutant("mentoring/pool", "KeptApart.returner.in_(returners) | earlier", "KeptApart.returner.in_(returners)", MATCHING),
    Mutant("mentoring/actions", "of_pair(pair, but_for=Wish.REASON)", "of_pair(pair)", MATCHING),
    Mutant("mentoring/matching", "theirs = (self._known_as.get(name, ()) for name, reason in returner.apart if reason is why)", "theirs: list[set[int]] = []", MATCHING),
    Mutant("mentoring/matching", "of_mentors = (self._kept_from.get((name, why), ()) for name in returner.known_as)", "of_mentors: list[set[int]] = []", MATCHING),
    # What a person may see of referrals: the rows, and what they are to each
    Mutant("referrals/queries", "    if Role.REFERRER in roles:\n        may |=", "    if True:\n        may |=", QUESTIONS),
    Mutant("referrals/queries", "    if Role.COUNSELLOR in roles:\n        may |=", "    if True:\n        may |=", QUESTIONS),
    Mutant("referrals/queries", "    if Role.SENIOR_ADVISER in roles:\n        may |=", "    if True:\n        may |=", QUESTIONS),
    Mutant("referrals/queries", "        may |= Referral.wider_concerns & Referral.school.in_(", "        may |= Referral.school.in_(", QUESTIONS),
    Mutant("referrals/queries", "        may |= Referral.wider_concerns & Referral.school.in_(people.schools_headed_by(user))", "        may |= Referral.wider_concerns", QUESTIONS),
    Mutant("referrals/queries", "    if Role.TSG in roles:\n        may |=", "    if True:\n        may |=", QUESTIONS),
    Mutant("referrals/queries", "        may |= Referral.id.in_(_released_ids())", '        may |= SQL("1 = 1")', QUESTIONS),
    Mutant("referrals/queries", "        return frozenset({Relation.TRAINEE})\n    roles", "        pass\n    roles", QUESTIONS),
    Mutant("referrals/queries", " or referral.trainee_email == user.email:", ":", (*QUESTIONS, "tests/referrals/test_queries.py")),
    Mutant("referrals/queries", "    if Role.SENIOR_ADVISER in roles:\n        held", "    if True:\n        held", QUESTIONS),
    Mutant("referrals/queries", "    if Role.COUNSELLOR in roles and referral.assigned_to_id == user.id:", "    if referral.assigned_to_id == user.id:", QUESTIONS),
    Mutant("referrals/queries", "    if Role.COUNSELLOR in roles and referral.assigned_to_id == user.id:", "    if Role.COUNSELLOR in roles:", QUESTIONS),
    Mutant("referrals/queries", "    if referral.wider_concerns and referral.school_id in", "    if referral.school_id in", QUESTIONS),
    Mutant("referrals/queries", "    if referral.wider_concerns and referral.school_id in people.schools_headed_by(user):", "    if referral.wider_concerns and Role.HEAD_OF_SCHOOL in roles:", QUESTIONS),
    Mutant("referrals/queries", "    if Role.REFERRER in roles and referral.referred_by_id == user.id:", "    if referral.referred_by_id == user.id:", QUESTIONS),
    Mutant("referrals/queries", "    if Role.REFERRER in roles and referral.referred_by_id == user.id:", "    if Role.REFERRER in roles:", QUESTIONS),
    Mutant("referrals/queries", "    if Role.TSG in roles and released(referral) is not None:", "    if released(referral) is not None:", QUESTIONS),
    Mutant("referrals/queries", "    if Role.TSG in roles and released(referral) is not None:", "    if Role.TSG in roles:", QUESTIONS),
    Mutant("referrals/queries", "    return last if last and last.choice != ReleaseChoice.NOTHING else None", "    return last", QUESTIONS),
    # The lists
    Mutant("referrals/queries", "    return Referral.select().where(_not(user, address))", "    return Referral.select()", QUESTIONS),
    Mutant("referrals/queries", "    if Role.REFERRER not in people.roles_of(user):\n        return []\n", "", QUESTIONS),
    Mutant("referrals/queries", "    if Role.COUNSELLOR not in people.roles_of(user):\n        return []\n    mine", "    mine", QUESTIONS),
    Mutant("referrals/queries", "    return Referral.wider_concerns & Referral.school.in_(", "    return Referral.school.in_(", QUESTIONS),
    Mutant("referrals/queries", "    if Role.TSG not in people.roles_of(user):\n        return []\n", "", QUESTIONS),
    Mutant("referrals/queries", ".where(Release.id.in_(_last_release_ids()) & (Release.choice != ReleaseChoice.NOTHING) & _not_about(user))", ".where((Release.choice != ReleaseChoice.NOTHING) & _not_about(user))", QUESTIONS),
    Mutant("referrals/queries", "    if Role.COUNSELLOR in people.roles_of(user):\n        trainee_or", "    if True:\n        trainee_or", QUESTIONS),
    # Messages that may be looked up
    Mutant("notices/queries", "        may |= Notice.kind.not_in((*BETWEEN_HEAD_AND_TSG, *OF_DISCLOSURES))", '        may |= SQL("1 = 1")', QUESTIONS),
    Mutant("notices/queries", "        may |= (Referral.assigned_to == user) & (Notice.id.in_(to_them) |", "        may |= (Notice.id.in_(to_them) |", QUESTIONS),
    Mutant("notices/queries", "        may |= (Referral.assigned_to == user) & (Notice.id.in_(to_them) | Notice.kind.in_(OF_DISCLOSURES))", "        may |= Referral.assigned_to == user", QUESTIONS),
    Mutant("notices/queries", "        may |= Notice.kind.in_(BETWEEN_HEAD_AND_TSG) & headed", "        may |= headed", QUESTIONS),
    Mutant("notices/queries", "        may |= Notice.kind.in_(BETWEEN_HEAD_AND_TSG) & headed", "        may |= Notice.kind.in_(BETWEEN_HEAD_AND_TSG)", QUESTIONS),
    Mutant("notices/queries", ".where(may & not_about_them)", ".where(may)", QUESTIONS),
    Mutant("notices/ledger", 'LINK.sub("(personal link)", notice.text)', "notice.text", reading("adviser")),
    # What a person may see of reviews of progression
    Mutant("progression/queries", "    if Role.TRAINING_OFFICER in roles:\n        may |=", "    if True:\n        may |=", REVIEWS),
    Mutant("progression/queries", "    if Role.PROGRESSION in roles:\n        school |=", "    if True:\n        school |=", REVIEWS),
    Mutant("progression/queries", " | (school & Review.id.not_in(_taking_part(user))))", " | school)", REVIEWS),
    Mutant("progression/queries", "    if parts:\n        return", "    if False:\n        return", REVIEWS),
    Mutant("progression/queries", "    stands = SupportMeeting.called_off_at.is_null()\n    return SupportMeeting.university", "    stands = SupportMeeting.id.is_null(False)\n    return SupportMeeting.university", REVIEWS),
    # What comes after a support meeting
    Mutant("progression/outcomes", "if LedTo.NO_FURTHER_ACTION in kinds and len(kinds) > 1:", "if False:", OUTCOMES),
    Mutant("progression/outcomes", "if one.kind not in LEADS_TO[SupportKind(support.kind)]:", "if False:", OUTCOMES),
    Mutant("progression/outcomes", "if support.held_at is None:", "if False:", OUTCOMES),
    Mutant("progression/action_plans", "SCHOOL if plan.agreed_at is not None else DRAFTING", "DRAFTING", ACTION_PLANS),
    Mutant("progression/action_plans", "if not queries.relations(by, review) & SCHOOL:", "if False:", ACTION_PLANS),
    Mutant("progression/action_plans", " and bool(relations & SAYING)", "", ACTION_PLANS),
    Mutant("progression/further", "if report.asked_by_id == by.id:", "if False:", FURTHER),
    Mutant("progression/further", "if not report.is_agreed or report.told_at is None:", "if False:", FURTHER),
    Mutant("progression/further", "if not queries.relations(by, review) & DECIDING:", "if False:", FURTHER),
    Mutant("progression/further", "        if report.sent_at is not None:\n            raise", "        if False:\n            raise", WITHDRAWING),
    Mutant("progression/further", "change(report, report.version, CHANGED, is_agreed=False, told_at=None)", "change(report, report.version, CHANGED)", WITHDRAWING),
    Mutant("progression/further", "if wanted.person.email == review.trainee_email:", "if False:", FURTHER),
    Mutant("progression/further", "if review.employer is not None and wanted.person.email == review.employer.contact_email:", "if False:", FURTHER),
    Mutant("progression/further", "Plan.id.in_(overdue) & Plan.agreed_at.is_null(False)", "Plan.id.in_(overdue)", FURTHER),
    Mutant("progression/queries", "link.review_id == review.id and link.purpose == LinkPurpose.REVIEWED_TRAINEE", "link.review_id == review.id", FURTHER),
    Mutant("progression/queries", "    if link.purpose == LinkPurpose.REVIEWED_TRAINEE:\n        return Review", "    if link.review_id is not None:\n        return Review", FURTHER),
    Mutant("progression/queries", "if is_school or one.told_at is not None or one.id in gone]", "if True]", AFTER),
    Mutant("progression/queries", "    return visible_to(user).where(Review.closed_at.is_null() & as_school)", "    return visible_to(user).where(Review.closed_at.is_null())", ("tests/progression/test_board.py",)),
    # What is prepared, the papers, the minutes, and what waits for who chairs
    Mutant("progression/preparing", "    if owner is None:\n        raise", "    if False:\n        raise", PREPARING),
    Mutant("progression/preparing", '    if item in BY_ADDING:\n        raise RuleBroken("That is done', '    if False:\n        raise RuleBroken("That is done', PREPARING),
    Mutant("progression/preparing", "    if item in NEEDS_WORDS and not words.strip():", "    if False:", PREPARING),
    Mutant("progression/preparing", "    if fresh.held_at is not None:", "    if False:", PREPARING),
    Mutant("progression/preparing", "    if fresh.called_off_at is not None:", "    if False:", PREPARING),
    Mutant("progression/preparing", "(Meeting.state == MeetingState.BOOKED) & (Meeting.begins_at > at)", "(Meeting.state == MeetingState.BOOKED)", PREPARING),
    Mutant("progression/papers", "        return paper.shared_at is not None and paper.for_university", "        return paper.shared_at is not None", PAPERS),
    Mutant("progression/papers", "return bool(relations & SUPPORTED) and (paper.shared_at is not None or is_own(reader, paper))", "return bool(relations & SUPPORTED)", PAPERS),
    Mutant("progression/papers", "if paper.recalled_at is not None or not relations:", "if not relations:", PAPERS),
    Mutant("progression/papers", "    if not queries.relations_to(by, support) & ADD:", "    if False:", PAPERS),
    Mutant("progression/papers", "    if not queries.relations_to(by, support) & SHARE:", "    if False:", PAPERS),
    Mutant("progression/papers", "    if theirs and support.university_id is None:", "    if False:", PAPERS),
    Mutant("progression/papers", "    if theirs - wanted:", "    if False:", PAPERS),
    Mutant("progression/papers", "    if not may_recall(by, paper, queries.relations_to(by, support)):", "    if False:", PAPERS),
    Mutant("progression/minutes", "minutes.written_by_id == reader.id and Relation.TEAM in relations", "minutes.written_by_id == reader.id", MINUTES),
    Mutant("progression/minutes", "return minutes.shared_at is not None and THEIR_OWN[", "return THEIR_OWN[", MINUTES),
    Mutant("progression/minutes", "(minutes.shared_at is not None and _is_supported(relations))", "_is_supported(relations)", MINUTES),
    Mutant("progression/minutes", "    if not writes(by, support):", "    if False:", MINUTES),
    Mutant("progression/minutes", "there.written_by_id != by.id and present != Present.TOGETHER:", "False:", MINUTES),
    Mutant("progression/minutes", "    if there is not None and there.agreed_at is not None:", "    if False:", MINUTES),
    Mutant("progression/minutes", '    if Relation.CHAIR not in queries.relations_to(by, support):\n        raise RuleBroken("Who chairs the meeting agrees', '    if False:\n        raise RuleBroken("Who chairs the meeting agrees', MINUTES),
    Mutant("progression/minutes", '    if Relation.CHAIR not in queries.relations_to(by, support):\n        raise RuleBroken("Who chairs the meeting corrects', '    if False:\n        raise RuleBroken("Who chairs the meeting corrects', MINUTES),
    Mutant("progression/minutes", "    if SupportMeeting.get_by_id(support.id).held_at is None:", "    if False:", MINUTES),
    Mutant("progression/gap_analysis", "    if not queries.relations_to(by, support) & SUPPORTED:", "    if False:", GAPS),
    Mutant("progression/gap_analysis", "return bool(queries.relations_to(reader, support) & (SUPPORTED | SCHOOL))", "return bool(queries.relations_to(reader, support))", GAPS),
    Mutant("progression/gap_analysis", "        if replaces and was != seen(support):", "        if False:", GAPS),
    Mutant("progression/minutes", "queries.chaired_by(chair) & waits", "waits", START),
    Mutant("progression/papers", "queries.chaired_by(chair) & to_come", "to_come", START),
    Mutant("progression/outcomes", "queries.chaired_by(chair) & waits", "waits", START),
    Mutant("progression/further", "ProgressionReport.is_agreed.is_null() & (ProgressionReport.asked_by != second)", "ProgressionReport.is_agreed.is_null()", START),
    Mutant("accounts/links", "(ProgressionReport.review == link.review) & ProgressionReport.sent_at.is_null(False)", "(ProgressionReport.review == link.review)", FURTHER),
    Mutant("notices/permissions", "return may and address == report.to_email and address != report.review.trainee_email", "return may and address == report.to_email", FURTHER),
    Mutant("progression/queries", "person.part == Part.TRAINING_OFFICER and person.left_at is None", "person.left_at is None", REVIEWS),
    # Meetings and polls
    Mutant("meetings/queries", "    of_group = Meeting.referral.is_null() & (", "    of_group = (", QUESTIONS),
    Mutant("meetings/queries", "    return Meeting.select().where(mine & (Meeting.state != MeetingState.HELD_FOR_SOMEBODY))", "    return Meeting.select().where(mine)", QUESTIONS),
    Mutant("meetings/routes", "    return (meeting, me) if meeting.organiser_id == me.id else abort(404)", "    return meeting, me", writing("university")),
    Mutant("meetings/routes", "    if not relations & {Relation.TRAINEE, Relation.COUNSELLOR}:\n        abort(404)\n", "", reading("supervisor")),
    # plans and feedback
    Mutant("plans/routes", "    return (task, way) if way.is_own else abort(404)", "    return task, way", TASKS),
    Mutant("plans/routes", "    return pages.Way(me, is_own=False) if record_access.reads_record(me, referral) else abort(404)", "    return pages.Way(me, is_own=False)", TASKS),
    Mutant("plans/routes", "    if not way.is_own and isinstance(way.by, User):\n        record_access.note_reading(referral, way.by, \"tasks\")\n", "    pass\n", TASKS),
    Mutant("accounts/links", "if link and link.purpose == purpose and is_open(link)", "if link", TASKS),
    Mutant("plans/link_routes", "get_object_or_404(queries.of_case(link.referral), ", "get_object_or_404(queries.standing(), ", TASKS),
    Mutant("plans/actions", "        _refuse_over(objective.plan)\n        now = clock.now()", "        now = clock.now()", TASK_ACTIONS),
    Mutant("plans/falling_due", "    same = (Objective.id == task.id) & (Objective.reminders == task.reminders) & (Objective.due_on == task.due_on)", "    same = Objective.id == task.id", TASK_REMINDERS),
    Mutant("feedback/queries", "        FeedbackAsk.referral.in_(cases)\n", "        FeedbackAsk.referral.is_null(False)\n", FEEDBACK),
    Mutant("feedback/routes", "    if not record_access.reads_record(me, referral):\n        abort(404)\n", "", FEEDBACK),
    Mutant("feedback/link_routes", "get_object_or_404(queries.asks_of(link.referral), ", "get_object_or_404(FeedbackAsk.select(), ", FEEDBACK),
    Mutant("feedback/actions", "        if not FeedbackAsk.update(state=now_is).where(mine).execute():", "        if FeedbackAsk.update(state=now_is).where(mine).execute() is None:", FEEDBACK),
    Mutant("feedback/actions", "    waiting.append(answers + \" \" * (PADDED_BYTES - len(answers.encode())))", "    waiting.append(answers)", FEEDBACK),
    Mutant("feedback/actions", "    shuffle(waiting)\n", "", JOINING),
    Mutant("feedback/falling_due", "        shuffle(every)\n", "", JOINING),
    Mutant("feedback/falling_due", "        if len(_people_of(waits)) < least:\n            return 0\n", "", FEEDBACK),
    Mutant("feedback/queries", "    if len(given) < settings.current().smallest_number:\n        return []\n", "", FEEDBACK),
    Mutant("feedback/queries", " & (FeedbackAnswer.month < until)", "", FEEDBACK),
    Mutant("meetings/polls", ".where((Poll.organiser == user) | Poll.id.in_(asked))", "", QUESTIONS),
    Mutant("meetings/poll_routes", "    return (poll, me) if poll.organiser_id == me.id else abort(404)", "    return poll, me", writing("university")),
    # Careers sessions and the record of a case
    Mutant("referrals/record_access", "    if Role.SENIOR_ADVISER in roles:\n        for_a_reason", "    if True:\n        for_a_reason", RECORDS),
    Mutant("referrals/record_access", "(Referral.assigned_to == user)", "Referral.assigned_to.is_null(False)", RECORDS),
    Mutant("careers/queries", "(referrals.about_ids(user))\n    return CareersSession.select(CareersSession, Referral).join(Referral).where(theirs & _finished())", "(referrals.about_ids(user))\n    return CareersSession.select(CareersSession, Referral).join(Referral).where(theirs)", RECORDS),
    Mutant("careers/actions", "if referral is None or not record_access.writes_record(by, referral):", "if referral is None:", OPENING),
    Mutant("careers/routes", "        record_access.note_reading(session.referral, me, \"what is shared of a session, on paper\", session)\n", "        pass\n", PAPER),
    Mutant("meetings/booking", "    if meeting.attendance == Attendance.HELD:\n        raise", "    if False:\n        raise", HELD),
    Mutant("careers/queries", "(CareersSession.referral == referral) & _finished())", "(CareersSession.referral == referral))", RECORDS),
    Mutant("careers/queries", "if key in SHARED_PASSAGES and text.words", "if text.words", RECORDS),
    Mutant("careers/routes", "    return (session, me) if record_access.writes_record(me, session.referral) else abort(404)", "    return session, me", writing("second adviser")),
    Mutant("careers/routes", "    if not record_access.reads_record(me, referral):\n        abort(404)\n", "", reading("adviser")),
    Mutant("referrals/record_access", "    return Relation.ADVISER in queries.relations(user, referral) and open_access(user, referral) is not None", "    return Relation.ADVISER in queries.relations(user, referral)", RECORDS),
    Mutant("referrals/queries", " & (RecordAccess.ends_at > now)", "", RECORDS),
    Mutant("referrals/queries", "open_accesses(user).where(RecordAccess.is_cover)", "open_accesses(user)", RECORDS),
    Mutant("referrals/queries", "(RecordAccess.reader == user) & lets_read_now()", "lets_read_now()", RECORDS),
    # Pages
    Mutant("referrals/routes", "    if not relations or (needed and not relations & set(needed)):", "    if not relations:", reading("counsellor")),
    Mutant("referrals/routes", ' if one.kind != "ended_counsellor"', "", reading("mem")),
    Mutant("referrals/routes", '"messages": ledger.lines(messages.of_referral(referral, me)),', '"messages": ledger.lines(list(referral.notices)),', reading("supervisor")),
    Mutant("referrals/history", "        if not readers & relations:\n            continue\n", "", reading("supervisor")),
    Mutant("referrals/history", '        note = _note(facts) if TEAM & relations else ""', '        note = _note(facts)', reading("trainee")),
    Mutant("referrals/history", "event.happened_at > waits_since", "False", ("tests/matrix/test_other_channels.py", "tests/referrals/test_history.py")),
    Mutant("referrals/adviser_routes", '@bp.get("/inbox")\n@allowed_to(Role.SENIOR_ADVISER)', '@bp.get("/inbox")\n@allowed_to(*Role)', reading("mentor")),
    Mutant("referrals/adviser_routes", "Event.select().where(Event.by_user == me), Event.public_id", "Event.select(), Event.public_id", writing("second adviser")),
    Mutant("referrals/adviser_routes", "SavedView.select().where(SavedView.user == signed_in_user())", "SavedView.select()", writing("second adviser")),
    Mutant("referrals/routes", "@allowed_to(Role.TSG)", "@allowed_to(*Role)", reading("mentor")),
    Mutant("accounts/people_routes", '@bp.get("/<public_id:user_id>")\n@allowed_to(Role.ADMINISTRATOR)', '@bp.get("/<public_id:user_id>")\n@allowed_to(*Role)', reading("mentor")),
    # Who is there at all
    Mutant("access", "    if access.roles and not access.roles & roles_held():\n        abort(403)\n", "", reading("mentor")),
    Mutant("access", "    app.before_request(_check)\n", "", reading("stranger")),
    Mutant("access", "    app.before_request(_protect_forms)\n", "", FORMS),
    Mutant("access", "    app.before_request(_refuse_other_sites)\n", "", FORMS),
    Mutant("accounts/sessions", 'hole("token_hash")) & is_open & User.disabled_at.is_null())', 'hole("token_hash")) & is_open)', reading("disabled adviser")),
    Mutant("accounts/sessions", "        WebSession.ended_at.is_null() & (WebSession.last_seen_at", "        (WebSession.last_seen_at", SESSIONS),
    Mutant("accounts/sessions", " & (WebSession.last_seen_at > seen_after)", "", SESSIONS),
    Mutant("accounts/sessions", " & (WebSession.created_at > begun_after)", "", SESSIONS),
    # Personal links
    Mutant("accounts/links", "    return link.withdrawn_at is None and link.expires_at", "    return link.expires_at", QUESTIONS),
    Mutant("accounts/links", " and link.expires_at > clock.now()", "", QUESTIONS),
    Mutant("accounts/links", " and is_open(link) else None", " else None", writing("stranger")),
    Mutant("referrals/link_routes", "link and link.purpose == LinkPurpose.REFERRED_TRAINEE", "link", reading("stranger")),
    Mutant("accounts/account_links", "        & AccountLink.used_at.is_null()\n        & (AccountLink.expires_at", "        & (AccountLink.expires_at", QUESTIONS),
    Mutant("accounts/account_links", " or link.user.is_disabled", "", QUESTIONS),
    Mutant("notices/actions", "if is_theirs_alone else text", "if True else text", ("tests/notices/test_actions.py",)),
    # Who may be told
    Mutant("notices/permissions", "    return address in adviser_addresses() and not is_about(referral, address)", "    return address in adviser_addresses()", QUESTIONS),
    Mutant("notices/permissions", " if referral.wider_concerns else set()", "", QUESTIONS),
    Mutant("notices/permissions", "    return address in heads and not is_about(referral, address)", "    return address in heads", QUESTIONS),
    Mutant("notices/permissions", "and acts_as(referral.referred_by, Role.REFERRER)", "", QUESTIONS),
    Mutant("notices/permissions", "and acts_as(counsellor, Role.COUNSELLOR)", "", QUESTIONS),
    Mutant("notices/permissions", "    return _is_trainee(referral, address) and not referral.is_closed", "    return _is_trainee(referral, address)", QUESTIONS),
    Mutant("notices/permissions", "    return _is_counsellor(referral, address) and not referral.is_closed", "    return _is_counsellor(referral, address)", QUESTIONS),
    Mutant("notices/permissions", "    stands = latest is not None and latest.choice != ReleaseChoice.NOTHING", "    stands = latest is not None", QUESTIONS),
    Mutant("notices/permissions", "    return stands and address in tsg_addresses() and not is_about(referral, address)", "    return stands and address in tsg_addresses()", QUESTIONS),
    Mutant("notices/outbox", "            elif _is_permitted(notice, recipient):", "            elif True:", ("tests/notices", *ACTIONS)),
    Mutant("notices/outbox", "& (Notice.due_at <= now) & free)", "& free)", OUTBOX),
    Mutant("notices/outbox", "& (Notice.due_at <= now) & free)", "& (Notice.due_at <= now))", OUTBOX),
    Mutant("notices/outbox", '& (Notice.due_at > clock.now()) & (Notice.claimed_by == "")', "", OUTBOX),
    Mutant("notices/policy", "if not permissions.is_about(situation.referral, address)", "", ("tests/notices", "tests/referrals/test_actions.py")),
    # What may be told of a person, and in which order
    Mutant("confidentiality/consents", "    refuse_without_consent(consent)\n    _refuse_who_left", "    _refuse_who_left", CONSENTS),
    Mutant("confidentiality/consents", "    _refuse_who_left(consent.recipient_email)\n    with", "    with", CONSENTS),
    Mutant("notices/permissions", "    return consent.signed_at is not None and consent.withdrawn_at is None and not is_over", "    return consent.signed_at is not None and not is_over", CONSENTS),
    Mutant("notices/permissions", "consent.withdrawn_at is None and not is_over", "consent.withdrawn_at is None", CONSENTS),
    Mutant("notices/permissions", " and consent.sent_at is not None and consent_stands(consent)", "", CONSENTS),
    Mutant("notices/permissions", "    was_told = breach.told_at is not None and breach.contacted_at is not None", "    was_told = True", BREACHES),
    Mutant("notices/permissions", "    return emergency.told_at is not None and _is_trainee", "    return _is_trainee", EMERGENCIES),
    Mutant("notices/ledger", "(?:links|disclosed)", "links", CONSENTS),
    Mutant("confidentiality/link_routes", "    if not links.is_open(link) or not consents.stands(link.consent):", "    if False:", CONSENTS),
    Mutant("confidentiality/link_routes", "    if link is None or link.purpose != LinkPurpose.DISCLOSURE:", "    if link is None:", CONSENTS),
    Mutant("accounts/links", " and link.purpose == purpose", "", CONSENTS),
    Mutant("confidentiality/routes", "if record_access.reads_record(me, referral) else abort(404)", "", reading("adviser")),
    Mutant("referrals/record_access", "    if Role.COUNSELLOR in roles:\n        by_cover", "    if True:\n        by_cover", BREACHES),
    Mutant("referrals/record_access", ".where(RecordAccess.is_cover)", "", BREACHES),
    Mutant("referrals/record_access", "where(may & Referral.id.not_in(queries.about_ids(user)))", "where(may)", QUESTIONS),
    Mutant("confidentiality/queries", "Consent.referral.in_(referrals.about_ids(user)))", "Consent.id.is_null(False))", QUESTIONS),
    Mutant("confidentiality/queries", "    if Role.REFERRER in roles:\n        may |= asked_of", "    may |= asked_of", INFORMATION),
    Mutant("confidentiality/queries", "(Breach.head == user) & Breach.contacted_at.is_null(False)", "Breach.contacted_at.is_null(False)", BREACHES),
    Mutant("confidentiality/queries", ".where(told & ~theirs)", ".where(told)", QUESTIONS),
    Mutant("confidentiality/queries", "    if Role.SENIOR_ADVISER in people.roles_of(user):\n        may |= Emergency", "    if True:\n        may |= Emergency", EMERGENCIES),
    Mutant("confidentiality/pages", " if one.told_how is not None]", "]", BREACHES),
    Mutant("confidentiality/pages", "queries.emergencies_in(referral) if one.told_at is not None]", "queries.emergencies_in(referral)]", EMERGENCIES),
    Mutant("confidentiality/information", "    if referral.accepted_at is None:", "    if False:", INFORMATION),
    Mutant("confidentiality/information", "    return asked.asked_of_id == user.id and user in", "    return user in", INFORMATION),
    Mutant("confidentiality/information", "    return asked.asked_of_id == user.id and user in leads_of(asked.referral)", "    return asked.asked_of_id == user.id", INFORMATION),
    Mutant("confidentiality/breaches", "    refuse_before_told(breach)\n    if", "    if", BREACHES),
    Mutant("confidentiality/breaches", "    if head not in heads_of(breach.referral):", "    if False:", BREACHES),
    Mutant("confidentiality/breaches", ".where(Notice.state == NoticeState.SENT)", "", BREACHES),
    Mutant("confidentiality/breaches", "    if not record_access.reads_record(by, referral):", "    if False:", BREACHES),
    Mutant("confidentiality/emergencies", " and user.id != emergency.recorded_by_id", "", EMERGENCIES),
    Mutant("confidentiality/emergencies", "    return is_of_team and user", "    return user", EMERGENCIES),
    Mutant("confidentiality/emergencies", "    if not may_judge(by, emergency):", "    if False:", EMERGENCIES),
    # What can be done
    Mutant("referrals/actions", "    if candidates.has_conflict(counsellor, referral):", "    if False:", ACTIONS),
    Mutant("referrals/actions", "    if Role.COUNSELLOR not in people.roles_of(counsellor) or counsellor.is_disabled:", "    if False:", ACTIONS),
    Mutant("referrals/actions", "    if counsellor.id == referral.trainee_id or counsellor.email == referral.trainee_email:", "    if False:", ACTIONS),
    Mutant("referrals/actions", "    if not any(held.referrer_kind == kind for held in people.referrer_roles(by)):", "    if False:", ACTIONS),
    Mutant("referrals/actions", "    if by not in people.heads_of(referral.school) or not referral.wider_concerns:", "    if False:", ACTIONS),
    Mutant("referrals/actions", "        if not can_still_be_undone(last) or not outbox.undo(last.event):", "        if not can_still_be_undone(last):", ACTIONS),
    Mutant("referrals/actions", "    if last is None or last.assigned_by_id != by.id:", "    if last is None:", ACTIONS),
    Mutant("referrals/actions", "            return last  # a second press", "            pass  # a second press", MANY),
    Mutant("changes", " & (table.version == expected_version)", "", ACTIONS),
    Mutant("accounts/people", "        if user.id == by.id and wanted.role != Role.ADMINISTRATOR:", "        if False:", PEOPLE),
    Mutant("accounts/people", "    if asked.user_id == by.id:", "    if False:", PEOPLE),
    # Complaints
    Mutant("complaints/queries", "    if not people.roles_of(user) & HANDLE_COMPLAINTS:\n        return Complaint.select().where(Complaint.id.is_null())\n", "", complaints("without_the_role_the_access_list_opens_nothing")),
    Mutant("complaints/queries", ".where(ComplaintAccess.user == user)\n", "\n", complaints("nobody_else_finds_it_anywhere")),
    Mutant("complaints/queries", " & Complaint.id.not_in(about)", "", complaints("the_one_it_is_about_never_comes_to_handle_it")),
    Mutant("complaints/queries", "    return Complaint.select().where(Complaint.by_user == user)", "    return Complaint.select()", complaints("nobody_else_finds_it_anywhere")),
    Mutant("complaints/queries", " & (PersonalLink.email == link.email)", "", complaints("a_link_of_another_case_or_of_another_address_shows_none_of_it")),
    Mutant("complaints/queries", "    same = (PersonalLink.referral == link.referral_id) & ", "    same = ", complaints("a_link_of_another_case_or_of_another_address_shows_none_of_it")),
    Mutant("complaints/queries", ".where(ComplaintDisclosure.to_user == user)", "", complaints("somebody_else_does_not_read_what_one_person_was_told")),
    Mutant("complaints/queries", " if one not in excluded]", "]", complaints("a_complaint_about_the_only_lead_goes_to_the_governance_lead")),
    Mutant("complaints/actions", "    if NEXT.get(ComplaintState(complaint.state)) != to:\n        raise RuleBroken(\"That is not the next step of this complaint.\")\n", "", complaints("no_step_comes_before_the_last")),
    Mutant("complaints/actions", "    if to == ComplaintState.ANSWERED and not answer:\n        raise RuleBroken(\"Write the answer first.\")\n", "", complaints("an_answer_without_words_is_refused_and_nothing_is_answered")),
    Mutant("complaints/actions", "        if about_same and last.words == words and is_just_now(last.raised_at):\n            return last\n", "", complaints("pressing_twice_is_pressing_once")),
    Mutant("complaints/actions", "    if complaint.is_closed:\n        raise RuleBroken(\"This complaint is closed.\")", "    return", complaints("a_closed_one_takes_no_more_notes_and_disclosures")),
    Mutant("complaints/actions", "    if not people.roles_of(person) & HANDLE_COMPLAINTS or person.is_disabled:", "    if person.is_disabled:", complaints("only_roles_for_it_are_added")),
    Mutant("complaints/actions", "    if person in queries.respondents_of(complaint) or person.id == complaint.by_user_id:\n        raise", "    if person.id == complaint.by_user_id:\n        raise", complaints("the_one_it_is_about_never_comes_to_handle_it")),
    Mutant("complaints/actions", "        if not queries.handlers_of(complaint) and not give_to_others(complaint):\n            raise RuleBroken(\"Nobody else could handle it, so name somebody first.\")\n", "", complaints("nobody_is_left_without_somebody_to_handle_it")),
    Mutant("complaints/actions", "    if complaint.by_user is not None:\n        excluded.append(complaint.by_user)\n", "", complaints("a_lead_who_complained_is_not_given_their_own_when_those_who_handled_it_have_left")),
    Mutant("audit/search", "~AuditEntry.action.startswith(COMPLAINTS) | AuditEntry.record.in_(mine)", 'SQL("1 = 1")', complaints("the_audit_shows_it_to_its_handlers_and_no_gap_to_others")),
    Mutant("subject_access/held", "NoticeRecipient.address == subject.email)\n        return Notice.select().where(Notice.id.in_(theirs) & Notice.kind.not_in(OF_COMPLAINTS))", "NoticeRecipient.address == subject.email)\n        return Notice.select().where(Notice.id.in_(theirs))", complaints("a_bundle_of_what_is_held_about_somebody_tells_its_reviewer_nothing_of_it")),
    # Parts of a row withheld, and the end of a case by whoever covers
    Mutant("subject_access/actions", "    if field not in content:\n        raise RuleBroken(\"This row has no such field.\")\n", "", PARTS),
    Mutant("subject_access/actions", " or passage not in held.lines(content[field])):", "):", PARTS),
    Mutant("subject_access/held", "        if gaps and first < gaps[-1][1]:", "        if False:", PARTS),
    Mutant("subject_access/bundle", ".append(held.given_of(item))", ".append(held.content_of(item))", PARTS),
    Mutant("subject_access/bundle", "[held.given_of(one) for one in rows]", "[held.content_of(one) for one in rows]", PARTS),
    Mutant("completion/routes", "HOLDS_IT = (Relation.COUNSELLOR, Relation.COVERING)", "HOLDS_IT = (Relation.COUNSELLOR,)", COVER),
    # Retention
    Mutant("retention/queries", "    due = is_old(kind, months, on) & ~is_held(kind) & ", "    due = is_old(kind, months, on) & ", disposal("what_is_held_stays_with_everything_that_belongs_to_it")),
    Mutant("retention/queries", " & ~is_held(kind) & ~_or_nothing(is_waiting(kind, months, on))\n    return", " & ~is_held(kind)\n    return", disposal("a_case_waits_for_what_is_kept_longer", "nothing_that_figures_still_count_is_destroyed_before_they_are_published")),
    Mutant("retention/queries", "    old = kind.over() & (kind.moment < before)", "    old = kind.moment < before", keeping("a_complaint_that_is_not_closed_stays")),
    Mutant("retention/queries", "        held |= Notice.referral.is_null(False) & Notice.referral.in_(cases)\n", "        pass\n", disposal("what_is_held_stays_with_everything_that_belongs_to_it")),
    Mutant("retention/queries", "    if kind.counted:\n", "    if False:\n", disposal("a_case_that_nobody_said_anything_of_waits_for_its_figures_too")),
    Mutant("retention/queries", "        waits.append(FeedbackAsk.state == AskState.WAITS)\n", "        pass\n", disposal("a_case_waits_while_an_answer_of_its_trainee_is_in_the_box")),
    Mutant("retention/queries", "        waits.append(FeedbackNamed.given_at >= clock.start_of(counted_until()))\n", "        pass\n", disposal("a_case_waits_until_a_late_answer_with_a_name_is_counted")),
    Mutant("retention/queries", "    if months is None or kind.is_figure:", "    if months is None:", keeping("answers_without_a_name_are_not_counted_for_anybody")),
    Mutant("retention/queries", "(handles if kind.secret else Role.GOVERNANCE in roles)", "Role.GOVERNANCE in roles", keeping("a_complaint_is_destroyed_and_only_its_handlers_ever_learn_that_there_was_one")),
    Mutant("retention/queries", "(handles if kind.secret else Role.GOVERNANCE in roles)", "handles or Role.GOVERNANCE in roles", keeping("a_complaint_is_destroyed_and_only_its_handlers_ever_learn_that_there_was_one", "who_handles_complaints_learns_of_no_other_kind")),
    Mutant("retention/queries", "        return Complaint.id.in_(complaints.handled_by(reader).select(Complaint.id))", "        return Complaint.id.is_null(False)", keeping("one_handler_knows_nothing_of_a_complaint_of_others")),
    Mutant("retention/queries", "        return Referral.id.not_in(referrals.about_ids(reader))", "        return Referral.id.is_null(False)", keeping("nobody_holds_or_sees_their_own_record")),
    Mutant("retention/queries", "        theirs |= Disposal.kind.not_in(secret)", "        theirs |= Disposal.id.is_null(False)", keeping("a_complaint_is_destroyed_and_only_its_handlers_ever_learn_that_there_was_one")),
    Mutant("retention/schedule", "        if version() != expected_version:\n            raise StaleRecord(STALE)\n", "", keeping("two_who_change_the_schedule_do_not_write_over_each_other")),
    Mutant("retention/disposal", "    if begins is None or on < begins:\n        return 0\n", "", disposal("a_change_of_the_schedule_is_acted_on_from_the_next_day")),
    Mutant("retention/disposal", "        search.forget_words()\n", "        pass\n", disposal("after_its_time_no_word_of_a_person_is_left_anywhere_and_the_audit_holds")),
    Mutant("retention/disposal", " and name not in never_counted}", "}", disposal("the_certificate_says_what_went_under_which_schedule_and_none_of_its_words")),
    Mutant("retention/disposal", "    for reader in readers:\n        DisposalReader.create(disposal=made, user=reader)\n", "", keeping("a_complaint_is_destroyed_and_only_its_handlers_ever_learn_that_there_was_one")),
    Mutant("retention/disposal", "    rows[\"retention_hold\"] += RetentionHold.delete().where(lifted).execute()\n", "", disposal("what_is_held_stays_with_everything_that_belongs_to_it")),
    Mutant("retention/disposal", "    _destroy(Event, [one for (one,) in Event.select(Event.id).where(about).tuples()], rows)\n", "", keeping("what_was_gathered_goes_first_and_the_receipt_after_it")),
    Mutant("retention/actions", "        if standing is not None:\n            return standing\n", "", keeping("a_second_press_holds_once_and_lifts_once")),
    Mutant("retention/actions", "        if not table.select().where(table.public_id == row.public_id).exists():\n            raise RuleBroken(GONE)\n", "", keeping("nothing_is_held_without_a_reason_nor_when_it_is_gone")),
    Mutant("audit/record", " if name not in WORDS_OF_PEOPLE}", "}", disposal("no_word_that_somebody_typed_goes_into_the_audit")),
    # Mentoring pairs
    Mutant("mentoring/mentorships", "        raise RuleBroken(ENDED)", "        pass", PAIRS),
    Mutant("mentoring/mentorships", "    if noted.noted_by != side:", "    if False:", PAIRS),
    Mutant("mentoring/agreements", "    if agreement.proposed_by == side:", "    if False:", PAIRS),
    Mutant("mentoring/mentorships", "        ).on_conflict_ignore().execute()\n        record", "        ).sql()\n        record", PAIRS),
    Mutant("mentoring/duty", "    if when is None:", "    if False:", PAIRS),
    Mutant("notices/policy", "        return _acting(mentorship.mentor.user, Role.MENTOR)", "        return _account(mentorship.mentor.user)", PAIRS),
    Mutant("mentoring/mentorship_queries", "rows if Role.RTT_TEAM in people.roles_of(user) else rows.where(is_of_pair(user))", "rows", PAIRS),
    Mutant("mentoring/mentorship_queries", "    return Side.RETURNER if is_returner else None", "    return Side.RETURNER", PAIRS),
    Mutant("feedback/actions", "    if with_name and not survey.may_be_named:", "    if False:", PAIRS),
    Mutant("mentoring/mentorships_due", "            if Mentorship.update({done: at}).where(first).execute():", "            if True:", PAIRS),
    Mutant("mentoring/mentorships", "    if meeting is not None and meeting.is_booked and meeting.begins_at > now:", "    if False:", PAIRS),
    # Who returns: what is refused, and what follows from the date
    Mutant("mentoring/returners", "    refuse_short(details.absent_from, details.returns_on)\n    with db.atomic():\n        if (known", "    with db.atomic():\n        if (known", RETURNS),
    Mutant("mentoring/returners", "if (known := not_over(details.email)) is not None:", "if (known := None) is not None:", RETURNS),
    Mutant("mentoring/returners", "        if others.exists():", "        if False:", RETURNS),
    Mutant("mentoring/returners", "        mentorships.return_moved(returner, by)\n", "", PAIRS + FILES),
    Mutant("mentoring/returners", "    if queries.open_mentorship(returner) is not None:", "    if False:", RETURNS),
    Mutant("mentoring/returners", '        ).execute()\n        record("returner.removed"', '        ).sql()\n        record("returner.removed"', RETURNS),
    Mutant("mentoring/returners", "    if gone.id == kept.id:", "    if False:", RETURNS),
    Mutant("mentoring/returners", "    if Mentorship.select().where(Mentorship.returner == gone).exists():", "    if False:", RETURNS),
    # Offers: once, never to whoever is off the list or whose time is over
    Mutant("mentoring/offers", " and first_day_of_offer(returner) <= on and not is_over(returner, on)", " and first_day_of_offer(returner) <= on", OFFERS),
    Mutant("mentoring/offers", "        if is_over(row, today):\n            continue\n", "", OFFERS),
    Mutant("mentoring/offers", "            if Returner.update(reminded_at=at).where((Returner.id == row.id) & silent).execute():", "            if True:", OFFERS),
    Mutant("mentoring/offers", "    if is_over(returner, clock.today()):\n        raise RuleBroken(OVER)", "    if False:\n        raise RuleBroken(OVER)", OFFERS),
    Mutant("mentoring/offers", "Returner.state.in_(states) & Returner.removed_at.is_null()", "Returner.state.in_(states)", OFFERS),
    Mutant("mentoring/offers", "    return links.may_have_another(returner) and not ", "    return not ", OFFERS),
    # Wishes: what cannot be asked for, what somebody else wrote meanwhile, who stays apart
    Mutant("mentoring/wishes", "    if not (wishes.face_to_face or wishes.teams or wishes.telephone):", "    if False:", WISHES),
    Mutant("mentoring/wishes", "    if wishes.is_miles_a_limit and wishes.miles is None:", "    if False:", WISHES),
    Mutant("mentoring/wishes", "    if {one.id for one in wanted} & {one.id for one in avoided}:", "    if False:", WISHES),
    Mutant("mentoring/wishes", "change(wish, expected_version, CHANGED, **columns)", "change(wish, wish.version, CHANGED, **columns)", WISHES),
    Mutant("mentoring/wishes", "(KeptApart.returner == returner) & KeptApart.why.in_((WhyApart.ASKED, WhyApart.SUPERVISOR))", "(KeptApart.returner == returner)", WISHES + PAIRS),
    # Files: whose they are, what lets nothing in, and that each piece is taken once
    *(Mutant("mentoring/import_routes", f"{route}\n@allowed_to(Role.RTT_TEAM)", f"{route}\n@allowed_to(*Role)", ("tests/matrix/test_who_may.py", "-k", "returner"))
      for route in ('@bp.route("", methods=["GET", "POST"])', '@bp.post("/<public_id:import_id>/taking")')),
    Mutant("imports/queries", "(Import.by_user == user) & (Import.kind == kind)", "Import.kind == kind", FILES),
    Mutant("imports/queries", "(Import.by_user == user) & (Import.kind == kind)", "Import.by_user == user", FILES),
    Mutant("imports/actions", "            if there.by_user_id != by.id or there.kind != kind.name:", "            if False:", FILES),
    Mutant("imports/actions", "(ImportRow.batch == batch) & (ImportRow.public_id == public_id)", "ImportRow.public_id == public_id", FILES),
    Mutant("imports/actions", '                mine &= ImportRow.same_as != ""\n', "                pass\n", FILES),
    Mutant("imports/actions", "    if counts.to_mend:\n        rows = plural", "    if False:\n        rows = plural", FILES),
    Mutant("imports/actions", "Import.update(columns).where((Import.id == batch.id) & open_still)", "Import.update(columns).where(Import.id == batch.id)", FILES),
    Mutant("imports/actions", "    if not batch.rows_done and _send_back_what_changed(batch, kind):", "    if False:", FILES),
    Mutant("imports/actions", "(Import.state == ImportState.TAKING) & (Import.rows_done == batch.rows_done)", "(Import.state == ImportState.TAKING)", FILES),
    Mutant("imports/actions", "        if not batch.rows_done:\n            _moves_on", "        if False:\n            _moves_on", FILES),
    Mutant("mentoring/returner_rows", "        if details.email in there:", "        if False:", FILES),
    Mutant("mentoring/returner_rows", "(Returner.public_id == line.same_as) & Returner.removed_at.is_null()", "Returner.public_id == line.same_as", FILES),
]
# fmt: on


class Copy:
    """A copy of the tree in which one file at a time is changed."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "signpost"
        shutil.copytree(ROOT, self.root, ignore=LEFT_OUT, symlinks=True)
        (self.root / "static" / "vendor").symlink_to(ROOT / "static" / "vendor")
        (self.root / "node_modules").symlink_to(ROOT / "node_modules")

    def fails(self, tests: tuple[str, ...]) -> bool:
        """Whether any of these tests does not pass."""
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-x",
            "-q",
            "--no-header",
            "--tb=no",
            "-p",
            "no:cacheprovider",
            *tests,
        ]
        environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(command, cwd=self.root, env=environment, capture_output=True, check=False)
        if done.returncode not in (0, 1, 2, 3):
            raise RuntimeError(done.stdout.decode()[-500:])
        return done.returncode != 0

    def notices(self, mutant: Mutant) -> bool:
        """Whether the tests turn red without the guard."""
        path = self.root / mutant.path
        text = path.read_text()
        path.write_text(text.replace(mutant.guard, mutant.without))
        try:
            return self.fails(mutant.tests)
        finally:
            path.write_text(text)


def stale(mutants: list[Mutant]) -> list[str]:
    """Guards that stand no more, or more than once, in their files: the list here has to follow the code."""
    found = [(mutant, (ROOT / mutant.path).read_text().count(mutant.guard)) for mutant in mutants]
    return [f"{mutant.path}: {mutant.name} (found {count} times)" for mutant, count in found if count != 1]


def main(word: str = "") -> int:
    chosen = [one for one in MUTANTS if word in one.path or word in one.guard]
    say = sys.stdout.write
    if problems := stale(chosen):
        say("These guards have changed. Bring the list up to date:\n" + "\n".join(problems) + "\n")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        copy = Copy(Path(folder))
        for tests in dict.fromkeys(one.tests for one in chosen):
            if copy.fails(tests):
                say(f"Red before anything was deleted: {' '.join(tests)}\n")
                return 1
        killed, survived, began = 0, [], time.monotonic()
        for number, mutant in enumerate(chosen, 1):
            noticed = copy.notices(mutant)
            killed += noticed
            survived += [] if noticed else [mutant]
            say(
                f"{number:3} {'killed  ' if noticed else 'SURVIVED'} {mutant.path.removeprefix('site/signpost/'):32} {mutant.name}\n"
            )
            sys.stdout.flush()
        say(
            f"\nguards deleted {len(chosen)}, noticed {killed}, unnoticed {len(survived)}, seconds {time.monotonic() - began:.0f}\n"
        )
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
