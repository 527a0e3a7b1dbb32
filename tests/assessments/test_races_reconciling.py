"""Two sides who speak at the same moment: nothing is agreed that either has withdrawn."""

import pytest

from assessments import actions
from assessments.models import Assessment, Rating, Reconciliation, Role, SignOff
from assessments.reconciliation_queries import talk_of
from assessments.reconciling import Outcome
from tests.race import ROUNDS, broken_records, firm, one_winner, race, sign, went_through

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("row_locks")]


def answer(assessment: Assessment, by, point: int | None, reason: str = "In October."):
    return actions.answer_statement(
        assessment=assessment,
        statement=assessment.version.statements.first(),
        point=point,
        reason=reason,
        by=by,
    )


def reconcile_and_sign(assessment: Assessment, by) -> SignOff:
    return sign(actions.reconcile_assessment(assessment=assessment, by=by), by)


def said_last(found: Reconciliation) -> tuple[int | None, int | None]:
    """What the clerk and the supervisor said last, of all that counts."""
    talk = talk_of(found)
    return (talk.clerk and talk.clerk.point, talk.supervisor and talk.supervisor.point)


def test_a_statement_opened_again_and_a_signature_at_once_leave_one():
    place, signed = firm(), 0

    for _ in range(ROUNDS):
        found = place.reviewed()
        answer(found, place.supervisor, 3)
        answer(found, found.clerk, 3)
        winner = one_winner(
            lambda a=found: answer(a, a.clerk, 4),
            lambda a=found: reconcile_and_sign(a, place.supervisor),
        )
        signed += winner
        found.refresh_from_db()
        assert found.state == ["reviewed", "signed_off"][winner]
        assert found.reconciliations.get().outcome == ["", "agreed"][winner]

    assert Rating.objects.filter(role=Role.AGREED).count() == 4 * signed
    assert SignOff.objects.filter(record__isnull=False).count() == signed
    assert broken_records() == []


def test_a_statement_first_opened_and_a_signature_at_once_leave_one():
    place, signed = firm(), 0

    for _ in range(ROUNDS):
        found = place.reviewed()
        winner = one_winner(
            lambda a=found: answer(a, a.clerk, 2),
            lambda a=found: reconcile_and_sign(a, place.supervisor),
        )
        signed += winner
        assert found.reconciliations.filter(outcome="").count() == 1 - winner

    assert SignOff.objects.filter(record__isnull=False).count() == signed
    assert broken_records() == []


def test_two_who_reconcile_at_once_write_one_agreed_rating_each():
    place = firm()

    for _ in range(ROUNDS):
        found = place.reviewed()
        one_winner(
            *[
                lambda a=found, by=by: actions.reconcile_assessment(assessment=a, by=by)
                for by in (place.supervisor, place.delegate)
            ]
        )

    assert Rating.objects.filter(role=Role.AGREED).count() == 4 * ROUNDS


def test_a_proposal_accepted_while_it_is_changed_is_never_agreed():
    place = firm()

    for _ in range(ROUNDS):
        found = place.reviewed()
        answer(found, place.supervisor, 2)
        outcomes = race(
            lambda a=found: answer(a, a.clerk, 2, reason=""),
            lambda a=found: answer(a, place.supervisor, 3, "On second thoughts."),
        )
        through = went_through(outcomes)
        settled = found.reconciliations.get()
        # Whatever the order: changed first, the clerk is asked again; accepted first, the change
        # opens it anew, or is refused.
        expected = {(0,): ("agreed", (2, 2)), (1,): ("", (None, 3)), (0, 1): ("", (2, 3))}
        assert (settled.outcome, said_last(settled)) == expected[tuple(through)]


def test_two_sides_who_open_one_statement_at_once_are_both_heard():
    place = firm()

    for _ in range(ROUNDS):
        found = place.reviewed()
        outcomes = race(
            lambda a=found: answer(a, a.clerk, 2), lambda a=found: answer(a, place.supervisor, 2)
        )
        through = went_through(outcomes)
        settled = found.reconciliations.get()
        heard = tuple(2 if side in through else None for side in (0, 1))
        assert said_last(settled) == heard
        assert settled.outcome == (Outcome.AGREED if through == [0, 1] else Outcome.OPEN)


def test_a_statement_taken_back_while_it_is_answered_is_one_of_both():
    place = firm()

    for _ in range(ROUNDS):
        found = place.reviewed()
        statement = answer(found, place.supervisor, 2).statement
        outcomes = race(
            lambda a=found, s=statement: actions.take_back_statement(
                assessment=a, statement=s, by=place.supervisor
            ),
            lambda a=found: answer(a, a.clerk, 3),
        )
        through = went_through(outcomes)
        settled = found.reconciliations.get()
        # Taken back first, the clerk's answer opens it anew as theirs.
        opened = found.clerk if through == [0, 1] else place.supervisor
        assert settled.opened_by == opened
        assert settled.outcome == ("taken_back" if through == [0] else "")
