"""The page on which both sides settle what differs: what needs whom, and what can be said."""

import datetime
from typing import Any, NamedTuple

from django.utils import timezone

from accounts.models import User
from assessments.judgement_queries import judge
from assessments.models import Assessment, ReconciliationAnswer, Role
from assessments.permissions import is_clerk_of, is_supervisor_of
from assessments.reconciliation_queries import Talk, closes_on, settled_points
from assessments.reconciling import Outcome
from assessments.scales import NOT_PART_OF_ROLE, Scale
from assessments.views.comparison import Compared, ComparedLevel, Names, comparison
from assessments.views.stages import Chip
from assessments.workflow import ANSWER, RECONCILE, RETURN, SIGN_OFF

SETTLED = {
    Outcome.AGREED: Chip("done", "Agreed", "ok"),
    Outcome.DIFFER: Chip("differ", "We differ", ""),
    Outcome.NO_ANSWER: Chip("clock", "No answer", ""),
}


class Line(NamedTuple):
    """One thing that was said: by whom, what they propose, and why."""

    who: str
    proposes: str
    answer: ReconciliationAnswer


class Settling(NamedTuple):
    """One statement to be settled, as this viewer sees it."""

    compared: Compared
    talk: Talk | None
    chip: Chip
    is_settled: bool
    needs_you: bool
    lines: list[Line]
    # What the other side proposes, to be agreed to by one button.
    offer: int | None
    offer_says: str
    can_answer: bool
    can_take_back: bool
    # From this day on the clerk's silence can be closed; None where nothing is asked of them.
    closes_on: datetime.date | None
    can_close: bool


def reconciling_page(
    assessment: Assessment, viewer: User, opened: int | None = None
) -> dict[str, Any]:
    """Build the page; `opened` is the statement of the rest that the viewer looks at to open it."""
    page = comparison(assessment, viewer)
    as_clerk, as_supervisor = is_clerk_of(viewer, assessment), is_supervisor_of(viewer, assessment)
    reader = _Reader(assessment, viewer, page["names"], page["scale"], as_clerk, as_supervisor)
    every: list[Compared] = page["every"]
    # Sorting keeps the statements' own order among those equally far apart.
    put = sorted((c for c in every if c.talk), key=lambda c: -c.apart)
    rest = [c for c in every if not c.talk]
    settling = [reader.settling(c, c.talk) for c in put if c.talk]
    settling.sort(key=lambda s: s.is_settled)
    now = next((s for s in settling if s.needs_you), None)
    return {
        **page,
        "settling": settling,
        "now": now.compared.statement.pk if now else None,
        "open_count": sum(not s.is_settled for s in settling),
        "needs_you": sum(s.needs_you for s in settling),
        "opening": next((reader.opening(c) for c in rest if c.statement.pk == opened), None),
        "near": _by_level(page["levels"], lambda c: not c.talk and c.apart),
        "same": _by_level(page["levels"], lambda c: not c.talk and not c.apart),
        "otherwise": _otherwise(assessment, page, settling),
        "is_clerk": as_clerk,
        "may_act": as_supervisor,
        "can_open": reader.can_answer,
        "can_reconcile": as_supervisor and assessment.state in RECONCILE.from_states,
        "can_sign": as_supervisor and assessment.state in SIGN_OFF.from_states,
        "can_return": as_supervisor and assessment.state in RETURN.from_states,
    }


class _Reader:
    """What one viewer may say on the statements of one assessment."""

    def __init__(
        self,
        assessment: Assessment,
        viewer: User,
        names: Names,
        scale: Scale,
        as_clerk: bool,
        as_supervisor: bool,
    ) -> None:
        self.assessment, self.viewer, self.names, self.scale = assessment, viewer, names, scale
        self.role = Role.SELF if as_clerk else Role.SUPERVISOR if as_supervisor else None
        self.can_answer = self.role is not None and assessment.state in ANSWER.from_states

    def settling(self, compared: Compared, talk: Talk) -> Settling:
        needs_you = bool(self.can_answer and self.role and talk.waits_for(self.role))
        offer = self._offer(talk) if needs_you else None
        day = closes_on(talk, self.assessment.cycle.reply_days) if talk.is_open else None
        may_close = self.can_answer and self.role == Role.SUPERVISOR and day is not None
        return Settling(
            compared=compared,
            talk=talk,
            chip=self._chip(talk, needs_you),
            is_settled=not talk.is_open,
            needs_you=needs_you,
            lines=[self._line(answer) for answer in talk.said],
            offer=offer,
            offer_says=self.scale.label(offer) if offer is not None else "",
            can_answer=self.can_answer,
            can_take_back=bool(
                self.can_answer and self.role and talk.can_take_back(self.viewer.pk, self.role)
            ),
            closes_on=day,
            can_close=bool(may_close and day and timezone.localdate() >= day),
        )

    def opening(self, compared: Compared) -> Settling:
        chip = Chip("pen", "Not open", "")
        return Settling(
            compared, None, chip, False, False, [], None, "", self.can_answer, False, None, False
        )

    def _offer(self, talk: Talk) -> int | None:
        other = talk.last_of(Role.SUPERVISOR if self.role == Role.SELF else Role.SELF)
        return other.point if other else None

    def _chip(self, talk: Talk, needs_you: bool) -> Chip:
        if not talk.is_open:
            return SETTLED[Outcome(talk.reconciliation.outcome)]
        if needs_you:
            return Chip("pen", "Needs you", "warn")
        waits_for_clerk = talk.waits_for(Role.SELF) and not (
            talk.waits_for(Role.SUPERVISOR) and self.role == Role.SELF
        )
        name = self.names.clerk if waits_for_clerk else self.names.supervisor
        return Chip("clock", f"Waiting for {name}", "go")

    def _line(self, answer: ReconciliationAnswer) -> Line:
        if answer.author_id == self.viewer.pk:
            who = "You"
        else:
            who = answer.author.get_short_name() or str(answer.author)
        proposes = "" if answer.point is None else self.scale.label(answer.point)
        return Line(who, proposes, answer)


def _by_level(levels: list[ComparedLevel], wanted: Any) -> list[ComparedLevel]:
    kept = [ComparedLevel(lv.level, [c for c in lv.statements if wanted(c)]) for lv in levels]
    return [level for level in kept if level.statements]


def _otherwise(
    assessment: Assessment, page: dict[str, Any], settling: list[Settling]
) -> dict[str, Any]:
    """Say what would be suggested if every open statement took the clerk's rating."""
    open_points = {
        s.compared.statement.pk: s.compared.by_clerk.point or NOT_PART_OF_ROLE
        for s in settling
        if not s.is_settled
    }
    settled = settled_points({s.compared.statement.pk: s.talk for s in settling if s.talk})
    other = judge(assessment, page["judgement"].levels, {**settled, **open_points}).suggestion
    return {
        "label": other.label,
        "differs": bool(open_points) and other.suggested != page["suggestion"].suggested,
    }
