from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.permissions import is_administrator, is_auditor
from accounts.queries import read_firm
from accounts.views.confirming import is_signed, signer_of
from accounts.views.requests import SignedIn
from assessments import actions, declarations
from assessments.dispute_queries import (
    decider_of,
    disputed,
    disputed_judgement,
    disputes,
    possible_deciders,
)
from assessments.forms.disputes import (
    UPHOLD,
    DecideForm,
    DeciderForm,
    DisputedStatementForm,
)
from assessments.models import Dispute
from assessments.seen import seen_of
from assessments.signing_content import content_to_decide
from assessments.views.comparison import set_aside_in_words
from assessments.views.dispute_page import dispute_page
from assessments.views.signing import posted


def dispute_detail(request: SignedIn, pk: int) -> HttpResponse:
    dispute = _found(request, pk)
    return render(request, "assessments/dispute_detail.html", dispute_page(dispute, request.user))


def dispute_name_decider(request: SignedIn, pk: int) -> HttpResponse:
    dispute = _found(request, pk)
    if not is_administrator(request.user):
        raise PermissionDenied
    if not dispute.is_open:
        return redirect("assessments:dispute_detail", pk)

    form = DeciderForm(posted(request), people=possible_deciders(dispute))
    if form.is_valid():
        try:
            actions.name_decider(
                dispute=dispute, decider=form.cleaned_data["decider"], by=request.user
            )
        except actions.WorkflowError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Named. They find the dispute on their start page.")
            return redirect("assessments:dispute_detail", pk)
    context = {"dispute": dispute, "form": form}
    return render(request, "assessments/dispute_name_decider.html", context)


def dispute_rate(request: SignedIn, pk: int) -> HttpResponse:
    dispute = _to_decide(request, pk)
    if dispute.rated_at is not None and dispute.rated_by_id == request.user.pk:
        return redirect("assessments:dispute_decide", pk)

    scale, rows = dispute.sign_off.assessment.cycle.the_scale, disputed(dispute)
    for row in rows:
        if row.author_id != request.user.pk:  # a former decider's: one starts blank
            row.point, row.note = None, ""
    forms = [DisputedStatementForm(posted(request), row=row, scale=scale) for row in rows]
    problem = ""
    valid = [form.is_valid() for form in forms]
    if all(valid):
        try:
            return _save(request, dispute, forms)
        except actions.WorkflowError as error:
            problem = str(error)
    context = {
        "dispute": dispute,
        "version": dispute.sign_off.assessment.version,
        "forms": forms,
        "scale": scale,
        "problem": problem,
    }
    status = 422 if problem else 200
    return render(request, "assessments/dispute_rate.html", context, status=status)


def dispute_decide(request: SignedIn, pk: int) -> HttpResponse:
    dispute = _to_decide(request, pk)
    if dispute.rated_at is None or dispute.rated_by_id != request.user.pk:
        return redirect("assessments:dispute_rate", pk)

    judgement = disputed_judgement(dispute)
    set_aside = set_aside_in_words(judgement.suggestion)
    form = DecideForm(
        posted(request), signer=signer_of(request), judgement=judgement, set_aside=set_aside
    )
    status = 200
    if is_signed(request, form):
        try:
            return _decide(request, dispute, form)
        except actions.WorkflowError as error:
            form.add_error(None, f"Nothing was decided. {error}")
            status = 409 if isinstance(error, actions.Moved) else 200
    page = dispute_page(dispute, request.user)
    content = content_to_decide(dispute, judgement, request.user, timezone.now())
    page |= {
        "form": form,
        "judgement": judgement,
        "seen": seen_of(content),
        "signed_as": content["signer"]["signed_as"],
        "declaration": declarations.DECIDER,
    }
    return render(request, "assessments/dispute_decide.html", page, status=status)


def _found(request: SignedIn, pk: int) -> Dispute:
    """Find a dispute that is this person's to know of: both sides', the decider's, the firm's."""
    dispute = get_object_or_404(disputes(), pk=pk)
    user, clerk = request.user, dispute.sign_off.clerk
    if user.pk == clerk.pk or is_auditor(user) or is_administrator(user):
        return dispute
    firm = read_firm()
    if user.pk in firm.above(clerk) or user.pk in firm.acting(clerk):
        return dispute
    if user.pk in (dispute.named_decider_id, dispute.decided_by_id):
        return dispute
    raise Http404


def _to_decide(request: SignedIn, pk: int) -> Dispute:
    dispute = _found(request, pk)
    if not dispute.is_open or decider_of(dispute) != request.user:
        raise PermissionDenied
    return dispute


def _save(request: SignedIn, dispute: Dispute, forms: list[DisputedStatementForm]) -> HttpResponse:
    complete = "complete" in request.POST
    answers = [
        actions.Answer(form.row.statement_id, form.cleaned_data["point"], form.cleaned_data["note"])
        for form in forms
    ]
    actions.rate_disputed(dispute=dispute, answers=answers, by=request.user, complete=complete)
    if complete:
        messages.success(request, "Complete. You see now what both sides said.")
        return redirect("assessments:dispute_decide", dispute.pk)
    messages.success(request, "Saved. You can go on later.")
    return redirect("assessments:dispute_rate", dispute.pk)


def _decide(request: SignedIn, dispute: Dispute, form: DecideForm) -> HttpResponse:
    reason, seen = form.cleaned_data["justification"], form.cleaned_data["seen"]
    if form.cleaned_data["outcome"] == UPHOLD:
        decided = actions.uphold_sign_off(
            dispute=dispute, reason=reason, by=request.user, seen=seen
        )
        messages.success(request, f"Upheld and sealed as record {decided.record_id}.")
        return redirect("assessments:dispute_detail", dispute.pk)
    sign_off = actions.supersede_sign_off(
        dispute=dispute,
        level=form.placed,
        by=request.user,
        justification=reason,
        category=form.cleaned_data["category"],
        confirm_set_aside=form.cleaned_data.get("confirm_set_aside", False),
        seen=seen,
    )
    if sign_off.record_id is None:
        messages.success(request, "Signed. It waits for the second signature.")
    else:
        messages.success(request, f"Placed anew and sealed as record {sign_off.record_id}.")
    return redirect("assessments:dispute_detail", dispute.pk)
