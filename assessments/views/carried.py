"""What a clerk is told of answers that were brought over from an earlier assessment."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from assessments.carryover_queries import left_behind, set_aside, was_submitted
from assessments.models import Assessment, Rating
from frameworks.documents import fold
from frameworks.marking import Mark, drawn_apart
from frameworks.models import Level, Statement


class Carried(NamedTuple):
    """Where one answer comes from; what has changed since, where it waits for another look."""

    cycle: str
    version: str
    was_in: str
    marks: tuple[list[Mark], list[Mark]] | None


class BroughtOver(NamedTuple):
    """The answers that were brought over: how many count, wait, and stayed behind.

    `sources` says in how many earlier cycles those were given that still stand as they were.
    """

    before: Assessment
    sources: int
    total: int
    look_again: int
    unrated: int
    stayed: int
    moved_here: bool
    can_undo: bool
    undone: bool

    @property
    def counts(self) -> int:
        return self.total - self.look_again

    @property
    def to_look_at(self) -> int:
        return self.look_again + self.unrated


def brought_over(
    assessment: Assessment, own: Sequence[Rating], origins: Mapping[int, Rating], statements: int
) -> BroughtOver | None:
    """Sum up what was brought over to this draft; None where it continues none: 2 queries.

    A later round begins from the round before alone, so there it is None too. `own` are the
    clerk's ratings, `origins` the earlier answers they stand for, `statements` how many are asked.
    """
    before = assessment.continues
    if before is None or assessment.round > 1:
        return None
    carried = [rating for rating in own if rating.carried_from_id]
    given = sum(rating.point is not None for rating in own)
    return BroughtOver(
        before=before,
        sources=len({origin.assessment.cycle_id for origin in origins.values()}),
        total=len(carried),
        look_again=sum(rating.needs_confirmation for rating in carried),
        unrated=statements - given,
        stayed=left_behind(assessment),
        # Closed and begun again, it is on the same version.
        moved_here=before.cycle_id == assessment.cycle_id
        and before.version_id != assessment.version_id,
        can_undo=bool(carried)
        and all(rating.as_carried for rating in carried)
        and not was_submitted(assessment),
        undone=not carried and bool(set_aside([assessment])),
    )


def carried_row(
    rating: Rating | None, statement: Statement, level: Level, origins: Mapping[int, Rating]
) -> Carried | None:
    """Say of one answer where it comes from; `level` is the statement's level now."""
    found = origins.get(rating.pk) if rating else None
    if rating is None or found is None:
        return None
    waits = rating.needs_confirmation
    reworded = waits and fold(found.statement.text) != fold(statement.text)
    before = found.statement.level
    return Carried(
        cycle=str(found.assessment.cycle),
        version=found.assessment.version.label,
        was_in=before.label if waits and before.key != level.key else "",
        marks=drawn_apart(found.statement.text, statement.text) if reworded else None,
    )
