"""The next assessment continues the last one; a moved draft goes on with all that was answered."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments import actions
from assessments.models import Assessment, Rating, RatingChange, Role
from frameworks.models import FrameworkVersion
from records.models import Record
from tests import builders

pytestmark = pytest.mark.django_db

REWORDED = ("under direct supervision", "with somebody beside them")
ONE_WORD = ("Standard office machines", "Office machines of any kind")


def carried(assessment: Assessment) -> list[Rating]:
    found = assessment.ratings.filter(carried_from__isnull=False)
    return list(found.select_related("carried_from__assessment", "statement").order_by("statement"))


def answer(assessment: Assessment, rating: Rating, point: int) -> Rating:
    entry = actions.Entry(rating.statement_id, point, rating.note, rating.revision)
    return actions.save_rating(
        assessment=assessment, role=Role.SELF, entry=entry, by=assessment.clerk
    )


def test_start_assessment_brings_the_clerks_answers_over():
    assessment = builders.continued_assessment(None, REWORDED)

    found = carried(assessment)
    waiting = [rating.statement.text for rating in found if rating.needs_confirmation]
    assert {rating.carried_from.assessment for rating in found} == {assessment.continues}
    assert (len(found), len(waiting)) == (40, 1)
    assert "with somebody beside them" in waiting[0]
    assert RatingChange.objects.filter(assessment=assessment).count() == 40


def test_start_assessment_brings_notes_and_references_along():
    before = builders.draft_assessment()
    statement = before.version.statements.first()
    entry = actions.Entry(statement.pk, 0, "The desk was closed.", 0, "SET-4471")
    actions.save_rating(assessment=before, role=Role.SELF, entry=entry, by=before.clerk)

    assessment = actions.start_assessment(
        cycle=builders.cycle(before.clerk.team), clerk=before.clerk
    )

    rating = assessment.ratings.get()
    assert (rating.point, rating.note, rating.reference) == (0, "The desk was closed.", "SET-4471")


def test_start_assessment_never_brings_the_supervisors_ratings_over():
    signed = builders.sign_off()

    assessment = actions.start_assessment(
        cycle=builders.cycle(signed.clerk.team), clerk=signed.clerk
    )

    assert set(assessment.ratings.values_list("role", flat=True)) == {Role.SELF}
    assert assessment.continues == signed.assessment


def test_an_answer_only_carried_on_is_compared_with_the_words_it_was_given_under():
    """Two small steps may be one large one; what stands is what the clerk once read."""
    first = builders.continued_assessment(None, REWORDED)
    version = actions.publish_version(version=builders.draft_version(builders.altered()), by=None)

    back = actions.start_assessment(
        cycle=builders.cycle(first.clerk.team, version=version), clerk=first.clerk
    )

    assert {rating.needs_confirmation for rating in carried(back)} == {False}
    assert {rating.carried_from.assessment for rating in carried(back)} == {first.continues}


def test_undo_carry_over_takes_every_answer_back_and_bring_over_brings_them_again():
    assessment = builders.continued_assessment(None, REWORDED)
    before = [(rating.statement_id, rating.point) for rating in carried(assessment)]

    actions.undo_carry_over(assessment=assessment, by=assessment.clerk)
    left = assessment.ratings.count()
    actions.bring_over(assessment=assessment, by=assessment.clerk)

    assert left == 0
    assert [(rating.statement_id, rating.point) for rating in carried(assessment)] == before
    assert assessment.continues.ratings.filter(role=Role.SELF).count() == 40


def test_undo_carry_over_leaves_what_was_answered_here():
    assessment = builders.continued_assessment(None, REWORDED)
    actions.undo_carry_over(assessment=assessment, by=assessment.clerk)
    entry = actions.Entry(assessment.version.statements.first().pk, 2, "", 0)
    actions.save_rating(assessment=assessment, role=Role.SELF, entry=entry, by=assessment.clerk)

    actions.bring_over(assessment=assessment, by=assessment.clerk)
    actions.undo_carry_over(assessment=assessment, by=assessment.clerk)

    assert list(assessment.ratings.values_list("point", flat=True)) == [2]


def test_undo_carry_over_ends_with_the_first_confirmation():
    assessment = builders.continued_assessment(None, REWORDED)
    waiting = next(rating for rating in carried(assessment) if rating.needs_confirmation)
    answer(assessment, waiting, waiting.point)

    with pytest.raises(actions.WorkflowError, match="confirmed or changed"):
        actions.undo_carry_over(assessment=assessment, by=assessment.clerk)

    assert len(carried(assessment)) == 40


def moved(*, submitted: bool = False) -> tuple[Assessment, Assessment]:
    """An assessment before and after its cycle was moved to other words."""
    before = builders.draft_assessment()
    builders.rate(before, Role.SELF, point=3)
    if submitted:
        actions.submit_assessment(assessment=before, by=before.clerk, declared=True)
        actions.withdraw_assessment(assessment=before, by=before.clerk)
    actions.publish_version(
        version=builders.draft_version(builders.altered(REWORDED)),
        by=builders.administrator(),
        policy={before.cycle_id: actions.Policy.MOVE},
    )
    before.refresh_from_db()
    return before, Assessment.objects.latest("pk")


def test_publish_version_moves_a_draft_with_all_its_answers():
    before, after = moved()

    assert (before.state, after.state, after.continues) == ("closed", "draft", before)
    assert (after.clerk, after.cycle, after.version.label) == (
        before.clerk,
        before.cycle,
        "v.26.11",
    )
    assert [rating.point for rating in carried(after)] == [3] * 40
    assert sum(rating.needs_confirmation for rating in carried(after)) == 1
    assert before.goes_on_in == after
    assert [event.kind for event in before.events.all()] == ["start", "move"]


def test_publish_version_leaves_what_was_once_submitted():
    before, after = moved(submitted=True)

    assert (before, before.state) == (after, "draft")
    assert before.version.state == "retired"


def test_a_moved_cycle_begins_with_the_new_version_and_keeps_its_own():
    before, _ = moved()
    other = builders.user(team=before.clerk.team)
    before.cycle.refresh_from_db()

    started = actions.start_assessment(cycle=before.cycle, clerk=other)

    assert (started.version.label, before.cycle.version.label) == ("v.26.11", "v.26.05")


def test_publishing_the_version_before_again_moves_a_cycle_back():
    before, after = moved()

    actions.publish_version(
        version=before.version, by=None, policy={before.cycle_id: actions.Policy.MOVE}
    )

    latest = Assessment.objects.latest("pk")
    before.cycle.refresh_from_db()
    assert (latest.continues, latest.version, before.cycle.moved_to) == (
        after,
        before.version,
        None,
    )
    assert {rating.needs_confirmation for rating in carried(latest)} == {False}
    assert {rating.carried_from.assessment for rating in carried(latest)} == {before}


def test_moving_there_and_back_loses_nothing_that_was_not_asked_in_between():
    before = builders.draft_assessment()
    builders.rate(before, Role.SELF, point=3)
    move = {before.cycle_id: actions.Policy.MOVE}
    shorter = json.loads(builders.altered())
    del shorter["framework"]["levels"]["advanced"]["statements"][5:]
    version = builders.draft_version(json.dumps(shorter).encode())

    actions.publish_version(version=version, by=None, policy=move)
    between = Assessment.objects.latest("pk")
    actions.publish_version(version=before.version, by=None, policy=move)

    latest = Assessment.objects.latest("pk")
    assert (between.ratings.count(), latest.ratings.count()) == (35, 40)
    assert {rating.carried_from.assessment for rating in carried(latest)} == {before}


def test_a_save_that_comes_late_is_told_where_the_work_goes_on():
    before, _ = moved()
    entry = actions.Entry(before.version.statements.first().pk, 2, "", 1)

    with pytest.raises(actions.Moved, match=r"goes on against Brokerage Clerks v\.26\.11"):
        actions.save_rating(assessment=before, role=Role.SELF, entry=entry, by=before.clerk)


def queries_of_moving(people: int, label: str) -> int:
    """Publish beside a cycle in which so many have answered one statement."""
    team = builders.team()
    cycle = builders.cycle(team, version=FrameworkVersion.objects.get(state="published"))
    for _ in range(people):
        clerk = builders.user(team=team)
        assessment = actions.start_assessment(cycle=cycle, clerk=clerk)
        entry = actions.Entry(assessment.version.statements.first().pk, 3, "", 0)
        actions.save_rating(assessment=assessment, role=Role.SELF, entry=entry, by=clerk)
    data = builders.altered((REWORDED[0], label), label=label)
    version = builders.draft_version(data)
    with CaptureQueriesContext(connection) as context:
        actions.publish_version(version=version, by=None, policy={cycle.pk: actions.Policy.MOVE})
    return len(context)


def test_moving_asks_as_many_queries_for_one_as_for_six():
    builders.published_version()
    queries_of_moving(1, "v.26.10")

    assert queries_of_moving(1, "v.26.11") == queries_of_moving(6, "v.26.12")


def test_a_sign_off_seals_under_which_words_an_untouched_answer_was_given():
    assessment = builders.continued_assessment(None, REWORDED)
    waiting = next(rating for rating in carried(assessment) if rating.needs_confirmation)
    answer(assessment, waiting, 4)
    assessment = actions.submit_assessment(
        assessment=assessment, by=assessment.clerk, declared=True
    )
    builders.rate(assessment, Role.SUPERVISOR)
    by = builders.supervisor(assessment)
    assessment = actions.complete_review(assessment=assessment, by=by)
    assessment = actions.reconcile_assessment(assessment=assessment, by=by)
    signed = actions.sign_off_assessment(
        assessment=assessment,
        level=assessment.version.levels.last(),
        by=by,
        revision=assessment.revision,
    )

    sealed = json.loads(signed.record.payload)["rounds"][0]["self"]
    given = [rating["carried_from"] and rating["carried_from"]["version"] for rating in sealed]
    assert (given[0], set(given[1:])) == (None, {"v.26.05"})
    assert sealed[1]["carried_from"]["text"].startswith("Standard office machines")


def next_assessment(before: Assessment, version: FrameworkVersion | None = None) -> Assessment:
    """The clerk's assessment in a cycle that opens after this one."""
    following = builders.cycle(before.clerk.team, version=version or before.version)
    return actions.start_assessment(cycle=following, clerk=before.clerk)


