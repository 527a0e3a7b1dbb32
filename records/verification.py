"""The whole ledger looked at again: the chain itself, and the tables it speaks of."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from records import chain, sealing
from records.anchors import Anchor, problems_of_anchors
from records.chain import Head, Link, Problem, SealHolds
from records.fingerprints import Rows, altered
from records.models import Record, SigningKey, VerificationStatus
from records.queries import envelope, payload_of

PAGE = 500
# What a column with a value of another type raises as it is read.
UNREADABLE = (ValueError, TypeError, OverflowError)


class Comparer(NamedTuple):
    """What an app knows of its rows behind records of some kinds.

    `rows_behind` gives, by sequence, the rows by table as they are now; a record whose rows are
    gone is missing in it. `strays` finds rows that need a record and have none.
    """

    kinds: frozenset[str]
    rows_behind: Callable[[Sequence[Record]], Mapping[int, Mapping[str, Rows]]]
    strays: Callable[[], Iterable[Problem]]


class Verified(NamedTuple):
    """What came out: `anchored` is None where no anchor was there to compare with."""

    records: int
    head: Head
    anchored: bool | None
    problems: list[Problem]

    @property
    def status(self) -> VerificationStatus:
        return VerificationStatus.BROKEN if self.problems else VerificationStatus.OK


def verify(comparers: Iterable[Comparer], anchors: Sequence[Anchor] | None = None) -> Verified:
    """Check every record and what the tables say of the same things; reads a page at a time.

    Writes nothing. Records that are added meanwhile are checked too.
    """
    comparers, differing = list(comparers), list[Problem]()
    anchored = {anchor.sequence: anchor.digest for anchor in anchors or () if anchor.sequence}
    own = _own_seals(settings.SEAL_KEY_FILE)
    trusted = {*own, *(anchor.key_id for anchor in anchors or () if anchor.holds)}

    def links() -> Iterator[Link]:
        for page in _pages():
            differing.extend(_mismatches(page, comparers))
            for r in page:
                yield Link(r.sequence, r.payload, r.digest, r.previous_digest, r.seal, r.key_id)

    walked = chain.walk(links(), _known_seals(own), trusted=trusted, anchored=anchored)
    false_anchors = problems_of_anchors(anchors or ())
    strays = [problem for comparer in comparers for problem in comparer.strays()]
    lost = [p for p in walked.problems if p.kind == "truncated"]
    return Verified(
        walked.records,
        walked.head,
        None if anchors is None else not (lost or false_anchors),
        chain.in_order([*walked.problems, *differing, *strays, *false_anchors]),
    )


def head() -> Head:
    """Give the last record's number and digest."""
    last = Record.objects.order_by("-sequence").values_list("sequence", "digest").first()
    return Head(*last) if last else chain.NO_HEAD


def _pages() -> Iterator[list[Record]]:
    after = -1
    while page := list(Record.objects.filter(sequence__gt=after).order_by("sequence")[:PAGE]):
        yield page
        after = page[-1].sequence


def _known_seals(own: Mapping[str, SealHolds]) -> dict[str, SealHolds]:
    """Give what the kept keys seal; a key that does not bear its own name counts as unknown."""
    return {
        key_id: own.get(key_id) or partial(sealing.seal_holds, public_key=public_key)
        for key_id, public_key in SigningKey.objects.values_list("key_id", "public_key")
        if _is_named_so(public_key, key_id)
    }


def _is_named_so(public_key: str, key_id: str) -> bool:
    try:
        return sealing.key_id(public_key) == key_id
    except ValueError:
        return False


def _own_seals(path: Path) -> dict[str, SealHolds]:
    """Give what the keys of the file seal; verifying needs none, then every known one counts."""
    try:
        keys = sealing.keys_in(path)
    except (OSError, ValueError):
        return {}
    return {
        sealing.key_id(sealing.public_hex(key)): partial(sealing.sealed_by, key=key)
        if isinstance(key, Ed25519PrivateKey)
        else partial(sealing.seal_holds, public_key=sealing.public_hex(key))
        for key in keys
    }


def _mismatches(page: Sequence[Record], comparers: Iterable[Comparer]) -> Iterator[Problem]:
    read = {record.sequence: payload_of(record) for record in page}
    for record in page:
        if _columns(record) != {k: v for k, v in _about(read[record.pk]).items() if k != "rows"}:
            message = f"What stands beside the text of record {record.pk} is not what was sealed."
            yield Problem(record.pk, "mismatch", message)
    for comparer in comparers:
        mine = [record for record in page if record.kind in comparer.kinds]
        behind = _behind(comparer, mine)
        for record in mine:
            sealed = _about(read[record.pk]).get("rows") or {}
            yield from _row_problems(record, sealed, behind.get(record.pk))


def _behind(comparer: Comparer, records: Sequence[Record]) -> Mapping[int, Mapping[str, Rows]]:
    """Give the rows behind each record; none where what is there cannot even be read."""
    try:
        return comparer.rows_behind(records) if records else {}
    except UNREADABLE:
        if len(records) == 1:
            return {}
        return {pk: rows for one in records for pk, rows in _behind(comparer, [one]).items()}


def _row_problems(
    record: Record, sealed: Mapping[str, Any], behind: Mapping[str, Rows] | None
) -> Iterator[Problem]:
    if behind is None:
        message = f"What record {record.pk} sealed is in the tables no more."
        yield Problem(record.pk, "mismatch", message)
        return
    for table in altered(sealed, behind):
        message = f"Not what was sealed as record {record.pk}: {table} behind it."
        yield Problem(record.pk, "mismatch", message)


def _columns(record: Record) -> dict[str, Any]:
    found = envelope(record.kind, record.sealed_at, None, None)
    return found | {"subject": record.subject_id, "supersedes": record.supersedes_id}


def _about(payload: Mapping[str, Any]) -> dict[str, Any]:
    about = payload.get("record")
    return about if isinstance(about, dict) else {}
