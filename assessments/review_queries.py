from accounts.models import User
from accounts.queries import read_firm
from assessments.models import Assessment, Role


def other_rater(assessment: Assessment, by: User) -> User | None:
    """Give who else is rating this round and still acts for the clerk: supervisor or delegate."""
    rows = assessment.ratings.filter(role=Role.SUPERVISOR, round=assessment.round)
    first = rows.exclude(author=by).select_related("author").first()
    if first is None or first.author_id not in read_firm().acting(assessment.clerk):
        return None
    return first.author
