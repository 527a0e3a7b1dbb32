import datetime
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from assessments import workflow
from assessments.actions.rating import remember
from assessments.actions.refusals import WorkflowError
from assessments.actions.steps import begin, finish, hold
from assessments.carryover import carry_over
from assessments.carryover_queries import asked, asked_in, origin, own_answers, work_before
from assessments.models import Assessment, Rating, RatingChange, Role


def carry_ratings(continuing: Sequence[Assessment], at: datetime.datetime) -> None:
    """Give assessments of one version the clerk's ratings of the work that they continue.

    What counts and what asks for another look: see `carryover`. The supervisor's never carry.
    """
    if not continuing:
        return
    now = asked_in(continuing[0].version_id)
    before = work_before(continuing)
    answers = own_answers([each for chain in before.values() for each in chain])
    given = Rating.objects.filter(assessment__in=continuing, role=Role.SELF)
    taken = set(given.values_list("assessment", "statement"))
    made = []
    for assessment in continuing:
        latest = {
            each.statement.competency_id: each
            for earlier in reversed(before[assessment.pk])
            for each in answers.get(earlier.pk, [])
        }
        answered = {each.pk: each for each in latest.values()}
        rated = {pk: asked(origin(rating).statement) for pk, rating in answered.items()}
        for carried in carry_over(rated, now).carried:
            if (assessment.pk, carried.statement) in taken:
                continue
            rating = answered[carried.rating]
            # What waited when it was given waits on, however often it is carried.
            waits = rating.needs_confirmation and origin(rating).needs_confirmation
            made.append(
                Rating(
                    assessment=assessment,
                    statement_id=carried.statement,
                    role=Role.SELF,
                    round=assessment.round,
                    author_id=rating.author_id,
                    point=rating.point,
                    note=rating.note,
                    reference=rating.reference,
                    needs_confirmation=carried.look_again or waits,
                    carried_from=origin(rating),
                    saved_at=at,
                )
            )
    Rating.objects.bulk_create(made, batch_size=1000)
    remember(made)


@transaction.atomic
def undo_carry_over(*, assessment: Assessment, by: User) -> Assessment:
    """Take back every rating that was carried over; the earlier assessment keeps them.

    Raises WorkflowError once one of them was confirmed or changed, and where there is none.
    """
    now = timezone.now()
    assessment = begin(workflow.UNDO_CARRY_OVER, assessment, by)
    hold(assessment)
    if assessment.round > 1:
        raise WorkflowError("These answers were submitted once, so that they stay.")
    carried = assessment.ratings.filter(carried_from__isnull=False)
    ratings = list(carried)
    if not ratings:
        raise WorkflowError("No answer was brought over, so there is nothing to undo.")
    if not all(rating.as_carried for rating in ratings):
        raise WorkflowError(
            "You have confirmed or changed an answer that was brought over. From then on they"
            " stay; each can still be changed."
        )
    RatingChange.objects.bulk_create(
        RatingChange(
            assessment=assessment,
            statement_id=rating.statement_id,
            role=rating.role,
            round=rating.round,
            author_id=rating.author_id,
            revision=rating.revision + 1,
            at=now,
        )
        for rating in ratings
    )
    carried.delete()
    return finish(workflow.UNDO_CARRY_OVER, assessment, by=by, at=now)


@transaction.atomic
def bring_over(*, assessment: Assessment, by: User) -> Assessment:
    """Bring the earlier ratings over after all, but where one was given since."""
    now = timezone.now()
    assessment = begin(workflow.BRING_OVER, assessment, by)
    hold(assessment)
    if assessment.continues is None:
        raise WorkflowError("There is no earlier assessment to bring answers over from.")
    if assessment.ratings.filter(carried_from__isnull=False).exists():
        raise WorkflowError("The earlier answers have been brought over already.")
    carry_ratings([assessment], now)
    return finish(workflow.BRING_OVER, assessment, by=by, at=now)
