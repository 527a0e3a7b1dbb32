"""What any page of an assessment shows of ratings and of what happened, in words."""

from collections.abc import Iterable
from typing import NamedTuple

from accounts.models import User
from assessments import workflow
from assessments.models import Event, Rating, Role
from assessments.queries import LevelRows, Row
from assessments.scales import Scale
from frameworks.models import Level, Statement

HAPPENED = {
    "start": "Started",
    workflow.SUBMIT.name: "Submitted",
    workflow.WITHDRAW.name: "Withdrawn",
    workflow.COMPLETE_REVIEW.name: "Review completed",
    workflow.RECONCILE.name: "Ratings compared",
    workflow.RETURN.name: "Returned",
    workflow.SIGN_OFF.name: "Signed off",
    workflow.CLOSE.name: "Closed",
    workflow.MOVE.name: "Moved to a new version",
    workflow.UNDO_CARRY_OVER.name: "Earlier answers set aside",
    workflow.BRING_OVER.name: "Earlier answers brought over",
    workflow.NO_ANSWER.name: "Closed as “no answer”",
    workflow.TAKE_OVER.name: "Review taken over",
    workflow.SIGN_FIRST.name: "First signature",
    workflow.SIGN_SECOND.name: "Second signature",
    workflow.DECLINE.name: "Second signature declined",
    workflow.SUPERSEDE.name: "Placed anew",
    workflow.CORRECT.name: "Placement corrected",
    workflow.REVOKE.name: "Placement revoked",
    "re-route": "Supervisor changed",
    "acknowledge": "Acknowledged",
    "dispute": "Disputed",
    "name decider": "Decider named",
    "rate disputed": "Disputed statements rated",
    "uphold": "Placement upheld",
}
WITH_REASON = {
    workflow.RETURN.name,
    workflow.CLOSE.name,
    workflow.DECLINE.name,
    workflow.NO_ANSWER.name,
    workflow.TAKE_OVER.name,
    workflow.CORRECT.name,
    workflow.REVOKE.name,
    "re-route",
}


class Said(NamedTuple):
    """One side's answer in words."""

    label: str
    note: str
    reference: str


class ShownRow(NamedTuple):
    """A statement with the answers that the viewer may see; the others were never read."""

    statement: Statement
    by_clerk: Said | None
    by_supervisor: Said | None
    agreed: Said | None
    differs: bool


class ShownLevel(NamedTuple):
    level: Level
    rows: list[ShownRow]


class Happened(NamedTuple):
    """One line of the history."""

    word: str
    event: Event
    reason: str


def roles_of(both: bool, as_clerk: bool, as_supervisor: bool) -> list[Role]:
    if both:
        return [Role.SELF, Role.SUPERVISOR, Role.AGREED]
    if as_clerk:
        return [Role.SELF]
    return [Role.SUPERVISOR] if as_supervisor else []


def only_by(viewer: User, level: LevelRows) -> LevelRows:
    """Leave out what a former supervisor left: their successor starts blank."""
    rows = [
        row
        if row.by_supervisor and row.by_supervisor.author_id == viewer.pk
        else row._replace(by_supervisor=None)
        for row in level.rows
    ]
    return level._replace(rows=rows)


def in_words(levels: Iterable[LevelRows], scale: Scale) -> list[ShownLevel]:
    return [
        ShownLevel(level.level, [_shown_row(row, scale) for row in level.rows]) for level in levels
    ]


def _shown_row(row: Row, scale: Scale) -> ShownRow:
    points = {rating.point for rating in (row.by_clerk, row.by_supervisor) if rating}
    return ShownRow(
        row.statement,
        _said(row.by_clerk, scale),
        _said(row.by_supervisor, scale),
        _said(row.agreed, scale),
        differs=len(points) > 1,
    )


def _said(rating: Rating | None, scale: Scale) -> Said | None:
    return Said(scale.label(rating.point), rating.note, rating.reference) if rating else None


def line_of(event: Event, blind: bool) -> Happened:
    reason = event.note if event.kind in WITH_REASON and not blind else ""
    return Happened(HAPPENED.get(event.kind, event.kind.capitalize()), event, reason)
