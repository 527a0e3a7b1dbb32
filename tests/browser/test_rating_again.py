import re

import pytest
from playwright.sync_api import expect

from assessments import actions
from assessments.models import Role
from tests import builders
from tests.browser.statement_rows import choose, level, row, tick

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def second_round(live_server, context, page, sign_in):
    assessment = builders.returned_assessment()
    sign_in(context, assessment.clerk)
    page.goto(f"{live_server.url}/assessments/{assessment.pk}/rate/1/")
    return assessment


def confirmed(assessment):
    ratings = assessment.ratings.filter(round=2, role=Role.SELF, needs_confirmation=False)
    return list(ratings.order_by("statement__position").values_list("point", flat=True))


def test_a_key_a_statement_keeps_or_changes_the_answers_of_round_one(page, second_round):
    first, second, third, fourth = level(second_round)[:4]
    expect(row(page, first)).to_contain_text("Round 1: Fully")
    expect(page.locator("input[type=radio]:checked")).to_have_count(0)

    for key in ("k", "2", "Enter"):
        page.keyboard.press(key)

    for statement in (first, second, third):
        expect(tick(page, statement)).to_be_visible()
        expect(row(page, statement).locator("[data-copied]")).to_be_hidden()
    expect(row(page, fourth)).to_have_class(re.compile("is-now"))
    expect(page.locator(".tabs [aria-current]")).to_contain_text("3 of 10")
    assert confirmed(second_round) == [4, 2, 4]


def test_a_key_held_down_keeps_one_answer_only(page, second_round):
    for _ in range(8):
        page.keyboard.down("k")
    page.keyboard.up("k")

    expect(tick(page, level(second_round)[0])).to_be_visible()
    page.wait_for_timeout(300)
    assert confirmed(second_round) == [4]


def test_a_click_keeps_and_a_note_alone_does_not(page, second_round):
    first, second = level(second_round)[:2]

    row(page, second).locator("summary").click()
    page.locator(f"#note-{second.pk}").fill("Since May.")
    row(page, first).get_by_text("Round 1: Fully. Keep it").click()

    expect(tick(page, first)).to_be_visible()
    expect(row(page, first).locator(".rate input[value='4']")).to_be_checked()
    expect(page.locator(".tabs [aria-current]")).to_contain_text("1 of 10")
    expect(tick(page, second)).to_be_hidden()
    assert confirmed(second_round) == [4]


@pytest.fixture
def continued(live_server):
    """Two answers of an earlier cycle ask for another look: their words have changed."""
    return builders.continued_assessment(
        None,
        ("under direct supervision", "with somebody beside them"),
        ("following established procedures", "following written steps"),
    )


def waiting(assessment):
    ratings = assessment.ratings.filter(needs_confirmation=True).select_related("statement")
    return [rating.statement for rating in ratings.order_by("statement__position")]


def stored(assessment, statements):
    ratings = assessment.ratings.filter(statement__in=statements, needs_confirmation=False)
    return list(ratings.order_by("statement__position").values_list("point", flat=True))


def test_what_was_brought_over_is_kept_and_changed_by_key(
    live_server, context, page, sign_in, continued
):
    first, second = waiting(continued)
    sign_in(context, continued.clerk)
    page.goto(f"{live_server.url}/assessments/{continued.pk}/look/")
    expect(row(page, first).locator("del")).to_contain_text("under direct supervision")
    expect(row(page, first).locator("ins")).to_contain_text("with somebody beside them")

    page.keyboard.press("k")
    page.keyboard.press("2")

    for statement in (first, second):
        expect(tick(page, statement)).to_be_visible()
    expect(page.locator(".tabs [aria-current]")).to_contain_text("0 left")
    assert stored(continued, [first, second]) == [4, 2]
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing is left to look at")
    page.locator("main").get_by_role("link", name="Check and submit").click()
    page.wait_for_url(re.compile("/submit/"))


def test_what_was_brought_over_is_kept_and_changed_without_a_script(
    live_server, new_context, sign_in, continued
):
    first, second = waiting(continued)
    context = new_context(java_script_enabled=False)
    sign_in(context, continued.clerk)
    page = context.new_page()
    page.goto(f"{live_server.url}/assessments/{continued.pk}/look/")

    row(page, first).get_by_text("Keep it").click()
    choose(page, second, "Partly")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing is left to look at")
    assert stored(continued, [first, second]) == [4, 2]


@pytest.mark.console_error("409")
def test_an_answer_after_a_move_is_told_where_to_go_on(rating_page, assessment):
    first = level(assessment)[0]
    choose(rating_page, first, "Partly")
    expect(tick(rating_page, first)).to_be_visible()
    actions.publish_version(
        version=builders.draft_version(builders.altered(("under direct", "under some"))),
        by=None,
        policy={assessment.cycle_id: actions.Policy.MOVE},
    )

    choose(rating_page, first, "Fully")

    link = row(rating_page, first).get_by_role("link", name="Go on there")
    expect(link).to_have_attribute("href", f"/assessments/{assessment.goes_on_in.pk}/look/")
    rating_page.on("dialog", lambda dialog: dialog.accept())
    link.click()
    rating_page.wait_for_url(re.compile("/look/"))
    expect(row(rating_page, waiting(assessment.goes_on_in)[0])).to_contain_text("Partly. Keep it")
