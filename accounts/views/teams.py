from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts import actions, queries
from accounts.forms import TeamForm
from accounts.models import Team
from accounts.permissions import is_administrator
from accounts.views import handing_over
from accounts.views.handing_over import ask_first
from accounts.views.requests import SignedIn


@require_safe
def team_list(request: SignedIn) -> HttpResponse:
    if not is_administrator(request.user):
        raise PermissionDenied

    return render(request, "accounts/team_list.html", {"rows": queries.team_rows()})


@require_http_methods(["GET", "HEAD", "POST"])
def team_add(request: SignedIn) -> HttpResponse:
    if not is_administrator(request.user):
        raise PermissionDenied

    form = TeamForm(request.POST or None)
    if form.is_valid():
        try:
            team = actions.add_team(**form.cleaned_data, by=request.user)
        except actions.Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{team} is added.")
            return redirect("accounts:team_detail", pk=team.pk)
    return render(request, "accounts/team_add.html", {"form": form})


@require_safe
def team_detail(request: SignedIn, pk: int) -> HttpResponse:
    if not is_administrator(request.user):
        raise PermissionDenied

    team = get_object_or_404(Team.objects.select_related("parent", "supervisor"), pk=pk)
    context = {
        "team": team,
        "rows": queries.person_rows(team.members.filter(is_active=True)),
        "children": team.children.all(),
    }
    return render(request, "accounts/team_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def team_change(request: SignedIn, pk: int) -> HttpResponse:
    if not is_administrator(request.user):
        raise PermissionDenied

    team = get_object_or_404(Team, pk=pk)
    initial = {"name": team.name, "parent": team.parent_id, "supervisor": team.supervisor_id}
    form = TeamForm(request.POST or None, initial=initial, team=team)
    context: dict[str, Any] = {"form": form, "team": team}
    if form.is_valid():
        try:
            asked = ask_first(
                request,
                lambda nobody: handing_over.change_team(
                    team=Team.objects.get(pk=pk),
                    by=request.user,
                    nobody=nobody,
                    **form.cleaned_data,
                ),
            )
        except actions.Refused as error:
            form.add_error(None, str(error))
        else:
            if asked is None:
                messages.success(request, f"{form.cleaned_data['name']} is changed.")
                return redirect("accounts:team_detail", pk=team.pk)
            context |= asked
    return render(request, "accounts/team_change.html", context)
