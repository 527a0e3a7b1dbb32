"""A process that does one thing to the database and is killed on the way, as a crash would.

Run as `python -m tests.killing`: it reads orders from standard input, one JSON a line, carries each
out in a child of its own, and answers with how far the child came.
"""

import importlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent


class Outcome(NamedTuple):
    """Whether the child was killed, how many statements it had sent, and how long it lived."""

    killed: bool
    statements: int
    seconds: float


class Killer:
    """The process that is set up once and forks a child for each order."""

    def __init__(self, database: dict[str, Any], seal_key: str) -> None:
        env = {
            **os.environ,
            "DATABASE_URL": _url(database),
            "DATABASE_POOL": "off",
            "SEAL_KEY_FILE": seal_key,
            "DJANGO_SETTINGS_MODULE": "brokerage_skills.settings",
            "SECRET_KEY": "x",
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.killing"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=env,
        )

    def __enter__(self) -> "Killer":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def order(self, what: str, at: int | float | str, **details: Any) -> Outcome:
        """Kill before the statement of this number, after so many seconds, or "before commit"."""
        line = json.dumps({"what": what, "at": at, **details})
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return Outcome(*json.loads(self._process.stdout.readline()))


def _url(database: dict[str, Any]) -> str:
    if database["ENGINE"].endswith("sqlite3"):
        return f"sqlite:///{database['NAME']}"
    given = os.environ["DATABASE_URL"]
    return f"{given[: given.rindex('/')]}/{database['NAME']}"


def carry_out(order: dict[str, Any]) -> None:
    """Call the action as a page would: no transaction around it, so that its own is what counts."""
    from assessments.actions import Policy, publish_version
    from frameworks.actions import import_version
    from frameworks.models import FrameworkVersion

    if order["what"] == "import":
        import_version(data=Path(order["file"]).read_bytes(), by=None)
        return
    version = FrameworkVersion.objects.get(pk=order["version"])
    publish_version(version=version, by=None, policy={order["cycle"]: Policy.MOVE})


def child(order: dict[str, Any], pipe: int) -> None:
    """Do what is ordered; `pipe` is told of each statement before it is sent."""
    from django.db import connection

    def die():
        os.kill(os.getpid(), signal.SIGKILL)

    def count(execute, sql, params, many, context):
        count.sent += 1
        if count.sent == order["at"]:
            die()
        os.write(pipe, b".")
        return execute(sql, params, many, context)

    count.sent = 0
    if order["at"] == "before commit":
        connection.commit = die
    with connection.execute_wrapper(count):
        carry_out(order)
    die()


def run(order: dict[str, Any]) -> Outcome:
    """Fork, let it work, and kill it at a given time if it has not come to its end."""
    reading, writing = os.pipe()
    began = time.monotonic()
    if (pid := os.fork()) == 0:
        try:
            child(order, writing)
        finally:
            os._exit(1)  # what was not killed has failed
    os.close(writing)
    if isinstance(order["at"], float):
        time.sleep(order["at"])
        os.kill(pid, signal.SIGKILL)
    with os.fdopen(reading, "rb") as sent:
        statements = len(sent.read())
    _, status = os.waitpid(pid, 0)
    return Outcome(os.WIFSIGNALED(status), statements, time.monotonic() - began)


def main() -> None:
    import django

    django.setup()
    # Loaded once: a child that is killed early is then killed at work, not while it loads.
    importlib.import_module("assessments.actions")
    for line in sys.stdin:
        print(json.dumps(run(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
