import json
from typing import Any, NamedTuple

from django.db.models import Count, QuerySet

from accounts.models import User
from accounts.permissions import is_administrator
from frameworks.documents import Document, LevelPart, Problem
from frameworks.models import Framework, FrameworkVersion, Level, Statement, VersionState
from frameworks.validation import read


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


def facts_of(document: Document) -> dict[str, Any]:
    """Give what a file says of its occupation, by the names of Framework's fields."""
    names = ("title", "group", "sector", "job_zone", "job_zone_inferred")
    return {name: getattr(document, name) for name in names}


def reading_of(version: FrameworkVersion) -> tuple[Document, list[Problem]]:
    """Read a version's own file again: what it says of itself, and what to look at."""
    document, _, problems = read(bytes(version.source_bytes))
    if document is None:  # accepted once, by rules of another day
        return document_of(version), problems
    document = document.model_copy(update={"label": version.label})
    return document, twin_warnings(document, version) + problems


def twin_warnings(document: Document, version: FrameworkVersion | None = None) -> list[Problem]:
    """Warn of another version of the same name with other content than this (stored) one."""
    if not document.label:
        return []
    twins = FrameworkVersion.objects.filter(framework__soc=document.soc, label=document.label)
    if version is not None:
        twins = twins.exclude(pk=version.pk)
    if not twins.exists():
        return []
    message = (
        f"There is a version {document.label} of {document.soc} with other content."
        " This one is kept beside it as a new version."
    )
    return [Problem("warning", "framework.version", None, message)]
