import os
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts.management import arguments
from records import actions


class Command(BaseCommand):
    help = "Append the ledger's signed head to a file. Keep that file on another machine."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            head, line = actions.anchor_head()
        except (OSError, ValueError) as error:
            arguments.usage(f"The sealing key cannot be read: {error}")
        try:
            with open(options["file"], "a", encoding="utf-8") as file:
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            arguments.usage(f"{options['file']} cannot be written: {error}")
        self.stdout.write(f"Anchored record {head.sequence}, digest {head.digest}")
