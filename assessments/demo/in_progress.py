"""The demo's cycle in progress: one assessment in every state."""

from accounts.models import User
from assessments import actions
from assessments.demo.steps import (
    EARLY,
    EXPERT,
    MIDDLE,
    MIDDLE_SEEN,
    NEW,
    STRONG,
    rate,
    reconcile,
    review,
    settle,
    sign_off,
    start,
    submit,
)
from assessments.models import Cycle, Role, SignOff


def rate_transfers(clerks: list[User], helen: User, cycle: Cycle) -> None:
    priya, ben, mei_ling, daniel, aisha, grace, yusuf = clerks
    rate(start(priya, cycle), Role.SELF, priya, MIDDLE, first=17)
    submit(ben, cycle, MIDDLE)
    rate(submit(mei_ling, cycle, STRONG), Role.SUPERVISOR, helen, STRONG, first=12)
    settle(review(daniel, cycle, helen, STRONG, MIDDLE), helen, leave=4)
    reconcile(aisha, cycle, helen, STRONG, MIDDLE)
    sign_off(
        reconcile(grace, cycle, helen, MIDDLE, MIDDLE_SEEN),
        helen,
        rank=2,
        why="Where we differ below Proficient, both ratings show the statement.",
    )
    # At the highest level, so it waits for a second signature.
    sign_off(reconcile(yusuf, cycle, helen, EXPERT, EXPERT), helen, rank=4)


def rate_clients(clerks: list[User], marcus: User, cycle: Cycle) -> None:
    oliver, sofia, jonas, fatima, leo, _not_started = clerks
    _dispute(
        sign_off(
            reconcile(oliver, cycle, marcus, STRONG, STRONG),
            marcus,
            rank=2,
            why="Developing was shown under close help; two more months at the new desk first.",
        )
    )
    sign_off(
        reconcile(sofia, cycle, marcus, EARLY, NEW),
        marcus,
        rank=None,
        why="Three weeks at the desk: too early for a level, and Sofia agrees.",
    )
    reason = "Look at the account statements again: you do more than you say."
    for clerk in (jonas, fatima):
        assessment = review(clerk, cycle, marcus, EARLY, MIDDLE)
        actions.return_assessment(assessment=assessment, by=marcus, reason=reason)
        if clerk == fatima:
            rate(assessment, Role.SELF, clerk, MIDDLE_SEEN)
            actions.submit_assessment(assessment=assessment, by=clerk, declared=True)
    assessment = submit(leo, cycle, EARLY)
    actions.close_assessment(
        assessment=assessment, by=marcus, reason="Moves to the Chicago office on the first."
    )


def _dispute(sign_off: SignOff) -> None:
    """The clerk has seen it, replies, and disputes two statements."""
    actions.acknowledge_sign_off(
        sign_off=sign_off,
        by=sign_off.clerk,
        reply="Seen. The work at the new desk is the same as at the old one.",
    )
    statements = sign_off.assessment.version.statements
    actions.open_dispute(
        sign_off=sign_off,
        statements=statements.filter(level__rank=3, position__in=[2, 4]),
        reason="I have done both alone at the new desk since August: CLI-2201 to CLI-2240.",
        by=sign_off.clerk,
    )
