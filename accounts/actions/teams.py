from django.db import transaction

from accounts.actions.refusal import Refused, unique
from accounts.models import Team, User
from accounts.queries import team_nodes
from accounts.tree import teams_below


@transaction.atomic
def add_team(*, name: str, parent: Team | None, supervisor: User | None, by: User | None) -> Team:
    """Add a team. Raises Refused."""
    _check_name(name)
    _check_active(supervisor)
    with unique(_taken(name)):
        return Team.objects.create(name=name, parent=parent, supervisor=supervisor)


@transaction.atomic
def change_team(
    *, team: Team, name: str, parent: Team | None, supervisor: User | None, by: User | None
) -> Team:
    """Rename a team, place it in the tree, name its supervisor. Raises Refused."""
    # All teams are locked: a loop could otherwise be made by two changes at once.
    list(Team.objects.select_for_update().order_by("pk").values_list("pk", flat=True))
    if parent is not None and parent.pk in teams_below({team.pk}, team_nodes()):
        raise Refused(f"{parent} is {team} itself or stands below it.")
    _check_name(name, team)
    if supervisor is not None and supervisor.pk != team.supervisor_id:
        _check_active(supervisor)
    team.name, team.parent, team.supervisor = name, parent, supervisor
    with unique(_taken(name)):
        team.save(update_fields=["name", "parent", "supervisor"])
    return team


@transaction.atomic
def name_supervisor(*, team: Team, supervisor: User | None, by: User | None) -> Team:
    """Name who supervises a team, or nobody: then the team above decides. Raises Refused."""
    _check_active(supervisor)
    team.supervisor = supervisor
    team.save(update_fields=["supervisor"])
    return team


def _check_active(supervisor: User | None) -> None:
    if supervisor is not None and not supervisor.is_active:
        raise Refused(f"{supervisor} is deactivated and cannot supervise a team.")


def _check_name(name: str, team: Team | None = None) -> None:
    others = Team.objects.filter(name__iexact=name)
    if (others.exclude(pk=team.pk) if team else others).exists():
        raise Refused(_taken(name))


def _taken(name: str) -> str:
    return f"There is a team named {name} already."
