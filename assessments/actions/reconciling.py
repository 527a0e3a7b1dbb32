"""From two complete sides to one agreed rating for every statement."""

import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from assessments import workflow
from assessments.actions.refusals import Moved, WorkflowError
from assessments.actions.steps import begin, check_complete, finish, hold, move
from assessments.actions.words import checked_words
from assessments.agreement import agreed_point
from assessments.models import Assessment, Rating, Reconciliation, ReconciliationAnswer, Role
from assessments.queries import Row, level_rows
from assessments.reconciliation_queries import (
    Talk,
    closes_on,
    settled_points,
    talk_of,
    talks_of,
    why_agreed,
)
from assessments.reconciling import Outcome, last_agreed, needs_reconciling, settle
from assessments.scales import NOT_PART_OF_ROLE
from frameworks.models import Statement


@transaction.atomic
def complete_review(*, assessment: Assessment, by: User) -> Assessment:
    """Freeze the supervisor's ratings; from here on both sides see each other's.

    What lies too far apart is put before both to be reconciled.
    """
    now = timezone.now()
    assessment = begin(workflow.COMPLETE_REVIEW, assessment, by)
    check_complete(assessment, Role.SUPERVISOR, author=by)
    finish(workflow.COMPLETE_REVIEW, assessment, by=by, at=now)
    scale = assessment.cycle.the_scale
    Reconciliation.objects.bulk_create(
        Reconciliation(
            assessment=assessment,
            statement=row.statement,
            round=assessment.round,
            opened_at=now,
        )
        for row in _rows(assessment)
        if needs_reconciling(*_points(row), scale)
    )
    return assessment


@transaction.atomic
def answer_statement(
    *, assessment: Assessment, statement: Statement, point: int | None, reason: str, by: User
) -> Reconciliation:
    """Say for one's own side which rating should stand, or (no point) that the sides differ.

    A statement that was not put before both is opened by it. When both sides have said the same
    it is settled; saying something else later opens it again. Raises WorkflowError.
    """
    assessment = begin(workflow.ANSWER, assessment, by)
    # Only now: an answer dated before another side opened the statement would not count.
    now = timezone.now()
    role = Role.SELF if by.pk == assessment.clerk_id else Role.SUPERVISOR
    talk = _open(assessment, statement, by, now)
    _check_point(assessment, point)
    other = talk.supervisor if role == Role.SELF else talk.clerk
    accepts = other is not None and point is not None and point == other.point
    reason = checked_words(reason, needed="" if accepts else "Write why, in a sentence.")
    own = talk.clerk if role == Role.SELF else talk.supervisor
    is_last = own is not None and (other is None or own.at >= other.at)
    if own and is_last and (own.point, own.reason) == (point, reason) and not _reopens(talk):
        return talk.reconciliation  # sent twice
    move(workflow.ANSWER, assessment, at=now)
    if talk.reconciliation.pk is None:
        talk.reconciliation.save()
    ReconciliationAnswer.objects.create(
        reconciliation=talk.reconciliation,
        role=role,
        point=point,
        reason=reason,
        author=by,
        at=now,
    )
    return _settle(talk_of(talk.reconciliation), by, now)


@transaction.atomic
def take_back_statement(
    *, assessment: Assessment, statement: Statement, by: User
) -> Reconciliation:
    """Undo having opened a statement, as long as the other side has not answered."""
    now = timezone.now()
    assessment = begin(workflow.ANSWER, assessment, by)
    talk = _talk(assessment, statement)
    role = Role.SELF if by.pk == assessment.clerk_id else Role.SUPERVISOR
    if not talk.can_take_back(by.pk, role):
        raise WorkflowError("The other side has answered, or somebody else opened it.")
    move(workflow.ANSWER, assessment, at=now)
    return _close(talk.reconciliation, Outcome.TAKEN_BACK, by, now)


@transaction.atomic
def close_unanswered(*, assessment: Assessment, statement: Statement, by: User) -> Reconciliation:
    """Close one statement as "no answer" after the cycle's days of silence by the clerk.

    Where both had agreed before and the supervisor opened it again, the agreement stands.
    """
    now = timezone.now()
    assessment = begin(workflow.NO_ANSWER, assessment, by)
    talk = _talk(assessment, statement)
    if not talk.is_open:
        raise Moved("It has been settled meanwhile. Nothing was changed.")
    day = closes_on(talk, assessment.cycle.reply_days)
    if day is None:
        raise WorkflowError(
            "The clerk has not been asked yet, or has answered: say first what you propose."
        )
    if timezone.localdate(now) < day:
        raise WorkflowError(f"It can be closed as “no answer” from {day:%-d %B %Y} on.")
    finish(workflow.NO_ANSWER, assessment, by=by, at=now, note=str(statement))
    agreed_once = last_agreed([(answer.role, answer.point) for answer in talk.said])
    if agreed_once is not None:  # silence does not take back what both had agreed on
        return _close(talk.reconciliation, Outcome.AGREED, by, now, agreed_once)
    return _close(talk.reconciliation, Outcome.NO_ANSWER, by, now)


