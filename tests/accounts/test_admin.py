import pytest
from django.contrib.auth.models import Permission

from accounts.models import User
from tests import builders

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture
def staff(client_of):
    person = builders.user(is_staff=True)
    person.user_permissions.set(Permission.objects.filter(content_type__app_label="accounts"))
    return client_of(person)


def test_admin_changes_names_but_neither_power_nor_place(staff):
    person = builders.clerk()

    data = {
        "username": person.username,
        "first_name": "Ana",
        "is_superuser": "on",
        "is_staff": "on",
        "team": "",
    }
    response = staff.post(f"/admin/accounts/user/{person.pk}/change/", data)

    changed = User.objects.get(pk=person.pk)
    assert response.status_code == 302
    assert changed.first_name == "Ana"
    assert changed.team == person.team
    assert changed.is_active
    assert (changed.is_superuser, changed.is_staff) == (False, False)


@pytest.mark.parametrize("path", ["user/add/", "user/{}/delete/", "team/add/", "team/{}/delete/"])
def test_admin_adds_and_deletes_nobody(staff, path):
    clerk = builders.clerk()
    pk = clerk.team_id if "team" in path else clerk.pk

    assert staff.get(f"/admin/accounts/{path.format(pk)}").status_code == 403


def test_admin_lets_the_staff_take_no_superusers_account(staff):
    superuser = builders.user(is_superuser=True, is_staff=True)

    assert staff.get(f"/admin/accounts/user/{superuser.pk}/password/").status_code == 403


def test_admin_registers_people_and_teams_only(client_of):
    client = client_of(builders.user(is_superuser=True, is_staff=True))

    page = client.get("/admin/").content.decode()

    assert "/admin/accounts/user/" in page
    assert "/admin/accounts/team/" in page
    assert "/admin/auth/" not in page
