from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from typing import NamedTuple

from django.db.models import QuerySet

from accounts.models import User
from assessments import workflow
from assessments.carryover import Asked
from assessments.models import Assessment, Cycle, Rating, Role
from assessments.workflow import OPEN, State
from frameworks.changes import Wording
from frameworks.models import FrameworkVersion, Statement


def last_assessment(clerk: User, version: FrameworkVersion) -> Assessment | None:
    """Give the clerk's latest assessment in the framework that holds answers of theirs, or None."""
    own = Rating.objects.filter(role=Role.SELF, assessment__clerk=clerk, point__isnull=False)
    answered = own.values("assessment")
    return (
        Assessment.objects.filter(pk__in=answered, version__framework=version.framework_id)
        .order_by("-pk")
        .first()
    )


def asked_in(version_id: int) -> list[Asked]:
    """Give what a published version asks, in its order: one query."""
    statements = Statement.objects.filter(version=version_id).select_related("level")
    return [asked(statement) for statement in statements.order_by("level__rank", "position")]


def asked(statement: Statement) -> Asked:
    wording = Wording(statement.level.key, statement.position, statement.text)
    return Asked(statement.pk, statement.competency_id or 0, wording)


def own_answers(assessments: Collection[Assessment]) -> dict[int, list[Rating]]:
    """Give the clerks' ratings of each assessment, of the last round they rated in: one query.

    A decided dispute adds a round without any. Statement and level are read with each, and those
    of the rating it was carried from.
    """
    found: dict[int, list[Rating]] = defaultdict(list)
    ratings = Rating.objects.filter(role=Role.SELF, assessment__in=assessments).select_related(
        "statement__level", "carried_from__statement__level"
    )
    for rating in ratings.order_by("-round", "pk"):
        rows = found[rating.assessment_id]
        if not rows or rows[0].round == rating.round:
            rows.append(rating)
    return found


def work_before(continuing: Collection[Assessment]) -> dict[int, list[Assessment]]:
    """Give, by assessment, what it continues: the last one, and what that one was moved from.

    A draft that was moved is one cycle's work in two assessments; the latest comes first.
    """
    found = {each.pk: [each.continues] if each.continues else [] for each in continuing}
    ends = [chain for chain in found.values() if chain]
    while ends:
        wanted = {chain[-1].continues_id for chain in ends if chain[-1].continues_id}
        earlier = Assessment.objects.in_bulk(wanted)
        ends = [
            chain
            for chain in ends
            if (before := earlier.get(chain[-1].continues_id or 0))
            and before.cycle_id == chain[-1].cycle_id
        ]
        for chain in ends:
            chain.append(earlier[chain[-1].continues_id or 0])
    return found


def origin(rating: Rating) -> Rating:
    """Give the rating as the clerk gave it: what was only carried since says nothing new."""
    return rating.carried_from if rating.as_carried and rating.carried_from else rating


def origins_of(ratings: Iterable[Rating]) -> dict[int, Rating]:
    """Give, by rating, the earlier answer that it still stands for: one query, or none.

    With its statement, its cycle and the version it was given under.
    """
    carried = {
        rating.carried_from_id: rating.pk
        for rating in ratings
        if rating.carried_from_id and (rating.as_carried or rating.needs_confirmation)
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
    own = before.ratings.filter(role=Role.SELF, round=before.round, point__isnull=False)
    return own.exclude(statement__competency__in=asked_now).count()


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
