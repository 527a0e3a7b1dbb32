"""Database triggers: from publication on, a version and its wording stay as they are."""

from functools import partial

from brokerage_skills import triggers
from brokerage_skills.triggers import Guard

VERSION = "A published version cannot be changed."
CONTENT = "The levels and statements of a published version cannot be changed."
PAIR = "A change names a statement of its version, and one of an earlier version of the same."

# Publishing and retiring are the one change let through.
_KEPT_COLUMNS = [
    *("id", "framework_id", "label", "description", "context_covered", "schema_version"),
    *("exported_at", "sources", "attribution", "source_bytes", "source_sha256"),
    *("content_digest", "replaces_id", "imported_at", "imported_by_id"),
]
_something_else_changed = " OR ".join(
    f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in _KEPT_COLUMNS
)
_moved = "NEW.state IN ('published', 'retired') AND NEW.state <> OLD.state"


def _taken(table: str, condition: str, unique: str) -> str:
    """SQL: writing a row would replace one of a version that is not a draft."""
    return (
        f"EXISTS (SELECT 1 FROM {table} AS t JOIN frameworks_frameworkversion AS v"
        f" ON v.id = {condition} WHERE v.state <> 'draft' AND ({unique}))"
    )


def _of_published(row: str) -> str:
    return (
        "EXISTS (SELECT 1 FROM frameworks_frameworkversion AS v"
        f" WHERE v.id = {row}.version_id AND v.state <> 'draft')"
    )


def _content(name: str, table: str, unique: str) -> list[Guard]:
    inserts = f"{_of_published('NEW')} OR {_taken(table, 't.version_id', unique)}"
    other = _taken(table, "t.version_id", f"t.id <> OLD.id AND ({unique})")
    either = f"{_of_published('NEW')} OR {_of_published('OLD')} OR {other}"
    return [
        Guard(name, table, "INSERT", CONTENT, inserts),
        Guard(name, table, "UPDATE", CONTENT, either),
        Guard(name, table, "DELETE", CONTENT, _of_published("OLD")),
        Guard(name, table, "TRUNCATE", CONTENT),
    ]


# The new wording is of the version itself; the old one of a version that was published.
_STRANGE = (
    "EXISTS (SELECT 1 FROM frameworks_statement AS s WHERE s.id = NEW.new_statement_id"
    " AND s.version_id <> NEW.version_id) OR EXISTS (SELECT 1 FROM frameworks_statement AS s"
    " JOIN frameworks_frameworkversion AS o ON o.id = s.version_id"
    " JOIN frameworks_frameworkversion AS v ON v.id = NEW.version_id"
    " WHERE s.id = NEW.old_statement_id AND (o.id = v.id OR o.state = 'draft'"
    " OR o.framework_id <> v.framework_id))"
)

_TABLE = "frameworks_frameworkversion"
_same = (
    "t.id = NEW.id OR (t.framework_id = NEW.framework_id AND (t.content_digest ="
    " NEW.content_digest OR (t.state = 'published' AND NEW.state = 'published')))"
)
GUARDS = [
    Guard(
        "version_is_kept",
        _TABLE,
        "INSERT",
        VERSION,
        f"NEW.state <> 'draft' OR EXISTS (SELECT 1 FROM {_TABLE} AS t"
        f" WHERE t.state <> 'draft' AND ({_same}))",
    ),
    Guard(
        "version_is_kept",
        _TABLE,
        "UPDATE",
        VERSION,
        f"(OLD.state <> 'draft' AND (NOT ({_moved}) OR {_something_else_changed}))"
        " OR (OLD.state = 'draft' AND (NEW.state = 'retired' OR (NEW.state = 'published' AND"
        " EXISTS (SELECT 1 FROM frameworks_statement AS s"
        " WHERE s.version_id = OLD.id AND s.competency_id IS NULL))))"
        f" OR EXISTS (SELECT 1 FROM {_TABLE} AS t"
        f" WHERE t.state <> 'draft' AND t.id <> OLD.id AND ({_same}))",
    ),
    Guard("version_is_kept", _TABLE, "DELETE", VERSION, "OLD.state <> 'draft'"),
    Guard("version_is_kept", _TABLE, "TRUNCATE", VERSION),
    *_content(
        "level_is_kept",
        "frameworks_level",
        "t.id = NEW.id OR (t.version_id = NEW.version_id"
        " AND (t.key = NEW.key OR t.rank = NEW.rank))",
    ),
    *_content(
        "statement_is_kept",
        "frameworks_statement",
        "t.id = NEW.id OR (t.level_id = NEW.level_id AND t.position = NEW.position)"
        " OR (t.version_id = NEW.version_id AND t.competency_id = NEW.competency_id)",
    ),
    *_content(
        "statement_change_is_kept",
        "frameworks_statementchange",
        "t.id = NEW.id OR (t.version_id = NEW.version_id AND (t.old_statement_id ="
        " NEW.old_statement_id OR t.new_statement_id = NEW.new_statement_id))",
    ),
    Guard("statement_change_fits", "frameworks_statementchange", "INSERT", PAIR, _STRANGE),
    Guard("statement_change_fits", "frameworks_statementchange", "UPDATE", PAIR, _STRANGE),
]

install = partial(triggers.install, guards=GUARDS)
drop = partial(triggers.drop, guards=GUARDS)
