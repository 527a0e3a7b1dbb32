import pytest

from assessments import actions
from assessments.models import Assessment, Role
from tests import builders

pytestmark = pytest.mark.django_db


def url(assessment: Assessment) -> str:
    return f"/assessments/{assessment.pk}/complete-review/"


def rated_assessment() -> Assessment:
    assessment = builders.submitted_assessment()
    builders.rate(assessment, Role.SUPERVISOR)
    return assessment


def test_review_complete_freezes_and_opens_both_sides(client):
    assessment = rated_assessment()
    client.force_login(builders.supervisor(assessment))

    page = client.get(url(assessment)).content.decode()
    response = client.post(url(assessment))

    assessment.refresh_from_db()
    assert "your ratings and notes cannot be changed" in page
    assert response.headers["Location"] == f"/assessments/{assessment.pk}/reconcile/"
    assert assessment.state == "reviewed"


def test_review_complete_links_to_what_is_missing(client):
    assessment = builders.submitted_assessment()
    first, second, *others = builders.statements(assessment)
    entries = [actions.Entry(statement.pk, 3, "", 0) for statement in others]
    by = builders.supervisor(assessment)
    actions.save_ratings(assessment=assessment, role=Role.SUPERVISOR, entries=entries, by=by)
    client.force_login(by)

    page = client.get(url(assessment)).content.decode()

    assert "2 statements are not rated yet" in page
    for statement in (first, second):
        assert f'href="/assessments/{assessment.pk}/review/1/#s-{statement.pk}"' in page
    assert "<button" not in page.split("<main", 1)[1]


def test_review_complete_is_refused_while_something_is_missing(client):
    assessment = builders.submitted_assessment()
    client.force_login(builders.supervisor(assessment))

    response = client.post(url(assessment), follow=True)

    assessment.refresh_from_db()
    assert "Not completed: 40 statements are not rated yet." in response.content.decode()
    assert assessment.state == "submitted"


def test_review_complete_says_what_was_taken_over_from_the_round_before(client):
    assessment = builders.reviewed_assessment()
    by = builders.supervisor(assessment)
    assessment = actions.return_assessment(assessment=assessment, by=by, reason="Look again.")
    actions.submit_assessment(assessment=assessment, by=assessment.clerk, declared=True)
    client.force_login(by)

    page = client.get(url(assessment)).content.decode()

    assert "40 of them are your answers from round 1" in page


def test_review_complete_leads_on_when_it_is_complete(client):
    assessment = builders.reviewed_assessment()
    client.force_login(builders.supervisor(assessment))

    response = client.post(url(assessment))

    assert response.headers["Location"] == f"/assessments/{assessment.pk}/reconcile/"


def test_review_complete_is_for_the_nearest_supervisor(client):
    assessment = rated_assessment()

    assert client.post(url(assessment)).status_code == 302
    for person, status in {assessment.clerk: 403, builders.user(): 404}.items():
        client.force_login(person)
        assert client.post(url(assessment)).status_code == status
    assessment.refresh_from_db()
    assert assessment.state == "submitted"
