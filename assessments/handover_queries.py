"""Whose open work is whose, before and after people leave or move."""

import datetime
import hashlib
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from django.db.models import Exists, F, OuterRef, Q

from accounts.models import Delegation, User
from accounts.queries import Firm, read_firm, reviewer_ids
from assessments.dispute_queries import open_disputes
from assessments.eligibility_queries import (
    Holdings,
    Reading,
    may_sign_second,
    read_appointed,
    read_ladders,
    read_placed,
)
from assessments.models import Assessment, Cycle, Dispute, SignOff
from assessments.queries import waiting_sign_offs
from assessments.workflow import OPEN


class Route(NamedTuple):
    """An open assessment that goes from one supervisor to another; None is nobody."""

    assessment: Assessment
    from_supervisor: User | None
    to_supervisor: User | None

    @property
    def in_words(self) -> str:
        return f"From {self.from_supervisor or 'nobody'} to {self.to_supervisor or 'nobody'}"


class SecondRoute(NamedTuple):
    """A sign-off that waits for the second signature, which fewer or others can give now."""

    sign_off: SignOff
    before: list[User]
    after: list[User]

    @property
    def in_words(self) -> str:
        return f"Second signature: from {_names(self.before)} to {_names(self.after)}"


class DisputeRoute(NamedTuple):
    """An open dispute that somebody else decides now; None: an administrator names somebody."""

    dispute: Dispute
    from_decider: User | None
    to_decider: User | None

    @property
    def in_words(self) -> str:
        return f"Dispute: from {self.from_decider or 'nobody'} to {self.to_decider or 'nobody'}"


class Handover(NamedTuple):
    """What a change of people does to open work."""

    routes: list[Route]
    signatures: list[SecondRoute]
    disputes: list[DisputeRoute]
    # Clerks who had a supervisor and have none now, by name.
    left: list[User]
    # What the leaving person had open themself, as a clerk: it is closed.
    closed: list[Assessment]
    # Delegations from or to them, and of who supervises no team any more: they end.
    ended: list[Delegation]

    @property
    def touches(self) -> bool:
        return any(self)

    @property
    def fingerprint(self) -> str:
        """Give a short text by which another handover than the one shown is noticed."""
        shown = [[repr(entry) for entry in entries] for entries in self]
        return hashlib.sha256(repr(shown).encode()).hexdigest()[:16]


class Unsupervised(NamedTuple):
    """Somebody whom nobody can review: what they have open, or else the cycle that asks them."""

    person: User
    # Their team, and those above it, name this one, who cannot: the person supervises them.
    instead_of: User | None
    assessment: Assessment | None
    cycle: Cycle | None


class Standing(NamedTuple):
    """Whose word is whose on a day, by the ids of people, sign-offs and disputes."""

    reviewers: Mapping[int, int | None]
    signers: Mapping[int, frozenset[int]]
    deciders: Mapping[int, int | None]


def read_standing(on: datetime.date) -> Standing:
    """Read who reviews, who could sign second and who decides: at most 14 queries."""
    deciders = {dispute.pk: decider.pk if decider else None for dispute, decider in open_disputes()}
    return Standing(reviewer_ids(), _second_signers(on), deciders)


def _second_signers(on: datetime.date) -> dict[int, frozenset[int]]:
    """Give who could give each second signature that is waited for."""
    waiting = list(waiting_sign_offs().select_related("clerk", "level", "assessment__cycle"))
    if not waiting:
        return {}
    versions = {found.assessment.version_id for found in waiting}
    firm, appointed = read_firm(on), read_appointed(versions, on)
    ids = {pk for found in waiting for pk in firm.with_delegates(firm.above(found.clerk))}
    ids |= {person for person, _ in appointed}
    reading = Reading(firm, Holdings(appointed, read_placed(versions, on, ids)))
    ladders = read_ladders(versions)
    people = list(User.objects.filter(pk__in=ids, is_active=True))
    return {
        found.pk: frozenset(
            person.pk
            for person in people
            if person.pk != found.on_behalf_of_id
            and may_sign_second(person, found, reading, ladders)
        )
        for found in waiting
    }


