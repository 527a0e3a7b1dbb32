from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.views.requests import SignedIn
from assessments.actions import VersionInUse, WorkflowError, publish_version, retire_version
from assessments.carryover_queries import cycles_to_ask
from assessments.forms.publishing import PublishForm
from assessments.impact_queries import Impact, NewLevel, impact_of
from frameworks import actions
from frameworks.comparison_queries import Comparison, base_of, compared, seen_of
from frameworks.identity_queries import coming_back
from frameworks.models import FrameworkVersion, VersionState
from frameworks.views.managed import managed


@require_http_methods(["GET", "HEAD", "POST"])
def version_publish(request: SignedIn, pk: int) -> HttpResponse:
    version = managed(request, pk)
    if version.state == VersionState.PUBLISHED:
        messages.info(request, f"{version} is published already.")
        return redirect(version)
    status, refused = 200, ""
    if request.method == "POST":
        form = _form(request.POST, version, seen="")
        if form.is_valid():
            try:
                published = publish_version(
                    version=version, by=request.user, policy=form.policy, seen=form.was_seen
                )
            except (actions.PublishRefused, WorkflowError) as error:
                status, refused = 409, str(error)
                found = FrameworkVersion.objects.select_related("framework").filter(pk=pk).first()
                if found is None:
                    messages.error(request, refused)
                    return redirect("frameworks:framework_list")
                version = found
            else:
                word = f"Published {published}. New cycles can use it from now on."
                messages.success(request, word)
                return redirect(published)
        else:
            status = 400
    if version.state == VersionState.PUBLISHED:  # by the first of two clicks
        return redirect(version)
    comparison = compared_with_base(version)
    data = request.POST if request.method == "POST" else None
    form = _form(data, version, seen_of(version, comparison))
    context = {
        "version": version,
        "base": comparison.old if comparison else None,
        "form": form,
        "refused": refused,
        "comparison": comparison,
        "impact": impact_on(comparison) if comparison else None,
    }
    return render(request, "frameworks/version_publish.html", context, status=status)


def _form(data: QueryDict | None, version: FrameworkVersion, seen: str) -> PublishForm:
    return PublishForm(data, version=version, seen=seen, cycles=cycles_to_ask(version))


def compared_with_base(version: FrameworkVersion) -> Comparison | None:
    base = base_of(version)
    return compared(base, version) if base else None


def impact_on(comparison: Comparison) -> Impact:
    levels = [NewLevel(level.key, level.label) for level in comparison.new.levels.all()]
    back = coming_back(comparison.old, comparison.diff, comparison.new)
    return impact_of(comparison.old, comparison.diff, levels, back)


@require_POST
def version_retire(request: SignedIn, pk: int) -> HttpResponse:
    version = managed(request, pk)
    try:
        retire_version(version=version, by=request.user)
    except (actions.PublishRefused, VersionInUse) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Retired {version}. What was rated and signed under it stays.")
    return redirect(version)
