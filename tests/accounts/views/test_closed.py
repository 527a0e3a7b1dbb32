import pytest

from tests import builders

pytestmark = pytest.mark.django_db

ADMINISTRATORS_ONLY = [
    ("GET", "/people/"),
    ("GET", "/people/add/"),
    ("POST", "/people/add/"),
    ("GET", "/people/import/"),
    ("POST", "/people/import/"),
    ("GET", "/people/{person}/"),
    ("GET", "/people/{person}/change/"),
    ("POST", "/people/{person}/change/"),
    ("GET", "/people/{person}/move/"),
    ("POST", "/people/{person}/move/"),
    ("GET", "/people/{person}/roles/"),
    ("POST", "/people/{person}/roles/"),
    ("GET", "/people/{person}/deactivate/"),
    ("POST", "/people/{person}/deactivate/"),
    ("POST", "/people/{person}/reactivate/"),
    ("POST", "/people/{person}/link/"),
    ("GET", "/teams/"),
    ("GET", "/teams/add/"),
    ("POST", "/teams/add/"),
    ("GET", "/teams/{team}/"),
    ("GET", "/teams/{team}/change/"),
    ("POST", "/teams/{team}/change/"),
]


@pytest.mark.parametrize(("method", "path"), ADMINISTRATORS_ONLY)
def test_pages_of_people_are_for_administrators(client, client_of, method, path):
    clerk = builders.clerk()
    path = path.format(person=clerk.pk, team=clerk.team_id)

    assert client.generic(method, path).url == f"/sign-in/?next={path}"
    for person in (clerk, clerk.team.supervisor, builders.auditor()):
        assert client_of(person).generic(method, path).status_code == 403


@pytest.mark.parametrize("path", [path for _, path in ADMINISTRATORS_ONLY if "{" in path])
def test_pages_of_people_who_are_not_there(office, path):
    path = path.format(person=0, team=0)

    method = office.post if "reactivate" in path or "link" in path else office.get
    assert method(path).status_code == 404
