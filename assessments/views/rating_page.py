"""The page on which a side rates: what it shows to clerk or supervisor, and how it saves."""

from typing import Any, NamedTuple

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from accounts.models import User
from accounts.queries import supervisor_of
from accounts.views.requests import SignedIn
from assessments import actions
from assessments.forms.rating import level_form
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
NOT_AN_ANSWER = "This is not an answer of this assessment. Choose one again."


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


class RatingRow(NamedTuple):
    """A statement with one person's answer, as templates/parts/_rating_row.html draws it."""

    id: int
    number: int
    topic: str
    behaviour: str
    text: str
    point: int | None
    note: str
    revision: int
    saved: bool
    needs_confirmation: bool
    points: list[Choice]
    role_word: str
    who_sees_notes: str
    problem: str

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
    """What came of saving a level: how many answers were stored; the others, and why not."""

    saved: int
    kept: dict[int, actions.Entry]
    problems: dict[int, str]


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
    given = [rating for rating in ratings if rating is not None and rating.point is not None]
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
        "copies": sum(rating.needs_confirmation for rating in given),
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
            rated=sum(
                1
                for row in level.rows
                if (rating := own(row, role, viewer)) and rating.point is not None
            ),
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
    point, note = (rating.point, rating.note) if rating else (None, "")
    saved = point is not None and statement.pk not in attempt.problems
    if kept := attempt.kept.get(statement.pk):
        point, note = kept.point, kept.note
    return RatingRow(
        id=statement.pk,
        number=statement.position,
        topic=statement.topic,
        behaviour=statement.behaviour,
        text=statement.text,
        point=point,
        note=note,
        revision=rating.revision if rating else 0,
        saved=saved,
        needs_confirmation=bool(rating and rating.needs_confirmation),
        points=choices(scale, role, point),
        role_word=NOT_PART_OF[role],
        who_sees_notes=who,
        problem=attempt.problems.get(statement.pk, ""),
    )


def save_level(request: SignedIn, assessment: Assessment, role: Role, rank: int) -> Attempt:
    """Save a whole level's form: what can be stored is, the rest comes back with its reason.

    Raises Http404 for an unknown rank; Moved or NotYours, as saving a single answer does.
    """
    forms = {
        pk: level_form(request.POST, pk)
        for pk in assessment.version.statements.filter(level__rank=rank).values_list(
            "pk", flat=True
        )
    }
    if not forms:
        raise Http404
    entries = {pk: form.entry for pk, form in forms.items() if form.is_valid()}
    problems = {pk: NOT_AN_ANSWER for pk in forms if pk not in entries}
    kept = {pk: actions.Entry(pk, None, request.POST.get(f"note-{pk}", ""), 0) for pk in problems}
    entries = {pk: entry for pk, entry in entries.items() if _says_something(entry)}
    while entries:
        try:
            actions.save_ratings(
                assessment=assessment, role=role, entries=list(entries.values()), by=request.user
            )
            break
        except actions.RatingRefused as refused:
            problems[refused.statement_id] = str(refused)
            kept[refused.statement_id] = entries.pop(refused.statement_id)
        except actions.Conflict as conflict:
            scale = assessment.cycle.the_scale
            for rating in conflict.ratings:
                entry = entries.pop(rating.statement_id)
                problems[rating.statement_id] = _both_values(rating, entry, scale)
                kept[rating.statement_id] = entry
    return Attempt(len(entries), kept, problems)


def saved_in_words(attempt: Attempt) -> str:
    if not attempt.saved:
        return "Nothing was chosen yet, so nothing was saved."
    return f"Saved: {attempt.saved} {'answer' if attempt.saved == 1 else 'answers'} of this level."


def after_saving(request: SignedIn, assessment: Assessment, role: Role, rank: int) -> str:
    """Give the page that follows a saved level: the same, or with "go on" the next or the last."""
    if "go_on" not in request.POST:
        return reverse(PAGES[role], args=[assessment.pk, rank])
    above = assessment.version.levels.filter(rank__gt=rank).first()
    if above is None:
        return reverse(FINISH[role].page, args=[assessment.pk])
    return reverse(PAGES[role], args=[assessment.pk, above.rank])


def _says_something(entry: actions.Entry) -> bool:
    return entry.point is not None or bool(entry.note.strip()) or entry.revision > 0


def _both_values(rating: Rating, entry: actions.Entry, scale: Scale) -> str:
    theirs, yours = scale.label(rating.point), scale.label(entry.point)
    if theirs == yours:
        return (
            f"The note was changed in another window. It now says “{rating.note}”."
            " Save again to keep the one below."
        )
    return (
        f"Changed in another window: “{theirs}” is stored, “{yours}” is chosen below."
        " Save again to keep the one below."
    )
