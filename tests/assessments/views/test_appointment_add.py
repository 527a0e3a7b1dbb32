import datetime

import pytest

from assessments.models import Appointment
from records.models import Record, RecordKind
from tests import builders

pytestmark = pytest.mark.django_db
URL = "/appointments/add/"
NEXT_YEAR = datetime.date.today() + datetime.timedelta(days=365)


def fields(person, rank=3, **given):
    return {
        "person": person.pk,
        "up_to_level": builders.published_version().levels.get(rank=rank).pk,
        "ends_on": NEXT_YEAR.isoformat(),
        "reason": "Ran the desk for ten years.",
        **given,
    }


def test_appointment_add_appoints_and_seals(client):
    tomas, helen = builders.administrator(), builders.user("Helen Okafor")
    client.force_login(tomas)

    response = client.post(URL, fields(helen), follow=True)

    made = Appointment.objects.get()
    assert (made.person, made.up_to_level.label, made.ends_on) == (helen, "Proficient", NEXT_YEAR)
    assert made.appointed_by == tomas
    assert Record.objects.filter(kind=RecordKind.APPOINTMENT).count() == 1
    html = response.content.decode()
    assert f"Helen Okafor may sign up to Proficient until {NEXT_YEAR:%-d %B %Y}." in html


def test_appointment_add_offers_the_person_it_was_opened_for(client):
    client.force_login(builders.administrator())
    builders.published_version()
    helen = builders.user("Helen Okafor")

    html = client.get(f"{URL}?person={helen.pk}").content.decode()

    assert f'<option value="{helen.pk}" selected>' in html


def test_appointment_add_says_what_is_missing_and_keeps_the_rest(client):
    client.force_login(builders.administrator())
    helen = builders.user("Helen Okafor")

    html = client.post(URL, fields(helen, reason="", ends_on="")).content.decode()

    assert "Write why this person may sign." in html
    assert "Give its last day." in html
    assert f'<option value="{helen.pk}" selected>' in html
    assert not Appointment.objects.exists()


@pytest.mark.parametrize(
    ("days", "sentence"), [(-1, "before today"), (800, "holds for two years at most")]
)
def test_appointment_add_says_which_day_is_refused(client, days, sentence):
    client.force_login(builders.administrator())
    ends_on = datetime.date.today() + datetime.timedelta(days=days)

    response = client.post(URL, fields(builders.user(), ends_on=ends_on.isoformat()))

    assert sentence in response.content.decode()
    assert not Appointment.objects.exists()


def test_appointment_add_refuses_oneself(client):
    tomas = builders.administrator()
    builders.administrator()
    client.force_login(tomas)

    response = client.post(URL, fields(tomas))

    assert "You cannot appoint yourself. Ask another administrator." in response.content.decode()
    assert not Appointment.objects.exists()


def test_appointment_add_offers_nobody_who_is_deactivated(client):
    client.force_login(builders.administrator())
    gone = builders.user(is_active=False)

    response = client.post(URL, fields(gone))

    assert response.context["form"].errors["person"]
    assert not Appointment.objects.exists()


def test_appointment_add_needs_a_published_version(client):
    client.force_login(builders.administrator())

    assert "There is no published framework yet" in client.get(URL).content.decode()


@pytest.mark.parametrize("person", [builders.clerk, builders.auditor])
def test_appointment_add_is_for_administrators(client, person):
    client.force_login(person())

    assert (client.get(URL).status_code, client.post(URL).status_code) == (403, 403)
