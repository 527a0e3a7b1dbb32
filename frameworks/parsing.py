"""First step of an import: from bytes to a raw tree that knows its lines."""

import json
import re
from typing import Any, NamedTuple

from frameworks.documents import Problem

MOST_BYTES = 2 * 1024 * 1024
DEEPEST = 20
MOST_PROBLEMS = 1000
BOM = b"\xef\xbb\xbf"
# Beyond this a whole number is not the same in every JSON reader (RFC 8785, section 3.2.2.3).
LARGEST_WHOLE_NUMBER = 2**53 - 1
SPACE = re.compile(r"[ \t\r\n]*")
# NUL and lone surrogates: JSON can spell both, no database stores them.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
PLAIN_KEY = re.compile(r"[\w-]{1,60}")

Path = tuple[str | int, ...]
# A line, or for what holds other values its line and theirs.
Place = int | tuple[int, dict[str, Any] | list[Any]]


class Unreadable(Exception):
    """The bytes are no JSON object we can look into."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(problems[0].message)
        self.problems = problems


class Tree(NamedTuple):
    """The file's value, the line of everything in it, and what was noticed on the way.

    `refused` has the paths whose value cannot be stored: a problem names each already.
    """

    value: dict[str, Any]
    place: Place
    problems: list[Problem]
    refused: set[Path]

    def line(self, path: Path) -> int:
        """Give the line of a path, or of the nearest thing around it that is there."""
        place = self.place
        for step in path:
            if isinstance(place, int):
                break
            inner: Any = place[1]
            there = step in inner if isinstance(inner, dict) else _is_index(step, inner)
            if not there:
                break
            place = inner[step]
        return place if isinstance(place, int) else place[0]


def _is_index(step: str | int, items: list[Any]) -> bool:
    return isinstance(step, int) and step < len(items)


def parse(data: bytes) -> Tree:
    """Read the bytes of a file. Raises Unreadable when they are no JSON object within limits.

    Doubled keys and values that cannot be stored do not stop it: they are in the tree's problems.
    """
    if len(data) > MOST_BYTES:
        raise _unreadable("The file is larger than 2 MiB. A framework file has a few kilobytes.")
    scanner = _Scanner(_decode(data))
    if data.startswith(BOM):
        message = "The file begins with a byte order mark, which was passed over."
        scanner.problems.append(Problem("warning", "", 1, message))
    value, place = scanner.read_file()
    if not isinstance(value, dict):
        message = "The file must hold one object with an occupation and a framework: { … }."
        raise _unreadable(message, place if isinstance(place, int) else place[0])
    return Tree(value, place, scanner.problems, scanner.refused)


def path_text(path: Path) -> str:
    """Write a path as `framework.levels.emerging.statements[3]`; "" is the file."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif PLAIN_KEY.fullmatch(step):
            text += f".{step}" if text else step
        else:
            text += f'["{_escaped(step)}"]'
    return text


def quoted(text: str) -> str:
    """Give a text from the file in quotation marks, short and safe to print."""
    return f"“{_escaped(text)}”"


def _escaped(text: str) -> str:
    short = text if len(text) <= 60 else f"{text[:60]}…"
    return json.dumps(short, ensure_ascii=not text.isprintable())[1:-1]


def _unreadable(message: str, line: int | None = None) -> Unreadable:
    return Unreadable([Problem("error", "", line, message)])


