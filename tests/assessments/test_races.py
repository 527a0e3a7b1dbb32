"""Two people at the same moment: one winner, on both databases, with and without row locks."""

import pytest
from django.db.models import QuerySet

from assessments import actions
from assessments.models import Assessment, Role, SignOff
from assessments.workflow import State
from records.models import Record
from tests import builders
from tests.race import race

ROUNDS = 300

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=["with row locks", "without row locks"])
def row_locks(request, monkeypatch):
    if request.param == "without row locks":
        monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_: self)


def reconciled_assessments(count: int) -> list[Assessment]:
    """One team's worth of assessments that wait for a signature."""
    team = builders.team()
    cycle = builders.cycle(team)
    found = []
    for _ in range(count):
        clerk = builders.user(team=team)
        assessment = actions.start_assessment(cycle=cycle, clerk=clerk)
        builders.rate(assessment, Role.SELF)
        actions.submit_assessment(assessment=assessment, by=clerk, declared=True)
        builders.rate(assessment, Role.SUPERVISOR)
        actions.complete_review(assessment=assessment, by=team.supervisor)
        found.append(actions.reconcile_assessment(assessment=assessment, by=team.supervisor))
    return found


def test_two_sign_offs_at_once_leave_one(row_locks):
    assessments = reconciled_assessments(ROUNDS // 2)
    level = assessments[0].version.levels.last()
    by = builders.supervisor(assessments[0])

    def sign(assessment: Assessment) -> SignOff:
        return actions.sign_off_assessment(
            assessment=assessment, level=level, by=by, revision=assessment.revision
        )

    winners = []
    for assessment in assessments:
        outcomes = race(lambda a=assessment: sign(a), lambda a=assessment: sign(a))
        winners.append(sum(isinstance(outcome, SignOff) for outcome in outcomes))

    assert winners == [1] * len(assessments)
    assert SignOff.objects.count() == len(assessments)
    sequences = list(Record.objects.order_by("sequence").values_list("sequence", flat=True))
    assert sequences == list(range(1, len(assessments) + 2))


def test_submit_and_autosave_at_once_leave_one(row_locks):
    assessment = builders.draft_assessment()
    clerk = assessment.clerk
    builders.rate(assessment, Role.SELF)
    assessment.refresh_from_db()
    statement = builders.statements(assessment)[0]

    for number in range(ROUNDS // 2):
        before = assessment.ratings.get(statement=statement, role=Role.SELF)
        entry = actions.Entry(statement.pk, 1 + number % 2 * 3, "", before.revision)
        saved, submitted = race(
            lambda e=entry, pk=assessment.pk: actions.save_rating(
                assessment=Assessment.objects.get(pk=pk),
                role=Role.SELF,
                entry=e,
                by=clerk,
            ),
            lambda a=assessment: actions.submit_assessment(
                assessment=a, by=clerk, declared=True, revision=a.revision
            ),
        )

        after = assessment.ratings.get(statement=statement, role=Role.SELF)
        assessment.refresh_from_db()
        was_saved = not isinstance(saved, Exception)
        was_submitted = not isinstance(submitted, Exception)
        assert was_saved != was_submitted
        assert after.point == (entry.point if was_saved else before.point)
        assert assessment.state == (State.SUBMITTED if was_submitted else State.DRAFT)
        if was_submitted:
            assessment = actions.withdraw_assessment(assessment=assessment, by=clerk)
