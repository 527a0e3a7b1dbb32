import pytest

from tests import builders

pytestmark = pytest.mark.django_db


def test_sign_out_ends_the_session(client):
    client.force_login(builders.user())

    assert client.post("/sign-out/").url == "/sign-in/"
    assert client.get("/password/").status_code == 302


def test_sign_out_by_a_link_is_refused(client):
    client.force_login(builders.user())

    assert client.get("/sign-out/").status_code == 405
    assert client.get("/password/").status_code == 200


def test_sign_out_after_the_session_ended_leads_to_the_sign_in(client):
    assert client.post("/sign-out/").url == "/sign-in/"
