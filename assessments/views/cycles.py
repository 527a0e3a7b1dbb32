from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.permissions import is_administrator, is_auditor
from accounts.queries import clerks_without_supervisor
from accounts.views.requests import SignedIn
from assessments import actions
from assessments.cycle_queries import cycles_with_counts, people_with_states
from assessments.forms.cycles import CycleForm, SignOffFilterForm
from assessments.models import Assessment, Cycle
from assessments.qualification_queries import TeamGaps, qualification, qualification_of
from assessments.revocation_queries import left_to_administrators
from assessments.sign_off_queries import in_force_on, narrowed, sign_offs_visible_to
from assessments.views.stages import Chip, chip_of
from frameworks.models import FrameworkVersion, VersionState

SIGN_OFFS_A_PAGE = 50


def cycle_list(request: SignedIn) -> HttpResponse:
    if not is_administrator(request.user):
        raise PermissionDenied

    context = {"rows": cycles_with_counts(Cycle.objects.all()), "today": timezone.localdate()}
    return render(request, "assessments/cycle_list.html", context)


def cycle_open(request: SignedIn) -> HttpResponse:
    if not is_administrator(request.user):
        raise PermissionDenied

    form = CycleForm(request.POST or None, today=timezone.localdate())
    gaps = _gaps(form) if request.method == "POST" and form.is_valid() else []
    if form.is_valid() and ("anyway" in request.POST or not gaps):
        try:
            cycle = actions.open_cycle(**form.cleaned_data, by=request.user)
        except actions.CycleRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Opened {cycle}.")
            return redirect(cycle)

    context = {
        "form": form,
        "gaps": gaps,
        "anyway": "anyway" in request.POST,
        "unsupervised": clerks_without_supervisor(),
        "can_open": FrameworkVersion.objects.filter(state=VersionState.PUBLISHED).exists(),
    }
    return render(request, "assessments/cycle_open.html", context)


def _gaps(form: CycleForm) -> list[TeamGaps]:
    """Read what the teams of a valid form lack, to be seen before the cycle is opened."""
    asked = form.cleaned_data
    return qualification(
        asked["teams"],
        asked["version"].pk,
        asked["needs_standing"],
        asked["needs_second_signer"],
        timezone.localdate(),
    )


def cycle_detail(request: SignedIn, pk: int) -> HttpResponse:
    if not is_administrator(request.user):
        raise PermissionDenied

    cycles = Cycle.objects.filter(pk=pk).select_related("opened_by", "closed_by", "rule")
    cycle = get_object_or_404(cycles)
    teams = cycle.teams.all()
    context = {
        "row": cycles_with_counts(cycles)[0],
        "cycle": cycle,
        "gaps": qualification_of(cycle, teams, timezone.localdate()),
        "people": [
            {"person": row.person, "assessment": row.assessment, "chip": _chip(row.assessment)}
            for row in people_with_states(cycle)
        ],
        "teams": teams,
        "today": timezone.localdate(),
    }
    return render(request, "assessments/cycle_detail.html", context)


def _chip(assessment: Assessment | None) -> Chip | None:
    return chip_of(assessment) if assessment else None


def cycle_close(request: SignedIn, pk: int) -> HttpResponse:
    cycle = get_object_or_404(Cycle, pk=pk)
    if not is_administrator(request.user):
        raise PermissionDenied

    if request.method != "POST":
        row = cycles_with_counts(Cycle.objects.filter(pk=pk))[0]
        return render(request, "assessments/cycle_close.html", {"cycle": cycle, "row": row})
    try:
        actions.close_cycle(cycle=cycle, by=request.user)
    except actions.CycleRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Closed {cycle}. Work that was started can still be finished.")
    return redirect(cycle)


def sign_off_list(request: SignedIn) -> HttpResponse:
    # Administrators see placements; what a record holds, the answers too, is not theirs to read.
    sees_all = is_auditor(request.user) or is_administrator(request.user)
    form = SignOffFilterForm(request.GET)
    form.is_valid()
    asked = form.cleaned_data
    signer, cycle = (asked.get("signer"), asked.get("cycle")) if sees_all else (None, None)
    found = narrowed(
        sign_offs_visible_to(request.user), asked.get("name", ""), signer=signer, cycle=cycle
    )
    if day := asked.get("on"):
        found = in_force_on(found, day)
    page = Paginator(found, SIGN_OFFS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "left": left_to_administrators(page) if is_administrator(request.user) else set(),
        "name": asked.get("name", ""),
        "on": day,
        "signer": signer,
        "cycle": cycle,
        "reads_records": is_auditor(request.user) or not is_administrator(request.user),
        # Why it was another level would tell whoever decides a dispute without having seen it.
        "shows_overrides": is_auditor(request.user),
    }
    return render(request, "assessments/sign_off_list.html", context)
