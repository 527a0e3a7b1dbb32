"""Whose open work is whose, before and after people leave or move."""

from typing import NamedTuple

from django.db.models import Q
from django.utils import timezone

from accounts.models import Delegation, User
from accounts.queries import team_nodes
from accounts.tree import supervisors_up
from assessments.models import Assessment, Dispute, DisputeOutcome
from assessments.workflow import OPEN


class Route(NamedTuple):
    """An open assessment that goes from one supervisor to another; None is nobody."""

    assessment: Assessment
    from_supervisor: User | None
    to_supervisor: User | None

    @property
    def in_words(self) -> str:
        return f"From {self.from_supervisor or 'nobody'} to {self.to_supervisor or 'nobody'}"


class Handover(NamedTuple):
    """What a change of people does to open work."""

    routes: list[Route]
    # Clerks who had a supervisor and have none now, by name.
    left: list[User]
    # What the leaving person had open themself, as a clerk: it is closed.
    closed: list[Assessment]
    # Delegations from or to them: they end.
    ended: list[Delegation]
    # Disputes they were named to decide: an administrator names somebody else.
    undecided: list[Dispute]

    @property
    def touches(self) -> bool:
        return any(self)


def nearest_supervisors() -> dict[int, int | None]:
    """Give the nearest supervisor of every active person in a team: 2 queries."""
    nodes = team_nodes()
    people = User.objects.filter(is_active=True, team__isnull=False).order_by()
    return {
        pk: next(supervisors_up(team, pk, nodes), None)
        for pk, team in people.values_list("pk", "team_id")
    }


def open_work(clerk_ids: list[int]) -> list[Assessment]:
    """Give the open assessments of these clerks, by name."""
    found = Assessment.objects.filter(clerk__in=clerk_ids, state__in=OPEN)
    found = found.select_related("clerk", "cycle", "version", "rule")
    return list(found.order_by("clerk__last_name", "clerk__first_name", "pk"))


def own_open_work(person: User) -> list[Assessment]:
    """Give what the person has open themself, as a clerk."""
    return open_work([person.pk])


def delegations_to_end(person: User) -> list[Delegation]:
    """Give the delegations from or to the person that hold today or are to come."""
    return list(
        Delegation.objects.filter(
            Q(from_supervisor=person) | Q(to_supervisor=person),
            ended_at=None,
            ends_on__gte=timezone.localdate(),
        ).select_related("from_supervisor", "to_supervisor")
    )


def disputes_named(person: User) -> list[Dispute]:
    """Give the open disputes that an administrator named the person to decide."""
    found = Dispute.objects.filter(named_decider=person, outcome=DisputeOutcome.OPEN)
    return list(found.select_related("sign_off__clerk"))
