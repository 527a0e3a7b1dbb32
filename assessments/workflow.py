"""The life of an assessment as a table; nobody compares states elsewhere."""

from typing import NamedTuple

from django.db.models import TextChoices


class State(TextChoices):
    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "Submitted"
    REVIEWED = "reviewed", "Reviewed"
    RECONCILED = "reconciled", "Reconciled"
    SIGNED_OFF = "signed_off", "Signed off"
    CLOSED = "closed", "Closed"


class Who(TextChoices):
    CLERK = "clerk"
    SUPERVISOR = "supervisor"


class Step(NamedTuple):
    """One move: from which states, to which state, and by whom. Saves keep the state."""

    name: str
    from_states: frozenset[State]
    to_state: State
    who: Who


OPEN = frozenset({State.DRAFT, State.SUBMITTED, State.REVIEWED, State.RECONCILED})
# Both sides are complete and frozen: from here on each may see the other's answers.
BOTH_COMPLETE = frozenset({State.REVIEWED, State.RECONCILED, State.SIGNED_OFF})

SUBMIT = Step("submit", frozenset({State.DRAFT}), State.SUBMITTED, Who.CLERK)
WITHDRAW = Step("withdraw", frozenset({State.SUBMITTED}), State.DRAFT, Who.CLERK)
COMPLETE_REVIEW = Step(
    "complete review", frozenset({State.SUBMITTED}), State.REVIEWED, Who.SUPERVISOR
)
RECONCILE = Step("reconcile", frozenset({State.REVIEWED}), State.RECONCILED, Who.SUPERVISOR)
RETURN = Step("return", frozenset({State.REVIEWED, State.RECONCILED}), State.DRAFT, Who.SUPERVISOR)
SIGN_OFF = Step("sign off", frozenset({State.RECONCILED}), State.SIGNED_OFF, Who.SUPERVISOR)
CLOSE = Step("close", OPEN, State.CLOSED, Who.SUPERVISOR)

STEPS = (SUBMIT, WITHDRAW, COMPLETE_REVIEW, RECONCILE, RETURN, SIGN_OFF, CLOSE)

RATE_SELF = Step("rate", frozenset({State.DRAFT}), State.DRAFT, Who.CLERK)
RATE_CLERK = Step("review", frozenset({State.SUBMITTED}), State.SUBMITTED, Who.SUPERVISOR)
