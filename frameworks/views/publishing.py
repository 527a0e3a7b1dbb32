from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.views.requests import SignedIn
from assessments.actions import VersionInUse, publish_version, retire_version
from frameworks import actions
from frameworks.views.managed import managed


@require_POST
def version_publish(request: SignedIn, pk: int) -> HttpResponse:
    version = managed(request, pk)
    try:
        publish_version(version=version, by=request.user)
    except (actions.PublishRefused, VersionInUse) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Published {version}. New cycles can use it from now on.")
    return redirect(version)


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
