import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from assessments import actions
from assessments.models import Assessment, Reconciliation, Role
from assessments.reconciling import Outcome, Said, needs_reconciling, no_answer_from, settle
from assessments.scales import TRUE_OF_ME
from frameworks.models import Statement
from tests import builders

pytestmark = pytest.mark.django_db
NOON = datetime.datetime(2026, 11, 2, 12, tzinfo=datetime.UTC)
EARLY, LATE = NOON, NOON + datetime.timedelta(hours=1)
POINTS = st.integers(0, 4)
NOT_IN_ROLE, NOT_YET, PARTLY, MOSTLY, FULLY = range(5)


@pytest.mark.parametrize(
    ("clerk", "supervisor", "needed"),
    [
        (FULLY, FULLY, False),
        (FULLY, MOSTLY, False),
        (NOT_YET, PARTLY, False),
        (MOSTLY, PARTLY, True),
        (FULLY, PARTLY, True),
        (FULLY, NOT_YET, True),
        (NOT_IN_ROLE, NOT_IN_ROLE, False),
        (NOT_IN_ROLE, FULLY, True),
        (NOT_YET, NOT_IN_ROLE, True),
    ],
)
def test_needs_reconciling_when_the_ratings_lie_far_apart(clerk, supervisor, needed):
    assert needs_reconciling(clerk, supervisor, TRUE_OF_ME) is needed


@given(POINTS, POINTS)
def test_needs_reconciling_does_not_depend_on_who_said_what(one, other):
    assert needs_reconciling(one, other, TRUE_OF_ME) == needs_reconciling(other, one, TRUE_OF_ME)


@given(st.none() | POINTS, st.none() | POINTS)
def test_settle_only_where_both_say_the_same(clerk, supervisor):
    outcome = settle(Said(clerk, EARLY), Said(supervisor, LATE))

    if clerk != supervisor:
        assert outcome is Outcome.OPEN
    else:
        assert outcome is (Outcome.DIFFER if clerk is None else Outcome.AGREED)


@given(st.none() | POINTS)
def test_settle_never_speaks_for_a_side_that_said_nothing(point):
    said = Said(point, NOON)

    assert settle(None, said) is settle(said, None) is settle(None, None) is Outcome.OPEN


def test_no_answer_is_counted_from_the_day_the_supervisor_last_spoke():
    late_in_the_evening = datetime.datetime(2026, 11, 1, 23, 30, tzinfo=datetime.UTC)

    day = no_answer_from(None, Said(3, late_in_the_evening), 10, ZoneInfo("Europe/Berlin"))

    assert day == datetime.date(2026, 11, 12)


@pytest.mark.parametrize(
    ("clerk", "supervisor"),
    [(None, None), (Said(3, EARLY), None), (Said(None, LATE), Said(2, EARLY))],
)
def test_no_answer_needs_something_that_was_not_answered(clerk, supervisor):
    assert no_answer_from(clerk, supervisor, 10, datetime.UTC) is None


def differing(clerk: int = FULLY, supervisor: int = PARTLY) -> tuple[Assessment, Statement]:
    """A reviewed assessment whose two sides differ on the first statement of the second level."""
    assessment = builders.submitted_assessment()
    builders.rate(assessment, Role.SUPERVISOR)
    statement = assessment.version.statements.get(level__rank=2, position=1)
    by = builders.supervisor(assessment)
    rating = assessment.ratings.get(statement=statement, role=Role.SUPERVISOR)
    entry = actions.Entry(statement.pk, supervisor, "In October.", rating.revision)
    actions.save_rating(assessment=assessment, role=Role.SUPERVISOR, entry=entry, by=by)
    return actions.complete_review(assessment=assessment, by=by), statement


def answer(assessment: Assessment, statement: Statement, role: str, point: int | None, **more):
    by = assessment.clerk if role == "clerk" else builders.supervisor(assessment)
    return actions.answer_statement(
        assessment=assessment,
        statement=statement,
        point=point,
        by=by,
        **{"reason": f"The {role} says why.", **more},
    )


