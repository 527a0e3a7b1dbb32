import datetime
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import F, TextChoices
from django.utils import timezone

from accounts.models import User
from assessments import workflow
from assessments.actions.carrying import move_answers
from assessments.actions.refusals import Moved
from assessments.actions.steps import MEANWHILE
from assessments.carryover_queries import never_submitted, open_cycles_on_another
from assessments.models import Assessment, Cycle, Event
from frameworks import actions as frameworks
from frameworks.models import Framework, FrameworkVersion


class Policy(TextChoices):
    """What becomes of an open cycle when another version is published."""

    FINISH = "finish", "Finish on the version it is on"
    MOVE = "move", "Move what was never submitted, and whatever begins from now on"


class VersionInUse(Exception):
    """Open cycles stand on the version; the message is a sentence for the person."""


@transaction.atomic
def publish_version(
    *,
    version: FrameworkVersion,
    by: User | None,
    policy: Mapping[int, Policy] | None = None,
    seen: str | None = None,
) -> FrameworkVersion:
    """Publish a version in place of the one before; nobody loses a rating by it.

    `policy` says by cycle what becomes of open ones, `FINISH` where it says nothing. With
    `seen`, the pairing that was shown (`seen_of`), any other is refused.
    Raises PublishRefused, and Moved when a draft was submitted at the same moment.
    """
    now = timezone.now()
    Framework.objects.select_for_update().get(pk=version.framework_id)
    chosen = policy or {}
    cycles = open_cycles_on_another(version)
    moving = [cycle for cycle in cycles if chosen.get(cycle.pk) == Policy.MOVE]
    # Before anything is sealed: the chain is locked last of all.
    drafts = _close_drafts(moving, version, by=by, at=now)
    settled = {str(cycle): Policy(chosen.get(cycle.pk, Policy.FINISH)).value for cycle in cycles}
    version = frameworks.publish_version(version=version, by=by, seen=seen, open_cycles=settled)
    for cycle in moving:
        cycle.moved_to = None if cycle.version_id == version.pk else version
        cycle.save(update_fields=["moved_to"])
    _go_on(drafts, version, by=by, at=now)
    return version


def _close_drafts(
    cycles: Sequence[Cycle], version: FrameworkVersion, *, by: User | None, at: datetime.datetime
) -> list[Assessment]:
    """Close the drafts that were never submitted; they go on against the version."""
    if not cycles:
        return []
    list(Cycle.objects.select_for_update().filter(pk__in=[c.pk for c in cycles]).order_by("pk"))
    found = never_submitted(cycles).exclude(version=version)
    drafts = list(
        found.select_for_update(of=("self",), no_key=True).select_related("cycle").order_by("pk")
    )
    closed = found.update(state=workflow.MOVE.to_state, revision=F("revision") + 1, moved_at=at)
    if closed != len(drafts):  # submitted or begun in between, where rows cannot be locked
        raise Moved(MEANWHILE)
    _tell(workflow.MOVE.name, drafts, by=by, at=at, note=str(version))
    return drafts


def _go_on(
    drafts: Sequence[Assessment],
    version: FrameworkVersion,
    *,
    by: User | None,
    at: datetime.datetime,
) -> None:
    made = Assessment.objects.bulk_create(
        Assessment(
            clerk_id=draft.clerk_id,
            cycle=draft.cycle,
            version=version,
            rule_id=draft.rule_id,
            started_at=draft.started_at,
            moved_at=at,
            continues=draft,
        )
        for draft in drafts
    )
    _tell("start", made, by=by, at=at, note=str(version))
    move_answers(dict(zip(made, drafts, strict=True)), at)


def _tell(
    kind: str,
    assessments: Sequence[Assessment],
    *,
    by: User | None,
    at: datetime.datetime,
    note: str,
) -> None:
    Event.objects.bulk_create(
        Event(assessment=each, kind=kind, round=each.round, by=by, at=at, note=note)
        for each in assessments
    )


@transaction.atomic
def retire_version(*, version: FrameworkVersion, by: User | None) -> FrameworkVersion:
    """Retire a version without another in its place. Raises VersionInUse, PublishRefused."""
    Framework.objects.select_for_update().get(pk=version.framework_id)
    names = [
        cycle.name
        for cycle in Cycle.objects.filter(closed_at=None).select_related("version", "moved_to")
        if cycle.starts_on == version
    ]
    if names:
        raise VersionInUse(
            f"{version} is in use by {', '.join(names)}. Close that first, then try again."
            " Nothing was changed."
        )
    return frameworks.retire_version(version=version, by=by)
