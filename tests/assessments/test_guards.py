"""What the database refuses of assessments, whoever asks."""

import pytest
from django.db import IntegrityError, transaction

from assessments.models import Cycle, PlacementRule, Rating, Role, SignOff
from records.models import Record
from tests import builders
from tests.raw import refusal, replace

pytestmark = pytest.mark.django_db(transaction=True)

FROZEN = "These ratings are complete and can no longer be changed."


def test_ratings_are_frozen_once_submitted():
    builders.submitted_assessment()

    assert FROZEN in refusal("UPDATE assessments_rating SET point = 1")
    assert FROZEN in refusal("DELETE FROM assessments_rating")
    assert all(FROZEN in refusal(sql) for sql in replace("assessments_rating", "point = 4"))


def test_a_draft_is_the_clerks_to_write_and_nobody_elses():
    assessment = builders.draft_assessment()
    builders.rate(assessment, Role.SELF)

    assert refusal("UPDATE assessments_rating SET point = 1") == ""
    assert FROZEN in refusal("UPDATE assessments_rating SET role = 'supervisor'")
    assert FROZEN in refusal("UPDATE assessments_rating SET round = 2")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE assessments_signoff SET justification = 'x'",
        "DELETE FROM assessments_signoff",
        "UPDATE assessments_event SET note = 'x'",
        "DELETE FROM assessments_event",
        "UPDATE assessments_ratingchange SET point = 1",
        "DELETE FROM assessments_ratingchange",
        "UPDATE assessments_placementrule SET threshold = 1",
        "UPDATE assessments_assessment SET state = 'draft'",
        "DELETE FROM assessments_assessment",
        "UPDATE assessments_rating SET point = 1",
    ],
)
def test_signed_work_is_kept(sql):
    builders.sign_off()

    assert "cannot be" in refusal(sql) or FROZEN in refusal(sql)


def test_nobody_signs_for_themselves():
    assessment = builders.reconciled_assessment()
    own = SignOff(
        assessment=assessment,
        round=1,
        clerk=assessment.clerk,
        rule=assessment.rule,
        signed_by=assessment.clerk,
        signed_at=assessment.moved_at,
        record=Record.objects.first(),
    )

    with pytest.raises(IntegrityError, match="sign_off_by_someone_else"), transaction.atomic():
        own.save()


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"point": 9}, "rating_point_on_scale"),
        ({"point": 0, "note": ""}, "rating_not_part_of_role_says_why"),
        ({"role": "other"}, "rating_role_known|complete"),
    ],
)
def test_a_rating_is_one_of_the_answers(fields, name):
    assessment = builders.draft_assessment()
    builders.rate(assessment, Role.SELF)

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Rating.objects.update(**fields)


def test_a_cycle_is_due_after_it_opens():
    cycle = builders.cycle()

    with pytest.raises(IntegrityError, match="cycle_due_after_it_opens"), transaction.atomic():
        Cycle.objects.filter(pk=cycle.pk).update(due_on="2000-01-01")


def test_a_threshold_is_a_percentage():
    with (
        pytest.raises(IntegrityError, match="rule_threshold_is_a_percentage"),
        transaction.atomic(),
    ):
        PlacementRule.objects.create(number=2, threshold=101)
