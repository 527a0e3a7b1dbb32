from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from assessments import declarations
from assessments.actions.refusals import Moved, NotYours, WorkflowError
from assessments.actions.words import checked_words
from assessments.models import Acknowledgement, Event, SignOff
from assessments.sealed_after import acknowledgement_payload
from assessments.sealed_rows import rows_behind_acknowledgement
from records.actions import append_record
from records.models import RecordKind

ALREADY = "You have acknowledged this placement already. Nothing was changed."


def acknowledge_sign_off(*, sign_off: SignOff, by: User, reply: str = "") -> Acknowledgement:
    """Seal that the clerk has seen the placement, with their reply. Raises WorkflowError."""
    reply = checked_words(reply)
    try:
        return _acknowledge(sign_off, by, reply)
    except IntegrityError:  # in two windows at the same moment
        raise Moved(ALREADY) from None


@transaction.atomic
def _acknowledge(sign_off: SignOff, by: User, reply: str) -> Acknowledgement:
    now = timezone.now()
    sign_off = (
        SignOff.objects.select_for_update(of=("self",), no_key=True)
        .select_related("clerk__team", "level", "assessment__cycle", "record")
        .get(pk=sign_off.pk)
    )
    if by.pk != sign_off.clerk_id:
        raise NotYours("Only the clerk can acknowledge their placement.")
    if sign_off.record is None:
        raise WorkflowError("Nothing is signed and sealed yet.")
    if Acknowledgement.objects.filter(sign_off=sign_off).exists():
        raise Moved(ALREADY)
    Event.objects.create(
        assessment=sign_off.assessment, kind="acknowledge", round=sign_off.round, by=by, at=now
    )
    seen = Acknowledgement(sign_off=sign_off, by=by, at=now, reply=reply)
    seen.record = append_record(
        kind=RecordKind.ACKNOWLEDGEMENT,
        payload=acknowledgement_payload(sign_off, reply, declarations.ACKNOWLEDGEMENT, now),
        at=now,
        subject=sign_off.clerk,
        behind=rows_behind_acknowledgement(seen),
    )
    seen.save()
    return seen
