"""A dispute and its decisions at the same moment: one decision, one placement in force."""

import pytest

from accounts.models import User
from assessments import actions
from assessments.models import Cycle, Dispute, SignOff
from assessments.queries import placement_in_force
from tests.race import ROUNDS, Firm, broken_records, firm, one_winner, race, went_through

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("row_locks")]


def dispute(signed: SignOff) -> Dispute:
    return actions.open_dispute(
        sign_off=signed,
        statements=signed.assessment.version.statements.all()[:1],
        reason="I did these alone all year.",
        by=signed.clerk,
    )


def rated(place: Firm) -> Dispute:
    found = dispute(place.signed())
    answers = [actions.Answer(row.statement_id, 4, "Seen.") for row in found.statements.all()]
    return actions.rate_disputed(dispute=found, answers=answers, by=place.above, complete=True)


def uphold(found: Dispute, by: User) -> Dispute:
    return actions.uphold_sign_off(dispute=found, reason="The tickets bear it out.", by=by)


def supersede(found: Dispute, by: User) -> SignOff:
    level = found.sign_off.assessment.version.levels.last()
    return actions.supersede_sign_off(
        dispute=found, level=level, by=by, justification="The tickets bear it out."
    )


def test_two_disputes_of_one_sign_off_at_once_leave_one():
    place = firm()

    for _ in range(ROUNDS):
        signed = place.signed()
        one_winner(*[lambda s=signed: dispute(s)] * 2)
        assert signed.dispute.statements.count() == 1


@pytest.mark.parametrize("both", [(uphold, supersede), (uphold, uphold), (supersede, supersede)])
def test_of_two_decisions_at_once_one_stands(both):
    place, superseded = firm(), 0

    for _ in range(ROUNDS):
        found = rated(place)
        old = found.sign_off
        winner = one_winner(*[lambda d=found, f=decide: f(d, place.above) for decide in both])
        is_superseded = both[winner] is supersede
        superseded += is_superseded
        found.refresh_from_db()
        assert found.outcome == ("superseded" if is_superseded else "upheld")
        assert (placement_in_force(old.clerk) == old) != is_superseded
        assert SignOff.objects.filter(assessment=old.assessment).count() == 1 + is_superseded

    assert SignOff.objects.filter(record__isnull=False).count() == ROUNDS + superseded
    assert broken_records() == []


def test_a_placement_acknowledged_while_it_is_superseded_is_both():
    place = firm()

    for _ in range(ROUNDS):
        found = rated(place)
        old = found.sign_off
        outcomes = race(
            lambda d=found: supersede(d, place.above),
            lambda s=old: actions.acknowledge_sign_off(sign_off=s, by=s.clerk),
        )
        assert 0 in went_through(outcomes)

    assert broken_records() == []


def test_of_a_second_signature_on_a_decision_and_another_decision_one_stands():
    place, superseded = firm(), 0

    for _ in range(ROUNDS):
        Cycle.objects.update(needs_second_signer=False)
        found = rated(place)
        Cycle.objects.update(needs_second_signer=True)
        waiting = supersede(found, place.above)
        revision = waiting.assessment.revision
        winner = one_winner(
            lambda s=waiting, r=revision: actions.sign_second(sign_off=s, by=place.top, revision=r),
            lambda d=found: uphold(d, place.above),
        )
        superseded += winner == 0
        found.refresh_from_db()
        waiting.refresh_from_db()
        assert found.outcome == ["superseded", "upheld"][winner]
        assert (waiting.record is None) == (winner == 1)
        assert not waiting.is_waiting

    assert SignOff.objects.filter(record__isnull=False).count() == ROUNDS + superseded
    assert broken_records() == []


def test_ratings_completed_twice_at_once_are_completed_once():
    place = firm()

    for _ in range(ROUNDS):
        found = dispute(place.signed())
        (statement,) = found.statements.values_list("statement", flat=True)
        point = one_winner(*[lambda d=found, s=statement, p=p: rate(d, s, p) for p in (0, 1)])
        assert found.statements.get().point == point


def rate(found: Dispute, statement: int, point: int) -> Dispute:
    by = found.sign_off.assessment.clerk.team.parent.supervisor
    answer = actions.Answer(statement, point, "Seen.")
    return actions.rate_disputed(dispute=found, answers=[answer], by=by, complete=True)
