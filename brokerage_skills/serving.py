"""Serving is what refuses: commands work without a key, a web server does not.

gunicorn.conf.py runs this module once before the first worker starts; wsgi.py asks again in each
worker, for servers that are started another way.
"""

import os
import sys

import django
from django.conf import settings
from django.db import DatabaseError, connection

# The exit status that makes gunicorn give up instead of starting the worker again.
REFUSED = 3
SHORTEST_KEY = 50


def stop_unless_ready(*, database_must_answer: bool = True) -> None:
    """Exit with a sentence on stderr for each reason not to serve. Keeps no connection open."""
    try:
        obstacles = find_obstacles(database_must_answer=database_must_answer)
    finally:
        # The server may fork after this, and no two processes may share a connection.
        connection.close()
        if hasattr(connection, "close_pool"):
            connection.close_pool()
    if obstacles:
        sys.stderr.write("".join(f"Not serving: {obstacle}\n" for obstacle in obstacles))
        sys.stderr.flush()
        sys.exit(REFUSED)


def find_obstacles(*, database_must_answer: bool) -> list[str]:
    """Give a sentence for each reason not to serve; queries the database.

    Where it must answer, as when a server starts, every migration and guard must be there too.
    """
    obstacles = [*_missing_secrets(), *_unsafe_settings(debug_counts=database_must_answer)]
    try:
        obstacles += _demo_people()
        obstacles += _unguarded() if database_must_answer else []
    except DatabaseError as error:
        if database_must_answer:
            reason = str(error).strip().partition("\n")[0]
            obstacles.append(f"the database cannot be read ({reason}). Is it there, and migrated?")
    return obstacles


def _missing_secrets() -> list[str]:
    obstacles = []
    if settings.SECRET_KEY_MISSING:
        obstacles.append("SECRET_KEY is not set. Set it to a long random text and keep it.")
    if not (settings.DEMO or settings.DEBUG or settings.SEAL_KEY_FILE.is_file()):
        obstacles.append(
            f"the seal key {settings.SEAL_KEY_FILE} is missing. Set SEAL_KEY_FILE to the key that"
            " seals this ledger; on a new installation publishing a framework makes it."
        )
    return obstacles


def _unsafe_settings(*, debug_counts: bool) -> list[str]:
    """The development server, whose workers ask as well, may be what it is for."""
    if settings.DEMO:
        return []
    obstacles = []
    key = "" if settings.SECRET_KEY_MISSING else settings.SECRET_KEY
    if key and (len(key) < SHORTEST_KEY or key.startswith("django-insecure")):
        obstacles.append(f"SECRET_KEY is no secret. Set it to {SHORTEST_KEY} random characters.")
    if "*" in settings.ALLOWED_HOSTS:
        obstacles.append("ALLOWED_HOSTS allows any name. Set it to the names of this server.")
    if settings.DEBUG and debug_counts:
        obstacles.append("DEBUG is on, and shows the inside to everybody. Leave it unset.")
    return obstacles


def _unguarded() -> list[str]:
    from brokerage_skills.health import database_findings  # As below.

    findings = database_findings(connection)
    return [finding.problem for finding in findings if finding.problem]


def _demo_people() -> list[str]:
    from accounts.models import User  # The models are there only once Django is set up.

    if settings.DEMO or not User.objects.filter(is_demo=True).exists():
        return []
    return [
        "there are demo people in the database, and anybody can know their passwords."
        " Use another database, or set DEMO=1 if this is the demo."
    ]


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "brokerage_skills.settings")
    django.setup()
    stop_unless_ready()
