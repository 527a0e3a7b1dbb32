"""Any assessment can be read as of any moment; as of now that is what stands."""

import datetime

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from assessments import actions
from assessments.as_of_queries import as_it_stood, rows_as_of
from assessments.models import Assessment, Event, Role
from assessments.queries import LevelRows, level_rows
from tests import builders

pytestmark = pytest.mark.django_db


def said(levels: list[LevelRows]) -> list[tuple]:
    return [
        tuple(
            (rating.author_id, rating.point, rating.note, rating.reference)
            if rating and not rating.needs_confirmation
            else None
            for rating in (row.by_clerk, row.by_supervisor, row.agreed)
        )
        for level in levels
        for row in level.rows
    ]


@pytest.mark.one_database
def test_as_of_now_is_what_stands_of_every_assessment_of_the_demo(settings):
    settings.DEMO = True
    call_command("seed_demo", verbosity=0)
    returned = builders.returned_assessment()
    builders.superseding_sign_off()
    builders.waiting_sign_off()
    builders.rate(builders.continued_assessment(), Role.SELF, point=2)
    now = timezone.now()

    for assessment in Assessment.objects.all():
        then, events = as_it_stood(assessment, now)
        assert (then.state, then.round) == (assessment.state, assessment.round), events
        carried_or_copied = assessment.ratings.filter(needs_confirmation=True)
        if assessment == returned or not carried_or_copied.exists():
            assert said(rows_as_of(then, list(Role), now)) == said(level_rows(assessment))


def test_as_of_a_moment_in_between_is_what_stood_then():
    start = datetime.datetime(2026, 3, 14, 15, 0, tzinfo=datetime.UTC)
    with time_machine.travel(start, tick=False) as clock:
        assessment = builders.draft_assessment()
        statement = builders.statements(assessment)[0]
        clock.shift(60)
        answer(assessment, statement, 1, "Not yet.")
        clock.shift(60)
        answer(assessment, statement, 4, "", revision=1)
        clock.shift(60)
        builders.rate(assessment, Role.SELF)
        actions.submit_assessment(assessment=assessment, by=assessment.clerk, declared=True)

    found = []
    for minutes in (-1, 0, 1, 2, 3):
        moment = start + datetime.timedelta(minutes=minutes)
        then, _ = as_it_stood(assessment, moment)
        first = rows_as_of(then, [Role.SELF], moment)[0].rows[0].by_clerk if then else None
        found.append((then and then.state, first and (first.point, first.note)))

    assert found == [
        (None, None),
        ("draft", None),
        ("draft", (1, "Not yet.")),
        ("draft", (4, "")),
        ("submitted", (4, "")),
    ]


def answer(assessment, statement, point, note, revision=0):
    entry = actions.Entry(statement.pk, point, note, revision)
    actions.save_rating(assessment=assessment, role=Role.SELF, entry=entry, by=assessment.clerk)


def test_what_was_taken_back_stood_until_then():
    assessment = builders.continued_assessment()
    before = timezone.now()
    actions.undo_carry_over(assessment=assessment, by=assessment.clerk)
    after = timezone.now()

    then, _ = as_it_stood(assessment, before)
    assert (
        sum(
            row.by_clerk is not None
            for level in rows_as_of(then, [Role.SELF], before)
            for row in level.rows
        )
        == 40
    )
    assert not any(
        row.by_clerk for level in rows_as_of(then, [Role.SELF], after) for row in level.rows
    )


def test_every_step_says_where_it_leads():
    """A step that moves an assessment and is not known here would be read as if it had not."""
    returned = builders.returned_assessment()
    first = Event.objects.filter(assessment=returned, kind="complete review").get()

    then, _ = as_it_stood(returned, first.at)

    assert (then.state, then.round, returned.round) == ("reviewed", 1, 2)
