import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.placement import (
    NOT_YET_PLACED,
    Answer,
    LevelAnswers,
    Outcome,
    Suggestion,
    suggest,
)

LABELS = ("Emerging", "Developing", "Proficient", "Advanced")


def levels(*marks: str) -> list[LevelAnswers]:
    """Levels lowest first, a letter a statement: y shown, n not shown, o out of the role."""
    return [
        LevelAnswers(
            label,
            tuple(
                Answer(f"{label} {number}", counted=mark != "o", demonstrates=mark == "y")
                for number, mark in enumerate(letters, start=1)
            ),
        )
        for label, letters in zip(LABELS, marks, strict=False)
    ]


def outcomes(suggestion: Suggestion) -> list[str]:
    return [str(level.outcome) for level in suggestion.levels]


ALL, EIGHT, SEVEN, NONE = "y" * 10, "y" * 8 + "n" * 2, "y" * 7 + "n" * 3, "n" * 10


@pytest.mark.parametrize(
    ("marks", "label"),
    [
        ((NONE, NONE, NONE, NONE), NOT_YET_PLACED),
        ((ALL, NONE, NONE, NONE), "Emerging"),
        ((EIGHT, SEVEN, NONE, NONE), "Emerging"),
        ((ALL, EIGHT, SEVEN, "ynnnnnnnnn"), "Developing"),
        ((ALL, ALL, ALL, ALL), "Advanced"),
        # A level that is not shown holds back everything above it.
        ((SEVEN, ALL, ALL, ALL), NOT_YET_PLACED),
        ((ALL, SEVEN, ALL, ALL), "Emerging"),
        # Half of the statements count: judged. Fewer: set aside, never suggested, never blocking.
        ((ALL, "yyyyyooooo", NONE, NONE), "Developing"),
        ((ALL, "yyyyoooooo", NONE, NONE), "Emerging"),
        ((ALL, "yyyyoooooo", ALL, NONE), "Proficient"),
        (("nnnnoooooo", ALL, NONE, NONE), "Developing"),
        (("oooooooooo", "oooooooooo", "oooooooooo", "oooooooooo"), NOT_YET_PLACED),
        # 8 of 9 is 88 per cent, 7 of 9 is 77.
        (("yyyyyyyyno",), "Emerging"),
        (("yyyyyyynno",), NOT_YET_PLACED),
        # A level without statements is set aside.
        ((ALL, "", ALL, NONE), "Proficient"),
        ((), NOT_YET_PLACED),
    ],
)
def test_suggest_gives_the_highest_shown_level(marks, label):
    assert suggest(levels(*marks), 80).label == label


@pytest.mark.parametrize(
    ("threshold", "shown", "needed", "outcome"),
    [
        (80, 8, 8, Outcome.SHOWN),
        (80, 7, 8, Outcome.NOT_SHOWN),
        (75, 8, 8, Outcome.SHOWN),
        (75, 7, 8, Outcome.NOT_SHOWN),
        (71, 8, 8, Outcome.SHOWN),
        (70, 7, 7, Outcome.SHOWN),
        (1, 1, 1, Outcome.SHOWN),
        (1, 0, 1, Outcome.NOT_SHOWN),
        (100, 9, 10, Outcome.NOT_SHOWN),
        (100, 10, 10, Outcome.SHOWN),
    ],
)
def test_suggest_rounds_what_a_level_needs_up(threshold, shown, needed, outcome):
    result = suggest(levels("y" * shown + "n" * (10 - shown)), threshold).levels[0]

    assert (result.needed, result.outcome, result.short) == (
        needed,
        outcome,
        max(needed - shown, 0),
    )


def test_suggest_counts_by_level():
    suggestion = suggest(levels(ALL, "yyyyyyynno", "yyoooooooo"), 80)

    counts = [
        (level.statements, level.counted, level.demonstrated, level.needed, level.left_out)
        for level in suggestion.levels
    ]
    assert counts == [(10, 10, 10, 8, 0), (10, 9, 7, 8, 1), (10, 2, 2, 2, 8)]
    assert outcomes(suggestion) == ["shown", "not shown", "set aside"]
    assert suggestion.levels[1].missing == ("Developing 8", "Developing 9")


