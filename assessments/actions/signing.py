import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from assessments import workflow
from assessments.actions.steps import Moved, WorkflowError, begin, finish
from assessments.models import Assessment, Role, SignOff
from assessments.placement import NOT_YET_PLACED, Outcome, Suggestion
from assessments.queries import level_rows, suggestion_of
from assessments.sealed import sign_off_payload
from frameworks.models import Level
from records.actions import append_record
from records.models import RecordKind


@transaction.atomic
def sign_off_assessment(
    *,
    assessment: Assessment,
    level: Level | None,
    by: User,
    revision: int,
    justification: str = "",
    confirm_set_aside: bool = False,
) -> SignOff:
    """Place the clerk and seal it in the same transaction; no level is "not yet placed".

    `revision` is the assessment's as it was shown to the signer. Raises WorkflowError, Moved,
    NotYours.
    """
    now = timezone.now()
    justification = justification.strip()
    assessment = begin(workflow.SIGN_OFF, assessment, by)
    if assessment.revision != revision:
        raise Moved("The assessment was changed since this page was drawn. Look at it again.")

    levels = level_rows(assessment)
    scale = assessment.cycle.the_scale
    suggestion = suggestion_of(levels, scale, assessment.rule, Role.AGREED)
    suggested = None if suggestion.suggested is None else levels[suggestion.suggested].level
    if level is not None and level.version_id != assessment.version_id:
        raise WorkflowError("This level is not of the assessment's framework.")
    if not justification:
        _check_unjustified(suggestion, suggested, level)
    if has_set_aside(suggestion) and not confirm_set_aside:
        raise WorkflowError("Confirm that the levels set aside were not judged.")

    valid_until = add_months(timezone.localdate(now), assessment.cycle.valid_months)
    payload = sign_off_payload(
        assessment=assessment,
        suggestion=suggestion,
        self_suggestion=suggestion_of(levels, scale, assessment.rule, Role.SELF),
        placed=level.key if level else None,
        placed_label=level.label if level else NOT_YET_PLACED,
        justification=justification,
        signer=by,
        signed_at=now,
        valid_until=valid_until if level else None,
    )
    assessment = finish(workflow.SIGN_OFF, assessment, by=by, at=now)
    record = append_record(
        kind=RecordKind.SIGN_OFF, payload=payload, at=now, subject=assessment.clerk
    )
    return SignOff.objects.create(
        assessment=assessment,
        round=assessment.round,
        clerk=assessment.clerk,
        level=level,
        suggested_level=suggested,
        rule=assessment.rule,
        justification_category="" if level == suggested else "other",
        justification=justification,
        signed_by=by,
        signed_at=now,
        valid_until=valid_until if level else None,
        record=record,
    )


def has_set_aside(suggestion: Suggestion) -> bool:
    """Say whether a level was set aside: the signer confirms that it was not judged."""
    return any(level.outcome is Outcome.SET_ASIDE for level in suggestion.levels)


def add_months(day: datetime.date, months: int) -> datetime.date:
    """Give the same day some months on, or that month's last day where it has no such day."""
    year, month = divmod(day.month - 1 + months, 12)
    first = datetime.date(day.year + year, month + 1, 1)
    next_first = (first + datetime.timedelta(days=31)).replace(day=1)
    last = (next_first - datetime.timedelta(days=1)).day
    return first.replace(day=min(day.day, last))


def _check_unjustified(
    suggestion: Suggestion, suggested: Level | None, level: Level | None
) -> None:
    if level != suggested:
        raise WorkflowError("You place at another level than the suggested one: write why.")
    if suggestion.much_left_out:
        raise WorkflowError(
            "More than a fifth of this level's statements are not part of the role: write why"
            " the level still holds."
        )
