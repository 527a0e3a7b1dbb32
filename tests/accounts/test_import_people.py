import json

import pytest
from django.core.management import CommandError, call_command

from accounts import actions, queries
from accounts.models import Team, User
from accounts.permissions import ADMINISTRATORS, role_names
from tests import builders

pytestmark = pytest.mark.django_db

FILE = b"""username,first_name,last_name,team,supervisor_of,roles
priya,Priya,Raman,Transfers,,
helen,Helen,Okafor,,Transfers,
tomas,Tom\xc3\xa1s,Reyes,,,administrator
"""


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "people.csv"
    path.write_bytes(FILE)
    return str(path)


def run(capsys, *arguments):
    """Run the command for JSON: its exit status and its answer."""
    try:
        call_command("import_people", *arguments, "--format", "json")
        status = 0
    except SystemExit as end:
        status = end.code
    return status, json.loads(capsys.readouterr().out)


def test_import_people_adds_people_teams_and_roles(capsys, path):
    status, answer = run(capsys, path)

    assert status == 0
    assert answer == {
        "status": "imported",
        "added": ["priya", "helen", "tomas"],
        "changed": [],
        "unchanged": [],
        "teams": ["Transfers"],
        "problems": [],
    }
    priya = User.objects.get(username="priya")
    assert (priya.team.name, queries.supervisor_of(priya).username) == ("Transfers", "helen")
    assert role_names(User.objects.get(first_name="Tomás")) == {ADMINISTRATORS}


def test_import_people_a_second_time_changes_nothing(capsys, path):
    run(capsys, path)

    status, answer = run(capsys, path)

    assert (status, answer["unchanged"]) == (0, ["priya", "helen", "tomas"])
    assert (answer["added"], answer["changed"], answer["teams"]) == ([], [], [])


def test_import_people_dry_run_writes_nothing(capsys, path):
    status, answer = run(capsys, path, "--dry-run")

    assert (status, answer["status"], len(answer["added"])) == (0, "valid", 3)
    assert (User.objects.count(), Team.objects.count()) == (0, 0)


def test_import_people_changes_what_is_filled_and_only_that():
    person = builders.user("Ana Lopez", title="Clerk", email="ana@example.com")
    data = b"username,title,email\nANA.LOPEZ,Senior Clerk,\n"

    done = actions.import_people(data=data, by=None)

    person.refresh_from_db()
    assert done.changed == ["ANA.LOPEZ"]
    assert (person.title, person.email) == ("Senior Clerk", "ana@example.com")
    assert person.username == "ana.lopez"


def test_import_people_never_takes_a_role_away():
    administrator = builders.administrator()

    data = f"username,roles\n{administrator.username},auditor\n".encode()
    actions.import_people(data=data, by=None)

    assert len(role_names(User.objects.get(pk=administrator.pk))) == 2


@pytest.mark.parametrize(
    ("data", "row", "column", "message"),
    [
        (b"username\nnew\n", 2, "last_name", "needs a first_name and a last_name"),
        (b"username\ngone\n", 2, "username", "is deactivated"),
        (b"username,employee_number\nana,17\n", 2, "employee_number", "is the number of"),
        (b"username,team\nana,Nowhere\n", 2, "team", "no row supervises it"),
        (b"username,email\nana,nothing\n", 2, "email", "not an e-mail address"),
    ],
)
def test_import_people_refuses_the_whole_file(data, row, column, message):
    builders.user("ana", title="Clerk")
    builders.user("gone", employee_number="17", is_active=False)

    with pytest.raises(actions.PeopleRejected) as rejected:
        actions.import_people(data=data, by=None)

    assert [(p.row, p.column) for p in rejected.value.problems] == [(row, column)]
    assert message in rejected.value.problems[0].message
    assert User.objects.count() == 2


def test_import_people_writes_no_row_when_one_is_wrong(capsys, tmp_path):
    path = tmp_path / "people.csv"
    path.write_bytes(FILE + b"nobody,,,Nowhere,,\n")

    status, answer = run(capsys, str(path))

    assert (status, answer["status"]) == (1, "rejected")
    assert [(p["row"], p["column"]) for p in answer["problems"]] == [(5, "last_name"), (5, "team")]
    assert User.objects.count() == 0


def test_import_people_says_in_words_what_is_wrong(capsys, tmp_path):
    path = tmp_path / "people.csv"
    path.write_bytes(b"username,email\nana,x\n")

    with pytest.raises(SystemExit, match="1"):
        call_command("import_people", str(path))

    assert capsys.readouterr().out == (
        "Rejected; nothing was written.\n  row 2, email: “x” is not an e-mail address.\n"
        "  row 2, last_name: A new person needs a first_name and a last_name.\n"
    )


@pytest.mark.parametrize("arguments", [["/nowhere.csv"], ["people.csv", "--by", "nobody"]])
def test_import_people_exits_2_on_wrong_usage(arguments):
    with pytest.raises(CommandError) as error:
        call_command("import_people", *arguments)

    assert error.value.returncode == 2
