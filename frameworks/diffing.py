"""Flow 1, from two Documents to what differs: the pairing of their statements."""

from collections.abc import Sequence

from frameworks.changes import Change, ChangeKind, Diff, Pair, Wording
from frameworks.documents import Document, fold


def compare(old: Document, new: Document, decided: Sequence[Pair] = ()) -> Diff:
    """Pair the statements of two documents one to one and say what became of each.

    `decided` holds what a person has settled; its places must exist, others are passed over.
    """
    left = _wordings(old)
    pairs: list[tuple[Wording | None, Wording | None]] = []
    for wording in _wordings(new):
        found = next((w for w in left if fold(w.text) == fold(wording.text)), None)
        if found is not None:
            left.remove(found)
        pairs.append((found, wording))
    pairs += [(wording, None) for wording in left]
    return Diff(
        tuple(
            Change(kind_of(one, other), 100, False, False, False, one, other)
            for one, other in pairs
        )
    )


def kind_of(old: Wording | None, new: Wording | None) -> ChangeKind:
    """Say what became of one competency, given its wording on both sides (not both None)."""
    if old is None:
        return ChangeKind.NEW
    if new is None:
        return ChangeKind.RETIRED
    if old.level != new.level:
        return ChangeKind.MOVED
    return ChangeKind.UNCHANGED if fold(old.text) == fold(new.text) else ChangeKind.REWORDED


def _wordings(document: Document) -> list[Wording]:
    return [
        Wording(level.key, position, text)
        for level in document.levels
        for position, text in enumerate(level.statements, start=1)
    ]
