import datetime
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Team, User
from assessments.actions.rules import default_rule
from assessments.models import Cycle, PlacementRule
from assessments.scales import TRUE_OF_ME
from frameworks.models import FrameworkVersion, VersionState

USUAL_MONTHS, MOST_MONTHS = 12, 120
USUAL_REPLY_DAYS, MOST_REPLY_DAYS = 10, 60


class CycleRefused(Exception):
    """The cycle cannot be opened or closed so; the message is a sentence for the person."""


def open_cycle(
    *,
    name: str,
    version: FrameworkVersion,
    teams: Iterable[Team],
    opens_on: datetime.date,
    due_on: datetime.date,
    by: User | None,
    valid_months: int = USUAL_MONTHS,
    rule: PlacementRule | None = None,
    reply_days: int = USUAL_REPLY_DAYS,
    needs_standing: bool = False,
    needs_second_signer: bool = False,
) -> Cycle:
    """Open a cycle for teams on a published version; no rule is rule 1. Raises CycleRefused."""
    teams = list(teams)
    if not teams:
        raise CycleRefused("Choose at least one team.")
    if due_on < opens_on:
        raise CycleRefused("The due date lies before the day it opens.")
    if not 1 <= valid_months <= MOST_MONTHS:
        raise CycleRefused(f"A placement holds for 1 to {MOST_MONTHS} months.")
    if not 1 <= reply_days <= MOST_REPLY_DAYS:
        raise CycleRefused(f"The clerk has 1 to {MOST_REPLY_DAYS} days to reply.")
    cycle = Cycle(
        name=name,
        version=version,
        scale=TRUE_OF_ME.key,
        opens_on=opens_on,
        due_on=due_on,
        valid_months=valid_months,
        reply_days=reply_days,
        needs_standing=needs_standing,
        needs_second_signer=needs_second_signer,
        opened_by=by,
    )
    try:
        return _open(cycle, rule, teams)
    except IntegrityError:  # in two windows at the same moment
        if Cycle.objects.filter(name=name).exists():
            raise _taken(name) from None
        raise


@transaction.atomic
def _open(cycle: Cycle, rule: PlacementRule | None, teams: list[Team]) -> Cycle:
    cycle.opened_at = timezone.now()
    version = FrameworkVersion.objects.select_for_update().get(pk=cycle.version_id)
    if version.state != VersionState.PUBLISHED:
        raise CycleRefused("A cycle needs a published version.")
    if Cycle.objects.filter(name=cycle.name).exists():
        raise _taken(cycle.name)
    cycle.rule = rule or default_rule()
    cycle.save()
    cycle.teams.set(teams)
    return cycle


def _taken(name: str) -> CycleRefused:
    return CycleRefused(f"There is a cycle named {name} already.")


@transaction.atomic
def close_cycle(*, cycle: Cycle, by: User) -> Cycle:
    """Close a cycle: open work may finish, none may start. Raises CycleRefused."""
    now = timezone.now()
    closed = Cycle.objects.filter(pk=cycle.pk, closed_at=None).update(closed_at=now, closed_by=by)
    if not closed:
        raise CycleRefused(f"{cycle} is closed already.")
    cycle.refresh_from_db()
    return cycle
