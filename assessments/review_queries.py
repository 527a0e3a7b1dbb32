from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import F

from accounts.models import User
from accounts.queries import Firm, read_firm
from assessments.models import Assessment, Rating, Role
from assessments.workflow import RATE_CLERK


class OtherReview(NamedTuple):
    """Somebody else's unfinished review of the present round: how many, never which answers."""

    by: User
    rated: int
    total: int

    @property
    def in_words(self) -> str:
        return f"{self.by} is rating this: {self.rated} of {self.total}."


def other_rater(assessment: Assessment, by: User) -> User | None:
    """Give who else is rating this round and still acts for the clerk: supervisor or delegate."""
    rows = assessment.ratings.filter(role=Role.SUPERVISOR, round=assessment.round)
    first = rows.exclude(author=by).select_related("author").first()
    if first is None or first.author_id not in read_firm().acting(assessment.clerk):
        return None
    return first.author


def taken_by_others(assessments: Iterable[Assessment], by: User, firm: Firm) -> set[int]:
    """Give the assessments that somebody else who acts for the clerk is rating: one query."""
    rating = {a.pk: a for a in assessments if a.state in RATE_CLERK.from_states}
    rows = Rating.objects.filter(
        assessment__in=rating, role=Role.SUPERVISOR, round=F("assessment__round")
    )
    authors = rows.exclude(author=by).order_by().values_list("assessment", "author").distinct()
    return {pk for pk, author in authors if author in firm.acting(rating[pk].clerk)}


def other_review(assessment: Assessment, by: User) -> OtherReview | None:
    """Count how far whoever else is rating this round has come; None where nobody is."""
    other = other_rater(assessment, by)
    if other is None:
        return None
    rated = assessment.ratings.filter(
        role=Role.SUPERVISOR,
        round=assessment.round,
        author=other,
        point__isnull=False,
        needs_confirmation=False,
    )
    return OtherReview(other, rated.count(), assessment.version.statements.count())
