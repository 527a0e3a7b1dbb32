"""The rows of a framework version that a publication seals, and whether they still stand."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from frameworks.models import FrameworkVersion, Level, Statement, StatementChange, VersionState
from records.chain import Problem
from records.fingerprints import Row, Rows
from records.models import Record, RecordKind
from records.queries import payload_of
from records.verification import Comparer

VERSION = (
    "id framework_id label description context_covered schema_version exported_at sources"
    " attribution source_sha256 content_digest replaces_id imported_at imported_by_id"
)
LEVEL = "id key label rank"
STATEMENT = "id level_id competency_id position text topic behaviour text_digest"
CHANGE = "id kind old_statement_id new_statement_id confirmed_by_id confirmed_at"


def rows_behind_version(version: FrameworkVersion) -> dict[str, Rows]:
    """Give the rows, by what they are called, that a version consists of."""
    return rows_behind_versions([version.pk])[version.pk]


def rows_behind_versions(pks: Sequence[int]) -> dict[int, dict[str, Rows]]:
    """Give the rows of each version that is there: 4 queries and the files as imported."""
    found: dict[int, dict[str, list[Row]]] = {}
    for version in FrameworkVersion.objects.filter(pk__in=pks):
        file = hashlib.sha256(bytes(version.source_bytes)).hexdigest()
        own = [getattr(version, column) for column in VERSION.split()]
        found[version.pk] = defaultdict(list, {"the version": [[*own, file]]})
    for name, model, columns in (
        ("the levels", Level, LEVEL),
        ("the statements", Statement, STATEMENT),
        ("the pairs", StatementChange, CHANGE),
    ):
        rows = model._default_manager.filter(version__in=found).order_by("pk")
        for pk, *row in rows.values_list("version", *columns.split()):
            found[pk][name].append(row)
    return {
        pk: {name: Rows(rows) for name, rows in of_version.items()}
        for pk, of_version in found.items()
    }


def _rows_behind(records: Sequence[Record]) -> Mapping[int, Mapping[str, Rows]]:
    wanted = {record.pk: payload_of(record).get("version") for record in records}
    there = rows_behind_versions([pk for pk in wanted.values() if isinstance(pk, int)])
    return {number: there[pk] for number, pk in wanted.items() if pk in there}


def _strays() -> Iterator[Problem]:
    """Compare each version's state with the last record that speaks of it."""
    said: dict[int, str] = {}
    records = Record.objects.filter(kind__in=KINDS).order_by("sequence")
    for record in records.iterator(chunk_size=50):
        pk = payload_of(record).get("version")
        if isinstance(pk, int):
            said[pk] = SAYS[RecordKind(record.kind)]
    states = FrameworkVersion.objects.exclude(state=VersionState.DRAFT).values_list("pk", "state")
    for pk, state in states:
        if state != said.pop(pk, ""):
            message = f"A version is {state} in the tables; its last record does not say so."
            yield Problem(None, "mismatch", message)
    for expected in said.values():
        yield Problem(None, "mismatch", f"A version that is {expected} stands as a draft.")


SAYS = {
    RecordKind.FRAMEWORK_PUBLISHED: VersionState.PUBLISHED.value,
    RecordKind.FRAMEWORK_RETIRED: VersionState.RETIRED.value,
}
KINDS = frozenset(str(kind) for kind in SAYS)
COMPARER = Comparer(KINDS, _rows_behind, _strays)
