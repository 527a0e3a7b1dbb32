"""Two sides of an assessment side by side, as reconcile and sign-off pages draw them."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from accounts.models import User
from assessments.agreement import agreed_point, distance, distance_in_words
from assessments.judgement_queries import judge
from assessments.models import Assessment, Rating
from assessments.placement import Outcome, Suggestion
from assessments.queries import LevelRows, Row, level_rows
from assessments.reconciliation_queries import Talk, settled_points, talks_of
from assessments.scales import NOT_PART_OF_ROLE, Scale
from frameworks.models import Level, Statement


class Compared(NamedTuple):
    """One statement with both answers, what stands, and what was said between the two."""

    level: Level
    statement: Statement
    by_clerk: Rating
    by_supervisor: Rating
    clerk_says: str
    supervisor_says: str
    agreed_says: str
    apart: int
    apart_in_words: str
    talk: Talk | None


class ComparedLevel(NamedTuple):
    """A level with some of its statements."""

    level: Level
    statements: list[Compared]


class Names(NamedTuple):
    """What the two sides are called on a page: the viewer is "You"."""

    clerk: str
    supervisor: str


def comparison(assessment: Assessment, viewer: User) -> dict[str, Any]:
    """Build what a page shows of both sides' answers, differences widest first.

    The caller has checked that both sides are complete and that the viewer may see both.
    """
    scale = assessment.cycle.the_scale
    talks = talks_of(assessment)
    judgement = judge(assessment, level_rows(assessment), settled_points(talks))
    levels = [
        ComparedLevel(level.level, [_compared(level, r, scale, talks) for r in level.rows])
        for level in judgement.levels
    ]
    every = [compared for level in levels for compared in level.statements]
    return {
        "assessment": assessment,
        "version": assessment.version,
        "scale": scale,
        "names": _names(assessment, every, viewer),
        "levels": levels,
        "every": every,
        "total": len(every),
        "judgement": judgement,
        "suggestion": judgement.suggestion,
        "clerks_own": judgement.by_clerk,
        "set_aside": set_aside_in_words(judgement.suggestion),
        "demonstrating": " or ".join(p.label for p in scale.points if p.demonstrates),
    }


def set_aside_in_words(suggestion: Suggestion) -> str:
    """Say which levels were not judged, or give an empty string."""
    labels = [lv.label for lv in suggestion.levels if lv.outcome is Outcome.SET_ASIDE]
    if not labels:
        return ""
    if len(labels) == 1:
        return f"{labels[0]} was set aside and is not judged"
    return f"{', '.join(labels[:-1])} and {labels[-1]} were set aside and are not judged"


def _compared(level: LevelRows, row: Row, scale: Scale, talks: Mapping[int, Talk]) -> Compared:
    clerk, supervisor = row.by_clerk, row.by_supervisor
    if clerk is None or clerk.point is None or supervisor is None or supervisor.point is None:
        raise ValueError(f"Statement {row.statement.pk} is not rated by both sides.")
    talk = talks.get(row.statement.pk)
    agreed = row.agreed.point if row.agreed else None
    if agreed is None and talk:
        agreed = talk.reconciliation.point
    if agreed is None:  # not written yet: foreseen
        agreed = agreed_point(clerk.point, supervisor.point)
    return Compared(
        level=level.level,
        statement=row.statement,
        by_clerk=clerk,
        by_supervisor=supervisor,
        clerk_says=_says(clerk.point, scale),
        supervisor_says=_says(supervisor.point, scale),
        agreed_says=_says(agreed, scale),
        apart=distance(clerk.point, supervisor.point, scale),
        apart_in_words=distance_in_words(clerk.point, supervisor.point, scale),
        talk=talk,
    )


def _says(point: int, scale: Scale) -> str:
    return "Not in role" if point == NOT_PART_OF_ROLE else scale.label(point)


def _names(assessment: Assessment, every: list[Compared], viewer: User) -> Names:
    clerk = assessment.clerk
    supervisor = every[0].by_supervisor.author if every else None
    return Names(
        clerk="You" if clerk == viewer else _short(clerk),
        supervisor="You" if supervisor == viewer else _short(supervisor),
    )


def _short(person: User | None) -> str:
    if person is None:
        return "Supervisor"
    return person.get_short_name() or str(person)
