"""A backup is a folder: the database as one file, the public keys, and what is in them."""

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NamedTuple

from django.db import DatabaseError, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from pydantic import BaseModel, ConfigDict, ValidationError

from brokerage_skills import triggers
from records import copies
from records.anchors import Anchor
from records.chain import Problem
from records.copies import CopyFailed
from records.models import Record, SigningKey
from records.verification import Comparer, Verified, head, verify

MANIFEST, KEYS = "manifest.json", "public_keys.json"
MOST_BYTES = 10_000_000


class LedgerHead(BaseModel):
    """The last record's number and digest."""

    model_config = ConfigDict(extra="forbid", strict=True)
    sequence: int
    digest: str


class File(BaseModel):
    """One file of a backup: bytes and hex SHA-256."""

    model_config = ConfigDict(extra="forbid", strict=True)
    size: int
    sha256: str


class Contents(BaseModel):
    """What a database held at one moment; `rows` by table, guards by the names of triggers."""

    model_config = ConfigDict(extra="forbid", strict=True)
    database: str
    migrations: list[str]
    records: int
    head: LedgerHead
    guards: list[str]
    public_keys: dict[str, str]
    rows: dict[str, int]


class Manifest(Contents):
    """What a backup says of itself; `made_at` (UTC, ISO 8601) is before anything was read."""

    format: Literal[1]
    made_at: str
    files: dict[str, File]


class Backup(NamedTuple):
    """A backup that was opened again, and what verifying its ledger found."""

    folder: Path
    manifest: Manifest
    verified: Verified


