import datetime
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from accounts.models import Team, User
from assessments.models import Cycle, PlacementRule
from assessments.scales import TRUE_OF_ME
from frameworks.models import FrameworkVersion, VersionState

SHIPPED_THRESHOLD = 80  # per cent of the counted statements


class CycleRefused(Exception):
    """The cycle cannot be opened or closed so; the message is a sentence for the person."""


def default_rule() -> PlacementRule:
    """Give rule 1, made when the database is new."""
    rule, _ = PlacementRule.objects.get_or_create(
        number=1, defaults={"threshold": SHIPPED_THRESHOLD}
    )
    return rule


@transaction.atomic
def open_cycle(
    *,
    name: str,
    version: FrameworkVersion,
    teams: Iterable[Team],
    opens_on: datetime.date,
    due_on: datetime.date,
    by: User | None,
    valid_months: int = 12,
) -> Cycle:
    """Open a cycle for teams on a published version. Raises CycleRefused."""
    now = timezone.now()
    teams = list(teams)
    version = FrameworkVersion.objects.select_for_update().get(pk=version.pk)
    if version.state != VersionState.PUBLISHED:
        raise CycleRefused("A cycle needs a published version.")
    if not teams:
        raise CycleRefused("Choose at least one team.")
    if due_on < opens_on:
        raise CycleRefused("The due date lies before the day it opens.")
    if Cycle.objects.filter(name=name).exists():
        raise CycleRefused(f"There is a cycle named {name} already.")
    cycle = Cycle.objects.create(
        name=name,
        version=version,
        scale=TRUE_OF_ME.key,
        rule=default_rule(),
        opens_on=opens_on,
        due_on=due_on,
        valid_months=valid_months,
        opened_at=now,
        opened_by=by,
    )
    cycle.teams.set(teams)
    return cycle


@transaction.atomic
def close_cycle(*, cycle: Cycle, by: User) -> Cycle:
    """Close a cycle: open work may finish, none may start. Raises CycleRefused."""
    now = timezone.now()
    closed = Cycle.objects.filter(pk=cycle.pk, closed_at=None).update(closed_at=now, closed_by=by)
    if not closed:
        raise CycleRefused(f"{cycle} is closed already.")
    cycle.refresh_from_db()
    return cycle
