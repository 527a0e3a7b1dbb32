"""Who decides a dispute, and what is disputed."""

import datetime
from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.queries import team_nodes
from accounts.tree import TeamNode, supervisors_up
from assessments.judgement_queries import Judgement, judge
from assessments.models import (
    Assessment,
    Dispute,
    DisputedStatement,
    DisputeOutcome,
    Rating,
    ReconciliationAnswer,
    Role,
    SignOff,
)
from assessments.queries import level_rows
from records.models import Record

DAYS_TO_DISPUTE = 30


def disputable_until(sign_off: SignOff) -> datetime.date:
    """Give the last day on which the clerk may dispute the sign-off."""
    signed = sign_off.second_signed_at or sign_off.signed_at
    return timezone.localdate(signed) + datetime.timedelta(days=DAYS_TO_DISPUTE)


def involved_ids(sign_off: SignOff) -> set[int]:
    """Give the ids of whoever signed, declined, rated or settled in the assessment before."""
    return _involved([sign_off.assessment_id])[sign_off.assessment_id]


def decider_of(dispute: Dispute) -> User | None:
    """Give who decides: whom an administrator named, else the next supervisor up the tree.

    Whoever signed or rated in the assessment is passed over; None: an administrator must name
    somebody. 4 queries.
    """
    named = dispute.named_decider
    if named is not None and named.is_active:
        return named
    return next_up_of(dispute)


def dispute_decided_by(sign_off: SignOff) -> Dispute | None:
    """Give the dispute that a superseding sign-off decides; None for any other one."""
    if sign_off.supersedes is None or sign_off.is_correction:
        return None
    return sign_off.supersedes.dispute


def next_up_of(dispute: Dispute) -> User | None:
    """Give the next supervisor up the tree who had no part in it."""
    clerk = dispute.sign_off.clerk
    pk = _next_up(clerk, involved_ids(dispute.sign_off), team_nodes())
    return User.objects.get(pk=pk) if pk else None


def objection_to_decider(dispute: Dispute, person: User) -> str | None:
    """Say why an administrator cannot name this person; None when they can."""
    clerk = dispute.sign_off.clerk
    if not person.is_active:
        return f"{person} is deactivated."
    if person.pk == clerk.pk:
        return "Nobody decides on their own placement."
    if person.pk in involved_ids(dispute.sign_off):
        return f"{person} has signed or rated in this assessment."
    if clerk.pk in supervisors_up(person.team_id, person.pk, team_nodes()):
        return f"{clerk} supervises {person}."
    return None


def possible_deciders(dispute: Dispute) -> list[User]:
    """Give whom an administrator may name: 4 queries."""
    clerk, nodes = dispute.sign_off.clerk, team_nodes()
    out = involved_ids(dispute.sign_off) | {clerk.pk}
    people = User.objects.filter(is_active=True).exclude(pk__in=out)
    return [p for p in people if clerk.pk not in supervisors_up(p.team_id, p.pk, nodes)]


def disputes() -> QuerySet[Dispute]:
    """Give every dispute with what its page shows."""
    return Dispute.objects.select_related(
        "sign_off__clerk__team",
        "sign_off__level",
        "sign_off__suggested_level",
        "sign_off__signed_by",
        "sign_off__second_signed_by",
        "sign_off__assessment__cycle",
        "sign_off__assessment__rule",
        "sign_off__assessment__version__framework",
        "opened_by",
        "named_decider",
        "decided_by",
    ).defer("sign_off__assessment__version__source_bytes")


def open_disputes() -> list[tuple[Dispute, User | None]]:
    """Give the open disputes, oldest first, each with who decides it: 5 queries."""
    found = list(disputes().filter(outcome=DisputeOutcome.OPEN).order_by("opened_at"))
    if not found:
        return []
    nodes = team_nodes()
    involved = _involved({d.sign_off.assessment_id for d in found})
    ids = {
        d.pk: d.named_decider_id
        if d.named_decider and d.named_decider.is_active
        else _next_up(d.sign_off.clerk, involved[d.sign_off.assessment_id], nodes)
        for d in found
    }
    people = User.objects.in_bulk({pk for pk in ids.values() if pk})
    return [(d, people.get(ids[d.pk] or 0)) for d in found]


