"""What the pages of a team read."""

import datetime
from collections.abc import Collection
from typing import NamedTuple

from django.db.models import Q, QuerySet

from accounts.models import Team, User
from accounts.permissions import is_auditor
from accounts.queries import clerk_ids_of, teams_under
from assessments.dates import add_months
from assessments.dispute_queries import unseen_record_ids
from assessments.insight.skills import Answer, Asked, Clerk, Skills
from assessments.models import Cycle, Rating, Reconciliation, Role, SignOff
from assessments.placement import NOT_YET_PLACED
from assessments.queries import by_force
from assessments.reconciling import Outcome
from assessments.scales import TRUE_OF_ME
from assessments.sign_off_queries import in_force_on
from frameworks.models import FrameworkVersion, VersionState

# A clerk reads figures of their team only where they cannot be of single people.
FEWEST_FOR_FIGURES = 6


class Scope(NamedTuple):
    """Whose skills a person may see: `people` one by one, and whether it is all of the firm."""

    people: QuerySet[User]
    teams: QuerySet[Team]
    is_own_only: bool


def scope_of(reader: User) -> Scope:
    """Give whose signed ratings this person may see in a table.

    Auditors everybody's, supervisors and their delegates those below them, a clerk their own.
    """
    everybody = User.objects.filter(is_active=True, team__isnull=False)
    if is_auditor(reader):
        return Scope(everybody, Team.objects.all(), False)
    teams = teams_under(reader)
    below = Q(team__in=teams) | Q(pk__in=clerk_ids_of(reader))
    if teams or everybody.filter(below).exists():
        people = everybody.filter(below).exclude(pk=reader.pk)
        return Scope(people, Team.objects.filter(members__in=people).distinct(), False)
    return Scope(everybody.filter(pk=reader.pk), Team.objects.none(), True)


def team_of(clerk: User) -> QuerySet[User]:
    """Give the active people of this person's own team, themself among them."""
    return User.objects.filter(is_active=True, team=clerk.team_id)


def version_in_use(cycle: Cycle | None) -> FrameworkVersion | None:
    """Give the version whose statements are looked at: the cycle's, else the published one."""
    if cycle:
        return cycle.starts_on
    published = FrameworkVersion.objects.filter(state=VersionState.PUBLISHED)
    return published.select_related("framework").defer("source_bytes").first()


def read_skills(
    reader: User,
    people: QuerySet[User],
    version: FrameworkVersion,
    on: datetime.date,
    cycle: Cycle | None = None,
) -> Skills:
    """Read the signed ratings of these people that stand on the day, or of a cycle: 6 queries.

    What somebody decides a dispute of and has not rated unseen yet is left out for them.
    """
    sign_offs = _standing(reader, people, version, on, cycle)
    clerks = [_clerk(sign_off) for sign_off in sign_offs]
    asked = [
        Asked(s.pk, s.competency_id or 0, s.level.rank, s.level.label, s.position, s.topic, s.text)
        for s in version.statements.select_related("level").order_by("level__rank", "position")
    ]
    return Skills(TRUE_OF_ME, clerks, asked, _answers(sign_offs))


def read_own(skills: Skills) -> dict[tuple[int, int], int]:
    """Read what these clerks said of themselves in the round that was signed: 1 query."""
    records = [clerk.record for clerk in skills.clerks]
    rows = Rating.objects.filter(
        role=Role.SELF, assessment__sign_offs__record__in=records, point__isnull=False
    )
    found = rows.order_by("round").values_list(
        "assessment__clerk", "statement__competency", "point"
    )
    return {(clerk, competency or 0): point or 0 for clerk, competency, point in found}


def _standing(
    reader: User,
    people: QuerySet[User],
    version: FrameworkVersion,
    on: datetime.date,
    cycle: Cycle | None,
) -> list[SignOff]:
    sealed = SignOff.objects.filter(
        clerk__in=people, record__isnull=False, assessment__version__framework=version.framework_id
    ).exclude(record__in=unseen_record_ids(reader))
    if cycle:
        of_cycle = sealed.filter(assessment__cycle=cycle, revocation=None)
        found = by_force(of_cycle.exclude(superseded_by__record__isnull=False))
    else:
        found = in_force_on(sealed, on)
    found = found.select_related("clerk__team", "level", "assessment__cycle")
    rows = sorted(found, key=lambda s: (s.clerk.last_name, s.clerk.first_name, s.clerk_id))
    return [s for s in rows if cycle or _until(s) >= on]


def _until(sign_off: SignOff) -> datetime.date:
    """Give the last day on which it stands; "not yet placed" stands as long as a level would."""
    months = sign_off.assessment.cycle.valid_months
    return sign_off.valid_until or add_months(sign_off.signed_at.date(), months)


def _clerk(sign_off: SignOff) -> Clerk:
    level = sign_off.level
    return Clerk(
        sign_off.clerk_id,
        str(sign_off.clerk),
        str(sign_off.clerk.team or ""),
        level.label if level else NOT_YET_PLACED,
        level.rank if level else 0,
        sign_off.signed_at.date(),
        _until(sign_off),
        sign_off.record_id or 0,
    )


def _answers(sign_offs: Collection[SignOff]) -> dict[tuple[int, int], Answer]:
    signed = {s.assessment_id: (s.clerk_id, s.round) for s in sign_offs}
    differing = set(
        Reconciliation.objects.filter(
            assessment__in=signed, outcome__in=(Outcome.DIFFER, Outcome.NO_ANSWER)
        ).values_list("assessment", "statement", "round")
    )
    found = {}
    rows = Rating.objects.filter(assessment__in=signed, role=Role.AGREED, point__isnull=False)
    for assessment, number, statement, competency, point in rows.values_list(
        "assessment", "round", "statement", "statement__competency", "point"
    ):
        clerk, signed_round = signed[assessment]
        if number == signed_round:
            differs = (assessment, statement, number) in differing
            found[clerk, competency or 0] = Answer(point or 0, differs)
    return found
