from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from assessments.models.signing import SignOff


class Revocation(models.Model):
    """A sealed sign-off was taken back for a reason: from that moment it places nobody."""

    sign_off = models.OneToOneField(SignOff, models.PROTECT, related_name="revocation")
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="revoked")
    at = models.DateTimeField()
    record = models.OneToOneField("records.Record", models.PROTECT, related_name="revocation")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="revocation_says_why", condition=~Q(reason=""))
        ]

    def __str__(self) -> str:
        return f"{self.sign_off}, revoked"
