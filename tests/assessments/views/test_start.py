import datetime
from contextlib import contextmanager

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments import actions
from assessments.models import Role
from tests import builders

pytestmark = pytest.mark.django_db

# Session, signed-in person, their groups, and the navigation's own question.
FRAME = 4


@contextmanager
def later(**by):
    with time_machine.travel(timezone.now() + datetime.timedelta(**by), tick=True):
        yield


def page(client, person):
    client.force_login(person)
    response = client.get("/")
    assert response.status_code == 200
    return response.content.decode()


def main_of(html):
    return html.partition("<main")[2].partition("</main>")[0]


def queries(client, person):
    client.force_login(person)
    client.get("/")  # the visit that is remembered, which the next one is not
    with CaptureQueriesContext(connection) as captured:
        client.get("/")
    return len(captured)


def test_start_is_closed_to_nobody(client):
    assert client.get("/").status_code == 302


def test_start_offers_a_clerk_to_start(client):
    clerk = builders.clerk()
    cycle = builders.cycle(clerk.team)

    html = page(client, clerk)

    assert "Start your assessment" in html
    assert "in 14 days" in html
    assert f"/assessments/start/{cycle.pk}/" in html


def test_start_says_when_a_cycle_has_not_opened_yet(client):
    clerk = builders.clerk()
    today = timezone.localdate()
    builders.cycle(clerk.team, opens_on=today + datetime.timedelta(days=3))

    html = page(client, clerk)

    assert "Your assessment opens in 3 days" in html
    assert "/assessments/start/" not in html


def test_start_leads_to_the_first_level_with_unrated_statements(client):
    assessment = builders.draft_assessment()
    rated = [s for s in builders.statements(assessment) if s.level.rank == first_rank(assessment)]
    entries = [actions.Entry(statement.pk, 3, "", 0) for statement in rated]
    actions.save_ratings(
        assessment=assessment, role=Role.SELF, entries=entries, by=assessment.clerk
    )

    html = page(client, assessment.clerk)

    assert "Rate the last 30 statements" in html
    assert "About 4 minutes left" in html
    assert "Continue with Developing" in html
    assert f"/assessments/{assessment.pk}/rate/{first_rank(assessment) + 1}/" in html


def first_rank(assessment):
    return assessment.version.levels.first().rank


def test_start_asks_to_submit_when_everything_is_rated(client):
    assessment = builders.draft_assessment()
    builders.rate(assessment, Role.SELF)

    assert "Submit your ratings" in page(client, assessment.clerk)


def test_start_names_who_rates_after_submission(client):
    supervisor = builders.user("Helen Okafor")
    assessment = builders.submitted_assessment(builders.clerk(supervisor))

    html = page(client, assessment.clerk)

    assert "<bdi>Helen Okafor</bdi> is rating the same statements" in html


def test_start_shows_the_reason_of_a_return(client):
    assessment = builders.reviewed_assessment()
    actions.return_assessment(
        assessment=assessment, by=builders.supervisor(assessment), reason="Look at the ledgers."
    )

    html = page(client, assessment.clerk)

    assert "Look at your ratings again" in html
    assert "40 of 40 are still to be kept or changed." in html
    assert "Look at the ledgers." in html


def test_start_asks_nothing_more_once_the_placement_was_seen(client):
    sign_off = builders.sign_off()
    actions.acknowledge_sign_off(sign_off=sign_off, by=sign_off.clerk)

    html = page(client, sign_off.clerk)

    assert f"You are placed at {sign_off.level}" in html
    assert "Nothing is asked of you now." in html
    assert "say that you have seen it" not in html


def test_start_shows_the_placement_and_what_leads_on(client):
    sign_off = builders.sign_off(points={2: 1}, rank=1)

    html = page(client, sign_off.clerk)

    assert "Your placement is signed off" in html
    assert "Emerging" in html
    assert "Developing had 0 of the 8 it needs" in html
    assert sign_off.record.get_absolute_url() in html


def test_start_tells_a_clerk_without_supervisor_before_rating_begins(client):
    clerk = builders.clerk()
    builders.cycle(clerk.team)
    clerk.team.supervisor.is_active = False
    clerk.team.supervisor.save()

    assert "Nobody is named to rate your statements yet" in page(client, clerk)


def test_start_lists_who_waits_for_a_supervisor_longest_first(client):
    supervisor = builders.user()
    with later(days=-2):
        first = builders.submitted_assessment(builders.clerk(supervisor))
    second = builders.reviewed_assessment(builders.clerk(supervisor))
    builders.draft_assessment(builders.clerk(supervisor))

    html = page(client, supervisor)

    assert "2 people wait for you" in html
    assert "1 more is still rating" in html
    assert html.index(str(first.clerk)) < html.index(str(second.clerk))
    assert f"/assessments/{second.pk}/reconcile/" in html


def test_start_shows_the_own_task_first_to_a_clerk_who_supervises(client):
    person = builders.clerk()
    builders.submitted_assessment(builders.clerk(person))
    builders.draft_assessment(person)

    html = page(client, person)

    assert html.index("<h1>Rate 40 statements</h1>") < html.index("waits for you</h2>")


def test_start_asks_no_assessment_of_a_supervisor_whom_nobody_reviews(client):
    person = builders.user()
    person.team = builders.team(person)
    person.save()
    builders.cycle(person.team)

    html = page(client, person)

    assert "Nobody waits for you" in html
    assert "Start your assessment" not in html


