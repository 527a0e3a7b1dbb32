"""A clerk disputes statements of a sign-off; somebody who signed nothing in it decides."""

import datetime
from collections.abc import Iterable
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import is_administrator
from assessments import workflow
from assessments.actions.refusals import Moved, NotYours, WorkflowError
from assessments.actions.signing import Decision, check_seen, first_signature, seal
from assessments.actions.steps import begin, finish, void_waiting
from assessments.actions.words import checked_words
from assessments.dispute_queries import (
    DAYS_TO_DISPUTE,
    decider_of,
    disputable_until,
    disputed,
    disputed_judgement,
    involved_ids,
    next_up_of,
    objection_to_decider,
)
from assessments.eligibility_queries import superseding_objection
from assessments.judgement_queries import Judgement
from assessments.models import (
    Assessment,
    Dispute,
    DisputedStatement,
    DisputeOutcome,
    Event,
    Rating,
    Role,
    SignOff,
)
from assessments.scales import NOT_PART_OF_ROLE
from assessments.sealed_after import upheld_payload
from assessments.sealed_rows import rows_behind_dispute
from assessments.signing_content import content_to_decide
from frameworks.models import Level, Statement
from records.actions import append_record
from records.models import RecordKind

DECIDED = "This dispute has been decided. Nothing was changed."
ALREADY = "This sign-off has been disputed already, which can be done once."


class Answer(NamedTuple):
    """The decider's rating of one disputed statement."""

    statement_id: int
    point: int | None
    note: str = ""


def open_dispute(
    *, sign_off: SignOff, statements: Iterable[Statement], reason: str, by: User
) -> Dispute:
    """Dispute statements of a placement, which stands meanwhile. Raises WorkflowError."""
    reason = checked_words(reason, needed="Write what you see otherwise, and why.")
    try:
        return _open(sign_off, list(statements), reason, by)
    except IntegrityError:  # in two windows at the same moment
        raise Moved(ALREADY) from None


@transaction.atomic
def _open(sign_off: SignOff, statements: list[Statement], reason: str, by: User) -> Dispute:
    now = timezone.now()
    sign_off = (
        SignOff.objects.select_for_update(of=("self",), no_key=True)
        .select_related("assessment")
        .get(pk=sign_off.pk)
    )
    if by.pk != sign_off.clerk_id:
        raise NotYours("Only the clerk can dispute their placement.")
    if sign_off.record_id is None:
        raise WorkflowError("Nothing is signed and sealed yet.")
    if Dispute.objects.filter(sign_off=sign_off).exists():
        raise Moved(ALREADY)
    if sign_off.superseded_by.filter(record__isnull=False).exists():
        raise WorkflowError("Another placement has taken its place.")
    if hasattr(sign_off, "revocation"):
        raise Moved("It was revoked meanwhile: nobody is placed by it any more.")
    if timezone.localdate(now) > disputable_until(sign_off):
        raise WorkflowError(f"A sign-off can be disputed within {DAYS_TO_DISPUTE} days.")
    if not statements:
        raise WorkflowError("Choose at least one statement.")
    if {s.version_id for s in statements} != {sign_off.assessment.version_id}:
        raise WorkflowError("A statement is not of the assessment's framework.")
    dispute = Dispute.objects.create(sign_off=sign_off, reason=reason, opened_by=by, opened_at=now)
    DisputedStatement.objects.bulk_create(
        DisputedStatement(dispute=dispute, statement=statement) for statement in statements
    )
    _remember("dispute", dispute, by, now, reason)
    return dispute


@transaction.atomic
def name_decider(*, dispute: Dispute, decider: User, by: User) -> Dispute:
    """Name who decides where nobody up the tree is free of the sign-off. Raises WorkflowError."""
    now = timezone.now()
    dispute = _locked(dispute)
    if not is_administrator(by) or by.pk == dispute.sign_off.clerk_id:
        raise NotYours("Another administrator names who decides.")
    if by.pk in involved_ids(dispute.sign_off):
        raise NotYours("You signed or rated in it: another administrator names who decides.")
    if free := next_up_of(dispute):
        raise WorkflowError(f"{free} stands above and is free of it: they decide.")
    if objection := objection_to_decider(dispute, decider):
        raise WorkflowError(objection)
    dispute.named_decider, dispute.named_by, dispute.named_at = decider, by, now
    dispute.save(update_fields=["named_decider", "named_by", "named_at"])
    void_waiting(dispute.sign_off.assessment, now)
    _remember("name decider", dispute, by, now, str(decider))
    return dispute


