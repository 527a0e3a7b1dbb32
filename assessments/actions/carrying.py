import datetime
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from assessments import workflow
from assessments.actions.rating import remember
from assessments.actions.refusals import Already, WorkflowError
from assessments.actions.steps import begin, finish, hold
from assessments.carryover import Asked, carry_over
from assessments.carryover_queries import (
    asked,
    asked_in,
    competencies_of,
    last_answers,
    origin,
    set_aside,
    standing,
    was_submitted,
)
from assessments.models import Assessment, Rating, RatingChange, Role


def carry_answers(assessment: Assessment, at: datetime.datetime) -> None:
    """Give an assessment its clerk's latest answers, but where one was given since.

    What counts and what asks for another look: see `carryover`. The supervisor's never carry.
    """
    answers = last_answers([assessment.clerk_id], assessment.version_id)
    _carry([(assessment, answers[assessment.clerk_id])], asked_in(assessment.version_id), at)


def move_answers(drafts: Mapping[Assessment, Assessment], at: datetime.datetime) -> None:
    """Give assessments of one version all that stands in the drafts that they go on from.

    `drafts` gives the draft by assessment. Of what a draft was not asked come the clerk's latest
    answers, unless they chose to start without.
    """
    if not drafts:
        return
    version = next(iter(drafts)).version_id
    now = asked_in(version)
    asked_before = competencies_of({draft.version_id for draft in drafts.values()})
    stand = standing(drafts.values())
    latest: dict[int, list[Rating]] = {}
    without: set[tuple[int, int]] = set()
    if any({each.competency for each in now} - before for before in asked_before.values()):
        latest = last_answers([draft.clerk_id for draft in drafts.values()], version)
        without = set_aside(drafts.values())
    found = []
    for assessment, draft in drafts.items():
        answers = list(stand[draft.pk])
        if (draft.clerk_id, draft.cycle_id) not in without:
            answers += [
                rating
                for rating in latest.get(draft.clerk_id, [])
                if rating.statement.competency_id not in asked_before[draft.version_id]
            ]
        found.append((assessment, answers))
    _carry(found, now, at)


def _carry(
    found: Sequence[tuple[Assessment, list[Rating]]], now: Sequence[Asked], at: datetime.datetime
) -> None:
    """Carry to each assessment what was answered, of a competency one, to what is asked now."""
    given = Rating.objects.filter(assessment__in=[each for each, _ in found], role=Role.SELF)
    taken = set(given.values_list("assessment", "statement"))
    made = []
    for assessment, answers in found:
        answered = {rating.pk: rating for rating in answers}
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
    if was_submitted(assessment):
        raise WorkflowError("These answers were submitted once, so that they stay.")
    carried = assessment.ratings.filter(carried_from__isnull=False)
    ratings = list(carried)
    if not ratings:
        raise Already("No answer was brought over, so there is nothing to undo.")
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
    if not set_aside([assessment]):
        raise Already("The earlier answers have been brought over already.")
    carry_answers(assessment, now)
    return finish(workflow.BRING_OVER, assessment, by=by, at=now)
