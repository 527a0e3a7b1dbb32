"""People who leave at the same moment, and who leave while they sign."""

import pytest

from accounts import actions as accounts
from accounts.models import User
from accounts.queries import clerks_without_supervisor
from assessments import actions
from assessments.models import SignOff
from tests import builders
from tests.race import firm, race, sign

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 5


def leave(person: User, by: User):
    return actions.deactivate_person(person=User.objects.get(pk=person.pk), by=by)


@pytest.mark.parametrize("_", range(ROUNDS))
def test_two_supervisors_who_leave_at_once_leave_nobody_alone(_):
    by = builders.administrator()
    above = builders.team()
    team = builders.team(parent=above)
    builders.user(team=team)

    outcomes = race(lambda: leave(team.supervisor, by), lambda: leave(above.supervisor, by))

    assert [type(o) for o in outcomes if isinstance(o, Exception)] == [accounts.Refused]
    assert clerks_without_supervisor() == []


@pytest.mark.parametrize("_", range(ROUNDS))
def test_who_leaves_while_they_sign_has_signed_or_was_refused(_):
    place, by = firm(), builders.administrator()
    assessment = place.reconciled()

    signed, left = race(
        lambda: sign(assessment, place.supervisor), lambda: leave(place.supervisor, by)
    )

    assert not isinstance(left, Exception)
    assert isinstance(signed, SignOff | actions.WorkflowError)
    assert SignOff.objects.count() == isinstance(signed, SignOff)
