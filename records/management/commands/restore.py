import json
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from accounts.management import arguments
from assessments.sealed_rows import COMPARER as ASSESSMENTS
from frameworks.sealed_rows import COMPARER as FRAMEWORKS
from records import actions, backups
from records.backups import Backup, Refused
from records.chain import Problem
from records.copies import CopyFailed
from records.management.anchor_files import anchors_in


class Command(BaseCommand):
    help = "Put a backup into an empty database, once it has been checked. Migrates nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("dir", metavar="DIR", help="the folder of one backup")
        parser.add_argument("--anchor", metavar="FILE", help="heads noted by anchor_records")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        folder, as_json = Path(options["dir"]), options["format"] == "json"
        if not folder.is_dir():
            arguments.usage(f"{folder} is not a folder.")
        anchors = anchors_in(options["anchor"])
        try:
            restored = backups.restore_backup(folder, [FRAMEWORKS, ASSESSMENTS], anchors)
        except OSError as error:
            arguments.usage(f"{folder} cannot be read: {error}")
        except (Refused, CopyFailed) as error:
            problems = error.problems if isinstance(error, Refused) else []
            answer = _refusal(str(error), problems)
            self.stdout.write(json.dumps(answer) if as_json else _refusal_in_words(answer))
            sys.exit(1)
        actions.remember_verification(restored.verified)
        self.stdout.write(json.dumps(_as_data(restored)) if as_json else _in_words(restored))


def _refusal(message: str, problems: list[Problem]) -> dict[str, Any]:
    return {
        "status": "refused",
        "message": message,
        "problems": [problem._asdict() for problem in problems],
    }


def _refusal_in_words(answer: dict[str, Any]) -> str:
    problems = answer["problems"]
    lines = [answer["message"], *(f"  {p['kind']}: {p['message']}" for p in problems)]
    if any(problem["kind"] == "seal" for problem in problems):
        lines.append(f"Is {settings.SEAL_KEY_FILE} the key that sealed this ledger?")
    return "\n".join([*lines, "Not restored."])


def _as_data(restored: Backup) -> dict[str, Any]:
    return {
        "status": restored.verified.status.value,
        "made_at": restored.manifest.made_at,
        "records": restored.verified.records,
        "head": restored.verified.head._asdict(),
        "anchored": restored.verified.anchored,
        "problems": [],
    }


def _in_words(restored: Backup) -> str:
    count, head = restored.verified.records, restored.verified.head
    anchored = {
        None: "Not compared with an anchor: that there is a newer backup would not show.",
        True: "Every anchor holds.",
        False: "",
    }[restored.verified.anchored]
    lines = [
        f"Restored as it was at {restored.manifest.made_at}.",
        f"{count} record{'s' * (count != 1)}, the last one {head.sequence} with digest"
        f" {head.digest}",
        anchored,
    ]
    if not settings.SEAL_KEY_FILE.is_file():
        lines.append(f"The sealing key {settings.SEAL_KEY_FILE} is missing: put its copy there.")
    return "\n".join(lines)
