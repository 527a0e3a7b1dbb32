import datetime
import re

import pytest
import time_machine
from django.db import connection
from django.utils.timezone import localdate

from assessments import actions
from assessments.apps import drop_guards
from records.models import Record
from tests import builders

pytestmark = pytest.mark.django_db

SPRING = datetime.datetime(2026, 3, 14, 15, 0, tzinfo=datetime.UTC)
QUERIES = 16


def read(client, person, **query) -> str:
    client.force_login(person)
    answer = client.get("/placements/as-of/", query)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.fixture
def signed():
    with time_machine.travel(SPRING, tick=False):
        return builders.sign_off()


def test_placement_as_of_says_who_was_placed_where_by_whom_and_under_which_wording(client, signed):
    supervisor = signed.signed_by

    page = read(client, supervisor, on="2026-03-14", words="transaction forms basic")

    assert "Who was placed where on 14 March 2026" in page
    assert f"<bdi>{signed.clerk}</bdi>: {signed.level}" in page
    assert f"Record {signed.record_id}</a>" in page
    assert "complete accurately under direct supervision in a brokerage office" in page
    assert page.count("<b>Fully</b>") + page.count("<b>Mostly</b>") == 1
    assert f"<bdi>{supervisor}</bdi> held no placement in this framework" in page
    assert "© EBSCOed" in page


def test_placement_as_of_the_day_before_has_nothing(client, signed):
    page = read(client, signed.clerk, on="2026-03-13")

    assert "Nothing was in force on 13 March 2026" in page


def test_placement_as_of_gives_the_wording_of_then_though_it_is_another_today(client, signed):
    """Three years on another version is in force, and the clerk is placed by it."""
    old, new = "under direct supervision", "with somebody beside them"
    later = builders.draft_version(builders.altered((old, new)))
    actions.publish_version(version=later, by=None)

    page = read(client, builders.auditor(), on="2026-03-14", words="basic transaction forms")

    assert old in page
    assert new not in page


def test_placement_as_of_tells_what_the_signer_was_on_that_day(client, signed):
    signed.signed_by.team = builders.team()
    signed.signed_by.save()
    with time_machine.travel(SPRING - datetime.timedelta(days=10), tick=False):
        own = builders.sign_off(signed.signed_by)

    page = read(client, builders.auditor(), on="2026-03-14", name=signed.clerk.last_name)
    before = read(client, builders.auditor(), on="2026-03-02")

    assert f"was placed at {own.level} (record {own.record_id})" in page
    assert "Nothing was in force on 2 March 2026" in before


def test_placement_as_of_shows_what_was_revoked_since(client, signed):
    reason = "It was signed for somebody else."
    actions.revoke_sign_off(sign_off=signed, by=signed.signed_by, reason=reason)

    then = read(client, signed.clerk, on="2026-03-14")
    today = read(client, signed.clerk, on=localdate().isoformat())

    assert "Revoked since" in then
    assert "It was signed for somebody else." in then
    assert "Nothing was in force" in today


def test_placement_as_of_is_for_those_who_may_read_the_record(client, signed):
    strangers = [builders.user(), builders.administrator(), builders.team().supervisor]

    pages = [read(client, person, on="2026-03-14") for person in strangers]

    assert all("Nothing was in force" in page for page in pages)


def test_placement_as_of_does_not_interpret_what_was_changed(client, signed):
    drop_guards(using=connection.alias)
    payload = signed.record.payload.replace('"label":"Emerging"', '"label":"Advanced"')
    assert payload != signed.record.payload
    Record.objects.filter(pk=signed.record_id).update(payload=payload)

    page = read(client, signed.clerk, on="2026-03-14")

    assert "Do not rely on this one." in page
    assert "Advanced" not in page


def test_placement_as_of_says_what_is_no_day(client):
    client.force_login(builders.auditor())

    answer = client.get("/placements/as-of/", {"on": "some day"})

    assert answer.status_code == 400
    assert "Give the day as a date" in answer.content.decode()


def test_placement_as_of_asks_the_same_queries_for_one_and_three(
    client, signed, django_assert_max_num_queries
):
    client.force_login(builders.auditor())
    with django_assert_max_num_queries(QUERIES) as one:
        client.get("/placements/as-of/", {"on": "2026-03-20"})
    with time_machine.travel(SPRING, tick=False):
        for _ in range(2):
            builders.sign_off()

    with django_assert_max_num_queries(len(one)):
        client.get("/placements/as-of/", {"on": "2026-03-20"})
