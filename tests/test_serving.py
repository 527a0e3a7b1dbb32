import os
import subprocess
import sys

import pytest
from django.db import connection

from assessments.apps import drop_guards
from brokerage_skills.serving import find_obstacles
from tests import builders

KEY = "a text of fifty characters and more that is no secret"


@pytest.fixture(autouse=True)
def production(settings, tmp_path):
    settings.SECRET_KEY_MISSING, settings.SECRET_KEY = False, KEY
    settings.DEMO = settings.DEBUG = False
    settings.SEAL_KEY_FILE = tmp_path / "seal.key"
    settings.SEAL_KEY_FILE.touch()


def serve(database, *command, **environment):
    """Run a command as a new server process would, with nothing set but what is given."""
    return subprocess.run(
        [sys.executable, *command],
        env={"PATH": os.environ["PATH"], "DATABASE_URL": f"sqlite:///{database}", **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.django_db
def test_find_obstacles_lets_a_complete_installation_serve():
    builders.user()

    assert find_obstacles(database_must_answer=True) == []


@pytest.mark.django_db
def test_find_obstacles_names_demo_people():
    builders.user(is_demo=True)

    [obstacle] = find_obstacles(database_must_answer=True)

    assert "demo people" in obstacle


@pytest.mark.django_db
def test_find_obstacles_lets_the_demo_have_demo_people_and_no_seal_key_yet(settings):
    settings.DEMO = True
    settings.SEAL_KEY_FILE.unlink()
    builders.user(is_demo=True)

    assert find_obstacles(database_must_answer=True) == []


@pytest.mark.django_db
def test_find_obstacles_does_not_take_debug_for_the_demo(settings):
    settings.DEBUG = True
    builders.user(is_demo=True)

    assert any("demo people" in obstacle for obstacle in find_obstacles(database_must_answer=True))


@pytest.mark.django_db
def test_find_obstacles_names_a_missing_seal_key(settings):
    settings.SEAL_KEY_FILE.unlink()

    [obstacle] = find_obstacles(database_must_answer=True)

    assert str(settings.SEAL_KEY_FILE) in obstacle


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SECRET_KEY", "too short", "SECRET_KEY is no secret"),
        ("SECRET_KEY", f"django-insecure-{KEY}", "SECRET_KEY is no secret"),
        ("ALLOWED_HOSTS", ["*"], "ALLOWED_HOSTS allows any name"),
        ("DEBUG", True, "DEBUG is on"),
    ],
)
def test_find_obstacles_names_what_is_not_safe_and_lets_the_demo_have_it(
    settings, name, value, words
):
    setattr(settings, name, value)

    [obstacle] = find_obstacles(database_must_answer=True)
    assert words in obstacle

    settings.DEMO = True
    assert find_obstacles(database_must_answer=True) == []


@pytest.mark.django_db
def test_find_obstacles_names_missing_guards_and_migrations():
    drop_guards(using=connection.alias)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'records'")

    migrations, guards = find_obstacles(database_must_answer=True)

    assert "migrations are not applied" in migrations
    assert "guards are missing" in guards
    assert find_obstacles(database_must_answer=False) == []


@pytest.mark.django_db
def test_find_obstacles_names_everything_at_once(settings):
    settings.SECRET_KEY_MISSING = True
    settings.SEAL_KEY_FILE.unlink()
    builders.user(is_demo=True)

    assert len(find_obstacles(database_must_answer=True)) == 3


def test_serving_refuses_a_database_without_tables(tmp_path, settings):
    seal_key = str(settings.SEAL_KEY_FILE)

    server = serve(
        tmp_path / "empty.sqlite3",
        "-m",
        "brokerage_skills.serving",
        SECRET_KEY=KEY,
        SEAL_KEY_FILE=seal_key,
    )

    assert server.returncode == 3
    assert "the database cannot be read" in server.stderr
    assert "Traceback" not in server.stderr


def test_wsgi_lets_a_worker_come_back_while_the_database_is_away(tmp_path, settings):
    seal_key = str(settings.SEAL_KEY_FILE)

    worker = serve(
        tmp_path / "empty.sqlite3",
        "-c",
        "import brokerage_skills.wsgi",
        SECRET_KEY=KEY,
        SEAL_KEY_FILE=seal_key,
    )

    assert worker.returncode == 0
    assert "Not serving" not in worker.stderr


@pytest.mark.parametrize("command", [["-m", "gunicorn"], ["-c", "import brokerage_skills.wsgi"]])
def test_serving_refuses_without_a_secret_key(tmp_path, command):
    server = serve(tmp_path / "empty.sqlite3", *command, PORT="0", DEMO="1")

    assert server.returncode == 3
    assert "Not serving: SECRET_KEY is not set." in server.stderr
    assert "Traceback" not in server.stderr
