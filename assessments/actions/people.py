"""People leave and move: their open work goes to somebody in the same step."""

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts import actions as accounts
from accounts.models import Team, User
from assessments import workflow
from assessments.actions.refusals import WorkflowError
from assessments.actions.words import checked_words
from assessments.handover_queries import (
    Handover,
    Route,
    delegations_to_end,
    disputes_named,
    nearest_supervisors,
    open_work,
    own_open_work,
)
from assessments.models import Assessment, Dispute, Event
from assessments.queries import waiting_sign_offs

RE_ROUTE = "re-route"


def foresee(change: Callable[[], Handover]) -> Handover:
    """Give what a change would do, and take it back. Raises what the change raises."""
    with transaction.atomic():
        handover = change()
        transaction.set_rollback(True)
    return handover


@transaction.atomic
def deactivate_person(
    *,
    person: User,
    by: User,
    reason: str = "",
    successors: Mapping[Team, User] | None = None,
    nobody: bool = False,
) -> Handover:
    """Close a person's access and hand over what is open. Raises Refused.

    `successors` are named for teams they supervise. What they have open as a clerk is closed
    with the reason. `nobody` says that clerks may be left without a supervisor for now.
    """
    now = timezone.now()
    closed, ended, undecided = (
        own_open_work(person),
        delegations_to_end(person),
        disputes_named(person),
    )

    def leave() -> None:
        for team, successor in (successors or {}).items():
            accounts.name_supervisor(team=team, supervisor=successor, by=by)
        _close(closed, by, now, reason)
        accounts.end_delegations_of(person=person, by=by)
        Dispute.objects.filter(pk__in=[dispute.pk for dispute in undecided]).update(
            named_decider=None
        )
        accounts.deactivate_person(person=person, by=by)

    handover = _handed_over(leave, by, now, nobody)
    return handover._replace(closed=closed, ended=ended, undecided=undecided)


@transaction.atomic
def move_person(*, person: User, team: Team | None, by: User, nobody: bool = False) -> Handover:
    """Move a person to a team, or out of all; their open work goes along. Raises Refused."""
    return _handed_over(
        lambda: accounts.move_person(person=person, team=team, by=by),
        by,
        timezone.now(),
        nobody,
    )


@transaction.atomic
def change_team(*, team: Team, by: User, nobody: bool = False, **fields: Any) -> Handover:
    """Rename a team, place it, name its supervisor; open work goes along. Raises Refused."""
    return _handed_over(
        lambda: accounts.change_team(team=team, by=by, **fields), by, timezone.now(), nobody
    )


@transaction.atomic
def import_people(
    *, data: bytes, by: User | None, dry_run: bool = False
) -> accounts.PeopleImported:
    """Add and change people from a file; open work goes along. Raises PeopleRejected."""
    found: list[accounts.PeopleImported] = []
    _handed_over(
        lambda: found.append(accounts.import_people(data=data, by=by)),
        by,
        timezone.now(),
        nobody=True,
    )
    if dry_run:
        transaction.set_rollback(True)
    return found[0]


def _handed_over(
    change: Callable[[], Any], by: User | None, at: datetime.datetime, nobody: bool
) -> Handover:
    """Carry out a change and write down which open work goes from whom to whom."""
    before = nearest_supervisors()
    change()
    after = nearest_supervisors()
    moved = [pk for pk in before.keys() & after.keys() if before[pk] != after[pk]]
    left = [pk for pk in moved if after[pk] is None]
    people = User.objects.in_bulk({*left, *(before[pk] or 0 for pk in moved)})
    people |= User.objects.in_bulk({after[pk] or 0 for pk in moved})
    if left and not nobody:
        names = ", ".join(str(people[pk]) for pk in left[:3])
        more = f" and {len(left) - 3} more" if left[3:] else ""
        raise accounts.Refused(
            f"{names}{more} would have no supervisor. Name a successor, or say that nobody"
            " takes it for now. Nothing was changed."
        )
    routes = [
        Route(
            assessment,
            people.get(before[assessment.clerk_id] or 0),
            people.get(after[assessment.clerk_id] or 0),
        )
        for assessment in open_work(moved)
    ]
    Event.objects.bulk_create(
        Event(
            assessment=route.assessment,
            kind=RE_ROUTE,
            round=route.assessment.round,
            by=by,
            at=at,
            note=route.in_words,
        )
        for route in routes
    )
    return Handover(routes, sorted((people[pk] for pk in left), key=str), [], [], [])


def _close(assessments: list[Assessment], by: User, at: datetime.datetime, reason: str) -> None:
    """Close a leaving clerk's open work, however much it is, in four queries."""
    if not assessments:
        return
    try:
        reason = checked_words(
            reason, needed="Write why their open assessment is closed; it is kept with it."
        )
    except WorkflowError as error:
        raise accounts.Refused(str(error)) from None
    ids = [assessment.pk for assessment in assessments]
    waiting_sign_offs().filter(assessment__in=ids).update(voided_at=at)
    closed = Assessment.objects.filter(pk__in=ids, state__in=workflow.CLOSE.from_states).update(
        state=workflow.CLOSE.to_state, revision=F("revision") + 1, moved_at=at
    )
    if closed != len(ids):
        raise accounts.Refused("Something of theirs was moved at the same moment. Try again.")
    Event.objects.bulk_create(
        Event(
            assessment=assessment,
            kind=workflow.CLOSE.name,
            round=assessment.round,
            by=by,
            at=at,
            note=reason,
        )
        for assessment in assessments
    )
