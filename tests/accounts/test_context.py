import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.context import navigation
from accounts.models import User
from tests import builders

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def seen_by(rf, person, path="/"):
    request = rf.get(path)
    request.user = person and User.objects.get(pk=person.pk)
    found = navigation(request)
    return [item["label"] for item in found["nav"]], found["who_line"]


def test_navigation_of_a_clerk(rf):
    clerk = builders.clerk()

    assert seen_by(rf, clerk) == (
        ["Start", "My assessment", "My skills", "My records"],
        f"Clerk, <bdi>{clerk.team}</bdi>",
    )


def test_navigation_of_a_supervisor(rf):
    team = builders.team()

    assert seen_by(rf, team.supervisor) == (
        ["Start", "Reviews", "Team", "Records"],
        f"Supervisor, <bdi>{team}</bdi>",
    )


def test_navigation_of_a_supervisor_who_is_a_clerk_of_somebody(rf):
    above = builders.team()
    person = builders.user(team=above)
    builders.team(supervisor=person)

    assert seen_by(rf, person)[0] == ["Start", "My assessment", "Reviews", "Team", "Records"]


def test_navigation_of_a_supervisor_in_their_own_team(rf):
    team = builders.team()
    User.objects.filter(pk=team.supervisor_id).update(team=team)

    assert seen_by(rf, team.supervisor)[0] == ["Start", "Reviews", "Team", "Records"]


def test_navigation_of_an_administrator(rf):
    assert seen_by(rf, builders.administrator()) == (
        ["Start", "Frameworks", "Cycles", "People", "Records"],
        "Administrator",
    )


def test_navigation_of_an_auditor(rf):
    assert seen_by(rf, builders.auditor()) == (
        ["Start", "Team", "Sign-offs", "Oversight", "Records"],
        "Auditor",
    )


def test_navigation_of_nobody(rf):
    request = rf.get("/")
    assert navigation(request) == {}

    request.user = AnonymousUser()
    assert navigation(request) == {}


def test_navigation_asks_the_database_three_times_at_most(rf, django_assert_max_num_queries):
    person = builders.user(team=builders.team())
    builders.team(supervisor=person)
    request = rf.get("/")
    request.user = User.objects.get(pk=person.pk)

    with django_assert_max_num_queries(3):
        navigation(request)


def test_navigation_marks_the_page_that_is_open(office):
    nav = office.get("/teams/").context["nav"]

    assert [item["label"] for item in nav if item["is_current"]] == ["People"]