class Refused(Exception):
    """A backup is not to be restored here; says why, and what is wrong with its ledger."""

    def __init__(self, message: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__(message)
        self.problems = list(problems)


def make_backup(folder: Path, comparers: Iterable[Comparer]) -> Backup:
    """Write a backup into a new folder below this one, named by the time, and open it again.

    It has another name until it is whole and looked at; ".broken" at its end says that the ledger
    in it is. The private key is never in it. Raises CopyFailed, and OSError for the folder.
    """
    at = timezone.now().astimezone(timezone.get_fixed_timezone(0))
    name = at.strftime("%Y%m%dT%H%M%S.%fZ")
    draft = folder / f"{name}.partial"
    draft.mkdir(mode=0o700)
    try:
        manifest = _write(draft, at.isoformat(timespec="microseconds"))
        with copies.opened(draft / copies.NAMES[manifest.database]):
            if differing := _differing(manifest):
                raise CopyFailed(f"The copy has other {differing} than the database had.")
            verified = verify(comparers)
    except BaseException:
        shutil.rmtree(draft)
        raise
    whole = draft.rename(folder / (f"{name}.broken" if verified.problems else name))
    _reach_the_disk(folder)
    return Backup(whole, manifest, verified)


def restore_backup(
    folder: Path, comparers: Iterable[Comparer], anchors: Sequence[Anchor] | None = None
) -> Backup:
    """Put a backup into the empty database, after all that can be checked before has been.

    Migrates nothing. Raises Refused and CopyFailed; nothing was changed then, but where the
    message says that it was restored.
    """
    comparers, manifest = list(comparers), _read_manifest(folder)
    _require_files(folder, manifest)
    _require_fitting(manifest)
    copy = folder / copies.NAMES[manifest.database]
    with copies.opened(copy):
        _require_as_it_was(manifest, comparers, anchors, "The backup")
    copies.put_back(copy)
    verified = _require_as_it_was(manifest, comparers, anchors, "What was restored")
    return Backup(folder, manifest, verified)


def _write(draft: Path, made_at: str) -> Manifest:
    vendor = connections["default"].vendor
    contents = copies.make(draft / copies.NAMES[vendor], _contents)
    _write_json(draft / KEYS, contents.public_keys)
    files = {path.name: _file(path) for path in sorted(draft.iterdir())}
    manifest = Manifest(format=1, made_at=made_at, files=files, **contents.model_dump())
    for path in draft.iterdir():
        _reach_the_disk(path)
    # The last of all: a folder without it is none.
    _write_json(draft / MANIFEST, manifest.model_dump())
    _reach_the_disk(draft / MANIFEST)
    _reach_the_disk(draft)
    return manifest


def _contents() -> Contents:
    connection = connections["default"]
    tables = sorted(connection.introspection.table_names())
    if Record._meta.db_table not in tables:
        raise CopyFailed("The database has no ledger. Is it the right one, and migrated?")
    rows = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608
            ((rows[table],),) = cursor.fetchall()
    found = head()
    return Contents(
        database=connection.vendor,
        migrations=sorted(map(".".join, MigrationRecorder(connection).applied_migrations())),
        records=rows[Record._meta.db_table],
        head=LedgerHead(**found._asdict()),
        guards=sorted(triggers.installed(connection)),
        public_keys=dict(SigningKey.objects.order_by("pk").values_list("key_id", "public_key")),
        rows=rows,
    )


def _differing(manifest: Manifest) -> str:
    """Name what the database at hand holds otherwise than the manifest says; "" for nothing."""
    found = _contents()
    names = [n for n in Contents.model_fields if getattr(found, n) != getattr(manifest, n)]
    return ", ".join(name.replace("_", " ") for name in names)


def _read_manifest(folder: Path) -> Manifest:
    path = folder / MANIFEST
    if not path.is_file():
        raise Refused(f"There is no {MANIFEST} in {folder}: it is no backup, or half of one.")
    with path.open("rb") as file:
        text = file.read(MOST_BYTES)
    try:
        manifest = Manifest.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise Refused(f"{path} cannot be read: {place} {first['msg']}".rstrip()) from None
    if manifest.files.keys() != {KEYS, copies.NAMES.get(manifest.database)}:
        raise Refused(f"{path} does not name the files of a backup.")
    return manifest


def _require_files(folder: Path, manifest: Manifest) -> None:
    for name, noted in manifest.files.items():
        path = folder / name
        if not path.is_file():
            raise Refused(f"{name} is missing in the backup.")
        if (size := path.stat().st_size) != noted.size:
            raise Refused(f"{name} has {size} bytes, but {noted.size} when the backup was made.")
        if _file(path) != noted:
            raise Refused(f"{name} was changed since the backup was made.")


def _require_fitting(manifest: Manifest) -> None:
    """Refuse what this application, or this database, cannot hold."""
    vendor = connections["default"].vendor
    if manifest.database != vendor:
        raise Refused(f"It is a backup of {manifest.database}, and this database is {vendor}.")
    known = set(map(".".join, MigrationLoader(None).disk_migrations))
    if unknown := sorted(set(manifest.migrations) - known):
        raise Refused(
            f"It has migrations that are not known here ({', '.join(unknown)}). Restore it with"
            " the application that made it."
        )
    if later := sorted(known - set(manifest.migrations)):
        raise Refused(
            f"It was made before some migrations ({', '.join(later)}). Restore it with the"
            " application that made it, then exchange that and migrate."
        )
    with _readable("The database"):
        is_empty = copies.is_empty()
    if not is_empty:
        raise Refused("The database is not empty: a backup is restored into a new one only.")


def _require_as_it_was(
    manifest: Manifest,
    comparers: Iterable[Comparer],
    anchors: Sequence[Anchor] | None,
    subject: str,
) -> Verified:
    with _readable(subject):
        if differing := _differing(manifest):
            raise Refused(f"{subject} has other {differing} than its manifest says.")
        verified = verify(comparers, anchors)
    if verified.problems:
        raise Refused(f"{subject} holds a ledger that is not intact.", verified.problems)
    return verified


@contextmanager
def _readable(subject: str) -> Iterator[None]:
    try:
        yield
    except DatabaseError as error:
        raise Refused(f"{subject} cannot be read: {error}") from None


def _write_json(path: Path, data: object) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(json.dumps(data, indent=2) + "\n")


def _file(path: Path) -> File:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return File(size=file.tell(), sha256=digest)


def _reach_the_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
