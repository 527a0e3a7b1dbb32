import json
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.views.requests import SignedIn
from records.models import RecordKind
from records.permissions import visible_to
from records.queries import as_file, check, rated_levels

PER_PAGE = 50


@require_safe
def record_list(request: SignedIn) -> HttpResponse:
    page = Paginator(visible_to(request.user).defer("payload"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    return render(request, "records/record_list.html", {"page": page})


@require_safe
def record_detail(request: SignedIn, sequence: int) -> HttpResponse:
    record = get_object_or_404(visible_to(request.user), pk=sequence)
    payload = json.loads(record.payload)
    context: dict[str, Any] = {
        "record": record,
        "payload": payload,
        "check": check(record),
        "version": _version(payload),
    }
    if record.kind != RecordKind.SIGN_OFF:
        return render(request, "records/record_framework.html", context)
    rounds = [(found, rated_levels(payload, found["round"])) for found in payload["rounds"]]
    context |= {"levels": rounds[-1][1], "earlier": rounds[:-1]}
    return render(request, "records/record_sign_off.html", context)


@require_safe
def record_download(request: SignedIn, sequence: int) -> HttpResponse:
    record = get_object_or_404(visible_to(request.user), pk=sequence)
    return HttpResponse(
        as_file(record),
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="record-{record.sequence}.json"'},
    )


def _version(payload: dict[str, Any]) -> dict[str, Any]:
    """Give what the attribution below the statements names, from the record itself."""
    framework = payload["framework"]
    return {
        "attribution": framework["attribution"],
        "onet": (framework["sources"] or {}).get("onet", ""),
        "label": framework["label"],
        "framework": framework,
    }
