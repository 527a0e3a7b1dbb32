"""Who was placed where on a day, under which wording and signed by whom."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.views.requests import SignedIn
from assessments.forms.as_of import PlacementAsOfForm
from assessments.in_force_queries import placements_on, read_in_force

PER_PAGE = 10


@require_safe
def placement_as_of(request: SignedIn) -> HttpResponse:
    today = timezone.localdate()
    form = PlacementAsOfForm(request.GET if "on" in request.GET else {"on": today.isoformat()})
    context = {"form": form, "today": today}
    if form.is_valid():
        day, name, words = (form.cleaned_data[field] for field in ("on", "name", "words"))
        found = placements_on(request.user, day, name, words)
        page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
        context |= {
            "day": day,
            "page": page,
            "placements": read_in_force(list(page), day, words),
            "words": words,
            "versions": {
                each.assessment.version_id: each.assessment.version for each in page
            }.values(),
            "is_narrowed": bool(name or words),
        }
    status = 200 if form.is_valid() else 400
    return render(request, "assessments/placement_as_of.html", context, status=status)
