import datetime

from django.db.models import OuterRef, Q, QuerySet, Subquery

from accounts.models import User
from accounts.permissions import is_administrator, is_auditor
from accounts.queries import delegated_clerk_ids, teams_under
from assessments.models import Cycle, SignOff
from assessments.queries import by_force, sign_offs


def sign_offs_visible_to(user: User) -> QuerySet[SignOff]:
    """Give the signed placements this person may see, newest first.

    Auditors and administrators see all, supervisors and their delegates those below
    them, everybody their own. `later_record` is the record that has taken the place of one.
    """
    later = SignOff.objects.filter(supersedes=OuterRef("pk"), record__isnull=False).order_by()
    found = sign_offs().annotate(later_record=Subquery(later.values("record")[:1]))
    found = found.select_related("record").defer("record__payload")
    if is_auditor(user) or is_administrator(user):
        return found
    below = Q(clerk__team__in=teams_under(user)) | Q(clerk__in=delegated_clerk_ids(user))
    return found.filter(Q(clerk=user) | below)


def narrowed(
    found: QuerySet[SignOff], name: str, *, signer: User | None = None, cycle: Cycle | None = None
) -> QuerySet[SignOff]:
    """Keep the sign-offs of clerks in whose name every word of `name` occurs.

    With a signer those whose first signature is theirs, with a cycle those of the cycle.
    """
    for word in name.split():
        first = Q(clerk__first_name__icontains=word)
        found = found.filter(first | Q(clerk__last_name__icontains=word))
    if signer:
        found = found.filter(signed_by=signer)
    return found.filter(assessment__cycle=cycle) if cycle else found


def in_force_on(found: QuerySet[SignOff], day: datetime.date) -> QuerySet[SignOff]:
    """Keep what was in force at the end of that day (local time): one for each clerk at most.

    What was sealed later does not count, and what it superseded stands. It may have been valid no
    longer: that is the reader's to see. Where it was revoked by then, nothing was in force.
    """
    then = SignOff.objects.filter(clerk=OuterRef("clerk"), record__sealed_at__date__lte=day)
    latest = found.filter(pk=Subquery(by_force(then).values("pk")[:1]))
    return latest.exclude(revocation__at__date__lte=day)
