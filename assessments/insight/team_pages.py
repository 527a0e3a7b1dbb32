"""What a team covers and lacks, beside the table of who can do what."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.views.requests import SignedIn
from assessments.insight.heat_map import Asking, asked_for
from assessments.insight.reads import read_own
from assessments.insight.skills import (
    cover,
    cover_by_team,
    gaps_first,
    lapses,
    needs,
    proposals,
)

LAPSES_WITHIN_DAYS = 60
MOST_TEAMS = 8  # beside each other


@require_safe
def coverage(request: SignedIn) -> HttpResponse:
    asking = asked_for(request)
    if asking.scope.is_own_only:
        return redirect("assessments:heat_map")
    context = _shared(asking)
    if skills := asking.skills:
        covers, today = cover(skills), timezone.localdate()
        gaps = gaps_first(covers)
        teams = sorted({clerk.team for clerk in skills.clerks})
        context |= {
            "teams": teams,
            "by_team": cover_by_team(covers, teams) if 1 < len(teams) <= MOST_TEAMS else [],
            "gaps": gaps,
            "covered": [found for found in covers if found not in gaps],
            "lapses": lapses(covers, skills.clerks, today, LAPSES_WITHIN_DAYS),
            "days": LAPSES_WITHIN_DAYS,
        }
    return render(request, "insight/coverage.html", context)


@require_safe
def training_needs(request: SignedIn) -> HttpResponse:
    asking = asked_for(request)
    if asking.scope.is_own_only:
        return redirect("assessments:heat_map")
    context = _shared(asking)
    if skills := asking.skills:
        found = needs(skills, read_own(skills))
        context |= {"needs": found, "proposals": proposals(found)}
    return render(request, "insight/training_needs.html", context)


def _shared(asking: Asking) -> dict[str, object]:
    return {
        "form": asking.form,
        "version": asking.version,
        "cycle": asking.cycle,
        "skills": asking.skills,
        "is_own": False,
        "today": timezone.localdate(),
    }
