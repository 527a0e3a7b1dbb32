import pytest

from accounts.models import Team
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("rows", [1, 3])
def test_team_list_reads_as_much_for_many_as_for_one(office, rows, django_assert_num_queries):
    top = builders.team()
    for _ in range(rows):
        builders.user(team=builders.team(parent=top))

    with django_assert_num_queries(5):
        office.get("/teams/")


def test_team_list_puts_each_team_below_its_parent(office):
    first = builders.team()
    second = builders.team()
    below = builders.team(parent=first)
    builders.user(team=below)

    rows = office.get("/teams/").context["rows"]

    assert [(row.team, row.depth, row.members) for row in rows] == [
        (first, 0, 0),
        (below, 1, 1),
        (second, 0, 0),
    ]


def test_team_list_teaches_when_there_is_none(office):
    assert "No team yet" in office.get("/teams/").content.decode()


def test_team_add_adds_a_team(office):
    parent, supervisor = builders.team(), builders.user()

    data = {"name": "Mail", "parent": parent.pk, "supervisor": supervisor.pk}
    response = office.post("/teams/add/", data)

    team = Team.objects.get(name="Mail")
    assert response.url == f"/teams/{team.pk}/"
    assert (team.parent, team.supervisor) == (parent, supervisor)


def test_team_add_shows_a_name_that_is_taken(office):
    team = builders.team()

    response = office.post("/teams/add/", {"name": team.name})

    assert "already" in response.content.decode()
    assert Team.objects.count() == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_team_detail_reads_as_much_for_many_as_for_one(office, rows, django_assert_num_queries):
    team = builders.team()
    for _ in range(rows):
        builders.user(team=team)

    with django_assert_num_queries(11):
        response = office.get(f"/teams/{team.pk}/")
    assert len(response.context["rows"]) == rows


def test_team_change_moves_the_team(office):
    top, team = builders.team(), builders.team()

    data = {"name": "Mail", "parent": top.pk, "supervisor": ""}
    office.post(f"/teams/{team.pk}/change/", data)

    team.refresh_from_db()
    assert (team.name, team.parent, team.supervisor) == ("Mail", top, None)


def test_team_change_shows_a_loop(office):
    top = builders.team()
    below = builders.team(parent=top)

    data = {"name": top.name, "parent": below.pk, "supervisor": ""}
    response = office.post(f"/teams/{top.pk}/change/", data)

    assert "stands below it" in response.content.decode()
    top.refresh_from_db()
    assert top.parent is None


def test_team_change_lets_a_deactivated_supervisor_stand(office):
    team = builders.team()
    supervisor = team.supervisor
    supervisor.is_active = False
    supervisor.save()

    data = {"name": "Mail", "parent": "", "supervisor": supervisor.pk}
    office.post(f"/teams/{team.pk}/change/", data)

    team.refresh_from_db()
    assert (team.name, team.supervisor) == ("Mail", supervisor)


def test_team_change_shows_first_what_changes_hands(office):
    assessment, successor = builders.submitted_assessment(), builders.user("Grace Whitfield")
    team = assessment.clerk.team
    former, url = team.supervisor, f"/teams/{team.pk}/change/"
    data = {"name": team.name, "parent": "", "supervisor": successor.pk}

    shown = office.post(url, data)
    team.refresh_from_db()
    assert f"from <bdi>{former}</bdi> to <b><bdi>{successor}</bdi></b>" in shown.content.decode()
    assert team.supervisor == former

    office.post(url, {**data, "confirmed": shown.context["handover"].fingerprint})
    team.refresh_from_db()
    assert team.supervisor == successor


def test_team_change_leaves_nobody_alone_unless_that_is_said(office):
    assessment = builders.submitted_assessment()
    team = assessment.clerk.team
    url, data = f"/teams/{team.pk}/change/", {"name": team.name, "parent": "", "supervisor": ""}
    data["confirmed"] = office.post(url, data).context["handover"].fingerprint

    refused = office.post(url, data).content.decode()
    team.refresh_from_db()
    assert "would have no supervisor" in refused
    assert team.supervisor is not None

    office.post(url, {**data, "nobody": "on"})
    team.refresh_from_db()
    assert team.supervisor is None
