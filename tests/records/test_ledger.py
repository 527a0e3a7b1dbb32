import json

import pytest
from django.db import connection, transaction
from django.utils import timezone

from records import actions, sealing
from records.models import Record, RecordKind, SigningKey
from records.queries import check, payload_of
from tests import builders
from tests.race import race
from tests.raw import refusal, replace


def append(text: str = "something") -> Record:
    with transaction.atomic():
        return actions.append_record(
            kind=RecordKind.SIGN_OFF, payload={"text": text}, at=timezone.now()
        )


@pytest.mark.django_db
def test_append_record_follows_the_one_before_it():
    first, second = append("one"), append("two")

    assert (first.sequence, first.previous_digest) == (1, sealing.NO_DIGEST)
    assert (second.sequence, second.previous_digest) == (2, first.digest)
    assert second.digest == sealing.chained_digest(first.digest, second.payload)
    assert payload_of(second)["text"] == "two"
    assert payload_of(second)["record"] == {
        "kind": "sign_off",
        "sealed_at": second.sealed_at.isoformat(timespec="microseconds"),
        "subject": None,
        "supersedes": None,
        "rows": {},
    }
    assert check(second).is_unchanged


@pytest.mark.django_db(transaction=True)
def test_append_record_refuses_to_stand_alone():
    with pytest.raises(transaction.TransactionManagementError):
        actions.append_record(kind=RecordKind.SIGN_OFF, payload={}, at=timezone.now())


@pytest.mark.django_db
def test_the_seal_is_of_the_key_that_is_kept():
    record = append()
    key = SigningKey.objects.get(pk=record.key_id)

    assert sealing.seal_holds(record.digest, record.seal, key.public_key)
    assert not sealing.seal_holds("0" * 64, record.seal, key.public_key)


@pytest.mark.django_db
def test_the_first_seal_makes_the_key_file_and_says_so(settings, tmp_path, capsys):
    settings.SEAL_KEY_FILE = tmp_path / "new" / "seal.key"

    append("one")
    append("two")

    assert settings.SEAL_KEY_FILE.stat().st_mode & 0o777 == 0o600
    assert capsys.readouterr().err.count(str(settings.SEAL_KEY_FILE)) == 1
    assert SigningKey.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE records_record SET payload = '{}'",
        "UPDATE records_record SET sequence = 9",
        "DELETE FROM records_record",
    ],
)
def test_a_record_is_never_changed(sql):
    append()

    assert "A sealed record cannot be changed." in refusal(sql)


@pytest.mark.django_db(transaction=True)
def test_a_record_is_never_replaced():
    append()
    columns = "kind, payload, seal, key_id, sealed_at"
    by_digest = (
        "INSERT OR REPLACE INTO records_record (sequence, digest, previous_digest, "
        f"{columns}) SELECT 99, digest, 'other', {columns} FROM records_record"
    )
    statements = replace("records_record", "sequence = 1")
    if connection.vendor == "sqlite":
        statements.append(by_digest)

    assert all("cannot be changed" in refusal(sql) for sql in statements)
    assert Record.objects.get().sequence == 1


@pytest.mark.django_db(transaction=True)
def test_many_at_once_never_fork_the_chain():
    outcomes = race(*[lambda number=number: append(str(number)) for number in range(16)])

    assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []
    records = list(Record.objects.order_by("sequence"))
    assert [record.sequence for record in records] == list(range(1, 17))
    before = [sealing.NO_DIGEST] + [record.digest for record in records[:-1]]
    assert [record.previous_digest for record in records] == before


@pytest.mark.django_db
def test_a_sign_off_seals_all_that_is_needed_to_read_it():
    sign_off = builders.sign_off(rank=2)
    payload = json.loads(sign_off.record.payload)

    assert payload["placement"] == {"level": "developing", "label": "Developing"}
    assert payload["justification"] == "Seen in the quarterly file checks."
    assert [len(level["statements"]) for level in payload["levels"]] == [10, 10, 10, 10]
    assert [len(payload["rounds"][0][role]) for role in ("self", "supervisor", "agreed")] == [
        40,
        40,
        40,
    ]
    assert payload["framework"]["attribution"] == "© EBSCOed"
