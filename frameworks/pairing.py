"""Pairing the statements of two documents, one to one, in three steps from sure to likely."""

import heapq
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import NamedTuple

from frameworks.changes import Place, Wording
from frameworks.documents import fold
from frameworks.similarity import COMMON, Likeness, Words, topic_kept, words_of

CERTAIN = 100
# Of the 780 pairs of the seed's own statements the most alike reach 0.29; with two words in five
# changed, added or dropped, nineteen in twenty keep more than 0.5 of themselves, the worst 0.33.
SURE, POSSIBLE = 0.5, 0.3
ACROSS_LEVELS = 0.12  # levels repeat themes: a pair across them must be that much more alike
TOPIC_KEPT = 0.6  # of its words; less is another topic, maybe: buy orders and sell orders
SAME_TOPIC = 0.5  # what a topic in common is worth, whatever follows it
HARDLY_ALIKE = 0.15  # under the same topic, a behaviour as far away as this is doubtful
# How many partners each statement is weighed against, and all of a side together: with more than
# `TOO_MANY` left over none is sought.
MOST_CANDIDATES, CANDIDATES, TOO_MANY = 6, 1200, 600
MOST_WORDS = 30  # of a statement, by which its partners are sought
MOST_WEIGHED = 6_000  # pairs under the same topic, of all topics together
LEFT, RIGHT = 0, 1
WEIGHT, NEAR = 1000, 50  # of a score, and of the places between two that are equally alike


class Stated(NamedTuple):
    """A statement with what pairing reads of it."""

    wording: Wording
    folded: str
    words: Words


class Match(NamedTuple):
    """How sure a pair is, in percent, and whether a person should look at it or has decided it."""

    confidence: int
    doubtful: bool = False
    decided: bool = False


class Alone(NamedTuple):
    """How sure it is, in percent, that a statement has no partner; `decided` by a person."""

    confidence: int
    decided: bool = False


class Paired(NamedTuple):
    """Pairs by their numbers on both sides; everything else is alone, once."""

    pairs: dict[tuple[int, int], Match]
    left: dict[int, Alone]
    right: dict[int, Alone]


class _Sides(NamedTuple):
    """Both sides, and the numbers on each that have no partner yet."""

    left: Sequence[Stated]
    right: Sequence[Stated]
    open_left: set[int]
    open_right: set[int]
    likeness: Likeness

    def take(self, pairs: Iterable[tuple[int, int]]) -> None:
        for one, other in pairs:
            self.open_left.discard(one)
            self.open_right.discard(other)

    def across(self, one: int, other: int) -> bool:
        return self.left[one].wording.level != self.right[other].wording.level

    def keeps_topic(self, one: int, other: int) -> bool:
        return topic_kept(self.left[one].words, self.right[other].words) >= TOPIC_KEPT

    def apart(self, one: int, other: int) -> tuple[bool, int]:
        """Order partners of one statement: of the same level first, then the nearest place."""
        places = self.left[one].wording.position, self.right[other].wording.position
        return self.across(one, other), abs(places[0] - places[1])


def state(wordings: Iterable[Wording]) -> list[Stated]:
    """Read wordings for pairing."""
    return [Stated(each, fold(each.text), words_of(each.text)) for each in wordings]


def pair(
    left: Sequence[Stated],
    right: Sequence[Stated],
    decided: Iterable[tuple[Place | None, Place | None]] = (),
) -> Paired:
    """Pair two sides: what is decided, the same text, the same topic, then what is alike.

    What is alike is assigned so that all pairs together are as alike as can be.
    """
    likeness = Likeness(each.words for each in (*left, *right))
    sides = _Sides(left, right, set(range(len(left))), set(range(len(right))), likeness)
    pairs, alone_left, alone_right = _settle(sides, decided)
    for step in (_same_text, _same_topic):
        found = step(sides)
        pairs |= found
        sides.take(found)
    scores = _scores(sides)
    alike = _alike(sides, scores)
    sides.take(alike)
    nearest_left: dict[int, float] = defaultdict(float)
    nearest_right: dict[int, float] = defaultdict(float)
    for (one, other), score in scores.items():
        nearest_left[one] = max(nearest_left[one], score)
        nearest_right[other] = max(nearest_right[other], score)
    alone_left |= {one: Alone(CERTAIN - _percent(nearest_left[one])) for one in sides.open_left}
    alone_right |= {one: Alone(CERTAIN - _percent(nearest_right[one])) for one in sides.open_right}
    return Paired(pairs | alike, alone_left, alone_right)


