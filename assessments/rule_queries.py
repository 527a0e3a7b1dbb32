"""Placement rules, who uses them, and what one of them would have suggested."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Count, OuterRef, QuerySet, Subquery

from assessments.models import Cycle, PlacementRule, Rating, Role, SignOff
from assessments.queries import LevelRows, Row, by_force, suggestion_by
from frameworks.models import FrameworkVersion, Level, Statement, VersionState


class RuleRow(NamedTuple):
    """A rule with the cycles that use it."""

    rule: PlacementRule
    cycles: list[Cycle]


class OfVersion(NamedTuple):
    """Statements of one version by level, as they are worded there."""

    version: FrameworkVersion
    levels: list[tuple[Level, list[Statement]]]


class Foreseen(NamedTuple):
    """A sign-off whose suggested level would have been another; None: not yet placed."""

    sign_off: SignOff
    before: Level | None
    after: Level | None

    @property
    def step(self) -> int:
        """Give by how many levels the suggestion would have been higher."""
        return _rank(self.after) - _rank(self.before)


class Move(NamedTuple):
    """How many were suggested one level and would have been suggested another, or the same."""

    before: Level | None
    after: Level | None
    number: int


class Preview(NamedTuple):
    """What a rule would have suggested for the placements in force."""

    changes: list[Foreseen]
    moves: list[Move]
    total: int

    @property
    def same(self) -> int:
        return self.total - len(self.changes)

    @property
    def higher(self) -> int:
        return sum(row.step > 0 for row in self.changes)

    @property
    def lower(self) -> int:
        return sum(row.step < 0 for row in self.changes)


def rules() -> QuerySet[PlacementRule]:
    """Give every rule by number with `must_haves`, how many statements it names."""
    counted = PlacementRule.objects.annotate(must_haves=Count("must_have"))
    return counted.select_related("added_by").order_by("number")


def rules_with_use() -> list[RuleRow]:
    """Give every rule by number with what uses it: 2 queries."""
    cycles = defaultdict(list)
    for cycle in Cycle.objects.all():
        cycles[cycle.rule_id].append(cycle)
    return [RuleRow(rule, cycles[rule.pk]) for rule in rules()]


def usual_rule() -> PlacementRule | None:
    """Give the rule of the cycle opened last, else rule 1; None while there is no rule."""
    latest = Cycle.objects.select_related("rule").order_by("-opened_at", "-pk").first()
    return latest.rule if latest else PlacementRule.objects.filter(number=1).first()


def must_haves_of(rule: PlacementRule) -> list[OfVersion]:
    """Give the must-have statements in today's wording, by framework and level: 1 query.

    That of the published version, or of the one published last before a framework was retired.
    """
    wordings = (
        Statement.objects.filter(competency__placementrule=rule)
        .exclude(version__state=VersionState.DRAFT)
        .select_related("level", "version__framework")
        .defer("version__source_bytes")
        .order_by("version__published_at", "version_id")
    )
    return _by_version({found.competency_id: found for found in wordings}.values())


def published_statements() -> list[OfVersion]:
    """Give what a rule may name: every statement of the published versions, in 1 query."""
    statements = Statement.objects.filter(version__state=VersionState.PUBLISHED)
    return _by_version(
        statements.select_related("level", "version__framework").defer("version__source_bytes")
    )


def _by_version(statements: Iterable[Statement]) -> list[OfVersion]:
    """Group statements by version, by the framework's title, and by level."""
    levels: dict[int, dict[int, tuple[Level, list[Statement]]]] = defaultdict(dict)
    versions: dict[int, FrameworkVersion] = {}
    for found in sorted(statements, key=lambda s: (s.level.rank, s.position)):
        versions[found.version_id] = found.version
        of_level = levels[found.version_id].setdefault(found.level_id, (found.level, []))
        of_level[1].append(found)
    in_order = sorted(versions.values(), key=lambda version: version.framework.title)
    return [OfVersion(version, list(levels[version.pk].values())) for version in in_order]


def foresee(rule: PlacementRule) -> Preview:
    """Say what the rule would have suggested for the placements in force: 5 queries.

    It reads the agreed ratings of the round that was signed; nothing is changed.
    """
    in_force = _in_force()
    sign_offs = list(
        in_force.select_related(
            "clerk__team", "level", "suggested_level", "assessment__cycle"
        ).order_by("clerk__last_name", "clerk__first_name", "pk")
    )
    must_have = set(rule.must_have.values_list("pk", flat=True))
    rows_of = _Rows(in_force)
    foreseen = []
    for sign_off in sign_offs:
        levels = rows_of.levels(sign_off)
        scale = sign_off.assessment.cycle.the_scale
        found = suggestion_by(levels, scale, Role.AGREED, rule.threshold, must_have)
        after = None if found.suggested is None else levels[found.suggested].level
        foreseen.append(Foreseen(sign_off, sign_off.suggested_level, after))
    changes = [row for row in foreseen if row.before != row.after]
    return Preview(changes, _moves(foreseen), len(foreseen))


def _in_force() -> QuerySet[SignOff]:
    """Give the latest sealed sign-off of every clerk; none where that was revoked."""
    sealed = SignOff.objects.filter(record__isnull=False)
    latest = by_force(sealed.filter(clerk=OuterRef("clerk")))
    return sealed.filter(pk=Subquery(latest.values("pk")[:1]), revocation=None)


class _Rows:
    """The levels, statements and agreed ratings of many sign-offs, read in 3 queries."""

    def __init__(self, in_force: QuerySet[SignOff]) -> None:
        versions = in_force.order_by().values("assessment__version")
        self._levels: dict[int, list[Level]] = defaultdict(list)
        for level in Level.objects.filter(version__in=versions):
            self._levels[level.version_id].append(level)
        self._statements: dict[int, list[Statement]] = defaultdict(list)
        for statement in Statement.objects.filter(version__in=versions).defer(
            "text", "topic", "behaviour"
        ):
            self._statements[statement.level_id].append(statement)
        agreed = Rating.objects.filter(
            role=Role.AGREED, assessment__in=in_force.order_by().values("assessment")
        ).only("assessment", "round", "statement", "point")
        self._agreed = {(r.assessment_id, r.round, r.statement_id): r for r in agreed}

    def levels(self, sign_off: SignOff) -> list[LevelRows]:
        """Give the statements with what was agreed on in the round that was signed."""
        place = sign_off.assessment_id, sign_off.round
        return [
            LevelRows(
                level,
                [
                    Row(statement, None, None, self._agreed.get((*place, statement.pk)))
                    for statement in self._statements[level.pk]
                ],
            )
            for level in self._levels[sign_off.assessment.version_id]
        ]


def _moves(foreseen: list[Foreseen]) -> list[Move]:
    """Count from which level to which, the highest first."""
    counts = Counter((row.before, row.after) for row in foreseen)
    moves = [Move(before, after, number) for (before, after), number in counts.items()]
    return sorted(moves, key=lambda m: (-_rank(m.before), _rank(m.after)))


def _rank(level: Level | None) -> int:
    return level.rank if level else 0
