"""The road in Chromium with real clicks and keys, from a clerk's first answer to the record."""

import re

import pytest
from playwright.sync_api import Page, expect

from assessments.models import Assessment, Role, SignOff
from assessments.workflow import State
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "a-long-enough-one-2026"


@pytest.fixture
def firm(live_server):
    helen = builders.user("Helen Okafor")
    priya = builders.user("Priya Raman", team=builders.team(helen))
    for person in (builders.administrator("Tomas Reyes"), helen, priya):
        person.set_password(PASSWORD)
        person.save()
    return live_server.url


def sign_in(page: Page, url: str, username: str) -> None:
    page.goto(f"{url}/sign-in/")
    page.locator("[name=username]").fill(username)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button.bt-1").click()
    page.wait_for_url(f"{url}/")


def rate_by_keys(page: Page, keys: str) -> None:
    """Answer the statements of each level by number keys, a level a page."""
    for number, key in enumerate(keys):
        expect(page.locator(".st.is-now")).to_have_count(1)
        for _ in range(10):
            page.keyboard.press(key)
        expect(page.locator("[data-tick]:visible")).to_have_count(10)
        if number + 1 < len(keys):
            page.locator(".tabs a").nth(number + 1).click()
            page.wait_for_url(re.compile(f"/{number + 2}/"))


def test_three_people_go_the_whole_road(page: Page, firm):
    # Tomas imports the framework, looks at it, publishes it and opens a cycle.
    sign_in(page, firm, "tomas.reyes")
    page.get_by_role("link", name="Frameworks").first.click()
    page.get_by_role("link", name="Import a file").first.click()
    page.locator("input[type=file]").set_input_files(builders.SEED)
    page.get_by_role("button", name="Import as a draft").click()
    expect(page.get_by_text("Basic transaction forms")).to_be_visible()
    page.get_by_role("link", name="Publish this version").click()
    page.get_by_role("button", name="Publish v.26.05").click()
    expect(page.get_by_text("Published").first).to_be_visible()
    page.goto(f"{firm}/cycles/open/")
    page.get_by_label("Name").fill("Autumn")
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Open the cycle").click()
    page.wait_for_url(re.compile(r"/cycles/\d+/"))
    page.context.clear_cookies()

    # Priya rates herself with number keys only, and submits.
    sign_in(page, firm, "priya.raman")
    page.get_by_role("button", name=re.compile("Start")).first.click()
    page.wait_for_url(re.compile("/rate/1/"))
    rate_by_keys(page, "4422")
    assessment = Assessment.objects.get()
    assert assessment.ratings.filter(role=Role.SELF).count() == 40
    page.goto(f"{firm}/assessments/{assessment.pk}/submit/")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Submit").click()
    page.wait_for_load_state()
    assessment.refresh_from_db()
    assert assessment.state == State.SUBMITTED
    page.context.clear_cookies()

    # Helen rates the same statements, and sees no answer of Priya's.
    sign_in(page, firm, "helen.okafor")
    page.goto(f"{firm}/reviews/")
    page.get_by_role("link", name=re.compile("Rate")).first.click()
    page.wait_for_url(re.compile("/review/1/"))
    expect(page.locator(".rate :checked")).to_have_count(0)
    rate_by_keys(page, "4421")
    page.goto(f"{firm}/assessments/{assessment.pk}/complete-review/")
    page.get_by_role("button", name="Complete the review").click()
    page.wait_for_url(re.compile("/reconcile/"))

    # Both sides, then the signature.
    page.get_by_role("button", name="Take these ratings to sign-off").click()
    page.wait_for_url(re.compile("/sign-off/"))
    expect(page.locator("input[name=level]:checked")).to_have_count(0)
    page.get_by_label(re.compile("Developing")).check()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Sign and seal").click()
    page.wait_for_url(re.compile(r"/records/\d+/"))
    expect(page.get_by_text("Unchanged since it was sealed")).to_be_visible()
    assert SignOff.objects.get().level.key == "developing"
