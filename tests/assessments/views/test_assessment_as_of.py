import datetime
import re

import pytest
import time_machine
from django.utils.timezone import localtime

from assessments import actions
from assessments.models import Event, Role
from tests import builders

pytestmark = pytest.mark.django_db

START = datetime.datetime(2026, 3, 14, 15, 0, tzinfo=datetime.UTC)
CLERKS_NOTE, SUPERVISORS_NOTE = "The clerk wrote this.", "The supervisor wrote this."
QUERIES = 18


@pytest.fixture
def reviewed():
    """One step a minute: begun, a note, another answer, submitted, rated, reviewed, returned."""
    with time_machine.travel(START, tick=False) as clock:
        assessment = builders.draft_assessment()
        first, supervisor = builders.statements(assessment)[0], builders.supervisor(assessment)
        clock.shift(60)
        say(assessment, Role.SELF, assessment.clerk, actions.Entry(first.pk, 1, CLERKS_NOTE, 0))
        clock.shift(60)
        say(assessment, Role.SELF, assessment.clerk, actions.Entry(first.pk, 4, "", 1))
        clock.shift(60)
        builders.rate(assessment, Role.SELF)
        actions.submit_assessment(assessment=assessment, by=assessment.clerk, declared=True)
        clock.shift(60)
        builders.rate(assessment, Role.SUPERVISOR)
        revision = assessment.ratings.get(role=Role.SUPERVISOR, statement=first).revision
        entry = actions.Entry(first.pk, 1, SUPERVISORS_NOTE, revision)
        say(assessment, Role.SUPERVISOR, supervisor, entry)
        clock.shift(60)
        actions.complete_review(assessment=assessment, by=supervisor)
        clock.shift(60)
        actions.return_assessment(assessment=assessment, by=supervisor, reason="Look again.")
    return assessment


def say(assessment, role, by, entry):
    actions.save_rating(assessment=assessment, role=role, entry=entry, by=by)


def read(client, person, assessment, minutes: int) -> str:
    at = localtime(START + datetime.timedelta(minutes=minutes))
    client.force_login(person)
    url = f"/assessments/{assessment.pk}/as-of/?on={at:%Y-%m-%d}&time={at:%H:%M}"
    answer = client.get(url)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def notes(page: str) -> tuple[bool, bool]:
    return CLERKS_NOTE in page, SUPERVISORS_NOTE in page


def test_assessment_as_of_shows_the_clerk_what_they_had_said_by_then(client, reviewed):
    pages = [read(client, reviewed.clerk, reviewed, minutes) for minutes in range(-1, 4)]

    assert "It was not begun yet" in pages[0]
    assert "You had rated nothing yet" in pages[1]
    assert [notes(page) for page in pages[2:]] == [(True, False), (False, False), (False, False)]


def test_assessment_as_of_keeps_each_side_from_the_other_as_it_was(client, reviewed):
    """What both see now of the round that was completed stays unseen as of the time before."""
    supervisor = builders.supervisor(reviewed)
    auditor = builders.auditor()

    while_rated = [read(client, p, reviewed, 4) for p in (reviewed.clerk, supervisor, auditor)]
    once_complete = [read(client, p, reviewed, 5) for p in (reviewed.clerk, supervisor, auditor)]

    assert [notes(page) for page in while_rated] == [(False, False), (False, True), (False, False)]
    assert [notes(page) for page in once_complete] == [(False, True)] * 3
    assert "Both sides had not finished yet" in while_rated[2]


def test_assessment_as_of_now_of_the_next_round_shows_no_side_to_the_other(client, reviewed):
    note = "Only I know this."
    first = builders.statements(reviewed)[0]
    mine = reviewed.ratings.get(role=Role.SELF, statement=first, round=2)
    entry = actions.Entry(first.pk, 3, note, mine.revision)
    say(reviewed, Role.SELF, reviewed.clerk, entry)
    client.force_login(builders.supervisor(reviewed))

    assert note not in client.get(f"/assessments/{reviewed.pk}/as-of/").content.decode()
    client.force_login(reviewed.clerk)
    assert note in client.get(f"/assessments/{reviewed.pk}/as-of/").content.decode()


def test_assessment_as_of_is_reached_from_each_line_of_the_history(client, reviewed):
    client.force_login(reviewed.clerk)
    detail = client.get(f"/assessments/{reviewed.pk}/").content.decode()
    links = re.findall(r'href="(/assessments/\d+/as-of/\?[^"]+)"', detail)

    last = [client.get(link.replace("&amp;", "&")).context["last"] for link in links]

    assert last == list(Event.objects.filter(assessment=reviewed))


def test_assessment_as_of_links_the_record_that_stood_then(client):
    sign_off = builders.sign_off()
    client.force_login(sign_off.clerk)
    day = localtime(sign_off.record.sealed_at).date()

    found = [
        client.get(f"/assessments/{sign_off.assessment_id}/as-of/?on={on}").content.decode()
        for on in (day - datetime.timedelta(days=1), day)
    ]

    assert [f"record {sign_off.record_id}</a>" in page for page in found] == [False, True]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("on=yesterday", "Give the day as a date"),
        ("on=", "Choose a day."),
        ("on=2026-03-14&time=noon", "Give the time as hours and minutes"),
    ],
)
def test_assessment_as_of_says_what_is_no_moment(client, query, words):
    assessment = builders.draft_assessment()
    client.force_login(assessment.clerk)

    answer = client.get(f"/assessments/{assessment.pk}/as-of/?{query}")

    assert (answer.status_code, words in answer.content.decode()) == (400, True)


def test_assessment_as_of_asks_the_same_queries_for_every_answer(
    client, reviewed, django_assert_max_num_queries
):
    client.force_login(builders.supervisor(reviewed))
    with django_assert_max_num_queries(QUERIES):
        client.get(f"/assessments/{reviewed.pk}/as-of/?on=2026-03-14&time=15:05")


def test_assessment_as_of_says_what_was_revoked(client):
    revocation = builders.revocation()
    signed = revocation.sign_off
    client.force_login(signed.clerk)

    page = client.get(f"/assessments/{signed.assessment_id}/as-of/").content.decode()

    assert "Revoked on" in page
    assert revocation.reason in page
