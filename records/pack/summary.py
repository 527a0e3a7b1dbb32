"""One line for each record, for a spreadsheet that would else run what begins like a formula."""

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

COLUMNS = (
    "record",
    "what",
    "sealed at (UTC)",
    "about",
    "employee number",
    "framework",
    "level",
    "by",
    "at (UTC)",
    "meaning",
    "reason",
    "second signature by",
    "valid until",
    "in the place of record",
    "its place taken by record",
    "digest",
)
# Also as they are written in East Asian scripts, which some spreadsheets take for the same.
FORMULAS = tuple("=+-@\t\r\n＝＋－＠")  # noqa: RUF001  # the others are meant
NOT_SEEN = " \u00a0\u200b\u200c\u200d\u2060\ufeff"
BY = ("signer", "appointed_by", "ended_by", "revoked_by", "by")


def line(values: Iterable[object]) -> bytes:
    """Give one line of CSV in UTF-8; no cell in it is a formula."""
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow(map(_cell, values))
    return text.getvalue().encode()


def facts_of(payload: Mapping[str, Any]) -> list[str]:
    """Say of a record's text, in the order of COLUMNS, from "about" to "valid until"."""
    clerk = _part(payload, "clerk") or _part(payload, "person")
    framework = _part(payload, "framework")
    by = next((_part(payload, name) for name in BY if _part(payload, name)), {})
    decision = _part(payload, "decision")
    decider = _part(decision, "decider")
    named = _part(payload, "sign_off")
    level = _part(payload, "placement").get("label") or _part(payload, "level").get("label")
    return [
        str(value or "")
        for value in (
            clerk.get("name"),
            clerk.get("employee_number"),
            f"{framework.get('title', '')} {framework.get('label', '')}".strip(),
            level or named.get("placement"),
            by.get("name") or decider.get("name") or (clerk.get("name") if named else ""),
            payload.get("signed_at") or payload.get("at") or decision.get("at"),
            _part(_part(payload, "declaration"), "signer").get("text") or payload.get("meaning"),
            _part(payload, "correction").get("reason")
            or payload.get("reason")
            or decision.get("reason")
            or payload.get("justification"),
            _part(payload, "second_signer").get("name"),
            payload.get("valid_until"),
        )
    ]


def _part(payload: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = payload.get(name)
    return found if isinstance(found, dict) else {}


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(NOT_SEEN).startswith(FORMULAS) else text
