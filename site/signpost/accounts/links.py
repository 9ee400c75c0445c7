"""Personal links: a way in for one person without an account, for one purpose, until a day.

The token stands only in a message to that person alone. The database keeps its hash. A link shows a page; it acts only
on POST; it can be withdrawn, and asked for again.
"""

import hashlib
import secrets
from datetime import timedelta

from models import (
    Consent,
    FollowUp,
    LinkPurpose,
    PersonalLink,
    PollPerson,
    ProgressionReport,
    Referral,
    Returner,
    Review,
    ReviewPerson,
)
from signpost import clock, settings
from signpost.prepared import insert

TOKEN_BYTES = 32
MOST_AN_HOUR = 4


def make(
    purpose: LinkPurpose,
    name: str,
    email: str,
    *,
    referral: Referral | None = None,
    poll_person: PollPerson | None = None,
    consent: Consent | None = None,
    returner: Returner | None = None,
    review: Review | None = None,
    review_person: ReviewPerson | None = None,
    follow_up: FollowUp | None = None,
) -> str:
    """Make a link and give its token, which is not kept."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    now = clock.now()
    insert(
        PersonalLink(
            token_hash=hash_of(token),
            purpose=purpose,
            referral=referral,
            poll_person=poll_person,
            consent=consent,
            returner=returner,
            review=review,
            review_person=review_person,
            follow_up=follow_up,
            name=name,
            email=email,
            made_at=now,
            expires_at=now + timedelta(days=settings.current().personal_link_days),
        )
    )
    return token


def find(token: str) -> PersonalLink | None:
    """The link of a token, open or not; None where there never was one."""
    return PersonalLink.get_or_none(PersonalLink.token_hash == hash_of(token))


def find_open(token: str, purpose: LinkPurpose = LinkPurpose.REFERRED_TRAINEE) -> PersonalLink | None:
    """The link of a token where it works now, and for this purpose: a trainee's unless another is named."""
    link = find(token)
    return link if link and link.purpose == purpose and is_open(link) else None


def is_open(link: PersonalLink) -> bool:
    """Neither expired nor withdrawn, and still the address of the person it was made for."""
    return link.withdrawn_at is None and link.expires_at > clock.now() and link.email == _known_as(link)


def _known_as(link: PersonalLink) -> str:
    """The address of the person a link is for, as it stands now; none where they have no part in it any more."""
    match link.purpose:
        case LinkPurpose.REFERRED_TRAINEE:
            return str(link.referral.trainee_email)
        case LinkPurpose.POLL:
            return str(link.poll_person.email)
        case LinkPurpose.DISCLOSURE:
            return str(link.consent.recipient_email)
        case LinkPurpose.RETURNER:
            return "" if link.returner.removed_at else str(link.returner.email)
        case LinkPurpose.REVIEWED_TRAINEE:
            return str(link.review.trainee_email)
        case LinkPurpose.ACTION_ASKED:
            return str(link.follow_up.to_email)
        case LinkPurpose.PROGRESSION_REPORT:
            sent = (ProgressionReport.review == link.review) & ProgressionReport.sent_at.is_null(False)
            return (
                link.email if ProgressionReport.get_or_none(sent & (ProgressionReport.to_email == link.email)) else ""
            )
        case _:
            return "" if link.review_person.left_at else str(link.review_person.email)


def withdraw_all(referral: Referral) -> None:
    """Withdraw every link of a referral, for example when it went to a wrong address."""
    (
        PersonalLink.update(withdrawn_at=clock.now())
        .where((PersonalLink.referral == referral) & PersonalLink.withdrawn_at.is_null())
        .execute()
    )


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def may_have_another(about: Referral | Returner | Review | ReviewPerson) -> bool:
    """At most so many new links in an hour, so that nobody's mailbox is filled by somebody else."""
    column = {
        Referral: PersonalLink.referral,
        Returner: PersonalLink.returner,
        Review: PersonalLink.review,
        ReviewPerson: PersonalLink.review_person,
    }
    recent = PersonalLink.made_at > clock.now() - timedelta(hours=1)
    return bool(PersonalLink.select().where((column[type(about)] == about) & recent).count() < MOST_AN_HOUR)
