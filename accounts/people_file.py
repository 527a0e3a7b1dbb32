"""Step of the import of people: from the bytes of a CSV file to rows, or to its problems."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

MOST_BYTES = 1024 * 1024
MOST_ROWS = 2000

# The longest text of each column that is stored as it is.
LENGTHS = {
    "username": 150,
    "first_name": 150,
    "last_name": 150,
    "email": 254,
    "employee_number": 40,
    "title": 120,
    "team": 120,
}
LISTS = ("supervisor_of", "roles")
COLUMNS = (*LENGTHS, *LISTS)
ROLE_WORDS = {
    "administrator": "Administrators",
    "administrators": "Administrators",
    "auditor": "Auditors",
    "auditors": "Auditors",
}

USERNAME = re.compile(r"[\w.@+-]+")
EMAIL = re.compile(r"[^\s@,;<>()\"]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


class Problem(NamedTuple):
    """What is wrong and where; row 1 is the header, None the file as a whole."""

    row: int | None
    column: str
    message: str


class Row(NamedTuple):
    """One person of the file; an empty cell is an empty text and changes nothing."""

    number: int
    username: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    employee_number: str = ""
    title: str = ""
    team: str = ""
    supervisor_of: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


def read_people(data: bytes) -> tuple[list[Row], list[Problem]]:
    """Give the rows of the file and every problem in it; with problems the rows are of no use."""
    problem = _unreadable(data)
    if problem:
        return [], [Problem(None, "", problem)]
    text = data.decode("utf-8-sig")
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        records = [(number, cells) for number, cells in enumerate(reader, start=1) if any(cells)]
    except csv.Error as error:
        return [], [Problem(None, "", f"Line {reader.line_num} is not readable as CSV: {error}.")]
    if not records or records[0][0] != 1:
        return [], [Problem(1, "", f"The first row must name the columns: {', '.join(COLUMNS)}.")]
    header = [cell.strip().lower() for cell in records[0][1]]
    problems = list(_header_problems(header))
    if problems:
        return [], problems
    return _read_rows(header, records[1:])


def _unreadable(data: bytes) -> str:
    if len(data) > MOST_BYTES:
        return f"The file is larger than {MOST_BYTES // 1024} KiB. Import it in parts."
    if b"\x00" in data:
        return "The file holds NUL characters. Save it as CSV in UTF-8."
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return f"Line {line} is not in UTF-8. Save the file as “CSV UTF-8”."
    return ""


def _header_problems(header: list[str]) -> Iterator[Problem]:
    for name in dict.fromkeys(header):
        if not name:
            yield Problem(1, "", "A column has no name.")
        elif name not in COLUMNS:
            yield Problem(1, name, f"This column is not known. Known are {', '.join(COLUMNS)}.")
        elif header.count(name) > 1:
            yield Problem(1, name, "This column is there more than once.")
    if "username" not in header:
        yield Problem(1, "username", "This column is missing.")


def _read_rows(
    header: list[str], records: list[tuple[int, list[str]]]
) -> tuple[list[Row], list[Problem]]:
    if not records:
        return [], [Problem(None, "", "The file names the columns but no people.")]
    if len(records) > MOST_ROWS:
        return [], [Problem(None, "", f"The file has more than {MOST_ROWS} people. Split it.")]
    rows: list[Row] = []
    problems: list[Problem] = []
    for number, cells in records:
        if len(cells) > len(header):
            message = f"There are {len(cells)} cells under {len(header)} columns."
            problems.append(Problem(number, "", message))
            continue
        cell = {name: _clean(text) for name, text in zip(header, cells, strict=False)}
        row = _row(number, cell)
        problems += _row_problems(row)
        problems += _role_problems(number, cell.get("roles", ""))
        rows.append(row)
    problems += _repeated(rows)
    return rows, sorted(problems, key=lambda problem: problem.row or 0)


def _clean(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _row(number: int, cell: dict[str, str]) -> Row:
    texts = {name: cell.get(name, "") for name in LENGTHS}
    texts["username"] = unicodedata.normalize("NFKC", texts["username"])
    roles = (ROLE_WORDS.get(word.lower()) for word in _list(cell.get("roles", "")))
    return Row(
        number=number,
        **texts,
        supervisor_of=tuple(_list(cell.get("supervisor_of", ""))),
        roles=tuple(role for role in roles if role),
    )


def _list(cell: str) -> list[str]:
    return [part for part in (part.strip() for part in cell.split(";")) if part]


def _row_problems(row: Row) -> Iterator[Problem]:
    values = row._asdict()
    for name, longest in LENGTHS.items():
        if len(values[name]) > longest:
            yield Problem(row.number, name, f"This has more than {longest} characters.")
        elif not values[name].isprintable():
            yield Problem(row.number, name, "This holds characters that cannot be shown.")
    for team in row.supervisor_of:
        if len(team) > LENGTHS["team"] or not team.isprintable():
            message = f"A team has a name of at most {LENGTHS['team']} characters that show."
            yield Problem(row.number, "supervisor_of", message)
    if not row.username:
        yield Problem(row.number, "username", "The user name is empty.")
    elif not USERNAME.fullmatch(row.username):
        message = f"“{row.username}” is not a user name: letters, digits and @ . + - _ only."
        yield Problem(row.number, "username", message)
    if row.email and not EMAIL.fullmatch(row.email):
        yield Problem(row.number, "email", f"“{row.email}” is not an e-mail address.")


def _role_problems(number: int, cell: str) -> Iterator[Problem]:
    for word in _list(cell):
        if word.lower() not in ROLE_WORDS:
            message = f"“{word}” is not a role. Roles are administrator and auditor."
            yield Problem(number, "roles", message)


def _repeated(rows: list[Row]) -> Iterator[Problem]:
    """Find what may stand in one row only: user names, employee numbers, supervised teams."""
    first: dict[tuple[str, str], int] = {}
    for row in rows:
        found = [("username", row.username), ("employee_number", row.employee_number)]
        found += [("supervisor_of", team) for team in dict.fromkeys(row.supervisor_of)]
        for column, value in found:
            earlier = first.setdefault((column, value.casefold()), row.number)
            if value and earlier != row.number:
                message = f"“{value}” stands in row {earlier} already."
                yield Problem(row.number, column, message)
