"""A placement revoked, corrected and disputed at the same moment: one thing comes of it."""

import pytest

from accounts.models import User
from assessments import actions
from assessments.models import Dispute, Revocation, SignOff
from assessments.queries import placement_in_force
from tests.race import ROUNDS, broken_records, firm, one_winner

pytestmark = pytest.mark.django_db(transaction=True)

WHY = "The tickets were another clerk's."


def revoke(signed: SignOff, by: User) -> Revocation:
    return actions.revoke_sign_off(sign_off=signed, by=by, reason=WHY)


def correct(signed: SignOff, by: User) -> SignOff:
    return actions.correct_sign_off(
        sign_off=signed,
        level=signed.assessment.version.levels.first(),
        by=by,
        revision=signed.assessment.revision,
        reason=WHY,
        category="other",
        justification=WHY,
    )


def dispute(signed: SignOff, by: User) -> Dispute:
    return actions.open_dispute(
        sign_off=signed,
        statements=signed.assessment.version.statements.all()[:1],
        reason="I did these alone all year.",
        by=signed.clerk,
    )


@pytest.mark.usefixtures("row_locks")
@pytest.mark.parametrize("both", [(revoke, revoke), (correct, correct), (revoke, correct)])
def test_of_two_who_change_what_stands_one_does(both):
    place = firm()

    for _ in range(ROUNDS):
        signed = place.signed()
        people = (place.supervisor, place.delegate)
        calls = [lambda s=signed, f=f, p=p: f(s, p) for f, p in zip(both, people, strict=True)]
        winner = one_winner(*calls)
        is_corrected = both[winner] is correct
        found = placement_in_force(signed.clerk)
        assert (found is not None) == is_corrected
        assert signed.superseded_by.count() == is_corrected
        assert Revocation.objects.filter(sign_off=signed).count() == 1 - is_corrected

    assert broken_records() == []


@pytest.mark.parametrize("change", [revoke, correct])
def test_a_placement_disputed_while_it_is_changed_is_one_of_both(change):
    place = firm()

    for _ in range(ROUNDS):
        signed = place.signed()
        winner = one_winner(
            lambda s=signed: change(s, place.supervisor), lambda s=signed: dispute(s, s.clerk)
        )
        assert Dispute.objects.filter(sign_off=signed).count() == winner

    assert broken_records() == []
