import datetime

import pytest

from assessments import actions
from tests import builders

pytestmark = pytest.mark.django_db


def appoint(person, by):
    return actions.appoint(
        person=person,
        up_to_level=builders.published_version().levels.get(rank=3),
        reason="Ran the desk for ten years.",
        ends_on=datetime.date.today() + datetime.timedelta(days=90),
        by=by,
    )


def test_record_of_an_appointment_shows_what_was_sealed(client):
    helen = builders.user("Helen Okafor", title="Desk lead")
    appointment = appoint(helen, builders.administrator("Tomas Varga"))
    client.force_login(helen)

    html = client.get(f"/records/{appointment.record_id}/").content.decode()

    assert "Appointed to sign up to" in html
    assert "Ran the desk for ten years." in html
    assert "Helen Okafor may sign placements up to Proficient in Brokerage Clerks" in html
    assert "<bdi>Tomas Varga</bdi>" in html
    assert "Unchanged since it was sealed" in html


def test_record_of_an_ended_appointment_leads_to_the_one_that_made_it(client):
    tomas = builders.administrator("Tomas Varga")
    appointment = appoint(builders.user("Helen Okafor"), tomas)
    ended = actions.end_appointment(appointment=appointment, reason="Left the desk.", by=tomas)
    client.force_login(builders.auditor())

    html = client.get(f"/records/{ended.ended_record_id}/").content.decode()

    assert "No longer appointed to sign up to" in html
    assert "Left the desk." in html
    assert f'href="/records/{appointment.record_id}/"' in html


def test_record_of_the_only_administrators_own_appointment_says_so(client):
    tomas = builders.administrator("Tomas Varga")
    appointment = appoint(tomas, tomas)
    client.force_login(tomas)

    html = client.get(f"/records/{appointment.record_id}/").content.decode()

    assert "Tomas Varga was the only administrator and appointed themself." in html
