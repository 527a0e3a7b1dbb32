import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from assessments.apps import drop_guards
from records.models import Verification
from tests import builders
from tests.records import tampering

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def verify(capsys, *args: object) -> tuple[int, dict]:
    capsys.readouterr()
    try:
        call_command("verify_records", "--format", "json", *map(str, args))
    except SystemExit as ended:
        return int(str(ended.code)), json.loads(capsys.readouterr().out)
    return 0, json.loads(capsys.readouterr().out)


def test_verify_records_says_that_all_is_intact(capsys):
    record = builders.sign_off().record

    assert verify(capsys) == (
        0,
        {
            "status": "ok",
            "records": record.sequence,
            "head": {"sequence": record.sequence, "digest": record.digest},
            "anchored": None,
            "problems": [],
        },
    )
    kept = Verification.objects.get()
    assert (kept.status, kept.head_sequence, kept.problems) == ("ok", record.sequence, 0)


def test_verify_records_says_of_an_empty_ledger_that_it_is_intact(capsys):
    code, found = verify(capsys)

    assert (code, found["status"], found["records"]) == (0, "ok", 0)
    assert found["head"] == {"sequence": 0, "digest": "0" * 64}


def test_verify_records_names_what_was_altered(capsys):
    record = builders.sign_off().record
    drop_guards(using=connection.alias)
    tampering.run("UPDATE assessments_signoff SET justification = 'x'")

    code, found = verify(capsys)

    assert (code, found["status"]) == (1, "broken")
    assert found["problems"] == [
        {
            "sequence": record.sequence,
            "kind": "mismatch",
            "message": f"Not what was sealed as record {record.sequence}: the sign-off behind it.",
        }
    ]
    kept = Verification.objects.get()
    assert (kept.status, kept.problems) == ("broken", 1)
    assert kept.first_problem == found["problems"][0]["message"]


def test_anchor_records_notes_the_head_and_verify_records_holds_against_it(capsys, tmp_path):
    anchors = tmp_path / "anchors.jsonl"
    call_command("anchor_records", str(anchors))
    builders.sign_off()
    call_command("anchor_records", str(anchors))

    assert len(anchors.read_text().splitlines()) == 2
    assert verify(capsys, "--anchor", anchors)[1]["anchored"] is True

    drop_guards(using=connection.alias)
    with transaction.atomic():
        tampering.run("DELETE FROM records_record WHERE sequence = 2")
        code, found = verify(capsys, "--anchor", anchors)
        transaction.set_rollback(True)
    assert (code, found["anchored"]) == (1, False)
    assert found["problems"][0]["kind"] == "truncated"
    assert found["problems"][0]["sequence"] == 2


def test_verify_records_sees_that_an_anchor_was_changed(capsys, tmp_path):
    anchors = tmp_path / "anchors.jsonl"
    builders.published_version()
    call_command("anchor_records", str(anchors))
    anchors.write_text(anchors.read_text().replace('"sequence": 1', '"sequence": 0'))

    code, found = verify(capsys, "--anchor", anchors)

    assert (code, found["anchored"]) == (1, False)
    assert "Line 1 of the anchor file was changed" in found["problems"][0]["message"]


@pytest.mark.parametrize("text", [b"", b"not an anchor\n", b'{"sequence": 1}\n', b"\xff\xfe"])
def test_verify_records_called_with_another_file_exits_with_2(tmp_path, text):
    file = tmp_path / "anchors.jsonl"
    file.write_bytes(text)

    with pytest.raises(CommandError) as refused:
        call_command("verify_records", "--anchor", str(file))

    assert refused.value.returncode == 2
    assert str(file) in str(refused.value)


def test_verify_records_called_without_its_file_exits_with_2(tmp_path):
    with pytest.raises(CommandError) as refused:
        call_command("verify_records", "--anchor", str(tmp_path / "nothing"))

    assert refused.value.returncode == 2