def reconcile(assessment: Assessment) -> Assessment:
    return actions.reconcile_assessment(assessment=assessment, by=builders.supervisor(assessment))


def agreed(assessment: Assessment, statement: Statement) -> tuple[int, str]:
    rating = assessment.ratings.get(role=Role.AGREED, statement=statement)
    return rating.point, rating.note


def test_complete_review_puts_only_what_differs_widely_before_both():
    assessment, statement = differing()

    opened = list(assessment.reconciliations.values_list("statement", "opened_by", "outcome"))

    assert opened == [(statement.pk, None, "")]


def test_reconcile_is_refused_while_a_statement_is_open():
    assessment, _ = differing()

    with pytest.raises(actions.WorkflowError, match="1 statement is still to be settled"):
        reconcile(assessment)

    assert not assessment.ratings.filter(role=Role.AGREED).exists()


def test_a_proposal_is_agreed_only_by_the_other_sides_own_answer():
    assessment, statement = differing()
    answer(assessment, statement, "supervisor", MOSTLY)
    answer(assessment, statement, "supervisor", MOSTLY, reason="Once more, for both of us.")
    assert Reconciliation.objects.get().outcome == Outcome.OPEN

    answer(assessment, statement, "clerk", MOSTLY, reason="")

    assert Reconciliation.objects.get().outcome == Outcome.AGREED
    reconcile(assessment)
    assert agreed(assessment, statement) == (MOSTLY, "Once more, for both of us.")


def test_a_supervisor_cannot_answer_for_the_clerk_and_a_stranger_for_nobody():
    assessment, statement = differing()
    answer(assessment, statement, "supervisor", MOSTLY)

    with pytest.raises(actions.NotYours):
        actions.answer_statement(
            assessment=assessment,
            statement=statement,
            point=MOSTLY,
            reason="",
            by=builders.user(),
        )

    assert Reconciliation.objects.get().outcome == Outcome.OPEN


def test_where_both_say_they_differ_the_supervisors_rating_is_read():
    assessment, statement = differing()
    answer(assessment, statement, "clerk", None, reason="I did eleven in October.")
    answer(assessment, statement, "supervisor", None, reason="Two of them came back.")

    reconcile(assessment)

    assert Reconciliation.objects.get().outcome == Outcome.DIFFER
    assert agreed(assessment, statement)[0] == PARTLY


@pytest.mark.parametrize("point", [None, MOSTLY])
def test_a_difference_or_a_proposal_needs_its_reason(point):
    assessment, statement = differing()

    with pytest.raises(actions.WorkflowError, match="Write why"):
        answer(assessment, statement, "supervisor", point, reason="  ")


def test_saying_something_else_opens_a_settled_statement_again():
    assessment, statement = differing()
    answer(assessment, statement, "supervisor", MOSTLY)
    answer(assessment, statement, "clerk", MOSTLY)

    answer(assessment, statement, "supervisor", PARTLY)

    found = Reconciliation.objects.get()
    assert (found.outcome, found.point, found.settled_by) == (Outcome.OPEN, None, None)
    assert found.answers.count() == 3


def test_either_side_may_open_one_of_the_rest_and_take_it_back():
    assessment, _ = differing()
    other = assessment.version.statements.get(level__rank=1, position=1)

    opened = answer(assessment, other, "clerk", MOSTLY, reason="I still get a check here.")
    assert (opened.opened_by, opened.outcome) == (assessment.clerk, Outcome.OPEN)
    taken_back = actions.take_back_statement(
        assessment=assessment, statement=other, by=assessment.clerk
    )

    assert taken_back.outcome == Outcome.TAKEN_BACK


