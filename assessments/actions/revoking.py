from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from assessments import declarations, workflow
from assessments.actions.refusals import Moved, NotYours, WorkflowError
from assessments.actions.signing import check_seen
from assessments.actions.steps import begin, void_waiting
from assessments.actions.words import checked_words
from assessments.models import Event, Revocation, SignOff
from assessments.revocation_queries import revoked_as, revoking_objection, why_final
from assessments.sealed_after import revocation_payload
from assessments.sealed_parts import person
from assessments.sealed_rows import rows_behind_revocation
from assessments.signing_content import content_to_revoke
from records.actions import append_record
from records.models import RecordKind

MEANWHILE = "Somebody else revoked or corrected it at the same moment. Look at it again."
WHY = "Write why you revoke it: the reason is sealed, and the clerk reads it."


def revoke_sign_off(
    *, sign_off: SignOff, by: User, reason: str, seen: str | None = None
) -> Revocation:
    """Take a sealed placement back, and seal that: the clerk is placed by nothing any more.

    What was signed before does not come back into force. Raises WorkflowError.
    """
    reason = checked_words(reason, needed=WHY)
    try:
        return _revoke(sign_off, by, reason, seen)
    except IntegrityError:  # in two windows at the same moment
        raise Moved(MEANWHILE) from None


@transaction.atomic
def _revoke(sign_off: SignOff, by: User, reason: str, seen: str | None) -> Revocation:
    now = timezone.now()
    assessment = begin(workflow.REVOKE, sign_off.assessment, by)
    sign_off = _locked(sign_off)
    if objection := revoking_objection(by, sign_off):
        raise NotYours(objection)
    _check(sign_off)
    if seen is not None:
        check_seen(content_to_revoke(sign_off, by, now), seen)
    void_waiting(assessment, now)
    Event.objects.create(
        assessment=assessment,
        kind=workflow.REVOKE.name,
        round=sign_off.round,
        by=by,
        at=now,
        note=reason,
    )
    revocation = Revocation(sign_off=sign_off, reason=reason, by=by, at=now)
    revoker = {**person(by), "as": revoked_as(by, sign_off)}
    revocation.record = append_record(
        kind=RecordKind.REVOCATION,
        payload=revocation_payload(sign_off, reason, revoker, declarations.REVOCATION, now),
        at=now,
        subject=sign_off.clerk,
        supersedes=sign_off.record,
        behind=rows_behind_revocation(revocation),
    )
    revocation.save()
    return revocation


def _locked(sign_off: SignOff) -> SignOff:
    # Nobody disputes it meanwhile: that takes the same lock.
    locked = SignOff.objects.select_for_update(of=("self",), no_key=True)
    return (
        locked.select_related(
            "clerk__team",
            "level",
            "record",
            "signed_by",
            "second_signed_by",
            "on_behalf_of",
            "assessment__cycle",
            "assessment__version__framework",
        )
        .defer("assessment__version__source_bytes")
        .get(pk=sign_off.pk)
    )


def _check(sign_off: SignOff) -> None:
    if sign_off.record is None:
        raise WorkflowError("Nothing is signed and sealed yet.")
    if final := why_final(sign_off):
        raise Moved(f"{final} Nothing was changed.")
