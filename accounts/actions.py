import datetime
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction

from accounts.models import Team, User
from accounts.permissions import ADMINISTRATORS, AUDITORS
from accounts.queries import team_nodes
from accounts.tree import teams_below

ROLES = (ADMINISTRATORS, AUDITORS)


class Refused(Exception):
    """The change cannot be made; the message is a sentence for the person."""


@contextmanager
def _unique(sentence: str) -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        raise Refused(sentence) from None


TAKEN = "The user name or the employee number belongs to somebody else already."


@transaction.atomic
def add_person(
    *,
    username: str,
    first_name: str,
    last_name: str,
    email: str = "",
    employee_number: str | None = None,
    title: str = "",
    team: Team | None = None,
    password: str | None = None,
    is_demo: bool = False,
    by: User | None,
) -> User:
    """Add a person. Without a password they set one by "I forgot my password". Raises Refused."""
    person = User(
        username=username,
        first_name=first_name,
        last_name=last_name,
        email=email,
        employee_number=employee_number or None,
        title=title,
        team=team,
        is_demo=is_demo,
    )
    person.set_password(password)
    with _unique(TAKEN):
        person.save()
    return person


@transaction.atomic
def change_person(
    *,
    person: User,
    first_name: str,
    last_name: str,
    email: str,
    employee_number: str | None,
    title: str,
    by: User | None,
) -> User:
    """Change what is known of a person. Raises Refused."""
    person.first_name, person.last_name, person.email = first_name, last_name, email
    person.employee_number, person.title = employee_number or None, title
    with _unique(TAKEN):
        person.save(update_fields=["first_name", "last_name", "email", "employee_number", "title"])
    return person


@transaction.atomic
def move_person(*, person: User, team: Team | None, by: User | None) -> User:
    """Move a person to a team, or out of all. Their open work goes to the new supervisor."""
    person.team = team
    person.save(update_fields=["team"])
    return person


@transaction.atomic
def deactivate_person(*, person: User, by: User | None) -> User:
    """Close a person's access from the next request on; nothing of theirs is deleted.

    Teams they supervise fall to the supervisor above. Raises Refused.
    """
    if by is not None and by.pk == person.pk:
        raise Refused("You cannot deactivate yourself. Ask another administrator.")
    _keep_an_administrator(person)
    person.is_active = False
    person.save(update_fields=["is_active"])
    return person


@transaction.atomic
def reactivate_person(*, person: User, by: User | None) -> User:
    """Open a person's access again."""
    person.is_active = True
    person.save(update_fields=["is_active"])
    return person


@transaction.atomic
def set_roles(*, person: User, roles: Iterable[str], by: User | None) -> User:
    """Give a person exactly these roles of ROLES. Raises Refused."""
    roles = set(roles)
    if ADMINISTRATORS not in roles:
        _keep_an_administrator(person)
    for role in ROLES:
        group, _ = Group.objects.get_or_create(name=role)
        if role in roles:
            person.groups.add(group)
        else:
            person.groups.remove(group)
    return person


def _keep_an_administrator(person: User) -> None:
    """Raise Refused where the person is the only active administrator."""
    active = User.objects.select_for_update().filter(is_active=True, groups__name=ADMINISTRATORS)
    if list(active.values_list("pk", flat=True)) == [person.pk]:
        raise Refused(f"{person} is the only administrator. Name another one first.")


@transaction.atomic
def add_team(*, name: str, parent: Team | None, supervisor: User | None, by: User | None) -> Team:
    """Add a team. Raises Refused."""
    with _unique(f"There is a team named {name} already."):
        return Team.objects.create(name=name, parent=parent, supervisor=supervisor)


@transaction.atomic
def change_team(
    *, team: Team, name: str, parent: Team | None, supervisor: User | None, by: User | None
) -> Team:
    """Rename a team, place it in the tree, name its supervisor. Raises Refused."""
    # All teams are locked: a loop could otherwise be made by two changes at once.
    list(Team.objects.select_for_update().values_list("pk", flat=True))
    if parent is not None and parent.pk in teams_below({team.pk}, team_nodes()):
        raise Refused(f"{parent} is {team} itself or stands below it.")
    team.name, team.parent, team.supervisor = name, parent, supervisor
    with _unique(f"There is a team named {name} already."):
        team.save(update_fields=["name", "parent", "supervisor"])
    return team


def leave_start_page(*, person: User, at: datetime.datetime) -> None:
    """Remember when the person last saw their start page."""
    User.objects.filter(pk=person.pk).update(seen_at=at)
