import io

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from assessments import actions
from assessments.apps import drop_guards
from assessments.models import Rating
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


def test_record_list_says_when_the_ledger_was_verified(client):
    client.force_login(builders.sign_off().clerk)
    assert "has not been verified as a whole yet" in client.get("/records/").content.decode()

    call_command("verify_records", stdout=io.StringIO())
    page = client.get("/records/").content.decode()
    assert "The whole ledger is intact." in page
    assert "up to record 2." in page


def test_record_list_says_when_the_ledger_is_broken(client):
    client.force_login(builders.sign_off().clerk)
    drop_guards(using=connection.alias)
    Rating.objects.filter(role="agreed").update(point=1)

    with pytest.raises(SystemExit):
        call_command("verify_records", stdout=io.StringIO())

    page = client.get("/records/").content.decode()
    assert "The ledger is not intact." in page
    assert "Not what was sealed as record 2: the ratings behind it." in page
