"""What a pack of records holds beside them: the history of their assessments, their frameworks."""

import re
from collections.abc import Collection, Iterator
from operator import itemgetter
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.permissions import is_auditor
from assessments.models import Assessment, Event, RatingChange
from frameworks.models import FrameworkVersion
from records.pack_queries import chunks


def assessments_behind(numbers: Collection[int]) -> set[int]:
    """Give the ids of the assessments that these records are about."""
    found: set[int] = set()
    for some in chunks(numbers):
        behind = Assessment.objects.filter(
            Q(sign_offs__record__in=some)
            | Q(sign_offs__acknowledgement__record__in=some)
            | Q(sign_offs__dispute__record__in=some)
            | Q(sign_offs__revocation__record__in=some)
        )
        found.update(behind.order_by().values_list("pk", flat=True))
    return found


def versions_behind(assessments: Collection[int]) -> set[int]:
    """Give the ids of the framework versions that these assessments were made on."""
    found: set[int] = set()
    for some in chunks(assessments):
        rows = Assessment.objects.filter(pk__in=some).order_by()
        found.update(rows.values_list("version", flat=True))
    return found


def history_of(assessments: Collection[int], reader: User | None) -> Iterator[dict[str, Any]]:
    """Give each step and each change of an answer, by assessment and in order, as plain data.

    What was answered on the way was blind to the other side: only auditors (and a command line,
    None) read all of it here, others what they entered themselves.
    """
    changes = RatingChange.objects.all()
    if not reads_all(reader):
        changes = changes.filter(author=reader)
    for some in chunks(assessments):
        steps = Event.objects.filter(assessment__in=some).select_related("by")
        answers = changes.filter(assessment__in=some)
        lines = [*map(_step, steps), *_answers(answers)]
        # What was answered in the moment of a step came before it.
        order = itemgetter("assessment", "at", "what", "id")
        yield from sorted(lines, key=order)


def reads_all(reader: User | None) -> bool:
    """Say whether every change of an answer is in this person's pack."""
    return reader is None or is_auditor(reader)


def framework_files(versions: Collection[int]) -> Iterator[tuple[str, bytes]]:
    """Give each version's file as it was imported, by a name that is safe everywhere."""
    for pk in sorted(versions):
        version = FrameworkVersion.objects.select_related("framework").get(pk=pk)
        name = re.sub(r"[^A-Za-z0-9.-]+", "-", f"{version.framework.soc}-{version.label}")
        yield f"{pk}-{name}.json", bytes(version.source_bytes)


def notices_of(versions: Collection[int]) -> list[str]:
    """Give whose the statements of these versions are and what they were made from."""
    found = FrameworkVersion.objects.filter(pk__in=versions).select_related("framework")
    return [_notice(version) for version in found.defer("source_bytes").order_by("pk")]


def _notice(version: FrameworkVersion) -> str:
    notice = f"Statements of {version}: {version.attribution}"
    if not version.onet:
        return notice
    return (
        f"{notice}; based on O*NET {version.onet}.\nO*NET® is a trademark of the U.S. Department of"
        " Labor, Employment and Training Administration\n(USDOL/ETA), which has not approved,"
        " endorsed or tested these statements."
    )


def _step(event: Event) -> dict[str, Any]:
    return {
        "what": "step",
        "id": event.pk,
        "assessment": event.assessment_id,
        "at": _utc(event),
        "by": _person(event.by),
        "round": event.round,
        "step": event.kind,
        "note": event.note,
    }


def _answers(changes: QuerySet[RatingChange]) -> Iterator[dict[str, Any]]:
    found = changes.select_related("author", "statement__level", "assessment__cycle")
    for change in found:
        yield {
            "what": "answer",
            "id": change.pk,
            "assessment": change.assessment_id,
            "at": _utc(change),
            "by": _person(change.author),
            "round": change.round,
            "side": change.role,
            "level": change.statement.level.label,
            "position": change.statement.position,
            "point": change.point,
            "answer": change.assessment.cycle.the_scale.label(change.point),
            "note": change.note,
            "reference": change.reference,
        }


def _person(person: User | None) -> dict[str, Any] | None:
    if person is None:
        return None
    return {"name": str(person), "employee_number": person.employee_number}


def _utc(found: Event | RatingChange) -> str:
    return found.at.isoformat(timespec="microseconds")
