"""What a person may want to look at once more before they finish; never more than a hint."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from assessments.placement import Answer, LevelAnswers, Outcome, suggest
from assessments.scales import NOT_PART_OF_ROLE

FEWEST_SAME_NOTES = 3
FEWEST_FAST = 20
FAST_SECONDS = 60


class Given(NamedTuple):
    """One answer: the rank and label of its level, what was chosen, and when, in seconds.

    `seconds` is None for an answer carried over and not touched since.
    """

    rank: int
    level: str
    point: int
    demonstrates: bool
    note: str
    seconds: float | None


class Hint(NamedTuple):
    """What was noticed, and the level to look at again, by rank and label."""

    sentence: str
    rank: int
    level: str


def hints(answers: Sequence[Given], threshold: int) -> list[Hint]:
    """Say what is unusual about one side's answers, given lowest level first.

    `threshold` is the rule's percentage, by which a level counts as shown.
    """
    found = [_all_the_same(answers), _gap(answers, threshold), _same_notes(answers), _fast(answers)]
    return [hint for hint in found if hint is not None]


def _all_the_same(answers: Sequence[Given]) -> Hint | None:
    if len(answers) < FEWEST_SAME_NOTES or len({given.point for given in answers}) > 1:
        return None
    return _hint(
        f"All {len(answers)} answers are the same. That may well be right; most people find at"
        " least one statement that stands out.",
        answers[0],
    )


def _gap(answers: Sequence[Given], threshold: int) -> Hint | None:
    """A level is shown while a lower one is not; one set aside is no gap."""
    levels: dict[int, list[Given]] = defaultdict(list)
    for given in answers:
        levels[given.rank].append(given)
    firsts = [of_level[0] for of_level in levels.values()]
    results = suggest([_level(of_level) for of_level in levels.values()], threshold).levels
    shown = [place for place, r in enumerate(results) if r.outcome is Outcome.SHOWN]
    not_shown = [
        place
        for place, r in enumerate(results)
        if r.outcome is Outcome.NOT_SHOWN and shown and place < shown[-1]
    ]
    if not not_shown:
        return None
    below = " and ".join(firsts[place].level for place in not_shown)
    return _hint(
        f"{firsts[shown[-1]].level} comes out as shown, {below} below it"
        f" {'does' if len(not_shown) == 1 else 'do'} not. That may well be right; work does not"
        " always follow the order of the levels.",
        firsts[not_shown[0]],
    )


def _level(of_level: list[Given]) -> LevelAnswers:
    return LevelAnswers(
        of_level[0].level,
        tuple(
            Answer("", given.point != NOT_PART_OF_ROLE, given.demonstrates) for given in of_level
        ),
    )


def _same_notes(answers: Sequence[Given]) -> Hint | None:
    by_note: dict[str, list[Given]] = defaultdict(list)
    for given in answers:
        if note := " ".join(given.note.casefold().split()):
            by_note[note].append(given)
    most = max(by_note.values(), key=len, default=[])
    if len(most) < FEWEST_SAME_NOTES:
        return None
    return _hint(
        f"The same note stands at {len(most)} statements. It may well fit them all; a note helps"
        " most where it tells of this one statement.",
        most[0],
    )


def _fast(answers: Sequence[Given]) -> Hint | None:
    given_here = [(given, given.seconds) for given in answers if given.seconds is not None]
    times = [seconds for _, seconds in given_here]
    if len(times) < FEWEST_FAST or max(times) - min(times) > FAST_SECONDS:
        return None
    which, new = ("All", "") if len(times) == len(answers) else ("The", " given anew")
    return _hint(
        f"{which} {len(times)} answers{new} were saved within a minute. They may well be right;"
        " whoever has thought about them before is quick.",
        given_here[0][0],
    )


def _hint(sentence: str, at: Given) -> Hint:
    return Hint(sentence, at.rank, at.level)
