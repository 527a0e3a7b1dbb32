"""What a sign-off seals: everything needed to read it, as plain data without floats."""

import datetime
import json
from collections.abc import Iterable
from typing import Any

from accounts.models import User
from assessments import declarations, workflow
from assessments.eligibility_queries import standing_of
from assessments.judgement_queries import Judgement
from assessments.models import (
    Assessment,
    Dispute,
    Event,
    PlacementRule,
    Rating,
    Role,
    SignOff,
)
from assessments.placement import NOT_YET_PLACED, Suggestion
from assessments.queries import LevelRows, Row, level_rows
from assessments.reconciliation_queries import talks_of
from assessments.scales import Scale


def utc(at: datetime.datetime) -> str:
    """Give the moment in UTC, to the second, as ISO 8601 with a Z."""
    return at.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def sign_off_payload(sign_off: SignOff, judgement: Judgement) -> dict[str, Any]:
    """Build the payload of a sign-off record; every round of the assessment is in it.

    The sign-off has all its signatures and is not stored with its record yet.
    """
    assessment, cycle = sign_off.assessment, sign_off.assessment.cycle
    level = sign_off.level
    rows = [row for level_rows in judgement.levels for row in level_rows.rows]
    return {
        "type": "sign_off",
        "schema": "2",
        "assessment": assessment.pk,
        "clerk": person(sign_off.clerk),
        "signer": {
            **person(sign_off.signed_by),
            "signed_as": _signed_as(sign_off),
            "standing": standing_payload(sign_off.signed_by, assessment, sign_off.signed_at),
        },
        "second_signer": _second_signer(sign_off),
        "framework": _framework(assessment),
        "cycle": {
            "name": cycle.name,
            "opens_on": cycle.opens_on.isoformat(),
            "due_on": cycle.due_on.isoformat(),
            "reply_days": cycle.reply_days,
            "needs_standing": cycle.needs_standing,
            "needs_second_signer": cycle.needs_second_signer,
        },
        "round": sign_off.round,
        "rule": _rule(assessment.rule),
        "scale": _scale(cycle.the_scale),
        "levels": _levels(judgement.levels),
        "rounds": _rounds(assessment),
        "suggestion": suggestion_payload(judgement.suggestion),
        "self_suggestion": suggestion_payload(judgement.by_clerk),
        "placement": {
            "level": level.key if level else None,
            "label": level.label if level else NOT_YET_PLACED,
        },
        "justification": sign_off.justification,
        "justification_category": sign_off.get_justification_category_display(),
        "declaration": {
            "clerk": _clerk_declaration(assessment),
            "signer": {
                "text": signer_declaration(sign_off, rows),
                "by": str(sign_off.signed_by),
                "at": utc(sign_off.signed_at),
            },
        },
        "signed_at": utc(sign_off.signed_at),
        "valid_until": sign_off.valid_until.isoformat() if sign_off.valid_until else None,
        **_superseding(sign_off),
    }


def signer_declaration(sign_off: SignOff, rows: Iterable[Row]) -> str:
    """Give the sentence the first signer declares: who rated, and whether unseen."""
    if sign_off.is_correction:
        return declarations.CORRECTION
    if sign_off.supersedes_id is not None:
        return declarations.DECIDER
    rater = next((row.by_supervisor.author for row in rows if row.by_supervisor), None)
    other = str(rater) if rater and rater.pk != sign_off.signed_by_id else None
    return declarations.signer_declaration(sign_off.round, other)


def _signed_as(sign_off: SignOff) -> str:
    if sign_off.supersedes_id is not None and not sign_off.is_correction:
        return "decider of the dispute"
    if sign_off.on_behalf_of is not None:
        return f"delegate of {sign_off.on_behalf_of}"
    return "supervisor"


def _second_signer(sign_off: SignOff) -> dict[str, Any] | None:
    if sign_off.second_signed_by is None or sign_off.second_signed_at is None:
        return None
    return {
        **person(sign_off.second_signed_by),
        "standing": standing_payload(
            sign_off.second_signed_by, sign_off.assessment, sign_off.second_signed_at
        ),
        "declaration": declarations.SECOND_SIGNER,
        "at": utc(sign_off.second_signed_at),
    }


