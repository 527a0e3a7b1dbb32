from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.html import format_html

from accounts.views.confirming import is_signed, signer_of
from accounts.views.requests import SignedIn
from assessments import actions, workflow
from assessments.eligibility_queries import second_signers_for, signing_objections
from assessments.forms.supervisor import CloseForm, ReturnForm, SignOffForm
from assessments.models import Assessment, SignOff
from assessments.queries import waiting_sign_off
from assessments.seen import seen_of
from assessments.signing_content import content_to_sign
from assessments.views.comparison import comparison
from assessments.views.review import go_on, supervised
from assessments.views.waiting import who_is_next


def assessment_sign_off(request: SignedIn, pk: int) -> HttpResponse:
    assessment = supervised(request, pk)
    if assessment.state not in workflow.SIGN_OFF.from_states:
        return go_on(request, assessment)

    if waiting := waiting_sign_off(assessment):
        return _waiting_page(request, waiting)
    page = comparison(assessment, request.user)
    form = _sign_off_form(request, page)
    status = 200
    if request.method == "POST":
        try:
            if is_signed(request, form):
                return _sign(request, assessment, form)
        except actions.WorkflowError as error:
            form.add_error(None, f"Nothing was signed. {error}")
            status = 409 if isinstance(error, actions.Moved) else 200
    now = timezone.now()
    content = content_to_sign(assessment, page["judgement"], request.user, now)
    context = {
        **page,
        "form": form,
        "seen": seen_of(content),
        "signed_as": content["signer"]["signed_as"],
        "declaration": content["declaration"]["signer"]["text"],
        "objections": signing_objections(request.user, assessment, timezone.localdate()),
        "declined": assessment.sign_offs.filter(declined_at__isnull=False).first(),
    }
    return render(request, "assessments/assessment_sign_off.html", context, status=status)


def assessment_return(request: SignedIn, pk: int) -> HttpResponse:
    assessment = supervised(request, pk)
    if assessment.state not in workflow.RETURN.from_states:
        return go_on(request, assessment)

    form = ReturnForm(posted(request))
    if form.is_valid():
        try:
            actions.return_assessment(
                assessment=assessment, by=request.user, reason=form.cleaned_data["reason"]
            )
        except actions.WorkflowError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, format_html("Returned to <bdi>{}</bdi>.", assessment.clerk))
            return redirect("assessments:review_queue")
    return _reason_page(request, "assessments/assessment_return.html", assessment, form)


def assessment_close(request: SignedIn, pk: int) -> HttpResponse:
    assessment = supervised(request, pk)
    if assessment.state not in workflow.CLOSE.from_states:
        return go_on(request, assessment)

    form = CloseForm(posted(request))
    if form.is_valid():
        try:
            actions.close_assessment(
                assessment=assessment, by=request.user, reason=form.cleaned_data["reason"]
            )
        except actions.WorkflowError as error:
            form.add_error(None, str(error))
        else:
            sentence = "Closed the assessment of <bdi>{}</bdi>."
            messages.success(request, format_html(sentence, assessment.clerk))
            return redirect("assessments:review_queue")
    return _reason_page(request, "assessments/assessment_close.html", assessment, form)


def posted(request: SignedIn) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _sign_off_form(request: SignedIn, page: dict[str, Any]) -> SignOffForm:
    return SignOffForm(
        posted(request),
        signer=signer_of(request),
        judgement=page["judgement"],
        set_aside=page["set_aside"],
    )


def _sign(request: SignedIn, assessment: Assessment, form: SignOffForm) -> HttpResponse:
    sign_off = actions.sign_off_assessment(
        assessment=assessment,
        level=form.placed,
        by=request.user,
        revision=form.cleaned_data["revision"],
        category=form.cleaned_data["category"],
        justification=form.cleaned_data["justification"],
        confirm_set_aside=form.cleaned_data.get("confirm_set_aside", False),
        seen=form.cleaned_data["seen"],
    )
    if sign_off.record is None:
        messages.success(request, "Signed. It waits for the second signature.")
        return redirect("assessments:assessment_sign_off", assessment.pk)
    following = who_is_next(request.user, after=assessment.clerk)
    sentence = "Signed and sealed as record {}. {}"
    messages.success(request, format_html(sentence, sign_off.record.sequence, following))
    return redirect(sign_off.record)


def _waiting_page(request: SignedIn, sign_off: SignOff) -> HttpResponse:
    assessment = sign_off.assessment
    signers = second_signers_for(sign_off, sign_off.level, timezone.localdate())
    context = {
        "assessment": assessment,
        "version": assessment.version,
        "sign_off": sign_off,
        "signers": signers,
    }
    return render(request, "assessments/sign_off_waiting.html", context)


def _reason_page(
    request: SignedIn, template: str, assessment: Assessment, form: Form
) -> HttpResponse:
    context = {"assessment": assessment, "version": assessment.version, "form": form}
    return render(request, template, context)
