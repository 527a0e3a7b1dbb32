"""What a sign-off seals: everything needed to read it, as plain data without floats."""

import datetime
from collections.abc import Iterable
from typing import Any

from accounts.models import User
from assessments import declarations
from assessments.eligibility_queries import standing_of
from assessments.judgement_queries import Judgement
from assessments.models import (
    Assessment,
    SignOff,
)
from assessments.placement import NOT_YET_PLACED
from assessments.queries import Row
from assessments.sealed_after import dispute_payload, sign_off_reference
from assessments.sealed_parts import (
    clerk_declaration,
    framework_payload,
    levels_payload,
    person,
    rounds_payload,
    rule_payload,
    scale_payload,
    suggestion_payload,
    utc,
)


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
        "framework": framework_payload(assessment),
        "cycle": {
            "name": cycle.name,
            "opens_on": cycle.opens_on.isoformat(),
            "due_on": cycle.due_on.isoformat(),
            "reply_days": cycle.reply_days,
            "needs_standing": cycle.needs_standing,
            "needs_second_signer": cycle.needs_second_signer,
        },
        "round": sign_off.round,
        "rule": rule_payload(assessment.rule),
        "scale": scale_payload(cycle.the_scale),
        "levels": levels_payload(judgement.levels),
        "rounds": rounds_payload(assessment),
        "suggestion": suggestion_payload(judgement.suggestion),
        "self_suggestion": suggestion_payload(judgement.by_clerk),
        "placement": {
            "level": level.key if level else None,
            "label": level.label if level else NOT_YET_PLACED,
        },
        "justification": sign_off.justification,
        "justification_category": sign_off.get_justification_category_display(),
        "declaration": {
            "clerk": clerk_declaration(assessment),
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
        corrected = {"reason": sign_off.correction_reason, "corrects": sign_off_reference(old)}
        return {"supersedes": old.record_id, "correction": corrected}
    return {"supersedes": old.record_id, "dispute": dispute_payload(old.dispute)}
