"""Before a review is complete nobody is told the other side's answers, by any page."""

import re

import pytest

from assessments import actions
from assessments.models import Role
from tests import builders, world
from tests.access import TABLE

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

READ = [(name, thing) for method, name, thing in TABLE if method == "GET"]


def pages(firm: world.World, kind: str) -> dict[str, str]:
    """Every page this kind of person can open, by its URL."""
    client = firm.client(kind)
    found = {}
    for url in dict.fromkeys(firm.url(name, thing) for name, thing in READ):
        response = client.get(url)
        if response.status_code == 200:
            # A print is no text: who may have it is asked of the file of the same record.
            sent = b"".join(response) if response.streaming else response.content
            found[url] = sent.decode(errors="replace")
    return found


def plain(page: str) -> str:
    """The page without what differs at every request: tokens, times of day and the history."""
    page = re.sub(r'name="(csrfmiddlewaretoken|revision[^"]*)" value="[^"]*"', "", page)
    page = re.sub(r'<ul class="q-list">.*?</ul>', "", page, flags=re.DOTALL)
    page = re.sub(r"Since your last visit.*?</section>", "", page, flags=re.DOTALL)
    return re.sub(r"\d\d:\d\d", "", page)


def keep_only(firm: world.World, state: str) -> world.World:
    """The firm with only this assessment's pages to be asked for."""
    states = ("draft", "submitted", "reviewed", "reconciled", "signed", "closed")
    only = dict.fromkeys(states, firm.things[state])
    # What is signed and sealed may be read: its pages tell of it.
    only |= {"record": firm.things["framework record"], "sign-off": firm.things["waiting"]}
    return firm._replace(things=firm.things | only)


def test_nobody_reads_the_clerks_note_before_both_are_complete(firm):
    telling = [
        (kind, url)
        for state in ("draft", "submitted")
        for kind in ("supervisor", "auditor", "administrator", "other clerk")
        for url, page in pages(keep_only(firm, state), kind).items()
        if world.CLERKS_NOTE in page
    ]

    assert telling == []


def test_nobody_reads_the_supervisors_note_before_both_are_complete(firm):
    firm = keep_only(firm, "submitted")

    telling = [
        (kind, url)
        for kind in ("clerk", "auditor", "administrator", "other clerk")
        for url, page in pages(firm, kind).items()
        if world.SUPERVISORS_NOTE in page
    ]

    assert telling == []


def test_each_side_reads_its_own_note(firm):
    firm = keep_only(firm, "submitted")
    pk = firm.things["submitted"].pk

    assert world.CLERKS_NOTE in pages(firm, "clerk")[f"/assessments/{pk}/"]
    assert world.SUPERVISORS_NOTE in pages(firm, "supervisor")[f"/assessments/{pk}/review/1/"]


def test_both_read_both_once_both_are_complete(firm):
    url = f"/assessments/{firm.things['reviewed'].pk}/reconcile/"

    for kind in ("clerk", "supervisor", "auditor"):
        page = pages(firm, kind)[url]
        assert world.CLERKS_NOTE in page
        assert world.SUPERVISORS_NOTE in page


def test_counts_and_points_say_nothing_either(firm):
    """The clerk answers otherwise: nothing on any page of the supervisor's changes."""
    firm = keep_only(firm, "submitted")

    # The first visit has no news since the last one; the next two have news of the same kind.
    _, high, low = (plain_pages_after_rating(firm, point) for point in (3, 4, 1))

    assert high == low


def plain_pages_after_rating(firm: world.World, point: int) -> dict[str, str]:
    assessment = firm.things["submitted"]
    assessment = actions.withdraw_assessment(assessment=assessment, by=assessment.clerk)
    builders.rate(assessment, Role.SELF, point=point)
    actions.submit_assessment(assessment=assessment, by=assessment.clerk, declared=True)
    return {url: plain(page) for url, page in pages(firm, "supervisor").items()}
