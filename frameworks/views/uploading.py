from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.views.requests import SignedIn
from frameworks import actions
from frameworks.comparison_queries import base_of
from frameworks.documents import Problem
from frameworks.forms import UploadForm
from frameworks.models import FrameworkVersion, VersionState
from frameworks.parsing import MOST_BYTES
from frameworks.permissions import can_manage_frameworks
from frameworks.views.problem_lists import sorted_out


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
            return redirect(_page_of(outcome.version))
    context = {"form": form, **sorted_out(problems)}
    return render(
        request, "frameworks/version_upload.html", context, status=422 if problems else 200
    )


def _page_of(version: FrameworkVersion | None) -> str:
    """Lead to what changed, or to what was read where there is nothing to compare with."""
    if version is None:
        return reverse("frameworks:framework_list")
    if version.state == VersionState.DRAFT and base_of(version):
        return reverse("frameworks:version_compare", args=[version.pk])
    return version.get_absolute_url()
