import itertools

import pytest

from assessments import actions
from assessments.models import Assessment, Role
from tests import builders

pytestmark = pytest.mark.django_db


def url(assessment: Assessment) -> str:
    return f"/assessments/{assessment.pk}/complete-review/"


def rated_assessment() -> Assessment:
    assessment = builders.submitted_assessment()
    builders.rate(assessment, Role.SUPERVISOR)
    return assessment


def test_review_complete_freezes_and_opens_both_sides(client):
    assessment = rated_assessment()
    client.force_login(builders.supervisor(assessment))

    page = client.get(url(assessment)).content.decode()
    response = client.post(url(assessment))

    assessment.refresh_from_db()
    assert "your ratings and notes cannot be changed" in page
    assert response.headers["Location"] == f"/assessments/{assessment.pk}/reconcile/"
    assert assessment.state == "reviewed"


def test_review_complete_links_to_what_is_missing(client):
    assessment = builders.submitted_assessment()
    first, second, *others = builders.statements(assessment)
    entries = [actions.Entry(statement.pk, 3, "", 0) for statement in others]
    by = builders.supervisor(assessment)
    actions.save_ratings(assessment=assessment, role=Role.SUPERVISOR, entries=entries, by=by)
    client.force_login(by)

    page = client.get(url(assessment)).content.decode()

    assert "2 statements are not rated yet" in page
    for statement in (first, second):
        assert f'href="/assessments/{assessment.pk}/review/1/#s-{statement.pk}"' in page
    assert "<button" not in page.split("<main", 1)[1]


def test_review_complete_is_refused_while_something_is_missing(client):
    assessment = builders.submitted_assessment()
    client.force_login(builders.supervisor(assessment))

    response = client.post(url(assessment), follow=True)

    assessment.refresh_from_db()
    assert "Not completed: 40 statements are not rated yet." in response.content.decode()
    assert assessment.state == "submitted"


def second_review() -> Assessment:
    """Submitted in round 2; what the supervisor said in round 1 waits to be answered again."""
    assessment = builders.returned_assessment()
    builders.rate(assessment, Role.SELF)
    return actions.submit_assessment(assessment=assessment, by=assessment.clerk, declared=True)


def test_review_complete_names_the_copies_not_answered_again(client):
    assessment = second_review()
    client.force_login(builders.supervisor(assessment))

    page = client.get(url(assessment)).content.decode()
    client.post(url(assessment))

    assessment.refresh_from_db()
    assert "40 statements are not rated yet" in page
    assert "An answer of yours from round 1 counts once you have kept or changed it." in page
    assert assessment.state == "submitted"


def test_review_complete_hints_to_the_supervisor_alone(client):
    assessment = rated_assessment()
    client.force_login(builders.supervisor(assessment))

    page = client.get(url(assessment)).content.decode()

    assert "All 40 answers are the same." in page
    assert f'href="/assessments/{assessment.pk}/review/1/"' in page
    client.force_login(assessment.clerk)
    assert "All 40 answers" not in client.get(f"/assessments/{assessment.pk}/").content.decode()


POSTS = ("one answer", "a level", "complete")


@pytest.mark.parametrize("posts", [*itertools.permutations(POSTS), *itertools.product(POSTS[:2])])
@pytest.mark.parametrize("note", ["", "Seen in May."])
def test_no_posts_without_a_choice_complete_a_second_review(client, posts, note):
    assessment = second_review()
    client.force_login(builders.supervisor(assessment))
    all_at_once = {"go_on": "1", "keep": "all", "confirm": "on", "declared": "on", "point": ""}

    for kind in posts * 2:
        for statement in builders.statements(assessment)[::13]:
            fields = all_at_once | {"statement": statement.pk, "note": note, "revision": "1"}
            for each in assessment.version.statements.filter(level=statement.level_id):
                fields |= {f"revision-{each.pk}": "1", f"note-{each.pk}": note}
            path = {
                "one answer": f"/assessments/{assessment.pk}/ratings/",
                "a level": f"/assessments/{assessment.pk}/review/{statement.level.rank}/",
                "complete": url(assessment),
            }[kind]
            client.post(path, fields)

    assessment.refresh_from_db()
    copies = assessment.ratings.filter(role=Role.SUPERVISOR, round=2, needs_confirmation=True)
    assert assessment.state == "submitted"
    assert copies.count() == 40


def test_one_copy_not_answered_again_holds_the_review_up(client):
    assessment = second_review()
    by = builders.supervisor(assessment)
    entries = [actions.Entry(s.pk, 4, "", 1) for s in builders.statements(assessment)[:-1]]
    actions.save_ratings(assessment=assessment, role=Role.SUPERVISOR, entries=entries, by=by)
    client.force_login(by)

    response = client.post(url(assessment), follow=True)

    assessment.refresh_from_db()
    assert "1 statement is not rated yet" in response.content.decode()
    assert assessment.state == "submitted"


def test_review_complete_leads_on_when_it_is_complete(client):
    assessment = builders.reviewed_assessment()
    client.force_login(builders.supervisor(assessment))

    response = client.post(url(assessment))

    assert response.headers["Location"] == f"/assessments/{assessment.pk}/reconcile/"


def test_review_complete_is_for_the_nearest_supervisor(client):
    assessment = rated_assessment()

    assert client.post(url(assessment)).status_code == 302
    for person, status in {assessment.clerk: 403, builders.user(): 404}.items():
        client.force_login(person)
        assert client.post(url(assessment)).status_code == status
    assessment.refresh_from_db()
    assert assessment.state == "submitted"


def test_review_complete_leads_to_who_waits_next(client):
    assessment = rated_assessment()
    by = builders.supervisor(assessment)
    other = builders.submitted_assessment(builders.user("Ben Ortiz", team=assessment.clerk.team))
    client.force_login(by)

    page = client.post(url(assessment), follow=True).content.decode()

    link = f'<a href="/assessments/{other.pk}/review/1/">Next: rate <bdi>Ben Ortiz</bdi></a>'
    assert link in page


def test_review_complete_leads_back_where_nobody_waits(client):
    assessment = rated_assessment()
    client.force_login(builders.supervisor(assessment))

    page = client.post(url(assessment), follow=True).content.decode()

    assert '<a href="/reviews/">Back to your reviews</a>' in page
