"""What a clerk's pages show beside rating: what is asked, where they stand, what is left."""

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.queries import supervisor_of
from assessments import workflow
from assessments.actions.steps import STATE_SENTENCES
from assessments.carryover_queries import origins_of
from assessments.dates import days_until
from assessments.models import Assessment, Cycle, Event, Rating, Role
from assessments.queries import level_rows, open_cycles_for, sign_offs
from assessments.views.rating_hints import noticed
from assessments.views.rating_page import level_tabs
from assessments.views.rating_row import standing
from assessments.views.stages import MOVED, Chip, chip_of
from assessments.workflow import State
from frameworks.models import Level, Statement

SECONDS_FOR_A_STATEMENT = 8


def minutes_for(statements: int) -> int:
    """Give about how many minutes rating this many statements takes, at least one."""
    return max(round(statements * SECONDS_FOR_A_STATEMENT / 60), 1)


def now_in_words(assessment: Assessment) -> str:
    return STATE_SENTENCES[State(assessment.state)]


class CycleCard(NamedTuple):
    """An open cycle in which this clerk has not started."""

    cycle: Cycle
    statements: int
    minutes: int
    due: str
    is_open: bool


class OwnAssessment(NamedTuple):
    """One of the clerk's assessments as the list shows it."""

    assessment: Assessment
    chip: Chip
    rated: int
    total: int
    may_rate: bool
    brought: bool
    overdue: bool

    @property
    def left(self) -> int:
        return self.total - self.rated


def list_page(clerk: User) -> dict[str, Any]:
    """Build the clerk's list: what can be started, what is under way, placements of the past."""
    today = timezone.localdate()
    assessments = list(
        clerk.assessments.select_related("cycle", "version__framework").order_by("-pk")
    )
    running = {each.cycle_id for each in assessments if each.state != State.CLOSED}
    cycles = [
        cycle
        for cycle in open_cycles_for(clerk).select_related(
            "version__framework", "moved_to__framework"
        )
        if cycle.pk not in running
    ]
    asked = _statements_of(
        {each.version_id for each in assessments} | {cycle.starts_on.pk for cycle in cycles}
    )
    rated = _rated_by(clerk)
    moved = _moved(assessments)
    return {
        "own": [
            _own(each, *rated.get(each.pk, (0, 0)), asked[each.version_id], today, each.pk in moved)
            for each in assessments
        ],
        "cycles": [_card(cycle, asked[cycle.starts_on.pk], today) for cycle in cycles],
        "sign_offs": sign_offs().filter(clerk=clerk).select_related("record"),
        "supervisor": supervisor_of(clerk),
    }


def _moved(assessments: Iterable[Assessment]) -> set[int]:
    """Give those that go on in another one of the same cycle."""
    in_cycle = {(each.continues_id, each.cycle_id) for each in assessments}
    return {each.pk for each in assessments if (each.pk, each.cycle_id) in in_cycle}


def _own(
    assessment: Assessment, rated: int, brought: int, total: int, today: datetime.date, moved: bool
) -> OwnAssessment:
    may_rate = assessment.state in workflow.RATE_SELF.from_states
    overdue = may_rate and assessment.cycle.due_on < today
    chip = MOVED if moved else chip_of(assessment)
    return OwnAssessment(assessment, chip, rated, total, may_rate, bool(brought), overdue)


def _card(cycle: Cycle, statements: int, today: datetime.date) -> CycleCard:
    due = days_until(cycle.due_on, today)
    return CycleCard(cycle, statements, minutes_for(statements), due, cycle.opens_on <= today)


def _statements_of(version_ids: set[int]) -> dict[int, int]:
    counted = Statement.objects.filter(version__in=version_ids).order_by().values("version")
    return dict(counted.values_list("version").annotate(Count("pk")))


def _rated_by(clerk: User) -> dict[int, tuple[int, int]]:
    """Give by assessment how many answers count, and how many were brought over."""
    own = Rating.objects.filter(
        assessment__clerk=clerk, role=Role.SELF, round=F("assessment__round")
    )
    counts = Q(point__isnull=False, needs_confirmation=False)
    found = own.values_list("assessment").annotate(
        given=Count("pk", filter=counts), brought=Count("carried_from")
    )
    return {pk: (given, brought) for pk, given, brought in found}


def returned_because(assessment: Assessment) -> Event | None:
    """Give the event that returned the assessment to its present round, or None in the first."""
    return (
        assessment.events.filter(kind=workflow.RETURN.name, round=assessment.round - 1)
        .select_related("by")
        .last()
    )


class Place(NamedTuple):
    """A statement that does not count yet, where to answer it, and whether an answer waits."""

    statement: Statement
    url: str
    waits: bool


class MissingLevel(NamedTuple):
    """The statements of one level that do not count yet."""

    level: Level
    places: list[Place]


class Untouched(NamedTuple):
    """How many answers stand as they were given in an earlier assessment, and where that was."""

    number: int
    cycle: str
    version: str


def _untouched(own: Sequence[Rating]) -> list[Untouched]:
    """Give the answers that still stand for earlier ones, by where they were given: 1 query."""
    given = Counter(
        (rating.assessment.cycle.name, rating.assessment.version.label)
        for rating in origins_of(own).values()
    )
    return [Untouched(number, *where) for where, number in given.most_common()]


def submit_page(assessment: Assessment, clerk: User) -> dict[str, Any]:
    """Build what the clerk sees before submitting: what is missing, and what happens next."""
    levels = level_rows(assessment, roles=[Role.SELF])
    tabs = level_tabs(assessment, Role.SELF, None, clerk, levels)
    missing = []
    look = reverse("assessments:assessment_look", args=[assessment.pk])
    for level in levels:
        page = reverse("assessments:assessment_rate", args=[assessment.pk, level.level.rank])
        places = [
            Place(
                row.statement,
                f"{look if row.by_clerk and row.by_clerk.carried_from_id else page}"
                f"#s-{row.statement.pk}",
                bool(row.by_clerk and row.by_clerk.needs_confirmation),
            )
            for row in level.rows
            if standing(row.by_clerk) is None
        ]
        if places:
            missing.append(MissingLevel(level.level, places))
    own = [row.by_clerk for level in levels for row in level.rows if row.by_clerk]
    return {
        "assessment": assessment,
        "version": assessment.version,
        "tabs": tabs,
        "missing": missing,
        "missing_count": sum(len(level.places) for level in missing),
        "waiting_count": sum(place.waits for level in missing for place in level.places),
        "total": sum(tab.total for tab in tabs),
        "notes": sum(bool(rating.note) for rating in own),
        "untouched": [] if missing else _untouched(own),
        "hints": [] if missing else noticed(assessment, Role.SELF, clerk, levels),
        "supervisor": supervisor_of(clerk),
        "returned": returned_because(assessment),
    }
