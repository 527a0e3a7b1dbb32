"""What the database refuses around a revocation, whoever asks."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from assessments import actions
from assessments.guards import REVOKED, TAKEN_BACK, UNREVOKED
from assessments.models import Dispute, Revocation, SignOff
from records.guards import TAKEN_BACK as ONLY_SIGN_OFFS
from records.models import Record
from tests import builders
from tests.raw import changes, copy, permitted, refusal, replace

REVOCATIONS, RECORDS = "assessments_revocation", "records_record"
SEALED = "A sealed record cannot be changed."
ANOTHER = {"sequence": "sequence + 100", "digest": "'x'", "previous_digest": "'y'"}


@pytest.mark.django_db(transaction=True)
def test_a_revocation_is_kept():
    kept = builders.revocation()

    statements = [
        *changes(Revocation),
        f"DELETE FROM {REVOCATIONS}",
        copy(Revocation, "TRUE"),
        copy(Revocation, "TRUE", key=True),
        *replace(REVOCATIONS, f"id = {kept.pk}"),
    ]
    if connection.vendor == "postgresql":
        statements.append(f"TRUNCATE {REVOCATIONS}")
    assert permitted(statements, REVOKED) == []


@pytest.mark.django_db(transaction=True)
def test_a_revocation_is_of_a_sealed_sign_off_by_somebody_else_and_by_its_own_record():
    kept, signed = builders.revocation(), builders.sign_off()
    waiting, disputed = builders.waiting_sign_off(), builders.dispute().sign_off
    anew = builders.superseding_sign_off()

    statements = [
        revoking(signed, kept.record_id),
        revoking(signed, signed.record_id),
        revoking(waiting, kept.record_id),
        revoking(anew.supersedes, anew.record_id),
    ]
    assert permitted(statements, UNREVOKED) == []
    record = record_of(signed)
    assert UNREVOKED in refusal(revoking(signed, record, by=signed.clerk_id))
    assert refusal(revoking(signed, record)) == ""
    assert UNREVOKED in refusal(revoking(disputed, record_of(disputed)))


def record_of(signed: SignOff) -> int:
    """A record that revokes the sign-off, written without its row."""
    last = Record.objects.first()
    return Record.objects.create(
        sequence=last.sequence + 1,
        kind="revocation",
        subject=signed.clerk,
        payload="{}",
        digest=f"{last.sequence + 1:064}",
        previous_digest=last.digest,
        seal="",
        key_id=last.key_id,
        sealed_at=timezone.now(),
        supersedes=signed.record,
    ).pk


def revoking(signed: SignOff, record: int | None, by: int | None = None) -> str:
    return (
        f"INSERT INTO {REVOCATIONS} (sign_off_id, reason, by_id, at, record_id)"
        f" VALUES ({signed.pk}, 'x', {by or signed.signed_by_id}, '2026-01-01', {record})"
    )


@pytest.mark.django_db(transaction=True)
def test_what_was_revoked_is_neither_disputed_nor_superseded():
    other = builders.dispute()
    waiting = builders.waiting_sign_off()
    kept = builders.revocation()

    statements = [
        copy(Dispute, f"id = {other.pk}", sign_off_id=str(kept.sign_off_id)),
        copy(SignOff, f"id = {waiting.pk}", supersedes_id=str(kept.sign_off_id), round="9"),
    ]

    assert permitted(statements, TAKEN_BACK) == []


@pytest.mark.django_db(transaction=True)
def test_only_a_record_of_a_sign_off_is_revoked_and_a_record_is_superseded_once():
    signed = builders.sign_off()
    seen = actions.acknowledge_sign_off(sign_off=signed, by=signed.clerk)
    kept = builders.revocation(signed)

    of_this = f"sequence = {kept.record_id}"
    statements = [
        copy(Record, of_this, **ANOTHER, supersedes_id=number)
        for number in ("NULL", str(seen.record_id), str(kept.record_id))
    ]
    assert permitted(statements, ONLY_SIGN_OFFS) == []
    again = [
        copy(Record, of_this, **ANOTHER),
        copy(Record, of_this, **ANOTHER, kind="'supersession'"),
    ]
    assert permitted(again, SEALED) == []


@pytest.mark.django_db
def test_a_revocation_says_why():
    signed = builders.sign_off()

    with (
        pytest.raises(IntegrityError, match="revocation_says_why"),
        transaction.atomic(),
    ):
        Revocation.objects.create(
            sign_off=signed,
            reason="",
            by=signed.signed_by,
            at=timezone.now(),
            record_id=record_of(signed),
        )
