from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import is_auditor
from accounts.views.requests import SignedIn
from assessments.forms.cycles import CycleFilterForm
from assessments.oversight_queries import oversight as read_oversight


@require_safe
def oversight(request: SignedIn) -> HttpResponse:
    if not is_auditor(request.user):
        raise PermissionDenied

    form = CycleFilterForm(request.GET)
    cycle = form.cleaned_data["cycle"] if form.is_valid() else None
    context = {"form": form, "cycle": cycle, "found": read_oversight(cycle)}
    return render(request, "assessments/oversight.html", context)
