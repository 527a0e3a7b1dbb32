"""From any text to one that can be printed: a character without a letter becomes its number."""

import struct
import unicodedata
from collections.abc import Collection, Sequence
from typing import Any

# What joins, parts or breaks letters and is drawn by none.
UNDRAWN = frozenset("\n\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufe0e\ufe0f")
# Controls, what has no meaning of its own, and what turns the order of the letters around it.
NUMBERED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def letters_of(font: bytes) -> frozenset[int]:
    """Give the code points for which a font has a glyph (OpenType 1.9, cmap of format 12).

    Raises ValueError for a font without such a table.
    """
    for place in _subtables(font):
        if struct.unpack_from(">H", font, place)[0] == 12:
            (count,) = struct.unpack_from(">I", font, place + 12)
            groups = struct.iter_unpack(">III", font[place + 16 : place + 16 + 12 * count])
            return frozenset(code for start, end, _ in groups for code in range(start, end + 1))
    raise ValueError("The font has no character map of format 12.")


def _subtables(font: bytes) -> list[int]:
    (tables,) = struct.unpack_from(">H", font, 4)
    for number in range(tables):
        tag, _, start, _ = struct.unpack_from(">4sIII", font, 12 + 16 * number)
        if tag == b"cmap":
            (count,) = struct.unpack_from(">H", font, start + 2)
            entries = [struct.unpack_from(">HHI", font, start + 4 + 8 * n) for n in range(count)]
            return [start + offset for _, _, offset in entries]
    return []


def in_letters(data: Any, fonts: Sequence[Collection[int]]) -> Any:
    """Give the data with every text in it made printable: without a letter, `[U+0007]`.

    `fonts` are the letters of each; a letter and its accents must come from one of them. What
    turns the order of letters is numbered too: a print reads as the text stands.
    """
    if isinstance(data, str):
        return _printable(data, fonts)
    if isinstance(data, dict):
        return {key: in_letters(value, fonts) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [in_letters(value, fonts) for value in data]
    return data


def _printable(text: str, fonts: Sequence[Collection[int]]) -> str:
    text = text.replace("\r\n", "\n").replace("\t", " ")
    if text.isascii() and text.isprintable():
        return text
    printed, drawing = [], fonts
    for character in text:
        if character not in UNDRAWN:
            category = unicodedata.category(character)
            able = drawing if category.startswith("M") else fonts
            able = [] if category in NUMBERED else [f for f in able if ord(character) in f]
            if not able:
                printed.append(f"[U+{ord(character):04X}]")
                drawing = fonts
                continue
            drawing = able
        printed.append(character)
    return "".join(printed)
