"""A new version in Chromium: from the file to a clerk's second look, with real clicks and keys."""

import re

import pytest
from playwright.sync_api import Page, expect

from assessments import actions
from assessments.demo_version import altered
from assessments.models import Assessment, Role
from frameworks.models import FrameworkVersion
from tests import builders
from tests.browser.test_main_road import PASSWORD, sign_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def firm(live_server):
    """Priya is at work on the version in force: every statement is rated, nothing submitted."""
    priya = builders.user("Priya Raman", team=builders.team(builders.user("Helen Okafor")))
    for person in (builders.administrator("Tomas Reyes"), priya):
        person.set_password(PASSWORD)
        person.save()
    cycle = builders.cycle(priya.team)
    assessment = actions.start_assessment(cycle=cycle, clerk=priya)
    builders.rate(assessment, Role.SELF, point=3)
    return live_server.url


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "43-4011.00_v.26.11.json"
    path.write_bytes(altered(builders.SEED.read_bytes()))
    return path


def test_a_new_version_from_upload_to_a_second_look(page: Page, firm, file):
    # Tomas uploads the file and is shown what it changes, the doubtful pairs first.
    sign_in(page, firm, "tomas.reyes")
    page.goto(f"{firm}/frameworks/upload/")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Import as a draft").click()
    page.wait_for_url(re.compile("/compare/"))
    expect(page.get_by_role("heading", level=1)).to_have_text("v.26.11 compared with v.26.05")
    expect(page.locator(".pair")).to_have_count(2)
    expect(page.locator("ins").nth(1)).to_contain_text("a designated reviewer")

    # He says of one that it is the same competency, of the other that it is not.
    for choice in ("Reworded", "Two different statements"):
        pair = page.locator(".pair").filter(has_text="Needs you").first
        pair.get_by_label(re.compile(choice)).check()
        pair.get_by_role("button", name="Save").click()
        page.wait_for_load_state()
    expect(page.get_by_text("Every pair is decided.")).to_be_visible()

    # Publishing asks of the open cycle; he moves what was never submitted.
    page.goto(f"{firm}/frameworks/versions/{FrameworkVersion.objects.latest('pk').pk}/publish/")
    page.get_by_label(re.compile("Move 1 draft")).check()
    page.get_by_role("button", name="Publish v.26.11").click()
    expect(page.get_by_text("Published Brokerage Clerks v.26.11")).to_be_visible()
    page.context.clear_cookies()

    # Priya is led to what needs a look: the changed words are marked, K keeps her answer.
    sign_in(page, firm, "priya.raman")
    page.get_by_role("link", name="Look at them").click()
    page.wait_for_url(re.compile("/look/"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Look at 9 statements")
    now = page.locator(".st.is-now")
    expect(now).to_contain_text("You answered this in")
    expect(now.locator("del")).to_contain_text("an experienced clerk")
    page.keyboard.press("k")
    expect(page.locator("[data-progress-left]").first).to_have_text("8 left")
    for left in range(7, -1, -1):
        page.keyboard.press("2")
        expect(page.locator("[data-progress-left]").first).to_have_text(f"{left} left")

    # Nothing is left; she goes on to submit.
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing is left to look at")
    page.get_by_role("link", name="Check and submit").click()
    expect(page.get_by_text("All 40 statements are rated")).to_be_visible()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Submit").click()
    page.wait_for_load_state()
    assessment = Assessment.objects.latest("pk")
    assert (assessment.state, assessment.version.label) == ("submitted", "v.26.11")
    points = assessment.ratings.values_list("point", flat=True)
    assert sorted(points) == [2] * 8 + [3] * 32