def _percent(score: float) -> int:
    return round(CERTAIN * score)


def _settle(
    sides: _Sides, decided: Iterable[tuple[Place | None, Place | None]]
) -> tuple[dict[tuple[int, int], Match], dict[int, Alone], dict[int, Alone]]:
    """Take what a person decided, the first of two that contradict each other."""
    at_left = {each.wording.place: number for number, each in enumerate(sides.left)}
    at_right = {each.wording.place: number for number, each in enumerate(sides.right)}
    pairs: dict[tuple[int, int], Match] = {}
    alone_left: dict[int, Alone] = {}
    alone_right: dict[int, Alone] = {}
    for left, right in decided:
        one = at_left.get(left) if left else None
        other = at_right.get(right) if right else None
        if left and right and one in sides.open_left and other in sides.open_right:
            score = sides.likeness.of(sides.left[one].words, sides.right[other].words)
            pairs[one, other] = Match(_percent(score), decided=True)
            sides.take([(one, other)])
        elif left and not right and one in sides.open_left:
            alone_left[one] = Alone(CERTAIN, decided=True)
            sides.open_left.discard(one)
        elif right and not left and other in sides.open_right:
            alone_right[other] = Alone(CERTAIN, decided=True)
            sides.open_right.discard(other)
    return pairs, alone_left, alone_right


def _same_text(sides: _Sides) -> dict[tuple[int, int], Match]:
    pairs: dict[tuple[int, int], Match] = {}
    for group in _grouped(sides, attrgetter("folded")):
        pairs |= dict.fromkeys(_nearest_first(sides, *group), Match(CERTAIN))
    return pairs


def _nearest_first(
    sides: _Sides, left: Collection[int], right: Collection[int]
) -> list[tuple[int, int]]:
    """Pair equals one to one: at the same place, in the same level, elsewhere."""
    pairs: list[tuple[int, int]] = []
    free_left, free_right = list(left), list(right)
    for near in (attrgetter("wording.place"), attrgetter("wording.level"), _anywhere):
        waiting: dict[object, list[int]] = defaultdict(list)
        for other in reversed(free_right):
            waiting[near(sides.right[other])].append(other)
        for one in free_left:
            if found := waiting[near(sides.left[one])]:
                pairs.append((one, found.pop()))
        paired_left, paired_right = {one for one, _ in pairs}, {other for _, other in pairs}
        free_left = [one for one in free_left if one not in paired_left]
        free_right = [other for other in free_right if other not in paired_right]
    return pairs


def _anywhere(each: Stated) -> str:
    return ""


def _same_topic(sides: _Sides) -> dict[tuple[int, int], Match]:
    pairs: dict[tuple[int, int], Match] = {}
    to_weigh = MOST_WEIGHED
    for left, right in sorted(_grouped(sides, attrgetter("words.topic")), key=_size):
        to_weigh -= _size((left, right))
        if to_weigh < 0:
            break  # a topic of so many tells nothing
        behaviours = {
            (one, other): sides.likeness.of_behaviours(
                sides.left[one].words, sides.right[other].words
            )
            for one in left
            for other in right
        }
        for one, other in _assign(sides, behaviours):
            behaviour = behaviours[one, other]
            far = behaviour - ACROSS_LEVELS * sides.across(one, other) < HARDLY_ALIKE
            score = SAME_TOPIC + (1 - SAME_TOPIC) * behaviour
            pairs[one, other] = Match(_percent(score), doubtful=far)
    return pairs


def _size(group: tuple[list[int], list[int]]) -> int:
    return len(group[0]) * len(group[1])


