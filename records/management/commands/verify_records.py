import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from assessments.sealed_rows import COMPARER as ASSESSMENTS
from frameworks.sealed_rows import COMPARER as FRAMEWORKS
from records import actions, verification
from records.management.anchor_files import anchors_in
from records.verification import Verified


class Command(BaseCommand):
    help = "Check every sealed record, and that the tables still say what was sealed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--anchor", metavar="FILE", help="heads noted by anchor_records")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        anchors = anchors_in(options["anchor"])
        verified = verification.verify([FRAMEWORKS, ASSESSMENTS], anchors)
        actions.remember_verification(verified)
        as_json = options["format"] == "json"
        self.stdout.write(json.dumps(_as_data(verified)) if as_json else _in_words(verified))
        if verified.problems:
            sys.exit(1)


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