@pytest.mark.parametrize(
    ("marks", "must_have", "label"),
    [
        ((EIGHT, EIGHT, NONE), "Emerging 1", "Developing"),
        ((EIGHT, EIGHT, NONE), "Emerging 9", NOT_YET_PLACED),
        ((EIGHT, EIGHT, NONE), "Developing 9", "Emerging"),
        # Not part of the role: left out.
        (("yyyyyyyyyo", EIGHT, NONE), "Emerging 10", "Developing"),
        # In a level set aside it still binds the levels above.
        ((ALL, "nooooooooo", ALL), "Developing 1", "Emerging"),
        ((ALL, "yooooooooo", ALL), "Developing 1", "Proficient"),
    ],
)
def test_suggest_must_have_binds_its_level_and_those_above(marks, must_have, label):
    assert suggest(levels(*marks), 80, {must_have}).label == label


@pytest.mark.parametrize(
    ("marks", "reason"),
    [
        ((NONE,), "No level is shown yet. Emerging has 0 of the 8 it needs."),
        (
            (ALL, "yyyyyyyyno", SEVEN, NONE),
            "Developing is shown: 8 of the 9 statements in the role, 8 needed."
            " Proficient has 7 of the 8 it needs.",
        ),
        ((ALL,), "Emerging is shown: 10 of the 10 statements, 8 needed."),
        (
            (ALL, "yyyyoooooo", ALL),
            "Proficient is shown: 10 of the 10 statements, 8 needed. Developing is set aside:"
            " only 4 of its 10 statements are part of the role.",
        ),
        (
            (ALL, "", NONE),
            "Emerging is shown: 10 of the 10 statements, 8 needed. Proficient has 0 of the 8 it"
            " needs. Developing has no statements and is set aside.",
        ),
    ],
)
def test_suggest_says_why(marks, reason):
    assert suggest(levels(*marks), 80).reason == reason


def test_suggest_names_a_must_have_that_is_missing():
    suggestion = suggest(levels(EIGHT, NONE), 80, {"Emerging 9"})

    assert suggestion.reason == (
        "No level is shown yet. Emerging has the 8 it needs."
        " 1 statement that must be shown for it is not."
    )
    assert suggestion.levels[0].must_haves_missing == ("Emerging 9",)


@pytest.mark.parametrize(
    ("marks", "much"),
    [
        (("yyyyyyyyoo",), False),
        (("yyyyyyyooo",), True),
        ((ALL, "nnnnoooooo"), False),
        ((NONE,), False),
    ],
)
def test_suggest_says_when_more_than_a_fifth_is_left_out(marks, much):
    suggestion = suggest(levels(*marks), 80)

    assert suggestion.much_left_out is much
    assert ("more than a fifth" in suggestion.reason) is much


def rank(suggestion: Suggestion) -> int:
    return -1 if suggestion.suggested is None else suggestion.suggested


marks_of_levels = st.lists(st.text("yno", max_size=12), max_size=4)
thresholds = st.integers(1, 100)


@st.composite
def worlds(draw):
    given_levels = levels(*draw(marks_of_levels))
    keys = [answer.key for level in given_levels for answer in level.answers]
    must_have = draw(st.sets(st.sampled_from(keys), max_size=3)) if keys else set()
    return given_levels, draw(thresholds), must_have


@given(worlds(), st.data())
def test_suggest_is_never_lowered_by_showing_more(world, data):
    given_levels, threshold, must_have = world
    raised = [
        level._replace(
            answers=tuple(
                answer._replace(demonstrates=True)
                if answer.counted and (answer.demonstrates or data.draw(st.booleans()))
                else answer
                for answer in level.answers
            )
        )
        for level in given_levels
    ]

    before = suggest(given_levels, threshold, must_have)
    after = suggest(raised, threshold, must_have)

    assert rank(after) >= rank(before)


@given(worlds(), st.randoms())
def test_suggest_does_not_depend_on_the_order_of_answers(world, random):
    given_levels, threshold, must_have = world
    shuffled = [
        level._replace(answers=tuple(random.sample(level.answers, len(level.answers))))
        for level in given_levels
    ]

    before = suggest(given_levels, threshold, must_have)
    after = suggest(shuffled, threshold, must_have)

    assert (after.suggested, after.reason, outcomes(after)) == (
        before.suggested,
        before.reason,
        outcomes(before),
    )


@given(worlds())
def test_suggest_never_gives_a_level_set_aside_or_above_one_not_shown(world):
    suggestion = suggest(*world)

    if suggestion.suggested is not None:
        upto = outcomes(suggestion)[: suggestion.suggested + 1]
        assert upto[-1] == "shown"
        assert "not shown" not in upto


@given(worlds(), thresholds)
def test_suggest_is_never_raised_by_a_higher_threshold(world, other):
    given_levels, threshold, must_have = world
    low, high = sorted((threshold, other))

    assert rank(suggest(given_levels, high, must_have)) <= rank(
        suggest(given_levels, low, must_have)
    )
