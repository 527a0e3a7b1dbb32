import json
import sys
from argparse import RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts import actions
from accounts.management import arguments
from accounts.people_file import COLUMNS, MOST_BYTES, Problem
from assessments import actions as handing_over

RULES = f"""columns: {", ".join(COLUMNS)}
username alone is needed; a new person needs first_name and last_name as well.

People are known by username: those who are there are changed, the others added. An empty cell
changes nothing. Nobody is deleted, deactivated or taken out of a role. supervisor_of and roles
hold several names parted by semicolons; roles are administrator and auditor. A team that is not
there yet is made, at the top of the tree, when a row supervises it.

exit status: 0 done, 1 the file was refused and nothing written, 2 wrong usage
"""


class Command(BaseCommand):
    help = "Add and change people, their teams and roles from a CSV file."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = RULES
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="check only, write nothing")
        parser.add_argument("--by", metavar="USERNAME", help="who does it; nobody by default")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        by = arguments.person(options["by"])
        data = arguments.read(options["file"], MOST_BYTES)
        dry_run = options["dry_run"]
        problems: list[Problem] = []
        done = actions.PeopleImported([], [], [], [])
        try:
            done = handing_over.import_people(data=data, by=by, dry_run=dry_run)
        except actions.PeopleRejected as rejected:
            problems = rejected.problems
        status = "rejected" if problems else "valid" if dry_run else "imported"
        if options["format"] == "json":
            answer = {"status": status, **done._asdict()}
            answer["problems"] = [problem._asdict() for problem in problems]
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            self.stdout.write(_in_words(status, done, problems))
        if problems:
            sys.exit(1)


def _in_words(status: str, done: actions.PeopleImported, problems: list[Problem]) -> str:
    what = {
        "imported": "Imported",
        "valid": "Valid; nothing was written",
        "rejected": "Rejected; nothing was written",
    }[status]
    if problems:
        return "\n".join([f"{what}.", *(f"  {_place(p)}{p.message}" for p in problems)])
    counts = f"{len(done.added)} added, {len(done.changed)} changed, "
    lines = [f"{what}: {counts}{len(done.unchanged)} as they were."]
    return "\n".join([*lines, *(f"  new team: {name}" for name in done.teams)])


def _place(problem: Problem) -> str:
    row = f"row {problem.row}" if problem.row else ""
    place = ", ".join(filter(None, [row, problem.column]))
    return f"{place}: " if place else ""
