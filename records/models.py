from typing import ClassVar

from django.db import models
from django.urls import reverse


class RecordKind(models.TextChoices):
    FRAMEWORK_PUBLISHED = "framework_published", "Framework published"
    FRAMEWORK_RETIRED = "framework_retired", "Framework retired"
    APPOINTMENT = "appointment", "Appointment"
    APPOINTMENT_ENDED = "appointment_ended", "Appointment ended"
    SIGN_OFF = "sign_off", "Sign-off"
    SUPERSESSION = "supersession", "Superseding sign-off"
    REVOCATION = "revocation", "Sign-off revoked"
    ACKNOWLEDGEMENT = "acknowledgement", "Acknowledgement"
    DISPUTE_UPHELD = "dispute_upheld", "Dispute decided, placement upheld"


class Record(models.Model):
    """One sealed entry of the ledger; it holds everything needed to read it."""

    sequence = models.PositiveBigIntegerField(primary_key=True)
    kind = models.CharField(max_length=40, choices=RecordKind)
    subject = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="records")
    # Canonical JSON as text: a JSON column would reorder the keys and break the digest.
    payload = models.TextField()
    digest = models.CharField(max_length=64, unique=True)
    previous_digest = models.CharField(max_length=64, unique=True)
    seal = models.CharField(max_length=128)
    key_id = models.CharField(max_length=16)
    sealed_at = models.DateTimeField()
    supersedes = models.ForeignKey("self", models.PROTECT, null=True, related_name="superseded_by")

    class Meta:
        ordering: ClassVar = ["-sequence"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="record_superseded_once", fields=["supersedes"])
        ]

    def __str__(self) -> str:
        return f"Sealed record {self.sequence}"

    def get_absolute_url(self) -> str:
        return reverse("records:record_detail", args=[self.sequence])


class Chain(models.Model):
    """The one row that is locked while a record is appended."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="chain_has_one_row", condition=models.Q(id=1))
        ]

    def __str__(self) -> str:
        return "Chain"


class SigningKey(models.Model):
    """The public half of a key that has sealed records."""

    key_id = models.CharField(max_length=16, primary_key=True)
    public_key = models.CharField(max_length=64)
    since = models.DateTimeField()

    def __str__(self) -> str:
        return self.key_id


class VerificationStatus(models.TextChoices):
    OK = "ok", "Intact"
    BROKEN = "broken", "Broken"


class Verification(models.Model):
    """That the ledger was looked at in whole: when, how far it went, and what came out."""

    at = models.DateTimeField()
    head_sequence = models.PositiveBigIntegerField()
    head_digest = models.CharField(max_length=64)
    anchored = models.BooleanField(null=True)
    status = models.CharField(max_length=10, choices=VerificationStatus)
    # How many were found, and the first of them as a sentence.
    problems = models.PositiveIntegerField(default=0)
    first_problem = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="verification_ok_without_problems",
                condition=models.Q(status="ok", problems=0)
                | models.Q(status="broken", problems__gt=0),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_status_display()} on {self.at}"
