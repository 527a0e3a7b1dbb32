"""What the database refuses of assessments, whoever asks."""

import pytest
from django.db import IntegrityError, connection, transaction

from assessments.guards import FROZEN, drop
from assessments.models import (
    Cycle,
    DisputedStatement,
    Event,
    PlacementRule,
    Rating,
    RatingChange,
    Reconciliation,
    Role,
    SignOff,
)
from tests import builders
from tests.raw import changes, copy, permitted, refusal, replace

UNSEALED = {"record_id": "NULL", "needs_second": "(1 = 1)"}

in_sql = pytest.mark.django_db(transaction=True)


@in_sql
def test_ratings_are_frozen_once_submitted():
    builders.submitted_assessment()

    assert FROZEN in refusal("UPDATE assessments_rating SET point = 1")
    assert FROZEN in refusal("DELETE FROM assessments_rating")
    assert all(FROZEN in refusal(sql) for sql in replace("assessments_rating", "point = 4"))


@in_sql
def test_a_draft_is_the_clerks_to_write_and_nobody_elses():
    assessment = builders.draft_assessment()
    builders.rate(assessment, Role.SELF)

    assert refusal("UPDATE assessments_rating SET point = 1") == ""
    assert FROZEN in refusal("UPDATE assessments_rating SET role = 'supervisor'")
    assert FROZEN in refusal("UPDATE assessments_rating SET round = 2")


@in_sql
def test_signed_work_is_kept():
    builders.sign_off()

    statements = [
        *changes(RatingChange),
        *changes(Event),
        "UPDATE assessments_placementrule SET threshold = 1",
        "UPDATE assessments_assessment SET state = 'draft'",
        "DELETE FROM assessments_assessment",
        "DELETE FROM assessments_event",
        "DELETE FROM assessments_ratingchange",
        *replace("assessments_assessment", "TRUE"),
        *replace("assessments_event", "id = (SELECT min(id) FROM assessments_event)"),
    ]
    assert permitted(statements, "cannot be") == []
    assert permitted([*changes(Rating), "DELETE FROM assessments_rating"], FROZEN) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"point": 9}, "rating_point_on_scale"),
        ({"point": 0, "note": ""}, "rating_not_part_of_role_says_why"),
    ],
)
def test_a_rating_is_one_of_the_answers(fields, name):
    assessment = builders.draft_assessment()
    builders.rate(assessment, Role.SELF)

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Rating.objects.update(**fields)


@pytest.mark.django_db
def test_a_cycle_is_due_after_it_opens():
    cycle = builders.cycle()

    with pytest.raises(IntegrityError, match="cycle_due_after_it_opens"), transaction.atomic():
        Cycle.objects.filter(pk=cycle.pk).update(due_on="2000-01-01")


@pytest.mark.django_db
def test_a_threshold_is_a_percentage():
    with (
        pytest.raises(IntegrityError, match="rule_threshold_is_a_percentage"),
        transaction.atomic(),
    ):
        PlacementRule.objects.create(number=2, threshold=101)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sql", "name"),
    [
        (copy(Rating, "TRUE", role="'other'"), "rating_role_known"),
        (copy(Rating, "TRUE", role="'agreed'", point="NULL"), "rating_agreed_has_a_point"),
        (copy(Rating, "TRUE"), r"rating_once_per_role_and_round|rating\.role"),
        (copy(SignOff, "round = 1", **UNSEALED), r"sign_off_once_per_round|signoff\.round"),
        (
            copy(SignOff, "round = 2", **UNSEALED, round="9"),
            r"sign_off_superseded_once|signoff\.supersedes_id",
        ),
        (copy(DisputedStatement, "TRUE"), r"disputed_statement_once|statement\.statement_id"),
        (copy(Reconciliation, "TRUE"), r"reconciliation_once_per_round|reconciliation\.round"),
    ],
)
def test_what_a_guard_refuses_first_breaks_a_rule_as_well(sql, name):
    builders.superseding_sign_off()
    builders.answered_assessment()
    connection.check_constraints()
    drop(connection)

    with (
        pytest.raises(IntegrityError, match=name),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
