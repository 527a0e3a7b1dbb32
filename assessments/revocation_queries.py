"""Who may revoke a sealed sign-off today, as the database tells it."""

from accounts.models import User
from accounts.permissions import is_administrator
from accounts.queries import Firm, read_firm
from assessments.models import SignOff
from assessments.revoking import Revoker, objection_to_revoking


def revoking_objection(person: User, sign_off: SignOff) -> str | None:
    """Say why this person cannot revoke the sign-off today; None when they can: 5 queries."""
    firm, clerk = read_firm(), sign_off.clerk
    signers = _signers(sign_off)
    above = _above(clerk, signers, firm)
    # Read anew: whoever holds the objects may have read them before something changed.
    person = User.objects.get(pk=person.pk)
    others = User.objects.filter(pk__in={*above, *(s.pk for s in signers)} - {clerk.pk})
    below = {other.pk for other in others if clerk.pk in firm.above(other)}
    revoker = Revoker(
        is_clerk=person.pk == clerk.pk,
        is_below_clerk=clerk.pk in firm.above(person),
        is_active=person.is_active,
        has_signed=person in signers,
        is_above=person.pk in above,
        is_administrator=is_administrator(person),
        others_can=any(other.is_active and other.pk not in below for other in others),
    )
    return objection_to_revoking(revoker, str(clerk))


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


def _above(clerk: User, signers: list[User], firm: Firm) -> set[int]:
    return {pk for person in (clerk, *signers) for pk in firm.with_delegates(firm.above(person))}
