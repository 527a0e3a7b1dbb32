from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.views.requests import SignedIn
from frameworks import actions
from frameworks.comparison_queries import base_of, compared
from frameworks.documents import JOB_ZONES
from frameworks.forms import LabelForm
from frameworks.models import FrameworkVersion, VersionState
from frameworks.permissions import can_manage_frameworks
from frameworks.queries import (
    document_of,
    levels_of,
    reading_of,
    versions_by_framework,
    visible_to,
)
from frameworks.views.compare_page import groups_of
from frameworks.views.managed import managed
from frameworks.views.problem_lists import sorted_out

# What the export names its sources, in words; others are shown as the file names them.
SOURCES = {"onet": "O*NET", "crosswalk": "Crosswalk", "generator": "Made with"}


@require_safe
def framework_list(request: SignedIn) -> HttpResponse:
    return render(
        request,
        "frameworks/framework_list.html",
        {
            "frameworks": versions_by_framework(request.user),
            "can_manage": can_manage_frameworks(request.user),
        },
    )


@require_safe
def version_detail(request: SignedIn, pk: int) -> HttpResponse:
    version = get_object_or_404(visible_to(request.user), pk=pk)
    if version.state == VersionState.DRAFT:
        document, problems = reading_of(version)
    else:
        document, problems = document_of(version), []
    base = base_of(version)
    levels = levels_of(version)
    return render(
        request,
        "frameworks/version_detail.html",
        {
            "version": version,
            "document": document,
            "job_zone": JOB_ZONES.get(document.job_zone or 0, ""),
            "sources": [(SOURCES.get(key, key), value) for key, value in document.sources.items()],
            "levels": levels,
            "statement_count": sum(len(level.statements) for level in levels),
            **sorted_out(problems),
            "base": base,
            "groups": groups_of(compared(base, version))
            if base and version.state == VersionState.DRAFT
            else [],
            "label_form": LabelForm(),
            "decided": version.changes.count() if version.state == VersionState.DRAFT else 0,
            "can_manage": can_manage_frameworks(request.user),
        },
    )


@require_POST
def version_label(request: SignedIn, pk: int) -> HttpResponse:
    version = managed(request, pk)
    form = LabelForm(request.POST)
    try:
        if not form.is_valid():
            raise actions.PublishRefused("A version's name has 1 to 40 characters.")
        actions.name_version(version=version, label=form.cleaned_data["label"], by=request.user)
    except actions.PublishRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "The version has its name.")
    return redirect(version)


@require_POST
def version_discard(request: SignedIn, pk: int) -> HttpResponse:
    version = managed(request, pk)
    try:
        actions.discard_version(version=version, by=request.user)
    except actions.PublishRefused as error:
        messages.error(request, str(error))
        is_there = FrameworkVersion.objects.filter(pk=pk).exists()
        return redirect(version) if is_there else redirect("frameworks:framework_list")
    messages.success(request, "The draft is discarded. The file can be imported again.")
    return redirect("frameworks:framework_list")


@require_safe
def version_source(request: SignedIn, pk: int) -> HttpResponse:
    version = managed(request, pk)
    name = f"{version.framework.soc}_{version.source_sha256[:8]}.json"
    return HttpResponse(
        bytes(version.source_bytes),
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