def standing_payload(signer: User, assessment: Assessment, at: datetime.datetime) -> dict[str, Any]:
    """Name the records by which a signer held a level, or could sign up to one, on that day."""
    placed, appointed = standing_of(signer, assessment, at)
    return {
        "placement": {"level": placed.level.label, "record": placed.record_id}
        if placed and placed.level
        else None,
        "appointment": {
            "up_to_level": appointed.up_to_level.label,
            "record": appointed.record_id,
            "ends_on": appointed.ends_on.isoformat(),
        }
        if appointed
        else None,
    }


def _superseding(sign_off: SignOff) -> dict[str, Any]:
    """Name the record that this one supersedes, and why: a reason or the dispute it decides."""
    old = sign_off.supersedes
    if old is None:
        return {}
    if sign_off.is_correction:
        corrected = {"reason": sign_off.correction_reason, "corrects": _sign_off_reference(old)}
        return {"supersedes": old.record_id, "correction": corrected}
    return {"supersedes": old.record_id, "dispute": dispute_payload(old.dispute)}


def dispute_payload(dispute: Dispute) -> dict[str, Any]:
    """Describe a dispute: what was disputed and why, and how its decider rated it."""
    scale = dispute.sign_off.assessment.cycle.the_scale
    statements = dispute.statements.select_related("statement__level", "author").order_by(
        "statement__level__rank", "statement__position"
    )
    return {
        "by": str(dispute.opened_by),
        "at": utc(dispute.opened_at),
        "reason": dispute.reason,
        "statements": [
            {
                "level": found.statement.level.label,
                "position": found.statement.position,
                "text": found.statement.text,
                "answer": scale.label(found.point),
                "note": found.note,
                "rated_by": str(found.author) if found.author else None,
            }
            for found in statements
        ],
    }


def upheld_payload(
    dispute: Dispute, reason: str, decider: User, at: datetime.datetime
) -> dict[str, Any]:
    """Build the payload of a dispute after which the placement stands."""
    sign_off = dispute.sign_off
    return {
        "type": "dispute_upheld",
        "schema": "1",
        "clerk": person(sign_off.clerk),
        "sign_off": _sign_off_reference(sign_off),
        "framework": _framework(sign_off.assessment),
        "dispute": dispute_payload(dispute),
        "decision": {
            "outcome": "The placement stands.",
            "reason": reason,
            "decider": person(decider),
            "at": utc(at),
        },
    }


def acknowledgement_payload(
    sign_off: SignOff, reply: str, meaning: str, at: datetime.datetime
) -> dict[str, Any]:
    """Build the payload of an acknowledgement: seen, which is not agreed, and the reply."""
    return {
        "type": "acknowledgement",
        "schema": "1",
        "clerk": person(sign_off.clerk),
        "sign_off": _sign_off_reference(sign_off),
        "meaning": meaning,
        "reply": reply,
        "at": utc(at),
    }


def _sign_off_reference(sign_off: SignOff) -> dict[str, Any]:
    """Name a sealed sign-off by its record, so that both can be read together."""
    record = sign_off.record
    return {
        "record": record.sequence if record else None,
        "digest": record.digest if record else None,
        "placement": sign_off.level.label if sign_off.level else NOT_YET_PLACED,
        "signed_by": str(sign_off.signed_by),
        "signed_at": utc(sign_off.signed_at),
        "cycle": sign_off.assessment.cycle.name,
    }


def revocation_payload(
    sign_off: SignOff, reason: str, revoker: dict[str, Any], meaning: str, at: datetime.datetime
) -> dict[str, Any]:
    """Build the payload of a revocation: what was taken back, by whom and why."""
    until = sign_off.valid_until
    return {
        "type": "revocation",
        "schema": "1",
        "clerk": person(sign_off.clerk),
        "sign_off": {
            **_sign_off_reference(sign_off),
            "second_signed_by": str(sign_off.second_signed_by or "") or None,
            "valid_until": until.isoformat() if until else None,
        },
        "framework": _framework(sign_off.assessment),
        "supersedes": sign_off.record_id,
        "reason": reason,
        "revoked_by": revoker,
        "meaning": meaning,
        "at": utc(at),
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


def _clerk_declaration(assessment: Assessment) -> dict[str, Any]:
    submitted: Event = assessment.events.filter(kind=workflow.SUBMIT.name).latest("id")
    return {"text": submitted.note, "by": str(assessment.clerk), "at": utc(submitted.at)}
