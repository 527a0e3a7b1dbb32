"""A small world for tests, built through the real actions only."""

import datetime
import functools
import itertools
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from accounts.models import Team, User
from accounts.permissions import ADMINISTRATORS, AUDITORS
from assessments import actions
from assessments.models import Assessment, Cycle, Dispute, Revocation, Role, SignOff
from frameworks.models import FrameworkVersion, Level, Statement

SEED = Path(__file__).resolve().parent.parent / "seeds" / "43-4011.00_v.26.05.json"

PASSWORD = "a password for tests"  # opens nothing

_numbers = itertools.count(1)


@functools.cache
def _hashed_password() -> str:
    return make_password(PASSWORD)


def signature(page: Any) -> dict[str, str]:
    """What a signer sends with a page that asks for a signature."""
    return {"seen": page.context["seen"], "password": PASSWORD}


def user(name: str = "", team: Team | None = None, **fields: Any) -> User:
    number = next(_numbers)
    username = name.lower().replace(" ", ".") or f"person{number}"
    first, _, last = name.partition(" ")
    fields = {"first_name": first or "Person", "last_name": last or str(number), **fields}
    person = User(username=f"{username}{number}" if not name else username, team=team, **fields)
    person.password = _hashed_password()
    person.save()
    return person


def administrator(name: str = "") -> User:
    return _in_group(user(name), ADMINISTRATORS)


def auditor() -> User:
    return _in_group(user(), AUDITORS)


def _in_group(person: User, name: str) -> User:
    person.groups.add(Group.objects.get_or_create(name=name)[0])
    return person


def team(supervisor: User | None = None, parent: Team | None = None) -> Team:
    return Team.objects.create(
        name=f"Team {next(_numbers)}",
        supervisor=user() if supervisor is None else supervisor,
        parent=parent,
    )


def clerk(supervisor: User | None = None) -> User:
    """A clerk in a team of their own, under this supervisor or a new one."""
    return user(team=team(supervisor))


def draft_version(data: bytes | None = None, label: str | None = None) -> FrameworkVersion:
    from frameworks.actions import import_version

    outcome = import_version(data=data or SEED.read_bytes(), by=None, label=label)
    return outcome.version


def altered(*edits: tuple[str, str], label: str = "v.26.11") -> bytes:
    """The seed as a later version, with texts replaced."""
    text = SEED.read_text(encoding="utf-8").replace('"version":"v.26.05"', f'"version":"{label}"')
    for before, after in edits:
        assert before in text
        text = text.replace(before, after)
    return text.encode()


def published_version() -> FrameworkVersion:
    """The seed, published; the same one when it is there already."""
    found = FrameworkVersion.objects.filter(state="published").first()
    return found or actions.publish_version(version=draft_version(), by=None)


def cycle(*teams: Team, **fields: Any) -> Cycle:
    today = datetime.date.today()
    given = {
        "name": f"Cycle {next(_numbers)}",
        "version": fields.pop("version", None) or published_version(),
        "opens_on": today - datetime.timedelta(days=7),
        "due_on": today + datetime.timedelta(days=14),
        "by": None,
        **fields,
    }
    return actions.open_cycle(teams=teams or [team()], **given)


def draft_assessment(person: User | None = None) -> Assessment:
    person = person or clerk()
    return actions.start_assessment(cycle=cycle(person.team), clerk=person)


def continued_assessment(person: User | None = None, *edits: tuple[str, str]) -> Assessment:
    """In the next cycle, with answers brought over; edits make it one against other words."""
    before = draft_assessment(person)
    rate(before, Role.SELF)
    version = before.version
    if edits:
        version = actions.publish_version(version=draft_version(altered(*edits)), by=None)
    following = cycle(before.clerk.team, version=version)
    return actions.start_assessment(cycle=following, clerk=before.clerk)


def supervisor(assessment: Assessment) -> User:
    return assessment.clerk.team.supervisor


def rate(
    assessment: Assessment, role: Role, point: int = 4, points: dict[int, int] | None = None
) -> None:
    """Rate every statement: `point`, but by level rank what `points` says."""
    by = assessment.clerk if role == Role.SELF else supervisor(assessment)
    ratings = {
        r.statement_id: r.revision
        for r in assessment.ratings.filter(role=role, round=assessment.round)
    }
    entries = [
        actions.Entry(
            statement.pk,
            given := (points or {}).get(statement.level.rank, point),
            "Done by another team." if given == 0 else "",
            ratings.get(statement.pk, 0),
        )
        for statement in statements(assessment)
    ]
    actions.save_ratings(assessment=assessment, role=role, entries=entries, by=by)


def statements(assessment: Assessment) -> list[Statement]:
    return list(assessment.version.statements.select_related("level"))


def submitted_assessment(person: User | None = None, **rating: Any) -> Assessment:
    assessment = draft_assessment(person)
    rate(assessment, Role.SELF, **rating)
    return actions.submit_assessment(assessment=assessment, by=assessment.clerk, declared=True)


