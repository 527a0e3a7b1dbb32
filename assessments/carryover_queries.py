from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from django.db.models import Case, F, Q, QuerySet, When, Window
from django.db.models.functions import RowNumber

from accounts.models import User
from assessments import workflow
from assessments.carryover import Asked
from assessments.models import Assessment, Cycle, Event, Rating, Role
from assessments.workflow import OPEN, State
from frameworks.changes import Wording
from frameworks.models import FrameworkVersion, Statement

ORIGIN = ("assessment", "statement__level", "carried_from__statement__level")
# In the database what `Rating.stands_for_earlier` says.
STANDS_FOR_EARLIER = Q(carried_from__isnull=False) & (Q(revision=1) | Q(needs_confirmation=True))
# When the clerk gave the answer: of a copy, when they gave the one that it stands for.
GIVEN_AT = Case(When(STANDS_FOR_EARLIER, then="carried_from__saved_at"), default="saved_at")
ANSWERS = Rating.objects.filter(role=Role.SELF, point__isnull=False)


def last_assessment(clerk: User, version: FrameworkVersion) -> Assessment | None:
    """Give the assessment in the framework that holds the clerk's latest answer, or None.

    Where that one was moved, the one in which its work went on.
    """
    own = ANSWERS.filter(assessment__clerk=clerk)
    given = own.filter(statement__version__framework=version.framework_id)
    latest = given.select_related("assessment").order_by(GIVEN_AT.desc(), "-pk").first()
    if latest is None:
        return None
    return latest.assessment.goes_on_in or latest.assessment


def last_answers(clerks: Collection[int], version_id: int) -> dict[int, list[Rating]]:
    """Give, by clerk, their latest answer to each competency that the version asks: 1 query.

    Whatever was answered last counts, in whichever assessment that was, and under which words.
    What is read with each: see ORIGIN.
    """
    found: dict[int, list[Rating]] = defaultdict(list)
    wanted = Statement.objects.filter(version=version_id).order_by().values("competency")
    own = latest_answers(wanted).filter(assessment__clerk__in=clerks)
    for rating in own.select_related(*ORIGIN):
        found[rating.assessment.clerk_id].append(rating)
    return found


def latest_answers(competencies: Any) -> QuerySet[Rating]:
    """Give every clerk's latest answer to each of these competencies (numbers or a subquery)."""
    nth = Window(
        RowNumber(),
        partition_by=[F("assessment__clerk"), F("statement__competency")],
        # A copy says nothing new, but may have been given a note since.
        order_by=[GIVEN_AT.desc(), F("pk").desc()],
    )
    return ANSWERS.filter(statement__competency__in=competencies).annotate(nth=nth).filter(nth=1)


def standing(drafts: Collection[Assessment]) -> dict[int, list[Rating]]:
    """Give, by draft, all that the clerk has entered in it, notes too: 1 query.

    Statement and level are read with each, and those of the rating it was carried from.
    """
    found: dict[int, list[Rating]] = defaultdict(list)
    rows = Rating.objects.filter(
        role=Role.SELF, assessment__in=drafts, round=F("assessment__round")
    )
    for rating in rows.select_related(*ORIGIN):
        found[rating.assessment_id].append(rating)
    return found


def was_submitted(assessment: Assessment) -> bool:
    """Say whether the clerk has handed it in once: what they then stood for stays."""
    return assessment.events.filter(kind=workflow.SUBMIT.name).exists()


def set_aside(assessments: Collection[Assessment]) -> set[tuple[int, int]]:
    """Give (clerk, cycle) of those in whose cycle the clerk chose to start without: 1 query."""
    events = Event.objects.filter(
        kind__in=[workflow.UNDO_CARRY_OVER.name, workflow.BRING_OVER.name],
        assessment__clerk__in={each.clerk_id for each in assessments},
        assessment__cycle__in={each.cycle_id for each in assessments},
    )
    said = events.order_by("pk").values_list("assessment__clerk", "assessment__cycle", "kind")
    last = {(clerk, cycle): kind for clerk, cycle, kind in said}
    return {whose for whose, kind in last.items() if kind == workflow.UNDO_CARRY_OVER.name}


