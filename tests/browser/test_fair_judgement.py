"""A judgement in Chromium: settled between two, signed by two, seen, disputed, placed anew."""

import re

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from assessments import actions
from assessments.models import Assessment, Cycle, Dispute, Role, SignOff
from records.models import Record
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "a-long-enough-one-2026"


@pytest.fixture
def firm(live_server):
    """A clerk below three supervisors, rated by both sides with three statements far apart."""
    top = builders.team(builders.user("Olga Owner"))
    desk = builders.team(builders.user("Amir Above"), parent=top)
    team = builders.team(builders.user("Helen Okafor"), parent=desk)
    clerk = builders.user("Priya Raman", team=team)
    builders.user("Nadia New", team=builders.team())
    for person in User.objects.all():
        person.set_password(PASSWORD)
        person.save()
    assessment = builders.submitted_assessment(clerk)
    Cycle.objects.update(needs_second_signer=True, reply_days=0)
    builders.rate(assessment, Role.SUPERVISOR)
    for statement in statements(assessment):
        found = assessment.ratings.get(statement=statement, role=Role.SUPERVISOR)
        entry = actions.Entry(statement.pk, 2, "Twice in October.", found.revision)
        actions.save_rating(
            assessment=assessment, role=Role.SUPERVISOR, entry=entry, by=team.supervisor
        )
    return live_server.url


def statements(assessment: Assessment):
    return list(assessment.version.statements.filter(level__rank=4, position__lte=3))


@pytest.fixture
def as_person(firm, new_context):
    """Open the product as somebody, in a browser of their own."""

    def open_page(username: str) -> Page:
        page = new_context().new_page()
        page.goto(f"{firm}/sign-in/")
        page.locator("[name=username]").fill(username)
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("main button.bt-1").click()
        page.wait_for_url(f"{firm}/")
        return page

    return open_page


def say(page: Page, pk: int, answer: str, reason: str) -> None:
    """Say on one statement what should stand, with the keyboard where a person would."""
    box = page.locator(f"#s-{pk}")
    choice = box.get_by_role("radio", name=answer, exact=True)
    choice.focus()
    page.keyboard.press("Space")
    expect(choice).to_be_checked()
    box.get_by_label("Why, in a sentence").fill(reason)
    box.get_by_role("button", name=re.compile("Say this to")).click()
    page.wait_for_load_state()


def test_a_fair_judgement(firm, as_person):
    assessment = Assessment.objects.get()
    first, second, third = (statement.pk for statement in statements(assessment))
    helen, priya = as_person("helen.okafor"), as_person("priya.raman")

    # Blind until the review is complete.
    priya.goto(f"{firm}/assessments/{assessment.pk}/")
    expect(priya.get_by_text("Twice in October.")).to_have_count(0)
    helen.goto(f"{firm}/assessments/{assessment.pk}/complete-review/")
    helen.get_by_role("button", name="Complete the review").click()
    helen.wait_for_url(re.compile("/reconcile/"))

    # One is agreed, on one they differ, to one there is no answer.
    expect(helen.get_by_text("3 statements are settled together")).to_be_visible()
    say(helen, first, "Mostly", "One check in ten is left.")
    say(helen, second, "We differ", "Two came back to me.")
    say(helen, third, "Partly", "Not without help yet.")
    expect(helen.locator(".df .chip", has_text="Waiting for Priya")).to_have_count(3)
    priya.goto(f"{firm}/assessments/{assessment.pk}/reconcile/")
    priya.locator(f"#s-{first}").get_by_role("button", name="Agree: Mostly").click()
    priya.wait_for_load_state()
    say(priya, second, "We differ", "Both were old files.")
    helen.reload()
    expect(helen.get_by_role("button", name="Take these ratings to sign-off")).to_have_count(0)
    helen.locator(f"#s-{third}").get_by_role("button", name=re.compile("no answer")).click()
    helen.wait_for_load_state()
    helen.get_by_role("button", name="Take these ratings to sign-off").click()

    # Two signatures.
    helen.wait_for_url(re.compile("/sign-off/"))
    helen.get_by_label(re.compile("Advanced")).check()
    helen.get_by_label("Why this level").fill("Eight of ten, with the three we talked about.")
    helen.get_by_label("Your password").fill(PASSWORD)
    helen.get_by_role("button", name="Sign").click()
    expect(helen.get_by_text("Amir Above")).to_be_visible()
    assert SignOff.objects.get().record is None
    amir = as_person("amir.above")
    amir.get_by_role("link", name=re.compile("Second signature for")).click()
    expect(amir.get_by_text("Eight of ten, with the three we talked about.")).to_be_visible()
    amir.get_by_label("Your password").fill(PASSWORD)
    amir.get_by_role("button", name="Sign and seal").click()
    expect(amir.get_by_text(re.compile("Signed and sealed as record"))).to_be_visible()

    # Seen, with a reply; then two statements are disputed.
    priya.goto(f"{firm}/assessments/{assessment.pk}/")
    priya.get_by_role("link", name="Say that you have seen it").click()
    priya.get_by_role("checkbox").check()
    priya.get_by_label(re.compile("Your reply")).fill("Seen. I see two of them otherwise.")
    priya.get_by_role("button", name="I have seen it").click()
    expect(priya.get_by_text("Seen. I see two of them otherwise.")).to_be_visible()
    priya.get_by_role("link", name=re.compile("Dispute statements until")).click()
    priya.get_by_label(re.compile("What do you see otherwise")).fill("Alone since July.")
    for pk in (second, third):
        priya.locator(f"input[name=statements][value='{pk}']").check()
    priya.get_by_role("button", name="Dispute these statements").click()
    expect(priya.get_by_text("2 statements are disputed")).to_be_visible()

    # Who signed nothing in it rates unseen, then places anew; a second one signs as well.
    olga = as_person("olga.owner")
    olga.get_by_role("link", name=re.compile("Dispute of")).click()
    expect(olga.get_by_text("Alone since July.")).to_have_count(0)
    olga.get_by_role("link", name="Rate the disputed statements").click()
    expect(olga.get_by_text("Two came back to me.")).to_have_count(0)
    for box in olga.locator("article").all():
        box.get_by_role("radio", name="Fully", exact=True).check(force=True)
    Cycle.objects.update(needs_second_signer=False)
    olga.get_by_role("button", name="My ratings are complete").click()
    expect(olga.get_by_text("Alone since July.")).to_be_visible()
    olga.get_by_label("I place anew").check()
    olga.get_by_label(re.compile("Advanced")).check()
    olga.get_by_label("Why", exact=True).fill("Ten of ten: the files bear it out.")
    olga.get_by_label("Your password").fill(PASSWORD)
    olga.get_by_role("button", name="Decide and seal").click()
    expect(olga.get_by_text("Placed anew").first).to_be_visible()
    assert Dispute.objects.get().outcome == "superseded"
    priya.goto(f"{firm}{Record.objects.get(kind='sign_off').get_absolute_url()}")
    expect(priya.get_by_text("Another record has taken its place")).to_be_visible()