def handover_between(before: Standing, after: Standing) -> Handover:
    """Give what went from whom to whom; what closes and ends is left empty. 4 queries."""
    stay = before.reviewers.keys() & after.reviewers.keys()
    moved = [pk for pk in stay if before.reviewers[pk] != after.reviewers[pk]]
    waiting, disputed = after.signers.keys(), after.deciders.keys()
    lost = [pk for pk in before.signers.keys() & waiting if before.signers[pk] - after.signers[pk]]
    decided = [
        pk for pk in before.deciders.keys() & disputed if before.deciders[pk] != after.deciders[pk]
    ]
    ids = {*moved, *_ids(before.reviewers, moved), *_ids(after.reviewers, moved)}
    ids |= {*_ids(before.deciders, decided), *_ids(after.deciders, decided)}
    for pk in lost:
        ids |= before.signers[pk] | after.signers[pk]
    people = User.objects.in_bulk(ids)
    work = open_work(moved)
    busy = {assessment.clerk_id for assessment in work}
    left = [pk for pk in moved if after.reviewers[pk] is None]
    signed = SignOff.objects.filter(pk__in=lost).select_related("clerk", "assessment__cycle")
    disputes = Dispute.objects.filter(pk__in=decided).select_related(
        "sign_off__clerk", "sign_off__assessment"
    )
    return Handover(
        routes=[
            Route(a, *(people.get(found.reviewers[a.clerk_id] or 0) for found in (before, after)))
            for a in work
        ],
        signatures=[
            SecondRoute(s, *(_named(people, found.signers[s.pk]) for found in (before, after)))
            for s in signed
        ],
        disputes=[
            DisputeRoute(d, *(people.get(found.deciders[d.pk] or 0) for found in (before, after)))
            for d in disputes
        ],
        # Somebody who is in no team and has nothing open waits for nobody.
        left=sorted((people[pk] for pk in left if people[pk].team_id or pk in busy), key=str),
        closed=[],
        ended=[],
    )


def _ids(found: Mapping[int, int | None], keys: Iterable[int]) -> set[int]:
    return {pk for key in keys if (pk := found.get(key)) is not None}


def _named(people: Mapping[int, User], ids: Collection[int]) -> list[User]:
    return sorted((people[pk] for pk in ids), key=str)


def _names(people: list[User]) -> str:
    """Name at most three of these people."""
    more = f" and {len(people) - 3} more" if people[3:] else ""
    return ", ".join(map(str, people[:3])) + more or "nobody"


def open_work(clerk_ids: Collection[int]) -> list[Assessment]:
    """Give the open assessments of these clerks, by name."""
    found = Assessment.objects.filter(clerk__in=clerk_ids, state__in=OPEN)
    found = found.select_related("clerk", "cycle", "version", "rule")
    return list(found.order_by("clerk__last_name", "clerk__first_name", "pk"))


def delegations_to_end(on: datetime.date, leaver: User | None = None) -> list[Delegation]:
    """Give the delegations, of the day or to come, that end when this person leaves.

    Those of somebody who supervises no team end as well: they have nothing to delegate.
    """
    ends = Q(from_supervisor__supervised_teams=None)
    if leaver is not None:
        ends |= Q(from_supervisor=leaver) | Q(to_supervisor=leaver)
    found = Delegation.objects.filter(ends, ended_at=None, ends_on__gte=on).distinct()
    return list(found.select_related("from_supervisor", "to_supervisor").order_by("pk"))


def alone(firm: Firm) -> list[User]:
    """Give whom nobody can review, by name: 2 queries.

    Members of teams, and whoever left all teams with work open.
    """
    ids = [pk for pk, reviewer in reviewer_ids(firm.nodes).items() if reviewer is None]
    works = Assessment.objects.filter(clerk=OuterRef("pk"), state__in=OPEN)
    people = User.objects.filter(Q(team__isnull=False) | Exists(works), pk__in=ids)
    return list(people.select_related("team"))


def unsupervised(on: datetime.date) -> list[Unsupervised]:
    """Give whom nobody can review with what to do, whoever has work open first: 7 queries."""
    firm = read_firm(on)
    people = alone(firm)
    work = {a.clerk_id: a for a in open_work([person.pk for person in people])}
    nearest = {person.pk: next(iter(firm.above(person)), 0) for person in people}
    named = User.objects.in_bulk({pk for pk in nearest.values() if pk})
    cycles = _cycles_by_team({person.team_id for person in people})
    rows = [
        Unsupervised(p, named.get(nearest[p.pk]), work.get(p.pk), cycles.get(p.team_id))
        for p in people
    ]
    return sorted(rows, key=lambda row: (row.assessment is None, row.cycle is None))


def _cycles_by_team(team_ids: Collection[int | None]) -> dict[int | None, Cycle]:
    """Give the open cycle due first for each of these teams."""
    found: dict[int | None, Cycle] = {}
    opened = Cycle.objects.filter(closed_at=None, teams__in=[pk for pk in team_ids if pk])
    for cycle in opened.annotate(team=F("teams")).order_by("due_on", "pk"):
        found.setdefault(cycle.team, cycle)
    return found
