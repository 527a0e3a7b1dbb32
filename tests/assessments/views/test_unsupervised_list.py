import pytest

from accounts.models import Team
from assessments import actions
from tests import builders

pytestmark = pytest.mark.django_db


def alone(name: str):
    return builders.user(name, team=Team.objects.create(name=f"Team of {name}"))


def test_unsupervised_list_says_what_each_has_open_and_what_to_do(client):
    client.force_login(builders.administrator())
    idle, asked, busy = (alone(name) for name in ("Ana Idle", "Ben Asked", "Cy Busy"))
    cycle = builders.cycle(asked.team, busy.team)
    assessment = actions.start_assessment(cycle=cycle, clerk=busy)

    response = client.get("/unsupervised/")

    rows = [(row.person, row.assessment, row.cycle) for row in response.context["rows"]]
    assert rows == [(busy, assessment, cycle), (asked, None, cycle), (idle, None, None)]
    page = response.content.decode()
    assert f'/teams/{busy.team_id}/change/">Name a supervisor' in page
    assert "Nothing is asked of them now" in page


def test_unsupervised_list_leaves_out_whoever_can_be_reviewed(client):
    client.force_login(builders.administrator())
    builders.clerk()

    page = client.get("/unsupervised/").content.decode()

    assert "Everybody has a supervisor" in page


def test_unsupervised_list_says_why_somebody_named_cannot(client):
    client.force_login(builders.administrator())
    first, second = builders.user("Ana Lopez"), builders.user("Ben Castillo")
    for person, other in ((first, second), (second, first)):
        person.team = builders.team(other)
        person.save()

    page = client.get("/unsupervised/").content.decode()

    assert "<bdi>Ben Castillo</bdi> cannot: <bdi>Ana Lopez</bdi> supervises them" in page


def test_unsupervised_list_holds_who_left_all_teams_with_work_open(client):
    administrator = builders.administrator()
    client.force_login(administrator)
    assessment = builders.submitted_assessment()
    actions.move_person(person=assessment.clerk, team=None, by=administrator, nobody=True)

    response = client.get("/unsupervised/")

    assert [row.person for row in response.context["rows"]] == [assessment.clerk]
    assert "Move them to a team" in response.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_unsupervised_list_reads_as_much_for_many(client, rows, django_assert_num_queries):
    client.force_login(builders.administrator())
    for number in range(rows):
        person = alone(f"Person {number}")
        actions.start_assessment(cycle=builders.cycle(person.team), clerk=person)

    with django_assert_num_queries(10):
        client.get("/unsupervised/")


def test_unsupervised_list_is_for_administrators(client):
    client.force_login(builders.auditor())

    assert client.get("/unsupervised/").status_code == 403
