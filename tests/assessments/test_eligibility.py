import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.eligibility import (
    Candidate,
    needs_second_signature,
    objection_to_second,
    objection_to_signing,
)

LABELS = ("Emerging", "Developing", "Proficient", "Advanced")
SUPERVISOR = Candidate(
    is_clerk=False,
    is_below_clerk=False,
    is_active=True,
    acts=True,
    is_above=True,
    appointed_rank=None,
    placed_rank=None,
    has_signed_first=False,
)
STRANGER = SUPERVISOR._replace(acts=False, is_above=False)

ranks = st.none() | st.integers(1, 4)
candidates = st.builds(
    Candidate,
    is_clerk=st.booleans(),
    is_below_clerk=st.booleans(),
    is_active=st.booleans(),
    acts=st.booleans(),
    is_above=st.booleans(),
    appointed_rank=ranks,
    placed_rank=ranks,
    has_signed_first=st.booleans(),
)


def signing(candidate, rank, needs_standing=True):
    return objection_to_signing(candidate, rank, needs_standing, labels=LABELS, clerk="Priya Raman")


def second(candidate, rank, needs_standing=True):
    return objection_to_second(candidate, rank, needs_standing, labels=LABELS, clerk="Priya Raman")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"is_clerk": True}, "You cannot sign for yourself."),
        ({"is_below_clerk": True}, "Priya Raman supervises you: somebody else must sign."),
        ({"is_active": False}, "Your access is closed: somebody else must sign."),
        ({"acts": False}, "Only the clerk's supervisor or their delegate can sign."),
    ],
)
def test_objection_to_signing_says_who_cannot_sign_whatever_they_hold(changes, sentence):
    candidate = SUPERVISOR._replace(placed_rank=4, **changes)

    assert {signing(candidate, rank) for rank in (None, 1, 4)} == {sentence}


@pytest.mark.parametrize(
    ("placed", "appointed", "rank", "sentence"),
    [
        (
            2,
            None,
            3,
            "You hold Developing; this cycle asks for Proficient or higher."
            " An administrator can appoint you.",
        ),
        (
            None,
            2,
            4,
            "You are appointed up to Developing; this cycle asks for Advanced."
            " An administrator can appoint you.",
        ),
        (
            None,
            None,
            1,
            "You hold no level that is valid today; this cycle asks for Emerging or higher."
            " An administrator can appoint you.",
        ),
        (
            1,
            2,
            3,
            "You are appointed up to Developing; this cycle asks for Proficient or higher."
            " An administrator can appoint you.",
        ),
        (3, None, 3, None),
        (None, 3, 3, None),
        (1, 4, 4, None),
        (4, 1, 4, None),
        (None, None, None, None),
    ],
)
def test_objection_to_signing_names_what_is_held_and_what_is_asked(
    placed, appointed, rank, sentence
):
    candidate = SUPERVISOR._replace(placed_rank=placed, appointed_rank=appointed)

    assert signing(candidate, rank) == sentence


@pytest.mark.parametrize(
    ("changes", "rank", "sentence"),
    [
        ({"is_clerk": True}, 4, "You cannot sign for yourself."),
        ({"is_below_clerk": True}, 4, "Priya Raman supervises you: somebody else must sign."),
        ({"is_active": False}, 4, "Your access is closed: somebody else must sign."),
        (
            {"has_signed_first": True, "is_above": True},
            4,
            "Your side has signed in this: somebody else must give the second signature.",
        ),
        (
            {},
            4,
            "You are neither above Priya Raman nor appointed to Advanced:"
            " somebody who is must give the second signature.",
        ),
        (
            {},
            None,
            "You are neither above Priya Raman nor appointed:"
            " somebody who is must give the second signature.",
        ),
        (
            {"appointed_rank": 3, "placed_rank": 4},
            4,
            "You are neither above Priya Raman nor appointed to Advanced:"
            " somebody who is must give the second signature.",
        ),
        ({"appointed_rank": 4}, 4, None),
        ({"appointed_rank": 1}, None, None),
        ({"is_above": True, "placed_rank": 4}, 4, None),
        (
            {"is_above": True, "placed_rank": 3},
            4,
            "You hold Proficient; this cycle asks for Advanced. An administrator can appoint you.",
        ),
    ],
)
def test_objection_to_second_says_who_cannot_sign_second(changes, rank, sentence):
    assert second(STRANGER._replace(**changes), rank) == sentence


def test_objection_to_second_asks_for_standing_only_where_the_cycle_does():
    above = STRANGER._replace(is_above=True)

    assert second(above, 4, needs_standing=False) is None


@given(candidates, ranks, st.booleans())
def test_nobody_signs_themselves_or_whom_they_answer_to(candidate, rank, needs_standing):
    for changes in ({"is_clerk": True}, {"is_below_clerk": True}, {"is_active": False}):
        changed = candidate._replace(**changes)
        assert signing(changed, rank, needs_standing)
        assert second(changed, rank, needs_standing)


@given(candidates, ranks, st.booleans())
def test_nobody_signs_twice(candidate, rank, needs_standing):
    assert second(candidate._replace(has_signed_first=True), rank, needs_standing)


@given(candidates, ranks, st.integers(0, 4))
def test_holding_more_never_takes_a_signature_away(candidate, rank, more):
    higher = candidate._replace(appointed_rank=max(candidate.appointed_rank or 0, more) or None)

    for objection in (signing, second):
        if objection(candidate, rank) is None:
            assert objection(higher, rank) is None


@given(candidates, st.integers(2, 4))
def test_who_may_sign_a_level_may_sign_every_level_below(candidate, rank):
    for objection in (signing, second):
        if objection(candidate, rank) is None:
            assert [objection(candidate, lower) for lower in (None, *range(1, rank))] == [
                None
            ] * rank


@given(candidates, ranks)
def test_standing_only_ever_adds_an_objection(candidate, rank):
    for objection in (signing, second):
        without = objection(candidate, rank, needs_standing=False)
        assert objection(candidate, rank) == without or without is None


@given(candidates, ranks, st.booleans())
def test_an_objection_is_a_sentence(candidate, rank, needs_standing):
    for objection in (signing, second):
        found = objection(candidate, rank, needs_standing)
        assert found is None or (found[0].isupper() and found.endswith("."))


@pytest.mark.parametrize(
    ("level", "suggested", "two"),
    [
        (4, 4, True),
        (4, 3, True),
        (4, None, True),
        (3, 3, False),
        (3, 2, False),
        (3, 1, True),
        (1, 3, True),
        (2, 3, False),
        (2, None, True),
        (1, None, False),
        (None, 1, False),
        (None, 2, True),
        (None, 4, True),
        (3, 4, False),
        (None, None, False),
    ],
)
def test_needs_second_signature_for_the_highest_level_and_wide_overrides(level, suggested, two):
    assert needs_second_signature(level, suggested, 4, cycle_asks=True) is two


@given(ranks, ranks, st.integers(1, 4))
def test_needs_second_signature_only_where_the_cycle_asks(level, suggested, highest):
    assert needs_second_signature(level, suggested, highest, cycle_asks=False) is False
