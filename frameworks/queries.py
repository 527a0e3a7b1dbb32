import datetime
import json
import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Count, QuerySet

from accounts.models import User
from accounts.permissions import is_administrator
from frameworks.documents import Document, LevelPart, Problem, version_order
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
    for version in versions.order_by("framework__title"):
        grouped.setdefault(version.framework, []).append(version)
    return [(framework, newest_first(found)) for framework, found in grouped.items()]


def newest_first(versions: Iterable[FrameworkVersion]) -> list[FrameworkVersion]:
    """Sort by the year and month that a label names; where it names none, by the import's."""

    def age(version: FrameworkVersion) -> tuple[tuple[int, int], datetime.datetime, int]:
        at = version.imported_at
        return version_order(version.label) or (at.year % 100, at.month), at, version.pk

    return sorted(versions, key=age, reverse=True)


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
    return document, label_warnings(document, version) + problems


def _said(label: str) -> list[str]:
    """Give a label's words and numbers however they are written: v.26.5 and V.26.05 are one."""
    return [part.lstrip("0") or "0" for part in re.findall(r"[a-z]+|\d+", label.casefold())]


def label_warnings(document: Document, version: FrameworkVersion | None = None) -> list[Problem]:
    """Warn of a name that another version than this (stored) one has, or that lies before the
    published one's: 1 query.
    """
    if not document.label:
        return []
    others = FrameworkVersion.objects.filter(framework__soc=document.soc)
    if version is not None:
        others = others.exclude(pk=version.pk)
    states = list(others.values_list("label", "state"))
    messages = []
    if any(label == document.label for label, _ in states):
        messages.append(
            f"There is a version {document.label} of {document.soc} with other content."
            " This one is kept beside it as a new version."
        )
    alike = next(
        (one for one, _ in states if one != document.label and _said(one) == _said(document.label)),
        "",
    )
    if alike:
        messages.append(
            f"{document.label} and {alike} name the same month: two are easily mixed up."
        )
    published = next((label for label, state in states if state == VersionState.PUBLISHED), "")
    order, latest = version_order(document.label), version_order(published)
    if order and latest and order < latest:
        messages.append(
            f"{document.label} lies before {published}, the published version."
            " Published, it would replace the later one."
        )
    return [Problem("warning", "framework.version", None, message) for message in messages]
