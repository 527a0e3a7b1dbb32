import datetime

import pytest

from assessments import actions
from assessments.models import Appointment
from records.models import Record, RecordKind
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def appointment():
    return actions.appoint(
        person=builders.user("Helen Okafor"),
        up_to_level=builders.published_version().levels.get(rank=3),
        reason="Ran the desk for ten years.",
        ends_on=datetime.date.today() + datetime.timedelta(days=90),
        by=builders.administrator(),
    )


def url(appointment):
    return f"/appointments/{appointment.pk}/end/"


def test_appointment_end_ends_it_and_seals_why(client, appointment):
    client.force_login(appointment.appointed_by)
    assert "may sign up to Proficient until" in client.get(url(appointment)).content.decode()

    response = client.post(url(appointment), {"reason": "Left the desk."}, follow=True)

    appointment.refresh_from_db()
    assert appointment.ended_reason == "Left the desk."
    assert Record.objects.filter(kind=RecordKind.APPOINTMENT_ENDED).count() == 1
    assert "The appointment of Helen Okafor is ended." in response.content.decode()


def test_appointment_end_asks_why(client, appointment):
    client.force_login(appointment.appointed_by)

    html = client.post(url(appointment), {"reason": ""}).content.decode()

    assert "Write why it ends." in html
    assert Appointment.objects.get().ended_at is None


def test_appointment_end_of_an_ended_one_says_so(client, appointment):
    client.force_login(appointment.appointed_by)
    client.post(url(appointment), {"reason": "Left the desk."})

    html = client.post(url(appointment), {"reason": "Once more."}).content.decode()

    assert "It has ended already. Nothing was changed." in html
    assert "There is nothing left to do." in html
    assert Appointment.objects.get().ended_reason == "Left the desk."


def test_appointment_end_of_nothing_is_not_found(client):
    client.force_login(builders.administrator())

    assert client.get("/appointments/999/end/").status_code == 404


@pytest.mark.parametrize("person", [builders.clerk, builders.auditor])
def test_appointment_end_is_for_administrators(client, appointment, person):
    client.force_login(person())

    assert client.get(url(appointment)).status_code == 403
    assert client.post(url(appointment), {"reason": "x"}).status_code == 403
    assert Appointment.objects.get().ended_at is None
