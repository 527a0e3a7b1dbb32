"""Walking the ledger from its first record to its last: what was changed, and where first."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from records import sealing

# What one walk reports at most: whoever replaced everything needs no list of everything.
MOST_PROBLEMS = 1_000


# Says of a digest and a seal, both in hex, whether one is the other's.
SealHolds = Callable[[str, str], bool]


class Link(NamedTuple):
    """A record as the chain sees it; digests, seal and key id in hex."""

    sequence: int
    payload: str
    digest: str
    previous_digest: str
    seal: str
    key_id: str


class Problem(NamedTuple):
    """What is wrong, and with which record (None: with none in particular).

    `kind` is gap, digest, link, seal, mismatch or truncated.
    """

    sequence: int | None
    kind: str
    message: str


class Head(NamedTuple):
    """The end of a ledger: the number of its last record and its digest; (0, zeros) when empty."""

    sequence: int
    digest: str


NO_HEAD = Head(0, sealing.NO_DIGEST)


class Walked(NamedTuple):
    """What a walk found: how many records, the last of them, the problems in their order."""

    records: int
    head: Head
    problems: list[Problem]


def walk(
    links: Iterable[Link],
    seals: Mapping[str, SealHolds],
    *,
    trusted: Iterable[str] = (),
    anchored: Mapping[int, str] | None = None,
) -> Walked:
    """Hash every record again, in order, and check its link and its seal; holds one at a time.

    `seals` say, by key id, whether a seal of a digest holds. A seal of a `trusted` key vouches
    for all records before it, because its digest holds theirs; none named: every key counts.
    `anchored` are digests by sequence, as they were noted elsewhere (0 to n).
    """
    vouches, anchored = set(trusted) or set(seals), anchored or {}
    head, number, unvouched = NO_HEAD, 0, None
    problems: list[Problem] = []
    for link in links:
        number += 1
        found = _problems_of(link, head, seals)
        if noted := anchored.get(link.sequence):
            found += _against(link, noted)
        problems += found[: MOST_PROBLEMS - len(problems)]
        if link.key_id in vouches and not any(problem.kind == "seal" for problem in found):
            unvouched = None
        elif unvouched is None:
            unvouched = link.sequence
        head = Head(link.sequence, link.digest)
    named = {problem.sequence for problem in problems if problem.kind == "seal"}
    if unvouched is not None and unvouched not in named:
        problems.append(
            Problem(
                unvouched,
                "seal",
                f"From record {unvouched} on every seal is by a key that neither the key file nor"
                " the anchor knows.",
            )
        )
    if anchored and (last := max(anchored)) > head.sequence:
        problems.append(
            Problem(
                head.sequence + 1,
                "truncated",
                f"The ledger ends with record {head.sequence}, but {last} was its last one when it"
                " was anchored.",
            )
        )
    return Walked(number, head, in_order(problems))


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Sort by record, those of no record last; what was found first of one record stays first."""
    return sorted(problems, key=lambda p: (p.sequence is None, p.sequence or 0))


def _problems_of(link: Link, before: Head, seals: Mapping[str, SealHolds]) -> list[Problem]:
    found = []
    here, expected = link.sequence, before.sequence + 1
    if here > expected:
        missing = str(expected) if here == expected + 1 else f"{expected} to {here - 1}"
        found.append(Problem(expected, "gap", f"Missing: record {missing}."))
    elif here < expected:
        found.append(Problem(here, "gap", f"Record {here} stands after record {before.sequence}."))
    if sealing.chained_digest(link.previous_digest, link.payload) != link.digest:
        found.append(Problem(here, "digest", f"The text of record {here} is not what was sealed."))
    if link.previous_digest != before.digest:
        found.append(
            Problem(here, "link", f"Record {here} does not follow the record that is before it.")
        )
    if (holds := seals.get(link.key_id)) is None:
        found.append(Problem(here, "seal", f"The key that sealed record {here} is not known."))
    elif not holds(link.digest, link.seal):
        found.append(Problem(here, "seal", f"The seal of record {here} does not hold."))
    return found


def _against(link: Link, noted: str) -> list[Problem]:
    if link.digest == noted:
        return []
    message = f"Record {link.sequence} is not the one that was anchored under this number."
    return [Problem(link.sequence, "truncated", message)]
