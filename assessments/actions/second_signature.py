from django.db import transaction
from django.utils import timezone

from accounts.models import User
from assessments import workflow
from assessments.actions.correcting import seal_correction
from assessments.actions.disputes import hold_dispute, seal_superseding
from assessments.actions.refusals import Moved
from assessments.actions.signing import check_seen, check_waiting, decline, seal
from assessments.actions.steps import begin, finish
from assessments.actions.words import checked_words
from assessments.dispute_queries import dispute_decided_by, disputed_judgement
from assessments.judgement_queries import judgement_of
from assessments.models import Event, SignOff
from assessments.signing_content import content_to_sign_second


@transaction.atomic
def sign_second(*, sign_off: SignOff, by: User, revision: int, seen: str | None = None) -> SignOff:
    """Give the second signature: the placement is sealed and in force. Raises WorkflowError.

    `revision` and `seen` are of what was shown to the second signer, as with the first signature.
    """
    now = timezone.now()
    dispute = dispute_decided_by(sign_off)
    if dispute:
        hold_dispute(dispute)
    step = workflow.SUPERSEDE if sign_off.supersedes_id else workflow.SIGN_SECOND
    assessment = begin(step, sign_off.assessment, by)
    sign_off = check_waiting(sign_off, by, now)
    judgement = disputed_judgement(dispute) if dispute else judgement_of(assessment)
    if seen is not None:
        check_seen(content_to_sign_second(sign_off, judgement, by, now), seen)
    if assessment.revision != revision:
        raise Moved("The assessment was changed since this page was drawn. Look at it again.")
    sign_off.second_signed_by, sign_off.second_signed_at = by, now
    if dispute:
        return seal_superseding(sign_off, dispute, judgement, assessment, now)
    if sign_off.is_correction:
        return seal_correction(sign_off, judgement, assessment, now)
    finish(workflow.SIGN_SECOND, assessment, by=by, at=now)
    return seal(sign_off, judgement, now)


@transaction.atomic
def decline_sign_off(*, sign_off: SignOff, by: User, reason: str) -> SignOff:
    """Refuse the second signature with a reason; the first signer decides anew."""
    now = timezone.now()
    reason = checked_words(reason, needed="Write why you decline; the first signer reads it.")
    if dispute := dispute_decided_by(sign_off):
        hold_dispute(dispute)
    step = workflow.SUPERSEDE if sign_off.supersedes_id else workflow.DECLINE
    assessment = begin(step, sign_off.assessment, by)
    sign_off = check_waiting(sign_off, by, now)
    if sign_off.supersedes_id is None:
        finish(workflow.DECLINE, assessment, by=by, at=now, note=reason)
    else:  # what was signed before stays as it is
        Event.objects.create(
            assessment=assessment,
            kind=workflow.DECLINE.name,
            round=assessment.round,
            by=by,
            at=now,
            note=reason,
        )
    return decline(sign_off, by, now, reason)
