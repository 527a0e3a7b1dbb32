import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts.management import arguments
from accounts.models import User
from assessments.actions import VersionInUse, publish_version
from frameworks.actions import ImportOutcome, ImportRejected, PublishRefused, import_version
from frameworks.documents import Document, Problem
from frameworks.models import FrameworkVersion, VersionState
from frameworks.parsing import MOST_BYTES


class Command(BaseCommand):
    help = "Import a framework file as a draft; with --publish, publish it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--label", help="the name of the version, where the file has none")
        parser.add_argument("--dry-run", action="store_true", help="check only, write nothing")
        parser.add_argument("--publish", action="store_true", help="publish what was imported")
        parser.add_argument("--by", metavar="USERNAME", help="who does it; nobody by default")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["dry_run"] and options["publish"]:
            arguments.usage("--dry-run and --publish do not go together.")
        by = arguments.person(options["by"])
        data = arguments.read(options["file"], MOST_BYTES)
        try:
            outcome = import_version(
                data=data, by=by, label=options["label"], dry_run=options["dry_run"]
            )
        except ImportRejected as rejected:
            self._answer(options, "rejected", rejected.document, None, rejected.problems)
            sys.exit(1)
        found = self._publish(outcome, by) if options["publish"] else []
        self._answer(
            options, outcome.status, outcome.document, outcome.version, outcome.problems + found
        )
        if any(problem.severity == "error" for problem in found):
            sys.exit(1)

    def _publish(self, outcome: ImportOutcome, by: User | None) -> list[Problem]:
        """Publish what was imported; give why that was refused, or what to know of it."""
        version = outcome.version
        if version is None or version.state == VersionState.PUBLISHED:
            return []
        try:
            publish_version(version=version, by=by)
        except (PublishRefused, VersionInUse) as error:
            return [Problem("error", "", None, str(error))]
        if version.state == VersionState.RETIRED:
            again = f"{version} had been retired. It is published again, in place of the later one."
            return [Problem("warning", "framework.version", None, again)]
        return []

    def _answer(
        self,
        options: dict[str, Any],
        status: str,
        document: Document | None,
        version: FrameworkVersion | None,
        problems: list[Problem],
    ) -> None:
        if version is not None:
            version.refresh_from_db()
        answer = {
            "status": status,
            "framework": document.soc if document else None,
            "version": (version.label if version else document.label if document else "") or None,
            "state": version.state if version else None,
            "levels": [
                {"key": level.key, "label": level.label, "statements": len(level.statements)}
                for level in (document.levels if document else ())
            ],
            "problems": [problem._asdict() for problem in problems],
        }
        if options["format"] == "json":
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            self.stdout.write(_in_words(answer))


def _in_words(answer: dict[str, Any]) -> str:
    what = {
        "imported": "Imported",
        "already_imported": "Already imported",
        "valid": "Valid; nothing was written",
        "rejected": "Rejected; nothing was written",
    }[answer["status"]]
    name = " ".join(filter(None, [answer["framework"], answer["version"], answer["state"]]))
    lines = [f"{what}: {name}" if name else f"{what}."]
    lines += [f"  {level['label']}: {level['statements']} statements" for level in answer["levels"]]
    for problem in answer["problems"]:
        place = ", ".join(
            filter(None, [problem["path"], problem["line"] and f"line {problem['line']}"])
        )
        lines.append(
            f"  {problem['severity']}: {place + ': ' if place else ''}{problem['message']}"
        )
    return "\n".join(lines)
