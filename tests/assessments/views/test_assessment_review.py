import pytest

from assessments import actions
from assessments.models import Assessment, Rating, Role
from tests import builders

pytestmark = pytest.mark.django_db

SECRET = "Conversions are my weak side."


def url(assessment: Assessment, rank: int = 1) -> str:
    return f"/assessments/{assessment.pk}/review/{rank}/"


def typed(assessment: Assessment, rank: int = 1, point: str = "3", **other: str) -> dict[str, str]:
    fields = {}
    for statement in assessment.version.statements.filter(level__rank=rank):
        fields |= {
            f"point-{statement.pk}": point,
            f"note-{statement.pk}": "",
            f"revision-{statement.pk}": "0",
        }
    return fields | other


def submitted_with_notes() -> Assessment:
    """Submitted, with the same note of the clerk at every statement."""
    assessment = builders.draft_assessment()
    entries = [actions.Entry(s.pk, 2, SECRET, 0) for s in builders.statements(assessment)]
    actions.save_ratings(
        assessment=assessment, role=Role.SELF, entries=entries, by=assessment.clerk
    )
    return actions.submit_assessment(assessment=assessment, by=assessment.clerk, declared=True)


def test_assessment_review_asks_every_statement_of_the_level(client):
    assessment = builders.submitted_assessment()
    client.force_login(builders.supervisor(assessment))

    response = client.get(url(assessment, 2))

    page = response.content.decode()
    statements = assessment.version.statements.filter(level__rank=2).order_by("position")
    assert [row.id for row in response.context["rows"]] == [s.pk for s in statements]
    assert f"<h1>Rate <bdi>{assessment.clerk}</bdi></h1>" in page
    assert "EBSCOed" in page


def test_assessment_review_saves_a_level_without_a_script(client):
    assessment = builders.submitted_assessment()
    client.force_login(builders.supervisor(assessment))

    response = client.post(url(assessment), typed(assessment))

    assert response.headers["Location"] == url(assessment)
    own = Rating.objects.filter(role=Role.SUPERVISOR)
    assert list(own.values_list("author", "point").distinct()) == [
        (builders.supervisor(assessment).pk, 3)
    ]
    assert own.count() == 10


def test_assessment_review_keeps_what_could_not_be_saved(client):
    assessment = builders.submitted_assessment()
    client.force_login(builders.supervisor(assessment))
    first = assessment.version.statements.filter(level__rank=1).order_by("position")[0]

    response = client.post(url(assessment), typed(assessment, **{f"point-{first.pk}": "0"}))

    page = response.content.decode()
    assert "Write why it is not part of the role." in page
    assert Rating.objects.filter(role=Role.SUPERVISOR).count() == 9


def test_assessment_review_never_reads_the_clerks_answers(client, django_assert_max_num_queries):
    assessment = submitted_with_notes()
    client.force_login(builders.supervisor(assessment))

    with django_assert_max_num_queries(40) as queries:
        page = client.get(url(assessment)).content.decode()

    assert SECRET not in page
    assert "checked" not in page
    read = [q["sql"] for q in queries if "assessments_rating" in q["sql"]]
    assert read
    assert all("'supervisor'" in sql and "'self'" not in sql for sql in read)


SUPERVISORS_PAGES = (
    "/reviews/",
    "/assessments/{}/",
    "/assessments/{}/review/1/",
    "/assessments/{}/complete-review/",
    "/assessments/{}/reconcile/",
    "/assessments/{}/sign-off/",
    "/assessments/{}/return/",
    "/assessments/{}/close/",
)


@pytest.mark.parametrize("path", SUPERVISORS_PAGES)
@pytest.mark.parametrize("state", ["draft", "submitted"])
def test_no_page_tells_the_supervisor_the_clerks_answers_before_both_are_complete(
    client, path, state
):
    assessment = submitted_with_notes()
    if state == "draft":
        actions.withdraw_assessment(assessment=assessment, by=assessment.clerk)
    client.force_login(builders.supervisor(assessment))

    response = client.get(path.format(assessment.pk), follow=True)
    page = response.content.decode()

    assert SECRET not in page
    assert "checked" not in page
    assert "Suggested level" not in page
    assert "40 of 40" not in page


def test_assessment_review_is_kind_when_the_clerk_has_withdrawn(client):
    assessment = builders.submitted_assessment()
    client.force_login(builders.supervisor(assessment))
    client.post(url(assessment), typed(assessment))
    actions.withdraw_assessment(assessment=assessment, by=assessment.clerk)

    response = client.post(url(assessment), typed(assessment, point="1"), follow=True)

    assert response.redirect_chain == [("/reviews/", 302)]
    assert "What you have written is kept" in response.content.decode()
    points = Rating.objects.filter(role=Role.SUPERVISOR).values_list("point", flat=True)
    assert set(points) == {3}


@pytest.mark.parametrize(
    ("build", "leads_to"),
    [
        (builders.draft_assessment, "/reviews/"),
        (builders.reviewed_assessment, "/assessments/{}/reconcile/"),
        (builders.reconciled_assessment, "/assessments/{}/sign-off/"),
        (lambda: builders.sign_off().assessment, "/assessments/{}/"),
    ],
)
def test_assessment_review_leads_on_from_another_state(client, build, leads_to):
    assessment = build()
    client.force_login(builders.supervisor(assessment))

    response = client.get(url(assessment))

    assert response.headers["Location"] == leads_to.format(assessment.pk)


def test_assessment_review_is_for_the_nearest_supervisor(client):
    assessment = builders.submitted_assessment()
    team = assessment.clerk.team
    team.parent = builders.team()
    team.save()

    assert client.get(url(assessment)).status_code == 302
    refused = {
        assessment.clerk: 403,
        team.parent.supervisor: 403,
        builders.auditor(): 403,
        builders.administrator(): 404,
        builders.supervisor(builders.submitted_assessment()): 404,
    }
    for person, status in refused.items():
        client.force_login(person)
        assert client.get(url(assessment)).status_code == status


def test_assessment_review_without_this_level_is_not_found(client):
    assessment = builders.submitted_assessment()
    client.force_login(builders.supervisor(assessment))

    assert client.get(url(assessment, 9)).status_code == 404
