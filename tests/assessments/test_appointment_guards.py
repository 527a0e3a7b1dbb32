"""What the database refuses of appointments, whoever asks."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction

from assessments import actions
from assessments.models import Appointment
from records.models import Record
from tests import builders
from tests.raw import refusal, replace

pytestmark = pytest.mark.django_db(transaction=True)

KEPT = "An appointment cannot be changed."


def appointed() -> Appointment:
    return actions.appoint(
        person=builders.user(),
        up_to_level=builders.published_version().levels.get(rank=3),
        reason="Nobody holds a placement yet.",
        ends_on=datetime.date.today() + datetime.timedelta(days=90),
        by=builders.administrator(),
    )


def ended() -> Appointment:
    found = appointed()
    return actions.end_appointment(appointment=found, reason="Moved on.", by=found.appointed_by)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE assessments_appointment SET ends_on = '2099-12-31'",
        "UPDATE assessments_appointment SET reason = 'x'",
        "UPDATE assessments_appointment SET person_id = appointed_by_id",
        "UPDATE assessments_appointment SET up_to_level_id = up_to_level_id + 1",
        "UPDATE assessments_appointment SET appointed_by_id = NULL",
        "UPDATE assessments_appointment SET ended_by_id = person_id",
        "DELETE FROM assessments_appointment",
    ],
)
@pytest.mark.parametrize("made", [appointed, ended])
def test_an_appointment_is_kept_as_it_was_made(made, sql):
    made()

    assert KEPT in refusal(sql)


def test_an_appointment_is_not_replaced():
    found = appointed()

    for sql in replace("assessments_appointment", f"id = {found.pk}"):
        assert KEPT in refusal(sql)


def test_an_end_is_written_once_and_changes_nothing_else():
    first, second = appointed(), ended()
    unused = Record.objects.get(sequence=1).sequence
    end = (
        "UPDATE assessments_appointment SET ended_at = appointed_at, ended_reason = 'x',"
        f" ended_record_id = {unused}"
    )

    assert KEPT in refusal(f"{end}, ends_on = '2099-12-31' WHERE id = {first.pk}")
    assert KEPT in refusal(f"{end} WHERE id = {second.pk}")
    assert KEPT in refusal(
        f"UPDATE assessments_appointment SET ended_at = NULL, ended_reason = ''"
        f", ended_record_id = NULL WHERE id = {second.pk}"
    )
    assert refusal(f"{end} WHERE id = {first.pk}") == ""


def test_a_record_is_of_one_end():
    """UPDATE OR REPLACE would delete the appointment in its way."""
    first, second = appointed(), ended()
    replacing = "UPDATE OR REPLACE" if connection.vendor == "sqlite" else "UPDATE"

    said = refusal(
        f"{replacing} assessments_appointment SET ended_at = appointed_at, ended_reason = 'x',"
        f" ended_record_id = {second.ended_record_id} WHERE id = {first.pk}"
    )

    assert KEPT in said
    assert Appointment.objects.count() == 2


def test_an_appointment_says_why():
    fields = {
        "person": builders.user(),
        "up_to_level": builders.published_version().levels.get(rank=3),
        "ends_on": datetime.date.today(),
        "appointed_at": datetime.datetime.now(datetime.UTC),
        "record": Record.objects.first(),
    }

    with pytest.raises(IntegrityError, match="appointment_says_why"), transaction.atomic():
        Appointment.objects.create(**fields)


def test_an_end_says_why():
    found = appointed()

    with pytest.raises(IntegrityError, match="appointment_ended_says_why"), transaction.atomic():
        Appointment.objects.filter(pk=found.pk).update(
            ended_at=found.appointed_at, ended_record=Record.objects.get(sequence=1)
        )