def reviewed_assessment(person: User | None = None, **rating: Any) -> Assessment:
    assessment = submitted_assessment(person)
    rate(assessment, Role.SUPERVISOR, **rating)
    return actions.complete_review(assessment=assessment, by=supervisor(assessment))


def returned_assessment(person: User | None = None, **rating: Any) -> Assessment:
    """In round 2, with the clerk's answers as copies that wait to be given again."""
    assessment = reviewed_assessment(person, **rating)
    return actions.return_assessment(
        assessment=assessment, by=supervisor(assessment), reason="Look again."
    )


def answered_assessment(person: User | None = None) -> Assessment:
    """Reviewed, and both sides have agreed on the first statement."""
    assessment = reviewed_assessment(person)
    for by in (supervisor(assessment), assessment.clerk):
        actions.answer_statement(
            assessment=assessment,
            statement=assessment.version.statements.first(),
            point=3,
            reason="In October.",
            by=by,
        )
    return assessment


def settle(assessment: Assessment) -> None:
    """Both sides say of everything that is open that they differ: the supervisor's rating."""
    for found in assessment.reconciliations.filter(round=assessment.round, outcome=""):
        for by in (supervisor(assessment), assessment.clerk):
            actions.answer_statement(
                assessment=assessment,
                statement=found.statement,
                point=None,
                reason="We see it differently.",
                by=by,
            )


def reconciled_assessment(person: User | None = None, **rating: Any) -> Assessment:
    assessment = reviewed_assessment(person, **rating)
    settle(assessment)
    return actions.reconcile_assessment(assessment=assessment, by=supervisor(assessment))


def sign_off(person: User | None = None, rank: int | None = None, **rating: Any) -> SignOff:
    """A signed placement; everything rated Fully suggests the highest level."""
    assessment = reconciled_assessment(person, **rating)
    levels = list(Level.objects.filter(version=assessment.version))
    return actions.sign_off_assessment(
        assessment=assessment,
        level=levels[-1] if rank is None else levels[rank - 1],
        by=supervisor(assessment),
        revision=assessment.revision,
        category="other_evidence",
        justification="Seen in the quarterly file checks.",
    )


def above(assessment: Assessment) -> User:
    """A supervisor over the clerk's own, found or made: who signs second and decides disputes."""
    found = Team.objects.get(pk=assessment.clerk.team_id)
    if found.parent is None:
        found.parent = team()
        found.save()
    return found.parent.supervisor


def waiting_sign_off(person: User | None = None, **rating: Any) -> SignOff:
    """Signed at Advanced in a cycle that asks for a second signature, which is not there yet."""
    assessment = reconciled_assessment(person, **rating)
    Cycle.objects.filter(pk=assessment.cycle_id).update(needs_second_signer=True)
    above(assessment)
    return actions.sign_off_assessment(
        assessment=assessment,
        level=assessment.version.levels.last(),
        by=supervisor(assessment),
        revision=assessment.revision,
        justification="Seen in the quarterly file checks.",
    )


def dispute(signed: SignOff | None = None, count: int = 2) -> Dispute:
    """The first statements of the highest level disputed, with somebody above to decide."""
    signed = signed or sign_off()
    above(signed.assessment)
    highest = signed.assessment.version.statements.order_by("-level__rank", "position")
    return actions.open_dispute(
        sign_off=signed,
        statements=highest[:count],
        reason="I did these alone all year.",
        by=signed.clerk,
    )


def rated_dispute(signed: SignOff | None = None, point: int = 1, count: int = 2) -> Dispute:
    """A dispute whose decider has rated what is disputed, unseen."""
    found = dispute(signed, count)
    answers = [actions.Answer(row.statement_id, point, "Seen.") for row in found.statements.all()]
    by = above(found.sign_off.assessment)
    return actions.rate_disputed(dispute=found, answers=answers, by=by, complete=True)


def superseding_sign_off() -> SignOff:
    """One level lower, in place of what was disputed."""
    found = rated_dispute(count=3)
    assessment = found.sign_off.assessment
    return actions.supersede_sign_off(
        dispute=found,
        level=assessment.version.levels.get(rank=3),
        by=above(assessment),
        justification="The tickets bear it out.",
    )


def correction(signed: SignOff | None = None, rank: int = 3) -> SignOff:
    """Another level in place of the one that was signed, by the same ratings."""
    signed = signed or sign_off()
    return actions.correct_sign_off(
        sign_off=signed,
        level=signed.assessment.version.levels.get(rank=rank),
        by=supervisor(signed.assessment),
        revision=signed.assessment.revision,
        reason="Read off the wrong line.",
        category="other_evidence",
        justification="Seen in the file checks of June.",
    )


def revocation(signed: SignOff | None = None, reason: str = "For another clerk.") -> Revocation:
    """A placement taken back by whoever signed it."""
    signed = signed or sign_off()
    return actions.revoke_sign_off(sign_off=signed, by=signed.signed_by, reason=reason)


def undecided_dispute(signed: SignOff | None = None) -> Dispute:
    """A dispute for which nobody stands above: an administrator names who decides."""
    found = dispute(signed)
    Team.objects.filter(pk=found.sign_off.clerk.team_id).update(parent=None)
    return found
