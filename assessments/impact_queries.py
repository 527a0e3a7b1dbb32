"""Whom a new version would touch: counted before it is published."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from django.db.models import Case, Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, When

from assessments.carryover import Asked
from assessments.carryover_queries import asked
from assessments.models import Assessment, PlacementRule, Rating, Role, SignOff
from assessments.placement import LevelAnswers, suggest
from assessments.queries import answer_of, by_force
from assessments.workflow import OPEN, State
from frameworks.changes import ChangeKind, Diff, Place
from frameworks.diffing import kind_of
from frameworks.models import FrameworkVersion, Statement

IN_REVIEW = OPEN - {State.DRAFT}


class NewLevel(NamedTuple):
    """A level as the new version names it."""

    key: str
    label: str


class Shifted(NamedTuple):
    """A placement in force whose ratings would suggest another level by the new wording."""

    sign_off: SignOff
    before: str
    after: str


class Impact(NamedTuple):
    """Whom it touches: assessments by state, placements that would be suggested otherwise.

    `ratings` counts, by place in the old version, the clerks' own latest ratings of it.
    """

    in_progress: int
    in_review: int
    signed: int
    shifted: list[Shifted]
    ratings: dict[Place, int]
    counts: int
    look_again: int
    stay: int

    @property
    def carry(self) -> int:
        return self.counts + self.look_again

    @property
    def ratings_in_all(self) -> int:
        return self.carry + self.stay


class _Wanted(NamedTuple):
    """A statement of the new version: its level, and the competency it goes on with, if any."""

    level: str
    competency: int | None


def impact_of(old: FrameworkVersion, diff: Diff, levels: Sequence[NewLevel]) -> Impact:
    """Say whom the change from a published version would touch: 9 queries, nothing is written.

    `levels` are those of the new version, lowest first; its statements need not be stored.
    """
    known = {
        Place(key, position): competency
        for key, position, competency in old.statements.order_by().values_list(
            "level__key", "position", "competency"
        )
    }
    of_framework = Assessment.objects.filter(version__framework=old.framework_id).order_by()
    states = Counter(dict(of_framework.values_list("state").annotate(Count("pk"))))
    rated = _latest_ratings(old)
    goes_on = {known[change.old.place]: change.new for change in diff.changes if change.old}
    ratings: Counter[int] = Counter()
    become: Counter[str] = Counter()
    for answered, number in rated:
        if answered.competency in goes_on:
            ratings[answered.competency] += number
            kind = kind_of(answered.wording, goes_on[answered.competency])
            become[BECOMES[kind]] += number
    return Impact(
        in_progress=states[State.DRAFT],
        in_review=sum(states[state] for state in IN_REVIEW),
        signed=states[State.SIGNED_OFF],
        shifted=_shifted(old, _wanted(diff, known), levels),
        ratings={place: ratings[competency] for place, competency in known.items()},
        counts=become["count"],
        look_again=become["look again"],
        stay=become["stay"],
    )


# What becomes of the ratings of a statement, by what became of its wording.
BECOMES = {
    ChangeKind.UNCHANGED: "count",
    ChangeKind.MINOR: "count",
    ChangeKind.REWORDED: "look again",
    ChangeKind.MOVED: "look again",
    ChangeKind.RETIRED: "stay",
    ChangeKind.NEW: "unrated",
}


def impact_as_data(impact: Impact, diff: Diff) -> dict[str, Any]:
    """Give the impact as JSON can hold it: counts, the placements by name, each statement once."""
    return {
        "in_progress": impact.in_progress,
        "in_review": impact.in_review,
        "signed": impact.signed,
        "suggested_level_would_change": [
            {
                "clerk": str(shifted.sign_off.clerk),
                "employee_number": shifted.sign_off.clerk.employee_number,
                "from": shifted.before,
                "to": shifted.after,
            }
            for shifted in impact.shifted
        ],
        "ratings": {
            "count": impact.counts,
            "look again": impact.look_again,
            "stay": impact.stay,
        },
        "statements": [
            {
                "old": change.old.place._asdict() if change.old else None,
                "new": change.new.place._asdict() if change.new else None,
                "ratings": impact.ratings[change.old.place] if change.old else 0,
                "become": BECOMES[change.kind],
            }
            for change in diff.changes
        ],
    }


def _latest_ratings(old: FrameworkVersion) -> list[tuple[Asked, int]]:
    """Count what the clerks answered last, by the statement they gave the answer to.

    That is what the next assessment continues, and what its words are compared with.
    """
    # In steps, with what was found as plain numbers: as one query a planner that misjudges the
    # tables (all rows new since it last counted them) repeats the inner part for every rating.
    own = Rating.objects.filter(role=Role.SELF, point__isnull=False)
    answered = own.filter(assessment=OuterRef("pk"))
    last = (
        Assessment.objects.filter(Exists(answered), clerk__is_active=True)
        .filter(version__framework=old.framework_id)
        .order_by()
        .values("clerk")
        .annotate(last=Max("pk"))
    )
    rounds: dict[int, list[int]] = defaultdict(list)
    rated_in = own.filter(assessment__in=[found["last"] for found in last]).order_by()
    for found in rated_in.values("assessment").annotate(last_round=Max("round")):
        rounds[found["last_round"]].append(found["assessment"])
    of_last_round = Q(pk__in=[])
    for number, assessments in rounds.items():
        of_last_round |= Q(round=number, assessment__in=assessments)
    latest = own.filter(of_last_round)
    untouched = When(carried_from__isnull=False, revision=1, then=F("carried_from__statement"))
    given = latest.annotate(given=Case(untouched, default=F("statement"))).order_by()
    counted = dict(given.values_list("given").annotate(Count("pk")))
    statements = Statement.objects.filter(pk__in=counted).select_related("level")
    return [(asked(statement), counted[statement.pk]) for statement in statements]


def _wanted(diff: Diff, known: Mapping[Place, int | None]) -> list[_Wanted]:
    return [
        _Wanted(change.new.level, known[change.old.place] if change.old else None)
        for change in diff.changes
        if change.new
    ]


def _shifted(
    old: FrameworkVersion, wanted: Sequence[_Wanted], levels: Sequence[NewLevel]
) -> list[Shifted]:
    """Apply each placement's own rule to what was agreed, as the new version would ask it."""
    sign_offs = list(
        _in_force(old)
        .select_related("clerk", "suggested_level", "rule", "assessment__cycle")
        .order_by("clerk__last_name", "clerk__first_name", "pk")
    )
    agreed = _agreed(old)
    must_haves = _must_haves({sign_off.rule_id for sign_off in sign_offs})
    shifted = []
    for sign_off in sign_offs:
        points = agreed[sign_off.assessment_id, sign_off.round]
        scale = sign_off.assessment.cycle.the_scale
        answers = [
            LevelAnswers(
                level.label,
                tuple(
                    answer_of(one.competency, points.get(one.competency), scale)
                    for one in wanted
                    if one.level == level.key
                ),
            )
            for level in levels
        ]
        found = suggest(answers, sign_off.rule.threshold, must_haves[sign_off.rule_id])
        before = sign_off.suggested_level
        after = None if found.suggested is None else levels[found.suggested]
        if (before and before.key) != (after and after.key):
            label = before.label if before else "Not yet placed"
            shifted.append(Shifted(sign_off, label, found.label))
    return shifted


def _in_force(old: FrameworkVersion) -> QuerySet[SignOff]:
    """Give the sealed sign-off in force of everybody who is active, in this framework."""
    sealed = SignOff.objects.filter(
        record__isnull=False, assessment__version__framework=old.framework_id
    )
    latest = by_force(sealed.filter(clerk=OuterRef("clerk")))
    return sealed.filter(pk=Subquery(latest.values("pk")[:1]), clerk__is_active=True)


def _agreed(old: FrameworkVersion) -> dict[tuple[int, int], dict[int | None, int | None]]:
    """Give what was agreed, by competency, of each assessment and round behind a placement."""
    found: dict[tuple[int, int], dict[int | None, int | None]] = defaultdict(dict)
    ratings = Rating.objects.filter(
        role=Role.AGREED, assessment__in=_in_force(old).order_by().values("assessment")
    )
    for assessment, number, competency, point in ratings.values_list(
        "assessment", "round", "statement__competency", "point"
    ):
        found[assessment, number][competency] = point
    return found


def _must_haves(rules: Collection[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    named = PlacementRule.must_have.through.objects.filter(placementrule__in=rules)
    for rule, competency in named.values_list("placementrule", "competency"):
        found[rule].add(str(competency))
    return found
