"""Every number of a team equals the one counted from the rows, one by one."""

import datetime

from hypothesis import given
from hypothesis import strategies as st

from assessments.insight.skills import (
    Answer,
    Asked,
    Clerk,
    Skills,
    cover,
    cover_by_team,
    covered_by_level,
    gaps_first,
    lapses,
    lowest_first,
    most_alone_first,
    needs,
    proposals,
    spread,
)
from assessments.scales import TRUE_OF_ME

TODAY = datetime.date(2026, 3, 14)


@st.composite
def firms(draw) -> Skills:
    clerks = [
        Clerk(
            pk, f"Clerk {pk}", draw(st.sampled_from(["East", "West"])), "",
            draw(st.integers(0, 3)), TODAY,
            TODAY + datetime.timedelta(days=draw(st.integers(-5, 90))), pk,
        )
        for pk in range(draw(st.integers(0, 5)))
    ]  # fmt: skip
    asked = [
        Asked(pk, pk, draw(st.integers(1, 3)), "Level", pk, "", "")
        for pk in range(draw(st.integers(0, 6)))
    ]
    answers = {
        (clerk.pk, one.competency): Answer(draw(st.integers(0, 4)))
        for clerk in clerks
        for one in asked
        if draw(st.booleans())
    }
    return Skills(TRUE_OF_ME, clerks, asked, answers)


@given(firms())
def test_cover_counts_each_answer_once(firm):
    found = cover(firm)

    for each in found:
        points = {c: a.point for c in firm.clerks if (a := firm.answer(c, each.asked))}
        assert set(each.alone) == {c for c, point in points.items() if point == 4}
        assert set(each.checked) == {c for c, point in points.items() if point == 3}
        assert set(each.not_yet) == {c for c, point in points.items() if point in (1, 2)}
        assert each.counted == sum(point > 0 for point in points.values())
    assert sum(number for _, number in spread(found)) == len(firm.asked)


@given(firms())
def test_gaps_are_what_fewer_than_two_do_alone_the_single_ones_first(firm):
    gaps = gaps_first(cover(firm))

    alone = [sum(a.point == 4 for c in firm.clerks if (a := firm.answer(c, g.asked))) for g in gaps]
    assert alone == sorted(alone, reverse=True)
    assert all(number < 2 for number in alone)
    expected = 0
    for one in firm.asked:
        points = [a.point for c in firm.clerks if (a := firm.answer(c, one))]
        expected += points.count(4) < 2 and any(points)
    assert len(gaps) == expected


@given(firms())
def test_covered_by_level_counts_every_statement_in_its_level(firm):
    covers = cover(firm)

    for level, covered, everything in covered_by_level(covers):
        mine = [each for each in covers if each.asked.level == level]
        assert everything == len(mine)
        assert covered == sum(len(each.alone) >= 2 for each in mine)
    assert sum(number for *_, number in covered_by_level(covers)) == len(firm.asked)


@given(firms())
def test_cover_by_team_counts_each_team_for_itself(firm):
    teams = ["East", "West"]

    for found in cover_by_team(cover(firm), teams):
        assert [team for team, *_ in found.teams] == teams
        for team, alone, counted in found.teams:
            mine = [clerk for clerk in firm.clerks if clerk.team == team]
            points = [a.point for clerk in mine if (a := firm.answer(clerk, found.asked))]
            assert (alone, counted) == (points.count(4), sum(point > 0 for point in points))


@given(firms())
def test_clerks_and_statements_are_put_in_order_and_none_is_lost(firm):
    clerks = most_alone_first(firm)

    fully = [
        sum(firm.answers[key].point == 4 for key in firm.answers if key[0] == c.pk) for c in clerks
    ]
    assert fully == sorted(fully, reverse=True)
    assert sorted(clerks) == sorted(firm.clerks)
    for clerk in firm.clerks:
        ordered = lowest_first(firm, clerk, cover(firm))
        points = [a.point if (a := firm.answer(clerk, each.asked)) else 0 for each in ordered]
        given_ones = [point for point in points if point]
        assert points == sorted(given_ones) + [0] * (len(points) - len(given_ones))


@given(firms(), st.integers(1, 60))
def test_what_lapses_is_what_ends_in_that_time(firm, days):
    found = lapses(cover(firm), firm.clerks, TODAY, days)

    ends = [(clerk.until - TODAY).days for clerk in firm.clerks]
    assert [(lapse.clerk.until - TODAY).days for lapse in found] == sorted(
        left for left in ends if 0 <= left < days
    )
    for lapse in found:
        for one in lapse.statements:
            others = [
                c
                for c in firm.clerks
                if c != lapse.clerk and (a := firm.answer(c, one)) and a.point == 4
            ]
            assert len(others) < 2


@given(firms(), st.data())
def test_needs_are_of_the_level_above_by_signed_and_own_ratings_apart(firm, data):
    own = {key: data.draw(st.integers(0, 4)) for key in firm.answers}
    found = {need.asked: need for need in needs(firm, own)}

    for one in firm.asked:
        lacking = [c for c in firm.clerks if c.rank + 1 == one.rank]
        signed = {c for c in lacking if (a := firm.answer(c, one)) and a.point in (1, 2)}
        themselves = {c for c in lacking if own.get((c.pk, one.competency)) in (1, 2)}
        need = found.get(one)
        assert (set(need.signed), set(need.own)) == (signed, themselves) if need else True
        assert (need is None) == (not signed and not themselves)


@given(firms())
def test_a_proposal_counts_for_each_person_what_they_lack(firm):
    found = needs(firm, {})

    for proposal in proposals(found):
        shared = [need for need in found if len(need.signed) >= 2]
        assert set(proposal.needs) <= set(shared)
        for person, number in proposal.people:
            assert number == sum(person in need.signed for need in proposal.needs)
