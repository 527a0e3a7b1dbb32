"""Database triggers: frozen answers stay frozen, signed and written history stays as it is."""

from functools import partial

from assessments.guards import signed, work
from assessments.guards.signed import DISPUTED, REVOKED, SEALED, TAKEN_BACK, UNREVOKED
from assessments.guards.work import (
    FROZEN,
    RECONCILED,
    REPLACED,
    RULE,
    STRANGE,
    STRAY,
    UNPUBLISHED,
)
from brokerage_skills import triggers

__all__ = [
    "DISPUTED",
    "FROZEN",
    "GUARDS",
    "RECONCILED",
    "REPLACED",
    "REVOKED",
    "RULE",
    "SEALED",
    "STRANGE",
    "STRAY",
    "TAKEN_BACK",
    "UNPUBLISHED",
    "UNREVOKED",
    "drop",
    "install",
]

GUARDS = work.GUARDS + signed.GUARDS

install = partial(triggers.install, guards=GUARDS)
drop = partial(triggers.drop, guards=GUARDS)
