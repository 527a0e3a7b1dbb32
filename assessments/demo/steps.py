"""The way of an assessment in the demo, step by step, and the answers given on it."""

from collections.abc import Mapping, Sequence

from accounts.models import User
from assessments import actions
from assessments.models import Assessment, Cycle, Role, SignOff
from assessments.queries import level_rows
from assessments.reconciliation_queries import talks_of
from assessments.scales import NOT_PART_OF_ROLE

# One digit a statement, one group a level: 1 Not yet to 4 Fully, 0 not part of the role.
EXPERT = "4444444444 4444444444 4444434444 4443443444"
SKILLED = "4444444444 4444444444 4443434434 3332233223"
STRONG = "4444344444 4434444344 4344433243 2233112213"
MIDDLE = "4444444344 4343344303 3332233222 1122111211"
MIDDLE_SEEN = "4443444344 3343334303 3322232322 1112111112"
BEGINNING = "4443434433 3232232322 2121221112 1111111111"
EARLY = "3342333223 2232212322 1121211112 1111111111"
NEW = "2231222321 1121111211 1111111111 1111111111"

NOTES = {
    (1, 4): "Still ask for a second look at older items. Last one: ticket SET-4471.",
    (2, 1): "Twelve balance inquiries in October without a call-back.",
    (2, 9): "Stockholder calls go to the Client Desk since April.",
    (3, 1): "Disputed redemptions came back to me twice (SET-4402, SET-4418).",
}


# What supervisor and clerk say of what they settle, in turn.
OURS = (
    ("Done with a second pair of eyes twice in October.", "That is fair."),
    ("The older items still come to me.", "Yes, those before 2024."),
    ("I have seen it fall behind at month end.", "Month end was kept since July."),
)


def start(clerk: User, cycle: Cycle) -> Assessment:
    return actions.start_assessment(cycle=cycle, clerk=clerk)


def rate(
    assessment: Assessment,
    role: Role,
    by: User,
    points: str,
    first: int | None = None,
    notes: Mapping[tuple[int, int], str] = NOTES,
) -> None:
    """Rate the first so many statements, all by default, by a string of digits."""
    assessment.refresh_from_db()
    digits = [int(digit) for digit in points if digit.isdigit()]
    rows = [
        (level.level.rank, row)
        for level in level_rows(assessment, roles=[role])
        for row in level.rows
    ]
    entries = []
    for (rank, row), point in list(zip(rows, digits, strict=True))[:first]:
        found = row.by_clerk if role == Role.SELF else row.by_supervisor
        note = notes.get((rank, row.statement.position), "") if role == Role.SELF else ""
        if point == NOT_PART_OF_ROLE and not note:
            note = "Stockholder calls go to the Client Desk."
        revision = found.revision if found else 0
        entries.append(actions.Entry(row.statement.pk, point, note, revision))
    actions.save_ratings(assessment=assessment, role=role, entries=entries, by=by)


def submit(clerk: User, cycle: Cycle, points: str) -> Assessment:
    assessment = start(clerk, cycle)
    rate(assessment, Role.SELF, clerk, points)
    return actions.submit_assessment(assessment=assessment, by=clerk, declared=True)


def review(clerk: User, cycle: Cycle, by: User, points: str, seen: str) -> Assessment:
    assessment = submit(clerk, cycle, points)
    rate(assessment, Role.SUPERVISOR, by, seen)
    return actions.complete_review(assessment=assessment, by=by)


def reconcile(clerk: User, cycle: Cycle, by: User, points: str, seen: str) -> Assessment:
    assessment = review(clerk, cycle, by, points, seen)
    settle(assessment, by)
    return actions.reconcile_assessment(assessment=assessment, by=by)


def settle(
    assessment: Assessment,
    by: User,
    leave: int = 0,
    reasons: Sequence[tuple[str, str]] = OURS,
) -> None:
    """Settle what differs between clerk and supervisor, but for so many at the end."""
    talks = talks_of(assessment)
    statements = list(assessment.version.statements.filter(pk__in=talks))
    given = assessment.ratings.filter(role=Role.SUPERVISOR, round=assessment.round)
    seen = dict(given.values_list("statement", "point"))
    done = len(statements) - leave
    for number, statement in enumerate(statements):
        point = seen[statement.pk]
        differs = number % 3 == 2
        words = reasons[number % len(reasons)]
        for person, reason in ((by, words[0]), (assessment.clerk, words[1])):
            # Of those left one waits for the clerk; to the others nobody has said anything.
            if number < done or (number == done and person == by):
                actions.answer_statement(
                    assessment=assessment,
                    statement=statement,
                    point=None if differs else point,
                    reason=reason,
                    by=person,
                )


def sign_off(assessment: Assessment, by: User, rank: int | None, why: str = "") -> SignOff:
    levels = {level.rank: level for level in assessment.version.levels.all()}
    return actions.sign_off_assessment(
        assessment=assessment,
        level=levels[rank] if rank else None,
        by=by,
        revision=assessment.revision,
        category="not_yet_steady",
        justification=why,
    )
