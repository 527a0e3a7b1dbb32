from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from accounts.views.requests import SignedIn
from assessments import actions, workflow
from assessments.forms.clerk import SubmitForm
from assessments.models import Assessment, Cycle, Role
from assessments.permissions import is_clerk_of
from assessments.queries import visible_to
from assessments.views.clerk_page import list_page, now_in_words, returned_because, submit_page
from assessments.views.detail_page import detail_page
from assessments.views.rating_answer import rating_answer, role_of
from assessments.views.rating_level import (
    after_saving,
    save_level,
    save_looked_at,
    saved_in_words,
)
from assessments.views.rating_page import look_page, rating_page, where_it_was_left
from assessments.views.rating_row import NO_ATTEMPT


def assessment_list(request: SignedIn) -> HttpResponse:
    return render(request, "assessments/assessment_list.html", list_page(request.user))


@require_POST
def assessment_start(request: SignedIn, cycle_pk: int) -> HttpResponse:
    cycle = get_object_or_404(Cycle, pk=cycle_pk, teams=request.user.team_id)

    try:
        assessment = actions.start_assessment(cycle=cycle, clerk=request.user)
    except actions.WorkflowError as error:
        messages.error(request, str(error))
        return redirect("assessments:assessment_list")
    if assessment.ratings.filter(carried_from__isnull=False, needs_confirmation=True).exists():
        return redirect("assessments:assessment_look", pk=assessment.pk)
    return redirect("assessments:assessment_rate", pk=assessment.pk, rank=1)


def assessment_detail(request: SignedIn, pk: int) -> HttpResponse:
    assessment = get_object_or_404(visible_to(request.user), pk=pk)

    context = detail_page(assessment, request.user)
    return render(request, "assessments/assessment_detail.html", context)


def assessment_rate(request: SignedIn, pk: int, rank: int) -> HttpResponse:
    assessment = _own(request, pk)
    if elsewhere := _rated_elsewhere(request, assessment):
        return elsewhere

    attempt = NO_ATTEMPT
    if request.method == "POST":
        try:
            attempt = save_level(request, assessment, Role.SELF, rank)
        except actions.Moved as moved:
            messages.error(request, str(moved))
            return redirect(assessment)
        if not attempt.problems:
            messages.success(request, saved_in_words(attempt))
            return redirect(after_saving(request, assessment, Role.SELF, rank))
    context = rating_page(assessment, Role.SELF, rank, request.user, attempt)
    context["returned"] = returned_because(assessment)
    status = 422 if attempt.problems else 200
    return render(request, "assessments/assessment_rate.html", context, status=status)


def assessment_rate_on(request: SignedIn, pk: int) -> HttpResponse:
    assessment = _own(request, pk)
    return redirect(where_it_was_left(assessment, Role.SELF, request.user))


def assessment_look(request: SignedIn, pk: int) -> HttpResponse:
    assessment = _own(request, pk)
    if elsewhere := _rated_elsewhere(request, assessment):
        return elsewhere

    attempt = NO_ATTEMPT
    if request.method == "POST":
        try:
            attempt = save_looked_at(request, assessment)
        except actions.Moved as moved:
            messages.error(request, str(moved))
            return redirect(assessment)
        if not attempt.problems:
            messages.success(request, saved_in_words(attempt, ""))
            return redirect("assessments:assessment_look", pk=pk)
    context = look_page(assessment, request.user, attempt)
    status = 422 if attempt.problems else 200
    return render(request, "assessments/assessment_look.html", context, status=status)


def _rated_elsewhere(
    request: SignedIn, assessment: Assessment, otherwise: str = "Answers can no longer change."
) -> HttpResponse | None:
    """Lead on where this assessment is not rated any more; None where it is."""
    if assessment.state in workflow.RATE_SELF.from_states:
        return None
    if goes_on := assessment.goes_on_in:
        here = f"Your work goes on here, against {goes_on.version.label}."
        if request.method == "POST":
            messages.error(request, f"Nothing of what you just sent was saved. {here}")
        else:
            messages.info(request, here)
        return redirect("assessments:assessment_look", pk=goes_on.pk)
    messages.info(request, f"{now_in_words(assessment)}. {otherwise}")
    return redirect(assessment)


@require_POST
def carry_over_undo(request: SignedIn, pk: int) -> HttpResponse:
    assessment = _own(request, pk)

    try:
        actions.undo_carry_over(assessment=assessment, by=request.user)
    except actions.Already:
        pass
    except actions.WorkflowError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Undone: you start without the earlier answers.")
    return redirect("assessments:assessment_rate", pk=pk, rank=1)


@require_POST
def carry_over_bring(request: SignedIn, pk: int) -> HttpResponse:
    assessment = _own(request, pk)

    try:
        actions.bring_over(assessment=assessment, by=request.user)
    except actions.Already:
        pass
    except actions.WorkflowError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Brought over. What you had answered here stays as it was.")
    return redirect("assessments:assessment_look", pk=pk)


def _own(request: SignedIn, pk: int) -> Assessment:
    known = visible_to(request.user).select_related("continues__cycle", "continues__version")
    assessment = get_object_or_404(known.defer("continues__version__source_bytes"), pk=pk)
    if not is_clerk_of(request.user, assessment):
        raise PermissionDenied
    return assessment


@login_not_required
@require_POST
def rating_save(request: HttpRequest, pk: int) -> HttpResponse:
    # A redirect to the sign-in page would look to the script like a page that was found.
    if not request.user.is_authenticated:
        return _signed_out(pk)
    assessment = get_object_or_404(visible_to(request.user), pk=pk)
    role = role_of(request.user, assessment)
    if role is None:
        raise PermissionDenied
    return rating_answer(request.POST, assessment, role, request.user)


def _signed_out(pk: int) -> JsonResponse:
    back = urlencode({"next": resolve_url("assessments:assessment_detail", pk=pk)})
    return JsonResponse(
        {
            "message": "You were signed out. Sign in in another window, then it is saved.",
            "sign_in": f"{resolve_url(settings.LOGIN_URL)}?{back}",
        },
        status=401,
    )


def assessment_submit(request: SignedIn, pk: int) -> HttpResponse:
    assessment = _own(request, pk)
    if elsewhere := _rated_elsewhere(request, assessment, "Nothing was changed."):
        return elsewhere

    form = SubmitForm(request.POST or None, initial={"revision": assessment.revision})
    if form.is_valid():
        try:
            actions.submit_assessment(assessment=assessment, by=request.user, **form.cleaned_data)
        except actions.WorkflowError as error:
            messages.error(request, str(error))
            return redirect("assessments:assessment_submit", pk=pk)
        messages.success(request, "Submitted. Nothing can change now, unless you withdraw it.")
        return redirect(assessment)
    context = submit_page(assessment, request.user) | {"form": form}
    return render(request, "assessments/assessment_submit.html", context)


@require_POST
def assessment_withdraw(request: SignedIn, pk: int) -> HttpResponse:
    assessment = _own(request, pk)

    try:
        actions.withdraw_assessment(assessment=assessment, by=request.user)
    except actions.WorkflowError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Withdrawn. You can change your answers and submit again.")
    return redirect(assessment)
