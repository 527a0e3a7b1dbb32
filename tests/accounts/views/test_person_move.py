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


def test_person_move_shows_first_what_changes_hands_and_again_when_the_choice_changes(office):
    assessment, first, second = builders.submitted_assessment(), builders.team(), builders.team()
    url = f"/people/{assessment.clerk_id}/move/"

    shown = office.post(url, {"team": first.pk})
    confirmed = {"team": first.pk, "confirmed": shown.context["handover"].fingerprint}
    again = office.post(url, {**confirmed, "team": second.pk})
    moved = office.post(url, confirmed)

    assert f"to <b><bdi>{first.supervisor}</bdi></b>" in shown.content.decode()
    assert f"to <b><bdi>{second.supervisor}</bdi></b>" in again.content.decode()
    assert moved.status_code == 302
    assessment.clerk.refresh_from_db()
    assert assessment.clerk.team == first


def test_person_move_asks_whether_somebody_may_be_left_alone(office):
    assessment = builders.submitted_assessment()
    url = f"/people/{assessment.clerk_id}/move/"
    shown = office.post(url, {"team": ""})
    confirmed = {"team": "", "confirmed": shown.context["handover"].fingerprint}

    refused = office.post(url, confirmed).content.decode()
    moved = office.post(url, {**confirmed, "nobody": "on"})

    assert "would have no supervisor. Name a successor" in refused
    assert moved.status_code == 302
