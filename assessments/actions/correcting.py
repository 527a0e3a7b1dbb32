"""A signed placement is corrected: a new sign-off in its place, with a reason and both kept."""

import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from accounts.queries import supervisor_of
from assessments import workflow
from assessments.actions.refusals import Moved, NotYours, WorkflowError
from assessments.actions.signing import Decision, check_seen, first_signature, seal
from assessments.actions.steps import MEANWHILE, begin, finish, void_waiting
from assessments.actions.words import checked_words
from assessments.eligibility_queries import signing_objection
from assessments.judgement_queries import Judgement, judgement_of
from assessments.models import Assessment, Event, Rating, Role, SignOff
from assessments.revocation_queries import why_final
from assessments.signing_content import content_to_correct
from frameworks.models import Level
from records.models import RecordKind

WHY = "Write what was wrong: the reason is sealed, and the clerk reads it."
SAME = "That is what was signed already: nothing would be corrected."


def correct_sign_off(
    *,
    sign_off: SignOff,
    level: Level | None,
    by: User,
    revision: int,
    reason: str,
    category: str = "",
    justification: str = "",
    confirm_set_aside: bool = False,
    seen: str | None = None,
) -> SignOff:
    """Place the clerk anew by the ratings as they were signed; the old sign-off stays visible.

    Where two must sign, what was signed before stands until the second signature is given.
    `revision` and `seen` are of what was shown to the signer, as with a first signature. Raises
    WorkflowError.
    """
    reason = checked_words(reason, needed=WHY)
    decision = Decision(level, category, justification, confirm_set_aside)
    try:
        return _correct(sign_off, decision, by, revision, reason, seen)
    except IntegrityError:  # in two windows at the same moment
        raise Moved(MEANWHILE) from None


@transaction.atomic
def _correct(
    sign_off: SignOff, decision: Decision, by: User, revision: int, reason: str, seen: str | None
) -> SignOff:
    now = timezone.now()
    assessment = begin(workflow.CORRECT, sign_off.assessment, by)
    old = _locked(sign_off.pk)
    judgement = judgement_of(assessment)
    if seen is not None:
        check_seen(content_to_correct(old, assessment, judgement, by, now), seen)
    if assessment.revision != revision:
        raise Moved("The assessment was changed since this page was drawn. Look at it again.")
    if objection := signing_objection(by, assessment, decision.level, timezone.localdate(now)):
        raise NotYours(objection)
    correction = first_signature(assessment, judgement, decision, by, now)
    if _as_signed(correction) == _as_signed(old):
        raise WorkflowError(SAME)
    supervisor = supervisor_of(assessment.clerk)
    correction.on_behalf_of = None if supervisor == by else supervisor
    correction.supersedes, correction.round = old, assessment.round + 1
    correction.correction_reason = reason
    void_waiting(assessment, now)
    if correction.needs_second:
        correction.save()
        _remember_first(correction, by, now)
        return correction
    return seal_correction(correction, judgement, assessment, now)


def seal_correction(
    correction: SignOff, judgement: Judgement, assessment: Assessment, at: datetime.datetime
) -> SignOff:
    """Open the round of the correction, copy what was agreed on into it, and seal."""
    old = _locked(correction.supersedes_id or 0)
    by, reason = correction.signed_by, correction.correction_reason
    finish(workflow.CORRECT, assessment, by=by, at=at, note=reason, next_round=True)
    before = assessment.ratings.filter(role=Role.AGREED, round=assessment.round - 1)
    Rating.objects.bulk_create(
        Rating(
            assessment=assessment,
            statement_id=rating.statement_id,
            role=Role.AGREED,
            round=assessment.round,
            author_id=rating.author_id,
            point=rating.point,
            note=rating.note,
            saved_at=at,
        )
        for rating in before
    )
    correction.assessment = assessment
    return seal(correction, judgement, at, kind=RecordKind.SUPERSESSION, supersedes=old.record)


def _locked(pk: int) -> SignOff:
    """Read what is corrected. Raises Moved where it does not stand any more."""
    # Nobody disputes it meanwhile: that takes the same lock.
    locked = SignOff.objects.select_for_update(of=("self",), no_key=True)
    old = locked.select_related("record", "level").get(pk=pk)
    final = why_final(old) if old.record else "Nothing is signed and sealed yet."
    if final:
        raise Moved(f"{final} Nothing was changed.")
    return old


def _as_signed(sign_off: SignOff) -> tuple[object, ...]:
    return sign_off.level_id, sign_off.justification_category, sign_off.justification


def _remember_first(correction: SignOff, by: User, at: datetime.datetime) -> None:
    Event.objects.create(
        assessment_id=correction.assessment_id,
        kind=workflow.SIGN_FIRST.name,
        round=correction.round - 1,
        by=by,
        at=at,
        note=correction.correction_reason,
    )
