import csv
import datetime
import io
import re

import openpyxl
import pytest
import time_machine

from assessments.insight import heat_map
from assessments.models import SignOff
from assessments.scales import TRUE_OF_ME
from tests import builders

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

PAGES = ["/team/", "/team/cover/", "/team/needs/"]
QUERIES = 24


def read(client, person, url: str = "/team/", **query) -> str:
    client.force_login(person)
    answer = client.get(url, query)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.fixture(scope="module")
def team(kept_rows):
    """A supervisor with three clerks: Ana does everything alone, Ben nearly, Cem a little."""
    team = builders.team()
    for name, points in (
        ("Ana", {1: 4, 2: 4, 3: 4, 4: 4}),
        ("Ben", {1: 4, 2: 4, 3: 3, 4: 1}),
        ("Cem", {1: 4, 2: 2, 3: 1, 4: 1}),
    ):
        _sign(builders.user(f"{name} Clerk", team=team), points)
    return team


def _sign(clerk, points) -> SignOff:
    return builders.sign_off(clerk, rank=max(r for r, p in points.items() if p >= 3), points=points)


def test_heat_map_shows_number_and_word_and_who_may_do_it_alone(client, team):
    page = read(client, team.supervisor)

    assert "Who can do what" in page
    assert page.count('class="q4"') > 40
    assert "<b>3</b> <span>Mostly</span>" in page
    assert "20 of 40 statements have cover" in page
    assert page.count("Only Ana Clerk") == 20
    assert "© EBSCOed" in page


def test_heat_map_cell_opens_the_history_of_that_rating(client, team):
    page = read(client, team.supervisor)
    href = re.search(r'<td><a class="q\d" href="([\d/]+)"', page)[1]

    history = read(client, team.supervisor, f"/team/{href}")

    assert "<bdi>Ana Clerk</bdi>" in history
    assert history.count("Fully") == 3


def test_heat_map_is_narrowed_to_a_level_and_ordered_by_cover(client, team):
    page = read(client, team.supervisor, level=3, order="cover")

    rows = re.findall(r'<th scope="row"><bdi>([^<]+)', page)
    topics = builders.published_version().statements.filter(level__rank=3)
    assert sorted(rows) == sorted(statement.topic for statement in topics)


def test_heat_map_of_a_clerk_is_their_own(client, team):
    ana = team.members.get(first_name="Ana")

    page = read(client, ana)

    assert "What you can do" in page
    assert "Ben" not in page
    assert client.get("/team/cover/").url == "/team/"


def test_heat_map_is_ordered_by_the_answers_of_a_clerk_and_clerks_by_what_they_do(client, team):
    ana, cem = (team.members.get(first_name=name) for name in ("Ana", "Cem"))

    page = read(client, team.supervisor, order=cem.pk, clerks="alone")

    assert f'<option value="{cem.pk}" selected>Lowest first: Cem Clerk</option>' in page
    words = re.findall(rf'href="{cem.pk}/\d+/"><b>.</b> <span>([^<]+)', page)
    lowest_first = {"Differ, Not yet": 20, "Differ, Partly": 10, "Fully": 10}
    assert words == [word for word, number in lowest_first.items() for _ in range(number)]
    assert page.index(f'href="{ana.pk}/"') < page.index(f'href="{cem.pk}/"')
    assert 'aria-sort="ascending"' in page


def test_a_clerk_sees_figures_of_the_team_only_where_they_are_of_six_or_more(client, team):
    ana = team.members.get(first_name="Ana")
    for name in ("Dora", "Emil"):
        _sign(builders.user(f"{name} Clerk", team=team), {1: 4, 2: 4, 3: 3, 4: 1})
    assert "Your team covers" not in read(client, ana)

    _sign(builders.user("Fay Clerk", team=team), {1: 4, 2: 2, 3: 1, 4: 1})
    page = read(client, ana)

    assert "Your team covers 20 of 40 statements" in page
    assert "<dt>Developing</dt><dd>10 of 10 covered</dd>" in page
    assert "<dt>Proficient</dt><dd>0 of 10 covered</dd>" in page
    for name in ("Ben", "Cem", "Dora", "Emil", "Fay"):
        assert name not in page


