from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.views.requests import SignedIn
from assessments.actions import VersionInUse, publish_version, retire_version
from frameworks import actions
from frameworks.forms import LabelForm, UploadForm
from frameworks.models import FrameworkVersion, VersionState
from frameworks.parsing import MOST_BYTES
from frameworks.permissions import can_manage_frameworks
from frameworks.queries import document_of, levels_of, versions_by_framework, visible_to
from frameworks.validation import read


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
    form = UploadForm(request.POST or None, request.FILES or None)
    problems = []
    if request.method == "POST" and form.is_valid():
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
    context = {"form": form, "problems": problems}
    return render(
        request, "frameworks/version_upload.html", context, status=422 if problems else 200
    )


@require_safe
def version_detail(request: SignedIn, pk: int) -> HttpResponse:
    version = get_object_or_404(visible_to(request.user), pk=pk)
    is_draft = version.state == VersionState.DRAFT
    problems = read(bytes(version.source_bytes))[-1] if is_draft else []
    published = version.framework.versions.filter(state=VersionState.PUBLISHED).first()
    return render(
        request,
        "frameworks/version_detail.html",
        {
            "version": version,
            "document": document_of(version),
            "levels": levels_of(version),
            "problems": problems,
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
