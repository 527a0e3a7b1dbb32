"""One assessment as it stood at a moment."""

import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.views.requests import SignedIn
from assessments.as_of_queries import as_it_stood, rows_as_of
from assessments.forms.as_of import AsOfForm
from assessments.models import Assessment
from assessments.permissions import (
    is_clerk_of,
    is_supervisor_of,
    may_see_both,
    may_see_earlier_rounds,
)
from assessments.queries import visible_to
from assessments.views.shown import in_words, line_of, only_by, roles_of
from assessments.views.stages import chip_of


@require_safe
def assessment_as_of(request: SignedIn, pk: int) -> HttpResponse:
    assessment = get_object_or_404(visible_to(request.user), pk=pk)

    form = AsOfForm(request.GET or {"on": timezone.localdate().isoformat()})
    page = _page(assessment, request.user) | {"form": form}
    if form.is_valid():
        page |= _as_of(assessment, request.user, form.moment)
    status = 200 if form.is_valid() else 400
    return render(request, "assessments/assessment_as_of.html", page, status=status)


def _page(assessment: Assessment, viewer: User) -> dict[str, Any]:
    as_clerk = is_clerk_of(viewer, assessment)
    blind = not may_see_both(viewer, assessment) and assessment.both_complete and not as_clerk
    return {
        "assessment": assessment,
        "version": assessment.version,
        "is_clerk": as_clerk,
        "is_supervisor": is_supervisor_of(viewer, assessment),
        "history": [line_of(each, blind) for each in assessment.events.select_related("by")],
    }


def _as_of(assessment: Assessment, viewer: User, moment: datetime.datetime) -> dict[str, Any]:
    """Read what stood then, for who may see it now: no side of a round that is not complete."""
    then, events = as_it_stood(assessment, moment)
    found: dict[str, Any] = {"moment": moment, "then": then}
    if then is None:
        return found
    both = then.both_complete and may_see_earlier_rounds(viewer, assessment)
    as_clerk, as_supervisor = is_clerk_of(viewer, assessment), is_supervisor_of(viewer, assessment)
    levels = rows_as_of(then, roles_of(both, as_clerk, as_supervisor), moment)
    if as_supervisor and not both:
        levels = [only_by(viewer, level) for level in levels]
    is_rated = any(row.by_clerk or row.by_supervisor for level in levels for row in level.rows)
    sign_offs = assessment.sign_offs.filter(record__sealed_at__lte=moment)
    return found | {
        "both": both,
        "chip": chip_of(then),
        "last": events[-1],
        "levels": in_words(levels, assessment.cycle.the_scale) if is_rated else [],
        "sign_off": sign_offs.select_related("level", "signed_by", "revocation__by")
        .order_by("round", "pk")
        .last(),
    }
