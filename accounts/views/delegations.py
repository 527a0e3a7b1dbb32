from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts import actions, queries
from accounts.forms import DelegationForm
from accounts.models import Delegation
from accounts.permissions import is_administrator, is_auditor
from accounts.views.requests import SignedIn
from assessments.actions import WorkflowError
from assessments.actions.delegating import delegate

PAGE_LENGTH = 50


@require_safe
def delegation_list(request: SignedIn) -> HttpResponse:
    person, today = request.user, timezone.localdate()
    sees_all = is_administrator(person) or is_auditor(person)
    known = queries.delegations() if sees_all else queries.delegations_of(person)
    is_reviewer = not sees_all and queries.is_supervisor(person)
    if not (sees_all or is_reviewer or known.exists()):
        raise PermissionDenied

    open_ones = known.filter(ended_at=None, ends_on__gte=today).order_by("starts_on", "pk")
    past = known.exclude(pk__in=open_ones.values("pk"))
    context = {
        "running": [found for found in open_ones if found.starts_on <= today],
        "coming": [found for found in open_ones if found.starts_on > today],
        "page": Paginator(past, PAGE_LENGTH).get_page(request.GET.get("page")),
        "sees_all": sees_all,
        "is_reviewer": is_reviewer,
        "may_delegate": is_administrator(person) or queries.supervises_team(person),
        "may_end_all": is_administrator(person),
    }
    return render(request, "accounts/delegation_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def delegation_add(request: SignedIn) -> HttpResponse:
    person, for_others = request.user, is_administrator(request.user)
    if not (for_others or queries.supervises_team(person)):
        raise PermissionDenied

    chosen = request.GET.get("person", "")
    today = timezone.localdate()
    giver = None if for_others else person
    form = DelegationForm(request.POST or None, giver=giver, today=today, chosen=chosen)
    if form.is_valid():
        try:
            made = delegate(**{"from_supervisor": person, **form.cleaned_data}, by=person)
        except (actions.Refused, WorkflowError) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _in_words(made))
            return redirect("accounts:delegation_list")
    return render(request, "accounts/delegation_add.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def delegation_end(request: SignedIn, pk: int) -> HttpResponse:
    person = request.user
    sees_all = is_administrator(person) or is_auditor(person)
    known = queries.delegations() if sees_all else queries.delegations_of(person)
    delegation = get_object_or_404(known, pk=pk)
    both = (delegation.from_supervisor_id, delegation.to_supervisor_id)
    if not (is_administrator(person) or person.pk in both):
        raise PermissionDenied

    if request.method == "POST":
        try:
            actions.end_delegation(delegation=delegation, by=person)
        except actions.Refused as error:
            messages.error(request, str(error))
        else:
            giver, taker = delegation.from_supervisor, delegation.to_supervisor
            messages.success(request, f"{taker} no longer acts for {giver}.")
        return redirect("accounts:delegation_list")
    is_open = delegation.ended_at is None and delegation.ends_on >= timezone.localdate()
    context = {"delegation": delegation, "is_open": is_open}
    return render(request, "accounts/delegation_end.html", context)


def _in_words(made: Delegation) -> str:
    days = f"{made.starts_on:%-d %B %Y} to {made.ends_on:%-d %B %Y}"
    return f"{made.to_supervisor} acts beside {made.from_supervisor} from {days}."
