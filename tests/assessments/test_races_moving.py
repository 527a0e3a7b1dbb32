"""A clerk at work while a version is published that moves their draft: no answer is lost."""

import pytest

from accounts.models import User
from assessments import actions
from assessments.models import Assessment, Cycle, Role
from frameworks.models import FrameworkVersion
from tests import builders
from tests.race import ROUNDS, broken_records, race

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("row_locks")]


def next_draft(number: int) -> FrameworkVersion:
    """The seed under another name, its first statement in other words."""
    label = f"v.{27 + number // 12}.{number % 12 + 1:02}"
    words = ("under direct supervision", f"beside colleague {number}")
    return builders.draft_version(builders.altered(words, label=label))


def begun(answers: int) -> Assessment:
    """A new clerk's draft in a cycle of its own; so many statements are answered."""
    team = builders.team()
    clerk = builders.user(team=team)
    cycle = builders.cycle(team)
    assessment = actions.start_assessment(cycle=cycle, clerk=clerk)
    for statement in assessment.version.statements.all()[:answers]:
        answer(assessment, statement.position)
    return assessment


def answer(assessment: Assessment, position: int) -> None:
    statement = assessment.version.statements.get(level__rank=1, position=position)
    entry = actions.Entry(statement.pk, 3, "", 0)
    actions.save_rating(assessment=assessment, role=Role.SELF, entry=entry, by=assessment.clerk)


def publish(version: FrameworkVersion, cycle: Cycle) -> FrameworkVersion:
    return actions.publish_version(version=version, by=None, policy={cycle.pk: actions.Policy.MOVE})


def said(assessment: Assessment) -> list[tuple[int, int]]:
    """What the clerk has answered, by competency."""
    found = assessment.ratings.order_by("statement__competency")
    return list(found.values_list("statement__competency", "point"))


def latest(clerk: User) -> Assessment:
    return Assessment.objects.filter(clerk=clerk).latest("pk")


def failures(outcomes: list[object]) -> list[Exception]:
    """What was neither done nor refused in a sentence."""
    errors = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    return [error for error in errors if not isinstance(error, actions.WorkflowError)]


def test_an_answer_saved_while_its_draft_is_moved_is_in_both_or_was_refused():
    for number in range(ROUNDS):
        before, version = begun(3), next_draft(number)

        saved, published = outcomes = race(
            lambda a=before: answer(a, 4), lambda v=version, a=before: publish(v, a.cycle)
        )

        assert failures(outcomes) == []
        after = latest(before.clerk)
        assert said(after) == said(before)
        assert len(said(before)) == (3 if isinstance(saved, Exception) else 4)
        assert (after == before) == isinstance(published, Exception)
    assert broken_records() == []


def test_a_submission_while_its_draft_is_moved_stays_or_is_told_so():
    for number in range(ROUNDS):
        before, version = begun(0), next_draft(number)
        builders.rate(before, Role.SELF)

        submitted, _ = outcomes = race(
            lambda a=before: actions.submit_assessment(assessment=a, by=a.clerk, declared=True),
            lambda v=version, a=before: publish(v, a.cycle),
        )

        assert failures(outcomes) == []
        after = latest(before.clerk)
        assert said(after) == said(before)
        assert (after.state, after == before) in [("submitted", True), ("draft", False)]
        assert (after.state == "submitted") != isinstance(submitted, Exception)
    assert broken_records() == []


def test_who_begins_while_their_cycle_is_moved_has_one_draft():
    for number in range(ROUNDS):
        team = builders.team()
        clerk, cycle, version = builders.user(team=team), builders.cycle(team), next_draft(number)

        outcomes = race(
            lambda c=cycle, k=clerk: actions.start_assessment(cycle=c, clerk=k),
            lambda v=version, c=cycle: publish(v, c),
        )

        assert failures(outcomes) == []
        drafts = Assessment.objects.filter(clerk=clerk, state="draft")
        assert drafts.count() == 1
    assert broken_records() == []


def test_two_versions_published_at_once_move_a_draft_through_both_or_one():
    for number in range(ROUNDS):
        before = begun(3)
        versions = [next_draft(2 * number), next_draft(2 * number + 1)]

        outcomes = race(*[lambda v=v, a=before: publish(v, a.cycle) for v in versions])

        assert [o for o in outcomes if isinstance(o, Exception) and failures([o])] == []
        assert FrameworkVersion.objects.filter(state="published").count() == 1
        assert said(latest(before.clerk)) == said(before)
        assert Assessment.objects.filter(clerk=before.clerk).exclude(state="closed").count() == 1
    assert broken_records() == []
