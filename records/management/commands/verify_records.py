import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts.management import arguments
from assessments.sealed_rows import COMPARER as ASSESSMENTS
from frameworks.sealed_rows import COMPARER as FRAMEWORKS
from records import actions, verification
from records.anchors import Anchor, AnchorUnreadable, read_anchors
from records.verification import Verified

# An anchor a day for a hundred years.
MOST_BYTES = 20_000_000


class Command(BaseCommand):
    help = "Check every sealed record, and that the tables still say what was sealed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--anchor", metavar="FILE", help="heads noted by anchor_records")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        anchors = _anchors(options["anchor"]) if options["anchor"] else None
        verified = verification.verify([FRAMEWORKS, ASSESSMENTS], anchors)
        actions.remember_verification(verified)
        as_json = options["format"] == "json"
        self.stdout.write(json.dumps(_as_data(verified)) if as_json else _in_words(verified))
        if verified.problems:
            sys.exit(1)


def _anchors(path: str) -> list[Anchor]:
    found = arguments.read(path, MOST_BYTES)
    if len(found) > MOST_BYTES:
        arguments.usage(f"{path} is too large for a file of anchors.")
    try:
        return read_anchors(found.decode())
    except (AnchorUnreadable, UnicodeDecodeError) as error:
        arguments.usage(f"{path} cannot be read: {error}")


def _as_data(verified: Verified) -> dict[str, Any]:
    return {
        "status": verified.status.value,
        "records": verified.records,
        "head": verified.head._asdict(),
        "anchored": verified.anchored,
        "problems": [problem._asdict() for problem in verified.problems],
    }


def _in_words(verified: Verified) -> str:
    anchored = {
        None: "Not compared with an anchor: a cut end or an old copy would not show.",
        True: "Every anchor holds.",
        False: "An anchor does not hold.",
    }[verified.anchored]
    lines = [
        f"{verified.records} record{'s' * (verified.records != 1)}, the last one"
        f" {verified.head.sequence} with digest {verified.head.digest}",
        anchored,
        *(f"  {problem.kind}: {problem.message}" for problem in verified.problems),
        "Broken." if verified.problems else "Intact.",
    ]
    return "\n".join(lines)
