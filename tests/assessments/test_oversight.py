import datetime
from collections import Counter

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Team, User
from assessments import actions
from assessments.models import Assessment, Cycle, Reconciliation, Role, SignOff
from assessments.oversight import (
    Declined,
    Deeds,
    Figures,
    Pair,
    Passed,
    Settled,
    Signed,
    mutual,
    tally,
)
from assessments.oversight_queries import oversight
from tests import builders

db = pytest.mark.django_db
ids, ranks = st.integers(1, 4), st.integers(0, 4)
signatures = st.lists(
    st.builds(
        Signed,
        record=st.integers(1, 50),
        cycle=st.integers(1, 2),
        clerk=ids,
        first=ids,
        second=st.none() | ids,
        rank=ranks,
        suggested=ranks,
        category=st.sampled_from(["other", "recent_change"]),
    ),
    max_size=12,
)
# Of a round there is one review at most, and one return.
rounds = st.lists(
    st.builds(
        Passed, cycle=st.just(1), assessment=st.integers(1, 3), round=st.integers(1, 2), by=ids
    ),
    unique_by=lambda passed: (passed.assessment, passed.round),
)
differences = st.lists(
    st.builds(
        Settled,
        number=st.integers(1, 50),
        cycle=st.just(1),
        assessment=st.integers(1, 3),
        round=st.integers(1, 2),
        by=ids,
        no_answer=st.booleans(),
    ),
    unique_by=lambda settled: settled.number,
)
declines = st.lists(st.builds(Declined, cycle=st.integers(1, 2), by=ids), max_size=5)
all_deeds = st.builds(
    Deeds,
    signed=signatures,
    reviewed=rounds,
    returned=rounds,
    settled=differences,
    declined=declines,
)


def naive(deeds: Deeds, person: int) -> Figures:
    """Count for one person by looking through everything once for each figure."""
    signed = [s for s in deeds.signed if s.first == person]
    declined = sum(d.by == person for d in deeds.declined)
    passed = [(p.assessment, p.round) for p in deeds.reviewed if p.by == person]
    returned = [(p.assessment, p.round) for p in deeds.returned if p.by == person]
    closed = [s for s in deeds.settled if s.no_answer and s.by == person]
    own = [s for s in deeds.settled if s in closed or (s.assessment, s.round) in passed]
    return Figures(
        signed=len(signed),
        upward=len([s for s in signed if s.rank > s.suggested]),
        downward=len([s for s in signed if s.rank < s.suggested]),
        categories=Counter(s.category for s in signed if s.rank != s.suggested),
        reviews=len(passed),
        returned=len(returned),
        rounds=len(set(passed + returned)),
        no_answer=len(closed),
        differences=len(own),
        declined=declined,
        asked=declined + len([s for s in deeds.signed if s.second == person]),
    )


@given(all_deeds)
def test_tally_counts_each_person_as_a_naive_count_does(deeds):
    found = tally(deeds, lambda _, person: person)

    assert {p: found.get(p, Figures()) for p in range(1, 5)} == {
        p: naive(deeds, p) for p in range(1, 5)
    }


@given(all_deeds)
def test_tally_never_counts_a_part_above_its_whole(deeds):
    groups = (lambda _, person: person, lambda cycle, _: cycle)

    for figures in (f for group in groups for f in tally(deeds, group).values()):
        assert figures.overrides == sum(figures.categories.values()) <= figures.signed
        assert max(figures.returned, figures.reviews) <= figures.rounds
        assert figures.no_answer <= figures.differences
        assert figures.declined <= figures.asked


@given(all_deeds)
def test_tally_by_cycle_counts_what_its_people_did(deeds):
    by_cycle = tally(deeds, lambda cycle, _: cycle)

    for cycle in (1, 2):
        own = Deeds(*([row for row in rows if row.cycle == cycle] for rows in deeds))
        by_person = tally(own, lambda _, person: person).values()
        found = by_cycle.get(cycle, Figures())
        for name in ("signed", "upward", "downward", "reviews", "returned", "no_answer"):
            assert getattr(found, name) == sum(getattr(f, name) for f in by_person)


@given(signatures)
def test_mutual_finds_what_a_naive_search_finds(signed):
    expected = {
        (a.cycle, one, other)
        for a in signed
        for b in signed
        for one in (a.first, a.second)
        for other in (b.first, b.second)
        if one and other and one < other
        if (a.cycle, one, other) == (b.cycle, b.clerk, a.clerk)
    }

    assert {(p.cycle, p.one, p.other) for p in mutual(signed)} == expected


def test_mutual_names_the_records_of_both():
    signed = [
        Signed(7, 1, clerk=11, first=12, second=None, rank=1, suggested=1, category=""),
        Signed(8, 1, clerk=12, first=13, second=11, rank=1, suggested=1, category=""),
        Signed(9, 2, clerk=12, first=11, second=None, rank=1, suggested=1, category=""),
    ]

    assert mutual(signed) == [Pair(1, 11, 12, (8,), (7,))]


