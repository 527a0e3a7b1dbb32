from typing import NamedTuple

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from accounts.views.requests import SignedIn
from assessments.impact_queries import impact_as_data
from frameworks import actions
from frameworks.comparison_queries import Comparison, base_of, change_list, compared
from frameworks.forms import NOT_HERE, PairForm, StatementsForm
from frameworks.identity_queries import coming_back
from frameworks.models import FrameworkVersion, Statement, VersionState
from frameworks.permissions import can_manage_frameworks
from frameworks.queries import newest_first, reading_of, visible_to
from frameworks.views.compare_page import (
    Failed,
    failed_in,
    groups_of,
    offers_of,
    renamed_levels,
)
from frameworks.views.managed import managed
from frameworks.views.publishing import impact_on

BAD_REQUEST, CONFLICT = 400, 409


class Beside(NamedTuple):
    """A version, those of its framework it may be compared with, and the one chosen."""

    version: FrameworkVersion
    others: list[FrameworkVersion]
    base: FrameworkVersion | None
    other: FrameworkVersion | None


def _beside(request: SignedIn, pk: int) -> Beside:
    version = get_object_or_404(visible_to(request.user), pk=pk)
    found = visible_to(request.user).filter(framework=version.framework_id).exclude(pk=pk)
    others, base = newest_first(found), base_of(version)
    if wanted := request.GET.get("with"):
        other = next((one for one in others if str(one.pk) == wanted), None)
        if other is None:
            raise Http404
    else:
        other = base or next(iter(others), None)
    return Beside(version, others, base, other)


@require_safe
def version_compare(request: SignedIn, pk: int) -> HttpResponse:
    beside = _beside(request, pk)
    version, other = beside.version, beside.other
    if other is None:
        return render(request, "frameworks/version_compare_none.html", {"version": version})
    if other.state == VersionState.DRAFT and version.state != VersionState.DRAFT:
        return redirect(_url(other, version))
    return _page(request, beside, other)


def _page(
    request: SignedIn,
    beside: Beside,
    other: FrameworkVersion,
    failed: Failed | None = None,
    status: int = 200,
) -> HttpResponse:
    version, base = beside.version, beside.base
    comparison = compared(other, version)
    is_draft = version.state == VersionState.DRAFT and other == base
    can_decide = is_draft and can_manage_frameworks(request.user)
    impact = impact_on(comparison) if can_decide else None
    back = coming_back(other, comparison.diff, version) if is_draft else None
    groups = groups_of(comparison, impact.ratings if impact else None, back)
    if failed:
        groups = failed_in(groups, failed)
    notices = reading_of(version)[1] if can_decide else []
    context = {
        "version": version,
        "other": other,
        "others": beside.others,
        "base": base,
        "comparison": comparison,
        "groups": groups,
        "can_decide": can_decide,
        "offers": offers_of(comparison, groups) if can_decide else None,
        "opened": failed.anchor if failed else request.GET.get("row", ""),
        "failed": failed,
        "undecided": comparison.undecided if can_decide else [],
        "impact": impact,
        "is_same": {group.key for group in groups} <= {"unchanged", "order"},
        "renamed": renamed_levels(comparison),
        "notices": notices,
        "name_notices": [n.message for n in notices if n.path == "framework.version"],
    }
    return render(request, "frameworks/version_compare.html", context, status=status)


def _url(version: FrameworkVersion, other: FrameworkVersion | None = None) -> str:
    url = reverse("frameworks:version_compare", args=[version.pk])
    return f"{url}?with={other.pk}" if other else url


@require_safe
def version_changes(request: SignedIn, pk: int) -> HttpResponse:
    version, _, base, other = _beside(request, pk)
    if other is None:
        raise Http404
    comparison = compared(other, version)
    found = change_list(comparison.diff)
    if version.state == VersionState.DRAFT and other == base:
        found["impact"] = impact_as_data(impact_on(comparison), comparison.diff)
    names = [one.label or f"draft {one.pk}" for one in (version, other)]
    filename = f"{version.framework.soc}_{names[0]}_compared_with_{names[1]}.json"
    return JsonResponse(
        found,
        json_dumps_params={"ensure_ascii": False},
        headers={"Content-Disposition": content_disposition_header(True, filename) or ""},
    )


@require_POST
def version_pair(request: SignedIn, pk: int) -> HttpResponse:
    version = managed(request, pk)
    form = PairForm(request.POST, version=version, base=base_of(version))
    if not form.is_valid():
        return _again(request, version, form, form.problem, BAD_REQUEST)
    old, new, since = (form.cleaned_data[name] for name in ("old", "new", "since"))
    decide = (
        actions.separate_statements
        if form.cleaned_data["choice"] == PairForm.DIFFERENT
        else actions.pair_statements
    )
    try:
        decide(version=version, old=old, new=new, by=request.user, since=since)
    except actions.PairingRefused as error:
        return _again(request, version, form, str(error), CONFLICT)
    return redirect(_next_of(request, version, old, new))


def _again(
    request: SignedIn, version: FrameworkVersion, form: StatementsForm, problem: str, status: int
) -> HttpResponse:
    """Show the comparison as it is now, with what is wrong at its pair."""
    beside = _beside(request, version.pk)
    if beside.base is None or beside.version.state != VersionState.DRAFT:
        messages.error(request, problem)
        return redirect(_url(version))
    named = form.cleaned_data.get("new") or form.cleaned_data.get("old")
    choice = form.cleaned_data.get("choice", "") if status == BAD_REQUEST else ""
    failed = Failed(f"s{named.pk}" if named else "", problem, choice)
    return _page(request, beside, beside.base, failed, status)


def _next_of(
    request: SignedIn, version: FrameworkVersion, old: Statement | None, new: Statement | None
) -> str:
    """Lead from a doubtful pair to the next open one, else back to where the statement stands."""
    base, answered = base_of(version), new or old
    if base is None or answered is None:
        return _url(version)
    comparison = compared(base, version)
    asked = {s for question in comparison.questions for s in question.statements}
    if not asked & {old, new}:
        return f"{_url(version)}#s{answered.pk}"
    if not comparison.undecided:
        messages.success(request, "Every pair is decided.")
        return _url(version)
    return f"{_url(version)}#s{_open_after(comparison, answered)}"


def _open_after(comparison: Comparison, answered: Statement) -> int:
    """Give the new statement of the first open pair below this one, else of the first of all."""
    order = [sides.new.pk for sides in comparison.sides if sides.new]
    opened = [sides.new.pk for sides in comparison.undecided if sides.new]
    place = order.index(answered.pk) if answered.pk in order else 0
    return next((pk for pk in opened if order.index(pk) > place), opened[0])


@require_POST
def version_pair_undo(request: SignedIn, pk: int) -> HttpResponse:
    version = managed(request, pk)
    form = StatementsForm(request.POST, version=version, base=base_of(version))
    if not form.is_valid():
        return _again(request, version, form, NOT_HERE, BAD_REQUEST)
    old, new, since = (form.cleaned_data[name] for name in ("old", "new", "since"))
    try:
        actions.undo_pairing(version=version, old=old, new=new, since=since)
    except actions.PairingRefused as error:
        return _again(request, version, form, str(error), CONFLICT)
    return redirect(f"{_url(version)}#s{(new or old).pk}")
