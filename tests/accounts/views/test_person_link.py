import pytest

from accounts import actions
from tests import builders

pytestmark = pytest.mark.django_db


def test_person_link_lets_a_new_person_choose_a_password(office, client):
    person = builders.user("Ana Lopez")
    person.set_unusable_password()
    person.save()

    link = office.post(f"/people/{person.pk}/link/").context["link"]

    page = client.get(link.removeprefix("http://testserver"), follow=True)
    assert "Choose your password" in page.content.decode()


@pytest.mark.parametrize("state", ["has a password", "is deactivated"])
def test_person_link_is_for_nobody_who_could_be_impersonated(office, state):
    person = builders.user()
    if state == "has a password":
        actions.set_password(person=person, password="three-Blue-harbours")
    else:
        actions.deactivate_person(person=person, by=None)

    response = office.post(f"/people/{person.pk}/link/")

    assert response.url == f"/people/{person.pk}/"
