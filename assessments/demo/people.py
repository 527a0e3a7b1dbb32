"""Who is in the demo."""

from typing import NamedTuple

from accounts import actions as accounts
from accounts.demo import DEMO_PASSWORD
from accounts.models import Team, User


class Person(NamedTuple):
    """Somebody of the demo; the user name is the first name."""

    first_name: str
    last_name: str
    title: str


HELEN = Person("Helen", "Okafor", "Supervisor, Transfers and Settlement")
MARCUS = Person("Marcus", "Lindqvist", "Supervisor, Client Accounts")
INGRID = Person("Ingrid", "Solberg", "Head of Operations")
TOMAS = Person("Tomas", "Reyes", "Operations Administrator")
RUTH = Person("Ruth", "Feldman", "Internal Auditor")

TRANSFERS = ["Priya Raman", "Ben Castillo", "Mei-Ling Zhou", "Daniel Novak", "Aisha Bello"]
TRANSFERS += ["Grace Whitfield", "Yusuf Demir"]
CLIENTS = ["Oliver Brandt", "Sofia Marin", "Jonas Weber", "Fatima Rahimi", "Leo Tanaka"]
CLIENTS += ["Nora Byrne"]


def add_person(person: Person, team: Team | None = None, employee_number: str = "") -> User:
    return accounts.add_person(
        username=person.first_name.lower(),
        first_name=person.first_name,
        last_name=person.last_name,
        email=f"{person.first_name.lower()}@example.com",
        employee_number=employee_number or None,
        title=person.title,
        team=team,
        password=DEMO_PASSWORD,
        is_demo=True,
        by=None,
    )


def add_team(name: str, supervisor: Person, parent: Team | None = None) -> tuple[User, Team]:
    person = add_person(supervisor)
    return person, accounts.add_team(name=name, parent=parent, supervisor=person, by=None)


def add_clerks(names: list[str], team: Team, first_number: int) -> list[User]:
    return [
        add_person(Person(first, last, "Brokerage Clerk"), team, str(first_number + number))
        for number, (first, _, last) in enumerate(name.partition(" ") for name in names)
    ]
