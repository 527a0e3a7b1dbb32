"""Database triggers: frozen answers stay frozen, signed and written history stays as it is."""

from functools import partial

from brokerage_skills import triggers
from brokerage_skills.triggers import Guard, refuse

FROZEN = "These ratings are complete and can no longer be changed."
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
_FINAL = "OLD.state IN ('signed_off', 'closed')"

GUARDS = [
    Guard("rating_is_frozen", _RATINGS, "INSERT", FROZEN, f"{_frozen('NEW')} OR {_replaced}"),
    Guard("rating_is_frozen", _RATINGS, "UPDATE", FROZEN, f"{_frozen('OLD')} OR {_frozen('NEW')}"),
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
        "An assessment cannot be replaced.",
        "EXISTS (SELECT 1 FROM assessments_assessment AS t WHERE t.id = NEW.id"
        " OR (t.clerk_id = NEW.clerk_id AND t.cycle_id = NEW.cycle_id"
        " AND t.state <> 'closed' AND NEW.state <> 'closed'))",
    ),
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
        "A sign-off cannot be changed.",
        "id",
        "record_id",
        "assessment_id round",
    ),
    *refuse(
        "rule_is_kept", "assessments_placementrule", "A rule cannot be changed.", "id", "number"
    ),
]

install = partial(triggers.install, guards=GUARDS)
drop = partial(triggers.drop, guards=GUARDS)
