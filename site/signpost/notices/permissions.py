"""What permits a person to be told something: asked when a notice is previewed, queued, and again when it is sent."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from models import (
    AccessState,
    Assignment,
    Attendee,
    Breach,
    Complaint,
    ComplaintAccess,
    ComplaintDisclosure,
    ComplaintRespondent,
    Consent,
    Emergency,
    Ending,
    EndTold,
    FollowUp,
    FollowUpKind,
    GuidanceComment,
    InformationRequest,
    Meeting,
    Mentorship,
    Paper,
    Part,
    Party,
    Poll,
    PollPerson,
    ProgressionReport,
    RecordAccess,
    Referral,
    ReferrerKind,
    Release,
    ReleaseChoice,
    Returner,
    ReturnerState,
    Review,
    ReviewPerson,
    Role,
    RoleHeld,
    Status,
    SubjectAccess,
    SupportCall,
    SupportMeeting,
    Teller,
    User,
)
from signpost import clock, settings
from signpost.accounts import queries as people

HANDLE_COMPLAINTS = {Role.COMPLAINTS, Role.GOVERNANCE}


@dataclass(frozen=True)
class Permission:
    """A rule that lets one kind of person know, in words for the sender, and the question whether it holds now.

    It is asked of what the message is about (a referral, or a person's account) and of the address.
    """

    rule: str
    words: str
    holds: Callable[[Any, str], bool]


def adviser_addresses() -> dict[str, User | None]:
    """Where the senior careers adviser is told: the team mailbox where one is set, or everyone holding the role."""
    return _team_addresses(Role.SENIOR_ADVISER, settings.current().adviser_mailbox)


def tsg_addresses() -> dict[str, User | None]:
    """Where the Training Support Group is told."""
    return _team_addresses(Role.TSG, settings.current().tsg_mailbox)


def rtt_addresses() -> dict[str, User | None]:
    """Where the return to training team is told."""
    return _team_addresses(Role.RTT_TEAM, settings.current().rtt_mailbox)


def progression_addresses() -> dict[str, User | None]:
    """Where the progression support team is told."""
    return _team_addresses(Role.PROGRESSION, settings.current().progression_mailbox)


def _team_addresses(role: Role, mailbox: str) -> dict[str, User | None]:
    return {mailbox: None} if mailbox else {user.email: user for user in people.holding(role)}


def is_about(referral: Referral, address: str) -> bool:
    """Whether this is the trainee's own address: they are told as the trainee alone, whatever roles they hold."""
    account = referral.trainee
    return address == referral.trainee_email or (account is not None and address == account.email)


def _is_adviser(referral: Referral, address: str) -> bool:
    return address in adviser_addresses() and not is_about(referral, address)


def _is_trainee(referral: Referral, address: str) -> bool:
    return address == referral.trainee_email


def _is_trainee_of_open_referral(referral: Referral, address: str) -> bool:
    return _is_trainee(referral, address) and not referral.is_closed


def _is_trainee_with_tasks(referral: Referral, address: str) -> bool:
    """Tasks outlive the sessions: they go on after these are complete, and after no other end."""
    return _is_trainee(referral, address) and (not referral.is_closed or referral.ending == Ending.COMPLETE)


def _is_head_told_of_concerns(referral: Referral, address: str) -> bool:
    heads = {head.email for head in people.heads_of(referral.school)} if referral.wider_concerns else set()
    return address in heads and not is_about(referral, address)


def acts_as(user: User | None, role: Role) -> bool:
    """Whether somebody's account is open and holds this role now: a role that is over tells them nothing more."""
    return user is not None and not user.is_disabled and role in people.roles_of(user)


def _is_referrer(referral: Referral, address: str) -> bool:
    return address == referral.referred_by.email and acts_as(referral.referred_by, Role.REFERRER)


def _is_counsellor(referral: Referral, address: str) -> bool:
    counsellor = referral.assigned_to
    return counsellor is not None and address == counsellor.email and acts_as(counsellor, Role.COUNSELLOR)


def _is_counsellor_of_open_referral(referral: Referral, address: str) -> bool:
    return _is_counsellor(referral, address) and not referral.is_closed


def _is_covering(referral: Referral, address: str) -> bool:
    now = clock.now()
    within = (RecordAccess.begins_at <= now) & (RecordAccess.ends_at > now) & RecordAccess.is_cover
    reader = RecordAccess.select(RecordAccess, User).join(User, on=RecordAccess.reader)
    covering = reader.where((RecordAccess.referral == referral) & within & (User.email == address)).first()
    return covering is not None and acts_as(covering.reader, Role.COUNSELLOR)


def _was_counsellor(referral: Referral, address: str) -> bool:
    earlier = (
        Assignment.select()
        .join(User, on=Assignment.counsellor)
        .where((Assignment.referral == referral) & (User.email == address) & User.disabled_at.is_null())
    )
    return earlier.exists() and not _is_counsellor(referral, address)


def _is_released_to_tsg(referral: Referral, address: str) -> bool:
    latest = Release.select().where(Release.referral == referral).order_by(Release.id.desc()).first()
    stands = latest is not None and latest.choice != ReleaseChoice.NOTHING
    return stands and address in tsg_addresses() and not is_about(referral, address)


def sessions_are_complete(referral: Referral) -> bool:
    """The agreed sessions were held, whether or not the team has closed the case since."""
    return referral.status == Status.SESSIONS_COMPLETE or referral.ending == Ending.COMPLETE


def _is_trainee_of_complete_case(referral: Referral, address: str) -> bool:
    return _is_trainee(referral, address) and sessions_are_complete(referral)


def _is_head_of_school(referral: Referral, address: str) -> bool:
    return address in {head.email for head in people.heads_of(referral.school)}


def _is_tsg(referral: Referral, address: str) -> bool:
    return address in tsg_addresses()


def _is_employers_contact(referral: Referral, address: str) -> bool:
    return bool(address) and address == referral.employer.contact_email


def _told(teller: Teller, party: Party, stands: Callable[[Referral, str], bool]) -> Callable[[Referral, str], bool]:
    """Whether the teller chose to tell this party, and the address is theirs now, and not the trainee's own."""

    def holds(referral: Referral, address: str) -> bool:
        chosen = (EndTold.referral == referral) & (EndTold.teller == teller) & (EndTold.party == party)
        return stands(referral, address) and not is_about(referral, address) and EndTold.select().where(chosen).exists()

    return holds


def _is_account_holder(user: User, address: str) -> bool:
    return address in (user.email, user.former_email) and not user.is_disabled


def _is_administrator(user: User, address: str) -> bool:
    return address in {one.email for one in people.holding(Role.ADMINISTRATOR)}


def _is_attendee(meeting: Meeting, address: str) -> bool:
    there = (Attendee.meeting == meeting) & (Attendee.email == address) & Attendee.removed_at.is_null()
    return Attendee.select().where(there).exists()


def _has_left(meeting: Meeting, address: str) -> bool:
    gone = (Attendee.meeting == meeting) & (Attendee.email == address) & Attendee.removed_at.is_null(False)
    return Attendee.select().where(gone).exists()


def _is_organiser(arranged: Meeting | Poll, address: str) -> bool:
    return arranged.organiser.email == address and not arranged.organiser.is_disabled


def _is_asked(poll: Poll, address: str) -> bool:
    return PollPerson.select().where((PollPerson.poll == poll) & (PollPerson.email == address)).exists()


def consent_stands(consent: Consent) -> bool:
    """Signed, not withdrawn, and its last day not over in London (C4)."""
    is_over = consent.until is not None and clock.start_of(consent.until + timedelta(days=1)) <= clock.now()
    return consent.signed_at is not None and consent.withdrawn_at is None and not is_over


def _is_trainee_of(about: Consent | Breach | Emergency, address: str) -> bool:
    return _is_trainee(about.referral, address)


def _is_named_in_consent(consent: Consent, address: str) -> bool:
    return address == consent.recipient_email and consent.sent_at is not None and consent_stands(consent)


def _asked_for_consent(consent: Consent, address: str) -> bool:
    return address == consent.proposed_by.email and _is_of_team(consent.proposed_by)


def _is_asked_of_employer(asked: InformationRequest, address: str) -> bool:
    held = (
        (RoleHeld.user == asked.asked_of)
        & (RoleHeld.referrer_kind == ReferrerKind.LFG_CAREER_LEAD)
        & (RoleHeld.employer == asked.referral.employer)
    )
    is_lead = RoleHeld.select().where(held).exists() and not asked.asked_of.is_disabled
    return address == asked.asked_of.email and is_lead and not is_about(asked.referral, address)


def _asked_the_employer(asked: InformationRequest, address: str) -> bool:
    return address == asked.asked_by.email and _is_of_team(asked.asked_by)


def _is_head_who_hears(breach: Breach, address: str) -> bool:
    was_told = breach.told_at is not None and breach.contacted_at is not None
    return was_told and breach.head is not None and address == breach.head.email and not breach.head.is_disabled


def _is_told_of_emergency(emergency: Emergency, address: str) -> bool:
    return emergency.told_at is not None and _is_trainee(emergency.referral, address)


def _is_second_person(emergency: Emergency, address: str) -> bool:
    others = {user.email for user in people.holding(Role.SENIOR_ADVISER) if user.id != emergency.recorded_by_id}
    return address in others and not is_about(emergency.referral, address)


def _holds_emergency(emergency: Emergency, address: str) -> bool:
    holder = emergency.referral.assigned_to
    known = {one.email for one in (emergency.recorded_by, holder) if one is not None and _is_of_team(one)}
    return address in known and not is_about(emergency.referral, address)


def _is_of_team(user: User) -> bool:
    return acts_as(user, Role.COUNSELLOR) or acts_as(user, Role.SENIOR_ADVISER)


def _is_subject(access: SubjectAccess, address: str) -> bool:
    is_open = access.state == AccessState.READY and access.expires_at > clock.now()
    return is_open and address == access.email


def handlers_of(complaint: Complaint) -> list[User]:
    """Who handles a complaint now: on its access list, with a role for it, and not one whom it is about (C11)."""
    listed = ComplaintAccess.select(ComplaintAccess.user).where(ComplaintAccess.complaint == complaint)
    concerned = ComplaintRespondent.select(ComplaintRespondent.user).where(ComplaintRespondent.complaint == complaint)
    query = User.select().where(User.id.in_(listed) & User.id.not_in(concerned) & User.disabled_at.is_null())
    return [one for one in query.order_by(User.id) if people.roles_of(one) & HANDLE_COMPLAINTS]


def _handles(complaint: Complaint, address: str) -> bool:
    return address in {one.email for one in handlers_of(complaint)}


def is_complainant(complaint: Complaint, address: str) -> bool:
    """Their account’s address, or the one that their personal link was for and that is still the trainee's."""
    if complaint.by_user is not None:
        return bool(complaint.by_user.email == address) and not complaint.by_user.is_disabled
    link = complaint.by_link
    return link is not None and link.email == address == link.referral.trainee_email


def _was_disclosed_to(complaint: Complaint, address: str) -> bool:
    told = ComplaintDisclosure.select().join(User, on=ComplaintDisclosure.to_user)
    here = (ComplaintDisclosure.complaint == complaint) & (User.email == address) & User.disabled_at.is_null()
    return told.where(here).exists()


def _is_returner(returner: Returner, address: str) -> bool:
    """The address of the return, while it is on the list."""
    return address == returner.email and returner.removed_at is None


def _is_offered_mentor(returner: Returner, address: str) -> bool:
    return _is_returner(returner, address) and returner.state == ReturnerState.OFFERED


def _asked_for_mentor(returner: Returner, address: str) -> bool:
    return _is_returner(returner, address) and returner.state in (ReturnerState.INTERESTED, ReturnerState.MATCHED)


def _waits_for_mentor(returner: Returner, address: str) -> bool:
    return _is_returner(returner, address) and returner.state == ReturnerState.INTERESTED


def _is_mentor_of(mentorship: Mentorship, address: str) -> bool:
    mentor = mentorship.mentor.user
    return address == mentor.email and acts_as(mentor, Role.MENTOR)


def _is_returner_of(mentorship: Mentorship, address: str) -> bool:
    return address == mentorship.returner.email and mentorship.returner.removed_at is None


def _is_of_pair(mentorship: Mentorship, address: str) -> bool:
    return _is_mentor_of(mentorship, address) or _is_returner_of(mentorship, address)


def _is_of_open_pair(mentorship: Mentorship, address: str) -> bool:
    return not mentorship.is_ended and _is_of_pair(mentorship, address)


def _is_of_ended_pair(mentorship: Mentorship, address: str) -> bool:
    return mentorship.is_ended and _is_of_pair(mentorship, address)


Reviewed = Review | SupportCall | SupportMeeting | FollowUp | ProgressionReport


def review_of(about: Reviewed) -> Review:
    """The review that a letter of progression support belongs to."""
    found: Review = about if isinstance(about, Review) else about.review
    return found


def officers_of(review: Review) -> list[ReviewPerson]:
    """The Training Officer of this moment: nobody who has left, and never the trainee."""
    now = (
        (ReviewPerson.review == review) & (ReviewPerson.part == Part.TRAINING_OFFICER) & ReviewPerson.left_at.is_null()
    )
    others = ReviewPerson.email != review.trainee_email
    return list(ReviewPerson.select().where(now & others).order_by(ReviewPerson.id))


def _is_reviewed_trainee(about: Reviewed, address: str) -> bool:
    return address == review_of(about).trainee_email


def _is_training_officer(about: Reviewed, address: str) -> bool:
    return address in {one.email for one in officers_of(review_of(about))}


def _while(stands: Callable[[Any], bool], holds: Callable[[Reviewed, str], bool]) -> Callable[[Reviewed, str], bool]:
    """Whether what the letter is about still stands, and the address is of somebody it concerns."""
    return lambda about, address: stands(about) and holds(about, address)


def _call_stands(call: SupportCall) -> bool:
    return call.declined_at is None


def _support_meeting_stands(support: SupportMeeting) -> bool:
    return support.called_off_at is None


def _support_meeting_is_to_come(support: SupportMeeting) -> bool:
    return support.called_off_at is None and support.held_at is None


def attendees_of(support: SupportMeeting) -> list[tuple[str, str, User | None, Role | None]]:
    """Whoever is to be at a support meeting now: name, address, account, and the role their account acts by (E6)."""
    review, university, taker = support.review, support.university, support.minute_taker
    found: list[tuple[str, str, User | None, Role | None]] = [(review.trainee_name, review.trainee_email, None, None)]
    found += [(one.name, one.email, None, Role.TRAINING_OFFICER) for one in officers_of(review)]
    if acts_as(support.chair, Role.MEETING_CHAIR):
        found.append((support.chair.name, support.chair.email, support.chair, Role.MEETING_CHAIR))
    if taker is not None and acts_as(taker, Role.PROGRESSION):
        found.append((taker.name, taker.email, taker, Role.PROGRESSION))
    if university is not None and university.left_at is None and not _was_taken_off(support, university.email):
        found.append((university.name, university.email, None, Role.UNIVERSITY))
    return found


def _was_taken_off(support: SupportMeeting, address: str) -> bool:
    gone = (Attendee.email == address) & Attendee.removed_at.is_null(False)
    of_this = Meeting.poll == support.poll_id
    return support.poll_id is not None and Attendee.select().join(Meeting).where(gone & of_this).exists()


def _is_at_support_meeting(support: SupportMeeting, address: str) -> bool:
    others = {one[1] for one in attendees_of(support) if one[3] != Role.UNIVERSITY}
    return _support_meeting_is_to_come(support) and address in others


def _is_university_with_papers(support: SupportMeeting, address: str) -> bool:
    """What is shared with the university, while it is invited: nothing of a meeting is, until a paper is (E10)."""
    there = (Paper.support_meeting == support) & Paper.for_university
    shared = there & Paper.shared_at.is_null(False) & Paper.recalled_at.is_null()
    invited = {one[1] for one in attendees_of(support) if one[3] == Role.UNIVERSITY}
    is_theirs = address in invited and address != support.review.trainee_email
    return _support_meeting_is_to_come(support) and is_theirs and Paper.select().where(shared).exists()


def _is_asked_to_act(follow_up: FollowUp, address: str) -> bool:
    """A body that was named for this one action. Employers' own policies are named, and never asked for (E14)."""
    is_asked = follow_up.sent_at is not None and follow_up.kind != FollowUpKind.EMPLOYER_POLICIES
    return is_asked and address == follow_up.to_email and address != follow_up.review.trainee_email


def guidance_owners(comment: GuidanceComment) -> dict[str, User | None]:
    """Who looks after the page that a comment is about."""
    teams = {
        Role.SENIOR_ADVISER: adviser_addresses,
        Role.RTT_TEAM: rtt_addresses,
        Role.PROGRESSION: progression_addresses,
    }
    role = Role(comment.owner)
    return teams[role]() if role in teams else {user.email: user for user in people.holding(role)}


def _owns_page(comment: GuidanceComment, address: str) -> bool:
    return address in guidance_owners(comment)


def _has_outcome(support: SupportMeeting) -> bool:
    return support.held_at is not None


def _is_open_review(review: Review) -> bool:
    return not review.is_closed


def _is_progression_team(about: Reviewed, address: str) -> bool:
    """The team of this moment, without anybody who takes part in the review otherwise."""
    review = review_of(about)
    parts = ReviewPerson.select().where((ReviewPerson.review == review) & ReviewPerson.left_at.is_null())
    others = {review.trainee_email, *(one.email for one in parts)}
    return address in progression_addresses() and address not in others


def _report_was_agreed(report: ProgressionReport) -> bool:
    return bool(report.is_agreed)


def _is_named_in_report(report: ProgressionReport, address: str) -> bool:
    """The body named, once a second person agreed and the trainee was told (E13)."""
    may = report.sent_at is not None and report.told_at is not None and bool(report.is_agreed)
    return may and address == report.to_email and address != report.review.trainee_email


# The permissions of the trainee: such a letter follows them to the address that stands in the referral.
TO_THE_TRAINEE = (
    "A7-trainee",
    "A7-link",
    "A8-trainee",
    "A9-trainee",
    "A10-trainee",
    "A21-trainee",
    "A-ended-trainee",
    "B6-trainee",
    "C4-trainee",
    "A20-trainee",
    "C6-trainee",
)

PERMISSIONS: dict[str, Permission] = {
    "E1-trainee": Permission("E1", "The trainee reads their own review of progression.", _is_reviewed_trainee),
    "E1-officer": Permission("E1", "The Training Officer reads the reviews of their trainees.", _is_training_officer),
    "E2-asked": Permission("E2", "They are asked to act: they learn the action and no more.", _is_asked_to_act),
    "E3-trainee": Permission(
        "E3", "A support call is offered to the trainee.", _while(_call_stands, _is_reviewed_trainee)
    ),
    "E3-officer": Permission(
        "E3", "A support call is offered to the Training Officer.", _while(_call_stands, _is_training_officer)
    ),
    "E4-trainee": Permission(
        "E4", "The trainee is needed at the support meeting.", _while(_support_meeting_stands, _is_reviewed_trainee)
    ),
    "E4-officer": Permission(
        "E4",
        "The Training Officer is needed at the support meeting.",
        _while(_support_meeting_stands, _is_training_officer),
    ),
    "E9-trainee": Permission(
        "E9", "The trainee prepares for the meeting.", _while(_support_meeting_is_to_come, _is_reviewed_trainee)
    ),
    "E9-officer": Permission(
        "E9",
        "The Training Officer prepares for the meeting.",
        _while(_support_meeting_is_to_come, _is_training_officer),
    ),
    "E10-attendee": Permission("E10", "Papers are shared with those who are at the meeting.", _is_at_support_meeting),
    "E10-university": Permission(
        "E10", "This was shared with the university, which is invited.", _is_university_with_papers
    ),
    "E6-trainee": Permission(
        "E6", "The trainee reads what their support meeting came to.", _while(_has_outcome, _is_reviewed_trainee)
    ),
    "E6-officer": Permission(
        "E6", "The Training Officer reads what the support meeting came to.", _while(_has_outcome, _is_training_officer)
    ),
    "E11-trainee": Permission(
        "E11", "The trainee is responsible for the action plan.", _while(_is_open_review, _is_reviewed_trainee)
    ),
    "E11-officer": Permission(
        "E11", "The Training Officer supports the action plan.", _while(_is_open_review, _is_training_officer)
    ),
    "E11-team": Permission("E11", "The School reviews the action plan.", _while(_is_open_review, _is_progression_team)),
    "E13-trainee": Permission(
        "E13", "The trainee is told before anything is reported.", _while(_report_was_agreed, _is_reviewed_trainee)
    ),
    "E13-named": Permission("E13", "Two people decided to report this, and the trainee was told.", _is_named_in_report),
    "C11-complainant": Permission("C11", "They hear what becomes of what they told us.", is_complainant),
    "C11-handler": Permission("C11", "They are on the access list.", _handles),
    "C11-named": Permission("C11", "The procedure needs this one person to be told.", _was_disclosed_to),
    "A7-adviser": Permission("A7", "Every referral goes to the senior careers adviser.", _is_adviser),
    "A7-trainee": Permission("A7", "The trainee always gets a copy of what is written about them.", _is_trainee),
    "A7-link": Permission("A7", "The trainee alone gets their personal link.", _is_trainee),
    "A8-head": Permission(
        "A8", "There are wider concerns, so the head of the trainee’s school is informed.", _is_head_told_of_concerns
    ),
    "A8-trainee": Permission("A8", "The trainee gets a copy when wider concerns are added.", _is_trainee),
    "A7-referrer": Permission("A7", "A receipt for the person who made the referral.", _is_referrer),
    "A9-trainee": Permission("A9", "The trainee is told who will support them.", _is_trainee_of_open_referral),
    "A9-counsellor": Permission(
        "A9", "The counsellor is told of a trainee assigned to them.", _is_counsellor_of_open_referral
    ),
    "A9-earlier": Permission(
        "A9", "The earlier counsellor is told that they no longer hold the case.", _was_counsellor
    ),
    "A4-tsg": Permission("A4", "The head of school released this to the Training Support Group.", _is_released_to_tsg),
    "A-ended-adviser": Permission("A", "The senior careers adviser is told that a referral has ended.", _is_adviser),
    "A-ended-referrer": Permission(
        "A", "The referrer is told, in plain words, that it is not going ahead.", _is_referrer
    ),
    "A-ended-trainee": Permission("A", "The trainee is told that the referral has ended.", _is_trainee),
    "A-ended-counsellor": Permission("A", "The counsellor is told that the case has ended.", _is_counsellor),
    "C9-counsellor": Permission("C9", "The counsellor hears who else may read the record.", _is_counsellor),
    "C9-covering": Permission("C9", "Whoever stands in for the counsellor is told.", _is_covering),
    "A21-trainee": Permission(
        "A21", "The trainee is asked to tell those who should know.", _is_trainee_of_complete_case
    ),
    "A21-referrer": Permission(
        "A21",
        "The trainee lets the person who referred them know.",
        _told(Teller.TRAINEE, Party.REFERRER, _is_referrer),
    ),
    "A21-head": Permission(
        "A21", "The trainee lets the head of their school know.", _told(Teller.TRAINEE, Party.HEAD, _is_head_of_school)
    ),
    "A21-tsg": Permission(
        "A21", "The trainee lets the Training Support Group know.", _told(Teller.TRAINEE, Party.TSG, _is_tsg)
    ),
    "A22-employer": Permission(
        "A22",
        "The employer is told that the sessions have ended.",
        _told(Teller.TEAM, Party.EMPLOYER, _is_employers_contact),
    ),
    "A22-tsg": Permission(
        "A22",
        "The Training Support Group was informed, so it is told that the sessions have ended.",
        _told(Teller.TEAM, Party.TSG, _is_released_to_tsg),
    ),
    "C4-trainee": Permission(
        "C4", "The trainee is asked for every consent, and sees what became of it.", _is_trainee_of
    ),
    "C4-recipient": Permission("C4", "The trainee signed that this person may be told.", _is_named_in_consent),
    "C4-staff": Permission("C4", "Whoever asked for a consent hears the answer.", _asked_for_consent),
    "A5-lead": Permission("A5", "The employer’s LFG career lead may be asked a question.", _is_asked_of_employer),
    "A5-asker": Permission("A5", "Whoever asked hears that there is an answer.", _asked_the_employer),
    "A20-trainee": Permission("A20", "The trainee is told before anybody else.", _is_trainee_of),
    "A20-head": Permission("A20", "The trainee was told, so the head of school hears the concern.", _is_head_who_hears),
    "C6-second": Permission("C6", "A second member of staff looks at every emergency.", _is_second_person),
    "C6-trainee": Permission("C6", "The trainee is told as soon as it is safe.", _is_told_of_emergency),
    "C6-holder": Permission("C6", "Whoever holds the case looks again on the day named.", _holds_emergency),
    "subject": Permission("subject access", "They asked for what is held about them.", _is_subject),
    "account-holder": Permission("account", "It is about their own account.", _is_account_holder),
    "account-administrators": Permission(
        "account", "An administrator’s own case role needs a second administrator.", _is_administrator
    ),
    "meeting": Permission("A10", "Everyone who is to be there is told when and where.", _is_attendee),
    "meeting-left": Permission("A10", "Whoever need not come any more is told.", _has_left),
    "meeting-organiser": Permission("A10", "The organiser looks after the meeting.", _is_organiser),
    "A10-trainee": Permission("A10", "The trainee arranges the first meeting.", _is_trainee_of_open_referral),
    "B6-trainee": Permission("B6", "The trainee set themselves a date.", _is_trainee_with_tasks),
    "D3-returner": Permission("D3", "Every returner is offered a mentor before the return.", _is_offered_mentor),
    "D3-link": Permission("D3", "The returner alone gets their personal link.", _is_returner),
    "D6-returner": Permission("D6", "Whoever asks for a mentor hears that it was received.", _asked_for_mentor),
    "D4-returner": Permission("D4", "Whoever waits for a mentor is told so.", _waits_for_mentor),
    "D9-pair": Permission("D9", "The pair is reminded of the agreement.", _is_of_open_pair),
    "D11-pair": Permission("D11", "The two of the pair hear when it ends.", _is_of_pair),
    "D13-mentee": Permission("D13", "The mentee is told before anybody else.", _is_returner_of),
    "D14-pair": Permission("D14", "A different arrangement is offered.", _is_of_ended_pair),
    "D15-pair": Permission("D15", "Both are asked how it was, once.", _is_of_ended_pair),
    "D16-pair": Permission("D16", "The two are asked whether they are in touch.", _is_of_open_pair),
    "D7-pair": Permission("D7", "Mentor and mentee are introduced in one email to both.", _is_of_open_pair),
    "E8-asked": Permission("E8", "Those who are to meet are asked when they can.", _is_asked),
    "B11-owner": Permission("B11", "They look after this page of the guidance.", _owns_page),
    "E8-organiser": Permission("E8", "The organiser hears when everyone who is needed has answered.", _is_organiser),
}