def test_start_tells_an_administrator_who_has_no_supervisor(client):
    lost = builders.user("Nora Byrne", team=builders.team())
    lost.team.supervisor.is_active = False
    lost.team.supervisor.save()

    html = page(client, builders.administrator())

    assert "1 person has no supervisor" in html
    assert "<bdi>Nora Byrne</bdi>" in html


def test_start_tells_an_administrator_who_left_all_teams_with_work_open(client):
    assessment, administrator = builders.submitted_assessment(), builders.administrator()
    actions.move_person(person=assessment.clerk, team=None, by=administrator, nobody=True)

    html = main_of(page(client, administrator))

    assert "1 person has no supervisor" in html
    assert "In no team" in html


def test_start_marks_a_placement_as_disputed_only_where_it_is(client):
    undisputed, disputed = builders.sign_off(), builders.dispute().sign_off

    assert "Disputed" not in page(client, undisputed.clerk)
    assert "It stands until that is decided." in page(client, disputed.clerk)


def test_start_asks_an_administrator_first_for_who_decides_a_dispute(client):
    dispute = builders.dispute()
    actions.deactivate_person(
        person=builders.above(dispute.sign_off.assessment),
        by=builders.administrator(),
        nobody=True,
    )

    html = page(client, builders.administrator("Ad Two"))

    assert "1 dispute has nobody to decide it" in html
    assert "Nothing waits for an administrator" not in html


def test_start_tells_an_administrator_nothing_about_answers(client):
    assessment = builders.draft_assessment()
    administrator = builders.administrator()
    before = main_of(page(client, administrator))

    builders.rate(assessment, Role.SELF)

    assert main_of(page(client, administrator)) == before


def test_start_tells_a_supervisor_nothing_about_answers_of_a_draft(client):
    assessment = builders.draft_assessment()
    supervisor = builders.supervisor(assessment)
    before = main_of(page(client, supervisor))

    builders.rate(assessment, Role.SELF)

    assert main_of(page(client, supervisor)) == before


def test_start_shows_an_auditor_the_latest_sign_offs(client):
    sign_off = builders.sign_off()

    html = page(client, builders.auditor())

    assert f"<bdi>{sign_off.clerk}</bdi>" in html
    assert sign_off.record.get_absolute_url() in html


def test_start_teaches_where_there_is_nothing(client):
    html = page(client, builders.user())

    assert "Nothing is asked of you now" in html
    assert "An administrator places you in one" in html


def test_start_tells_what_happened_since_the_last_visit_and_keeps_it_for_a_reload(client):
    supervisor = builders.user("Helen Okafor")
    with later(days=-2):
        assessment = builders.submitted_assessment(builders.clerk(supervisor))
        page(client, assessment.clerk)
    builders.rate(assessment, Role.SUPERVISOR)
    actions.complete_review(assessment=assessment, by=supervisor)

    first = page(client, assessment.clerk)
    again = client.get("/").content.decode()

    assert "<bdi>Helen Okafor</bdi> finished rating your statements" in first
    assert "finished rating your statements" in again
    with later(hours=1):
        assert "finished rating your statements" not in page(client, assessment.clerk)


def test_start_tells_ten_pieces_of_news_and_counts_the_rest(client):
    supervisor = builders.user()
    with later(days=-2):
        page(client, supervisor)
    for _ in range(12):
        builders.submitted_assessment(builders.clerk(supervisor))

    html = page(client, supervisor)

    assert html.count("submitted the ratings") == 10
    assert "and 2 more." in html


def test_start_keeps_news_of_other_teams_to_itself(client):
    stranger = builders.clerk()
    with later(days=-2):
        page(client, stranger)
    builders.submitted_assessment()

    assert "Since your last visit" not in page(client, stranger)


def test_start_asks_a_clerk_ten_queries_whatever_their_history(client):
    clerk = builders.clerk()
    builders.sign_off(clerk)
    builders.cycle(clerk.team)
    few = queries(client, clerk)
    for _ in range(2):
        builders.sign_off(clerk)
        builders.cycle(clerk.team)

    assert queries(client, clerk) == few <= 10 + FRAME


def test_start_asks_a_supervisor_as_much_for_one_clerk_as_for_three(client):
    supervisor = builders.user()
    builders.submitted_assessment(builders.clerk(supervisor))
    one = queries(client, supervisor)
    builders.reviewed_assessment(builders.clerk(supervisor))
    builders.submitted_assessment(builders.clerk(supervisor))

    assert queries(client, supervisor) == one <= 10 + FRAME


def test_start_asks_an_administrator_as_much_for_one_cycle_as_for_three(client):
    administrator = builders.administrator()
    builders.draft_assessment()
    one = queries(client, administrator)
    builders.draft_assessment()
    builders.submitted_assessment()

    assert queries(client, administrator) == one <= 10 + FRAME


def test_start_asks_an_auditor_as_much_for_one_sign_off_as_for_three(client):
    auditor = builders.auditor()
    builders.sign_off()
    one = queries(client, auditor)
    builders.sign_off()
    builders.sign_off()

    assert queries(client, auditor) == one <= 10 + FRAME


def test_the_start_page_says_that_earlier_answers_come_along(client):
    before = builders.draft_assessment()
    client.force_login(before.clerk)
    words = "What you answered before comes along"
    builders.rate(before, Role.SELF)
    actions.close_assessment(
        assessment=before, by=builders.supervisor(before), reason="Begun twice."
    )
    builders.cycle(before.clerk.team)
    someone = builders.user(team=before.clerk.team)

    assert words in client.get("/").content.decode()
    client.force_login(someone)
    assert words not in client.get("/").content.decode()
