import csv
import datetime
import io
import re

import openpyxl
import pytest
import time_machine

from assessments.models import SignOff
from assessments.scales import TRUE_OF_ME
from tests import builders

pytestmark = pytest.mark.django_db

PAGES = ["/team/", "/team/cover/", "/team/needs/"]
QUERIES = 24


def read(client, person, url: str = "/team/", **query) -> str:
    client.force_login(person)
    answer = client.get(url, query)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.fixture
def team():
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


HOSTILE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    " =1",
    "\uff1d1",
    "=cmd|' /C calc'!A0",
    "https://x.y",
]


@pytest.mark.parametrize("word", HOSTILE)
def test_what_looks_like_a_formula_is_taken_away_as_text(client, team, word):
    ana = team.members.get(first_name="Ana")
    ana.first_name, ana.last_name = word, ""
    ana.save()
    client.force_login(team.supervisor)

    text = b"".join(client.get("/team/skills.csv").streaming_content).decode("utf-8-sig")
    book = openpyxl.load_workbook(io.BytesIO(client.get("/team/skills.xlsx").content))

    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert not any(cell.lstrip().startswith(tuple("=+-@\t\uff1d")) for cell in cells)
    (found,) = [c for row in book.active.iter_rows() for c in row if c.value == str(ana)]
    assert (found.data_type, found.hyperlink) == ("s", None)


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
