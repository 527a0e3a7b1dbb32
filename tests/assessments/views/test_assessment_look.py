"""What a clerk is shown of answers that were brought over, and how they look again."""

import json

import pytest

from assessments import actions
from assessments.models import Assessment
from tests import builders

pytestmark = pytest.mark.django_db

REWORDED = ("under direct supervision", "with somebody beside them")


@pytest.fixture
def continued(client) -> Assessment:
    """Forty answers brought over; the first asks for another look."""
    assessment = builders.continued_assessment(None, REWORDED)
    client.force_login(assessment.clerk)
    return assessment


def look(client, assessment: Assessment, **data: str) -> str:
    url = f"/assessments/{assessment.pk}/look/"
    page = client.post(url, data, follow=True) if data else client.get(url)
    return page.content.decode()


def waiting(assessment: Assessment):
    return assessment.ratings.get(needs_confirmation=True)


def test_assessment_look_shows_only_what_asks_for_a_look_with_the_words_marked(client, continued):
    page = look(client, continued)

    assert "Look at 1 statement" in page
    assert page.count("data-statement=") == 1
    assert '<del><span class="visually-hidden">removed: </span>under direct supervision' in page
    assert '<ins><span class="visually-hidden">added: </span>with somebody beside them' in page
    assert f"You answered this in <bdi>{continued.continues.cycle}</bdi>, v.26.05" in page
    assert f"40 answers come from <bdi>{continued.continues.cycle}</bdi>" in page
    assert "39 count as they stand" in page


def test_assessment_look_keeps_an_answer_without_a_script(client, continued):
    rating = waiting(continued)
    data = {f"point-{rating.statement_id}": "4", f"revision-{rating.statement_id}": "1"}

    page = look(client, continued, **data)

    assert "Saved: 1 answer." in page
    assert "Nothing is left to look at" in page
    assert not continued.ratings.filter(needs_confirmation=True).exists()


def test_assessment_look_gives_back_what_could_not_be_saved(client, continued):
    rating = waiting(continued)
    data = {f"point-{rating.statement_id}": "0", f"revision-{rating.statement_id}": "1"}

    page = look(client, continued, **data)

    assert "Write why it is not part of the role." in page
    assert waiting(continued).point == 4


def test_assessment_look_passes_over_statements_of_other_versions(client, continued):
    strange = continued.continues.version.statements.last().pk

    look(client, continued, **{f"point-{strange}": "1", f"revision-{strange}": "0"})

    assert set(continued.ratings.values_list("point", flat=True)) == {4}


def test_assessment_rate_says_of_each_answer_where_it_comes_from(client, continued):
    page = client.get(f"/assessments/{continued.pk}/rate/1/").content.decode()

    assert page.count(f"From <bdi>{continued.continues.cycle}</bdi>, v.26.05") == 9
    assert ">1 left<" in page


def test_assessment_start_leads_to_what_asks_for_a_look(client, continued):
    after = builders.draft_version(builders.altered(("with supervisor", "with"), label="v.27.05"))
    version = actions.publish_version(version=after, by=None)
    cycle = builders.cycle(continued.clerk.team, version=version)

    page = client.post(f"/assessments/start/{cycle.pk}/", follow=True)

    assert page.redirect_chain[-1][0].endswith("/look/")


def test_carry_over_undo_and_bring_are_each_a_press(client, continued):
    undone = client.post(f"/assessments/{continued.pk}/carried/undo/", follow=True)
    left = continued.ratings.count()
    brought = client.post(f"/assessments/{continued.pk}/carried/bring/", follow=True)

    assert (left, continued.ratings.count()) == (0, 40)
    assert "Bring them over after all" in undone.content.decode()
    assert "Look at 1 statement" in brought.content.decode()


def test_carry_over_undo_is_refused_once_an_answer_was_confirmed(client, continued):
    rating = waiting(continued)
    look(
        client,
        continued,
        **{f"point-{rating.statement_id}": "4", f"revision-{rating.statement_id}": "1"},
    )

    page = client.post(f"/assessments/{continued.pk}/carried/undo/", follow=True)

    assert "You have confirmed or changed an answer" in page.content.decode()
    assert "Undo: start without them" not in page.content.decode()
    assert continued.ratings.count() == 40


def test_assessment_submit_says_how_many_answers_stand_untouched(client, continued):
    rating = waiting(continued)
    look(
        client,
        continued,
        **{f"point-{rating.statement_id}": "4", f"revision-{rating.statement_id}": "1"},
    )

    page = client.get(f"/assessments/{continued.pk}/submit/").content.decode()

    assert f"39 from <bdi>{continued.continues.cycle}</bdi>, <bdi>v.26.05</bdi>" in page
    assert "by submitting you say that they are still true" in page


