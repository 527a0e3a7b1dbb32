import pytest

from assessments import actions
from assessments.models import Rating, RatingChange, Role
from tests import builders

pytestmark = pytest.mark.django_db

# Session and person, roles, teams, assessment, eight to save, progress; two of them savepoints.
QUERIES = 15


def url(assessment):
    return f"/assessments/{assessment.pk}/ratings/"


def answer(statement, point="3", note="", revision="0"):
    return {"statement": statement.pk, "point": point, "note": note, "revision": revision}


def first(assessment):
    return assessment.version.statements.order_by("level__rank", "position").first()


def test_rating_save_stores_the_clerks_answer(client):
    assessment = builders.draft_assessment()
    client.force_login(assessment.clerk)

    response = client.post(url(assessment), answer(first(assessment), note="Since\r\nMay"))

    said = response.json()
    rating = Rating.objects.get()
    assert response.status_code == 200
    assert (rating.role, rating.point, rating.note) == (Role.SELF, 3, "Since\nMay")
    assert (said["revision"], said["point"], said["note"]) == (1, 3, "Since\nMay")
    assert said["progress"] == {"rated": 1, "total": 40, "level_rated": 1, "level_total": 10}
    assert len(said["saved_at"]) == len("09:14")


def test_rating_save_stores_the_supervisors_answer_beside_it(client):
    assessment = builders.submitted_assessment()
    client.force_login(builders.supervisor(assessment))

    response = client.post(url(assessment), answer(first(assessment), point="1"))

    assert response.json()["progress"]["rated"] == 1
    assert assessment.ratings.get(role=Role.SUPERVISOR).point == 1
    assert assessment.ratings.get(role=Role.SELF, statement=first(assessment)).point == 4


def test_rating_save_keeps_a_note_without_an_answer(client):
    assessment = builders.draft_assessment()
    client.force_login(assessment.clerk)

    response = client.post(url(assessment), answer(first(assessment), point="", note="Ask Ben."))

    assert response.json()["point"] is None
    assert response.json()["progress"]["rated"] == 0


def test_rating_save_asks_why_it_is_not_part_of_the_role(client):
    assessment = builders.draft_assessment()
    client.force_login(assessment.clerk)

    response = client.post(url(assessment), answer(first(assessment), point="0"))

    assert response.status_code == 400
    assert response.json() == {"message": "Write why it is not part of the role."}
    assert not Rating.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"statement": ""},
        {"statement": "x"},
        {"statement": str(10**30)},
        {"point": "5"},
        {"point": "-1"},
        {"point": "²"},
        {"revision": ""},
        {"revision": "-1"},
        {"note": "\x00"},
        {"note": "a" * 2001},
    ],
)
def test_rating_save_refuses_what_is_no_answer(client, wrong):
    assessment = builders.draft_assessment()
    client.force_login(assessment.clerk)

    response = client.post(url(assessment), {**answer(first(assessment)), **wrong})

    assert response.status_code == 400
    assert list(response.json()) == ["message"]
    assert not Rating.objects.exists()


def test_rating_save_gives_both_values_when_another_window_was_faster(client):
    assessment = builders.draft_assessment()
    client.force_login(assessment.clerk)
    client.post(url(assessment), answer(first(assessment), point="2", note="In the other window"))

    response = client.post(url(assessment), answer(first(assessment), point="4"))

    assert response.status_code == 409
    assert response.json() == {
        "message": "This answer was changed in another window.",
        "revision": 1,
        "theirs": {
            "point": 2,
            "note": "In the other window",
            "reference": "",
            "label": "Partly",
        },
    }
    assert Rating.objects.get().point == 2


def test_rating_save_stores_the_same_answer_once(client):
    assessment = builders.draft_assessment()
    client.force_login(assessment.clerk)
    client.post(url(assessment), answer(first(assessment)))

    response = client.post(url(assessment), answer(first(assessment)))

    assert response.json()["revision"] == 1
    assert RatingChange.objects.count() == 1


