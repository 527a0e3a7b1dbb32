import pytest

from assessments import actions
from assessments.models import Rating, Role
from tests import builders

pytestmark = pytest.mark.django_db


def url(assessment, rank=1):
    return f"/assessments/{assessment.pk}/rate/{rank}/"


def level(assessment, rank=1):
    return list(assessment.version.statements.filter(level__rank=rank).order_by("position"))


def typed(assessment, rank=1, point="3", **other):
    fields = {}
    for statement in level(assessment, rank):
        fields |= {
            f"point-{statement.pk}": point,
            f"note-{statement.pk}": "",
            f"reference-{statement.pk}": "",
            f"revision-{statement.pk}": "0",
        }
    return fields | other


def test_assessment_rate_asks_every_statement_of_the_level(client):
    assessment = builders.draft_assessment()
    client.force_login(assessment.clerk)

    response = client.get(url(assessment, 2))

    page = response.content.decode()
    assert [row.id for row in response.context["rows"]] == [s.pk for s in level(assessment, 2)]
    assert all(f'name="point-{s.pk}"' in page for s in level(assessment, 2))
    assert "I do parts of this." in page
    assert "EBSCOed" in page


def test_assessment_rate_saves_a_level_without_a_script(client):
    assessment = builders.draft_assessment()
    client.force_login(assessment.clerk)

    response = client.post(url(assessment), typed(assessment))

    assert response.headers["Location"] == url(assessment)
    assert list(Rating.objects.values_list("role", "point").distinct()) == [(Role.SELF, 3)]
    assert Rating.objects.count() == 10


def test_assessment_rate_goes_on_to_the_next_level_and_in_the_end_to_submit(client):
    assessment = builders.draft_assessment()
    client.force_login(assessment.clerk)

    first = client.post(url(assessment), typed(assessment, go_on="1"))
    last = client.post(url(assessment, 4), typed(assessment, 4, go_on="1"))

    assert first.headers["Location"] == url(assessment, 2)
    assert last.headers["Location"] == f"/assessments/{assessment.pk}/submit/"


def test_assessment_rate_leaves_unanswered_statements_unrated(client):
    assessment = builders.draft_assessment()
    client.force_login(assessment.clerk)
    answered = level(assessment)[0]

    client.post(url(assessment), typed(assessment, point="", **{f"point-{answered.pk}": "2"}))

    page = client.get(url(assessment))
    assert list(Rating.objects.values_list("statement", "point")) == [(answered.pk, 2)]
    assert [row.number for row in page.context["unrated"]] == [2, 3, 4, 5, 6, 7, 8, 9, 10]


def test_assessment_rate_saves_the_rest_when_one_answer_is_refused(client):
    assessment = builders.draft_assessment()
    client.force_login(assessment.clerk)
    refused, wrong = level(assessment)[0], level(assessment)[1]
    fields = typed(assessment, **{f"point-{refused.pk}": "0", f"point-{wrong.pk}": "9"})

    response = client.post(url(assessment), fields)

    problems = [(row.number, row.problem) for row in response.context["problems"]]
    assert response.status_code == 422
    assert problems == [
        (1, "Write why it is not part of the role."),
        (2, "This is not an answer of this assessment. Choose one again."),
    ]
    assert Rating.objects.count() == 8
    assert "2 answers are not saved" in response.content.decode()
    assert f'href="#s-{refused.pk}"' in response.content.decode()


def test_assessment_rate_shows_both_values_and_keeps_what_was_typed(client):
    assessment = builders.draft_assessment()
    client.force_login(assessment.clerk)
    statement = level(assessment)[0]
    entry = actions.Entry(statement.pk, 2, "", 0)
    actions.save_rating(assessment=assessment, role=Role.SELF, entry=entry, by=assessment.clerk)
    fields = typed(assessment, point="4", **{f"note-{statement.pk}": "Typed here"})

    response = client.post(url(assessment), fields)

    row = response.context["rows"][0]
    assert (row.point, row.note, row.revision) == (4, "Typed here", 1)
    assert "“Partly” is stored, “Fully” is chosen below" in row.problem
    assert Rating.objects.get(statement=statement).point == 2
    again = {f"revision-{s.pk}": "1" for s in level(assessment)}
    client.post(url(assessment), fields | again)
    assert Rating.objects.get(statement=statement).point == 4


def test_assessment_rate_keeps_references_and_links_only_to_the_web(client):
    assessment = builders.draft_assessment()
    client.force_login(assessment.clerk)
    linked, ticket, script = level(assessment)[:3]
    fields = {
        f"reference-{linked.pk}": "https://tickets.example/SET-4402?a=1&b=2",
        f"reference-{ticket.pk}": "SET-4403",
        f"reference-{script.pk}": "javascript:alert(1)",
    }

    client.post(url(assessment), typed(assessment, **fields))

    page = client.get(url(assessment)).content.decode()
    link = "https://tickets.example/SET-4402?a=1&amp;b=2"
    assert f'<a href="{link}" rel="noopener nofollow"><bdi>{link}</bdi></a>' in page
    assert "<bdi>SET-4403</bdi>" in page
    assert "<bdi>javascript:alert(1)</bdi>" in page
    assert 'href="javascript' not in page


