import datetime
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import Delegation, Team, User
from accounts.permissions import ROLE_LABELS
from accounts.tree import (
    Delegate,
    TeamNode,
    acting_supervisors,
    reviewers,
    supervisors_up,
    teams_below,
)


def team_nodes() -> dict[int, TeamNode]:
    """Read the whole tree of teams in one query; inactive supervisors count as none."""
    rows = Team.objects.values_list("id", "parent_id", "supervisor_id", "supervisor__is_active")
    return {
        pk: TeamNode(parent, supervisor if active else None)
        for pk, parent, supervisor, active in rows
    }


class Firm(NamedTuple):
    """Who supervises whom on a day, and who acts beside whom."""

    nodes: dict[int, TeamNode]
    delegates: dict[int, list[Delegate]]

    def above(self, person: User) -> list[int]:
        """Give the ids of the person's supervisors up the tree, nearest first."""
        return list(supervisors_up(person.team_id, person.pk, self.nodes))

    def acting(self, clerk: User) -> list[int]:
        """Give the ids of the clerk's nearest supervisor and, after them, their delegates."""
        return acting_supervisors(clerk.team_id, clerk.pk, self.nodes, self.delegates)

    def with_delegates(self, ids: Iterable[int]) -> list[int]:
        """Give these people and whoever acts beside them."""
        return [pk for given in ids for pk in (given, *self.delegate_ids(given))]

    def givers_of(self, person: User) -> set[int]:
        """Give the ids of those for whom this person acts."""
        return {giver for giver in self.delegates if person.pk in self.delegate_ids(giver)}

    def delegate_ids(self, person_id: int) -> list[int]:
        return [delegate.person_id for delegate in self.delegates.get(person_id, [])]


def delegations_on(day: datetime.date) -> QuerySet[Delegation]:
    """Give the delegations that hold on a day."""
    return Delegation.objects.filter(starts_on__lte=day, ends_on__gte=day, ended_at=None)


def read_firm(on: datetime.date | None = None) -> Firm:
    """Read the tree of teams and the delegations of a day, today by default: 2 queries."""
    running = delegations_on(on or timezone.localdate()).filter(to_supervisor__is_active=True)
    delegates: dict[int, list[Delegate]] = {}
    for given, taken, team in running.order_by("pk").values_list(
        "from_supervisor_id", "to_supervisor_id", "to_supervisor__team_id"
    ):
        delegates.setdefault(given, []).append(Delegate(taken, team))
    return Firm(team_nodes(), delegates)


def delegator_ids_of(person: User, on: datetime.date | None = None) -> set[int]:
    """Give the ids of those beside whom this person acts on a day, today by default."""
    running = delegations_on(on or timezone.localdate()).filter(to_supervisor=person)
    return set(running.values_list("from_supervisor_id", flat=True))


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


def clerk_ids_of(supervisor: User, firm: Firm | None = None) -> list[int]:
    """Give the ids of the active people as whose supervisor this person acts today."""
    firm = read_firm() if firm is None else firm
    givers = firm.givers_of(supervisor) | {supervisor.pk}
    own = {pk for pk, node in firm.nodes.items() if node.supervisor_id in givers}
    people = User.objects.filter(team_id__in=teams_below(own, firm.nodes), is_active=True)
    return [person.pk for person in people if supervisor.pk in firm.acting(person)]


def delegated_clerk_ids(person: User) -> list[int]:
    """Give whom this person supervises for somebody else today; one query where it is nobody."""
    return clerk_ids_of(person) if delegator_ids_of(person) else []


def is_supervisor(user: User) -> bool:
    """Say whether this person supervises a team or acts for who does, read once per user object."""
    if not hasattr(user, "_is_supervisor"):
        supervises = Team.objects.filter(supervisor=user).exists()
        user._is_supervisor = supervises or bool(delegator_ids_of(user))  # type: ignore[attr-defined]  # kept for the request
    found: bool = user._is_supervisor  # type: ignore[attr-defined]  # set above
    return found


def supervises_team(person: User) -> bool:
    """Say whether the person supervises a team themself, delegations left aside."""
    return Team.objects.filter(supervisor=person).exists()


def delegations() -> QuerySet[Delegation]:
    """Give every delegation with the people in it, the latest first."""
    return Delegation.objects.select_related(
        "from_supervisor", "to_supervisor", "made_by", "ended_by"
    )


def delegations_of(person: User) -> QuerySet[Delegation]:
    """Give what this person delegated and what was delegated to them, the latest first."""
    return delegations().filter(Q(from_supervisor=person) | Q(to_supervisor=person))


def delegations_to(person: User, on: datetime.date) -> QuerySet[Delegation]:
    """Give the delegations by which this person acts for others on a day, by last day."""
    running = delegations_on(on).filter(to_supervisor=person, from_supervisor__is_active=True)
    return running.select_related("from_supervisor").order_by("ends_on", "pk")


class OwnTeams(NamedTuple):
    """The team a person is in, those they supervise, and whether they act for a supervisor."""

    own: Team | None
    supervised: list[Team]
    acts: bool


def own_teams(user: User) -> OwnTeams:
    """Give the teams this person has to do with today, in one query."""
    running = delegations_on(timezone.localdate()).filter(to_supervisor=user)
    stands_in = running.filter(from_supervisor=OuterRef("supervisor"))
    stands_in = stands_in.filter(from_supervisor__is_active=True)
    found = Team.objects.annotate(stands_in=Exists(stands_in)).filter(
        Q(pk=user.team_id) | Q(supervisor=user) | Q(stands_in=True)
    )
    own = None
    supervised: list[Team] = []
    acts = False
    for team in found:
        if team.pk == user.team_id:
            own = team
        if team.supervisor_id == user.pk:
            supervised.append(team)
        acts = acts or team.stands_in
    user._is_supervisor = bool(supervised) or acts  # type: ignore[attr-defined]  # as in is_supervisor
    return OwnTeams(own, supervised, acts)


def reviewer_ids(nodes: dict[int, TeamNode] | None = None) -> dict[int, int | None]:
    """Give who reviews each active person, None for nobody: 1 query, 2 without the tree."""
    nodes = team_nodes() if nodes is None else nodes
    active = User.objects.filter(is_active=True).order_by()
    return reviewers(dict(active.values_list("pk", "team_id")), nodes)


def clerks_without_supervisor() -> list[User]:
    """Give the active members of teams whom nobody can review."""
    nodes = team_nodes()
    people = list(User.objects.filter(is_active=True, team__isnull=False).select_related("team"))
    found = reviewers({person.pk: person.team_id for person in people}, nodes)
    return [person for person in people if found[person.pk] is None]


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