def test_rating_save_says_so_when_it_was_submitted(client):
    assessment = builders.submitted_assessment()
    client.force_login(assessment.clerk)

    response = client.post(url(assessment), answer(first(assessment), point="1", revision="1"))

    assert response.status_code == 409
    assert response.json()["moved"] is True
    assert not Rating.objects.filter(point=1).exists()


def test_rating_save_tells_a_script_that_the_session_ended(client):
    assessment = builders.draft_assessment()

    response = client.post(url(assessment), answer(first(assessment)))

    assert response.status_code == 401
    assert response.json()["sign_in"].endswith(f"?next=%2Fassessments%2F{assessment.pk}%2F")
    assert not Rating.objects.exists()


def test_rating_save_is_hidden_from_strangers(client):
    assessment = builders.draft_assessment()
    client.force_login(builders.clerk())

    response = client.post(url(assessment), answer(first(assessment)))

    assert response.status_code == 404


@pytest.mark.parametrize("who", ["auditor", "upper supervisor"])
def test_rating_save_is_refused_to_those_who_do_not_rate(client, who):
    top = builders.team()
    clerk = builders.user(team=builders.team(parent=top))
    assessment = builders.submitted_assessment(clerk)
    client.force_login(builders.auditor() if who == "auditor" else top.supervisor)

    response = client.post(url(assessment), answer(first(assessment)))

    assert response.status_code == 403
    assert assessment.ratings.filter(role=Role.SUPERVISOR).count() == 0


def test_rating_save_only_takes_posts(client):
    assessment = builders.draft_assessment()
    client.force_login(assessment.clerk)

    assert client.get(url(assessment)).status_code == 405


@pytest.mark.parametrize("rated_before", [0, 39])
def test_rating_save_asks_the_database_as_often_for_the_last_answer(
    client, django_assert_num_queries, rated_before
):
    assessment = builders.draft_assessment()
    statements = builders.statements(assessment)
    entries = [actions.Entry(each.pk, 4, "", 0) for each in statements[1 : 1 + rated_before]]
    actions.save_ratings(
        assessment=assessment, role=Role.SELF, entries=entries, by=assessment.clerk
    )
    client.force_login(assessment.clerk)

    with django_assert_num_queries(QUERIES):
        client.post(url(assessment), answer(statements[0]))


def test_rating_save_stores_a_reference(client):
    assessment = builders.draft_assessment()
    client.force_login(assessment.clerk)

    response = client.post(url(assessment), answer(first(assessment)) | {"reference": " SET-4402 "})

    assert response.json()["reference"] == "SET-4402"
    assert Rating.objects.get().reference == "SET-4402"


@pytest.mark.parametrize("field", ["note", "reference"])
def test_rating_save_says_beside_the_field_what_must_not_be_there(client, caplog, field):
    assessment = builders.draft_assessment()
    client.force_login(assessment.clerk)
    caplog.set_level("DEBUG")

    response = client.post(
        url(assessment), answer(first(assessment)) | {field: "For 5555 5555 5555 4444"}
    )

    said = response.json()
    assert response.status_code == 400
    assert said["field"] == field
    assert said["message"].startswith("This looks like a payment card number. Leave it out")
    assert "5555" not in response.content.decode() + caplog.text
    assert not Rating.objects.exists()
    assert not RatingChange.objects.exists()


def test_rating_save_leaves_a_copy_to_be_confirmed_until_a_choice_comes(client):
    assessment = builders.returned_assessment()
    client.force_login(assessment.clerk)
    statement = first(assessment)

    noted = client.post(url(assessment), answer(statement, "", "Since May.", "1")).json()
    chosen = client.post(url(assessment), answer(statement, "4", "Since May.", "2")).json()

    assert (noted["point"], noted["progress"]["rated"]) == (None, 0)
    assert (chosen["point"], chosen["progress"]["rated"]) == (4, 1)


def test_rating_save_shows_that_another_windows_copy_waits(client):
    assessment = builders.returned_assessment()
    client.force_login(assessment.clerk)
    client.post(url(assessment), answer(first(assessment), "", "Elsewhere", "1"))

    response = client.post(url(assessment), answer(first(assessment), "4", "", "1"))

    assert response.json()["theirs"]["label"] == "Fully, to be looked at"
    assert response.json()["theirs"]["point"] is None