def moved(client) -> tuple[Assessment, Assessment]:
    before = builders.draft_assessment()
    builders.rate(before, builders.Role.SELF)
    actions.publish_version(
        version=builders.draft_version(builders.altered(REWORDED)),
        by=None,
        policy={before.cycle_id: actions.Policy.MOVE},
    )
    client.force_login(before.clerk)
    before.refresh_from_db()
    return before, before.goes_on_in


@pytest.mark.parametrize("page", ["rate/1", "look", "submit"])
def test_a_moved_assessment_leads_to_the_one_it_goes_on_in(client, page):
    before, after = moved(client)

    found = client.get(f"/assessments/{before.pk}/{page}/", follow=True)

    assert found.redirect_chain[-1][0] == f"/assessments/{after.pk}/look/"
    assert "Your work goes on here, against v.26.11." in found.content.decode()


@pytest.mark.parametrize("page", ["rate/1", "look", "submit"])
def test_what_is_sent_to_a_moved_assessment_is_said_not_to_be_saved(client, page):
    before, after = moved(client)

    found = client.post(f"/assessments/{before.pk}/{page}/", {"declared": "on"}, follow=True)

    assert found.redirect_chain[-1][0] == f"/assessments/{after.pk}/look/"
    assert "Nothing of what you just sent was saved." in found.content.decode()


def test_a_moved_assessment_still_shows_its_answers_and_says_where_it_goes_on(client):
    before, after = moved(client)

    page = client.get(f"/assessments/{before.pk}/").content.decode()
    listed = client.get("/assessments/").content.decode()

    assert f'href="/assessments/{after.pk}/look/"' in page
    assert "under direct supervision" in page
    assert [(words in page, words in listed) for words in ("Moved to a new version", "Closed")] == [
        (True, True),
        (False, False),
    ]


def test_a_save_on_a_moved_assessment_is_told_where_to_go_on(client):
    before, after = moved(client)
    statement = before.version.statements.first()

    answer = client.post(
        f"/assessments/{before.pk}/ratings/",
        {"statement": statement.pk, "point": 1, "note": "", "reference": "", "revision": 1},
    )

    assert (answer.status_code, answer.json()["go_on"]) == (409, f"/assessments/{after.pk}/look/")


def test_the_start_page_leads_a_clerk_to_what_asks_for_a_look(client, continued):
    Assessment.objects.exclude(pk=continued.pk).update(state="closed")

    page = client.get("/").content.decode()

    assert "Look at 1 statement" in page
    assert f'href="/assessments/{continued.pk}/look/"' in page


def test_what_was_brought_over_asks_the_same_queries_for_one_and_all(
    client, django_assert_max_num_queries
):
    assessment = builders.continued_assessment(None, REWORDED)
    client.force_login(assessment.clerk)
    look(client, assessment)

    with django_assert_max_num_queries(16):
        look(client, assessment)


def with_one_moved_and_one_gone() -> bytes:
    """The seed as a later version: one statement in the level below, one no longer asked."""
    document = json.loads(builders.altered())
    levels = document["framework"]["levels"]
    levels["emerging"]["statements"].append(levels["developing"]["statements"].pop())
    levels["advanced"]["statements"].pop()
    return json.dumps(document).encode()


def continued_with_one_moved_and_one_gone(client) -> Assessment:
    before = builders.draft_assessment()
    builders.rate(before, builders.Role.SELF)
    version = builders.draft_version(with_one_moved_and_one_gone())
    actions.publish_version(version=version, by=None)
    client.force_login(before.clerk)
    following = builders.cycle(before.clerk.team, version=version)
    return actions.start_assessment(cycle=following, clerk=before.clerk)


def test_assessment_look_says_where_a_statement_stood_and_marks_no_words(client):
    page = look(client, continued_with_one_moved_and_one_gone(client))

    assert "v.26.05, where it stood in Developing." in page
    assert "<ins>" not in page
    assert "<del>" not in page


def test_assessment_look_names_the_answers_that_stayed_behind(client):
    assessment = continued_with_one_moved_and_one_gone(client)

    page = look(client, assessment)

    cycle = assessment.continues.cycle
    assert f'<a href="/assessments/{assessment.continues_id}/"><bdi>{cycle}</bdi></a>' in page
    assert "1 answer stays with" in page
    assert "39 answers come from" in page


