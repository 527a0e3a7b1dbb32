from typing import NamedTuple

from django.db import transaction

from accounts.actions.people import add_person, change_person, move_person, set_roles
from accounts.actions.refusal import Refused
from accounts.actions.teams import add_team, name_supervisor
from accounts.models import Team, User
from accounts.people_file import Problem, Row, read_people
from accounts.permissions import ROLES, role_names


class PeopleRejected(Exception):
    """The file is refused and nothing was written; all its problems."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(problems[0].message)
        self.problems = problems


class PeopleImported(NamedTuple):
    """What an import did, or would do: user names, and the names of new teams."""

    added: list[str]
    changed: list[str]
    unchanged: list[str]
    teams: list[str]


@transaction.atomic
def import_people(*, data: bytes, by: User | None, dry_run: bool = False) -> PeopleImported:
    """Add and change people from a CSV file; never deletes. Raises PeopleRejected.

    A person is known by the user name. An empty cell changes nothing, roles are only added. A
    team that is not there yet is made where a row supervises it.
    """
    rows, problems = read_people(data)
    people = {person.username.casefold(): person for person in User.objects.select_related("team")}
    teams = {team.name.casefold(): team for team in Team.objects.select_related("supervisor")}
    # Rows that could not be read are left out: what fits them is looked at once they can be.
    problems += _problems(rows, people, teams)
    problems.sort(key=lambda problem: problem.row or 0)
    if problems:
        raise PeopleRejected(problems)
    before = set(teams)
    done = _write(rows, people, teams, by)
    done.teams.extend(team.name for key, team in teams.items() if key not in before)
    if dry_run:
        transaction.set_rollback(True)
    return done


def _problems(rows: list[Row], people: dict[str, User], teams: dict[str, Team]) -> list[Problem]:
    """Find what does not fit what is stored."""
    made = {name.casefold() for row in rows for name in row.supervisor_of}
    numbers = {
        person.employee_number.casefold(): person
        for person in people.values()
        if person.employee_number
    }
    problems = []
    for row in rows:
        known = people.get(row.username.casefold())
        holder = numbers.get(row.employee_number.casefold())
        if known is None and not (row.first_name and row.last_name):
            message = "A new person needs a first_name and a last_name."
            problems.append(Problem(row.number, "last_name", message))
        if known is not None and not known.is_active:
            message = f"{known} is deactivated. Reactivate them on their page first."
            problems.append(Problem(row.number, "username", message))
        if holder is not None and holder != known:
            message = f"{row.employee_number} is the number of {holder} ({holder.username})."
            problems.append(Problem(row.number, "employee_number", message))
        if row.team and row.team.casefold() not in teams.keys() | made:
            message = f"There is no team “{row.team}”, and no row supervises it."
            problems.append(Problem(row.number, "team", message))
    return problems


def _write(
    rows: list[Row], people: dict[str, User], teams: dict[str, Team], by: User | None
) -> PeopleImported:
    done = PeopleImported([], [], [], [])
    changed = set()
    try:
        for row in rows:
            known = people.get(row.username.casefold())
            if known is None:
                people[row.username.casefold()] = _add(row, by)
                done.added.append(row.username)
            elif _change(known, row, by):
                changed.add(row.username)
        # A team that one row makes may be the team of a row before it.
        for step in (_supervise, _place):
            for row in rows:
                if step(people[row.username.casefold()], row, teams, by):
                    changed.add(row.username)
    except Refused as refused:  # somebody else took a name at the same moment
        raise PeopleRejected([Problem(None, "", str(refused))]) from None
    for row in rows:
        if row.username not in done.added:
            (done.changed if row.username in changed else done.unchanged).append(row.username)
    return done


def _add(row: Row, by: User | None) -> User:
    return add_person(
        username=row.username,
        first_name=row.first_name,
        last_name=row.last_name,
        email=row.email,
        employee_number=row.employee_number,
        title=row.title,
        by=by,
    )


def _change(person: User, row: Row, by: User | None) -> bool:
    """Write the cells that are filled and differ; says whether there were any."""
    names = ("first_name", "last_name", "email", "employee_number", "title")
    before = {name: getattr(person, name) for name in names}
    after = {name: getattr(row, name) or before[name] for name in names}
    if after != before:
        change_person(person=person, **after, by=by)
    return after != before


def _supervise(person: User, row: Row, teams: dict[str, Team], by: User | None) -> bool:
    """Make the person supervisor of the row's teams; says whether anything changed."""
    changed = False
    for name in row.supervisor_of:
        team = teams.get(name.casefold())
        if team is None:
            teams[name.casefold()] = add_team(name=name, parent=None, supervisor=person, by=by)
        elif team.supervisor_id != person.pk:
            name_supervisor(team=team, supervisor=person, by=by)
        else:
            continue
        changed = True
    return changed


def _place(person: User, row: Row, teams: dict[str, Team], by: User | None) -> bool:
    """Move the person to the row's team and add its roles; says whether anything changed."""
    changed = False
    if row.roles:
        roles = role_names(person)
        if wanted := set(row.roles) - roles:
            set_roles(person=person, roles=[r for r in ROLES if r in roles | wanted], by=by)
            changed = True
    if row.team:
        team = teams[row.team.casefold()]
        if person.team_id != team.pk:
            move_person(person=person, team=team, by=by)
            changed = True
    return changed
