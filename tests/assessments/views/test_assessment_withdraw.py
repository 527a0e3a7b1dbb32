import pytest

from tests import builders

pytestmark = pytest.mark.django_db


def url(assessment):
    return f"/assessments/{assessment.pk}/withdraw/"


def test_assessment_withdraw_opens_the_answers_again(client):
    assessment = builders.submitted_assessment()
    client.force_login(assessment.clerk)

    response = client.post(url(assessment), follow=True)

    assessment.refresh_from_db()
    assert (assessment.state, assessment.round) == ("draft", 1)
    assert "You can change your answers and submit again." in response.content.decode()


def test_assessment_withdraw_is_over_once_the_review_is_complete(client):
    assessment = builders.reviewed_assessment()
    client.force_login(assessment.clerk)

    response = client.post(url(assessment), follow=True)

    assessment.refresh_from_db()
    assert assessment.state == "reviewed"
    assert "Both sides have rated it. Nothing was changed." in response.content.decode()


def test_assessment_withdraw_is_the_clerks_alone(client):
    assessment = builders.submitted_assessment()

    asked = []
    for person in (builders.clerk(), builders.supervisor(assessment), builders.auditor()):
        client.force_login(person)
        asked.append(client.post(url(assessment)).status_code)

    assert asked == [404, 403, 403]


def test_assessment_withdraw_only_takes_posts(client):
    assessment = builders.submitted_assessment()
    client.force_login(assessment.clerk)

    assert client.get(url(assessment)).status_code == 405
