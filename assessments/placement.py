"""The placement rule: from ratings to a suggested level that explains itself."""

from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import NamedTuple

FEWEST_COUNTED_OF = 2  # a level is judged when at least one in two of its statements counts
MOST_LEFT_OUT_OF = 5  # more than one in five left out of the suggested level must be justified


class Answer(NamedTuple):
    """The rating of one statement.

    `counted` is false for "not part of the role" and for no answer; `demonstrates` says whether
    the point chosen shows the statement; `key` names the statement for must-haves and links.
    """

    key: str
    counted: bool
    demonstrates: bool


class LevelAnswers(NamedTuple):
    """The ratings of one level's statements; levels are given lowest first."""

    label: str
    answers: tuple[Answer, ...]


class Outcome(StrEnum):
    SHOWN = "shown"
    NOT_SHOWN = "not shown"
    SET_ASIDE = "set aside"


class LevelResult(NamedTuple):
    """How one level came out, in whole statements."""

    label: str
    outcome: Outcome
    statements: int
    counted: int
    demonstrated: int
    needed: int
    short: int
    missing: tuple[str, ...]
    must_haves_missing: tuple[str, ...]

    @property
    def left_out(self) -> int:
        return self.statements - self.counted


class Suggestion(NamedTuple):
    """What the rule gives: the place of the suggested level (None: not yet placed), and why."""

    suggested: int | None
    levels: tuple[LevelResult, ...]
    reason: str
    much_left_out: bool

    @property
    def label(self) -> str:
        return NOT_YET_PLACED if self.suggested is None else self.levels[self.suggested].label


NOT_YET_PLACED = "Not yet placed"


def suggest(
    levels: Sequence[LevelAnswers], threshold: int, must_have: Collection[str] = ()
) -> Suggestion:
    """Suggest the highest shown level with no "not shown" level below it.

    `threshold` is a whole percentage, 1 to 100, of the counted statements. Must-have statements
    bind their own level and every level above it, unless they are not part of the role.
    """
    results: list[LevelResult] = []
    unmet: list[str] = []
    for level in levels:
        unmet += [a.key for a in level.answers if a.key in must_have and _unmet(a)]
        results.append(_judge(level, threshold, tuple(unmet)))
    suggested = _highest(results)
    much = suggested is not None and (
        results[suggested].left_out * MOST_LEFT_OUT_OF > results[suggested].statements
    )
    return Suggestion(suggested, tuple(results), _explain(results, suggested, much), much)


def needed_of(counted: int, threshold: int) -> int:
    """Give how many of the counted statements must be shown, rounded up."""
    return -(-threshold * counted // 100)


def _unmet(answer: Answer) -> bool:
    return answer.counted and not answer.demonstrates


def _judge(level: LevelAnswers, threshold: int, unmet: tuple[str, ...]) -> LevelResult:
    counted = [answer for answer in level.answers if answer.counted]
    demonstrated = sum(answer.demonstrates for answer in counted)
    needed = needed_of(len(counted), threshold)
    if not level.answers or len(counted) * FEWEST_COUNTED_OF < len(level.answers):
        outcome = Outcome.SET_ASIDE
    elif demonstrated * 100 >= threshold * len(counted) and not unmet:
        outcome = Outcome.SHOWN
    else:
        outcome = Outcome.NOT_SHOWN
    return LevelResult(
        label=level.label,
        outcome=outcome,
        statements=len(level.answers),
        counted=len(counted),
        demonstrated=demonstrated,
        needed=needed,
        short=max(needed - demonstrated, 0),
        missing=tuple(answer.key for answer in counted if not answer.demonstrates),
        must_haves_missing=unmet,
    )


def _highest(results: Sequence[LevelResult]) -> int | None:
    highest = None
    for place, result in enumerate(results):
        if result.outcome is Outcome.NOT_SHOWN:
            break
        if result.outcome is Outcome.SHOWN:
            highest = place
    return highest


def _explain(results: Sequence[LevelResult], suggested: int | None, much: bool) -> str:
    sentences = []
    if suggested is None:
        sentences.append("No level is shown yet.")
    else:
        result = results[suggested]
        sentences.append(f"{result.label} is shown: {_of_counted(result)}, {result.needed} needed.")
        if much:
            sentences.append(
                f"{result.left_out} of the {result.statements} statements at {result.label}"
                " are not part of the role, which is more than a fifth."
            )
    blocking = next((r for r in results if r.outcome is Outcome.NOT_SHOWN), None)
    if blocking is not None:
        sentences.append(_why_not(blocking))
    sentences += [_set_aside(r) for r in results if r.outcome is Outcome.SET_ASIDE]
    return " ".join(sentences)


def _of_counted(result: LevelResult) -> str:
    whole = f"{result.demonstrated} of the {result.counted} statements"
    return f"{whole} in the role" if result.left_out else whole


def _why_not(result: LevelResult) -> str:
    if result.short:
        have = f"{result.label} has {result.demonstrated} of the {result.needed} it needs."
    else:
        have = f"{result.label} has the {result.needed} it needs."
    if result.must_haves_missing:
        count = len(result.must_haves_missing)
        noun = "statement" if count == 1 else "statements"
        have += f" {count} {noun} that must be shown for it {'is' if count == 1 else 'are'} not."
    return have


def _set_aside(result: LevelResult) -> str:
    if not result.statements:
        return f"{result.label} has no statements and is set aside."
    return (
        f"{result.label} is set aside: only {result.counted} of its {result.statements}"
        " statements are part of the role."
    )
