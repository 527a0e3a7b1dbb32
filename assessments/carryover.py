"""From ratings under earlier wordings to the statements asked now: what carries, and how."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from frameworks.changes import ChangeKind, Wording
from frameworks.diffing import kind_of

# The same meaning beyond doubt: the answer counts as it stands.
COUNTS = frozenset({ChangeKind.UNCHANGED, ChangeKind.MINOR})


class Asked(NamedTuple):
    """A statement as a version words it; `competency` is what it is about."""

    statement: int
    competency: int
    wording: Wording


class Carried(NamedTuple):
    """A rating that carries over to a statement, by what became of the wording."""

    rating: int
    statement: int
    kind: ChangeKind

    @property
    def look_again(self) -> bool:
        return self.kind not in COUNTS


class CarryOver(NamedTuple):
    """Each rating once, carried or staying behind; each statement once, answered or unrated."""

    carried: tuple[Carried, ...]
    stays: tuple[int, ...]
    unrated: tuple[int, ...]


def carry_over(rated: Mapping[int, Asked], asked: Sequence[Asked]) -> CarryOver:
    """Carry ratings over to what is asked now.

    `rated` gives, by rating, the statement that the clerk answered; at most one of a competency.
    Unchanged and minor count; reworded and moved ask for another look; the others stay behind.
    """
    now = {statement.competency: statement for statement in asked}
    carried, stays = [], []
    for rating, answered in rated.items():
        found = now.pop(answered.competency, None)
        if found is None:
            stays.append(rating)
            continue
        kind = _kind_of(answered.wording, found.wording)
        carried.append(Carried(rating, found.statement, kind))
    unrated = tuple(statement.statement for statement in now.values())
    return CarryOver(tuple(carried), tuple(stays), unrated)


@lru_cache(maxsize=4096)
def _kind_of(old: Wording, new: Wording) -> ChangeKind:
    return kind_of(old, new)
