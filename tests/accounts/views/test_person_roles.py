import pytest

from accounts.permissions import AUDITORS, role_names
from tests import builders

pytestmark = pytest.mark.django_db


def test_person_roles_gives_and_takes_roles(office):
    person = builders.user()

    office.post(f"/people/{person.pk}/roles/", {"roles": [AUDITORS]})
    assert set(person.groups.values_list("name", flat=True)) == {AUDITORS}

    office.post(f"/people/{person.pk}/roles/", {})
    assert not person.groups.exists()


def test_person_roles_keeps_the_last_administrator(office, administrator):
    response = office.post(f"/people/{administrator.pk}/roles/", {"roles": [AUDITORS]})

    assert "the only administrator" in response.content.decode()
    assert AUDITORS not in role_names(administrator)


def test_person_roles_shows_a_role_that_is_none(office):
    person = builders.user()

    response = office.post(f"/people/{person.pk}/roles/", {"roles": ["Kings"]})

    assert response.context["form"].errors["roles"]
    assert not person.groups.exists()
