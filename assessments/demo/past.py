"""The demo's two past cycles, half a year and a quarter ago."""

import datetime
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from accounts.models import Team, User
from assessments import actions
from assessments.demo.clock import at
from assessments.demo.steps import (
    BEGINNING,
    EARLY,
    MIDDLE,
    NEW,
    SKILLED,
    STRONG,
    rate,
    settle,
    start,
)
from assessments.judgement_queries import judgement_of, why_justify
from assessments.models import Assessment, Cycle, Role, SignOff
from frameworks.models import FrameworkVersion

DAY = datetime.timedelta(days=1)
HALF_A_YEAR, A_QUARTER = 183 * DAY, 92 * DAY
PUBLISHED = HALF_A_YEAR + 7 * DAY
# Placements outlast the next cycle by a month.
VALID_MONTHS = 4

# By first name: how the clerk rated themself then.
HALF_A_YEAR_AGO = {
    "Mei-Ling": BEGINNING,
    "Daniel": MIDDLE,
    "Aisha": MIDDLE,
    "Grace": BEGINNING,
    "Yusuf": STRONG,
    "Oliver": MIDDLE,
    "Jonas": EARLY,
    "Nora": NEW,
}
A_QUARTER_AGO = {
    "Ben": BEGINNING,
    "Mei-Ling": MIDDLE,
    "Daniel": MIDDLE,
    "Aisha": STRONG,
    "Grace": MIDDLE,
    "Yusuf": SKILLED,
    "Oliver": STRONG,
    "Jonas": BEGINNING,
    "Fatima": NEW,
    "Leo": BEGINNING,
    "Nora": BEGINNING,
}
REASONS = (
    ("I have checked it on most files.", "That is fair."),
    ("It still comes back from the check.", "Less often of late."),
    ("Seen once this year.", "There was no more occasion."),
)
# Read otherwise by each side, whoever they are: counted from 0 through all levels.
DIVIDING = (17, 22)


class Past(NamedTuple):
    """A past cycle while it is built: what its people rated, and their assessments so far."""

    cycle: Cycle
    opens: datetime.date
    points: Mapping[str, str]
    assessments: list[Assessment]


