"""Second step of an import: from a raw tree to every problem in it, and a Document without."""

import datetime
import re
from typing import Any

from frameworks.documents import Document, Problem
from frameworks.levels import build_levels, find_level_problems
from frameworks.parsing import Tree, Unreadable, parse, quoted
from frameworks.reporting import Report, is_blank, name_of

SOC = re.compile(r"[0-9]{2}-[0-9]{4}(\.[0-9]{2})?")
SCHEMA = re.compile(r"([0-9]{1,4})(\.[0-9]{1,4}){0,2}")
JOB_ZONES = range(1, 6)
# Any year in here stays a year in every time zone.
YEARS = range(1900, 9000)
LONGEST = {"title": 200, "group": 200, "sector": 40, "version": 40}
KNOWN_KEYS = {
    "": {"schemaVersion", "exportedAt", "occupation", "framework", "sources", "attribution"},
    "occupation": {"soc", "title", "group", "sector", "jobZone", "jobZoneInferred"},
    "framework": {"version", "description", "contextCovered", "levels"},
}


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
    """Give every problem of the tree in one pass: errors, then warnings, in the file's order."""
    report = Report(tree)
    _check_top(report)
    _check_occupation(report)
    _check_framework(report)
    return report.problems()


def build(raw: dict[str, Any]) -> Document:
    """Build the Document of a tree that has no errors."""
    occupation, framework = raw["occupation"], raw["framework"]
    zone = occupation.get("jobZone")
    soc = occupation["soc"]
    return Document(
        soc=soc if "." in soc else f"{soc}.00",
        title=occupation["title"].strip(),
        group=(occupation.get("group") or "").strip(),
        sector=(occupation.get("sector") or "").strip(),
        job_zone=int(zone) if zone in JOB_ZONES else None,
        job_zone_inferred=bool(occupation.get("jobZoneInferred")),
        label=_label(framework.get("version")),
        description=framework.get("description") or "",
        context_covered=framework.get("contextCovered") or "",
        schema_version=raw["schemaVersion"],
        exported_at=read_time(raw.get("exportedAt")),
        sources=raw.get("sources") or {},
        attribution=raw.get("attribution") or "",
        levels=build_levels(framework["levels"]),
    )


def read_time(value: Any) -> datetime.datetime | None:
    """Read an ISO 8601 time; one without a zone is taken as UTC. None when unreadable."""
    if not isinstance(value, str):
        return None
    try:
        at = datetime.datetime.fromisoformat(value)
    except ValueError:
        return None
    if at.year not in YEARS:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=datetime.UTC)).astimezone(datetime.UTC)


def _label(version: str | None) -> str:
    return version.strip() if version and not is_blank(version) else ""


def _check_top(report: Report) -> None:
    raw = report.tree.value
    _check_schema(report, raw.get("schemaVersion"))
    if read_time(raw.get("exportedAt")) is None:
        report.warn(("exportedAt",), "The time of export is missing or cannot be read.")
    sources = raw.get("sources")
    if sources is None or sources == {}:
        report.warn(("sources",), "The sources are missing.")
    elif not isinstance(sources, dict):
        report.refuse(
            ("sources",), f"The sources must be an object {{ … }}, not {name_of(sources)}."
        )
    report.optional_text(
        ("attribution",), raw.get("attribution"), "The attribution", "The attribution is missing."
    )
    report.unknown_keys((), raw, KNOWN_KEYS[""])


def _check_schema(report: Report, schema: Any) -> None:
    path = ("schemaVersion",)
    if schema is None:
        report.refuse(path, "The schema version is missing.")
        return
    found = SCHEMA.fullmatch(schema) if isinstance(schema, str) else None
    if found is None:
        report.refuse(path, "The schema version must be text such as “1.0”.")
    elif int(found[1]) != 1:
        report.refuse(path, f"Schema version {schema} cannot be read here; 1.0 can.")
    elif any(int(part) for part in schema.split(".")[1:]):
        report.warn(path, f"Schema version {schema} is newer than 1.0. It is read as 1.0.")


def _check_occupation(report: Report) -> None:
    occupation = report.part("occupation")
    if occupation is None:
        return
    _check_soc(report, occupation.get("soc"))
    title = occupation.get("title")
    report.required_text(("occupation", "title"), title, "The title", LONGEST["title"])
    for key in ("group", "sector"):
        name = f"The {key}"
        report.optional_text(
            ("occupation", key), occupation.get(key), name, f"{name} is missing.", LONGEST[key]
        )
    _check_job_zone(report, occupation.get("jobZone"))
    if not isinstance(occupation.get("jobZoneInferred"), bool | None):
        report.refuse(("occupation", "jobZoneInferred"), "This must be true or false.")
    report.unknown_keys(("occupation",), occupation, KNOWN_KEYS["occupation"])


def _check_soc(report: Report, soc: Any) -> None:
    path = ("occupation", "soc")
    if soc is None:
        report.refuse(path, "The SOC code is missing.")
    elif not isinstance(soc, str) or not SOC.fullmatch(soc):
        shown = f", not {quoted(soc)}" if isinstance(soc, str) else ""
        report.refuse(path, f"The SOC code must be text such as “43-4011.00”{shown}.")
    elif "." not in soc:
        report.warn(path, f"The SOC code {soc} has six digits. It is read as {soc}.00.")


def _check_job_zone(report: Report, zone: Any) -> None:
    path = ("occupation", "jobZone")
    if zone is None:
        report.warn(path, "The job zone is missing.")
    elif isinstance(zone, bool) or not isinstance(zone, int | float) or zone != int(zone):
        report.refuse(path, "The job zone must be a whole number from 1 to 5.")
    elif zone not in JOB_ZONES:
        report.warn(path, "The job zone is not one of 1 to 5. It is left out.")


def _check_framework(report: Report) -> None:
    framework = report.part("framework")
    if framework is None:
        return
    missing = "The version has no name. Name it before it is published."
    report.optional_text(
        ("framework", "version"), framework.get("version"), "The version", missing,
        LONGEST["version"],
    )  # fmt: skip
    description, context = framework.get("description"), framework.get("contextCovered")
    missing = "The description is empty."
    report.optional_text(("framework", "description"), description, "The description", missing)
    missing = "The file does not say which context it covers."
    report.optional_text(("framework", "contextCovered"), context, "The context", missing)
    report.unknown_keys(("framework",), framework, KNOWN_KEYS["framework"])
    find_level_problems(report, framework.get("levels"))