def disputes_to_decide(person: User) -> list[Dispute]:
    """Give the open disputes that this person decides, oldest first."""
    return [dispute for dispute, decider in open_disputes() if decider == person]


def is_blind_decider(person: User, assessment: Assessment) -> bool:
    """Say whether the person has still to rate disputed statements of this assessment unseen."""
    dispute = (
        Dispute.objects.filter(sign_off__assessment=assessment, outcome=DisputeOutcome.OPEN)
        .select_related("sign_off__clerk", "sign_off__assessment", "named_decider")
        .first()
    )
    if dispute is None or (dispute.rated_at is not None and dispute.rated_by_id == person.pk):
        return False
    return decider_of(dispute) == person


def is_named_decider(person: User, assessment: Assessment) -> bool:
    """Say whether an administrator named the person to decide a dispute of this assessment."""
    named = Dispute.objects.filter(sign_off__assessment=assessment, named_decider=person)
    return named.exists()


def unseen_record_ids(person: User) -> set[int]:
    """Give the records of assessments that this person decides on and has not rated unseen yet."""
    blind = [
        dispute.sign_off.assessment_id
        for dispute in disputes_to_decide(person)
        if not (dispute.rated_at and dispute.rated_by_id == person.pk)
    ]
    if not blind:
        return set()
    records = Record.objects.filter(
        Q(sign_off__assessment__in=blind)
        | Q(acknowledgement__sign_off__assessment__in=blind)
        | Q(dispute__sign_off__assessment__in=blind)
    )
    return set(records.values_list("pk", flat=True))


def disputed(dispute: Dispute) -> list[DisputedStatement]:
    """Give the disputed statements in the framework's order, with the decider's ratings."""
    return list(
        dispute.statements.select_related("statement__level").order_by(
            "statement__level__rank", "statement__position"
        )
    )


def disputed_judgement(dispute: Dispute) -> Judgement:
    """Apply the rule to the agreed ratings, the decider's in place of what was disputed."""
    assessment = dispute.sign_off.assessment
    points = {
        found.statement_id: found.point for found in disputed(dispute) if found.point is not None
    }
    return judge(assessment, level_rows(assessment), points)


def _next_up(clerk: User, out: set[int], nodes: dict[int, TeamNode]) -> int | None:
    return next(
        (pk for pk in supervisors_up(clerk.team_id, clerk.pk, nodes) if pk not in out), None
    )


def _involved(assessments: Iterable[int]) -> dict[int, set[int]]:
    """Give who had a part in each of these assessments on the supervisor's side: 3 queries."""
    found: dict[int, set[int]] = {pk: set() for pk in assessments}
    # What was declined or void counts too: whoever signed it has judged.
    signed = SignOff.objects.filter(assessment__in=found).order_by()
    # What the decider of an open dispute signed meanwhile does not make them less free.
    signed = signed.exclude(supersedes__dispute__outcome=DisputeOutcome.OPEN)
    for pk, *people in signed.values_list(
        "assessment", "signed_by", "second_signed_by", "on_behalf_of", "declined_by"
    ):
        found[pk] |= {person for person in people if person is not None}
    rated = Rating.objects.filter(assessment__in=found, role__in=[Role.SUPERVISOR, Role.AGREED])
    said = ReconciliationAnswer.objects.filter(
        reconciliation__assessment__in=found, role=Role.SUPERVISOR
    )
    for rows, name in ((rated, "assessment"), (said, "reconciliation__assessment")):
        for pk, person in rows.order_by().values_list(name, "author").distinct():
            found[pk].add(person)
    return found
