import re

import pytest
from django.conf import settings
from playwright.sync_api import expect

from assessments import actions
from assessments.models import Role
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def assessment(live_server):
    return builders.draft_assessment()


@pytest.fixture
def sign_in(live_server, client):
    """Give a browser context the session of a person."""

    def sign(context, person):
        client.force_login(person)
        context.add_cookies(
            [
                {
                    "name": settings.SESSION_COOKIE_NAME,
                    "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                    "url": live_server.url,
                }
            ]
        )

    return sign


@pytest.fixture
def rating_page(live_server, context, page, sign_in, assessment):
    sign_in(context, assessment.clerk)
    page.goto(f"{live_server.url}/assessments/{assessment.pk}/rate/1/")
    return page


def level(assessment):
    return list(assessment.version.statements.filter(level__rank=1).order_by("position"))


def row(page, statement):
    return page.locator(f"#s-{statement.pk}")


def tick(page, statement):
    return row(page, statement).locator("[data-tick]")


def choose(page, statement, label):
    row(page, statement).locator(".rate label", has_text=label).click()


def saved(assessment, role=Role.SELF):
    ratings = assessment.ratings.filter(role=role).order_by("statement__position")
    return list(ratings.values_list("point", "note"))


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

    expect(row(rating_page, last).locator("input[value='2']")).to_be_focused()


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


@pytest.mark.console_error("ERR_INTERNET_DISCONNECTED")
def test_an_answer_given_offline_is_kept_and_sent_again(rating_page, context, assessment):
    first = level(assessment)[0]
    context.set_offline(True)

    choose(rating_page, first, "Partly")

    expect(rating_page.locator("[data-save-state]").first).to_contain_text("Not saved")
    expect(row(rating_page, first).locator("input[value='2']")).to_be_checked()
    expect(tick(rating_page, first)).to_be_hidden()
    assert saved(assessment) == []
    context.set_offline(False)
    expect(tick(rating_page, first)).to_be_visible(timeout=10_000)
    assert saved(assessment) == [(2, "")]


@pytest.mark.console_error("ERR_INTERNET_DISCONNECTED")
def test_leaving_with_an_unsaved_answer_warns(rating_page, context, assessment):
    asked = []
    rating_page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    context.set_offline(True)
    choose(rating_page, level(assessment)[0], "Partly")
    expect(rating_page.locator("[data-save-state]").first).to_contain_text("Not saved")
    context.set_offline(False)

    rating_page.close(run_before_unload=True)
    rating_page.wait_for_timeout(500)

    assert asked == ["beforeunload"]


@pytest.mark.console_error("409")
@pytest.mark.parametrize(("button", "point"), [("Keep mine", 4), ("Take the other", 2)])
def test_two_windows_show_both_answers(rating_page, context, assessment, button, point):
    first = level(assessment)[0]
    other = context.new_page()
    other.goto(rating_page.url)
    choose(other, first, "Partly")
    expect(tick(other, first)).to_be_visible()

    choose(rating_page, first, "Fully")
    expect(row(rating_page, first)).to_contain_text("It says Partly there.")
    assert saved(assessment) == [(2, "")]
    row(rating_page, first).get_by_role("button", name=button).click()

    expect(tick(rating_page, first)).to_be_visible()
    assert saved(assessment) == [(point, "")]


@pytest.mark.console_error("401|403")
def test_signing_in_again_elsewhere_saves_what_was_kept(
    rating_page, context, assessment, sign_in, live_server
):
    first = level(assessment)[0]
    context.clear_cookies()

    choose(rating_page, first, "Mostly")
    expect(rating_page.locator("[data-save-state]").first).to_contain_text("sign-in has ended")
    assert saved(assessment) == []
    sign_in(context, assessment.clerk)

    expect(tick(rating_page, first)).to_be_visible(timeout=20_000)
    assert saved(assessment) == [(3, "")]


@pytest.mark.console_error("409")
def test_an_answer_after_submitting_elsewhere_is_not_saved(rating_page, assessment):
    builders.rate(assessment, Role.SELF)
    actions.submit_assessment(assessment=assessment, by=assessment.clerk, declared=True)

    choose(rating_page, level(assessment)[0], "Not yet")

    expect(row(rating_page, level(assessment)[0])).to_contain_text("It has been submitted")
    assert saved(assessment)[0] == (4, "")


@pytest.mark.console_error("422")
def test_a_level_is_saved_without_a_script(live_server, new_context, sign_in, assessment):
    context = new_context(java_script_enabled=False)
    sign_in(context, assessment.clerk)
    page = context.new_page()
    page.goto(f"{live_server.url}/assessments/{assessment.pk}/rate/1/")
    for statement in level(assessment)[:9]:
        row(page, statement).locator("input[value='3']").check(force=True)
    tenth = level(assessment)[9]
    row(page, tenth).locator("input[type=radio][value='0']").check(force=True)

    page.get_by_role("button", name="Save and go on to Developing").click()
    expect(page.locator(".errsum")).to_contain_text("Write why it is not part of the role.")
    expect(row(page, tenth).locator("input[type=radio][value='0']")).to_be_checked()
    page.locator(f"#note-{tenth.pk}").fill("The Client Desk does this.")
    page.get_by_role("button", name="Save and go on to Developing").click()

    expect(page.locator("h2").first).to_have_text("Developing")
    assert saved(assessment) == [(3, "")] * 9 + [(0, "The Client Desk does this.")]


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
