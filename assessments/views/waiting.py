"""A supervisor's people by what each is waiting for; never an answer or a count of a draft."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from accounts.models import User
from accounts.queries import Firm, clerk_ids_of, delegations_to, read_firm
from assessments.models import Assessment, Cycle, Rating, Role, SignOff
from assessments.placement import NOT_YET_PLACED
from assessments.queries import sign_offs, waiting_sign_offs
from assessments.reconciliation_queries import Waits, waits_of
from assessments.workflow import OPEN, RATE_CLERK, RATE_SELF, State
from frameworks.models import Statement

SIGNED_SHOWN = 10


class Waiting(NamedTuple):
    """One person's work: since when it is where it is, and the one thing to do next, if any."""

    clerk: User
    cycle: Cycle
    since: datetime.datetime | None
    detail: str
    action: str
    url: str


class Progress(NamedTuple):
    """How far a review has come; `other` is who writes it where it is somebody else."""

    other: User | None
    rated: int
    total: int

    @property
    def of_total(self) -> str:
        return f"{self.rated} of {self.total}"


class Section(NamedTuple):
    """People who are at the same step; `name` is its anchor on the page."""

    name: str
    title: str
    since: str
    needs_you: bool
    rows: list[Waiting]


# Sections as they are read: what needs the supervisor first.
SECTIONS = (
    ("submitted", "Submitted, for you to rate", "Waiting since", True),
    ("reviewed", "Both sides complete, to settle", "Complete since", True),
    ("reconciled", "Ready to sign off", "Ready since", True),
    ("with_clerk", "Waiting for the clerk's answer", "Complete since", False),
    ("taken", "Somebody else is rating", "Waiting since", False),
    ("second", "Waiting for the second signature", "Signed on", False),
    ("returned", "Returned, being looked at again", "Returned on", False),
    ("rating", "Rating themselves", "Started on", False),
    ("not_started", "Not started", "Due", False),
    ("signed_off", "Signed off", "Signed on", False),
)


NEED_YOU = {name for name, _, _, needs_you in SECTIONS if needs_you}
QUEUE = "assessments:review_queue"
REVIEW = "assessments:assessment_review"
REVIEW_COMPLETE = "assessments:review_complete"
NEXT = {
    State.SUBMITTED: ("Rate", REVIEW),
    State.REVIEWED: ("Settle", "assessments:assessment_reconcile"),
    State.RECONCILED: ("Sign off", "assessments:assessment_sign_off"),
    State.DRAFT: ("See how it stands", "assessments:assessment_detail"),
}


def waiting_work(supervisor: User) -> dict[str, Any]:
    """Sort those as whose supervisor this person acts by what happens next. 14 queries."""
    today = timezone.localdate()
    firm = read_firm(today)
    clerk_ids = clerk_ids_of(supervisor, firm)
    assessments = list(_assessments(clerk_ids))
    found = defaultdict(list)
    longest = None
    rating = _rating(assessments, supervisor, firm)
    waits = waits_of(assessments)
    signed_once = _signed_once(assessments)
    for assessment in assessments:
        if assessment.is_open:
            settling = waits.get(assessment.pk)
            progress = rating.get(assessment.pk)
            row = _row(assessment, progress, settling)
            group = _group(assessment, settling, assessment.pk in signed_once)
            if group == "second":
                row = row._replace(action="See who can sign")
            group = "taken" if progress and progress.other else group
            found[group].append(row)
            longest = longest or (row if group in NEED_YOU else None)
    found["not_started"] = _not_started(clerk_ids, assessments)
    signed = sign_offs().filter(clerk__in=clerk_ids, assessment__cycle__closed_at=None)
    signed = signed.select_related("record")
    found["signed_off"] = [_signed(s) for s in signed.defer("record__payload")[:SIGNED_SHOWN]]
    sections = [Section(*section, found[section[0]]) for section in SECTIONS]
    cycles = _cycles(section.rows for section in sections if section.name != "signed_off")
    return {
        "sections": sections,
        "needs_you": sum(len(section.rows) for section in sections if section.needs_you),
        "next": longest,
        "people": len(clerk_ids),
        "today": today,
        "acts_for": delegations_to(supervisor, today),
        "cycles": cycles,
        "many_cycles": len(cycles) > 1,
        "many_teams": len({row.clerk.team_id for section in sections for row in section.rows}) > 1,
    }


def who_is_next(supervisor: User, after: User) -> str:
    """Link to what waits longest, in HTML; to the queue where nobody but this clerk waits."""
    waiting = waiting_work(supervisor)["next"]
    if waiting is None or waiting.clerk == after:
        return format_html('<a href="{}">Back to your reviews</a>', reverse(QUEUE))
    sentence = '<a href="{}">Next: {} <bdi>{}</bdi></a>'
    action = waiting.action[0].lower() + waiting.action[1:]
    return format_html(sentence, waiting.url, action, waiting.clerk)


