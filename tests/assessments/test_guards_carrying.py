"""What the database refuses of answers that are carried over, and of what they are given on."""

import pytest

from assessments import actions
from assessments.guards import FROZEN, STRANGE, STRAY, UNPUBLISHED
from assessments.models import Assessment, Cycle, Rating, Role
from frameworks.guards import VERSION
from tests import builders
from tests.raw import copy, permitted, refusal

pytestmark = pytest.mark.django_db(transaction=True)


def partly_carried() -> tuple[Assessment, str]:
    """A draft into which one answer was carried, and the SQL that finds the row."""
    before = builders.draft_assessment()
    statement = before.version.statements.last()
    entry = actions.Entry(statement.pk, 3, "", 0)
    actions.save_rating(assessment=before, role=Role.SELF, entry=entry, by=before.clerk)
    draft = actions.start_assessment(cycle=builders.cycle(before.clerk.team), clerk=before.clerk)
    return draft, f"assessment_id = {draft.pk}"


def test_an_answer_is_carried_from_the_same_competency_of_an_earlier_assessment():
    draft, row = partly_carried()
    other = draft.version.statements.first()
    stranger = builders.draft_assessment()
    builders.rate(stranger, Role.SELF)
    theirs = stranger.ratings.get(statement=other)

    def of(carried_from: str, **changed: str) -> str:
        return copy(
            Rating, row, statement_id=str(other.pk), carried_from_id=carried_from, **changed
        )

    own = of("987654").replace("(assessment_id", "(id, assessment_id")
    own = own.replace("SELECT assessment_id", "SELECT 987654, assessment_id")
    assert (
        permitted(
            [
                copy(Rating, row, statement_id=str(other.pk)),  # of another competency
                of(f"(SELECT id FROM assessments_rating WHERE {row})"),  # of the same assessment
                own,
                of(str(theirs.pk)),  # of another clerk
            ],
            STRANGE,
        )
        == []
    )
    assert STRAY in refusal(of(str(theirs.pk), author_id=str(stranger.clerk_id)))
    assert refusal(of("NULL")) == ""


def test_a_rating_keeps_what_it_is_of():
    _, row = partly_carried()
    others = builders.draft_version(builders.altered())
    strange = str(others.statements.first().pk)

    assert STRAY in refusal(copy(Rating, row, statement_id=strange, carried_from_id="NULL"))
    kept = [f"statement_id = {strange}", "carried_from_id = NULL", "author_id = author_id + 1"]
    changes = [f"UPDATE assessments_rating SET {change} WHERE {row}" for change in kept]
    assert permitted(changes, FROZEN) == []
    assert refusal(f"UPDATE assessments_rating SET point = 1 WHERE {row}") == ""


def test_work_is_done_on_a_published_version():
    draft, _ = partly_carried()
    later = builders.draft_version(builders.altered()).pk
    number = f"id = {draft.cycle_id}"

    statements = [
        copy(Cycle, number, version_id=str(later)),
        copy(Cycle, number, moved_to_id=str(later)),
        f"UPDATE assessments_cycle SET moved_to_id = {later}",
        f"UPDATE assessments_cycle SET version_id = {later}",
        copy(Assessment, f"id = {draft.pk}", version_id=str(later), state="'closed'"),
    ]
    assert permitted(statements, UNPUBLISHED) == []


def test_a_version_is_published_with_its_identity_before_it_is_retired():
    builders.published_version()
    draft = builders.draft_version(builders.altered())

    for state in ("published", "retired"):
        change = f"UPDATE frameworks_frameworkversion SET state = '{state}' WHERE id = {draft.pk}"
        assert VERSION in refusal(change)
