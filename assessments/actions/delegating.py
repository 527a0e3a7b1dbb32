import datetime

from accounts import actions as accounts
from accounts.models import Delegation, User
from assessments.actions.words import checked_words


def delegate(
    *,
    from_supervisor: User,
    to_supervisor: User,
    starts_on: datetime.date,
    ends_on: datetime.date,
    reason: str,
    by: User,
) -> Delegation:
    """Let somebody act beside a supervisor for some days, with a reason that may be kept.

    Raises WorkflowError for what a reason must not hold, and Refused.
    """
    return accounts.delegate(
        from_supervisor=from_supervisor,
        to_supervisor=to_supervisor,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=checked_words(reason, needed="Write why: both of you and auditors read it."),
        by=by,
    )
