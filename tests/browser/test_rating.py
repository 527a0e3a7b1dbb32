import re

import pytest
from playwright.sync_api import expect

from assessments.models import Role
from tests import builders
from tests.browser.statement_rows import choose, level, row, saved, tick

pytestmark = pytest.mark.django_db(transaction=True)


def test_number_keys_rate_one_statement_after_the_other(rating_page, assessment):
    first, second, third = level(assessment)[:3]

    for key in ("4", "3", "1"):
        rating_page.keyboard.press(key)

    for statement in (first, second, third):
        expect(tick(rating_page, statement)).to_be_visible()
    expect(rating_page.locator("[data-save-state]").first).to_have_text(
        re.compile(r"3 of 40 answers saved, \d\d:\d\d")
    )
    expect(rating_page.locator(".tabs [aria-current]")).to_contain_text("3 of 10")
    expect(rating_page.locator("[data-unrated]")).to_have_text(
        ", 7 not rated yet: 4, 5, 6, 7, 8, 9, 10"
    )
    assert saved(assessment) == [(4, ""), (3, ""), (1, "")]


def test_arrows_n_and_u_move_between_statements(rating_page, assessment):
    first, second, third = level(assessment)[:3]
    rating_page.keyboard.press("ArrowDown")
    expect(row(rating_page, second)).to_have_class(re.compile("is-now"))
    rating_page.keyboard.press("ArrowUp")
    expect(row(rating_page, first)).to_have_class(re.compile("is-now"))

    rating_page.keyboard.press("2")
    rating_page.keyboard.press("u")
    expect(row(rating_page, third)).to_have_class(re.compile("is-now"))
    rating_page.keyboard.press("n")
    rating_page.keyboard.type("Since May 4")

    expect(rating_page.locator(f"#note-{third.pk}")).to_have_value("Since May 4")


def test_coming_back_frames_what_is_left_in_sight(rating_page, assessment):
    last = level(assessment)[9]
    for _ in range(9):
        rating_page.keyboard.press("3")
    expect(rating_page.locator("[data-save-state]").first).to_contain_text("9 of 40 answers saved")

    rating_page.reload()
    expect(row(rating_page, last)).to_be_in_viewport()
    rating_page.keyboard.press("2")

    expect(row(rating_page, last).locator("input[value='2']")).to_be_checked()
    expect(rating_page.locator("[data-go-on]")).to_be_focused()
    rating_page.keyboard.press("Enter")
    rating_page.wait_for_url(re.compile("/rate/2/"))


def test_coming_back_finds_every_answer_and_note(rating_page, assessment):
    first = level(assessment)[0]
    choose(rating_page, first, "Mostly")
    row(rating_page, first).locator("summary").click()
    rating_page.locator(f"#note-{first.pk}").fill("Still ask Ben.")
    rating_page.locator(f"#note-{first.pk}").blur()
    expect(tick(rating_page, first)).to_be_visible()
    expect(rating_page.locator("[data-save-state]").first).to_have_text(
        re.compile("^1 of 40 answers saved")
    )

    rating_page.reload()

    expect(row(rating_page, first).locator("input[value='3']")).to_be_checked()
    expect(row(rating_page, first).locator("[data-note-text]")).to_have_text("Still ask Ben.")
    expect(tick(rating_page, first)).to_be_visible()


def test_not_part_of_my_role_is_saved_once_it_has_a_reason(rating_page, assessment):
    first = level(assessment)[0]

    row(rating_page, first).get_by_text("Not part of my role").click()
    expect(row(rating_page, first)).to_contain_text("Write why it is not part of the role")
    expect(tick(rating_page, first)).to_be_hidden()
    rating_page.locator(f"#note-{first.pk}").fill("The Client Desk does this.")

    expect(tick(rating_page, first)).to_be_visible()
    assert saved(assessment) == [(0, "The Client Desk does this.")]


@pytest.mark.parametrize("round_number", [1, 2])
def test_forty_statements_are_rated_by_number_keys_alone(
    live_server, context, page, sign_in, round_number
):
    build = {1: builders.draft_assessment, 2: builders.returned_assessment}[round_number]
    assessment = build()
    sign_in(context, assessment.clerk)

    for rank in (1, 2, 3, 4):
        page.goto(f"{live_server.url}/assessments/{assessment.pk}/rate/{rank}/")
        for number in range(10):
            page.keyboard.press("34"[number % 2])
        expect(page.locator(".tabs [aria-current]")).to_contain_text("10 of 10")
        expect(page.locator("[data-save-state]").first).to_contain_text("saved,")

    ratings = assessment.ratings.filter(round=round_number, needs_confirmation=False)
    points = list(ratings.filter(role=Role.SELF).values_list("point", flat=True))
    assert sorted(points) == [3] * 20 + [4] * 20


def test_a_reference_is_saved_and_shown_as_a_link(rating_page, assessment):
    first = level(assessment)[0]
    rating_page.keyboard.press("n")
    reference = rating_page.locator(f"#reference-{first.pk}")
    reference.fill("https://tickets.example/SET-4402")
    reference.press("Enter")
    rating_page.keyboard.press("4")

    expect(tick(rating_page, first)).to_be_visible()
    rating_page.reload()
    link = row(rating_page, first).get_by_role("link", name="https://tickets.example/SET-4402")
    expect(link).to_have_attribute("rel", "noopener nofollow")
    assert assessment.ratings.get().reference == "https://tickets.example/SET-4402"


@pytest.mark.console_error("400")
def test_a_card_number_is_refused_beside_its_field(rating_page, assessment):
    first = level(assessment)[0]
    rating_page.keyboard.press("n")
    note = rating_page.locator(f"#note-{first.pk}")

    note.fill("Booked for 4111 1111 1111 1111")
    note.press("Escape")
    rating_page.keyboard.press("4")

    problem = row(rating_page, first).locator("[data-problem=note]")
    expect(problem).to_contain_text("This looks like a payment card number.")
    expect(note).to_have_attribute("aria-invalid", "true")
    expect(tick(rating_page, first)).to_be_hidden()
    assert saved(assessment) == []
    note.fill("Booked for SET-4402")
    expect(tick(rating_page, first)).to_be_visible()
    expect(problem).to_be_hidden()


def test_a_thumb_is_led_to_what_is_left_and_then_on(rating_page, assessment):
    rating_page.set_viewport_size({"width": 390, "height": 844})
    dock = rating_page.locator(".dock")
    statements = level(assessment)
    for statement in statements[:9]:
        choose(rating_page, statement, "Mostly")
    expect(dock).to_contain_text("9 of 10")

    dock.get_by_role("link", name="Next not rated").click()
    expect(row(rating_page, statements[9])).to_have_class(re.compile("is-now"))
    choose(rating_page, statements[9], "Fully")
    expect(dock).to_contain_text(re.compile(r"Saved, \d\d:\d\d"))
    assert dock.bounding_box()["height"] < 80

    dock.get_by_role("link", name="Go on to Developing").click()
    rating_page.wait_for_url(re.compile("/rate/2/"))
