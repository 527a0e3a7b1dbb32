"""Database triggers: frozen answers stay frozen, signed and written history stays as it is."""

from functools import partial

from brokerage_skills import triggers
from brokerage_skills.triggers import Guard, changes, refuse

FROZEN = "Ratings that are complete do not change, and none moves to another statement or author."
_RATINGS = "assessments_rating"


def _frozen(row: str) -> str:
    """SQL: the assessment is not in the state, or not in the round, that this row is written in."""
    return (
        "NOT EXISTS (SELECT 1 FROM assessments_assessment AS a"
        f" WHERE a.id = {row}.assessment_id AND a.round = {row}.round"
        f" AND ((a.state = 'draft' AND {row}.role = 'self')"
        f" OR (a.state = 'submitted' AND {row}.role = 'supervisor')"
        f" OR (a.state = 'reviewed' AND {row}.role = 'agreed')))"
    )


_replaced = (
    "EXISTS (SELECT 1 FROM assessments_rating AS t WHERE t.id = NEW.id"
    " OR (t.assessment_id = NEW.assessment_id AND t.statement_id = NEW.statement_id"
    " AND t.role = NEW.role AND t.round = NEW.round))"
)
# A decided dispute opens one more round beside what was signed; nothing else moves.
_SUPERSEDES = (
    "OLD.state = 'signed_off' AND NEW.state = 'signed_off' AND NEW.round = OLD.round + 1"
    " AND NEW.revision = OLD.revision + 1"
)
_FINAL = f"OLD.state IN ('signed_off', 'closed') AND NOT ({_SUPERSEDES})"
# The rows of that round are written before it is signed.
_SUPERSEDING_ROW = (
    "NEW.role IN ('supervisor', 'agreed') AND EXISTS (SELECT 1 FROM assessments_assessment AS a"
    " WHERE a.id = NEW.assessment_id AND a.round = NEW.round AND a.state = 'signed_off')"
    " AND NOT EXISTS (SELECT 1 FROM assessments_signoff AS s"
    " WHERE s.assessment_id = NEW.assessment_id AND s.round = NEW.round"
    " AND s.record_id IS NOT NULL)"
)


def _taken(table: str, column: str) -> str:
    """SQL: another row holds the value; UPDATE OR REPLACE would delete that one unasked."""
    return f"EXISTS (SELECT 1 FROM {table} AS t WHERE t.{column} = NEW.{column} AND t.id <> OLD.id)"


def _talk_frozen(row: str) -> str:
    """SQL: the assessment is not being reconciled in this row's round."""
    return (
        "NOT EXISTS (SELECT 1 FROM assessments_assessment AS a"
        f" WHERE a.id = {row}.assessment_id AND a.round = {row}.round AND a.state = 'reviewed')"
    )


_ANSWER_FROZEN = (
    "NOT EXISTS (SELECT 1 FROM assessments_reconciliation AS r"
    " JOIN assessments_assessment AS a ON a.id = r.assessment_id"
    " WHERE r.id = NEW.reconciliation_id AND a.round = r.round AND a.state = 'reviewed')"
)
_DISPUTE_RATED = (
    "EXISTS (SELECT 1 FROM assessments_dispute AS d"
    " WHERE d.id = {row}.dispute_id AND (d.rated_at IS NOT NULL OR d.outcome <> ''))"
)
REPLACED = "An assessment cannot be replaced."
STRANGE = "Only answers of the same clerk are carried over."
STRAY = "A rating is of a statement that its assessment asks; a clerk rates as themselves."
UNPUBLISHED = "Work is done on a published version of one framework."
RECONCILED = "What was reconciled cannot be changed."
SEALED = "A sign-off cannot be changed."
DISPUTED = "A dispute cannot be changed."
REVOKED = "A revocation cannot be changed."
UNREVOKED = "A sealed sign-off is revoked by its own record and by somebody else."
TAKEN_BACK = "What was revoked is not disputed or superseded any more."
RULE = "A rule cannot be changed."
_MUST_HAVE = "assessments_placementrule_must_have"

