import pytest

from tests import builders

pytestmark = pytest.mark.django_db

DATA = {"first_name": "Ana", "last_name": "Brandt", "title": "Senior Clerk"}


def test_person_change_changes_the_person(office):
    person = builders.user("Ana Lopez")

    response = office.post(f"/people/{person.pk}/change/", DATA)

    person.refresh_from_db()
    assert response.url == f"/people/{person.pk}/"
    assert (str(person), person.title, person.username) == (
        "Ana Brandt",
        "Senior Clerk",
        "ana.lopez",
    )


def test_person_change_shows_a_number_that_is_taken(office):
    builders.user(employee_number="17")
    person = builders.user("Ana Lopez")

    response = office.post(f"/people/{person.pk}/change/", {**DATA, "employee_number": "17"})

    person.refresh_from_db()
    assert "belongs to somebody else" in response.content.decode()
    assert str(person) == "Ana Lopez"
