"""The file of one record, as it was downloaded: is it whole, and what does it say of itself."""

import json
import re
from typing import Any, NamedTuple

from records import sealing

DIGEST = re.compile(r"[0-9a-f]{64}")
FIELDS = ("payload", "digest", "previous_digest", "seal", "public_key")


class RecordFile(NamedTuple):
    """The digest a file names, and whether its text and its seal bear that out."""

    digest: str
    digest_holds: bool
    seal_holds: bool


class NotARecordFile(Exception):
    """What was given is neither a digest nor the file of a record."""


def read_digest(text: str) -> str:
    """Give the digest as 64 hexadecimal digits; spaces are left out. Raises NotARecordFile."""
    found = "".join(text.split()).casefold().removeprefix("sha256:")
    if not DIGEST.fullmatch(found):
        raise NotARecordFile("A digest has 64 digits, each 0 to 9 or a to f.")
    return found


def read_record_file(data: bytes) -> RecordFile:
    """Check the file of a record by itself. Raises NotARecordFile."""
    try:
        found: Any = json.loads(data.decode("utf-8-sig"))
        values = {name: found[name] for name in FIELDS}
    except (ValueError, RecursionError, TypeError, KeyError):
        raise NotARecordFile("This is not the file of a record as it is downloaded here.") from None
    if not all(isinstance(value, str) for value in values.values()):
        raise NotARecordFile("This is not the file of a record as it is downloaded here.")
    digest = read_digest(values["digest"])
    return RecordFile(
        digest=digest,
        digest_holds=sealing.chained_digest(values["previous_digest"], values["payload"]) == digest,
        seal_holds=sealing.seal_holds(digest, values["seal"], values["public_key"]),
    )
