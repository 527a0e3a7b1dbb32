import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text()
LARGEST_PICTURE = 150 * 1024


def test_the_readme_links_to_what_exists():
    linked = {
        *re.findall(r"\]\(([^)#:]+)\)", README),
        *re.findall(r'src(?:set)?="([^"]+)"', README),
    }

    assert [path for path in linked if not (ROOT / path).exists()] == []


def test_the_readme_shows_each_picture_in_light_and_dark_and_says_what_is_on_it():
    pictures = sorted((ROOT / "docs" / "screenshots").iterdir())
    shown = re.findall(r'srcset="([^"]+)"><img src="([^"]+)" width="\d+%" alt="[^"]{20,}"', README)

    assert sorted(ROOT / path for pair in shown for path in pair) == pictures
    assert [p.name for p in pictures if p.stat().st_size > LARGEST_PICTURE] == []


def test_the_audit_names_no_registry():
    lock = (ROOT / "bench" / "audit" / "package-lock.json").read_text()

    assert '"resolved"' not in lock


def test_each_promise_of_security_names_a_test_that_is_there():
    promises = (ROOT / "docs" / "security.md").read_text()
    table = promises.partition("the test that shows it")[2].partition("## What is not there")[0]
    rows = [row for row in table.splitlines() if row.startswith("| ")][1:]

    assert len(rows) > 10
    for row in rows:
        named = re.findall(r"`(tests/[^`]+)`", row.rpartition(" | ")[2])
        assert named, row
        assert [path for path in named if not (ROOT / path).is_file()] == []
