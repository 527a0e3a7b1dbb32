"""How alike two statements are, and whether they say the same but for case, marks and spelling."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from rapidfuzz.distance import OSA
from spellchecker import SpellChecker

from frameworks.documents import split_statement

HYPHENS = "-\u2010\u2011"
DASHES = "\u2012\u2013"  # what stands between numbers: 1 to 2
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
MOST_MISSPELT = 3
ENDINGS = ("s", "d", "r", "y")  # counterparty is no slip for counterpart, delisted none for delist
TURNED_ROUND = ("re", "un")  # re-sign and resign, un-ionized and unionized
# Beside these a comma decides what is meant: not, only ... and not only ...
_LIMITING = "not no never only except unless without just but"
LIMITING = frozenset(_LIMITING.split())
PARTING = re.compile(r"[,;:.()!?]")
TRADE_WORDS = Path(__file__).with_name("trade_words.txt")
LONGEST = 40  # no word is longer; what is, is not read letter by letter
MOST_NEAR = 30  # words of a statement that are sought in another form
KEPT = 20_000  # answers on words, kept for the next statement


_MARK = re.compile(r"[^\w\s]|_")


def tokens(text: str, hyphen: str = " ") -> list[str]:
    """Give words, numbers and the signs that carry meaning, in their case and order.

    `hyphen` stands for a hyphen inside a word: " " parts it, "" joins it.
    """
    text = unicodedata.normalize("NFC", text)

    def shown(found: re.Match[str]) -> str:
        place = found.start()
        return _shown(text[max(place - 1, 0)], found[0], text[place + 1 : place + 2], hyphen)

    return _MARK.sub(shown, text).split()


def _shown(before: str, one: str, after: str, hyphen: str) -> str:
    if _in_word(one):
        return one
    if before.isdigit() and after.isdigit() and one not in APOSTROPHES:
        return "-" if one in HYPHENS + DASHES else one  # 1-2, 1:10, 1/2 and 1.5 are not 12
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
    if _turned_round(old) != _turned_round(new) or _limited(old) != _limited(new):
        return False
    for hyphen in (" ", ""):
        one, other = tokens(old, hyphen), tokens(new, hyphen)
        if len(one) != len(other):
            continue
        changed = [(a, b) for a, b in zip(one, other, strict=True) if a.casefold() != b.casefold()]
        if len(changed) <= MOST_MISSPELT and all(_misspelt(a, b) for a, b in changed):
            return True
    return False


def _turned_round(text: str) -> list[str]:
    """Give words that would be others without their hyphen: re-sign is not resign."""
    found = []
    for first, second in pairwise(re.split(f"[{HYPHENS}]", text.casefold())):
        head, rest = re.search(r"\w*$", first), re.match(r"\w*", second)
        if head and rest and head[0] in TURNED_ROUND and head[0] + rest[0] in _dictionary():
            found.append(head[0] + rest[0])
    return found


def _limited(text: str) -> list[tuple[str, bool, bool]]:
    """Give each limiting word, and whether a mark parts it from what stands on either side."""
    words = text.casefold().split()
    parted = [bool(PARTING.search(word[-1:])) for word in words]
    bare = [PARTING.sub("", word) for word in words]
    return [
        (word, at > 0 and parted[at - 1], at + 1 < len(words) and parted[at])
        for at, word in enumerate(bare)
        if word in LIMITING
    ]


def _misspelt(one: str, other: str) -> bool:
    if one.isupper() or other.isupper() or not (one.isalpha() and other.isalpha()):
        return False
    one, other = one.casefold(), other.casefold()
    if not SHORTEST_MISSPELT <= min(len(one), len(other)) <= max(len(one), len(other)) <= LONGEST:
        return False
    # inbound and unbound: a slip at the very beginning swaps two letters, no more.
    if one[0] != other[0] and sorted(one[:2]) != sorted(other[:2]):
        return False
    return (
        OSA.distance(one, other) == 1
        and not _affixed(one, other)
        and (one in _dictionary()) != (other in _dictionary())
    )


def _affixed(one: str, other: str) -> bool:
    """Say whether one is the other with a prefix (illiquid) or an ending, or ends otherwise."""
    short, long = sorted((one, other), key=len)
    if len(short) == len(long):
        return one[:-1] == other[:-1]  # payed and payee
    ending = long[len(short) :]
    return long.endswith(short) or (
        long == short + ending and ending in ENDINGS and ending != short[-1]
    )


@cache
def _dictionary() -> frozenset[str]:
    # Read once a process, in a fifth of a second; of the checker only its words are kept.
    ours = TRADE_WORDS.read_text().splitlines()[1:]
    return frozenset(SpellChecker().word_frequency.keys()).union(ours)


class Words(NamedTuple):
    """A statement's words, folded: of all of it, and of its two parts ("" has none)."""

    whole: tuple[str, ...]
    topic: tuple[str, ...]
    behaviour: tuple[str, ...]


def words_of(text: str) -> Words:
    topic, behaviour = map(_folded, split_statement(text))
    return Words(topic + behaviour, topic, behaviour)


def _folded(text: str) -> tuple[str, ...]:
    return tuple(word.casefold() for word in tokens(text))


class Likeness:
    """How alike statements are, measured by how rare each word is in both documents."""

    def __init__(self, statements: Iterable[Words]) -> None:
        every = list(statements)
        found = Counter(word for each in every for word in set(each.whole))
        self._weights = {word: math.log(1 + len(every) / found[word]) for word in found}
        self._weights |= dict.fromkeys(COMMON, COMMON_WEIGHT)

    def weight(self, word: str) -> float:
        """Give what a word of these tells: little for common ones, more the rarer it is."""
        return self._weights[word]

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
        return _in_common(one, other, self.weight)


def topic_kept(one: Words, other: Words) -> float:
    """Give from 0 to 1 how many words of the topics are the same; 1 where one has no topic."""
    if not (one.topic and other.topic):
        return 1
    left, right = (tuple(w for w in each.topic if w not in COMMON) for each in (one, other))
    return _in_common(left, right, lambda word: 1)


def _in_common(
    one: tuple[str, ...], other: tuple[str, ...], weight: Callable[[str], float]
) -> float:
    total = sum(map(weight, one)) + sum(map(weight, other))
    left, right = Counter(one), Counter(other)
    both = left & right
    shared = 2 * sum(weight(word) * number for word, number in both.items())
    rest = _by_initial((right - both).elements())
    for word in sorted((left - both).elements())[:MOST_NEAR]:
        found = rest.get(word[0], [])
        near = next((each for each in found if _near(word, each)), None)
        if near is not None:
            found.remove(near)
            shared += weight(word) + weight(near)
    return min(shared / total, 1) if total else 0


def _by_initial(words: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for word in sorted(words)[:MOST_NEAR]:
        found.setdefault(word[0], []).append(word)
    return found


@lru_cache(KEPT)
def _near(one: str, other: str) -> bool:
    """Say whether two words of one initial are one in another form: a slip, an ending."""
    if not SHORTEST_MISSPELT <= min(len(one), len(other)) <= max(len(one), len(other)) <= LONGEST:
        return False
    return OSA.normalized_similarity(one, other) >= 0.8
