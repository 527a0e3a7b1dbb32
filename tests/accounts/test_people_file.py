import pytest

from accounts.people_file import MOST_BYTES, MOST_ROWS, Problem, Row, read_people

HEADER = "username,first_name,last_name,email,employee_number,title,team,supervisor_of,roles\n"


def test_read_people_reads_every_column():
    text = HEADER + "ana,Ana,Lopez,ana@example.com,17,Clerk,Mail,Post; Calls,auditor\n"

    rows, problems = read_people(text.encode())

    assert problems == []
    assert rows == [
        Row(
            2, "ana", "Ana", "Lopez", "ana@example.com", "17", "Clerk", "Mail",
            ("Post", "Calls"), ("Auditors",),
        )
    ]  # fmt: skip


@pytest.mark.parametrize(
    "data",
    [
        "username,first_name\nana,Ana\n".encode("utf-8-sig"),
        b"Username;First_Name\r\nana;Ana\r\n",
        b"username\tfirst_name\nana\tAna\n",
        b'"username", first_name \n  ana ,"Ana"\n\n',
    ],
)
def test_read_people_takes_what_spreadsheets_write(data):
    rows, problems = read_people(data)

    assert problems == []
    assert [(row.number, row.username, row.first_name) for row in rows] == [(2, "ana", "Ana")]


@pytest.mark.parametrize(
    ("data", "place", "message"),
    [
        (b"", (1, ""), "The first row must name the columns"),
        (b"\nusername\nana\n", (1, ""), "The first row must name the columns"),
        (b"username\n\xff\n", (None, ""), "Line 2 is not in UTF-8"),
        ("username\nana\n".encode("utf-16"), (None, ""), "NUL"),
        (b"username\na\x00na\n", (None, ""), "NUL"),
        (b"username\n" + b"a" * MOST_BYTES, (None, ""), "larger than 1024 KiB"),
        (b"username\n" + b"ana\n" * (MOST_ROWS + 1), (None, ""), "more than 2000 people"),
        (b'username\n"ana\n', (None, ""), "not readable as CSV"),
        (b"username\n", (None, ""), "no people"),
        (b"first_name\nAna\n", (1, "username"), "missing"),
        (b"username,shoe\nana,9\n", (1, "shoe"), "not known"),
        (b"username,title,title\nana,a,b\n", (1, "title"), "more than once"),
        (b"username,\nana,b\n", (1, ""), "no name"),
        (b"username\nana,b\n", (2, ""), "2 cells under 1 columns"),
        (b"username,title\n,Clerk\n", (2, "username"), "empty"),
        (b"username\nana lopez\n", (2, "username"), "not a user name"),
        (b"username,email\nana,ana@\n", (2, "email"), "not an e-mail address"),
        (b"username,email\nana,a@b@c\n", (2, "email"), "not an e-mail address"),
        (b"username,roles\nana,boss\n", (2, "roles"), "not a role"),
        (b"username,title\nana," + b"x" * 121 + b"\n", (2, "title"), "more than 120"),
        (b"username,title\nana,a\x07b\n", (2, "title"), "cannot be shown"),
        (b"username\nana\nAna\n", (3, "username"), "stands in row 2 already"),
        (b"username,employee_number\na,1\nb,1\n", (3, "employee_number"), "row 2"),
        (b"username,supervisor_of\na,Mail\nb,mail\n", (3, "supervisor_of"), "row 2"),
    ],
)
def test_read_people_says_where_the_problem_is(data, place, message):
    _rows, problems = read_people(data)

    assert [(problem.row, problem.column) for problem in problems] == [place]
    assert message in problems[0].message


def test_read_people_gives_every_problem_in_the_order_of_rows():
    data = b"username,email,roles\nana,x,boss\n,y@z,\nana,a@b,\n"

    _rows, problems = read_people(data)

    assert [(problem.row, problem.column) for problem in problems] == [
        (2, "email"),
        (2, "roles"),
        (3, "username"),
        (4, "username"),
    ]
    assert all(isinstance(problem, Problem) for problem in problems)
