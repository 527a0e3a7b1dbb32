"""How supervisors' ratings lie beside their clerks', and how often they override and return."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from django.db.models import F, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.views.requests import SignedIn
from assessments import workflow
from assessments.dispute_queries import unseen_record_ids
from assessments.forms.cycles import CycleFilterForm
from assessments.insight.agreement import (
    FEWEST_PEOPLE,
    Agreement,
    Divided,
    Pair,
    agreements,
    divided,
)
from assessments.insight.reads import Scope, scope_of
from assessments.models import Cycle, Event, Rating, Role, SignOff
from assessments.scales import NOT_PART_OF_ROLE
from frameworks.models import Statement

MOST_DIVIDED = 10

Key = tuple[int | None, int]


class Deeds(NamedTuple):
    """By supervisor and cycle: what was signed, how much of it at another level, and rounds."""

    signed: Counter[Key]
    overrides: Counter[Key]
    reviewed: Counter[Key]
    returned: Counter[Key]


class Line(NamedTuple):
    """One supervisor in one cycle."""

    supervisor: User
    cycle: Cycle
    agreement: Agreement
    signed: int
    overrides: int
    reviewed: int
    returned: int


class Dividing(NamedTuple):
    statement: Statement
    divided: Divided


@require_safe
def agreement(request: SignedIn) -> HttpResponse:
    scope = scope_of(request.user)
    if scope.is_own_only:
        return redirect("assessments:heat_map")
    form = CycleFilterForm(request.GET)
    cycle = cycle_of(form)
    pairs = list(pairs_of(request.user, scope, cycle))
    found = dividing(pairs)
    context = {
        "versions": {each.statement.version for each in found},
        "form": form,
        "cycle": cycle,
        "lines": lines(pairs, deeds_of(scope)),
        "divided": found,
        "fewest": FEWEST_PEOPLE,
    }
    return render(request, "insight/agreement.html", context)


def cycle_of(form: CycleFilterForm) -> Cycle | None:
    return form.cleaned_data["cycle"] if form.is_valid() else None


def pairs_of(reader: User, scope: Scope, cycle: Cycle | None) -> Iterator[Pair]:
    """Read both sides' ratings of first rounds that were completed: 1 query."""
    complete = Event.objects.filter(kind=workflow.COMPLETE_REVIEW.name, round=1)
    rows = Rating.objects.filter(
        Q(assessment__cycle=cycle) if cycle else Q(),
        assessment__in=complete.values("assessment"),
        assessment__clerk__in=scope.people,
        role__in=(Role.SELF, Role.SUPERVISOR),
        round=1,
        point__gt=NOT_PART_OF_ROLE,
    ).exclude(assessment__sign_offs__record__in=unseen_record_ids(reader))
    own: dict[tuple[int, int], int] = {}
    # "self" comes before "supervisor".
    columns = rows.order_by("role").values_list(
        "assessment",
        "statement",
        "role",
        "point",
        "author",
        "assessment__cycle",
        "assessment__clerk",
    )
    for assessment, statement, role, point, author, in_cycle, clerk in columns.iterator():
        if role == Role.SELF:
            own[assessment, statement] = point or 0
        elif author and (said := own.get((assessment, statement))):
            yield Pair(author, in_cycle, clerk, statement, said, point or 0)


def deeds_of(scope: Scope) -> Deeds:
    """Count signatures and rounds of these people's assessments: 3 queries."""
    signed = SignOff.objects.filter(clerk__in=scope.people, record__isnull=False, supersedes=None)
    events = Event.objects.filter(assessment__clerk__in=scope.people, by__isnull=False)
    return Deeds(
        _counted(signed.values_list("signed_by", "assessment__cycle")),
        _counted(
            signed.exclude(
                Q(level=F("suggested_level")) | Q(level=None, suggested_level=None)
            ).values_list("signed_by", "assessment__cycle")
        ),
        _counted(
            events.filter(kind=workflow.COMPLETE_REVIEW.name).values_list("by", "assessment__cycle")
        ),
        _counted(events.filter(kind=workflow.RETURN.name).values_list("by", "assessment__cycle")),
    )


def _counted(rows: object) -> Counter[Key]:
    return Counter(rows)  # type: ignore[call-overload,no-any-return]  # rows of two columns


def lines(pairs: list[Pair], deeds: Deeds) -> list[Line]:
    found = agreements(pairs)
    people = User.objects.in_bulk({supervisor for supervisor, _ in found})
    cycles = Cycle.objects.in_bulk({cycle for _, cycle in found})
    made = [
        Line(
            people[key[0]],
            cycles[key[1]],
            agreement,
            deeds.signed[key],
            deeds.overrides[key],
            deeds.reviewed[key],
            deeds.returned[key],
        )
        for key, agreement in found.items()
    ]
    return sorted(
        made,
        key=lambda line: (str(line.supervisor), -line.cycle.opens_on.toordinal(), line.cycle.pk),
    )


def dividing(pairs: list[Pair]) -> list[Dividing]:
    found = divided(pairs, MOST_DIVIDED)
    statements = Statement.objects.select_related("level", "version__framework").defer(
        "version__source_bytes"
    )
    by_pk = statements.in_bulk([each.statement for each in found])
    return [Dividing(by_pk[each.statement], each) for each in found]
