import pytest

from accounts import actions
from tests import builders

pytestmark = pytest.mark.django_db

OLD, NEW = "three-Blue-harbours", "four-Green-harbours"


@pytest.fixture
def person(client):
    person = actions.set_password(person=builders.user(), password=OLD)
    client.force_login(person)
    return person


def change(client, old=OLD, new=NEW):
    data = {"old_password": old, "new_password1": new, "new_password2": new}
    return client.post("/password/", data)


def test_password_change_keeps_this_session_and_ends_the_others(client, person, client_of):
    other = client_of(person)

    assert change(client).url == "/"

    person.refresh_from_db()
    assert person.check_password(NEW)
    assert client.get("/password/").status_code == 200
    assert other.get("/password/").status_code == 302


@pytest.mark.parametrize("data", [{"old": "wrong"}, {"new": "short"}, {"new": "qwerty123456"}])
def test_password_change_shows_what_is_wrong(client, person, data):
    response = change(client, **data)

    person.refresh_from_db()
    assert response.status_code == 200
    assert response.context["form"].errors
    assert person.check_password(OLD)


def test_password_change_is_for_who_is_signed_in(client):
    assert client.get("/password/").url == "/sign-in/?next=/password/"
