import datetime

import pytest
from django.utils import timezone

from accounts import actions as accounts
from accounts.queries import supervisor_of
from tests import builders

pytestmark = pytest.mark.django_db


def test_person_deactivate_says_first_what_happens(office):
    above = builders.team()
    team = builders.team(parent=above)

    page = office.get(f"/people/{team.supervisor_id}/deactivate/").content.decode()

    assert "signed out at once" in page
    assert f"reviewed by <bdi>{above.supervisor}</bdi>" in page
    team.supervisor.refresh_from_db()
    assert team.supervisor.is_active


def test_person_deactivate_warns_when_nobody_stands_above(office):
    team = builders.team()

    page = office.get(f"/people/{team.supervisor_id}/deactivate/").content.decode()

    assert "nobody stands above it" in page


def test_person_deactivate_closes_the_account(office, client_of):
    person = builders.user("Ana Lopez")
    theirs = client_of(person)

    response = office.post(f"/people/{person.pk}/deactivate/", follow=True)

    assert "Ana Lopez is deactivated" in response.content.decode()
    assert theirs.get("/password/").status_code == 302


def test_person_deactivate_refuses_oneself_with_a_sentence(office, administrator):
    response = office.post(f"/people/{administrator.pk}/deactivate/", follow=True)

    assert "You cannot deactivate yourself" in response.content.decode()
    administrator.refresh_from_db()
    assert administrator.is_active


def test_person_deactivate_lists_each_kind_of_work_that_goes_elsewhere(office):
    waiting, dispute = builders.waiting_sign_off(), builders.dispute()
    director, above = builders.above(waiting.assessment), dispute.sign_off.clerk.team.parent
    accounts.change_team(
        team=above, name=above.name, parent=None, supervisor=director, by=builders.administrator()
    )
    today = timezone.localdate()
    accounts.delegate(
        from_supervisor=director,
        to_supervisor=builders.user("Grace Whitfield"),
        starts_on=today,
        ends_on=today + datetime.timedelta(days=3),
        reason="On holiday.",
        by=director,
    )

    page = office.get(f"/people/{director.pk}/deactivate/").content.decode()

    assert "Second signatures that are waited for" in page
    assert f"<bdi>{waiting.clerk}</bdi>" in page
    assert "Disputes that somebody else decides" in page
    assert f"Dispute of <bdi>{dispute.sign_off.clerk}</bdi>: from <bdi>{director}</bdi>" in page
    assert "Delegations that end" in page
    assert f"<bdi>{director}</bdi> to <bdi>Grace Whitfield</bdi>" in page


def test_person_deactivate_asks_why_a_clerks_own_work_is_closed(office):
    assessment = builders.draft_assessment()
    url = f"/people/{assessment.clerk_id}/deactivate/"

    asked = office.post(url).content.decode()
    screened = office.post(url, {"reason": "Card 4111 1111 1111 1111"}).content.decode()
    office.post(url, {"reason": "Left the firm."})

    assert "Write why it is closed." in asked
    assert "card number" in screened
    assessment.refresh_from_db()
    assert assessment.state == "closed"
    assert assessment.events.get(kind="close").note == "Left the firm."


def test_person_deactivate_refuses_without_successor_until_one_is_named_or_nobody(office):
    first, second = builders.submitted_assessment(), builders.submitted_assessment()
    successor = builders.user("Grace Whitfield")
    urls = [f"/people/{builders.supervisor(a).pk}/deactivate/" for a in (first, second)]

    refused = office.post(urls[0]).content.decode()
    office.post(urls[0], {f"successor-{first.clerk.team_id}": successor.pk})
    office.post(urls[1], {"nobody": "on"})

    assert f"{first.clerk} would have no supervisor" in refused
    assert supervisor_of(first.clerk) == successor
    assert supervisor_of(second.clerk) is None


@pytest.mark.parametrize("rows", [1, 3])
def test_person_deactivate_reads_as_much_for_many(office, rows, django_assert_num_queries):
    first = builders.submitted_assessment()
    for _ in range(rows - 1):
        builders.submitted_assessment(builders.user(team=first.clerk.team))
    url = f"/people/{builders.supervisor(first).pk}/deactivate/"

    with django_assert_num_queries(39):
        office.get(url)


def test_person_reactivate_opens_the_account_again(office):
    person = builders.user(is_active=False)

    office.post(f"/people/{person.pk}/reactivate/")

    person.refresh_from_db()
    assert person.is_active
