from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.db.models import OuterRef, Q, QuerySet, Subquery

from accounts.models import User
from accounts.permissions import is_auditor
from accounts.queries import clerk_ids_of, read_firm, teams_under
from assessments.agreement import agreed_point
from assessments.models import Assessment, Cycle, Dispute, PlacementRule, Rating, Role, SignOff
from assessments.placement import Answer, LevelAnswers, Suggestion, suggest
from assessments.scales import NOT_PART_OF_ROLE, Scale
from assessments.workflow import State
from frameworks.models import Level, Statement


class Row(NamedTuple):
    """A statement with the ratings that were asked for; the others are None."""

    statement: Statement
    by_clerk: Rating | None
    by_supervisor: Rating | None
    agreed: Rating | None


class LevelRows(NamedTuple):
    """A level with its statements in order."""

    level: Level
    rows: list[Row]


def visible_to(user: User) -> QuerySet[Assessment]:
    """Give the assessments this person may know of.

    Their own, those below them in the tree, of clerks for whose supervisor they act today, with
    a dispute that they were named to decide; auditors all. What of the ratings they may see is
    decided by `permissions`.
    """
    assessments = Assessment.objects.select_related(
        "clerk__team", "cycle", "version__framework", "rule"
    ).defer("version__source_bytes")
    if is_auditor(user):
        return assessments
    firm = read_firm()
    known = Q(clerk=user) | Q(clerk__team_id__in=teams_under(user, firm.nodes))
    if firm.givers_of(user):
        known |= Q(clerk_id__in=clerk_ids_of(user, firm))
    named = Dispute.objects.filter(named_decider=user).values("sign_off__assessment")
    return assessments.filter(known | Q(pk__in=named))


def open_cycles_for(clerk: User) -> QuerySet[Cycle]:
    """Give the cycles that are open for the clerk's team, the one due first before the others."""
    return Cycle.objects.filter(teams=clerk.team_id, closed_at=None).order_by("due_on", "pk")


def level_rows(
    assessment: Assessment,
    roles: Iterable[Role] = (Role.SELF, Role.SUPERVISOR, Role.AGREED),
    round_number: int | None = None,
) -> list[LevelRows]:
    """Read the statements of the assessment's version with the ratings of one round: 3 queries.

    Ratings of roles that were not named are not read at all: blindness begins here. Once it is
    signed off each side's latest stand: a decided dispute rates only some statements again.
    """
    number = assessment.round if round_number is None else round_number
    wanted = assessment.ratings.filter(role__in=list(roles)).select_related("author")
    if round_number is None and assessment.state == State.SIGNED_OFF:
        wanted = wanted.filter(round__lte=number).order_by("round")
    else:
        wanted = wanted.filter(round=number)
    ratings = {(rating.statement_id, rating.role): rating for rating in wanted}
    levels = [LevelRows(level, []) for level in assessment.version.levels.all()]
    place = {level.level.pk: level for level in levels}
    for statement in assessment.version.statements.order_by("level__rank", "position"):
        place[statement.level_id].rows.append(
            Row(
                statement,
                ratings.get((statement.pk, Role.SELF)),
                ratings.get((statement.pk, Role.SUPERVISOR)),
                ratings.get((statement.pk, Role.AGREED)),
            )
        )
    return levels


def unrated_places(
    assessment: Assessment, role: Role, author: User | None = None
) -> list[tuple[Level, Statement]]:
    """Give level and statement of what this side has not rated in the present round.

    A copy from the round before counts once its author has answered it again.
    """
    rated = assessment.ratings.filter(
        role=role, round=assessment.round, point__isnull=False, needs_confirmation=False
    )
    if author is not None:
        rated = rated.filter(author=author)
    missing = (
        assessment.version.statements.exclude(pk__in=rated.values("statement"))
        .select_related("level")
        .order_by("level__rank", "position")
    )
    return [(statement.level, statement) for statement in missing]


def suggestion_of(
    levels: Iterable[LevelRows],
    scale: Scale,
    rule: PlacementRule,
    role: Role,
    settled: Mapping[int, int] | None = None,
) -> Suggestion:
    """Apply the rule to one role's ratings; agreed ones that are not written yet are foreseen.

    `settled` gives the points, by statement, on which both sides have agreed meanwhile.
    """
    must_have = set(rule.must_have.values_list("pk", flat=True))
    return suggestion_by(levels, scale, role, rule.threshold, must_have, settled)


