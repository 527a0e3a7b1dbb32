"""Who may sign on a day, as the database tells it."""

import datetime
from collections import defaultdict
from collections.abc import Collection
from typing import NamedTuple

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.queries import Firm, read_firm
from assessments import eligibility
from assessments.dispute_queries import involved_ids
from assessments.eligibility import Candidate
from assessments.models import Appointment, Assessment, SignOff
from assessments.queries import by_force
from assessments.workflow import State
from frameworks.models import Framework, Level


class Ladder(NamedTuple):
    """The levels of one version, by rank and by key."""

    framework_id: int
    labels: list[str]
    ranks: dict[str, int]


Step = tuple[str, int]
Place = tuple[int, int]


class Holdings(NamedTuple):
    """By person and framework, the key and rank of the levels held on a day."""

    appointed: dict[Place, list[Step]]
    placed: dict[Place, Step]

    def appointed_rank(self, person: User, ladder: Ladder) -> int | None:
        steps = self.appointed.get((person.pk, ladder.framework_id), [])
        return max((ladder.ranks.get(*step) for step in steps), default=None)

    def placed_rank(self, person: User, ladder: Ladder) -> int | None:
        step = self.placed.get((person.pk, ladder.framework_id))
        # In another version a level is the one with its key, or else the one at its place.
        return ladder.ranks.get(*step) if step else None


class Reading(NamedTuple):
    """What is known of some people on a day, enough to judge who may sign."""

    firm: Firm
    holdings: Holdings

    def candidate(
        self, person: User, clerk: User, ladder: Ladder, first: Collection[int] = ()
    ) -> Candidate:
        return Candidate(
            is_clerk=person.pk == clerk.pk,
            is_below_clerk=clerk.pk in self.firm.above(person),
            is_active=person.is_active,
            acts=person.pk in self.firm.acting(clerk),
            is_above=person.pk in self.firm.with_delegates(self.firm.above(clerk)),
            appointed_rank=self.holdings.appointed_rank(person, ladder),
            placed_rank=self.holdings.placed_rank(person, ladder),
            has_signed_first=self._is_of_side(person, first),
        )

    def _is_of_side(self, person: User, side: Collection[int]) -> bool:
        # A delegate and who they stand in for are one side: together they give one signature.
        return any(
            person.pk == pk
            or person.pk in self.firm.delegate_ids(pk)
            or pk in self.firm.delegate_ids(person.pk)
            for pk in side
        )


def first_side(sign_off: SignOff) -> frozenset[int]:
    """Give who cannot give the second signature, with whoever acts for them or they act for.

    The first signer, in whose place they signed, and of one that decides a dispute everybody who
    signed or rated in what was disputed.
    """
    side = {sign_off.signed_by_id}
    if sign_off.on_behalf_of_id is not None:
        side.add(sign_off.on_behalf_of_id)
    if sign_off.supersedes is not None and not sign_off.is_correction:
        side |= involved_ids(sign_off.supersedes)
    return frozenset(side)


def candidate(
    person: User, assessment: Assessment, on: datetime.date, first_signer: User | None = None
) -> Candidate:
    """Read what decides whether this person may sign the assessment on the day: 6 queries."""
    side = [first_signer.pk] if first_signer else []
    return _candidate(person, assessment, on, side)[0]


def signing_objection(
    person: User, assessment: Assessment, level: Level | None, on: datetime.date
) -> str | None:
    """Say why this person cannot sign the assessment at this level; None when they can."""
    found, ladder, clerk = _candidate(person, assessment, on)
    return eligibility.objection_to_signing(
        found,
        level.rank if level else None,
        assessment.cycle.needs_standing,
        labels=ladder.labels,
        clerk=str(clerk),
    )


def signing_objections(
    person: User, assessment: Assessment, on: datetime.date
) -> list[tuple[str, str]]:
    """Give the levels that this person cannot sign, each with why, as many queries as for one."""
    found, ladder, clerk = _candidate(person, assessment, on)
    objections = [
        (
            label,
            eligibility.objection_to_signing(
                found,
                rank,
                assessment.cycle.needs_standing,
                labels=ladder.labels,
                clerk=str(clerk),
            ),
        )
        for rank, label in enumerate(ladder.labels, start=1)
    ]
    return [(label, sentence) for label, sentence in objections if sentence]


