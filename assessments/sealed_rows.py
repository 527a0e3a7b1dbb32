"""The rows behind sign-offs and what follows them: sealed as digests, compared when verified."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.db.models import Model

from assessments.models import (
    Acknowledgement,
    Appointment,
    Assessment,
    Dispute,
    Event,
    Rating,
    RatingChange,
    Reconciliation,
    ReconciliationAnswer,
    Revocation,
    SignOff,
)
from assessments.workflow import STEPS, State
from records.chain import Problem
from records.fingerprints import Row, Rows
from records.models import Record, RecordKind
from records.verification import Comparer

SIGN_OFF = (
    "assessment_id round clerk_id level_id suggested_level_id rule_id justification_category"
    " justification signed_by_id on_behalf_of_id signed_at needs_second second_signed_by_id"
    " second_signed_at valid_until supersedes_id declined_at declined_by_id declined_reason"
    " voided_at"
)
ASSESSMENT = "id clerk_id cycle_id version_id rule_id continues_id"
RATING = (
    "id round statement_id role author_id point note reference needs_confirmation"
    " carried_from_id revision saved_at"
)
CHANGE = "id round statement_id role author_id point note reference revision at"
RECONCILIATION = (
    "id round statement_id opened_by_id opened_at outcome point settled_at settled_by_id"
)
ANSWER = "id reconciliation_id role point reason author_id at"
EVENT = "id kind round by_id at note"
ACKNOWLEDGEMENT = "sign_off_id by_id at reply"
REVOCATION = "sign_off_id reason by_id at"
APPOINTMENT = "person_id up_to_level_id reason ends_on appointed_by_id appointed_at"
ENDED = "ended_at ended_by_id ended_reason"
DISPUTE = (
    "id sign_off_id reason opened_by_id opened_at named_decider_id named_by_id named_at"
    " rated_by_id rated_at outcome decision_reason decided_by_id decided_at"
)
DISPUTED = "id statement_id point note author_id saved_at"
# Only what is done under the lock of the assessment: its order is the order of the ids.
LOCKED = ["start", *(step.name for step in STEPS)]


def row(thing: Model, columns: str) -> Row:
    return [getattr(thing, column) for column in columns.split()]


def rows_behind_sign_off(sign_off: SignOff) -> dict[str, Rows]:
    """Give the rows, by what they are called, that a sign-off rests on; it need not be stored."""
    return _behind_sign_offs([sign_off])[0]


def rows_behind_dispute(dispute: Dispute) -> dict[str, Rows]:
    """Give the rows of a dispute with its decision, stored already or not."""
    statements = sorted(dispute.statements.all(), key=lambda found: found.pk)
    return {
        "the dispute": Rows([row(dispute, DISPUTE)]),
        "what is disputed": Rows([row(found, DISPUTED) for found in statements]),
    }


def rows_behind_acknowledgement(seen: Acknowledgement) -> dict[str, Rows]:
    return {"the acknowledgement": Rows([row(seen, ACKNOWLEDGEMENT)])}


def rows_behind_revocation(revocation: Revocation) -> dict[str, Rows]:
    return {"the revocation": Rows([row(revocation, REVOCATION)])}


def rows_behind_appointment(appointment: Appointment, *, is_ended: bool = False) -> dict[str, Rows]:
    """Give the row of an appointment; of one that ends, with its end."""
    columns = f"{APPOINTMENT} {ENDED}" if is_ended else APPOINTMENT
    return {"the appointment": Rows([row(appointment, columns)])}


def _behind_sign_offs(sign_offs: Sequence[SignOff]) -> list[dict[str, Rows]]:
    """Collect for many at once: 6 queries. Of the history, a sign-off has seen the beginning."""
    assessments = {sign_off.assessment_id for sign_off in sign_offs}
    own = {
        found.pk: row(found, ASSESSMENT) for found in Assessment.objects.filter(pk__in=assessments)
    }
    tables = {
        "the ratings": _by_assessment(Rating, RATING, assessments),
        "the changes of ratings": _by_assessment(RatingChange, CHANGE, assessments),
        "the reconciliations": _by_assessment(Reconciliation, RECONCILIATION, assessments),
        "the history": _by_assessment(Event, EVENT, assessments, kind__in=LOCKED),
    }
    answers: dict[int, list[Row]] = defaultdict(list)
    said = ReconciliationAnswer.objects.filter(reconciliation__assessment__in=assessments)
    fields = ("reconciliation__assessment", "reconciliation__round", *ANSWER.split())
    for assessment, number, *answer in said.order_by("pk").values_list(*fields):
        answers[assessment].append([answer[0], number, *answer[1:]])
    tables["what was said"] = answers
    return [
        {
            "the sign-off": Rows([row(sign_off, SIGN_OFF), own.get(sign_off.assessment_id, [])]),
            **_why_corrected(sign_off),
            **{
                name: Rows(
                    [
                        found
                        for found in by_assessment[sign_off.assessment_id]
                        if name == "the history" or _round_of(found) <= sign_off.round
                    ],
                    grows=name == "the history",
                )
                for name, by_assessment in tables.items()
            },
        }
        for sign_off in sign_offs
    ]


def _why_corrected(sign_off: SignOff) -> dict[str, Rows]:
    if not sign_off.is_correction:
        return {}
    return {"the reason of the correction": Rows([[sign_off.correction_reason]])}


def _round_of(found: Row) -> int:
    number = found[1]
    return number if isinstance(number, int) else 0


def _by_assessment(
    model: type[Model], columns: str, assessments: Iterable[int], **only: object
) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    rows = model._default_manager.filter(assessment__in=assessments, **only).order_by("pk")
    for assessment, *values in rows.values_list("assessment", *columns.split()):
        found[assessment].append(values)
    return found


def _rows_behind(records: Sequence[Record]) -> Mapping[int, Mapping[str, Rows]]:
    numbers = [record.pk for record in records]
    sign_offs = list(SignOff.objects.filter(record__in=numbers))
    behind: dict[int, dict[str, Rows]] = {
        sign_off.record_id or 0: dict(found)
        for sign_off, found in zip(sign_offs, _behind_sign_offs(sign_offs), strict=True)
    }
    for seen in Acknowledgement.objects.filter(record__in=numbers):
        behind[seen.record_id] = rows_behind_acknowledgement(seen)
    for revocation in Revocation.objects.filter(record__in=numbers):
        behind[revocation.record_id] = rows_behind_revocation(revocation)
    for appointment in Appointment.objects.filter(record__in=numbers):
        behind[appointment.record_id] = rows_behind_appointment(appointment)
    for ended in Appointment.objects.filter(ended_record__in=numbers):
        behind[ended.ended_record_id or 0] = rows_behind_appointment(ended, is_ended=True)
    for dispute in Dispute.objects.filter(record__in=numbers).prefetch_related("statements"):
        number = dispute.record_id or 0
        behind[number] = behind.get(number, {}) | rows_behind_dispute(dispute)
    return behind


def _strays() -> Iterator[Problem]:
    """Find sign-offs and states of assessments that no record stands behind."""
    sealed = SignOff.objects.filter(record__isnull=False)
    for rows, *expected in (
        (sealed, RecordKind.SIGN_OFF, RecordKind.SUPERSESSION),
        (Acknowledgement.objects.all(), RecordKind.ACKNOWLEDGEMENT),
        (Revocation.objects.all(), RecordKind.REVOCATION),
        (Appointment.objects.all(), RecordKind.APPOINTMENT),
    ):
        for number in rows.exclude(record__kind__in=expected).values_list("record", flat=True):
            yield Problem(number, "mismatch", f"Record {number} is not of what points at it.")
    unsealed = SignOff.objects.filter(record__isnull=True, needs_second=False)
    for sign_off in unsealed.select_related("clerk"):
        yield Problem(None, "mismatch", f"A sign-off of {sign_off.clerk} has no record.")
    signed = Assessment.objects.filter(state=State.SIGNED_OFF).select_related("clerk", "cycle")
    for assessment in signed.exclude(pk__in=sealed.values("assessment")):
        yield Problem(None, "mismatch", f"{assessment} is signed off without a record.")
    moved = sealed.exclude(assessment__state=State.SIGNED_OFF).values_list("record", flat=True)
    for number in moved:
        yield Problem(number, "mismatch", f"What record {number} signed off is open again.")


KINDS = frozenset(
    str(kind)
    for kind in (
        RecordKind.SIGN_OFF,
        RecordKind.SUPERSESSION,
        RecordKind.REVOCATION,
        RecordKind.ACKNOWLEDGEMENT,
        RecordKind.APPOINTMENT,
        RecordKind.APPOINTMENT_ENDED,
        RecordKind.DISPUTE_UPHELD,
    )
)
COMPARER = Comparer(KINDS, _rows_behind, _strays)
