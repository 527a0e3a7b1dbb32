"""A statement with one person's answer, as a row of a rating page."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from accounts.models import User
from assessments import actions
from assessments.models import Rating, Role
from assessments.scales import Scale
from assessments.views.carried import Carried, carried_row
from frameworks.models import Level, Statement

NOT_PART_OF = {Role.SELF: "Not part of my role", Role.SUPERVISOR: "Not part of the role"}


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
    when: str
    answer: str


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
    level: str
    carried: Carried | None

    @property
    def rated(self) -> bool:
        return self.point is not None


class Attempt(NamedTuple):
    """What came of saving a level: how many choices were stored; what was not, and why."""

    saved: int
    kept: dict[int, actions.Entry]
    problems: dict[int, Problem]


NO_ATTEMPT = Attempt(0, {}, {})


def own(row: Any, role: Role, viewer: User) -> Rating | None:
    """Give the viewer's own rating: what a former supervisor left is not shown to the next."""
    rating: Rating | None = row.by_clerk if role == Role.SELF else row.by_supervisor
    return rating if rating is not None and rating.author_id == viewer.pk else None


def standing(rating: Rating | None) -> int | None:
    """Give the point that counts: a copy from the round before counts once it is answered again."""
    return None if rating is None or rating.needs_confirmation else rating.point


def label_of(rating: Rating, scale: Scale) -> str:
    """Give the stored answer's label, and that it waits where it does not count yet."""
    label = scale.label(rating.point)
    return f"{label}, to be looked at" if rating.needs_confirmation else label


def rating_row(
    statement: Statement,
    rating: Rating | None,
    scale: Scale,
    role: Role,
    who: str,
    attempt: Attempt,
    level: Level,
    origins: Mapping[int, Rating],
) -> RatingRow:
    """Draw a statement with this answer, or with what was posted and could not be stored."""
    stored = standing(rating)
    point, note, reference = stored, "", ""
    if rating is not None:
        note, reference = rating.note, rating.reference
    if kept := attempt.kept.get(statement.pk):
        point = stored if kept.point is None else kept.point
        note, reference = kept.note, kept.reference
    problem = attempt.problems.get(statement.pk, Problem(""))
    carried = carried_row(rating, statement, level, origins)
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
        copied=_copied(rating, scale, role, carried),
        points=choices(scale, role, point),
        role_word=NOT_PART_OF[role],
        who_sees_notes=who,
        problem=problem.sentence,
        problem_field=problem.field,
        level=level.label,
        carried=carried,
    )


def _copied(
    rating: Rating | None, scale: Scale, role: Role, carried: Carried | None
) -> Copied | None:
    if rating is None or rating.point is None or not rating.needs_confirmation:
        return None
    answer = scale.label(rating.point) if rating.point else NOT_PART_OF[role]
    when = carried.cycle if carried else f"Round {rating.round - 1}"
    return Copied(rating.point, when, answer)