def test_assessment_rate_refuses_a_card_number_beside_its_field(client):
    assessment = builders.draft_assessment()
    client.force_login(assessment.clerk)
    statement = level(assessment)[0]
    fields = typed(assessment, **{f"reference-{statement.pk}": "4111 1111 1111 1111"})

    response = client.post(url(assessment), fields)

    row = response.context["rows"][0]
    page = response.content.decode()
    assert response.status_code == 422
    assert row.problem_field == "reference"
    assert row.problem.startswith("This looks like a payment card number.")
    assert f'data-problem="reference">{row.problem}</p>' in page
    assert Rating.objects.filter(statement=statement).count() == 0
    assert Rating.objects.count() == 9


def test_assessment_rate_says_when_a_reference_was_changed_elsewhere(client):
    assessment = builders.draft_assessment()
    client.force_login(assessment.clerk)
    statement = level(assessment)[0]
    client.post(url(assessment), typed(assessment, **{f"reference-{statement.pk}": "SET-1"}))

    response = client.post(
        url(assessment), typed(assessment, **{f"reference-{statement.pk}": "SET-2"})
    )

    row = response.context["rows"][0]
    assert row.reference == "SET-2"
    assert "The reference was changed in another window. It now says “SET-1”." in row.problem


def test_assessment_rate_shows_a_copy_with_nothing_chosen(client):
    assessment = builders.returned_assessment()
    client.force_login(assessment.clerk)

    response = client.get(url(assessment))

    page = response.content.decode()
    assert [row.copied[1:] for row in response.context["rows"]] == [("Round 1", "Fully")] * 10
    assert " checked" not in page
    assert "0 of 10" in page
    assert "10 not rated yet" in page
    assert page.count("data-keep") == 10


def test_assessment_rate_confirms_only_what_was_chosen(client):
    assessment = builders.returned_assessment()
    client.force_login(assessment.clerk)
    kept, changed = level(assessment)[:2]
    fields = {f"revision-{s.pk}": "1" for s in level(assessment)}
    fields |= {f"point-{kept.pk}": "4", f"point-{changed.pk}": "2"}

    response = client.post(url(assessment), typed(assessment, point="", **fields), follow=True)

    confirmed = assessment.ratings.filter(round=2, needs_confirmation=False)
    assert "Saved: 2 answers of this level." in response.content.decode()
    assert set(confirmed.values_list("statement", "point")) == {(kept.pk, 4), (changed.pk, 2)}


def test_assessment_rate_tells_why_it_was_returned(client):
    assessment = builders.reviewed_assessment()
    supervisor = builders.supervisor(assessment)
    actions.return_assessment(assessment=assessment, by=supervisor, reason="Look at Proficient 3.")
    client.force_login(assessment.clerk)

    page = client.get(url(assessment)).content.decode()

    assert "Look at Proficient 3." in page
    assert f"/assessments/{assessment.pk}/#round-1" in page


def test_assessment_rate_is_over_once_submitted(client):
    assessment = builders.submitted_assessment()
    client.force_login(assessment.clerk)

    response = client.post(url(assessment), typed(assessment, point="1"), follow=True)

    assert response.redirect_chain == [(f"/assessments/{assessment.pk}/", 302)]
    assert "Answers can no longer change." in response.content.decode()
    assert not Rating.objects.filter(point=1).exists()


def test_assessment_rate_has_no_level_beyond_the_last(client):
    assessment = builders.draft_assessment()
    client.force_login(assessment.clerk)

    assert client.get(url(assessment, 5)).status_code == 404
    assert client.post(url(assessment, 5)).status_code == 404


def test_assessment_rate_is_the_clerks_alone(client):
    assessment = builders.draft_assessment()

    asked = []
    for person in (builders.clerk(), builders.supervisor(assessment), builders.auditor()):
        client.force_login(person)
        asked.append(client.get(url(assessment)).status_code)

    assert asked == [404, 403, 403]


def test_assessment_rate_asks_the_database_as_often_for_a_full_page(
    client, django_assert_num_queries
):
    assessment = builders.draft_assessment()
    client.force_login(assessment.clerk)
    client.get(url(assessment))

    with django_assert_num_queries(13):
        client.get(url(assessment))
    builders.rate(assessment, Role.SELF)
    with django_assert_num_queries(13):
        client.get(url(assessment))


@pytest.mark.parametrize("first", [0, 1, 3])
def test_assessment_rate_on_leads_to_the_first_level_that_is_not_done(client, first):
    assessment = builders.draft_assessment()
    for statement in assessment.version.statements.filter(level__rank__lte=first):
        entry = actions.Entry(statement.pk, 4, "", 0)
        actions.save_rating(assessment=assessment, role=Role.SELF, entry=entry, by=assessment.clerk)
    client.force_login(assessment.clerk)

    response = client.get(f"/assessments/{assessment.pk}/rate/")

    assert response.url == f"/assessments/{assessment.pk}/rate/{first + 1}/"


def test_assessment_review_on_leads_to_what_the_reviewer_has_not_rated(client):
    assessment = builders.submitted_assessment()
    client.force_login(builders.supervisor(assessment))

    assert client.get(f"/assessments/{assessment.pk}/review/").url.endswith("/review/1/")

    builders.rate(assessment, Role.SUPERVISOR)
    assert client.get(f"/assessments/{assessment.pk}/review/").url.endswith("/review/1/")
