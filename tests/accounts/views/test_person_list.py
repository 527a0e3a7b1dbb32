import pytest

from tests import builders

pytestmark = pytest.mark.django_db


def names(response):
    return [str(row.person) for row in response.context["rows"]]


@pytest.mark.parametrize("rows", [1, 3])
def test_person_list_reads_as_much_for_many_as_for_one(office, rows, django_assert_num_queries):
    for _ in range(rows):
        builders.clerk()
        builders.user(is_active=False)

    with django_assert_num_queries(15):
        office.get("/people/")


def test_person_list_finds_by_every_word_and_by_team(office):
    team = builders.team()
    builders.user("Ana Lopez", team=team)
    builders.user("Ana Brandt")

    assert names(office.get("/people/", {"search": "lop ana"})) == ["Ana Lopez"]
    assert names(office.get("/people/", {"team": team.pk})) == ["Ana Lopez"]
    assert "Nobody found" in office.get("/people/", {"search": "x y z"}).content.decode()


def test_person_list_shows_a_filter_that_is_not_one_as_no_filter(office):
    assert len(names(office.get("/people/", {"team": "x", "page": "x"}))) == 1


def test_person_list_names_who_has_no_supervisor(office):
    team = builders.team()
    builders.user("Ana Lopez", team=team)
    team.supervisor.is_active = False
    team.supervisor.save()

    response = office.get("/people/")

    assert [str(person) for person in response.context["unsupervised"]] == ["Ana Lopez"]
    assert "1 person has no supervisor" in response.content.decode()


def test_person_list_folds_who_is_deactivated(office):
    gone = builders.user("Ana Lopez", is_active=False)

    response = office.get("/people/")

    assert list(response.context["inactive"]) == [gone]
    assert "Ana Lopez" not in names(response)


def test_person_list_goes_on_after_fifty(office):
    for _ in range(50):
        builders.user()

    first, second = office.get("/people/"), office.get("/people/?page=2")

    assert (len(names(first)), len(names(second))) == (50, 1)
    assert "?page=2" in first.content.decode()
