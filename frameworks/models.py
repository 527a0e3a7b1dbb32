import json
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from frameworks.changes import ChangeKind


class Framework(models.Model):
    """The skills framework of one occupation."""

    soc = models.CharField(max_length=10, unique=True)
    title = models.CharField(max_length=200)
    group = models.CharField(max_length=200, blank=True)
    sector = models.CharField(max_length=40, blank=True)
    job_zone = models.PositiveSmallIntegerField(null=True)
    job_zone_inferred = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["title"]

    def __str__(self) -> str:
        return self.title


class VersionState(models.TextChoices):
    DRAFT = "draft", "Draft"
    PUBLISHED = "published", "Published"
    RETIRED = "retired", "Retired"


class FrameworkVersion(models.Model):
    """One edition of a framework, as it was imported."""

    framework = models.ForeignKey(Framework, models.PROTECT, related_name="versions")
    label = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=10, choices=VersionState, default=VersionState.DRAFT)
    description = models.TextField(blank=True)
    context_covered = models.TextField(blank=True)
    schema_version = models.CharField(max_length=20)
    exported_at = models.DateTimeField(null=True)
    # As in the file: a text holding JSON, because a JSON column would reorder its keys.
    sources = models.TextField(blank=True)
    attribution = models.TextField(blank=True)
    source_bytes = models.BinaryField()
    source_sha256 = models.CharField(max_length=64)
    content_digest = models.CharField(max_length=64)
    replaces = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaced_by")
    imported_at = models.DateTimeField()
    imported_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    retired_at = models.DateTimeField(null=True)
    retired_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-imported_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="version_one_published_per_framework",
                fields=["framework"],
                condition=Q(state="published"),
            ),
            models.UniqueConstraint(
                name="version_content_once_per_framework", fields=["framework", "content_digest"]
            ),
            models.CheckConstraint(
                name="version_named_before_published", condition=Q(state="draft") | ~Q(label="")
            ),
            models.CheckConstraint(
                name="version_published_at_with_state",
                condition=Q(state="draft", published_at__isnull=True)
                | (~Q(state="draft") & Q(published_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="version_state_known", condition=Q(state__in=VersionState.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.framework.title} {self.label or '(not named yet)'}"

    def get_absolute_url(self) -> str:
        return reverse("frameworks:version_detail", args=[self.pk])

    @property
    def onet(self) -> str:
        """Name the O*NET release that the statements were made from, "" where none is named."""
        return str(json.loads(self.sources).get("onet", "")) if self.sources else ""


class Level(models.Model):
    """One step of a version, lowest rank first."""

    version = models.ForeignKey(FrameworkVersion, models.PROTECT, related_name="levels")
    key = models.CharField(max_length=60)
    label = models.CharField(max_length=120)
    rank = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar = ["rank"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="level_key_once", fields=["version", "key"]),
            models.UniqueConstraint(name="level_rank_once", fields=["version", "rank"]),
        ]

    def __str__(self) -> str:
        return self.label


class Competency(models.Model):
    """What a statement is about: it stays the same when the wording changes."""

    framework = models.ForeignKey(Framework, models.PROTECT, related_name="competencies")

    def __str__(self) -> str:
        return f"Competency {self.pk}"


class Statement(models.Model):
    """The wording of one competency in one version."""

    version = models.ForeignKey(FrameworkVersion, models.PROTECT, related_name="statements")
    level = models.ForeignKey(Level, models.PROTECT, related_name="statements")
    # Empty in a draft; publication gives it.
    competency = models.ForeignKey(Competency, models.PROTECT, null=True, related_name="statements")
    position = models.PositiveSmallIntegerField()
    text = models.TextField()
    topic = models.TextField(blank=True)
    behaviour = models.TextField(blank=True)
    text_digest = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["level__rank", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="statement_place_once", fields=["level", "position"]),
            models.UniqueConstraint(
                name="statement_competency_once", fields=["version", "competency"]
            ),
        ]

    def __str__(self) -> str:
        return self.text


class StatementChange(models.Model):
    """How a statement came from the version before; in a draft: what a person has decided."""

    version = models.ForeignKey(FrameworkVersion, models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=10, choices=ChangeKind)
    old_statement = models.ForeignKey(Statement, models.PROTECT, null=True, related_name="+")
    new_statement = models.ForeignKey(Statement, models.PROTECT, null=True, related_name="+")
    # Nobody: the comparison was sure of it.
    confirmed_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="statement_change_old_once", fields=["version", "old_statement"]
            ),
            models.UniqueConstraint(
                name="statement_change_new_once", fields=["version", "new_statement"]
            ),
            models.CheckConstraint(
                name="statement_change_kind_known", condition=Q(kind__in=ChangeKind.values)
            ),
            models.CheckConstraint(
                name="statement_change_has_its_sides",
                condition=Q(kind="new", old_statement__isnull=True, new_statement__isnull=False)
                | Q(kind="retired", old_statement__isnull=False, new_statement__isnull=True)
                | (
                    ~Q(kind__in=["new", "retired"])
                    & Q(old_statement__isnull=False, new_statement__isnull=False)
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.new_statement or self.old_statement}"