def superseding_objection(
    person: User, assessment: Assessment, level: Level | None, on: datetime.date
) -> str | None:
    """Say why whoever decides a dispute cannot place the clerk anew at this level."""
    found, ladder, clerk = _candidate(person, assessment, on)
    return eligibility.objection_to_superseding(
        found,
        level.rank if level else None,
        assessment.cycle.needs_standing,
        labels=ladder.labels,
        clerk=str(clerk),
    )


def second_objection(person: User, sign_off: SignOff, on: datetime.date) -> str | None:
    """Say why this person cannot give the second signature to the sign-off; None when they can."""
    assessment = sign_off.assessment
    found, ladder, clerk = _candidate(person, assessment, on, first_side(sign_off))
    return _objection_to_second(found, sign_off.level, assessment, ladder, clerk)


def second_signers_for(
    found: SignOff | Assessment,
    level: Level | None,
    on: datetime.date,
    first_signer: User | None = None,
) -> list[User]:
    """Give who could sign second at this level, by name, in 7 queries.

    The first signer of a sign-off is left out; of an assessment, the one that is given.
    """
    assessment = found.assessment if isinstance(found, SignOff) else found
    first = frozenset([first_signer.pk] if first_signer else [])
    if isinstance(found, SignOff):
        first = first_side(found)
    clerk = User.objects.get(pk=assessment.clerk_id)
    firm, versions = read_firm(on), [assessment.version_id]
    appointed = read_appointed(versions, on)
    ids = {*firm.with_delegates(firm.above(clerk)), *(person for person, _ in appointed)}
    reading = Reading(firm, Holdings(appointed, read_placed(versions, on, ids)))
    ladder = read_ladders(versions)[assessment.version_id]
    return [
        person
        for person in User.objects.filter(pk__in=ids, is_active=True)
        if _objection_to_second(
            reading.candidate(person, clerk, ladder, first), level, assessment, ladder, clerk
        )
        is None
    ]


def waiting_second_signatures(person: User, on: datetime.date) -> list[SignOff]:
    """Give the sign-offs waiting for a second signature that this person may give, oldest first.

    One query where none waits, 7 where some do.
    """
    waiting = list(
        SignOff.objects.filter(
            needs_second=True,
            record=None,
            declined_at=None,
            voided_at=None,
        )
        .filter(
            Q(assessment__state=State.RECONCILED, round=F("assessment__round"))
            | Q(supersedes__isnull=False)
        )
        .select_related("clerk__team", "level", "suggested_level", "signed_by", "supersedes")
        .select_related("assessment__cycle", "assessment__version__framework")
        .defer("assessment__version__source_bytes")
        .order_by("signed_at", "pk")
    )
    if not waiting:
        return []
    ladders = read_ladders({found.assessment.version_id for found in waiting})
    person = User.objects.get(pk=person.pk)
    reading = read(ladders, on, [person.pk])
    return [found for found in waiting if may_sign_second(person, found, reading, ladders)]


def may_sign_second(
    person: User, found: SignOff, reading: Reading, ladders: dict[int, Ladder]
) -> bool:
    """Say whether this person may give the second signature, by what was read before."""
    ladder, clerk = ladders[found.assessment.version_id], found.clerk
    judged = reading.candidate(person, clerk, ladder, first_side(found))
    return _objection_to_second(judged, found.level, found.assessment, ladder, clerk) is None


def _candidate(
    person: User, assessment: Assessment, on: datetime.date, first: Collection[int] = ()
) -> tuple[Candidate, Ladder, User]:
    # Read anew: whoever holds the objects may have read them before something changed.
    people = User.objects.in_bulk({person.pk, assessment.clerk_id})
    clerk = people[assessment.clerk_id]
    versions = [assessment.version_id]
    ladder = read_ladders(versions)[assessment.version_id]
    reading = read(versions, on, [person.pk])
    found = reading.candidate(people[person.pk], clerk, ladder, first)
    return found, ladder, clerk


