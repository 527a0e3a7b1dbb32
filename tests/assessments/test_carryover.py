"""Carrying over neither loses nor invents a rating."""

from hypothesis import given
from hypothesis import strategies as st

from assessments.carryover import Asked, Carried, carry_over
from frameworks.changes import ChangeKind, Wording

LEVELS = ("emerging", "developing", "proficient")
TEXTS = ("Forms — complete them.", "Forms — complete them", "Calls — take them.", "Mail — sort it.")


@st.composite
def version(draw, offset: int) -> list[Asked]:
    """Statements of one version: some of nine competencies, anywhere, in any words."""
    competencies = draw(st.lists(st.integers(1, 9), unique=True))
    return [
        Asked(
            offset + number,
            competency,
            Wording(draw(st.sampled_from(LEVELS)), number, draw(st.sampled_from(TEXTS))),
        )
        for number, competency in enumerate(competencies)
    ]


@given(version(100), version(200), st.data())
def test_ratings_and_statements_add_up_on_both_sides(before, now, data):
    answered = data.draw(st.sets(st.sampled_from(before))) if before else set()
    rated = {1000 + statement.statement: statement for statement in answered}

    found = carry_over(rated, now)

    assert sorted([each.rating for each in found.carried] + list(found.stays)) == sorted(rated)
    assert sorted([each.statement for each in found.carried] + list(found.unrated)) == sorted(
        statement.statement for statement in now
    )


@given(version(100), version(200))
def test_a_rating_carries_to_its_own_competency_and_no_other(before, now):
    rated = {statement.statement: statement for statement in before}
    about = {statement.statement: statement.competency for statement in [*before, *now]}

    found = carry_over(rated, now)

    assert [about[each.rating] for each in found.carried] == [
        about[each.statement] for each in found.carried
    ]
    kept = {about[each.rating] for each in found.carried}
    assert kept == {s.competency for s in before} & {s.competency for s in now}


def asked(number: int, level: str, text: str) -> Asked:
    return Asked(number, number % 100, Wording(level, 1, text))


def test_only_the_same_meaning_at_the_same_level_counts_unseen():
    rated = {
        1: asked(101, "emerging", "Forms — complete them."),
        2: asked(102, "emerging", "Calls — take them."),
        3: asked(103, "emerging", "Mail — sort it."),
        4: asked(104, "emerging", "Keys — keep them."),
        5: asked(105, "emerging", "Doors — lock them."),
    }
    now = [
        asked(201, "emerging", "Forms — complete them."),
        asked(202, "emerging", "calls — take them"),
        asked(203, "emerging", "Mail — sort and deliver it before noon."),
        asked(204, "developing", "Keys — keep them."),
        asked(206, "emerging", "Lights — switch them off."),
    ]

    found = carry_over(rated, now)

    assert found.carried == (
        Carried(1, 201, ChangeKind.UNCHANGED),
        Carried(2, 202, ChangeKind.MINOR),
        Carried(3, 203, ChangeKind.REWORDED),
        Carried(4, 204, ChangeKind.MOVED),
    )
    assert [each.look_again for each in found.carried] == [False, False, True, True]
    assert (found.stays, found.unrated) == ((5,), (206,))
