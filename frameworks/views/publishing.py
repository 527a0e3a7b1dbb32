from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.views.requests import SignedIn
from assessments.actions import VersionInUse, WorkflowError, publish_version, retire_version
from assessments.carryover_queries import cycles_to_ask
from assessments.forms.publishing import PublishForm
from assessments.impact_queries import Impact, NewLevel, impact_of
from frameworks import actions
from frameworks.comparison_queries import Comparison, base_of, compared
from frameworks.identity_queries import coming_back
from frameworks.models import VersionState
from frameworks.views.managed import managed


@require_http_methods(["GET", "HEAD", "POST"])
def version_publish(request: SignedIn, pk: int) -> HttpResponse:
    version = managed(request, pk)
    if version.state == VersionState.PUBLISHED:
        messages.info(request, f"{version} is published already.")
        return redirect(version)
    base = base_of(version)
    data = request.POST if request.method == "POST" else None
    form = PublishForm(data, version=version, base=base, cycles=cycles_to_ask(version))
    if form.is_valid():
        try:
            published = publish_version(
                version=version,
                by=request.user,
                policy=form.policy,
                against=form.cleaned_data["against"],
            )
        except (actions.PublishRefused, WorkflowError) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Published {published}. New cycles can use it from now on.")
            return redirect(published)
    comparison = compared(base, version) if base else None
    context = {
        "version": version,
        "base": base,
        "form": form,
        "comparison": comparison,
        "impact": impact_on(comparison) if comparison else None,
    }
    status = 409 if form.errors else 200
    return render(request, "frameworks/version_publish.html", context, status=status)


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
