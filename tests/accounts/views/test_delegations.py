import datetime

import pytest
from django.utils import timezone

from accounts import actions
from accounts.models import Delegation, User
from tests import builders

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


def given(giver: User, taker: User, starts_in: int = 0, days: int = 5) -> Delegation:
    starts_on = timezone.localdate() + starts_in * DAY
    return actions.delegate(
        from_supervisor=giver,
        to_supervisor=taker,
        starts_on=starts_on,
        ends_on=starts_on + days * DAY,
        reason="On holiday.",
        by=giver,
    )


def asked(taker: User, **fields: object) -> dict[str, object]:
    today = timezone.localdate()
    return {
        "to_supervisor": taker.pk,
        "starts_on": today.isoformat(),
        "ends_on": (today + DAY).isoformat(),
        "reason": "On holiday.",
        **fields,
    }


def supervisor(name: str = "Helen Okafor") -> User:
    person = builders.user(name)
    builders.team(person)
    return person


def test_delegation_list_shows_both_what_runs_and_what_comes(client_of):
    helen, grace, marcus = supervisor(), builders.user("Grace Whitfield"), builders.user("Marcus B")
    running, coming = given(helen, grace), given(helen, marcus, starts_in=10)
    ended = given(helen, marcus)
    actions.end_delegation(delegation=ended, by=helen)

    found = client_of(helen).get("/delegations/").context

    assert (found["running"], found["coming"]) == ([running], [coming])
    assert list(found["page"]) == [ended]
    assert client_of(grace).get("/delegations/").context["running"] == [running]


def test_delegation_list_is_for_those_in_it_and_those_who_watch(client_of):
    given(supervisor(), builders.user())
    answers = [
        client_of(person).get("/delegations/").status_code
        for person in (builders.clerk(), builders.administrator(), builders.auditor())
    ]

    assert answers == [403, 200, 200]


@pytest.mark.parametrize("rows", [1, 3])
def test_delegation_list_reads_as_much_for_many(office, rows, django_assert_num_queries):
    for number in range(rows):
        given(supervisor(f"Helen {number}"), builders.user(f"Grace {number}"))

    with django_assert_num_queries(6):
        office.get("/delegations/")


def test_delegation_add_lets_a_supervisor_name_who_acts(client_of):
    helen, grace = supervisor(), builders.user("Grace Whitfield")

    response = client_of(helen).post("/delegations/add/", asked(grace))

    made = Delegation.objects.get()
    assert response.url == "/delegations/"
    assert (made.from_supervisor, made.to_supervisor, made.made_by) == (helen, grace, helen)


def test_delegation_add_lets_an_administrator_do_it_for_somebody(office, administrator):
    helen, grace = supervisor(), builders.user("Grace Whitfield")

    office.post("/delegations/add/", asked(grace, from_supervisor=helen.pk))

    made = Delegation.objects.get()
    assert (made.from_supervisor, made.made_by) == (helen, administrator)


def test_delegation_add_is_not_for_a_delegate(client_of):
    grace = builders.user("Grace Whitfield")
    given(supervisor(), grace)

    assert client_of(grace).get("/delegations/add/").status_code == 403


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"ends_on": "2020-01-01"}, "It ends before it begins."),
        ({"reason": " "}, "Write why."),
        ({"reason": "Card 4111 1111 1111 1111"}, "card number"),
        ({"to_supervisor": ""}, "Choose who acts."),
    ],
)
def test_delegation_add_says_what_is_wrong(client_of, fields, sentence):
    response = client_of(supervisor()).post(
        "/delegations/add/", asked(builders.user("Grace Whitfield"), **fields)
    )

    assert sentence in response.content.decode()
    assert not Delegation.objects.exists()


def test_delegation_end_is_for_either_of_the_two(client_of):
    helen, grace = supervisor(), builders.user("Grace Whitfield")
    found = given(helen, grace)
    url = f"/delegations/{found.pk}/end/"

    assert "at once" in client_of(grace).get(url).content.decode()
    assert client_of(supervisor("Other One")).post(url).status_code == 404
    assert client_of(builders.auditor()).post(url).status_code == 403
    client_of(grace).post(url)

    found.refresh_from_db()
    assert found.ended_by == grace


def test_delegation_end_says_when_it_has_ended(client_of):
    helen = supervisor()
    found = given(helen, builders.user("Grace Whitfield"))
    actions.end_delegation(delegation=found, by=helen)

    page = client_of(helen).post(f"/delegations/{found.pk}/end/", follow=True)

    assert "has ended already" in page.content.decode()


def test_a_delegate_is_told_for_whom_and_until_when(client_of):
    helen, grace = supervisor(), builders.user("Grace Whitfield")
    found = given(helen, grace)
    sentence = f"You act for <bdi>Helen Okafor</bdi> until {found.ends_on:%-d %B}."

    for url in ("/", "/reviews/"):
        page = client_of(grace).get(url).content.decode()
        assert sentence in page
        assert sentence not in client_of(helen).get(url).content.decode()
    assert ">Reviews</a>" in page


def test_person_detail_shows_an_administrator_what_is_delegated(office):
    helen, grace = supervisor(), builders.user("Grace Whitfield")
    given(helen, grace)

    page = office.get(f"/people/{helen.pk}/").content.decode()

    assert "<bdi>Grace Whitfield</bdi> acts for them" in page
    assert f"/delegations/add/?person={helen.pk}" in page
    assert "Acts for <bdi>Helen Okafor</bdi>" in office.get(f"/people/{grace.pk}/").content.decode()
