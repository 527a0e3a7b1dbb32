"""From a payload to its canonical text, its digest in the chain and its seal."""

import hashlib
import os
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

NO_DIGEST = "0" * 64
PEM = re.compile(rb"-----BEGIN [A-Z ]+-----.+?-----END [A-Z ]+-----", re.DOTALL)


def canonical(payload: dict[str, Any]) -> str:
    """Give the payload as canonical JSON (RFC 8785). Floats have no place in a record."""
    return rfc8785.dumps(payload).decode()


def chained_digest(previous_digest: str, text: str) -> str:
    """Give hex SHA-256 of the previous digest followed by the canonical text."""
    return hashlib.sha256((previous_digest + text).encode()).hexdigest()


def make_key_file(path: Path) -> None:
    """Write a new Ed25519 key, readable by its owner only. Raises FileExistsError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # Written whole under another name first: two that make it at once never see half a key.
    draft = _beside(path, _pem(Ed25519PrivateKey.generate()))
    try:
        os.link(draft, path)
    finally:
        draft.unlink()


def _pem(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _beside(path: Path, content: bytes) -> Path:
    draft = path.with_name(f"{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return draft


def read_key_file(path: Path) -> Ed25519PrivateKey:
    """Read the private key that seals: the last in the file. Raises OSError or ValueError."""
    key = keys_in(path)[-1]
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{path} does not end with an Ed25519 private key.")
    return key


def keys_in(path: Path) -> list[Ed25519PrivateKey | Ed25519PublicKey]:
    """Read every key in the file, oldest first. Raises OSError or ValueError.

    A key that seals no more may stand there as its public half.
    """
    found: list[Ed25519PrivateKey | Ed25519PublicKey] = []
    for block in PEM.findall(path.read_bytes()):
        is_private = b"PRIVATE" in block
        key = (
            serialization.load_pem_private_key(block, password=None)
            if is_private
            else serialization.load_pem_public_key(block)
        )
        if not isinstance(key, Ed25519PrivateKey | Ed25519PublicKey):
            raise ValueError(f"{path} holds a key that is not Ed25519.")
        found.append(key)
    if not found:
        raise ValueError(f"{path} does not hold a key.")
    return found


def add_key_to_file(path: Path) -> str:
    """Append a new key to the file, which seals from now on; gives its public half (hex)."""
    key = Ed25519PrivateKey.generate()
    whole = path.read_bytes().rstrip() + b"\n" + _pem(key)
    draft = _beside(path, whole)
    os.replace(draft, path)
    return public_hex(key)


def public_hex(key: Ed25519PrivateKey | Ed25519PublicKey) -> str:
    public = key.public_key() if isinstance(key, Ed25519PrivateKey) else key
    return public.public_bytes_raw().hex()


def fingerprint(public_key: str) -> str:
    """Give hex SHA-256 of a public key (hex), by which it is compared over another way."""
    return hashlib.sha256(bytes.fromhex(public_key)).hexdigest()


def key_id(public_key: str) -> str:
    """Name a public key (hex) by the first 16 digits of its fingerprint."""
    return fingerprint(public_key)[:16]


def seal(digest: str, key: Ed25519PrivateKey) -> str:
    """Sign the digest's hex text; gives the Ed25519 signature in hex (RFC 8032)."""
    return key.sign(digest.encode()).hex()


def seal_holds(digest: str, signature: str, public_key: str) -> bool:
    """Say whether the signature (hex) of this digest was made with this public key (hex)."""
    try:
        _public_key(public_key).verify(bytes.fromhex(signature), digest.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def sealed_by(digest: str, signature: str, key: Ed25519PrivateKey) -> bool:
    """Say the same of a key that is at hand, four times as fast.

    An Ed25519 signature is always the same one (RFC 8032), so that it can be made again.
    """
    return seal(digest, key) == signature or seal_holds(digest, signature, public_hex(key))


@lru_cache(maxsize=64)
def _public_key(public_key: str) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
