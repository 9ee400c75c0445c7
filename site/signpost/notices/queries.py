"""Which messages a person may look up. The words between a head of school and the TSG are theirs alone."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from peewee import SQL, ModelSelect, fn

from models import Notice, NoticeRecipient, NoticeState, Referral, Role, User
from signpost import clock
from signpost.accounts import queries as people
from signpost.notices import outbox

OF_THEIR_CASES = (
    *("A9-trainee", "A7-link", "A10-trainee", "meeting"),
    *("A21-trainee", "A21-referrer", "A21-head", "A21-tsg", "A22-employer", "A22-tsg"),
)
# Of these nobody learns from the messages, not even how many there are (C11).
OF_COMPLAINTS = ("complaint_received", "complaint_waiting", "complaint_moved", "complaint_disclosed")
BETWEEN_HEAD_AND_TSG = ("released_tsg",)
# What is disclosed, or asked of an employer, is between those who hold the case and whom they tell.
OF_DISCLOSURES = (
    *("consent_asked", "consent_signed", "consent_withdrawn", "consent_answered", "disclosed"),
    *("information_asked", "information_answered", "breach_told", "concern_raised"),
    *("emergency_second", "emergency_told", "emergency_look_again"),
)


def visible_to(user: User) -> ModelSelect:
    """Messages of referrals: to advisers those of the inbox, to a counsellor those of their cases that concern the
    trainee or themselves, to a head what was released of the schools they head now."""
    roles = people.roles_of(user)
    may = SQL("1 = 0")
    if Role.SENIOR_ADVISER in roles:
        may |= Notice.kind.not_in((*BETWEEN_HEAD_AND_TSG, *OF_DISCLOSURES))
    if Role.COUNSELLOR in roles:
        to_them = NoticeRecipient.select(NoticeRecipient.notice).where(
            NoticeRecipient.permission.in_(OF_THEIR_CASES)
            | ((NoticeRecipient.permission == "A9-counsellor") & (NoticeRecipient.address == user.email))
        )
        may |= (Referral.assigned_to == user) & (Notice.id.in_(to_them) | Notice.kind.in_(OF_DISCLOSURES))
    if Role.HEAD_OF_SCHOOL in roles:
        headed = Referral.wider_concerns & Referral.school.in_(people.schools_headed_by(user))
        may |= Notice.kind.in_(BETWEEN_HEAD_AND_TSG) & headed
    not_about_them = (Referral.trainee.is_null() | (Referral.trainee != user)) & (Referral.trainee_email != user.email)
    return Notice.select(Notice, Referral).join(Referral).where(may & not_about_them)


def of_referral(referral: Referral, user: User) -> list[Notice]:
    """The messages of one referral that this person may look up, newest first."""
    return list(visible_to(user).where(Notice.referral == referral).order_by(Notice.id.desc()))


# A message that may not be sent any more cannot be sent again, so it is shown for as long as this.
WITHHELD_IS_SHOWN = timedelta(days=14)


def failed(query: ModelSelect) -> ModelSelect:
    """Of these, the ones that did not reach somebody: a person must look.

    Those that were not delivered, until they are sent again; and those withheld lately, since somebody may no longer be
    told. One that was overtaken by the next assignment is not among them: what it said is told by another.
    """
    copies = Notice.alias()
    again = copies.select(copies.copy_of).where(copies.copy_of.is_null(False))
    missed = (Notice.state == NoticeState.FAILED) & Notice.id.not_in(again)
    refused = NoticeRecipient.select(NoticeRecipient.notice).where(
        (NoticeRecipient.state == NoticeState.WITHHELD) & (NoticeRecipient.failure != outbox.SUPERSEDED)
    )
    lately = Notice.finished_at > clock.now() - WITHHELD_IS_SHOWN
    withheld = (Notice.state == NoticeState.WITHHELD) & lately & Notice.id.in_(refused)
    return query.where(missed | withheld)


@dataclass(frozen=True)
class Health:
    """How the outbox stands, without a name or a word: for administrators."""

    queued: int
    failed: int
    withheld: int
    sent: int
    oldest_due_at: datetime | None


def health() -> Health:
    counted = Notice.select(Notice.state, fn.COUNT(Notice.id)).where(Notice.kind.not_in(OF_COMPLAINTS))
    by_state = dict(counted.group_by(Notice.state).tuples())
    waiting = (Notice.state == NoticeState.QUEUED) & Notice.kind.not_in(OF_COMPLAINTS)
    oldest = Notice.select(Notice.due_at).where(waiting).order_by(Notice.due_at).first()
    return Health(
        queued=by_state.get(NoticeState.QUEUED, 0),
        failed=by_state.get(NoticeState.FAILED, 0),
        withheld=by_state.get(NoticeState.WITHHELD, 0),
        sent=by_state.get(NoticeState.SENT, 0),
        oldest_due_at=oldest.due_at if oldest else None,
    )
