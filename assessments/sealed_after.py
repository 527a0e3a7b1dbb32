"""What is sealed of a placement after it was signed: what the clerk said, and what became of it."""

import datetime
from typing import Any

from accounts.models import User
from assessments.models import (
    Dispute,
    SignOff,
)
from assessments.placement import NOT_YET_PLACED
from assessments.sealed_parts import framework_payload, person, utc


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
        "sign_off": sign_off_reference(sign_off),
        "framework": framework_payload(sign_off.assessment),
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
        "sign_off": sign_off_reference(sign_off),
        "meaning": meaning,
        "reply": reply,
        "at": utc(at),
    }


def sign_off_reference(sign_off: SignOff) -> dict[str, Any]:
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
            **sign_off_reference(sign_off),
            "second_signed_by": str(sign_off.second_signed_by or "") or None,
            "valid_until": until.isoformat() if until else None,
        },
        "framework": framework_payload(sign_off.assessment),
        "supersedes": sign_off.record_id,
        "reason": reason,
        "revoked_by": revoker,
        "meaning": meaning,
        "at": utc(at),
    }
