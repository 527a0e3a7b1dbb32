import datetime

import pytest

from accounts.models import User
from assessments import actions
from assessments.models import Cycle
from tests import builders
from tests.assessments.views.test_cycle_open import fields

pytestmark = pytest.mark.django_db
URL = "/cycles/open/"


@pytest.fixture
def team():
    """Helen Okafor's team: Priya Raman, for whom she may sign up to Developing."""
    team = builders.team(builders.user("Helen Okafor"))
    builders.user("Priya Raman", team=team)
    actions.appoint(
        person=team.supervisor,
        up_to_level=builders.published_version().levels.get(rank=2),
        reason="Nobody holds a placement yet.",
        ends_on=datetime.date.today() + datetime.timedelta(days=90),
        by=builders.administrator(),
    )
    return team


def text(response):
    """The page's words as they are read: without marks, each space once."""
    html = response.content.decode()
    for mark in ("<bdi>", "</bdi>"):
        html = html.replace(mark, "")
    return " ".join(html.split())


def test_cycle_open_first_lists_the_teams_where_nobody_may_sign(client, team):
    client.force_login(builders.administrator())
    User.objects.filter(pk=team.supervisor_id).update(is_active=False)

    page = text(client.post(URL, fields(builders.published_version(), team)))

    assert "1 of these teams has nobody who may sign everything." in page
    assert "Nobody may sign for Priya Raman: no active supervisor above them." in page
    assert 'name="anyway"' in page
    assert not Cycle.objects.exists()


def test_cycle_open_opens_although_nobody_may_sign_when_that_is_said(client, team):
    client.force_login(builders.administrator())
    User.objects.filter(pk=team.supervisor_id).update(is_active=False)

    response = client.post(URL, fields(builders.published_version(), team, anyway="on"))

    assert response.url == Cycle.objects.get().get_absolute_url()


def test_cycle_open_asks_nothing_more_where_everybody_can_be_signed_for(client, team):
    client.force_login(builders.administrator())

    response = client.post(URL, fields(builders.published_version(), team))

    assert response.url == Cycle.objects.get().get_absolute_url()


def test_cycle_detail_says_what_nobody_may_sign(client, team):
    client.force_login(builders.administrator())
    cycle = builders.cycle(team)
    before = text(client.get(cycle.get_absolute_url()))

    Cycle.objects.update(needs_standing=True, needs_second_signer=True)

    page = text(client.get(cycle.get_absolute_url()))
    assert "Who is missing to sign" not in before
    assert (
        "Helen Okafor may sign up to Developing; nobody for Proficient and Advanced."
        " Nobody for the second signature at Advanced." in page
    )


def test_cycle_detail_of_a_closed_cycle_no_longer_asks_for_signers(client, team):
    client.force_login(builders.administrator())
    cycle = builders.cycle(team)
    Cycle.objects.update(needs_standing=True)

    actions.close_cycle(cycle=cycle, by=builders.administrator())

    assert "Who is missing to sign" not in text(client.get(cycle.get_absolute_url()))
