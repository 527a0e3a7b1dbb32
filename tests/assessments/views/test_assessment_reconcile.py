import pytest

from assessments import actions
from assessments.models import Assessment, Role
from tests import builders

pytestmark = pytest.mark.django_db


def url(assessment: Assessment) -> str:
    return f"/assessments/{assessment.pk}/reconcile/"


def rated_differently() -> Assessment:
    """Four statements differ, each by another distance: the fifth and on are the same."""
    assessment = builders.draft_assessment()
    by = builders.supervisor(assessment)
    first = {0: (4, 3), 1: (4, 1), 2: (0, 2), 3: (4, 2)}
    for role, side, person in ((Role.SELF, 0, assessment.clerk), (Role.SUPERVISOR, 1, by)):
        entries = [
            actions.Entry(statement.pk, first.get(n, (4, 4))[side], f"Note of {role} {n}", 0)
            for n, statement in enumerate(builders.statements(assessment))
        ]
        actions.save_ratings(assessment=assessment, role=role, entries=entries, by=person)
        if role == Role.SELF:
            actions.submit_assessment(assessment=assessment, by=person, declared=True)
    return actions.complete_review(assessment=assessment, by=by)


def test_assessment_reconcile_shows_differences_first_and_the_widest_on_top(client):
    assessment = rated_differently()
    client.force_login(builders.supervisor(assessment))

    response = client.get(url(assessment))

    shown = [
        (c.statement.position, c.clerk_says, c.supervisor_says, c.agreed_says, c.apart_in_words)
        for c in response.context["differences"]
    ]
    assert shown == [
        (3, "Not in role", "Partly", "Partly", "One side says not part of the role"),
        (2, "Fully", "Not yet", "Not yet", "Three steps apart"),
        (4, "Fully", "Partly", "Partly", "Two steps apart"),
        (1, "Fully", "Mostly", "Mostly", "One step apart"),
    ]
    same = [(level.level.rank, len(level.statements)) for level in response.context["same"]]
    assert same == [(1, 6), (2, 10), (3, 10), (4, 10)]


def test_assessment_reconcile_shows_notes_of_both_and_why_a_level_is_suggested(client):
    assessment = rated_differently()
    client.force_login(builders.supervisor(assessment))

    response = client.get(url(assessment))

    page = response.content.decode()
    assert "Note of self 0" in page
    assert "Note of supervisor 39" in page
    assert response.context["suggestion"].label == "Not yet placed"
    assert "No level is shown yet. Emerging has 7 of the 8 it needs." in page
    assert response.context["clerks_own"].label == "Advanced"
    assert "EBSCOed" in page


def test_assessment_reconcile_takes_the_ratings_to_sign_off(client):
    assessment = rated_differently()
    client.force_login(builders.supervisor(assessment))

    response = client.post(url(assessment))

    assessment.refresh_from_db()
    assert response.headers["Location"] == f"/assessments/{assessment.pk}/sign-off/"
    assert assessment.state == "reconciled"
    assert assessment.ratings.filter(role=Role.AGREED).count() == 40


def test_assessment_reconcile_a_second_time_changes_nothing_and_says_so(client):
    assessment = builders.reconciled_assessment()
    client.force_login(builders.supervisor(assessment))

    response = client.post(url(assessment), follow=True)

    page = response.content.decode()
    assert "It is ready to be signed off. Nothing was changed." in page
    assert "Go to sign-off" in page


def test_assessment_reconcile_is_read_only_to_everybody_who_may_see_both(client):
    assessment = rated_differently()
    team = assessment.clerk.team
    team.parent = builders.team()
    team.save()

    for person in (assessment.clerk, team.parent.supervisor, builders.auditor()):
        client.force_login(person)
        page = client.get(url(assessment)).content.decode()
        assert "Note of supervisor 39" in page
        assert "Take these ratings to sign-off" not in page
        assert client.post(url(assessment)).status_code == 403


@pytest.mark.parametrize("build", [builders.draft_assessment, builders.submitted_assessment])
def test_assessment_reconcile_is_not_there_until_both_are_complete(client, build):
    assessment = build()

    for person in (assessment.clerk, builders.supervisor(assessment), builders.auditor()):
        client.force_login(person)
        assert client.get(url(assessment)).status_code == 404
        assert client.post(url(assessment)).status_code == 404


def test_assessment_reconcile_is_closed_to_strangers(client):
    assessment = builders.reviewed_assessment()

    assert client.get(url(assessment)).status_code == 302
    for person in (builders.clerk(), builders.user(), builders.administrator()):
        client.force_login(person)
        assert client.get(url(assessment)).status_code == 404
