import pytest

from tests import builders

pytestmark = pytest.mark.django_db


def test_person_detail_shows_team_and_supervisor(office):
    clerk = builders.clerk()

    page = office.get(f"/people/{clerk.pk}/").content.decode()

    assert str(clerk.team) in page
    assert str(clerk.team.supervisor) in page
    assert f"/people/{clerk.pk}/deactivate/" in page


def test_person_detail_says_when_nobody_can_review(office):
    team = builders.team()
    person = team.supervisor
    person.team = team
    person.save()

    page = office.get(f"/people/{person.pk}/").content.decode()

    assert "Nobody can review" in page


def test_person_detail_offers_nobody_to_deactivate_themselves(office, administrator):
    page = office.get(f"/people/{administrator.pk}/").content.decode()

    assert f"/people/{administrator.pk}/deactivate/" not in page


def test_person_detail_escapes_names(office):
    person = builders.user(first_name="<b>Ana</b>")

    page = office.get(f"/people/{person.pk}/").content.decode()

    assert "<b>Ana</b>" not in page
    assert "&lt;b&gt;Ana&lt;/b&gt;" in page
