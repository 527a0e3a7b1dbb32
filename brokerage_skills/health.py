"""Is it alive, and is it ready to work? Asked by whatever watches over the servers."""

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from accounts.guards import GUARDS as ACCOUNTS
from assessments.guards import GUARDS as ASSESSMENTS
from brokerage_skills.triggers import installed, trigger_name
from frameworks.guards import GUARDS as FRAMEWORKS
from records.guards import GUARDS as RECORDS

LEAST_FREE = 0.1  # of the disk
PATIENCE_SECONDS = 1.5


class Finding(NamedTuple):
    """What one check found: "" where all is well, else a sentence."""

    name: str
    problem: str


def findings() -> list[Finding]:
    """Check the disk and, for a second and a half at most, the database.

    A database that is gone may keep whoever asks it waiting for longer than a watcher waits.
    """
    asking = ThreadPoolExecutor(max_workers=1)
    try:
        return [_disk(), *asking.submit(_of_database).result(timeout=PATIENCE_SECONDS)]
    except (TookTooLong, DatabaseError):
        return [_disk(), Finding("database", "The database does not answer.")]
    finally:
        asking.shutdown(wait=False)


def _of_database() -> list[Finding]:
    try:
        return database_findings(connection)
    finally:
        connection.close()


def database_findings(connection: BaseDatabaseWrapper) -> list[Finding]:
    """Ask whether it answers, has every migration, and holds every guard. Raises DatabaseError."""
    checks: list[tuple[str, Callable[[BaseDatabaseWrapper], str]]] = [
        ("database", _answers),
        ("migrations", _migrated),
        ("guards", _guarded),
    ]
    return [Finding(name, check(connection)) for name, check in checks]


def _answers(connection: BaseDatabaseWrapper) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


def _migrated(connection: BaseDatabaseWrapper) -> str:
    on_disk = MigrationLoader(None).disk_migrations or {}
    missing = set(on_disk) - set(MigrationRecorder(connection).applied_migrations())
    return f"{len(missing)} migrations are not applied: run manage.py migrate." if missing else ""


def _guarded(connection: BaseDatabaseWrapper) -> str:
    events = {"INSERT", "UPDATE", "DELETE"}
    if connection.vendor == "postgresql":
        events.add("TRUNCATE")
    every = [*ACCOUNTS, *ASSESSMENTS, *FRAMEWORKS, *RECORDS]
    wanted = {trigger_name(guard) for guard in every if guard.event in events}
    missing = wanted - installed(connection)
    return f"{len(missing)} guards are missing: run manage.py migrate." if missing else ""


def _disk() -> Finding:
    database = settings.DATABASES["default"]
    is_file = database["ENGINE"].endswith("sqlite3")
    folder = Path(str(database["NAME"])).parent if is_file else settings.BASE_DIR
    try:
        usage = shutil.disk_usage(folder)
    except OSError:
        return Finding("disk", "The folder of the database cannot be read.")
    free = usage.free / usage.total
    return Finding("disk", "" if free >= LEAST_FREE else f"Only {free:.0%} of the disk is free.")
