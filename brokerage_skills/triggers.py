"""Database triggers written once for SQLite and PostgreSQL.

A guard refuses one kind of statement on one table while its condition holds. The condition is
plain SQL over NEW and OLD that both databases read alike.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.backends.base.base import BaseDatabaseWrapper


class Guard(NamedTuple):
    """`event` is INSERT, UPDATE, DELETE or TRUNCATE; `when` is SQL, empty for always."""

    name: str
    table: str
    event: str
    message: str
    when: str = ""


def refuse(name: str, table: str, message: str, *unique: str, update_when: str = "") -> list[Guard]:
    """Give the guards of an append-only table, whose unique keys are named ("a" or "a b").

    With `update_when` a row may be changed as long as that does not hold.
    INSERT OR REPLACE deletes the row in its way without a DELETE trigger, so an insert on a
    value that is taken is refused as well.
    """
    keys = (" AND ".join(f"t.{c} = NEW.{c}" for c in key.split()) for key in unique or ("id",))
    taken = f"EXISTS (SELECT 1 FROM {table} AS t WHERE {' OR '.join(f'({k})' for k in keys)})"
    return [
        Guard(name, table, "INSERT", message, taken),
        Guard(name, table, "UPDATE", message, update_when),
        Guard(name, table, "DELETE", message),
        Guard(name, table, "TRUNCATE", message),
    ]


def changes(columns: str, when: str = "") -> str:
    """SQL: true where one of the columns is changed, or `when` holds."""
    changed = [f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in columns.split()]
    return " OR ".join([when, *changed] if when else changed)


def trigger_name(guard: Guard) -> str:
    return f"{guard.name}_{guard.event.lower()}"


def install(connection: BaseDatabaseWrapper, guards: Iterable[Guard]) -> None:
    """Make the triggers anew; tables that are not there yet are passed over."""
    tables = set(connection.introspection.table_names())
    create = _create_postgresql if connection.vendor == "postgresql" else _create_sqlite
    with connection.cursor() as cursor:
        for guard in guards:
            if guard.table in tables:
                _drop(cursor, connection.vendor, guard)
                for statement in create(guard):
                    cursor.execute(statement)


def drop(connection: BaseDatabaseWrapper, guards: Iterable[Guard]) -> None:
    """Remove the triggers: before a migration, which on SQLite would lose or break them."""
    with connection.cursor() as cursor:
        for guard in guards:
            _drop(cursor, connection.vendor, guard)


def installed(connection: BaseDatabaseWrapper) -> set[str]:
    """Give the names of all triggers that the database holds."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        return {name for (name,) in cursor.fetchall()}


def _drop(cursor: Any, vendor: str, guard: Guard) -> None:
    if vendor == "postgresql":
        cursor.execute(f"DROP FUNCTION IF EXISTS {trigger_name(guard)}() CASCADE")
    else:
        cursor.execute(f"DROP TRIGGER IF EXISTS {trigger_name(guard)}")


def _create_sqlite(guard: Guard) -> list[str]:
    if guard.event == "TRUNCATE":
        return []  # SQLite has no such statement.
    when = f"WHEN {guard.when} " if guard.when else ""
    return [
        f"CREATE TRIGGER {trigger_name(guard)} BEFORE {guard.event} ON {guard.table} {when}"
        f"BEGIN SELECT RAISE(ABORT, '{guard.message}'); END"
    ]


def _create_postgresql(guard: Guard) -> list[str]:
    name = trigger_name(guard)
    per = "STATEMENT" if guard.event == "TRUNCATE" else "ROW"
    result = {"DELETE": "OLD", "TRUNCATE": "NULL"}.get(guard.event, "NEW")
    return [
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF {guard.when or 'TRUE'} THEN RAISE EXCEPTION '{guard.message}'"
        f" USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN {result}; END $$",
        f"CREATE TRIGGER {name} BEFORE {guard.event} ON {guard.table}"
        f" FOR EACH {per} EXECUTE FUNCTION {name}()",
    ]
