"""What happens to a sign-off after the first signature: a second one, and what the clerk says."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.views.confirming import is_signed, signer_of
from accounts.views.requests import SignedIn
from assessments import actions, declarations
from assessments.dispute_queries import disputable_until, dispute_decided_by, disputed_judgement
from assessments.eligibility_queries import waiting_second_signatures
from assessments.forms.disputes import AcknowledgeForm, DisputeForm
from assessments.forms.supervisor import DeclineForm, SecondSignatureForm
from assessments.models import SignOff
from assessments.queries import sign_offs
from assessments.seen import seen_of
from assessments.signing_content import content_to_sign_second
from assessments.views.comparison import comparison
from assessments.views.dispute_page import disputable_levels, dispute_page
from assessments.views.signing import posted


def sign_off_second(request: SignedIn, pk: int) -> HttpResponse:
    sign_off = _waiting(request, pk)
    assessment = sign_off.assessment
    form = SecondSignatureForm(posted(request), signer=signer_of(request))
    status = 200
    if is_signed(request, form):
        try:
            sealed = actions.sign_second(
                sign_off=sign_off,
                by=request.user,
                revision=form.cleaned_data["revision"],
                seen=form.cleaned_data["seen"],
            )
        except actions.WorkflowError as error:
            form.add_error(None, f"Nothing was signed. {error}")
            status = 409
            assessment.refresh_from_db(fields=["revision"])
        else:
            messages.success(request, f"Signed and sealed as record {sealed.record_id}.")
            return redirect("start")
    page = comparison(assessment, request.user)
    page |= {
        "sign_off": sign_off,
        "form": form,
        "declaration": declarations.SECOND_SIGNER,
    }
    judgement = page["judgement"]
    if dispute := dispute_decided_by(sign_off):
        judgement = disputed_judgement(dispute)
        page |= {"suggestion": judgement.suggestion}
        page |= {"rows": dispute_page(dispute, request.user)["rows"]}
    content = content_to_sign_second(sign_off, judgement, request.user, timezone.now())
    page |= {"seen": seen_of(content)}
    return render(request, "assessments/sign_off_second.html", page, status=status)


def sign_off_decline(request: SignedIn, pk: int) -> HttpResponse:
    sign_off = _waiting(request, pk)
    form = DeclineForm(posted(request))
    if form.is_valid():
        try:
            actions.decline_sign_off(
                sign_off=sign_off, by=request.user, reason=form.cleaned_data["reason"]
            )
        except actions.WorkflowError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Declined. The first signer reads your reason.")
            return redirect("start")
    context = {"sign_off": sign_off, "assessment": sign_off.assessment, "form": form}
    return render(request, "assessments/sign_off_decline.html", context)


def sign_off_acknowledge(request: SignedIn, pk: int) -> HttpResponse:
    sign_off = _own(request, pk)
    if hasattr(sign_off, "acknowledgement"):
        messages.info(request, "You have acknowledged this placement.")
        return redirect(sign_off.assessment)

    form = AcknowledgeForm(posted(request), meaning=declarations.ACKNOWLEDGEMENT)
    if form.is_valid():
        try:
            seen = actions.acknowledge_sign_off(
                sign_off=sign_off, by=request.user, reply=form.cleaned_data["reply"]
            )
        except actions.WorkflowError as error:
            form.add_error("reply", str(error))
        else:
            messages.success(request, f"Acknowledged and sealed as record {seen.record_id}.")
            return redirect(sign_off.assessment)
    context = {"sign_off": sign_off, "form": form, "until": disputable_until(sign_off)}
    return render(request, "assessments/sign_off_acknowledge.html", context)


def dispute_open(request: SignedIn, pk: int) -> HttpResponse:
    sign_off = _own(request, pk)
    if hasattr(sign_off, "dispute"):
        return redirect("assessments:dispute_detail", sign_off.dispute.pk)

    until = disputable_until(sign_off)
    form = DisputeForm(posted(request), version_id=sign_off.assessment.version_id)
    if form.is_valid():
        try:
            dispute = actions.open_dispute(
                sign_off=sign_off,
                statements=form.cleaned_data["statements"],
                reason=form.cleaned_data["reason"],
                by=request.user,
            )
        except actions.WorkflowError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Disputed. The placement stands until it is decided.")
            return redirect("assessments:dispute_detail", dispute.pk)
    context = {
        "sign_off": sign_off,
        "version": sign_off.assessment.version,
        "form": form,
        "levels": disputable_levels(sign_off, form),
        "until": until,
        "is_late": timezone.localdate() > until,
    }
    return render(request, "assessments/dispute_open.html", context)


def _waiting(request: SignedIn, pk: int) -> SignOff:
    waiting = waiting_second_signatures(request.user, timezone.localdate())
    found = next((sign_off for sign_off in waiting if sign_off.pk == pk), None)
    if found is None:
        raise Http404
    return found


def _own(request: SignedIn, pk: int) -> SignOff:
    found = sign_offs().select_related("assessment__version__framework", "acknowledgement")
    sign_off = get_object_or_404(found.defer("assessment__version__source_bytes"), pk=pk)
    if sign_off.clerk_id != request.user.pk:
        raise Http404
    if (
        hasattr(sign_off, "revocation")
        or sign_off.superseded_by.filter(record__isnull=False).exists()
    ):
        raise PermissionDenied
    return sign_off