def suggestion_by(
    levels: Iterable[LevelRows],
    scale: Scale,
    role: Role,
    threshold: int,
    must_have: Iterable[int],
    settled: Mapping[int, int] | None = None,
) -> Suggestion:
    """Do as `suggestion_of` by a rule that is read already; `must_have` are competencies."""
    settled = settled or {}
    answers = [
        LevelAnswers(
            level.level.label,
            tuple(
                answer_of(
                    row.statement.competency_id,
                    settled.get(row.statement.pk, _point(row, role)),
                    scale,
                )
                for row in level.rows
            ),
        )
        for level in levels
    ]
    return suggest(answers, threshold, {str(pk) for pk in must_have})


def _point(row: Row, role: Role) -> int | None:
    if role == Role.SELF:
        return row.by_clerk.point if row.by_clerk else None
    if role == Role.SUPERVISOR:
        return row.by_supervisor.point if row.by_supervisor else None
    if row.agreed is not None:
        return row.agreed.point
    if row.by_clerk is None or row.by_supervisor is None:
        return None
    if row.by_clerk.point is None or row.by_supervisor.point is None:
        return None
    return agreed_point(row.by_clerk.point, row.by_supervisor.point)


def answer_of(competency: int | None, point: int | None, scale: Scale) -> Answer:
    """Give an answer as the placement rule reads it; must-haves are named by competency."""
    counted = point is not None and point != NOT_PART_OF_ROLE
    return Answer(
        key=str(competency),
        counted=counted,
        demonstrates=counted and scale.point(point).demonstrates,  # type: ignore[arg-type]  # counted means it is not None
    )


def by_force(found: QuerySet[SignOff]) -> QuerySet[SignOff]:
    """Order sealed sign-offs so that of each clerk the one in force comes first.

    The latest sealed assessment counts, and of it the latest round: a dispute that is decided
    late changes the placement it was about, not one that was signed since.
    """
    sealed = SignOff.objects.filter(assessment=OuterRef("assessment"), record__isnull=False)
    since = sealed.order_by("record").values("record")[:1]
    return found.annotate(since=Subquery(since)).order_by("-since", "-round")


def latest_placement(clerk: User) -> SignOff | None:
    """Give the clerk's sign-off that is in force or, where that was revoked, was the last one."""
    return (
        by_force(SignOff.objects.filter(clerk=clerk, record__isnull=False))
        .select_related("level", "signed_by", "assessment__version__framework", "record", "dispute")
        .select_related("revocation__by", "supersedes__level", "acknowledgement")
        .first()
    )


def placement_in_force(clerk: User) -> SignOff | None:
    """Give the clerk's sign-off that is in force, or None.

    Where it was revoked, what was signed before it does not come back.
    """
    found = latest_placement(clerk)
    return None if found is None or hasattr(found, "revocation") else found


def waiting_sign_offs() -> QuerySet[SignOff]:
    """Give the sign-offs that wait for a second signature."""
    return SignOff.objects.filter(record=None, declined_at=None, voided_at=None)


def waiting_sign_off(assessment: Assessment) -> SignOff | None:
    """Give the sign-off of this assessment that waits for a second signature."""
    waiting = waiting_sign_offs().filter(assessment=assessment)
    return waiting.select_related("level", "suggested_level", "signed_by").first()


def sign_offs() -> QuerySet[SignOff]:
    """Give every sealed sign-off, newest first, with what a list shows of it."""
    return (
        SignOff.objects.filter(record__isnull=False)
        .select_related(
            "clerk__team",
            "level",
            "suggested_level",
            "signed_by",
            "second_signed_by",
            "assessment__cycle",
            "assessment__version",
            "dispute",
            "revocation__by",
        )
        .defer("assessment__version__source_bytes")
    )


class CycleCounts(NamedTuple):
    """How far the people of a cycle have come; nothing here tells anybody's answers."""

    people: int
    by_state: dict[str, int]

    @property
    def not_started(self) -> int:
        return self.people - sum(self.by_state.values())


def people_of(cycle: Cycle) -> QuerySet[User]:
    """Give the active members of the cycle's teams."""
    return User.objects.filter(team__cycles=cycle, is_active=True).select_related("team")
