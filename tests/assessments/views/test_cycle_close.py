import pytest

from tests import builders

pytestmark = pytest.mark.django_db


def test_cycle_close_says_what_follows_and_then_closes(client):
    administrator = builders.administrator()
    client.force_login(administrator)
    assessment = builders.draft_assessment()
    builders.user(team=assessment.clerk.team)
    cycle = assessment.cycle
    url = f"/cycles/{cycle.pk}/close/"

    question = client.get(url).content.decode()
    response = client.post(url)

    cycle.refresh_from_db()
    assert "1 person can no longer start." in question
    assert "1 assessment in work can still be finished" in question
    assert response.url == cycle.get_absolute_url()
    assert cycle.closed_by == administrator


def test_cycle_close_says_so_when_it_is_closed_already(client):
    client.force_login(builders.administrator())
    url = f"/cycles/{builders.cycle(name='Autumn 2026').pk}/close/"
    client.post(url)

    response = client.post(url, follow=True)

    assert "Autumn 2026 is closed already." in response.content.decode()


@pytest.mark.parametrize("person", [builders.clerk, builders.auditor])
def test_cycle_close_is_for_administrators(client, person):
    client.force_login(person())
    url = f"/cycles/{builders.cycle().pk}/close/"

    assert (client.get(url).status_code, client.post(url).status_code) == (403, 403)
