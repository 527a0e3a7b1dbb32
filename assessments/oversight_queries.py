"""What auditors see of how supervisors judge."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Q

from accounts.models import User
from assessments import workflow
from assessments.models import Cycle, Event, JustificationCategory, Reconciliation, SignOff
from assessments.oversight import (
    Declined,
    Deeds,
    Figures,
    Pair,
    Passed,
    Settled,
    Signed,
    mutual,
    tally,
)
from assessments.reconciling import Outcome


class Line(NamedTuple):
    """The figures of one person or of one cycle, the override categories in words."""

    of: User | Cycle
    figures: Figures
    categories: list[tuple[str, int]]


class MutualPair(NamedTuple):
    """Two people who signed for each other in a cycle, with the records each signed."""

    cycle: Cycle
    one: User
    other: User
    by_one: tuple[int, ...]
    by_other: tuple[int, ...]


class Oversight(NamedTuple):
    """How supervisors judged, by person by name, by cycle newest first, and mutual signing."""

    people: list[Line]
    cycles: list[Line]
    pairs: list[MutualPair]


def oversight(cycle: Cycle | None = None) -> Oversight:
    """Count what supervisors did in one cycle, or in all: 7 queries."""
    deeds = deeds_in(cycle)
    by_person = tally(deeds, lambda _, person: person)
    by_cycle = tally(deeds, lambda cycle, _: cycle)
    pairs = mutual(deeds.signed)
    people = User.objects.in_bulk(
        {*by_person, *(pair.one for pair in pairs), *(pair.other for pair in pairs)}
    )
    cycles = Cycle.objects.in_bulk(list(by_cycle))
    in_order = sorted(people.values(), key=lambda p: (p.last_name, p.first_name, p.pk))
    newest_first = sorted(cycles.values(), key=lambda c: (c.opens_on, c.pk), reverse=True)
    return Oversight(
        [_line(person, by_person[person.pk]) for person in in_order if person.pk in by_person],
        [_line(cycle, by_cycle[cycle.pk]) for cycle in newest_first],
        _named(pairs, people, cycles),
    )


def deeds_in(cycle: Cycle | None) -> Deeds:
    """Read what is counted, of one cycle or of all: 5 queries."""
    only = Q(assessment__cycle=cycle) if cycle else Q()
    signed = SignOff.objects.filter(only, record__isnull=False).order_by()
    declined = SignOff.objects.filter(only, declined_by__isnull=False).order_by()
    settled = Reconciliation.objects.filter(only, settled_by__isnull=False).exclude(
        outcome=Outcome.TAKEN_BACK
    )
    return Deeds(
        signed=[
            Signed(*row[:5], row[5] or 0, row[6] or 0, row[7])
            for row in signed.values_list(
                "record",
                "assessment__cycle",
                "clerk",
                "signed_by",
                "second_signed_by",
                "level__rank",
                "suggested_level__rank",
                "justification_category",
            )
        ],
        reviewed=_passed(workflow.COMPLETE_REVIEW.name, only),
        returned=_passed(workflow.RETURN.name, only),
        settled=[
            Settled(pk, cycle_id, assessment, number, by, outcome == Outcome.NO_ANSWER)
            for pk, cycle_id, assessment, number, by, outcome in settled.values_list(
                "pk", "assessment__cycle", "assessment", "round", "settled_by", "outcome"
            )
        ],
        declined=[
            Declined(*row) for row in declined.values_list("assessment__cycle", "declined_by")
        ],
    )


def _passed(kind: str, only: Q) -> list[Passed]:
    events = Event.objects.filter(only, kind=kind, by__isnull=False).order_by()
    columns = "assessment__cycle", "assessment", "round", "by"
    return [Passed(*row) for row in events.values_list(*columns)]


def _line(of: User | Cycle, figures: Figures) -> Line:
    words = dict(JustificationCategory.choices)
    named = [(str(words.get(name, name)), n) for name, n in figures.categories.most_common()]
    return Line(of, figures, named)


def _named(
    pairs: Iterable[Pair], people: dict[int, User], cycles: dict[int, Cycle]
) -> list[MutualPair]:
    return [
        MutualPair(cycles[p.cycle], people[p.one], people[p.other], p.by_one, p.by_other)
        for p in pairs
    ]
