from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.permissions import is_auditor
from accounts.queries import delegated_clerk_ids, teams_under
from records.models import Record


def visible_to(user: User) -> QuerySet[Record]:
    """Give the records this person may read.

    Auditors all; others their own, those of people below them in the tree or for whose supervisor
    they act today, and those about a framework. Administrators see placements, not the answers
    that a record holds.
    """
    records = Record.objects.select_related("subject")
    if is_auditor(user):
        return records
    below = Q(subject__team_id__in=teams_under(user)) | Q(subject__in=delegated_clerk_ids(user))
    return records.filter(Q(subject=user) | Q(subject=None) | below)
