"""A bare connection to the test's database: no Django, no PRAGMA, what a stranger would use."""

from contextlib import contextmanager

from django.db import connection


@contextmanager
def bare_cursor():
    if connection.vendor == "postgresql":
        import psycopg

        given = connection.get_connection_params()
        names = ("host", "port", "user", "password", "dbname", "options")
        bare = psycopg.connect(**{name: given[name] for name in names if given.get(name)})
    else:
        import sqlite3

        bare = sqlite3.connect(connection.settings_dict["NAME"], timeout=20)
    try:
        yield bare.cursor()
        bare.commit()
    finally:
        bare.close()


def refusal(sql: str, *values: object) -> str:
    """Run a statement on a bare connection; gives why it was refused, "" when it was not."""
    mark = "%s" if connection.vendor == "postgresql" else "?"
    try:
        with bare_cursor() as cursor:
            cursor.execute(sql.replace("%s", mark), values)
    except Exception as error:
        return str(error).splitlines()[0]
    return ""


def replace(table: str, row: str) -> list[str]:
    """Statements that would put a changed copy of a row in its place, on this database."""
    if connection.vendor == "postgresql":
        return []
    return [f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} WHERE {row}"]
