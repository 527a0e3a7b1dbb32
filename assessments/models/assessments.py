from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from assessments.models.cycles import Cycle, PlacementRule
from assessments.scales import NOT_PART_OF_ROLE
from assessments.workflow import BOTH_COMPLETE, OPEN, State
from frameworks.models import FrameworkVersion, Statement

PERSON = settings.AUTH_USER_MODEL


class Assessment(models.Model):
    """One clerk's work in one cycle."""

    clerk = models.ForeignKey(PERSON, models.PROTECT, related_name="assessments")
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="assessments")
    version = models.ForeignKey(FrameworkVersion, models.PROTECT, related_name="+")
    rule = models.ForeignKey(PlacementRule, models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    round = models.PositiveSmallIntegerField(default=1)
    revision = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    # When the state last changed: how long it has been waiting for somebody.
    moved_at = models.DateTimeField()
    # The clerk's assessment before this one: their ratings carry over from it.
    continues = models.ForeignKey("self", models.PROTECT, null=True, related_name="continued_by")

    class Meta:
        ordering: ClassVar = ["-cycle__opens_on", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="assessment_once_per_clerk_and_cycle",
                fields=["clerk", "cycle"],
                condition=~Q(state="closed"),
            ),
            models.CheckConstraint(
                name="assessment_state_known", condition=Q(state__in=State.values)
            ),
            models.CheckConstraint(name="assessment_round_from_one", condition=Q(round__gte=1)),
            models.CheckConstraint(
                name="assessment_continues_another",
                condition=Q(continues__isnull=True) | ~Q(continues=F("id")),
            ),
        ]
        indexes: ClassVar = [models.Index(name="assessment_by_state", fields=["state", "moved_at"])]

    def __str__(self) -> str:
        return f"{self.clerk}, {self.cycle}"

    def get_absolute_url(self) -> str:
        return reverse("assessments:assessment_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def goes_on_in(self) -> "Assessment | None":
        """Give the assessment that this one was moved to, the last where it moved on; or None.

        One that was closed and begun again continues on the same version.
        """
        moved_to = (
            self.continued_by.filter(cycle=self.cycle_id)
            .exclude(version=self.version_id)
            .select_related("version__framework")
            .first()
        )
        return moved_to and (moved_to.goes_on_in or moved_to)

    @property
    def both_complete(self) -> bool:
        return self.state in BOTH_COMPLETE


class Role(models.TextChoices):
    SELF = "self", "Clerk"
    SUPERVISOR = "supervisor", "Supervisor"
    AGREED = "agreed", "Agreed"


class Rating(models.Model):
    """One person's answer to one statement in one round."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="ratings")
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="ratings")
    role = models.CharField(max_length=10, choices=Role)
    round = models.PositiveSmallIntegerField()
    author = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    # 1 to 4 of the scale, 0 for "not part of the role"; empty while only a note is written.
    point = models.PositiveSmallIntegerField(null=True)
    note = models.TextField(blank=True)
    # A ticket or trade number, or a link, where the work can be looked up.
    reference = models.CharField(max_length=200, blank=True)
    # The answer is a copy, and its author has not looked at it again: from the round before, or
    # carried over to other words.
    needs_confirmation = models.BooleanField(default=False)
    # The clerk's answer in an earlier assessment, which stands here until it is given anew.
    carried_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="carried_to")
    revision = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="rating_once_per_role_and_round",
                fields=["assessment", "statement", "role", "round"],
            ),
            models.CheckConstraint(
                name="rating_point_on_scale",
                condition=Q(point__isnull=True) | Q(point__gte=0, point__lte=4),
            ),
            models.CheckConstraint(
                name="rating_not_part_of_role_says_why",
                condition=Q(point__isnull=True) | ~Q(point=NOT_PART_OF_ROLE) | ~Q(note=""),
            ),
            models.CheckConstraint(name="rating_role_known", condition=Q(role__in=Role.values)),
            models.CheckConstraint(
                name="rating_agreed_has_a_point",
                condition=~Q(role="agreed") | Q(point__isnull=False),
            ),
            models.CheckConstraint(
                name="rating_carried_is_the_clerks",
                condition=Q(carried_from__isnull=True) | Q(role="self"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.point}"

    @property
    def as_carried(self) -> bool:
        """Say whether the answer still stands as it was carried over, untouched here."""
        return self.carried_from_id is not None and self.revision == 1

    @property
    def stands_for_earlier(self) -> bool:
        """Say whether the answer is still the earlier one: a note alone does not give it anew."""
        return self.as_carried or (self.carried_from_id is not None and self.needs_confirmation)


class RatingChange(models.Model):
    """One change of one rating; nothing here is ever changed itself."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="changes")
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="+")
    role = models.CharField(max_length=10, choices=Role)
    round = models.PositiveSmallIntegerField()
    author = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    point = models.PositiveSmallIntegerField(null=True)
    note = models.TextField(blank=True)
    reference = models.CharField(max_length=200, blank=True)
    revision = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.point} at {self.at}"


class Event(models.Model):
    """One step of an assessment: what happened, by whom and when."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=30)
    round = models.PositiveSmallIntegerField()
    by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    note = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.kind} at {self.at}"
