"""A database as one file and back: SQLite by its own backup, PostgreSQL by pg_dump."""

import os
import secrets
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, TypeVar

from django.db import DatabaseError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.conninfo import make_conninfo

NAMES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
# Of what Django hands to psycopg, what concerns Django or the time limits of serving.
NOT_FOR_TOOLS = {"context", "cursor_factory", "prepare_threshold", "client_encoding", "options"}

Read = TypeVar("Read")


class CopyFailed(Exception):
    """A copy could not be made, opened or put back; says why."""


@contextmanager
def elsewhere(name: str | None = None) -> Iterator[BaseDatabaseWrapper]:
    """Send this thread's queries to another database; no name: to the same, apart from the rest.

    That connection has none of the time limits, locks and pools of serving.
    """
    usual = connections["default"]
    there = usual.copy()
    for option in ("transaction_mode", "init_command", "pool", "options"):
        there.settings_dict["OPTIONS"].pop(option, None)
    there.settings_dict["NAME"] = name or usual.settings_dict["NAME"]
    connections["default"] = there
    try:
        yield there
    finally:
        connections["default"] = usual
        there.close()


def is_empty() -> bool:
    """Say whether the database holds no table at all."""
    connection = connections["default"]
    return not connection.introspection.table_names(include_views=True)


def make(path: Path, read: Callable[[], Read]) -> Read:
    """Write a copy, for its owner only; gives what `read` finds at that very moment.

    Raises CopyFailed.
    """
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with _explained("copied"), elsewhere() as source, transaction.atomic():
        if source.vendor == "postgresql":
            with source.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
                found = read()
                cursor.execute("SELECT pg_export_snapshot()")
                ((snapshot,),) = cursor.fetchall()
            _tool("pg_dump", source, "--format=custom", f"--snapshot={snapshot}", f"--file={path}")
            return found
        # Read first: from here on others can write only once the copy is made.
        found = read()
        with closing(sqlite3.connect(path)) as copy:
            source.connection.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # all in the one file
        return found


@contextmanager
def opened(path: Path) -> Iterator[None]:
    """Look into a copy as if it were the database. Raises CopyFailed where it cannot be opened.

    For PostgreSQL it is put into a database of its own, which is dropped afterwards.
    """
    connection = connections["default"]
    if connection.vendor == "sqlite":
        with _explained("opened"), elsewhere(_sealed_off(path)) as copy:
            _require_integrity(copy)
        with elsewhere(_sealed_off(path)):
            yield
        return
    name = f"opened_backup_{connection.settings_dict['NAME'][:30]}_{secrets.token_hex(6)}"
    quoted = connection.ops.quote_name(name)
    with elsewhere() as server:
        doing = "opened in a database of its own, for which the role needs CREATEDB"
        with _explained(doing), server.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {quoted} TEMPLATE template0 ENCODING 'UTF8'")
        try:
            with elsewhere(name) as copy:
                _restore_dump(path, copy)
                yield
        finally:
            with server.cursor() as cursor:
                cursor.execute(f"DROP DATABASE {quoted} WITH (FORCE)")


def put_back(path: Path) -> None:
    """Fill the empty database from a copy, wholly or not at all. Raises CopyFailed."""
    connection = connections["default"]
    with _explained("restored"):
        # Checking the copy took a while, in which somebody may have begun with this database.
        if not is_empty():
            raise CopyFailed("The database is not empty any more.")
        connection.close()
        if connection.vendor == "postgresql":
            _restore_dump(path, connection)
            return
        name = Path(connection.settings_dict["NAME"])
        with (
            closing(sqlite3.connect(_sealed_off(path), uri=True)) as copy,
            closing(sqlite3.connect(name, timeout=20)) as database,
        ):
            database.execute("PRAGMA synchronous=EXTRA")
            copy.backup(database)


def _sealed_off(path: Path) -> str:
    """Name the file so that SQLite writes nothing to it or beside it."""
    return f"{path.resolve().as_uri()}?mode=ro&immutable=1"


def _require_integrity(copy: BaseDatabaseWrapper) -> None:
    with copy.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        found = [row[0] for row in cursor.fetchall()]
        if found != ["ok"]:
            raise CopyFailed(f"SQLite finds the copy damaged: {found[0]}")
        cursor.execute("PRAGMA foreign_key_check")
        if dangling := cursor.fetchall():
            raise CopyFailed(f"Rows of {dangling[0][0]} in the copy speak of rows that are gone.")


def _restore_dump(path: Path, into: BaseDatabaseWrapper) -> None:
    _tool(
        "pg_restore",
        into,
        "--single-transaction",
        "--exit-on-error",
        "--no-owner",
        "--no-privileges",
        str(path),
    )


def _tool(name: str, connection: BaseDatabaseWrapper, *arguments: str) -> None:
    """Run one of PostgreSQL's own programs against the connection's database."""
    given: dict[str, Any] = connection.get_connection_params()
    password = given.pop("password", None)
    database = make_conninfo(**{k: v for k, v in given.items() if k not in NOT_FOR_TOOLS})
    # Where it stands in the arguments, everybody on the machine can read a password.
    secret = {"PGPASSWORD": password} if password else {}
    ended = subprocess.run(  # noqa: S603  # one of two programs, no shell
        [_program(name), f"--dbname={database}", *arguments],
        env=os.environ | secret,
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode:
        raise CopyFailed(f"{name} failed: {ended.stderr.strip() or ended.returncode}")


def _program(name: str) -> str:
    """Find one of PostgreSQL's programs, the newest where Debian keeps several."""
    kept = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=_major, reverse=True)
    found = str(kept[0]) if kept else shutil.which(name)
    if found is None:
        raise CopyFailed(f"PostgreSQL's {name} is not installed on this machine.")
    return found


def _major(path: Path) -> float:
    version = path.parts[-3]
    return float(version) if version.replace(".", "", 1).isdigit() else 0


@contextmanager
def _explained(done: str) -> Iterator[None]:
    try:
        yield
    except (DatabaseError, sqlite3.Error, OSError) as error:
        raise CopyFailed(f"It could not be {done}: {str(error).strip()}") from None
