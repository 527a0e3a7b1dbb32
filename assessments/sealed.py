"""What a sign-off seals: everything needed to read it, as plain data without floats."""

import datetime
import json
from collections.abc import Iterable
from typing import Any

from accounts.models import User
from assessments import declarations, workflow
from assessments.models import Assessment, Event, PlacementRule, Rating, Role
from assessments.placement import Suggestion
from assessments.queries import LevelRows, level_rows
from assessments.scales import Scale


def utc(at: datetime.datetime) -> str:
    """Give the moment in UTC, to the second, as ISO 8601 with a Z."""
    return at.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def sign_off_payload(
    *,
    assessment: Assessment,
    suggestion: Suggestion,
    self_suggestion: Suggestion,
    placed: str | None,
    placed_label: str,
    justification: str,
    signer: User,
    signed_at: datetime.datetime,
    valid_until: datetime.date | None,
) -> dict[str, Any]:
    """Build the payload of a sign-off record; every round of the assessment is in it."""
    cycle = assessment.cycle
    return {
        "type": "sign_off",
        "schema": "1",
        "assessment": assessment.pk,
        "clerk": person(assessment.clerk),
        "signer": person(signer),
        "framework": _framework(assessment),
        "cycle": {
            "name": cycle.name,
            "opens_on": cycle.opens_on.isoformat(),
            "due_on": cycle.due_on.isoformat(),
        },
        "round": assessment.round,
        "rule": _rule(assessment.rule),
        "scale": _scale(cycle.the_scale),
        "levels": _levels(level_rows(assessment, roles=())),
        "rounds": _rounds(assessment),
        "suggestion": suggestion_payload(suggestion),
        "self_suggestion": suggestion_payload(self_suggestion),
        "placement": {"level": placed, "label": placed_label},
        "justification": justification,
        "declaration": {
            "clerk": _clerk_declaration(assessment),
            "signer": {
                "text": declarations.signer_declaration(assessment.round),
                "by": str(signer),
                "at": utc(signed_at),
            },
        },
        "signed_at": utc(signed_at),
        "valid_until": valid_until.isoformat() if valid_until else None,
    }


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


def _framework(assessment: Assessment) -> dict[str, Any]:
    version = assessment.version
    return {
        "soc": version.framework.soc,
        "title": version.framework.title,
        "label": version.label,
        "content_digest": version.content_digest,
        "attribution": version.attribution,
        "sources": json.loads(version.sources) if version.sources else None,
    }


def _rule(rule: PlacementRule) -> dict[str, Any]:
    must_have = rule.must_have.order_by("pk").values_list("pk", flat=True)
    return {"number": rule.number, "threshold": rule.threshold, "must_have": list(must_have)}


def _scale(scale: Scale) -> dict[str, Any]:
    return {
        "key": scale.key,
        "question": scale.question,
        "points": [point._asdict() for point in scale.points],
    }


def _levels(levels: Iterable[LevelRows]) -> list[dict[str, Any]]:
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


def _rounds(assessment: Assessment) -> list[dict[str, Any]]:
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
        assessment.ratings.select_related("author"),
        key=lambda r: (places[r.statement_id]["level"], places[r.statement_id]["position"]),
    )
    return [
        {
            "round": number,
            "returned_reason": returned.get(number),
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


def _rating(rating: Rating, scale: Scale) -> dict[str, Any]:
    return {
        "point": rating.point,
        "answer": scale.label(rating.point),
        "note": rating.note,
        "reference": rating.reference,
        "author": str(rating.author),
        "saved_at": utc(rating.saved_at),
    }


def _clerk_declaration(assessment: Assessment) -> dict[str, Any]:
    submitted: Event = assessment.events.filter(
        kind=workflow.SUBMIT.name, round=assessment.round
    ).latest("id")
    return {"text": submitted.note, "by": str(assessment.clerk), "at": utc(submitted.at)}
