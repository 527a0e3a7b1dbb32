"""Second step of an import: from a raw tree to every problem in it, and a Document without."""

import datetime
import re
from typing import Any

from frameworks.documents import Document, LevelPart, Problem
from frameworks.levels import find_level_problems, levels_of
from frameworks.parsing import Tree, Unreadable, parse
from frameworks.reporting import Report

SOC = re.compile(r"\d{2}-\d{4}(\.\d{2})?", re.ASCII)
SCHEMA = re.compile(r"(\d{1,4})(\.\d{1,4}){0,2}", re.ASCII)
LONGEST = {"title": 200, "group": 200, "sector": 40, "version": 40}
KNOWN_KEYS = {
    "": {
        "schemaVersion", "exportedAt", "occupation", "framework", "sources", "attribution",
    },
    "occupation": {"soc", "title", "group", "sector", "jobZone", "jobZoneInferred"},
    "framework": {"version", "description", "contextCovered", "levels"},
}  # fmt: skip


def read(data: bytes) -> tuple[Document | None, Tree | None, list[Problem]]:
    """Read a file whole: the Document (None when refused), its tree, and every problem."""
    try:
        tree = parse(data)
    except Unreadable as error:
        return None, None, error.problems
    problems = find_problems(tree)
    if any(problem.severity == "error" for problem in problems):
        return None, tree, problems
    return build(tree.value), tree, problems


def find_problems(tree: Tree) -> list[Problem]:
    """Give every problem of the tree in one pass, errors and warnings, in the file's order."""
    report = Report(tree)
    _check_top(report)
    _check_occupation(report)
    _check_framework(report)
    return sorted(tree.problems + report.problems, key=lambda p: (p.line or 0, p.severity, p.path))


def build(raw: dict[str, Any]) -> Document:
    """Build the Document of a tree that has no errors."""
    occupation, framework = raw["occupation"], raw["framework"]
    zone = occupation.get("jobZone")
    soc = occupation["soc"]
    return Document(
        soc=soc if "." in soc else f"{soc}.00",
        title=occupation["title"].strip(),
        group=occupation.get("group") or "",
        sector=occupation.get("sector") or "",
        job_zone=zone if zone in range(1, 6) else None,
        job_zone_inferred=bool(occupation.get("jobZoneInferred")),
        label=(framework.get("version") or "").strip(),
        description=framework.get("description") or "",
        context_covered=framework.get("contextCovered") or "",
        schema_version=raw["schemaVersion"],
        exported_at=read_time(raw.get("exportedAt")),
        sources=raw.get("sources") or {},
        attribution=raw.get("attribution") or "",
        levels=tuple(
            LevelPart(key=key, label=label, statements=tuple(statements))
            for key, label, statements in levels_of(framework["levels"])
        ),
    )


def read_time(value: Any) -> datetime.datetime | None:
    """Read an ISO 8601 time; one without a zone is taken as UTC. None when unreadable."""
    if not isinstance(value, str):
        return None
    try:
        at = datetime.datetime.fromisoformat(value)
        return (at if at.tzinfo else at.replace(tzinfo=datetime.UTC)).astimezone(datetime.UTC)
    except (ValueError, OverflowError):
        return None


def _check_top(report: Report) -> None:
    raw = report.tree.value
    _check_schema(report, raw.get("schemaVersion"))
    if read_time(raw.get("exportedAt")) is None:
        report.warn("exportedAt", "The time of export is missing or cannot be read.")
    if raw.get("sources") in (None, {}):
        report.warn("sources", "The sources are missing.")
    elif not isinstance(raw["sources"], dict):
        report.refuse("sources", "The sources must be an object with a name for each.")
    report.optional_text("attribution", raw, "attribution", "The attribution is missing.")
    report.unknown_keys("", raw, KNOWN_KEYS[""])


def _check_schema(report: Report, schema: Any) -> None:
    if schema is None:
        report.refuse("schemaVersion", "The schema version is missing.")
        return
    found = SCHEMA.fullmatch(schema) if isinstance(schema, str) else None
    if found is None:
        report.refuse("schemaVersion", "The schema version must be text such as “1.0”.")
    elif int(found[1]) != 1:
        report.refuse("schemaVersion", f"Schema version {schema} is not known here; 1.0 is.")
    elif any(int(part) for part in schema.split(".")[1:]):
        report.warn("schemaVersion", f"Schema version {schema} is newer than 1.0.")


def _check_occupation(report: Report) -> None:
    occupation = report.object("occupation", report.tree.value, "The occupation is missing.")
    if occupation is None:
        return
    soc = occupation.get("soc")
    if not isinstance(soc, str) or not SOC.fullmatch(soc):
        report.refuse("occupation.soc", "The SOC code must look like 43-4011.00.")
    elif "." not in soc:
        report.warn("occupation.soc", f"The SOC code {soc} has six digits and is read as {soc}.00.")
    report.required_text("occupation.title", occupation, "title", LONGEST["title"])
    for key in ("group", "sector"):
        report.optional_text(
            f"occupation.{key}", occupation, key, f"The {key} is missing.", LONGEST[key]
        )
    _check_job_zone(report, occupation.get("jobZone"))
    if not isinstance(occupation.get("jobZoneInferred", False), bool):
        report.refuse("occupation.jobZoneInferred", "This must be true or false.")
    report.unknown_keys("occupation", occupation, KNOWN_KEYS["occupation"])


def _check_job_zone(report: Report, zone: Any) -> None:
    path = "occupation.jobZone"
    if zone is None:
        report.warn(path, "The job zone is missing.")
    elif isinstance(zone, bool) or not isinstance(zone, int):
        report.refuse(path, "The job zone must be a whole number from 1 to 5.")
    elif zone not in range(1, 6):
        report.warn(path, f"The job zone {zone} is not one of 1 to 5 and is left out.")


def _check_framework(report: Report) -> None:
    framework = report.object("framework", report.tree.value, "The framework is missing.")
    if framework is None:
        return
    report.optional_text(
        "framework.version",
        framework,
        "version",
        "The version has no name. Name it before it is published.",
        LONGEST["version"],
    )
    report.optional_text(
        "framework.description", framework, "description", "The description is empty."
    )
    report.optional_text(
        "framework.contextCovered", framework, "contextCovered", "What is covered is not said."
    )
    report.unknown_keys("framework", framework, KNOWN_KEYS["framework"])
    find_level_problems(report, framework.get("levels"))
