"""Which records a pack holds: those that were asked for, and those needed to read them."""

import datetime
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from records.models import Record, RecordKind
from records.queries import payload_of

PAGE = 200
NAMES_A_RECORD = frozenset({"record", "supersedes"})


def narrowed(
    records: QuerySet[Record],
    *,
    person: User | None = None,
    teams: Collection[int] | None = None,
    since: datetime.date | None = None,
    until: datetime.date | None = None,
) -> QuerySet[Record]:
    """Keep the records about a person or the people in these teams, sealed in these days."""
    if person is not None:
        records = records.filter(subject=person)
    if teams is not None:
        records = records.filter(subject__team__in=teams)
    if since is not None:
        records = records.filter(sealed_at__date__gte=since)
    return records if until is None else records.filter(sealed_at__date__lte=until)


def with_those_named(asked: QuerySet[Record], readable: QuerySet[Record]) -> list[int]:
    """Give the numbers of these records, of those they name and of those in their place by now.

    What is not among the readable ones is left out; of the texts a page is held at a time.
    """
    numbers = set(asked.order_by().values_list("pk", flat=True))
    named: set[int] = set()
    for record in pages_of(Record.objects.filter(pk__in=asked.order_by().values("pk"))):
        named.update(_named_in(payload_of(record)))
    later = readable.filter(supersedes__in=asked.order_by().values("pk")).order_by()
    found = named | set(later.values_list("pk", flat=True))
    for some in chunks(found - numbers):
        numbers.update(readable.filter(pk__in=some).order_by().values_list("pk", flat=True))
    return sorted(numbers)


def publications_of(versions: Collection[int], readable: QuerySet[Record]) -> list[int]:
    """Give the numbers of the records by which these versions were published and retired."""
    kinds = (RecordKind.FRAMEWORK_PUBLISHED, RecordKind.FRAMEWORK_RETIRED)
    found = pages_of(readable.filter(kind__in=kinds))
    return [record.pk for record in found if payload_of(record).get("version") in versions]


def versions_published_by(numbers: Collection[int]) -> set[int]:
    """Give the framework versions that records among these are about."""
    kinds = (RecordKind.FRAMEWORK_PUBLISHED, RecordKind.FRAMEWORK_RETIRED)
    found = pages_of(Record.objects.filter(kind__in=kinds))
    wanted = (payload_of(record).get("version") for record in found if record.pk in numbers)
    return {version for version in wanted if isinstance(version, int)}


def pages_of(records: QuerySet[Record]) -> Iterator[Record]:
    """Read records from the first to the last, a page at a time, so that nobody waits for it."""
    after = 0
    while page := list(records.filter(pk__gt=after).order_by("pk")[:PAGE]):
        yield from page
        after = page[-1].pk


def chunks(numbers: Collection[int]) -> Iterator[list[int]]:
    """Give the numbers in their order, as many at a time as a query can name."""
    found = sorted(numbers)
    for start in range(0, len(found), PAGE):
        yield found[start : start + PAGE]


def _named_in(payload: Mapping[str, Any]) -> Iterator[int]:
    for name, value in payload.items():
        if name in NAMES_A_RECORD and type(value) is int:
            yield value
        elif isinstance(value, dict) and name != "rows":
            yield from _named_in(value)
