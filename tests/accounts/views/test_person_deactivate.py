import pytest

from tests import builders

pytestmark = pytest.mark.django_db


def test_person_deactivate_says_first_what_happens(office):
    above = builders.team()
    team = builders.team(parent=above)

    page = office.get(f"/people/{team.supervisor_id}/deactivate/").content.decode()

    assert "signed out at once" in page
    assert f"reviewed by <bdi>{above.supervisor}</bdi>" in page
    team.supervisor.refresh_from_db()
    assert team.supervisor.is_active


def test_person_deactivate_warns_when_nobody_stands_above(office):
    team = builders.team()

    page = office.get(f"/people/{team.supervisor_id}/deactivate/").content.decode()

    assert "nobody stands above it" in page


def test_person_deactivate_closes_the_account(office, client_of):
    person = builders.user("Ana Lopez")
    theirs = client_of(person)

    response = office.post(f"/people/{person.pk}/deactivate/", follow=True)

    assert "Ana Lopez is deactivated" in response.content.decode()
    assert theirs.get("/password/").status_code == 302


def test_person_deactivate_refuses_oneself_with_a_sentence(office, administrator):
    response = office.post(f"/people/{administrator.pk}/deactivate/", follow=True)

    assert "You cannot deactivate yourself" in response.content.decode()
    administrator.refresh_from_db()
    assert administrator.is_active


def test_person_reactivate_opens_the_account_again(office):
    person = builders.user(is_active=False)

    office.post(f"/people/{person.pk}/reactivate/")

    person.refresh_from_db()
    assert person.is_active
