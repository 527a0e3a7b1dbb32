from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from assessments.reconciling import Outcome
from assessments.scales import NOT_PART_OF_ROLE, SCALES, Scale
from assessments.workflow import BOTH_COMPLETE, OPEN, State
from frameworks.models import FrameworkVersion, Level, Statement

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
        """Give the assessment of the same cycle that goes on from this one, or None."""
        return (
            self.continued_by.filter(cycle=self.cycle_id)
            .select_related("version__framework")
            .first()
        )

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


class Reconciliation(models.Model):
    """A statement that the two sides settle between them, and how it came out."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="reconciliations")
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField()
    # Nobody: the ratings lie so far apart that it is put before both.
    opened_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True, default=Outcome.OPEN)
    point = models.PositiveSmallIntegerField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="reconciliation_once_per_round", fields=["assessment", "statement", "round"]
            ),
            models.CheckConstraint(
                name="reconciliation_outcome_known", condition=Q(outcome__in=Outcome.values)
            ),
            models.CheckConstraint(
                name="reconciliation_agreed_on_a_point",
                condition=Q(outcome="agreed", point__isnull=False)
                | (~Q(outcome="agreed") & Q(point__isnull=True)),
            ),
            models.CheckConstraint(
                name="reconciliation_settled_by_somebody",
                condition=Q(outcome="", settled_at__isnull=True, settled_by__isnull=True)
                | (~Q(outcome="") & Q(settled_at__isnull=False, settled_by__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.statement}: {self.get_outcome_display()}"


class ReconciliationAnswer(models.Model):
    """What one side said on a statement that is being reconciled; nothing here ever changes."""

    reconciliation = models.ForeignKey(Reconciliation, models.PROTECT, related_name="answers")
    role = models.CharField(max_length=10, choices=Role)
    # The rating this side proposes; none: "we differ".
    point = models.PositiveSmallIntegerField(null=True)
    reason = models.TextField(blank=True)
    author = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="reconciliation_answer_by_a_side",
                condition=Q(role__in=["self", "supervisor"]),
            ),
            models.CheckConstraint(
                name="reconciliation_answer_on_scale",
                condition=Q(point__isnull=True) | Q(point__gte=0, point__lte=4),
            ),
            models.CheckConstraint(
                name="reconciliation_difference_says_why",
                condition=Q(point__isnull=False) | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.point}"


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


class DisputeOutcome(models.TextChoices):
    OPEN = "", "Open"
    UPHELD = "upheld", "Upheld"
    SUPERSEDED = "superseded", "Superseded"


class Dispute(models.Model):
    """A clerk disputes statements of a sign-off; the placement stands until it is decided."""

    sign_off = models.OneToOneField(SignOff, models.PROTECT, related_name="dispute")
    reason = models.TextField()
    opened_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    # Named by an administrator where nobody up the tree is free of the sign-off.
    named_decider = models.ForeignKey(
        PERSON, models.PROTECT, null=True, related_name="disputes_to_decide"
    )
    named_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    named_at = models.DateTimeField(null=True)
    # The decider's ratings are complete: from here on they see the others'.
    rated_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    rated_at = models.DateTimeField(null=True)
    outcome = models.CharField(
        max_length=10, choices=DisputeOutcome, blank=True, default=DisputeOutcome.OPEN
    )
    decision_reason = models.TextField(blank=True)
    decided_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    record = models.OneToOneField(
        "records.Record", models.PROTECT, null=True, related_name="dispute"
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="dispute_says_why", condition=~Q(reason="")),
            models.CheckConstraint(
                name="dispute_outcome_known", condition=Q(outcome__in=DisputeOutcome.values)
            ),
            models.CheckConstraint(
                name="dispute_decided_by_whom_and_why",
                condition=Q(
                    outcome="",
                    decided_by__isnull=True,
                    decided_at__isnull=True,
                    record__isnull=True,
                )
                | (
                    ~Q(outcome="")
                    & ~Q(decision_reason="")
                    & Q(
                        decided_by__isnull=False,
                        decided_at__isnull=False,
                        record__isnull=False,
                        rated_at__isnull=False,
                    )
                ),
            ),
            models.CheckConstraint(
                name="dispute_decided_by_someone_else",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("opened_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"Dispute of {self.sign_off}"

    @property
    def is_open(self) -> bool:
        return self.outcome == DisputeOutcome.OPEN


class DisputedStatement(models.Model):
    """One statement of a dispute, with the decider's rating once it is given."""

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="statements")
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="+")
    point = models.PositiveSmallIntegerField(null=True)
    note = models.TextField(blank=True)
    author = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    saved_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="disputed_statement_once", fields=["dispute", "statement"]
            ),
            models.CheckConstraint(
                name="disputed_statement_on_scale",
                condition=Q(point__isnull=True, author__isnull=True)
                | Q(point__gte=0, point__lte=4, author__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.statement}: {self.point}"


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
