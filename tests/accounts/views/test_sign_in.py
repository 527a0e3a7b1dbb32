import pytest

from accounts import actions
from accounts.demo import DEMO_PASSWORD
from tests import builders

pytestmark = pytest.mark.django_db

PASSWORD = "three-Blue-harbours"


@pytest.fixture
def person():
    return actions.set_password(person=builders.user("Ana Lopez"), password=PASSWORD)


def sign_in(client, username="ana.lopez", password=PASSWORD, **more):
    return client.post("/sign-in/", {"username": username, "password": password, **more})


def test_sign_in_leads_to_the_start_page(client, person):
    response = sign_in(client)

    assert (response.status_code, response.url) == (302, "/")


def test_sign_in_goes_back_to_the_page_that_was_asked_for(client, person):
    asked = client.get("/password/")

    assert asked.url == "/sign-in/?next=/password/"
    assert 'name="next" value="/password/"' in client.get(asked.url).content.decode()
    assert sign_in(client, next="/password/").url == "/password/"


@pytest.mark.parametrize("address", ["https://example.com/", "//example.com", "javascript:a()"])
def test_sign_in_leads_to_no_other_host(client, person, address):
    assert sign_in(client, next=address).url == "/"


def test_sign_in_says_the_same_of_a_wrong_name_and_a_wrong_password(client, person):
    wrong = [sign_in(client, username="nobody"), sign_in(client, password="wrong")]

    actions.deactivate_person(person=person, by=None)
    wrong.append(sign_in(client))

    sentences = [response.context["form"].non_field_errors() for response in wrong]
    assert sentences[0] == sentences[1] == sentences[2]
    assert "do not go together" in sentences[0][0]


def test_sign_in_shows_the_demo_people_in_the_demo_only(client, settings):
    settings.DEMO = True
    assert DEMO_PASSWORD in client.get("/sign-in/").content.decode()

    settings.DEMO = False
    page = client.get("/sign-in/").content.decode()
    assert DEMO_PASSWORD not in page
    assert "priya" not in page


def test_sign_in_sends_on_who_is_signed_in(client, person):
    client.force_login(person)

    assert client.get("/sign-in/").url == "/"
