"""No page asks the database more often because there is more to show."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import builders, world
from tests.access import TABLE

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

READ = [(name, thing) for method, name, thing in TABLE if method == "GET"]


def queries(firm: world.World, kind: str) -> dict[str, int]:
    """How often each page this person can open asks the database, from a second visit on."""
    firm.client(kind).get("/")  # the first visit ever has no news to look for
    client = firm.client(kind)
    counts = {}
    for url in dict.fromkeys(firm.url(name, thing) for name, thing in READ):
        with CaptureQueriesContext(connection) as asked:
            status = client.get(url).status_code
        assert status < 500, url
        if status == 200:
            counts[url] = len(asked)
    return counts


def grow(firm: world.World, word: str) -> None:
    """More people, cycles, assessments in every state, sign-offs, teams and versions."""
    team = firm.things["team"]
    for number, state in enumerate(("draft", "submitted", "reviewed", "reconciled", "signed_off")):
        world.assessment_in(builders.user(team=team), state)
        world.assessment_in(firm.people["clerk"], state)
        builders.team(firm.people["supervisor"])
        old = f"Standard office machines {number}".encode()
        builders.draft_version(builders.SEED.read_bytes().replace(b"Standard office machines", old))


@pytest.mark.parametrize("kinds", [("clerk", "supervisor"), ("administrator", "auditor")])
def test_queries_do_not_grow_with_rows(firm, kinds):
    grow(firm, "Some")
    before = {kind: queries(firm, kind) for kind in kinds}
    grow(firm, "More")
    after = {kind: queries(firm, kind) for kind in kinds}

    more = {
        (kind, url): (before[kind][url], number)
        for kind, found in after.items()
        for url, number in found.items()
        if number > before[kind][url]
    }
    assert more == {}
