from assessments.models.appointments import Appointment
from assessments.models.assessments import Assessment, Event, Rating, RatingChange, Role
from assessments.models.cycles import Cycle, PlacementRule
from assessments.models.disputes import Dispute, DisputedStatement, DisputeOutcome
from assessments.models.reconciling import Reconciliation, ReconciliationAnswer
from assessments.models.revoking import Revocation
from assessments.models.signing import Acknowledgement, JustificationCategory, SignOff

__all__ = [
    "Acknowledgement",
    "Appointment",
    "Assessment",
    "Cycle",
    "Dispute",
    "DisputeOutcome",
    "DisputedStatement",
    "Event",
    "JustificationCategory",
    "PlacementRule",
    "Rating",
    "RatingChange",
    "Reconciliation",
    "ReconciliationAnswer",
    "Revocation",
    "Role",
    "SignOff",
]
