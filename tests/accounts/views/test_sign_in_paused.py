"""Guessing passwords is slow: ten wrong ones, then a pause of that person at that address."""

import datetime
import re

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from accounts.views.requests import address_of
from assessments.models import SignOff
from tests import builders

pytestmark = pytest.mark.django_db

HERE, ELSEWHERE = "10.0.0.1", "10.0.0.2"


def sign_in(person, password, address=HERE):
    fields = {"username": getattr(person, "username", person), "password": password}
    return Client(REMOTE_ADDR=address).post("/sign-in/", fields)


def fail(person, times=10):
    return [sign_in(person, f"wrong {number}") for number in range(times)]


def test_ten_wrong_passwords_pause_the_person_at_that_address():
    person = builders.user()

    *before, last = fail(person)

    assert {answer.status_code for answer in before} == {200}
    assert last.status_code == 429
    assert last.headers["Retry-After"] == "900"
    assert "Too many wrong passwords" in last.content.decode()
    assert sign_in(person, builders.PASSWORD).status_code == 429


def test_a_pause_keeps_nobody_out_elsewhere_and_nobody_else_out_here():
    person = builders.user()

    fail(person)

    assert sign_in(person, builders.PASSWORD, ELSEWHERE).status_code == 302
    assert sign_in(builders.user(), builders.PASSWORD).status_code == 302


def test_a_pause_ends_after_a_quarter_of_an_hour_whatever_is_tried_meanwhile():
    person = builders.user()
    now = datetime.datetime.now(datetime.UTC)
    with time_machine.travel(now, tick=False) as clock:
        fail(person)
        clock.shift(datetime.timedelta(minutes=14))
        assert sign_in(person, builders.PASSWORD).status_code == 429
        clock.shift(datetime.timedelta(minutes=2))
        assert sign_in(person, builders.PASSWORD).status_code == 302


def test_the_right_password_forgets_the_wrong_ones():
    person = builders.user()
    for _ in range(2):
        fail(person, 9)
        assert sign_in(person, builders.PASSWORD).status_code == 302


def test_somebody_unknown_is_answered_as_somebody_known():
    known = [answer.status_code for answer in fail(builders.user())]
    unknown = [answer.status_code for answer in fail("nobody.of.this.name")]

    assert known == unknown
    said = [sign_in(name, "wrong") for name in (builders.user(), "nobody.else")]
    first, second = (re.search('class="errsum".*?</form>', page(a), re.DOTALL)[0] for a in said)
    assert first.partition("<input")[0] == second.partition("<input")[0]


def page(answer):
    return answer.content.decode()


def test_wrong_passwords_for_a_signature_count_too(client):
    assessment = builders.reconciled_assessment()
    by = builders.supervisor(assessment)
    client.force_login(by)
    url = f"/assessments/{assessment.pk}/sign-off/"

    answers = [client.post(url, {"password": f"wrong {n}"}, REMOTE_ADDR=HERE) for n in range(10)]

    assert [answer.status_code for answer in answers] == [200] * 9 + [429]
    assert SignOff.objects.count() == 0
    assert sign_in(by, builders.PASSWORD).status_code == 429


def test_without_the_limit_guessing_goes_on(settings):
    settings.AXES_ENABLED = False
    person = builders.user()

    assert {answer.status_code for answer in fail(person, 12)} == {200}


@pytest.mark.parametrize(("behind_proxy", "address"), [(True, "192.0.2.7"), (False, "10.0.0.1")])
def test_the_address_is_the_proxys_word_only_where_there_is_one(
    rf, settings, behind_proxy, address
):
    settings.BEHIND_PROXY = behind_proxy
    made_up = "203.0.113.1, 192.0.2.7"
    request = rf.get("/", REMOTE_ADDR=HERE, HTTP_X_FORWARDED_FOR=made_up)

    assert address_of(request) == address


def test_the_pause_is_held_in_the_database():
    assert settings.AXES_HANDLER == "axes.handlers.database.AxesDatabaseHandler"