GUARDS = [
    Guard(
        "rating_is_frozen",
        _RATINGS,
        "INSERT",
        FROZEN,
        f"({_frozen('NEW')} AND NOT ({_SUPERSEDING_ROW})) OR {_replaced}",
    ),
    Guard(
        "rating_is_frozen",
        _RATINGS,
        "UPDATE",
        FROZEN,
        changes(
            "id assessment_id statement_id role round carried_from_id",
            f"{_frozen('OLD')} OR {_frozen('NEW')}"
            " OR (NEW.role = 'self' AND NEW.author_id <> OLD.author_id)",
        ),
    ),
    Guard("rating_is_frozen", _RATINGS, "DELETE", FROZEN, _frozen("OLD")),
    Guard("rating_is_frozen", _RATINGS, "TRUNCATE", FROZEN),
    Guard(
        "assessment_is_final",
        "assessments_assessment",
        "UPDATE",
        "A signed off or closed assessment cannot be changed.",
        _FINAL,
    ),
    Guard(
        "assessment_is_kept",
        "assessments_assessment",
        "INSERT",
        REPLACED,
        "EXISTS (SELECT 1 FROM assessments_assessment AS t WHERE t.id = NEW.id"
        " OR (t.clerk_id = NEW.clerk_id AND t.cycle_id = NEW.cycle_id"
        " AND t.state <> 'closed' AND NEW.state <> 'closed'))",
    ),
    Guard(
        "assessment_is_kept",
        "assessments_assessment",
        "UPDATE",
        REPLACED,
        changes("id clerk_id cycle_id version_id rule_id started_at continues_id"),
    ),
    Guard(
        "assessment_continues_own",
        "assessments_assessment",
        "INSERT",
        STRANGE,
        "EXISTS (SELECT 1 FROM assessments_assessment AS t WHERE t.id = NEW.continues_id"
        " AND t.clerk_id <> NEW.clerk_id)",
    ),
    Guard(
        "rating_fits",
        _RATINGS,
        "INSERT",
        STRAY,
        "EXISTS (SELECT 1 FROM assessments_assessment AS a JOIN frameworks_statement AS s"
        " ON s.id = NEW.statement_id WHERE a.id = NEW.assessment_id"
        " AND (s.version_id <> a.version_id"
        " OR (NEW.role = 'self' AND NEW.author_id <> a.clerk_id)))",
    ),
    Guard(
        "rating_carried_is_own",
        _RATINGS,
        "INSERT",
        STRANGE,
        f"NEW.carried_from_id = NEW.id OR EXISTS (SELECT 1 FROM {_RATINGS} AS t"
        " JOIN frameworks_statement AS o ON o.id = t.statement_id"
        " JOIN frameworks_statement AS s ON s.id = NEW.statement_id"
        " WHERE t.id = NEW.carried_from_id AND (t.role <> 'self' OR t.author_id <> NEW.author_id"
        " OR t.assessment_id = NEW.assessment_id OR o.competency_id <> s.competency_id))",
    ),
    Guard(
        "assessment_is_on_published",
        "assessments_assessment",
        "INSERT",
        UNPUBLISHED,
        "EXISTS (SELECT 1 FROM frameworks_frameworkversion AS v"
        " JOIN assessments_cycle AS c ON c.id = NEW.cycle_id"
        " JOIN frameworks_frameworkversion AS w ON w.id = c.version_id"
        " WHERE v.id = NEW.version_id"
        " AND (v.state = 'draft' OR v.framework_id <> w.framework_id))",
    ),
    *[
        Guard(
            "cycle_is_on_published",
            "assessments_cycle",
            event,
            UNPUBLISHED,
            "EXISTS (SELECT 1 FROM frameworks_frameworkversion AS v"
            " JOIN frameworks_frameworkversion AS w ON w.id = NEW.version_id"
            " WHERE v.id IN (NEW.version_id, NEW.moved_to_id)"
            " AND (v.state = 'draft' OR v.framework_id <> w.framework_id))" + kept,
        )
        for event, kept in (("INSERT", ""), ("UPDATE", f" OR ({changes('version_id')})"))
    ],
    Guard(
        "assessment_is_kept",
        "assessments_assessment",
        "DELETE",
        "An assessment cannot be deleted.",
    ),
    *refuse(
        "rating_change_is_kept",
        "assessments_ratingchange",
        "The history of ratings cannot be changed.",
    ),
    *refuse("event_is_kept", "assessments_event", "The history of steps cannot be changed."),
    *refuse(
        "sign_off_is_sealed",
        "assessments_signoff",
        SEALED,
        "id",
        "record_id",
        update_when=changes(
            "id assessment_id round clerk_id level_id suggested_level_id rule_id"
            " justification_category justification signed_by_id on_behalf_of_id signed_at"
            " needs_second valid_until supersedes_id correction_reason",
            "OLD.record_id IS NOT NULL OR OLD.declined_at IS NOT NULL"
            f" OR OLD.voided_at IS NOT NULL OR {_taken('assessments_signoff', 'record_id')}",
        ),
    ),
    Guard(
        "sign_off_is_alone",
        "assessments_signoff",
        "INSERT",
        SEALED,
        "EXISTS (SELECT 1 FROM assessments_signoff AS t WHERE t.declined_at IS NULL"
        " AND t.voided_at IS NULL AND NEW.declined_at IS NULL AND NEW.voided_at IS NULL"
        " AND ((t.assessment_id = NEW.assessment_id AND t.round = NEW.round)"
        " OR t.supersedes_id = NEW.supersedes_id))",
    ),
    Guard(
        "reconciliation_is_kept",
        "assessments_reconciliation",
        "INSERT",
        RECONCILED,
        f"{_talk_frozen('NEW')} OR EXISTS (SELECT 1 FROM assessments_reconciliation AS t"
        " WHERE t.id = NEW.id OR (t.assessment_id = NEW.assessment_id"
        " AND t.statement_id = NEW.statement_id AND t.round = NEW.round))",
    ),
    Guard(
        "reconciliation_is_kept",
        "assessments_reconciliation",
        "UPDATE",
        RECONCILED,
        changes("id assessment_id statement_id round", _talk_frozen("OLD")),
    ),
    Guard("reconciliation_is_kept", "assessments_reconciliation", "DELETE", RECONCILED),
    Guard("reconciliation_is_kept", "assessments_reconciliation", "TRUNCATE", RECONCILED),
    *refuse("answer_is_kept", "assessments_reconciliationanswer", RECONCILED),
    Guard(
        "answer_is_in_time",
        "assessments_reconciliationanswer",
        "INSERT",
        RECONCILED,
        _ANSWER_FROZEN,
    ),
    *refuse(
        "acknowledgement_is_kept",
        "assessments_acknowledgement",
        "An acknowledgement cannot be changed.",
        "id",
        "sign_off_id",
        "record_id",
    ),
    *refuse(
        "dispute_is_kept",
        "assessments_dispute",
        DISPUTED,
        "id",
        "sign_off_id",
        "record_id",
        update_when=changes(
            "id sign_off_id reason opened_by_id opened_at",
            f"OLD.outcome <> '' OR {_taken('assessments_dispute', 'record_id')}",
        ),
    ),
    Guard(
        "disputed_statement_is_kept",
        "assessments_disputedstatement",
        "INSERT",
        DISPUTED,
        f"{_DISPUTE_RATED.format(row='NEW')} OR EXISTS (SELECT 1"
        " FROM assessments_disputedstatement AS t WHERE t.id = NEW.id"
        " OR (t.dispute_id = NEW.dispute_id AND t.statement_id = NEW.statement_id))",
    ),
    Guard(
        "disputed_statement_is_kept",
        "assessments_disputedstatement",
        "UPDATE",
        DISPUTED,
        changes("id dispute_id statement_id", _DISPUTE_RATED.format(row="OLD")),
    ),
    Guard("disputed_statement_is_kept", "assessments_disputedstatement", "DELETE", DISPUTED),
    Guard("disputed_statement_is_kept", "assessments_disputedstatement", "TRUNCATE", DISPUTED),
    *refuse(
        "revocation_is_kept",
        "assessments_revocation",
        REVOKED,
        "id",
        "sign_off_id",
        "record_id",
    ),
    Guard(
        "revocation_fits",
        "assessments_revocation",
        "INSERT",
        UNREVOKED,
        "NOT EXISTS (SELECT 1 FROM assessments_signoff AS s"
        " JOIN records_record AS r ON r.supersedes_id = s.record_id"
        " WHERE s.id = NEW.sign_off_id AND s.clerk_id <> NEW.by_id"
        " AND r.sequence = NEW.record_id AND r.kind = 'revocation')"
        " OR EXISTS (SELECT 1 FROM assessments_dispute AS d"
        " WHERE d.sign_off_id = NEW.sign_off_id AND d.outcome = '')"
        " OR EXISTS (SELECT 1 FROM assessments_signoff AS s WHERE s.supersedes_id = NEW.sign_off_id"
        " AND s.declined_at IS NULL AND s.voided_at IS NULL)",
    ),
    *[
        Guard(
            name,
            table,
            "INSERT",
            TAKEN_BACK,
            f"EXISTS (SELECT 1 FROM assessments_revocation AS t WHERE t.sign_off_id = {column})",
        )
        for name, table, column in (
            ("revoked_is_not_disputed", "assessments_dispute", "NEW.sign_off_id"),
            ("revoked_is_not_superseded", "assessments_signoff", "NEW.supersedes_id"),
        )
    ],
    *refuse(
        "appointment_is_kept",
        "assessments_appointment",
        "An appointment cannot be changed.",
        "id",
        "record_id",
        "ended_record_id",
        update_when=changes(
            "id person_id up_to_level_id reason ends_on appointed_by_id appointed_at record_id",
            "OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL"
            f" OR {_taken('assessments_appointment', 'ended_record_id')}",
        ),
    ),
    *refuse("rule_is_kept", "assessments_placementrule", RULE, "id", "number"),
    *refuse("must_have_is_kept", _MUST_HAVE, RULE, "id", "placementrule_id competency_id"),
    Guard(
        "must_have_is_in_time",
        _MUST_HAVE,
        "INSERT",
        RULE,
        "EXISTS (SELECT 1 FROM assessments_cycle AS c WHERE c.rule_id = NEW.placementrule_id)",
    ),
]

install = partial(triggers.install, guards=GUARDS)
drop = partial(triggers.drop, guards=GUARDS)
