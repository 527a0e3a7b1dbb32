import datetime
import io

import pytest
import time_machine
from django.core.management import call_command

from assessments import actions
from assessments.models import Role
from tests import builders

pytestmark = pytest.mark.django_db


def url(assessment):
    return f"/assessments/{assessment.pk}/submit/"


@pytest.fixture
def rated(client):
    assessment = builders.draft_assessment()
    builders.rate(assessment, Role.SELF)
    assessment.refresh_from_db()
    client.force_login(assessment.clerk)
    return assessment


def test_assessment_submit_freezes_the_answers(client, rated):
    response = client.post(url(rated), {"declared": "on", "revision": rated.revision}, follow=True)

    rated.refresh_from_db()
    assert rated.state == "submitted"
    assert response.redirect_chain == [(f"/assessments/{rated.pk}/", 302)]


def test_assessment_submit_links_to_what_is_missing(client):
    assessment = builders.draft_assessment()
    builders.rate(assessment, Role.SELF)
    missing = assessment.version.statements.filter(level__rank=2).last()
    assessment.ratings.filter(statement=missing).delete()
    client.force_login(assessment.clerk)

    page = client.get(url(assessment)).content.decode()

    assert "1 statement is not rated yet" in page
    assert f'href="/assessments/{assessment.pk}/rate/2/#s-{missing.pk}"' in page
    assert "Developing 10" in page
    assert 'name="declared"' not in page


def test_assessment_submit_asks_for_the_declaration(client, rated):
    response = client.post(url(rated), {"revision": rated.revision})

    rated.refresh_from_db()
    assert rated.state == "draft"
    assert "Say that you rated the statements yourself" in response.content.decode()


def test_assessment_submit_refuses_what_was_not_shown(client, rated):
    shown = rated.revision
    statement = builders.statements(rated)[0]
    entry = actions.Entry(statement.pk, 1, "", 1)
    actions.save_rating(assessment=rated, role=Role.SELF, entry=entry, by=rated.clerk)

    response = client.post(url(rated), {"declared": "on", "revision": shown}, follow=True)

    rated.refresh_from_db()
    assert rated.state == "draft"
    assert "An answer was saved since this page was drawn." in response.content.decode()


def test_assessment_submit_names_the_copies_not_answered_again(client):
    assessment = builders.returned_assessment()
    entry = actions.Entry(builders.statements(assessment)[0].pk, 3, "", 1)
    actions.save_rating(assessment=assessment, role=Role.SELF, entry=entry, by=assessment.clerk)
    client.force_login(assessment.clerk)

    page = client.get(url(assessment)).content.decode()

    assert "39 statements ask for another look" in page
    assert "counts once you have kept or changed it" in page
    assert 'name="declared"' not in page


def test_assessment_submit_hints_and_lets_go_on(client, rated):
    before = stored(rated)

    page = client.get(url(rated)).content.decode()
    unchanged = stored(rated) == before
    client.post(url(rated), {"declared": "on", "revision": rated.revision})

    rated.refresh_from_db()
    assert "All 40 answers are the same." in page
    assert "All 40 answers were saved within a minute." in page
    assert f'href="/assessments/{rated.pk}/rate/1/"' in page
    assert unchanged
    assert rated.state == "submitted"


def stored(assessment):
    out = io.StringIO()
    call_command("dumpdata", "assessments", "records", stdout=out)
    return out.getvalue()


def test_assessment_submit_says_nothing_of_usual_answers(client):
    assessment = builders.draft_assessment()
    at = assessment.started_at
    for number, statement in enumerate(builders.statements(assessment)):
        entry = actions.Entry(statement.pk, 4 - number % 2, "", 0)
        with time_machine.travel(at + datetime.timedelta(seconds=30 * number), tick=False):
            actions.save_rating(
                assessment=assessment, role=Role.SELF, entry=entry, by=assessment.clerk
            )
    client.force_login(assessment.clerk)

    response = client.get(url(assessment))

    assert response.context["hints"] == []
    assert "Before you go on" not in response.content.decode()


def test_assessment_submit_leads_away_once_it_is_submitted(client):
    assessment = builders.submitted_assessment()
    client.force_login(assessment.clerk)

    response = client.get(url(assessment), follow=True)

    assert response.redirect_chain == [(f"/assessments/{assessment.pk}/", 302)]


def test_assessment_submit_is_the_clerks_alone(client, rated):
    asked = []
    for person in (builders.clerk(), builders.supervisor(rated), builders.auditor()):
        client.force_login(person)
        asked.append(client.post(url(rated), {"declared": "on"}).status_code)

    assert asked == [404, 403, 403]
