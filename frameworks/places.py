"""From a problem's path to the words a person looks for in the file."""

import json
import re

STEP = re.compile(r'\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|([^.\[]+)')
NAMES = {
    "soc": "SOC code",
    "jobZone": "job zone",
    "jobZoneInferred": "job zone inferred",
    "contextCovered": "context covered",
    "schemaVersion": "schema version",
    "exportedAt": "time of export",
}


def in_words(path: str) -> str:
    """Give `framework.levels.emerging.statements[3]` as “Emerging, statement 4”: counts from 1.

    The path is one that `parsing.path_text` wrote; "" is the file.
    """
    steps = [_step(*found) for found in STEP.findall(path)]
    if steps[:2] == ["framework", "levels"] and len(steps) > 2:
        level, rest = steps[2], steps[3:]
        name = f"level {level + 1}" if isinstance(level, int) else level.replace("_", " ").title()
        return ", ".join([name, *_inside(rest)])
    if steps[:1] in (["framework"], ["occupation"]) and len(steps) > 1:
        steps = steps[1:]
    return ", ".join(_inside(steps)) or "the file"


def _step(index: str, quoted: str, plain: str) -> str | int:
    if index:
        return int(index)
    return str(json.loads(f'"{quoted}"')) if quoted else plain


def _inside(steps: list[str | int]) -> list[str]:
    words: list[str] = []
    for number, step in enumerate(steps):
        if not isinstance(step, int):
            words.append(NAMES.get(step, step))
        elif number and steps[number - 1] == "statements":
            words[-1] = f"statement {step + 1}"
        else:
            words.append(f"entry {step + 1}")
    return words
