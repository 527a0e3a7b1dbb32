import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.queries import read_firm
from assessments import declarations, workflow
from assessments.actions.refusals import Moved, NotYours, WorkflowError
from assessments.actions.words import checked_words
from assessments.models import Assessment, Event, Rating, Role
from assessments.queries import unrated_places, waiting_sign_offs
from assessments.workflow import State, Step, Who

STATE_SENTENCES = {
    State.DRAFT: "The clerk is rating it now",
    State.SUBMITTED: "It has been submitted",
    State.REVIEWED: "Both sides have rated it",
    State.RECONCILED: "It is ready to be signed off",
    State.SIGNED_OFF: "It has been signed off",
    State.CLOSED: "It has been closed",
}

MEANWHILE = "Somebody else changed this assessment at the same moment. Look at it again."


def begin(step: Step, assessment: Assessment, by: User) -> Assessment:
    """Lock the assessment and check state and person. Raises WorkflowError or NotYours."""
    # Not its key: what refers to the row, an event say, is not kept waiting until a deadlock.
    locked = (
        Assessment.objects.select_for_update(of=("self",), no_key=True)
        .select_related("clerk", "cycle", "version", "rule")
        .get(pk=assessment.pk)
    )
    check_person(step, locked, by)
    if locked.state not in step.from_states:
        raise Moved(f"{where_it_stands(locked)} Nothing was changed.")
    return locked


def where_it_stands(assessment: Assessment) -> str:
    """Say in a sentence why a step comes too late."""
    if assessment.state == State.CLOSED and (goes_on := assessment.goes_on_in):
        return f"Your work goes on against {goes_on.version}, with every answer saved before."
    return f"{STATE_SENTENCES[State(assessment.state)]}."


def check_person(step: Step, assessment: Assessment, by: User) -> None:
    """Raise NotYours unless the step is this person's."""
    if step.who == Who.EITHER_SIDE and by.pk == assessment.clerk_id:
        return
    if step.who == Who.CLERK and by.pk != assessment.clerk_id:
        raise NotYours("Only the clerk can do this.")
    if step.who in (Who.SUPERVISOR, Who.EITHER_SIDE):
        firm, clerk = read_firm(), assessment.clerk
        if by.pk not in firm.acting(clerk):
            raise NotYours("Only the clerk's supervisor or their delegate can do this.")
        if clerk.pk in firm.above(by):
            raise NotYours(f"{clerk} supervises you: somebody else must do this.")


def finish(
    step: Step,
    assessment: Assessment,
    *,
    by: User,
    at: datetime.datetime,
    note: str = "",
    next_round: bool = False,
) -> Assessment:
    """Move the assessment and write the event. Raises Moved when somebody was faster."""
    round_number = assessment.round
    move(step, assessment, at=at, next_round=next_round)
    Event.objects.create(
        assessment=assessment, kind=step.name, round=round_number, by=by, at=at, note=note
    )
    return assessment


def move(
    step: Step, assessment: Assessment, *, at: datetime.datetime, next_round: bool = False
) -> None:
    """Move the assessment if nobody did since it was read, else raise Moved.

    The conditional update is the real guard: row locks are silently nothing on SQLite.
    """
    keeps_state = step.to_state == assessment.state and not next_round
    moved = Assessment.objects.filter(
        pk=assessment.pk, state=assessment.state, revision=assessment.revision
    ).update(
        state=step.to_state,
        revision=assessment.revision + 1,
        round=assessment.round + next_round,
        moved_at=assessment.moved_at if keeps_state else at,
    )
    if not moved:
        raise Moved(MEANWHILE)
    assessment.refresh_from_db(fields=["state", "revision", "round", "moved_at"])


def hold(assessment: Assessment) -> None:
    """Keep others out before something is written ahead of the move. Raises Moved."""
    as_read = Assessment.objects.filter(
        pk=assessment.pk, state=assessment.state, revision=assessment.revision
    )
    if not as_read.update(revision=assessment.revision):
        raise Moved(MEANWHILE)


