from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from assessments.models.assessments import Assessment, Role
from assessments.reconciling import Outcome
from frameworks.models import Statement

PERSON = settings.AUTH_USER_MODEL


class Reconciliation(models.Model):
    """A statement that the two sides settle between them, and how it came out."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="reconciliations")
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField()
    # Nobody: the ratings lie so far apart that it is put before both.
    opened_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True, default=Outcome.OPEN)
    point = models.PositiveSmallIntegerField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="reconciliation_once_per_round", fields=["assessment", "statement", "round"]
            ),
            models.CheckConstraint(
                name="reconciliation_outcome_known", condition=Q(outcome__in=Outcome.values)
            ),
            models.CheckConstraint(
                name="reconciliation_agreed_on_a_point",
                condition=Q(outcome="agreed", point__isnull=False)
                | (~Q(outcome="agreed") & Q(point__isnull=True)),
            ),
            models.CheckConstraint(
                name="reconciliation_settled_by_somebody",
                condition=Q(outcome="", settled_at__isnull=True, settled_by__isnull=True)
                | (~Q(outcome="") & Q(settled_at__isnull=False, settled_by__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.statement}: {self.get_outcome_display()}"


class ReconciliationAnswer(models.Model):
    """What one side said on a statement that is being reconciled; nothing here ever changes."""

    reconciliation = models.ForeignKey(Reconciliation, models.PROTECT, related_name="answers")
    role = models.CharField(max_length=10, choices=Role)
    # The rating this side proposes; none: "we differ".
    point = models.PositiveSmallIntegerField(null=True)
    reason = models.TextField(blank=True)
    author = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="reconciliation_answer_by_a_side",
                condition=Q(role__in=["self", "supervisor"]),
            ),
            models.CheckConstraint(
                name="reconciliation_answer_on_scale",
                condition=Q(point__isnull=True) | Q(point__gte=0, point__lte=4),
            ),
            models.CheckConstraint(
                name="reconciliation_difference_says_why",
                condition=Q(point__isnull=False) | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.point}"
