"""The demo, made anew in a temporary folder and served as `make run` serves it, for measuring."""

import contextlib
import os
import re
import socket
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "Skills-demo-2026"


@contextlib.contextmanager
def demo() -> Iterator[str]:
    """Give the demo's address; people, work and records in it have the same numbers every time."""
    with tempfile.TemporaryDirectory(prefix="skills-demo-") as folder:
        environment = _environment(folder)
        for command in (["migrate"], ["seed_demo"], ["collectstatic", "--no-input"]):
            subprocess.run(  # noqa: S603  # our own commands
                [sys.executable, "manage.py", *command],
                cwd=ROOT,
                env=environment,
                check=True,
                stdout=subprocess.DEVNULL,
            )
        with subprocess.Popen(
            [sys.executable, "-m", "gunicorn"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        ) as server:
            try:
                if not any("Serving on" in line for line in server.stdout or []):
                    sys.exit("The demo could not be served.")
                yield f"http://127.0.0.1:{environment['PORT']}"
            finally:
                server.terminate()


def session_of(address: str, username: str) -> str:
    """Sign a demo person in as a browser would and give the session's value."""
    jar = CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = browser.open(f"{address}/sign-in/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    if not token:
        sys.exit("The sign-in page has no form.")
    fields = {"csrfmiddlewaretoken": token[1], "username": username, "password": PASSWORD}
    browser.open(f"{address}/sign-in/", urllib.parse.urlencode(fields).encode()).close()
    for cookie in jar:
        if cookie.name == "session" and cookie.value:
            return cookie.value
    sys.exit(f"{username} could not sign in.")


def _environment(folder: str) -> dict[str, str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return {
        "PATH": os.environ["PATH"],
        "DEMO": "1",
        "SECRET_KEY": "of a demo that is thrown away",
        "DATABASE_URL": f"sqlite:///{folder}/demo.sqlite3",
        "SEAL_KEY_FILE": f"{folder}/seal.key",
        "STATIC_ROOT": f"{folder}/static",
        "PORT": str(port),
    }
