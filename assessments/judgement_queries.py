"""What the placement rule makes of an assessment, as signing and its pages read it."""

from collections.abc import Mapping
from typing import NamedTuple

from assessments.models import Assessment, Role
from assessments.placement import Outcome, Suggestion
from assessments.queries import LevelRows, level_rows, suggestion_of
from frameworks.models import Level


class Judgement(NamedTuple):
    """The levels with their ratings, what the rule suggests, and by the clerk's own ratings."""

    levels: list[LevelRows]
    suggestion: Suggestion
    by_clerk: Suggestion

    @property
    def suggested(self) -> Level | None:
        place = self.suggestion.suggested
        return None if place is None else self.levels[place].level

    @property
    def sides_differ(self) -> bool:
        """Say whether the clerk's own ratings give another level: that must be justified."""
        return self.suggestion.suggested != self.by_clerk.suggested

    @property
    def has_set_aside(self) -> bool:
        """Say whether a level was set aside: the signer confirms that it was not judged."""
        return any(level.outcome is Outcome.SET_ASIDE for level in self.suggestion.levels)


def judgement_of(assessment: Assessment, settled: Mapping[int, int] | None = None) -> Judgement:
    """Apply the assessment's rule to its present round.

    `settled` gives agreed points by statement where they are not written as ratings yet.
    """
    return judge(assessment, level_rows(assessment), settled)


def judge(
    assessment: Assessment, levels: list[LevelRows], settled: Mapping[int, int] | None = None
) -> Judgement:
    """Apply the assessment's rule to ratings that were read already."""
    scale, rule = assessment.cycle.the_scale, assessment.rule
    return Judgement(
        levels,
        suggestion_of(levels, scale, rule, Role.AGREED, settled),
        suggestion_of(levels, scale, rule, Role.SELF),
    )


def why_justify(judgement: Judgement, *, is_override: bool) -> str:
    """Give the sentence that asks for a justification, empty where none is needed."""
    if is_override:
        return "You place at another level than the suggested one: write why."
    if judgement.sides_differ:
        return (
            f"The clerk's own ratings give another level ({judgement.by_clerk.label}): write why"
            " the suggested one stands."
        )
    if judgement.suggestion.much_left_out:
        return (
            "More than a fifth of this level's statements are not part of the role: write why"
            " the level still holds."
        )
    return ""
