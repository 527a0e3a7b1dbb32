"""The page on which a side rates: what it shows to clerk or supervisor."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from accounts.models import User
from accounts.queries import supervisor_of
from assessments.carryover_queries import origins_of
from assessments.models import Assessment, Role
from assessments.queries import LevelRows, level_rows
from assessments.views.carried import brought_over
from assessments.views.rating_row import (
    NO_ATTEMPT,
    NOT_PART_OF,
    Attempt,
    choices,
    own,
    rating_row,
    standing,
)


class Finish(NamedTuple):
    """What follows the last level: the words of its link and the page."""

    words: str
    page: str


PAGES = {Role.SELF: "assessments:assessment_rate", Role.SUPERVISOR: "assessments:assessment_review"}
FINISH = {
    Role.SELF: Finish("Check and submit", "assessments:assessment_submit"),
    Role.SUPERVISOR: Finish("Complete the review", "assessments:review_complete"),
}


class LevelTab(NamedTuple):
    """A level as a tab with its progress."""

    rank: int
    label: str
    rated: int
    total: int
    url: str
    current: bool

    @property
    def complete(self) -> bool:
        return self.rated == self.total


def rating_page(
    assessment: Assessment, role: Role, rank: int, viewer: User, attempt: Attempt = NO_ATTEMPT
) -> dict[str, Any]:
    """Build what a rating page shows of one level: tabs, rows, progress. At most 8 queries.

    Only the viewer's own answers in this role are read. Raises Http404 for an unknown rank.
    """
    levels = level_rows(assessment, roles=[role])
    tabs = level_tabs(assessment, role, rank, viewer, levels)
    place = next((number for number, tab in enumerate(tabs) if tab.current), None)
    if place is None:
        raise Http404
    page = _page(assessment, role, viewer, levels, [levels[place]], attempt)
    return page | {
        "level": levels[place].level,
        "tabs": tabs,
        "tab": tabs[place],
        "next": tabs[place + 1] if place + 1 < len(tabs) else None,
    }


def look_page(
    assessment: Assessment, viewer: User, attempt: Attempt = NO_ATTEMPT
) -> dict[str, Any]:
    """Build the clerk's page of what does not count yet, whatever its level.

    What was posted and not stored stays on it.
    """
    levels = level_rows(assessment, roles=[Role.SELF])
    waiting = [
        LevelRows(
            level.level,
            [
                row
                for row in level.rows
                if standing(own(row, Role.SELF, viewer)) is None
                or row.statement.pk in attempt.problems
            ],
        )
        for level in levels
    ]
    page = _page(assessment, Role.SELF, viewer, levels, waiting, attempt)
    return page | {"tabs": level_tabs(assessment, Role.SELF, None, viewer, levels)}


def _page(
    assessment: Assessment,
    role: Role,
    viewer: User,
    levels: Sequence[LevelRows],
    shown: Sequence[LevelRows],
    attempt: Attempt,
) -> dict[str, Any]:
    """Build what both kinds of page share; `shown` is what of the levels stands on it."""
    scale = assessment.cycle.the_scale
    ratings = [own(row, role, viewer) for level in levels for row in level.rows]
    kept = [rating for rating in ratings if rating is not None]
    given = [rating for rating in kept if standing(rating) is not None]
    origins = origins_of(kept) if role == Role.SELF else {}
    who = who_sees_notes(assessment, role)
    rows = [
        rating_row(
            row.statement, own(row, role, viewer), scale, role, who, attempt, level.level, origins
        )
        for level in shown
        for row in level.rows
    ]
    brought = brought_over(assessment, kept, origins, len(ratings)) if role == Role.SELF else None
    return {
        "assessment": assessment,
        "version": assessment.version,
        "meanings": choices(scale, role, None),
        "rows": rows,
        "unrated": [row for row in rows if not row.saved],
        "problems": [row for row in rows if row.problem],
        "saved_despite": attempt.saved,
        "rated": len(given),
        "total": len(ratings),
        "left": len(ratings) - len(given),
        "brought": brought,
        "copies": sum(rating.needs_confirmation and not rating.carried_from_id for rating in kept),
        "today": timezone.localdate(),
        "last_saved": max((rating.saved_at for rating in given), default=None),
        "save_url": reverse("assessments:rating_save", args=[assessment.pk]),
        "look_url": reverse("assessments:assessment_look", args=[assessment.pk]),
        "who_sees_notes": who,
        "not_part": NOT_PART_OF[role],
        "question": scale.question if role == Role.SELF else scale.question_of_other,
        "finish": FINISH[role].words,
        "finish_url": reverse(FINISH[role].page, args=[assessment.pk]),
    }


def level_tabs(
    assessment: Assessment, role: Role, rank: int | None, viewer: User, levels: list[LevelRows]
) -> list[LevelTab]:
    """Give the levels with how far this person has come in each; the one of `rank` is current."""
    return [
        LevelTab(
            rank=level.level.rank,
            label=level.level.label,
            rated=sum(standing(own(row, role, viewer)) is not None for row in level.rows),
            total=len(level.rows),
            url=reverse(PAGES[role], args=[assessment.pk, level.level.rank]),
            current=level.level.rank == rank,
        )
        for level in levels
    ]


def where_it_was_left(assessment: Assessment, role: Role, viewer: User) -> str:
    """Give the page of the first level that this person has not rated to its end: 3 queries.

    The first level where all are.
    """
    levels = level_rows(assessment, roles=[role])
    tabs = level_tabs(assessment, role, None, viewer, levels)
    return next((tab for tab in tabs if not tab.complete), tabs[0]).url


def who_sees_notes(assessment: Assessment, role: Role) -> str:
    """Say who reads the notes and when; the names are marked for either direction of writing."""
    if role == Role.SUPERVISOR:
        return format_html(
            "<bdi>{}</bdi> sees your answers and notes once you have completed your review.",
            assessment.clerk,
        )
    supervisor = supervisor_of(assessment.clerk)
    if supervisor is None:
        return "Your supervisor sees your answers and notes only after rating you themselves."
    return format_html(
        "<bdi>{}</bdi> sees your answers and notes only after finishing their own.", supervisor
    )
