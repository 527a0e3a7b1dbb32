import shutil
import tempfile
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings as django_settings
from django.db import connection, transaction

from assessments.apps import drop_guards

_folder = Path(tempfile.mkdtemp(prefix="skills-tests-"))


def pytest_addoption(parser):
    parser.addoption(
        "--only-database",
        action="store_true",
        help="Only tests that ask a database, without pages.",
    )


def pytest_collection_modifyitems(config, items):
    """Leave out, where asked to, what cannot answer otherwise on another database.

    Pages ask through the reads and actions that are tested there; every one of them is opened
    there by test_access, and the flows walk through them.
    """
    if config.getoption("--only-database"):
        fixtures = {"db", "transactional_db", "live_server"}
        kept = [
            item
            for item in items
            if (item.get_closest_marker("django_db") or fixtures & {*item.fixturenames})
            and "views" not in item.path.parts
            and not item.get_closest_marker("one_database")
        ]
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = kept


def pytest_configure():
    """Make the tests the same wherever they run: whatever the environment says about transport.

    Not a fixture, because the live server reads settings before any fixture of a test.
    """
    # Machines are shared: how long an example takes says nothing of the code.
    hypothesis.settings.register_profile("shared", deadline=None)
    hypothesis.settings.load_profile("shared")
    django_settings.DEBUG = django_settings.DEMO = False
    django_settings.STORAGES = {
        **django_settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Each test client lists what was collected for serving.
    django_settings.STATIC_ROOT = _folder / "static"
    django_settings.SEAL_KEY_FILE = _folder / "seal.key"
    django_settings.SECURE_SSL_REDIRECT = False
    django_settings.SESSION_COOKIE_SECURE = django_settings.CSRF_COOKIE_SECURE = False
    django_settings.SESSION_COOKIE_NAME, django_settings.CSRF_COOKIE_NAME = "session", "csrf"
    if connection.vendor == "sqlite":
        # A file of its own for each process, so that two runs at once do not meet.
        django_settings.DATABASES["default"]["TEST"]["NAME"] = str(_folder / "test.sqlite3")


def pytest_unconfigure():
    shutil.rmtree(_folder, ignore_errors=True)


@pytest.fixture(scope="module")
def kept_rows(django_db_setup, django_db_blocker):
    """A transaction around a module: what its own fixtures build stands for each of its tests.

    Each test's own transaction lies inside and is taken back as ever, so none of them may be
    transactional. Objects that a test changes are to be copied for it.
    """
    around = transaction.atomic()
    around._from_testcase = True  # as Django's TestCase does: durable blocks may run inside
    with django_db_blocker.unblock(), around:
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def firm(kept_rows):
    """One of everything, the same for each test of a module."""
    from tests import world

    return world.build()


@pytest.fixture(autouse=True)
def _flushable(request):
    """Drop the guards after a transactional test: its flush could not empty the tables.

    The flush sends post_migrate, which installs them again.
    """
    marker = request.node.get_closest_marker("django_db")
    live = {"transactional_db", "live_server"} & set(request.fixturenames)
    transactional = bool(live) or bool(marker and marker.kwargs.get("transaction"))
    if transactional:
        request.getfixturevalue("transactional_db")
    yield
    if transactional:
        drop_guards(using=connection.alias)
