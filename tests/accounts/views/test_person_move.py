import pytest

from tests import builders

pytestmark = pytest.mark.django_db


def test_person_move_moves_to_the_team_and_out_again(office):
    person, team = builders.user(), builders.team()

    response = office.post(f"/people/{person.pk}/move/", {"team": team.pk})
    person.refresh_from_db()
    assert (response.url, person.team) == (f"/people/{person.pk}/", team)

    office.post(f"/people/{person.pk}/move/", {"team": ""})
    person.refresh_from_db()
    assert person.team is None


def test_person_move_shows_a_team_that_is_not_there(office):
    person = builders.clerk()

    response = office.post(f"/people/{person.pk}/move/", {"team": "999"})

    assert response.context["form"].errors["team"]
    person.refresh_from_db()
    assert person.team is not None
