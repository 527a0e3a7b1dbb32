from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from assessments.scales import NOT_PART_OF_ROLE, SCALES, Scale
from assessments.workflow import BOTH_COMPLETE, OPEN, State
from frameworks.models import FrameworkVersion, Level, Statement

PERSON = settings.AUTH_USER_MODEL


class PlacementRule(models.Model):
    """How ratings suggest a level; a rule keeps its number and never changes."""

    number = models.PositiveSmallIntegerField(unique=True)
    threshold = models.PositiveSmallIntegerField()
    must_have = models.ManyToManyField("frameworks.Competency", blank=True)

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
    teams = models.ManyToManyField("accounts.Team", related_name="cycles")
    opens_on = models.DateField()
    due_on = models.DateField()
    reply_days = models.PositiveSmallIntegerField(default=10)
    valid_months = models.PositiveSmallIntegerField(default=12)
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
    def the_scale(self) -> Scale:
        return SCALES[self.scale]


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
    # The answer is a copy from the round before, and its author has not looked at it again.
    needs_confirmation = models.BooleanField(default=False)
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
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.point}"


class RatingChange(models.Model):
    """One change of one rating; nothing here is ever changed itself."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="changes")
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="+")
    role = models.CharField(max_length=10, choices=Role)
    round = models.PositiveSmallIntegerField()
    author = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    point = models.PositiveSmallIntegerField(null=True)
    note = models.TextField(blank=True)
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


class SignOff(models.Model):
    """A placement as a supervisor signed it."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="sign_offs")
    round = models.PositiveSmallIntegerField()
    clerk = models.ForeignKey(PERSON, models.PROTECT, related_name="sign_offs")
    # No level: not yet placed.
    level = models.ForeignKey(Level, models.PROTECT, null=True, related_name="+")
    suggested_level = models.ForeignKey(Level, models.PROTECT, null=True, related_name="+")
    rule = models.ForeignKey(PlacementRule, models.PROTECT, related_name="+")
    justification = models.TextField(blank=True)
    signed_by = models.ForeignKey(PERSON, models.PROTECT, related_name="signed")
    signed_at = models.DateTimeField()
    valid_until = models.DateField(null=True)
    record = models.OneToOneField("records.Record", models.PROTECT, related_name="sign_off")

    class Meta:
        ordering: ClassVar = ["-signed_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="sign_off_once_per_round", fields=["assessment", "round"]),
            models.CheckConstraint(
                name="sign_off_by_someone_else", condition=~Q(signed_by=F("clerk"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clerk}: {self.level or 'Not yet placed'}"
