"""What differs between two versions, as plain data that pairing and publishing share."""

from collections import Counter
from typing import NamedTuple

from django.db.models import TextChoices


class ChangeKind(TextChoices):
    """What became of a statement; `NEW` has no old wording, `RETIRED` no new one."""

    UNCHANGED = "unchanged", "Unchanged"
    # Case, punctuation, spelling: the same meaning beyond doubt.
    MINOR = "minor", "Minor"
    REWORDED = "reworded", "Reworded"
    # To another level, with or without other words.
    MOVED = "moved", "Moved"
    NEW = "new", "New"
    RETIRED = "retired", "Retired"


class Place(NamedTuple):
    """Where a statement stands in a document: the key of its level, and its number from 1."""

    level: str
    position: int


class Wording(NamedTuple):
    """A statement of one of the two documents, at its place, verbatim."""

    level: str
    position: int
    text: str

    @property
    def place(self) -> Place:
        return Place(self.level, self.position)


class Pair(NamedTuple):
    """What a person decided: these two are one competency; with one side None it stands alone."""

    old: Place | None
    new: Place | None


class Change(NamedTuple):
    """One statement of either document, or a pair of them.

    `confidence` is a whole percentage. `doubtful` asks for a person; `decided` says that one
    has answered. `reordered` is a statement kept in its level outside the longest common order.
    """

    kind: ChangeKind
    confidence: int
    doubtful: bool
    decided: bool
    reordered: bool
    old: Wording | None
    new: Wording | None


class Diff(NamedTuple):
    """Every statement of both documents once: in the new order, then what is retired."""

    changes: tuple[Change, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Give all six kinds with their number."""
        counted = Counter(change.kind for change in self.changes)
        return {str(kind.value): counted[kind] for kind in ChangeKind}

    @property
    def reordered(self) -> int:
        return sum(change.reordered for change in self.changes)

    @property
    def doubtful(self) -> list[Change]:
        return [change for change in self.changes if change.doubtful]
