import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.agreement import agreed_point, distance, distance_in_words
from assessments.scales import NOT_PART_OF_ROLE, TRUE_OF_ME

points = st.integers(0, 4)


@pytest.mark.parametrize(
    ("by_clerk", "by_supervisor", "agreed"),
    [
        (4, 2, 2),
        (2, 4, 4),
        (3, 3, 3),
        # One side alone says it is not part of the role: the other side's point.
        (NOT_PART_OF_ROLE, 2, 2),
        (3, NOT_PART_OF_ROLE, 3),
        (NOT_PART_OF_ROLE, NOT_PART_OF_ROLE, NOT_PART_OF_ROLE),
    ],
)
def test_agreed_point_is_the_supervisors_unless_one_side_says_not_part_of_the_role(
    by_clerk, by_supervisor, agreed
):
    assert agreed_point(by_clerk, by_supervisor) == agreed


@pytest.mark.parametrize(
    ("by_clerk", "by_supervisor", "apart", "words"),
    [
        (3, 3, 0, "The same"),
        (0, 0, 0, "The same"),
        (4, 3, 1, "One step apart"),
        (2, 4, 2, "Two steps apart"),
        (1, 4, 3, "Three steps apart"),
        (0, 4, 4, "One side says not part of the role"),
        (1, 0, 4, "One side says not part of the role"),
    ],
)
def test_distance_says_how_far_two_answers_lie_apart(by_clerk, by_supervisor, apart, words):
    assert distance(by_clerk, by_supervisor, TRUE_OF_ME) == apart
    assert distance_in_words(by_clerk, by_supervisor, TRUE_OF_ME) == words


@given(points, points)
def test_distance_is_the_same_from_both_sides(one, other):
    assert distance(one, other, TRUE_OF_ME) == distance(other, one, TRUE_OF_ME)
    assert (distance(one, other, TRUE_OF_ME) == 0) is (one == other)


@given(points, points)
def test_agreed_point_leaves_the_role_only_when_both_say_so(by_clerk, by_supervisor):
    agreed = agreed_point(by_clerk, by_supervisor)

    assert (agreed == NOT_PART_OF_ROLE) is (by_clerk == by_supervisor == NOT_PART_OF_ROLE)
