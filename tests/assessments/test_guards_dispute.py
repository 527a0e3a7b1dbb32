"""What the database refuses of disputes, whoever asks."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from assessments import actions
from assessments.guards import DISPUTED
from assessments.models import Dispute, DisputedStatement
from records.models import Record
from tests import builders
from tests.raw import changes, copy, permitted, refusal, replace

DISPUTES, STATEMENTS = "assessments_dispute", "assessments_disputedstatement"
BASE = "id sign_off_id reason opened_by_id opened_at"
another_statement = "(SELECT max(id) FROM frameworks_statement)"


def upheld() -> Dispute:
    dispute = builders.rated_dispute()
    by = builders.above(dispute.sign_off.assessment)
    return actions.uphold_sign_off(dispute=dispute, reason="The tickets bear it out.", by=by)


def columns_but_base() -> str:
    kept = [field.column for field in Dispute._meta.fields]
    return " ".join(column for column in kept if column not in BASE.split())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("make", "lawful"),
    [(builders.dispute, True), (builders.rated_dispute, True), (upheld, False)],
)
def test_a_dispute_is_kept_and_nothing_changes_once_it_is_decided(make, lawful):
    dispute = make()
    other = builders.sign_off()

    statements = [
        *changes(Dispute, but=columns_but_base() if lawful else ""),
        f"DELETE FROM {DISPUTES}",
        copy(Dispute, "TRUE"),
        copy(Dispute, "TRUE", key=True, sign_off_id=str(other.pk)),
        *replace(DISPUTES, f"id = {dispute.pk}"),
    ]
    if connection.vendor == "postgresql":
        statements.append(f"TRUNCATE {DISPUTES} CASCADE")
    assert permitted(statements, DISPUTED) == []
    assert (refusal(f"UPDATE {DISPUTES} SET named_at = opened_at") == "") == lawful


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("make", [builders.rated_dispute, upheld])
def test_the_deciders_ratings_are_kept_once_they_are_complete(make):
    make()

    statements = [
        *changes(DisputedStatement),
        f"DELETE FROM {STATEMENTS}",
        copy(DisputedStatement, "TRUE", statement_id=another_statement),
        copy(DisputedStatement, "TRUE"),
        *replace(STATEMENTS, "TRUE"),
    ]
    if connection.vendor == "postgresql":
        statements.append(f"TRUNCATE {STATEMENTS}")
    assert permitted(statements, DISPUTED) == []


@pytest.mark.django_db(transaction=True)
def test_what_is_disputed_is_kept_from_the_start():
    builders.dispute()

    statements = [
        *(
            f"UPDATE {STATEMENTS} SET {column} = {column} + 1"
            for column in ("id", "dispute_id", "statement_id")
        ),
        f"DELETE FROM {STATEMENTS}",
        copy(DisputedStatement, "TRUE"),
        *replace(STATEMENTS, "TRUE"),
    ]
    assert permitted(statements, DISPUTED) == []
    assert refusal(f"UPDATE {STATEMENTS} SET note = 'x'") == ""


@pytest.mark.django_db(transaction=True)
def test_a_record_is_of_one_dispute():
    """UPDATE OR REPLACE would delete the decided one in its way."""
    decided, found = upheld(), builders.rated_dispute()
    replacing = "UPDATE OR REPLACE" if connection.vendor == "sqlite" else "UPDATE"

    said = refusal(
        f"{replacing} {DISPUTES} SET record_id = {decided.record_id}, outcome = 'upheld',"
        " decision_reason = 'x', decided_by_id = rated_by_id, decided_at = opened_at"
        f" WHERE id = {found.pk}"
    )

    assert DISPUTED in said
    assert Dispute.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"outcome": "other"}, "dispute_outcome_known"),
        ({"outcome": ""}, "dispute_decided_by_whom_and_why"),
        ({"decision_reason": ""}, "dispute_decided_by_whom_and_why"),
        ({"decided_by": None}, "dispute_decided_by_whom_and_why"),
        ({"decided_at": None}, "dispute_decided_by_whom_and_why"),
        ({"record": None}, "dispute_decided_by_whom_and_why"),
        ({"rated_at": None}, "dispute_decided_by_whom_and_why"),
        ({"decided_by": "clerk"}, "dispute_decided_by_someone_else"),
    ],
)
def test_a_decision_says_who_and_why(fields, name):
    dispute = builders.rated_dispute()
    decision = {
        "outcome": "upheld",
        "decision_reason": "The tickets bear it out.",
        "decided_by": builders.above(dispute.sign_off.assessment),
        "decided_at": timezone.now(),
        "record": Record.objects.first(),
        **fields,
    }
    if fields.get("decided_by") == "clerk":
        decision["decided_by"] = dispute.opened_by

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Dispute.objects.update(**decision)


@pytest.mark.django_db
def test_a_dispute_says_why():
    signed = builders.sign_off()

    with pytest.raises(IntegrityError, match="dispute_says_why"), transaction.atomic():
        Dispute.objects.create(
            sign_off=signed, reason="", opened_by=signed.clerk, opened_at=signed.signed_at
        )


@pytest.mark.django_db
@pytest.mark.parametrize("fields", [{"point": 5}, {"author": None}])
def test_the_deciders_rating_is_on_the_scale_and_of_somebody(fields):
    dispute = builders.dispute()
    rating = {"point": 4, "author": dispute.opened_by, **fields}

    with pytest.raises(IntegrityError, match="disputed_statement_on_scale"), transaction.atomic():
        DisputedStatement.objects.update(**rating)
