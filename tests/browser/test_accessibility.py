"""Every page, as the person who works there: WCAG 2.2 AA in light, dark, forced colours, narrow."""

import re
from collections import defaultdict
from itertools import pairwise

import pytest
from django.test import Client
from playwright.sync_api import expect

from tests import builders, world
from tests.access import TABLE
from tests.browser.looking import faults

pytestmark = pytest.mark.django_db(transaction=True)

SHARES = 2
WORKERS = ("clerk", "supervisor", "administrator", "auditor", "nobody")
NO_PAGES = {
    "accounts:sign_out": "only answers a POST",
    "health_live": "for watchers",
    "health_ready": "for watchers",
    "assessments:assessment_rate_on": "leads on",
    "assessments:assessment_review_on": "leads on",
    "assessments:heat_map_file": "a file",
    "assessments:coverage_file": "a file",
    "assessments:training_needs_file": "a file",
    "assessments:agreement_file": "a file",
    "assessments:person_over_time_file": "a file",
    "frameworks:version_changes": "a file",
    "frameworks:version_source": "a file",
    "records:record_download": "a file",
    "records:record_pdf": "a PDF, checked against PDF/UA-1",
}
# These pages show each kind of person something else.
ALSO = [
    ("start", None, "supervisor"),
    ("start", None, "administrator"),
    ("start", None, "auditor"),
    ("assessments:heat_map", None, "supervisor"),
    ("assessments:assessment_detail", "submitted", "supervisor"),
    ("assessments:assessment_reconcile", "reviewed", "supervisor"),
    ("assessments:sign_off_list", None, "supervisor"),
    ("records:record_list", None, "auditor"),
]
# Nobody in the table may come to these: the person above the supervisor does.
ABOVE = [
    ("assessments:sign_off_second", "waiting"),
    ("assessments:sign_off_decline", "waiting"),
    ("assessments:dispute_rate", "dispute"),
    ("assessments:dispute_decide", "rated dispute"),
]


def pages() -> list[tuple[str, str | None, str]]:
    """The name, the thing and the kind of person of each page of the product."""
    found = [*ALSO, *((name, thing, "above") for name, thing in ABOVE)]
    for (method, name, thing), answers in TABLE.items():
        allowed = dict(zip(world.PEOPLE, answers.split(), strict=True))
        if method == "GET" and name not in NO_PAGES:
            found += [(name, thing, kind) for kind in WORKERS if allowed[kind] == "200"][:1]
    return found


def client_of(firm: world.World, name: str, thing: str | None, kind: str) -> Client:
    if kind != "above":
        return firm.client(kind)
    judged = firm.things[thing]
    client = Client()
    client.force_login(builders.above(getattr(judged, "sign_off", judged).assessment))
    return client


def show(page, live_server, client, url):
    page.context.clear_cookies()
    page.context.add_cookies(
        [
            {"name": name, "value": cookie.value, "url": live_server.url}
            for name, cookie in client.cookies.items()
        ]
    )
    return page.goto(f"{live_server.url}{url}")


def test_every_url_that_answers_a_get_is_looked_at():
    answering = {name for method, name, _ in TABLE if method == "GET"}

    assert answering - {name for name, _, _ in pages()} == NO_PAGES.keys() - {"accounts:sign_out"}


@pytest.mark.parametrize("share", range(SHARES))
def test_every_page_keeps_nobody_out(share, page, live_server):
    firm = world.build()
    found = {}

    for name, thing, kind in pages()[share::SHARES]:
        client = client_of(firm, name, thing, kind)
        answer = show(page, live_server, client, firm.url(name, thing))
        assert answer.status == 200, (name, thing, kind)
        found[f"{name} {thing or ''} as {kind}"] = faults(page)

    wrong = [f"{where}: {one}" for where, what in found.items() for one in what]
    assert not wrong, "\n".join(wrong)


def test_every_page_has_a_title_of_its_own():
    firm = world.build()
    names = defaultdict(set)

    for name, thing, kind in pages():
        html = client_of(firm, name, thing, kind).get(firm.url(name, thing)).content.decode()
        names[re.search("<title>(.*?)</title>", html, re.DOTALL)[1]].add(name)

    assert {title: used for title, used in names.items() if len(used) > 1} == {}


SPOKEN = """() => {
    window.spoken = []
    document.querySelectorAll('[role=status], [role=alert], [aria-live]').forEach((one, at) =>
        new MutationObserver(() => spoken.push([at, one.textContent.trim(), one.checkVisibility()]))
            .observe(one, { childList: true, characterData: true, subtree: true }))
}"""


@pytest.mark.console_error("403|404|422|429")
def test_what_goes_wrong_keeps_nobody_out(page, live_server):
    firm = world.build()
    found = {}

    for kind, url in (("clerk", "/no/such/page/"), ("clerk", "/reviews/")):
        show(page, live_server, firm.client(kind), url)
        found[url] = faults(page)
    for kind, url in (("nobody", "/sign-in/"), ("administrator", "/people/add/")):
        show(page, live_server, firm.client(kind), url)
        with page.expect_navigation():
            page.evaluate("form = document.querySelector('main form'); form.noValidate = true")
            page.evaluate("form.requestSubmit()")
        assert page.locator(".errsum").is_visible()
        found[f"{url} refused"] = faults(page)
    guess = {"username": "guessed", "password": "wrong"}
    for _ in range(9):
        Client().post("/sign-in/", guess)
    show(page, live_server, firm.client("nobody"), "/sign-in/")
    for name, value in guess.items():
        page.fill(f"[name={name}]", value)
    with page.expect_navigation():
        page.click("main button.bt-1")
    expect(page.locator("h1")).to_have_text("Too many wrong passwords")
    found["the pause after guesses"] = faults(page)
    show(page, live_server, firm.client("clerk"), "/")
    page.evaluate("document.querySelector('.menu').open = true")
    found["the open menu"] = faults(page)

    wrong = [f"{where}: {one}" for where, what in found.items() for one in what]
    assert not wrong, "\n".join(wrong)


def test_what_is_saved_is_said_once(page, live_server):
    assessment = builders.draft_assessment()
    client = Client()
    client.force_login(assessment.clerk)
    show(page, live_server, client, f"/assessments/{assessment.pk}/rate/1/")
    page.evaluate(SPOKEN)

    for key in "431":
        page.keyboard.press(key)
    expect(page.locator("[data-save-state]").first).to_contain_text("3 of 40 answers saved")

    said = [(region, words) for region, words, heard in page.evaluate("spoken") if heard and words]
    again = [one for one, next_one in pairwise(said) if one == next_one]
    regions = {words: {region for region, same in said if same == words} for _, words in said}
    assert again == []
    assert {words: where for words, where in regions.items() if len(where) > 1} == {}
    assert said
