"""From two wordings to what was added and removed, word by word."""

from difflib import SequenceMatcher
from typing import Literal, NamedTuple

from frameworks.documents import fold


class Mark(NamedTuple):
    """A run of text that both wordings share, or that only one of them has."""

    kind: Literal["same", "added", "removed"]
    text: str


def marked(old: str, new: str) -> list[Mark]:
    """Give the runs in order: same and removed join to the old text, same and added to the new."""
    one, other = _words(old), _words(new)
    marks: list[Mark] = []
    for what, i, j, k, m in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if what == "equal":
            marks.append(Mark("same", "".join(one[i:j])))
            continue
        if i < j:
            marks.append(Mark("removed", "".join(one[i:j])))
        if k < m:
            marks.append(Mark("added", "".join(other[k:m])))
    return marks


def _words(text: str) -> list[str]:
    first, *others = fold(text).split(" ")
    return [first, *(f" {word}" for word in others)]
