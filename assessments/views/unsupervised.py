from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.permissions import is_administrator
from accounts.views.requests import SignedIn
from assessments.handover_queries import unsupervised


@require_safe
def unsupervised_list(request: SignedIn) -> HttpResponse:
    if not is_administrator(request.user):
        raise PermissionDenied

    context = {"rows": unsupervised(timezone.localdate())}
    return render(request, "assessments/unsupervised_list.html", context)
