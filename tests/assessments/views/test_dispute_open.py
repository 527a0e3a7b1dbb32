import re

import pytest

from tests import builders

pytestmark = pytest.mark.django_db


def test_dispute_open_shows_both_answers_and_unfolds_the_level_above(client):
    sign_off = builders.sign_off(points={2: 1}, rank=1)
    client.force_login(sign_off.clerk)

    html = client.get(f"/sign-offs/{sign_off.pk}/dispute/").content.decode()

    unfolded = re.findall(r'<details class="folded" open>\s*<summary>.*?</svg>\s*([^<]+)<', html)
    assert unfolded == ["Developing"]
    assert html.count("You: Fully. Your supervisor: <b>Not yet</b>.") == 10
    assert "10 statements, 10 answered differently" in html
