from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from assessments.scales import SCALES, Scale
from frameworks.models import FrameworkVersion

PERSON = settings.AUTH_USER_MODEL


class PlacementRule(models.Model):
    """How ratings suggest a level; a rule keeps its number and never changes."""

    number = models.PositiveSmallIntegerField(unique=True)
    threshold = models.PositiveSmallIntegerField()
    must_have = models.ManyToManyField("frameworks.Competency", blank=True)
    reason = models.TextField(blank=True)
    added_at = models.DateTimeField(null=True)
    added_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="rule_threshold_is_a_percentage",
                condition=Q(threshold__gte=1, threshold__lte=100),
            )
        ]

    def __str__(self) -> str:
        return f"Rule {self.number}"


class Cycle(models.Model):
    """A period in which teams are assessed against one version."""

    name = models.CharField(max_length=120, unique=True)
    version = models.ForeignKey(FrameworkVersion, models.PROTECT, related_name="cycles")
    scale = models.CharField(max_length=40, choices=[(key, key) for key in SCALES])
    rule = models.ForeignKey(PlacementRule, models.PROTECT, related_name="+")
    # Work begun since a later version was published is on that one, where it was so decided.
    moved_to = models.ForeignKey(FrameworkVersion, models.PROTECT, null=True, related_name="+")
    teams = models.ManyToManyField("accounts.Team", related_name="cycles")
    opens_on = models.DateField()
    due_on = models.DateField()
    reply_days = models.PositiveSmallIntegerField(default=10)
    valid_months = models.PositiveSmallIntegerField(default=12)
    # Who signs must hold the level they sign; Advanced and wide overrides take two signatures.
    needs_standing = models.BooleanField(default=False)
    needs_second_signer = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-opens_on", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="cycle_due_after_it_opens", condition=Q(due_on__gte=F("opens_on"))
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("assessments:cycle_detail", args=[self.pk])

    @property
    def starts_on(self) -> FrameworkVersion:
        """Give the version against which work that begins now is rated."""
        return self.moved_to or self.version

    @property
    def the_scale(self) -> Scale:
        return SCALES[self.scale]
