from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet

from accounts.models import Team, User
from accounts.permissions import ROLE_LABELS
from accounts.tree import TeamNode, supervisors_up, teams_below


def team_nodes() -> dict[int, TeamNode]:
    """Read the whole tree of teams in one query; inactive supervisors count as none."""
    rows = Team.objects.values_list("id", "parent_id", "supervisor_id", "supervisor__is_active")
    return {
        pk: TeamNode(parent, supervisor if active else None)
        for pk, parent, supervisor, active in rows
    }


def supervisor_ids_of(clerk: User, nodes: dict[int, TeamNode] | None = None) -> list[int]:
    """Give the ids of the clerk's supervisors up the tree, nearest first."""
    nodes = team_nodes() if nodes is None else nodes
    return list(supervisors_up(clerk.team_id, clerk.pk, nodes))


def supervisor_of(clerk: User) -> User | None:
    """Give the nearest active team supervisor up the tree who is not the clerk."""
    ids = supervisor_ids_of(clerk)
    return User.objects.get(pk=ids[0]) if ids else None


def teams_under(supervisor: User, nodes: dict[int, TeamNode] | None = None) -> set[int]:
    """Give the ids of the teams this person supervises, and of every team below those."""
    nodes = team_nodes() if nodes is None else nodes
    own = {pk for pk, node in nodes.items() if node.supervisor_id == supervisor.pk}
    return teams_below(own, nodes)


def people_under(supervisor: User) -> QuerySet[User]:
    """Give the people in this supervisor's teams and the teams below, without themselves."""
    return User.objects.filter(team_id__in=teams_under(supervisor)).exclude(pk=supervisor.pk)


def clerk_ids_of(supervisor: User) -> list[int]:
    """Give the ids of those whose nearest supervisor this person is."""
    nodes = team_nodes()
    people = User.objects.filter(team_id__in=teams_under(supervisor, nodes), is_active=True)
    return [
        person.pk
        for person in people
        if next(supervisors_up(person.team_id, person.pk, nodes), None) == supervisor.pk
    ]


def is_supervisor(user: User) -> bool:
    """Say whether this person supervises any team, read once per user object."""
    if not hasattr(user, "_is_supervisor"):
        user._is_supervisor = Team.objects.filter(supervisor=user).exists()  # type: ignore[attr-defined]  # kept for the request
    found: bool = user._is_supervisor  # type: ignore[attr-defined]  # set above
    return found


def own_teams(user: User) -> tuple[Team | None, list[Team]]:
    """Give the team this person is in and those they supervise, in one query."""
    own = None
    supervised = []
    for team in Team.objects.filter(Q(pk=user.team_id) | Q(supervisor=user)):
        if team.pk == user.team_id:
            own = team
        if team.supervisor_id == user.pk:
            supervised.append(team)
    user._is_supervisor = bool(supervised)  # type: ignore[attr-defined]  # as in is_supervisor
    return own, supervised


def clerks_without_supervisor() -> list[User]:
    """Give the active members of teams who have no active supervisor up the tree."""
    nodes = team_nodes()
    people = User.objects.filter(is_active=True, team__isnull=False).select_related("team")
    return [
        person
        for person in people
        if next(supervisors_up(person.team_id, person.pk, nodes), None) is None
    ]


class PersonRow(NamedTuple):
    """A person as the list shows them: with the nearest supervisor and the duties they have."""

    person: User
    supervisor: User | None
    duties: list[str]


def people(*, search: str = "", team: Team | None = None) -> QuerySet[User]:
    """Give the people whose name, user name, number or e-mail holds each word of the search."""
    found = User.objects.all()
    for word in search.split():
        found = found.filter(
            Q(first_name__icontains=word)
            | Q(last_name__icontains=word)
            | Q(username__icontains=word)
            | Q(employee_number__icontains=word)
            | Q(email__icontains=word)
        )
    return found.filter(team=team) if team else found


def person_rows(people: Any) -> list[PersonRow]:
    """Read these people with supervisor and duties, in five queries however many they are."""
    nodes = team_nodes()
    found = list(people.select_related("team").prefetch_related("groups", "supervised_teams"))
    nearest = {
        person.pk: next(supervisors_up(person.team_id, person.pk, nodes), None) for person in found
    }
    supervisors = User.objects.in_bulk({pk for pk in nearest.values() if pk is not None})
    return [
        PersonRow(person, supervisors.get(nearest[person.pk] or 0), duties(person))
        for person in found
    ]


def duties(person: User) -> list[str]:
    """Name in words what a person does besides rating themselves."""
    words = [ROLE_LABELS[group.name] for group in person.groups.all() if group.name in ROLE_LABELS]
    return words + [f"Supervisor, {team}" for team in person.supervised_teams.all()]


class Heir(NamedTuple):
    """A team and who would supervise it if its supervisor were not active."""

    team: Team
    supervisor: User | None


def heirs_of(person: User) -> list[Heir]:
    """Give the teams this person supervises, each with the supervisor above it."""
    nodes = team_nodes()
    teams = list(person.supervised_teams.all())
    above = {team.pk: next(supervisors_up(team.pk, person.pk, nodes), None) for team in teams}
    supervisors = User.objects.in_bulk({pk for pk in above.values() if pk is not None})
    return [Heir(team, supervisors.get(above[team.pk] or 0)) for team in teams]


class TeamRow(NamedTuple):
    """A team as the list shows it; `depth` counts the teams above it."""

    team: Team
    depth: int
    members: int


def team_rows() -> list[TeamRow]:
    """Read the tree in reading order, each team below its parent, in one query."""
    # Django leaves Meta.ordering out where it groups.
    teams = (
        Team.objects.select_related("supervisor", "parent")
        .annotate(active=Count("members", filter=Q(members__is_active=True)))
        .order_by("name")
    )
    children: dict[int | None, list[Team]] = {}
    for team in teams:
        children.setdefault(team.parent_id, []).append(team)
    return list(_walk(None, 0, children))


def _walk(
    parent_id: int | None, depth: int, children: dict[int | None, list[Team]]
) -> Iterator[TeamRow]:
    for team in children.get(parent_id, []):
        yield TeamRow(team, depth, team.active)  # type: ignore[attr-defined]  # annotated
        yield from _walk(team.pk, depth + 1, children)