def _assessments(clerk_ids: list[int]) -> QuerySet[Assessment]:
    """Read open work and what came of open cycles, the longest waiting first."""
    in_open_cycles = Q(state=State.SIGNED_OFF, cycle__closed_at=None)
    return (
        Assessment.objects.filter(Q(state__in=OPEN) | in_open_cycles, clerk__in=clerk_ids)
        .select_related("clerk__team", "cycle")
        .order_by("moved_at", "pk")
    )


def _rating(assessments: list[Assessment], supervisor: User, firm: Firm) -> dict[int, Progress]:
    """Count how far the review has come where it is being written: one's own, or another's."""
    rating = {a.pk: a for a in assessments if a.state in RATE_CLERK.from_states}
    written = Rating.objects.filter(
        assessment__in=rating, role=Role.SUPERVISOR, round=F("assessment__round")
    )
    answered = Q(point__isnull=False, needs_confirmation=False)
    versions = {assessment.version_id for assessment in rating.values()}
    statements = Statement.objects.filter(version__in=versions).order_by()
    totals = dict(statements.values_list("version").annotate(Count("pk")))
    counts = written.values_list("assessment", "author").annotate(
        rated=Count("pk", filter=answered)
    )
    entitled = {pk: firm.acting(assessment.clerk) for pk, assessment in rating.items()}
    standing = [row for row in counts if row[1] in entitled[row[0]]]
    others = User.objects.in_bulk({author for _, author, _ in standing if author != supervisor.pk})
    return {
        pk: Progress(others.get(author), count, totals[rating[pk].version_id])
        for pk, author, count in standing
        if author in others or count
    }


def _signed_once(assessments: list[Assessment]) -> set[int]:
    """Give the assessments in which a signature waits for the second."""
    ids = [assessment.pk for assessment in assessments]
    waiting = waiting_sign_offs().filter(assessment__in=ids, round=F("assessment__round"))
    return set(waiting.values_list("assessment", flat=True))


def _group(assessment: Assessment, settling: Waits | None, signed_once: bool) -> str:
    if signed_once:
        return "second"
    if settling and not settling.for_supervisor:
        return "with_clerk"
    if assessment.state not in RATE_SELF.from_states:
        return assessment.state
    return "returned" if assessment.round > 1 else "rating"


def _row(assessment: Assessment, progress: Progress | None, settling: Waits | None) -> Waiting:
    action, page = NEXT[State(assessment.state)]
    detail = f"Round {assessment.round}" if assessment.round > 1 else ""
    if settling:
        detail = f"{settling.open} to settle"
        if settling.for_supervisor:
            detail += f", {settling.for_supervisor} for you"
    if progress and progress.other:
        detail, action = f"{progress.other} has rated {progress.of_total}", "Look"
    elif progress:
        detail = f"You have rated {progress.of_total}"
        done = progress.rated == progress.total
        action, page = ("Complete the review", REVIEW_COMPLETE) if done else ("Go on", REVIEW)
    args = [assessment.pk, 1] if page == REVIEW else [assessment.pk]
    return Waiting(
        clerk=assessment.clerk,
        cycle=assessment.cycle,
        since=assessment.moved_at,
        detail=detail,
        action=action,
        url=reverse(page, args=args),
    )


def _not_started(clerk_ids: list[int], assessments: list[Assessment]) -> list[Waiting]:
    started = {(assessment.clerk_id, assessment.cycle_id) for assessment in assessments}
    people = User.objects.filter(pk__in=clerk_ids).select_related("team")
    cycles = (
        Cycle.objects.filter(closed_at=None, teams__in={person.team_id for person in people})
        .distinct()
        .prefetch_related("teams")
        .order_by("due_on", "pk")
    )
    return [
        Waiting(person, cycle, None, "", "", "")
        for cycle in cycles
        for person in people
        if person.team in cycle.teams.all() and (person.pk, cycle.pk) not in started
    ]


def _signed(sign_off: SignOff) -> Waiting:
    return Waiting(
        clerk=sign_off.clerk,
        cycle=sign_off.assessment.cycle,
        since=sign_off.signed_at,
        detail=f"{sign_off.level or NOT_YET_PLACED}"
        + (", revoked" if hasattr(sign_off, "revocation") else ""),
        action=f"Record {sign_off.record_id}",
        url=reverse("records:record_detail", args=[sign_off.record_id]),
    )


def _cycles(rows: Iterable[list[Waiting]]) -> list[Cycle]:
    cycles = {row.cycle.pk: row.cycle for section in rows for row in section}
    return sorted(cycles.values(), key=lambda cycle: (cycle.due_on, cycle.pk))
