"""Collects the problems of a tree, each with its path and line."""

import re
import unicodedata
from typing import Any, Literal

from frameworks.documents import Problem
from frameworks.parsing import MOST_PROBLEMS, Path, Tree, path_text

# Bounded repeats: the time stays in line with the text's length, whatever it holds.
HTML = re.compile(
    r"</?[a-z][a-z0-9]{0,20}[\s/>]|<!--|<!doctype|&(?:[a-z]{2,10}|#[0-9]{1,7}|#x[0-9a-f]{1,6});",
    re.IGNORECASE,
)
# Control characters, and marks that turn the direction of reading.
UNSEEN = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class Report:
    """What is found wrong, and the checks that every part of the file shares."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self._found: dict[str, list[Problem]] = {"error": [], "warning": []}
        self._unlisted = {"error": 0, "warning": 0}

    def problems(self) -> list[Problem]:
        """Give errors first, each kind in the file's order; beyond a thousand only their number."""
        listed: list[Problem] = []
        kinds: tuple[Literal["error", "warning"], ...] = ("error", "warning")
        for kind in kinds:
            noticed = [problem for problem in self.tree.problems if problem.severity == kind]
            found = noticed + self._found[kind]
            listed += sorted(found, key=lambda problem: problem.line or 0)
            if more := self._unlisted[kind]:
                message = f"There are {more} more problems of this kind."
                listed.append(Problem(kind, "", None, message))
        return listed

    def refuse(self, path: Path, message: str) -> None:
        self._add("error", path, message)

    def warn(self, path: Path, message: str) -> None:
        self._add("warning", path, message)

    def _add(self, severity: Literal["error", "warning"], path: Path, message: str) -> None:
        if path in self.tree.refused:
            return
        if len(self._found[severity]) >= MOST_PROBLEMS:
            self._unlisted[severity] += 1
            return
        problem = Problem(severity, path_text(path), self.tree.line(path), message)
        self._found[severity].append(problem)

    def part(self, key: str) -> dict[str, Any] | None:
        """Give a part of the file that must be an object, or report that it is missing or none."""
        value = self.tree.value.get(key)
        if value is None:
            self.refuse((key,), f"The {key} is missing.")
        elif not isinstance(value, dict):
            self.refuse((key,), f"The {key} must be an object {{ … }}, not {name_of(value)}.")
        else:
            return value
        return None

    def required_text(self, path: Path, value: Any, name: str, longest: int) -> None:
        if value is None:
            self.refuse(path, f"{name} is missing.")
        elif isinstance(value, str) and is_blank(value):
            self.refuse(path, f"{name} is empty.")
        else:
            self._check_text(path, value, name, longest)

    def optional_text(
        self, path: Path, value: Any, name: str, missing: str, longest: int | None = None
    ) -> None:
        if value is None or (isinstance(value, str) and is_blank(value)):
            self.warn(path, missing)
        else:
            self._check_text(path, value, name, longest)

    def _check_text(self, path: Path, value: Any, name: str, longest: int | None) -> None:
        if not isinstance(value, str):
            self.refuse(path, f"{name} must be text in quotation marks, not {name_of(value)}.")
        elif longest is not None and len(value) > longest:
            self.refuse(path, f"{name} has {len(value)} characters; {longest} are the most.")
        else:
            self._warn_of_signs(path, value, name)

    def _warn_of_signs(self, path: Path, text: str, name: str) -> None:
        if HTML.search(text):
            self.warn(path, f"{name} looks like HTML. It is shown as it stands.")
        if UNSEEN.search(text):
            self.warn(path, f"{name} holds characters that cannot be seen. They are kept.")

    def unknown_keys(self, path: Path, value: dict[str, Any], known: set[str]) -> None:
        for key in value:
            if key not in known:
                self.warn((*path, key), "This part is not known here. It is kept with the file.")


def is_blank(text: str) -> bool:
    """Whether there is nothing to see: white space, controls and invisible marks only."""
    unseen = {"Zs", "Zl", "Zp", "Cc", "Cf"}
    return all(unicodedata.category(character) in unseen for character in text)


def name_of(value: Any) -> str:
    """Name a JSON value's kind in words."""
    if value is None:
        return "empty (null)"
    if isinstance(value, bool):
        return "true or false"
    kinds = {str: "text", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return kinds[type(value)]
