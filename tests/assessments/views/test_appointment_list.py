import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments import actions
from tests import builders

pytestmark = pytest.mark.django_db
URL = "/appointments/"
TODAY = datetime.date.today()


def appoint(name="", by=None, **given):
    fields = {
        "person": builders.user(name),
        "up_to_level": builders.published_version().levels.get(rank=3),
        "reason": "Ran the desk for ten years.",
        "ends_on": TODAY + datetime.timedelta(days=90),
        **given,
    }
    return actions.appoint(**fields, by=by or builders.administrator())


def end(appointment):
    actions.end_appointment(
        appointment=appointment, reason="Left the desk.", by=appointment.appointed_by
    )


def test_appointment_list_parts_what_is_in_force_from_what_is_past(client):
    tomas = builders.administrator("Tomas Varga")
    client.force_login(tomas)
    held, ended = appoint("Helen Okafor", tomas), appoint("Ruth Adeyemi", tomas)
    end(ended)

    response = client.get(URL)

    html = response.content.decode()
    assert (list(response.context["in_force"]), list(response.context["page"])) == ([held], [ended])
    assert "<bdi>Helen Okafor</bdi>" in html
    assert "Ran the desk for ten years." in html
    assert "Left the desk." in html
    assert html.count("/end/") == 1
    assert "/records/" not in html.partition("<main")[2].partition("</main>")[0]


def test_appointment_list_says_when_there_is_none(client):
    client.force_login(builders.administrator())

    html = client.get(URL).content.decode()

    assert "None. Only who holds a level" in html
    assert "<h2>Past</h2>" not in html


def test_appointment_list_is_read_only_for_auditors_and_leads_to_the_records(client):
    appointment = appoint()
    client.force_login(builders.auditor())

    html = client.get(URL).content.decode()

    assert f'href="/records/{appointment.record_id}/"' in html
    assert "/end/" not in html
    assert "/appointments/add/" not in html
    assert "/people/" not in html


@pytest.mark.parametrize("person", [builders.clerk, builders.user])
def test_appointment_list_is_for_administrators_and_auditors(client, person):
    client.force_login(person())

    assert client.get(URL).status_code == 403


def test_appointment_list_asks_as_much_for_one_as_for_three(client):
    client.force_login(builders.administrator())
    appoint()
    end(appoint())
    one = _queries(client)
    for _ in range(2):
        appoint()
        end(appoint())

    assert _queries(client) == one


def _queries(client):
    with CaptureQueriesContext(connection) as captured:
        client.get(URL)
    return len(captured)