def test_heat_map_shows_sixty_clerks_a_page(client, team, monkeypatch):
    monkeypatch.setattr(heat_map, "CLERKS_A_PAGE", 2)

    first, second = (read(client, team.supervisor, page=page) for page in (1, 2))

    assert "Cem Clerk" not in re.search("<thead>.*?</thead>", first)[0]
    assert "Cem Clerk" in re.search("<thead>.*?</thead>", second)[0]
    assert "20 of 40 statements have cover" in first
    assert "20 of 40 statements have cover" in second


def test_heat_map_shows_no_rating_that_is_not_signed(client):
    assessment = builders.reconciled_assessment()

    page = read(client, builders.supervisor(assessment))

    assert "Nothing is signed and in force yet" in page


def test_heat_map_leaves_out_what_has_lapsed(client, team):
    later = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=400)
    with time_machine.travel(later):
        page = read(client, team.supervisor)

    assert "Nothing is signed and in force yet" in page


def test_coverage_puts_what_rests_on_one_person_first(client, team):
    page = read(client, team.supervisor, "/team/cover/")

    assert "20 statements with one person or nobody" in page
    assert "No placement ends in that time." in page
    eleven_months = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=340)
    with time_machine.travel(eleven_months):
        page = read(client, team.supervisor, "/team/cover/")
    assert page.count("would rest on one person or nobody") >= 1


def test_training_needs_are_of_the_next_level(client, team):
    """Ben holds Proficient and lacks Advanced; Cem holds Emerging and lacks Developing."""
    page = read(client, team.supervisor, "/team/needs/")

    assert page.count('data-l="Signed"><b>1</b>: <bdi>Ben Clerk</bdi>') == 10
    assert page.count('data-l="Signed"><b>1</b>: <bdi>Cem Clerk</bdi>') == 10
    assert "Nothing that two people or more lack" in page


def test_person_over_time_shows_two_cycles_beside_each_other(client, team):
    ana = team.members.get(first_name="Ana")
    first = SignOff.objects.get(clerk=ana)
    with time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=200)):
        _sign(ana, {1: 4, 2: 4, 3: 3, 4: 1})
        page = read(client, ana, f"/team/{ana.pk}/")

    assert "Two assessments beside each other" in page
    assert page.count("<circle") == 2
    assert page.count("<b>Mostly</b>") == 10
    assert f'href="/records/{first.record_id}/"' in page


def test_what_a_person_was_rated_over_time_can_be_taken_away(client, team):
    ana = team.members.get(first_name="Ana")
    signed = SignOff.objects.get(clerk=ana)
    client.force_login(team.supervisor)

    text = b"".join(client.get(f"/team/{ana.pk}/over-time.csv").streaming_content)

    rows = list(csv.reader(io.StringIO(text.decode("utf-8-sig"))))
    cycle = signed.assessment.cycle.name
    assert rows[0][0].startswith("Ana Clerk over time, ")
    assert rows[1][0] == f"Signed placements: {cycle}: Advanced, record {signed.record_id}"
    assert "EBSCOed" in rows[2][0]
    sides = [f"{cycle}, {side}" for side in ("clerk", "supervisor", "agreed")]
    assert rows[4] == ["Level", "No.", "Statement", *sides]
    assert len(rows) == 5 + 40
    assert rows[5][-3:] == ["Fully"] * 3


@pytest.mark.parametrize("name", ["skills", "cover", "needs"])
def test_every_table_can_be_taken_away(client, team, name):
    client.force_login(team.supervisor)

    text = b"".join(client.get(f"/team/{name}.csv").streaming_content)
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/team/{name}.xlsx").content))

    assert text.startswith("\ufeff".encode())
    rows = list(csv.reader(io.StringIO(text.decode("utf-8-sig"))))
    sheet = [[cell for cell in row if cell not in (None, "")] for row in book.active.values]
    assert [[str(cell) for cell in row] for row in sheet if row] == [
        [cell for cell in row if cell] for row in rows if any(row)
    ]
    assert "EBSCOed" in rows[2][0]
    assert "v.26.05" in rows[2][0]


@pytest.mark.parametrize("url", PAGES)
def test_the_queries_do_not_grow_with_people(client, team, url, django_assert_max_num_queries):
    client.force_login(team.supervisor)
    with django_assert_max_num_queries(QUERIES) as one:
        client.get(url)
    for _ in range(2):
        builders.sign_off(builders.user(team=team))

    with django_assert_max_num_queries(len(one)):
        client.get(url)


def test_the_scale_has_a_shade_for_each_answer():
    assert [point.value for point in TRUE_OF_ME.points] == [1, 2, 3, 4]