def _objection_to_second(
    found: Candidate, level: Level | None, assessment: Assessment, ladder: Ladder, clerk: User
) -> str | None:
    return eligibility.objection_to_second(
        found,
        level.rank if level else None,
        assessment.cycle.needs_standing,
        labels=ladder.labels,
        clerk=str(clerk),
    )


def read(versions: Collection[int], on: datetime.date, people: Collection[int]) -> Reading:
    """Read what these people hold in the frameworks of the versions, and the tree: 4 queries."""
    appointed = read_appointed(versions, on, people)
    return Reading(read_firm(on), Holdings(appointed, read_placed(versions, on, people)))


def read_ladders(versions: Collection[int]) -> dict[int, Ladder]:
    """Read the levels of these versions in one query."""
    found: dict[int, Ladder] = {}
    levels = Level.objects.filter(version__in=versions).order_by("rank")
    for version, framework, key, label, rank in levels.values_list(
        "version_id", "version__framework_id", "key", "label", "rank"
    ):
        ladder = found.setdefault(version, Ladder(framework, [], {}))
        ladder.labels.append(label)
        ladder.ranks[key] = rank
    return found


def appointments_in_force(on: datetime.date) -> QuerySet[Appointment]:
    return Appointment.objects.filter(ends_on__gte=on, ended_at=None)


def read_appointed(
    versions: Collection[int], on: datetime.date, people: Collection[int] | None = None
) -> dict[Place, list[Step]]:
    """Read the appointments in force for the frameworks of these versions in one query."""
    found = defaultdict(list)
    appointments = appointments_in_force(on).filter(
        up_to_level__version__framework__in=_frameworks(versions)
    )
    if people is not None:
        appointments = appointments.filter(person__in=people)
    for person, framework, key, rank in appointments.values_list(
        "person_id", "up_to_level__version__framework_id", "up_to_level__key", "up_to_level__rank"
    ):
        found[person, framework].append((key, rank))
    return dict(found)


def read_placed(
    versions: Collection[int], on: datetime.date, people: Collection[int]
) -> dict[Place, Step]:
    """Read the placements that these people hold on the day in one query.

    The latest sealed one counts that no other supersedes; none where it has expired, was revoked
    or says "not yet placed", whatever was signed before it.
    """
    latest: dict[Place, tuple[Step, datetime.date | None]] = {}
    sealed = SignOff.objects.filter(
        clerk__in=people,
        record__isnull=False,
        assessment__version__framework__in=_frameworks(versions),
    ).exclude(superseded_by__record__isnull=False)
    for person, framework, key, rank, valid_until, revoked in (
        by_force(sealed)
        .reverse()
        .values_list(
            "clerk_id",
            "assessment__version__framework_id",
            "level__key",
            "level__rank",
            "valid_until",
            "revocation",
        )
    ):
        holds = key and not revoked
        latest[person, framework] = ((key, rank), valid_until if holds else None)
    return {place: step for place, (step, until) in latest.items() if until and until >= on}


def standing_of(
    person: User, assessment: Assessment, at: datetime.datetime
) -> tuple[SignOff | None, Appointment | None]:
    """Give by which placement and which appointment a person had standing then: 2 queries."""
    on = timezone.localdate(at)
    framework = assessment.version.framework_id
    sealed = SignOff.objects.filter(
        clerk=person, record__isnull=False, assessment__version__framework=framework
    )
    placed = by_force(sealed.select_related("level", "revocation")).first()
    if placed and (placed.valid_until is None or placed.valid_until < on):
        placed = None
    if placed and hasattr(placed, "revocation") and placed.revocation.at <= at:
        placed = None
    # One that was ended since was in force then.
    appointed = Appointment.objects.filter(
        Q(ended_at=None) | Q(ended_at__gt=at),
        ends_on__gte=on,
        appointed_at__lte=at,
        person=person,
        up_to_level__version__framework=framework,
    )
    return placed, appointed.select_related("up_to_level").order_by("-up_to_level__rank").first()


def _frameworks(versions: Collection[int]) -> QuerySet[Framework]:
    return Framework.objects.filter(versions__in=versions)
