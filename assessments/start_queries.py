"""What the start page shows: who must do what now, and what happened meanwhile."""

import datetime
import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.db.models import (
    Count,
    Exists,
    FilteredRelation,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Window,
)
from django.urls import reverse

from accounts.models import Delegation, User
from accounts.permissions import is_auditor
from accounts.queries import Firm, clerk_ids_of, delegations_to, supervisor_ids_of, teams_under
from accounts.tree import TeamNode
from assessments.carryover_queries import ANSWERS
from assessments.models import Assessment, Cycle, Event, Revocation, Role, SignOff
from assessments.news import KINDS, Sentence, sentence
from assessments.next_level import NextLevel, next_level
from assessments.queries import latest_placement, open_cycles_for, waiting_sign_offs
from assessments.reconciliation_queries import Waits, waits_of
from assessments.review_queries import taken_by_others
from assessments.workflow import COMPLETE_REVIEW, OPEN, RATE_SELF, RECONCILE, SIGN_OFF, State
from frameworks.models import FrameworkVersion, Statement, VersionState
from records.models import Record

SECONDS_A_STATEMENT = 8
NEWS_AT_MOST = 10


class LevelProgress(NamedTuple):
    """How many of a level's statements the clerk has rated."""

    label: str
    rank: int
    rated: int
    statements: int
    saved_at: datetime.datetime | None

    @property
    def percent(self) -> int:
        return self.rated * 100 // self.statements if self.statements else 100

    @property
    def complete(self) -> bool:
        return self.rated == self.statements


class ClerkWork(NamedTuple):
    """A clerk's own work: the assessment at hand, or the cycle they can start in."""

    assessment: Assessment | None
    cycle: Cycle | None
    others: Sequence[Assessment]
    levels: list[LevelProgress]
    events: list[Event]
    supervisor: User | None
    placement: SignOff | None
    # What was revoked, where nothing is in force since.
    revoked: Revocation | None
    next_level: NextLevel | None
    waits: Waits | None
    # Whether earlier answers were brought over to the draft at hand, or will be when it starts.
    brought_over: bool

    @property
    def asks_something(self) -> bool:
        """Say whether the clerk is in the middle of an assessment or can start one."""
        return self.cycle is not None or bool(self.assessment and self.assessment.is_open)

    @property
    def happened(self) -> dict[str, Event]:
        """Give the latest event of each kind, named as a template can read it."""
        return {event.kind.replace(" ", "_"): event for event in self.events}

    @property
    def statements(self) -> int:
        return sum(level.statements for level in self.levels)

    @property
    def rated(self) -> int:
        return sum(level.rated for level in self.levels)

    @property
    def unrated(self) -> int:
        return self.statements - self.rated

    @property
    def minutes(self) -> int:
        return max(1, round(self.unrated * SECONDS_A_STATEMENT / 60))

    @property
    def first_unrated(self) -> LevelProgress | None:
        return next((level for level in self.levels if not level.complete), None)

    @property
    def last_saved_at(self) -> datetime.datetime | None:
        return max((level.saved_at for level in self.levels if level.saved_at), default=None)


def clerk_work(clerk: User, nodes: Mapping[int, TeamNode]) -> ClerkWork:
    """Read what a clerk's start page shows: at most 8 queries."""
    own = list(
        Assessment.objects.filter(clerk=clerk)
        .select_related("cycle", "version__framework")
        .annotate(answered=Exists(ANSWERS.filter(assessment=OuterRef("pk"))))
        .order_by("-cycle__opens_on", "-pk")
    )
    open_ones = sorted((a for a in own if a.is_open), key=lambda a: a.cycle.due_on)
    cycle = None
    if not open_ones:
        others = open_cycles_for(clerk).exclude(assessments__clerk=clerk)
        cycle = others.select_related("version").defer("version__source_bytes").first()
    framework = cycle and cycle.version.framework_id
    earlier = [a for a in own if a.answered and a.version.framework_id == framework]
    # Nothing to do: what came out of the latest one.
    assessment = next(iter(open_ones or own), None) if cycle is None else None
    latest = latest_placement(clerk)
    revoked = getattr(latest, "revocation", None)
    placement = None if revoked else latest
    return ClerkWork(
        assessment=assessment,
        cycle=cycle,
        others=open_ones[1:],
        levels=_progress(assessment, cycle),
        events=list(assessment.events.select_related("by")) if assessment else [],
        supervisor=_nearest_supervisor(clerk, nodes),
        placement=placement,
        revoked=revoked,
        next_level=_next_level(placement),
        waits=_waits(assessment),
        brought_over=bool(earlier) if cycle else _brought_over(assessment),
    )


def _brought_over(assessment: Assessment | None) -> bool:
    if assessment is None or assessment.state not in RATE_SELF.from_states:
        return False
    if assessment.continues_id is None:
        return False
    carried = assessment.ratings.filter(carried_from__isnull=False, round=assessment.round)
    return carried.exists()


def _waits(assessment: Assessment | None) -> Waits | None:
    if assessment is None or assessment.state not in RECONCILE.from_states:
        return None
    return waits_of([assessment]).get(assessment.pk)


def _next_level(placement: SignOff | None) -> NextLevel | None:
    if placement is None or placement.record is None:
        return None
    return next_level(json.loads(placement.record.payload))