@transaction.atomic
def reconcile_assessment(*, assessment: Assessment, by: User) -> Assessment:
    """Write one agreed rating for every statement, then move on to signing.

    Refused while a statement is open.
    """
    now = timezone.now()
    assessment = begin(workflow.RECONCILE, assessment, by)
    talks = talks_of(assessment)
    if waiting := sum(talk.is_open for talk in talks.values()):
        noun = "statement is" if waiting == 1 else "statements are"
        raise WorkflowError(f"{waiting} {noun} still to be settled. Nothing was changed.")
    settled = settled_points(talks)
    hold(assessment)
    Rating.objects.bulk_create(
        _agreed(row, assessment, settled, talks.get(row.statement.pk), by, now)
        for row in _rows(assessment)
    )
    return finish(workflow.RECONCILE, assessment, by=by, at=now)


def _agreed(
    row: Row,
    assessment: Assessment,
    settled: dict[int, int],
    talk: Talk | None,
    by: User,
    at: datetime.datetime,
) -> Rating:
    point = settled.get(row.statement.pk, agreed_point(*_points(row)))
    note = why_agreed(talk) if talk and row.statement.pk in settled else ""
    if point == NOT_PART_OF_ROLE and not note:
        note = row.by_supervisor.note if row.by_supervisor else ""
    return Rating(
        assessment=assessment,
        statement=row.statement,
        role=Role.AGREED,
        round=assessment.round,
        author=by,
        point=point,
        note=note,
        saved_at=at,
    )


def _rows(assessment: Assessment) -> list[Row]:
    return [row for level in level_rows(assessment) for row in level.rows]


def _points(row: Row) -> tuple[int, int]:
    clerk, supervisor = row.by_clerk, row.by_supervisor
    if clerk is None or clerk.point is None or supervisor is None or supervisor.point is None:
        raise WorkflowError("A statement is not rated by both sides.")
    return clerk.point, supervisor.point


def _talk(assessment: Assessment, statement: Statement) -> Talk:
    found = assessment.reconciliations.filter(statement=statement, round=assessment.round).first()
    if found is None:
        raise WorkflowError("This statement is not open.")
    return talk_of(found)


def _open(assessment: Assessment, statement: Statement, by: User, at: datetime.datetime) -> Talk:
    if statement.version_id != assessment.version_id:
        raise WorkflowError("This statement is not of the assessment's framework.")
    this = {"assessment": assessment, "statement": statement, "round": assessment.round}
    found = Reconciliation.objects.filter(**this).first()
    if found is None:
        return Talk(Reconciliation(**this, opened_by=by, opened_at=at), None, None, [])
    if found.outcome == Outcome.TAKEN_BACK:
        found.opened_by, found.opened_at = by, at
    return talk_of(found)


def _check_point(assessment: Assessment, point: int | None) -> None:
    if point is not None and point not in assessment.cycle.the_scale.values:
        raise WorkflowError("This is not an answer of this assessment.")


def _reopens(talk: Talk) -> bool:
    return talk.reconciliation.outcome in (Outcome.NO_ANSWER, Outcome.TAKEN_BACK)


def _settle(talk: Talk, by: User, at: datetime.datetime) -> Reconciliation:
    outcome = settle(talk.last_of(Role.SELF), talk.last_of(Role.SUPERVISOR))
    if outcome == talk.reconciliation.outcome == Outcome.OPEN:
        return talk.reconciliation
    point = talk.clerk.point if outcome == Outcome.AGREED and talk.clerk else None
    return _close(talk.reconciliation, outcome, by, at, point)


def _close(
    reconciliation: Reconciliation,
    outcome: Outcome,
    by: User,
    at: datetime.datetime,
    point: int | None = None,
) -> Reconciliation:
    is_open = outcome == Outcome.OPEN
    reconciliation.outcome, reconciliation.point = outcome, point
    reconciliation.settled_by = None if is_open else by
    reconciliation.settled_at = None if is_open else at
    reconciliation.save(
        update_fields=["outcome", "point", "settled_by", "settled_at", "opened_by", "opened_at"]
    )
    return reconciliation