@db
def test_oversight_counts_overrides_by_direction_and_kind():
    signed = builders.sign_off(rank=2)
    by = signed.signed_by
    low = {"points": {1: 4, 2: 1, 3: 1, 4: 1}}
    builders.sign_off(builders.clerk(by), rank=3, **low)
    builders.sign_off(builders.clerk(by), rank=1, **low)

    (line,) = oversight().people

    assert line.of == by
    figures = line.figures
    assert (figures.signed, figures.upward, figures.downward, figures.reviews) == (3, 1, 1, 3)
    assert line.categories == [("Work seen that the statements do not cover", 2)]


@db
def test_oversight_counts_returns_and_declines_of_whoever_did_them():
    returned = builders.returned_assessment()
    waiting = builders.waiting_sign_off()
    second = builders.above(waiting.assessment)
    actions.decline_sign_off(sign_off=waiting, by=second, reason="Too early.")

    found = {line.of: line.figures for line in oversight().people}

    first = found[builders.supervisor(returned)]
    assert (first.returned, first.rounds, first.signed) == (1, 1, 0)
    assert (found[second].declined, found[second].asked) == (1, 1)
    assert found[waiting.signed_by].signed == 0


@db
def test_oversight_counts_what_was_closed_as_no_answer():
    with time_machine.travel(datetime.datetime(2026, 11, 2, 12, tzinfo=datetime.UTC)) as clock:
        assessment = _two_differences()
        by, clerk = builders.supervisor(assessment), assessment.clerk
        silent, agreed = assessment.reconciliations.order_by("pk")
        for found, person in ((silent, by), (agreed, by), (agreed, clerk)):
            _answer(found, person)
        clock.shift(datetime.timedelta(days=10))
        actions.close_unanswered(assessment=assessment, statement=silent.statement, by=by)

        (line,) = oversight().people

    assert (line.figures.no_answer, line.figures.differences) == (1, 2)


@db
def test_oversight_leaves_out_what_was_taken_back():
    assessment = builders.reviewed_assessment()
    statement = assessment.version.statements.first()
    by = assessment.clerk
    actions.answer_statement(
        assessment=assessment, statement=statement, point=3, reason="Not steady.", by=by
    )
    actions.take_back_statement(assessment=assessment, statement=statement, by=by)

    assert [line.figures.differences for line in oversight().people] == [0]


def _answer(found: Reconciliation, by: User) -> None:
    actions.answer_statement(
        assessment=found.assessment, statement=found.statement, point=4, reason="Yes.", by=by
    )


def _two_differences() -> Assessment:
    """Reviewed, with two statements on which the sides differ."""
    assessment = builders.submitted_assessment()
    builders.rate(assessment, Role.SUPERVISOR)
    for rating in assessment.ratings.filter(role=Role.SUPERVISOR).order_by("pk")[:2]:
        entry = actions.Entry(rating.statement_id, 1, "", rating.revision)
        actions.save_rating(
            assessment=assessment, role=Role.SUPERVISOR, entry=entry, by=rating.author
        )
    return actions.complete_review(assessment=assessment, by=builders.supervisor(assessment))


def signed_for_each_other() -> tuple[SignOff, SignOff]:
    """Ada signed by Ben, who then joins Ada's team and is signed by her, in one cycle."""
    ada, ben = builders.user("Ada One"), builders.user("Ben Other")
    below_ben, below_ada = builders.team(ben), builders.team(ada)
    cycle = builders.cycle(below_ben, below_ada)
    first = _signed(cycle, ada, below_ben)
    ada.team = None
    ada.save()
    return first, _signed(cycle, ben, below_ada)


@db
def test_oversight_finds_who_signed_for_each_other_in_a_cycle():
    first, second = signed_for_each_other()
    builders.sign_off()

    (pair,) = oversight(first.assessment.cycle).pairs

    assert (pair.one, pair.other) == (first.clerk, second.clerk)
    assert (pair.by_one, pair.by_other) == ((second.record_id,), (first.record_id,))


def _signed(cycle: Cycle, clerk: User, team: Team) -> SignOff:
    """The clerk, in this team now, signed by its supervisor."""
    clerk.team = team
    clerk.save()
    assessment = actions.start_assessment(cycle=cycle, clerk=clerk)
    builders.rate(assessment, Role.SELF)
    assessment = actions.submit_assessment(assessment=assessment, by=clerk, declared=True)
    builders.rate(assessment, Role.SUPERVISOR)
    by = builders.supervisor(assessment)
    assessment = actions.complete_review(assessment=assessment, by=by)
    assessment = actions.reconcile_assessment(assessment=assessment, by=by)
    return actions.sign_off_assessment(
        assessment=assessment,
        level=assessment.version.levels.last(),
        by=by,
        revision=assessment.revision,
    )


@db
def test_oversight_asks_as_much_for_one_as_for_three(django_assert_num_queries):
    builders.sign_off()
    with django_assert_num_queries(7):
        oversight()
    builders.sign_off()
    builders.sign_off()

    with django_assert_num_queries(7):
        oversight()


@db
def test_oversight_of_one_cycle_leaves_out_the_others():
    one, _ = builders.sign_off(), builders.sign_off()

    found = oversight(one.assessment.cycle)

    assert [line.of for line in found.people] == [one.signed_by]
    assert [line.of for line in found.cycles] == [one.assessment.cycle]
    assert len(oversight().cycles) == 2
