import datetime
from collections.abc import Mapping
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.queries import supervisor_of
from assessments import workflow
from assessments.actions.refusals import Moved, NotYours, WorkflowError
from assessments.actions.steps import begin, finish
from assessments.actions.words import checked_words
from assessments.dates import add_months
from assessments.eligibility import needs_second_signature
from assessments.eligibility_queries import second_objection, signing_objection
from assessments.judgement_queries import Judgement, judgement_of, why_justify
from assessments.models import Assessment, JustificationCategory, SignOff
from assessments.queries import waiting_sign_off, waiting_sign_offs
from assessments.sealed import sign_off_payload
from assessments.sealed_rows import rows_behind_sign_off
from assessments.seen import changed_since
from assessments.signing_content import content_to_sign
from frameworks.models import Level
from records.actions import append_record
from records.fingerprints import Rows
from records.models import Record, RecordKind


class Decision(NamedTuple):
    """What a signer decided: the level (None: not yet placed) and why."""

    level: Level | None
    category: str = ""
    justification: str = ""
    confirm_set_aside: bool = False


@transaction.atomic
def sign_off_assessment(
    *,
    assessment: Assessment,
    level: Level | None,
    by: User,
    revision: int,
    category: str = "",
    justification: str = "",
    confirm_set_aside: bool = False,
    seen: str | None = None,
) -> SignOff:
    """Place the clerk and seal it in the same transaction; no level is "not yet placed".

    Where two must sign it waits for the second signature instead, and nothing is sealed yet.
    `revision` is the assessment's as it was shown to the signer, and `seen` stands for the rest of
    what they were shown (`seen_of`); None for whoever was shown nothing. Raises WorkflowError,
    Moved, NotYours.
    """
    now = timezone.now()
    assessment = begin(workflow.SIGN_OFF, assessment, by)
    if waiting_sign_off(assessment):
        raise Moved("It is signed once already and waits for the second signature.")
    judgement = judgement_of(assessment)
    if seen is not None:
        check_seen(content_to_sign(assessment, judgement, by, now), seen)
    if assessment.revision != revision:
        raise Moved("The assessment was changed since this page was drawn. Look at it again.")
    decision = Decision(level, category, justification, confirm_set_aside)
    if objection := signing_objection(by, assessment, level, timezone.localdate(now)):
        raise NotYours(objection)
    sign_off = first_signature(assessment, judgement, decision, by, now)
    supervisor = supervisor_of(assessment.clerk)
    sign_off.on_behalf_of = None if supervisor == by else supervisor
    if sign_off.needs_second:
        finish(workflow.SIGN_FIRST, assessment, by=by, at=now)
        sign_off.save()
        return sign_off
    finish(workflow.SIGN_OFF, assessment, by=by, at=now)
    return seal(sign_off, judgement, now)


def check_seen(content: Mapping[str, Any], seen: str) -> None:
    """Check that somebody signs what they were shown. Raises Moved, which says what changed."""
    if changed := changed_since(content, seen):
        raise Moved(f"Since this page was drawn, this has changed: {changed}. Look at it again.")


def first_signature(
    assessment: Assessment,
    judgement: Judgement,
    decision: Decision,
    by: User,
    at: datetime.datetime,
) -> SignOff:
    """Check a decision and give the sign-off, not stored yet. Raises WorkflowError.

    Who may decide has been checked by the caller.
    """
    level, suggested = decision.level, judgement.suggested
    category, justification = _checked(judgement, decision)
    months = assessment.cycle.valid_months
    return SignOff(
        assessment=assessment,
        round=assessment.round,
        clerk=assessment.clerk,
        level=level,
        suggested_level=suggested,
        rule=assessment.rule,
        justification_category=category,
        justification=justification,
        signed_by=by,
        signed_at=at,
        needs_second=needs_second_signature(
            level.rank if level else None,
            suggested.rank if suggested else None,
            max(row.level.rank for row in judgement.levels),
            assessment.cycle.needs_second_signer,
        ),
        valid_until=add_months(timezone.localdate(at), months) if level else None,
    )


def check_waiting(sign_off: SignOff, by: User, at: datetime.datetime) -> SignOff:
    """Read the sign-off again and check that it waits for this person. Raises WorkflowError."""
    sign_off = SignOff.objects.select_for_update(of=("self",), no_key=True).get(pk=sign_off.pk)
    if not sign_off.is_waiting:
        raise Moved("It does not wait for a second signature any more. Nothing was changed.")
    if objection := second_objection(by, sign_off, timezone.localdate(at)):
        raise NotYours(objection)
    return sign_off


def seal(
    sign_off: SignOff,
    judgement: Judgement,
    at: datetime.datetime,
    *,
    kind: RecordKind = RecordKind.SIGN_OFF,
    supersedes: Record | None = None,
    behind: Mapping[str, Rows] | None = None,
) -> SignOff:
    """Seal a sign-off that has all its signatures, and store it with its record.

    `behind` are rows to seal beside its own.
    """
    record = append_record(
        kind=kind,
        payload=sign_off_payload(sign_off, judgement),
        at=at,
        subject=sign_off.clerk,
        supersedes=supersedes,
        behind={**rows_behind_sign_off(sign_off), **(behind or {})},
    )
    if sign_off.pk is None:
        sign_off.record = record
        sign_off.save()
        return sign_off
    by, signed_at = sign_off.second_signed_by, sign_off.second_signed_at
    return _update_waiting(sign_off, record=record, second_signed_by=by, second_signed_at=signed_at)


def decline(sign_off: SignOff, by: User, at: datetime.datetime, reason: str) -> SignOff:
    """Store that the second signature was refused. Raises Moved when somebody was faster."""
    return _update_waiting(sign_off, declined_by=by, declined_at=at, declined_reason=reason)


def _update_waiting(sign_off: SignOff, **fields: Any) -> SignOff:
    # Of two who sign or decline at once, the condition lets one through.
    if not waiting_sign_offs().filter(pk=sign_off.pk).update(**fields):
        raise Moved("Somebody else signed or declined it at the same moment.")
    sign_off.refresh_from_db()
    return sign_off


def _checked(judgement: Judgement, decision: Decision) -> tuple[str, str]:
    """Give category and text of a decision as they are stored. Raises WorkflowError."""
    level = decision.level
    if level is not None and level.pk not in {row.level.pk for row in judgement.levels}:
        raise WorkflowError("This level is not of the assessment's framework.")
    if judgement.has_set_aside and not decision.confirm_set_aside:
        raise WorkflowError("Confirm that the levels set aside were not judged.")
    is_override = level != judgement.suggested
    justification = checked_words(
        decision.justification, needed=why_justify(judgement, is_override=is_override)
    )
    if not is_override:
        return "", justification
    if decision.category not in JustificationCategory.values:
        raise WorkflowError(
            "You place at another level than the suggested one: say what kind of reason it is."
        )
    return decision.category, justification
