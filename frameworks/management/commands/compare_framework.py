import json
import sys
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser

from accounts.management import arguments
from assessments.impact_queries import Impact, NewLevel, impact_as_data, impact_of
from frameworks.changes import Change, ChangeKind, Diff, Wording
from frameworks.comparison_queries import change_list
from frameworks.diffing import compare
from frameworks.documents import Document, Problem
from frameworks.identity_queries import coming_back
from frameworks.models import FrameworkVersion, VersionState
from frameworks.parsing import MOST_BYTES
from frameworks.places import in_words
from frameworks.queries import document_of
from frameworks.validation import read

# Unchanged statements are only counted.
LISTED = (
    ChangeKind.REWORDED,
    ChangeKind.MOVED,
    ChangeKind.NEW,
    ChangeKind.RETIRED,
    ChangeKind.MINOR,
)


class Command(BaseCommand):
    help = "Compare a framework file with the published version of its occupation. Writes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--impact", action="store_true", help="say whom it would touch, too")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        as_json = options["format"] == "json"
        new, _, problems = read(arguments.read(options["file"], MOST_BYTES))
        if new is None:
            self._refuse(problems, as_json)
        published = FrameworkVersion.objects.filter(
            framework__soc=new.soc, state=VersionState.PUBLISHED
        ).first()
        if published is None:
            message = f"No version of {new.soc} is published: there is nothing to compare with."
            self._refuse([Problem("error", "", None, message)], as_json)
        old = document_of(published)
        diff = compare(old, new)
        impact = (
            impact_of(published, diff, _levels_of(new), coming_back(published, diff))
            if options["impact"]
            else None
        )
        if as_json:
            touched = {"impact": impact_as_data(impact, diff)} if impact else {}
            self.stdout.write(json.dumps(change_list(diff) | touched, ensure_ascii=False))
        else:
            self.stdout.write(_in_words(old, new, diff))
            if impact:
                self.stdout.write(_impact_in_words(impact))

    def _refuse(self, problems: list[Problem], as_json: bool) -> NoReturn:
        """Say what is wrong and exit with 1."""
        if as_json:
            answer = {
                "status": "rejected",
                "problems": [problem._asdict() for problem in problems],
            }
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            self.stdout.write("\n".join(["Rejected; nothing was compared.", *map(_line, problems)]))
        sys.exit(1)


def _levels_of(document: Document) -> list[NewLevel]:
    return [NewLevel(level.key, level.label) for level in document.levels]


def _line(problem: Problem) -> str:
    line = f", line {problem.line}" if problem.line else ""
    return f"  {problem.severity}: {in_words(problem.path)}{line}: {problem.message}"


def _in_words(old: Document, new: Document, diff: Diff) -> str:
    counts = ", ".join(f"{diff.counts[kind]} {kind}" for kind in (*LISTED, ChangeKind.UNCHANGED))
    lines = [
        f"{new.soc} {new.label or '(not named yet)'} against {old.label}, published",
        counts + (f"; {diff.reordered} in another order" if diff.reordered else ""),
    ]
    groups = [("To decide", diff.doubtful)] + [
        (str(kind.label), [c for c in diff.changes if c.kind == kind and not c.doubtful])
        for kind in LISTED
    ]
    for name, changes in groups:
        if changes:
            lines += ["", f"{name}: {len(changes)}"]
        for change in changes:
            lines += _change_in_words(change, old, new)
    return "\n".join(lines)


def _impact_in_words(impact: Impact) -> str:
    lines = [
        "",
        f"Assessments: {impact.in_progress} in progress, {impact.in_review} in review,"
        f" {impact.signed} signed off",
        f"Ratings: {impact.counts} count as they are, {impact.look_again} ask for another look,"
        f" {impact.stay} stay with the old assessments",
        f"Suggested level would change: {len(impact.shifted)}",
    ]
    lines += [f"  {s.sign_off.clerk}: {s.before} → {s.after}" for s in impact.shifted]
    return "\n".join(lines)


def _change_in_words(change: Change, old: Document, new: Document) -> list[str]:
    places = [_place(side, of) for side, of in ((change.old, old), (change.new, new)) if side]
    sure = f" ({change.confidence} of 100 sure)" if change.doubtful else ""
    lines = ["  " + " → ".join(dict.fromkeys(places)) + sure]
    if change.old:
        lines.append(f"    - {change.old.text}")
    if change.new and (change.old is None or change.old.text != change.new.text):
        lines.append(f"    + {change.new.text}")
    return lines


def _place(side: Wording, document: Document) -> str:
    label = next(level.label for level in document.levels if level.key == side.level)
    return f"{label} {side.position}"
