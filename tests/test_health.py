import io
import time

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections

from assessments.apps import drop_guards
from brokerage_skills import health
from brokerage_skills.health import database_findings, findings
from tests import builders


def problems(found):
    return {finding.name: finding.problem for finding in found if finding.problem}


def test_live_asks_no_database(client):
    answer = client.get("/healthz/live")

    assert (answer.status_code, answer.content) == (200, b"live\n")


@pytest.mark.django_db(transaction=True)
def test_ready_names_what_was_checked_and_no_version(client):
    answer = client.get("/healthz/ready")

    assert answer.status_code == 200
    checks = dict.fromkeys(("disk", "database", "migrations", "guards"), "ok")
    assert answer.json() == {"ready": True, "checks": checks}


@pytest.mark.django_db
def test_a_migration_that_is_missing_is_said():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'records'")

    assert "not applied" in problems(database_findings(connection))["migrations"]


@pytest.mark.django_db
def test_a_guard_that_is_missing_is_said():
    assert problems(database_findings(connection)) == {}

    drop_guards(using=connection.alias)

    assert "guards are missing" in problems(database_findings(connection))["guards"]


@pytest.mark.django_db
def test_a_disk_that_is_full_is_said(monkeypatch):
    monkeypatch.setattr(health, "LEAST_FREE", 1.1)

    assert "of the disk is free" in problems(findings())["disk"]


@pytest.mark.django_db
def test_a_database_that_is_gone_is_said_within_two_seconds_and_live_goes_on(client, monkeypatch):
    gone = {"NAME": "/no/such/place", "HOST": "/no/such/place"}
    monkeypatch.setitem(connections.settings, "default", connections.settings["default"] | gone)
    began = time.monotonic()

    answer = client.get("/healthz/ready")

    assert answer.status_code == 503
    assert answer.json()["checks"]["database"] == "The database does not answer."
    assert time.monotonic() - began < 2
    assert client.get("/healthz/live").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_selfcheck_says_line_by_line_what_is_missing(settings):
    settings.SECRET_KEY_MISSING, settings.DEMO = False, True
    builders.published_version()
    told = io.StringIO()
    with pytest.raises(CommandError):
        call_command("selfcheck", stdout=told)
    assert "ledger      It was never verified" in told.getvalue()

    call_command("verify_records", stdout=io.StringIO())
    told = io.StringIO()
    with pytest.raises(CommandError):  # the tests are served over plain http
        call_command("selfcheck", stdout=told)

    lines = dict(line.split(maxsplit=1) for line in told.getvalue().splitlines())
    assert [lines[name] for name in ("disk", "database", "migrations", "guards")] == ["ok"] * 4
    assert (lines["serving"], lines["ledger"]) == ("ok", "ok")
    assert "SECURE_SSL_REDIRECT" in lines["settings"]