def _decode(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in data[:4]:
        raise _unreadable("The file is UTF-16 or UTF-32 text. Save it again as UTF-8.", 1)
    try:
        text = data.removeprefix(BOM).decode("utf-8")
    except UnicodeDecodeError as error:
        raise _unreadable(
            f"The file is not UTF-8 text: byte 0x{data[error.start]:02x} cannot be read."
            " It may be in an older Windows encoding. Save it again as UTF-8.",
            _line_breaks(data[: error.start].decode("latin-1")) + 1,
        ) from None
    if not text.strip():
        raise _unreadable("The file is empty.")
    return text


def _line_breaks(text: str) -> int:
    return text.count("\n") + text.count("\r") - text.count("\r\n")


class _Refused(NamedTuple):
    """Stands for a number that cannot be stored."""

    message: str


def _whole_number(digits: str) -> int | float | _Refused:
    # Very long digits are never given to int(), which refuses them (and is slow before that).
    if len(digits) > 17 or abs(int(digits)) > LARGEST_WHOLE_NUMBER:
        return _number(digits)
    return int(digits)


def _number(digits: str) -> float | _Refused:
    number = float(digits)
    return number if abs(number) != float("inf") else _Refused("This number is too large.")


def _no_number(name: str) -> _Refused:
    return _Refused(f"{name} is no number that JSON knows. Write a number, or null for none.")


class _Scanner:
    """Reads JSON (RFC 8259) with the line of every value; Python's own decoder reads the scalars.

    Depth is counted on the way down, so that no nesting can exhaust the stack.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.line = 1
        self.path: list[str | int] = []
        self.problems: list[Problem] = []
        self.refused: set[Path] = set()
        self.read_scalar = json.JSONDecoder(
            parse_int=_whole_number, parse_float=_number, parse_constant=_no_number
        ).raw_decode

    def read_file(self) -> tuple[Any, Place]:
        self._skip_space()
        found = self._value()
        self._skip_space()
        if self.at != len(self.text):
            raise self._syntax("something stands after the end of the object")
        return found

    def _value(self) -> tuple[Any, Place]:
        start = self.text[self.at : self.at + 1]
        if start in ("{", "["):
            if len(self.path) >= DEEPEST:
                message = f"The file is nested more than {DEEPEST} deep."
                raise _unreadable(message, self.line)
            self.at += 1
            return self._object() if start == "{" else self._list()
        value = self._scalar()
        if type(value) is _Refused:
            self._refuse(value.message)
            return None, self.line
        if type(value) is str and UNSTORABLE.search(value):
            self._refuse(
                "This text holds a character that cannot be stored (a NUL or half of one)."
            )
        return value, self.line

    def _scalar(self) -> Any:
        try:
            value, self.at = self.read_scalar(self.text, self.at)
        except json.JSONDecodeError as error:
            self.at = error.pos
            raise self._syntax(_in_words(error.msg)) from None
        return value

    def _object(self) -> tuple[dict[str, Any], Place]:
        value: dict[str, Any] = {}
        places: dict[str, Place] = {}
        place = (self.line, places)
        self._skip_space()
        if self._take("}"):
            return value, place
        while True:
            key = self._key()
            self.path.append(key)
            if key in value:
                self._note(f"{quoted(key)} stands here a second time. Keep one of the two.")
            if UNSTORABLE.search(key):
                self._refuse("The name of this part holds a character that cannot be stored.")
            value[key], places[key] = self._value()
            self.path.pop()
            if self._ends("}"):
                return value, place

    def _key(self) -> str:
        if self.text[self.at : self.at + 1] != '"':
            raise self._syntax('a name in double quotation marks "…" is missing')
        key = self._scalar()
        self._skip_space()
        if not self._take(":"):
            raise self._syntax("a colon is missing after the name")
        self._skip_space()
        return str(key)

    def _list(self) -> tuple[list[Any], Place]:
        value: list[Any] = []
        places: list[Place] = []
        place = (self.line, places)
        self._skip_space()
        if self._take("]"):
            return value, place
        while True:
            self.path.append(len(value))
            item, item_place = self._value()
            self.path.pop()
            value.append(item)
            places.append(item_place)
            if self._ends("]"):
                return value, place

    def _ends(self, end: str) -> bool:
        """Step over what follows a member: the end, or a comma and then another member."""
        self._skip_space()
        if self._take(end):
            return True
        if not self._take(","):
            raise self._syntax(f"a comma or the closing {end} is missing")
        self._skip_space()
        if self.text[self.at : self.at + 1] == end:
            raise self._syntax(f"there is a comma too many before the closing {end}")
        return False

    def _take(self, character: str) -> bool:
        if self.text[self.at : self.at + 1] == character:
            self.at += 1
            return True
        return False

    def _skip_space(self) -> None:
        if self.text[self.at : self.at + 1] > " ":
            return
        end = SPACE.match(self.text, self.at).end()  # type: ignore[union-attr]  # matches nothing too
        if end != self.at:
            self.line += _line_breaks(self.text[self.at : end])
            self.at = end

    def _refuse(self, message: str) -> None:
        self.refused.add(tuple(self.path))
        self._note(message)

    def _note(self, message: str) -> None:
        if len(self.problems) >= MOST_PROBLEMS:
            more = Problem("error", "", None, "There are more problems than can be listed.")
            raise Unreadable([*self.problems, more])
        self.problems.append(Problem("error", path_text(tuple(self.path)), self.line, message))

    def _syntax(self, what: str) -> Unreadable:
        before = self.text[: self.at]
        column = self.at - max(before.rfind("\n"), before.rfind("\r"))
        return _unreadable(f"This is not valid JSON: {what} (column {column}).", self.line)


def _in_words(message: str) -> str:
    """Say what Python's decoder found, in words."""
    known = {
        "Expecting value": "a value is missing or cannot be read",
        "Unterminated string": "a text begins here whose closing quotation mark is missing",
        "Invalid control character": "a text holds a line break or control character",
        "Invalid \\u": "an escape \\u must have four hexadecimal digits",
        "Invalid \\": "a backslash stands before a character that needs none",
    }
    return next((said for start, said in known.items() if message.startswith(start)), message)
