"""From publication on the database itself keeps a version as it is."""

import pytest
from django.db import connection

from accounts import guards as account_guards
from assessments import actions
from assessments import guards as assessment_guards
from brokerage_skills.triggers import installed, trigger_name
from frameworks import guards as framework_guards
from frameworks.guards import CONTENT, VERSION
from frameworks.models import FrameworkVersion
from records import guards as record_guards
from tests import builders
from tests.raw import refusal, replace

pytestmark = pytest.mark.django_db(transaction=True)

VERSIONS = "frameworks_frameworkversion"


def test_the_database_holds_exactly_the_triggers_of_the_lists():
    apps = (account_guards, record_guards, framework_guards, assessment_guards)
    guards = [guard for app in apps for guard in app.GUARDS]
    names = {trigger_name(guard) for guard in guards}
    if connection.vendor == "sqlite":
        names = {name for name in names if not name.endswith("_truncate")}

    assert installed(connection) == names


@pytest.mark.parametrize(
    "sql",
    [
        f"UPDATE {VERSIONS} SET label = 'v.99.01'",
        f"UPDATE {VERSIONS} SET attribution = ''",
        f"UPDATE {VERSIONS} SET state = 'draft', published_at = NULL",
        f"UPDATE {VERSIONS} SET published_by_id = NULL",
        f"DELETE FROM {VERSIONS}",
    ],
)
def test_a_published_version_is_kept(sql):
    builders.published_version()

    assert VERSION in refusal(sql)


@pytest.mark.parametrize("table", ["frameworks_level", "frameworks_statement"])
@pytest.mark.parametrize("change", ["UPDATE {0} SET id = id", "DELETE FROM {0}"])
def test_the_wording_of_a_published_version_is_kept(table, change):
    builders.published_version()

    assert CONTENT in refusal(change.format(table))


def test_nothing_is_added_to_a_published_version():
    version = builders.published_version()
    sql = (
        "INSERT INTO frameworks_level (version_id, key, label, rank)"
        " VALUES (%s, 'expert', 'Expert', 9)"
    )

    assert CONTENT in refusal(sql, version.pk)


def test_nothing_replaces_a_row_of_a_published_version():
    builders.published_version()
    statements = [
        sql
        for table in (VERSIONS, "frameworks_level", "frameworks_statement")
        for sql in replace(table, "id = (SELECT min(id) FROM " + table + ")")
    ]

    assert all("cannot be changed" in refusal(sql) for sql in statements)


def test_nothing_moves_into_the_place_of_a_published_version():
    """UPDATE OR REPLACE would delete the row in its way."""
    published, draft = builders.published_version(), second_draft()
    update = "UPDATE OR REPLACE" if connection.vendor == "sqlite" else "UPDATE"
    level, statement = published.levels.first(), published.statements.first()

    statements = [
        f"{update} {VERSIONS} SET id = {published.pk} WHERE id = {draft.pk}",
        f"{update} {VERSIONS} SET content_digest = '{published.content_digest}'"
        f" WHERE id = {draft.pk}",
        f"{update} {VERSIONS} SET state = 'published', published_at = imported_at"
        f" WHERE id = {draft.pk}",
        f"{update} frameworks_level SET id = {level.pk} WHERE id = {draft.levels.first().pk}",
        f"{update} frameworks_statement SET id = {statement.pk}"
        f" WHERE id = {draft.statements.first().pk}",
        f"{update} frameworks_statement SET level_id = {level.pk}"
        f" WHERE id = {draft.statements.first().pk}",
    ]
    assert [sql for sql in statements if "cannot be changed" not in refusal(sql)] == []


def second_draft() -> FrameworkVersion:
    data = builders.SEED.read_bytes().replace(b"Basic transaction forms", b"Simple forms")
    return builders.draft_version(data)


@pytest.mark.parametrize("table", [VERSIONS, "frameworks_level", "frameworks_statement"])
def test_nothing_truncates_a_version(table):
    if connection.vendor != "postgresql":
        assert "syntax error" in refusal(f"TRUNCATE {table}")
        return
    builders.published_version()

    assert "cannot be changed" in refusal(f"TRUNCATE {table} CASCADE")


def test_a_published_version_is_retired_and_published_again():
    version = builders.published_version()

    version = actions.retire_version(version=version, by=None)
    version = actions.publish_version(version=version, by=None)

    assert version.state == "published"


def test_a_draft_can_be_changed():
    builders.draft_version()

    assert refusal("UPDATE frameworks_statement SET text = text") == ""
