import pytest
from django.db.models import QuerySet

from assessments import actions
from assessments.models import Cycle, PlacementRule, Role, SignOff
from assessments.rule_queries import foresee
from tests import builders
from tests.race import race

pytestmark = pytest.mark.django_db


def competencies(count: int = 2, rank: int = 1) -> list:
    statements = builders.published_version().statements.filter(level__rank=rank)
    return [statement.competency for statement in statements[:count]]


def add(threshold: int = 70, must_have=(), reason: str = "Why.", by=None) -> PlacementRule:
    return actions.add_rule(
        threshold=threshold, must_have=must_have, reason=reason, by=by or builders.administrator()
    )


def test_add_rule_takes_the_next_number():
    administrator, wanted = builders.administrator(), competencies()

    rule = add(70, wanted, " The desk must know these. ", administrator)

    assert (rule.number, rule.threshold, rule.added_by) == (2, 70, administrator)
    assert rule.reason == "The desk must know these."
    assert rule.added_at is not None
    assert list(rule.must_have.order_by("pk")) == wanted
    assert add(60).number == 3


def test_add_rule_refuses_what_a_rule_says_already():
    first, second = competencies()
    add(80, [first])

    with pytest.raises(actions.WorkflowError, match="Rule 2 says the same already"):
        add(80, [first])
    with pytest.raises(actions.WorkflowError, match="Rule 1 says the same already"):
        add(80)
    assert add(80, [second]).number == 3


@pytest.mark.parametrize("threshold", [0, 101, -80])
def test_add_rule_refuses_what_is_no_percentage(threshold):
    with pytest.raises(actions.WorkflowError, match="from 1 to 100"):
        add(threshold)


def test_add_rule_asks_why():
    with pytest.raises(actions.WorkflowError, match="Write why this rule is added"):
        add(reason="  ")


def test_add_rule_names_statements_of_a_published_framework():
    wanted = competencies()
    actions.retire_version(version=builders.published_version(), by=None)

    with pytest.raises(actions.WorkflowError, match="not of a published framework"):
        add(70, wanted)


@pytest.mark.parametrize("person", [builders.clerk, builders.auditor])
def test_add_rule_is_for_administrators(person):
    with pytest.raises(actions.NotYours):
        add(by=person())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("locked", [True, False])
def test_add_rule_gives_two_at_once_two_numbers(locked, monkeypatch):
    if not locked:
        monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_: self)
    administrator = builders.administrator()
    actions.default_rule()

    for low in range(1, 31):
        race(lambda n=low: add(n, by=administrator), lambda n=low + 40: add(n, by=administrator))

    rules = PlacementRule.objects.exclude(number=1)
    assert list(rules.values_list("number", flat=True)) == list(range(2, 62))
    assert {rule.threshold for rule in rules} == {*range(1, 31), *range(41, 71)}


@pytest.mark.django_db(transaction=True)
def test_add_rule_takes_one_of_two_alike_at_once():
    administrator = builders.administrator()
    actions.default_rule()

    outcomes = race(*[lambda: add(55, by=administrator)] * 2)

    assert sorted(type(outcome).__name__ for outcome in outcomes) == [
        "PlacementRule",
        "WorkflowError",
    ]


def test_open_cycle_takes_rule_1_and_the_usual_settings():
    cycle = builders.cycle()

    assert (cycle.rule.number, cycle.reply_days) == (1, 10)
    assert (cycle.needs_standing, cycle.needs_second_signer) == (False, False)


def test_open_cycle_keeps_what_was_chosen():
    rule = add(70)

    cycle = builders.cycle(rule=rule, reply_days=5, needs_standing=True, needs_second_signer=True)

    cycle.refresh_from_db()
    assert (cycle.rule, cycle.reply_days) == (rule, 5)
    assert (cycle.needs_standing, cycle.needs_second_signer) == (True, True)


