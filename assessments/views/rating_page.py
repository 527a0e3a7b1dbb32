"""The page on which a side rates: what it shows to clerk or supervisor."""

from typing import Any, NamedTuple

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from accounts.models import User
from accounts.queries import supervisor_of
from assessments import actions
from assessments.models import Assessment, Rating, Role
from assessments.queries import LevelRows, level_rows
from assessments.scales import Scale
from frameworks.models import Statement


class Finish(NamedTuple):
    """What follows the last level: the words of its link and the page."""

    words: str
    page: str


PAGES = {Role.SELF: "assessments:assessment_rate", Role.SUPERVISOR: "assessments:assessment_review"}
NOT_PART_OF = {Role.SELF: "Not part of my role", Role.SUPERVISOR: "Not part of the role"}
FINISH = {
    Role.SELF: Finish("Check and submit", "assessments:assessment_submit"),
    Role.SUPERVISOR: Finish("Complete the review", "assessments:review_complete"),
}


class Choice(NamedTuple):
    """A point of the scale as it is drawn in a row."""

    value: int
    label: str
    meaning: str
    checked: bool


def choices(scale: Scale, role: Role, point: int | None) -> list[Choice]:
    """Give the scale's points with their meaning as this role says it."""
    return [
        Choice(
            p.value,
            p.label,
            p.meaning if role == Role.SELF else p.meaning_of_other,
            p.value == point,
        )
        for p in scale.points
    ]


class Copied(NamedTuple):
    """The answer of the round before, for its author to keep or to change."""

    value: int
    words: str


class Problem(NamedTuple):
    """Why an answer was not stored; `field` names the note or the reference where it is theirs."""

    sentence: str
    field: str = ""


class RatingRow(NamedTuple):
    """A statement with one person's answer, as templates/parts/_rating_row.html draws it."""

    id: int
    number: int
    topic: str
    behaviour: str
    text: str
    point: int | None
    note: str
    reference: str
    revision: int
    saved: bool
    copied: Copied | None
    points: list[Choice]
    role_word: str
    who_sees_notes: str
    problem: str
    problem_field: str

    @property
    def rated(self) -> bool:
        return self.point is not None


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


class Attempt(NamedTuple):
    """What came of saving a level: how many choices were stored; what was not, and why."""

    saved: int
    kept: dict[int, actions.Entry]
    problems: dict[int, Problem]


NO_ATTEMPT = Attempt(0, {}, {})


def rating_page(
    assessment: Assessment, role: Role, rank: int, viewer: User, attempt: Attempt = NO_ATTEMPT
) -> dict[str, Any]:
    """Build what a rating page shows of one level: tabs, rows, progress. 5 queries.

    Only the viewer's own answers in this role are read. Raises Http404 for an unknown rank.
    """
    scale = assessment.cycle.the_scale
    question = scale.question if role == Role.SELF else scale.question_of_other
    levels = level_rows(assessment, roles=[role])
    tabs = level_tabs(assessment, role, rank, viewer, levels)
    place = next((number for number, tab in enumerate(tabs) if tab.current), None)
    if place is None:
        raise Http404
    who = who_sees_notes(assessment, role)
    rows = [
        _row(row.statement, own(row, role, viewer), scale, role, who, attempt)
        for row in levels[place].rows
    ]
    ratings = [own(row, role, viewer) for level in levels for row in level.rows]
    given = [rating for rating in ratings if rating is not None and standing(rating) is not None]
    return {
        "assessment": assessment,
        "version": assessment.version,
        "meanings": choices(scale, role, None),
        "level": levels[place].level,
        "tabs": tabs,
        "tab": tabs[place],
        "next": tabs[place + 1] if place + 1 < len(tabs) else None,
        "rows": rows,
        "unrated": [row for row in rows if not row.saved],
        "problems": [row for row in rows if row.problem],
        "saved_despite": attempt.saved,
        "rated": len(given),
        "total": len(ratings),
        "copies": sum(rating.needs_confirmation for rating in ratings if rating is not None),
        "today": timezone.localdate(),
        "last_saved": max((rating.saved_at for rating in given), default=None),
        "save_url": reverse("assessments:rating_save", args=[assessment.pk]),
        "who_sees_notes": who,
        "not_part": NOT_PART_OF[role],
        "question": question,
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


def own(row: Any, role: Role, viewer: User) -> Rating | None:
    """Give the viewer's own rating: what a former supervisor left is not shown to the next."""
    rating: Rating | None = row.by_clerk if role == Role.SELF else row.by_supervisor
    return rating if rating is not None and rating.author_id == viewer.pk else None


def standing(rating: Rating | None) -> int | None:
    """Give the point that counts: a copy from the round before counts once it is answered again."""
    return None if rating is None or rating.needs_confirmation else rating.point


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


def _row(
    statement: Statement,
    rating: Rating | None,
    scale: Scale,
    role: Role,
    who: str,
    attempt: Attempt,
) -> RatingRow:
    stored = standing(rating)
    point, note, reference = stored, "", ""
    if rating is not None:
        note, reference = rating.note, rating.reference
    if kept := attempt.kept.get(statement.pk):
        point = stored if kept.point is None else kept.point
        note, reference = kept.note, kept.reference
    problem = attempt.problems.get(statement.pk, Problem(""))
    return RatingRow(
        id=statement.pk,
        number=statement.position,
        topic=statement.topic,
        behaviour=statement.behaviour,
        text=statement.text,
        point=point,
        note=note,
        reference=reference,
        revision=rating.revision if rating else 0,
        saved=stored is not None and not problem.sentence,
        copied=_copied(rating, scale, role),
        points=choices(scale, role, point),
        role_word=NOT_PART_OF[role],
        who_sees_notes=who,
        problem=problem.sentence,
        problem_field=problem.field,
    )


def _copied(rating: Rating | None, scale: Scale, role: Role) -> Copied | None:
    if rating is None or rating.point is None or not rating.needs_confirmation:
        return None
    answer = scale.label(rating.point) if rating.point else NOT_PART_OF[role]
    return Copied(rating.point, f"Round {rating.round - 1}: {answer}")
