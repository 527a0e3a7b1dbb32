"""What somebody signs, as far as it stands before they do."""

import copy
import datetime
from typing import Any

from accounts.models import User
from accounts.queries import supervisor_of
from assessments import declarations
from assessments.judgement_queries import Judgement
from assessments.models import Assessment, Dispute, SignOff
from assessments.revocation_queries import revoked_as
from assessments.sealed import sign_off_payload
from assessments.sealed_after import revocation_payload
from assessments.sealed_parts import person

# What the signer decides while signing, and when.
DECIDED = {
    "placement",
    "justification",
    "justification_category",
    "second_signer",
    "signed_at",
    "valid_until",
}


def content_to_sign(
    assessment: Assessment, judgement: Judgement, by: User, at: datetime.datetime
) -> dict[str, Any]:
    """Give what a first signature seals, but for the decision itself and its moment."""
    supervisor = supervisor_of(assessment.clerk)
    sign_off = SignOff(
        assessment=assessment,
        round=assessment.round,
        clerk=assessment.clerk,
        rule=assessment.rule,
        signed_by=by,
        signed_at=at,
        on_behalf_of=None if supervisor == by else supervisor,
    )
    return _undecided(sign_off_payload(sign_off, judgement))


def content_to_decide(
    dispute: Dispute, judgement: Judgement, by: User, at: datetime.datetime
) -> dict[str, Any]:
    """Give what deciding a dispute seals, but for the decision itself and its moment."""
    old = dispute.sign_off
    sign_off = SignOff(
        assessment=old.assessment,
        round=old.assessment.round + 1,
        clerk=old.clerk,
        rule=old.assessment.rule,
        supersedes=old,
        signed_by=by,
        signed_at=at,
    )
    return _undecided(sign_off_payload(sign_off, judgement))


def content_to_correct(
    old: SignOff, assessment: Assessment, judgement: Judgement, by: User, at: datetime.datetime
) -> dict[str, Any]:
    """Give what a correction seals, but for the decision itself, its reason and moment."""
    supervisor = supervisor_of(assessment.clerk)
    correction = SignOff(
        assessment=assessment,
        round=assessment.round + 1,
        clerk=assessment.clerk,
        rule=assessment.rule,
        supersedes=old,
        correction_reason="-",  # not given yet
        signed_by=by,
        signed_at=at,
        on_behalf_of=None if supervisor == by else supervisor,
    )
    payload = _undecided(sign_off_payload(correction, judgement))
    return payload | {"correction": payload["correction"] | {"reason": None}}


def content_to_sign_second(
    sign_off: SignOff, judgement: Judgement, by: User, at: datetime.datetime
) -> dict[str, Any]:
    """Give what a second signature seals, the first one with it, but for its moment."""
    signed = copy.copy(sign_off)
    signed.second_signed_by, signed.second_signed_at = by, at
    payload = sign_off_payload(signed, judgement)
    return payload | {"second_signer": payload["second_signer"] | {"at": None}}


def content_to_revoke(sign_off: SignOff, by: User, at: datetime.datetime) -> dict[str, Any]:
    """Give what a revocation seals, but for its reason and moment."""
    revoker = {**person(by), "as": revoked_as(by, sign_off)}
    payload = revocation_payload(sign_off, "", revoker, declarations.REVOCATION, at)
    return {part: value for part, value in payload.items() if part not in ("reason", "at")}


def _undecided(payload: dict[str, Any]) -> dict[str, Any]:
    declaration = payload["declaration"]
    signer = declaration["signer"] | {"at": None}
    kept = {part: value for part, value in payload.items() if part not in DECIDED}
    return kept | {"declaration": declaration | {"signer": signer}}
