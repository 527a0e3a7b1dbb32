"""What stands for content that was shown to somebody, and what of it is otherwise now."""

import hashlib
from collections.abc import Mapping
from typing import Any

from records.sealing import canonical

SHOWN = 16  # hexadecimal digits of each part's SHA-256: 64 bits
WORDS = {
    "clerk": "the clerk's name, title or team",
    "signer": "the signer's name, title, team or standing",
    "second_signer": "your name, title, team or standing",
    "revoked_by": "your name, title or team",
    "sign_off": "the placement itself",
    "framework": "the framework",
    "levels": "the wording",
    "cycle": "the cycle",
    "round": "the round",
    "rounds": "the ratings",
    "rule": "the rule",
    "scale": "the answers' meaning",
    "suggestion": "the suggested level",
    "self_suggestion": "the level by the clerk's own ratings",
    "placement": "the level signed first",
    "justification": "the first signer's reason",
    "justification_category": "the first signer's reason",
    "declaration": "what you declare",
    "valid_until": "how long it is valid",
    "dispute": "the dispute",
    "correction": "the placement itself",
}


def seen_of(content: Mapping[str, Any]) -> str:
    """Give one text for the content: each part with its digest, to travel with a form."""
    return ".".join(f"{part}-{_digest(content[part])}" for part in sorted(content))


def changed_since(content: Mapping[str, Any], seen: str) -> str:
    """Say what is otherwise than in the content that `seen` stands for; "" when nothing is."""
    before = set(seen.split("."))
    now = {f"{part}-{_digest(content[part])}" for part in content}
    if before == now:
        return ""
    parts = sorted({found.rpartition("-")[0] for found in before ^ now})
    words = dict.fromkeys(WORDS[part] for part in parts if part in WORDS)
    return ", ".join(words) or "what the page showed"


def _digest(part: Any) -> str:
    return hashlib.sha256(canonical({"": part}).encode()).hexdigest()[:SHOWN]
