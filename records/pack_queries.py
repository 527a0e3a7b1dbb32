"""Which records a pack holds: those that were asked for, and those needed to read them."""

import datetime
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from accounts.models import Team, User
from accounts.permissions import is_auditor
from accounts.queries import team_nodes, teams_under
from accounts.tree import teams_below
from records import sealing
from records.models import Record, RecordKind, SigningKey
from records.queries import payload_of

PAGE = 200
NAMES_A_RECORD = frozenset({"record", "supersedes"})


def narrowed(
    records: QuerySet[Record],
    *,
    person: User | None = None,
    team: Team | None = None,
    since: datetime.date | None = None,
    until: datetime.date | None = None,
) -> QuerySet[Record]:
    """Keep the records about a person, or the people in a team or below it, of these days."""
    if person is not None:
        records = records.filter(subject=person)
    if team is not None:
        records = records.filter(subject__team__in=teams_below({team.pk}, team_nodes()))
    if since is not None:
        records = records.filter(sealed_at__date__gte=since)
    return records if until is None else records.filter(sealed_at__date__lte=until)


def people_in(records: QuerySet[Record]) -> QuerySet[User]:
    """Give whom these records are about, with their teams."""
    subjects = records.order_by().values("subject")
    return User.objects.filter(pk__in=subjects).select_related("team")


def teams_of(reader: User) -> QuerySet[Team]:
    """Give the teams this person may ask for: auditors all, supervisors those below them."""
    return (
        Team.objects.all()
        if is_auditor(reader)
        else Team.objects.filter(pk__in=teams_under(reader))
    )


def fingerprint_in_use() -> str:
    """Give the fingerprint of the key that seals, "" before anything was sealed."""
    last = SigningKey.objects.order_by("-since").first()
    return sealing.fingerprint(last.public_key) if last else ""


def in_words(
    *,
    person: User | None = None,
    team: Team | None = None,
    since: datetime.date | None = None,
    until: datetime.date | None = None,
) -> str:
    """Say what was asked for, as the pack says it."""
    whose = f"Records about {person}" if person else "Records"
    days = [f"from {since}" if since else "", f"until {until}" if until else ""]
    parts = [
        f"{whose} of the team {team}" if team else whose,
        f"sealed {' '.join(filter(None, days))} ({settings.TIME_ZONE})" if since or until else "",
    ]
    return ", ".join(filter(None, parts)) + "."


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
