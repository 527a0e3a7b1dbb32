"""The page on which a side rates: what it shows to clerk or supervisor, and how it saves."""

from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef
from django.http import Http404, JsonResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from accounts.models import User
from accounts.queries import supervisor_of
from assessments import actions
from assessments.forms.rating import RatingForm, level_form
from assessments.models import Assessment, Rating, Role
from assessments.permissions import is_clerk_of, is_supervisor_of
from assessments.queries import LevelRows, level_rows
from assessments.scales import Scale
from assessments.views.requests import SignedIn
from frameworks.models import Statement

PAGES = {Role.SELF: "assessments:assessment_rate", Role.SUPERVISOR: "assessments:assessment_review"}
NOT_AN_ANSWER = "This is not an answer of this assessment. Choose one again."


class Choice(NamedTuple):
    """A point of the scale as it is drawn in a row."""

    value: int
    label: str
    meaning: str
    checked: bool


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


def role_of(user: User, assessment: Assessment) -> Role | None:
    """Say in which role the person rates this assessment, or None."""
    if is_clerk_of(user, assessment):
        return Role.SELF
    return Role.SUPERVISOR if is_supervisor_of(user, assessment) else None


def rating_page(
    assessment: Assessment, role: Role, rank: int, viewer: User, attempt: Attempt = NO_ATTEMPT
) -> dict[str, Any]:
    """Build what a rating page shows of one level: tabs, rows, progress. 5 queries.

    Only the viewer's own answers in this role are read. Raises Http404 for an unknown rank.
    """
    levels = level_rows(assessment, roles=[role])
    tabs = level_tabs(assessment, role, rank, viewer, levels)
    place = next((number for number, tab in enumerate(tabs) if tab.current), None)
    if place is None:
        raise Http404
    who = who_sees_notes(assessment, role)
    rows = [
        _row(row.statement, own(row, role, viewer), assessment.cycle.the_scale, role, who, attempt)
        for row in levels[place].rows
    ]
    ratings = [own(row, role, viewer) for level in levels for row in level.rows]
    given = [rating for rating in ratings if rating is not None and rating.point is not None]
    return {
        "assessment": assessment,
        "version": assessment.version,
        "scale": assessment.cycle.the_scale,
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
        "last_saved": max((rating.saved_at for rating in given), default=None),
        "save_url": reverse("assessments:rating_save", args=[assessment.pk]),
        "who_sees_notes": who,
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
        points=[Choice(p.value, p.label, p.meaning, p.value == point) for p in scale.points],
        role_word="my" if role == Role.SELF else "the",
        who_sees_notes=who,
        problem=attempt.problems.get(statement.pk, ""),
    )


def save_level(request: SignedIn, assessment: Assessment, role: Role, rank: int) -> Attempt:
    """Save a whole level's form: what can be stored is, the rest comes back with its reason.

    Raises Moved or NotYours, as saving a single answer does.
    """
    forms = {
        pk: level_form(request.POST, pk)
        for pk in assessment.version.statements.filter(level__rank=rank).values_list(
            "pk", flat=True
        )
    }
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


def rating_answer(data: QueryDict, assessment: Assessment, role: Role, by: User) -> JsonResponse:
    """Save one posted answer and say in JSON what is stored now, or why it is not."""
    form = RatingForm(data)
    if not form.is_valid():
        return JsonResponse({"message": NOT_AN_ANSWER}, status=400)
    try:
        rating = actions.save_rating(assessment=assessment, role=role, entry=form.entry, by=by)
    except actions.RatingRefused as refused:
        return JsonResponse({"message": str(refused)}, status=400)
    except actions.Conflict as conflict:
        return JsonResponse(_conflict(conflict, assessment.cycle.the_scale), status=409)
    except actions.Moved as moved:
        return JsonResponse({"message": str(moved), "moved": True}, status=409)
    return JsonResponse(
        {
            "revision": rating.revision,
            "point": rating.point,
            "note": rating.note,
            "saved_at": f"{timezone.localtime(rating.saved_at):%H:%M}",
            "progress": _progress(assessment, role, rating),
        }
    )


def _conflict(conflict: actions.Conflict, scale: Scale) -> dict[str, Any]:
    rating = conflict.ratings[0]
    theirs = {"point": rating.point, "note": rating.note, "label": scale.label(rating.point)}
    return {"message": str(conflict), "revision": rating.revision, "theirs": theirs}


def _progress(assessment: Assessment, role: Role, rating: Rating) -> dict[str, int]:
    rated = assessment.ratings.filter(
        role=role,
        round=assessment.round,
        author=rating.author_id,
        point__isnull=False,
        statement=OuterRef("pk"),
    )
    statements = assessment.version.statements.annotate(is_rated=Exists(rated))
    places = list(statements.order_by().values_list("pk", "level_id", "is_rated"))
    level = next(level for pk, level, _ in places if pk == rating.statement_id)
    done = [level for _, level, is_rated in places if is_rated]
    return {
        "rated": len(done),
        "total": len(places),
        "level_rated": done.count(level),
        "level_total": [place[1] for place in places].count(level),
    }
