from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import is_administrator
from assessments.actions.refusals import Moved, NotYours, WorkflowError
from assessments.actions.words import checked_words
from assessments.models import PlacementRule
from frameworks.models import Competency, Statement, VersionState

SHIPPED_THRESHOLD = 80  # per cent of the counted statements
TRIES = 5


def default_rule() -> PlacementRule:
    """Give rule 1, made when the database is new."""
    rule, _ = PlacementRule.objects.get_or_create(
        number=1, defaults={"threshold": SHIPPED_THRESHOLD}
    )
    return rule


def add_rule(
    *, threshold: int, must_have: Iterable[Competency], reason: str, by: User
) -> PlacementRule:
    """Add a rule under the next number; it never changes. Raises WorkflowError."""
    if not is_administrator(by):
        raise NotYours("Only an administrator can add a rule.")
    if not 1 <= threshold <= 100:
        raise WorkflowError("The threshold is a whole number from 1 to 100.")
    reason = checked_words(reason, needed="Write why this rule is added.")
    must_have = list(must_have)
    for _ in range(TRIES):
        try:
            return _add(threshold, must_have, reason, by)
        except IntegrityError:  # of two at the same moment the number lets one through
            continue
    raise Moved("Other rules were added at the same moment. Add it once more.")


@transaction.atomic
def _add(threshold: int, must_have: list[Competency], reason: str, by: User) -> PlacementRule:
    now = timezone.now()
    _check_published(must_have)
    # Rule 1 is there for good: locked, it lets one after the other read what the last number is.
    PlacementRule.objects.select_for_update().get(pk=default_rule().pk)
    wanted = {competency.pk for competency in must_have}
    rules = list(PlacementRule.objects.prefetch_related("must_have"))
    for rule in rules:
        if rule.threshold == threshold and {c.pk for c in rule.must_have.all()} == wanted:
            raise WorkflowError(f"{rule} says the same already: use that one.")
    rule = PlacementRule.objects.create(
        number=rules[-1].number + 1,
        threshold=threshold,
        reason=reason,
        added_at=now,
        added_by=by,
    )
    rule.must_have.set(must_have)
    return rule


def _check_published(must_have: list[Competency]) -> None:
    wanted = {competency.pk for competency in must_have}
    published = Statement.objects.filter(
        version__state=VersionState.PUBLISHED, competency__in=wanted
    )
    if published.values("competency").distinct().count() < len(wanted):
        raise WorkflowError("A statement that must be shown is not of a published framework.")
