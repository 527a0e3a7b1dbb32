"""The rules of docs/architecture.md, held on the code itself."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
APPS = ["accounts", "records", "frameworks", "assessments"]
LAYERS = [
    {"documents", "workflow", "scales", "tree", "declarations", "demo", "changes", "demo_version"},
    {
        "parsing",
        "validation",
        "levels",
        "reporting",
        "placement",
        "agreement",
        "reconciling",
        "revoking",
        "sealing",
    }
    | {"people_file", "news", "next_level", "dates", "places", "screening", "hints", "eligibility"}
    | {"oversight", "diffing", "pairing", "similarity", "marking", "carryover", "as_of", "seen"}
    | {"chain", "anchors", "fingerprints", "record_files", "pack", "lettering"},
    {"models", "guards"},
    {
        "queries",
        "permissions",
        "cycle_queries",
        "start_queries",
        "sign_off_queries",
        "sealed",
        "sealed_after",
        "sealed_parts",
    }
    | {"reconciliation_queries", "judgement_queries", "dispute_queries"}
    | {
        "eligibility_queries",
        "qualification_queries",
        "review_queries",
        "handover_queries",
        "rule_queries",
    }
    | {"oversight_queries", "comparison_queries", "impact_queries", "carryover_queries"}
    | {"identity_queries", "revocation_queries"}
    | {
        "verification",
        "sealed_rows",
        "as_of_queries",
        "in_force_queries",
        "signing_content",
        "pack_queries",
    },
    {"actions", "copies", "backups", "printing", "packs"},
    {"forms"},
    {"views", "insight", "admin", "management", "context", "sessions", "apps"},
    {"urls"},
]
EDGE = 6
# The demo is built through actions; its people and texts stand beside them.
ASSESSMENTS_DEMO = "assessments/demo/"


def modules() -> list[Path]:
    return [
        path
        for app in APPS
        for path in sorted((ROOT / app).rglob("*.py"))
        if "migrations" not in path.parts and path.name != "__init__.py"
    ]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def part(path: Path) -> str:
    """The module or package of the app that the file belongs to."""
    return path.relative_to(ROOT).with_suffix("").parts[1]


def layer(module: str) -> int:
    found = [number for number, names in enumerate(LAYERS) if module in names]
    assert found, f"{module} has no layer: name it in this test and in docs/architecture.md"
    return found[0]


def imports(path: Path) -> list[tuple[str, str]]:
    """(app, module) of what the file imports of ours."""
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            app, *rest = node.module.split(".")
            if app in APPS:
                names = rest[:1] or [alias.name for alias in node.names]
                found += [(app, module) for module in names]
    return found


@pytest.mark.parametrize("path", modules(), ids=name)
def test_a_module_imports_only_from_below(path):
    if name(path).startswith(ASSESSMENTS_DEMO):
        return
    app, own = path.relative_to(ROOT).parts[0], layer(part(path))

    upwards = [
        f"{other}.{module}"
        for other, module in imports(path)
        if layer(module) > own or (own < EDGE and APPS.index(other) > APPS.index(app))
    ]

    assert upwards == []


@pytest.mark.parametrize("path", [m for m in modules() if layer(part(m)) < 2], ids=name)
def test_a_plain_module_knows_neither_django_nor_the_clock(path):
    if name(path).startswith((ASSESSMENTS_DEMO, "accounts/demo.py")):
        return
    text = path.read_text()

    django = re.findall(r"^(?:from|import) (django\S*) import (.*)$", text, re.MULTILINE)

    assert [found for found in django if found != ("django.db.models", "TextChoices")] == []
    assert ".now(" not in text
    assert ".today(" not in text


@pytest.mark.parametrize("path", [m for m in modules() if part(m) == "views"], ids=name)
def test_a_view_writes_nothing(path):
    writing = {"save", "create", "delete", "bulk_create", "bulk_update", "get_or_create"}
    writing |= {"update_or_create"}

    calls = [
        node.func.attr
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]

    assert [call for call in calls if call in writing] == []


def test_only_actions_read_the_clock():
    reading = [name(path) for path in modules() if "timezone.now()" in path.read_text()]

    # A backup says when it was made.
    reading = [path for path in reading if path != "records/backups.py"]
    assert [path for path in reading if "/actions" not in path and "/views/" not in path] == []


def test_every_template_is_drawn_by_something():
    templates = ROOT / "templates"
    sources = [*templates.rglob("*.*"), *(p for app in APPS for p in (ROOT / app).rglob("*.py"))]
    sources += [*(ROOT / "brokerage_skills").rglob("*.py")]
    text = "\n".join(path.read_text() for path in sources)
    by_django = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html"}

    orphans = [
        found.relative_to(templates).as_posix()
        for found in templates.rglob("*.*")
        if f'"{found.relative_to(templates).as_posix()}"' not in text
        and found.name not in by_django
        and found.parent.name != "plain"
    ]

    assert orphans == []


def test_the_page_of_a_failure_needs_nothing_that_may_have_failed():
    page = (ROOT / "templates" / "500.html").read_text()

    assert "{%" not in page
    assert "{{" not in page
    (sheet,) = re.findall(r'<link rel="stylesheet" href="/static/([^"]+)"', page)
    assert (ROOT / "static" / sheet).is_file()


def test_no_page_has_a_style_or_a_script_of_its_own():
    inline = re.compile(r"\sstyle=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:")

    found = [
        path.name
        for path in (ROOT / "templates").rglob("*.html")
        if inline.search(path.read_text())
    ]

    assert found == []
