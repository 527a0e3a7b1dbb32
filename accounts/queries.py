from django.db.models import QuerySet

from accounts.models import Team, User
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


def clerks_without_supervisor() -> list[User]:
    """Give the active members of teams who have no active supervisor up the tree."""
    nodes = team_nodes()
    people = User.objects.filter(is_active=True, team__isnull=False).select_related("team")
    return [
        person
        for person in people
        if next(supervisors_up(person.team_id, person.pk, nodes), None) is None
    ]
