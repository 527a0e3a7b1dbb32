import pytest
from playwright.sync_api import expect

from assessments import actions
from assessments.models import Role
from tests import builders
from tests.browser.statement_rows import choose, level, row, saved, tick

pytestmark = pytest.mark.django_db(transaction=True)


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
