import pytest
from django.test import Client

from assessments import actions
from tests import builders

pytestmark = pytest.mark.django_db


def rows_of(client, person) -> list[str]:
    client.force_login(person)
    return [str(about) for _, about in client.get("/records/").context["rows"]]


def test_record_list_names_what_each_record_is_about():
    sign_off = builders.sign_off()
    names = [str(sign_off.clerk), "Brokerage Clerks v.26.05"]

    assert rows_of(Client(), builders.auditor()) == names
    assert rows_of(Client(), sign_off.clerk) == names
    assert rows_of(Client(), sign_off.signed_by) == names
    assert rows_of(Client(), builders.administrator()) == names[1:]
    assert rows_of(Client(), builders.clerk()) == names[1:]


def test_record_list_teaches_when_it_is_empty(client):
    client.force_login(builders.auditor())

    assert "Nothing is sealed yet" in client.get("/records/").content.decode()


def test_record_list_asks_the_same_queries_for_one_and_three(client, django_assert_max_num_queries):
    client.force_login(builders.auditor())
    version = builders.published_version()
    with django_assert_max_num_queries(9) as one:
        client.get("/records/")
    for change in (actions.retire_version, actions.publish_version):
        change(version=version, by=None)

    with django_assert_max_num_queries(len(one)):
        client.get("/records/")