def _progress(assessment: Assessment | None, cycle: Cycle | None) -> list[LevelProgress]:
    if assessment is None and cycle is None:
        return []
    version_id = assessment.version_id if assessment else cycle.starts_on.pk  # type: ignore[union-attr]  # one of them is given
    mine = Q(
        ratings__assessment=assessment,
        ratings__role=Role.SELF,
        ratings__round=assessment.round if assessment else 1,
        ratings__needs_confirmation=False,
    )
    levels = (
        Statement.objects.filter(version=version_id)
        .annotate(mine=FilteredRelation("ratings", condition=mine))
        .values("level__label", "level__rank")
        .annotate(rated=Count("mine__point"), all=Count("pk"), saved=Max("mine__saved_at"))
        .order_by("level__rank")
    )
    return [
        LevelProgress(
            level["level__label"],
            level["level__rank"],
            level["rated"],
            level["all"],
            level["saved"],
        )
        for level in levels
    ]


def _nearest_supervisor(clerk: User, nodes: Mapping[int, TeamNode]) -> User | None:
    ids = supervisor_ids_of(clerk, dict(nodes))
    return User.objects.get(pk=ids[0]) if ids else None


class NextAction(NamedTuple):
    """What a supervisor does next: words and page."""

    words: str
    url_name: str


NEXT_ACTIONS = {
    state: action
    for step, action in (
        (COMPLETE_REVIEW, NextAction("Rate the statements", "assessment_review_on")),
        (RECONCILE, NextAction("Compare both sides", "assessment_reconcile")),
        (SIGN_OFF, NextAction("Sign off the level", "assessment_sign_off")),
    )
    for state in step.from_states
}


class WaitingRow(NamedTuple):
    """A clerk who waits for their supervisor, and what the supervisor does next."""

    assessment: Assessment
    action: str
    url: str


class Waiting(NamedTuple):
    """The clerks who wait, longest first, how many still rate, and for whom this person acts."""

    rows: list[WaitingRow]
    still_rating: int
    acts_for: list[Delegation]


def waiting_for(supervisor: User, firm: Firm, on: datetime.date) -> Waiting:
    """Give the open assessments that wait for this supervisor, longest first: 5 queries.

    One more for whoever acts for others on the day.
    """
    found = (
        Assessment.objects.filter(state__in=OPEN)
        .filter(clerk__in=clerk_ids_of(supervisor, firm))
        .annotate(signed_once=Exists(waiting_sign_offs().filter(assessment=OuterRef("pk"))))
        .select_related("clerk__team", "cycle")
        .order_by("moved_at", "pk")
    )
    taken = taken_by_others(found, supervisor, firm)
    mine = [assessment for assessment in found if assessment.pk not in taken]
    waits = waits_of(mine)
    rows = [_waiting_row(a) for a in mine if a.state in NEXT_ACTIONS and not _asked(a, waits)]
    rating = sum(a.state not in NEXT_ACTIONS for a in mine)
    acts_for = delegations_to(supervisor, on) if firm.givers_of(supervisor) else []
    return Waiting(rows, rating, list(acts_for))


def _asked(assessment: Assessment, waits: dict[int, Waits]) -> bool:
    """Say whether the next word is the clerk's, or a second signer's."""
    settling = waits.get(assessment.pk)
    if settling is not None:
        return not settling.for_supervisor
    return bool(assessment.signed_once)  # type: ignore[attr-defined]  # annotated


def _waiting_row(assessment: Assessment) -> WaitingRow:
    action = NEXT_ACTIONS[State(assessment.state)]
    url = reverse(f"assessments:{action.url_name}", args=[assessment.pk])
    return WaitingRow(assessment, action.words, url)


def draft_versions() -> QuerySet[FrameworkVersion]:
    """Give the versions that were imported and not published."""
    drafts = FrameworkVersion.objects.filter(state=VersionState.DRAFT)
    return drafts.select_related("framework").defer("source_bytes")


def latest_records() -> QuerySet[Record]:
    """Give the sealed records, newest first, without what is sealed in them."""
    return Record.objects.select_related("subject").defer("payload")


class NewsItem(NamedTuple):
    """One thing that somebody did."""

    event: Event
    sentence: Sentence


class News(NamedTuple):
    """The latest things that happened, and how many more there were."""

    items: list[NewsItem]
    more: int


def news_for(reader: User, since: datetime.datetime | None, firm: Firm) -> News:
    """Give what others did since then to assessments the reader may know of: 1 query.

    One more for whoever acts for others.
    """
    if since is None:
        return News([], 0)
    events = Event.objects.filter(kind__in=KINDS, at__gt=since).exclude(by=reader)
    if not is_auditor(reader):
        below = Q(assessment__clerk__team__in=teams_under(reader, firm.nodes))
        if firm.givers_of(reader):
            below |= Q(assessment__clerk__in=clerk_ids_of(reader, firm))
        events = events.filter(Q(assessment__clerk=reader) | below)
    events = events.select_related("by", "assessment__clerk", "assessment__cycle")
    latest = list(events.annotate(all=Window(Count("*"))).order_by("-pk")[:NEWS_AT_MOST])
    items = [
        NewsItem(event, sentence(event.kind, event.assessment.clerk_id == reader.pk))
        for event in latest
    ]
    return News(items, latest[0].all - len(latest) if latest else 0)