@transaction.atomic
def submit_assessment(
    *, assessment: Assessment, by: User, declared: bool, revision: int | None = None
) -> Assessment:
    """Freeze the clerk's ratings. Raises WorkflowError naming what is not rated yet.

    With `revision`, as the clerk was shown it, an answer saved meanwhile is Moved: what is
    submitted is what was seen.
    """
    now = timezone.now()
    assessment = begin(workflow.SUBMIT, assessment, by)
    if revision not in (None, assessment.revision):
        raise Moved("An answer was saved since this page was drawn. Look at it once more.")
    check_complete(assessment, Role.SELF)
    if not declared:
        raise WorkflowError("Say that you rated the statements yourself, then submit.")
    assessment = finish(workflow.SUBMIT, assessment, by=by, at=now, note=declarations.CLERK)
    if assessment.round > 1:
        _copy_supervisor_ratings(assessment, now)
    return assessment


@transaction.atomic
def withdraw_assessment(*, assessment: Assessment, by: User) -> Assessment:
    """Take a submission back, as long as the review is not complete."""
    now = timezone.now()
    assessment = begin(workflow.WITHDRAW, assessment, by)
    return finish(workflow.WITHDRAW, assessment, by=by, at=now)


@transaction.atomic
def return_assessment(*, assessment: Assessment, by: User, reason: str) -> Assessment:
    """Give the assessment back with a reason: a new round with copies of the clerk's ratings."""
    now = timezone.now()
    reason = checked_words(
        reason, needed="Write why you return it, so that the clerk knows what to look at."
    )
    assessment = begin(workflow.RETURN, assessment, by)
    before = list(assessment.ratings.filter(role=Role.SELF, round=assessment.round))
    assessment = finish(workflow.RETURN, assessment, by=by, at=now, note=reason, next_round=True)
    void_waiting(assessment, now)
    _copy(before, assessment, now)
    return assessment


@transaction.atomic
def close_assessment(*, assessment: Assessment, by: User, reason: str) -> Assessment:
    """End the assessment without a placement, with a reason."""
    now = timezone.now()
    reason = checked_words(reason, needed="Write why you close it; the reason is kept with it.")
    assessment = begin(workflow.CLOSE, assessment, by)
    assessment = finish(workflow.CLOSE, assessment, by=by, at=now, note=reason)
    void_waiting(assessment, now)
    return assessment


def void_waiting(assessment: Assessment, at: datetime.datetime) -> None:
    """A first signature that waits for the second falls with what it signed."""
    waiting_sign_offs().filter(assessment=assessment).update(voided_at=at)


def check_complete(assessment: Assessment, role: Role, author: User | None = None) -> None:
    missing = unrated_places(assessment, role, author)
    if missing:
        noun = "statement is" if len(missing) == 1 else "statements are"
        raise WorkflowError(f"{len(missing)} {noun} not rated yet.")


def _copy_supervisor_ratings(assessment: Assessment, now: datetime.datetime) -> None:
    """Give the supervisor their own ratings of the round before; a successor starts blank."""
    rated = assessment.ratings.filter(role=Role.SUPERVISOR)
    if rated.filter(round=assessment.round).exists():
        return
    own = rated.filter(author__in=read_firm().acting(assessment.clerk))
    _copy(list(own.filter(round=assessment.round - 1)), assessment, now)


def _copy(ratings: list[Rating], assessment: Assessment, now: datetime.datetime) -> None:
    Rating.objects.bulk_create(
        Rating(
            assessment=assessment,
            statement_id=rating.statement_id,
            role=rating.role,
            round=assessment.round,
            author_id=rating.author_id,
            point=rating.point,
            note=rating.note,
            reference=rating.reference,
            needs_confirmation=True,
            saved_at=now,
        )
        for rating in ratings
    )
