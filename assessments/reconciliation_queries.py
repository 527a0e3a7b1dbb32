"""What is being reconciled in an assessment's present round, and what each side said."""

import datetime
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import F
from django.utils import timezone

from assessments.models import Assessment, Reconciliation, ReconciliationAnswer, Role
from assessments.reconciling import Outcome, Said, no_answer_from
from assessments.scales import NOT_PART_OF_ROLE
from assessments.workflow import State


class Talk(NamedTuple):
    """One statement between the two sides: what each said last, and everything said before."""

    reconciliation: Reconciliation
    clerk: ReconciliationAnswer | None
    supervisor: ReconciliationAnswer | None
    said: list[ReconciliationAnswer]

    @property
    def is_open(self) -> bool:
        return self.reconciliation.outcome == Outcome.OPEN

    @property
    def by_hand(self) -> bool:
        """Say whether somebody opened it, rather than the distance of the ratings."""
        return self.reconciliation.opened_by_id is not None

    def last_of(self, role: Role) -> Said | None:
        answer = self.clerk if role == Role.SELF else self.supervisor
        return Said(answer.point, answer.at) if answer else None

    def waits_for(self, role: Role) -> bool:
        """Say whether this side has the next word: it said nothing yet, or before the other."""
        own, other = self.last_of(role), self.last_of(_other(role))
        return self.is_open and (own is None or (other is not None and other.at > own.at))

    def can_take_back(self, person_id: int, role: Role) -> bool:
        """Say whether this person opened it and the other side has not answered."""
        opened = self.reconciliation.opened_by_id == person_id
        return self.is_open and opened and self.last_of(_other(role)) is None


def talks_of(assessment: Assessment, round_number: int | None = None) -> dict[int, Talk]:
    """Give what was put before both sides in one round, by statement: 2 queries."""
    number = assessment.round if round_number is None else round_number
    found = Reconciliation.objects.filter(assessment=assessment)
    if round_number is None and assessment.state == State.SIGNED_OFF:
        # A decided dispute opens a round without talks: those before it stand.
        found = found.filter(round__lte=number).order_by("round")
    else:
        found = found.filter(round=number)
    found = (
        found.exclude(outcome=Outcome.TAKEN_BACK)
        .select_related("settled_by", "opened_by")
        .prefetch_related("answers__author")
    )
    return {r.statement_id: talk_of(r) for r in found}


class Waits(NamedTuple):
    """How many statements of an assessment are open, and how many wait for each side."""

    open: int = 0
    for_clerk: int = 0
    for_supervisor: int = 0


def waits_of(assessments: Iterable[Assessment]) -> dict[int, Waits]:
    """Count what is still to be settled in the present round, by assessment: 2 queries."""
    found = Reconciliation.objects.filter(
        assessment__in=[a.pk for a in assessments],
        outcome=Outcome.OPEN,
        round=F("assessment__round"),
    ).prefetch_related("answers")
    counts: dict[int, Waits] = {}
    for reconciliation in found:
        talk = talk_of(reconciliation)
        before = counts.get(reconciliation.assessment_id, Waits())
        counts[reconciliation.assessment_id] = Waits(
            before.open + 1,
            before.for_clerk + talk.waits_for(Role.SELF),
            before.for_supervisor + talk.waits_for(Role.SUPERVISOR),
        )
    return counts


def talk_of(reconciliation: Reconciliation) -> Talk:
    """Read what was said on one statement."""
    # What was said before it was taken back does not count once it is opened again.
    said = [a for a in reconciliation.answers.all() if a.at >= reconciliation.opened_at]
    last = {answer.role: answer for answer in said}
    return Talk(reconciliation, last.get(Role.SELF), last.get(Role.SUPERVISOR), said)


def settled_points(talks: dict[int, Talk]) -> dict[int, int]:
    """Give the agreed rating of each statement on which the two sides agreed."""
    return {
        pk: talk.reconciliation.point
        for pk, talk in talks.items()
        if talk.reconciliation.point is not None
    }


def closes_on(talk: Talk, reply_days: int) -> datetime.date | None:
    """Give the day from which the clerk's silence may be closed; None: nothing is asked of them."""
    zone = timezone.get_current_timezone()
    return no_answer_from(talk.last_of(Role.SELF), talk.last_of(Role.SUPERVISOR), reply_days, zone)


def why_agreed(talk: Talk) -> str:
    """Give the sentence that the agreed rating stands on: the last reason somebody gave."""
    reasons = [answer.reason for answer in talk.said if answer.reason]
    if not reasons and talk.reconciliation.point == NOT_PART_OF_ROLE:
        return "Both sides say that it is not part of the role."
    return reasons[-1] if reasons else ""


def _other(role: Role) -> Role:
    return Role.SUPERVISOR if role == Role.SELF else Role.SELF
