"""How long a ledger of many records takes to verify, and how much memory.

`python -m bench.verify_records [--records N]` makes a database of its own in a temporary folder,
with appointments (about 1 kB of text each) and their rows, and verifies it twice. Prints seconds,
records a second and the largest memory.
"""

import argparse
import datetime
import os
import resource
import tempfile
import time
from pathlib import Path

folder = tempfile.TemporaryDirectory()
os.environ["DJANGO_SETTINGS_MODULE"] = "brokerage_skills.settings"
os.environ["SECRET_KEY"] = "of a database that is thrown away"
os.environ["DATABASE_URL"] = f"sqlite:///{folder.name}/bench.sqlite3"
os.environ["SEAL_KEY_FILE"] = f"{folder.name}/seal.key"

import django  # noqa: E402  # the settings read the environment

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from assessments.actions import appoint  # noqa: E402
from assessments.models import Appointment  # noqa: E402
from assessments.sealed_rows import COMPARER as ASSESSMENTS  # noqa: E402
from assessments.sealed_rows import rows_behind_appointment  # noqa: E402
from frameworks.sealed_rows import COMPARER as FRAMEWORKS  # noqa: E402
from records import sealing, verification  # noqa: E402
from records.fingerprints import sealed_rows  # noqa: E402
from records.models import Record, RecordKind  # noqa: E402
from records.queries import envelope, payload_of  # noqa: E402
from tests import builders  # noqa: E402

AT_ONCE = 2_000


def build(number: int) -> None:
    """Fill the ledger by the hundred, as the action would one by one."""
    person = builders.clerk()
    first = appoint(
        person=person,
        up_to_level=builders.published_version().levels.all()[0],
        reason="Nobody is placed yet.",
        ends_on=timezone.localdate() + datetime.timedelta(days=90),
        by=builders.administrator(),
    )
    key = sealing.read_key_file(Path(settings.SEAL_KEY_FILE))
    key_id, text = sealing.key_id(sealing.public_hex(key)), payload_of(first.record)
    sequence, previous = verification.head()
    while sequence < number:
        records, rows = [], []
        for _ in range(min(AT_ONCE, number - sequence)):
            sequence, at = sequence + 1, timezone.now()
            row = Appointment(
                person=person,
                up_to_level=first.up_to_level,
                reason=f"Reason {sequence}",
                ends_on=first.ends_on,
                appointed_by=first.appointed_by,
                appointed_at=at,
                record_id=sequence,
            )
            behind = {"rows": sealed_rows(rows_behind_appointment(row))}
            about = envelope(RecordKind.APPOINTMENT, at, person, None) | behind
            payload = sealing.canonical(text | {"reason": row.reason, "record": about})
            digest = sealing.chained_digest(previous, payload)
            rows.append(row)
            records.append(
                Record(
                    sequence=sequence,
                    kind=RecordKind.APPOINTMENT,
                    subject=person,
                    payload=payload,
                    digest=digest,
                    previous_digest=previous,
                    seal=sealing.seal(digest, key),
                    key_id=key_id,
                    sealed_at=at,
                )
            )
            previous = digest
        with transaction.atomic():
            Record.objects.bulk_create(records)
            Appointment.objects.bulk_create(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    number = parser.parse_args().records
    call_command("migrate", verbosity=0)
    build(number)
    for _ in range(2):
        began = time.perf_counter()
        verified = verification.verify([FRAMEWORKS, ASSESSMENTS])
        took = time.perf_counter() - began
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(
            f"{verified.records} records, {verified.status}: {took:.1f} s,"
            f" {verified.records / took:.0f} a second, at most {most} MB"
        )


if __name__ == "__main__":
    main()
