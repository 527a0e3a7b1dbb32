"""Rows of the tables as one digest, so that a record can say what stood behind it."""

import datetime
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import rfc8785

Row = Sequence[object]
# What JSON's numbers hold exactly (RFC 8785, RFC 7493).
LARGEST = 2**53 - 1


class Rows(NamedTuple):
    """Rows of one table in a fixed order; where they only grow, the first of them are sealed."""

    rows: Sequence[Row]
    grows: bool = False


def fingerprint(rows: Iterable[Row]) -> str:
    """Give hex SHA-256 of the rows as canonical JSON; moments in UTC to the microsecond."""
    return hashlib.sha256(rfc8785.dumps([[_plain(v) for v in row] for row in rows])).hexdigest()


def sealed_rows(behind: Mapping[str, Rows]) -> dict[str, Any]:
    """Give what a record holds of the rows behind it, by table: their number and digest."""
    return {
        table: {"rows": len(found.rows), "digest": fingerprint(found.rows)}
        for table, found in behind.items()
    }


def altered(sealed: Mapping[str, Any], behind: Mapping[str, Rows]) -> list[str]:
    """Name the tables whose rows are not the ones that were sealed."""
    return sorted(
        table
        for table in sealed.keys() | behind.keys()
        if table not in sealed or table not in behind or not _holds(sealed[table], behind[table])
    )


def _holds(sealed: Mapping[str, Any], found: Rows) -> bool:
    rows = found.rows[: sealed["rows"]] if found.grows else found.rows
    return bool(len(rows) == sealed["rows"] and fingerprint(rows) == sealed["digest"])


def _plain(value: object) -> Any:
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat(timespec="microseconds")
    if isinstance(value, datetime.date):
        return value.isoformat()
    # A number that JSON cannot hold exactly is no number of ours; its text differs all the same.
    return value if value is None or isinstance(value, str) or _is_small(value) else str(value)


def _is_small(value: object) -> bool:
    return isinstance(value, int) and abs(value) <= LARGEST
