"""The people and the work of the demo, built through the actions only."""

import datetime
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts import actions as accounts
from accounts.demo import DEMO_PASSWORD
from accounts.models import Team, User
from accounts.permissions import ADMINISTRATORS, AUDITORS
from assessments import actions
from assessments.demo_version import altered
from assessments.models import Assessment, Cycle, Role, SignOff
from assessments.queries import level_rows
from assessments.reconciliation_queries import talks_of
from assessments.scales import NOT_PART_OF_ROLE
from frameworks.actions import import_version, pair_statements
from frameworks.comparison_queries import base_of, compared
from frameworks.models import Competency, FrameworkVersion

SEED = Path(settings.BASE_DIR) / "seeds" / "43-4011.00_v.26.05.json"


class Person(NamedTuple):
    """Somebody of the demo; the user name is the first name."""

    first_name: str
    last_name: str
    title: str


HELEN = Person("Helen", "Okafor", "Supervisor, Transfers and Settlement")
MARCUS = Person("Marcus", "Lindqvist", "Supervisor, Client Accounts")
INGRID = Person("Ingrid", "Solberg", "Head of Operations")
TOMAS = Person("Tomas", "Reyes", "Operations Administrator")
RUTH = Person("Ruth", "Feldman", "Internal Auditor")

TRANSFERS = ["Priya Raman", "Ben Castillo", "Mei-Ling Zhou", "Daniel Novak", "Aisha Bello"]
TRANSFERS += ["Grace Whitfield", "Yusuf Demir"]
CLIENTS = ["Oliver Brandt", "Sofia Marin", "Jonas Weber", "Fatima Rahimi", "Leo Tanaka"]
CLIENTS += ["Nora Byrne"]

# One digit a statement, one group a level: 1 Not yet to 4 Fully, 0 not part of the role.
EXPERT = "4444444444 4444444444 4444434444 4443443444"
STRONG = "4444344444 4434444344 4344433243 2233112213"
MIDDLE = "4444444344 4343344303 3332233222 1122111211"
MIDDLE_SEEN = "4443444344 3343334303 3322232322 1112111112"
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


@transaction.atomic
def build(today: datetime.date | None = None) -> None:
    """Fill an empty database with two teams, their people and one cycle in every state."""
    today = today or timezone.localdate()
    import_version(data=SEED.read_bytes(), by=None)
    version = FrameworkVersion.objects.get()
    administrator = _person(TOMAS)
    accounts.set_roles(person=administrator, roles=[ADMINISTRATORS], by=None)
    auditor = _person(RUTH)
    accounts.set_roles(person=auditor, roles=[AUDITORS], by=None)
    ingrid, operations = _team("Operations", INGRID)
    helen, transfers = _team("Transfers and Settlement", HELEN, operations)
    marcus, clients = _team("Client Accounts", MARCUS, operations)
    actions.publish_version(version=version, by=administrator)
    _rules_and_appointments(version, ingrid, administrator, today)
    cycle = actions.open_cycle(
        name=f"{_season(today)} {today.year}",
        version=version,
        teams=[transfers, clients],
        opens_on=today - datetime.timedelta(days=5),
        due_on=today + datetime.timedelta(days=9),
        needs_second_signer=True,
        by=administrator,
    )
    _transfers(_clerks(TRANSFERS, transfers, 20411), helen, cycle)
    _clients(_clerks(CLIENTS, clients, 20511), marcus, cycle)
    accounts.delegate(
        from_supervisor=helen,
        to_supervisor=marcus,
        starts_on=today + datetime.timedelta(days=3),
        ends_on=today + datetime.timedelta(days=7),
        reason="Helen is at the settlement conference.",
        by=helen,
    )
    _coming_version(administrator)


def _coming_version(administrator: User) -> None:
    """A draft beside the cycle in progress; of its two doubtful pairs one is decided."""
    draft = import_version(data=altered(SEED.read_bytes()), by=administrator).version
    base = draft and base_of(draft)
    if draft is None or base is None:
        raise ValueError("The demo's draft has nothing to be compared with.")
    first, _ = compared(base, draft).undecided
    if first.old and first.new:
        pair_statements(version=draft, old=first.old, new=first.new, by=administrator)


def _rules_and_appointments(
    version: FrameworkVersion, ingrid: User, administrator: User, today: datetime.date
) -> None:
    """A second rule to compare with, and somebody who may sign without a placement."""
    actions.default_rule()
    confidentiality = version.statements.filter(level__rank=1, position=10)
    actions.add_rule(
        threshold=90,
        must_have=Competency.objects.filter(pk__in=confidentiality.values("competency")),
        reason="Proposed for next year: confidentiality is never traded against the rest.",
        by=administrator,
    )
    actions.appoint(
        person=ingrid,
        up_to_level=version.levels.get(rank=4),
        reason="Heads operations and holds no placement of her own.",
        ends_on=today + datetime.timedelta(days=365),
        by=administrator,
    )


