import datetime
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from accounts.actions.refusal import Refused
from accounts.models import Delegation, User
from accounts.permissions import is_administrator
from accounts.queries import supervises_team

LONGEST = datetime.timedelta(days=366)


@transaction.atomic
def delegate(
    *,
    from_supervisor: User,
    to_supervisor: User,
    starts_on: datetime.date,
    ends_on: datetime.date,
    reason: str,
    by: User,
) -> Delegation:
    """Let somebody act beside a supervisor from one day to another; it ends by itself.

    The supervisor does it, or an administrator for them. Raises Refused.
    """
    now = timezone.now()
    # Two delegations of the same pair at once would overlap unseen, and whoever is leaving at
    # this moment could be delegated to. Not their keys: what refers to them is not kept waiting.
    people = User.objects.select_for_update(no_key=True).order_by("pk")
    active = people.filter(pk__in=[from_supervisor.pk, to_supervisor.pk], is_active=True)
    active_ids = set(active.values_list("pk", flat=True))
    if by.pk != from_supervisor.pk and not is_administrator(by):
        raise Refused("A supervisor delegates their own work only.")
    if not supervises_team(from_supervisor):
        raise Refused(f"{from_supervisor} supervises no team.")
    if from_supervisor.pk not in active_ids:
        raise Refused(f"{from_supervisor} is deactivated and delegates nothing.")
    if from_supervisor.pk == to_supervisor.pk or to_supervisor.pk not in active_ids:
        raise Refused("Choose somebody else who is active.")
    _check_days(starts_on, ends_on, timezone.localdate(now))
    if not reason.strip():
        raise Refused("Write why: both of you and the auditor can read it.")
    overlapping = Delegation.objects.filter(
        from_supervisor=from_supervisor,
        to_supervisor=to_supervisor,
        ended_at=None,
        starts_on__lte=ends_on,
        ends_on__gte=starts_on,
    )
    if found := overlapping.first():
        raise Refused(
            f"{to_supervisor} acts for {from_supervisor} already until {found.ends_on:%-d %B %Y}."
        )
    return Delegation.objects.create(
        from_supervisor=from_supervisor,
        to_supervisor=to_supervisor,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=reason.strip(),
        made_by=by,
        made_at=now,
    )


@transaction.atomic
def end_delegation(*, delegation: Delegation, by: User | None) -> Delegation:
    """End a delegation before its day. Raises Refused when it has ended."""
    now = timezone.now()
    own = by is None or by.pk in (delegation.from_supervisor_id, delegation.to_supervisor_id)
    if not own and not is_administrator(by):
        raise Refused("This delegation is between two others.")
    ended = Delegation.objects.filter(
        pk=delegation.pk, ended_at=None, ends_on__gte=timezone.localdate(now)
    ).update(ended_at=now, ended_by=by)
    if not ended:
        raise Refused("This delegation has ended already.")
    delegation.refresh_from_db()
    return delegation


@transaction.atomic
def end_delegations(*, delegations: Iterable[Delegation], by: User | None) -> int:
    """End these delegations, because somebody in them leaves; gives how many were open."""
    now = timezone.now()
    ids = [delegation.pk for delegation in delegations]
    return Delegation.objects.filter(pk__in=ids, ended_at=None).update(ended_at=now, ended_by=by)


def _check_days(starts_on: datetime.date, ends_on: datetime.date, today: datetime.date) -> None:
    if starts_on < today:
        raise Refused("It can begin today at the earliest.")
    if ends_on < starts_on:
        raise Refused("It ends before it begins.")
    if ends_on - starts_on > LONGEST:
        raise Refused("It can last a year at most.")
