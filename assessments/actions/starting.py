from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from assessments.actions.carrying import carry_answers
from assessments.actions.refusals import WorkflowError
from assessments.carryover_queries import last_assessment
from assessments.models import Assessment, Cycle, Event
from assessments.workflow import State


@transaction.atomic
def start_assessment(*, cycle: Cycle, clerk: User) -> Assessment:
    """Give the clerk's assessment in this cycle, made when there is none.

    A new one continues the clerk's last in this framework, and brings its answers over.

    Raises WorkflowError when the cycle is not open or not for the clerk's team.
    """
    now = timezone.now()
    cycle = Cycle.objects.select_for_update().get(pk=cycle.pk)
    existing = Assessment.objects.filter(cycle=cycle, clerk=clerk).exclude(state=State.CLOSED)
    if found := existing.first():
        return found
    if cycle.closed_at is not None:
        raise WorkflowError(f"{cycle} is closed. Nothing new can be started in it.")
    if cycle.opens_on > timezone.localdate(now):
        raise WorkflowError(f"{cycle} opens on {cycle.opens_on:%-d %B %Y}.")
    if clerk.team is None or not cycle.teams.filter(pk=clerk.team.pk).exists():
        raise WorkflowError(f"{cycle} is not for your team.")
    version = cycle.starts_on
    try:
        with transaction.atomic():
            assessment = Assessment.objects.create(
                clerk=clerk,
                cycle=cycle,
                version=version,
                rule_id=cycle.rule_id,
                started_at=now,
                moved_at=now,
                continues=last_assessment(clerk, version),
            )
    except IntegrityError:  # started in another window at the same moment
        return existing.get()
    Event.objects.create(assessment=assessment, kind="start", round=1, by=clerk, at=now)
    carry_answers(assessment, now)
    return assessment
