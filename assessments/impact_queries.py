"""Whom a new version would touch: counted before it is published."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from django.db.models import Case, Count, OuterRef, QuerySet, Subquery, When

from assessments.carryover import Asked
from assessments.carryover_queries import STANDS_FOR_EARLIER, asked, latest_answers
from assessments.models import Assessment, PlacementRule, Rating, Role, SignOff
from assessments.placement import LevelAnswers, suggest
from assessments.queries import answer_of, by_force
from assessments.workflow import OPEN, State
from frameworks.changes import Change, ChangeKind, Diff, Place
from frameworks.comparison_queries import by_place
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


class Outcome(NamedTuple):
    """How many ratings of a statement there are, and what becomes of them."""

    ratings: int
    become: str


class Impact(NamedTuple):
    """Whom it touches: assessments by state, placements that would be suggested otherwise.

    `ratings` counts, by place in the old version, the clerks' own latest ratings of it, and
    `come_back` says, by place in the new one, what becomes of those given before the old one.
    """

    in_progress: int
    in_review: int
    signed: int
    shifted: list[Shifted]
    ratings: dict[Place, int]
    come_back: dict[Place, Outcome]
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


def impact_of(
    old: FrameworkVersion,
    diff: Diff,
    levels: Sequence[NewLevel],
    back: Mapping[Place, Statement],
) -> Impact:
    """Say whom the change from a published version would touch: 8 queries, nothing is written.

    `levels` are those of the new version, lowest first; its statements need not be stored.
    `back` gives the earlier statement of those that come back, see `coming_back`.
    """
    known = {place: statement.competency_id or 0 for place, statement in by_place(old).items()}
    of_framework = Assessment.objects.filter(version__framework=old.framework_id).order_by()
    states = Counter(dict(of_framework.values_list("state").annotate(Count("pk"))))
    identity = {
        change.new.place: _identity(change, known, back) for change in diff.changes if change.new
    }
    goes_on = {identity[change.new.place]: change.new for change in diff.changes if change.new}
    ratings: Counter[int] = Counter()
    become: Counter[str] = Counter()
    for answered, number in _latest_ratings({*known.values(), *filter(None, goes_on)}):
        ratings[answered.competency] += number
        kind = kind_of(answered.wording, goes_on.get(answered.competency))
        become[BECOMES[kind]] += number
    return Impact(
        in_progress=states[State.DRAFT],
        in_review=sum(states[state] for state in IN_REVIEW),
        signed=states[State.SIGNED_OFF],
        shifted=_shifted(
            old, [_Wanted(place.level, identity[place]) for place in identity], levels
        ),
        ratings={place: ratings[competency] for place, competency in known.items()},
        come_back={
            place: Outcome(
                ratings[earlier.competency_id or 0],
                BECOMES[kind_of(asked(earlier).wording, goes_on[earlier.competency_id])],
            )
            for place, earlier in back.items()
        },
        counts=become["count"],
        look_again=become["look again"],
        stay=become["stay"],
    )


def _identity(
    change: Change, known: Mapping[Place, int], back: Mapping[Place, Statement]
) -> int | None:
    if change.old:
        return known[change.old.place]
    earlier = back.get(change.new.place) if change.new else None
    return earlier.competency_id if earlier else None


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
                **_become(change, impact)._asdict(),
            }
            for change in diff.changes
        ],
    }


def _become(change: Change, impact: Impact) -> Outcome:
    if change.old:
        return Outcome(impact.ratings[change.old.place], BECOMES[change.kind])
    unrated = Outcome(0, BECOMES[change.kind])
    return impact.come_back.get(change.new.place, unrated) if change.new else unrated


def _latest_ratings(competencies: Collection[int]) -> list[tuple[Asked, int]]:
    """Count what active clerks answered last, by the statement they gave the answer to.

    That is what the next assessment brings over, and what its words are compared with.
    """
    latest = latest_answers(competencies).filter(assessment__clerk__is_active=True)
    given = Case(When(STANDS_FOR_EARLIER, then="carried_from__statement"), default="statement")
    counted = dict(
        Rating.objects.filter(pk__in=latest.values("pk"))
        .order_by()
        .annotate(given=given)
        .values_list("given")
        .annotate(Count("pk"))
    )
    statements = Statement.objects.filter(pk__in=counted).select_related("level")
    return [(asked(statement), counted[statement.pk]) for statement in statements]


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
    in_force = sealed.filter(pk=Subquery(latest.values("pk")[:1]), clerk__is_active=True)
    return in_force.filter(revocation=None)


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
