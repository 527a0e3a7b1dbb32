"""A whole level's form: what can be saved is, the rest comes back with its reason."""

from collections.abc import Iterable

from django.http import Http404
from django.urls import reverse

from accounts.views.requests import SignedIn
from assessments import actions
from assessments.forms.rating import level_form
from assessments.models import Assessment, Rating, Role
from assessments.scales import Scale
from assessments.views.rating_page import FINISH, PAGES
from assessments.views.rating_row import Attempt, Problem, label_of

NOT_AN_ANSWER = "This is not an answer of this assessment. Choose one again."


def save_level(request: SignedIn, assessment: Assessment, role: Role, rank: int) -> Attempt:
    """Save a whole level's form; see save_posted. Raises Http404 for an unknown rank."""
    of_level = assessment.version.statements.filter(level__rank=rank).values_list("pk", flat=True)
    if not of_level:
        raise Http404
    return save_posted(request, assessment, role, of_level)


def save_looked_at(request: SignedIn, assessment: Assessment) -> Attempt:
    """Save the statements that were posted, of whatever level; see save_posted."""
    posted = {name.removeprefix("revision-") for name in request.POST}
    every = assessment.version.statements.values_list("pk", flat=True)
    return save_posted(request, assessment, Role.SELF, [pk for pk in every if str(pk) in posted])


def save_posted(
    request: SignedIn, assessment: Assessment, role: Role, statements: Iterable[int]
) -> Attempt:
    """Save what can be stored of these statements' form; the rest comes back with its reason.

    Raises Moved or NotYours, as saving a single answer does.
    """
    forms = {pk: level_form(request.POST, pk) for pk in statements}
    entries = {pk: form.entry for pk, form in forms.items() if form.is_valid()}
    problems = {pk: Problem(NOT_AN_ANSWER) for pk in forms if pk not in entries}
    kept = {pk: _as_typed(request, pk) for pk in problems}
    entries = {pk: entry for pk, entry in entries.items() if _says_something(entry)}
    while entries:
        try:
            actions.save_ratings(
                assessment=assessment, role=role, entries=list(entries.values()), by=request.user
            )
            break
        except actions.RatingRefused as refused:
            problems[refused.statement_id] = Problem(str(refused), refused.field)
            kept[refused.statement_id] = entries.pop(refused.statement_id)
        except actions.Conflict as conflict:
            scale = assessment.cycle.the_scale
            for rating in conflict.ratings:
                entry = entries.pop(rating.statement_id)
                problems[rating.statement_id] = Problem(_both_values(rating, entry, scale))
                kept[rating.statement_id] = entry
    return Attempt(sum(e.point is not None for e in entries.values()), kept, problems)


def _as_typed(request: SignedIn, pk: int) -> actions.Entry:
    note, reference = (request.POST.get(f"{field}-{pk}", "") for field in ("note", "reference"))
    return actions.Entry(pk, None, note, 0, reference)


def saved_in_words(attempt: Attempt, where: str = " of this level") -> str:
    if not attempt.saved:
        return "No answer was chosen, so none was saved. What you wrote is kept."
    return f"Saved: {attempt.saved} {'answer' if attempt.saved == 1 else 'answers'}{where}."


def after_saving(request: SignedIn, assessment: Assessment, role: Role, rank: int) -> str:
    """Give the page that follows a saved level: the same, or with "go on" the next or the last."""
    if "go_on" not in request.POST:
        return reverse(PAGES[role], args=[assessment.pk, rank])
    above = assessment.version.levels.filter(rank__gt=rank).first()
    if above is None:
        return reverse(FINISH[role].page, args=[assessment.pk])
    return reverse(PAGES[role], args=[assessment.pk, above.rank])


def _says_something(entry: actions.Entry) -> bool:
    written = entry.note.strip() or entry.reference.strip()
    return entry.point is not None or bool(written) or entry.revision > 0


def _both_values(rating: Rating, entry: actions.Entry, scale: Scale) -> str:
    theirs, yours = label_of(rating, scale), scale.label(entry.point)
    if entry.point is not None and theirs != yours:
        return (
            f"Changed in another window: “{theirs}” is stored, “{yours}” is chosen below."
            " Save again to keep the one below."
        )
    what, now = "note", rating.note
    if rating.note == entry.note.strip():
        what, now = "reference", rating.reference
    return (
        f"The {what} was changed in another window. It now says “{now}”."
        " Save again to keep the one below."
    )
