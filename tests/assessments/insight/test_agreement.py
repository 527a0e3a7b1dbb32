"""The arithmetic of agreement, held against another's and against counting one by one."""

import math
import warnings
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from assessments import actions
from assessments.insight.agreement import Pair, agreements, divided, quadratic_kappa
from assessments.models import Role
from tests import builders

points = st.integers(1, 4)
ratings = st.lists(st.tuples(points, points), min_size=1, max_size=60)
pairs = st.lists(
    st.builds(
        Pair, st.integers(1, 2), st.integers(1, 2), st.integers(1, 8), st.integers(1, 4), points,
        points,
    ),
    max_size=60,
)  # fmt: skip


@given(ratings)
def test_kappa_is_what_scikit_learn_says(rated):
    ours = quadratic_kappa(Counter(rated))

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it divides by zero where ours gives None
        theirs = cohen_kappa_score(
            [one for one, _ in rated],
            [other for _, other in rated],
            labels=[1, 2, 3, 4],
            weights="quadratic",
        )
    if ours is None:
        assert math.isnan(theirs) or len({*rated}) == 1
    else:
        assert math.isclose(ours, theirs, abs_tol=1e-9)


def test_kappa_of_nothing_and_of_one_answer_throughout_is_not_given():
    assert quadratic_kappa({}) is None
    assert quadratic_kappa({(3, 3): 40}) is None


@given(pairs)
def test_each_figure_equals_the_one_counted_from_the_rows(rated):
    found = agreements(rated)

    for key, agreement in found.items():
        rows = [pair for pair in rated if (pair.supervisor, pair.cycle) == key]
        assert agreement.pairs == len(rows) == agreement.same + agreement.higher + agreement.lower
        assert agreement.people == len({row.clerk for row in rows})
        assert agreement.higher == sum(row.by_supervisor > row.by_clerk for row in rows)
        assert agreement.kappa is None or agreement.people >= 5
    assert sum(agreement.pairs for agreement in found.values()) == len(rated)


@given(pairs)
def test_statements_that_divide_are_named_by_how_many_read_them_differently(rated):
    for found in divided(rated, most=2):
        rows = [pair for pair in rated if pair.statement == found.statement]
        far = [row for row in rows if abs(row.by_clerk - row.by_supervisor) >= 2]
        assert (found.far, found.pairs) == (len(far), len(rows))
        assert len({row.clerk for row in rows}) >= 5


def rated_by_five(team):
    """Five clerks say Fully throughout; their supervisor says Partly of the highest level."""
    cycle = builders.cycle(team)
    for _ in range(5):
        clerk = builders.user(team=team)
        assessment = actions.start_assessment(cycle=cycle, clerk=clerk)
        builders.rate(assessment, Role.SELF)
        actions.submit_assessment(assessment=assessment, by=clerk, declared=True)
        builders.rate(assessment, Role.SUPERVISOR, points={1: 4, 2: 4, 3: 4, 4: 2})
        actions.complete_review(assessment=assessment, by=team.supervisor)


@pytest.mark.django_db
def test_agreement_says_how_a_supervisor_rates_beside_the_clerks(client):
    team = builders.team()
    rated_by_five(team)
    client.force_login(team.supervisor)

    page = client.get("/team/agreement/").content.decode()

    assert "<b>0.00</b>" in page  # one side never varies: chance alone says as much
    assert page.count("5 of 5 two steps apart or more") == 10
    assert "n = " in page
    text = b"".join(client.get("/team/agreement.csv").streaming_content).decode()
    row = text.splitlines()[-1].split(",")
    assert row[2:8] == ['"5"', '"200"', '"0.00"', '"150"', '"0"', '"50"']


@pytest.mark.django_db
def test_agreement_of_fewer_than_five_is_not_given(client):
    assessment = builders.reviewed_assessment()
    client.force_login(builders.supervisor(assessment))

    page = client.get("/team/agreement/").content.decode()

    assert "not given" in page


@pytest.mark.django_db
def test_agreement_reads_nothing_that_is_not_complete(client):
    assessment = builders.submitted_assessment()
    builders.rate(assessment, Role.SUPERVISOR)
    client.force_login(builders.supervisor(assessment))

    assert "No review is complete yet" in client.get("/team/agreement/").content.decode()
