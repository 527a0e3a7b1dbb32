"""Who gets what answer at every URL: one table, to be read by a person."""

import pytest
from django.db import transaction
from django.urls import URLPattern, get_resolver

from tests import world
from tests.access import TABLE

pytestmark = pytest.mark.django_db


def url_names() -> set[str]:
    def walk(patterns, namespace=""):
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                yield f"{namespace}{pattern.name}"
            elif pattern.namespace != "admin":
                prefix = f"{pattern.namespace}:" if pattern.namespace else namespace
                yield from walk(pattern.url_patterns, prefix)

    return set(walk(get_resolver().url_patterns))


def answer(firm: world.World, kind: str, method: str, url: str) -> str:
    """The status; what the request changed is taken back."""
    with transaction.atomic():
        status = str(world.ask(firm, kind, method, url).status_code)
        transaction.set_rollback(True)
    return status


def test_every_url_has_a_row():
    assert {name for _, name, _ in TABLE} == url_names()


@pytest.mark.parametrize("number", range(2))
def test_every_url_answers_each_kind_of_person_as_the_table_says(firm, number):
    rows = list(TABLE.items())[number::2]

    found = {
        row: " ".join(answer(firm, kind, row[0], firm.url(row[1], row[2])) for kind in world.PEOPLE)
        for row, _ in rows
    }

    assert found == {row: " ".join(expected.split()) for row, expected in rows}


def test_the_admin_asks_everybody_but_staff_to_sign_in(firm):
    answers = {kind: world.ask(firm, kind, "GET", "/admin/") for kind in world.PEOPLE}

    assert {kind: found.status_code for kind, found in answers.items()} == dict.fromkeys(
        world.PEOPLE, 302
    )


def test_every_answer_carries_the_headers(firm):
    for kind, url in (("nobody", "/sign-in/"), ("clerk", "/"), ("clerk", "/no/such/page/")):
        headers = world.ask(firm, kind, "GET", url).headers
        assert "unsafe-" not in headers["Content-Security-Policy"]
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"
