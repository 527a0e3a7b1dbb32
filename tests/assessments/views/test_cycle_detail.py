import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.models import Role
from tests import builders

pytestmark = pytest.mark.django_db


def test_cycle_detail_lists_people_with_their_state(client):
    client.force_login(builders.administrator())
    clerk = builders.user("Priya Raman", team=builders.team())
    builders.user("Ben Castillo", team=clerk.team)
    assessment = builders.draft_assessment(clerk)

    response = client.get(assessment.cycle.get_absolute_url())

    people = [(str(row["person"]), row["assessment"]) for row in response.context["people"]]
    assert people == [("Ben Castillo", None), ("Priya Raman", assessment)]
    assert "Not started" in response.content.decode()


def test_cycle_detail_tells_nothing_about_answers(client):
    client.force_login(builders.administrator())
    assessment = builders.draft_assessment()
    before = _main(client, assessment.cycle)

    builders.rate(assessment, Role.SELF)

    assert _main(client, assessment.cycle) == before


def _main(client, cycle):
    html = client.get(cycle.get_absolute_url()).content.decode()
    return html.partition("<main")[2].partition("</main>")[0]


def test_cycle_detail_says_how_it_judges(client):
    client.force_login(builders.administrator())
    cycle = builders.cycle(reply_days=7, needs_second_signer=True)

    html = client.get(cycle.get_absolute_url()).content.decode()

    assert (
        f'<a href="/rules/{cycle.rule_id}/">Rule 1</a> suggests levels: one is shown at 80%' in html
    )
    assert "After 7 days without a word" in html
    assert "Every supervisor may sign every level." in html
    assert "need a second signature" in html


@pytest.mark.parametrize("person", [builders.clerk, builders.auditor])
def test_cycle_detail_is_for_administrators(client, person):
    client.force_login(person())

    assert client.get(builders.cycle().get_absolute_url()).status_code == 403


def test_cycle_detail_of_nothing_is_not_found(client):
    client.force_login(builders.administrator())

    assert client.get("/cycles/999/").status_code == 404


def test_cycle_detail_asks_as_much_for_one_person_as_for_three(client):
    client.force_login(builders.administrator())
    assessment = builders.draft_assessment()
    one = _queries(client, assessment.cycle)
    builders.user(team=assessment.clerk.team)
    builders.user(team=assessment.clerk.team)

    assert _queries(client, assessment.cycle) == one


def _queries(client, cycle):
    with CaptureQueriesContext(connection) as captured:
        client.get(cycle.get_absolute_url())
    return len(captured)
