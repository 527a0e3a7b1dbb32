"""What the database refuses of placement rules, whoever asks."""

import pytest
from django.db import connection

from assessments import actions
from assessments.models import PlacementRule
from tests import builders
from tests.raw import refusal, replace

pytestmark = pytest.mark.django_db(transaction=True)

KEPT = "A rule cannot be changed."
TABLE = "assessments_placementrule_must_have"


def rule() -> PlacementRule:
    version = builders.published_version()
    return actions.add_rule(
        threshold=70,
        must_have=[statement.competency for statement in version.statements.all()[:2]],
        reason="Safety first.",
        by=builders.administrator(),
    )


def another_competency() -> int:
    return builders.published_version().statements.last().competency_id


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE assessments_placementrule SET threshold = 1",
        "UPDATE assessments_placementrule SET reason = 'x'",
        "DELETE FROM assessments_placementrule",
        f"UPDATE {TABLE} SET competency_id = %s",
        f"UPDATE {TABLE} SET placementrule_id = 1 WHERE competency_id <> %s",
        f"DELETE FROM {TABLE} WHERE competency_id <> %s",
    ],
)
def test_a_rule_is_kept_with_what_must_be_shown(sql):
    rule()
    values = [another_competency()] if "%s" in sql else []

    assert KEPT in refusal(sql, *values)


def test_a_rule_is_not_replaced():
    found = rule()

    for sql in replace(TABLE, f"placementrule_id = {found.pk}"):
        assert KEPT in refusal(sql)
    for sql in replace("assessments_placementrule", f"id = {found.pk}"):
        assert KEPT in refusal(sql)


def test_a_rule_takes_must_haves_until_a_cycle_uses_it():
    found = rule()
    add = f"INSERT INTO {TABLE} (placementrule_id, competency_id) VALUES (%s, %s)"
    first, second = found.must_have.values_list("pk", flat=True)

    assert KEPT in refusal(add, found.pk, first)
    assert refusal(add, found.pk, another_competency()) == ""

    builders.cycle(rule=found)
    unused = builders.published_version().statements.get(level__rank=2, position=3)
    assert KEPT in refusal(add, found.pk, unused.competency_id)
    assert KEPT in refusal(add, found.pk, second)


def test_no_truncate_empties_a_rule():
    found = rule()
    if connection.vendor == "postgresql":
        assert KEPT in refusal(f"TRUNCATE {TABLE}")

    assert found.must_have.count() == 2
