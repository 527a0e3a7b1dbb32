"""How far two raters agree, and where they part: plain arithmetic."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple

# Of fewer people nothing is said: it would be about them, not about how somebody judges.
FEWEST_PEOPLE = 5
FAR_APART = 2  # steps from which two readings of a statement divide


class Pair(NamedTuple):
    """Both sides' first ratings of one statement, neither "not part of the role"."""

    supervisor: int
    cycle: int
    clerk: int
    statement: int
    by_clerk: int
    by_supervisor: int


class Agreement(NamedTuple):
    """How a supervisor's ratings lie beside the clerks'; `kappa` is None for too few people.

    It is Cohen's kappa with quadratic weights, from -1 to 1: 1 is the same everywhere, 0 what
    chance alone would give.
    """

    people: int
    pairs: int
    same: int
    higher: int
    lower: int
    kappa: float | None


class Divided(NamedTuple):
    """A statement with how many of its pairs lie two steps apart or more."""

    statement: int
    far: int
    pairs: int


def quadratic_kappa(pairs: Mapping[tuple[int, int], int]) -> float | None:
    """Give Cohen's kappa with quadratic weights for counted pairs of whole numbers.

    None where it is not defined: without pairs, and where both sides say one and the same
    throughout. (Cohen, Psychological Bulletin 70, 1968.)
    """
    total = sum(pairs.values())
    if not total:
        return None
    left: Counter[int] = Counter()
    right: Counter[int] = Counter()
    for (one, other), number in pairs.items():
        left[one] += number
        right[other] += number
    observed = sum(number * (one - other) ** 2 for (one, other), number in pairs.items())
    by_chance = sum(
        n * m * (one - other) ** 2 for one, n in left.items() for other, m in right.items()
    )
    if not by_chance:
        return None
    return float(1 - Fraction(observed * total, by_chance))


def agreements(pairs: Iterable[Pair]) -> dict[tuple[int, int], Agreement]:
    """Give the agreement by supervisor and cycle."""
    counted: dict[tuple[int, int], Counter[tuple[int, int]]] = defaultdict(Counter)
    people: dict[tuple[int, int], set[int]] = defaultdict(set)
    for pair in pairs:
        key = pair.supervisor, pair.cycle
        counted[key][pair.by_clerk, pair.by_supervisor] += 1
        people[key].add(pair.clerk)
    return {
        key: Agreement(
            people=len(people[key]),
            pairs=found.total(),
            same=sum(n for (clerk, other), n in found.items() if clerk == other),
            higher=sum(n for (clerk, other), n in found.items() if other > clerk),
            lower=sum(n for (clerk, other), n in found.items() if other < clerk),
            kappa=quadratic_kappa(found) if len(people[key]) >= FEWEST_PEOPLE else None,
        )
        for key, found in counted.items()
    }


def divided(pairs: Iterable[Pair], most: int) -> list[Divided]:
    """Give the statements that divide raters most: candidates for clearer wording."""
    all_pairs: Counter[int] = Counter()
    far: Counter[int] = Counter()
    people: dict[int, set[int]] = defaultdict(set)
    for pair in pairs:
        all_pairs[pair.statement] += 1
        people[pair.statement].add(pair.clerk)
        far[pair.statement] += abs(pair.by_clerk - pair.by_supervisor) >= FAR_APART
    found = [
        Divided(statement, far[statement], number)
        for statement, number in all_pairs.items()
        if far[statement] and len(people[statement]) >= FEWEST_PEOPLE
    ]
    return sorted(found, key=lambda d: (-Fraction(d.far, d.pairs), d.statement))[:most]
