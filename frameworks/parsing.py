"""First step of an import: from bytes to a raw tree that knows its lines."""

import bisect
import json
import json.decoder
import json.scanner
from typing import Any, NamedTuple

from frameworks.documents import Problem

MOST_BYTES = 2 * 1024 * 1024
DEEPEST = 20
BOM = b"\xef\xbb\xbf"
# Larger whole numbers are not the same in every JSON reader (RFC 8785, section 3.2.2.3).
LARGEST_NUMBER = 2**53 - 1


class Unreadable(Exception):
    """The bytes are no JSON object we can look into."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(problems[0].message)
        self.problems = problems


class Tree(NamedTuple):
    """The file's value, the line of every path in it, and what was noticed on the way."""

    value: dict[str, Any]
    lines: dict[str, int]
    problems: list[Problem]

    def line(self, path: str) -> int | None:
        """Give the line of a path, or of the nearest thing above it that is there."""
        while path and path not in self.lines:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return self.lines.get(path)


class _Node(NamedTuple):
    value: Any
    position: int


class _Members(list[Any]):
    """The members of an object in file order, doubles kept."""


class _Refused(NamedTuple):
    message: str


def parse(data: bytes) -> Tree:
    """Read the bytes of a file. Raises Unreadable when they are no JSON object within limits.

    Doubled keys and values that cannot be stored are errors in the tree's problems.
    """
    if len(data) > MOST_BYTES:
        raise _unreadable("The file is larger than 2 MiB. A framework file has a few kilobytes.")
    text = _decode(data)
    _check_depth(text)
    try:
        root = _Decoder().decode(text)
    except json.JSONDecodeError as error:
        message = f"This is not JSON: {error.msg[:1].lower()}{error.msg[1:]}, column {error.colno}."
        raise _unreadable(message, error.lineno) from None
    if not isinstance(root.value, _Members):
        raise _unreadable("The file is JSON, but not an object with an occupation and a framework.")
    breaks = [number for number, character in enumerate(text) if character == "\n"]
    tree = Tree({}, {}, [])
    if data.startswith(BOM):
        message = "The file begins with a byte order mark, which was passed over."
        tree.problems.append(Problem("warning", "", 1, message))
    tree.value.update(_plain(root, "", breaks, tree))
    return tree


def _unreadable(message: str, line: int | None = None) -> Unreadable:
    return Unreadable([Problem("error", "", line, message)])


def _decode(data: bytes) -> str:
    try:
        return data.removeprefix(BOM).decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _unreadable(
            "The file is not UTF-8 text. Save it again as UTF-8 and try again.", line
        ) from None


def _check_depth(text: str) -> None:
    """Refuse deep nesting before parsing: the parser would run out of stack on it."""
    depth = 0
    position = 0
    while position < len(text):
        character = text[position]
        if character == '"':
            position += 1
            while position < len(text) and text[position] != '"':
                position += 2 if text[position] == "\\" else 1
        elif character in "[{":
            depth += 1
            if depth > DEEPEST:
                line = text.count("\n", 0, position) + 1
                raise _unreadable(f"The file is nested more than {DEEPEST} deep.", line)
        elif character in "]}":
            depth -= 1
        position += 1


class _Decoder(json.JSONDecoder):
    """Python's decoder with every value's position kept, so that a problem can name its line."""

    def __init__(self) -> None:
        super().__init__(
            object_pairs_hook=_Members,
            parse_constant=lambda name: _Refused(f"{name} is not a number that can be stored."),
            parse_int=_whole_number,
            parse_float=_number,
        )
        self.parse_object = self._object
        self.parse_array = self._array
        self._inner = json.scanner.py_make_scanner(self)  # type: ignore[attr-defined]  # not in typeshed
        self.scan_once = self._scan

    def _scan(self, text: str, position: int) -> tuple[_Node, int]:
        value, end = self._inner(text, position)
        return _Node(value, position), end

    def _object(self, start: Any, strict: bool, _scan: Any, *hooks: Any) -> Any:
        return json.decoder.JSONObject(start, strict, self._scan, *hooks)  # type: ignore[attr-defined]  # not in typeshed

    def _array(self, start: Any, _scan: Any) -> Any:
        return json.decoder.JSONArray(start, self._scan)  # type: ignore[attr-defined]  # not in typeshed


def _whole_number(digits: str) -> int | _Refused:
    if len(digits) > len(str(LARGEST_NUMBER)) + 1 or abs(int(digits)) > LARGEST_NUMBER:
        return _Refused("The number is too large.")
    return int(digits)


def _number(digits: str) -> float | _Refused:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        return _Refused("The number is too large.")
    return number


def _plain(node: _Node, path: str, breaks: list[int], tree: Tree) -> Any:
    """Turn nodes into plain values, noting the line of each path and what cannot be stored."""
    value = node.value
    tree.lines[path] = bisect.bisect_left(breaks, node.position) + 1
    if isinstance(value, _Members):
        result: dict[str, Any] = {}
        for key, member in value:
            member_path = f"{path}.{key}" if path else key
            if key in result:
                line = bisect.bisect_left(breaks, member.position) + 1
                message = f"“{key}” stands here a second time."
                tree.problems.append(Problem("error", _storable(member_path), line, message))
                continue
            _check_text(key, path, tree)
            key = _storable(key)
            result[key] = _plain(member, member_path, breaks, tree)
        return result
    if isinstance(value, list):
        return [_plain(item, f"{path}[{n}]", breaks, tree) for n, item in enumerate(value)]
    if isinstance(value, _Refused):
        tree.problems.append(Problem("error", path, tree.lines[path], value.message))
        return None
    if isinstance(value, str):
        _check_text(value, path, tree)
    return value


def _check_text(text: str, path: str, tree: Tree) -> None:
    if "\x00" in text:
        message = "The text holds a NUL character, which cannot be stored."
    elif _storable(text) != text:
        message = "The text holds half of a surrogate pair, which is no character."
    else:
        return
    tree.problems.append(Problem("error", _storable(path), tree.line(path), message))


def _storable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
