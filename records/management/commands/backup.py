import json
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from accounts.management import arguments
from assessments.sealed_rows import COMPARER as ASSESSMENTS
from frameworks.sealed_rows import COMPARER as FRAMEWORKS
from records import backups
from records.backups import Backup
from records.copies import CopyFailed


class Command(BaseCommand):
    help = "Write a backup of the database into a new folder below DIR, and open it again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("dir", metavar="DIR")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        folder, as_json = Path(options["dir"]), options["format"] == "json"
        if not folder.is_dir():
            arguments.usage(f"{folder} is not a folder.")
        try:
            made = backups.make_backup(folder, [FRAMEWORKS, ASSESSMENTS])
        except OSError as error:
            arguments.usage(f"{folder} cannot be written: {error}")
        except CopyFailed as error:
            answer = json.dumps({"status": "failed", "message": str(error)})
            self.stdout.write(answer if as_json else f"There is no backup. {error}")
            sys.exit(1)
        self.stdout.write(json.dumps(_as_data(made)) if as_json else _in_words(made))
        if made.verified.problems:
            sys.exit(1)


def _as_data(made: Backup) -> dict[str, Any]:
    return {
        "status": made.verified.status.value,
        "folder": str(made.folder),
        "made_at": made.manifest.made_at,
        "records": made.manifest.records,
        "head": made.manifest.head.model_dump(),
        "files": {name: file.model_dump() for name, file in made.manifest.files.items()},
        "not_included": {"seal_key_file": str(settings.SEAL_KEY_FILE)},
        "problems": [problem._asdict() for problem in made.verified.problems],
    }


def _in_words(made: Backup) -> str:
    count, problems = made.manifest.records, made.verified.problems
    lines = [
        str(made.folder),
        *(f"  {name}, {file.size} bytes" for name, file in made.manifest.files.items()),
        f"{count} record{'s' * (count != 1)}, the last one {made.manifest.head.sequence} with"
        f" digest {made.manifest.head.digest}",
        f"The sealing key is not in it: {settings.SEAL_KEY_FILE}. Keep a copy of that elsewhere.",
        *(f"  {problem.kind}: {problem.message}" for problem in problems),
        "The ledger in it is broken: it is kept, but it is no backup to rely on."
        if problems
        else "Opened again and intact.",
    ]
    return "\n".join(lines)
