"""Names and texts as long, as foreign and as many as they may be, on every page."""

import itertools
import re
from html.parser import HTMLParser

import pytest

from tests import builders, world
from tests.access import TABLE

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

# Hebrew, and the sign that turns round whatever follows it.
HEBREW = "דנה"
TURNS = "\u202e"

# What the browser keeps apart by itself, or shows as bare text.
APART = {"bdi", "title", "option", "textarea"}
NEVER_CLOSED = {"input", "meta", "link", "br", "hr", "img", "use", "rect", "line", "path"}


class Unguarded(HTMLParser):
    """Collects the texts with a foreign name that stand outside of <bdi>."""

    def __init__(self):
        super().__init__()
        self.open = []
        self.found = []

    def handle_starttag(self, tag, attrs):
        if tag not in NEVER_CLOSED:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_data(self, data):
        if (HEBREW in data or TURNS in data) and not APART & set(self.open):
            self.found.append(" ".join(data.split()))


def unguarded(html):
    parser = Unguarded()
    parser.feed(html)
    return parser.found


@pytest.fixture
def foreign(monkeypatch):
    """Every person, team and cycle has a name from right to left."""
    plain = builders.user
    numbers = (f"{number} {HEBREW}{TURNS}" for number in itertools.count(1))
    monkeypatch.setattr(builders, "_numbers", numbers)
    monkeypatch.setattr(
        builders,
        "user",
        lambda name="", **fields: plain(name, last_name=f"{name} {HEBREW}{TURNS}", **fields),
    )


def test_every_page_keeps_names_from_right_to_left_apart(foreign):
    firm = world.build()
    found = {}

    for (method, name, thing), expected in TABLE.items():
        answers = zip(world.PEOPLE, expected.split(), strict=True)
        kinds = [kind for kind, status in answers if (method, status) == ("GET", "200")]
        # Whoever is named first of them and last: between them they see every part of it.
        for kind in dict.fromkeys(kinds[:1] + kinds[-1:]):
            response = world.ask(firm, kind, method, firm.url(name, thing))
            if response["Content-Type"].startswith("text/html"):
                for words in unguarded(response.content.decode()):
                    found.setdefault(words, f"{kind}: {name}")

    assert found == {}


@pytest.mark.parametrize("url", ["/", "/assessments/", "/records/", "/help/"])
def test_somebody_in_no_team_finds_a_heading_where_nothing_is(client, url):
    client.force_login(builders.user())

    html = client.get(url).content.decode()

    assert re.search(r"<h1[^>]*>\s*\S", html.partition("<main")[2])
