"""Cycles as administrators see them: people, states and dates, never an answer."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet

from accounts.models import Team, User
from assessments.models import Assessment, Cycle
from assessments.queries import CycleCounts, people_of
from assessments.workflow import State

IN_WORK = {
    State.DRAFT: "in progress",
    State.SUBMITTED: "submitted",
    State.REVIEWED: "rated by both sides",
    State.RECONCILED: "ready to be signed off",
}


class CycleRow(NamedTuple):
    """A cycle with how far its people have come."""

    cycle: Cycle
    counts: CycleCounts

    @property
    def states_in_work(self) -> list[tuple[str, int]]:
        """Give the open states that occur, in words, each with its number of people."""
        return [(IN_WORK[state], n) for state in IN_WORK if (n := self.counts.by_state[state])]

    @property
    def in_work(self) -> int:
        return sum(self.counts.by_state[state] for state in IN_WORK)

    @property
    def signed_off(self) -> int:
        return self.counts.by_state[State.SIGNED_OFF]

    @property
    def closed(self) -> int:
        return self.counts.by_state[State.CLOSED]


class PersonRow(NamedTuple):
    """One person of a cycle; no assessment: not started."""

    person: User
    assessment: Assessment | None


def cycles_with_counts(cycles: QuerySet[Cycle]) -> list[CycleRow]:
    """Count the people of each cycle by state of their latest assessment: 3 queries."""
    found = list(
        cycles.select_related("version__framework", "moved_to").defer(
            "version__source_bytes", "moved_to__source_bytes"
        )
    )
    latest: dict[int, dict[int, str]] = defaultdict(dict)
    assessments = Assessment.objects.filter(cycle__in=found).order_by("pk")
    for cycle_id, clerk_id, state in assessments.values_list("cycle", "clerk", "state"):
        latest[cycle_id][clerk_id] = state
    people: dict[int, set[int]] = defaultdict(set)
    members = User.objects.filter(team__cycles__in=found, is_active=True)
    for cycle_id, pk in members.values_list("team__cycles", "pk"):
        people[cycle_id].add(pk)
    return [CycleRow(cycle, _counts(latest[cycle.pk], people[cycle.pk])) for cycle in found]


def _counts(states: dict[int, str], people: Iterable[int]) -> CycleCounts:
    by_state: dict[str, int] = dict.fromkeys(State.values, 0)
    for state in states.values():
        by_state[state] += 1
    return CycleCounts(len(set(people) | set(states)), by_state)


def people_with_states(cycle: Cycle) -> list[PersonRow]:
    """Give everybody who is or was asked in the cycle, by team and name: 2 queries."""
    people = {person.pk: PersonRow(person, None) for person in people_of(cycle)}
    started = cycle.assessments.select_related("clerk__team").order_by("pk")
    for assessment in started:
        people[assessment.clerk_id] = PersonRow(assessment.clerk, assessment)
    return sorted(people.values(), key=_place)


def _place(row: PersonRow) -> tuple[str, str, str]:
    team = row.person.team.name if row.person.team else ""
    return (team, row.person.last_name, row.person.first_name)


def teams_with_people() -> QuerySet[Team]:
    """Give the teams with their supervisor and `people`, the number of active members."""
    active = Count("members", filter=Q(members__is_active=True))
    return Team.objects.select_related("supervisor").annotate(people=active).order_by("name")
