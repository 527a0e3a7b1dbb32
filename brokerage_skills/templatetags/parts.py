"""Arithmetic of the drawn parts: cells of a level, strokes of a seal."""

import datetime
import math
from typing import Any, NamedTuple

from django import template

from frameworks.documents import split_statement

register = template.Library()

WIDTH = 240.0
GAP = 5.0
# More cells than this are too thin to be told apart: an unbroken bar stands for them.
MOST_CELLS = 20


class Cell(NamedTuple):
    kind: str
    x: float
    width: float


@register.inclusion_tag("parts/_shown.html")
def shown(demonstrated: int, counted: int, needed: int) -> dict[str, Any]:
    """Draw how many of the counted statements are shown, with the line that must be reached."""
    if not counted:
        return {"cells": [], "tick": None}
    if counted > MOST_CELLS:
        width = WIDTH - 1
        part = round(width * demonstrated / counted, 1)
        cells = [Cell("", 0.5, width), Cell("on", 0.5, part)]
        return {"cells": cells, "tick": round(WIDTH * needed / counted - 1, 1)}
    width = (WIDTH - 1 - GAP * (counted - 1)) / counted
    cells = [
        Cell("on" if n < demonstrated else "", round(0.5 + n * (width + GAP), 1), round(width, 1))
        for n in range(counted)
    ]
    return {"cells": cells, "tick": round(needed * (width + GAP) - GAP / 2 - 0.5, 1)}


@register.inclusion_tag("parts/_progress.html")
def progress(done: int, total: int) -> dict[str, Any]:
    """Draw how far something has come."""
    return {"done": done, "total": total, "width": round(100 * done / total, 1) if total else 0}


@register.inclusion_tag("parts/_seal.html")
def seal_mark(digest: str, verified: bool) -> dict[str, Any]:
    """Draw a digest as a mark: 64 outer strokes of its hex digits, 32 inner ones of its bytes."""
    outer = [_stroke(n / 64, 46, 50 + 22 * int(digit, 16) / 15) for n, digit in enumerate(digest)]
    inner = [
        _stroke(n / 32, 38, 38 - 16 * byte / 255) for n, byte in enumerate(bytes.fromhex(digest))
    ]
    return {"strokes": outer + inner, "verified": verified}


def _stroke(turn: float, start: float, end: float) -> dict[str, float]:
    angle = 2 * math.pi * turn
    x, y = math.sin(angle), -math.cos(angle)
    return {
        "x1": round(74 + x * start, 1),
        "y1": round(74 + y * start, 1),
        "x2": round(74 + x * end, 1),
        "y2": round(74 + y * end, 1),
    }


@register.inclusion_tag("parts/_track.html")
def track(
    points: Any, first: int, first_name: str, second: int, second_name: str
) -> dict[str, Any]:
    """Draw where two people stand on the scale; 0 (not part of the role) lies outside it."""
    low, high = sorted((first, second))
    joined = low > 0 and low != high
    steps = [
        {
            "label": point.label,
            "first": point.value == first,
            "second": point.value == second,
            "line": (joined and low <= point.value <= high)
            and ("l" if point.value == low else "f" if point.value == high else "m"),
        }
        for point in points
    ]
    return {"steps": steps, "first_name": first_name, "second_name": second_name}


@register.filter
def topic(text: str) -> str:
    """Give the part of a statement before the first " — "; "" where there is none."""
    return split_statement(text)[0]


@register.filter
def behaviour(text: str) -> str:
    """Give the part of a statement after the first " — "; all of it where there is none."""
    return split_statement(text)[1]


@register.filter
def grouped(digest: str) -> str:
    """Part a digest into groups of eight."""
    return " ".join(digest[n : n + 8] for n in range(0, len(digest), 8))


@register.filter
def moment(text: str) -> str:
    """Give a sealed moment (ISO 8601, UTC) in words; other text as it stands."""
    try:
        at = datetime.datetime.fromisoformat(text)
    except ValueError:
        return text
    return f"{at:%A} {at.day} {at:%B %Y, %H:%M:%S} UTC"


@register.filter
def day(text: str) -> str:
    """Give a sealed date (ISO 8601) in words; other text as it stands."""
    try:
        at = datetime.date.fromisoformat(text)
    except ValueError:
        return text
    return f"{at.day} {at:%B %Y}"
