import datetime
from collections.abc import Iterable

from django.contrib.auth.models import Group
from django.db import transaction

from accounts.actions.refusal import Refused, unique
from accounts.models import Team, User
from accounts.permissions import ADMINISTRATORS, ROLES, forget_roles

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
    """Add a person, without a password until they choose one by a link. Raises Refused."""
    username = User.normalize_username(username)
    if User.objects.filter(username__iexact=username).exists():
        raise Refused(TAKEN)
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
    with unique(TAKEN):
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
    with unique(TAKEN):
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
    forget_roles(person)
    return person


@transaction.atomic
def set_password(*, person: User, password: str) -> User:
    """Store a password the person chose; their other sessions end."""
    person.set_password(password)
    person.save(update_fields=["password"])
    return person


def leave_start_page(*, person: User, at: datetime.datetime) -> None:
    """Remember when the person last saw their start page."""
    User.objects.filter(pk=person.pk).update(seen_at=at)


def _keep_an_administrator(person: User) -> None:
    """Raise Refused where the person is the only active administrator."""
    active = User.objects.select_for_update(no_key=True).filter(
        is_active=True, groups__name=ADMINISTRATORS
    )
    if list(active.values_list("pk", flat=True)) == [person.pk]:
        raise Refused(f"{person} is the only administrator. Name another one first.")
