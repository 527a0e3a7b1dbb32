import copy
import datetime
from collections.abc import Collection

from assessments.as_of import answers, stood
from assessments.models import Assessment, Event, Rating, RatingChange, Role
from assessments.queries import LevelRows, Row
from assessments.workflow import State

SIDES = (Role.SELF, Role.SUPERVISOR, Role.AGREED)


def as_it_stood(
    assessment: Assessment, moment: datetime.datetime
) -> tuple[Assessment | None, list[Event]]:
    """Give the assessment with state and round of that moment, and the steps up to it: 1 query.

    It is a copy to be read, never to be saved; None before it was begun.
    """
    events = list(assessment.events.filter(at__lte=moment).select_related("by"))
    found = stood(events)
    if found is None:
        return None, []
    then = copy.copy(assessment)
    then.state, then.round = found.state, found.round
    return then, events


def rows_as_of(
    then: Assessment, roles: Collection[Role], moment: datetime.datetime
) -> list[LevelRows]:
    """Read the statements with what these roles had answered by that moment: 4 queries.

    In the round of that moment; once signed off, each side's latest round. A copy from the round
    before is no answer until its author has given it.
    """
    kept = RatingChange.objects.filter(assessment=then, role__in=roles, at__lte=moment)
    found = {key: _rating(change) for key, change in answers(kept.order_by("pk")).items()}
    # What was agreed, and what a decided dispute wrote, is written once and never changed.
    settled = Rating.objects.filter(assessment=then, role__in=roles, saved_at__lte=moment)
    for rating in settled.filter(round__lte=then.round):
        key = (rating.role, rating.round, rating.statement_id)
        if rating.role == Role.AGREED or (then.state == State.SIGNED_OFF and key not in found):
            found[key] = rating
    first = 1 if then.state == State.SIGNED_OFF else then.round
    standing = {
        (role, statement): found[role, number, statement]
        for role, number, statement in sorted(found)
        if first <= number <= then.round
    }
    levels = [LevelRows(level, []) for level in then.version.levels.all()]
    place = {level.level.pk: level for level in levels}
    for statement in then.version.statements.order_by("level__rank", "position"):
        by = [standing.get((role, statement.pk)) for role in SIDES]
        place[statement.level_id].rows.append(Row(statement, *by))
    return levels


def _rating(change: RatingChange) -> Rating:
    """Give the answer as a rating to be read, never to be saved."""
    return Rating(
        statement_id=change.statement_id,
        role=change.role,
        round=change.round,
        author_id=change.author_id,
        point=change.point,
        note=change.note,
        reference=change.reference,
        saved_at=change.at,
    )
