import datetime

import pytest

from assessments import actions
from assessments.models import Assessment
from tests import builders

pytestmark = pytest.mark.django_db


def start(client, cycle):
    return client.post(f"/assessments/start/{cycle.pk}/", follow=True)


def test_assessment_start_leads_to_the_first_level(client):
    clerk = builders.clerk()
    client.force_login(clerk)

    response = start(client, builders.cycle(clerk.team))

    assessment = Assessment.objects.get()
    assert assessment.clerk == clerk
    assert response.redirect_chain == [(f"/assessments/{assessment.pk}/rate/1/", 302)]


def test_assessment_start_leads_back_to_what_was_started(client):
    assessment = builders.draft_assessment()
    client.force_login(assessment.clerk)

    response = start(client, assessment.cycle)

    assert response.redirect_chain == [(f"/assessments/{assessment.pk}/rate/1/", 302)]
    assert Assessment.objects.count() == 1


def test_assessment_start_says_that_the_cycle_is_closed(client):
    clerk = builders.clerk()
    cycle = builders.cycle(clerk.team)
    actions.close_cycle(cycle=cycle, by=builders.administrator())
    client.force_login(clerk)

    response = start(client, cycle)

    assert f"{cycle} is closed. Nothing new can be started in it." in response.content.decode()
    assert not Assessment.objects.exists()


def test_assessment_start_says_when_the_cycle_opens(client):
    clerk = builders.clerk()
    day = datetime.date.today() + datetime.timedelta(days=3)
    client.force_login(clerk)

    response = start(client, builders.cycle(clerk.team, opens_on=day))

    assert f"opens on {day:%-d %B %Y}." in response.content.decode()


def test_assessment_start_is_hidden_from_other_teams(client):
    client.force_login(builders.clerk())

    assert start(client, builders.cycle()).status_code == 404


def test_assessment_start_is_hidden_from_people_without_a_team(client):
    client.force_login(builders.user())

    assert start(client, builders.cycle()).status_code == 404


def test_assessment_start_only_takes_posts(client):
    clerk = builders.clerk()
    client.force_login(clerk)

    answer = client.get(f"/assessments/start/{builders.cycle(clerk.team).pk}/")

    assert answer.status_code == 405
