"""Whoever alters the database with its guards down is found."""

import contextlib
import os
import random
import shutil
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from assessments.apps import drop_guards
from assessments.models import SignOff
from assessments.sealed_rows import COMPARER as ASSESSMENTS
from frameworks.sealed_rows import COMPARER as FRAMEWORKS
from records import actions, sealing, verification
from records.anchors import read_anchors
from records.verification import Verified
from tests import builders
from tests.records import tampering

# TAMPERINGS=1000 is the full setting.
TAMPERINGS = int(os.environ.get("TAMPERINGS", "100"))

pytestmark = pytest.mark.django_db


def verify(anchor: str | None = None) -> Verified:
    return verification.verify([FRAMEWORKS, ASSESSMENTS], read_anchors(anchor) if anchor else None)


@pytest.fixture(scope="module")
def anchor(kept_rows) -> str:
    """A ledger whose end was noted elsewhere, and then nothing that guards it."""
    tampering.ledger()
    _, line = actions.anchor_head()
    drop_guards(using=connection.alias)
    return line


def found_after(anchor: str, tamper) -> Verified:
    """What verifying finds after it was altered; then it is put back."""
    with transaction.atomic():
        # What a constraint refuses never was.
        with contextlib.suppress(IntegrityError), transaction.atomic():
            tamper()
        found = verify(anchor)
        transaction.set_rollback(True)
    return found


def test_a_ledger_that_nobody_touched_is_intact(anchor):
    found = verify(anchor)

    assert found.problems == []
    assert found.status == "ok"
    assert found.anchored is True
    assert found.head == verification.head()
    assert verify().anchored is None


@pytest.mark.parametrize("model", tampering.SEALED_ROWS, ids=lambda model: model.__name__)
def test_a_change_of_any_sealed_column_is_found(anchor, model):
    statements = tampering.columns(model)

    missed = []
    for sql in statements:
        changed: list[int] = []
        found = found_after(anchor, lambda s=sql, c=changed: c.append(tampering.run(s)))
        if changed and not found.problems:
            missed.append((sql, changed))

    assert missed == [], "\n".join(map(str, missed))


def test_any_tampering_is_found_and_the_first_record_named(anchor):
    altered, missed = 0, []
    for seed in range(TAMPERINGS):
        pick = random.Random(seed)  # noqa: S311
        way, named = pick.choice(tampering.WAYS), list[int | None]()
        found = found_after(anchor, lambda p=pick, w=way, n=named: n.append(w(p)))
        altered += len(named)
        first = found.problems[0].sequence if found.problems else None
        if named and (not found.problems or named[0] not in (None, first)):
            missed.append((seed, way.__name__, named[0], found.problems[:2]))

    print(f"{altered} tamperings, {len(missed)} not found or not named")
    assert altered > TAMPERINGS / 2
    assert missed == [], "\n".join(map(str, missed))


def test_only_an_anchor_shows_a_ledger_that_was_set_back(anchor):
    """All tables as they were before the last signature, as in a copy restored from then."""
    signed = SignOff.objects.get(record=verification.head().sequence)
    tampering.run("DELETE FROM assessments_signoff WHERE id = %s", signed.pk)
    tampering.run("DELETE FROM records_record WHERE sequence = %s", signed.record_id)
    sql = "UPDATE assessments_assessment SET state = 'reconciled' WHERE id = %s"
    tampering.run(sql, signed.assessment_id)

    assert verify().problems == []
    found = verify(anchor)
    assert [(p.sequence, p.kind) for p in found.problems] == [(signed.record_id, "truncated")]
    assert found.anchored is False


def test_a_key_that_was_added_seals_and_what_the_old_one_sealed_stands(anchor, settings, capsys):
    settings.SEAL_KEY_FILE = copied(settings.SEAL_KEY_FILE)
    old = sealing.public_hex(sealing.read_key_file(settings.SEAL_KEY_FILE))
    call_command("add_seal_key")

    record = builders.sign_off().record

    assert record.key_id != sealing.key_id(old)
    assert record.key_id in capsys.readouterr().out
    assert verify(anchor).problems == []
    assert settings.SEAL_KEY_FILE.stat().st_mode & 0o777 == 0o600


def test_an_old_key_may_stand_as_its_public_half(anchor, settings):
    settings.SEAL_KEY_FILE = copied(settings.SEAL_KEY_FILE)
    old = sealing.read_key_file(settings.SEAL_KEY_FILE).public_key()
    call_command("add_seal_key")
    halves = settings.SEAL_KEY_FILE.read_bytes().partition(b"-----END PRIVATE KEY-----\n")
    settings.SEAL_KEY_FILE.write_bytes(
        old.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo) + halves[2]
    )

    assert verify().problems == []
    builders.sign_off()
    assert verify(anchor).problems == []


def copied(key_file: Path) -> Path:
    return Path(shutil.copy(key_file, f"{key_file}.copy"))
