"""From a sealed record to a PDF that is tagged (PDF/UA-1) and the same bytes each time."""

import datetime
import json
import logging
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from records.lettering import in_letters, letters_of
from records.models import Record
from records.queries import Check, changed_statements, check, payload_of, rated_rounds

PRINT = Path(__file__).resolve().parent / "print"
LAYOUTS = {
    "sign_off": "sign_off",
    "appointment": "appointment",
    "appointment_ended": "appointment",
    "acknowledgement": "acknowledgement",
    "dispute_upheld": "dispute_upheld",
    "revocation": "revocation",
    "framework_published": "framework",
    "framework_retired": "framework",
}
AS_SEALED = "as_sealed"

logger = logging.getLogger(__name__)


def as_pdf(record: Record) -> bytes:
    """Print a record from its sealed text alone; 2 queries, to check it.

    One that was changed, or is of a kind or form not known here, prints as the text that it is.
    """
    found = check(record)
    payload = payload_of(record)
    layout = LAYOUTS.get(str(payload.get("type")), AS_SEALED)
    if found.is_unchanged and layout != AS_SEALED:
        try:
            return _typeset(layout, _content(record, payload, found))
        except (KeyError, TypeError, IndexError, AttributeError, typst.TypstError):
            logger.exception("Record %s is printed as its text", record.sequence)
    return _typeset(AS_SEALED, _facts(record, payload, found) | {"text": record.payload})


def _typeset(layout: str, content: dict[str, Any]) -> bytes:
    """Typeset the content, which is data to the typesetter and never markup."""
    fonts, letters = _fonts()
    printable = in_letters(content, letters)
    printable |= {"layout": layout, "has_numbers": "[U+" in json.dumps(printable)}
    try:
        return typst.compile(
            PRINT / "record.typ",
            root=PRINT,
            font_paths=fonts,
            ignore_system_fonts=True,
            sys_inputs={"content": json.dumps(printable)},
            pdf_standards=["ua-1", "a-2a"],
            timestamp=datetime.datetime.fromisoformat(content["sealed_at"]),
        )
    finally:
        _forget(fonts)


def _forget(fonts: typst.Fonts) -> None:
    """Set nothing, so often that the typesetter drops what it keeps for ten more texts.

    Of a long record that is 18 MB each, 180 MB in every process that prints; dropping takes 20 ms.
    """
    for _ in range(10):
        typst.compile(b"", font_paths=fonts, ignore_system_fonts=True)


@lru_cache(maxsize=1)
def _fonts() -> tuple[typst.Fonts, list[frozenset[int]]]:
    """Read the fonts beside the templates; the one for digests comes with the typesetter."""
    files = [PRINT / "fonts" / name for name in ("Inter-Regular.otf", "DejaVuSans.ttf")]
    letters = [letters_of(path.read_bytes()) for path in files]
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[PRINT / "fonts"])
    return fonts, letters


def _facts(record: Record, payload: dict[str, Any], found: Check) -> dict[str, Any]:
    """Give what stands on the print of every record."""
    return {
        "sequence": record.sequence,
        "kind": record.get_kind_display(),
        "digest": record.digest,
        "previous_digest": record.previous_digest,
        "seal": record.seal,
        "key_id": record.key_id,
        "sealed_at": record.sealed_at.astimezone(datetime.UTC).isoformat(timespec="seconds"),
        "public_key": found.public_key,
        "check": found._asdict() | {"is_unchanged": found.is_unchanged},
        "payload": payload,
    }


def _content(record: Record, payload: dict[str, Any], found: Check) -> dict[str, Any]:
    rounds = [
        round_._asdict()
        | {
            "levels": [
                level._asdict()
                | {"statements": [s._asdict() | {"notes": s.notes} for s in level.statements]}
                for level in round_.levels
            ]
        }
        for round_ in rated_rounds(payload)
    ]
    return _facts(record, payload, found) | {
        "rounds": rounds,
        "changed": changed_statements(payload),
        "open_cycles": list((payload.get("open_cycles") or {}).items()),
        "rows": list(((payload.get("record") or {}).get("rows") or {}).items()),
    }
