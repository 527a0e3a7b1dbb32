import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import builders
from tests.assessments.test_oversight import signed_for_each_other

pytestmark = pytest.mark.django_db
URL = "/oversight/"


def test_oversight_shows_each_part_with_its_whole(client):
    helen = builders.user("Helen Okafor")
    signed = builders.sign_off(builders.clerk(helen), rank=2)
    client.force_login(builders.auditor())

    html = client.get(URL).content.decode()

    assert "<bdi>Helen Okafor</bdi>" in html
    assert "1 of 1" in html
    assert "1: Work seen that the statements do not cover" in html
    assert f"/sign-offs/?signer={helen.pk}" in html
    assert "%" not in html.partition("<table")[2].rpartition("</table>")[0]
    assert f"/sign-offs/?cycle={signed.assessment.cycle_id}" in html


def test_oversight_of_one_cycle(client):
    one, other = builders.sign_off(), builders.sign_off()
    client.force_login(builders.auditor())

    response = client.get(URL, {"cycle": one.assessment.cycle_id})

    assert [line.of for line in response.context["found"].people] == [one.signed_by]
    assert f"<bdi>{other.signed_by}</bdi>" not in response.content.decode()


def test_oversight_links_both_records_of_a_pair(client):
    first, second = signed_for_each_other()
    client.force_login(builders.auditor())

    html = client.get(URL).content.decode()

    for sign_off in (first, second):
        assert sign_off.record.get_absolute_url() in html


@pytest.mark.parametrize("cycle", ["x", "999", ""])
def test_oversight_bears_any_cycle(client, cycle):
    client.force_login(builders.auditor())

    html = client.get(URL, {"cycle": cycle}).content.decode()

    assert "Nothing to count" in html


@pytest.mark.parametrize("person", [builders.clerk, builders.administrator])
def test_oversight_is_for_auditors(client, person):
    client.force_login(person())

    assert client.get(URL).status_code == 403


def test_oversight_asks_as_much_for_one_as_for_three(client):
    client.force_login(builders.auditor())
    builders.sign_off()
    one = _queries(client)
    builders.sign_off()
    builders.sign_off()

    assert _queries(client) == one


def _queries(client):
    with CaptureQueriesContext(connection) as captured:
        client.get(URL)
    return len(captured)
