"""What records about an assessment have in common, as plain data without floats."""

import datetime
import json
from collections.abc import Iterable
from typing import Any

from accounts.models import User
from assessments import workflow
from assessments.models import (
    Assessment,
    Event,
    PlacementRule,
    Rating,
    Role,
)
from assessments.placement import Suggestion
from assessments.queries import LevelRows, level_rows
from assessments.reconciliation_queries import talks_of
from assessments.scales import Scale


def utc(at: datetime.datetime) -> str:
    """Give the moment in UTC, to the second, as ISO 8601 with a Z."""
    return at.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def person(user: User) -> dict[str, Any]:
    """Describe a person as they are known on this day."""
    return {
        "name": str(user),
        "username": user.username,
        "employee_number": user.employee_number,
        "title": user.title,
        "team": user.team.name if user.team else None,
    }


def suggestion_payload(suggestion: Suggestion) -> dict[str, Any]:
    return {
        "level": None if suggestion.suggested is None else suggestion.label,
        "reason": suggestion.reason,
        "levels": [
            {
                "label": level.label,
                "outcome": str(level.outcome),
                "statements": level.statements,
                "counted": level.counted,
                "demonstrated": level.demonstrated,
                "needed": level.needed,
            }
            for level in suggestion.levels
        ],
    }


def framework_payload(assessment: Assessment) -> dict[str, Any]:
    version = assessment.version
    return {
        "soc": version.framework.soc,
        "title": version.framework.title,
        "label": version.label,
        "content_digest": version.content_digest,
        "attribution": version.attribution,
        "sources": json.loads(version.sources) if version.sources else None,
    }


def rule_payload(rule: PlacementRule) -> dict[str, Any]:
    must_have = rule.must_have.order_by("pk").values_list("pk", flat=True)
    return {"number": rule.number, "threshold": rule.threshold, "must_have": list(must_have)}


def scale_payload(scale: Scale) -> dict[str, Any]:
    return {
        "key": scale.key,
        "question": scale.question,
        "points": [point._asdict() for point in scale.points],
    }


def levels_payload(levels: Iterable[LevelRows]) -> list[dict[str, Any]]:
    return [
        {
            "key": level.level.key,
            "label": level.level.label,
            "statements": [
                {
                    "position": row.statement.position,
                    "competency": row.statement.competency_id,
                    "text": row.statement.text,
                }
                for row in level.rows
            ],
        }
        for level in levels
    ]


def rounds_payload(assessment: Assessment) -> list[dict[str, Any]]:
    returned = {
        event.round: event.note for event in assessment.events.filter(kind=workflow.RETURN.name)
    }
    scale = assessment.cycle.the_scale
    places: dict[int, dict[str, int]] = {
        row.statement.pk: {"level": number, "position": row.statement.position}
        for number, level in enumerate(level_rows(assessment, roles=()))
        for row in level.rows
    }
    ratings = sorted(
        assessment.ratings.select_related(
            "author",
            "carried_from__statement",
            "carried_from__assessment__cycle",
            "carried_from__assessment__version",
        ).defer("carried_from__assessment__version__source_bytes"),
        key=lambda r: (places[r.statement_id]["level"], places[r.statement_id]["position"]),
    )
    return [
        {
            "round": number,
            "returned_reason": returned.get(number),
            "reconciled": _reconciled(assessment, number, places, scale),
            **{
                role.value: [
                    {**places[r.statement_id], **_rating(r, scale)}
                    for r in ratings
                    if r.round == number and r.role == role
                ]
                for role in Role
            },
        }
        for number in range(1, assessment.round + 1)
    ]


def _reconciled(
    assessment: Assessment, number: int, places: dict[int, dict[str, int]], scale: Scale
) -> list[dict[str, Any]]:
    found = sorted(
        talks_of(assessment, number).items(),
        key=lambda item: (places[item[0]]["level"], places[item[0]]["position"]),
    )
    return [
        {
            **places[pk],
            "outcome": talk.reconciliation.get_outcome_display(),
            "answer": "" if (point := talk.reconciliation.point) is None else scale.label(point),
            "opened_by": str(talk.reconciliation.opened_by) if talk.by_hand else None,
            "said": [
                {
                    "by": str(answer.author),
                    "side": answer.role,
                    "proposes": "We differ" if answer.point is None else scale.label(answer.point),
                    "reason": answer.reason,
                    "at": utc(answer.at),
                }
                for answer in talk.said
            ],
        }
        for pk, talk in found
    ]


def _rating(rating: Rating, scale: Scale) -> dict[str, Any]:
    return {
        "point": rating.point,
        "answer": scale.label(rating.point),
        "note": rating.note,
        "reference": rating.reference,
        "author": str(rating.author),
        "saved_at": utc(rating.saved_at),
        "carried_from": _carried_from(rating),
    }


def _carried_from(rating: Rating) -> dict[str, Any] | None:
    """Give when and under which words the answer was given that has stood unchanged since."""
    if not rating.as_carried or rating.carried_from is None:
        return None
    given = rating.carried_from
    return {
        "cycle": given.assessment.cycle.name,
        "version": given.assessment.version.label,
        "text": given.statement.text,
        "saved_at": utc(given.saved_at),
    }


def clerk_declaration(assessment: Assessment) -> dict[str, Any]:
    submitted: Event = assessment.events.filter(kind=workflow.SUBMIT.name).latest("id")
    return {"text": submitted.note, "by": str(assessment.clerk), "at": utc(submitted.at)}
