"""Every step of the table, tried from every state by every kind of person."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import Delegation, Team, User
from assessments import actions
from assessments.models import Assessment, Cycle, Event, Role, SignOff
from assessments.workflow import STEPS, State
from tests import builders

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

WHY = "Seen in the quarterly file checks."


def somebody() -> User:
    """A clerk under a supervisor who has one above them, too."""
    return builders.user(team=builders.team(parent=builders.team()))


def in_draft() -> Assessment:
    assessment = builders.draft_assessment(somebody())
    builders.rate(assessment, Role.SELF)
    return assessment


def in_carried() -> Assessment:
    """A draft that continues another: every answer was brought over and counts."""
    return builders.continued_assessment(somebody())


def in_undone() -> Assessment:
    assessment = in_carried()
    return actions.undo_carry_over(assessment=assessment, by=assessment.clerk)


def in_submitted() -> Assessment:
    assessment = builders.submitted_assessment(somebody())
    builders.rate(assessment, Role.SUPERVISOR)
    return assessment


def in_reviewed() -> Assessment:
    return builders.reviewed_assessment(somebody())


def in_talks() -> Assessment:
    """Reviewed, with one statement that the clerk has not answered for too long."""
    assessment = builders.reviewed_assessment(somebody())
    Cycle.objects.update(reply_days=0)
    by, statement = builders.supervisor(assessment), assessment.version.statements.first()
    actions.answer_statement(assessment=assessment, statement=statement, point=3, reason=WHY, by=by)
    return assessment


def in_reconciled() -> Assessment:
    return builders.reconciled_assessment(somebody())


def in_waiting() -> Assessment:
    return builders.waiting_sign_off(somebody()).assessment


def in_signed_off() -> Assessment:
    return builders.sign_off(somebody()).assessment


def in_disputed() -> Assessment:
    return builders.rated_dispute(builders.sign_off(somebody())).sign_off.assessment


def in_closed() -> Assessment:
    assessment = in_draft()
    return actions.close_assessment(
        assessment=assessment, by=builders.supervisor(assessment), reason="Left the team."
    )


IN_STATE = {
    "draft": in_draft,
    "carried": in_carried,
    "undone": in_undone,
    "submitted": in_submitted,
    "reviewed": in_reviewed,
    "in talks": in_talks,
    "reconciled": in_reconciled,
    "waiting": in_waiting,
    "signed_off": in_signed_off,
    "disputed": in_disputed,
    "closed": in_closed,
}


def people_of(assessment: Assessment) -> dict[str, User]:
    """Everybody who might try, by kind; a delegate acts beside the supervisor today."""
    supervisor, above = builders.supervisor(assessment), builders.above(assessment)
    delegate = builders.user()
    day = timezone.localdate()
    Delegation.objects.create(
        from_supervisor=supervisor,
        to_supervisor=delegate,
        starts_on=day,
        ends_on=day + datetime.timedelta(days=1),  # midnight may pass
        reason="On holiday.",
        made_at=assessment.started_at,
    )
    below = builders.user()
    Team.objects.create(name="Below", supervisor=assessment.clerk).members.add(below)
    return {
        "clerk": assessment.clerk,
        "supervisor": supervisor,
        "delegate": delegate,
        "above": above,
        "supervisor elsewhere": builders.team().supervisor,
        "below the clerk": below,
        "administrator": builders.administrator(),
        "auditor": builders.auditor(),
    }


def rate(role: Role) -> Callable[[Assessment, User], Any]:
    def save(assessment: Assessment, by: User) -> None:
        statement = assessment.version.statements.first()
        found = assessment.ratings.filter(
            statement=statement, role=role, round=assessment.round
        ).first()
        entry = actions.Entry(statement.pk, 2, "", found.revision if found else 0)
        actions.save_rating(assessment=assessment, role=role, entry=entry, by=by)

    return save


def submit(assessment: Assessment, by: User) -> None:
    actions.submit_assessment(assessment=assessment, by=by, declared=True)


def answer(assessment: Assessment, by: User) -> None:
    actions.answer_statement(
        assessment=assessment,
        statement=assessment.version.statements.last(),
        point=None,
        reason=WHY,
        by=by,
    )


def no_answer(assessment: Assessment, by: User) -> None:
    actions.close_unanswered(
        assessment=assessment, statement=assessment.version.statements.first(), by=by
    )


def sign(assessment: Assessment, by: User, needs_second: bool) -> None:
    Cycle.objects.update(needs_second_signer=needs_second)
    actions.sign_off_assessment(
        assessment=assessment,
        level=assessment.version.levels.last(),
        by=by,
        revision=assessment.revision,
        justification=WHY,
    )


def waiting(assessment: Assessment) -> SignOff:
    found = assessment.sign_offs.first()
    if found is None:
        raise actions.Moved("There is nothing to sign.")
    return found


def sign_second(assessment: Assessment, by: User) -> None:
    actions.sign_second(sign_off=waiting(assessment), by=by, revision=assessment.revision)


def decline(assessment: Assessment, by: User) -> None:
    actions.decline_sign_off(sign_off=waiting(assessment), by=by, reason=WHY)


def supersede(assessment: Assessment, by: User) -> None:
    sign_off = assessment.sign_offs.first()
    if sign_off is None or not hasattr(sign_off, "dispute"):
        raise actions.Moved("There is nothing to decide.")
    level = assessment.version.levels.get(rank=3)
    actions.supersede_sign_off(
        dispute=sign_off.dispute, level=level, by=by, justification=WHY, category="other"
    )


def correct(assessment: Assessment, by: User) -> None:
    sign_off = assessment.sign_offs.filter(record__isnull=False).first()
    if sign_off is None:
        raise actions.Moved("There is nothing to correct.")
    actions.correct_sign_off(
        sign_off=sign_off,
        level=assessment.version.levels.get(rank=3),
        by=by,
        revision=assessment.revision,
        reason=WHY,
        category="other",
        justification=WHY,
    )


def revoke(assessment: Assessment, by: User) -> None:
    sign_off = assessment.sign_offs.filter(record__isnull=False).first()
    if sign_off is None:
        raise actions.Moved("There is nothing to revoke.")
    actions.revoke_sign_off(sign_off=sign_off, by=by, reason=WHY)


TAKE: dict[str, Callable[[Assessment, User], Any]] = {
    "rate": rate(Role.SELF),
    "review": rate(Role.SUPERVISOR),
    "undo carry-over": lambda a, by: actions.undo_carry_over(assessment=a, by=by),
    "bring over": lambda a, by: actions.bring_over(assessment=a, by=by),
    "submit": submit,
    "withdraw": lambda a, by: actions.withdraw_assessment(assessment=a, by=by),
    "take over": lambda a, by: actions.take_over_review(assessment=a, by=by),
    "complete review": lambda a, by: actions.complete_review(assessment=a, by=by),
    "answer": answer,
    "no answer": no_answer,
    "reconcile": lambda a, by: actions.reconcile_assessment(assessment=a, by=by),
    "return": lambda a, by: actions.return_assessment(assessment=a, by=by, reason=WHY),
    "first signature": lambda a, by: sign(a, by, needs_second=True),
    "sign off": lambda a, by: sign(a, by, needs_second=False),
    "second signature": sign_second,
    "decline": decline,
    "supersede": supersede,
    "correct": correct,
    "revoke": revoke,
    "close": lambda a, by: actions.close_assessment(assessment=a, by=by, reason=WHY),
}

ACTING = {"supervisor", "delegate"}
# Who rates is one at a time: a delegate first takes the review over.
RATER = {"supervisor"}
# From which state each step leads where, and who may take it there; all else is refused.
LEADS_TO: dict[tuple[str, str], tuple[str, set[str]]] = {
    ("rate", "draft"): ("draft", {"clerk"}),
    ("rate", "carried"): ("draft", {"clerk"}),
    ("rate", "undone"): ("draft", {"clerk"}),
    ("undo carry-over", "carried"): ("draft", {"clerk"}),
    ("bring over", "undone"): ("draft", {"clerk"}),
    ("submit", "draft"): ("submitted", {"clerk"}),
    ("submit", "carried"): ("submitted", {"clerk"}),
    ("review", "submitted"): ("submitted", RATER),
    ("withdraw", "submitted"): ("draft", {"clerk"}),
    ("take over", "submitted"): ("submitted", {"delegate"}),
    ("complete review", "submitted"): ("reviewed", RATER),
    ("answer", "reviewed"): ("reviewed", {"clerk", *ACTING}),
    ("answer", "in talks"): ("reviewed", {"clerk", *ACTING}),
    ("no answer", "in talks"): ("reviewed", ACTING),
    ("reconcile", "reviewed"): ("reconciled", ACTING),
    ("return", "reviewed"): ("draft", ACTING),
    ("return", "in talks"): ("draft", ACTING),
    ("return", "reconciled"): ("draft", ACTING),
    ("return", "waiting"): ("draft", ACTING),
    ("first signature", "reconciled"): ("reconciled", ACTING),
    ("sign off", "reconciled"): ("signed_off", ACTING),
    ("second signature", "waiting"): ("signed_off", {"above"}),
    ("decline", "waiting"): ("reconciled", {"above"}),
    ("supersede", "disputed"): ("signed_off", {"above"}),
    ("correct", "signed_off"): ("signed_off", ACTING),
    ("revoke", "signed_off"): ("signed_off", {*ACTING, "above"}),
    **{
        ("close", state): ("closed", ACTING)
        for state in ("draft", "carried", "undone", "submitted")
    },
    **{
        ("close", state): ("closed", ACTING)
        for state in ("reviewed", "in talks", "reconciled", "waiting")
    },
}


def remembered(assessment: Assessment) -> tuple[Any, ...]:
    assessment.refresh_from_db()
    return (
        assessment.state,
        assessment.round,
        assessment.revision,
        assessment.events.count(),
        assessment.ratings.count(),
        assessment.reconciliations.count(),
        list(assessment.sign_offs.values_list("record", "declined_at", "voided_at", "revocation")),
    )


def tried(assessment: Assessment, step: str, by: User) -> str:
    """The state it leads to, or "" where it is refused; what it changed is taken back."""
    before = remembered(assessment)
    with transaction.atomic():
        try:
            with transaction.atomic():
                TAKE[step](assessment, by)
        except actions.WorkflowError:
            found = ""
        else:
            assessment.refresh_from_db()
            found = assessment.state
        if not found:
            assert remembered(assessment) == before
        transaction.set_rollback(True)
    assessment.refresh_from_db()
    return found


def test_the_table_names_every_step_and_state():
    assert set(TAKE) == {step.name for step in STEPS} | {"rate", "review"}
    assert set(IN_STATE) >= set(State.values)


@pytest.mark.parametrize("state", IN_STATE)
def test_step_is_taken_only_from_its_states_and_by_its_people(state):
    assessment = IN_STATE[state]()
    people = people_of(assessment)

    found = {
        (step, kind): tried(assessment, step, by) for step in TAKE for kind, by in people.items()
    }

    nowhere: tuple[str, set[str]] = ("", set())
    assert found == {
        (step, kind): to_state if kind in allowed else ""
        for step in TAKE
        for kind in people
        for to_state, allowed in [LEADS_TO.get((step, state), nowhere)]
    }


# Ratings and answers are remembered one by one in rows of their own.
REMEMBERED = sorted(pair for pair in LEADS_TO if pair[0] not in ("rate", "review", "answer"))


@pytest.mark.parametrize(("step", "state"), REMEMBERED)
def test_step_is_remembered_with_the_round_it_was_taken_in(step, state):
    assessment = IN_STATE[state]()
    people = people_of(assessment)
    by = people[max(LEADS_TO[step, state][1] & {"clerk", "supervisor", "above", "delegate"})]

    TAKE[step](assessment, by)

    event = Event.objects.latest("pk")
    assert (event.kind, event.round) == (step, 1)


def give_back(assessment: Assessment) -> None:
    TAKE["return"](assessment, builders.supervisor(assessment))


def test_return_opens_a_round_with_copies_of_the_clerks_answers():
    assessment = builders.reconciled_assessment()

    give_back(assessment)

    assessment.refresh_from_db()
    copies = assessment.ratings.filter(round=2)
    assert assessment.round == 2
    assert set(copies.values_list("role", "needs_confirmation")) == {("self", True)}
    assert copies.count() == len(builders.statements(assessment))


def test_submit_in_round_two_gives_the_supervisor_their_own_answers_again():
    assessment = builders.reviewed_assessment()
    give_back(assessment)
    assessment.refresh_from_db()

    builders.rate(assessment, Role.SELF)
    submit(assessment, assessment.clerk)

    copies = assessment.ratings.filter(round=2, role=Role.SUPERVISOR)
    assert set(copies.values_list("author", "needs_confirmation")) == {
        (builders.supervisor(assessment).pk, True)
    }
