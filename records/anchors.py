"""The head of the ledger, signed, in a file that is kept elsewhere: one line each time."""

import json
from collections.abc import Iterable
from typing import NamedTuple

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from records import sealing
from records.chain import Head, Problem


class Anchor(NamedTuple):
    """A head as it was noted: number and digest, when (UTC, ISO 8601), by which key."""

    sequence: int
    digest: str
    at: str
    public_key: str
    seal: str

    @property
    def key_id(self) -> str:
        return sealing.key_id(self.public_key)

    @property
    def holds(self) -> bool:
        text = _signed(self.sequence, self.digest, self.at)
        return sealing.seal_holds(text, self.seal, self.public_key)


class AnchorUnreadable(Exception):
    """The file is none of anchors; says which line."""


def anchor_line(head: Head, at: str, key: Ed25519PrivateKey) -> str:
    """Give the line that notes this head, ready to be appended."""
    seal = sealing.seal(_signed(head.sequence, head.digest, at), key)
    anchor = Anchor(head.sequence, head.digest, at, sealing.public_hex(key), seal)
    return json.dumps(anchor._asdict(), sort_keys=True) + "\n"


def read_anchors(text: str) -> list[Anchor]:
    """Read the lines of an anchor file, oldest first. Raises AnchorUnreadable."""
    anchors = []
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            found = json.loads(line)
            anchor = Anchor(**found)
            whole = all(isinstance(value, str) for value in anchor[1:])
            if not (whole and type(anchor.sequence) is int and anchor.sequence >= 0):
                raise TypeError
            bytes.fromhex(anchor.public_key)
        except (ValueError, TypeError):
            raise AnchorUnreadable(f"Line {number} is not an anchor.") from None
        anchors.append(anchor)
    if not anchors:
        raise AnchorUnreadable("There is no anchor in it.")
    return anchors


def problems_of_anchors(anchors: Iterable[Anchor]) -> list[Problem]:
    """Name the lines that are not as they were signed."""
    return [
        Problem(
            anchor.sequence or None,
            "seal",
            f"Line {number} of the anchor file was changed: its seal does not hold.",
        )
        for number, anchor in enumerate(anchors, start=1)
        if not anchor.holds
    ]


def _signed(sequence: int, digest: str, at: str) -> str:
    return rfc8785.dumps({"at": at, "digest": digest, "sequence": sequence}).decode()