def asked_in(version_id: int) -> list[Asked]:
    """Give what a published version asks, in its order: one query."""
    statements = Statement.objects.filter(version=version_id).select_related("level")
    return [asked(statement) for statement in statements.order_by("level__rank", "position")]


def competencies_of(versions: Collection[int]) -> dict[int, set[int]]:
    """Give, by published version, the competencies that it asks: 1 query."""
    found: dict[int, set[int]] = {version: set() for version in versions}
    statements = Statement.objects.filter(version__in=versions, competency__isnull=False)
    for version, competency in statements.values_list("version", "competency"):
        found[version].add(competency or 0)
    return found


def asked(statement: Statement) -> Asked:
    wording = Wording(statement.level.key, statement.position, statement.text)
    return Asked(statement.pk, statement.competency_id or 0, wording)


def origin(rating: Rating) -> Rating:
    """Give the rating as the clerk gave it: what was only carried since says nothing new."""
    return rating.carried_from if rating.stands_for_earlier and rating.carried_from else rating


def origins_of(ratings: Iterable[Rating]) -> dict[int, Rating]:
    """Give, by rating, the earlier answer that it still stands for: one query, or none.

    With its statement, its cycle and the version it was given under.
    """
    carried = {
        rating.carried_from_id: rating.pk
        for rating in ratings
        if rating.carried_from_id and rating.stands_for_earlier
    }
    if not carried:
        return {}
    found = (
        Rating.objects.filter(pk__in=carried)
        .select_related("statement__level", "assessment__cycle", "assessment__version")
        .defer("assessment__version__source_bytes")
    )
    return {carried[rating.pk]: rating for rating in found}


def left_behind(assessment: Assessment) -> int:
    """Count the answers of the assessment before whose statements are no longer asked."""
    before = assessment.continues
    if before is None:
        return 0
    asked_now = Statement.objects.filter(version=assessment.version_id).values("competency")
    own = before.ratings.filter(role=Role.SELF, point__isnull=False)
    return own.exclude(statement__competency__in=asked_now).values("statement").distinct().count()


class CycleToAsk(NamedTuple):
    """An open cycle that another version concerns: what could move, and what stays anyway."""

    cycle: Cycle
    drafts: int
    further_on: int


def cycles_to_ask(version: FrameworkVersion) -> list[CycleToAsk]:
    """Give the open cycles to decide on before the version is published: 3 queries."""
    cycles = open_cycles_on_another(version)
    drafts = Counter(
        never_submitted(cycles).exclude(version=version).values_list("cycle", flat=True)
    )
    in_work = Counter(
        Assessment.objects.filter(cycle__in=cycles, state__in=OPEN)
        .exclude(version=version)
        .values_list("cycle", flat=True)
    )
    return [
        CycleToAsk(cycle, drafts[cycle.pk], in_work[cycle.pk] - drafts[cycle.pk])
        for cycle in cycles
    ]


def never_submitted(cycles: Collection[Cycle]) -> QuerySet[Assessment]:
    """Give the drafts of these cycles that their clerks have never handed in."""
    return Assessment.objects.filter(cycle__in=cycles, state=State.DRAFT, round=1).exclude(
        events__kind=workflow.SUBMIT.name
    )


def open_cycles_on_another(version: FrameworkVersion) -> list[Cycle]:
    """Give the framework's open cycles in which work begins on another version than this."""
    cycles = Cycle.objects.filter(
        version__framework=version.framework_id, closed_at=None
    ).select_related("version__framework", "moved_to__framework")
    return [cycle for cycle in cycles.order_by("due_on", "pk") if cycle.starts_on != version]
