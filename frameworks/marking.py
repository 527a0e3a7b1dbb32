"""From two wordings to what was added and removed, word by word."""

import re
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

from rapidfuzz.distance import Indel

from frameworks.documents import fold, split_statement
from frameworks.similarity import COMMON


class Mark(NamedTuple):
    """A run of text that both wordings share, or that only one of them has."""

    kind: Literal["same", "added", "removed"]
    text: str


# A word with the space before it, or one mark of punctuation: nothing is lost between them.
_WORD = re.compile(r" ?(?:\w+(?:[-'\u2019]\w+)*|[^\w\s])")
LONGEST_ISLAND = 2
MOST_WORDS = 200


def marked(old: str, new: str) -> list[Mark]:
    """Give the runs in order: same and removed join to the old text, same and added to the new.

    Both are read with white space folded. One or two words that say little do not part two
    changes, which read better as one.
    """
    one, other = _WORD.findall(fold(old)), _WORD.findall(fold(new))
    marks: list[Mark] = []
    removed = added = ""
    for what, i, j, k, m in _runs(one, other):
        if what == "equal":
            marks += _changed(removed, added)
            removed = added = ""
            marks.append(Mark("same", "".join(one[i:j])))
        else:
            removed, added = removed + "".join(one[i:j]), added + "".join(other[k:m])
    return marks + _changed(removed, added)


def _changed(removed: str, added: str) -> list[Mark]:
    found = (Mark("removed", removed), Mark("added", added))
    return [mark for mark in found if mark.text]


def _runs(one: list[str], other: list[str]) -> list[tuple[str, int, int, int, int]]:
    """Give the runs; an island between two changes counts as changed."""
    runs = _opcodes(one, other)
    last = len(runs) - 1
    return [
        ("replace", i, j, k, m)
        if what == "equal" and 0 < place < last and _says_little(one[i:j])
        else (what, i, j, k, m)
        for place, (what, i, j, k, m) in enumerate(runs)
    ]


def _opcodes(one: list[str], other: list[str]) -> list[tuple[str, int, int, int, int]]:
    """Give difflib's, which read best; of long texts, where it may take minutes, RapidFuzz's."""
    if max(len(one), len(other)) > MOST_WORDS:
        return [
            (each.tag, each.src_start, each.src_end, each.dest_start, each.dest_end)
            for each in Indel.opcodes(one, other)
        ]
    return list(SequenceMatcher(None, one, other, autojunk=False).get_opcodes())


def _says_little(words: list[str]) -> bool:
    return len(words) <= LONGEST_ISLAND and all(w.strip().casefold() in COMMON for w in words)


def drawn_apart(old: str, new: str) -> tuple[list[Mark], list[Mark]]:
    """Mark topic and behaviour for drawing; where a text has no topic, all as behaviour."""
    (old_topic, before), (new_topic, after) = split_statement(old), split_statement(new)
    if not (old_topic and new_topic):
        return [], _drawn(old, new)
    return _drawn(old_topic, new_topic), _drawn(before, after)


def _drawn(old: str, new: str) -> list[Mark]:
    """Mark words, not the spaces around them: a line under a space looks like a mistake."""
    drawn: list[Mark] = []
    for mark in marked(old, new):
        word = mark.text.strip()
        if mark.kind == "same" or not word:
            drawn.append(mark)
            continue
        before, _, after = mark.text.partition(word)
        drawn += [Mark("same", before), mark._replace(text=word), Mark("same", after)]
    return [mark for mark in drawn if mark.text]
