import pytest

from assessments.models import Assessment
from tests import builders

pytestmark = pytest.mark.django_db


def url(assessment: Assessment) -> str:
    return f"/assessments/{assessment.pk}/return/"


@pytest.mark.parametrize("build", [builders.reviewed_assessment, builders.reconciled_assessment])
def test_assessment_return_opens_the_next_round_with_its_reason(client, build):
    assessment = build()
    client.force_login(builders.supervisor(assessment))

    page = client.get(url(assessment)).content.decode()
    response = client.post(url(assessment), {"reason": "Look at Developing 3 again."})

    assessment.refresh_from_db()
    event = assessment.events.last()
    assert "Round 2 begins." in page
    assert response.headers["Location"] == "/reviews/"
    assert (assessment.state, assessment.round) == ("draft", 2)
    assert (event.kind, event.note) == ("return", "Look at Developing 3 again.")


@pytest.mark.parametrize("reason", ["", "   "])
def test_assessment_return_needs_a_reason(client, reason):
    assessment = builders.reviewed_assessment()
    client.force_login(builders.supervisor(assessment))

    response = client.post(url(assessment), {"reason": reason})

    assessment.refresh_from_db()
    page = response.content.decode()
    assert "Write why you return it, so that the clerk knows what to look at." in page
    assert 'href="#id_reason"' in page
    assert assessment.state == "reviewed"


def test_assessment_return_leads_on_from_another_state(client):
    assessment = builders.submitted_assessment()
    client.force_login(builders.supervisor(assessment))

    response = client.post(url(assessment), {"reason": "Look again."})

    assert response.headers["Location"] == f"/assessments/{assessment.pk}/review/"


def test_assessment_return_is_for_the_nearest_supervisor(client):
    assessment = builders.reviewed_assessment()

    assert client.post(url(assessment), {"reason": "Mine."}).status_code == 302
    for person, status in {assessment.clerk: 403, builders.auditor(): 403}.items():
        client.force_login(person)
        assert client.post(url(assessment), {"reason": "Mine."}).status_code == status
    client.force_login(builders.user())
    assert client.get(url(assessment)).status_code == 404
