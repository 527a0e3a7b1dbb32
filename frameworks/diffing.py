"""Flow 1, from two Documents to what differs: the pairing of their statements."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

from frameworks.changes import Change, ChangeKind, Diff, Pair, Wording
from frameworks.documents import Document, fold
from frameworks.pairing import Alone, Match, pair, state
from frameworks.similarity import same_meaning

MINOR = 99  # the same meaning, though not the same letters


def compare(old: Document, new: Document, decided: Sequence[Pair] = ()) -> Diff:
    """Pair the statements of two documents one to one and say what became of each.

    First what a person has `decided` (places that do not exist or come twice are passed over),
    then the same text, the same topic, and the best overall assignment of what is alike.
    Beyond six hundred left over on a side none is sought among them: they are new and retired.
    """
    olds, news = _stated(old), _stated(new)
    # Put in one order whichever is called the old one, so that ties fall alike both ways.
    if [each.text for each in olds] > [each.text for each in news]:
        flipped, right, left = pair(state(news), state(olds), [(p.new, p.old) for p in decided])
        pairs = {(o, n): match for (n, o), match in flipped.items()}
    else:
        pairs, left, right = pair(state(olds), state(news), decided)
    return Diff(tuple(_changes(olds, news, pairs, left, right)))


def kind_of(old: Wording | None, new: Wording | None) -> ChangeKind:
    """Say what became of one competency, given its wording on both sides (not both None)."""
    if old is None:
        return ChangeKind.NEW
    if new is None:
        return ChangeKind.RETIRED
    if old.level != new.level:
        return ChangeKind.MOVED
    if fold(old.text) == fold(new.text):
        return ChangeKind.UNCHANGED
    return ChangeKind.MINOR if same_meaning(old.text, new.text) else ChangeKind.REWORDED


def _stated(document: Document) -> list[Wording]:
    return [
        Wording(level.key, position, text)
        for level in document.levels
        for position, text in enumerate(level.statements, start=1)
    ]


def _changes(
    olds: Sequence[Wording],
    news: Sequence[Wording],
    pairs: Mapping[tuple[int, int], Match],
    alone_old: Mapping[int, Alone],
    alone_new: Mapping[int, Alone],
) -> Iterator[Change]:
    """Give what became of each: in the new order, then the retired in the old one."""
    partner = {new: old for old, new in pairs}
    out_of_order = _reordered([(olds[o], news[n], n) for o, n in pairs])
    for number, new in enumerate(news):
        if number not in partner:
            yield _alone(ChangeKind.NEW, None, new, alone_new[number])
            continue
        old, match = olds[partner[number]], pairs[partner[number], number]
        kind = kind_of(old, new)
        confidence = MINOR if kind == ChangeKind.MINOR else match.confidence
        yield Change(
            kind=kind,
            confidence=confidence,
            doubtful=match.doubtful and kind not in (ChangeKind.UNCHANGED, ChangeKind.MINOR),
            decided=match.decided,
            reordered=number in out_of_order,
            old=old,
            new=new,
        )
    paired = set(partner.values())
    for number, old in enumerate(olds):
        if number not in paired:
            yield _alone(ChangeKind.RETIRED, old, None, alone_old[number])


def _alone(kind: ChangeKind, old: Wording | None, new: Wording | None, alone: Alone) -> Change:
    return Change(kind, alone.confidence, False, alone.decided, False, old, new)


def _reordered(kept: Sequence[tuple[Wording, Wording, int]]) -> set[int]:
    """Give the new numbers of statements that kept their level outside the longest common order."""
    of_level: dict[str, list[tuple[int, int, int]]] = {}
    for old, new, number in kept:
        if old.level == new.level:
            of_level.setdefault(new.level, []).append((new.position, old.position, number))
    moved: set[int] = set()
    for places in of_level.values():
        places.sort()
        in_order = _longest_rise([old for _, old, _ in places])
        moved |= {number for k, (_, _, number) in enumerate(places) if k not in in_order}
    return moved


def _longest_rise(values: Sequence[int]) -> set[int]:
    """Give the indexes of one longest increasing subsequence (patience sorting)."""
    ends: list[int] = []
    at: list[int] = []
    before: list[int] = []
    for index, value in enumerate(values):
        pile = bisect_left(ends, value)
        before.append(at[pile - 1] if pile else -1)
        ends[pile : pile + 1] = [value]
        at[pile : pile + 1] = [index]
    found, index = set(), at[-1] if at else -1
    while index >= 0:
        found.add(index)
        index = before[index]
    return found