@transaction.atomic
def rate_disputed(
    *, dispute: Dispute, answers: Iterable[Answer], by: User, complete: bool
) -> Dispute:
    """Save the decider's ratings of the disputed statements, given without seeing the others'.

    `complete` freezes them; from then on the decider sees what both sides said. Raises
    WorkflowError.
    """
    now = timezone.now()
    dispute = _to_decide(dispute, by)
    if dispute.rated_at is not None and dispute.rated_by_id == by.pk:
        raise Moved("Your ratings are complete and can no longer be changed.")
    _start_blank(dispute, by, now)
    given = {answer.statement_id: answer for answer in answers}
    rows = disputed(dispute)
    for row in rows:
        _rate(row, given.get(row.statement_id), dispute, by, now)
    if not complete:
        return dispute
    if missing := sum(row.point is None for row in rows):
        noun = "statement is" if missing == 1 else "statements are"
        raise WorkflowError(f"{missing} {noun} not rated yet.")
    dispute.rated_by, dispute.rated_at = by, now
    dispute.save(update_fields=["rated_by", "rated_at"])
    _remember("rate disputed", dispute, by, now)
    return dispute


@transaction.atomic
def uphold_sign_off(*, dispute: Dispute, reason: str, by: User, seen: str | None = None) -> Dispute:
    """Decide that the placement stands, with a reason, and seal that. Raises WorkflowError."""
    now = timezone.now()
    reason = checked_words(reason, needed="Write why the placement stands.")
    dispute = _to_decide(dispute, by, rated=True)
    if seen is not None:
        check_seen(content_to_decide(dispute, disputed_judgement(dispute), by, now), seen)
    void_waiting(dispute.sign_off.assessment, now)
    _remember("uphold", dispute, by, now, reason)
    _set_decision(dispute, DisputeOutcome.UPHELD, reason, by, now)
    record = append_record(
        kind=RecordKind.DISPUTE_UPHELD,
        payload=upheld_payload(dispute, reason, by, now),
        at=now,
        subject=dispute.sign_off.clerk,
        behind=rows_behind_dispute(dispute),
    )
    return _decide(dispute, record.pk)


@transaction.atomic
def supersede_sign_off(
    *,
    dispute: Dispute,
    level: Level | None,
    by: User,
    justification: str,
    category: str = "",
    confirm_set_aside: bool = False,
    seen: str | None = None,
) -> SignOff:
    """Place anew by the decider's ratings; the old sign-off stays visible. Raises WorkflowError.

    Where two must sign, the dispute stays open until the second signature is given.
    """
    now = timezone.now()
    justification = checked_words(justification, needed="Write why you place anew.")
    dispute = _to_decide(dispute, by, rated=True)
    old = dispute.sign_off
    judgement = disputed_judgement(dispute)
    if seen is not None:
        check_seen(content_to_decide(dispute, judgement, by, now), seen)
    void_waiting(dispute.sign_off.assessment, now)
    assessment = begin(workflow.SUPERSEDE, old.assessment, by)
    if objection := superseding_objection(by, assessment, level, timezone.localdate(now)):
        raise NotYours(objection)
    decision = Decision(level, category, justification, confirm_set_aside)
    sign_off = first_signature(assessment, judgement, decision, by, now)
    sign_off.supersedes, sign_off.round = old, assessment.round + 1
    if sign_off.needs_second:
        sign_off.save()
        _remember(workflow.SIGN_FIRST.name, dispute, by, now)
        return sign_off
    return seal_superseding(sign_off, dispute, judgement, assessment, now)


def seal_superseding(
    sign_off: SignOff,
    dispute: Dispute,
    judgement: Judgement,
    assessment: Assessment,
    at: datetime.datetime,
) -> SignOff:
    """Open the round of the decided dispute, write its ratings, seal, and close the dispute."""
    by, old = sign_off.signed_by, dispute.sign_off
    finish(workflow.SUPERSEDE, assessment, by=by, at=at, next_round=True)
    _write_round(dispute, assessment, by, at)
    sign_off.assessment = assessment
    _set_decision(dispute, DisputeOutcome.SUPERSEDED, sign_off.justification, by, at)
    sign_off = seal(
        sign_off,
        judgement,
        at,
        kind=RecordKind.SUPERSESSION,
        supersedes=old.record,
        behind=rows_behind_dispute(dispute),
    )
    _decide(dispute, sign_off.record_id)
    return sign_off


