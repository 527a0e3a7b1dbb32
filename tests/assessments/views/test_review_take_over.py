import pytest
from django.utils import timezone

from accounts import actions as accounts
from accounts.models import User
from assessments import actions
from assessments.models import Assessment, Event, RatingChange, Role
from tests import builders

pytestmark = pytest.mark.django_db


def begun() -> tuple[Assessment, User, User]:
    """Helen has rated three statements of a submitted assessment; Grace acts beside her."""
    helen, grace = builders.user("Helen Okafor"), builders.user("Grace Whitfield")
    assessment = builders.submitted_assessment(builders.clerk(helen))
    today = timezone.localdate()
    accounts.delegate(
        from_supervisor=helen,
        to_supervisor=grace,
        starts_on=today,
        ends_on=today,
        reason="On holiday.",
        by=helen,
    )
    entries = [actions.Entry(s.pk, 2, "Slow.", 0) for s in builders.statements(assessment)[:3]]
    actions.save_ratings(assessment=assessment, role=Role.SUPERVISOR, entries=entries, by=helen)
    return assessment, helen, grace


def test_assessment_review_says_who_is_rating_and_shows_no_answer_of_theirs(client):
    assessment, _, grace = begun()
    client.force_login(grace)

    page = client.get(f"/assessments/{assessment.pk}/review/1/").content.decode()

    assert "<bdi>Helen Okafor</bdi> is rating" in page
    assert "3 of 40 statements so far." in page
    assert "Slow." not in page
    assert 'type="radio"' not in page


def test_assessment_review_saves_nothing_over_somebody_who_is_rating(client):
    assessment, helen, grace = begun()
    client.force_login(grace)
    pk = builders.statements(assessment)[0].pk
    answer = {f"point-{pk}": "4", f"note-{pk}": "", f"revision-{pk}": "0"}

    response = client.post(f"/assessments/{assessment.pk}/review/1/", answer)

    rows = assessment.ratings.filter(role=Role.SUPERVISOR)
    assert response.status_code == 409
    assert set(rows.values_list("author", "point")) == {(helen.pk, 2)}


def test_rating_save_says_who_is_rating(client):
    assessment, _, grace = begun()
    client.force_login(grace)
    statement = builders.statements(assessment)[0]
    answer = {"statement": statement.pk, "point": "4", "note": "", "revision": "0"}

    response = client.post(f"/assessments/{assessment.pk}/ratings/", answer)

    assert response.status_code == 409
    assert response.json()["message"] == (
        "Helen Okafor is rating this: 3 of 40. Take it over to start blank, or leave it to them."
    )


def test_review_take_over_starts_blank_and_keeps_the_others_in_the_history(client):
    assessment, helen, grace = begun()
    client.force_login(grace)

    response = client.post(f"/assessments/{assessment.pk}/take-over/", follow=True)

    page = response.content.decode()
    assert "You rate now, from a blank page." in page
    assert "Slow." not in page
    assert not assessment.ratings.filter(role=Role.SUPERVISOR).exists()
    assert RatingChange.objects.filter(author=helen).count() == 3
    event = Event.objects.get(assessment=assessment, kind="take over")
    assert (event.by, event.note) == (grace, "From Helen Okafor")


def test_review_take_over_says_when_nobody_else_is_rating(client):
    assessment = builders.submitted_assessment()
    client.force_login(builders.supervisor(assessment))

    response = client.post(f"/assessments/{assessment.pk}/take-over/", follow=True)

    assert "Nobody else is rating this" in response.content.decode()


def test_review_complete_leads_back_while_somebody_else_is_rating(client):
    assessment, _, grace = begun()
    client.force_login(grace)

    response = client.get(f"/assessments/{assessment.pk}/complete-review/")

    assert response.url == f"/assessments/{assessment.pk}/review/1/"


def test_review_queue_puts_what_somebody_else_is_rating_apart(client):
    _, helen, grace = begun()

    found = []
    for person in (helen, grace):
        client.force_login(person)
        sections = client.get("/reviews/").context["sections"]
        found += [(s.name, s.rows[0].detail, s.rows[0].action) for s in sections if s.rows]

    assert found == [
        ("submitted", "You have rated 3 of 40", "Go on"),
        ("taken", "Helen Okafor has rated 3 of 40", "Look"),
    ]


def test_start_asks_nobody_to_rate_what_somebody_else_is_rating(client):
    _, helen, grace = begun()

    waiting = []
    for person in (helen, grace):
        client.force_login(person)
        waiting.append(len(client.get("/").context["waiting"].rows))

    assert waiting == [1, 0]