def test_what_was_taken_back_does_not_count_when_it_is_opened_again():
    assessment, _ = differing()
    other = assessment.version.statements.get(level__rank=1, position=1)
    answer(assessment, other, "clerk", MOSTLY, reason="I still get a check here.")
    actions.take_back_statement(assessment=assessment, statement=other, by=assessment.clerk)

    answer(assessment, other, "supervisor", MOSTLY, reason="I have thought about it.")

    assert Reconciliation.objects.get(statement=other).outcome == Outcome.OPEN


def test_what_the_rule_opened_cannot_be_taken_back():
    assessment, statement = differing()

    with pytest.raises(actions.WorkflowError):
        actions.take_back_statement(assessment=assessment, statement=statement, by=assessment.clerk)


def test_silence_is_closed_as_no_answer_only_after_the_cycles_days():
    with time_machine.travel(NOON) as clock:
        assessment, statement = differing()
        close = {"assessment": assessment, "statement": statement}
        close["by"] = builders.supervisor(assessment)
        with pytest.raises(actions.WorkflowError, match="has not been asked yet"):
            actions.close_unanswered(**close)
        answer(assessment, statement, "supervisor", MOSTLY)
        clock.shift(datetime.timedelta(days=9))
        with pytest.raises(actions.WorkflowError, match="12 November 2026"):
            actions.close_unanswered(**close)
        clock.shift(datetime.timedelta(days=1))

        actions.close_unanswered(**close)

        reconcile(assessment)
    assert Reconciliation.objects.get().outcome == Outcome.NO_ANSWER
    assert agreed(assessment, statement)[0] == PARTLY


def test_an_answer_ends_the_silence():
    with time_machine.travel(NOON) as clock:
        assessment, statement = differing()
        answer(assessment, statement, "supervisor", MOSTLY)
        clock.shift(datetime.timedelta(days=20))
        answer(assessment, statement, "clerk", FULLY)

        with pytest.raises(actions.WorkflowError, match="or has answered"):
            actions.close_unanswered(
                assessment=assessment, statement=statement, by=builders.supervisor(assessment)
            )


def test_the_clerk_may_still_answer_what_was_closed_for_silence():
    with time_machine.travel(NOON) as clock:
        assessment, statement = differing()
        answer(assessment, statement, "supervisor", MOSTLY)
        clock.shift(datetime.timedelta(days=10))
        actions.close_unanswered(
            assessment=assessment, statement=statement, by=builders.supervisor(assessment)
        )

        answer(assessment, statement, "clerk", MOSTLY)

    assert Reconciliation.objects.get().outcome == Outcome.AGREED


def test_a_one_sided_not_part_of_the_role_yields_unless_it_is_agreed():
    assessment, statement = differing(supervisor=NOT_IN_ROLE)
    builders.settle(assessment)

    reconcile(assessment)

    assert agreed(assessment, statement)[0] == FULLY


def test_saying_the_same_again_after_the_other_side_spoke_is_an_answer():
    with time_machine.travel(NOON) as clock:
        assessment, statement = differing()
        for role, point in (("clerk", FULLY), ("supervisor", PARTLY), ("clerk", FULLY)):
            answer(assessment, statement, role, point)
            clock.shift(datetime.timedelta(hours=1))
        clock.shift(datetime.timedelta(days=11))

        with pytest.raises(actions.WorkflowError, match="or has answered"):
            actions.close_unanswered(
                assessment=assessment, statement=statement, by=builders.supervisor(assessment)
            )

    assert Reconciliation.objects.get().answers.count() == 3


def test_silence_does_not_take_back_what_both_had_agreed_on():
    with time_machine.travel(NOON) as clock:
        assessment, statement = differing()
        answer(assessment, statement, "supervisor", MOSTLY)
        answer(assessment, statement, "clerk", MOSTLY)
        clock.shift(datetime.timedelta(hours=1))
        answer(assessment, statement, "supervisor", None)
        clock.shift(datetime.timedelta(days=11))

        found = actions.close_unanswered(
            assessment=assessment, statement=statement, by=builders.supervisor(assessment)
        )

    assert (found.outcome, found.point) == (Outcome.AGREED, MOSTLY)
