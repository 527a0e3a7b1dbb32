import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction

from accounts import actions, queries
from accounts.models import Team
from accounts.permissions import ADMINISTRATORS, AUDITORS, is_administrator, is_auditor
from tests import builders

pytestmark = pytest.mark.django_db


def test_add_person_has_no_password_until_they_choose_one():
    team = builders.team()

    person = actions.add_person(
        username="ana", first_name="Ana", last_name="Lopez", team=team, by=None
    )

    person.refresh_from_db()
    assert (str(person), person.team, person.employee_number) == ("Ana Lopez", team, None)
    assert not person.has_usable_password()


@pytest.mark.parametrize(
    "taken", [{"username": "ANA"}, {"username": "ben", "employee_number": "17"}]
)
def test_add_person_refuses_what_somebody_has_already(taken):
    builders.user("ana", employee_number="17")

    with pytest.raises(actions.Refused, match="belongs to somebody else"):
        actions.add_person(first_name="A", last_name="B", by=None, **taken)


def test_change_person_keeps_an_empty_number_apart_from_others():
    first, second = builders.user(), builders.user()
    for person in (first, second):
        actions.change_person(
            person=person,
            first_name="Ana",
            last_name="Lopez",
            email="",
            employee_number="",
            title="Clerk",
            by=None,
        )

    second.refresh_from_db()
    assert (second.title, second.employee_number) == ("Clerk", None)


def test_deactivate_person_passes_their_team_up_the_tree():
    above = builders.team()
    team = builders.team(parent=above)
    clerk = builders.user(team=team)

    actions.deactivate_person(person=team.supervisor, by=None)

    assert queries.supervisor_of(clerk) == above.supervisor
    team.refresh_from_db()
    assert team.supervisor is not None


def test_deactivate_person_is_not_for_oneself():
    administrator = builders.administrator()

    with pytest.raises(actions.Refused, match="cannot deactivate yourself"):
        actions.deactivate_person(person=administrator, by=administrator)


def test_deactivate_person_keeps_the_last_administrator():
    administrator = builders.administrator()
    gone = builders.administrator()
    actions.deactivate_person(person=gone, by=administrator)

    with pytest.raises(actions.Refused, match="the only administrator"):
        actions.deactivate_person(person=administrator, by=None)

    administrator.refresh_from_db()
    assert administrator.is_active


def test_deactivate_person_ends_the_session_at_the_next_request(client):
    person = builders.user()
    client.force_login(person)

    actions.deactivate_person(person=person, by=None)

    assert client.get("/password/").url == "/sign-in/?next=/password/"


def test_reactivate_person_opens_access_again():
    person = builders.user(is_active=False)

    actions.reactivate_person(person=person, by=None)

    person.refresh_from_db()
    assert person.is_active


def test_set_roles_gives_exactly_these():
    person = builders.auditor()

    actions.set_roles(person=person, roles=[ADMINISTRATORS], by=None)

    assert is_administrator(person)
    assert not is_auditor(person)
    assert set(Group.objects.values_list("name", flat=True)) == {ADMINISTRATORS, AUDITORS}


def test_set_roles_keeps_the_last_administrator():
    administrator = builders.administrator()

    with pytest.raises(actions.Refused, match="the only administrator"):
        actions.set_roles(person=administrator, roles=[AUDITORS], by=administrator)


def test_move_person_out_of_all_teams():
    person = builders.clerk()

    actions.move_person(person=person, team=None, by=None)

    person.refresh_from_db()
    assert person.team is None


def test_add_team_refuses_a_name_that_differs_by_case_only():
    team = builders.team()

    with pytest.raises(actions.Refused, match="already"):
        actions.add_team(name=team.name.upper(), parent=None, supervisor=None, by=None)


def test_add_team_refuses_a_deactivated_supervisor():
    person = builders.user(is_active=False)

    with pytest.raises(actions.Refused, match="is deactivated"):
        actions.add_team(name="Mail", parent=None, supervisor=person, by=None)


@pytest.mark.parametrize("depth", [0, 1, 2])
def test_change_team_refuses_a_loop(depth):
    teams = [builders.team()]
    for _ in range(2):
        teams.append(builders.team(parent=teams[-1]))

    with pytest.raises(actions.Refused, match="itself or stands below it"):
        actions.change_team(
            team=teams[0], name="Top", parent=teams[depth], supervisor=None, by=None
        )

    teams[0].refresh_from_db()
    assert teams[0].parent is None


def test_team_not_its_own_parent():
    team = builders.team()

    with pytest.raises(IntegrityError, match="team_not_its_own_parent"), transaction.atomic():
        Team.objects.filter(pk=team.pk).update(parent=team)


def test_name_supervisor_may_take_the_name_away():
    team = builders.team()

    actions.name_supervisor(team=team, supervisor=None, by=None)

    team.refresh_from_db()
    assert team.supervisor is None
