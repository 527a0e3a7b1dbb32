"""A dispute as its page shows it; ratings only to whom they are open."""

from typing import Any, NamedTuple

from django.utils import timezone

from accounts.models import User
from accounts.permissions import is_administrator
from assessments.dispute_queries import decider_of, disputed, is_blind_decider, next_up_of
from assessments.eligibility_queries import second_signers_for
from assessments.forms.disputes import DisputeForm
from assessments.models import Dispute, Role, SignOff
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


class DisputableRow(NamedTuple):
    """A statement to choose from, with what both sides answered."""

    statement: Statement
    chosen: bool
    by_clerk: str
    by_supervisor: str


class DisputableLevel(NamedTuple):
    """A level's statements; unfolded where something is chosen, or where it would matter first."""

    label: str
    rows: list[DisputableRow]
    is_open: bool

    @property
    def differing(self) -> int:
        return sum(row.by_clerk != row.by_supervisor for row in self.rows)


def disputable_levels(sign_off: SignOff, form: DisputeForm) -> list[DisputableLevel]:
    """Build what the clerk chooses from; the level above the one signed is unfolded."""
    answers = _answers(sign_off)
    levels = form.by_level
    ranks = [level.rank for level, _ in levels]
    above = [rank for rank in ranks if sign_off.level is None or rank > sign_off.level.rank]
    matters = min(above, default=max(ranks, default=0))
    return [
        DisputableLevel(
            level.label,
            [
                DisputableRow(
                    statement,
                    chosen,
                    answers.get((statement.pk, Role.SELF), ""),
                    answers.get((statement.pk, Role.SUPERVISOR), ""),
                )
                for statement, chosen in options
            ],
            level.rank == matters or any(chosen for _, chosen in options),
        )
        for level, options in levels
    ]


def _answers(sign_off: SignOff) -> dict[tuple[int, str], str]:
    """Give what each side said last of each statement, in words, by statement and role."""
    scale = sign_off.assessment.cycle.the_scale
    ratings = sign_off.assessment.ratings.filter(round__lte=sign_off.round).order_by("round")
    return {
        (pk, role): scale.label(point)
        for pk, role, point in ratings.values_list("statement", "role", "point")
    }


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
    answers = _answers(dispute.sign_off) if sees else {}

    def says(pk: int, role: Role) -> str:
        return answers.get((pk, role), "")

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
