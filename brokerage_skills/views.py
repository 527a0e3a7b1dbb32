"""For watchers: nobody signs in, nothing is told of versions or people."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from brokerage_skills.health import findings


@login_not_required
@require_safe
def health_live(request: HttpRequest) -> HttpResponse:
    return HttpResponse("live\n", content_type="text/plain")


@login_not_required
@require_safe
def health_ready(request: HttpRequest) -> HttpResponse:
    found = findings()
    ready = not any(finding.problem for finding in found)
    checks = {finding.name: finding.problem or "ok" for finding in found}
    return JsonResponse({"ready": ready, "checks": checks}, status=200 if ready else 503)
