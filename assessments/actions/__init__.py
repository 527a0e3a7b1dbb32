from assessments.actions.appointments import appoint, end_appointment
from assessments.actions.cycles import CycleRefused, close_cycle, default_rule, open_cycle
from assessments.actions.publishing import VersionInUse, publish_version, retire_version
from assessments.actions.rating import Conflict, Entry, RatingRefused, save_rating, save_ratings
from assessments.actions.reconciling import (
    answer_statement,
    close_unanswered,
    complete_review,
    reconcile_assessment,
    take_back_statement,
)
from assessments.actions.refusals import Moved, NotYours, WorkflowError
from assessments.actions.signing import decline_sign_off, sign_off_assessment, sign_second
from assessments.actions.steps import (
    close_assessment,
    return_assessment,
    start_assessment,
    submit_assessment,
    withdraw_assessment,
)

__all__ = [
    "Conflict",
    "CycleRefused",
    "Entry",
    "Moved",
    "NotYours",
    "RatingRefused",
    "VersionInUse",
    "WorkflowError",
    "answer_statement",
    "appoint",
    "close_assessment",
    "close_cycle",
    "close_unanswered",
    "complete_review",
    "decline_sign_off",
    "default_rule",
    "end_appointment",
    "open_cycle",
    "publish_version",
    "reconcile_assessment",
    "retire_version",
    "return_assessment",
    "save_rating",
    "save_ratings",
    "sign_off_assessment",
    "sign_second",
    "start_assessment",
    "submit_assessment",
    "take_back_statement",
    "withdraw_assessment",
]
