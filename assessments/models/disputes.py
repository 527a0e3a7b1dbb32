from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from assessments.models.signing import SignOff
from frameworks.models import Statement

PERSON = settings.AUTH_USER_MODEL


class DisputeOutcome(models.TextChoices):
    OPEN = "", "Open"
    UPHELD = "upheld", "Upheld"
    SUPERSEDED = "superseded", "Superseded"


class Dispute(models.Model):
    """A clerk disputes statements of a sign-off; the placement stands until it is decided."""

    sign_off = models.OneToOneField(SignOff, models.PROTECT, related_name="dispute")
    reason = models.TextField()
    opened_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    # Named by an administrator where nobody up the tree is free of the sign-off.
    named_decider = models.ForeignKey(
        PERSON, models.PROTECT, null=True, related_name="disputes_to_decide"
    )
    named_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    named_at = models.DateTimeField(null=True)
    # The decider's ratings are complete: from here on they see the others'.
    rated_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    rated_at = models.DateTimeField(null=True)
    outcome = models.CharField(
        max_length=10, choices=DisputeOutcome, blank=True, default=DisputeOutcome.OPEN
    )
    decision_reason = models.TextField(blank=True)
    decided_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    record = models.OneToOneField(
        "records.Record", models.PROTECT, null=True, related_name="dispute"
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="dispute_says_why", condition=~Q(reason="")),
            models.CheckConstraint(
                name="dispute_outcome_known", condition=Q(outcome__in=DisputeOutcome.values)
            ),
            models.CheckConstraint(
                name="dispute_decided_by_whom_and_why",
                condition=Q(
                    outcome="",
                    decided_by__isnull=True,
                    decided_at__isnull=True,
                    record__isnull=True,
                )
                | (
                    ~Q(outcome="")
                    & ~Q(decision_reason="")
                    & Q(
                        decided_by__isnull=False,
                        decided_at__isnull=False,
                        record__isnull=False,
                        rated_at__isnull=False,
                    )
                ),
            ),
            models.CheckConstraint(
                name="dispute_decided_by_someone_else",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("opened_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"Dispute of {self.sign_off}"

    @property
    def is_open(self) -> bool:
        return self.outcome == DisputeOutcome.OPEN


class DisputedStatement(models.Model):
    """One statement of a dispute, with the decider's rating once it is given."""

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="statements")
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="+")
    point = models.PositiveSmallIntegerField(null=True)
    note = models.TextField(blank=True)
    author = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    saved_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="disputed_statement_once", fields=["dispute", "statement"]
            ),
            models.CheckConstraint(
                name="disputed_statement_on_scale",
                condition=Q(point__isnull=True, author__isnull=True)
                | Q(point__gte=0, point__lte=4, author__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.statement}: {self.point}"
