"""A bare connection to the test's database: no Django, no PRAGMA, what a stranger would use."""

from contextlib import contextmanager

from django.db import connection, models


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


def changes(model: type[models.Model], where: str = "TRUE", *, but: str = "") -> list[str]:
    """Statements that change one column each, for every column that is not named."""
    return [
        f"UPDATE {model._meta.db_table} SET {field.column} = {_other(field)} WHERE {where}"
        for field in model._meta.fields
        if field.column not in but.split()
    ]


def _other(field: models.Field) -> str:
    """SQL: another value than the column's own."""
    if isinstance(field, models.BooleanField):
        return f"NOT {field.column}"
    if isinstance(field, models.DateField):
        return "'2001-01-01'"
    if isinstance(field, models.CharField | models.TextField):
        return "'x'"
    if isinstance(field, models.BinaryField):
        return "CAST('x' AS bytea)" if connection.vendor == "postgresql" else "x'78'"
    return f"COALESCE({field.column}, 0) + 1"


def copy(model: type[models.Model], where: str, *, key: bool = False, **changed: str) -> str:
    """A statement that writes a changed copy of one row; with `key` over it, where that can be."""
    table, kept = model._meta.db_table, [field.column for field in model._meta.fields]
    columns = [column for column in kept if key or column != "id"]
    values = ", ".join(changed.get(column, column) for column in columns)
    insert = "INSERT OR REPLACE" if key and connection.vendor == "sqlite" else "INSERT"
    return (
        f"{insert} INTO {table} ({', '.join(columns)})"
        f" SELECT {values} FROM {table} WHERE {where} ORDER BY 1 LIMIT 1"
    )


def permitted(statements: list[str], message: str) -> list[str]:
    """Run statements that must all be refused so; give those that were not, and what was said."""
    found = {sql: refusal(sql) for sql in statements}
    return [f"{sql}: {said}" for sql, said in found.items() if message not in said]
