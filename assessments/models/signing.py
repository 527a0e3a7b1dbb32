from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from assessments.models.assessments import Assessment
from assessments.models.cycles import PlacementRule
from frameworks.models import Level

PERSON = settings.AUTH_USER_MODEL


class JustificationCategory(models.TextChoices):
    """Why a supervisor places at another level than the suggested one."""

    OTHER_EVIDENCE = "other_evidence", "Work seen that the statements do not cover"
    CRITICAL_STATEMENT = "critical_statement", "One statement weighs more than its share"
    RECENT_CHANGE = "recent_change", "The work or the role has just changed"
    NOT_YET_STEADY = "not_yet_steady", "Shown, but not yet steadily"
    OTHER = "other", "Another reason"


class SignOff(models.Model):
    """A placement as a supervisor signed it; in force once it has its record."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="sign_offs")
    round = models.PositiveSmallIntegerField()
    clerk = models.ForeignKey(PERSON, models.PROTECT, related_name="sign_offs")
    # No level: not yet placed.
    level = models.ForeignKey(Level, models.PROTECT, null=True, related_name="+")
    suggested_level = models.ForeignKey(Level, models.PROTECT, null=True, related_name="+")
    rule = models.ForeignKey(PlacementRule, models.PROTECT, related_name="+")
    justification_category = models.CharField(
        max_length=20, choices=JustificationCategory, blank=True
    )
    justification = models.TextField(blank=True)
    signed_by = models.ForeignKey(PERSON, models.PROTECT, related_name="signed")
    # The supervisor in whose place a delegate signed.
    on_behalf_of = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField()
    needs_second = models.BooleanField(default=False)
    second_signed_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, related_name="second_signed"
    )
    second_signed_at = models.DateTimeField(null=True)
    valid_until = models.DateField(null=True)
    record = models.OneToOneField(
        "records.Record", models.PROTECT, null=True, related_name="sign_off"
    )
    supersedes = models.ForeignKey("self", models.PROTECT, null=True, related_name="superseded_by")
    # Why it takes the place of that one, where no dispute was decided by it.
    correction_reason = models.TextField(blank=True)
    declined_at = models.DateTimeField(null=True)
    declined_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    declined_reason = models.TextField(blank=True)
    voided_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-signed_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="sign_off_once_per_round",
                fields=["assessment", "round"],
                condition=Q(declined_at__isnull=True, voided_at__isnull=True),
            ),
            models.UniqueConstraint(
                name="sign_off_superseded_once",
                fields=["supersedes"],
                condition=Q(declined_at__isnull=True, voided_at__isnull=True),
            ),
            models.CheckConstraint(
                name="sign_off_by_someone_else",
                condition=~Q(signed_by=F("clerk"))
                & (Q(second_signed_by__isnull=True) | ~Q(second_signed_by=F("clerk"))),
            ),
            models.CheckConstraint(
                name="sign_off_by_two_people",
                condition=Q(second_signed_by__isnull=True) | ~Q(second_signed_by=F("signed_by")),
            ),
            models.CheckConstraint(
                name="sign_off_second_signature_has_its_time",
                condition=Q(second_signed_by__isnull=True, second_signed_at__isnull=True)
                | Q(second_signed_by__isnull=False, second_signed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="sign_off_sealed_when_all_have_signed",
                condition=Q(record__isnull=False, needs_second=False)
                | Q(record__isnull=False, second_signed_by__isnull=False)
                | Q(record__isnull=True, needs_second=True, second_signed_by__isnull=True),
            ),
            models.CheckConstraint(
                name="sign_off_sealed_is_neither_declined_nor_void",
                condition=Q(record__isnull=True)
                | Q(declined_at__isnull=True, voided_at__isnull=True),
            ),
            models.CheckConstraint(
                name="sign_off_declined_says_who_and_why",
                condition=Q(declined_at__isnull=True, declined_by__isnull=True)
                | (
                    Q(declined_at__isnull=False, declined_by__isnull=False) & ~Q(declined_reason="")
                ),
            ),
            models.CheckConstraint(
                name="sign_off_correction_supersedes",
                condition=Q(correction_reason="") | Q(supersedes__isnull=False),
            ),
            models.CheckConstraint(
                name="sign_off_override_says_why",
                condition=Q(level__isnull=True, suggested_level__isnull=True)
                | Q(
                    level__isnull=False,
                    suggested_level__isnull=False,
                    level=F("suggested_level"),
                )
                | (~Q(justification="") & ~Q(justification_category="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clerk}: {self.level or 'Not yet placed'}"

    @property
    def is_correction(self) -> bool:
        """Say whether it takes the place of another one for a reason, without a dispute."""
        return bool(self.correction_reason)

    @property
    def is_waiting(self) -> bool:
        """Say whether it waits for a second signature."""
        return self.record_id is None and self.declined_at is None and self.voided_at is None


class Acknowledgement(models.Model):
    """The clerk has seen a sign-off, and may have replied; seen is not agreed."""

    sign_off = models.OneToOneField(SignOff, models.PROTECT, related_name="acknowledgement")
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reply = models.TextField(blank=True)
    record = models.OneToOneField("records.Record", models.PROTECT, related_name="acknowledgement")

    def __str__(self) -> str:
        return f"{self.by} has seen {self.sign_off}"
