from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.views.confirming import is_signed, signer_of
from accounts.views.requests import SignedIn
from assessments import actions
from assessments.eligibility_queries import signing_objections
from assessments.forms.correcting import CorrectForm
from assessments.models import SignOff
from assessments.queries import sign_offs
from assessments.revocation_queries import why_final
from assessments.seen import seen_of
from assessments.signing_content import content_to_correct
from assessments.views.comparison import comparison
from assessments.views.review import supervised
from assessments.views.signing import posted


@require_http_methods(["GET", "HEAD", "POST"])
def sign_off_correct(request: SignedIn, pk: int) -> HttpResponse:
    sign_off = get_object_or_404(sign_offs().select_related("record"), pk=pk)
    assessment = supervised(request, sign_off.assessment_id)
    if final := why_final(sign_off):
        messages.info(request, final)
        return redirect(assessment)

    page = comparison(assessment, request.user)
    form = CorrectForm(
        posted(request),
        signer=signer_of(request),
        judgement=page["judgement"],
        set_aside=page["set_aside"],
    )
    status = 200
    if is_signed(request, form):
        try:
            return _correct(request, sign_off, form)
        except actions.WorkflowError as error:
            form.add_error(None, f"Nothing was signed. {error}")
            status = 409 if isinstance(error, actions.Moved) else 200
    now = timezone.now()
    content = content_to_correct(sign_off, assessment, page["judgement"], request.user, now)
    page |= _signing(content) | {
        "sign_off": sign_off,
        "form": form,
        "objections": signing_objections(request.user, assessment, timezone.localdate(now)),
    }
    return render(request, "assessments/sign_off_correct.html", page, status=status)


def _correct(request: SignedIn, sign_off: SignOff, form: CorrectForm) -> HttpResponse:
    correction = actions.correct_sign_off(
        sign_off=sign_off,
        level=form.placed,
        by=request.user,
        revision=form.cleaned_data["revision"],
        reason=form.cleaned_data["reason"],
        category=form.cleaned_data["category"],
        justification=form.cleaned_data["justification"],
        confirm_set_aside=form.cleaned_data.get("confirm_set_aside", False),
        seen=form.cleaned_data["seen"],
    )
    if correction.record is None:
        sentence = "Signed. What was signed before stands until the second signature is given."
        messages.success(request, sentence)
        return redirect(correction.assessment)
    messages.success(request, f"Corrected, and sealed as record {correction.record.sequence}.")
    return redirect(correction.record)


def _signing(content: dict[str, Any]) -> dict[str, Any]:
    return {
        "seen": seen_of(content),
        "signed_as": content["signer"]["signed_as"],
        "declaration": content["declaration"]["signer"]["text"],
    }
