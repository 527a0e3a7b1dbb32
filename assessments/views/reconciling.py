from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.views.requests import SignedIn
from assessments import actions, permissions, queries
from assessments.forms.reconciling import AnswerForm
from assessments.models import Assessment
from assessments.views.reconciling_page import reconciling_page
from frameworks.models import Statement


def assessment_reconcile(request: SignedIn, pk: int) -> HttpResponse:
    assessment = _compared(request, pk)
    if request.method == "POST":
        if not permissions.is_supervisor_of(request.user, assessment):
            raise PermissionDenied
        try:
            actions.reconcile_assessment(assessment=assessment, by=request.user)
        except actions.WorkflowError as error:
            messages.error(request, str(error))
            return redirect("assessments:assessment_reconcile", pk)
        return redirect("assessments:assessment_sign_off", pk)
    opened = request.GET.get("open", "")
    page = reconciling_page(assessment, request.user, int(opened) if opened.isdecimal() else None)
    return render(request, "assessments/assessment_reconcile.html", page)


@require_POST
def reconcile_answer(request: SignedIn, pk: int, statement_pk: int) -> HttpResponse:
    assessment = _party_to(request, pk)
    statement = get_object_or_404(Statement, pk=statement_pk, version=assessment.version_id)

    form = AnswerForm(request.POST, scale=assessment.cycle.the_scale)
    if not form.is_valid():
        return _again(request, assessment, statement, form)
    try:
        actions.answer_statement(
            assessment=assessment,
            statement=statement,
            point=form.point,
            reason=form.cleaned_data["reason"],
            by=request.user,
        )
    except actions.WorkflowError as error:
        form.add_error(None, str(error))
        return _again(request, assessment, statement, form)
    return _next(request, assessment, statement)


@require_POST
def reconcile_take_back(request: SignedIn, pk: int, statement_pk: int) -> HttpResponse:
    assessment = _party_to(request, pk)
    statement = get_object_or_404(Statement, pk=statement_pk, version=assessment.version_id)
    try:
        actions.take_back_statement(assessment=assessment, statement=statement, by=request.user)
    except actions.WorkflowError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Taken back: the supervisor's rating stands as for the rest.")
    return redirect("assessments:assessment_reconcile", pk)


@require_POST
def reconcile_no_answer(request: SignedIn, pk: int, statement_pk: int) -> HttpResponse:
    assessment = _compared(request, pk)
    if not permissions.is_supervisor_of(request.user, assessment):
        raise PermissionDenied
    statement = get_object_or_404(Statement, pk=statement_pk, version=assessment.version_id)
    try:
        actions.close_unanswered(assessment=assessment, statement=statement, by=request.user)
    except actions.WorkflowError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Closed as “no answer”; it is sealed in these words.")
    return redirect("assessments:assessment_reconcile", pk)


def _compared(request: SignedIn, pk: int) -> Assessment:
    assessment = get_object_or_404(queries.visible_to(request.user), pk=pk)
    if not permissions.may_see_both(request.user, assessment):
        raise Http404
    return assessment


def _party_to(request: SignedIn, pk: int) -> Assessment:
    assessment = _compared(request, pk)
    is_clerk = permissions.is_clerk_of(request.user, assessment)
    if not is_clerk and not permissions.is_supervisor_of(request.user, assessment):
        raise PermissionDenied
    return assessment


def _again(
    request: SignedIn, assessment: Assessment, statement: Statement, form: AnswerForm
) -> HttpResponse:
    page = reconciling_page(assessment, request.user, statement.pk)
    page |= {"failed": statement.pk, "form": form}
    return render(request, "assessments/assessment_reconcile.html", page, status=422)


def _next(request: SignedIn, assessment: Assessment, statement: Statement) -> HttpResponse:
    """Lead to the next statement that needs this person, else back to the one just answered."""
    page = reconciling_page(assessment, request.user)
    here = next(s for s in page["settling"] if s.compared.statement.pk == statement.pk)
    messages.success(request, f"{here.chip.word}: {statement.level.label} {statement.position}.")
    url = reverse("assessments:assessment_reconcile", args=[assessment.pk])
    return redirect(f"{url}#s-{page['now'] or statement.pk}")
