from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from accounts.queries import is_supervisor
from accounts.views.requests import SignedIn
from assessments import actions, permissions, queries, workflow
from assessments.models import Assessment, Role
from assessments.review_queries import other_rater, other_review
from assessments.views.rating_hints import noticed
from assessments.views.rating_level import after_saving, save_level, saved_in_words
from assessments.views.rating_page import level_tabs, rating_page, where_it_was_left
from assessments.views.rating_row import NO_ATTEMPT
from assessments.views.waiting import waiting_work, who_is_next
from assessments.workflow import State

# Where a supervisor goes on from each state, and why not here.
GO_ON = {
    State.DRAFT: (
        "review_queue",
        "<bdi>{}</bdi> is rating now, so nothing of yours can be changed. What you have written is"
        " kept, and you go on when it is submitted again.",
    ),
    State.SUBMITTED: (
        "assessment_review_on",
        "<bdi>{}</bdi> has submitted. Complete your own review first.",
    ),
    State.REVIEWED: ("assessment_reconcile", "Both you and <bdi>{}</bdi> have rated. Compare now."),
    State.RECONCILED: ("assessment_sign_off", "<bdi>{}</bdi> is ready to be signed off."),
    State.SIGNED_OFF: ("assessment_detail", "<bdi>{}</bdi> has been signed off."),
    State.CLOSED: ("assessment_detail", "The assessment of <bdi>{}</bdi> has been closed."),
}


def supervised(request: SignedIn, pk: int) -> Assessment:
    """Find the assessment and check that it is this supervisor's to rate and sign."""
    assessment = get_object_or_404(queries.visible_to(request.user), pk=pk)
    if not permissions.is_supervisor_of(request.user, assessment):
        raise PermissionDenied
    return assessment


def go_on(request: SignedIn, assessment: Assessment) -> HttpResponse:
    """Say what state the assessment is in and lead to the page where it goes on."""
    name, sentence = GO_ON[State(assessment.state)]
    messages.info(request, format_html(sentence, assessment.clerk))
    args = [] if name == "review_queue" else [assessment.pk]
    return redirect(f"assessments:{name}", *args)


def review_queue(request: SignedIn) -> HttpResponse:
    if not is_supervisor(request.user):
        raise PermissionDenied
    return render(request, "assessments/review_queue.html", waiting_work(request.user))


def assessment_review(request: SignedIn, pk: int, rank: int) -> HttpResponse:
    assessment = supervised(request, pk)
    if assessment.state not in workflow.RATE_CLERK.from_states:
        return go_on(request, assessment)
    if other := other_review(assessment, request.user):
        context = {"assessment": assessment, "version": assessment.version, "other": other}
        status = 409 if request.method == "POST" else 200
        return render(request, "assessments/review_take_over.html", context, status=status)

    attempt = NO_ATTEMPT
    if request.method == "POST":
        try:
            attempt = save_level(request, assessment, Role.SUPERVISOR, rank)
        except actions.WorkflowError:
            return go_on(request, assessment)
        if not attempt.problems:
            messages.success(request, saved_in_words(attempt))
            return redirect(after_saving(request, assessment, Role.SUPERVISOR, rank))
    page = rating_page(assessment, Role.SUPERVISOR, rank, request.user, attempt)
    status = 422 if attempt.problems else 200
    return render(request, "assessments/assessment_review.html", page, status=status)


def assessment_review_on(request: SignedIn, pk: int) -> HttpResponse:
    assessment = supervised(request, pk)
    return redirect(where_it_was_left(assessment, Role.SUPERVISOR, request.user))


@require_POST
def review_take_over(request: SignedIn, pk: int) -> HttpResponse:
    assessment = supervised(request, pk)
    try:
        actions.take_over_review(assessment=assessment, by=request.user)
    except actions.WorkflowError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "You rate now, from a blank page.")
    return redirect("assessments:assessment_review", pk, 1)


def review_complete(request: SignedIn, pk: int) -> HttpResponse:
    assessment = supervised(request, pk)
    if assessment.state not in workflow.COMPLETE_REVIEW.from_states:
        return go_on(request, assessment)
    if other_rater(assessment, request.user):
        return redirect("assessments:assessment_review", pk, 1)

    if request.method == "POST":
        try:
            actions.complete_review(assessment=assessment, by=request.user)
        except actions.WorkflowError as error:
            messages.error(request, f"Not completed: {error}")
            return redirect("assessments:review_complete", pk)
        sentence = "Review complete. Both sides see each other's ratings now. {}"
        following = who_is_next(request.user, after=assessment.clerk)
        messages.success(request, format_html(sentence, following))
        return redirect("assessments:assessment_reconcile", pk)
    return render(request, "assessments/review_complete.html", _completion(request, assessment))


def _completion(request: SignedIn, assessment: Assessment) -> dict[str, object]:
    levels = queries.level_rows(assessment, roles=[Role.SUPERVISOR])
    tabs = level_tabs(assessment, Role.SUPERVISOR, None, request.user, levels)
    missing = queries.unrated_places(assessment, Role.SUPERVISOR, author=request.user)
    by_level = [
        (tab, [statement for level, statement in missing if level.rank == tab.rank]) for tab in tabs
    ]
    return {
        "assessment": assessment,
        "version": assessment.version,
        "tabs": tabs,
        "missing": [(tab, statements) for tab, statements in by_level if statements],
        "missing_count": len(missing),
        "total": sum(tab.total for tab in tabs),
        "hints": [] if missing else noticed(assessment, Role.SUPERVISOR, request.user, levels),
    }