def name_of(day: datetime.date) -> str:
    """Name a cycle after the season and year it opens in."""
    season = ("Winter", "Spring", "Summer", "Autumn")[day.month % 12 // 3]
    return f"{season} {day.year}"


def build(
    version: FrameworkVersion,
    teams: Sequence[Team],
    administrator: User,
    above: User,
    today: datetime.date,
) -> None:
    """Run two cycles from opening to closing, day by day, so that the ledger is in order."""
    for ago, points in ((HALF_A_YEAR, HALF_A_YEAR_AGO), (A_QUARTER, A_QUARTER_AGO)):
        past = _open(version, teams, administrator, today - ago, points)
        _rate(past)
        signed = _sign(past)
        if ago == HALF_A_YEAR:
            _correct(signed["Yusuf"], past)
        else:
            _dispute(signed["Daniel"], past, above)
            _revoke(signed["Leo"], past)
        with at(past.opens + 35 * DAY):
            actions.close_cycle(cycle=past.cycle, by=administrator)


def _open(
    version: FrameworkVersion,
    teams: Sequence[Team],
    administrator: User,
    opens: datetime.date,
    points: Mapping[str, str],
) -> Past:
    with at(opens - 2 * DAY):
        cycle = actions.open_cycle(
            name=name_of(opens),
            version=version,
            teams=teams,
            opens_on=opens,
            due_on=opens + 14 * DAY,
            valid_months=VALID_MONTHS,
            by=administrator,
        )
    clerks = User.objects.filter(team__in=teams, first_name__in=points).order_by("pk")
    with at(opens + 2 * DAY):
        assessments = [start(clerk, cycle) for clerk in clerks]
    return Past(cycle, opens, points, assessments)


def _rate(past: Past) -> None:
    """Both sides rate and settle; one review goes back to the clerk and comes again."""
    with at(past.opens + 4 * DAY):
        for assessment in past.assessments:
            _submit(assessment, _own(assessment, past))
    with at(past.opens + 8 * DAY):
        for assessment in past.assessments:
            _review(assessment, _own(assessment, past))
    first = next(a for a in past.assessments if a.clerk.first_name == "Jonas")
    by = _supervisor(first)
    with at(past.opens + 9 * DAY):
        actions.return_assessment(
            assessment=first, by=by, reason="Look at the account statements again, then submit."
        )
        _submit(first, _own(first, past))
        _review(first, _own(first, past))
    with at(past.opens + 10 * DAY):
        for assessment in past.assessments:
            assessment.refresh_from_db()
            settle(assessment, _supervisor(assessment), reasons=REASONS)
            actions.reconcile_assessment(assessment=assessment, by=_supervisor(assessment))


def _submit(assessment: Assessment, points: str) -> None:
    rate(assessment, Role.SELF, assessment.clerk, points, notes={})
    actions.submit_assessment(assessment=assessment, by=assessment.clerk, declared=True)


def _review(assessment: Assessment, points: str) -> None:
    by = _supervisor(assessment)
    rate(assessment, Role.SUPERVISOR, by, _seen(points, by), notes={})
    actions.complete_review(assessment=assessment, by=by)


def _own(assessment: Assessment, past: Past) -> str:
    digits = past.points[assessment.clerk.first_name].replace(" ", "")
    other = {place: _divided(assessment)[0] for place in DIVIDING}
    return "".join(other.get(place, digit) for place, digit in enumerate(digits))


def _seen(points: str, by: User) -> str:
    """Helen rates a little lower than the clerks themselves, Marcus a little higher."""
    step, every = (-1, 5) if by.first_name == "Helen" else (1, 6)
    found = []
    for place, digit in enumerate(points):
        point = int(digit)
        if place in DIVIDING:
            point = 2 if digit == "4" else 4
        elif point and place % every == 0:
            point = min(4, max(1, point + step))
        found.append(str(point))
    return "".join(found)


def _divided(assessment: Assessment) -> str:
    return "4" if _supervisor(assessment).first_name == "Helen" else "2"


def _sign(past: Past) -> dict[str, SignOff]:
    """Sign each off at the suggested level, two of them at another one; most have seen it since."""
    signed = {}
    with at(past.opens + 12 * DAY):
        for assessment in past.assessments:
            name = assessment.clerk.first_name
            # Oliver's is an override; Yusuf's is corrected later.
            below = (name, past.points) in (("Oliver", A_QUARTER_AGO), ("Yusuf", HALF_A_YEAR_AGO))
            signed[name] = _placed(assessment, below)
    with at(past.opens + 15 * DAY):
        for name, sign_off in signed.items():
            if name not in ("Leo", "Nora", "Yusuf"):
                actions.acknowledge_sign_off(sign_off=sign_off, by=sign_off.clerk, reply="")
    return signed


def _placed(assessment: Assessment, below: bool) -> SignOff:
    assessment.refresh_from_db()
    judgement = judgement_of(assessment)
    level = judgement.suggested
    if below and level:
        level = assessment.version.levels.get(rank=level.rank - 1)
    why = why_justify(judgement, is_override=below)
    return actions.sign_off_assessment(
        assessment=assessment,
        level=level,
        by=_supervisor(assessment),
        revision=assessment.revision,
        category="not_yet_steady" if below else "",
        justification=WHY_BELOW if below else (WHY_SUGGESTED if why else ""),
    )


WHY_BELOW = "Shown under close help; two more quarters at the desk first."
WHY_SUGGESTED = "Where we differ I have seen the work myself, and both ratings show the level."


def _correct(sign_off: SignOff, past: Past) -> None:
    assessment = sign_off.assessment
    assessment.refresh_from_db()
    with at(past.opens + 16 * DAY):
        actions.correct_sign_off(
            sign_off=sign_off,
            level=sign_off.suggested_level,
            by=_supervisor(assessment),
            revision=assessment.revision,
            reason="The level was read off the line of another clerk.",
            justification=WHY_SUGGESTED,
        )


def _dispute(sign_off: SignOff, past: Past, above: User) -> None:
    """The clerk disputes two statements; the next supervisor up rates them too and upholds."""
    statements = sign_off.assessment.version.statements.filter(level__rank=3, position__in=[1, 5])
    with at(past.opens + 17 * DAY):
        dispute = actions.open_dispute(
            sign_off=sign_off,
            statements=statements,
            reason="I have settled both without help for months.",
            by=sign_off.clerk,
        )
    answers = [
        actions.Answer(statement.pk, 2, "Seen in the file check.") for statement in statements
    ]
    with at(past.opens + 20 * DAY):
        dispute = actions.rate_disputed(dispute=dispute, answers=answers, by=above, complete=True)
        actions.uphold_sign_off(
            dispute=dispute, reason="Three of the five files went back for a correction.", by=above
        )


def _revoke(sign_off: SignOff, past: Past) -> None:
    with at(past.opens + 21 * DAY):
        actions.revoke_sign_off(
            sign_off=sign_off,
            by=sign_off.signed_by,
            reason="The ratings were of the work at the desk he had left before.",
        )


def _supervisor(assessment: Assessment) -> User:
    team = assessment.clerk.team
    if team is None or team.supervisor is None:
        raise ValueError(f"{assessment.clerk} has nobody who rates them.")
    return team.supervisor
