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


class Delegation(models.Model):
    """A supervisor's work done beside them by somebody else, from one day to another."""

    from_supervisor = models.ForeignKey(User, models.PROTECT, related_name="delegations_given")
    to_supervisor = models.ForeignKey(User, models.PROTECT, related_name="delegations_taken")
    starts_on = models.DateField()
    ends_on = models.DateField()
    reason = models.TextField()
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-starts_on", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="delegation_to_someone_else",
                condition=~Q(from_supervisor=F("to_supervisor")),
            ),
            models.CheckConstraint(
                name="delegation_ends_after_it_starts", condition=Q(ends_on__gte=F("starts_on"))
            ),
            models.CheckConstraint(name="delegation_says_why", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.from_supervisor} to {self.to_supervisor}"
