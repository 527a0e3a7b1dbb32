import pytest

from assessments import actions
from assessments.models import Assessment, Role
from tests import builders

pytestmark = pytest.mark.django_db

URL = "/reviews/"


def crew(*states: str):
    """A supervisor with one clerk in each of these states, all in one team and cycle."""
    supervisor = builders.user()
    team = builders.team(supervisor)
    cycle = builders.cycle(team)
    clerks = [builders.user(team=team, last_name=f"{n} {s}") for n, s in enumerate(states)]
    for clerk, state in zip(clerks, states, strict=True):
        bring(clerk, cycle, state)
    return supervisor, clerks


def bring(clerk, cycle, state) -> Assessment | None:
    if state == "not_started":
        return None
    assessment = actions.start_assessment(cycle=cycle, clerk=clerk)
    by = builders.supervisor(assessment)
    if state == "rating":
        return assessment
    builders.rate(assessment, Role.SELF)
    assessment = actions.submit_assessment(assessment=assessment, by=clerk, declared=True)
    if state == "submitted":
        return assessment
    builders.rate(assessment, Role.SUPERVISOR)
    assessment = actions.complete_review(assessment=assessment, by=by)
    if state == "returned":
        return actions.return_assessment(assessment=assessment, by=by, reason="Look again.")
    if state == "reviewed":
        return assessment
    assessment = actions.reconcile_assessment(assessment=assessment, by=by)
    if state == "signed_off":
        level = assessment.version.levels.last()
        actions.sign_off_assessment(
            assessment=assessment, level=level, by=by, revision=assessment.revision
        )
    return assessment


GROUPS = ("submitted", "reviewed", "reconciled", "returned", "rating", "not_started", "signed_off")


def queue_of(response):
    """Who stands where, without the groups that nobody is in."""
    found = {s.name: [row.clerk for row in s.rows] for s in response.context["sections"]}
    return {name: rows for name, rows in found.items() if rows or name in GROUPS}


def test_review_queue_sorts_people_by_what_happens_next(client):
    supervisor, clerks = crew(*GROUPS)
    client.force_login(supervisor)

    response = client.get(URL)

    assert queue_of(response) == {
        group: [clerk] for group, clerk in zip(GROUPS, clerks, strict=True)
    }
    assert "3 people wait for you" in response.content.decode()


def test_review_queue_gives_every_row_its_next_step(client):
    supervisor, _ = crew("submitted", "reviewed", "reconciled", "rating")
    pks = list(Assessment.objects.order_by("pk").values_list("pk", flat=True))
    client.force_login(supervisor)

    response = client.get(URL)

    steps = [(r.action, r.url) for s in response.context["sections"] for r in s.rows]
    assert steps == [
        ("Rate", f"/assessments/{pks[0]}/review/1/"),
        ("Settle", f"/assessments/{pks[1]}/reconcile/"),
        ("Sign off", f"/assessments/{pks[2]}/sign-off/"),
        ("See how it stands", f"/assessments/{pks[3]}/"),
    ]
    assert response.context["next"].url == f"/assessments/{pks[0]}/review/1/"


def test_review_queue_puts_the_longest_waiting_first(client):
    supervisor, (first, second, third) = crew("submitted", "submitted", "submitted")
    assessment = first.assessments.get()
    actions.withdraw_assessment(assessment=assessment, by=first)
    actions.submit_assessment(assessment=assessment, by=first, declared=True)
    client.force_login(supervisor)

    response = client.get(URL)

    assert queue_of(response)["submitted"] == [second, third, first]


def test_review_queue_says_how_far_the_own_review_has_come(client):
    supervisor, (clerk,) = crew("submitted")
    assessment = clerk.assessments.get()
    statement = builders.statements(assessment)[0]
    client.force_login(supervisor)

    entry = actions.Entry(statement.pk, 3, "", 0)
    actions.save_rating(assessment=assessment, role=Role.SUPERVISOR, entry=entry, by=supervisor)
    part = client.get(URL).context["next"]
    builders.rate(assessment, Role.SUPERVISOR)
    whole = client.get(URL).context["next"]

    assert (part.detail, part.action) == ("You have rated 1 of 40", "Go on")
    assert (whole.detail, whole.action) == ("You have rated 40 of 40", "Complete the review")
    assert whole.url == f"/assessments/{assessment.pk}/complete-review/"


def test_review_queue_leaves_out_a_closed_cycle_but_not_its_open_work(client):
    supervisor, (clerk, _) = crew("submitted", "not_started")
    cycle = clerk.assessments.get().cycle
    actions.close_cycle(cycle=cycle, by=builders.administrator())
    client.force_login(supervisor)

    found = queue_of(client.get(URL))

    assert (found["submitted"], found["not_started"]) == ([clerk], [])


def test_review_queue_holds_only_those_whose_nearest_supervisor_this_is(client):
    above = builders.user()
    parent = builders.team(above)
    below = builders.team(parent=parent)
    clerk = builders.user(team=below)
    builders.submitted_assessment(clerk)
    client.force_login(above)

    response = client.get(URL)

    # The one below supervises the clerk and is not in a team themselves.
    assert [person for people in queue_of(response).values() for person in people] == []
    assert "Nobody is in your teams yet" in response.content.decode()


def test_review_queue_says_nothing_of_a_draft(client):
    supervisor, (clerk,) = crew("rating")
    builders.rate(clerk.assessments.get(), Role.SELF)
    client.force_login(supervisor)

    response = client.get(URL)

    (row,) = [row for section in response.context["sections"] for row in section.rows]
    assert row.detail == ""
    assert "Nobody has submitted yet" in response.content.decode()


@pytest.mark.parametrize("state", GROUPS)
def test_review_queue_queries_do_not_grow_with_rows(client, state, django_assert_max_num_queries):
    counted = []
    for people in (1, 3):
        supervisor, _ = crew(*[state] * people)
        client.force_login(supervisor)
        with django_assert_max_num_queries(20) as queries:
            client.get(URL)
        counted.append(len(queries))

    assert counted[0] == counted[1]


def test_review_queue_teaches_while_no_cycle_is_open(client):
    supervisor = builders.user()
    builders.clerk(supervisor)
    client.force_login(supervisor)

    assert "No cycle is open for your teams" in client.get(URL).content.decode()


def test_review_queue_is_for_supervisors(client):
    assert client.get(URL).status_code == 302
    for person in (builders.clerk(), builders.administrator(), builders.auditor()):
        client.force_login(person)
        assert client.get(URL).status_code == 403


def test_review_queue_puts_what_waits_for_somebody_else_apart(client):
    waiting = builders.waiting_sign_off()
    by, team = waiting.signed_by, waiting.clerk.team
    asked = builders.user(team=team)
    assessment = builders.reviewed_assessment(asked, point=2)
    for found in assessment.reconciliations.all():
        actions.answer_statement(
            assessment=assessment, statement=found.statement, point=None, reason="Seen.", by=by
        )
    client.force_login(by)

    response = client.get(URL)

    queue = queue_of(response)
    assert (queue["second"], queue["with_clerk"]) == ([waiting.clerk], [asked])
    assert (queue["reviewed"], queue["reconciled"]) == ([], [])
    assert "40 to settle" in response.content.decode()
    assert client.get("/").context["waiting"].rows == []