def test_who_won_a_dispute_brings_their_answers_on_as_well():
    signed = builders.superseding_sign_off()
    assert signed.round == 2

    assert len(carried(next_assessment(signed.assessment))) == 40


def test_what_waits_for_another_look_waits_on_however_often_it_is_carried():
    returned = builders.returned_assessment()
    waiting = returned.ratings.filter(role=Role.SELF, round=2, needs_confirmation=True).count()

    first = next_assessment(returned)
    second = next_assessment(first)

    assert waiting == 40
    for assessment in (first, second):
        assert assessment.ratings.filter(needs_confirmation=True).count() == 40


def test_a_note_on_an_answer_that_waits_does_not_answer_it():
    first = builders.continued_assessment(None, REWORDED)
    waiting = next(rating for rating in carried(first) if rating.needs_confirmation)
    entry = actions.Entry(waiting.statement_id, None, "Ask Helen.", waiting.revision)
    actions.save_rating(assessment=first, role=Role.SELF, entry=entry, by=first.clerk)
    expected = first.ratings.filter(needs_confirmation=True).count()

    second = next_assessment(first)
    third = next_assessment(second)

    assert second.ratings.filter(needs_confirmation=True).count() == expected
    assert third.ratings.filter(needs_confirmation=True).count() == expected


