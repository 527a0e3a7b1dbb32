import datetime

import pytest
import time_machine
from django.contrib.sessions.models import Session

from tests import builders

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

NOW = datetime.datetime(2026, 3, 14, 9, tzinfo=datetime.UTC)


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def after(clock, minutes):
    clock.shift(datetime.timedelta(minutes=minutes))


def test_an_hour_without_use_ends_a_session_and_says_so(client, clock):
    client.force_login(builders.clerk())
    client.get("/")

    after(clock, 61)
    answer = client.get("/assessments/", follow=True)

    assert answer.redirect_chain == [("/sign-in/?next=/assessments/", 302)]
    assert "nothing was done for an hour" in answer.content.decode()
    assert "What was saved is kept" in answer.content.decode()
    assert not Session.objects.exists()


def test_what_is_used_stays_but_for_half_a_day_in_all(client, clock):
    client.force_login(builders.clerk())
    for _ in range(14):  # 11 hours and 55 minutes
        assert client.get("/").status_code == 200
        after(clock, 55)

    answer = client.get("/", follow=True)

    assert "half a day ago" in answer.content.decode()


def test_reading_pages_writes_no_session_more_often_than_every_five_minutes(client, clock):
    client.force_login(builders.clerk())
    client.get("/help/")

    noted = []
    for _ in range(6):
        after(clock, 2)
        client.get("/help/")
        noted.append(Session.objects.get().session_data)

    assert len(set(noted)) == 3


def test_an_answer_after_the_end_is_not_lost_silently(client, clock):
    assessment = builders.draft_assessment()
    client.force_login(assessment.clerk)
    client.get("/")
    after(clock, 61)

    answer = client.post(f"/assessments/{assessment.pk}/ratings/", {"statement": 1, "point": 4})

    assert answer.status_code == 401
    assert "signed out" in answer.json()["message"]


def test_without_the_limits_a_session_goes_on(client, clock, settings):
    settings.MIDDLEWARE = [
        m for m in settings.MIDDLEWARE if m != "accounts.sessions.session_limits"
    ]
    client.force_login(builders.clerk())
    client.get("/")

    after(clock, 61)

    assert client.get("/").status_code == 200
