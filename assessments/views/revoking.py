from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.views.confirming import is_signed, signer_of
from accounts.views.requests import SignedIn
from assessments import actions, declarations
from assessments.forms.revoking import RevokeForm
from assessments.models import SignOff
from assessments.queries import sign_offs
from assessments.revocation_queries import revoked_as, revoking_objection, why_final
from assessments.seen import seen_of
from assessments.sign_off_queries import sign_offs_visible_to
from assessments.signing_content import content_to_revoke
from assessments.views.signing import posted
from records.permissions import visible_to


@require_http_methods(["GET", "HEAD", "POST"])
def sign_off_revoke(request: SignedIn, pk: int) -> HttpResponse:
    sign_off = _revocable(request, pk)
    form = RevokeForm(posted(request), signer=signer_of(request))
    status = 200
    if is_signed(request, form):
        try:
            revocation = actions.revoke_sign_off(
                sign_off=sign_off,
                by=request.user,
                reason=form.cleaned_data["reason"],
                seen=form.cleaned_data["seen"],
            )
        except actions.WorkflowError as error:
            form.add_error(None, f"Nothing was revoked. {error}")
            status = 409 if isinstance(error, actions.Moved) else 200
        else:
            messages.success(request, f"Revoked, and sealed as record {revocation.record_id}.")
            may_read = visible_to(request.user).filter(pk=revocation.record_id).exists()
            return redirect(revocation.record if may_read else "assessments:sign_off_list")
    context = {
        "sign_off": sign_off,
        "form": form,
        "final": why_final(sign_off),
        "seen": seen_of(content_to_revoke(sign_off, request.user, timezone.now())),
        "declaration": declarations.REVOCATION,
        "revoked_as": revoked_as(request.user, sign_off),
    }
    return render(request, "assessments/sign_off_revoke.html", context, status=status)


def _revocable(request: SignedIn, pk: int) -> SignOff:
    found = sign_offs().select_related("record", "on_behalf_of", "assessment__version__framework")
    sign_off = get_object_or_404(found.defer("assessment__version__source_bytes"), pk=pk)
    if revoking_objection(request.user, sign_off) is None:
        return sign_off
    if not sign_offs_visible_to(request.user).filter(pk=pk).exists():
        raise Http404
    raise PermissionDenied