def _write_round(dispute: Dispute, assessment: Assessment, by: User, at: datetime.datetime) -> None:
    """Copy the agreed ratings of the round before, the decider's in place of what was disputed."""
    rated = {row.statement_id: row for row in disputed(dispute)}
    before = assessment.ratings.filter(role=Role.AGREED, round=assessment.round - 1)
    rows = [
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
        if rating.statement_id not in rated
    ]
    rows += [
        Rating(
            assessment=assessment,
            statement_id=row.statement_id,
            role=role,
            round=assessment.round,
            author=by,
            point=row.point,
            note=row.note,
            saved_at=at,
        )
        for row in rated.values()
        for role in (Role.SUPERVISOR, Role.AGREED)
    ]
    Rating.objects.bulk_create(rows)


def hold_dispute(dispute: Dispute) -> None:
    """Keep others from deciding it meanwhile; taken before the assessment. Raises Moved."""
    undecided = Dispute.objects.filter(pk=dispute.pk, outcome=DisputeOutcome.OPEN)
    if not undecided.update(outcome=DisputeOutcome.OPEN):
        raise Moved(DECIDED)


def _locked(dispute: Dispute) -> Dispute:
    hold_dispute(dispute)
    return Dispute.objects.select_related(
        "named_decider",
        "opened_by",
        "sign_off__clerk",
        "sign_off__record",
        "sign_off__assessment__cycle",
        "sign_off__assessment__rule",
        "sign_off__assessment__version__framework",
    ).get(pk=dispute.pk)


def _to_decide(dispute: Dispute, by: User, rated: bool = False) -> Dispute:
    dispute = _locked(dispute)
    if decider_of(dispute) != by:
        raise NotYours("Somebody else decides this dispute.")
    if objection := objection_to_decider(dispute, by):
        raise NotYours(objection)
    if rated and (dispute.rated_at is None or dispute.rated_by_id != by.pk):
        raise WorkflowError("Rate the disputed statements first, without seeing the others'.")
    return dispute


def _start_blank(dispute: Dispute, by: User, at: datetime.datetime) -> None:
    """Leave nothing of a former decider: whoever decides now rates for themselves."""
    if dispute.rated_at is not None:
        void_waiting(dispute.sign_off.assessment, at)
        dispute.rated_by, dispute.rated_at = None, None
        dispute.save(update_fields=["rated_by", "rated_at"])
    others = dispute.statements.filter(author__isnull=False).exclude(author=by)
    others.update(point=None, note="", author=None, saved_at=None)


def _rate(
    row: DisputedStatement,
    answer: Answer | None,
    dispute: Dispute,
    by: User,
    at: datetime.datetime,
) -> None:
    if answer is None or answer.point is None:
        return
    if answer.point not in dispute.sign_off.assessment.cycle.the_scale.values:
        raise WorkflowError("This is not an answer of this assessment.")
    needed = "Write why it is not part of the role." if answer.point == NOT_PART_OF_ROLE else ""
    row.note = checked_words(answer.note, needed=needed)
    row.point, row.author, row.saved_at = answer.point, by, at
    row.save(update_fields=["point", "note", "author", "saved_at"])


def _set_decision(
    dispute: Dispute, outcome: DisputeOutcome, reason: str, by: User, at: datetime.datetime
) -> None:
    dispute.outcome, dispute.decision_reason = outcome, reason
    dispute.decided_by, dispute.decided_at = by, at


def _decide(dispute: Dispute, record_id: int | None) -> Dispute:
    """Store the decision that was set and sealed. Raises Moved when somebody was faster."""
    decided = Dispute.objects.filter(pk=dispute.pk, outcome=DisputeOutcome.OPEN).update(
        outcome=dispute.outcome,
        decision_reason=dispute.decision_reason,
        decided_by=dispute.decided_by,
        decided_at=dispute.decided_at,
        record=record_id,
    )
    if not decided:
        raise Moved(DECIDED)
    dispute.refresh_from_db()
    return dispute


def _remember(kind: str, dispute: Dispute, by: User, at: datetime.datetime, note: str = "") -> None:
    sign_off = dispute.sign_off
    Event.objects.create(
        assessment_id=sign_off.assessment_id,
        kind=kind,
        round=sign_off.round,
        by=by,
        at=at,
        note=note,
    )
