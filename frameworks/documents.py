"""A framework file as plain data: where import, comparison and export meet."""

import datetime
import hashlib
import re
import unicodedata
from typing import Any, Literal, NamedTuple

import rfc8785
from pydantic import BaseModel, ConfigDict

KNOWN_LEVELS = ("emerging", "developing", "proficient", "advanced")
SEPARATOR = " — "
# How the U.S. Department of Labor names its job zones (O*NET).
JOB_ZONES = {
    1: "little or no preparation needed",
    2: "some preparation needed",
    3: "medium preparation needed",
    4: "considerable preparation needed",
    5: "extensive preparation needed",
}


class Problem(NamedTuple):
    """Something about a file: errors refuse it, warnings are shown.

    `path` counts from 0 and is "" for the whole file; `line` counts from 1, None where unknown.
    """

    severity: Literal["error", "warning"]
    path: str
    line: int | None
    message: str


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class LevelPart(Part):
    """One level as the file gives it, its statements in order."""

    key: str
    label: str
    statements: tuple[str, ...]


class Document(Part):
    """A framework file that was found sound. Levels are in rank order, lowest first."""

    soc: str
    title: str
    group: str
    sector: str
    job_zone: int | None
    job_zone_inferred: bool
    label: str
    description: str
    context_covered: str
    schema_version: str
    exported_at: datetime.datetime | None
    sources: dict[str, Any]
    attribution: str
    levels: tuple[LevelPart, ...]


def fold(text: str) -> str:
    """Give the text as it is compared: NFC, white space collapsed and trimmed."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def text_digest(text: str) -> str:
    """Give hex SHA-256 of the folded text."""
    return hashlib.sha256(fold(text).encode()).hexdigest()


def content_digest(raw: dict[str, Any]) -> str:
    """Give hex SHA-256 of the file's RFC 8785 form without `exportedAt`: the same content."""
    content = {key: value for key, value in raw.items() if key != "exportedAt"}
    return hashlib.sha256(rfc8785.dumps(content)).hexdigest()


def split_statement(text: str) -> tuple[str, str]:
    """Give topic and behaviour, parted at the first " — "; ("", text) without one between two."""
    topic, _, behaviour = text.partition(SEPARATOR)
    return (topic, behaviour) if topic.strip() and behaviour.strip() else ("", text)


def version_order(label: str) -> tuple[int, int] | None:
    """Read `v.YY.MM` as (year, month), or None where the label is of another form."""
    found = re.fullmatch(r"v?\.?(\d{2})\.(\d{2})", label, re.ASCII)
    return (int(found[1]), int(found[2])) if found else None
