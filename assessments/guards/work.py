"""What is frozen or written down while an assessment is worked on."""

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
# A decided dispute or a correction opens one more round beside what was signed; nothing else moves.
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
REPLACED = "An assessment cannot be replaced."
STRANGE = "Only answers of the same clerk are carried over."
STRAY = "A rating is of a statement that its assessment asks; a clerk rates as themselves."
UNPUBLISHED = "Work is done on a published version of one framework."
RECONCILED = "What was reconciled cannot be changed."
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
