import datetime
import json
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from frameworks.actions.drafts import PublishRefused, locked
from frameworks.documents import fold
from frameworks.models import Competency, FrameworkVersion, Statement, VersionState
from frameworks.queries import facts_of, reading_of
from records.actions import append_record
from records.models import RecordKind


@transaction.atomic
def publish_version(*, version: FrameworkVersion, by: User | None) -> FrameworkVersion:
    """Publish a draft or a retired version, retire the one before it, seal a record.

    Raises PublishRefused. Called through `assessments.actions`, which knows the open cycles.
    """
    now = timezone.now()
    version = locked(version)
    if version.state == VersionState.PUBLISHED:
        raise PublishRefused(f"{version} is published already.")
    if not version.label:
        raise PublishRefused("The version has no name yet. Name it, then publish it.")
    before = _last_published(version)
    if version.state == VersionState.DRAFT:
        _give_competencies(version, before)
        version.replaces = before
    if before is not None and before.state == VersionState.PUBLISHED:
        _retire(before, by=by, at=now)
    version.state = VersionState.PUBLISHED
    version.published_at, version.published_by = now, by
    version.save(update_fields=["state", "published_at", "published_by", "replaces"])
    _take_over_facts(version)
    append_record(
        kind=RecordKind.FRAMEWORK_PUBLISHED,
        payload=_payload("framework_published", version, by=by, at=now),
        at=now,
    )
    return version


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
    )


def _last_published(version: FrameworkVersion) -> FrameworkVersion | None:
    """Give the version that is published, else the one that last was."""
    others = version.framework.versions.exclude(pk=version.pk)
    published = others.filter(state=VersionState.PUBLISHED).first()
    return published or others.filter(state=VersionState.RETIRED).order_by("-retired_at").first()


def _take_over_facts(version: FrameworkVersion) -> None:
    """Say of the occupation what the version in force says of it: a draft changes nothing."""
    document, _ = reading_of(version)
    for name, value in facts_of(document).items():
        setattr(version.framework, name, value)
    version.framework.save()


def _give_competencies(version: FrameworkVersion, before: FrameworkVersion | None) -> None:
    """Give each statement its identity: that of the same text before, else a new one."""
    known = {fold(s.text): s.competency_id for s in before.statements.all()} if before else {}
    statements = list(version.statements.all())
    unknown = []
    for statement in statements:
        statement.competency_id = known.pop(fold(statement.text), None)
        if statement.competency_id is None:
            unknown.append(statement)
    made = Competency.objects.bulk_create(Competency(framework=version.framework) for _ in unknown)
    for statement, competency in zip(unknown, made, strict=True):
        statement.competency_id = competency.pk
    Statement.objects.bulk_update(statements, ["competency"])


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
        "schema": "1",
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
