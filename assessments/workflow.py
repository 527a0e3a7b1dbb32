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
    EITHER_SIDE = "either side"
    # Whoever is entitled to the second signature: see `eligibility`.
    SECOND_SIGNER = "second signer"
    # Whoever decides the dispute of a sign-off: see `dispute_queries`.
    DECIDER = "decider"
    # Who signed it, and who stands above: see `revoking`.
    REVOKER = "revoker"
    ADMINISTRATOR = "administrator"


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
# A supervisor and their delegate rate one at a time.
TAKE_OVER = Step("take over", frozenset({State.SUBMITTED}), State.SUBMITTED, Who.SUPERVISOR)
RECONCILE = Step("reconcile", frozenset({State.REVIEWED}), State.RECONCILED, Who.SUPERVISOR)
RETURN = Step("return", frozenset({State.REVIEWED, State.RECONCILED}), State.DRAFT, Who.SUPERVISOR)
SIGN_OFF = Step("sign off", frozenset({State.RECONCILED}), State.SIGNED_OFF, Who.SUPERVISOR)
CLOSE = Step("close", OPEN, State.CLOSED, Who.SUPERVISOR)

# What was answered in an earlier assessment is brought over at the start; the clerk may undo it.
UNDO_CARRY_OVER = Step("undo carry-over", frozenset({State.DRAFT}), State.DRAFT, Who.CLERK)
BRING_OVER = Step("bring over", frozenset({State.DRAFT}), State.DRAFT, Who.CLERK)

# Reconciling: what either side says on one statement, or does not say.
ANSWER = Step("answer", frozenset({State.REVIEWED}), State.REVIEWED, Who.EITHER_SIDE)
NO_ANSWER = Step("no answer", frozenset({State.REVIEWED}), State.REVIEWED, Who.SUPERVISOR)

# Where two must sign, the first signature places nobody yet.
SIGN_FIRST = Step(
    "first signature", frozenset({State.RECONCILED}), State.RECONCILED, Who.SUPERVISOR
)
SIGN_SECOND = Step(
    "second signature", frozenset({State.RECONCILED}), State.SIGNED_OFF, Who.SECOND_SIGNER
)
DECLINE = Step("decline", frozenset({State.RECONCILED}), State.RECONCILED, Who.SECOND_SIGNER)

# A decided dispute: a new round beside the one that was signed, signed at once.
SUPERSEDE = Step("supersede", frozenset({State.SIGNED_OFF}), State.SIGNED_OFF, Who.DECIDER)

# The one who may sign places anew for a reason, by the ratings as they were signed.
CORRECT = Step("correct", frozenset({State.SIGNED_OFF}), State.SIGNED_OFF, Who.SUPERVISOR)
# What was signed is taken back: nothing moves, and nobody is placed by it any more.
REVOKE = Step("revoke", frozenset({State.SIGNED_OFF}), State.SIGNED_OFF, Who.REVOKER)

STEPS = (
    UNDO_CARRY_OVER,
    BRING_OVER,
    SUBMIT,
    WITHDRAW,
    TAKE_OVER,
    COMPLETE_REVIEW,
    ANSWER,
    NO_ANSWER,
    RECONCILE,
    RETURN,
    SIGN_FIRST,
    SIGN_SECOND,
    DECLINE,
    SIGN_OFF,
    SUPERSEDE,
    CORRECT,
    REVOKE,
    CLOSE,
)

RATE_SELF = Step("rate", frozenset({State.DRAFT}), State.DRAFT, Who.CLERK)
RATE_CLERK = Step("review", frozenset({State.SUBMITTED}), State.SUBMITTED, Who.SUPERVISOR)
# A draft that was never submitted goes on in another one, against a later version: done to all of
# a cycle at once, as the later version is published.
MOVE = Step("move", frozenset({State.DRAFT}), State.CLOSED, Who.ADMINISTRATOR)
