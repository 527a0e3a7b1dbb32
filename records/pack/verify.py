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
from typing import Any, Optional

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

PACK = Path(__file__).resolve().parent
MANIFEST, SEAL = "manifest.sha256", "manifest.seal"
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
    lines = (PACK / MANIFEST).read_text("utf-8").splitlines()
    listed = {line[66:]: line[:64] for line in lines}
    here = {path.relative_to(PACK).as_posix() for path in PACK.rglob("*") if not path.is_dir()}
    whole = {n for n in listed if n in here and sha256((PACK / n).read_bytes()) == listed[n]}
    yield from (f"{name} was changed." for name in listed if name in here - whole)
    yield from (f"{name} is missing." for name in listed if name not in here)
    yield from (f"{name} is too much." for name in here - {*listed, MANIFEST, SEAL})


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


def main() -> Optional[str]:  # noqa: UP045  # for Python 3.9
    parser = argparse.ArgumentParser(description="Check this pack.")
    parser.add_argument("--key-fingerprint", default="")
    parser.add_argument("--anchor", type=Path)
    asked = parser.parse_args()
    try:
        keys = json.loads((PACK / "public-keys.json").read_bytes())
        key_id, seal = (PACK / SEAL).read_bytes().decode("ascii").split(" ")
        heads = [json.loads(line) for line in (PACK / "chain.jsonl").read_bytes().splitlines()]
        own = (of_files(), of_seal(key_id, seal, keys), of_chain(heads, keys), of_texts(heads))
        outside = of_outside(asked, keys.get(key_id, ""), heads)
        problems = [found for each in (*own, outside) for found in each]
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        problems = [f"It cannot be read: {error!r}"]
    if problems:
        return "\n".join(["This pack is NOT as it was sealed:", *problems])
    texts = len([*(PACK / "records").glob("*.json")])
    print(f"All is as it was sealed: {texts} of the {len(heads)} records of the ledger are here.")
    print("The key that sealed this pack has the fingerprint", fingerprint(keys[key_id]))
    if not (asked.key_fingerprint or asked.anchor):
        print(
            "Whoever swaps all of it, keys too, is found only by a fingerprint or an anchor that"
            " you got elsewhere: give --key-fingerprint or --anchor."
        )
    return None


# Whatever byte of this is another one, it must not end as if nothing were wrong.
wrong = main()
if wrong:
    sys.exit(
        wrong,
    )
