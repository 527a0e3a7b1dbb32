from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q


class Team(models.Model):
    """A group of clerks under one supervisor; teams form a tree."""

    name = models.CharField(max_length=120, unique=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    supervisor = models.ForeignKey(
        "User", models.PROTECT, null=True, blank=True, related_name="supervised_teams"
    )

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="team_not_its_own_parent",
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
            )
        ]

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """A person who works here: clerk, supervisor, administrator or auditor."""

    employee_number = models.CharField(max_length=40, null=True, blank=True, unique=True)
    title = models.CharField(max_length=120, blank=True)
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="members")
    is_demo = models.BooleanField(default=False, editable=False)
    # When the start page was last left: what happened since then is new to this person.
    seen_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta(AbstractUser.Meta):
        ordering: ClassVar = ["last_name", "first_name", "username"]

    def __str__(self) -> str:
        return self.get_full_name() or self.username
