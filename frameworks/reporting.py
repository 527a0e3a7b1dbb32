"""Collects the problems of a tree, each with its path and line."""

from typing import Any

from frameworks.documents import Problem
from frameworks.parsing import Tree


class Report:
    """What is found wrong, and the checks that every part of the file shares."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.problems: list[Problem] = []

    def refuse(self, path: str, message: str) -> None:
        self.problems.append(Problem("error", path, self.tree.line(path), message))

    def warn(self, path: str, message: str) -> None:
        self.problems.append(Problem("warning", path, self.tree.line(path), message))

    def object(self, path: str, parent: dict[str, Any], missing: str) -> dict[str, Any] | None:
        """Give the object of this name, or report that it is missing or none."""
        value = parent.get(path.rpartition(".")[2])
        if value is None:
            self.refuse(path, missing)
        elif not isinstance(value, dict):
            self.refuse(path, f"This must be an object, not {name_of(value)}.")
        else:
            return value
        return None

    def required_text(self, path: str, parent: dict[str, Any], key: str, longest: int) -> None:
        value = parent.get(key)
        if value is None:
            self.refuse(path, f"The {key} is missing.")
        elif not isinstance(value, str):
            self.refuse(path, f"The {key} must be text, not {name_of(value)}.")
        elif not value.strip():
            self.refuse(path, f"The {key} is empty.")
        elif len(value) > longest:
            self.refuse(path, f"The {key} has {len(value)} characters; {longest} are the most.")

    def optional_text(
        self, path: str, parent: dict[str, Any], key: str, missing: str, longest: int | None = None
    ) -> None:
        value = parent.get(key)
        if value is None or (isinstance(value, str) and not value.strip()):
            self.warn(path, missing)
        elif not isinstance(value, str):
            self.refuse(path, f"This must be text, not {name_of(value)}.")
        elif longest is not None and len(value) > longest:
            self.refuse(path, f"This has {len(value)} characters; {longest} are the most.")

    def unknown_keys(self, path: str, parent: dict[str, Any], known: set[str]) -> None:
        for key in parent:
            if key not in known:
                place = f"{path}.{key}" if path else key
                self.warn(place, f"“{key}” is not known here. It is kept with the file.")


def name_of(value: Any) -> str:
    """Name a JSON value's kind in words."""
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "true or false"
    kinds = {str: "text", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return kinds[type(value)]
