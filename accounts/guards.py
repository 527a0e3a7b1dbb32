"""Database triggers: who acted for whom is kept as it was."""

from functools import partial

from brokerage_skills import triggers
from brokerage_skills.triggers import changes, refuse

DELEGATED = "A delegation cannot be changed but by ending it once."

GUARDS = refuse(
    "delegation_is_kept",
    "accounts_delegation",
    DELEGATED,
    update_when=changes(
        "id from_supervisor_id to_supervisor_id starts_on ends_on reason made_by_id made_at",
        "OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL",
    ),
)

install = partial(triggers.install, guards=GUARDS)
drop = partial(triggers.drop, guards=GUARDS)
