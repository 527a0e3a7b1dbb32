"""The three people's main work with a keyboard alone: no click, and focus always in sight."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from assessments.demo_version import altered
from assessments.models import Assessment, SignOff
from assessments.workflow import State
from frameworks.models import FrameworkVersion
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)

# What has the focus, and what a person who cannot use a mouse would miss of it.
LOOK = """() => {
  const here = document.activeElement
  if (!here || here === document.body) return 'nothing'
  const drawn = here.matches('input[type=radio], input[type=checkbox]') && here.nextElementSibling
    ? [here, here.nextElementSibling, here.closest('label')] : [here]
  const ringed = drawn.filter(Boolean).find(one => {
    const style = getComputedStyle(one)
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
  })
  if (!ringed) return 'no ring: ' + here.outerHTML.slice(0, 150)
  const box = ringed.getBoundingClientRect()
  const dock = document.querySelector('.dock')?.getBoundingClientRect()
  if (box.bottom <= 0 || box.top >= innerHeight) return 'unseen: ' + here.outerHTML.slice(0, 99)
  if (dock?.height && !here.closest('.dock') && box.top >= dock.top && box.bottom <= dock.bottom)
    return 'under the dock: ' + here.outerHTML.slice(0, 150)
  return ''
}"""


def tab_to(page: Page, wanted: Locator, most: int = 60) -> None:
    """Press Tab until it has the focus; every stop on the way is ringed and in sight."""
    expect(wanted.first).to_be_attached()
    there = wanted.first.element_handle()
    for _ in range(most):
        page.keyboard.press("Tab")
        assert page.evaluate(LOOK) in ("", "nothing")
        if there.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"{wanted} is not reached by {most} presses of Tab")


def press(page: Page, wanted: Locator, key: str = "Enter") -> None:
    tab_to(page, wanted)
    page.keyboard.press(key)


def rate_all(page: Page, key: str, path: str) -> None:
    """Ten keys a level; after the tenth the way on has the focus."""
    for rank in (1, 2, 3, 4):
        page.wait_for_url(re.compile(f"/{path}/{rank}/"))
        expect(page.locator("[data-go-on]")).to_be_visible()
        for _ in range(10):
            page.keyboard.press(key)
        expect(page.locator("[data-go-on]")).to_be_focused()
        assert page.evaluate(LOOK) == ""
        page.keyboard.press("Enter")


@pytest.fixture
def open_as(live_server, context, page, sign_in):
    def open_page(person, path="/"):
        sign_in(context, person)
        page.goto(live_server.url + path)

    return open_page


def test_a_clerk_rates_and_submits(page: Page, open_as):
    clerk = builders.clerk(builders.user("Helen Okafor"))
    builders.cycle(clerk.team)
    open_as(clerk)

    press(page, page.get_by_role("button", name=re.compile("Start")))
    rate_all(page, "4", "rate")
    page.wait_for_url(re.compile("/submit/"))
    press(page, page.get_by_role("checkbox"), "Space")
    press(page, page.get_by_role("button", name="Submit"))

    expect(page.get_by_role("heading", level=1)).not_to_have_text("Check and submit")
    assert Assessment.objects.get().state == State.SUBMITTED


def test_a_supervisor_reviews_reconciles_and_signs_off(page: Page, open_as):
    assessment = builders.submitted_assessment()
    open_as(builders.supervisor(assessment))

    press(page, page.get_by_role("navigation").get_by_role("link", name="Reviews"))
    page.wait_for_url(re.compile("/reviews/$"))
    press(page, page.locator("main").get_by_role("link", name=re.compile("Rate")))
    rate_all(page, "4", "review")
    page.wait_for_url(re.compile("/complete-review/"))
    press(page, page.get_by_role("button", name="Complete the review"))
    page.wait_for_url(re.compile("/reconcile/"))
    press(page, page.get_by_role("button", name="Take these ratings to sign-off"))
    page.wait_for_url(re.compile("/sign-off/"))
    tab_to(page, page.get_by_role("radio"))
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    chosen = page.locator("input[name=level]:checked")
    expect(chosen).to_be_focused()
    press(page, page.get_by_label("Your password"), "End")
    page.keyboard.type(builders.PASSWORD)
    press(page, page.get_by_role("button", name="Sign and seal"))

    page.wait_for_url(re.compile(r"/records/\d+/"))
    assert SignOff.objects.get().signed_by == builders.supervisor(assessment)


def test_an_administrator_compares_and_publishes(page: Page, open_as, tmp_path):
    builders.published_version()
    path = tmp_path / "43-4011.00_v.26.11.json"
    path.write_bytes(altered(builders.SEED.read_bytes()))
    open_as(builders.administrator())

    press(page, page.get_by_role("navigation").get_by_role("link", name="Frameworks"))
    press(page, page.locator("main").get_by_role("link", name="Import a file"))
    tab_to(page, page.locator("input[type=file]"))
    page.locator("input[type=file]").set_input_files(path)
    press(page, page.get_by_role("button", name="Import as a draft"))
    page.wait_for_url(re.compile("/compare/"))
    for left in ("1 pair left", "Nothing left"):
        pair = page.locator(".pair").filter(has_text="Needs you").first
        press(page, pair.get_by_role("radio"), "Space")
        press(page, pair.get_by_role("button", name="Save"))
        expect(page.locator(".dock")).to_contain_text(left)
    press(page, page.get_by_role("link", name="Go on to publishing"))
    press(page, page.get_by_role("button", name="Publish v.26.11"))

    expect(page.get_by_text("Published Brokerage Clerks v.26.11")).to_be_visible()
    assert FrameworkVersion.objects.get(label="v.26.11").state == "published"


def test_the_first_key_skips_to_the_content(page: Page, open_as):
    open_as(builders.administrator(), "/frameworks/")

    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.evaluate("() => Boolean(document.activeElement.closest('main'))")


def test_the_menu_opens_and_closes_by_key(page: Page, open_as):
    open_as(builders.administrator())
    box = page.locator(".menu-box")

    press(page, page.locator(".menu summary"))
    expect(box).to_be_visible()
    page.keyboard.press("Enter")
    expect(box).to_be_hidden()


def test_escape_leaves_a_note_for_its_statement(page: Page, open_as):
    assessment = builders.draft_assessment()
    open_as(assessment.clerk, f"/assessments/{assessment.pk}/rate/1/")

    page.keyboard.press("n")
    expect(page.locator(".st.is-now textarea")).to_be_focused()
    page.keyboard.press("Escape")

    expect(page.locator(".st.is-now input[type=radio]").first).to_be_focused()


def test_no_statement_is_focused_under_the_dock_of_a_phone(page: Page, open_as):
    page.set_viewport_size({"width": 390, "height": 844})
    assessment = builders.draft_assessment()
    open_as(assessment.clerk, f"/assessments/{assessment.pk}/rate/1/")

    for _ in range(40):
        page.keyboard.press("Tab")
        assert page.evaluate(LOOK) in ("", "nothing")
