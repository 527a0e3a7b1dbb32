import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import builders

pytestmark = pytest.mark.django_db
URL = "/cycles/"


def test_cycle_list_counts_people_by_state(client):
    client.force_login(builders.administrator())
    clerk = builders.clerk()
    builders.user(team=clerk.team)
    builders.draft_assessment(clerk)

    response = client.get(URL)

    (row,) = response.context["rows"]
    assert (row.counts.people, row.counts.not_started, row.in_work, row.signed_off) == (2, 1, 1, 0)


def test_cycle_list_teaches_where_there_is_none(client):
    client.force_login(builders.administrator())

    assert "No cycle yet" in client.get(URL).content.decode()


@pytest.mark.parametrize("person", [builders.clerk, builders.auditor])
def test_cycle_list_is_for_administrators(client, person):
    client.force_login(person())

    assert client.get(URL).status_code == 403


def test_cycle_list_asks_as_much_for_one_cycle_as_for_three(client):
    client.force_login(builders.administrator())
    builders.draft_assessment()
    one = _queries(client)
    builders.draft_assessment()
    builders.submitted_assessment()

    assert _queries(client) == one


def _queries(client):
    with CaptureQueriesContext(connection) as captured:
        client.get(URL)
    return len(captured)