def test_a_note_alone_is_no_answer_that_the_next_assessment_continues():
    first = builders.continued_assessment()
    actions.undo_carry_over(assessment=first, by=first.clerk)
    entry = actions.Entry(first.version.statements.first().pk, None, "Ask Helen.", 0)
    actions.save_rating(assessment=first, role=Role.SELF, entry=entry, by=first.clerk)

    assert len(carried(next_assessment(first))) == 40


def test_undo_carry_over_is_refused_once_it_was_submitted():
    before = builders.draft_assessment()
    builders.rate(before, Role.SELF)
    returned = builders.returned_assessment(before.clerk)
    assert returned.continues_id == before.pk

    with pytest.raises(actions.WorkflowError, match="submitted once"):
        actions.undo_carry_over(assessment=returned, by=returned.clerk)


def answer_first(assessment: Assessment, point: int | None, note: str = "") -> None:
    """Answer the first statement, or write a note on it only."""
    statement = assessment.version.statements.first()
    given = assessment.ratings.filter(statement=statement, role=Role.SELF).first()
    entry = actions.Entry(statement.pk, point, note, given.revision if given else 0)
    actions.save_rating(assessment=assessment, role=Role.SELF, entry=entry, by=assessment.clerk)


def publish(*edits: tuple[str, str], label: str, cycle: int | None = None) -> FrameworkVersion:
    """Publish the seed so altered; the drafts of the cycle move."""
    draft = builders.draft_version(builders.altered(*edits, label=label))
    policy = {cycle: actions.Policy.MOVE} if cycle else None
    return actions.publish_version(version=draft, by=None, policy=policy)


def test_an_old_draft_that_is_moved_does_not_outrank_what_was_answered_since():
    old = builders.draft_assessment()
    builders.rate(old, Role.SELF, point=1)
    newer = next_assessment(old)
    assert len(carried(newer)) == 40
    actions.undo_carry_over(assessment=newer, by=newer.clerk)
    builders.rate(newer, Role.SELF, point=4)

    version = publish(REWORDED, label="v.26.11", cycle=old.cycle_id)
    moved_to = Assessment.objects.latest("pk")
    following = next_assessment(newer, version)

    assert moved_to.continues == old
    assert {rating.point for rating in carried(following)} == {4}
    assert following.continues == newer


