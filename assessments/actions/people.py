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
    delegations_to_end,
    handover_between,
    open_work,
    read_standing,
)
from assessments.models import Assessment, Dispute, DisputeOutcome, Event
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
    closed = open_work([person.pk])

    def leave() -> None:
        for team, successor in (successors or {}).items():
            accounts.name_supervisor(team=team, supervisor=successor, by=by)
        _close(closed, by, now, reason)
        Dispute.objects.filter(named_decider=person, outcome=DisputeOutcome.OPEN).update(
            named_decider=None, named_by=None, named_at=None
        )
        accounts.deactivate_person(person=person, by=by)

    return _handed_over(leave, by, now, nobody, leaver=person)._replace(closed=closed)


@transaction.atomic
def reactivate_person(*, person: User, by: User) -> Handover:
    """Open a person's access again; the teams that still name them are theirs again."""
    return _handed_over(
        lambda: accounts.reactivate_person(person=person, by=by), by, timezone.now(), nobody=True
    )


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
    change: Callable[[], Any],
    by: User | None,
    at: datetime.datetime,
    nobody: bool,
    leaver: User | None = None,
) -> Handover:
    """Carry out a change and write down which open work goes from whom to whom."""
    # Of two changes at once the second sees what the first left of the tree.
    list(Team.objects.select_for_update().order_by("pk").values_list("pk", flat=True))
    day = timezone.localdate(at)
    before = read_standing(day)
    idle = {delegation.pk for delegation in delegations_to_end(day)}
    change()
    ended = [d for d in delegations_to_end(day, leaver) if d.pk not in idle]
    accounts.end_delegations(delegations=ended, by=by)
    after = read_standing(day)
    handover = handover_between(before, after)._replace(ended=ended)
    if handover.left and not nobody:
        names = ", ".join(map(str, handover.left[:3]))
        more = f" and {len(handover.left) - 3} more" if handover.left[3:] else ""
        raise accounts.Refused(
            f"{names}{more} would have no supervisor. Name a successor, or say that nobody"
            " takes it for now. Nothing was changed."
        )
    # What a former decider signed first, by their own ratings, falls with them.
    disputes = [route.dispute.pk for route in handover.disputes]
    waiting_sign_offs().filter(supersedes__dispute__in=disputes).update(voided_at=at)
    # A first signature falls with the place of its signer; the revision keeps out who signs now.
    routed = [route.assessment.pk for route in handover.routes]
    still_open = Assessment.objects.filter(pk__in=routed, state__in=workflow.OPEN)
    still_open.update(revision=F("revision") + 1)
    waiting_sign_offs().filter(assessment__in=routed).update(voided_at=at)
    # A correction as well, though what was signed is nobody's to take over: it stands.
    moved = [pk for pk, found in before.reviewers.items() if after.reviewers.get(pk) != found]
    waiting_sign_offs().filter(clerk__in=moved, supersedes__isnull=False).exclude(
        correction_reason=""
    ).update(voided_at=at)
    _remember(handover, by, at)
    return handover


def _remember(handover: Handover, by: User | None, at: datetime.datetime) -> None:
    notes = [(route.assessment, route.in_words) for route in handover.routes]
    notes += [(route.sign_off.assessment, route.in_words) for route in handover.signatures]
    notes += [(route.dispute.sign_off.assessment, route.in_words) for route in handover.disputes]
    Event.objects.bulk_create(
        Event(assessment=assessment, kind=RE_ROUTE, round=assessment.round, by=by, at=at, note=note)
        for assessment, note in notes
    )


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
    closed = Assessment.objects.filter(pk__in=ids, state__in=workflow.CLOSE.from_states).update(
        state=workflow.CLOSE.to_state, revision=F("revision") + 1, moved_at=at
    )
    if closed != len(ids):
        raise accounts.Refused("Something of theirs was moved at the same moment. Try again.")
    waiting_sign_offs().filter(assessment__in=ids).update(voided_at=at)
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
