"""Who may see which side of an assessment, and who may move it."""

from accounts.models import User
from accounts.permissions import is_auditor
from accounts.queries import read_firm
from assessments.dispute_queries import is_blind_decider, is_named_decider
from assessments.models import Assessment
from assessments.workflow import State


def is_clerk_of(user: User, assessment: Assessment) -> bool:
    return user.pk == assessment.clerk_id


def is_supervisor_of(user: User, assessment: Assessment) -> bool:
    """Say whether the person rates and signs: the clerk's nearest supervisor or a delegate today.

    Never somebody up whose own tree the clerk stands.
    """
    firm, clerk = read_firm(), assessment.clerk
    return user.pk in firm.acting(clerk) and clerk.pk not in firm.above(user)


def may_see_both(user: User, assessment: Assessment) -> bool:
    """Say whether the person sees both sides' answers of the present round.

    Only when both are complete, and then: the clerk, their supervisors up the tree and whoever
    acts for the nearest, auditors, and who decides a dispute once they have rated unseen.
    """
    if not assessment.both_complete:
        return False
    return may_see_earlier_rounds(user, assessment)


def may_see_earlier_rounds(user: User, assessment: Assessment) -> bool:
    """Say whether the person sees both sides of the rounds that were completed before."""
    if is_clerk_of(user, assessment):
        return True
    if assessment.state == State.SIGNED_OFF and is_blind_decider(user, assessment):
        return False
    if is_auditor(user):
        return True
    firm, clerk = read_firm(), assessment.clerk
    return (
        user.pk in firm.above(clerk)
        or user.pk in firm.acting(clerk)
        or is_named_decider(user, assessment)
    )
