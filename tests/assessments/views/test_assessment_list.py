import datetime

import pytest

from assessments import actions
from assessments.models import Role
from tests import builders

pytestmark = pytest.mark.django_db

URL = "/assessments/"


def test_assessment_list_offers_an_open_cycle(client):
    clerk = builders.clerk()
    cycle = builders.cycle(clerk.team)
    client.force_login(clerk)

    page = client.get(URL).content.decode()

    assert "Rate yourself against 40 statements" in page
    assert "About 5 minutes." in page
    assert f'action="/assessments/start/{cycle.pk}/"' in page


def test_assessment_list_shows_what_is_under_way_instead(client):
    assessment = builders.draft_assessment()
    client.force_login(assessment.clerk)

    response = client.get(URL)

    (row,) = response.context["own"]
    assert (row.assessment, row.rated, row.total, row.may_rate) == (assessment, 0, 40, True)
    assert response.context["cycles"] == []


def test_assessment_list_counts_the_answers_of_this_round_only(client):
    assessment = builders.reviewed_assessment()
    supervisor = builders.supervisor(assessment)
    assessment = actions.return_assessment(
        assessment=assessment, by=supervisor, reason="Look again."
    )
    entry = actions.Entry(builders.statements(assessment)[0].pk, 4, "", 1)
    actions.save_rating(assessment=assessment, role=Role.SELF, entry=entry, by=assessment.clerk)
    client.force_login(assessment.clerk)

    response = client.get(URL)

    assert [row.rated for row in response.context["own"]] == [1]
    assert "Returned" in response.content.decode()


def test_assessment_list_shows_past_placements_with_their_record(client):
    sign_off = builders.sign_off()
    client.force_login(sign_off.clerk)

    page = client.get(URL).content.decode()

    assert "Advanced" in page
    assert f'href="{sign_off.record.get_absolute_url()}"' in page


def test_assessment_list_says_before_rating_that_nobody_supervises(client):
    clerk = builders.clerk()
    builders.cycle(clerk.team)
    clerk.team.supervisor = None
    clerk.team.save()
    client.force_login(clerk)

    assert "You have no supervisor yet." in client.get(URL).content.decode()


def test_assessment_list_says_when_a_cycle_opens(client):
    clerk = builders.clerk()
    tomorrow = datetime.date.today() + datetime.timedelta(days=2)
    cycle = builders.cycle(clerk.team, opens_on=tomorrow)
    client.force_login(clerk)

    page = client.get(URL).content.decode()

    assert "Opens " in page
    assert f"/assessments/start/{cycle.pk}/" not in page


@pytest.mark.parametrize(
    ("has_team", "words"), [(True, "When a cycle opens for your team"), (False, "not in a team")]
)
def test_assessment_list_teaches_when_it_is_empty(client, has_team, words):
    client.force_login(builders.clerk() if has_team else builders.user())

    assert words in client.get(URL).content.decode()


def test_assessment_list_holds_nothing_of_others(client):
    builders.sign_off()
    client.force_login(builders.clerk())

    response = client.get(URL)

    assert (response.context["own"], list(response.context["sign_offs"])) == ([], [])


def test_assessment_list_asks_the_database_as_often_for_three(client, django_assert_num_queries):
    clerk = builders.clerk()
    client.force_login(clerk)
    builders.draft_assessment(clerk)
    builders.cycle(clerk.team)
    client.get(URL)

    with django_assert_num_queries(11):
        client.get(URL)
    for _ in range(2):
        builders.draft_assessment(clerk)
        builders.cycle(clerk.team)
    with django_assert_num_queries(11):
        client.get(URL)
