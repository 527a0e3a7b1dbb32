"""Who may see which side of an assessment, and who may move it."""

from accounts.models import User
from accounts.permissions import is_auditor
from accounts.queries import supervisor_ids_of
from assessments.models import Assessment


def is_clerk_of(user: User, assessment: Assessment) -> bool:
    return user.pk == assessment.clerk_id


def is_supervisor_of(user: User, assessment: Assessment) -> bool:
    """Say whether the person is the clerk's nearest supervisor: the one who rates and signs."""
    return supervisor_ids_of(assessment.clerk)[:1] == [user.pk]


def may_see_both(user: User, assessment: Assessment) -> bool:
    """Say whether the person sees both sides' answers of the present round.

    Only when both are complete, and then: the clerk, their supervisors up the tree, auditors.
    """
    if not assessment.both_complete:
        return False
    return may_see_earlier_rounds(user, assessment)


def may_see_earlier_rounds(user: User, assessment: Assessment) -> bool:
    """Say whether the person sees both sides of the rounds that were completed before."""
    return (
        is_clerk_of(user, assessment)
        or is_auditor(user)
        or user.pk in supervisor_ids_of(assessment.clerk)
    )