def test_assessment_look_shows_the_note_and_the_reference_of_before(client):
    before = builders.draft_assessment()
    first = before.version.statements.get(level__rank=1, position=1)
    entry = actions.Entry(first.pk, 3, "Since <May>.", 0, "T-2001")
    actions.save_rating(assessment=before, role=builders.Role.SELF, entry=entry, by=before.clerk)
    version = builders.draft_version(builders.altered(REWORDED))
    actions.publish_version(version=version, by=None)
    following = builders.cycle(before.clerk.team, version=version)
    assessment = actions.start_assessment(cycle=following, clerk=before.clerk)
    client.force_login(before.clerk)

    page = look(client, assessment)

    assert "Since &lt;May&gt;.</textarea>" in page
    assert 'value="T-2001"' in page
    assert f"<bdi>{before.cycle}</bdi>: Mostly. Keep it" in page


def test_assessment_list_leads_to_what_asks_for_a_look(client, continued):
    page = client.get("/assessments/").content.decode()

    assert f'href="/assessments/{continued.pk}/look/">Look at 1 statement<' in page


def test_assessment_list_leads_to_the_levels_after_an_undo(client, continued):
    actions.undo_carry_over(assessment=continued, by=continued.clerk)

    page = client.get("/assessments/").content.decode()

    assert f'href="/assessments/{continued.pk}/rate/">Rate<' in page


def test_assessment_rate_of_a_later_round_says_nothing_of_what_was_brought_over(client, continued):
    builders.rate(continued, builders.Role.SELF)
    submitted = actions.submit_assessment(assessment=continued, by=continued.clerk, declared=True)
    builders.rate(submitted, builders.Role.SUPERVISOR)
    by = builders.supervisor(submitted)
    reviewed = actions.complete_review(assessment=submitted, by=by)
    actions.return_assessment(assessment=reviewed, by=by, reason="Look again.")

    page = client.get(f"/assessments/{continued.pk}/rate/1/").content.decode()
    start = client.get("/").content.decode()

    assert "brought over" not in page
    assert "/look/" not in page + start


def test_assessment_rate_says_nothing_where_no_answer_could_be_brought_over(client):
    before = builders.draft_assessment()
    first = before.version.statements.get(level__rank=4, position=10)
    entry = actions.Entry(first.pk, 3, "", 0, "")
    actions.save_rating(assessment=before, role=builders.Role.SELF, entry=entry, by=before.clerk)
    version = builders.draft_version(with_one_moved_and_one_gone())
    actions.publish_version(version=version, by=None)
    following = builders.cycle(before.clerk.team, version=version)
    assessment = actions.start_assessment(cycle=following, clerk=before.clerk)
    client.force_login(before.clerk)

    page = client.get(f"/assessments/{assessment.pk}/rate/1/").content.decode()

    assert "1 answer stays with" in page
    assert "not brought over" not in page
    assert "/look/" not in page


def test_the_supervisor_sees_nothing_of_what_was_brought_over(client, continued):
    builders.rate(continued, builders.Role.SELF)
    submitted = actions.submit_assessment(assessment=continued, by=continued.clerk, declared=True)
    client.force_login(builders.supervisor(submitted))

    page = client.get(f"/assessments/{submitted.pk}/review/1/").content.decode()

    assert [
        words for words in ("/look/", "From <bdi>", "come from", "<ins>") if words in page
    ] == []


def test_carry_over_undo_by_a_second_click_says_nothing_more(client, continued):
    for _ in range(2):
        answer = client.post(f"/assessments/{continued.pk}/carried/undo/", follow=True)

    assert answer.status_code == 200
    assert "nothing to undo" not in answer.content.decode()
    assert continued.ratings.count() == 0


def test_assessment_submit_says_which_answers_wait(client, continued):
    page = client.get(f"/assessments/{continued.pk}/submit/").content.decode()

    number = continued.ratings.filter(needs_confirmation=True).count()
    asks = "statement asks" if number == 1 else "statements ask"
    assert f"{number} {asks} for another look" in page
    assert page.count(": an answer waits") == number
    assert page.count(f'href="/assessments/{continued.pk}/look/#s-') == number


def test_assessment_look_says_where_answers_of_several_cycles_come_from(client, continued):
    entry = actions.Entry(builders.statements(continued)[5].pk, 2, "", 1)
    actions.save_rating(
        assessment=continued, role=builders.Role.SELF, entry=entry, by=continued.clerk
    )
    following = builders.cycle(continued.clerk.team, version=continued.version)
    third = actions.start_assessment(cycle=following, clerk=continued.clerk)

    page = client.get(f"/assessments/{third.pk}/look/").content.decode()

    assert f"40 answers come from 2 earlier assessments, the last in <bdi>{continued.cycle}" in page
