"""The levels of a framework file: an object by key, or a list; and what can be wrong there."""

import re
from collections.abc import Iterator
from typing import Any

from frameworks.documents import KNOWN_LEVELS, SEPARATOR, fold
from frameworks.reporting import Report, name_of

USUAL_STATEMENTS = 10
LONGEST_STATEMENT = 2000
LONGEST_KEY = 60
LONGEST_LABEL = 120
HTML = re.compile(r"</?[a-z!][^>]*>|&[a-z]+;|&#\d+;", re.IGNORECASE)


def levels_of(levels: Any) -> list[tuple[str, str, list[str]]]:
    """Give (key, label, statements) of sound levels in rank order: the known, then the file's."""
    found = [(key, label_of(key, level), level["statements"]) for _, key, level in places(levels)]
    return sorted(found, key=lambda level: _rank(level[0]))


def label_of(key: str, level: dict[str, Any]) -> str:
    """Give the level's label, else its key with capital first letters."""
    label = level.get("label")
    return label.strip() if label and label.strip() else key.replace("_", " ").title()


def places(levels: Any) -> Iterator[tuple[str, Any, Any]]:
    """Give (path, key, level) for each level, whichever of the two forms the file has."""
    if isinstance(levels, dict):
        for key, level in levels.items():
            yield f"framework.levels.{key}", key, level
    else:
        for number, level in enumerate(levels):
            key = level.get("key") if isinstance(level, dict) else None
            yield f"framework.levels[{number}]", key, level


def _rank(key: str) -> int:
    folded = key.lower()
    return KNOWN_LEVELS.index(folded) if folded in KNOWN_LEVELS else len(KNOWN_LEVELS)


def find_level_problems(report: Report, levels: Any) -> None:
    """Report what is wrong with the levels and their statements."""
    path = "framework.levels"
    if not isinstance(levels, dict | list):
        what = "missing" if levels is None else name_of(levels)
        report.refuse(path, f"The levels must be an object or a list; they are {what}.")
        return
    found = list(places(levels))
    if not sum([_check_level(report, place, level) for place, _, level in found]):
        report.refuse(path, "There is not a single statement.")
    _check_keys(report, [(place, key) for place, key, _ in found])
    _check_doubles(report, found)


def _check_keys(report: Report, found: list[tuple[str, Any]]) -> None:
    if len(found) != len(KNOWN_LEVELS):
        names = ", ".join(KNOWN_LEVELS)
        report.warn(
            "framework.levels", f"There are {len(found)} levels; usual are the four {names}."
        )
    for number, (path, key) in enumerate(found):
        if not isinstance(key, str) or not key.strip():
            report.refuse(path, "The level has no key.")
        elif len(key) > LONGEST_KEY:
            report.refuse(path, f"The level's key is longer than {LONGEST_KEY} characters.")
        elif key in [other for _, other in found[:number]]:
            report.refuse(path, f"The level “{key}” stands here a second time.")
        elif key.lower() not in KNOWN_LEVELS:
            report.warn(path, f"The level “{key}” is not one of the usual four.")


def _check_level(report: Report, path: str, level: Any) -> int:
    """Report what is wrong with one level; gives how many entries its statements have."""
    if not isinstance(level, dict):
        report.refuse(path, f"The level must be an object, not {name_of(level)}.")
        return 1
    label = level.get("label")
    if label is not None and not isinstance(label, str):
        report.refuse(f"{path}.label", f"The label must be text, not {name_of(label)}.")
    elif label and len(label) > LONGEST_LABEL:
        report.refuse(f"{path}.label", f"The label is longer than {LONGEST_LABEL} characters.")
    report.unknown_keys(path, level, {"key", "label", "statements"})
    statements = level.get("statements")
    if not isinstance(statements, list):
        what = "missing" if statements is None else name_of(statements)
        report.refuse(f"{path}.statements", f"The statements must be a list; they are {what}.")
        return 1
    if len(statements) != USUAL_STATEMENTS:
        report.warn(f"{path}.statements", f"There are {len(statements)} statements; usual are ten.")
    for number, text in enumerate(statements):
        _check_statement(report, f"{path}.statements[{number}]", number + 1, text)
    return len(statements)


def _check_statement(report: Report, path: str, number: int, text: Any) -> None:
    if not isinstance(text, str):
        report.refuse(path, f"Statement {number} must be text, not {name_of(text)}.")
    elif not text.strip():
        report.refuse(path, f"Statement {number} is empty.")
    elif len(text) > LONGEST_STATEMENT:
        report.refuse(
            path,
            f"Statement {number} has {len(text)} characters; {LONGEST_STATEMENT} are the most.",
        )
    else:
        _warn_of_form(report, path, number, text)


def _warn_of_form(report: Report, path: str, number: int, text: str) -> None:
    separators = text.count(SEPARATOR)
    if separators == 0:
        report.warn(path, f"Statement {number} has no “ — ” between topic and behaviour.")
    elif separators > 1:
        report.warn(path, f"Statement {number} has several “ — ”; it is parted at the first.")
    if HTML.search(text):
        report.warn(path, f"Statement {number} looks like HTML; it is shown as it stands.")


def _check_doubles(report: Report, found: list[tuple[str, Any, Any]]) -> None:
    first: dict[str, str] = {}
    for path, _, level in found:
        statements = level.get("statements") if isinstance(level, dict) else None
        for number, text in enumerate(statements if isinstance(statements, list) else []):
            if not isinstance(text, str) or not text.strip():
                continue
            place = f"{path}.statements[{number}]"
            if fold(text) in first:
                report.warn(place, f"Statement {number + 1} says the same as {first[fold(text)]}.")
            else:
                first[fold(text)] = place
