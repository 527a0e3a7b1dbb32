"""One answer as a script sends it, and what it is told."""

from typing import Any

from django.db.models import Exists, OuterRef
from django.http import JsonResponse, QueryDict
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from assessments import actions
from assessments.forms.rating import RatingForm
from assessments.models import Assessment, Rating, Role
from assessments.permissions import is_clerk_of, is_supervisor_of
from assessments.scales import Scale
from assessments.views.rating_level import NOT_AN_ANSWER
from assessments.views.rating_row import label_of, standing


def role_of(user: User, assessment: Assessment) -> Role | None:
    """Say in which role the person rates this assessment, or None."""
    if is_clerk_of(user, assessment):
        return Role.SELF
    return Role.SUPERVISOR if is_supervisor_of(user, assessment) else None


def rating_answer(data: QueryDict, assessment: Assessment, role: Role, by: User) -> JsonResponse:
    """Save one posted answer and say in JSON what is stored now, or why it is not."""
    form = RatingForm(data)
    if not form.is_valid():
        return JsonResponse({"message": NOT_AN_ANSWER}, status=400)
    try:
        rating = actions.save_rating(assessment=assessment, role=role, entry=form.entry, by=by)
    except actions.RatingRefused as refused:
        field = {"field": refused.field} if refused.field else {}
        return JsonResponse({"message": str(refused), **field}, status=400)
    except actions.Conflict as conflict:
        return JsonResponse(_conflict(conflict, assessment.cycle.the_scale), status=409)
    except actions.Moved as moved:
        goes_on = assessment.goes_on_in
        on = {"go_on": reverse("assessments:assessment_look", args=[goes_on.pk])} if goes_on else {}
        return JsonResponse({"message": str(moved), "moved": True, **on}, status=409)
    return JsonResponse(
        {
            "revision": rating.revision,
            "point": standing(rating),
            "note": rating.note,
            "reference": rating.reference,
            "saved_at": f"{timezone.localtime(rating.saved_at):%H:%M}",
            "progress": _progress(assessment, role, rating),
        }
    )


def _conflict(conflict: actions.Conflict, scale: Scale) -> dict[str, Any]:
    rating = conflict.ratings[0]
    theirs = {
        "point": standing(rating),
        "note": rating.note,
        "reference": rating.reference,
        "label": label_of(rating, scale),
    }
    return {"message": str(conflict), "revision": rating.revision, "theirs": theirs}


def _progress(assessment: Assessment, role: Role, rating: Rating) -> dict[str, int]:
    rated = assessment.ratings.filter(
        role=role,
        round=assessment.round,
        author=rating.author_id,
        point__isnull=False,
        needs_confirmation=False,
        statement=OuterRef("pk"),
    )
    statements = assessment.version.statements.annotate(is_rated=Exists(rated))
    places = list(statements.order_by().values_list("pk", "level_id", "is_rated"))
    level = next(level for pk, level, _ in places if pk == rating.statement_id)
    done = [level for _, level, is_rated in places if is_rated]
    return {
        "rated": len(done),
        "total": len(places),
        "level_rated": done.count(level),
        "level_total": [place[1] for place in places].count(level),
    }
