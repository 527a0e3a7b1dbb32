"""Every number on the pages of a team equals the one counted from the rows of the database."""

import random
import re

import pytest
from django.test import Client

from assessments import actions
from assessments.judgement_queries import judgement_of
from assessments.models import Rating, Role, SignOff
from tests import builders

pytestmark = pytest.mark.django_db

SEEDS = range(3)


@pytest.fixture(scope="module", params=SEEDS)
def supervisor(request, kept_rows):
    """A supervisor of a small firm whose people were rated by chance, by both sides."""
    chance = random.Random(request.param)  # noqa: S311  # to be repeated, not to be secret
    team = builders.team()
    for _ in range(chance.randint(5, 6)):
        sign(builders.user(team=team), chance)
    return team.supervisor


def sign(clerk, chance):
    assessment = builders.draft_assessment(clerk)
    statements = builders.statements(assessment)
    good = chance.uniform(0.2, 0.9)
    own = {s.pk: rated(chance, good) for s in statements}
    rate(assessment, Role.SELF, clerk, own)
    assessment = actions.submit_assessment(assessment=assessment, by=clerk, declared=True)
    by = builders.supervisor(assessment)
    seen = {pk: p if chance.random() < 0.7 else rated(chance, good) for pk, p in own.items()}
    rate(assessment, Role.SUPERVISOR, by, seen)
    assessment = actions.complete_review(assessment=assessment, by=by)
    builders.settle(assessment)
    assessment = actions.reconcile_assessment(assessment=assessment, by=by)
    judgement = judgement_of(assessment)
    actions.sign_off_assessment(
        assessment=assessment,
        level=judgement.suggested,
        by=by,
        revision=assessment.revision,
        justification="Seen in the file checks.",
        confirm_set_aside=judgement.has_set_aside,
    )


def rated(chance, good):
    if chance.random() < 0.05:
        return 0
    return chance.choice([3, 4, 4]) if chance.random() < good else chance.choice([1, 2])


def rate(assessment, role, by, points):
    entries = [
        actions.Entry(pk, p, "Another desk." if p == 0 else "", 0) for pk, p in points.items()
    ]
    actions.save_ratings(assessment=assessment, role=role, entries=entries, by=by)


def rows(supervisor, role):
    """The points as they stand in the table, by clerk and statement."""
    found = Rating.objects.filter(role=role, assessment__clerk__team__supervisor=supervisor)
    return {(r.assessment.clerk_id, r.statement_id): r.point for r in found}


def signed_by(supervisor):
    return SignOff.objects.filter(signed_by=supervisor)


def page(supervisor, url):
    client = Client()
    client.force_login(supervisor)
    return re.sub(r"\s+", " ", client.get(url).content.decode())


def topic(statement):
    return statement.topic or statement.text


def of_statement(points, statement):
    return [point for (_, pk), point in points.items() if pk == statement.pk]


def test_every_cell_and_count_of_the_heat_map(supervisor):
    agreed, html = rows(supervisor, Role.AGREED), page(supervisor, "/team/")
    statements = builders.published_version().statements.all()

    cells = {
        (int(clerk), int(pk)): (shade, word)
        for shade, clerk, pk, word in re.findall(
            r'<td><a class="q(\d)" href="(\d+)/(\d+)/"><b>.</b> <span>([^<]+)', html
        )
    }
    words = {0: "Not role", 1: "Not yet", 2: "Partly", 3: "Mostly", 4: "Fully"}
    assert cells.keys() == agreed.keys()
    for key, point in agreed.items():
        shade, word = cells[key]
        assert word in (words[point], f"Differ, {words[point]}")
        assert shade == ("0" if word.startswith("Differ") else str(point))
    alone = [of_statement(agreed, s).count(4) for s in statements]
    assert f"<h2>{sum(n >= 2 for n in alone)} of 40 statements have cover</h2>" in html
    for words, number in (
        ("three or more", sum(n >= 3 for n in alone)),
        ("two people", alone.count(2)),
        ("one person", alone.count(1)),
        ("nobody", alone.count(0)),
    ):
        assert f"<b>{number}</b> {words}" in html
    for statement, number in zip(statements, alone, strict=True):
        counted = sum(point > 0 for point in of_statement(agreed, statement))
        row = re.search(rf"<bdi>{re.escape(topic(statement))}</bdi></th>.*?</tr>", html)[0]
        assert number < 2 or f"<b>{number}</b> of {counted}" in row


def test_every_number_of_cover(supervisor):
    agreed, html = rows(supervisor, Role.AGREED), page(supervisor, "/team/cover/")

    short = 0
    for statement in builders.published_version().statements.all():
        points = of_statement(agreed, statement)
        counted = sum(point > 0 for point in points)
        place = html.index(f"<bdi>{topic(statement)}</bdi>")
        row = html[place : place + html[place:].index("</tr>" if points.count(4) < 2 else "</li>")]
        if points.count(4) >= 2:
            assert f"{points.count(4)} of {counted} alone" in row
        else:
            short += 1
            assert f'data-l="Not yet">{sum(p in (1, 2) for p in points)} of {counted}' in row
            checked = row[row.index('data-l="With a check"') : row.index('data-l="Not yet"')]
            assert checked.count("<bdi>") == points.count(3)
    assert f"<h2>{short} statement" in html


def test_every_number_of_training_needs(supervisor):
    agreed, own, html = (
        rows(supervisor, Role.AGREED),
        rows(supervisor, Role.SELF),
        page(supervisor, "/team/needs/"),
    )
    ranks = {s.clerk_id: s.level.rank if s.level else 0 for s in signed_by(supervisor)}

    table = html[html.index("By statement") :]
    for statement in builders.published_version().statements.select_related("level"):
        next_up = [pk for pk, rank in ranks.items() if rank + 1 == statement.level.rank]
        signed = sum(agreed[pk, statement.pk] in (1, 2) for pk in next_up)
        themselves = sum(own[pk, statement.pk] in (1, 2) for pk in next_up)
        found = re.search(
            rf'<bdi>{re.escape(topic(statement))}</bdi>.*?data-l="Signed"><b>(\d+)</b>.*?'
            r'data-l="Own">(\d+)</td></tr>',
            table,
        )
        assert bool(found) == bool(signed or themselves)
        assert not found or (int(found[1]), int(found[2])) == (signed, themselves)


def test_every_number_of_agreement(supervisor):
    own, seen, html = (
        rows(supervisor, Role.SELF),
        rows(supervisor, Role.SUPERVISOR),
        page(supervisor, "/team/agreement/"),
    )

    cycles = {s.clerk_id: s.assessment.cycle for s in signed_by(supervisor)}
    for clerk, cycle in cycles.items():
        pairs = [(p, seen[key]) for key, p in own.items() if key[0] == clerk and p and seen[key]]
        row = re.search(rf"<bdi>{re.escape(cycle.name)}</bdi>, 1 clerk<.*?</tr>", html)[0]
        assert f"n = {len(pairs)}<" in row
        assert f"{sum(a == b for a, b in pairs)} of {len(pairs)}" in row
        higher, lower = sum(b > a for a, b in pairs), sum(b < a for a, b in pairs)
        assert f"{higher} higher, {lower} lower" in row
        assert "0 of 1 signed" in row
        assert "0 of 1 reviewed" in row
