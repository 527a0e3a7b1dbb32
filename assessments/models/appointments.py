from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from frameworks.models import Level

PERSON = settings.AUTH_USER_MODEL


class Appointment(models.Model):
    """A person may sign up to a level without a placement of their own, until a day."""

    person = models.ForeignKey(PERSON, models.PROTECT, related_name="appointments")
    up_to_level = models.ForeignKey(Level, models.PROTECT, related_name="+")
    reason = models.TextField()
    ends_on = models.DateField()
    appointed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    appointed_at = models.DateTimeField()
    record = models.OneToOneField("records.Record", models.PROTECT, related_name="appointment")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    ended_reason = models.TextField(blank=True)
    ended_record = models.OneToOneField(
        "records.Record", models.PROTECT, null=True, related_name="appointment_ended"
    )

    class Meta:
        ordering: ClassVar = ["-appointed_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(name="appointment_says_why", condition=~Q(reason="")),
            models.CheckConstraint(
                name="appointment_ended_says_why",
                condition=Q(ended_at__isnull=True, ended_record__isnull=True)
                | (Q(ended_at__isnull=False, ended_record__isnull=False) & ~Q(ended_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, up to {self.up_to_level}"
