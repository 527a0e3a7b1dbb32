"""How alike two statements are, and whether they say the same but for case, marks and spelling."""

import math
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from rapidfuzz.distance import OSA
from spellchecker import SpellChecker

from frameworks.documents import split_statement

HYPHENS = "-\u2010\u2011"
APOSTROPHES = "'\u2019"
# Marks that carry meaning beside numbers, where Unicode counts them as punctuation.
SIGNS = "%§#&"
# Words that stand everywhere and say nothing of what a statement is about.
_COMMON = (
    "a an and are as at based be by for from in is its of on or own over the their through to"
    " under use used using when where which with within without"
)
COMMON = frozenset(_COMMON.split())
COMMON_WEIGHT = 0.15
SHORTEST_MISSPELT = 4
LONG_WORD = 8  # from here on two slips of the pen are forgiven, below one
MOST_MISSPELT = 3


def tokens(text: str, hyphen: str = " ") -> list[str]:
    """Give words, numbers and the signs that carry meaning, in their case and order.

    `hyphen` stands for a hyphen inside a word: " " parts it, "" joins it.
    """
    text = unicodedata.normalize("NFC", text)
    return "".join(
        _shown(text[place - 1] if place else " ", one, text[place + 1 : place + 2], hyphen)
        for place, one in enumerate(text)
    ).split()


def _shown(before: str, one: str, after: str, hyphen: str) -> str:
    if _in_word(one):
        return one
    if one in ".," and before.isdigit() and after.isdigit():
        return one
    if one in APOSTROPHES:
        return ""
    if one in HYPHENS:
        if _in_word(before) and after and _in_word(after):
            return hyphen
        return " - " if after.isdigit() else " "
    if one in SIGNS or unicodedata.category(one).startswith("S"):
        return f" {'and' if one == '&' else one} "
    return " "


def _in_word(one: str) -> bool:
    return unicodedata.category(one)[0] in "LMN"


def same_meaning(old: str, new: str) -> bool:
    """Say whether two texts differ in case, punctuation and spelling at most, beyond doubt.

    A word counts as a misspelling of another only if exactly one of the two is a word at all.
    """
    for hyphen in (" ", ""):
        one, other = tokens(old, hyphen), tokens(new, hyphen)
        if len(one) != len(other):
            continue
        changed = [(a, b) for a, b in zip(one, other, strict=True) if a.casefold() != b.casefold()]
        if len(changed) <= MOST_MISSPELT and all(_misspelt(a, b) for a, b in changed):
            return True
    return False


def _misspelt(one: str, other: str) -> bool:
    if one.isupper() or other.isupper() or not (one.isalpha() and other.isalpha()):
        return False
    one, other = one.casefold(), other.casefold()
    longest = max(len(one), len(other))
    if min(len(one), len(other)) < SHORTEST_MISSPELT:
        return False
    # inbound and unbound: a slip at the very beginning swaps two letters, no more.
    if one[0] != other[0] and sorted(one[:2]) != sorted(other[:2]):
        return False
    if OSA.distance(one, other) > (2 if longest >= LONG_WORD else 1):
        return False
    # unsettled and settled, illiquid and liquid: a prefix turns the meaning round.
    if one.endswith(other) or other.endswith(one):
        return False
    return _is_word(one) != _is_word(other)


@cache
def _dictionary() -> SpellChecker:
    return SpellChecker()  # reads its word list: a quarter of a second, once a process


@cache
def _is_word(word: str) -> bool:
    return bool(_dictionary().known([word]))


class Words(NamedTuple):
    """A statement's words, folded: of all of it, and of its two parts ("" has none)."""

    whole: tuple[str, ...]
    topic: tuple[str, ...]
    behaviour: tuple[str, ...]


def words_of(text: str) -> Words:
    topic, behaviour = split_statement(text)
    return Words(_folded(text), _folded(topic), _folded(behaviour))


def _folded(text: str) -> tuple[str, ...]:
    return tuple(word.casefold() for word in tokens(text))


class Likeness:
    """How alike statements are, measured by how rare each word is in both documents."""

    def __init__(self, statements: Iterable[Words]) -> None:
        every = list(statements)
        self._number = len(every)
        self._found = Counter(word for each in every for word in set(each.whole))

    def weight(self, word: str) -> float:
        """Give what a word tells: little for common ones, more the rarer it is."""
        if word in COMMON:
            return COMMON_WEIGHT
        return math.log(1 + self._number / max(self._found[word], 1))

    def of(self, one: Words, other: Words) -> float:
        """Give from 0, no word in common, to 1; topics count more than behaviours."""
        whole = self._shared(one.whole, other.whole)
        if not (one.topic and other.topic):
            return whole
        topic = self._shared(one.topic, other.topic)
        return 0.5 * whole + 0.3 * topic + 0.2 * self._shared(one.behaviour, other.behaviour)

    def of_behaviours(self, one: Words, other: Words) -> float:
        return self._shared(one.behaviour, other.behaviour)

    def _shared(self, one: tuple[str, ...], other: tuple[str, ...]) -> float:
        total = sum(map(self.weight, one)) + sum(map(self.weight, other))
        left, right = Counter(one), Counter(other)
        both = left & right
        shared = 2 * sum(self.weight(word) * number for word, number in both.items())
        rest = sorted((right - both).elements())
        for word in sorted((left - both).elements()):
            near = next((found for found in rest if _near(word, found)), None)
            if near is not None:
                rest.remove(near)
                shared += self.weight(word) + self.weight(near)
        return min(shared / total, 1) if total else 0


@cache
def _near(one: str, other: str) -> bool:
    """Say whether two words are one in another form: a slip, a plural, an ending."""
    if min(len(one), len(other)) < SHORTEST_MISSPELT or one[0] != other[0]:
        return False
    return OSA.normalized_similarity(one, other) >= 0.8
