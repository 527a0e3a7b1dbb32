"""A ledger of some length, and ways to alter it by whoever has the database in their hands."""

import datetime
import json
import random
from collections.abc import Callable
from typing import Any

from django.db import connection, models
from django.utils import timezone

from assessments import actions
from assessments.models import (
    Acknowledgement,
    Appointment,
    Dispute,
    DisputedStatement,
    Rating,
    RatingChange,
    Reconciliation,
    ReconciliationAnswer,
    Revocation,
    SignOff,
)
from frameworks.models import FrameworkVersion, Level, Statement, StatementChange, VersionState
from records import sealing
from records.models import Record, SigningKey
from tests import builders
from tests.raw import changes

# What may be otherwise from one day to the next without anything being wrong.
UNSEALED = {
    SigningKey: "since",
    SignOff: "id",
    Acknowledgement: "id",
    Revocation: "id",
    FrameworkVersion: "state published_at published_by_id retired_at retired_by_id",
    Appointment: "id ended_at ended_by_id ended_reason ended_record_id",
}
OF_SIGNED = "assessment_id IN (SELECT assessment_id FROM assessments_signoff WHERE record_id > 0)"
SEALED_ROWS: dict[type[models.Model], str] = {
    Record: "TRUE",
    SigningKey: "TRUE",
    SignOff: "record_id IS NOT NULL",
    Rating: OF_SIGNED,
    RatingChange: OF_SIGNED,
    Reconciliation: OF_SIGNED,
    ReconciliationAnswer: f"reconciliation_id IN (SELECT id FROM {{}} WHERE {OF_SIGNED})".format(
        Reconciliation._meta.db_table
    ),
    Acknowledgement: "TRUE",
    Revocation: "TRUE",
    Appointment: "TRUE",
    Dispute: "record_id IS NOT NULL",
    DisputedStatement: "dispute_id IN (SELECT id FROM assessments_dispute WHERE record_id > 0)",
    FrameworkVersion: f"state <> '{VersionState.DRAFT}'",
    Level: "TRUE",
    Statement: "TRUE",
    StatementChange: "TRUE",
}


def ledger() -> None:
    """Every kind of record, sign-offs of several people, two versions of a framework."""
    for _ in range(2):
        signed = builders.sign_off()
        actions.acknowledge_sign_off(sign_off=signed, by=signed.clerk, reply="Thank you.")
    builders.superseding_sign_off()
    builders.revocation(builders.correction())
    rated = builders.rated_dispute()
    actions.uphold_sign_off(
        dispute=rated, reason="The tickets bear it out.", by=rated.rated_by or rated.opened_by
    )
    settled = builders.answered_assessment()
    builders.settle(settled)
    settled = actions.reconcile_assessment(assessment=settled, by=builders.supervisor(settled))
    actions.sign_off_assessment(
        assessment=settled,
        level=settled.version.levels.first(),
        by=builders.supervisor(settled),
        revision=settled.revision,
        category="other_evidence",
        justification="Seen in the quarterly file checks.",
    )
    actions.appoint(
        person=builders.clerk(),
        up_to_level=Level.objects.filter(version__state=VersionState.PUBLISHED)[0],
        reason="Nobody is placed yet.",
        ends_on=timezone.localdate() + datetime.timedelta(days=90),
        by=builders.administrator(),
    )
    builders.continued_assessment(None, ("Standard office machines", "Usual office machines"))
    builders.sign_off()


