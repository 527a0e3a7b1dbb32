import pytest

from assessments.models import Assessment
from tests import builders

pytestmark = pytest.mark.django_db


def url(assessment: Assessment) -> str:
    return f"/assessments/{assessment.pk}/close/"


@pytest.mark.parametrize(
    "build",
    [
        builders.draft_assessment,
        builders.submitted_assessment,
        builders.reviewed_assessment,
        builders.reconciled_assessment,
    ],
)
def test_assessment_close_ends_open_work_with_a_reason(client, build):
    assessment = build()
    client.force_login(builders.supervisor(assessment))

    page = client.get(url(assessment)).content.decode()
    response = client.post(url(assessment), {"reason": "Moves to Chicago."})

    assessment.refresh_from_db()
    assert "It ends without a placement and is not opened again." in page
    assert response.headers["Location"] == "/reviews/"
    assert (assessment.state, assessment.events.last().note) == ("closed", "Moves to Chicago.")


def test_assessment_close_opens_no_answers(client):
    assessment = builders.submitted_assessment()
    client.force_login(builders.supervisor(assessment))

    client.post(url(assessment), {"reason": "Moves to Chicago."})

    assert client.get(f"/assessments/{assessment.pk}/reconcile/").status_code == 404


def test_assessment_close_needs_a_reason(client):
    assessment = builders.submitted_assessment()
    client.force_login(builders.supervisor(assessment))

    response = client.post(url(assessment), {"reason": ""})

    assessment.refresh_from_db()
    page = response.content.decode()
    assert "Write why you close it; the reason is kept with it." in page
    assert assessment.state == "submitted"


def test_assessment_close_leads_on_when_it_is_signed_off(client):
    assessment = builders.sign_off().assessment
    client.force_login(builders.supervisor(assessment))

    response = client.post(url(assessment), {"reason": "Too late."})

    assert response.headers["Location"] == f"/assessments/{assessment.pk}/"


def test_assessment_close_is_for_the_nearest_supervisor(client):
    assessment = builders.draft_assessment()

    assert client.post(url(assessment), {"reason": "Mine."}).status_code == 302
    for person, status in {assessment.clerk: 403, builders.user(): 404}.items():
        client.force_login(person)
        assert client.post(url(assessment), {"reason": "Mine."}).status_code == status
    assessment.refresh_from_db()
    assert assessment.state == "draft"