def test_answers_come_from_wherever_each_was_given_last():
    first = builders.draft_assessment()
    builders.rate(first, Role.SELF, point=2)
    second = next_assessment(first)
    actions.undo_carry_over(assessment=second, by=second.clerk)
    answer_first(second, 4)

    third = next_assessment(second)

    assert third.continues == second
    assert [rating.point for rating in carried(third)] == [4] + [2] * 39


def test_an_answer_comes_back_with_its_statement_two_cycles_later():
    first = builders.draft_assessment()
    builders.rate(first, Role.SELF, point=3)
    shorter = json.loads(builders.altered())
    del shorter["framework"]["levels"]["advanced"]["statements"][5:]
    without = actions.publish_version(
        version=builders.draft_version(json.dumps(shorter).encode()), by=None
    )
    second = next_assessment(first, without)
    answer_first(second, 4)
    back = publish(label="v.27.05")

    third = next_assessment(second, back)

    found = carried(third)
    assert [rating.point for rating in found] == [4] + [3] * 39
    assert not any(rating.needs_confirmation for rating in found)


def test_a_statement_keeps_its_answers_when_its_version_was_rolled_back():
    """What a version added is known again when a corrected one adds it once more."""
    seed = builders.published_version()
    added = json.loads(builders.altered())
    texts = added["framework"]["levels"]["advanced"]["statements"]
    texts[9] = "Margin calls — raises an unpaid margin call with the desk head within the hour"
    actions.publish_version(version=builders.draft_version(json.dumps(added).encode()), by=None)
    before = builders.draft_assessment()
    builders.rate(before, Role.SELF, point=3)
    actions.publish_version(version=seed, by=None)
    added["framework"]["version"] = "v.26.12"
    texts[0] += ", and says so"
    draft = builders.draft_version(json.dumps(added).encode())
    corrected = actions.publish_version(version=draft, by=None)

    following = next_assessment(before, corrected)

    pairing = json.loads(Record.objects.latest("sequence").payload)["pairing"]["changes"]
    assert len(carried(following)) == 40
    assert [c["asked_before"] for c in pairing if c["kind"] == "new"] == ["v.26.11"]


def test_a_note_on_an_answer_that_waits_leaves_it_where_it_was_given():
    first = builders.continued_assessment(None, REWORDED)
    waiting = next(rating for rating in carried(first) if rating.needs_confirmation)
    entry = actions.Entry(waiting.statement_id, None, "Ask Helen.", waiting.revision)
    actions.save_rating(assessment=first, role=Role.SELF, entry=entry, by=first.clerk)

    back = actions.publish_version(version=waiting.carried_from.statement.version, by=None)
    second = next_assessment(first, back)

    found = next(r for r in carried(second) if r.carried_from == waiting.carried_from)
    assert (found.note, found.needs_confirmation) == ("Ask Helen.", False)


def test_moving_again_does_not_bring_back_what_was_set_aside():
    before, after = moved()
    actions.undo_carry_over(assessment=after, by=after.clerk)

    publish(REWORDED, ONE_WORD, label="v.26.12", cycle=before.cycle_id)

    latest = Assessment.objects.latest("pk")
    assert (latest.continues, latest.ratings.count()) == (after, 0)
    actions.bring_over(assessment=latest, by=latest.clerk)
    assert len(carried(latest)) == 40


def test_closed_and_begun_again_is_not_moved():
    before = builders.draft_assessment()
    builders.rate(before, Role.SELF, point=3)
    actions.close_assessment(
        assessment=before, by=builders.supervisor(before), reason="Started twice."
    )

    again = actions.start_assessment(cycle=before.cycle, clerk=before.clerk)

    assert (again.continues, len(carried(again))) == (before, 40)
    assert before.goes_on_in is None


def test_undo_carry_over_is_refused_once_it_was_submitted_and_withdrawn():
    before = builders.draft_assessment()
    builders.rate(before, Role.SELF)
    following = next_assessment(before)
    actions.submit_assessment(assessment=following, by=following.clerk, declared=True)
    actions.withdraw_assessment(assessment=following, by=following.clerk)

    with pytest.raises(actions.WorkflowError, match="submitted once"):
        actions.undo_carry_over(assessment=following, by=following.clerk)


def test_where_the_work_goes_on_is_the_last_it_was_moved_to():
    before, _ = moved()
    publish(REWORDED, ONE_WORD, label="v.26.12", cycle=before.cycle_id)

    assert before.goes_on_in == Assessment.objects.latest("pk")
