import pytest

from assessments.actions.rules import SHIPPED_THRESHOLD
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("person", [builders.clerk, builders.administrator, builders.auditor])
def test_help_explains_to_everybody_who_is_signed_in(client, person):
    client.force_login(person())

    html = client.get("/help/").content.decode()

    for anchor in ("who-sees-what", "answers", "rule", "records", "keys"):
        assert f'id="{anchor}"' in html


def test_help_says_how_the_rule_the_own_ratings_and_other_levels_work(client):
    client.force_login(builders.clerk())

    html = client.get("/help/").content.decode().partition('id="rule"')[2].partition("</section")[0]

    assert f"<b>threshold</b> of {SHIPPED_THRESHOLD}%" in html
    for words in ("must be shown", "clerk's own ratings", "another level", "second signature"):
        assert words in html


def test_help_is_closed_to_nobody(client):
    assert client.get("/help/").status_code == 302
