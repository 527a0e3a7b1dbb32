from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.views.requests import SignedIn
from assessments.actions import VersionInUse, publish_version, retire_version
from frameworks import actions
from frameworks.documents import JOB_ZONES, Problem
from frameworks.forms import LabelForm, UploadForm
from frameworks.models import FrameworkVersion, VersionState
from frameworks.parsing import MOST_BYTES
from frameworks.permissions import can_manage_frameworks
from frameworks.places import in_words
from frameworks.queries import (
    document_of,
    levels_of,
    reading_of,
    versions_by_framework,
    visible_to,
)

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


@require_http_methods(["GET", "HEAD", "POST"])
def version_upload(request: SignedIn) -> HttpResponse:
    if not can_manage_frameworks(request.user):
        raise PermissionDenied
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    problems: list[Problem] = []
    if form.is_bound and form.is_valid():
        try:
            outcome = actions.import_version(
                data=form.cleaned_data["file"].read(MOST_BYTES + 1),
                label=form.cleaned_data["label"] or None,
                by=request.user,
            )
        except actions.ImportRejected as rejected:
            problems = rejected.problems
        else:
            if outcome.status == "already_imported":
                messages.info(request, "This content was imported before. Here it is.")
            else:
                messages.success(request, "Imported as a draft. Look at what was read.")
            return redirect(outcome.version or "frameworks:framework_list")
    context = {"form": form, **_sorted_out(problems)}
    return render(
        request, "frameworks/version_upload.html", context, status=422 if problems else 200
    )


def _sorted_out(problems: list[Problem]) -> dict[str, list[tuple[Problem, str]]]:
    """Give errors and warnings apart, each with its place in words."""
    placed = [(problem, in_words(problem.path)) for problem in problems]
    return {
        "errors": [pair for pair in placed if pair[0].severity == "error"],
        "warnings": [pair for pair in placed if pair[0].severity == "warning"],
    }


@require_safe
def version_detail(request: SignedIn, pk: int) -> HttpResponse:
    version = get_object_or_404(visible_to(request.user), pk=pk)
    if version.state == VersionState.DRAFT:
        document, problems = reading_of(version)
    else:
        document, problems = document_of(version), []
    published = version.framework.versions.filter(state=VersionState.PUBLISHED).first()
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
            **_sorted_out(problems),
            "published": published,
            "label_form": LabelForm(),
            "can_manage": can_manage_frameworks(request.user),
        },
    )


def _managed(request: SignedIn, pk: int) -> FrameworkVersion:
    version = get_object_or_404(visible_to(request.user), pk=pk)
    if not can_manage_frameworks(request.user):
        raise PermissionDenied
    return version


@require_POST
def version_publish(request: SignedIn, pk: int) -> HttpResponse:
    version = _managed(request, pk)
    try:
        publish_version(version=version, by=request.user)
    except (actions.PublishRefused, VersionInUse) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Published {version}. New cycles can use it from now on.")
    return redirect(version)


@require_POST
def version_retire(request: SignedIn, pk: int) -> HttpResponse:
    version = _managed(request, pk)
    try:
        retire_version(version=version, by=request.user)
    except (actions.PublishRefused, VersionInUse) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Retired {version}. What was rated and signed under it stays.")
    return redirect(version)


@require_POST
def version_label(request: SignedIn, pk: int) -> HttpResponse:
    version = _managed(request, pk)
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
    version = _managed(request, pk)
    try:
        actions.discard_version(version=version, by=request.user)
    except actions.PublishRefused as error:
        messages.error(request, str(error))
        return redirect(version)
    messages.success(request, "The draft is discarded. The file can be imported again.")
    return redirect("frameworks:framework_list")


@require_safe
def version_source(request: SignedIn, pk: int) -> HttpResponse:
    version = _managed(request, pk)
    name = f"{version.framework.soc}_{version.source_sha256[:8]}.json"
    return HttpResponse(
        bytes(version.source_bytes),
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
