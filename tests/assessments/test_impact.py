"""Whom a new version would touch, counted before it is published."""

import json

import pytest

from assessments import actions
from assessments.impact_queries import NewLevel, impact_of
from assessments.models import Assessment, Role
from frameworks.changes import Place
from frameworks.comparison_queries import base_of, compared
from frameworks.identity_queries import coming_back
from frameworks.models import FrameworkVersion
from tests import builders

pytestmark = pytest.mark.django_db


def draft_without(*places: Place) -> FrameworkVersion:
    """The seed as a draft, these statements left out."""
    raw = json.loads(builders.SEED.read_bytes())
    raw["framework"]["version"] = "v.26.11"
    for key, position in sorted(places, reverse=True):
        del raw["framework"]["levels"][key]["statements"][position - 1]
    return builders.draft_version(json.dumps(raw).encode())


def foreseen(draft: FrameworkVersion):
    old = base_of(draft)
    levels = [NewLevel(level.key, level.label) for level in draft.levels.all()]
    diff = compared(old, draft).diff
    return impact_of(old, diff, levels, coming_back(old, diff, draft))


def test_impact_counts_assessments_by_what_they_wait_for():
    builders.draft_assessment()
    builders.submitted_assessment()
    builders.reviewed_assessment()
    builders.sign_off()

    found = foreseen(builders.draft_version(builders.altered()))

    assert (found.in_progress, found.in_review, found.signed) == (1, 2, 1)
    assert found.shifted == []


def test_impact_counts_what_each_clerk_answered_last_once():
    first = builders.sign_off(point=2).assessment
    again = actions.start_assessment(cycle=builders.cycle(first.clerk.team), clerk=first.clerk)
    one = builders.draft_assessment()
    entry = actions.Entry(one.version.statements.first().pk, 3, "", 0)
    actions.save_rating(assessment=one, role=Role.SELF, entry=entry, by=one.clerk)

    found = foreseen(draft_without(Place("emerging", 1), Place("advanced", 10)))

    assert again.continues == first
    assert found.ratings[Place("emerging", 1)] == 2
    assert found.ratings[Place("emerging", 2)] == 1
    assert (found.counts, found.look_again, found.stay) == (38, 0, 3)
    assert sum(found.ratings.values()) == found.carry + found.stay == 41


def test_impact_names_the_placements_that_would_be_suggested_otherwise():
    signed = builders.sign_off(rank=2, points={3: 1, 4: 1})
    other = builders.sign_off(points={2: 1, 3: 1, 4: 1}, rank=1)

    # Of Developing nothing is asked any more: a level without statements is set aside.
    found = foreseen(draft_without(*[Place("developing", n) for n in range(1, 11)]))

    assert other.suggested_level.key == "emerging"
    assert [(s.sign_off.clerk, s.before, s.after) for s in found.shifted] == [
        (signed.clerk, "Developing", "Emerging")
    ]


def test_impact_asks_as_many_queries_for_one_as_for_many(django_assert_max_num_queries):
    builders.sign_off()
    draft = builders.draft_version(builders.altered())
    old = base_of(draft)
    diff = compared(old, draft).diff
    levels = [NewLevel(level.key, level.label) for level in draft.levels.all()]

    for _ in range(3):
        with django_assert_max_num_queries(8):
            impact_of(old, diff, levels, {})
        builders.sign_off()


def test_impact_leaves_out_who_has_left():
    signed = builders.sign_off()
    actions.deactivate_person(person=signed.clerk, by=builders.administrator())

    found = foreseen(draft_without(Place("emerging", 1)))

    assert (found.shifted, found.carry + found.stay) == ([], 0)
    assert Assessment.objects.count() == found.signed == 1


def test_impact_compares_an_answer_with_the_words_it_was_given_under():
    """What was carried on untouched to another wording counts again under the first one."""
    words = ("under direct supervision", "with somebody beside them")
    builders.continued_assessment(None, words)
    first = FrameworkVersion.objects.get(state="retired")

    found = foreseen(first)

    assert (found.counts, found.look_again, found.stay) == (40, 0, 0)
