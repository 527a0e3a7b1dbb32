import hashlib
import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from frameworks.documents import (
    LevelPart,
    content_digest,
    fold,
    split_statement,
    text_digest,
    version_order,
)

SEED = Path(__file__).parents[2] / "seeds" / "43-4011.00_v.26.05.json"


def test_seed_is_the_export_byte_for_byte():
    digest = hashlib.sha256(SEED.read_bytes()).hexdigest()

    assert digest == "1435a5a9eb3fed389455435cf82e462302cf057d0bb40ab4e4a21c1b11401530"


def test_fold_collapses_white_space_and_composes_letters():
    assert fold("  Cafe\u0301 \n\t forms\u00a0— file ") == "Café forms — file"


def test_text_digest_is_that_of_the_folded_text():
    assert text_digest(" a  b\n") == hashlib.sha256(b"a b").hexdigest()


def test_content_digest_passes_over_the_time_of_export_and_the_order_of_keys():
    first = {"exportedAt": "2026-05-15", "framework": {"version": "a", "levels": []}}
    second = {"framework": {"levels": [], "version": "a"}, "exportedAt": None}

    assert content_digest(first) == content_digest(second)


def test_content_digest_tells_other_content_and_an_inner_exported_at():
    raw = json.loads(SEED.read_bytes())
    other = {**raw, "sources": {"exportedAt": "x"}}

    assert len({content_digest(raw), content_digest(other), content_digest({})}) == 3


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Forms — complete.", ("Forms", "complete.")),
        ("Forms — file — check.", ("Forms", "file — check.")),
        ("Forms - file.", ("", "Forms - file.")),
        ("Forms—file.", ("", "Forms—file.")),
        (" — file.", ("", " — file.")),
        ("Forms — ", ("", "Forms — ")),
    ],
)
def test_split_statement_parts_at_the_first_dash(text, parts):
    assert split_statement(text) == parts


@pytest.mark.parametrize(
    ("label", "order"),
    [
        ("v.26.05", (26, 5)),
        ("v26.05", (26, 5)),
        ("26.05", (26, 5)),
        ("", None),
        ("2026.05", None),
        ("v.26.05\n", None),
        ("v.\u0662\u0666.\u0660\u0665", None),
    ],
)
def test_version_order_reads_year_and_month(label, order):
    assert version_order(label) == order


def test_parts_are_frozen():
    level = LevelPart(key="emerging", label="Emerging", statements=("A — b.",))

    with pytest.raises(ValidationError, match="frozen"):
        level.label = "Other"
