from django.db import transaction
from django.utils import timezone

from accounts.models import User
from assessments import workflow
from assessments.actions.refusals import WorkflowError
from assessments.actions.steps import begin, finish
from assessments.models import Assessment, Role
from assessments.review_queries import other_rater


@transaction.atomic
def take_over_review(*, assessment: Assessment, by: User) -> Assessment:
    """Rate in place of the other who acts for the clerk; one starts blank and unseen.

    What the other had rated stays in the history of ratings only. Raises WorkflowError.
    """
    now = timezone.now()
    assessment = begin(workflow.TAKE_OVER, assessment, by)
    other = other_rater(assessment, by)
    if other is None:
        raise WorkflowError("Nobody else is rating this: you can go on.")
    finish(workflow.TAKE_OVER, assessment, by=by, at=now, note=f"From {other}")
    rows = assessment.ratings.filter(role=Role.SUPERVISOR, round=assessment.round)
    rows.exclude(author=by).delete()
    return assessment