def _grouped(
    sides: _Sides, key: Callable[[Stated], Hashable]
) -> Iterator[tuple[list[int], list[int]]]:
    """Give what has no partner yet on both sides under the same key; no key, no group."""
    groups: dict[Hashable, tuple[list[int], list[int]]] = {}
    for side, (statements, free) in enumerate(
        ((sides.left, sides.open_left), (sides.right, sides.open_right))
    ):
        for number in sorted(free):
            if found := key(statements[number]):
                groups.setdefault(found, ([], []))[side].append(number)
    return (group for group in groups.values() if group[0] and group[1])


def _scores(sides: _Sides) -> dict[tuple[int, int], float]:
    """Say how alike each open statement is to those that share the most telling words with it."""
    most = max(len(sides.open_left), len(sides.open_right))
    if most > TOO_MANY:
        return {}
    keep = min(MOST_CANDIDATES, CANDIDATES // max(most, 1))
    holding: dict[str, list[int]] = defaultdict(list)
    for other in sorted(sides.open_right):
        for word in set(sides.right[other].words.whole) - COMMON:
            holding[word].append(other)
    shared: dict[tuple[int, int], float] = defaultdict(float)
    for one in sorted(sides.open_left):
        for word in _telling(sides, one):
            weight = sides.likeness.weight(word)
            for other in holding.get(word, ()):
                shared[one, other] += weight
    return {
        (one, other): sides.likeness.of(sides.left[one].words, sides.right[other].words)
        for one, other in sorted(_best(shared, 0, keep) | _best(shared, 1, keep))
    }


def _telling(sides: _Sides, one: int) -> list[str]:
    """Give the words of a statement that tell most of it, the rarest first."""
    words = sorted(set(sides.left[one].words.whole) - COMMON)
    return sorted(words, key=sides.likeness.weight, reverse=True)[:MOST_WORDS]


def _best(shared: Mapping[tuple[int, int], float], side: int, keep: int) -> set[tuple[int, int]]:
    """Give, for each statement of one side, the pairs that share most."""
    of: dict[int, list[tuple[float, tuple[int, int]]]] = defaultdict(list)
    for pair, weight in shared.items():
        of[pair[side]].append((-weight, pair))
    return {pair for found in of.values() for _, pair in heapq.nsmallest(keep, found)}


def _alike(sides: _Sides, scores: Mapping[tuple[int, int], float]) -> dict[tuple[int, int], Match]:
    possible = {
        pair: score
        for pair, score in scores.items()
        if score >= POSSIBLE + ACROSS_LEVELS * sides.across(*pair)
    }
    return {
        pair: Match(
            _percent(possible[pair]),
            doubtful=possible[pair] < SURE + ACROSS_LEVELS * sides.across(*pair)
            or not sides.keeps_topic(*pair),
        )
        for pair in _assign(sides, possible)
    }


def _assign(sides: _Sides, scores: Mapping[tuple[int, int], float]) -> list[tuple[int, int]]:
    """Choose partners one to one, so that their scores add up to the most that can be had.

    Of what is equally alike the same level wins, then the nearest place.
    """
    weights: dict[tuple[int, int], int] = {}
    for (one, other), score in scores.items():
        across, distance = sides.apart(one, other)
        near = (not across) * NEAR + max(NEAR - 1 - distance, 0)
        weights[one, other] = round(score * WEIGHT) * 2 * NEAR + near + 1
    return _heaviest(weights) if len(weights) > 1 else list(weights)


def _heaviest(weights: Mapping[tuple[int, int], int]) -> list[tuple[int, int]]:
    """Choose pairs that share no side, of the greatest weight in all."""
    # Imported when first needed: it takes half a second and 17 MB, and most comparisons none.
    import networkx as nx  # type: ignore[import-untyped]  # it brings no types

    whole = nx.Graph(((LEFT, one), (RIGHT, other)) for one, other in weights)
    # Part by part: many small matchings are quicker than a large one.
    number = {
        node: place for place, part in enumerate(nx.connected_components(whole)) for node in part
    }
    parts: dict[int, nx.Graph] = defaultdict(nx.Graph)
    for (one, other), weight in weights.items():
        parts[number[LEFT, one]].add_edge((LEFT, one), (RIGHT, other), weight=weight)
    chosen = [sorted(edge) for part in parts.values() for edge in nx.max_weight_matching(part)]
    return sorted((left[1], right[1]) for left, right in chosen)
