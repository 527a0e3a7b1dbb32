import pytest

from assessments import actions
from assessments.models import Role
from tests import builders

pytestmark = pytest.mark.django_db

# Of a returned assessment: both rounds, each side, people and teams.
QUERIES = 16
CLERKS_NOTE = "The clerk wrote this."
SUPERVISORS_NOTE = "The supervisor wrote this."
NOTES = {Role.SELF: CLERKS_NOTE, Role.SUPERVISOR: SUPERVISORS_NOTE}


def url(assessment):
    return f"/assessments/{assessment.pk}/"


def write(assessment, role, point=2):
    """Answer every statement on one side, the first with that side's note."""
    by = assessment.clerk if role == Role.SELF else builders.supervisor(assessment)
    builders.rate(assessment, role, point=point)
    statement = builders.statements(assessment)[0]
    entry = actions.Entry(statement.pk, point, NOTES[role], 1)
    actions.save_rating(assessment=assessment, role=role, entry=entry, by=by)


def both_written(person=None):
    """Submitted by the clerk, and rated but not completed by the supervisor."""
    assessment = builders.draft_assessment(person)
    write(assessment, Role.SELF, point=4)
    actions.submit_assessment(assessment=assessment, by=assessment.clerk, declared=True)
    write(assessment, Role.SUPERVISOR, point=1)
    assessment.refresh_from_db()
    return assessment


def read(client, person, assessment):
    client.force_login(person)
    page = client.get(url(assessment)).content.decode()
    return CLERKS_NOTE in page, SUPERVISORS_NOTE in page


def test_assessment_detail_keeps_each_side_from_the_other_until_the_review_is_complete(client):
    top = builders.team()
    assessment = both_written(builders.user(team=builders.team(parent=top)))

    assert read(client, assessment.clerk, assessment) == (True, False)
    assert read(client, builders.supervisor(assessment), assessment) == (False, True)
    assert read(client, top.supervisor, assessment) == (False, False)
    assert read(client, builders.auditor(), assessment) == (False, False)


def test_assessment_detail_shows_no_answer_in_words_either(client):
    assessment = both_written()

    client.force_login(assessment.clerk)
    page = client.get(url(assessment)).content.decode()

    assert "Fully" in page
    assert "Not yet" not in page
    assert "would give" not in page


def test_assessment_detail_keeps_the_sides_apart_after_withdrawing_and_closing(client):
    assessment = both_written()
    supervisor = builders.supervisor(assessment)

    actions.withdraw_assessment(assessment=assessment, by=assessment.clerk)
    assert read(client, assessment.clerk, assessment) == (True, False)
    assert read(client, supervisor, assessment) == (False, True)
    actions.close_assessment(assessment=assessment, by=supervisor, reason="Left the team.")
    assert read(client, assessment.clerk, assessment) == (True, False)
    assert read(client, supervisor, assessment) == (False, True)


def test_assessment_detail_does_not_show_a_successor_what_the_former_supervisor_wrote(client):
    assessment = both_written()
    successor = builders.user()
    assessment.clerk.team.supervisor = successor
    assessment.clerk.team.save()

    assert read(client, successor, assessment) == (False, False)


def test_assessment_detail_shows_both_sides_once_both_are_complete(client):
    top = builders.team()
    assessment = both_written(builders.user(team=builders.team(parent=top)))
    supervisor = builders.supervisor(assessment)
    actions.complete_review(assessment=assessment, by=supervisor)

    for person in (assessment.clerk, supervisor, top.supervisor, builders.auditor()):
        assert read(client, person, assessment) == (True, True)


def test_assessment_detail_shows_the_round_before_with_its_reason(client):
    assessment = both_written()
    supervisor = builders.supervisor(assessment)
    actions.complete_review(assessment=assessment, by=supervisor)
    actions.return_assessment(assessment=assessment, by=supervisor, reason="Look at number 3.")
    client.force_login(assessment.clerk)

    response = client.get(url(assessment))

    assert [shown.number for shown in response.context["earlier"]] == [1]
    assert SUPERVISORS_NOTE in response.content.decode()
    assert "Look at number 3." in response.content.decode()


def test_assessment_detail_keeps_the_second_round_blind(client):
    assessment = both_written()
    supervisor = builders.supervisor(assessment)
    actions.complete_review(assessment=assessment, by=supervisor)
    actions.return_assessment(assessment=assessment, by=supervisor, reason="Look again.")
    entry = actions.Entry(builders.statements(assessment)[0].pk, 1, "New in round two.", 1)
    actions.save_rating(assessment=assessment, role=Role.SELF, entry=entry, by=assessment.clerk)
    client.force_login(supervisor)

    assert "New in round two." not in client.get(url(assessment)).content.decode()


def test_assessment_detail_shows_placement_reasons_and_what_leads_on(client):
    sign_off = builders.sign_off(points={1: 4, 2: 4, 3: 2, 4: 1}, rank=2)
    client.force_login(sign_off.clerk)

    response = client.get(url(sign_off.assessment))

    page = response.content.decode()
    ahead = response.context["next_level"]
    assert (ahead.result.label, len(ahead.statements)) == ("Proficient", 10)
    assert response.context["suggestion"].reason in page
    assert "Seen in the quarterly file checks." in page
    assert f'href="{sign_off.record.get_absolute_url()}"' in page
    assert "Your own ratings alone would give" in page


def test_assessment_detail_has_nothing_above_the_highest_level(client):
    sign_off = builders.sign_off()
    client.force_login(sign_off.clerk)

    response = client.get(url(sign_off.assessment))

    assert response.context["next_level"] is None
    assert "What leads to" not in response.content.decode()


@pytest.mark.parametrize(
    ("build", "action"),
    [
        (builders.draft_assessment, "Go on rating"),
        (builders.submitted_assessment, "Withdraw and change my answers"),
    ],
)
def test_assessment_detail_offers_the_clerk_what_is_possible(client, build, action):
    assessment = build()
    client.force_login(assessment.clerk)

    assert action in client.get(url(assessment)).content.decode()


def test_assessment_detail_is_hidden_from_strangers(client):
    assessment = builders.submitted_assessment()
    client.force_login(builders.clerk())

    assert client.get(url(assessment)).status_code == 404


def test_assessment_detail_marks_the_ends_of_what_people_wrote(client):
    clerk = builders.user("Ana <b>", team=builders.team())
    assessment = builders.submitted_assessment(clerk)
    client.force_login(builders.supervisor(assessment))

    assert "<bdi>Ana &lt;b&gt;</bdi>" in client.get(url(assessment)).content.decode()


def test_assessment_detail_asks_the_database_as_often_for_more_rounds(
    client, django_assert_num_queries
):
    assessment = both_written()
    supervisor = builders.supervisor(assessment)
    client.force_login(assessment.clerk)

    for number in (2, 3):
        actions.complete_review(assessment=assessment, by=supervisor)
        assessment = actions.return_assessment(
            assessment=assessment, by=supervisor, reason="Look again."
        )
        with django_assert_num_queries(QUERIES):
            response = client.get(url(assessment))
        assert len(response.context["earlier"]) == number - 1
        builders.rate(assessment, Role.SELF)
        actions.submit_assessment(assessment=assessment, by=assessment.clerk, declared=True)
        builders.rate(assessment, Role.SUPERVISOR)
