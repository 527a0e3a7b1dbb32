"""One assessment as a person may see it: state, ratings, history and, in the end, placement."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.utils import timezone

from accounts.models import User
from accounts.queries import supervisor_of
from assessments import workflow
from assessments.dispute_queries import disputable_until
from assessments.models import (
    Acknowledgement,
    Assessment,
    Dispute,
    Event,
    Role,
    SignOff,
)
from assessments.permissions import (
    is_clerk_of,
    is_supervisor_of,
    may_see_both,
    may_see_earlier_rounds,
)
from assessments.placement import LevelResult, Suggestion
from assessments.queries import LevelRows, Row, level_rows, suggestion_of, waiting_sign_offs
from assessments.revocation_queries import revoking_objection, why_final
from assessments.views.shown import ShownLevel, in_words, line_of, only_by, roles_of
from assessments.views.stages import MOVED, chip_of, steps_of
from frameworks.models import Statement

SIDES = (Role.SELF, Role.SUPERVISOR, Role.AGREED)


class ShownRound(NamedTuple):
    """An earlier round: both sides' answers, and why it was returned."""

    number: int
    levels: list[ShownLevel]
    returned: Event | None


class NextLevel(NamedTuple):
    """What stands between the clerk and the level above the one they are placed at."""

    result: LevelResult
    statements: list[Statement]


def detail_page(assessment: Assessment, viewer: User) -> dict[str, Any]:
    """Build the page for this viewer; ratings of a side they may not see are not read at all."""
    both = may_see_both(viewer, assessment)
    as_clerk, as_supervisor = is_clerk_of(viewer, assessment), is_supervisor_of(viewer, assessment)
    levels = level_rows(assessment, roles=roles_of(both, as_clerk, as_supervisor))
    if as_supervisor and not both:
        levels = [only_by(viewer, level) for level in levels]
    shown = levels if any(_is_rated(row) for level in levels for row in level.rows) else []
    events = list(assessment.events.select_related("by"))
    # Who decides a dispute reads no words about the ratings before having rated.
    blind = not both and assessment.both_complete and not as_clerk
    supervisor = supervisor_of(assessment.clerk)
    goes_on = assessment.goes_on_in if assessment.state == workflow.MOVE.to_state else None
    context = {
        "assessment": assessment,
        "version": assessment.version,
        "scale": assessment.cycle.the_scale,
        "supervisor": supervisor,
        "both": both,
        "is_clerk": as_clerk,
        "is_supervisor": as_supervisor,
        "levels": in_words(shown, assessment.cycle.the_scale),
        "chip": MOVED if goes_on else chip_of(assessment),
        "goes_on": goes_on,
        "steps": steps_of(assessment, events, supervisor, as_clerk),
        "history": [line_of(event, blind) for event in events],
        "returned": _returned(events, assessment.round - 1),
        "may": _may(assessment.state, as_clerk, as_supervisor),
        "earlier": [],
    }
    if assessment.round > 1 and may_see_earlier_rounds(viewer, assessment):
        context["earlier"] = _earlier(assessment, levels, events)
    if both:
        context |= _outcome(assessment, levels, viewer, as_clerk)
    return context


def _after(sign_off: SignOff, viewer: User, as_clerk: bool) -> dict[str, Any]:
    """Give what came after the signature: what the clerk has said to it, and what they may say."""
    acknowledgement = Acknowledgement.objects.filter(sign_off=sign_off).first()
    dispute = Dispute.objects.filter(sign_off=sign_off).select_related("decided_by").first()
    until = disputable_until(sign_off)
    in_time = timezone.localdate() <= until
    revoked = getattr(sign_off, "revocation", None)
    final = as_clerk or why_final(sign_off)
    return {
        "acknowledgement": acknowledgement,
        "dispute": dispute,
        "disputable_until": until,
        "revoked": revoked,
        "may_acknowledge": as_clerk and acknowledgement is None and not revoked,
        "may_dispute": as_clerk and dispute is None and in_time and not revoked,
        "may_revoke": not final and revoking_objection(viewer, sign_off) is None,
        "may_correct": not final and is_supervisor_of(viewer, sign_off.assessment),
        "correction": waiting_sign_offs().filter(supersedes=sign_off).exclude(correction_reason=""),
    }


def _is_rated(row: Row) -> bool:
    return row.by_clerk is not None or row.by_supervisor is not None


def _may(state: str, as_clerk: bool, as_supervisor: bool) -> dict[str, bool]:
    return {
        "rate": as_clerk and state in workflow.RATE_SELF.from_states,
        "withdraw": as_clerk and state in workflow.WITHDRAW.from_states,
        "review": as_supervisor and state in workflow.RATE_CLERK.from_states,
        "reconcile": as_supervisor and state in workflow.RECONCILE.from_states,
        "sign_off": as_supervisor and state in workflow.SIGN_OFF.from_states,
    }


def _returned(events: Iterable[Event], number: int) -> Event | None:
    kind = workflow.RETURN.name
    return next((e for e in events if e.kind == kind and e.round == number), None)


def _earlier(
    assessment: Assessment, levels: list[LevelRows], events: list[Event]
) -> list[ShownRound]:
    ratings = {
        (rating.round, rating.statement_id, rating.role): rating
        for rating in assessment.ratings.filter(round__lt=assessment.round)
    }

    def in_round(number: int, row: Row) -> Row:
        key = (number, row.statement.pk)
        return Row(row.statement, *(ratings.get((*key, role)) for role in SIDES))

    rounds = []
    for number in range(assessment.round - 1, 0, -1):
        before = [
            LevelRows(level.level, [in_round(number, row) for row in level.rows])
            for level in levels
        ]
        shown = in_words(before, assessment.cycle.the_scale)
        rounds.append(ShownRound(number, shown, _returned(events, number)))
    return rounds


def _outcome(
    assessment: Assessment, levels: list[LevelRows], viewer: User, as_clerk: bool
) -> dict[str, Any]:
    scale, rule = assessment.cycle.the_scale, assessment.rule
    suggestion = suggestion_of(levels, scale, rule, Role.AGREED)
    sign_off = (
        assessment.sign_offs.filter(record__isnull=False)
        .select_related("level", "suggested_level", "signed_by", "second_signed_by", "record")
        .select_related("clerk", "on_behalf_of", "revocation__by", "dispute")
        .order_by("-round")
        .first()
    )
    return {
        "suggestion": suggestion,
        "own_suggestion": suggestion_of(levels, scale, rule, Role.SELF),
        "sign_off": sign_off,
        "next_level": _next_level(sign_off, suggestion, levels) if sign_off else None,
        **(_after(sign_off, viewer, as_clerk) if sign_off else {}),
    }


def _next_level(
    sign_off: SignOff, suggestion: Suggestion, levels: list[LevelRows]
) -> NextLevel | None:
    above = 0
    for place, level in enumerate(levels):
        if sign_off.level_id == level.level.pk:
            above = place + 1
    if above == len(levels):
        return None
    result = suggestion.levels[above]
    missing = {*result.missing, *result.must_haves_missing}
    statements = [
        row.statement
        for level in levels
        for row in level.rows
        if str(row.statement.competency_id) in missing
    ]
    return NextLevel(result, statements)
