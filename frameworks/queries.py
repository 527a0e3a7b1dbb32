import json
from typing import NamedTuple

from django.db.models import Count, QuerySet

from accounts.models import User
from accounts.permissions import is_administrator
from frameworks.documents import Document, LevelPart
from frameworks.models import Framework, FrameworkVersion, Level, Statement, VersionState


class LevelStatements(NamedTuple):
    """A level with its statements in order."""

    level: Level
    statements: list[Statement]


def visible_to(user: User) -> QuerySet[FrameworkVersion]:
    """Give the versions this person may read: drafts are the administrators' only."""
    versions = FrameworkVersion.objects.select_related(
        "framework", "replaces", "imported_by", "published_by", "retired_by"
    ).defer("source_bytes")
    return versions if is_administrator(user) else versions.exclude(state=VersionState.DRAFT)


def versions_by_framework(user: User) -> list[tuple[Framework, list[FrameworkVersion]]]:
    """Give each framework with the versions this person may read, newest first: one query."""
    versions = visible_to(user).annotate(
        statement_count=Count("statements"),
    )
    grouped: dict[Framework, list[FrameworkVersion]] = {}
    for version in versions.order_by("framework__title", "-imported_at", "-pk"):
        grouped.setdefault(version.framework, []).append(version)
    return list(grouped.items())


def levels_of(version: FrameworkVersion) -> list[LevelStatements]:
    """Give the levels of a version with their statements: 2 queries."""
    levels = {level.pk: LevelStatements(level, []) for level in version.levels.all()}
    for statement in version.statements.all():
        levels[statement.level_id].statements.append(statement)
    return list(levels.values())


def document_of(version: FrameworkVersion) -> Document:
    """Read a stored version back as the Document it was imported from."""
    framework = version.framework
    return Document(
        soc=framework.soc,
        title=framework.title,
        group=framework.group,
        sector=framework.sector,
        job_zone=framework.job_zone,
        job_zone_inferred=framework.job_zone_inferred,
        label=version.label,
        description=version.description,
        context_covered=version.context_covered,
        schema_version=version.schema_version,
        exported_at=version.exported_at,
        sources=json.loads(version.sources) if version.sources else {},
        attribution=version.attribution,
        levels=tuple(
            LevelPart(
                key=level.key,
                label=level.label,
                statements=tuple(statement.text for statement in statements),
            )
            for level, statements in levels_of(version)
        ),
    )