def run(sql: str, *values: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.rowcount


def columns(model: type[models.Model]) -> list[str]:
    """Statements that change one sealed column each, in one row."""
    table, where = model._meta.db_table, SEALED_ROWS[model]
    key = model._meta.pk.column
    one = f"{key} = (SELECT MAX({key}) FROM {table} WHERE {where})"
    return changes(model, one, but=UNSEALED.get(model, ""))


def _some(pick: random.Random) -> Record:
    return pick.choice(list(Record.objects.all()))


def edited(pick: random.Random, text: str) -> str:
    """The payload with one value changed, still canonical JSON."""
    payload = json.loads(text)
    places: list[tuple[Any, Any]] = []

    def walk(node: Any) -> None:
        pairs = node.items() if isinstance(node, dict) else enumerate(node)
        for key, value in pairs:
            if isinstance(value, dict | list):
                walk(value)
            else:
                places.append((node, key))

    walk(payload)
    node, key = pick.choice(places)
    node[key] = "Otherwise" if node[key] != "Otherwise" else None
    return sealing.canonical(payload)


def edit(pick: random.Random) -> int:
    """Change a text, and hide it as far as that goes without the key."""
    record = _some(pick)
    text = edited(pick, record.payload)
    run("UPDATE records_record SET payload = %s WHERE sequence = %s", text, record.sequence)
    if pick.random() < 0.6:
        rehash(record.sequence, to_the_end=pick.random() < 0.5)
    return record.sequence


def rehash(first: int, *, to_the_end: bool) -> None:
    before = Record.objects.filter(sequence=first - 1).values_list("digest", flat=True).first()
    for record in Record.objects.filter(sequence__gte=first).order_by("sequence"):
        before = before or sealing.NO_DIGEST
        digest = sealing.chained_digest(before, record.payload)
        sql = "UPDATE records_record SET previous_digest = %s, digest = %s WHERE sequence = %s"
        run(sql, before, digest, record.sequence)
        if not to_the_end:
            return
        before = digest


def delete(pick: random.Random) -> int:
    record = _some(pick)
    run("DELETE FROM records_record WHERE sequence = %s", record.sequence)
    return record.sequence


def cut(pick: random.Random) -> int:
    last = Record.objects.count()
    first = last + 1 - pick.randint(1, last - 1)
    run("DELETE FROM records_record WHERE sequence >= %s", first)
    return first


def reorder(pick: random.Random) -> int:
    one, other = sorted(r.sequence for r in pick.sample(list(Record.objects.all()), 2))
    for old, new in ((one, 900_000), (other, one), (900_000, other)):
        run("UPDATE records_record SET sequence = %s WHERE sequence = %s", new, old)
    return one


def insert(pick: random.Random) -> int:
    """Put a record of one's own at the end, or in between with all others moved on."""
    last = Record.objects.order_by("-sequence").first()
    assert last is not None
    key = sealing.Ed25519PrivateKey.generate()
    public = sealing.public_hex(key)
    made = run(
        "INSERT INTO records_signingkey (key_id, public_key, since) VALUES (%s, %s, %s)",
        sealing.key_id(public),
        public,
        last.sealed_at,
    )
    assert made
    number = last.sequence + 1 if pick.random() < 0.5 else pick.randint(1, last.sequence)
    for record in Record.objects.filter(sequence__gte=number).order_by("-sequence"):
        sql = "UPDATE records_record SET sequence = %s WHERE sequence = %s"
        run(sql, record.sequence + 1, record.sequence)
    before = Record.objects.filter(sequence=number - 1).first()
    previous = before.digest if before else sealing.NO_DIGEST
    text = edited(pick, last.payload)
    digest = sealing.chained_digest(previous, text)
    if Record.objects.filter(previous_digest=previous).exists():
        sql = "UPDATE records_record SET previous_digest = %s WHERE sequence = %s"
        run(sql, digest, number + 1)
    Record.objects.bulk_create(
        [
            Record(
                sequence=number,
                kind=last.kind,
                subject=last.subject,
                payload=text,
                digest=digest,
                previous_digest=previous,
                seal=sealing.seal(digest, key),
                key_id=sealing.key_id(public),
                sealed_at=last.sealed_at,
            )
        ]
    )
    return number


def change_a_row(pick: random.Random) -> None:
    model = pick.choice([model for model in SEALED_ROWS if model not in (Record, SigningKey)])
    table, where = model._meta.db_table, SEALED_ROWS[model]
    key = model._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {key} FROM {table} WHERE {where}")
        row = pick.choice(cursor.fetchall())[0]
    run(pick.choice(changes(model, f"{key} = {row}", but=UNSEALED.get(model, ""))))


WAYS: list[Callable[[random.Random], int | None]] = [
    edit,
    delete,
    cut,
    reorder,
    insert,
    change_a_row,
    change_a_row,
    change_a_row,
]
