"""A change of people is shown with what it does to open work before it is made."""

from collections.abc import Callable
from typing import Any

from accounts import actions
from accounts.views.requests import SignedIn
from assessments.actions import (
    change_team,
    deactivate_person,
    foresee,
    import_people,
    move_person,
    reactivate_person,
)
from assessments.handover_queries import Handover

__all__ = [
    "Handover",
    "ask_first",
    "change_team",
    "deactivate_person",
    "foresee",
    "import_people",
    "move_person",
    "reactivate_person",
]


def ask_first(request: SignedIn, change: Callable[[bool], Handover]) -> dict[str, Any] | None:
    """Make a change unless it touches open work that was not shown yet; None: it is made.

    `change` takes whether clerks may be left without a supervisor. Otherwise gives what the page
    shows: the handover to confirm, and why it was refused. Raises Refused for what is wrong
    whatever is confirmed.
    """
    handover = foresee(lambda: change(True))
    if handover.touches and request.POST.get("confirmed") != handover.fingerprint:
        return {"handover": handover}
    try:
        change("nobody" in request.POST)
    except actions.Refused as error:
        return {"handover": handover, "refused": str(error)}
    return None
