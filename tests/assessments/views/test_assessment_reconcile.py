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
        for c in (s.compared for s in response.context["settling"])
    ]
    assert shown == [
        (3, "Not in role", "Partly", "Partly", "One side says not part of the role"),
        (2, "Fully", "Not yet", "Not yet", "Three steps apart"),
        (4, "Fully", "Partly", "Partly", "Two steps apart"),
    ]
    near = [c.statement.position for level in response.context["near"] for c in level.statements]
    assert near == [1]
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
    builders.settle(assessment)
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


def say(client, assessment: Assessment, position: int, **typed: str):
    statement = assessment.version.statements.get(level__rank=1, position=position)
    return client.post(f"{url(assessment)}{statement.pk}/", typed)


def test_reconcile_answer_is_said_to_the_other_side_who_agrees_by_one_button(client):
    assessment = rated_differently()
    client.force_login(builders.supervisor(assessment))
    said = say(client, assessment, 2, answer="2", reason="Two came back in October.")
    assert said.status_code == 302

    client.force_login(assessment.clerk)
    page = client.get(url(assessment)).content.decode()
    assert "Two came back in October." in page
    assert "Agree: Partly" in page
    say(client, assessment, 2, answer="2")

    found = assessment.reconciliations.get(statement__position=2)
    assert (found.outcome, found.point, found.settled_by) == ("agreed", 2, assessment.clerk)


def test_reconcile_answer_without_a_reason_says_so_and_keeps_what_was_chosen(client):
    assessment = rated_differently()
    client.force_login(assessment.clerk)

    response = say(client, assessment, 4, answer="differ", reason="")

    page = response.content.decode()
    assert response.status_code == 422
    assert "Write why, in a sentence." in page
    assert 'value="differ" checked' in page
    assert not assessment.reconciliations.exclude(outcome="").exists()


def test_reconcile_answer_opens_one_of_the_rest_and_it_can_be_taken_back(client):
    assessment = rated_differently()
    statement = assessment.version.statements.get(level__rank=1, position=1)
    client.force_login(assessment.clerk)
    page = client.get(f"{url(assessment)}?open={statement.pk}").content.decode()
    assert f'id="s-{statement.pk}"' in page

    say(client, assessment, 1, answer="4", reason="Every one since July was right.")
    opened = client.get(url(assessment)).content.decode()
    client.post(f"{url(assessment)}{statement.pk}/take-back/")

    assert "Take it back" in opened
    assert assessment.reconciliations.get(statement=statement).outcome == "taken_back"


def test_reconcile_no_answer_says_from_which_day(client):
    assessment = rated_differently()
    client.force_login(builders.supervisor(assessment))
    say(client, assessment, 2, answer="2", reason="Two came back in October.")
    statement = assessment.version.statements.get(level__rank=1, position=2)

    response = client.post(f"{url(assessment)}{statement.pk}/no-answer/", follow=True)

    assert "It can be closed as “no answer” from" in response.content.decode()
    assert not assessment.reconciliations.exclude(outcome="").exists()


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
