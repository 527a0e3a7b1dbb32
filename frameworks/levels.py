"""The levels of a framework file: an object by key, or a list; and what can be wrong there."""

from collections.abc import Iterator
from typing import Any

from frameworks.documents import KNOWN_LEVELS, SEPARATOR, LevelPart, fold
from frameworks.parsing import Path, quoted
from frameworks.reporting import Report, is_blank, name_of

USUAL_STATEMENTS = 10
LONGEST_STATEMENT = 2000
LONGEST_KEY = 60
LONGEST_LABEL = 120
# No person rates more, and places and ranks are small numbers in the database.
MOST_LEVELS = 100
MOST_STATEMENTS = 1000
LEVELS: Path = ("framework", "levels")
OTHER_DASHES = (" \N{EN DASH} ", "--", " - ", "—")


def build_levels(levels: Any) -> tuple[LevelPart, ...]:
    """Build sound levels in rank order: the known ones, then the others as in the file."""
    parts = [
        LevelPart(key=key, label=label_of(key, level), statements=tuple(level["statements"]))
        for _, key, level in _places(levels)
    ]
    return tuple(sorted(parts, key=lambda part: _rank(part.key)))


def label_of(key: str, level: dict[str, Any]) -> str:
    """Give the level's label, else its key with capital first letters."""
    label = level.get("label")
    if isinstance(label, str) and not is_blank(label):
        return label.strip()
    return key.replace("_", " ").strip().title()[:LONGEST_LABEL]


def _places(levels: Any) -> Iterator[tuple[Path, Any, Any]]:
    """Give (path, key, level) for each level, whichever of the two forms the file has."""
    if isinstance(levels, dict):
        for key, level in levels.items():
            yield (*LEVELS, key), key, level
        return
    for number, level in enumerate(levels):
        yield (*LEVELS, number), level.get("key") if isinstance(level, dict) else None, level


def _rank(key: str) -> int:
    folded = key.lower()
    return KNOWN_LEVELS.index(folded) if folded in KNOWN_LEVELS else len(KNOWN_LEVELS)


def find_level_problems(report: Report, levels: Any) -> None:
    """Report what is wrong with the levels and their statements."""
    if levels is None:
        report.refuse(LEVELS, "The levels are missing.")
        return
    if not isinstance(levels, dict | list):
        report.refuse(LEVELS, f"The levels must be an object or a list, not {name_of(levels)}.")
        return
    if len(levels) > MOST_LEVELS:
        report.refuse(LEVELS, f"There are {len(levels)} levels; {MOST_LEVELS} are the most.")
        return
    if isinstance(levels, list):
        report.warn(LEVELS, "The levels are a list; the known ones are put in their usual order.")
    if len(levels) != len(KNOWN_LEVELS):
        usual = ", ".join(KNOWN_LEVELS)
        report.warn(LEVELS, f"The file has {len(levels)} levels, not the usual four: {usual}.")
    found = list(_places(levels))
    _check_keys(report, found)
    if not sum([_check_level(report, *place) for place in found]):
        report.refuse(LEVELS, "There is not a single statement in the file.")
    _warn_of_doubled_labels(report, found)
    _warn_of_doubled_statements(report, found)


def _check_keys(report: Report, found: list[tuple[Path, Any, Any]]) -> None:
    seen: set[str] = set()
    for path, key, level in found:
        place = (*path, "key") if path[-1] != key and isinstance(level, dict) else path
        if not isinstance(key, str):
            if isinstance(level, dict):
                what = "is missing" if key is None else f"must be text, not {name_of(key)}"
                report.refuse(place, f"The level's key {what}.")
        elif is_blank(key):
            report.refuse(place, "The level's key is empty.")
        elif len(key) > LONGEST_KEY:
            report.refuse(place, f"The level's key is longer than {LONGEST_KEY} characters.")
        elif key in seen:
            report.refuse(place, f"There is a level {quoted(key)} already.")
        elif key.lower() not in KNOWN_LEVELS:
            report.warn(
                place, f"{quoted(key)} is not a usual level. It comes after the usual ones."
            )
        if isinstance(key, str):
            seen.add(key)


def _check_level(report: Report, path: Path, key: Any, level: Any) -> int:
    """Report what is wrong with one level; gives how many entries it has, 1 where unknown."""
    if not isinstance(level, dict):
        report.refuse(path, f"The level must be an object {{ … }}, not {name_of(level)}.")
        return 1
    name = label_of(key if isinstance(key, str) else "", level) or "this level"
    shown = f"It is shown as {quoted(name)}."
    report.optional_text(
        (*path, "label"), level.get("label"), "The label",
        f"The level has no label. {shown}", LONGEST_LABEL,
    )  # fmt: skip
    known = {"label", "statements"} | ({"key"} if isinstance(path[-1], int) else set())
    report.unknown_keys(path, level, known)
    statements = level.get("statements")
    path = (*path, "statements")
    if not isinstance(statements, list):
        what = "are missing" if statements is None else f"must be a list, not {name_of(statements)}"
        report.refuse(path, f"The statements of {quoted(name)} {what}.")
        return 1
    count = len(statements)
    if count > MOST_STATEMENTS:
        report.refuse(
            path, f"{quoted(name)} has {count} statements; {MOST_STATEMENTS} are the most."
        )
        return count
    if count != USUAL_STATEMENTS:
        report.warn(path, f"{quoted(name)} has {count} statements, not the usual ten.")
    for number, text in enumerate(statements):
        _check_statement(report, (*path, number), f"Statement {number + 1} of {quoted(name)}", text)
    return count


def _check_statement(report: Report, path: Path, name: str, text: Any) -> None:
    report.required_text(path, text, name, LONGEST_STATEMENT)
    if not isinstance(text, str) or is_blank(text) or len(text) > LONGEST_STATEMENT:
        return
    count = text.count(SEPARATOR)
    if count == 1 and all(part.strip() for part in text.split(SEPARATOR)):
        return
    if count > 1:
        report.warn(path, f"{name} has {count} dashes “ — ”. It is parted at the first.")
    elif count == 1:
        report.warn(path, f"{name} has nothing on one side of its “ — ”. It is kept whole.")
    elif dash := next((dash for dash in OTHER_DASHES if dash in text), None):
        report.warn(path, f"{name} has “{dash}” and no “ — ” after its topic. It is kept whole.")
    else:
        report.warn(path, f"{name} has no “ — ” between topic and behaviour. It is kept whole.")


def _warn_of_doubled_labels(report: Report, found: list[tuple[Path, Any, Any]]) -> None:
    seen: set[str] = set()
    for path, key, level in found:
        if not isinstance(key, str) or not isinstance(level, dict):
            continue
        label = label_of(key, level)
        if fold(label) in seen:
            report.warn((*path, "label"), f"There is a level labelled {quoted(label)} already.")
        seen.add(fold(label))


def _warn_of_doubled_statements(report: Report, found: list[tuple[Path, Any, Any]]) -> None:
    first: dict[str, str] = {}
    for path, key, level in found:
        statements = level.get("statements") if isinstance(level, dict) else None
        if not isinstance(statements, list) or len(statements) > MOST_STATEMENTS:
            continue
        name = label_of(key if isinstance(key, str) else "", level) or "this level"
        for number, text in enumerate(statements):
            if not isinstance(text, str) or is_blank(text):
                continue
            this = f"Statement {number + 1} of {quoted(name)}"
            other = first.setdefault(fold(text), this)
            if other is not this:
                message = f"{this} says the same as an earlier one: {other}."
                report.warn((*path, "statements", number), message)
