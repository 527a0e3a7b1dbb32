"""Database triggers: who acted for whom is kept as it was."""

from functools import partial

from brokerage_skills import triggers
from brokerage_skills.triggers import refuse

DELEGATED = "A delegation cannot be changed but by ending it once."
_PAIR = ("id", "from_supervisor_id", "to_supervisor_id")
_KEPT = (*_PAIR, "starts_on", "ends_on", "reason", "made_by_id", "made_at")
_CHANGED = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in _KEPT)

GUARDS = [
    guard._replace(when=f"OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL OR {_CHANGED}")
    if guard.event == "UPDATE"
    else guard
    for guard in refuse("delegation_is_kept", "accounts_delegation", DELEGATED)
]

install = partial(triggers.install, guards=GUARDS)
drop = partial(triggers.drop, guards=GUARDS)
