"""Who may revoke a sealed sign-off today, as the database tells it."""

from collections.abc import Iterable

from django.utils import timezone

from accounts.models import User
from accounts.permissions import is_administrator
from accounts.queries import Firm, read_firm
from assessments.models import SignOff
from assessments.revoking import Revoker, objection_to_revoking


def revoking_objection(person: User, sign_off: SignOff) -> str | None:
    """Say why this person cannot revoke the sign-off today; None when they can: 4 queries."""
    firm, clerk = read_firm(), sign_off.clerk
    # Read anew: whoever holds the objects may have read them before something changed.
    person = User.objects.get(pk=person.pk)
    revoker = Revoker(
        is_clerk=person.pk == clerk.pk,
        is_below_clerk=clerk.pk in firm.above(person),
        is_active=person.is_active,
        has_signed=person in _signers(sign_off),
        is_above=person.pk in _above(sign_off, firm),
        is_administrator=is_administrator(person),
        others_can=sign_off.pk not in left_to_administrators([sign_off], firm),
    )
    return objection_to_revoking(revoker, str(clerk))


def left_to_administrators(sign_offs: Iterable[SignOff], firm: Firm | None = None) -> set[int]:
    """Give those that nobody who signed them or stands above is there to revoke: 3 queries."""
    firm = firm or read_firm()
    able = {
        found.pk: {*_above(found, firm), *(signer.pk for signer in _signers(found))}
        - {found.clerk_id}
        for found in sign_offs
    }
    people = User.objects.filter(is_active=True).in_bulk(
        {pk for ids in able.values() for pk in ids}
    )
    return {
        found.pk
        for found in sign_offs
        if all(
            pk not in people or found.clerk_id in firm.above(people[pk]) for pk in able[found.pk]
        )
    }


def why_final(sign_off: SignOff) -> str | None:
    """Say why nobody can revoke the sealed sign-off, or not yet; None when it can be revoked."""
    if hasattr(sign_off, "revocation"):
        day = timezone.localdate(sign_off.revocation.at)
        return f"It was revoked on {day:%-d %B %Y}."
    if sign_off.superseded_by.filter(record__isnull=False).exists():
        return "Another placement has taken its place: look at that one."
    if hasattr(sign_off, "dispute") and sign_off.dispute.is_open:
        return "The clerk disputes it: whoever decides that can place anew. Wait for the decision."
    return None


def revoked_as(person: User, sign_off: SignOff) -> str:
    """Say in words what lets this person revoke it, as it is sealed: 2 queries at most."""
    if person == sign_off.signed_by:
        return "first signer" if sign_off.second_signed_by else "signer"
    if person == sign_off.second_signed_by:
        return "second signer"
    if person == sign_off.on_behalf_of:
        return "the one in whose place it was signed"
    firm = read_firm()
    for below in (sign_off.clerk, *_signers(sign_off)):
        above = firm.above(below)
        if person.pk in above:
            return f"supervisor above {below}"
        if person.pk in firm.with_delegates(above):
            return f"delegate of a supervisor above {below}"
    return "administrator, as nobody who signed it or stands above was there"


def _signers(sign_off: SignOff) -> list[User]:
    signers = (sign_off.signed_by, sign_off.second_signed_by, sign_off.on_behalf_of)
    return [signer for signer in signers if signer is not None]


def _above(sign_off: SignOff, firm: Firm) -> set[int]:
    return {
        pk
        for person in (sign_off.clerk, *_signers(sign_off))
        for pk in firm.with_delegates(firm.above(person))
    }
