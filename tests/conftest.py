import pytest
from django.db import connection

from assessments.apps import drop_guards


@pytest.fixture(autouse=True)
def plain_settings(settings, tmp_path_factory):
    """Static files without collecting, quick passwords, and a sealing key of the tests' own."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.SEAL_KEY_FILE = tmp_path_factory.getbasetemp() / "seal.key"


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
