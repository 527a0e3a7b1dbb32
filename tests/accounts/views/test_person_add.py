import pytest

from accounts.models import User
from tests import builders

pytestmark = pytest.mark.django_db

DATA = {"first_name": "Ana", "last_name": "Lopez", "username": "ana"}


def test_person_add_adds_and_shows_the_person(office):
    team = builders.team()

    response = office.post("/people/add/", {**DATA, "team": team.pk}, follow=True)

    person = User.objects.get(username="ana")
    assert response.request["PATH_INFO"] == f"/people/{person.pk}/"
    assert person.team == team
    assert "Ana Lopez is added" in response.content.decode()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"username": "Ben"}, "belongs to somebody else"),
        ({"username": "a b"}, "valid username"),
        ({"first_name": " "}, "Write their first name."),
        ({"email": "x"}, "valid email"),
        ({"team": "999"}, "valid choice"),
        ({"last_name": "a\x00b"}, "Null characters"),
    ],
)
def test_person_add_shows_what_is_wrong(office, change, message):
    builders.user("ben")

    response = office.post("/people/add/", {**DATA, **change})

    assert response.status_code == 200
    assert message in response.content.decode()
    assert not User.objects.filter(last_name="Lopez").exists()
