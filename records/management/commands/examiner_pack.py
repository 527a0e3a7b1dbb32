import os
import shutil
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser
from django.utils.dateparse import parse_date

from accounts.management import arguments
from accounts.models import Team, User
from assessments.packs import examiner_pack
from records.models import Record
from records.pack_queries import in_words, narrowed


class Command(BaseCommand):
    help = "Make one ZIP of records that can be checked on another machine."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="the ZIP to make; it is not there yet")
        parser.add_argument("--person", metavar="USERNAME", help="records about this person")
        parser.add_argument("--team", metavar="NAME", help="about the people in it and below it")
        parser.add_argument("--from", dest="since", metavar="YYYY-MM-DD", help="sealed from")
        parser.add_argument("--to", dest="until", metavar="YYYY-MM-DD", help="sealed until")

    def handle(self, *args: Any, **options: Any) -> None:
        asked = _asked(options)
        everything = Record.objects.all()
        found = narrowed(everything, **asked)
        if not found.exists():
            arguments.usage("There is no record of that.")
        path = Path(options["file"])
        try:
            with (
                examiner_pack(found, everything, about=in_words(**asked), reader=None) as pack,
                open(path, "xb", opener=_for_its_owner) as file,
            ):
                shutil.copyfileobj(pack, file)
        except (OSError, ValueError) as error:
            arguments.usage(f"The pack cannot be made: {error}")
        self.stdout.write(f"Made {path}, {path.stat().st_size} bytes")


def _for_its_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _asked(options: dict[str, Any]) -> dict[str, Any]:
    """Read what is asked for. Exits with 2 for what there is not."""
    person, team = options["person"], options["team"]
    return {
        "person": person and _one(User.objects.filter(username=person), f"person {person}"),
        "team": team and _one(Team.objects.filter(name=team), f"team {team}"),
        "since": _day(options["since"]),
        "until": _day(options["until"]),
    }


def _one(found: Any, name: str) -> Any:
    return found.first() or _unknown(name)


def _unknown(name: str) -> NoReturn:
    arguments.usage(f"There is no {name}.")


def _day(text: str | None) -> Any:
    try:
        day = parse_date(text) if text else None
    except ValueError:
        day = None
    if text and day is None:
        arguments.usage(f"{text} is no day. Write it as 2026-03-14.")
    return day
