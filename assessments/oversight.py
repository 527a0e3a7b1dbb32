"""How supervisors judge, in whole numbers, and who signed for each other: plain arithmetic."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple


class Signed(NamedTuple):
    """One sealed sign-off; ranks count from 1, 0 is "not yet placed"."""

    record: int
    cycle: int
    clerk: int
    first: int
    second: int | None
    rank: int
    suggested: int
    category: str


class Passed(NamedTuple):
    """One round of an assessment that somebody reviewed, or returned."""

    cycle: int
    assessment: int
    round: int
    by: int


class Settled(NamedTuple):
    """One difference that was settled, and whether for want of an answer."""

    number: int
    cycle: int
    assessment: int
    round: int
    by: int
    no_answer: bool


class Declined(NamedTuple):
    """One second signature that was refused."""

    cycle: int
    by: int


class Deeds(NamedTuple):
    """All that is counted."""

    signed: Sequence[Signed] = ()
    reviewed: Sequence[Passed] = ()
    returned: Sequence[Passed] = ()
    settled: Sequence[Settled] = ()
    declined: Sequence[Declined] = ()


@dataclass
class Figures:
    """What one person did, or what was done in one cycle; every part with its whole.

    `rounds` were reviewed or returned; `differences` were settled in rounds reviewed, or closed
    as "no answer"; `asked` second signatures were given or declined.
    """

    signed: int = 0
    upward: int = 0
    downward: int = 0
    categories: Counter[str] = field(default_factory=Counter)
    reviews: int = 0
    returned: int = 0
    rounds: int = 0
    no_answer: int = 0
    differences: int = 0
    declined: int = 0
    asked: int = 0

    @property
    def overrides(self) -> int:
        return self.upward + self.downward


class Pair(NamedTuple):
    """Two people who signed for each other in one cycle, with the records each of them signed."""

    cycle: int
    one: int
    other: int
    by_one: tuple[int, ...]
    by_other: tuple[int, ...]


# From cycle and person to what is counted together: the one or the other.
Group = Callable[[int, int], int]


def tally(deeds: Deeds, group: Group) -> dict[int, Figures]:
    """Count the deeds of each group; who has none of them is left out."""
    found: dict[int, Figures] = defaultdict(Figures)
    _count_signatures(found, deeds, group)
    _count_rounds(found, deeds, group)
    _count_differences(found, deeds, group)
    return dict(found)


def _count_signatures(found: dict[int, Figures], deeds: Deeds, group: Group) -> None:
    for signed in deeds.signed:
        figures = found[group(signed.cycle, signed.first)]
        figures.signed += 1
        figures.upward += signed.rank > signed.suggested
        figures.downward += signed.rank < signed.suggested
        if signed.rank != signed.suggested:
            figures.categories[signed.category] += 1
        if signed.second is not None:
            found[group(signed.cycle, signed.second)].asked += 1
    for declined in deeds.declined:
        figures = found[group(declined.cycle, declined.by)]
        figures.declined += 1
        figures.asked += 1


def _count_rounds(found: dict[int, Figures], deeds: Deeds, group: Group) -> None:
    rounds: dict[int, set[tuple[int, int]]] = defaultdict(set)
    for passed in deeds.reviewed:
        key = group(passed.cycle, passed.by)
        found[key].reviews += 1
        rounds[key].add((passed.assessment, passed.round))
    for passed in deeds.returned:
        key = group(passed.cycle, passed.by)
        found[key].returned += 1
        rounds[key].add((passed.assessment, passed.round))
    for key, passed_rounds in rounds.items():
        found[key].rounds = len(passed_rounds)


def _count_differences(found: dict[int, Figures], deeds: Deeds, group: Group) -> None:
    reviewer = {(passed.assessment, passed.round): passed.by for passed in deeds.reviewed}
    differences: dict[int, set[int]] = defaultdict(set)
    for settled in deeds.settled:
        if by := reviewer.get((settled.assessment, settled.round)):
            differences[group(settled.cycle, by)].add(settled.number)
        if settled.no_answer:
            key = group(settled.cycle, settled.by)
            found[key].no_answer += 1
            differences[key].add(settled.number)
    for key, numbers in differences.items():
        found[key].differences = len(numbers)


def mutual(signed: Iterable[Signed]) -> list[Pair]:
    """Give the pairs of people of whom each signed, first or second, for the other in a cycle."""
    records: dict[tuple[int, int, int], set[int]] = defaultdict(set)
    for row in signed:
        for signer in (row.first, row.second):
            if signer is not None:
                records[row.cycle, signer, row.clerk].add(row.record)
    return [
        Pair(cycle, one, other, tuple(sorted(numbers)), tuple(sorted(back)))
        for (cycle, one, other), numbers in sorted(records.items())
        if one < other and (back := records.get((cycle, other, one)))
    ]
