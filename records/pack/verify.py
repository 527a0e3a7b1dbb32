"""Check this pack by itself: python verify.py [--key-fingerprint DIGITS] [--anchor FILE]

It needs Python 3.9 and the package "cryptography", nothing else and no network. It ends with 0
when all is as it was sealed and with 1 when something is not, which it names. What that proves,
and what it cannot, stands in README.txt.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

PACK = Path(__file__).resolve().parent
MANIFEST, SEAL = "manifest.sha256", "manifest.seal"
KEYS, CHAIN = "public-keys.json", "chain.jsonl"
Head = dict[str, Any]


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def fingerprint(key: str) -> str:
    return sha256(bytes.fromhex(key))


def holds(seal: str, text: bytes, key: str) -> bool:
    """Say whether this seal of the text was made with this key (Ed25519, both in hex)."""
    try:
        public_key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
        public_key.verify(bytes.fromhex(seal), text)
    except (InvalidSignature, ValueError):
        return False
    return bytes.fromhex(seal).hex() == seal


def of_files() -> Iterator[str]:
    """Compare every file that is here with the manifest."""
    paths = {path.relative_to(PACK).as_posix(): path for path in PACK.rglob("*")}
    names = {name for name in paths if not paths[name].is_dir()} - {MANIFEST, SEAL}
    here = {(name, sha256(paths[name].read_bytes())) for name in names}
    lines = (PACK / MANIFEST).read_text("utf-8").splitlines()
    listed = {(line[66:], line[:64]) for line in lines}
    changed = names & {name for name, _ in listed}
    for name in sorted({name for name, _ in here ^ listed}):
        yield name + (
            " was changed."
            if name in changed
            else (" does not belong to it." if name in names else " is missing.")
        )


def of_seal(key_id: str, seal: str, keys: dict[str, str]) -> Iterator[str]:
    """Check the seal of the manifest, and that each key has the name it should have."""
    if not holds(seal, (PACK / MANIFEST).read_bytes(), keys.get(key_id, "")):
        yield f"The seal of {MANIFEST} does not hold."
    yield from (f"Key {n} is another." for n in keys if fingerprint(keys[n])[:16] != n)


def of_chain(heads: list[Head], keys: dict[str, str]) -> Iterator[str]:
    """Walk the ledger from its first record to its last: numbers, links and seals."""
    before = "0" * 64
    for number, head in enumerate(heads, start=1):
        if head["sequence"] != number or head["previous_digest"] != before:
            yield f"Record {number} does not follow the one before it."
        before = head["digest"]
        if not holds(head["seal"], before.encode(), keys.get(head["key_id"], "")):
            yield f"The seal of record {number} does not hold."


def of_texts(heads: list[Head]) -> Iterator[str]:
    """Hash the text of each record that is here, after the digest of the one before it."""
    imported = {sha256(path.read_bytes()) for path in (PACK / "frameworks").glob("*")}
    for path in sorted((PACK / "records").glob("*.json")):
        head, text = heads[int(path.stem) - 1], path.read_bytes()
        if sha256(head["previous_digest"].encode() + text) != head["digest"]:
            yield f"Record {path.stem} is not what was sealed."
        elif json.loads(text).get("framework", {}).get("source_sha256", "") not in {"", *imported}:
            yield f"The framework of record {path.stem} is not here as it was imported."


def of_outside(asked: argparse.Namespace, key: str, heads: list[Head]) -> Iterator[str]:
    """Compare with what was obtained elsewhere: the key's fingerprint, the heads of the ledger."""
    given = "".join(asked.key_fingerprint.replace(":", "").split()).lower()
    if given and (len(given) < 16 or not fingerprint(key).startswith(given)):
        yield "The pack was sealed by another key than that of this fingerprint."
    lines = asked.anchor.read_text("utf-8").splitlines() if asked.anchor else []
    anchors = [json.loads(line) for line in lines]
    digests = ["0" * 64, *(head["digest"] for head in heads)]
    for anchor in anchors:
        number, digest = anchor["sequence"], anchor["digest"]
        noted = {"at": anchor["at"], "digest": digest, "sequence": number}
        text = json.dumps(noted, sort_keys=True, separators=(",", ":")).encode()
        if not holds(anchor["seal"], text, anchor["public_key"]):
            yield f"The anchor of record {number} was changed."
        if number > len(heads):
            yield (
                f"Record {number} was anchored and is not here: the end is cut off, or"
                " the anchor is younger than the pack."
            )
        elif digests[number] != digest:
            yield f"Record {number} is not the one that was anchored."
    if asked.anchor and key not in [anchor["public_key"] for anchor in anchors]:
        yield "The pack was sealed by a key that the anchors do not know."


def problems_of(asked: argparse.Namespace) -> Iterator[str]:
    """Check everything: what is wrong, one sentence each."""
    try:
        keys = json.loads((PACK / KEYS).read_bytes())
        key_id, seal = (PACK / SEAL).read_bytes().decode("ascii").split(" ")
        heads = [json.loads(line) for line in (PACK / CHAIN).read_bytes().splitlines()]
        own = (of_files(), of_seal(key_id, seal, keys), of_chain(heads, keys), of_texts(heads))
        for found in (*own, of_outside(asked, keys.get(key_id, ""), heads)):
            yield from found
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        yield f"It cannot be read further: {error!r}"


class NotAsItWasSealed(Exception):
    """Ends this with 1, also where one byte of what comes before is another one."""


parser = argparse.ArgumentParser(description="Check this pack.")
parser.add_argument("--key-fingerprint", default="", metavar="DIGITS")
parser.add_argument("--anchor", type=Path, metavar="FILE")
asked = parser.parse_args()
sys.tracebacklimit = 0
problems = [*problems_of(asked)]
if problems:
    raise NotAsItWasSealed("\n".join(["", *problems]))
texts, heads = [*(PACK / "records").glob("*.json")], (PACK / CHAIN).read_bytes().splitlines()
print(f"All is as it was sealed: {len(texts)} of the {len(heads)} records of the ledger are here.")
sealing_key = json.loads((PACK / KEYS).read_bytes())[(PACK / SEAL).read_text("ascii")[:16]]
print("The key that sealed this pack has the fingerprint", fingerprint(sealing_key))
if not (asked.key_fingerprint or asked.anchor):
    print("Whoever exchanges everything, keys too, is found only by --key-fingerprint or --anchor,")
    print("with what you got elsewhere.")
