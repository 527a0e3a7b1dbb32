import pytest

from tests import builders

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("person", [builders.clerk, builders.administrator, builders.auditor])
def test_help_explains_to_everybody_who_is_signed_in(client, person):
    client.force_login(person())

    html = client.get("/help/").content.decode()

    for anchor in ("who-sees-what", "answers", "rule", "records", "keys"):
        assert f'id="{anchor}"' in html


def test_help_is_closed_to_nobody(client):
    assert client.get("/help/").status_code == 302
