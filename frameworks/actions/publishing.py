import datetime
import json
from collections.abc import Mapping
from operator import attrgetter
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from frameworks.actions.drafts import PublishRefused, locked
from frameworks.changes import Change, Place, Wording
from frameworks.comparison_queries import Comparison, base_of, compared, seen_of
from frameworks.identity_queries import coming_back
from frameworks.models import (
    Competency,
    FrameworkVersion,
    Statement,
    StatementChange,
    VersionState,
)
from frameworks.queries import facts_of, reading_of
from frameworks.sealed_rows import rows_behind_version
from records.actions import append_record
from records.models import RecordKind


@transaction.atomic
def publish_version(
    *,
    version: FrameworkVersion,
    by: User | None,
    seen: str | None = None,
    open_cycles: Mapping[str, str] | None = None,
) -> FrameworkVersion:
    """Publish a draft or a retired version, retire the one before it, seal a record.

    `seen` is what `seen_of` gave for the pairing that the person was shown; None asks for no
    such check. Raises PublishRefused: pairs that wait for a decision too. Called through
    `assessments.actions`, which knows the open cycles and what becomes of them (sealed as given).
    """
    now = timezone.now()
    version = locked(version)
    if version.state == VersionState.PUBLISHED:
        raise PublishRefused(f"{version} is published already.")
    if not version.label:
        raise PublishRefused("The version has no name yet. Name it, then publish it.")
    before = base_of(version)
    comparison = compared(before, version) if before else None
    if seen is not None:
        _as_seen(seen, version, comparison)
    if comparison and (waiting := len(comparison.undecided)):
        raise PublishRefused(
            f"{waiting} {'pair waits' if waiting == 1 else 'pairs wait'} for your decision:"
            f" the same competency in other words, or two? {version} stays a draft until then."
        )
    back = coming_back(before, comparison.diff, version) if before and comparison else {}
    if version.state == VersionState.DRAFT:
        _settle_pairs(comparison, version, back)
        version.replaces = before
    if before is not None and before.state == VersionState.PUBLISHED:
        _retire(before, by=by, at=now)
    version.state = VersionState.PUBLISHED
    version.published_at, version.published_by = now, by
    version.save(update_fields=["state", "published_at", "published_by", "replaces"])
    _take_over_facts(version)
    append_record(
        kind=RecordKind.FRAMEWORK_PUBLISHED,
        payload=_payload("framework_published", version, by=by, at=now)
        | {"pairing": _pairing(comparison, back), "open_cycles": dict(open_cycles or {})},
        at=now,
        behind=rows_behind_version(version),
    )
    return version


def _as_seen(seen: str, version: FrameworkVersion, comparison: Comparison | None) -> None:
    now = seen_of(version, comparison)
    if now.partition("-")[0] != seen.partition("-")[0]:
        raise PublishRefused(
            f"Another version was published meanwhile. Compare {version} with it, then publish."
        )
    if now == seen:
        return
    last = max(comparison.decisions, key=attrgetter("pk"), default=None) if comparison else None
    by = f" {last.confirmed_by} was the last to decide on a pair." if last else ""
    raise PublishRefused(
        f"The pairing changed while this page was open.{by} Look at the changes again, then"
        " publish. Nothing was changed."
    )


@transaction.atomic
def retire_version(*, version: FrameworkVersion, by: User | None) -> FrameworkVersion:
    """Retire a published version and seal a record. Raises PublishRefused."""
    now = timezone.now()
    version = locked(version)
    if version.state != VersionState.PUBLISHED:
        raise PublishRefused(f"{version} is not published.")
    _retire(version, by=by, at=now)
    return version


def _retire(version: FrameworkVersion, *, by: User | None, at: datetime.datetime) -> None:
    version.state = VersionState.RETIRED
    version.retired_at, version.retired_by = at, by
    version.save(update_fields=["state", "retired_at", "retired_by"])
    append_record(
        kind=RecordKind.FRAMEWORK_RETIRED,
        payload=_payload("framework_retired", version, by=by, at=at),
        at=at,
        behind=rows_behind_version(version),
    )


def _take_over_facts(version: FrameworkVersion) -> None:
    """Say of the occupation what the version in force says of it: a draft changes nothing."""
    document, _ = reading_of(version)
    for name, value in facts_of(document).items():
        setattr(version.framework, name, value)
    version.framework.save()


def _settle_pairs(
    comparison: Comparison | None, version: FrameworkVersion, back: Mapping[Place, Statement]
) -> None:
    """Store the pairing in full and give each statement its identity, anew where it is new."""
    inherited: dict[int, int | None] = {}
    if comparison is not None:
        version.changes.all().delete()
        StatementChange.objects.bulk_create(
            StatementChange(
                version=version,
                kind=change.kind,
                old_statement=old,
                new_statement=new,
                confirmed_by=confirmed.confirmed_by if confirmed else None,
                confirmed_at=confirmed.confirmed_at if confirmed else None,
            )
            for change, old, new, confirmed in comparison.sides
        )
        for change, old, new, _ in comparison.sides:
            earlier = old or (back.get(change.new.place) if change.new else None)
            if new and earlier:
                inherited[new.pk] = earlier.competency_id
    statements = list(version.statements.all())
    unknown = [statement for statement in statements if statement.pk not in inherited]
    made = Competency.objects.bulk_create(Competency(framework=version.framework) for _ in unknown)
    given = inherited | {s.pk: made.pk for s, made in zip(unknown, made, strict=True)}
    for statement in statements:
        statement.competency_id = given[statement.pk]
    Statement.objects.bulk_update(statements, ["competency"])


def _pairing(
    comparison: Comparison | None, back: Mapping[Place, Statement]
) -> dict[str, Any] | None:
    """Give what became of every statement of the version before; None for the first of all."""
    if comparison is None:
        return None
    return {
        "against": comparison.old.label,
        "content_digest": comparison.old.content_digest,
        "counts": comparison.diff.counts,
        "changes": [
            {
                "kind": str(change.kind.value),
                "old": _place(change.old),
                "new": _place(change.new),
                "asked_before": _asked_before(change, back),
                "confirmed_by": str(confirmed.confirmed_by) if confirmed else None,
            }
            for change, _, _, confirmed in comparison.sides
        ],
    }


def _asked_before(change: Change, back: Mapping[Place, Statement]) -> str | None:
    """Give the version in which a statement that comes back was asked last."""
    earlier = back.get(change.new.place) if change.new else None
    return earlier.version.label if earlier else None


def _place(wording: Wording | None) -> dict[str, Any] | None:
    return wording._asdict() if wording else None


def _payload(
    kind: str, version: FrameworkVersion, *, by: User | None, at: datetime.datetime
) -> dict[str, Any]:
    levels: dict[int, dict[str, Any]] = {
        level.pk: {"key": level.key, "label": level.label, "statements": []}
        for level in version.levels.all()
    }
    for statement in version.statements.all():
        levels[statement.level_id]["statements"].append(
            {"position": statement.position, "text": statement.text}
        )
    return {
        "type": kind,
        "schema": "3",
        "version": version.pk,
        "framework": {
            "soc": version.framework.soc,
            "title": version.framework.title,
            "label": version.label,
            "content_digest": version.content_digest,
            "source_sha256": version.source_sha256,
            "attribution": version.attribution,
            "sources": json.loads(version.sources) if version.sources else None,
            "replaces": version.replaces.label if version.replaces else None,
        },
        "levels": list(levels.values()),
        "by": {"name": str(by), "employee_number": by.employee_number} if by else None,
        "at": at.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