@pytest.mark.parametrize(
    ("field", "value"),
    [("valid_months", 0), ("valid_months", 121), ("reply_days", 0), ("reply_days", 61)],
)
def test_open_cycle_refuses_what_is_out_of_bounds(field, value):
    with pytest.raises(actions.CycleRefused, match=r"1 to (120|60)"):
        builders.cycle(**{field: value})


@pytest.mark.django_db(transaction=True)
def test_open_cycle_refuses_one_of_two_of_a_name_at_once(monkeypatch):
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_: self)
    actions.default_rule()
    team, version = builders.team(), builders.published_version()

    for number in range(20):
        given = {"name": f"Autumn {number}", "version": version}
        outcomes = race(*[lambda g=given: builders.cycle(team, **g)] * 2)
        names = sorted(type(outcome).__name__ for outcome in outcomes)
        assert names == ["Cycle", "CycleRefused"]
    assert Cycle.objects.count() == 20


def rate_one_low(assessment, role: Role) -> None:
    """The first statement of all is not shown."""
    rating = assessment.ratings.get(
        role=role, statement__level__rank=1, statement__position=1, round=1
    )
    by = assessment.clerk if role == Role.SELF else builders.supervisor(assessment)
    entry = actions.Entry(rating.statement_id, 1, "", rating.revision)
    actions.save_rating(assessment=assessment, role=role, entry=entry, by=by)


def signed_with_one_low() -> SignOff:
    """Placed at Advanced with nine of ten shown at Emerging."""
    assessment = builders.draft_assessment()
    builders.rate(assessment, Role.SELF)
    rate_one_low(assessment, Role.SELF)
    clerk, by = assessment.clerk, builders.supervisor(assessment)
    assessment = actions.submit_assessment(assessment=assessment, by=clerk, declared=True)
    builders.rate(assessment, Role.SUPERVISOR)
    rate_one_low(assessment, Role.SUPERVISOR)
    assessment = actions.complete_review(assessment=assessment, by=by)
    assessment = actions.reconcile_assessment(assessment=assessment, by=by)
    return actions.sign_off_assessment(
        assessment=assessment,
        level=assessment.version.levels.last(),
        by=by,
        revision=assessment.revision,
    )


def test_foresee_names_whom_a_must_have_would_lower():
    signed, same = signed_with_one_low(), builders.sign_off()

    preview = foresee(add(80, competencies(1)))

    highest = signed.suggested_level
    assert [(row.sign_off, row.before, row.after) for row in preview.changes] == [
        (signed, highest, None)
    ]
    assert (preview.same, preview.higher, preview.lower, preview.total) == (1, 0, 1, 2)
    assert [(m.before, m.after, m.number) for m in preview.moves] == [
        (highest, None, 1),
        (same.suggested_level, highest, 1),
    ]


def test_foresee_reads_the_latest_sign_off_of_each_clerk():
    old = builders.sign_off()
    new = builders.sign_off(old.clerk, rank=1, points={1: 4, 2: 1, 3: 1, 4: 1})

    preview = foresee(actions.default_rule())

    assert preview.total == 1
    assert [move.before for move in preview.moves] == [new.suggested_level]


def test_foresee_reads_what_a_decided_dispute_left():
    dispute = builders.rated_dispute(point=1, count=3)
    signed = actions.supersede_sign_off(
        dispute=dispute,
        level=dispute.sign_off.assessment.version.levels.get(rank=3),
        by=builders.above(dispute.sign_off.assessment),
        justification="Three are not shown.",
    )

    lenient = foresee(add(70))

    assert [(row.sign_off, row.before.rank, row.after.rank) for row in lenient.changes] == [
        (signed, 3, 4)
    ]
    assert (lenient.higher, lenient.lower) == (1, 0)


def test_foresee_of_nothing_signed():
    builders.waiting_sign_off()

    assert foresee(actions.default_rule()).total == 0


def test_foresee_asks_as_much_for_one_as_for_three(django_assert_num_queries):
    rule = add(70)
    builders.sign_off()
    with django_assert_num_queries(5):
        foresee(rule)
    builders.sign_off()
    builders.sign_off()

    with django_assert_num_queries(5):
        foresee(rule)
