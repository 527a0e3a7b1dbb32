"""Who may take a sealed placement back, decided on plain data and said in words."""

from typing import NamedTuple


class Revoker(NamedTuple):
    """What is known today of somebody who would revoke a clerk's placement."""

    is_clerk: bool
    # The clerk is among the person's own supervisors up the tree.
    is_below_clerk: bool
    is_active: bool
    # Gave a signature of it, or it was signed in their place.
    has_signed: bool
    # Is a supervisor up the tree of the clerk or of a signer or, today, the delegate of one.
    is_above: bool
    is_administrator: bool
    # Somebody who signed it or stands above is there to do it.
    others_can: bool


def objection_to_revoking(revoker: Revoker, clerk: str) -> str | None:
    """Say why this person cannot revoke the placement; None when they can."""
    if revoker.is_clerk:
        return "Nobody revokes their own placement. You can dispute it."
    if revoker.is_below_clerk:
        return f"{clerk} supervises you: somebody else must revoke it."
    if not revoker.is_active:
        return "Your access is closed: somebody else must revoke it."
    if revoker.has_signed or revoker.is_above:
        return None
    if revoker.is_administrator and not revoker.others_can:
        return None
    return "Only who signed it, or a supervisor above the clerk or the signer, can revoke it."