def _season(day: datetime.date) -> str:
    return ("Winter", "Spring", "Summer", "Autumn")[day.month % 12 // 3]


def _person(person: Person, team: Team | None = None, employee_number: str = "") -> User:
    return accounts.add_person(
        username=person.first_name.lower(),
        first_name=person.first_name,
        last_name=person.last_name,
        email=f"{person.first_name.lower()}@example.com",
        employee_number=employee_number or None,
        title=person.title,
        team=team,
        password=DEMO_PASSWORD,
        is_demo=True,
        by=None,
    )


def _team(name: str, supervisor: Person, parent: Team | None = None) -> tuple[User, Team]:
    person = _person(supervisor)
    return person, accounts.add_team(name=name, parent=parent, supervisor=person, by=None)


def _clerks(names: list[str], team: Team, first_number: int) -> list[User]:
    return [
        _person(Person(first, last, "Brokerage Clerk"), team, str(first_number + number))
        for number, (first, _, last) in enumerate(name.partition(" ") for name in names)
    ]


def _transfers(clerks: list[User], helen: User, cycle: Cycle) -> None:
    priya, ben, mei_ling, daniel, aisha, grace, yusuf = clerks
    _rate(_start(priya, cycle), Role.SELF, priya, MIDDLE, first=17)
    _submit(ben, cycle, MIDDLE)
    _rate(_submit(mei_ling, cycle, STRONG), Role.SUPERVISOR, helen, STRONG, first=12)
    _settle(_review(daniel, cycle, helen, STRONG, MIDDLE), helen, leave=4)
    _reconcile(aisha, cycle, helen, STRONG, MIDDLE)
    _sign_off(
        _reconcile(grace, cycle, helen, MIDDLE, MIDDLE_SEEN),
        helen,
        rank=2,
        why="Where we differ below Proficient, both ratings show the statement.",
    )
    # At the highest level, so it waits for a second signature.
    _sign_off(_reconcile(yusuf, cycle, helen, EXPERT, EXPERT), helen, rank=4)


def _clients(clerks: list[User], marcus: User, cycle: Cycle) -> None:
    oliver, sofia, jonas, fatima, leo, _not_started = clerks
    _dispute(
        _sign_off(
            _reconcile(oliver, cycle, marcus, STRONG, STRONG),
            marcus,
            rank=2,
            why="Developing was shown under close help; two more months at the new desk first.",
        )
    )
    _sign_off(
        _reconcile(sofia, cycle, marcus, EARLY, NEW),
        marcus,
        rank=None,
        why="Three weeks at the desk: too early for a level, and Sofia agrees.",
    )
    reason = "Look at the account statements again: you do more than you say."
    for clerk in (jonas, fatima):
        assessment = _review(clerk, cycle, marcus, EARLY, MIDDLE)
        actions.return_assessment(assessment=assessment, by=marcus, reason=reason)
        if clerk == fatima:
            _rate(assessment, Role.SELF, clerk, MIDDLE_SEEN)
            actions.submit_assessment(assessment=assessment, by=clerk, declared=True)
    assessment = _submit(leo, cycle, EARLY)
    actions.close_assessment(
        assessment=assessment, by=marcus, reason="Moves to the Chicago office on the first."
    )


def _start(clerk: User, cycle: Cycle) -> Assessment:
    return actions.start_assessment(cycle=cycle, clerk=clerk)


def _rate(
    assessment: Assessment, role: Role, by: User, points: str, first: int | None = None
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
        note = NOTES.get((rank, row.statement.position), "") if role == Role.SELF else ""
        if point == NOT_PART_OF_ROLE and not note:
            note = "Stockholder calls go to the Client Desk."
        revision = found.revision if found else 0
        entries.append(actions.Entry(row.statement.pk, point, note, revision))
    actions.save_ratings(assessment=assessment, role=role, entries=entries, by=by)


def _submit(clerk: User, cycle: Cycle, points: str) -> Assessment:
    assessment = _start(clerk, cycle)
    _rate(assessment, Role.SELF, clerk, points)
    return actions.submit_assessment(assessment=assessment, by=clerk, declared=True)


def _review(clerk: User, cycle: Cycle, by: User, points: str, seen: str) -> Assessment:
    assessment = _submit(clerk, cycle, points)
    _rate(assessment, Role.SUPERVISOR, by, seen)
    return actions.complete_review(assessment=assessment, by=by)


def _reconcile(clerk: User, cycle: Cycle, by: User, points: str, seen: str) -> Assessment:
    assessment = _review(clerk, cycle, by, points, seen)
    _settle(assessment, by)
    return actions.reconcile_assessment(assessment=assessment, by=by)


def _settle(assessment: Assessment, by: User, leave: int = 0) -> None:
    """Settle what differs between clerk and supervisor, but for so many at the end."""
    talks = talks_of(assessment)
    statements = list(assessment.version.statements.filter(pk__in=talks))
    done = len(statements) - leave
    for number, statement in enumerate(statements):
        point = assessment.ratings.get(statement=statement, role=Role.SUPERVISOR).point
        differs = number % 3 == 2
        words = OURS[number % len(OURS)]
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


def _dispute(sign_off: SignOff) -> None:
    """The clerk has seen it, replies, and disputes two statements."""
    actions.acknowledge_sign_off(
        sign_off=sign_off,
        by=sign_off.clerk,
        reply="Seen. The work at the new desk is the same as at the old one.",
    )
    statements = sign_off.assessment.version.statements
    actions.open_dispute(
        sign_off=sign_off,
        statements=statements.filter(level__rank=3, position__in=[2, 4]),
        reason="I have done both alone at the new desk since August: CLI-2201 to CLI-2240.",
        by=sign_off.clerk,
    )


def _sign_off(assessment: Assessment, by: User, rank: int | None, why: str = "") -> SignOff:
    levels = {level.rank: level for level in assessment.version.levels.all()}
    return actions.sign_off_assessment(
        assessment=assessment,
        level=levels[rank] if rank else None,
        by=by,
        revision=assessment.revision,
        category="not_yet_steady",
        justification=why,
    )
