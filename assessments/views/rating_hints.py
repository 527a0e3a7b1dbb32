"""What a side may want to look at once more before it finishes: shown to itself, never stored."""

from collections.abc import Iterable
from typing import NamedTuple

from django.urls import reverse

from accounts.models import User
from assessments.hints import Given, hints
from assessments.models import Assessment, Role
from assessments.queries import LevelRows
from assessments.views.rating_page import PAGES
from assessments.views.rating_row import own, standing


class Noticed(NamedTuple):
    """A hint, and the page on which to look again."""

    sentence: str
    level: str
    url: str


def noticed(
    assessment: Assessment, role: Role, viewer: User, levels: Iterable[LevelRows]
) -> list[Noticed]:
    """Give hints about the viewer's own answers of this round, and nobody else's."""
    scale = assessment.cycle.the_scale
    answers = []
    for level in levels:
        for row in level.rows:
            rating = own(row, role, viewer)
            point = standing(rating)
            if rating is not None and point is not None:
                shows = bool(point) and scale.point(point).demonstrates
                at = None if rating.as_carried else rating.saved_at.timestamp()
                label = level.level.label
                answers.append(Given(level.level.rank, label, point, shows, rating.note, at))
    return [
        Noticed(hint.sentence, hint.level, reverse(PAGES[role], args=[assessment.pk, hint.rank]))
        for hint in hints(answers, assessment.rule.threshold)
    ]
