from assessments.actions.acknowledging import acknowledge_sign_off
from assessments.actions.appointments import appoint, end_appointment
from assessments.actions.carrying import bring_over, undo_carry_over
from assessments.actions.correcting import correct_sign_off
from assessments.actions.cycles import CycleRefused, close_cycle, open_cycle
from assessments.actions.disputes import (
    Answer,
    name_decider,
    open_dispute,
    rate_disputed,
    supersede_sign_off,
    uphold_sign_off,
)
from assessments.actions.people import (
    change_team,
    deactivate_person,
    foresee,
    import_people,
    move_person,
    reactivate_person,
)
from assessments.actions.publishing import (
    Policy,
    VersionInUse,
    publish_version,
    retire_version,
)
from assessments.actions.rating import Conflict, Entry, RatingRefused, save_rating, save_ratings
from assessments.actions.reconciling import (
    answer_statement,
    close_unanswered,
    complete_review,
    reconcile_assessment,
    take_back_statement,
)
from assessments.actions.refusals import Already, Moved, NotYours, WorkflowError
from assessments.actions.revoking import revoke_sign_off
from assessments.actions.rules import add_rule, default_rule
from assessments.actions.second_signature import decline_sign_off, sign_second
from assessments.actions.signing import sign_off_assessment
from assessments.actions.starting import start_assessment
from assessments.actions.steps import (
    close_assessment,
    return_assessment,
    submit_assessment,
    withdraw_assessment,
)
from assessments.actions.taking_over import take_over_review

__all__ = [
    "Already",
    "Answer",
    "Conflict",
    "CycleRefused",
    "Entry",
    "Moved",
    "NotYours",
    "Policy",
    "RatingRefused",
    "VersionInUse",
    "WorkflowError",
    "acknowledge_sign_off",
    "add_rule",
    "answer_statement",
    "appoint",
    "bring_over",
    "change_team",
    "close_assessment",
    "close_cycle",
    "close_unanswered",
    "complete_review",
    "correct_sign_off",
    "deactivate_person",
    "decline_sign_off",
    "default_rule",
    "end_appointment",
    "foresee",
    "import_people",
    "move_person",
    "name_decider",
    "open_cycle",
    "open_dispute",
    "publish_version",
    "rate_disputed",
    "reactivate_person",
    "reconcile_assessment",
    "retire_version",
    "return_assessment",
    "revoke_sign_off",
    "save_rating",
    "save_ratings",
    "sign_off_assessment",
    "sign_second",
    "start_assessment",
    "submit_assessment",
    "supersede_sign_off",
    "take_back_statement",
    "take_over_review",
    "undo_carry_over",
    "uphold_sign_off",
    "withdraw_assessment",
]
