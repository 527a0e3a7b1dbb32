import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import ADMINISTRATORS
from assessments.actions.refusals import WorkflowError
from assessments.actions.words import checked_words
from assessments.dates import add_months
from assessments.models import Appointment
from assessments.sealed_parts import person as person_payload
from assessments.sealed_parts import utc
from assessments.sealed_rows import rows_behind_appointment
from frameworks.models import Level, VersionState
from records.actions import append_record
from records.models import RecordKind

LONGEST_IN_MONTHS = 24


@transaction.atomic
def appoint(
    *, person: User, up_to_level: Level, reason: str, ends_on: datetime.date, by: User
) -> Appointment:
    """Let a person sign up to a level until a day, and seal it. Raises WorkflowError."""
    now = timezone.now()
    is_only_administrator = _administrators(by) == {by.pk}
    person = User.objects.select_related("team").get(pk=person.pk)
    level = Level.objects.select_related("version__framework").get(pk=up_to_level.pk)
    reason = checked_words(
        reason, needed="Write why this person may sign: the reason is sealed with it."
    )
    if not person.is_active:
        raise WorkflowError(f"{person} is deactivated and cannot sign.")
    if person.pk == by.pk and not is_only_administrator:
        raise WorkflowError("You cannot appoint yourself. Ask another administrator.")
    if level.version.state != VersionState.PUBLISHED:
        raise WorkflowError("Choose a level of a published framework.")
    _check_end(ends_on, timezone.localdate(now))
    payload = _payload(person, level, reason, ends_on, by, now)
    appointment = Appointment(
        person=person,
        up_to_level=level,
        reason=reason,
        ends_on=ends_on,
        appointed_by=by,
        appointed_at=now,
    )
    appointment.record = append_record(
        kind=RecordKind.APPOINTMENT,
        payload=payload,
        at=now,
        subject=person,
        behind=rows_behind_appointment(appointment),
    )
    appointment.save()
    return appointment


@transaction.atomic
def end_appointment(*, appointment: Appointment, reason: str, by: User) -> Appointment:
    """End an appointment before its day, and seal it. Raises WorkflowError."""
    now = timezone.now()
    _administrators(by)
    reason = checked_words(reason, needed="Write why it ends: the reason is sealed with it.")
    found = (
        Appointment.objects.select_for_update(of=("self",))
        .select_related("person__team", "up_to_level__version__framework", "appointed_by__team")
        .get(pk=appointment.pk)
    )
    if found.ended_at is not None:
        raise WorkflowError("It has ended already. Nothing was changed.")
    if found.ends_on < timezone.localdate(now):
        raise WorkflowError(f"It ended by itself after {found.ends_on:%-d %B %Y}.")
    payload = _ended_payload(found, reason, by, now)
    found.ended_at, found.ended_by, found.ended_reason = now, by, reason
    record = append_record(
        kind=RecordKind.APPOINTMENT_ENDED,
        payload=payload,
        at=now,
        subject=found.person,
        behind=rows_behind_appointment(found, is_ended=True),
    )
    # The conditional update is the real guard: row locks are silently nothing on SQLite.
    ended = Appointment.objects.filter(pk=found.pk, ended_at=None).update(
        ended_at=now, ended_by=by, ended_reason=reason, ended_record=record
    )
    if not ended:
        raise WorkflowError("It has ended already. Nothing was changed.")
    found.refresh_from_db()
    return found


def _administrators(by: User) -> set[int]:
    """Give the ids of the active administrators. Raises WorkflowError for anybody else."""
    active = User.objects.select_for_update(no_key=True).filter(
        is_active=True, groups__name=ADMINISTRATORS
    )
    found = set(active.values_list("pk", flat=True))
    if by.pk not in found:
        raise WorkflowError("Only an administrator can do this.")
    return found


def _check_end(ends_on: datetime.date, today: datetime.date) -> None:
    if ends_on < today:
        raise WorkflowError("It would have ended before today. Choose a later day.")
    latest = add_months(today, LONGEST_IN_MONTHS)
    if ends_on > latest:
        raise WorkflowError(
            f"An appointment holds for two years at most: choose {latest:%-d %B %Y} or earlier."
        )


def _payload(
    person: User,
    level: Level,
    reason: str,
    ends_on: datetime.date,
    by: User,
    at: datetime.datetime,
) -> dict[str, Any]:
    meaning = (
        f"Until {ends_on:%-d %B %Y}, {person} may sign placements up to {level.label} in"
        f" {level.version.framework.title} without holding that level, wherever {person} is"
        " otherwise the one to sign."
    )
    if person.pk == by.pk:
        meaning += f" {by} was the only administrator and appointed themself."
    return {
        "type": "appointment",
        "schema": "1",
        **_about(person, level),
        "reason": reason,
        "ends_on": ends_on.isoformat(),
        "appointed_by": person_payload(by),
        "by_the_only_administrator": person.pk == by.pk,
        "at": utc(at),
        "meaning": meaning,
    }


def _ended_payload(
    found: Appointment, reason: str, by: User, at: datetime.datetime
) -> dict[str, Any]:
    person = found.person
    return {
        "type": "appointment_ended",
        "schema": "1",
        **_about(person, found.up_to_level),
        "reason": reason,
        "ended_by": person_payload(by),
        "at": utc(at),
        "appointment": {
            "record": found.record_id,
            "reason": found.reason,
            "ends_on": found.ends_on.isoformat(),
            "appointed_by": person_payload(found.appointed_by) if found.appointed_by else None,
            "at": utc(found.appointed_at),
        },
        "meaning": f"From this moment, {person} signs nothing more by this appointment. What"
        f" {person} signed under it stands.",
    }


def _about(person: User, level: Level) -> dict[str, Any]:
    version = level.version
    return {
        "person": person_payload(person),
        "framework": {
            "soc": version.framework.soc,
            "title": version.framework.title,
            "label": version.label,
            "content_digest": version.content_digest,
        },
        "level": {"key": level.key, "label": level.label, "rank": level.rank},
    }
