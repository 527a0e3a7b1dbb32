import pytest

from assessments import actions
from assessments.models import Assessment, Role
from assessments.workflow import STEPS, State
from tests import builders

pytestmark = pytest.mark.django_db


def closed_assessment() -> Assessment:
    assessment = builders.draft_assessment()
    return actions.close_assessment(
        assessment=assessment, by=builders.supervisor(assessment), reason="Left the team."
    )


IN_STATE = {
    "draft": builders.draft_assessment,
    "submitted": builders.submitted_assessment,
    "reviewed": builders.reviewed_assessment,
    "reconciled": builders.reconciled_assessment,
    "signed_off": lambda: builders.sign_off().assessment,
    "closed": closed_assessment,
}


def submit(assessment: Assessment) -> None:
    actions.submit_assessment(assessment=assessment, by=assessment.clerk, declared=True)


def withdraw(assessment: Assessment) -> None:
    actions.withdraw_assessment(assessment=assessment, by=assessment.clerk)


def complete_review(assessment: Assessment) -> None:
    actions.complete_review(assessment=assessment, by=builders.supervisor(assessment))


def reconcile(assessment: Assessment) -> None:
    actions.reconcile_assessment(assessment=assessment, by=builders.supervisor(assessment))


def give_back(assessment: Assessment) -> None:
    actions.return_assessment(
        assessment=assessment, by=builders.supervisor(assessment), reason="Look at 3 again."
    )


def sign_off(assessment: Assessment) -> None:
    actions.sign_off_assessment(
        assessment=assessment,
        level=assessment.version.levels.last(),
        by=builders.supervisor(assessment),
        revision=assessment.revision,
    )


def close(assessment: Assessment) -> None:
    actions.close_assessment(
        assessment=assessment, by=builders.supervisor(assessment), reason="Changed jobs."
    )


def rate_self(assessment: Assessment) -> None:
    builders.rate(assessment, Role.SELF)


def rate_clerk(assessment: Assessment) -> None:
    builders.rate(assessment, Role.SUPERVISOR)


TAKE = {
    "submit": submit,
    "withdraw": withdraw,
    "complete review": complete_review,
    "reconcile": reconcile,
    "return": give_back,
    "sign off": sign_off,
    "close": close,
    "rate": rate_self,
    "review": rate_clerk,
}

# Where each step leads from the states it can be taken in; from every other it is refused.
LEADS_TO = {
    ("submit", "draft"): "submitted",
    ("withdraw", "submitted"): "draft",
    ("complete review", "submitted"): "reviewed",
    ("reconcile", "reviewed"): "reconciled",
    ("return", "reviewed"): "draft",
    ("return", "reconciled"): "draft",
    ("sign off", "reconciled"): "signed_off",
    ("close", "draft"): "closed",
    ("close", "submitted"): "closed",
    ("close", "reviewed"): "closed",
    ("close", "reconciled"): "closed",
    ("rate", "draft"): "draft",
    ("review", "submitted"): "submitted",
}


def in_state(state: str, step: str) -> Assessment:
    """In this state, and ready for the step but for the state."""
    assessment = IN_STATE[state]()
    if (step, state) == ("submit", "draft"):
        builders.rate(assessment, Role.SELF)
    if (step, state) == ("complete review", "submitted"):
        builders.rate(assessment, Role.SUPERVISOR)
    return assessment


def remembered(assessment: Assessment) -> tuple[str, int, int, int, int]:
    assessment.refresh_from_db()
    return (
        assessment.state,
        assessment.round,
        assessment.revision,
        assessment.events.count(),
        assessment.ratings.count(),
    )


def test_the_table_names_every_step_and_state():
    assert set(TAKE) == {step.name for step in STEPS} | {"rate", "review"}
    assert set(IN_STATE) == set(State.values)


@pytest.mark.parametrize("state", IN_STATE)
@pytest.mark.parametrize("step", TAKE)
def test_step_is_taken_only_from_its_states(step, state):
    assessment = in_state(state, step)
    before = remembered(assessment)

    if to_state := LEADS_TO.get((step, state)):
        TAKE[step](assessment)
        assessment.refresh_from_db()
        assert assessment.state == to_state
        return
    with pytest.raises(actions.Moved):
        TAKE[step](assessment)
    assert remembered(assessment) == before


TAKEN_IN = {
    "submit": "draft",
    "withdraw": "submitted",
    "complete review": "submitted",
    "reconcile": "reviewed",
    "return": "reconciled",
    "sign off": "reconciled",
    "close": "reviewed",
}


@pytest.mark.parametrize("step", TAKEN_IN)
def test_step_is_remembered_with_the_round_it_was_taken_in(step):
    assessment = in_state(TAKEN_IN[step], step)

    TAKE[step](assessment)

    event = assessment.events.last()
    assert (event.kind, event.round) == (step, 1)


@pytest.mark.parametrize("step", ["complete review", "reconcile", "return", "sign off", "close"])
def test_step_of_the_supervisor_is_refused_to_everybody_else(step, monkeypatch):
    assessment = in_state(TAKEN_IN[step], step)
    before = remembered(assessment)

    for somebody in (assessment.clerk, builders.user(), builders.administrator()):
        monkeypatch.setattr(builders, "supervisor", lambda _, somebody=somebody: somebody)
        with pytest.raises(actions.NotYours):
            TAKE[step](assessment)
    assert remembered(assessment) == before


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

    submit(assessment)

    copies = assessment.ratings.filter(round=2, role=Role.SUPERVISOR)
    assert set(copies.values_list("author", "needs_confirmation")) == {
        (builders.supervisor(assessment).pk, True)
    }
