import pytest

from assessments.hints import Given, hints

LABELS = ["Emerging", "Developing", "Proficient", "Advanced"]


def given(points, notes=None, pause=30.0):
    """Ten answers a level, by a string of digits a level; `notes` by the number of the answer."""
    digits = [(rank, int(d)) for rank, level in enumerate(points, start=1) for d in level]
    return [
        Given(
            rank, LABELS[rank - 1], point, point >= 3, (notes or {}).get(number, ""), number * pause
        )
        for number, (rank, point) in enumerate(digits)
    ]


def carried(answers, number):
    """The first `number` of them stand as they were carried over."""
    return [one._replace(seconds=None) for one in answers[:number]] + answers[number:]


USUAL = ["4434443444", "3343334333", "2233122212", "1111121111"]


@pytest.mark.parametrize(
    ("answers", "noticed"),
    [
        ([], []),
        (given(USUAL), []),
        (given(["4444444444"] * 4), [("All 40 answers are the same.", "Emerging")]),
        (given(["0000000000"] * 4), [("All 40 answers are the same.", "Emerging")]),
        (
            given([USUAL[0], USUAL[2], USUAL[1], "4443434444"]),
            [("Advanced comes out as shown, Developing below it does not.", "Developing")],
        ),
        (
            given([USUAL[3], USUAL[2], "4444444443", USUAL[3]]),
            [
                (
                    "Proficient comes out as shown, Emerging and Developing below it do not.",
                    "Emerging",
                )
            ],
        ),
        (given([USUAL[0], "0000000003", "4443434444", USUAL[3]]), []),
        (given(USUAL, {1: "As in May.", 12: "As in  may."}), []),
        (
            given(USUAL, {11: "As in May.", 12: "as in  may. ", 30: "As in May.", 3: "Other"}),
            [("The same note stands at 3 statements.", "Developing")],
        ),
        (given(USUAL, pause=1.5), [("All 40 answers were saved within a minute.", "Emerging")]),
        (given(USUAL, pause=1.6), []),
        (given(USUAL[:1], pause=0.1), []),
        (carried(given(USUAL, pause=0.1), 21), []),
        (
            carried(given(USUAL, pause=0.1), 20),
            [("The 20 answers given anew were saved within a minute.", "Proficient")],
        ),
        (
            given(["1111111111"] * 4, dict.fromkeys(range(40), "Same."), pause=0.0),
            [
                ("All 40 answers are the same.", "Emerging"),
                ("The same note stands at 40 statements.", "Emerging"),
                ("All 40 answers were saved within a minute.", "Emerging"),
            ],
        ),
    ],
)
def test_hints_notices_what_is_unusual(answers, noticed):
    found = hints(answers, threshold=80)

    assert [(hint.sentence.split(". ")[0] + ".", hint.level) for hint in found] == noticed
    assert all("may well" in hint.sentence for hint in found)
