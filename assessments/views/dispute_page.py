"""A dispute as its page shows it; ratings only to whom they are open."""

from typing import Any, NamedTuple

from django.utils import timezone

from accounts.models import User
from accounts.permissions import is_administrator
from assessments.dispute_queries import decider_of, disputed, is_blind_decider, next_up_of
from assessments.eligibility_queries import second_signers_for
from assessments.models import Dispute, Role
from assessments.permissions import may_see_both
from assessments.queries import waiting_sign_offs
from frameworks.models import Statement


class DisputedRow(NamedTuple):
    """A disputed statement, with the answers in words where the viewer may see them."""

    statement: Statement
    by_clerk: str
    by_supervisor: str
    agreed: str
    decider: str
    note: str


def dispute_page(dispute: Dispute, viewer: User) -> dict[str, Any]:
    """Build the page: what is disputed, who decides, and how it came out."""
    sign_off = dispute.sign_off
    assessment = sign_off.assessment
    decider = decider_of(dispute) if dispute.is_open else dispute.decided_by
    sees = may_see_both(viewer, assessment)
    rated = dispute.rated_at is not None and (not dispute.is_open or dispute.rated_by == decider)
    waiting = waiting_sign_offs().filter(supersedes=sign_off, correction_reason="").first()
    # Blind to this dispute, or to a later one of the same assessment.
    blind = is_blind_decider(viewer, assessment)
    return {
        "dispute": dispute,
        "sign_off": sign_off,
        "assessment": assessment,
        "version": assessment.version,
        "decider": decider,
        "rows": _rows(dispute, sees, rated and (sees or viewer == dispute.decided_by)),
        "sees": sees,
        "reason": "" if blind else dispute.reason,
        "blind": blind,
        "is_clerk": viewer.pk == sign_off.clerk_id,
        "may_decide": dispute.is_open and viewer == decider,
        "may_name": dispute.is_open
        and is_administrator(viewer)
        and viewer != sign_off.clerk
        and next_up_of(dispute) is None,
        "waiting": waiting,
        "second_signers": second_signers_for(waiting, waiting.level, timezone.localdate())
        if waiting
        else [],
    }


def _rows(dispute: Dispute, sees: bool, sees_decider: bool) -> list[DisputedRow]:
    scale = dispute.sign_off.assessment.cycle.the_scale
    found = disputed(dispute)
    points: dict[tuple[int, str], int | None] = {}
    if sees:
        ratings = dispute.sign_off.assessment.ratings.filter(
            round__lte=dispute.sign_off.round
        ).order_by("round")
        points = {
            (pk, role): point
            for pk, role, point in ratings.filter(
                statement__in=[row.statement_id for row in found]
            ).values_list("statement", "role", "point")
        }

    def says(pk: int, role: Role) -> str:
        return scale.label(points[pk, role]) if (pk, role) in points else ""

    return [
        DisputedRow(
            row.statement,
            says(row.statement_id, Role.SELF),
            says(row.statement_id, Role.SUPERVISOR),
            says(row.statement_id, Role.AGREED),
            scale.label(row.point) if sees_decider else "",
            row.note if sees_decider else "",
        )
        for row in found
    ]
