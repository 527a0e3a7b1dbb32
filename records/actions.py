import contextlib
import datetime
import sys
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from records import sealing
from records.anchors import anchor_line
from records.chain import Head
from records.fingerprints import Rows, sealed_rows
from records.models import Chain, Record, SigningKey, Verification
from records.queries import envelope
from records.verification import Verified, head


def ensure_key() -> Ed25519PrivateKey:
    """Read the sealing key, making its file first when there is none and saying so on stderr."""
    path = settings.SEAL_KEY_FILE
    if not path.exists():
        with contextlib.suppress(FileExistsError):
            sealing.make_key_file(path)
            print(f"Made the sealing key {path}. Keep a copy of it.", file=sys.stderr)
    return sealing.read_key_file(path)


def append_record(
    *,
    kind: str,
    payload: dict[str, Any],
    at: datetime.datetime,
    subject: User | None = None,
    supersedes: Record | None = None,
    behind: Mapping[str, Rows] | None = None,
) -> Record:
    """Seal the payload as the next record of the ledger; the last act of its transaction.

    `behind` are the rows, by table, that must stay as they are now; their digests are sealed
    with it. The caller holds the transaction: what is sealed and what the tables say stand or
    fall together. Raises TransactionManagementError outside of one.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("A record is sealed with what it records.")
    key = ensure_key()
    public_key = sealing.public_hex(key)
    key_id = sealing.key_id(public_key)
    about = envelope(kind, at, subject, supersedes) | {"rows": sealed_rows(behind or {})}
    text = sealing.canonical(payload | {"record": about})

    # Locking "the last record" would let two appenders read the same one; this row is one.
    Chain.objects.get_or_create(pk=1)
    Chain.objects.select_for_update().get(pk=1)
    SigningKey.objects.get_or_create(
        key_id=key_id, defaults={"public_key": public_key, "since": at}
    )
    last = Record.objects.order_by("-sequence").first()
    previous_digest = last.digest if last else sealing.NO_DIGEST
    digest = sealing.chained_digest(previous_digest, text)
    return Record.objects.create(
        sequence=last.sequence + 1 if last else 1,
        kind=kind,
        subject=subject,
        payload=text,
        digest=digest,
        previous_digest=previous_digest,
        seal=sealing.seal(digest, key),
        key_id=key_id,
        sealed_at=at,
        supersedes=supersedes,
    )


def remember_verification(verified: Verified) -> Verification:
    """Keep that the ledger was verified and what came out, for everybody to see."""
    return Verification.objects.create(
        at=timezone.now(),
        head_sequence=verified.head.sequence,
        head_digest=verified.head.digest,
        anchored=verified.anchored,
        status=verified.status,
        problems=len(verified.problems),
        first_problem=verified.problems[0].message if verified.problems else "",
    )


def anchor_head() -> tuple[Head, str]:
    """Give the last record's number and digest, and the signed line that notes them."""
    now = timezone.now().astimezone(datetime.UTC)
    found = head()
    return found, anchor_line(found, now.isoformat(timespec="seconds"), ensure_key())
