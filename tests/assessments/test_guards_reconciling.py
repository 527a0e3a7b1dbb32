"""What the database refuses of what two sides said, whoever asks."""

import pytest
from django.db import IntegrityError, connection, transaction

from assessments import actions
from assessments.guards import RECONCILED
from assessments.models import Reconciliation, ReconciliationAnswer
from tests import builders
from tests.raw import changes, copy, permitted, refusal, replace

TALK, ANSWER = "assessments_reconciliation", "assessments_reconciliationanswer"
another_statement = "(SELECT max(id) FROM frameworks_statement)"


def reconciled() -> None:
    assessment = builders.answered_assessment()
    actions.reconcile_assessment(assessment=assessment, by=builders.supervisor(assessment))


def returned() -> None:
    assessment = builders.answered_assessment()
    by = builders.supervisor(assessment)
    actions.return_assessment(assessment=assessment, by=by, reason="Look again.")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("leave", [reconciled, returned])
def test_what_was_said_is_kept_once_both_have_moved_on(leave):
    leave()

    statements = [
        *changes(Reconciliation),
        *changes(ReconciliationAnswer),
        f"DELETE FROM {ANSWER}",
        f"DELETE FROM {TALK}",
        copy(Reconciliation, "TRUE", statement_id=another_statement),
        copy(ReconciliationAnswer, "TRUE"),
        *replace(TALK, "TRUE"),
        *replace(ANSWER, "TRUE"),
    ]
    if connection.vendor == "postgresql":
        statements += [f"TRUNCATE {ANSWER}", f"TRUNCATE {TALK} CASCADE"]
    assert permitted(statements, RECONCILED) == []


@pytest.mark.django_db(transaction=True)
def test_while_both_talk_only_how_it_comes_out_changes():
    builders.answered_assessment()

    statements = [
        *changes(ReconciliationAnswer),
        f"UPDATE {TALK} SET id = id + 1",
        f"UPDATE {TALK} SET assessment_id = assessment_id + 1",
        f"UPDATE {TALK} SET statement_id = {another_statement}",
        f"UPDATE {TALK} SET round = 2",
        f"DELETE FROM {ANSWER}",
        f"DELETE FROM {TALK}",
        copy(Reconciliation, "TRUE", statement_id=another_statement, round="2"),
        copy(Reconciliation, "TRUE"),
        *replace(TALK, "TRUE"),
        *replace(ANSWER, "TRUE"),
    ]
    assert permitted(statements, RECONCILED) == []
    assert refusal(f"UPDATE {TALK} SET point = 2") == ""
    assert refusal(copy(Reconciliation, "TRUE", statement_id=another_statement)) == ""
    assert refusal(copy(ReconciliationAnswer, "TRUE", point="4")) == ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"outcome": "other", "point": None}, "reconciliation_outcome_known"),
        ({"point": None}, "reconciliation_agreed_on_a_point"),
        ({"outcome": "differ"}, "reconciliation_agreed_on_a_point"),
        ({"settled_at": None}, "reconciliation_settled_by_somebody"),
        ({"settled_by": None}, "reconciliation_settled_by_somebody"),
        ({"outcome": "", "point": None}, "reconciliation_settled_by_somebody"),
    ],
)
def test_a_statement_is_settled_on_something_by_somebody(fields, name):
    builders.answered_assessment()

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Reconciliation.objects.update(**fields)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"role": "agreed"}, "reconciliation_answer_by_a_side"),
        ({"point": 5}, "reconciliation_answer_on_scale"),
        ({"point": None, "reason": ""}, "reconciliation_difference_says_why"),
    ],
)
def test_an_answer_is_of_one_side_on_the_scale(fields, name):
    builders.answered_assessment()
    answer = ReconciliationAnswer.objects.first()
    answer.pk = None

    for field, value in fields.items():
        setattr(answer, field, value)

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        answer.save()
