"""What stood at a moment, read from what was written down since the beginning."""

from collections.abc import Iterable
from typing import NamedTuple, Protocol, TypeVar

from assessments.workflow import CORRECT, MOVE, RETURN, STEPS, SUPERSEDE, State

# A step that is not named here changes neither.
LEADS_TO = {step.name: step.to_state for step in (*STEPS, MOVE)}
NEXT_ROUND = frozenset({RETURN.name, SUPERSEDE.name, CORRECT.name})


class Happened(Protocol):
    """A step as it is kept: its name, and the round it was taken in."""

    @property
    def kind(self) -> str: ...
    @property
    def round(self) -> int: ...


class Entered(Protocol):
    """One change of an answer as it is kept; with nothing in it the answer was taken back."""

    @property
    def statement_id(self) -> int: ...
    @property
    def role(self) -> str: ...
    @property
    def round(self) -> int: ...
    @property
    def author_id(self) -> int: ...
    @property
    def point(self) -> int | None: ...
    @property
    def note(self) -> str: ...
    @property
    def reference(self) -> str: ...


Change = TypeVar("Change", bound=Entered)


class Stood(NamedTuple):
    """Where an assessment stood."""

    state: State
    round: int


def stood(events: Iterable[Happened]) -> Stood | None:
    """Give where these steps lead, oldest first; None before the first one."""
    found = None
    for event in events:
        before = found or Stood(State.DRAFT, 1)
        number = event.round + 1 if event.kind in NEXT_ROUND else before.round
        found = Stood(LEADS_TO.get(event.kind, before.state), max(before.round, number))
    return found


def answers(changes: Iterable[Change]) -> dict[tuple[str, int, int], Change]:
    """Give what these changes leave standing, oldest first, by role, round and statement.

    Whoever rates in another's place as supervisor starts blank.
    """
    found: dict[tuple[str, int, int], Change] = {}
    rating: dict[tuple[str, int], int] = {}
    for change in changes:
        side = (change.role, change.round)
        if rating.setdefault(side, change.author_id) != change.author_id:
            rating[side] = change.author_id
            found = {key: each for key, each in found.items() if key[:2] != side}
        key = (*side, change.statement_id)
        if change.point is None and not change.note and not change.reference:
            found.pop(key, None)
        else:
            found[key] = change
    return found
