"""What is signed, and what follows a signature."""

from brokerage_skills.triggers import Guard, changes, refuse

SEALED = "A sign-off cannot be changed."
DISPUTED = "A dispute cannot be changed."
REVOKED = "A revocation cannot be changed."
UNREVOKED = "A sealed sign-off is revoked by its own record and by somebody else."
TAKEN_BACK = "What was revoked is not disputed or superseded any more."
_DISPUTE_RATED = (
    "EXISTS (SELECT 1 FROM assessments_dispute AS d"
    " WHERE d.id = {row}.dispute_id AND (d.rated_at IS NOT NULL OR d.outcome <> ''))"
)


def _taken(table: str, column: str) -> str:
    """SQL: another row holds the value; UPDATE OR REPLACE would delete that one unasked."""
    return f"EXISTS (SELECT 1 FROM {table} AS t WHERE t.{column} = NEW.{column} AND t.id <> OLD.id)"


GUARDS = [
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
]
